"""Light paths in waves: rays from the lens, what they meet, which lights they ask for, where they go on.

A tile holds some thousand paths. Each turn casts their rays, finds surfaces (:func:`simgen.kernels.surface.resolve`,
the camera's own), and for every hit sends one ray to the sun's disc and one to the sky or to a lamp, then takes a
direction from the BSDF for the next turn. Light that either way can find is weighted by the power heuristic (Veach
1997). Paths that end are dropped at once, so arrays stay dense.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simgen.kernels.aim import aim
from simgen.kernels.beams import beam
from simgen.kernels.bsdf import evaluate, prepare, sample
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import ray_of
from simgen.kernels.paths_light import (
    SkyChances,
    basis,
    choose_lamp,
    point_on_lamp,
    sample_cone,
    sample_sky,
    sky_density,
    upper_chance,
)
from simgen.kernels.pose import normalise
from simgen.kernels.sky import irradiance, look_up
from simgen.kernels.sobol import mix, pair
from simgen.kernels.surface import resolve
from simgen.kernels.wave import (
    AIRLIGHT,
    ALBEDO,
    DISC,
    EXTINCTION,
    FACE,
    GLOSS,
    GLOW,
    LAMP_CD,
    LAMP_RADIUS,
    LENGTH,
    METAL,
    OFF,
    PLACE_RAY,
    RAY_COLUMNS,
    SUN,
    SUN_LUX,
    VIEW,
    Bodies,
    Layers,
    Lighting,
    Optics,
    Shapes,
    Wave,
)
from simgen.records.base import F4, F8, I8, U4, Bool
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)

#: columns of ``Paths.state``: what is left of the light, density of the ray's direction (0 = nothing else looks for
#: light there), chances that the last surface gave to each half of the sky, 1 while only mirrors and panes were met,
#: least alpha from here on, rough bounces so far
BETA: Final = 0
DENSITY: Final = 3
UPPER: Final = 4
LOWER: Final = 5
KEEN: Final = 6
WIDEN: Final = 7
BOUNCES: Final = 8
PATH_COLUMNS: Final = 9

#: columns of ``Paths.seen``, one row a path from start to end: light that comes by surfaces, light that comes straight
#: (sky, lamps and air in view), albedo, normal and place (world, less the motion's origin) of what is in view, whether
#: there is something
LIT: Final = 0
CLEAR: Final = 3
COLOR: Final = 6
TURNED: Final = 9
PLACE: Final = 12
MET: Final = 15
SEEN_COLUMNS: Final = 16

#: purposes of random pairs: one for the place in the pixel, then five for every turn
_PIXEL: Final = 0
_FIRST: Final = 8
_TURN: Final = 5
#: least alpha after a rough bounce
_BLUR: Final = 0.1
#: least share of the asking rays that goes to lamps, and to the sky, where there are both
_RARE: Final = 0.02
#: columns of ``Finish``: coat, its roughness, transmission, retro-reflected share, whether a lamp stands for it
COAT, COAT_ROUGHNESS, TRANSMISSION, RETRO, HAS_LAMP = range(5)


class Paths(NamedTuple):
    """The paths of a tile. Rows of ``state`` and ``owner`` are those under way, in step with the wave's rays."""

    state: F4
    owner: I8
    seen: F4


class Asking(NamedTuple):
    """Rays on their way to a light, and the light that each brings if nothing is in its way."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    blocked: Bool
    gain: F4
    owner: I8


class Plan(NamedTuple):
    """What does not change over a frame."""

    width: int
    samples: int
    bounces: int
    key: U4
    #: albedo of microfacets, see :func:`simgen.kernels.bsdf.albedo_table`
    albedo: F8
    finish: F4


@inner
def _seed(key: U4, pixel: int) -> np.uint32:
    """The seed of a pixel in this frame."""
    return mix(np.uint32(key[0] ^ mix(np.uint32(key[1] + np.uint32(pixel)))))


@kernel
def begin(plan: Plan, optics: Optics, first: int, places: F4, paths: Paths, wave: Wave) -> None:
    """Rays through jittered places of the pixels from ``first``, all samples of a pixel side by side."""
    for i in range(wave.time.shape[0]):
        pixel = first + i // plan.samples
        u, w = pair(i % plan.samples, _seed(plan.key, pixel), _PIXEL)
        places[i, 0], places[i, 1] = pixel % plan.width + u, pixel // plan.width + w
        if places.shape[1] > PLACE_RAY:
            x, y, z = ray_of(optics.model, optics.lens, float(places[i, 0]), float(places[i, 1]))
            places[i, PLACE_RAY], places[i, PLACE_RAY + 1], places[i, PLACE_RAY + 2] = x, y, z
        paths.owner[i] = i
        for c in range(PATH_COLUMNS):
            paths.state[i, c] = 0.0
        for c in range(3):
            paths.state[i, BETA + c] = 1.0
        paths.state[i, KEEN] = 1.0
        for c in range(SEEN_COLUMNS):
            paths.seen[i, c] = 0.0
    aim(optics, places, 0, wave)


@inner
def _weight(mine: float, other: float) -> float:
    """Power heuristic with exponent 2."""
    a, b = mine * mine, other * other
    return a / (a + b) if a + b > 0.0 else 0.0


@inner
def _escape(light: Lighting, chances: SkyChances, narrow: float, paths: Paths, wave: Wave, i: int, turn: int) -> None:
    """A path that met nothing: sky, and the sun's disc."""
    x, y, z = float(wave.state[i, VIEW]), float(wave.state[i, VIEW + 1]), float(wave.state[i, VIEW + 2])
    if x == 0.0 and y == 0.0 and z == 0.0:
        # the lens sees nothing there
        return
    density, id_ = float(paths.state[i, DENSITY]), paths.owner[i]
    by_sky, by_sun = 1.0, 0.0
    if density > 0.0:
        half = paths.state[i, UPPER] if z >= 0.0 else paths.state[i, LOWER]
        by_sky = _weight(density, half * sky_density(chances.density, x, y, z))
    value = light.values
    if 1.0 - (x * value[SUN, 0] + y * value[SUN, 1] + z * value[SUN, 2]) < narrow:
        by_sun = 1.0 if density == 0.0 else _weight(density, 1.0 / (2.0 * math.pi * narrow))
    red, green, blue = look_up(light.sky, 0, x, y, z)
    # within mirrors and panes the disc is what a camera sees, else what lights the ground
    disc = 1.0 / (math.pi * math.sin(light.sun_radius) ** 2)
    column = CLEAR if turn == 0 else LIT
    for c in range(3):
        sky = red if c == 0 else (green if c == 1 else blue)
        sun = value[DISC, c] if paths.state[i, KEEN] > 0.0 else value[SUN_LUX, c] * disc
        paths.seen[id_, column + c] += paths.state[i, BETA + c] * (by_sky * sky + by_sun * sun)


@inner
def _ask(
    rays: Asking,
    k: int,
    wave: Wave,
    i: int,
    x: float,
    y: float,
    z: float,
    far: float,
    red: float,
    green: float,
    blue: float,
    owner: int,
) -> int:
    """Note a ray to a light; how many there are then. Light too faint to matter is not asked for."""
    if not max(red, max(green, blue)) > 1e-7:
        return k
    for axis in range(3):
        rays.origin[k, axis] = wave.state[i, OFF + axis]
    rays.direction[k, 0], rays.direction[k, 1], rays.direction[k, 2] = x, y, z
    rays.time[k], rays.near[k], rays.far[k] = wave.time[i], 0.0, far
    rays.gain[k, 0], rays.gain[k, 1], rays.gain[k, 2] = red, green, blue
    rays.owner[k] = owner
    return k + 1


@inner
def _pane(transmission: float, cosine: float) -> tuple[float, float]:
    """Shares that a thin pane mirrors and lets through."""
    q = 1.0 - cosine
    face = 0.04 + 0.96 * q * q * q * q * q
    mirrored = 2.0 * face / (1.0 + face)
    return mirrored, transmission * (1.0 - mirrored) / (1.0 - 0.08 / 1.04)


@kernel
def scatter(
    plan: Plan,
    shapes: Shapes,
    bodies: Bodies,
    optics: Optics,
    light: Lighting,
    chances: SkyChances,
    turn: int,
    last_turn: bool,
    places: F4,
    paths: Paths,
    wave: Wave,
    layers: Layers,
    sun_rays: Asking,
    side_rays: Asking,
) -> tuple[int, int, int]:
    """Surfaces, lights to ask, directions to go on; how many paths, sun rays and other asking rays there are now.

    Long, because everything hangs on the surface that is looked up once.
    """
    resolve(shapes, bodies, optics, light, places, np.empty((0, RAY_COLUMNS), np.float32), 0, wave, layers)
    state, path, value = wave.state, paths.state, light.values
    narrow = 2.0 * math.sin(0.5 * light.sun_radius) ** 2
    sun_pdf = 1.0 / (2.0 * math.pi * narrow)
    sun_scale = 1.0 / (math.pi * math.sin(light.sun_radius) ** 2 * sun_pdf)
    shines = value[SUN_LUX, 0] + value[SUN_LUX, 1] + value[SUN_LUX, 2] > 0.0
    clear = value[EXTINCTION, 0] + value[EXTINCTION, 1] + value[EXTINCTION, 2] == 0.0
    column = CLEAR if turn == 0 else LIT
    kept, suns, sides = 0, 0, 0
    for i in range(wave.time.shape[0]):
        if wave.instance[i] == _NOTHING:
            _escape(light, chances, narrow, paths, wave, i, turn)
            continue
        owner = paths.owner[i]
        red, green, blue = float(path[i, BETA]), float(path[i, BETA + 1]), float(path[i, BETA + 2])
        dx, dy, dz = float(state[i, VIEW]), float(state[i, VIEW + 1]), float(state[i, VIEW + 2])
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        if not clear:
            a, b, c = (
                math.exp(-value[EXTINCTION, 0] * far),
                math.exp(-value[EXTINCTION, 1] * far),
                math.exp(-value[EXTINCTION, 2] * far),
            )
            paths.seen[owner, column] += red * value[AIRLIGHT, 0] * (1.0 - a)
            paths.seen[owner, column + 1] += green * value[AIRLIGHT, 1] * (1.0 - b)
            paths.seen[owner, column + 2] += blue * value[AIRLIGHT, 2] * (1.0 - c)
            red, green, blue = red * a, green * b, blue * c
        instance = int(wave.instance[i])
        triangle = shapes.instances[instance, 1] + int(wave.triangle[i])
        surface = shapes.instances[instance, 4] + int(shapes.triangle_surface[triangle])
        keen = path[i, KEEN] > 0.0
        if keen or plan.finish[surface, HAS_LAMP] == 0.0:
            paths.seen[owner, column] += red * state[i, GLOW]
            paths.seen[owner, column + 1] += green * state[i, GLOW + 1]
            paths.seen[owner, column + 2] += blue * state[i, GLOW + 2]
        nx, ny, nz = normalise(float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2]))
        cosine = min(max(-(nx * dx + ny * dy + nz * dz), 1e-4), 1.0)
        if turn == 0:
            paths.seen[owner, MET] = 1.0
            for axis in range(3):
                paths.seen[owner, PLACE + axis] = state[i, OFF + axis]
                paths.seen[owner, COLOR + axis] = 1.0
                paths.seen[owner, TURNED + axis] = state[i, FACE + axis]
        seed = _seed(plan.key, int(places[i, 1]) * plan.width + int(places[i, 0]))
        index, purpose = owner % plan.samples, _FIRST + _TURN * turn
        choice, lobe = pair(index, seed, purpose)
        ox, oy, oz = float(state[i, OFF]), float(state[i, OFF + 1]), float(state[i, OFF + 2])
        u0, v0 = places[i, 0], places[i, 1]
        transmission = float(plan.finish[surface, TRANSMISSION])
        if transmission > 0.0:
            if last_turn:
                continue
            mirrored, passed = _pane(transmission, cosine)
            chance = 0.25 + 0.5 * mirrored
            if lobe < chance:
                scale = mirrored / chance
                x, y, z = dx + 2.0 * cosine * nx, dy + 2.0 * cosine * ny, dz + 2.0 * cosine * nz
                path[kept, DENSITY], path[kept, UPPER], path[kept, LOWER] = 0.0, 0.0, 0.0
            else:
                scale = passed / (1.0 - chance)
                x, y, z = dx, dy, dz
                step = 2.0 * (2e-4 + 3e-6 * far) / max(cosine, 0.02)
                ox, oy, oz = ox + step * dx, oy + step * dy, oz + step * dz
                for k in range(DENSITY, LOWER + 1):
                    path[kept, k] = path[i, k]
            for k in range(KEEN, PATH_COLUMNS):
                path[kept, k] = path[i, k]
            path[kept, BETA], path[kept, BETA + 1], path[kept, BETA + 2] = red * scale, green * scale, blue * scale
        else:
            cr, cg, cb = float(state[i, ALBEDO]), float(state[i, ALBEDO + 1]), float(state[i, ALBEDO + 2])
            metal, widen, bounces = float(state[i, METAL]), float(path[i, WIDEN]), int(path[i, BOUNCES])
            tx, ty, tz, bx, by, bz = basis(nx, ny, nz)
            vx, vy, vz = -(tx * dx + ty * dy + tz * dz), -(bx * dx + by * dy + bz * dz), cosine
            vx, vy, vz = normalise(vx, vy, vz)
            bright = max(cr, max(cg, cb))
            lobes = prepare(
                plan.albedo,
                bright,
                float(state[i, GLOSS]),
                metal,
                float(plan.finish[surface, COAT]),
                float(plan.finish[surface, COAT_ROUGHNESS]),
                vz,
                widen,
            )
            if keen:
                own, over = lobes[8], lobes[10]
                mirror, base = over + (1.0 - over) * (1.0 - metal) * own, (1.0 - over) * (1.0 - (1.0 - metal) * own)
                paths.seen[owner, COLOR] = min(mirror + base * cr, 1.0)
                paths.seen[owner, COLOR + 1] = min(mirror + base * cg, 1.0)
                paths.seen[owner, COLOR + 2] = min(mirror + base * cb, 1.0)
            end = bounces >= plan.bounces
            if shines:
                u, w = pair(index, seed, purpose + 1)
                x, y, z = sample_cone(value[SUN, 0], value[SUN, 1], value[SUN, 2], narrow, u, w)
                lz = nx * x + ny * y + nz * z
                if lz > 0.0:
                    r0, g0, b0, p0, r1, g1, b1, p1 = evaluate(
                        plan.albedo,
                        lobes,
                        cr,
                        cg,
                        cb,
                        vx,
                        vy,
                        vz,
                        tx * x + ty * y + tz * z,
                        bx * x + by * y + bz * z,
                        lz,
                    )
                    rough = 1.0 if end else _weight(sun_pdf, p0)
                    sharp = 1.0 if last_turn else _weight(sun_pdf, p1)
                    suns = _ask(
                        sun_rays,
                        suns,
                        wave,
                        i,
                        x,
                        y,
                        z,
                        np.inf,
                        red * sun_scale * value[SUN_LUX, 0] * (rough * r0 + sharp * r1),
                        green * sun_scale * value[SUN_LUX, 1] * (rough * g0 + sharp * g1),
                        blue * sun_scale * value[SUN_LUX, 2] * (rough * b0 + sharp * b1),
                        owner,
                    )
            upper = upper_chance(chances.halves, nz)
            lamp, lamp_chance, choice, lux = choose_lamp(light.lamps, ox, oy, oz, nx, ny, nz, choice)
            to_lamp = 0.0
            if lamp >= 0:
                er, eg, eb = irradiance(value, nx, ny, nz)
                to_lamp = lux / (lux + 0.2126 * er + 0.7152 * eg + 0.0722 * eb)
                to_lamp = 1.0 if upper < 0.0 else min(max(to_lamp, _RARE), 1.0 - _RARE)
            u, w = pair(index, seed, purpose + 2)
            ask, scale, reach, density = False, 0.0, np.inf, 0.0
            x, y, z = 0.0, 0.0, 1.0
            if choice < to_lamp:
                x, y, z, distance = point_on_lamp(light.lamps, lamp, ox, oy, oz, u, w)
                scale = beam(light.lamps, lamp, -x, -y, -z) / (distance * distance * to_lamp * lamp_chance)
                reach = 0.999 * distance - 1.05 * float(light.lamps[lamp, LAMP_RADIUS])
                ask = reach > 0.0
            elif upper >= 0.0:
                x, y, z, density = sample_sky(chances.rows, chances.cells, chances.density, upper, u, w)
                density *= 1.0 - to_lamp
                ask, scale = density > 0.0, 1.0 / max(density, 1e-30)
            lz = nx * x + ny * y + nz * z
            if ask and lz > 0.0:
                r0, g0, b0, p0, r1, g1, b1, p1 = evaluate(
                    plan.albedo,
                    lobes,
                    cr,
                    cg,
                    cb,
                    vx,
                    vy,
                    vz,
                    tx * x + ty * y + tz * z,
                    bx * x + by * y + bz * z,
                    lz,
                )
                if choice < to_lamp:
                    # sharp lobes see the lamp itself
                    lr, lg, lb = (
                        float(light.lamps[lamp, LAMP_CD]),
                        float(light.lamps[lamp, LAMP_CD + 1]),
                        float(light.lamps[lamp, LAMP_CD + 2]),
                    )
                    rough, sharp = scale, 0.0
                    if not clear:
                        lr *= math.exp(-value[EXTINCTION, 0] * reach)
                        lg *= math.exp(-value[EXTINCTION, 1] * reach)
                        lb *= math.exp(-value[EXTINCTION, 2] * reach)
                else:
                    lr, lg, lb = look_up(light.sky, 0, x, y, z)
                    rough = scale * (1.0 if end else _weight(density, p0))
                    sharp = scale * (1.0 if last_turn else _weight(density, p1))
                sides = _ask(
                    side_rays,
                    sides,
                    wave,
                    i,
                    x,
                    y,
                    z,
                    reach,
                    red * lr * (rough * r0 + sharp * r1),
                    green * lg * (rough * g0 + sharp * g1),
                    blue * lb * (rough * b0 + sharp * b1),
                    owner,
                )
            if last_turn:
                continue
            u, w = pair(index, seed, purpose + 3)
            lx, ly, lz, narrow_lobe = sample(lobes, vx, vy, vz, lobe, u, w)
            if lz <= 0.0 or (end and narrow_lobe == 0.0):
                continue
            r0, g0, b0, p0, r1, g1, b1, p1 = evaluate(plan.albedo, lobes, cr, cg, cb, vx, vy, vz, lx, ly, lz)
            if narrow_lobe > 0.0:
                r0, g0, b0, p0 = r1, g1, b1, p1
            if not p0 > 0.0:
                continue
            red, green, blue = red * r0 / p0, green * g0 / p0, blue * b0 / p0
            strongest = max(red, max(green, blue))
            if turn > 0 and narrow_lobe == 0.0:
                # Russian roulette: what is left of the light is the chance to go on
                chance = min(max(strongest, 0.05), 1.0)
                if pair(index, seed, purpose + 4)[0] >= chance:
                    continue
                red, green, blue = red / chance, green / chance, blue / chance
            if not strongest > 0.0:
                continue
            x, y, z = tx * lx + bx * ly + nx * lz, ty * lx + by * ly + ny * lz, tz * lx + bz * ly + nz * lz
            path[kept, BETA], path[kept, BETA + 1], path[kept, BETA + 2] = red, green, blue
            path[kept, DENSITY] = p0
            to_sky = (1.0 - to_lamp) if upper >= 0.0 else 0.0
            path[kept, UPPER], path[kept, LOWER] = to_sky * upper, to_sky * (1.0 - upper)
            path[kept, KEEN] = 1.0 if keen and narrow_lobe > 0.0 else 0.0
            path[kept, WIDEN] = widen if narrow_lobe > 0.0 else _BLUR
            path[kept, BOUNCES] = bounces if narrow_lobe > 0.0 else bounces + 1
        wave.origin[kept, 0], wave.origin[kept, 1], wave.origin[kept, 2] = ox, oy, oz
        wave.direction[kept, 0], wave.direction[kept, 1], wave.direction[kept, 2] = x, y, z
        wave.time[kept], wave.near[kept], wave.far[kept] = wave.time[i], 0.0, np.inf
        places[kept, 0], places[kept, 1] = u0, v0
        paths.owner[kept] = owner
        kept += 1
    return kept, suns, sides


@kernel
def gather(count: int, rays: Asking, paths: Paths) -> None:
    """Light that got through, to the paths that asked."""
    for k in range(count):
        if not rays.blocked[k]:
            for c in range(3):
                paths.seen[rays.owner[k], LIT + c] += rays.gain[k, c]


@kernel
def settle(samples: int, first: int, count: int, paths: Paths, picture: F4) -> None:
    """Means over each pixel's samples, to the picture: rows as ``Paths.seen``, then the variance of lit luminance."""
    seen = paths.seen
    for p in range(count):
        for c in range(SEEN_COLUMNS):
            total = 0.0
            for k in range(p * samples, (p + 1) * samples):
                total += float(seen[k, c])
            picture[first + p, c] = total / samples
        mean, square = 0.0, 0.0
        for k in range(p * samples, (p + 1) * samples):
            bright = 0.2126 * float(seen[k, LIT]) + 0.7152 * float(seen[k, LIT + 1]) + 0.0722 * float(seen[k, LIT + 2])
            mean += bright
            square += bright * bright
        mean /= samples
        spread = max(square / samples - mean * mean, 0.0)
        picture[first + p, SEEN_COLUMNS] = spread / max(samples - 1, 1)
