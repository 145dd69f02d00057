"""What an object would cover alone through a lens that bends lines: the rasteriser of :mod:`simgen.kernels.silhouette`
over triangles that are cut until their edges are straight in the image.

An edge is halved, in space, while the image of its middle lies off the middle of its image, or while it spans a wide
angle. The decision takes the edge alone, so neighbours cut it alike and no gap opens. Directions that the lens does not
see have an image too (:func:`simgen.kernels.lens.image_of` goes on beyond the border); what lies outside the image
circle is taken away at the end. There is no near plane: what is nearer than near, along the ray, does not count.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import EQUIRECTANGULAR
from simgen.kernels.silhouette_cut import COLUMNS, CORNER, DEPTH, LOOSE_SHARE, MARGIN_PX, cut, distance, load, place
from simgen.kernels.silhouette_fill import tally
from simgen.records.base import F4, F8, I4, I8, U1, U4

#: entry of a lens with its largest image radius, as in :mod:`simgen.lens.base`
_EDGE = 13
_TURN = 15


@inner
def _trim(mask: U1, left: int, top: int, c: F8) -> None:
    """Take away what lies outside the image circle."""
    limit = c[_EDGE]
    for y in range(mask.shape[0]):
        b = (top + y + 0.5 - c[3]) / c[1]
        for x in range(mask.shape[1]):
            if mask[y, x] != 0:
                a = (left + x + 0.5 - c[2]) / c[0]
                if a * a + b * b > limit * limit:
                    mask[y, x] = 0


@kernel
def silhouettes_through(
    start: int,
    stop: int,
    parts_start: I8,
    parts: I8,
    vertices: F4,
    triangles: U4,
    vertex_start: I8,
    triangle_start: I8,
    instance_mesh: U4,
    matrices: F8,
    model: int,
    c: F8,
    near: float,
    width: int,
    height: int,
    labels: I8,
    instance: U4,
    seen: I4,
    counts: I8,
    box: I4,
    crosses: U1,
) -> None:
    """Rasterise objects ``start`` to ``stop``; arguments as in :func:`simgen.kernels.silhouette.silhouettes`.

    ``model`` and ``c`` are the lens as in :mod:`simgen.kernels.lens`; ``near`` is a range. A panorama of a full turn
    has a canvas of one image: nothing lies beyond its sides.
    """
    zero = start - start  # not a literal 0, or numba compiles the helpers twice
    s = np.empty((DEPTH + 1, COLUMNS), np.float64)
    extent = np.empty(4, np.float64)
    period = 2.0 * math.pi * c[0] if model == EQUIRECTANGULAR else 0.0
    for o in range(start, stop):
        total = 0
        for p in range(parts_start[o], parts_start[o + 1]):
            mesh = instance_mesh[parts[p]]
            total += vertex_start[mesh + 1] - vertex_start[mesh]
        points = np.empty((total, CORNER), np.float64)
        extent[0], extent[1], extent[2], extent[3] = math.inf, math.inf, -math.inf, -math.inf
        left, top, right, bottom = 0, 0, 0, 0
        beyond = within = False
        # twice the same: first to find out how large a mask must be, then to fill it
        for turn in range(2):
            mask = np.zeros((bottom - top, right - left), np.uint8)
            first = zero
            for p in range(parts_start[o], parts_start[o + 1]):
                mesh, m = instance_mesh[parts[p]], matrices[p]
                a, b = vertex_start[mesh], vertex_start[mesh + 1]
                if turn == 0:
                    for v in range(a, b):
                        x, y, z = float(vertices[v, 0]), float(vertices[v, 1]), float(vertices[v, 2])
                        place(points, first + v - a, 0, x, y, z, m, model, c, height)
                        nearer = distance(points, first + v - a, 0) < near
                        within, beyond = within or nearer, beyond or not nearer
                for t in range(triangle_start[mesh], triangle_start[mesh + 1]):
                    load(s, points, first + triangles[t, 0], first + triangles[t, 1], first + triangles[t, 2])
                    cut(s, m, model, c, near, width, height, period, mask, left, top, extent)
                first += b - a
            if turn == 0:
                if not extent[0] < extent[2]:
                    break
                # a panorama's columns go round: its mask is as wide as its canvas
                full = c[_TURN] > 0.0
                low, high = (0.0, 1.0) if full else (-1.0, 2.0)
                for side in range(2):
                    extent[side] -= MARGIN_PX + LOOSE_SHARE * width
                    extent[side + 2] += MARGIN_PX + LOOSE_SHARE * width
                if period > 0.0:
                    extent[0], extent[2] = -1e9, 1e9
                left = int(min(max(math.floor(extent[0]), low * width), high * width))
                top = int(min(max(math.floor(extent[1]), float(-height)), 2.0 * height))
                right = int(min(max(math.ceil(extent[2]), low * width), high * width))
                bottom = int(min(max(math.ceil(extent[3]), float(-height)), 2.0 * height))
                if right <= left or bottom <= top:
                    break
            else:
                if period == 0.0:
                    _trim(mask, left, top, c)
                tally(mask, left, top, labels[o], instance, seen[o], width, height, counts[o], box[o])
        crosses[o] = beyond and within
