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
from simgen.kernels.haze_clouds import column_of, depth_to_sun, mean_passed, parts_of, sunlight
from simgen.kernels.haze_lamps import abeam_of, core_share, lamp_light
from simgen.kernels.haze_tables import AROUND, DIMS, NODE_WAY, PASSES, SCATTERS, Clouds, Haze
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lamp_arrival import MARGIN, luminance
from simgen.kernels.sky import look_up
from simgen.kernels.volume_tables import LAYER, SHAPE
from simgen.kernels.volumes import interval
from simgen.kernels.wave import LAMP_CD, LAMP_PLACE, LAMP_RADIUS, LAMP_REACH, SUN, SUN_LUX, Lighting
from simgen.records.base import F4, F8, I8, U1

#: angle that one sample of a beam stands for, rad, and most samples
_BEAM_STEP: Final = 0.06
_MOST: Final = 12
#: optical depth of a slice, and light of a lamp there, lx, from which on a shadow matters
_LEAST: Final = 1e-4
_LEAST_LUX: Final = 0.05


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
    """One ray from the camera outwards. ``span`` (V, 2) and ``ahead`` (L, 6) are scratch.

    Long, because volumes, sun and lamps add to the same sums of three colours, slice by slice; helpers would be passed
    and give back all of them.
    """
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
        along, away = abeam_of(lamps, row, x, y, z, dx, dy, dz)
        left = float(lamps[row, LAMP_REACH]) ** 2 - away * away
        if left > 0.0 and along + math.sqrt(left) > 0.0:
            half = math.sqrt(left)
            ahead[kept, 0], ahead[kept, 1], ahead[kept, 2] = row, along, away
            ahead[kept, 3], ahead[kept, 4] = along - half, along + half
            ahead[kept, 5] = 1.0 - core_share(haze, lamps, row, x, y, z, dx, dy, dz)
            kept += 1
    shines = light.values[SUN_LUX, 1] > 0.0
    cosine = light.values[SUN, 0] * dx + light.values[SUN, 1] * dy + light.values[SUN, 2] * dz
    air_r, air_g, air_b = 0.0, 0.0, 0.0
    if volumes > 0 and light.air.shape[0] > 0:
        air_r, air_g, air_b = look_up(light.air, 0, dx, dy, dz)
    tr, tg, tb, sr, sg, sb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(last):
        parts = parts_of(clouds, span, x, y, z, dx, dy, dz, ends[k], ends[k + 1], tg)
        for part in range(parts):
            a = ends[k] + (ends[k + 1] - ends[k]) * part / parts
            b = ends[k] + (ends[k + 1] - ends[k]) * (part + 1) / parts
            xr, xg, xb, jr, jg, jb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            vr, vg, vb, wr, wg, wb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for v in range(volumes):
                near, far = max(a, span[v, 0]), min(b, span[v, 1])
                if far <= near:
                    continue
                column = column_of(clouds, v, x, y, z, dx, dy, dz, near, far)
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
                    depth = depth_to_sun(light, clouds, 1, px, py, pz)
                    qr += sunlight(light, clouds, v, 0, cosine, depth)
                    qg += sunlight(light, clouds, v, 1, cosine, depth)
                    qb += sunlight(light, clouds, v, 2, cosine, depth)
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
                        r, g, bl = lamp_light(
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
                    mean_passed(x_c + alpha * wide),
                )
                added = passed * clear * (jr if c == 0 else (jg if c == 1 else jb)) * within
                if x_c > 0.0 and alpha > 0.0:
                    # the medium's light before a volume, which what lies behind is not dimmed with
                    gone, both = math.exp(-x_c), alpha * wide + x_c
                    added += air * passed * (1.0 - clear) * (1.0 - gone)
                    front = alpha * wide * mean_passed(both) - gone * -math.expm1(-alpha * wide)
                    added += air * passed * clear * front
                lamp = (lr if c == 0 else (lg if c == 1 else lb)) * (cr if c == 0 else (cg if c == 1 else cb))
                added += lamp * passed * mean_passed(x_c)
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
                along, away = abeam_of(lamps, row, x, y, z, dx, dy, dz)
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
