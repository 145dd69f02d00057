"""The grid of :mod:`simgen.kernels.haze`, looked up: what the air does to the light of rays."""

from __future__ import annotations

import math

from simgen.kernels.haze_lamps import abeam_of, core_share, own_light
from simgen.kernels.haze_tables import Haze
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.sky import aureole
from simgen.kernels.wave import (
    AMBIENT,
    DIRECT,
    GLOW_AIR,
    LENGTH,
    ON_MIRROR,
    ON_PANE,
    VIEW,
    Layers,
    Lighting,
    Onward,
    Wave,
)
from simgen.records.base import F4, F8


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
            share = core_share(haze, lamps, row, x, y, z, dx, dy, dz)
            if share > 0.0:
                r, g, b = own_light(haze, lamps, row, x, y, z, dx, dy, dz, far)
                if volumes:
                    along, _ = abeam_of(lamps, row, x, y, z, dx, dy, dz)
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
