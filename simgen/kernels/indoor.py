"""The sky's share under a roof: wider means, for what windows let in is bright and comes from few directions.

Loaded only for worlds with a roof.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.image import plane_of, same_surface
from simgen.kernels.jit import kernel
from simgen.kernels.wave import DEPTH
from simgen.records.base import F4, F8


@kernel
def widen(
    first: int, last: int, width: int, height: int, lens: F8, rays: F4, surface: F4, step: int, smooth: F4, out: F4
) -> None:
    """Means of 4 x 4 means that lie ``step`` pixels apart on the same surface, for rows first..last."""
    right, down = 1.0 / lens[0], 1.0 / lens[1]
    left, top = 0.5 - lens[2], 0.5 - lens[3]
    for y in range(first, last):
        for x in range(width):
            pixel = y * width + x
            total, kept = float(smooth[pixel]), 1
            if surface[pixel, DEPTH] < np.inf:
                plane = plane_of(surface, pixel, rays, (x + left) * right, (y + top) * down)
                for k in range(16):
                    ox, oy = x + (2 * (k & 3) - 3) * step // 2, y + (2 * (k >> 2) - 3) * step // 2
                    if 0 <= ox < width and 0 <= oy < height:
                        other = oy * width + ox
                        if same_surface(surface, pixel, plane, other, rays, (ox + left) * right, (oy + top) * down):
                            total += float(smooth[other])
                            kept += 1
            out[pixel] = total / kept
