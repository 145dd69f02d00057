"""What weather leaves on surfaces, made ready for the kernels of every sensor."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.cover_tables import BEADS, HOLDS, KEEPS_SNOW, MATTER_COLUMNS, SHINES, SOAKS, Cover
from simgen.kernels.wave import Bodies, Shapes
from simgen.records.air import SurfaceChange
from simgen.records.base import F4, U2, U4
from simgen.records.mesh import TEXTURES, SurfaceTable
from simgen.records.rays import Rays
from simgen.records.surroundings import Shot
from simgen.taxonomy import classes
from simgen.units import NS_PER_S

#: hits a tile
_TILE: Final = 16384
#: what water runs into or through, so that none stands on it
_DRAINS: Final = tuple(TEXTURES.index(name) for name in ("grass", "foliage", "gravel", "bark", "fabric"))
#: how much of a film of water is smooth on what is not paved (estimates): leaves shed it, cloth and soil draw it in
_SMOOTHED: Final = {
    "grass": 0.15,
    "foliage": 0.25,
    "gravel": 0.4,
    "bark": 0.3,
    "fabric": 0.1,
    "brick": 0.5,
    "paint": 0.5,
    "facade": 0.5,
}
#: rougher than this, a surface drinks water in
_ROUGH: Final = 0.45
#: up to this share of light, what sends it back are glass beads in paint, which do not work under water
_BEADS_MOST: Final = 0.01


@lru_cache(maxsize=1)
def _ranks() -> F4:
    from simgen.kernels.cover import noise_ranks

    return noise_ranks()


@lru_cache(maxsize=1)
def _shaking() -> U2:
    """Classes of who shakes snow off."""
    return np.array([c.id for c in classes().values() if c.parent == "human" or c.name == "animal"], np.uint16)


@lru_cache(maxsize=4)
def matter_of(table: SurfaceTable) -> F4:
    """What water does with each surface, (S, MATTER_COLUMNS); tables are told apart by identity."""
    rows = np.zeros((len(table.roughness), MATTER_COLUMNS), np.float32)
    rows[:, SOAKS] = (table.roughness > _ROUGH) & (table.metallic < 0.5) & (table.clearcoat < 0.5)
    rows[:, HOLDS] = ~np.isin(table.texture, _DRAINS)
    rows[:, BEADS] = (table.retro > 0.0) & (table.retro <= _BEADS_MOST)
    rows[:, SHINES] = rows[:, SOAKS] * np.array([_SMOOTHED.get(name, 1.0) for name in TEXTURES])[table.texture]
    rows[:, KEEPS_SNOW] = ~np.isin(table.class_id, _shaking())
    return rows


def lying_at(
    shot: Shot, cover: Cover, shapes: Shapes, bodies: Bodies, rays: Rays, hits: tuple[F4, U4, U4, F4], spread: float
) -> F4:
    """Shares under film, standing water, snow and ice, (N, 4), where rays hit; ``spread``: of a ray, rad.

    ``hits`` are distance, instance, triangle and barycentric coordinates, as in Hits.
    """
    from simgen.kernels.cover_hits import lie
    from simgen.kernels.tiles import run_tiles

    count = len(hits[0])
    out, way = np.empty((count, 4), np.float32), (rays.origin, rays.direction, rays.time)
    distance, instance, triangle, barycentric = hits
    run_tiles(
        lambda a, b: lie(a, b, cover, shapes, bodies, *way, distance, instance, triangle, barycentric, spread, out),
        count,
        _TILE,
        shot.surroundings.threads,
    )
    return out


def cover_of(shot: Shot) -> Cover | None:
    """What lies on surfaces at the shot's time; None where weather leaves nothing, so that nobody looks for it."""
    around = shot.surroundings
    exposure, change = around.exposure, around.surface
    if exposure is None or change == SurfaceChange():
        return None
    x, y, z = (float(c) for c in shot.view.motion.origin)
    return Cover(
        height=exposure.height,
        worn=exposure.worn,
        vertex=exposure.vertex,
        matter=matter_of(around.stage.surfaces),
        ranks=_ranks(),
        x=exposure.x_m - x,
        y=exposure.y_m - y,
        cell=exposure.cell_m,
        origin_x=x,
        origin_y=y,
        origin_z=z,
        wetness=float(change.wetness),
        puddles=float(change.puddles),
        snow=float(change.snow_m),
        ice=float(change.ice),
        tracks=float(change.tracks),
        rain=float(around.rates.rain_mm_h),
        time=shot.time_ns / NS_PER_S,
    )
