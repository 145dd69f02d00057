"""What weather leaves on surfaces, as cameras see it: after surfaces are found, before light is asked for.

Loaded only for scenes whose weather changes surfaces. A film of water darkens what drinks it (Angstrom 1925; Lekner and
Dorf 1988) and shines; standing water hides the relief under a level mirror; snow hides colour, gloss and glow; ice is a
clear, glossy coat. Water and ice reflect as Fresnel has it, by a coat that weighs what makes it do so.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.aim import aim, row_of
from simgen.kernels.brdf import DIELECTRIC, albedo, split
from simgen.kernels.camera import FLOW_OFF, FLOW_ON
from simgen.kernels.cover import ICE_INDEX, WATER_INDEX, exposure, fresnel, lies, rings
from simgen.kernels.cover_tables import BEADS, SHINES, SOAKS, Cover
from simgen.kernels.flow import judge, move
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import normalise
from simgen.kernels.shading import aim_sky, keep_sun, shade
from simgen.kernels.surface import follow, resolve
from simgen.kernels.texture_noise import fade, noise_slope
from simgen.kernels.trace_wide import cast_wide, occluded_wide
from simgen.kernels.wave import (
    ALBEDO,
    BODY,
    COAT,
    COAT_GLOSS,
    FACE,
    FIRST_SURFACE,
    FIRST_TRIANGLE,
    FIRST_VERTEX,
    GLOSS,
    GLOW,
    LENGTH,
    METAL,
    NORMAL,
    OFF,
    PANE,
    RAY_BEFORE,
    RETRO,
    SUN,
    TURN,
    VIEW,
    Bodies,
    Layers,
    Lighting,
    Onward,
    Optics,
    Shapes,
    Wave,
)
from simgen.records.base import F4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)
#: share of diffuse light that a film turns back inside (Lekner and Dorf 1988, for n = 1.33)
_TURNED_BACK = 0.47
#: roughness of a film over stones, on walls and leaves (too rough to be followed), of standing water and of ice
_FILM_GLOSS, _DULL_GLOSS, _POOL_GLOSS, _ICE_GLOSS = 0.25, 0.4, 0.02, 0.12
#: cosine from which on a surface is ground to a film
_GROUND = 0.7
#: reflectance of snow on a street, linear red, green, blue; it is matt
_SNOW = (0.84, 0.86, 0.88)
#: how uneven snow and ice are (slopes), and over what length, m
_SNOW_SLOPE, _SNOW_M, _ICE_SLOPE, _ICE_M = 0.06, 0.22, 0.012, 0.6
#: how far at most light is asked for above what snow covers, m
_BURIED_M = 0.03
#: cosine below which a normal looks away from the camera
_AWAY = 0.02


@inner
def _mirror(state: F4, i: int, film: float, pool: float, ice: float, rough: float) -> None:
    """Water or ice as a coat, whose weight makes it reflect as Fresnel's equations have it; ``rough``: the film."""
    wet = pool + (1.0 - pool) * film
    top = ice + (1.0 - ice) * wet
    if top <= 0.0:
        return
    gloss = (ice * _ICE_GLOSS + (1.0 - ice) * (pool * _POOL_GLOSS + (1.0 - pool) * film * rough)) / top
    cosine = -(
        state[i, FACE] * state[i, VIEW]
        + state[i, FACE + 1] * state[i, VIEW + 1]
        + state[i, FACE + 2] * state[i, VIEW + 2]
    )
    nv = min(max(cosine, 1e-3), 1.0)
    scale, bias = split(gloss, nv)
    coat = albedo(DIELECTRIC, scale, bias)
    # a rough film mirrors less at grazing angles than a smooth one: by as much as the coat of its roughness does
    s, b = split(0.0, nv)
    rougher = coat / albedo(DIELECTRIC, s, b)
    wanted = rougher * (ice * fresnel(ICE_INDEX, nv) + (1.0 - ice) * wet * fresnel(WATER_INDEX, nv))
    state[i, COAT], state[i, COAT_GLOSS] = min(wanted / coat, 1.0), gloss


@inner
def _soak(cover: Cover, row: int, state: F4, i: int, wet: float, smooth: float) -> None:
    """What is under water: darker, without a lobe of its own, and beads that send no light back.

    Under a surface that mirrors, what a wet one sends is ``A (1 - p) / (1 - p A)``.
    """
    share = max(wet * float(cover.matter[row, SOAKS]), smooth)
    for c in range(3):
        dry = float(state[i, ALBEDO + c])
        under = dry * (1.0 - _TURNED_BACK) / (1.0 - _TURNED_BACK * dry)
        state[i, ALBEDO + c] = dry + share * (under - dry)
    state[i, GLOSS] += share * (1.0 - state[i, GLOSS])
    if cover.matter[row, BEADS] > 0.0:
        state[i, RETRO] *= 1.0 - share


@inner
def _snow(state: F4, i: int, share: float, x: float, y: float, footprint: float) -> None:
    """Snow hides what it covers."""
    tone = 1.0
    left = fade(_SNOW_M, footprint)
    if left > 0.0:
        tone += 0.03 * left * noise_slope(1.7 * x / _SNOW_M, 1.7 * y / _SNOW_M, 7211)[0]
    for c in range(3):
        white = tone * (_SNOW[0] if c == 0 else (_SNOW[1] if c == 1 else _SNOW[2]))
        state[i, ALBEDO + c] += share * (white - state[i, ALBEDO + c])
        state[i, GLOW + c] *= 1.0 - share
    state[i, GLOSS] += share * (1.0 - state[i, GLOSS])
    for k in (METAL, COAT, RETRO):
        state[i, k] *= 1.0 - share
    # a pane is clear or it is not: it has no other light of its own
    if share > 0.5:
        state[i, PANE] = 0.0


@inner
def _turn(
    cover: Cover,
    state: F4,
    i: int,
    level: float,
    still: float,
    snow: float,
    x: float,
    y: float,
    footprint: float,
    along: float,
    nx: float,
    ny: float,
    nz: float,
) -> float:
    """The normal that light sees: level where water stands, of the drifts where snow lies; what rings make rougher.

    ``along``: the footprint's length, m; ``still``: the share of ``level`` that is ice; position in the world; ``n``:
    the surface's without relief.
    """
    fx, fy, fz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
    rough = 0.0
    if level > 0.0:
        gx, gy, rough = 0.0, 0.0, 0.0
        if still < 1.0:
            gx, gy, rough = rings(cover, x - cover.origin_x, y - cover.origin_y, along)
            gx, gy, rough = (1.0 - still) * gx, (1.0 - still) * gy, (1.0 - still) * rough
        left = still * _ICE_SLOPE * fade(_ICE_M, footprint)
        if left > 0.0:
            _, px, py = noise_slope(x / _ICE_M, y / _ICE_M, 7311)
            gx, gy = gx - left * px, gy - left * py
        fx, fy, fz = fx + level * (gx - fx), fy + level * (gy - fy), fz + level * (1.0 - fz)
    if snow > 0.0:
        sx, sy, sz = nx, ny, nz
        left = _SNOW_SLOPE * fade(_SNOW_M, footprint)
        if left > 0.0:
            _, px, py = noise_slope(x / _SNOW_M, y / _SNOW_M, 7221)
            sx, sy = sx - left * px, sy - left * py
        fx, fy, fz = fx + snow * (sx - fx), fy + snow * (sy - fy), fz + snow * (sz - fz)
    fx, fy, fz = normalise(fx, fy, fz)
    dx, dy, dz = float(state[i, VIEW]), float(state[i, VIEW + 1]), float(state[i, VIEW + 2])
    away = fx * dx + fy * dy + fz * dz + _AWAY
    if away > 0.0:
        fx, fy, fz = normalise(fx - away * dx, fy - away * dy, fz - away * dz)
    state[i, FACE], state[i, FACE + 1], state[i, FACE + 2] = fx, fy, fz
    return rough


@inner
def lay(
    cover: Cover,
    shapes: Shapes,
    optics: Optics,
    light: Lighting,
    places: F4,
    given: F4,
    first: int,
    wave: Wave,
    out: Layers,
) -> None:
    """Water, snow and ice on every surface of a wave that :func:`~simgen.kernels.surface.resolve` has just found.

    Labels stay those of what is covered, markings under snow included; ``out.key`` gets edges around water and ice.
    """
    state, r = wave.state, optics.rows
    sx, sy, sz = light.values[SUN, 0], light.values[SUN, 1], light.values[SUN, 2]
    for i in range(wave.time.shape[0]):
        if wave.instance[i] == _NOTHING:
            continue
        at = first + i
        row, s = row_of(optics, float(places[at, 1])), out.surface
        mx, my, mz = float(s[at, NORMAL]), float(s[at, NORMAL + 1]), float(s[at, NORMAL + 2])
        nx = r[row, TURN] * mx + r[row, TURN + 1] * my + r[row, TURN + 2] * mz
        ny = r[row, TURN + 3] * mx + r[row, TURN + 4] * my + r[row, TURN + 5] * mz
        nz = r[row, TURN + 6] * mx + r[row, TURN + 7] * my + r[row, TURN + 8] * mz
        instance = int(wave.instance[i])
        triangle = shapes.instances[instance, FIRST_TRIANGLE] + int(wave.triangle[i])
        base = shapes.instances[instance, FIRST_VERTEX]
        surface = shapes.instances[instance, FIRST_SURFACE] + int(shapes.triangle_surface[triangle])
        x, y, z = float(state[i, OFF]), float(state[i, OFF + 1]), float(state[i, OFF + 2])
        world = shapes.instances[instance, BODY] == 0
        exposed = exposure(
            cover,
            world,
            base + int(shapes.triangles[triangle, 0]),
            base + int(shapes.triangles[triangle, 1]),
            base + int(shapes.triangles[triangle, 2]),
            float(wave.barycentric[i, 0]),
            float(wave.barycentric[i, 1]),
            x,
            y,
            z,
            nx,
            ny,
            nz,
        )
        if exposed <= 0.0:
            continue
        toward = nx * state[i, VIEW] + ny * state[i, VIEW + 1] + nz * state[i, VIEW + 2]
        before = float(given[at, RAY_BEFORE]) if given.shape[0] > 0 else 0.0
        far = float(wave.distance[i]) * float(state[i, LENGTH]) + before
        footprint = far / (optics.fx * math.sqrt(max(abs(toward), 0.05)))
        film, pool, snow, ice = lies(cover, surface, world, x, y, z, nx, ny, nz, exposed, footprint)
        if film + pool + snow + ice <= 0.0:
            continue
        x, y = x + cover.origin_x, y + cover.origin_y
        level = ice + (1.0 - ice) * pool
        along = footprint / math.sqrt(max(abs(toward), 0.05))
        rough = _turn(cover, state, i, level, ice / max(level, 1e-6), snow, x, y, footprint, along, nx, ny, nz)
        # paint under a coat, panes and bare metal shed water as they are
        plain = state[i, COAT] == 0.0 and state[i, PANE] == 0.0 and state[i, METAL] < 0.5
        if plain and film + level > 0.0:
            _soak(cover, surface, state, i, film, level)
            shines = float(cover.matter[surface, SHINES])
            # reflections are followed from the ground, but not from damp walls and leaves, nor from mirrored ground
            sharp = shines >= 1.0 and nz > _GROUND and before == 0.0
            _mirror(state, i, film * shines, pool, ice, _FILM_GLOSS if sharp else _DULL_GLOSS)
            state[i, COAT_GLOSS] = min(state[i, COAT_GLOSS] + math.sqrt(rough), 1.0)
        if snow > 0.0:
            _snow(state, i, snow, x, y, footprint)
            # light comes to its top: what it buries throws no shadow on it
            state[i, OFF + 2] += snow * min(cover.snow, _BURIED_M)
            wave.origin[i, 2] = state[i, OFF + 2]
        facing = state[i, FACE] * sx + state[i, FACE + 1] * sy + state[i, FACE + 2] * sz
        wave.far[i] = np.inf if facing > 0.0 else 0.0
        zone = (1 if pool > 0.5 else 0) + (2 if ice > 0.5 else 0)
        out.key[at] = out.key[at] ^ (np.uint32(zone * 2654435) << np.uint32(1))


@kernel
def trace_covered(
    first: int,
    intersect16: int,
    intersect8: int,
    occluded16: int,
    occluded8: int,
    scene: int,
    next_scene: int,
    shapes: Shapes,
    bodies: Bodies,
    optics: Optics,
    light: Lighting,
    directions: F4,
    sky_rays: int,
    flow: int,
    next_bodies: Bodies,
    next_optics: Optics,
    places: F4,
    given: F4,
    wave: Wave,
    layers: Layers,
    onward: Onward,
    cover: Cover,
) -> None:
    """As :func:`simgen.kernels.camera.trace_tile`, with what weather leaves on surfaces."""
    o, d, t, near, far = wave.origin, wave.direction, wave.time, wave.near, wave.far
    if given.shape[0] > 0:
        follow(given, first, wave)
    else:
        aim(optics, places, first, wave)
    hits = wave.distance, wave.instance, wave.triangle, wave.barycentric
    cast_wide(intersect16, intersect8, scene, o, d, t, near, far, *hits)
    resolve(shapes, bodies, optics, light, places, given, first, wave, layers)
    lay(cover, shapes, optics, light, places, given, first, wave, layers)
    for k in range(3):
        into = scene
        if k == 1:
            keep_sun(wave, layers, first)
            aim_sky(light, directions, places, first, wave, sky_rays)
        elif k == 2:
            shade(light, optics, given, wave, layers, onward, first)
            if flow == FLOW_OFF:
                break
            move(shapes, next_bodies, next_optics, flow == FLOW_ON, places, first, wave, layers)
            into = next_scene
        occluded_wide(occluded16, occluded8, into, o, d, t, near, far, wave.blocked)
    if flow != FLOW_OFF:
        judge(wave, layers, first)


@kernel
def stage_cover(
    cover: Cover,
    shapes: Shapes,
    optics: Optics,
    light: Lighting,
    places: F4,
    given: F4,
    first: int,
    wave: Wave,
    layers: Layers,
) -> None:
    """The same as a stage of its own, after surfaces are found: without a native engine, and for paths."""
    lay(cover, shapes, optics, light, places, given, first, wave, layers)
