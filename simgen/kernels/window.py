"""What a lidar's window lets through, by beam."""

from __future__ import annotations

import math

from simgen.kernels.jit import kernel
from simgen.records.base import F4


@kernel
def there_and_back(beam: F4, share: F4, low: float, pitch: float, radius: float, out: F4) -> None:
    """Share of the power that the window lets through, there and back, of beams (N, 3) in the sensor's frame.

    ``share`` (R, A): what it lets through once, averaged over the aperture; columns go round from behind over the
    right, forward and the left, rows are ``pitch`` m high, the first begins ``low`` m above the middle; the window's
    ``radius`` is in m.
    """
    rows, columns = share.shape
    for n in range(beam.shape[0]):
        x, y, z = float(beam[n, 0]), float(beam[n, 1]), float(beam[n, 2])
        flat = math.sqrt(x * x + y * y)
        across = (math.atan2(y, x) / (2.0 * math.pi) + 0.5) * columns - 0.5
        up = (radius * z / max(flat, 1e-6) - low) / pitch - 0.5
        up = min(max(up, 0.0), rows - 1.0)
        a0, r0 = math.floor(across), int(up)
        p, q, r1 = across - a0, up - r0, min(r0 + 1, rows - 1)
        a, b = int(a0) % columns, (int(a0) + 1) % columns
        lower = share[r0, a] * (1.0 - p) + share[r0, b] * p
        upper = share[r1, a] * (1.0 - p) + share[r1, b] * p
        once = lower * (1.0 - q) + upper * q
        out[n] = once * once
