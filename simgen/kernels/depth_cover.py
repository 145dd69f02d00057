"""What weather leaves on surfaces, as depth cameras meet it: how bright dots are, and how much of a texture is left.

Loaded only for scenes whose weather changes surfaces.
"""

from __future__ import annotations

from simgen.kernels.cover import ICE_INDEX, WATER_INDEX, fresnel
from simgen.kernels.cover_tables import SOAKS, Cover
from simgen.kernels.depth_view import NEAR_INFRARED
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_cover import ABSORPTION, SNOW, under_water
from simgen.records.base import F4, F8, I8

#: depths of a film, of standing water and of ice, m, as for lidars
_FILM_M, _POOL_M, _ICE_M = 3e-4, 5e-3, 2e-3
#: least cosine at which a film's facets are met
_FACET = 0.35
#: least reflectance that brightness is taken relative to
_DARK = 0.01


@kernel
def dim(
    first: int,
    last: int,
    cover: Cover,
    wave: F8,
    table: F4,
    rows: I8,
    lying: F4,
    cosine: F4,
    pattern: F4,
    own: F4,
) -> None:
    """Of pixels first..last: ``pattern`` (N,) as bright as what lies there sends it back, ``own`` (N,) without mirrors.

    ``rows`` as in ``depth_view.illuminate``; ``lying`` (N, 4): film, standing water, snow, ice.
    """
    for i in range(first, last):
        film, pool, snow, ice = float(lying[i, 0]), float(lying[i, 1]), float(lying[i, 2]), float(lying[i, 3])
        if rows[i] < 0 or film + pool + snow + ice <= 0.0:
            continue
        rho, c = max(float(table[rows[i], NEAR_INFRARED]), _DARK), max(float(cosine[i]), 0.02)
        film *= float(cover.matter[rows[i], SOAKS])
        sent, texture = rho, float(own[i])
        sent += film * (under_water(rho, WATER_INDEX, max(c, _FACET), _FILM_M, wave[ABSORPTION]) - sent)
        for k in range(2):
            share, index, depth = (pool, WATER_INDEX, _POOL_M) if k == 0 else (ice, ICE_INDEX, _ICE_M)
            bed, mirrored = under_water(rho, index, c, depth, wave[ABSORPTION]), fresnel(index, c)
            sent += share * (bed - sent)
            texture += share * (bed / (bed + mirrored) - texture)
        sent += snow * (wave[SNOW] - sent)
        pattern[i] *= sent / rho
        own[i] = texture + snow * (1.0 - texture)
