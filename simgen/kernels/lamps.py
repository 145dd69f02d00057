"""The light of lamps on what a tile of rays has hit: which of them matter, rays to those, and what arrives.

Rays are taken in blocks of 64 neighbours. Of all lamps within reach a block keeps the ``MOST`` that could give it most,
told at four of its points with their materials; the others are added up without shadows. A point casts rays to those of
the kept that give at least ``WORTH`` of its light; what is left is dimmed as much as those are. No lamp is drawn by
chance: the picture has no noise. Loaded only where lamps shine.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.area import nearest_on, polygon_factor
from simgen.kernels.beams import beam
from simgen.kernels.brdf import DIELECTRIC, sheeting
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lamp_wave import (
    AREA_RAYS,
    BLOCK,
    MOST,
    PROBE_BOUNCE,
    PROBE_COLUMNS,
    PROBE_LUX,
    PROBE_PLACE,
    PROBE_WAY,
    PROBES,
    ROUNDS,
    SLOTS,
    UNLIT,
    LampWave,
)
from simgen.kernels.material import Finish, finish, lobes, mirrors, scatters, shines
from simgen.kernels.trace import occluded_many
from simgen.kernels.wave import (
    ALBEDO,
    COAT,
    DIRECT,
    EXTINCTION,
    FACE,
    GLOSS,
    LAMP_AXIS,
    LAMP_BEAM,
    LAMP_CD,
    LAMP_PLACE,
    LAMP_RADIUS,
    LAMP_REACH,
    LAMP_SOLID,
    LAMP_U,
    LAMP_V,
    LENGTH,
    MIRRORS,
    OFF,
    ON_MIRROR_HIDES,
    RETRO,
    VIEW,
    WHEN,
    Layers,
    Lighting,
    Onward,
    Wave,
)
from simgen.records.base import F4, F8
from simgen.records.lights import BEAMS
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)
_AREA = BEAMS.index("area")

#: hits a chunk of the native kernel
CHUNK = 256
#: least part of a hit's light for which a lamp gets a ray, and of a block's for which it is kept
WORTH = 0.03
KEPT = 0.004
#: a ray to a lamp ends so far before it that the lamp's own body does not hide it, m
MARGIN = 0.03
#: nothing counts as nearer to a lamp, m
NEAREST = 0.05
#: square of the distance from which a rectangle counts as a point, in its areas
_FAR = 64.0
#: a rectangle gets several rays where it gives this part of a hit's light or more, seen under half of this angle (rad)
SOFT_SHARE = 0.1
SOFT_ANGLE = 0.05
#: light that surroundings send on, as a share of the lamp's, in the open and between walls; and how far they are, m
BOUNCE_OPEN = 0.1
BOUNCE_INDOOR = 0.6
AROUND = 2.0

#: lux per candela on a surface that faces along its normal, and at right angles to the light; direction of the light,
#: distance of the lamp's middle, half the angle under which it is seen
Arrival = tuple[float, float, float, float, float, float, float]


@inner
def _from_area(
    lamps: F4,
    row: int,
    px: float,
    py: float,
    pz: float,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
) -> Arrival:
    """Light of a rectangle: its irradiance in closed form, and for highlights the point that a mirror would show."""
    ax, ay, az = float(lamps[row, LAMP_AXIS]), float(lamps[row, LAMP_AXIS + 1]), float(lamps[row, LAMP_AXIS + 2])
    x, y, z = px - lamps[row, LAMP_PLACE], py - lamps[row, LAMP_PLACE + 1], pz - lamps[row, LAMP_PLACE + 2]
    if x * ax + y * ay + z * az <= 1e-4:
        return 0.0, 0.0, nx, ny, nz, math.sqrt(x * x + y * y + z * z), 0.0
    twice = 2.0 * (nx * vx + ny * vy + nz * vz)
    rx, ry, rz = twice * nx - vx, twice * ny - vy, twice * nz - vz
    u, v = LAMP_U, LAMP_V
    uu = lamps[row, u] * lamps[row, u] + lamps[row, u + 1] * lamps[row, u + 1] + lamps[row, u + 2] * lamps[row, u + 2]
    vv = lamps[row, v] * lamps[row, v] + lamps[row, v + 1] * lamps[row, v + 1] + lamps[row, v + 2] * lamps[row, v + 2]
    size = 4.0 * math.sqrt(float(uu) * float(vv))
    lx, ly, lz = nearest_on(lamps, row, px, py, pz, rx, ry, rz, ax, ay, az)
    d = math.sqrt(lx * lx + ly * ly + lz * lz)
    lx, ly, lz = lx / d, ly / d, lz / d
    facing = max(-(lx * ax + ly * ay + lz * az), 0.0)
    far2 = x * x + y * y + z * z
    if far2 > _FAR * size:
        # so far off it is a point
        c = math.sqrt(far2)
        lux = (x * ax + y * ay + z * az) / (c * far2)
        flat = lux * max(-(nx * x + ny * y + nz * z) / c, 0.0)
    else:
        flat = polygon_factor(lamps, row, px, py, pz, nx, ny, nz) / size
    far = max(d, NEAREST)
    return flat, facing / (far * far), lx, ly, lz, math.sqrt(x * x + y * y + z * z), 0.5 * math.sqrt(size) / far


@inner
def _arrival(
    lamps: F4,
    row: int,
    px: float,
    py: float,
    pz: float,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
) -> Arrival:
    """What a lamp gives at a point p with normal n, seen from the direction v, if nothing is in the way."""
    if int(lamps[row, LAMP_BEAM]) == _AREA:
        return _from_area(lamps, row, px, py, pz, nx, ny, nz, vx, vy, vz)
    x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
    d = math.sqrt(x * x + y * y + z * z)
    far = max(d, max(float(lamps[row, LAMP_RADIUS]), NEAREST))
    x, y, z = x / max(d, 1e-6), y / max(d, 1e-6), z / max(d, 1e-6)
    lux = beam(lamps, row, -x, -y, -z) / (far * far)
    return lux * max(nx * x + ny * y + nz * z, 0.0), lux, x, y, z, d, float(lamps[row, LAMP_RADIUS]) / far


@inner
def _answer(
    state: F4,
    i: int,
    made: Finish,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
    nv: float,
    got: Arrival,
    exact: bool,
    blur: float,
) -> tuple[float, float, float]:
    """Radiance towards the eye for one candela, of each colour; ``exact``: rays show the lamp in the mirror."""
    lx, ly, lz = got[2], got[3], got[4]
    base, coat, rise, back = 0.0, 0.0, 0.0, 0.0
    if nx * lx + ny * ly + nz * lz > 0.0:
        base, coat, rise = lobes(state, i, nx, ny, nz, vx, vy, vz, lx, ly, lz, nv, got[6] + blur)
        if exact:
            base = 0.0
        if state[i, RETRO] > 0.0:
            ax, ay, az = lx - vx, ly - vy, lz - vz
            back = float(state[i, RETRO]) * sheeting(max(math.sqrt(ax * ax + ay * ay + az * az) - 0.1 * blur, 0.0))
    under, top = 1.0 - made[5], coat * (DIELECTRIC + (1.0 - DIELECTRIC) * rise)
    red = scatters(state, i, 0, made) * got[0]
    green = scatters(state, i, 1, made) * got[0]
    blue = scatters(state, i, 2, made) * got[0]
    if base == 0.0 and top == 0.0 and back == 0.0:
        return red * under, green * under, blue * under
    red += got[1] * (base * shines(state, i, 0, made, rise) + back * float(state[i, ALBEDO]))
    green += got[1] * (base * shines(state, i, 1, made, rise) + back * float(state[i, ALBEDO + 1]))
    blue += got[1] * (base * shines(state, i, 2, made, rise) + back * float(state[i, ALBEDO + 2]))
    top *= got[1]
    return red * under + top, green * under + top, blue * under + top


@inner
def _weigh(red: float, green: float, blue: float) -> float:
    """Luminance of linear RGB."""
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@inner
def _bounce(lamps: F4, row: int, far2: float, share: float) -> float:
    """Lux per candela that lit surroundings send on: the lamp's flux over a sphere, no sharper than rooms are wide."""
    return share * float(lamps[row, LAMP_SOLID]) / (4.0 * math.pi * (far2 + AROUND * AROUND))


@inner
def _reached(lamps: F4, px: float, py: float, pz: float) -> bool:
    """Whether any lamp reaches a point."""
    for row in range(lamps.shape[0]):
        x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
        far2, reach = x * x + y * y + z * z, float(lamps[row, LAMP_REACH])
        if far2 <= reach * reach:
            return True
    return False


@inner
def _claims(begin: int, end: int, light: Lighting, wave: Wave, lw: LampWave) -> bool:
    """Each lamp's claim to a block of hits: its greatest share of the light at four of them. Finds the probes.

    Returns whether any lamp reaches any of them; by day hardly one does.
    """
    lamps, state, lit = light.lamps, wave.state, False
    for row in range(lamps.shape[0]):
        lw.claim[row] = 0.0
    for k in range(PROBES):
        lw.probe[k, PROBE_PLACE] = np.inf
        i = begin + ((2 * k + 1) * (end - begin)) // (2 * PROBES)
        stop = begin + ((k + 1) * (end - begin)) // PROBES
        while i < stop and wave.instance[i] == _NOTHING:
            i += 1
        if i >= stop or wave.instance[i] == _NOTHING:
            continue
        px, py, pz = float(state[i, OFF]), float(state[i, OFF + 1]), float(state[i, OFF + 2])
        lw.probe[k, PROBE_PLACE], lw.probe[k, PROBE_PLACE + 1], lw.probe[k, PROBE_PLACE + 2] = px, py, pz
        if not _reached(lamps, px, py, pz):
            continue
        lit = True
        nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
        vx, vy, vz = -float(state[i, VIEW]), -float(state[i, VIEW + 1]), -float(state[i, VIEW + 2])
        nv = min(max(nx * vx + ny * vy + nz * vz, 1e-3), 1.0)
        made = finish(state, i, nv)
        matt = state[i, COAT] == 0.0 and state[i, RETRO] == 0.0 and state[i, GLOSS] > 0.4
        sum_ = 0.0
        for row in range(lamps.shape[0]):
            lw.worth[row] = 0.0
            x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
            far2, reach = x * x + y * y + z * z, float(lamps[row, LAMP_REACH])
            if far2 > reach * reach:
                continue
            power = _weigh(float(lamps[row, LAMP_CD]), float(lamps[row, LAMP_CD + 1]), float(lamps[row, LAMP_CD + 2]))
            # nothing matt sends back more than this
            if matt and power < 0.2 * KEPT * sum_ * far2:
                continue
            got = _arrival(lamps, row, px, py, pz, nx, ny, nz, vx, vy, vz)
            red, green, blue = _answer(state, i, made, nx, ny, nz, vx, vy, vz, nv, got, False, 0.2)
            # what turns away a little here may face the lamp next door
            lw.worth[row] = power * max(_weigh(red, green, blue), 0.02 * got[1])
            sum_ += lw.worth[row]
        if sum_ > 0.0:
            for row in range(lamps.shape[0]):
                lw.claim[row] = max(lw.claim[row], lw.worth[row] / sum_)
    return lit


@inner
def _keep(light: Lighting, lw: LampWave) -> tuple[int, int]:
    """The lamps with the greatest claims, theirs becoming -1; how many, and how many slots they take."""
    lamps, kept, slots = light.lamps, 0, 0
    while kept < MOST:
        best, row = KEPT, -1
        for k in range(lamps.shape[0]):
            if lw.claim[k] > best:
                best, row = float(lw.claim[k]), k
        if row < 0:
            break
        need = AREA_RAYS if int(lamps[row, LAMP_BEAM]) == _AREA else 1
        if slots + need > SLOTS:
            break
        lw.claim[row] = -1.0
        lw.kept[kept] = row
        kept += 1
        slots += need
    return kept, slots


@inner
def _probe_rest(light: Lighting, lw: LampWave) -> None:
    """What the lamps that are not kept give at each probe, shadows left out."""
    lamps = light.lamps
    share = BOUNCE_INDOOR if light.indoor else BOUNCE_OPEN
    for k in range(PROBES):
        px, py, pz = float(lw.probe[k, 0]), float(lw.probe[k, 1]), float(lw.probe[k, 2])
        for c in range(PROBE_LUX, PROBE_COLUMNS):
            lw.probe[k, c] = 0.0
        if not px < np.inf:
            continue
        for row in range(lamps.shape[0]):
            x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
            far2, reach = x * x + y * y + z * z, float(lamps[row, LAMP_REACH])
            if lw.claim[row] < 0.0 or far2 > reach * reach:
                continue
            d = math.sqrt(max(far2, 1e-6))
            bounce, lux = _bounce(lamps, row, far2, share), 0.0
            if lw.claim[row] > 0.0:
                lux = beam(lamps, row, -x / d, -y / d, -z / d) / max(far2, NEAREST * NEAREST)
            for c in range(3):
                lw.probe[k, PROBE_LUX + c] += lux * lamps[row, LAMP_CD + c]
                lw.probe[k, PROBE_BOUNCE + c] += bounce * lamps[row, LAMP_CD + c]
            power = lux * _weigh(
                float(lamps[row, LAMP_CD]), float(lamps[row, LAMP_CD + 1]), float(lamps[row, LAMP_CD + 2])
            )
            lw.probe[k, PROBE_WAY] += power * x / d
            lw.probe[k, PROBE_WAY + 1] += power * y / d
            lw.probe[k, PROBE_WAY + 2] += power * z / d


@inner
def _nearest_probe(lw: LampWave, px: float, py: float, pz: float) -> int:
    best, found = np.inf, 0
    for k in range(PROBES):
        x, y, z = lw.probe[k, 0] - px, lw.probe[k, 1] - py, lw.probe[k, 2] - pz
        d = x * x + y * y + z * z
        if d < best:
            best, found = d, k
    return found


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
    probe = _nearest_probe(lw, px, py, pz)
    br, bg, bb = (
        float(lw.probe[probe, PROBE_BOUNCE]),
        float(lw.probe[probe, PROBE_BOUNCE + 1]),
        float(lw.probe[probe, PROBE_BOUNCE + 2]),
    )
    total, slot = 0.0, 0
    for k in range(kept):
        lamp, row = lw.kept[k], base + slot * BLOCK + i - begin
        area = int(lamps[lamp, LAMP_BEAM]) == _AREA
        got = _arrival(lamps, lamp, px, py, pz, nx, ny, nz, vx, vy, vz)
        red, green, blue = _answer(state, i, made, nx, ny, nz, vx, vy, vz, nv, got, exact, 0.0)
        red, green, blue = red * lamps[lamp, LAMP_CD], green * lamps[lamp, LAMP_CD + 1], blue * lamps[lamp, LAMP_CD + 2]
        if fog:
            red *= math.exp(-value[EXTINCTION, 0] * got[5])
            green *= math.exp(-value[EXTINCTION, 1] * got[5])
            blue *= math.exp(-value[EXTINCTION, 2] * got[5])
        around = _bounce(lamps, lamp, got[5] * got[5], share)
        br, bg, bb = (
            br + around * lamps[lamp, LAMP_CD],
            bg + around * lamps[lamp, LAMP_CD + 1],
            bb + around * lamps[lamp, LAMP_CD + 2],
        )
        total += _weigh(red, green, blue)
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
        rays = AREA_RAYS if int(lamps[lw.kept[k], LAMP_BEAM]) == _AREA else 1
        row = base + slot * BLOCK + i - begin
        given = rays * _weigh(float(lw.light[row, 0]), float(lw.light[row, 1]), float(lw.light[row, 2]))
        if not given > WORTH * total:
            for sub in range(rays):
                lw.far[row + sub * BLOCK] = 0.0
        elif rays > 1 and (given < SOFT_SHARE * total or _seen_small(lw, row, lamps, lw.kept[k])):
            _one_ray(lw, row, lamps, lw.kept[k], rays)
        slot += rays
    way = nx * lw.probe[probe, PROBE_WAY] + ny * lw.probe[probe, PROBE_WAY + 1] + nz * lw.probe[probe, PROBE_WAY + 2]
    lux = _weigh(
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
        if not _claims(start, stop, light, wave, lw):
            lw.base[block, 0], lw.base[block, 1] = base, UNLIT
            continue
        kept, slots = _keep(light, lw)
        _probe_rest(light, lw)
        lw.base[block, 0], lw.base[block, 1] = base, slots
        slot = 0
        for k in range(kept):
            area = int(light.lamps[lw.kept[k], LAMP_BEAM]) == _AREA
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
            given, part = _weigh(r, g, b), float(lw.seen[row] / lw.tries[row])
            asked += given
            seen += part * given
            red, green, blue = red + part * r, green + part * g, blue + part * b
        dim = seen / asked if asked > 0.0 else 1.0
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        at = first + i
        for c in range(3):
            sent = (red if c == 0 else (green if c == 1 else blue)) + dim * (dr if c == 0 else (dg if c == 1 else db))
            through = math.exp(-value[EXTINCTION, c] * far)
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
