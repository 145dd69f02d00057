"""Light in air that lamps shine through or that is uneven: a grid over the image and over distance, and look-ups in it.

A frustum-aligned grid (Wronski 2014): rays through the corners of blocks of pixels are cut into slices that grow with
distance. From the camera outwards every slice adds what volumes take away and send, and what lamps light up. Columns of
volumes are closed forms. A lamp's light on a slice is integrated over the angle under which the lamp sees it, in which
inverse square and phase function are exact (Kulla and Fajardo 2012); what depends on the beam is sampled in between.
Around a lamp, where a grid is too coarse, pixels are done one by one; both join smoothly.

Loaded only for pictures with volumes, or with lamps in air that scatters.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.beams import beam
from simgen.kernels.haze_tables import (
    AROUND,
    DIMS,
    HERE,
    LEAVES,
    NEARBY,
    NODE_WAY,
    PASSES,
    PHASE_STEPS,
    SCATTERS,
    Clouds,
    Haze,
)
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lamp_arrival import MARGIN, NEAREST, luminance
from simgen.kernels.sky import Color, aureole, look_up
from simgen.kernels.volume_tables import FINENESS, LATTICE, LAYER, SHAPE
from simgen.kernels.volumes import _even_column as even_column
from simgen.kernels.volumes import interval, patch_factor
from simgen.kernels.wave import (
    AMBIENT,
    DIRECT,
    GLOW_AIR,
    LAMP_CD,
    LAMP_PLACE,
    LAMP_RADIUS,
    LAMP_REACH,
    LAMP_U,
    LAMP_V,
    LENGTH,
    ON_MIRROR,
    ON_PANE,
    SUN,
    SUN_LUX,
    VIEW,
    Layers,
    Lighting,
    Onward,
    Wave,
)
from simgen.records.air import LOBES
from simgen.records.base import F4, F8, I8, U1

#: angle that one sample of a beam stands for, rad, and most samples
_BEAM_STEP: Final = 0.06
_MOST: Final = 12
#: samples of a pixel's own integral: on each side of what lies abeam of the lamp (beyond so many rad), and there
_GROWING: Final = 7
_EVEN: Final = 3
_ABEAM: Final = 1.0
#: optical depth of one part of a slice, and most parts; nothing is seen behind so much
_PART: Final = 0.4
_PARTS: Final = 16
_BLACK: Final = 9.0
#: samples of patches in a slice at most
_PATCH_MOST: Final = 4
#: optical depth of a slice, and light of a lamp there, lx, from which on a shadow matters
_LEAST: Final = 1e-4
_LEAST_LUX: Final = 0.05


@inner
def _phase(phase: F8, angle: float, c: int) -> float:
    """The phase function integrated up to an angle, for a colour."""
    at = math.sqrt(max(angle, 0.0) / math.pi) * PHASE_STEPS
    low = min(int(at), PHASE_STEPS - 1)
    return float(phase[low, c] + (at - low) * (phase[low + 1, c] - phase[low, c]))


@inner
def _size(lamps: F4, row: int) -> float:
    """Distance from a lamp's middle within which it is not a point."""
    square = 0.0
    for axis in range(3):
        square += float(lamps[row, LAMP_U + axis]) ** 2 + float(lamps[row, LAMP_V + axis]) ** 2
    return max(max(float(lamps[row, LAMP_RADIUS]), NEAREST), 0.7 * math.sqrt(square))


@inner
def _beside(lamps: F4, row: int, x: float, y: float, z: float, dx: float, dy: float, dz: float) -> tuple[float, float]:
    """Where along a ray a lamp is nearest, and how near."""
    px, py, pz = (
        lamps[row, LAMP_PLACE] - x,
        lamps[row, LAMP_PLACE + 1] - y,
        lamps[row, LAMP_PLACE + 2] - z,
    )
    along = px * dx + py * dy + pz * dz
    px, py, pz = px - along * dx, py - along * dy, pz - along * dz
    return along, max(math.sqrt(px * px + py * py + pz * pz), _size(lamps, row))


@inner
def _lit(
    haze: Haze,
    lamps: F4,
    row: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    along: float,
    away: float,
    start: float,
    stop: float,
    leaves: Color,
) -> Color:
    """Light of a lamp that goes to a ray's beginning from between two angles, for a scattering of 1/m.

    Angles are those by which light turns: 0 far before the lamp, pi far behind it. ``leaves``: extinction between lamp
    and ray; the medium dims the way to the eye.
    """
    angle = 0.5 * (start + stop)
    sine = max(math.sin(angle), 1e-9)
    far = away / sine
    t = along - far * math.cos(angle)
    lx, ly, lz = (
        x + t * dx - lamps[row, LAMP_PLACE],
        y + t * dy - lamps[row, LAMP_PLACE + 1],
        z + t * dz - lamps[row, LAMP_PLACE + 2],
    )
    length = max(math.sqrt(lx * lx + ly * ly + lz * lz), 1e-9)
    share = beam(lamps, row, lx / length, ly / length, lz / length) / away
    if share <= 0.0:
        return 0.0, 0.0, 0.0
    m, t = haze.medium, max(t, 0.0)
    red = _phase(haze.phase, stop, 0) - _phase(haze.phase, start, 0)
    green = _phase(haze.phase, stop, 1) - _phase(haze.phase, start, 1)
    blue = _phase(haze.phase, stop, 2) - _phase(haze.phase, start, 2)
    return (
        red * share * lamps[row, LAMP_CD] * math.exp(-m[DIMS, 0] * t - leaves[0] * far),
        green * share * lamps[row, LAMP_CD + 1] * math.exp(-m[DIMS, 1] * t - leaves[1] * far),
        blue * share * lamps[row, LAMP_CD + 2] * math.exp(-m[DIMS, 2] * t - leaves[2] * far),
    )


@inner
def _core(
    haze: Haze,
    lamps: F4,
    row: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
) -> float:
    """What of a lamp's light on a ray is done pixel by pixel: 1 straight at it, 0 from an angle on."""
    if haze.lamp[row, NEARBY] == 0.0:
        return 0.0
    px, py, pz = (
        lamps[row, LAMP_PLACE] - x,
        lamps[row, LAMP_PLACE + 1] - y,
        lamps[row, LAMP_PLACE + 2] - z,
    )
    scale = 1.0 / max(math.sqrt(px * px + py * py + pz * pz), 1e-9)
    px, py, pz = px * scale - dx, py * scale - dy, pz * scale - dz
    left = 1.0 - (px * px + py * py + pz * pz) / (haze.core * haze.core)
    return left * left if left > 0.0 else 0.0


@inner
def _sunlit(light: Lighting, clouds: Clouds, v: int, c: int, cosine: float, depth: float) -> float:
    """Sunlight that a volume scatters, by its extinction, where that much of volumes lies towards the sun.

    Once by the phase function; what has left the beam before goes all ways and fades as light in a diffusing medium
    does, by ``sqrt(3 (1 - a) (1 - a g))`` (Ishimaru 1978). No place scatters more than falls on the volume.
    """
    total = 0.0
    for k in range(len(LOBES)):
        g = LOBES[k]
        total += clouds.lobes[v, c, k] * (1.0 - g * g) / (1.0 + g * g - 2.0 * g * cosine) ** 1.5
    beam_left, spread = math.exp(-depth), math.exp(-depth * clouds.fades[v, c])
    sun = (total * beam_left + max(spread - beam_left, 0.0)) / (4.0 * math.pi)
    return float(clouds.albedo[v, c] * light.values[SUN_LUX, c] * sun)


@inner
def _toward_sun(light: Lighting, clouds: Clouds, c: int, x: float, y: float, z: float) -> float:
    """Optical depth of volumes, but for layers, from a place to the sun, for a colour."""
    sx, sy, sz = light.values[SUN, 0], light.values[SUN, 1], light.values[SUN, 2]
    total = 0.0
    for v in range(clouds.row.shape[0]):
        if clouds.row[v, SHAPE] != LAYER:
            near, far = interval(clouds.row, v, x, y, z, sx, sy, sz, math.inf, 0.0)
            if far > near:
                total += clouds.extinction[v, c] * even_column(clouds.row, v, x, y, z, sx, sy, sz, near, far, 0.0)
    return total


@inner
def _column(
    clouds: Clouds,
    v: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    near: float,
    far: float,
) -> float:
    """Column of a volume between two distances."""
    total = even_column(clouds.row, v, x, y, z, dx, dy, dz, near, far, 0.0)
    if clouds.row[v, LATTICE] < 0.0 or total <= 0.0:
        return total
    count = min(max(int(4.0 * (far - near) * clouds.row[v, FINENESS]) + 1, 1), _PATCH_MOST)
    mean, step = 0.0, (far - near) / count
    for k in range(count):
        t = near + (k + 0.5) * step
        mean += patch_factor(clouds.row, clouds.lattice, v, x + t * dx, y + t * dy, z + t * dz, 0.0)
    return total * mean / count


@inner
def _mean_pass(depth: float) -> float:
    """Mean of ``exp(-x)`` over 0..depth."""
    return -math.expm1(-depth) / depth if depth > 1e-9 else 1.0


@inner
def _parts(
    clouds: Clouds,
    span: F8,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    a: float,
    b: float,
    so_far: float,
) -> int:
    """Into how many parts a slice is cut: thick puffs and boxes are lit at their fronts, which must not be missed."""
    if so_far > _BLACK:
        return 1
    depth = 0.0
    for v in range(clouds.row.shape[0]):
        near, far = max(a, span[v, 0]), min(b, span[v, 1])
        if far > near and clouds.row[v, SHAPE] != LAYER:
            depth += clouds.extinction[v, 1] * even_column(clouds.row, v, x, y, z, dx, dy, dz, near, far, 0.0)
    return min(int(depth / _PART) + 1, _PARTS)


@inner
def _march(
    haze: Haze,
    light: Lighting,
    clouds: Clouds,
    n: int,
    first: int,
    sunny: U1,
    lamplit: U1,
    span: F8,
    ahead: F8,
) -> None:
    """One ray from the camera outwards. ``span`` (V, 2) and ``ahead`` (L, 6) are scratch."""
    x, y, z = float(haze.node[n, 0]), float(haze.node[n, 1]), float(haze.node[n, 2])
    dx, dy, dz = (
        float(haze.node[n, NODE_WAY]),
        float(haze.node[n, NODE_WAY + 1]),
        float(haze.node[n, NODE_WAY + 2]),
    )
    lamps, ends, m, last = light.lamps, haze.ends, haze.medium, haze.ends.shape[0] - 1
    volumes = clouds.row.shape[0]
    for v in range(volumes):
        span[v, 0], span[v, 1] = interval(clouds.row, v, x, y, z, dx, dy, dz, ends[last], 0.0)
    kept = 0
    for row in range(lamps.shape[0]):
        along, away = _beside(lamps, row, x, y, z, dx, dy, dz)
        left = float(lamps[row, LAMP_REACH]) ** 2 - away * away
        if left > 0.0 and along + math.sqrt(left) > 0.0:
            half = math.sqrt(left)
            ahead[kept, 0], ahead[kept, 1], ahead[kept, 2] = row, along, away
            ahead[kept, 3], ahead[kept, 4] = along - half, along + half
            ahead[kept, 5] = 1.0 - _core(haze, lamps, row, x, y, z, dx, dy, dz)
            kept += 1
    shines = light.values[SUN_LUX, 1] > 0.0
    cosine = light.values[SUN, 0] * dx + light.values[SUN, 1] * dy + light.values[SUN, 2] * dz
    air_r, air_g, air_b = 0.0, 0.0, 0.0
    if volumes > 0 and light.air.shape[0] > 0:
        air_r, air_g, air_b = look_up(light.air, 0, dx, dy, dz)
    tr, tg, tb, sr, sg, sb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(last):
        parts = _parts(clouds, span, x, y, z, dx, dy, dz, ends[k], ends[k + 1], tg)
        for part in range(parts):
            a = ends[k] + (ends[k + 1] - ends[k]) * part / parts
            b = ends[k] + (ends[k + 1] - ends[k]) * (part + 1) / parts
            xr, xg, xb, jr, jg, jb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            vr, vg, vb, wr, wg, wb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for v in range(volumes):
                near, far = max(a, span[v, 0]), min(b, span[v, 1])
                if far <= near:
                    continue
                column = _column(clouds, v, x, y, z, dx, dy, dz, near, far)
                pr, pg, pb = (
                    column * clouds.extinction[v, 0],
                    column * clouds.extinction[v, 1],
                    column * clouds.extinction[v, 2],
                )
                if max(pr, max(pg, pb)) <= 1e-9:
                    continue
                xr, xg, xb = xr + pr, xg + pg, xb + pb
                vr, vg, vb = (
                    vr + pr * clouds.albedo[v, 0],
                    vg + pg * clouds.albedo[v, 1],
                    vb + pb * clouds.albedo[v, 2],
                )
                wr, wg, wb = (
                    wr + pr * clouds.soft[v, 0],
                    wg + pg * clouds.soft[v, 1],
                    wb + pb * clouds.soft[v, 2],
                )
                if clouds.row[v, SHAPE] == LAYER:
                    jr, jg, jb = jr + pr * air_r, jg + pg * air_g, jb + pb * air_b
                    continue
                qr, qg, qb = (
                    clouds.albedo[v, 0] * m[AROUND, 0],
                    clouds.albedo[v, 1] * m[AROUND, 1],
                    clouds.albedo[v, 2] * m[AROUND, 2],
                )
                if shines and sunny[(n - first) * last + k]:
                    t = 0.5 * (near + far)
                    px, py, pz = x + t * dx, y + t * dy, z + t * dz
                    depth = _toward_sun(light, clouds, 1, px, py, pz)
                    qr += _sunlit(light, clouds, v, 0, cosine, depth)
                    qg += _sunlit(light, clouds, v, 1, cosine, depth)
                    qb += _sunlit(light, clouds, v, 2, cosine, depth)
                jr, jg, jb = jr + pr * qr, jg + pg * qg, jb + pb * qb
            wide = b - a
            # lamps: scattering and extinction that the slice has on average
            lr, lg, lb = 0.0, 0.0, 0.0
            leaves = (
                m[PASSES, 0] + wr / wide,
                m[PASSES, 1] + wg / wide,
                m[PASSES, 2] + wb / wide,
            )
            cr, cg, cb = (
                m[SCATTERS, 0] + vr / wide,
                m[SCATTERS, 1] + vg / wide,
                m[SCATTERS, 2] + vb / wide,
            )
            if cr + cg + cb > 0.0:
                for q in range(kept):
                    low, high = max(a, ahead[q, 3]), min(b, ahead[q, 4])
                    row = int(ahead[q, 0])
                    if (
                        high <= low
                        or ahead[q, 5] <= 0.0
                        or not lamplit[((n - first) * last + k) * lamps.shape[0] + row]
                    ):
                        continue
                    along, away = ahead[q, 1], ahead[q, 2]
                    start, stop = (
                        math.atan2(away, along - low),
                        math.atan2(away, along - high),
                    )
                    count = min(int((stop - start) / _BEAM_STEP) + 1, _MOST)
                    step = (stop - start) / count
                    for i in range(count):
                        r, g, bl = _lit(
                            haze,
                            lamps,
                            row,
                            x,
                            y,
                            z,
                            dx,
                            dy,
                            dz,
                            along,
                            away,
                            start + i * step,
                            start + (i + 1) * step,
                            leaves,
                        )
                        lr, lg, lb = (
                            lr + r * ahead[q, 5],
                            lg + g * ahead[q, 5],
                            lb + bl * ahead[q, 5],
                        )
            for c in range(3):
                air = air_r if c == 0 else (air_g if c == 1 else air_b)
                alpha, x_c = m[DIMS, c], xr if c == 0 else (xg if c == 1 else xb)
                before = tr if c == 0 else (tg if c == 1 else tb)
                passed, clear, within = (
                    math.exp(-before),
                    math.exp(-alpha * a),
                    _mean_pass(x_c + alpha * wide),
                )
                added = passed * clear * (jr if c == 0 else (jg if c == 1 else jb)) * within
                if x_c > 0.0 and alpha > 0.0:
                    # the medium's light before a volume, which what lies behind is not dimmed with
                    gone, both = math.exp(-x_c), alpha * wide + x_c
                    added += air * passed * (1.0 - clear) * (1.0 - gone)
                    front = alpha * wide * _mean_pass(both) - gone * -math.expm1(-alpha * wide)
                    added += air * passed * clear * front
                lamp = (lr if c == 0 else (lg if c == 1 else lb)) * (cr if c == 0 else (cg if c == 1 else cb))
                added += lamp * passed * _mean_pass(x_c)
                if c == 0:
                    tr, sr = tr + x_c, sr + added
                elif c == 1:
                    tg, sg = tg + x_c, sg + added
                else:
                    tb, sb = tb + x_c, sb + added
        haze.glow[n, k + 1, 0], haze.glow[n, k + 1, 1], haze.glow[n, k + 1, 2] = (
            sr,
            sg,
            sb,
        )
        if volumes > 0:
            haze.left[n, k + 1, 0] = math.exp(-tr)
            haze.left[n, k + 1, 1] = math.exp(-tg)
            haze.left[n, k + 1, 2] = math.exp(-tb)


@kernel
def fill(
    first: int,
    last: int,
    haze: Haze,
    light: Lighting,
    clouds: Clouds,
    sunny: U1,
    lamplit: U1,
) -> None:
    """Fill the grid for rays first..last.

    ``sunny`` and ``lamplit`` say for each of their slices whether the sun, and each lamp, shines there.
    """
    span, ahead = (
        np.empty((clouds.row.shape[0], 2)),
        np.empty((light.lamps.shape[0], 6)),
    )
    for n in range(first, last):
        for c in range(3):
            haze.glow[n, 0, c] = 0.0
            if clouds.row.shape[0] > 0:
                haze.left[n, 0, c] = 1.0
        _march(haze, light, clouds, n, first, sunny, lamplit, span, ahead)


@kernel
def aim_sun(
    first: int,
    last: int,
    haze: Haze,
    light: Lighting,
    clouds: Clouds,
    origin: F4,
    direction: F4,
    far: F4,
    which: I8,
) -> int:
    """Rays to the sun from slices of rays first..last that hold puffs or boxes; how many, and ``which`` slices."""
    count, slices = 0, haze.ends.shape[0] - 1
    for n in range(first, last):
        x, y, z = float(haze.node[n, 0]), float(haze.node[n, 1]), float(haze.node[n, 2])
        dx, dy, dz = (
            float(haze.node[n, NODE_WAY]),
            float(haze.node[n, NODE_WAY + 1]),
            float(haze.node[n, NODE_WAY + 2]),
        )
        begin = count
        for v in range(clouds.row.shape[0]):
            if clouds.row[v, SHAPE] == LAYER:
                continue
            near, stop = interval(clouds.row, v, x, y, z, dx, dy, dz, haze.ends[slices], 0.0)
            for k in range(slices if stop > near else 0):
                low, high = max(near, haze.ends[k]), min(stop, haze.ends[k + 1])
                if high <= low or clouds.extinction[v, 1] * (high - low) < _LEAST:
                    continue
                known, cell = False, (n - first) * slices + k
                for j in range(begin, count):
                    known = known or which[j] == cell
                if not known:
                    t = 0.5 * (low + high)
                    origin[count, 0], origin[count, 1], origin[count, 2] = (
                        x + t * dx,
                        y + t * dy,
                        z + t * dz,
                    )
                    for axis in range(3):
                        direction[count, axis] = light.values[SUN, axis]
                    far[count], which[count] = np.inf, cell
                    count += 1
    return count


@kernel
def aim_lamps(
    first: int,
    last: int,
    haze: Haze,
    light: Lighting,
    origin: F4,
    direction: F4,
    far: F4,
    which: I8,
) -> int:
    """The same to every lamp that matters, from the middle of slices; ``which`` is slice times lamps plus lamp."""
    count, slices, lamps = 0, haze.ends.shape[0] - 1, light.lamps
    for row in range(lamps.shape[0]):
        bright = luminance(
            float(lamps[row, LAMP_CD]),
            float(lamps[row, LAMP_CD + 1]),
            float(lamps[row, LAMP_CD + 2]),
        )
        for k in range(slices):
            a, b = haze.ends[k], haze.ends[k + 1]
            for n in range(first, last):
                x, y, z = (
                    float(haze.node[n, 0]),
                    float(haze.node[n, 1]),
                    float(haze.node[n, 2]),
                )
                w = NODE_WAY
                dx, dy, dz = (
                    float(haze.node[n, w]),
                    float(haze.node[n, w + 1]),
                    float(haze.node[n, w + 2]),
                )
                along, away = _beside(lamps, row, x, y, z, dx, dy, dz)
                # the middle of the angle under which the lamp sees the slice
                angle = 0.5 * (math.atan2(away, along - a) + math.atan2(away, along - b))
                t = min(
                    max(along - away * math.cos(angle) / max(math.sin(angle), 1e-9), a),
                    b,
                )
                px, py, pz = x + t * dx, y + t * dy, z + t * dz
                lx, ly, lz = (
                    px - lamps[row, LAMP_PLACE],
                    py - lamps[row, LAMP_PLACE + 1],
                    pz - lamps[row, LAMP_PLACE + 2],
                )
                distance = max(math.sqrt(lx * lx + ly * ly + lz * lz), 1e-6)
                lx, ly, lz = lx / distance, ly / distance, lz / distance
                if bright * beam(lamps, row, lx, ly, lz) < _LEAST_LUX * distance * distance:
                    continue
                origin[count, 0], origin[count, 1], origin[count, 2] = px, py, pz
                direction[count, 0], direction[count, 1], direction[count, 2] = (
                    -lx,
                    -ly,
                    -lz,
                )
                far[count] = max(distance - MARGIN - float(lamps[row, LAMP_RADIUS]), 1e-4)
                which[count] = ((n - first) * slices + k) * lamps.shape[0] + row
                count += 1
    return count


@inner
def _cored(
    haze: Haze,
    lamps: F4,
    row: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    far: float,
) -> Color:
    """A lamp's light from the air on a ray up to a distance, integrated for that ray alone."""
    along, away = _beside(lamps, row, x, y, z, dx, dy, dz)
    start, stop = (
        math.atan2(away, along),
        math.pi if far == math.inf else math.atan2(away, along - far),
    )
    here = haze.lamp
    leaves = (here[row, LEAVES], here[row, LEAVES + 1], here[row, LEAVES + 2])
    red, green, blue, a = 0.0, 0.0, 0.0, start
    # steps that grow with the angle, up to where the lamp is abeam, and then with what is left to straight behind
    near, behind = (
        min(max(_ABEAM, start), stop),
        min(max(math.pi - _ABEAM, start), stop),
    )
    growth = (near / start) ** (1.0 / _GROWING)
    rest = max(math.pi - stop, 1e-4)
    shrink = (min(rest / (math.pi - behind), 1.0)) ** (1.0 / _GROWING)
    for k in range(2 * _GROWING + _EVEN):
        b = a * growth
        if k >= _GROWING + _EVEN:
            b = math.pi - (math.pi - a) * shrink
        elif k >= _GROWING:
            b = a + (behind - near) / _EVEN
        b = min(b, math.pi)
        if b > a:
            r, g, bl = _lit(haze, lamps, row, x, y, z, dx, dy, dz, along, away, a, b, leaves)
            red += r * here[row, HERE]
            green += g * here[row, HERE + 1]
            blue += bl * here[row, HERE + 2]
        a = b
    return red, green, blue


@inner
def _place(haze: Haze, u: float, v: float, far: float) -> tuple[int, int, float, float, float]:
    """A place in the grid: node and slice before it, shares of the next in column, row and slice."""
    s, t = (
        min(max(u / haze.wide, 0.0), 1.0 * haze.columns),
        min(max(v / haze.high, 0.0), 1.0 * haze.rows),
    )
    i, j = min(int(s), haze.columns - 1), min(int(t), haze.rows - 1)
    ends, last = haze.ends, haze.ends.shape[0] - 1
    if not far < ends[last]:
        return j * (haze.columns + 1) + i, last - 1, s - i, t - j, 1.0
    k = 0
    if far > ends[1]:
        k = min(
            max(int(math.log(far / ends[1]) / math.log(ends[2] / ends[1])) + 1, 1),
            last - 1,
        )
    # rounding may miss a slice by one
    if far < ends[k]:
        k -= 1
    elif far > ends[k + 1]:
        k += 1
    return (
        j * (haze.columns + 1) + i,
        k,
        s - i,
        t - j,
        (far - ends[k]) / (ends[k + 1] - ends[k]),
    )


@inner
def _look(table: F4, columns: int, n: int, k: int, c: int, s: float, t: float) -> float:
    """Value of a table of the grid at the end of a slice, between four rays."""
    m = n + columns + 1
    a = float(table[n, k, c]) + s * float(table[n + 1, k, c] - table[n, k, c])
    b = float(table[m, k, c]) + s * float(table[m + 1, k, c] - table[m, k, c])
    return a + t * (b - a)


@inner
def _passed(haze: Haze, n: int, k: int, c: int, s: float, t: float, w: float) -> tuple[float, float]:
    """What volumes let through, exponential within a slice, and the share of the slice's light that is there already.

    That share grows as the light that is left falls: so even light stays even.
    """
    a, b = (
        _look(haze.left, haze.columns, n, k, c, s, t),
        _look(haze.left, haze.columns, n, k + 1, c, s, t),
    )
    if a - b < 1e-5 * a or a <= 0.0:
        return a + w * (b - a), w
    left = a * (b / a) ** w
    return left, (a - left) / (a - b)


@inner
def _shown(haze: Haze, n: int, k: int, c: int, s: float, t: float, w: float) -> float:
    """Light of the grid."""
    a = _look(haze.glow, haze.columns, n, k, c, s, t)
    return a + w * (_look(haze.glow, haze.columns, n, k + 1, c, s, t) - a)


@kernel
def veil(
    first: int,
    haze: Haze,
    light: Lighting,
    places: F4,
    wave: Wave,
    out: Layers,
    onward: Onward,
) -> None:
    """Let the air of the grid dim and veil a tile of rays that has just been shaded and is still in its wave."""
    state, lamps, volumes = wave.state, light.lamps, haze.left.shape[0] > 0
    for i in range(wave.time.shape[0]):
        if state[i, LENGTH] == 0.0:
            continue
        at = first + i
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        n, k, s, t, w = _place(haze, float(places[at, 0]), float(places[at, 1]), far)
        dx, dy, dz = (
            float(state[i, VIEW]),
            float(state[i, VIEW + 1]),
            float(state[i, VIEW + 2]),
        )
        x, y, z = float(haze.node[n, 0]), float(haze.node[n, 1]), float(haze.node[n, 2])
        pr, pg, pb, wr, wg, wb = 1.0, 1.0, 1.0, w, w, w
        if volumes:
            pr, wr = _passed(haze, n, k, 0, s, t, w)
            pg, wg = _passed(haze, n, k, 1, s, t, w)
            pb, wb = _passed(haze, n, k, 2, s, t, w)
        red, green, blue = (
            _shown(haze, n, k, 0, s, t, wr),
            _shown(haze, n, k, 1, s, t, wg),
            _shown(haze, n, k, 2, s, t, wb),
        )
        if haze.covered:
            # the grid is too coarse for the summit of the sun's glow
            gr, gg, gb = aureole(light.values, GLOW_AIR, dx, dy, dz)
            red, green, blue = (
                red + gr * (1.0 - pr),
                green + gg * (1.0 - pg),
                blue + gb * (1.0 - pb),
            )
        for row in range(lamps.shape[0]):
            share = _core(haze, lamps, row, x, y, z, dx, dy, dz)
            if share > 0.0:
                r, g, b = _cored(haze, lamps, row, x, y, z, dx, dy, dz, far)
                if volumes:
                    along, _ = _beside(lamps, row, x, y, z, dx, dy, dz)
                    n, k, s, t, w = _place(
                        haze,
                        float(places[at, 0]),
                        float(places[at, 1]),
                        min(far, max(along, 0.0)),
                    )
                    r *= _passed(haze, n, k, 0, s, t, w)[0]
                    g *= _passed(haze, n, k, 1, s, t, w)[0]
                    b *= _passed(haze, n, k, 2, s, t, w)[0]
                red, green, blue = red + share * r, green + share * g, blue + share * b
        for c in range(3):
            passed = pr if c == 0 else (pg if c == 1 else pb)
            added = red if c == 0 else (green if c == 1 else blue)
            out.light[at, DIRECT + c] = out.light[at, DIRECT + c] * passed + added
            out.light[at, AMBIENT + c] *= passed
            if onward.kind.shape[0] > 0 and onward.kind[at] != 0:
                onward.data[at, ON_MIRROR + c] *= passed
                onward.data[at, ON_PANE + c] *= passed


@kernel
def passing(first: int, haze: Haze, places: F4, far: F8, out: F4) -> None:
    """Multiply ``out`` (N,) by what volumes let through of green light up to distances (N,), from row ``first`` on."""
    for i in range(far.shape[0]):
        n, k, s, t, w = _place(haze, float(places[first + i, 0]), float(places[first + i, 1]), far[i])
        out[first + i] *= _passed(haze, n, k, 1, s, t, w)[0]
