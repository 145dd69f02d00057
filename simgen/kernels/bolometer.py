"""The microbolometers of a thermal camera: from radiance to counts, with noise that stays and noise that does not."""

from __future__ import annotations

import math

from simgen.kernels.jit import kernel
from simgen.kernels.noise import normal, normal2
from simgen.records.base import F8, U2


@kernel
def read(
    first: int,
    last: int,
    width: int,
    frame_key: int,
    correction_key: int,
    device_key: int,
    noise: float,
    fixed: float,
    column: float,
    drift: float,
    low: float,
    per_count: float,
    most: int,
    radiance: F8,
    raw: U2,
) -> None:
    """Counts of pixels first..last: ``(L + noise - low) / per_count``, rounded and cut at 0 and ``most``.

    Args:
        first: first pixel.
        last: one past the last.
        width: pixels a row.
        frame_key: of the noise of this frame.
        correction_key: of the pattern that the latest non-uniformity correction left.
        device_key: of each pixel's own rate of drift.
        noise: sigma of the frame's noise, W/(m2 sr), as are the next three.
        fixed: sigma of the pattern that is left.
        column: sigma of its columns.
        drift: sigma of what has drifted since the correction.
        low: radiance of count 0.
        per_count: radiance of one count.
        most: highest count.
        radiance: (P,) W/(m2 sr).
        raw: (P,) written.
    """
    for i in range(first, last):
        value = radiance[i]
        if noise > 0.0:
            value += noise * normal(frame_key, i, 0)
        if fixed > 0.0:
            value += fixed * normal(correction_key, i, 0)
        if column > 0.0:
            value += column * normal(correction_key, i % width, 1)
        if drift > 0.0:
            value += drift * normal2(device_key, i, 0)[1]
        raw[i] = int(min(max(math.floor((value - low) / per_count + 0.5), 0.0), float(most)))
