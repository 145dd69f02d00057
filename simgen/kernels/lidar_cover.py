"""What weather leaves on surfaces, as a lidar meets it: after a tile's hits are known, before its rays go on.

Loaded only for scenes whose weather changes surfaces. A film of water lets light in and out and turns some of it back
inside: ``T_aw rho T_wa / (1 - rho R_wa)`` with Fresnel's equations (n = 1.33), and absorbs what the wavelength has it
absorb. Standing water mirrors: little comes straight back, and the pulse goes on to where the mirror sends it, so that
what it meets there is reported from below the ground, or nothing is. Snow is matt and as bright as the wavelength has
it. Ice is clear and glossy.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.cover import ICE_INDEX, WATER_INDEX, exposure, fresnel, lies
from simgen.kernels.cover_tables import BEADS, SHINES, SOAKS, Cover
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_meet import FAINTEST, GAP, GLINT_LIMIT, normal_of, orientation, passed, response, send_on
from simgen.kernels.lidar_tables import (
    DIFFUSE,
    MIRROR,
    RETRO,
    ROUGH_A,
    ROUGH_B,
    THROUGH,
    Found,
    Pulses,
    Surfaces,
    Wide,
)
from simgen.kernels.pose import rotate
from simgen.records.base import F4, F8
from simgen.records.stage import NO_HIT

#: entries of the wavelength's table: reflectance of snow, its Oren and Nayar's A and B, absorption of water, 1/m, and
#: the part of a beam that one ray stands for, rad
SNOW: Final = 0
SNOW_A: Final = 1
SNOW_B: Final = 2
ABSORPTION: Final = 3
SPREAD: Final = 4
WAVE_ENTRIES: Final = 5

#: share of diffuse light that water turns back inside (Lekner and Dorf 1988, for n = 1.33)
_TURNED_BACK = 0.47
#: depths of a film, of standing water and of ice, m
_FILM_M, _POOL_M, _ICE_M = 3e-4, 5e-3, 2e-3
#: GGX alpha squared of a film over stones, of still water and of ice
_FILM_ALPHA2, _POOL_ALPHA2, _ICE_ALPHA2 = 0.25**4, 0.03**4, 0.12**4
#: cosine to the facets of a rough wet surface that face the laser, at least
_FACET = 0.35
#: share of what ice mirrors that goes on as an image
_ICE_IMAGE = 0.5


@inner
def _glint(reflectance: float, alpha2: float, cosine: float) -> float:
    """GGX lobe straight back, in powers of a white wall hit straight on, as in ``lidar_meet.response``."""
    if cosine <= 0.05:
        return 0.0
    lobe = cosine * cosine * (alpha2 - 1.0) + 1.0
    return min(reflectance * alpha2 / (4.0 * cosine * lobe * lobe), GLINT_LIMIT)


@inner
def under_water(rho: float, index: float, cosine: float, depth: float, absorption: float) -> float:
    """Diffuse reflectance straight back of what lies that deep under water or ice, seen under that cosine."""
    into = 1.0 - fresnel(index, cosine)
    along = math.sqrt(1.0 - (1.0 - cosine * cosine) / (index * index))
    # light that leaves spreads over n^2 times the solid angle
    out = into / (index * index)
    return into * rho * out / (1.0 - rho * _TURNED_BACK) * math.exp(-2.0 * absorption * depth / along)


@inner
def covered(
    finish: F4,
    cover: Cover,
    wave: F8,
    surface: int,
    cosine: float,
    film: float,
    pool: float,
    snow: float,
    ice: float,
) -> float:
    """Power straight back, in powers of a white wall hit straight on, of a surface with that on it."""
    back = response(finish, surface, cosine)
    rho, absorption = float(finish[surface, DIFFUSE]), wave[ABSORPTION]
    flat = finish[surface, ROUGH_A] * cosine + finish[surface, ROUGH_B] * (1.0 - cosine * cosine)
    film *= float(cover.matter[surface, SOAKS])
    if film > 0.0:
        facing = max(cosine, _FACET)
        wet = flat * under_water(rho, WATER_INDEX, facing, _FILM_M, absorption)
        wet += float(cover.matter[surface, SHINES]) * _glint(fresnel(WATER_INDEX, 1.0), _FILM_ALPHA2, cosine)
        if cover.matter[surface, BEADS] == 0.0 and finish[surface, RETRO] > 0.0:
            # sheeting works under a film: what it sends back is all that is left of the dry response
            wet += max(back - rho * flat, 0.0)
        back += film * (wet - back)
    if pool > 0.0:
        bed = cosine * under_water(rho, WATER_INDEX, cosine, _POOL_M, absorption)
        back += pool * (bed + _glint(fresnel(WATER_INDEX, 1.0), _POOL_ALPHA2, cosine) - back)
    if ice > 0.0:
        bed = cosine * under_water(rho, ICE_INDEX, cosine, _ICE_M, absorption)
        back += ice * (bed + _glint(fresnel(ICE_INDEX, 1.0), _ICE_ALPHA2, cosine) - back)
    if snow > 0.0:
        white = wave[SNOW] * (wave[SNOW_A] * cosine + wave[SNOW_B] * (1.0 - cosine * cosine))
        back += snow * (white - back)
    return back


@inner
def thrown(finish: F4, surface: int, cosine: float, pool: float, snow: float, ice: float) -> tuple[float, float]:
    """Share of the power that goes on, there and back, as from ``lidar_meet.passed``; 1 = from a level mirror."""
    open_ = 1.0 - snow
    if finish[surface, THROUGH] > 0.0 or finish[surface, MIRROR] > 0.0:
        return passed(finish, surface, cosine) * open_ * open_, 0.0
    water, glass = fresnel(WATER_INDEX, cosine), fresnel(ICE_INDEX, cosine)
    share = (1.0 - ice) * pool * water * water + ice * _ICE_IMAGE * glass * glass
    return -share * open_, 1.0


@kernel
def lay(world: Surfaces, cover: Cover, wave: F8, first: int, rays: Wide, found: Found, pulses: Pulses, goes: F4) -> int:
    """What a tile's hits send back with what lies on them; how many rays go on.

    Rows of ``pulses`` count from ``first``. ``goes`` (N, 2) gets what :func:`go_on` needs: the share that goes on, and
    whether from a level mirror.
    """
    return _lay(world, cover, wave, first, rays, found, pulses, goes)


@inner
def _lay(
    world: Surfaces, cover: Cover, wave: F8, first: int, rays: Wide, found: Found, pulses: Pulses, goes: F4
) -> int:
    """The loop of :func:`lay`, where no access to a bundle counts references."""
    finish, count = world.finish, 0
    for row in range(found.instance.shape[0]):
        instance, at = found.instance[row], first + row
        goes[row, 0], goes[row, 1] = 0.0, 0.0
        if instance == NO_HIT:
            continue
        if pulses.following[at] == GAP:
            goes[row, 0] = 1.0
            count += 1
            continue
        mesh, body = world.instance_mesh[instance], world.instance_body[instance]
        corner, base = world.triangle_start[mesh] + np.int64(found.triangle[row]), world.vertex_start[mesh]
        a, b, c = (
            base + np.int64(world.triangles[corner, 0]),
            base + np.int64(world.triangles[corner, 1]),
            base + np.int64(world.triangles[corner, 2]),
        )
        p, q = float(found.barycentric[row, 0]), float(found.barycentric[row, 1])
        nx, ny, nz = normal_of(world.normals, a, b, c, p, q)
        if body != 0:
            qw, qx, qy, qz = orientation(world.quaternion, body, rays.time[row])
            nx, ny, nz = rotate(qw, qx, qy, qz, nx, ny, nz)
        dx, dy, dz = float(rays.direction[row, 0]), float(rays.direction[row, 1]), float(rays.direction[row, 2])
        if nx * dx + ny * dy + nz * dz > 0.0:
            nx, ny, nz = -nx, -ny, -nz
        far = float(found.distance[row])
        x, y, z = (
            rays.origin[row, 0] + far * dx,
            rays.origin[row, 1] + far * dy,
            rays.origin[row, 2] + far * dz,
        )
        cosine, surface = float(pulses.cosine[at]), int(pulses.surface[at])
        exposed = exposure(cover, body == 0, a, b, c, p, q, x, y, z, nx, ny, nz)
        size = 2.0 * wave[SPREAD] * float(pulses.range[at]) / math.sqrt(max(cosine, 0.05))
        film, pool, snow, ice = lies(cover, surface, body == 0, x, y, z, nx, ny, nz, exposed, size)
        if film + pool + snow + ice > 0.0:
            pulses.response[at] = rays.gain[row] * covered(finish, cover, wave, surface, cosine, film, pool, snow, ice)
        goes[row, 0], goes[row, 1] = thrown(finish, surface, cosine, pool, snow, ice)
        if abs(goes[row, 0]) * rays.gain[row] > FAINTEST:
            count += 1
    return count


@kernel
def go_on(
    world: Surfaces, rays: Wide, found: Found, first: int, goes: F4, pulses: Pulses, beyond: Wide, fresh: int
) -> int:
    """As :func:`simgen.kernels.lidar_meet.go_on`, and from standing water and ice."""
    count = 0
    for row in range(found.instance.shape[0]):
        share = float(goes[row, 0])
        if found.instance[row] != NO_HIT and abs(share) * rays.gain[row] > FAINTEST:
            send_on(world, rays, found, row, share, goes[row, 1] > 0.0, beyond, count)
            pulses.following[first + row] = fresh + count
            count += 1
    return count


@kernel
def cover_response(finish: F4, cover: Cover, wave: F8, cosine: F8, lying: F8, out: F8) -> None:
    """Of the first surface, (N,) powers straight back; ``lying`` (N, 4): film, pool, snow, ice."""
    for k in range(cosine.shape[0]):
        out[k] = covered(finish, cover, wave, 0, cosine[k], lying[k, 0], lying[k, 1], lying[k, 2], lying[k, 3])
