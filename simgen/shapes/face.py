"""Pictures of faces: skin, brows, eyes, lips and beard, laid on the head from ahead."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from simgen.records.base import F8, U1
from simgen.records.picture import Picture
from simgen.shapes.colors import Color

#: pixels along an edge
SIZE: Final = 128
#: what the picture spans, in distances between the eyes: width, height; and the eyes' height in it
SPAN: Final = (2.7, 4.2)
EYES_V: Final = 0.6


def face_uv(points: F8, left_eye: F8, right_eye: F8) -> F8:
    """Texture coordinates (V, 2) of points of a head, seen from ahead."""
    gap = float(left_eye[1] - right_eye[1])
    u = 0.5 + points[:, 1] / (SPAN[0] * gap)
    v = EYES_V + (points[:, 2] - 0.5 * (left_eye[2] + right_eye[2])) / (SPAN[1] * gap)
    return np.asarray(np.clip(np.stack([u, v], -1), 0.004, 0.996))


def _grid() -> tuple[F8, F8]:
    """Places of the pixels from between the eyes, left and up, in distances between the eyes."""
    step = (np.arange(SIZE) + 0.5) / SIZE
    y, z = np.meshgrid((step - 0.5) * SPAN[0], (1.0 - step - EYES_V) * SPAN[1])
    return y, z


def _blob(distance: F8, soft: float) -> F8:
    """1 inside (distance below 0), 0 outside, smooth over ``soft``."""
    t = np.clip(0.5 - distance / soft, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def _mixed(image: F8, color: Color, share: F8) -> F8:
    return np.asarray(image + share[..., None] * (np.array(color) - image))


@cache
def face(skin: Color, hair: Color, female: bool, beard: float, child: bool) -> Picture:
    """The skin of a head (linear colours): brows in the colour of the hair, lids, cheeks, lips; ``beard`` 0..1."""
    y, z = _grid()
    image = np.broadcast_to(np.array(skin), (SIZE, SIZE, 3)).copy()
    side = np.abs(y)
    warm = (min(1.0, skin[0] * 1.08), skin[1] * 0.8, skin[2] * 0.78)
    image = _mixed(image, warm, 0.5 * _blob(np.hypot((side - 0.62) / 0.34, (z + 0.75) / 0.3) - 1.0, 0.9))
    image = _mixed(image, warm, 0.4 * _blob(np.hypot(y / 0.26, (z + 0.72) / 0.22) - 1.0, 0.8))
    if beard > 0.0:
        jaw = np.maximum(-(z + 1.02) - 0.55 * np.clip(side - 0.35, 0.0, 1.0), -2.0)
        low = _blob(-(jaw), 0.25) * _blob(-(z + 2.1), 0.5)
        lip = _blob(np.hypot(y / 0.52, (z + 1.02) / 0.14) - 1.0, 0.3)
        image = _mixed(image, hair, beard * np.maximum(low, lip))
    lips = (
        skin[0] * (0.85 if female else 0.8),
        skin[1] * (0.42 if female else 0.55),
        skin[2] * (0.45 if female else 0.6),
    )
    mouth = np.hypot(y / (0.4 if not child else 0.36), (z + 1.29) / (0.14 if female else 0.115)) - 1.0
    image = _mixed(image, lips, 0.85 * _blob(mouth, 0.4))
    line = (skin[0] * 0.3, skin[1] * 0.2, skin[2] * 0.2)
    image = _mixed(image, line, 0.8 * _blob(np.hypot(y / 0.36, (z + 1.28) / 0.022) - 1.0, 0.8))
    image = _mixed(image, line, 0.75 * _blob(np.hypot((side - 0.12) / 0.07, (z + 0.9) / 0.04) - 1.0, 0.9))
    # brows arch outwards; lashes and the shade of the sockets ring the eyes
    brow = (z - 0.3 - 0.1 * np.cos(2.2 * (side - 0.55))) / (0.05 if female else 0.075)
    ends = np.abs(side - 0.52) / 0.34
    image = _mixed(image, hair, 0.8 * _blob(np.hypot(brow, 0.0) - 1.0, 0.9) * _blob(ends - 1.0, 0.25))
    ring = np.hypot((side - 0.5) / 0.25, (z - 0.015) / 0.14) - 1.0
    lash = (skin[0] * 0.16, skin[1] * 0.13, skin[2] * 0.13)
    image = _mixed(image, (skin[0] * 0.7, skin[1] * 0.6, skin[2] * 0.58), 0.5 * _blob(ring - 0.35, 0.8))
    image = _mixed(image, lash, (0.8 if female else 0.6) * _blob(ring, 0.45))
    return halved("face", image)


@cache
def eyes(iris: Color) -> Picture:
    """The eyeballs: white, iris and pupil."""
    y, z = _grid()
    image = np.full((SIZE, SIZE, 3), (0.62, 0.6, 0.57))
    far = np.hypot(np.abs(y) - 0.5, z)
    image = _mixed(image, iris, _blob(far - 0.105, 0.03))
    image = _mixed(image, (0.004, 0.004, 0.004), _blob(far - 0.05, 0.03))
    return halved("eyes", image)


def halved(name: str, linear: F8) -> Picture:
    """A picture of linear colours (SIZE, SIZE, 3) with all halvings, in linear light, as sRGB codes."""
    levels: list[U1] = []
    sizes: list[tuple[int, int]] = []
    light = np.clip(linear, 0.0, 1.0)
    while True:
        codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1.0 / 2.4) - 0.055)
        rgba = np.concatenate([np.round(255.0 * codes), np.full((*light.shape[:2], 1), 255.0)], -1)
        levels.append(rgba.astype(np.uint8).reshape(-1, 4))
        sizes.append((light.shape[1], light.shape[0]))
        if light.shape[0] == 1:
            break
        light = 0.25 * (light[::2, ::2] + light[1::2, ::2] + light[::2, 1::2] + light[1::2, 1::2])
    return Picture(name=name, texels=np.concatenate(levels), sizes=tuple(sizes))


@cache
def pattern(kind: str, cloth: Color, trim: Color) -> Picture:
    """A cloth's pattern over a garment: u from the front to the back, v from the hem up."""
    step = (np.arange(SIZE) + 0.5) / SIZE
    u, v = np.meshgrid(step, 1.0 - step)
    image = np.broadcast_to(np.array(cloth), (SIZE, SIZE, 3)).copy()
    if kind == "stripes":
        image = _mixed(image, trim, np.where((v * 13.0) % 1.0 < 0.4, 1.0, 0.0))
    elif kind == "checks":
        rows, columns = (v * 9.0) % 1.0 < 0.45, (u * 9.0) % 1.0 < 0.45
        image = _mixed(image, trim, 0.45 * rows + 0.45 * columns)
    elif kind == "print":
        image = _mixed(image, trim, np.where((u < 0.2) & (v > 0.52) & (v < 0.76), 1.0, 0.0))
    return halved(kind, image)
