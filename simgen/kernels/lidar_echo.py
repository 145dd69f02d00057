"""Pulses of one beam to echoes: what its rays send back adds up to a waveform, and its peaks are the echoes.

A ray's pulse is a Gaussian in range: the emitted pulse's, stretched where the part of the beam that the ray stands for
falls on a slope. The peaks of a sum of Gaussians are the fixed points of the mean shift (Comaniciu and Meer 2002)
started at each of them; Newton's steps hurry it near a peak. Exact, without sampling the waveform.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.lidar_signal import overlap
from simgen.kernels.lidar_tables import MOST_LAYERS, MOST_RAYS, Pulses, Receiver
from simgen.records.base import F4, F8, I4, I8, U1, U4

#: columns of the pulses of one beam: range, power in threshold powers, width (standard deviation, m)
AT: Final = 0
POWER: Final = 1
WIDTH: Final = 2
MIX_COLUMNS: Final = 3
MOST_PULSES: Final = MOST_RAYS * MOST_LAYERS
#: columns of the echoes of one beam beside range and power: 1 = between surfaces, and room for what is measured of it
MIXED: Final = 2
SIGNAL: Final = 3
REPORTED: Final = 4
ECHO_COLUMNS: Final = 5
#: an echo that lies farther than this from the surface that makes most of it belongs to several, m
_BETWEEN: Final = 0.03
#: most echoes of a beam: of surfaces, of the medium, and of two particles
MOST_SURFACES: Final = 4
MOST_ECHOES: Final = MOST_SURFACES + 3

#: peaks lower than this share of the threshold are nothing
_FAINT: Final = 0.1
#: a slope stretches no more than one of this tangent
_STEEPEST: Final = 20.0
#: pulses closer than this many widths add up to one as if they were at one place
_TOGETHER: Final = 0.25
#: pulses farther apart than so many of both their widths do not overlap
_APART: Final = 2.5
#: pulses of one surface that are no farther apart than so many of both their widths belong together
_UNBROKEN: Final = 1.0
#: steps up the waveform, and when they have arrived, in widths
_STEPS: Final = 16
_ARRIVED: Final = 1e-3


@spliced
def power_of(
    near: float, opens: float, open_: float, threshold: float, extinction: float, distance: float, response: float
) -> float:
    """Power of a response at a range, in threshold powers: the range equation (LISA, Kilic et al. 2021).

    The receiver hears nothing before ``near``; its view opens between the next two ranges.
    """
    if distance < near:
        return 0.0
    power = response / (distance * distance * threshold)
    if distance < open_:
        power *= overlap(opens, open_, distance)
    if extinction > 0.0:
        power *= math.exp(-2.0 * extinction * distance)
    return power


@inner
def gather(
    receiver: Receiver,
    extinction: float,
    spread: float,
    share: F8,
    pulses: Pulses,
    first: int,
    mix: F8,
    source: I8,
) -> tuple[int, float, bool]:
    """The pulses of the beam whose first ray is a row, nearest first.

    How many, the nearest surface's range, and whether all come from one surface.
    """
    count, nearest, same = 0, np.inf, True
    for k in range(share.shape[0]):
        row = first + k
        nearest = min(nearest, float(pulses.range[row]))
        same &= pulses.surface[row] == pulses.surface[first] and pulses.instance[row] == pulses.instance[first]
        same &= pulses.following[row] < 0
        while row >= 0:
            at = float(pulses.range[row])
            if at < np.inf and count < MOST_PULSES:
                power = share[k] * power_of(
                    receiver.near,
                    receiver.overlap_near,
                    receiver.overlap_far,
                    receiver.threshold,
                    extinction,
                    at,
                    float(pulses.response[row]),
                )
                if power > 0.0:
                    cosine = float(pulses.cosine[row])
                    slope = min(math.sqrt(max(1.0 - cosine * cosine, 0.0)) / max(cosine, 1e-3), _STEEPEST)
                    stretch = at * spread * slope
                    width = math.sqrt(receiver.pulse * receiver.pulse + stretch * stretch)
                    _insert(mix, source, count, at, power * receiver.pulse / width, width, row)
                    count += 1
            row = pulses.following[row]
    return count, nearest, same


@inner
def plane_echo(
    first: int,
    share: F8,
    pulse: float,
    reach: F4,
    response: F4,
    following: I4,
    plane: U1,
    surface: I4,
    instance: U4,
) -> tuple[float, float, float]:
    """Mean range, response and variance of a beam that ends on one surface; a negative range if it may do otherwise.

    A plane under a Gaussian beam sends back a Gaussian pulse: its middle is the mean of the rays' ranges, its variance
    the pulse's own plus that of the ranges. No waveform has to be made. So does one surface of several triangles whose
    ranges lie so close together that their pulses cannot part.
    """
    mean, total, square = 0.0, 0.0, 0.0
    base = float(reach[first])
    if not base < np.inf:
        return -1.0, 0.0, 0.0
    low, high, flat = 0.0, 0.0, True
    for k in range(share.shape[0]):
        row = first + k
        if following[row] != -1 or surface[row] != surface[first] or instance[row] != instance[first]:
            return -1.0, 0.0, 0.0
        apart = reach[row] - base
        if not apart < np.inf:
            return -1.0, 0.0, 0.0
        flat &= k == 0 or plane[row] != 0
        low, high = min(low, apart), max(high, apart)
        mean += share[k] * apart
        square += share[k] * apart * apart
        total += share[k] * response[row]
    if not flat and high - low > 2.0 * pulse:
        return -1.0, 0.0, 0.0
    return base + mean, total, max(square - mean * mean, 0.0)


@inner
def _insert(mix: F8, source: I8, count: int, at: float, power: float, width: float, row: int) -> None:
    """Keep the pulses in order of range."""
    k = count
    while k > 0 and mix[k - 1, AT] > at:
        mix[k, AT], mix[k, POWER], mix[k, WIDTH] = mix[k - 1, AT], mix[k - 1, POWER], mix[k - 1, WIDTH]
        source[k] = source[k - 1]
        k -= 1
    mix[k, AT], mix[k, POWER], mix[k, WIDTH], source[k] = at, power, width, row


@inner
def _shifted(mix: F8, low: int, high: int, x: float) -> tuple[float, float, int]:
    """One step up the waveform from ``x``, its height there, and the pulse that has the largest part in it.

    Newton's step where the waveform is concave and the step short; else the mean shift's, which always climbs.
    """
    height, weight, mean, bend, best, strongest = 0.0, 0.0, 0.0, 0.0, -1.0, low
    for k in range(low, high):
        inverse = 1.0 / mix[k, WIDTH]
        z = (x - mix[k, AT]) * inverse
        if abs(z) > 6.0:
            continue
        part = mix[k, POWER] * math.exp(-0.5 * z * z)
        height += part
        pull = part * inverse * inverse
        weight += pull
        mean += pull * (mix[k, AT] - x)
        bend += pull * (1.0 - z * z)
        if part > best:
            best, strongest = part, k
    if weight <= 0.0:
        return x, height, strongest
    step = mean / weight
    if bend > 0.25 * weight:
        step = mean / bend
    return x + step, height, strongest


@inner
def _add(echoes: F8, origin: I8, count: int, at: float, power: float, row: int, apart: float) -> int:
    """Keep the strongest echoes, strongest first; how many there are now."""
    if count == MOST_SURFACES and power <= echoes[count - 1, POWER]:
        return count
    k = min(count, MOST_SURFACES - 1)
    while k > 0 and echoes[k - 1, POWER] < power:
        echoes[k, AT], echoes[k, POWER], origin[k] = echoes[k - 1, AT], echoes[k - 1, POWER], origin[k - 1]
        echoes[k, MIXED] = echoes[k - 1, MIXED]
        k -= 1
    echoes[k, AT], echoes[k, POWER], origin[k] = at, power, row
    echoes[k, MIXED] = 1.0 if abs(apart) > _BETWEEN else 0.0
    return min(count + 1, MOST_SURFACES)


@inner
def _unbroken(mix: F8, low: int, high: int) -> bool:
    """Whether sorted pulses overlap from one to the next: a surface on a slope, not two behind each other."""
    whole = True
    for k in range(low + 1, high):
        whole &= mix[k, AT] - mix[k - 1, AT] <= _UNBROKEN * (mix[k, WIDTH] + mix[k - 1, WIDTH])
    return whole


@inner
def _as_one(
    mix: F8, source: I8, low: int, high: int, pulse: float, same: bool, echoes: F8, origin: I8, found: int
) -> int:
    """One echo of pulses that lie together: their mean, and a height that falls as they spread."""
    total, mean, square, strongest = 0.0, 0.0, 0.0, low
    base = mix[low, AT]
    for k in range(low, high):
        apart = mix[k, AT] - base
        energy = mix[k, POWER] * mix[k, WIDTH]
        total += energy
        mean += energy * apart
        square += energy * apart * apart
        if mix[k, POWER] > mix[strongest, POWER]:
            strongest = k
    mean /= total
    power = total / math.sqrt(pulse * pulse + max(square / total - mean * mean, 0.0))
    if power <= _FAINT:
        return found
    between = 0.0 if same else base + mean - mix[strongest, AT]
    return _add(echoes, origin, found, base + mean, power, source[strongest], between)


@inner
def _climb(mix: F8, source: I8, low: int, high: int, pulse: float, echoes: F8, origin: I8, found: int) -> int:
    """The peaks of pulses that overlap, by climbing from each of them."""
    last_start, last_peak = -np.inf, -np.inf
    for k in range(low, high):
        # from starts closer than half a width one comes to the same peak
        if mix[k, AT] - last_start < 0.5 * pulse:
            continue
        last_start = mix[k, AT]
        x = last_start
        y, height, strongest = _shifted(mix, low, high, x)
        for _ in range(_STEPS):
            if abs(y - x) < _ARRIVED * pulse:
                break
            x = y
            y, height, strongest = _shifted(mix, low, high, x)
        if height > _FAINT and abs(y - last_peak) > 0.25 * pulse:
            last_peak = y
            found = _add(echoes, origin, found, y, height, source[strongest], y - mix[strongest, AT])
    return found


@inner
def peaks(mix: F8, source: I8, count: int, pulse: float, same: bool, echoes: F8, origin: I8) -> int:
    """The echoes of sorted pulses: range, power and the row of the pulse that makes most of each; how many.

    Pulses too far apart to overlap are looked at apart. ``same``: all come from one surface, which under one beam makes
    one echo unless there is a gap.
    """
    found, low = 0, 0
    while low < count:
        high = low + 1
        while high < count and mix[high, AT] - mix[high - 1, AT] < _APART * (mix[high, WIDTH] + mix[high - 1, WIDTH]):
            high += 1
        together = mix[high - 1, AT] - mix[low, AT] <= _TOGETHER * pulse
        if together or (same and _unbroken(mix, low, high)):
            found = _as_one(mix, source, low, high, pulse, same, echoes, origin, found)
        else:
            found = _climb(mix, source, low, high, pulse, echoes, origin, found)
        low = high
    return found
