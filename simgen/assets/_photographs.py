"""Pictures of things that are not there: other models, drawn as a camera would have seen them, for posters and foils.

Triangles are painted from far to near (the painter's algorithm) with one light from above: good enough for print, and
without any ray.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen import registry
from simgen.assets._canvas import Canvas, Ink, Mark, disc, fill, rect
from simgen.geometry import quat_from_yaw, quat_rotate, transform
from simgen.records.base import F8, U1
from simgen.records.mesh import Mesh, Surface
from simgen.records.model import Model
from simgen.rng import stream
from simgen.shapes.colors import Color
from simgen.shapes.finish import rest_poses
from simgen.shapes.lettering import srgb_codes

_OVER: Final = 3
_LIGHT: Final = np.array([0.45, 0.35, 0.82])
_AMBIENT: Final = 0.42
#: how far skin is put back, so that no shirt lets it through
_UNDER_M: Final = 0.04


@dataclass(frozen=True, kw_only=True)
class Pose:
    """A model in the picture: the camera stands at the origin and looks along x, y to the left, z up."""

    model: Model
    x: float
    y: float
    z: float
    yaw_rad: float


def photographed(ground: U1, things: Sequence[Pose], focal_px: float, center_px: tuple[float, float]) -> U1:
    """A picture (H, W, 4) of things before a ground of that size; focal length and principal point in its pixels."""
    import cv2

    height, width = ground.shape[:2]
    large = cv2.resize(ground[..., :3], (width * _OVER, height * _OVER), interpolation=cv2.INTER_LINEAR)
    parts = [_facets(thing) for thing in things]
    corners, color, order = (np.concatenate(list(column)) for column in zip(*parts, strict=True))
    depth = corners[..., 0]
    u = center_px[0] - focal_px * corners[..., 1] / depth
    v = center_px[1] - focal_px * corners[..., 2] / depth
    points = np.round(np.stack([u, v], -1) * (_OVER * 16.0) - 8.0).astype(np.int32)
    codes = srgb_codes(color)
    for k in np.argsort(-order, kind="stable").tolist():
        cv2.fillConvexPoly(large, points[k], tuple(int(c) for c in codes[k]), cv2.LINE_8, 4)
    small = cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)
    return np.concatenate([small, np.full((height, width, 1), 255, np.uint8)], -1)


def _facets(thing: Pose) -> tuple[F8, F8, F8]:
    """Corners (T, 3, 3) before the camera of what faces it, colours (T, 3) in linear light, and how far back (T,)."""
    turn, place = quat_from_yaw(thing.yaw_rad), np.array([thing.x, thing.y, thing.z])
    parts = [
        _lit(link.mesh, thing.model.surfaces, pose, (place, turn))
        for link, pose in zip(thing.model.links, rest_poses(thing.model.links), strict=True)
        if link.mesh is not None
    ]
    corners, color, order = (np.concatenate(list(column)) for column in zip(*parts, strict=True))
    return corners, color, order


def _lit(mesh: Mesh, surfaces: Sequence[Surface], pose: tuple[F8, F8], view: tuple[F8, F8]) -> tuple[F8, F8, F8]:
    points = transform(*view, transform(*pose, mesh.vertices.astype(np.float64)))
    normals = quat_rotate(view[1], quat_rotate(pose[1], mesh.normals.astype(np.float64)))
    triangles = mesh.triangles.astype(np.int64)
    corners, normal = points[triangles], normals[triangles].mean(1)
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    seen = ((flat * corners.mean(1)).sum(-1) < 0.0) & (corners[..., 0].min(1) > 0.1)
    light = _LIGHT * np.array([-1.0, 1.0, 1.0]) / np.sqrt((_LIGHT**2).sum())
    shade = _AMBIENT + (1.0 - _AMBIENT) * np.clip((normal * light).sum(-1), 0.0, 1.0)
    # cloth lies close over skin
    under = np.array([_UNDER_M * (s.heat == "skin") for s in surfaces])[mesh.surface.astype(np.int64)]
    return corners[seen], (_colors(mesh, surfaces) * shade[:, None])[seen], (corners[..., 0].mean(1) + under)[seen]


def _colors(mesh: Mesh, surfaces: Sequence[Surface]) -> F8:
    """The colour of every triangle: its surface's, or its picture's in the triangle's middle, (T, 3)."""
    color = np.array([_plain(s) for s in surfaces])[mesh.surface.astype(np.int64)]
    if mesh.uv is None:
        return color
    middle = mesh.uv.astype(np.float64)[mesh.triangles.astype(np.int64)].mean(1)
    for k, surface in enumerate(surfaces):
        skin, rows = surface.skin, np.flatnonzero(mesh.surface == k)
        if skin is None or skin.color is None or len(rows) == 0:
            continue
        width, height = skin.color.sizes[0]
        u, v = middle[rows, 0] % 1.0, 1.0 - middle[rows, 1] % 1.0
        at = np.minimum((v * height).astype(np.int64), height - 1) * width
        code = skin.color.texels[at + np.minimum((u * width).astype(np.int64), width - 1), :3] / 255.0
        color[rows] = code**2.2 * np.array(skin.tint)
    return color


def _plain(surface: Surface) -> Color:
    """Panes and mirrors show the sky."""
    return (0.16, 0.2, 0.24) if surface.transmission > 0.0 or surface.metallic > 0.9 else surface.base_color


_GROUNDS: Final[tuple[Ink, ...]] = ((206, 200, 190), (150, 176, 190), (214, 178, 150), (176, 190, 160), (120, 128, 140))
_WORDS: Final = ("DENIM", "NEW LOOK", "SUMMER", "WALK ON", "AUTUMN", "YOURS")


@lru_cache(maxsize=32)
def person_picture(variant: int, tall: float, width_m: float) -> U1:
    """An advertisement one wide and ``tall`` high that shows somebody of life size, (H, W, 4).

    ``width_m``: how wide it is printed.
    """
    rng = stream(variant, "poster of a person")
    ground = _GROUNDS[int(rng.integers(len(_GROUNDS)))]
    canvas = Canvas((0.0, 0.0), (1.0, tall), ground, 512)
    floor: Ink = (int(0.82 * ground[0]), int(0.82 * ground[1]), int(0.82 * ground[2]))
    canvas.draw([rect(0.0, 0.0, 1.0, 0.13 * tall)], floor)
    word = _WORDS[int(rng.integers(len(_WORDS)))]
    aside = width_m > 1.8
    canvas.write(word, (250, 249, 246), 0.27 if aside else 0.5, (0.8 if aside else 0.955) * tall, 0.09, 0.4)
    base = canvas.rgba()
    asset = registry.get("asset", "pedestrian")
    pose = ("stand", "walk", "phone")[int(rng.integers(3))]
    model: Model = asset(variant=1 + int(rng.integers(500)), pose=pose).build()
    # from afar, so that a metre is the same everywhere on the print
    far, height, width = 40.0, base.shape[0], base.shape[1]
    metre = width / width_m * min(1.0, 0.9 * tall * width_m / model.size[2])
    at = (-0.24 if aside else 0.0) * width_m
    thing = Pose(model=model, x=far, y=at, z=0.0, yaw_rad=np.pi + float(rng.uniform(-0.5, 0.5)))
    # pixels of the print need not be square
    squeeze = (height / tall) / width
    lifted = photographed(_stretched(base, squeeze), [thing], metre * far, (0.5 * width, 0.965 * height / squeeze))
    return _stretched(lifted, 1.0 / squeeze, base.shape[0])


def _stretched(picture: U1, factor: float, rows: int = 0) -> U1:
    """The picture with its height divided by a factor."""
    import cv2

    height = rows or max(round(picture.shape[0] / factor), 1)
    return np.asarray(cv2.resize(picture, (picture.shape[1], height), interpolation=cv2.INTER_AREA))


_SKY: Final[tuple[Ink, ...]] = ((120, 164, 214), (150, 184, 222), (186, 206, 226), (214, 222, 228))
_CARS: Final = ("sedan", "hatchback", "estate", "suv")


@lru_cache(maxsize=32)
def road_picture(variant: int) -> U1:
    """A square photograph of a road with a car ahead, as on the tail of an advertising lorry, (H, W, 4)."""
    rng = stream(variant, "picture of a road")
    canvas = Canvas((0.0, 0.0), (1.0, 1.0), _SKY[0], 512)
    horizon = 0.5
    for k, ink in enumerate(_SKY):
        canvas.draw([rect(0.0, horizon, 1.0, 1.0 - 0.1 * k)], ink)
    hills = [(x, horizon + 0.03 + 0.03 * float(rng.random())) for x in np.linspace(0.0, 1.0, 9)]
    canvas.draw([fill((0.0, horizon - 0.01), *hills, (1.0, horizon - 0.01))], (92, 116, 96))
    canvas.draw([rect(0.0, 0.0, 1.0, horizon)], (104, 130, 70))
    canvas.draw([disc(0.06 + 0.11 * k, horizon + 0.02, 0.035) for k in (0, 1, 7, 8)], (62, 92, 52))
    canvas.draw([fill((-0.42, 0.0), (0.487, horizon), (0.513, horizon), (1.42, 0.0))], (96, 97, 100))
    canvas.draw(_dashes(horizon), (226, 226, 220))
    canvas.draw([Mark(points=np.array([[0.28, 0.188], [0.72, 0.188], [0.69, 0.25], [0.31, 0.25]]))], (52, 53, 56))
    name, color = _CARS[int(rng.integers(len(_CARS)))], ("red", "silver", "white", "blue")[int(rng.integers(4))]
    model: Model = registry.get("asset", name)(variant=int(rng.integers(500)), color=color, detail="low").build()
    thing = Pose(model=model, x=8.2, y=0.0, z=-1.35, yaw_rad=0.0 if rng.random() < 0.7 else np.pi)
    base = canvas.rgba()
    return photographed(base, [thing], 1.55 * base.shape[1], (0.5 * base.shape[1], 0.5 * base.shape[0]))


def _dashes(horizon: float) -> list[Mark]:
    """The edges of the road, and two broken lines that meet at the horizon."""
    marks = [fill((s * 0.85 + 0.5 - 0.02, 0.0), (0.5, horizon), (s * 0.85 + 0.5 + 0.02, 0.0)) for s in (-1.0, 1.0)]
    for side in (-0.3, 0.3):
        for near, far in ((0.02, 0.16), (0.24, 0.31), (0.35, 0.385), (0.41, 0.43)):
            at = [(0.5 + side * (1.0 - z / horizon), 0.012 * (1.0 - z / horizon), z) for z in (near, far)]
            (x0, w0, z0), (x1, w1, z1) = at
            marks.append(fill((x0 - w0, z0), (x0 + w0, z0), (x1 + w1, z1), (x1 - w1, z1)))
    return marks


__all__ = ["person_picture", "road_picture"]
