"""Light paths in waves: rays from the lens, what they meet, which lights they ask for, where they go on.

A tile holds some thousand paths. Each turn casts their rays, finds surfaces (:func:`simgen.kernels.surface.resolve`,
the camera's own, and what weather leaves on them), and for every hit sends one ray to the sun's disc and one to the
sky or to a lamp, then takes a direction from the BSDF for the next turn. Light that either way can find is weighted by
the power heuristic (Veach 1997). Paths that end are dropped at once, so arrays stay dense.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.beams import beam
from simgen.kernels.brdf import pane, sheeting
from simgen.kernels.bsdf import evaluate, prepare, sample
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lamp_arrival import MARGIN, NEAREST
from simgen.kernels.material import tint
from simgen.kernels.paths_ask import ask_for, escape, weight
from simgen.kernels.paths_light import (
    SkyChances,
    basis,
    choose_lamp,
    point_on_lamp,
    sample_cone,
    sample_sky,
    upper_chance,
)
from simgen.kernels.paths_tables import (
    BETA,
    BOUNCES,
    CLEAR,
    COLOR,
    DENSITY,
    FIRST,
    KEEN,
    LIT,
    LOWER,
    MET,
    PATH_COLUMNS,
    PLACE,
    TURN_PAIRS,
    TURNED,
    UPPER,
    WIDEN,
    Asking,
    Paths,
    Plan,
    pixel_seed,
)
from simgen.kernels.pose import normalise
from simgen.kernels.sky import airlight, irradiance, look_up
from simgen.kernels.sobol import pair
from simgen.kernels.wave import (
    ALBEDO,
    COAT,
    COAT_GLOSS,
    EXTINCTION,
    FACE,
    GLOSS,
    GLOW,
    LAMP_CD,
    LAMP_RADIUS,
    LENGTH,
    LESS,
    METAL,
    OFF,
    PANE,
    PAST,
    RAY_BEFORE,
    RAY_HIDES,
    RETRO,
    SUN,
    SUN_LUX,
    VIEW,
    Lighting,
    Wave,
)
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)

#: least alpha after a rough bounce
_BLUR: Final = 0.1
#: least share of the asking rays that goes to lamps, and to the sky, where there are both
_RARE: Final = 0.02
#: share of the sky that a surface under a roof is taken to see when lamp or sky is chosen
_INDOORS: Final = 0.01
#: way behind a path after a rough bounce, m: textures are seen coarsely then
_COARSE: Final = 100.0


@inner
def _scatter(
    plan: Plan,
    light: Lighting,
    chances: SkyChances,
    turn: int,
    last_turn: bool,
    paths: Paths,
    wave: Wave,
    sun_rays: Asking,
    side_rays: Asking,
) -> tuple[int, int, int]:
    """The work of :func:`scatter`, without reference counts.

    Long, because everything hangs on the surface that was found once.
    """
    places, given = paths.places, paths.given
    state, path, value = wave.state, paths.state, light.values
    narrow = 2.0 * math.sin(0.5 * light.sun_radius) ** 2
    sun_pdf = 1.0 / (2.0 * math.pi * narrow)
    sun_scale = 1.0 / (math.pi * math.sin(light.sun_radius) ** 2 * sun_pdf)
    shines = value[SUN_LUX, 0] + value[SUN_LUX, 1] + value[SUN_LUX, 2] > 0.0
    clear = value[EXTINCTION, 0] + value[EXTINCTION, 1] + value[EXTINCTION, 2] == 0.0
    column = CLEAR if turn == 0 else LIT
    sun_x, sun_y, sun_z = value[SUN, 0], value[SUN, 1], value[SUN, 2]
    sx, sy, sz, rx, ry, rz = basis(sun_x, sun_y, sun_z)
    kept, suns, sides = 0, 0, 0
    for i in range(wave.time.shape[0]):
        if wave.instance[i] == _NOTHING:
            escape(light, chances, narrow, paths, wave, i, turn)
            continue
        owner = paths.owner[i]
        red, green, blue = float(path[i, BETA]), float(path[i, BETA + 1]), float(path[i, BETA + 2])
        dx, dy, dz = float(state[i, VIEW]), float(state[i, VIEW + 1]), float(state[i, VIEW + 2])
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        if not clear:
            # what is drawn one by one is drawn on the first way alone
            less = 1.0 if turn == 0 else 0.0
            a, b, c = (
                math.exp(-max(value[EXTINCTION, 0] * far - less * value[LESS, 0], 0.0)),
                math.exp(-max(value[EXTINCTION, 1] * far - less * value[LESS, 1], 0.0)),
                math.exp(-max(value[EXTINCTION, 2] * far - less * value[LESS, 2], 0.0)),
            )
            air_r, air_g, air_b = airlight(light, dx, dy, dz)
            paths.seen[owner, column] += red * air_r * (1.0 - a)
            paths.seen[owner, column + 1] += green * air_g * (1.0 - b)
            paths.seen[owner, column + 2] += blue * air_b * (1.0 - c)
            red, green, blue = red * a, green * b, blue * c
        keen = path[i, KEEN] > 0.0
        for c in range(3):
            paths.seen[owner, column + c] += (red if c == 0 else (green if c == 1 else blue)) * state[i, GLOW + c]
        nx, ny, nz = normalise(float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2]))
        cosine = min(max(-(nx * dx + ny * dy + nz * dz), 1e-4), 1.0)
        if turn == 0:
            paths.seen[owner, MET] = 1.0
            for axis in range(3):
                paths.seen[owner, PLACE + axis] = state[i, OFF + axis]
                paths.seen[owner, COLOR + axis] = 1.0
                paths.seen[owner, TURNED + axis] = state[i, FACE + axis]
        seed = pixel_seed(plan.key, int(places[i, 1]) * plan.width + int(places[i, 0]))
        index, purpose = owner % plan.samples, FIRST + TURN_PAIRS * turn
        choice, lobe = pair(index, seed, purpose)
        ox, oy, oz = float(state[i, OFF]), float(state[i, OFF + 1]), float(state[i, OFF + 2])
        u0, v0 = places[i, 0], places[i, 1]
        before = float(given[i, RAY_BEFORE])
        if state[i, PANE] > 0.0:
            if last_turn:
                continue
            mirrored, passed = pane(float(state[i, PANE]), cosine)
            chance = 0.25 + 0.5 * mirrored
            if lobe < chance:
                red, green, blue = red * mirrored / chance, green * mirrored / chance, blue * mirrored / chance
                x, y, z = dx + 2.0 * cosine * nx, dy + 2.0 * cosine * ny, dz + 2.0 * cosine * nz
                path[kept, DENSITY], path[kept, UPPER], path[kept, LOWER] = 0.0, 0.0, 0.0
            else:
                passed /= 1.0 - chance
                red, green, blue = (
                    red * passed * tint(state, i, 0),
                    green * passed * tint(state, i, 1),
                    blue * passed * tint(state, i, 2),
                )
                x, y, z = dx, dy, dz
                past = float(state[i, PAST])
                ox, oy, oz = ox + past * dx, oy + past * dy, oz + past * dz
                for k in range(DENSITY, LOWER + 1):
                    path[kept, k] = path[i, k]
            before += far
            for k in range(KEEN, PATH_COLUMNS):
                path[kept, k] = path[i, k]
        else:
            cr, cg, cb = float(state[i, ALBEDO]), float(state[i, ALBEDO + 1]), float(state[i, ALBEDO + 2])
            # what sheeting sends straight back is not scattered
            retro = float(state[i, RETRO])
            back_r, back_g, back_b = retro * cr, retro * cg, retro * cb
            cr, cg, cb = cr - back_r, cg - back_g, cb - back_b
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
                float(state[i, COAT]),
                float(state[i, COAT_GLOSS]),
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
                a, b, c = sample_cone(narrow, u, w)
                x, y, z = a * sx + b * rx + c * sun_x, a * sy + b * ry + c * sun_y, a * sz + b * rz + c * sun_z
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
                    rough = 1.0 if end else weight(sun_pdf, p0)
                    sharp = 1.0 if last_turn else weight(sun_pdf, p1)
                    if retro > 0.0:
                        back = sheeting(math.sqrt((x + dx) ** 2 + (y + dy) ** 2 + (z + dz) ** 2))
                        r0, g0, b0 = r0 + back * back_r, g0 + back * back_g, b0 + back * back_b
                    suns = ask_for(
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
                open_lux = 0.2126 * er + 0.7152 * eg + 0.0722 * eb
                # under a roof hardly any of the sky gets in
                to_lamp = lux / (lux + (_INDOORS if light.indoor else 1.0) * open_lux)
                to_lamp = 1.0 if upper < 0.0 else min(max(to_lamp, _RARE), 1.0 - _RARE)
            u, w = pair(index, seed, purpose + 2)
            ask, scale, reach, density = False, 0.0, np.inf, 0.0
            x, y, z = 0.0, 0.0, 1.0
            if choice < to_lamp:
                x, y, z, distance = point_on_lamp(light.lamps, lamp, ox, oy, oz, u, w)
                radius = float(light.lamps[lamp, LAMP_RADIUS])
                near = max(distance, max(radius, NEAREST))
                scale = beam(light.lamps, lamp, -x, -y, -z) / (near * near * to_lamp * lamp_chance)
                # the lamp's own glass must not hide it
                reach = max(distance - MARGIN - radius, 1e-4)
                ask = True
            elif upper >= 0.0:
                x, y, z, density = sample_sky(chances, upper, u, w)
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
                    if retro > 0.0:
                        back = sheeting(math.sqrt((x + dx) ** 2 + (y + dy) ** 2 + (z + dz) ** 2))
                        r0, g0, b0 = r0 + back * back_r, g0 + back * back_g, b0 + back * back_b
                    if not clear:
                        lr *= math.exp(-value[EXTINCTION, 0] * reach)
                        lg *= math.exp(-value[EXTINCTION, 1] * reach)
                        lb *= math.exp(-value[EXTINCTION, 2] * reach)
                else:
                    lr, lg, lb = look_up(chances.sky, 0, x, y, z)
                    rough = scale * (1.0 if end else weight(density, p0))
                    sharp = scale * (1.0 if last_turn else weight(density, p1))
                sides = ask_for(
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
            path[kept, DENSITY] = p0
            to_sky = (1.0 - to_lamp) if upper >= 0.0 else 0.0
            path[kept, UPPER], path[kept, LOWER] = to_sky * upper, to_sky * (1.0 - upper)
            path[kept, KEEN] = 1.0 if keen and narrow_lobe > 0.0 else 0.0
            path[kept, WIDEN] = widen if narrow_lobe > 0.0 else _BLUR
            path[kept, BOUNCES] = bounces if narrow_lobe > 0.0 else bounces + 1
            before = before + far if narrow_lobe > 0.0 else _COARSE
        path[kept, BETA], path[kept, BETA + 1], path[kept, BETA + 2] = red, green, blue
        given[kept, RAY_BEFORE], given[kept, RAY_HIDES] = before, 1.0 - path[kept, KEEN]
        wave.origin[kept, 0], wave.origin[kept, 1], wave.origin[kept, 2] = ox, oy, oz
        wave.direction[kept, 0], wave.direction[kept, 1], wave.direction[kept, 2] = x, y, z
        wave.time[kept], wave.near[kept], wave.far[kept] = wave.time[i], 0.0, np.inf
        places[kept, 0], places[kept, 1] = u0, v0
        paths.owner[kept] = owner
        kept += 1
    return kept, suns, sides


@kernel
def scatter(
    plan: Plan,
    light: Lighting,
    chances: SkyChances,
    turn: int,
    last_turn: bool,
    paths: Paths,
    wave: Wave,
    sun_rays: Asking,
    side_rays: Asking,
) -> tuple[int, int, int]:
    """Lights to ask and directions to go on; how many paths, sun rays and other asking rays there are then."""
    return _scatter(
        plan,
        light,
        chances,
        turn,
        last_turn,
        paths,
        wave,
        sun_rays,
        side_rays,
    )
