"""What a mesh file's materials become: coats, plain or with pictures, and the parts that a cut-out leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.assets._paints import Paint
from simgen.assets._pictures import linear_of
from simgen.records.base import F8, I8, U1, Bool
from simgen.records.picture import Skin
from simgen.shapes.colors import Color

#: looks at a part's pictures, at least
_LOOKS = 20_000


@dataclass(frozen=True, kw_only=True)
class Coat:
    """A colour found in a file, linear, with what it says about gloss."""

    color: Color
    roughness: float = 0.6
    metallic: float = 0.0
    #: share of full brightness that it emits
    glow: Color = (0.0, 0.0, 0.0)
    skin: Skin | None = None


def coats_of(uv: F8 | None, material: Any, linear: bool, count: int) -> tuple[I8, list[Coat], bool]:
    """Rows per triangle and the coats of one part of a file."""
    if material is None:
        return np.zeros(count, np.int64), [Coat(color=(0.5, 0.5, 0.5))], False
    base = np.asarray(material.base_color, np.float64)[:3]
    base = base if linear else decoded(base)
    # an OBJ without gloss reads as roughness 1: fully matt plastic hardly exists
    roughness, metallic = (
        float(np.clip(material.base_roughness, 0.05, 0.9)),
        float(np.clip(material.base_metallic, 0.0, 1.0)),
    )
    image = None if material.albedo_img is None else np.asarray(material.albedo_img)
    if image is None or image.size == 0 or uv is None:
        r, g, b = (round(float(c), 5) for c in np.clip(base, 0.0, 1.0))
        return np.zeros(count, np.int64), [Coat(color=(r, g, b), roughness=roughness, metallic=metallic)], False
    colors = decoded(_sampled(image, uv))
    rows, coats = buckets(colors, roughness, metallic)
    return rows, list(coats), True


def _sampled(image: Any, uv: F8) -> F8:
    """The picture's colours (T, 3), 0..1, averaged over a triangle's middle and the middles towards its corners."""
    picture = image[..., :3].astype(np.float64) / (255.0 if image.dtype == np.uint8 else 1.0)
    if picture.ndim == 2 or picture.shape[-1] < 3:
        picture = np.repeat(picture.reshape(*picture.shape[:2], -1)[..., :1], 3, -1)
    middle = uv.mean(1, keepdims=True)
    places = np.concatenate([middle, 0.5 * (uv + middle)], 1)
    height, width = picture.shape[:2]
    places = np.where(np.isfinite(places), places, 0.0) % 1.0
    col = np.minimum((places[..., 0] * width).astype(np.int64), width - 1)
    row = np.minimum(((1.0 - places[..., 1]) * height).astype(np.int64), height - 1)
    return np.asarray(picture[row, col].mean(1))


def buckets(colors: F8, roughness: float, metallic: float, levels: int = 12) -> tuple[I8, tuple[Coat, ...]]:
    """At most a few dozen coats that stand for many colours: cells of a grid in display space, each with its mean."""
    cells = np.round(np.clip(colors, 0.0, 1.0) ** (1.0 / 2.2) * levels).astype(np.int64)
    _, rows = np.unique(cells, axis=0, return_inverse=True)
    rows = rows.reshape(-1)
    if int(rows.max()) >= 256:
        return buckets(colors, roughness, metallic, levels // 2)
    counts = np.bincount(rows)
    means = np.stack([np.bincount(rows, np.clip(colors[:, k], 0.0, 1.0)) / counts for k in range(3)], -1)
    table = [
        Coat(color=(round(float(r), 5), round(float(g), 5), round(float(b), 5)), roughness=roughness, metallic=metallic)
        for r, g, b in means
    ]
    return rows.astype(np.int64), tuple(table)


def decoded(color: F8) -> F8:
    """Linear values of sRGB ones (IEC 61966-2-1)."""
    c = np.clip(np.asarray(color, np.float64), 0.0, 1.0)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def decoded_color(rgb: tuple[float, float, float]) -> Color:
    """One sRGB colour, linear."""
    r, g, b = (round(float(v), 5) for v in decoded(np.array(rgb)))
    return r, g, b


def skinned(paint: Paint, material: Any, uv: F8, area: F8, linear: bool) -> Coat:
    """A coat that carries a material's pictures; its own colour, roughness and metalness are their means over area."""
    base, gloss = _factors(material, linear)
    color, finish, shine = paint.picture("color"), paint.picture("finish"), paint.picture("shine")
    light = np.array(base)
    if paint.color is not None:
        light = light * np.average(linear_of(texels(paint.color, uv)[..., :3]).mean(1), axis=0, weights=area)
    rough, metal = gloss
    if paint.finish is not None:
        _, dull, bare, _ = np.average(texels(paint.finish, uv).mean(1), axis=0, weights=area) / 255.0
        rough, metal = rough * float(dull), metal * float(bare)
    r, g, b = (round(float(c), 5) for c in np.clip(light, 0.0, 1.0))
    return Coat(
        color=(r, g, b),
        roughness=float(np.clip(rough, 0.05, 0.9)),
        metallic=float(np.clip(metal, 0.0, 1.0)),
        glow=paint.glow,
        skin=Skin(color=color, finish=finish, glow=shine, tint=base, gloss=gloss),
    )


def _factors(material: Any, linear: bool) -> tuple[Color, tuple[float, float]]:
    base = np.clip(np.asarray(material.base_color, np.float64)[:3], 0.0, 1.0)
    r, g, b = (float(c) for c in (base if linear else decoded(base)))
    return (r, g, b), (float(np.clip(material.base_roughness, 0.0, 1.0)), float(np.clip(material.base_metallic, 0, 1)))


def texels(picture: U1, uv: F8) -> U1:
    """A picture's nearest texels at places (P) spread evenly over every triangle, (T, P, 4)."""
    places = (_spread(len(uv))[None, :, :, None] * uv[:, None]).sum(2)
    height, width = picture.shape[:2]
    col = np.floor((places[..., 0] % 1.0) * width).astype(np.int64) % width
    row = np.floor(((1.0 - places[..., 1]) % 1.0) * height).astype(np.int64) % height
    return np.asarray(picture[row, col])


def _spread(triangles: int) -> F8:
    """Weights (P, 3) of a triangle's corners: the middles of its pieces when every edge is cut in n."""
    n = int(np.clip(np.ceil(np.sqrt(_LOOKS / max(triangles, 1))), 3, 32))
    i, j = (k.ravel() for k in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    up, down = i + j < n, i + j < n - 1
    first = np.concatenate([3.0 * i[up] + 1.0, 3.0 * i[down] + 2.0]) / (3.0 * n)
    second = np.concatenate([3.0 * j[up] + 1.0, 3.0 * j[down] + 2.0]) / (3.0 * n)
    return np.stack([1.0 - first - second, first, second], -1)


def solid_parts(paint: Paint | None, uv: F8 | None, count: int) -> Bool:
    """Which triangles are there at all: a cut-out takes those whose picture is clear wherever it is looked at."""
    if paint is None or uv is None or paint.color is None or paint.cutoff <= 0.0:
        return np.ones(count, np.bool_)
    return np.asarray((texels(paint.color, uv)[..., 3] >= 255.0 * paint.cutoff).any(-1))
