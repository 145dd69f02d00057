"""What an object would cover alone: a rasteriser without depth, one mask an object; and counts of what is visible.

A pixel is covered where its centre lies in a triangle; edges belong to the triangle on their right or below (the
top-left rule), computed from the same end in both triangles that share them, so that no gap opens between them.
Triangles are clipped at the near plane. Rolling shutter: each vertex is projected at the time of the row in which it
appears (a fixed point, three rounds), with the pose interpolated between knots spread over the rows.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.silhouette_fill import fill, moved, tally
from simgen.records.base import F4, F8, I4, I8, U1, U4

#: rounds of the fixed point between a vertex's row and its time
_ROUNDS = 3


@kernel
def count_visible(instance: U4, row_of: I4, pixels: I8, box: I4) -> None:
    """Pixels and pixel boxes (x_min, y_min, x_max, y_max, exclusive) of the instances of an image (H, W).

    ``row_of`` maps ids to rows of the results, -1 = not asked for; ``box`` must begin as (W, H, 0, 0).
    """
    height, width = instance.shape
    for y in range(height):
        x = 0
        while x < width:
            start, label = x, instance[y, x]
            while x < width and instance[y, x] == label:
                x += 1
            if label == 0 or label >= len(row_of) or row_of[label] < 0:
                continue
            row = row_of[label]
            pixels[row] += x - start
            box[row, 0] = min(box[row, 0], start)
            box[row, 1] = min(box[row, 1], y)
            box[row, 2] = max(box[row, 2], x)
            box[row, 3] = max(box[row, 3], y + 1)


@device
def _image(lens: F8, a: float, b: float) -> tuple[float, float]:
    """Pixels of a direction (x / z, y / z); lens: fx, fy, cx, cy, near."""
    return lens[0] * a + lens[2], lens[1] * b + lens[3]


@device
def _project(out: F8, first: int, vertices: F4, m: F8, lens: F8, height: int) -> None:
    """Camera coordinates and pixels of a part's vertices: x, y, z, u, v from row ``first``.

    Pixels of vertices nearer than near are not set.
    """
    near = lens[4]
    last = m.shape[0] - 1
    for k in range(len(vertices)):
        px, py, pz = float(vertices[k, 0]), float(vertices[k, 1]), float(vertices[k, 2])
        knot, share = last // 2, 0.0
        x = y = z = 0.0
        for _ in range(_ROUNDS if last > 0 else 1):
            x = moved(m, knot, share, 0, px, py, pz)
            y = moved(m, knot, share, 1, px, py, pz)
            z = moved(m, knot, share, 2, px, py, pz)
            if last == 0 or z < near:
                break
            place = min(max(_image(lens, x / z, y / z)[1] / height, 0.0), 1.0) * last
            knot = min(int(place), last - 1)
            share = place - knot
        row = first + k
        out[row, 0], out[row, 1], out[row, 2] = x, y, z
        if z >= near:
            out[row, 3], out[row, 4] = _image(lens, x / z, y / z)


@device
def _crossing(a: F8, b: F8, lens: F8, out: F8, k: int) -> None:
    """Where an edge meets the near plane, in pixels."""
    t = (lens[4] - a[2]) / (b[2] - a[2])
    out[k, 0], out[k, 1] = _image(lens, (a[0] + t * (b[0] - a[0])) / lens[4], (a[1] + t * (b[1] - a[1])) / lens[4])


@device
def _clipped(points: F8, i: int, j: int, k: int, lens: F8, out: F8) -> int:
    """Corners in pixels of a triangle's part beyond the near plane; how many there are (0, 3 or 4)."""
    n = 0
    for step in range(3):
        a = i if step == 0 else (j if step == 1 else k)
        b = j if step == 0 else (k if step == 1 else i)
        inside, following = points[a, 2] >= lens[4], points[b, 2] >= lens[4]
        if inside:
            out[n, 0], out[n, 1] = points[a, 3], points[a, 4]
            n += 1
        if inside and not following:
            _crossing(points[a], points[b], lens, out, n)
            n += 1
        elif following and not inside:
            # from the far end, as the neighbour that runs along this edge the other way does
            _crossing(points[b], points[a], lens, out, n)
            n += 1
    return n


@device
def _fill_clipped(mask: U1, left: int, top: int, corners: F8, n: int) -> None:
    """A clipped triangle: three or four corners, as a fan."""
    for k in range(1, n - 1):
        ax, ay, bx, by = corners[0, 0], corners[0, 1], corners[k, 0], corners[k, 1]
        fill(mask, left, top, ax, ay, bx, by, corners[k + 1, 0], corners[k + 1, 1])


@device
def _bounds(
    points: F8, first: int, stop: int, triangles: U4, begin: int, end: int, lens: F8, box: F8, corners: F8
) -> None:
    """Widen a box (x_min, y_min, x_max, y_max) by triangles ``begin`` to ``end`` of vertices ``first`` to ``stop``."""
    behind = False
    for v in range(first, stop):
        if points[v, 2] < lens[4]:
            behind = True
            continue
        box[0], box[1] = min(box[0], points[v, 3]), min(box[1], points[v, 4])
        box[2], box[3] = max(box[2], points[v, 3]), max(box[3], points[v, 4])
    if not behind:
        return
    for t in range(begin, end):
        i, j, k = first + triangles[t, 0], first + triangles[t, 1], first + triangles[t, 2]
        n = _clipped(points, i, j, k, lens, corners)
        for c in range(n):
            box[0], box[1] = min(box[0], corners[c, 0]), min(box[1], corners[c, 1])
            box[2], box[3] = max(box[2], corners[c, 0]), max(box[3], corners[c, 1])


@kernel
def silhouettes(
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
    lens: F8,
    width: int,
    height: int,
    labels: I8,
    instance: U4,
    seen: I4,
    counts: I8,
    box: I4,
    crosses: U1,
) -> None:
    """Rasterise objects ``start`` to ``stop``; long, because it strings the steps together over scratch memory.

    Args:
        start: first object.
        stop: the object after the last.
        parts_start: first part of each object, (O + 1).
        parts: stage instances of all objects, end to end.
        vertices: as in Stage, like the next four.
        triangles: vertex indices.
        vertex_start: first vertex of each mesh.
        triangle_start: first triangle of each mesh.
        instance_mesh: mesh of each stage instance.
        matrices: camera from body of each part, one a knot; the knots are spread evenly over the rows, (P, G, 3, 4).
        lens: fx, fy, cx, cy, near.
        width: of the image.
        height: of the image.
        labels: instance id of each object.
        instance: the image's instance ids, (H, W), or an empty array.
        seen: visible box of each object, (O, 4).
        counts: out, pixels inside the image and on the canvas of three by three images, (O, 2).
        box: out, box inside the image, must begin as (W, H, 0, 0), (O, 4).
        crosses: out, whether the object crosses the near plane, (O).
    """
    near = lens[4]
    zero = start - start  # not a literal 0, or numba compiles the helpers twice
    corners = np.empty((4, 2), np.float64)
    extent = np.empty(4, np.float64)
    for o in range(start, stop):
        total = 0
        for p in range(parts_start[o], parts_start[o + 1]):
            mesh = instance_mesh[parts[p]]
            total += vertex_start[mesh + 1] - vertex_start[mesh]
        points = np.empty((total, 5), np.float64)
        extent[0], extent[1], extent[2], extent[3] = math.inf, math.inf, -math.inf, -math.inf
        first = zero
        for p in range(parts_start[o], parts_start[o + 1]):
            mesh = instance_mesh[parts[p]]
            a, b = vertex_start[mesh], vertex_start[mesh + 1]
            _project(points, first, vertices[a:b], matrices[p], lens, height)
            c, d = triangle_start[mesh], triangle_start[mesh + 1]
            _bounds(points, first, first + b - a, triangles, c, d, lens, extent, corners)
            first += b - a
        before = behind = False
        for v in range(total):
            if points[v, 2] >= lens[4]:
                before = True
            else:
                behind = True
        crosses[o] = before and behind
        left, top, right, bottom = 0, 0, 0, 0
        if extent[0] < extent[2]:
            left = int(min(max(math.floor(extent[0]), float(-width)), 2.0 * width))
            top = int(min(max(math.floor(extent[1]), float(-height)), 2.0 * height))
            right = int(min(max(math.ceil(extent[2]), float(-width)), 2.0 * width))
            bottom = int(min(max(math.ceil(extent[3]), float(-height)), 2.0 * height))
        mask = np.zeros((bottom - top, right - left), np.uint8)
        first = zero
        for p in range(parts_start[o], parts_start[o + 1]):
            mesh = instance_mesh[parts[p]]
            for t in range(triangle_start[mesh], triangle_start[mesh + 1]):
                i, j, k = first + triangles[t, 0], first + triangles[t, 1], first + triangles[t, 2]
                if points[i, 2] >= near and points[j, 2] >= near and points[k, 2] >= near:
                    ax, ay, bx, by = points[i, 3], points[i, 4], points[j, 3], points[j, 4]
                    fill(mask, left, top, ax, ay, bx, by, points[k, 3], points[k, 4])
                else:
                    n = _clipped(points, i, j, k, lens, corners)
                    _fill_clipped(mask, left, top, corners, n)
            first += vertex_start[mesh + 1] - vertex_start[mesh]
        tally(mask, left, top, labels[o], instance, seen[o], width, height, counts[o], box[o])
