"""Picture files of meshes: found, checked, decoded, and halved again and again for filtering."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from typing import Final

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F4, U1
from simgen.records.picture import Picture

#: longest edge of a picture, pixels
LARGEST_PX: Final = 8192
#: a PNG's first bytes; a JPEG's; its markers of frames, which hold the size
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class UnreachableError(UserError):
    """A file that another asks for is missing or lies where it must not be."""


def beside(folder: Path, reference: str, who: str, owner: str) -> Path:
    """The file that a mesh file names, which must lie in its folder or below.

    Raises:
        UnreachableError: it is elsewhere, or not there.
    """
    clean = reference.strip().replace("\\", "/")
    outside = "://" in clean or Path(clean).is_absolute() or bool(PureWindowsPath(clean).drive)
    path = folder / clean
    if outside or not path.resolve().is_relative_to(folder.resolve()):
        raise UnreachableError(
            f"{who}: {owner!r} asks for {reference!r}, which lies outside its folder; copy the file beside it and "
            "name it without a path"
        )
    if not path.is_file():
        raise UnreachableError(f"{who}: {owner!r} asks for {reference!r}, which is missing from its folder")
    return path


def decoded(data: bytes, name: str, who: str) -> U1:
    """Pixels (H, W, 4) RGBA of a PNG, JPEG, BMP, TIFF or WebP file.

    Raises:
        UserError: it is none of these, damaged, or larger than :data:`LARGEST_PX`.
    """
    _check_size(_stated_size(data), name, who)
    import cv2

    raw = np.frombuffer(data, np.uint8)
    image = cv2.imdecode(raw, cv2.IMREAD_UNCHANGED) if len(raw) else None
    if image is None:
        raise UserError(f"{who}: the picture {name!r} cannot be read; it is damaged, or neither PNG nor JPEG")
    _check_size((image.shape[1], image.shape[0]), name, who)
    if image.dtype != np.uint8:
        image = (image.astype(np.float32) * (255.0 / _full(image.dtype))).round().clip(0, 255).astype(np.uint8)
    if image.ndim == 2:
        image = image[..., None]
    if image.shape[-1] < 3:
        grey, alpha = image[..., :1], image[..., 1:]
        image = np.concatenate([grey, grey, grey, alpha], -1)
    color, alpha = image[..., 2::-1], image[..., 3:]
    if alpha.shape[-1] == 0:
        alpha = np.full((*image.shape[:2], 1), 255, np.uint8)
    return np.ascontiguousarray(np.concatenate([color, alpha], -1))


def _full(dtype: np.dtype) -> float:
    """What stands for white."""
    return float(np.iinfo(dtype).max) if dtype.kind in "ui" else 1.0


def _check_size(size: tuple[int, int] | None, name: str, who: str) -> None:
    if size is not None and max(size) > LARGEST_PX:
        raise UserError(
            f"{who}: the picture {name!r} has {size[0]} x {size[1]} pixels; more than {LARGEST_PX} along an edge "
            "are refused: make it smaller"
        )


def _stated_size(data: bytes) -> tuple[int, int] | None:
    """Width and height that a file's head states, before anything is unpacked."""
    if data.startswith(_PNG) and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    at = 2
    while data.startswith(_JPEG) and at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def linear_of(codes: U1) -> F4:
    """Linear light 0..1 of sRGB codes (IEC 61966-2-1)."""
    c = np.arange(256) / 255.0
    table = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return np.asarray(table[codes])


def _codes_of(linear: F4) -> U1:
    c = np.clip(linear, 0.0, 1.0)
    coded = np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1.0 / 2.4) - 0.055)
    return np.round(255.0 * coded).astype(np.uint8)


def picture_of(name: str, rgba: U1, *, srgb: bool) -> Picture:
    """A picture with its halvings, each the mean of the one before over areas, in linear light."""
    import cv2

    levels = [rgba]
    light: F4 = rgba.astype(np.float32) / np.float32(255.0)
    if srgb:
        light[..., :3] = linear_of(rgba[..., :3])
    while light.shape[0] > 1 or light.shape[1] > 1:
        size = max(light.shape[1] // 2, 1), max(light.shape[0] // 2, 1)
        half = cv2.resize(light, size, interpolation=cv2.INTER_AREA)
        light = np.asarray(half, np.float32).reshape(size[1], size[0], 4)
        codes = _codes_of(light[..., :3]) if srgb else np.round(255.0 * light[..., :3]).astype(np.uint8)
        levels.append(np.concatenate([codes, np.round(255.0 * light[..., 3:]).astype(np.uint8)], -1))
    return Picture(
        name=name,
        texels=np.concatenate([level.reshape(-1, 4) for level in levels]),
        sizes=tuple((level.shape[1], level.shape[0]) for level in levels),
    )


__all__ = ["LARGEST_PX", "UnreachableError", "beside", "decoded", "linear_of", "picture_of"]
