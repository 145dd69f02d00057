"""The light of lamps on what a tile of rays has hit: which of them matter, rays to those, and what arrives.

Rays are taken in blocks of 64 neighbours. Of all lamps within reach a block keeps the ``MOST`` that could give it most,
told at four of its points with their materials; the others are added up without shadows. A point casts rays to those of
the kept that give at least ``WORTH`` of its light; what is left is dimmed as much as those are. No lamp is drawn by
chance: the picture has no noise. Loaded only where lamps shine.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.beams import beam
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lamp_arrival import (
    AREA,
    BOUNCE_INDOOR,
    BOUNCE_OPEN,
    MARGIN,
    Arrival,
    answer,
    arrival,
    bounced,
    luminance,
)
from simgen.kernels.lamp_blocks import claims, keep, nearest_probe, probe_rest
from simgen.kernels.lamp_wave import (
    AREA_RAYS,
    BLOCK,
    PROBE_BOUNCE,
    PROBE_LUX,
    PROBE_WAY,
    ROUNDS,
    UNLIT,
    LampWave,
)
from simgen.kernels.material import finish, mirrors, scatters
from simgen.kernels.trace import occluded_many
from simgen.kernels.wave import (
    DIRECT,
    EXTINCTION,
    FACE,
    LAMP_BEAM,
    LAMP_CD,
    LAMP_PLACE,
    LAMP_RADIUS,
    LAMP_SOLID,
    LAMP_U,
    LAMP_V,
    LENGTH,
    LESS,
    MIRRORS,
    OFF,
    ON_MIRROR_HIDES,
    VIEW,
    WHEN,
    Layers,
    Lighting,
    Onward,
    Wave,
)
from simgen.records.base import F4, F8
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)

#: hits a chunk of the native kernel
CHUNK = 256
#: least part of a hit's light for which a lamp gets a ray
WORTH = 0.03
#: a rectangle gets several rays where it gives this part of a hit's light or more, seen under half of this angle (rad)
SOFT_SHARE = 0.1
SOFT_ANGLE = 0.05


@inner
def _ray_to_point(lw: LampWave, row: int, got: Arrival, margin: float) -> None:
    """The ray to a point lamp."""
    lw.direction[row, 0], lw.direction[row, 1], lw.direction[row, 2] = got[2], got[3], got[4]
    lw.far[row] = max(got[5] - margin, 1e-4)


@inner
def _ray_to_area(lw: LampWave, row: int, lamps: F4, lamp: int, sub: int, turn: int) -> None:
    """The ray to one of the points that stand for a rectangle: four a round, on a lattice that each round shifts."""
    p = -0.5 if sub & 1 == 0 else 0.5
    q = -0.5 if sub & 2 == 0 else 0.5
    # turned, so that no two stand above each other for an edge along the lamp
    p, q = p + 0.5 * q + 0.125 * turn, q - 0.5 * p + 0.375 * turn
    p -= 2.0 * math.floor(0.5 * (p + 1.0))
    q -= 2.0 * math.floor(0.5 * (q + 1.0))
    x = lamps[lamp, LAMP_PLACE] + p * lamps[lamp, LAMP_U] + q * lamps[lamp, LAMP_V] - lw.origin[row, 0]
    y = lamps[lamp, LAMP_PLACE + 1] + p * lamps[lamp, LAMP_U + 1] + q * lamps[lamp, LAMP_V + 1] - lw.origin[row, 1]
    z = lamps[lamp, LAMP_PLACE + 2] + p * lamps[lamp, LAMP_U + 2] + q * lamps[lamp, LAMP_V + 2] - lw.origin[row, 2]
    d = math.sqrt(x * x + y * y + z * z)
    lw.direction[row, 0], lw.direction[row, 1], lw.direction[row, 2] = x / d, y / d, z / d
    lw.far[row] = max(d - MARGIN, 1e-4)


@inner
def _one_ray(lw: LampWave, row: int, lamps: F4, lamp: int, rays: int) -> None:
    """Let the first of a rectangle's rays stand for all: it goes to the middle."""
    x = lamps[lamp, LAMP_PLACE] - lw.origin[row, 0]
    y = lamps[lamp, LAMP_PLACE + 1] - lw.origin[row, 1]
    z = lamps[lamp, LAMP_PLACE + 2] - lw.origin[row, 2]
    d = math.sqrt(x * x + y * y + z * z)
    lw.direction[row, 0], lw.direction[row, 1], lw.direction[row, 2] = x / d, y / d, z / d
    lw.far[row] = max(d - MARGIN, 1e-4)
    for c in range(3):
        lw.light[row, c] *= rays
    for sub in range(1, rays):
        lw.far[row + sub * BLOCK] = 0.0
        for c in range(3):
            lw.light[row + sub * BLOCK, c] = 0.0


@inner
def _seen_small(lw: LampWave, row: int, lamps: F4, lamp: int) -> bool:
    """Whether a rectangle looks so small from where a ray begins that its shadows have sharp edges."""
    far2, u2, v2 = 0.0, 0.0, 0.0
    for axis in range(3):
        away = lamps[lamp, LAMP_PLACE + axis] - lw.origin[row, axis]
        far2 += away * away
        u2 += lamps[lamp, LAMP_U + axis] * lamps[lamp, LAMP_U + axis]
        v2 += lamps[lamp, LAMP_V + axis] * lamps[lamp, LAMP_V + axis]
    return bool(max(u2, v2) < SOFT_ANGLE * SOFT_ANGLE * far2)


@inner
def _meet(
    i: int,
    begin: int,
    base: int,
    n: int,
    first: int,
    kept: int,
    light: Lighting,
    wave: Wave,
    onward: Onward,
    lw: LampWave,
) -> None:
    """One hit: what each kept lamp would give it, which of them get rays, and what needs none. ``n``: its number."""
    lamps, state, value = light.lamps, wave.state, light.values
    px, py, pz = float(state[i, OFF]), float(state[i, OFF + 1]), float(state[i, OFF + 2])
    nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
    vx, vy, vz = -float(state[i, VIEW]), -float(state[i, VIEW + 1]), -float(state[i, VIEW + 2])
    nv = min(max(nx * vx + ny * vy + nz * vz, 1e-3), 1.0)
    made = finish(state, i, nv)
    traced = onward.kind.shape[0] > 0 and onward.kind[first + i] & MIRRORS != 0
    exact = traced and onward.data[first + i, ON_MIRROR_HIDES] == 0.0
    fog = value[EXTINCTION, 0] + value[EXTINCTION, 1] + value[EXTINCTION, 2] > 0.0
    share = BOUNCE_INDOOR if light.indoor else BOUNCE_OPEN
    probe = nearest_probe(lw, px, py, pz)
    br, bg, bb = (
        float(lw.probe[probe, PROBE_BOUNCE]),
        float(lw.probe[probe, PROBE_BOUNCE + 1]),
        float(lw.probe[probe, PROBE_BOUNCE + 2]),
    )
    total, slot = 0.0, 0
    for k in range(kept):
        lamp, row = lw.kept[k], base + slot * BLOCK + i - begin
        area = int(lamps[lamp, LAMP_BEAM]) == AREA
        got = arrival(lamps, lamp, px, py, pz, nx, ny, nz, vx, vy, vz)
        red, green, blue = answer(state, i, made, nx, ny, nz, vx, vy, vz, nv, got, exact, 0.0)
        red, green, blue = red * lamps[lamp, LAMP_CD], green * lamps[lamp, LAMP_CD + 1], blue * lamps[lamp, LAMP_CD + 2]
        if fog:
            red *= math.exp(-value[EXTINCTION, 0] * got[5])
            green *= math.exp(-value[EXTINCTION, 1] * got[5])
            blue *= math.exp(-value[EXTINCTION, 2] * got[5])
        around = bounced(lamps, lamp, got[5] * got[5], share)
        br, bg, bb = (
            br + around * lamps[lamp, LAMP_CD],
            bg + around * lamps[lamp, LAMP_CD + 1],
            bb + around * lamps[lamp, LAMP_CD + 2],
        )
        total += luminance(red, green, blue)
        rays = AREA_RAYS if area else 1
        for sub in range(rays):
            lw.light[row, 0], lw.light[row, 1], lw.light[row, 2] = red / rays, green / rays, blue / rays
            lw.near[row], lw.time[row] = 0.0, state[i, WHEN]
            lw.origin[row, 0], lw.origin[row, 1], lw.origin[row, 2] = px, py, pz
            if area:
                _ray_to_area(lw, row, lamps, lamp, sub, 0)
            else:
                _ray_to_point(lw, row, got, MARGIN + float(lamps[lamp, LAMP_RADIUS]))
            row += BLOCK
        slot += rays
    slot = 0
    for k in range(kept):
        rays = AREA_RAYS if int(lamps[lw.kept[k], LAMP_BEAM]) == AREA else 1
        row = base + slot * BLOCK + i - begin
        given = rays * luminance(float(lw.light[row, 0]), float(lw.light[row, 1]), float(lw.light[row, 2]))
        if not given > WORTH * total:
            for sub in range(rays):
                lw.far[row + sub * BLOCK] = 0.0
        elif rays > 1 and (given < SOFT_SHARE * total or _seen_small(lw, row, lamps, lw.kept[k])):
            _one_ray(lw, row, lamps, lw.kept[k], rays)
        slot += rays
    way = nx * lw.probe[probe, PROBE_WAY] + ny * lw.probe[probe, PROBE_WAY + 1] + nz * lw.probe[probe, PROBE_WAY + 2]
    lux = luminance(
        float(lw.probe[probe, PROBE_LUX]), float(lw.probe[probe, PROBE_LUX + 1]), float(lw.probe[probe, PROBE_LUX + 2])
    )
    facing = max(float(way), 0.0) / max(lux, 1e-12)
    for c in range(3):
        diffuse = (1.0 - made[5]) * scatters(state, i, c, made)
        gray = (1.0 - made[5]) * mirrors(state, i, c, made) + made[5]
        sent = br if c == 0 else (bg if c == 1 else bb)
        lw.rest[n, c] = facing * lw.probe[probe, PROBE_LUX + c] * diffuse
        lw.steady[n, c] = sent * (diffuse + (0.0 if traced else gray / math.pi))


@inner
def aim_lamps(begin: int, end: int, first: int, light: Lighting, wave: Wave, onward: Onward, lw: LampWave) -> int:
    """Rays to lamps for hits begin..end of the wave; how many rows there are."""
    base = 0
    for start in range(begin, end, BLOCK):
        stop, block = min(start + BLOCK, end), (start - begin) // BLOCK
        if not claims(start, stop, light, wave, lw):
            lw.base[block, 0], lw.base[block, 1] = base, UNLIT
            continue
        kept, slots = keep(light, lw)
        probe_rest(light, lw)
        lw.base[block, 0], lw.base[block, 1] = base, slots
        slot = 0
        for k in range(kept):
            area = int(light.lamps[lw.kept[k], LAMP_BEAM]) == AREA
            for sub in range(AREA_RAYS if area else 1):
                lw.lamp[block, slot], lw.sub[block, slot] = lw.kept[k], sub if area else -1
                slot += 1
        for row in range(base, base + slots * BLOCK):
            lw.far[row] = 0.0
        for i in range(start, stop):
            if wave.instance[i] != _NOTHING:
                _meet(i, start, base, i - begin, first, kept, light, wave, onward, lw)
            else:
                for slot in range(slots):
                    row = base + slot * BLOCK + i - start
                    lw.light[row, 0], lw.light[row, 1], lw.light[row, 2] = 0.0, 0.0, 0.0
        for row in range(base, base + slots * BLOCK):
            # rays that are not sent need places too, near the others
            if not lw.far[row] > 0.0:
                lw.near[row] = 0.0
        base += slots * BLOCK
    return base


@inner
def count_rays(rows: int, turn: int, lw: LampWave) -> None:
    """The rays of a round are back."""
    for row in range(rows):
        if turn == 0:
            lw.tries[row], lw.seen[row] = 0.0, 0.0
        if lw.far[row] > 0.0:
            lw.tries[row] += 1.0
            lw.seen[row] += 0.0 if lw.blocked[row] else 1.0


@inner
def aim_again(begin: int, end: int, turn: int, light: Lighting, lw: LampWave) -> int:
    """More rays to rectangles that are seen in part; how many. All other rays are put out."""
    asked = 0
    for start in range(begin, end, BLOCK):
        stop, block = min(start + BLOCK, end), (start - begin) // BLOCK
        base, slots = lw.base[block, 0], lw.base[block, 1]
        for row in range(base, base + slots * BLOCK):
            lw.far[row] = 0.0
        for slot in range(slots):
            if lw.sub[block, slot] != 0:
                continue
            for p in range(stop - start):
                row = base + slot * BLOCK + p
                seen = 0.0
                for sub in range(AREA_RAYS):
                    seen += lw.seen[row + sub * BLOCK]
                # a single ray stands for a lamp that looks small
                part = lw.tries[row + BLOCK] == turn and lw.tries[row] == turn and (turn > 1 or 0.0 < seen < AREA_RAYS)
                if part:
                    asked += AREA_RAYS
                    for sub in range(AREA_RAYS):
                        _ray_to_area(lw, row + sub * BLOCK, light.lamps, lw.lamp[block, slot], sub, turn)
    return asked


@inner
def keep_lamps(begin: int, end: int, first: int, light: Lighting, wave: Wave, lw: LampWave, out: Layers) -> None:
    """The rays are back: add the lamps' light to the radiance."""
    state, value = wave.state, light.values
    for i in range(begin, end):
        if wave.instance[i] == _NOTHING:
            continue
        n = i - begin
        block = n // BLOCK
        if lw.base[block, 1] == UNLIT:
            continue
        red, green, blue, seen, asked = 0.0, 0.0, 0.0, 0.0, 0.0
        dr, dg, db = float(lw.rest[n, 0]), float(lw.rest[n, 1]), float(lw.rest[n, 2])
        for slot in range(lw.base[block, 1]):
            row = lw.base[block, 0] + slot * BLOCK + n - block * BLOCK
            r, g, b = float(lw.light[row, 0]), float(lw.light[row, 1]), float(lw.light[row, 2])
            if lw.tries[row] == 0.0:
                dr, dg, db = dr + r, dg + g, db + b
                continue
            given, part = luminance(r, g, b), float(lw.seen[row] / lw.tries[row])
            asked += given
            seen += part * given
            red, green, blue = red + part * r, green + part * g, blue + part * b
        dim = seen / asked if asked > 0.0 else 1.0
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        at = first + i
        for c in range(3):
            sent = (red if c == 0 else (green if c == 1 else blue)) + dim * (dr if c == 0 else (dg if c == 1 else db))
            through = math.exp(-max(value[EXTINCTION, c] * far - value[LESS, c], 0.0))
            out.light[at, DIRECT + c] += (sent + float(lw.steady[n, c])) * through


@kernel
def light_tile(
    first: int, occluded8: int, scene: int, light: Lighting, wave: Wave, layers: Layers, onward: Onward, lw: LampWave
) -> None:
    """Add lamps to a tile of rays that has just been shaded; ``lw`` has room for ``CHUNK`` hits."""
    count = wave.instance.shape[0]
    for begin in range(0, count, CHUNK):
        end = min(begin + CHUNK, count)
        rows = aim_lamps(begin, end, first, light, wave, onward, lw)
        for turn in range(ROUNDS + 1):
            if turn > 0 and aim_again(begin, end, turn, light, lw) == 0:
                break
            occluded_many(
                occluded8,
                scene,
                lw.origin[:rows],
                lw.direction[:rows],
                lw.time[:rows],
                lw.near[:rows],
                lw.far[:rows],
                lw.blocked[:rows],
            )
            count_rays(rows, turn, lw)
        keep_lamps(begin, end, first, light, wave, lw, layers)


@kernel
def stage_lamps(first: int, light: Lighting, wave: Wave, onward: Onward, lw: LampWave) -> int:
    """Without a native engine: rays to lamps for the whole wave; how many rows there are."""
    return aim_lamps(0, wave.instance.shape[0], first, light, wave, onward, lw)


@kernel
def stage_again(rows: int, turn: int, light: Lighting, wave: Wave, lw: LampWave) -> int:
    """They are back; how many more there are to cast."""
    count_rays(rows, turn, lw)
    return aim_again(0, wave.instance.shape[0], turn + 1, light, lw) if turn < ROUNDS else 0


@kernel
def stage_lit(first: int, light: Lighting, wave: Wave, lw: LampWave, layers: Layers) -> None:
    """All are back: add the light."""
    keep_lamps(0, wave.instance.shape[0], first, light, wave, lw, layers)


@kernel
def solid_angles(lamps: F4, directions: F8) -> None:
    """Fill ``LAMP_SOLID``: the mean of each beam over directions spread evenly over the sphere, times 4 pi."""
    for row in range(lamps.shape[0]):
        total = 0.0
        for k in range(directions.shape[0]):
            total += beam(lamps, row, directions[k, 0], directions[k, 1], directions[k, 2])
        lamps[row, LAMP_SOLID] = 4.0 * math.pi * total / directions.shape[0]
