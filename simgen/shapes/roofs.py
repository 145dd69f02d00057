"""Roofs of buildings: flat, gable, hip and mansard, with what stands on them. The ridge runs along y."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.kit import CLADDING, FLAT, FRAME, METAL, PIPE, PLINTH, ROOF, TRIM, WALL, Kit, block, boxes, together
from simgen.shapes.primitives import cylinder, prism
from simgen.shapes.soup import Soup
from simgen.shapes.walls import Window, crossings, punched, windows


def rise_of(kind: str, depth: float, height: float) -> float:
    """How far a roof reaches over the walls, metres."""
    pitched = {"gable": 0.36 * depth, "hip": 0.34 * depth, "mansard": 2.7 + 0.1 * depth, "shallow": 0.08 * depth}
    return min(pitched.get(kind, 0.45), 0.42 * height)


def roof(kind: str, depth: float, width: float, eaves: float, height: float, *, open_sides: bool, rng: Stream) -> Kit:
    """A roof over walls; ``open_sides`` = it may stand out at its ends, as no neighbour adjoins."""
    if kind == "flat":
        return flat_roof(depth, width, eaves, height, rng)
    verge = 0.25 if open_sides else 0.0
    if kind == "hip":
        return together([hip_roof(depth, width, eaves, height), _gutters(depth, width, eaves, 0.45)])
    if kind == "mansard":
        return mansard_roof(depth, width, eaves, height)
    return together([gable_roof(depth, width, eaves, height, verge), _gutters(depth, width, eaves, 0.4)])


def _along_y(outline: F8, half: float, tag: int) -> Soup:
    """A prism along y over an outline (P, 2) in x and z, counter-clockwise seen from +y's far side."""
    body = prism(outline, -half, half)
    return Soup(body.vertices[:, [0, 2, 1]], np.ascontiguousarray(body.triangles[:, ::-1]), body.tags).tagged(tag)


def gable_roof(depth: float, width: float, eaves: float, height: float, verge: float, over: float = 0.4) -> Kit:
    """Two slopes and the walls below their ends."""
    thick, half = 0.14, 0.5 * width
    slope = (height - eaves - thick) / (0.5 * depth)
    x = 0.5 * depth + over
    low = eaves - over * slope
    outline = np.array([[x, low], [x, low + thick], [0.0, height], [-x, low + thick], [-x, low], [0.0, height - thick]])
    slabs = _along_y(outline, half + verge, ROOF)
    triangle = np.array([[0.5 * depth, eaves], [0.0, eaves + 0.5 * depth * slope], [-0.5 * depth, eaves]])
    attic = _along_y(triangle, half, WALL)
    right, left = outline[[0, 1, 2, 5]], outline[[2, 3, 4, 5]]
    solids = [_along_y(part, half + verge, 0).vertices for part in (right, left)]
    return Kit.of(slabs, attic, solids=(*solids, attic.vertices))


def hip_roof(depth: float, width: float, eaves: float, height: float, over: float = 0.45) -> Kit:
    """Four slopes of one pitch over overhanging eaves."""
    x, y = 0.5 * depth + over, 0.5 * width + over
    ridge, edge = max(y - x, 0.0), 0.14
    low = eaves - 0.02
    rim = np.array([[x, -y], [x, y], [-x, y], [-x, -y]])
    ring = np.concatenate([np.concatenate([rim, np.full((4, 1), z)], -1) for z in (low, low + edge)])
    top = np.array([[0.0, -ridge, height], [0.0, ridge, height]])
    v = np.concatenate([ring, top])
    slopes = [[4, 5, 9], [4, 9, 8], [6, 7, 8], [6, 8, 9], [5, 6, 9], [7, 4, 8]]
    skirt = [[a, b, b + 4] for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))] + [
        [a, b + 4, a + 4] for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))
    ]
    body = Soup.of(v, slopes, ROOF)
    rest = Soup.of(v, [*skirt, [0, 3, 2], [0, 2, 1]], TRIM)
    return Kit.of(body, rest, solids=(v,))


def mansard_roof(depth: float, width: float, eaves: float, height: float) -> Kit:
    """A steep slope of tiles for one more storey, then a shallow one; the ends are walls."""
    half, steep = 0.5 * width, min(2.4, 0.72 * (height - eaves))
    x = 0.5 * depth
    outline = np.array(
        [[x + 0.1, eaves], [x - 0.62, eaves + steep], [0.0, height], [0.62 - x, eaves + steep], [-x - 0.1, eaves]]
    )
    body = _along_y(outline, half, ROOF)
    ends = np.abs(np.abs(body.vertices[body.triangles][..., 1]) - half).max(1) < 1e-9
    same = np.ptp(body.vertices[body.triangles][..., 1], axis=1) < 1e-9
    tags = np.where(ends & same, WALL, ROOF)
    return Kit.of(Soup(body.vertices, body.triangles, tags), solids=(body.vertices,))


def flat_roof(depth: float, width: float, eaves: float, height: float, rng: Stream) -> Kit:
    """A slab of felt behind a parapet with a coping, and machines on it where it is large."""
    x, y, wall = 0.5 * depth, 0.5 * width, 0.24
    low = [[x - wall, -y, eaves], [-x, -y, eaves], [wall - x, -y, eaves], [wall - x, y - wall, eaves]]
    high = [[x, y, height], [wall - x, y, height], [x - wall, wall - y, height], [x - wall, y, height]]
    parapet = boxes(low, high, WALL)
    out = np.array([0.035, 0.035, 0.0])
    caps_low = np.array(low) - out + np.array([0.0, 0.0, height - eaves])
    coping = boxes(caps_low, np.array(high) + out + np.array([0.0, 0.0, 0.07]), FRAME)
    slab = boxes([[-x + 0.01, -y + 0.01, eaves - 0.2]], [[x - 0.01, y - 0.01, eaves + 0.04]], FLAT)
    tops = np.array(high) + np.array([0.0, 0.0, 0.07])
    solids = [boxes([a], [b], 0).vertices for a, b in zip(low, tops, strict=True)]
    return together([Kit.of(parapet, coping, slab, solids=solids), *_machines(depth, width, eaves + 0.04, rng)])


def _machines(depth: float, width: float, z: float, rng: Stream) -> list[Kit]:
    """A stair head, boxes of air conditioning on feet, vents and an aerial: each in a cell of its own."""
    kits = []
    columns = int((width - 3.0) // 4.5)
    kinds = rng.permutation(columns)[: min(columns, 5)]
    for k, column in enumerate(kinds):
        y = -0.5 * width + 1.5 + 4.5 * (int(column) + 0.5)
        x = float(rng.uniform(-0.2, 0.2)) * depth
        if k == 0 and depth > 8.0:
            kits.append(block((x - 1.6, y - 1.5, z), (x + 1.6, y + 1.5, z + 2.3), WALL))
            kits.append(Kit.of(boxes([[x - 1.65, y - 1.55, z + 2.3]], [[x + 1.65, y + 1.55, z + 2.4]], FRAME)))
        elif k % 3 == 2:
            pipe = cylinder(0.16, 0.9, 10).moved((x, y, z + 0.45)).tagged(METAL)
            kits.append(Kit.of(pipe, solids=(pipe.vertices,)))
        else:
            kits.append(block((x - 0.8, y - 1.1, z), (x + 0.8, y + 1.1, z + 1.15), METAL))
            fan = cylinder(0.55, 0.08, 14).moved((x, y, z + 1.19)).tagged(PIPE)
            kits.append(Kit.of(fan))
    return kits


def chimney(x: float, y: float, low: float, high: float) -> Kit:
    """A stack of brick with a cap and two pots."""
    stack = block((x - 0.3, y - 0.42, low), (x + 0.3, y + 0.42, high), PLINTH)
    cap = block((x - 0.35, y - 0.47, high), (x + 0.35, y + 0.47, high + 0.08), TRIM)
    pots = [cylinder(0.1, 0.3, 8).moved((x, y + side, high + 0.23)).tagged(CLADDING) for side in (-0.2, 0.2)]
    return together([stack, cap, Kit.of(*pots, solids=[p.vertices for p in pots])])


def dormer(x: float, y: float, z: float, lit_share: float, rng: Stream, deep: float = 2.2) -> Kit:
    """A window in a little house of its own on a slope: its front at ``x``, its foot at ``z``."""
    wide, tall = 1.35, 1.75
    hole = np.array([[-0.42, 0.42]]), np.array([[z + 0.35, z + tall - 0.2]])
    front = punched(wide, hole[1], z, z + tall, hole[0])
    glass = windows(crossings(*hole), Window(upright_bars=1, sills=True), lit_share, rng)
    sides = boxes([[-deep, -0.5 * wide, z]], [[0.0, 0.5 * wide, z + tall]], ROOF)
    # its front is the wall above
    is_front = np.abs(sides.vertices[sides.triangles][..., 0]).max(1) < 1e-9
    cheeks = Soup(sides.vertices, sides.triangles[~is_front], sides.tags[~is_front])
    lid = boxes([[-deep, -0.5 * wide - 0.12, z + tall]], [[0.18, 0.5 * wide + 0.12, z + tall + 0.1]], METAL)
    kit = Kit.of(front, cheeks, lid, solids=(sides.vertices - np.array([OUT_BACK, 0.0, 0.0]), lid.vertices))
    return together([kit, glass]).moved((x, y, 0.0))


#: collision shapes lie so far behind walls, half way to the panes
OUT_BACK = 0.028


def _gutters(depth: float, width: float, eaves: float, over: float) -> Kit:
    """Half pipes along both eaves; with downpipes at the front's ends."""
    x, z, y = 0.5 * depth + over, eaves - 0.2, 0.5 * width
    half = [[0.0, -0.07], [0.05, -0.05], [0.07, 0.0], [-0.07, 0.0], [-0.05, -0.05]]
    kits = []
    for side in (1.0, -1.0):
        ring = np.array(half)[:, :] + np.array([side * (x + 0.05), z + 0.12])
        kits.append(Kit.of(_along_y(ring, y, METAL)))
    return together(kits)


def downpipe(x: float, y: float, low: float, high: float) -> Kit:
    """A pipe down a wall."""
    pipe = cylinder(0.05, high - low, 8).moved((x + 0.055, y, 0.5 * (low + high))).tagged(METAL)
    return Kit.of(pipe, solids=(pipe.vertices,))


def string_course(width: float, z: float, tall: float = 0.22, out: float = 0.08) -> Kit:
    """A level moulding along a front."""
    profile = ((0.6 * out, z), (out, z + 0.5 * tall), (out, z + tall))
    parts = [
        boxes([[-0.02, -0.5 * width, a[1]]], [[b[0], 0.5 * width, b[1]]], TRIM, faces="front")
        for a, b in pairwise(profile)
    ]
    solid = boxes([[-0.03, -0.5 * width, z]], [[out, 0.5 * width, z + tall]], 0)
    return Kit.of(*parts, solids=(solid.vertices,))


def quoins(width: float, low: float, high: float) -> Soup:
    """Blocks of stone at both edges of a front, long and short in turns."""
    count = max(int((high - low) / 0.44), 1)
    k = np.arange(count)
    z = low + (high - low) * k / count
    tall = (high - low) / count - 0.03
    long = np.where(k % 2 == 0, 0.55, 0.34)
    zero = np.zeros(count)
    parts = []
    for side in (-1.0, 1.0):
        edge = zero + side * 0.5 * width
        inner = edge - side * long
        y0, y1 = np.minimum(edge, inner), np.maximum(edge, inner)
        parts.append((np.stack([zero, y0, z], -1), np.stack([zero + 0.022, y1, z + tall], -1)))
    low_all, high_all = (np.concatenate([p[i] for p in parts]) for i in (0, 1))
    return boxes(low_all, high_all, TRIM, faces="front")
