"""Pixels of an event camera: from luminances at sub-steps to crossings of their thresholds.

Two passes over rows, so that every row knows where its events go before it writes them: the order of the events does
not depend on the threads. Within a sub-step the logarithm of the luminance is taken as linear in time (Rebecq et al.,
ESIM, CoRL 2018), so every crossing has a closed form.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.noise import normal2, uniform2
from simgen.records.base import F4, F8, I4, I8, U1, U2
from simgen.records.events import EVENT_LEAK, EVENT_NOISE

#: entries of ``constants``: leak in events/s, shot noise in events/s, refractory time in ns, dark luminance in cd/m2
LEAK, SHOT, REFRACTORY, DARK = 0, 1, 2, 3
#: smallest threshold that the spread may leave
LOWEST = 0.01
#: shot noise of a bright pixel as a share of that of a dark one (v2e)
BRIGHT_NOISE = 0.25
#: lane of a pixel's very first draws; later ones count up from 1
_FIRST = 0
#: bandwidth of the darkest pixel as a share of a bright one's
_SLOWEST = 0.01
_NEVER = np.int64(1) << np.int64(62)


@kernel
def thresholds(first: int, last: int, key: int, on: float, off: float, sigma: float, out_on: F4, out_off: F4) -> None:
    """Each pixel's thresholds: normal about the nominal ones, at least :data:`LOWEST`."""
    for i in range(first, last):
        a, b = normal2(key, i, 0)
        out_on[i] = np.float32(max(on + sigma * a, LOWEST))
        out_off[i] = np.float32(max(off + sigma * b, LOWEST))


@kernel
def begin(
    first: int,
    last: int,
    key: int,
    time_ns: int,
    constants: F8,
    on: F4,
    gap: F8,
    last_ns: I8,
    noise_ns: I8,
    draws: I4,
) -> None:
    """State before the first window.

    A leak has long brought the references to random places below the brightness; without one they start at it.
    """
    for i in range(first, last):
        u, v = uniform2(key, i, _FIRST)
        gap[i] = u * on[i] if constants[LEAK] > 0.0 else 0.0
        last_ns[i] = -_NEVER
        draws[i] = 1
        noise_ns[i] = time_ns + _wait(v, constants[SHOT])


@inner
def _wait(u: float, rate: float) -> int:
    """Time to the next arrival of a Poisson process, ns, at least 1."""
    if rate <= 0.0:
        return int(_NEVER >> np.int64(1))
    return int(min(-math.log1p(-u) / rate * 1e9, 1e17)) + 1


@kernel
def sense(
    first: int,
    last: int,
    light: F4,
    dark: float,
    bandwidth: float,
    bright: float,
    seconds: float,
    before: F8,
    after: F8,
) -> None:
    """The photoreceptor: ``L = ln(dark + I)``, through a first-order low-pass whose bandwidth grows with the light.

    Args:
        first: first pixel.
        last: one past the last.
        light: (P, 3) linear RGB, cd/m2.
        dark: luminance of the dark current, cd/m2.
        bandwidth: rad/s at ``bright`` cd/m2 and above; 0 = no low-pass.
        bright: cd/m2.
        seconds: since the sub-step before.
        before: (P,) the output then.
        after: (P,) written.
    """
    for i in range(first, last):
        value = 0.2126 * float(light[i, 0]) + 0.7152 * float(light[i, 1]) + 0.0722 * float(light[i, 2])
        level = math.log(dark + max(value, 0.0))
        if bandwidth > 0.0:
            share = min(max(value / bright, _SLOWEST), 1.0)
            level = before[i] + (1.0 - math.exp(-bandwidth * share * seconds)) * (level - before[i])
        after[i] = level


@inner
def _crossing(k: int, gap: float, slope: float, on: float, off: float) -> float:
    """When, as a share of the sub-step, the k-th threshold from now is met; 2 = not in it."""
    if slope > 0.0:
        return max(((k + 1) * on - gap) / slope, 0.0)
    if slope < 0.0:
        return max((-(k + 1) * off - gap) / slope, 0.0)
    return 2.0


@kernel
def fire(
    first: int,
    last: int,
    width: int,
    start_ns: int,
    end_ns: int,
    key: int,
    constants: F8,
    before: F8,
    after: F8,
    on: F4,
    off: F4,
    gap: F8,
    last_ns: I8,
    noise_ns: I8,
    draws: I4,
    rows: I8,
    write: bool,
    out_x: U2,
    out_y: U2,
    out_t: I8,
    out_p: U1,
    out_flags: U1,
) -> None:
    """Events of rows first..last between two sub-steps, pixel by pixel, each pixel's in order of time.

    Long, because a pixel's crossings and its noise have to be merged in time for the refractory period.

    Args:
        first: first row of pixels.
        last: one past the last.
        width: pixels a row.
        start_ns: instant of the first sub-step, inclusive.
        end_ns: instant of the second, exclusive.
        key: of the noise.
        constants: (4,) leak, shot noise, refractory time, dark luminance.
        before: (P,) photoreceptor at the first sub-step, natural logarithm.
        after: (P,) at the second.
        on: (P,) threshold for brighter.
        off: (P,) threshold for darker.
        gap: (P,) brightness less reference at the first sub-step; written in the second pass.
        last_ns: (P,) the pixel's last event; written in the second pass.
        noise_ns: (P,) next arrival of the noise; written in the second pass.
        draws: (P,) draws made; written in the second pass.
        rows: (H + 1,) counts a row, from entry 1, written in the first pass; where each row begins in the second.
        write: whether it is the second pass.
        out_x: (E,) written in the second pass, as are the following.
        out_y: (E,).
        out_t: (E,).
        out_p: (E,).
        out_flags: (E,).
    """
    span = float(end_ns - start_ns)
    leak, shot, quiet = constants[LEAK] * span * 1e-9, constants[SHOT], np.int64(constants[REFRACTORY])
    for y in range(first, last):
        at = rows[y] if write else np.int64(0)
        for x in range(width):
            i = y * width + x
            change = after[i] - before[i]
            rise, fall = float(on[i]), float(off[i])
            slope = change + leak * rise
            k, latest, noise, drawn = 0, last_ns[i], noise_ns[i], draws[i]
            while True:
                share = _crossing(k, gap[i], slope, rise, fall)
                when = start_ns + np.int64(share * span) if share < 1.0 else _NEVER
                if when >= end_ns and noise >= end_ns:
                    break
                flag, bright, real = 0, slope > 0.0, True
                if noise < when:
                    when = noise
                    wait, kind = uniform2(key, i, drawn)
                    drawn += 1
                    noise = when + _wait(wait, shot)
                    dim = constants[DARK] * math.exp(-after[i])
                    kept = BRIGHT_NOISE + (1.0 - BRIGHT_NOISE) * min(dim, 1.0)
                    real, flag, bright = kind < kept, EVENT_NOISE, kind < 0.5 * kept
                else:
                    k += 1
                    if bright and change <= 0.0:
                        flag = EVENT_LEAK
                if real and when - latest >= quiet:
                    latest = when
                    if write:
                        out_x[at], out_y[at], out_t[at] = x, y, when
                        out_p[at], out_flags[at] = 1 if bright else 0, flag
                    at += 1
            if write:
                step = rise if slope > 0.0 else -fall
                gap[i] += slope - k * step
                last_ns[i], noise_ns[i], draws[i] = latest, noise, drawn
        if not write:
            rows[y + 1] = at


__all__ = ["begin", "fire", "sense", "thresholds"]
