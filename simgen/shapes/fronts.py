"""What fronts of buildings carry: shops, names, awnings, balconies, curtain walls of glass, doors that roll up."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.kit import (
    AWNING,
    CLADDING,
    DOOR,
    FRAME,
    GOODS,
    LIT_OFFICE,
    METAL,
    OFFICE,
    ROOM,
    SHOP_GLASS,
    SIGN,
    STRIPE,
    TRIM,
    WALL,
    Kit,
    block,
    boxes,
    cells_uv,
    flat_faces,
    together,
    upright,
)
from simgen.shapes.lattice import lattice
from simgen.shapes.soup import Soup, join
from simgen.shapes.walls import OFFICES, OUT_M, REVEAL_M, SIGNS, crossings, punched, reveals


def shop_front(y0: float, y1: float, low: float, high: float, sign: int, rng: Stream, *, awning: bool) -> Kit:
    """A shop between two heights: glass down to a riser, a glazed door, a room with goods, and an awning.

    ``sign`` is the cell of its name; -1 = none.
    """
    fascia = high - 0.62
    count = max(round((y1 - y0) / 1.6), 2)
    door_at = int(rng.integers(count))
    edges = np.linspace(y0, y1, count + 1)
    opening = np.array([[y0, y1, low, fascia]])
    parts = [reveals(opening, REVEAL_M, 0.06, FRAME)]
    z0 = np.where(np.arange(count) == door_at, low + 0.06, low + 0.5)
    glass = np.stack([edges[:-1], edges[1:], z0, np.full(count, fascia - 0.06)], -1)
    parts.append(flat_faces(glass, -REVEAL_M + 0.002, SHOP_GLASS))
    riser = np.stack([edges[:-1], edges[1:], np.full(count, low), z0], -1)
    parts.append(flat_faces(riser, -REVEAL_M + 0.02, CLADDING))
    bars = np.stack([edges[1:-1] - 0.035, edges[1:-1] + 0.035], -1)
    x = np.full(len(bars), -REVEAL_M)
    parts.append(
        boxes(np.stack([x, bars[:, 0], x * 0 + low], -1), np.stack([x + 0.06, bars[:, 1], x * 0 + fascia], -1), FRAME,
              faces="front")
    )  # fmt: skip
    parts.append(boxes([[-0.01, y0 - 0.12, fascia]], [[OUT_M, y1 + 0.12, high]], CLADDING, faces="front"))
    kits = [Kit.of(*parts), shop_room(y0, y1, low, fascia, rng)]
    if sign >= 0:
        kits.append(sign_board(y0, y1, fascia + 0.06, high - 0.06, sign))
    if awning:
        kits.append(awning_over(y0, y1, fascia + 0.05))
    return together(kits)


def shop_room(y0: float, y1: float, low: float, high: float, rng: Stream, deep: float = 2.6) -> Kit:
    """What is seen through a shop's glass: floor, ceiling, side walls, and shelves of goods at its back."""
    room = boxes([[-deep, y0, low + 0.02]], [[-REVEAL_M - 0.04, y1, high]], ROOM, faces="all").flipped()
    # the side towards the glass stays open
    open_side = (np.abs(room.vertices[room.triangles][..., 0] + REVEAL_M + 0.04) < 1e-9).all(1)
    walls = Soup(room.vertices, room.triangles[~open_side], room.tags[~open_side])
    count = max(round((y1 - y0) / 2.2), 1)
    edges = np.linspace(y0, y1, count + 1)
    rects = np.stack([edges[:-1], edges[1:], np.full(count, low + 0.03), np.full(count, high - 0.02)], -1)
    goods = Kit.pictures(upright(rects, -deep + 0.02), cells_uv(rng.integers(4, size=count), 4, 1), GOODS)
    return together([Kit.of(walls), goods])


def sign_board(y0: float, y1: float, z0: float, z1: float, sign: int, x: float = OUT_M + 0.002) -> Kit:
    """A name in the middle of a board, as wide as its letters need (8 to 1)."""
    half = 0.5 * min(y1 - y0, 8.0 * (z1 - z0))
    middle = 0.5 * (y0 + y1)
    rect = [[middle - half, middle + half, z0, z1]]
    return Kit.pictures(upright(rect, x), cells_uv([sign % (SIGNS[0] * SIGNS[1])], *SIGNS), SIGN)


def awning_over(y0: float, y1: float, z: float, reach: float = 0.95) -> Kit:
    """Striped cloth on a frame that slopes down and ends in a valance."""
    count = max(round((y1 - y0) / 0.35), 2)
    y = np.linspace(y0, y1, count + 1)
    profile = np.array([[0.0, z], [reach, z - 0.42], [reach, z - 0.64], [reach - 0.02, z - 0.64], [0.0, z - 0.04]])
    ring = np.stack(
        [
            np.broadcast_to(profile[:, None, 0], (5, count + 1)),
            np.broadcast_to(y[None], (5, count + 1)),
            np.broadcast_to(profile[:, None, 1], (5, count + 1)),
        ],
        -1,
    )
    tags = np.where(np.arange(count)[None] % 2 == 0, AWNING, STRIPE)
    cloth = lattice(ring, tags=np.broadcast_to(tags, (4, count))).flipped()
    ends = [_awning_end(profile, y0, AWNING), _awning_end(profile, y1, AWNING).flipped()]
    solid = np.concatenate([ring[:, 0], ring[:, -1]])
    return Kit.of(cloth, *ends, solids=(solid,))


def _awning_end(profile: F8, y: float, tag: int) -> Soup:
    points = np.stack([profile[:, 0], np.full(len(profile), y), profile[:, 1]], -1)
    return Soup.of(points, [[0, 4, 3], [0, 3, 1], [1, 3, 2]], tag).flipped()


def balcony(y: float, z: float, wide: float, deep: float, *, bars: bool) -> Kit:
    """A slab with a parapet of panels, or of upright bars, 1.05 m high."""
    half = 0.5 * wide
    slab = block((-0.05, y - half, z - 0.18), (deep, y + half, z), TRIM)
    top = z + 1.05
    sides = [
        ((deep - 0.05, y - half, z + 0.06), (deep, y + half, top)),
        ((0.0, y - half, z + 0.06), (deep - 0.05, y - half + 0.05, top)),
        ((0.0, y + half - 0.05, z + 0.06), (deep - 0.05, y + half, top)),
    ]
    if not bars:
        rail = boxes([[deep - 0.07, y - half, top]], [[deep + 0.01, y + half, top + 0.05]], METAL)
        return together([slab, *(block(a, b, CLADDING) for a, b in sides), Kit.of(rail)])
    kits = [slab, Kit.of(solids=tuple(boxes([a], [b], 0).vertices for a, b in sides))]
    return together([*kits, Kit.of(railing(y - half, y + half, z, top, deep))])


def railing(y0: float, y1: float, low: float, top: float, deep: float) -> Soup:
    """Bars 0.11 m apart (a child's head must not pass) and a handrail, around three sides."""
    front = np.arange(y0 + 0.02, y1, 0.12)
    side = np.arange(0.1, deep - 0.05, 0.12)
    x = np.concatenate([np.full(len(front), deep - 0.02), side, side])
    y = np.concatenate([front, np.full(len(side), y0 + 0.02), np.full(len(side), y1 - 0.02)])
    triangle = np.array([[0.010, 0.0], [-0.006, 0.009], [-0.006, -0.009]])
    foot = np.concatenate([triangle[None] + np.stack([x, y], -1)[:, None], np.full((len(x), 3, 1), low)], -1)
    head = foot + np.array([0.0, 0.0, top - low])
    k = np.array([[0, 1, 4], [0, 4, 3], [1, 2, 5], [1, 5, 4], [2, 0, 3], [2, 3, 5]])
    points = np.concatenate([foot, head], 1).reshape(-1, 3)
    sticks = Soup.of(points, (k[None] + 6 * np.arange(len(x))[:, None, None]).reshape(-1, 3), METAL)
    rails_low = [[deep - 0.045, y0, top - 0.02], [0.0, y0, top - 0.02], [0.0, y1 - 0.045, top - 0.02]]
    rails_high = [[deep, y1, top + 0.02], [deep, y0 + 0.045, top + 0.02], [deep, y1, top + 0.02]]
    return join([sticks, boxes(rails_low, rails_high, METAL)])


def curtain_wall(width: float, low: float, high: float, storeys: int, panes: int, lit_share: float, rng: Stream) -> Kit:
    """Glass from edge to edge: a band of dark panels before each floor slab, panes between, and mullions before all."""
    tall, wide = (high - low) / storeys, width / panes
    z = low + tall * np.arange(storeys)
    y = -0.5 * width + wide * np.arange(panes)
    bands = np.stack([np.full(storeys, -0.5 * width), np.full(storeys, 0.5 * width), z, z + 0.28 * tall], -1)
    spandrels = flat_faces(bands, 0.0, CLADDING)
    rects = crossings(np.stack([y, y + wide], -1), np.stack([z + 0.28 * tall, z + tall], -1))
    # whole floors work late, and single rooms
    lit = (rng.random(storeys) < 0.6 * lit_share).repeat(panes) | (rng.random(len(rects)) < 0.5 * lit_share)
    # a third of the rooms has a blind down; their cells are the fewer ones
    cells = np.array([0, 1, 3, 4, 6, 0, 3, 6, 2, 5, 7])[rng.integers(11, size=len(rects))]
    uv = cells_uv(cells, *OFFICES)
    glass = Kit.pictures(upright(rects, 0.0), uv, np.where(lit, LIT_OFFICE, OFFICE))
    edge = np.concatenate([y, [0.5 * width]])
    zero = np.zeros(len(edge))
    bars = boxes(
        np.stack([zero, edge - 0.035, zero + low], -1),
        np.stack([zero + 0.04, edge + 0.035, zero + high], -1),
        FRAME,
        faces="front",
    )
    level = np.concatenate([z, z + 0.28 * tall])
    zero = np.zeros(len(level))
    transoms = boxes(
        np.stack([zero, zero - 0.5 * width, level - 0.03], -1),
        np.stack([zero + 0.03, zero + 0.5 * width, level + 0.03], -1),
        FRAME,
        faces="front",
    )
    return together([Kit.of(spandrels, bars, transoms), glass])


def roller_front(width: float, high: float, spans: list[tuple[float, float]], door_m: float, tag: int = WALL) -> Kit:
    """A wall with doors that roll up, each of slats."""
    across = np.array(spans)
    wall = punched(width, [[0.02, door_m]], -0.3, high, across, tag)
    kits = [Kit.of(wall)]
    slats = max(round(door_m / 0.45), 1)
    edges = np.linspace(0.02, door_m, slats + 1)
    for y0, y1 in spans:
        low = np.stack([np.full(slats, -0.085), np.full(slats, y0), edges[:-1]], -1)
        high_edge = np.stack([np.full(slats, -0.055), np.full(slats, y1), edges[1:] - 0.025], -1)
        back = flat_faces([[y0, y1, 0.02, door_m]], -0.084, METAL)
        sides = boxes(
            [[-0.084, y0, 0.02], [-0.084, y1 - 0.05, 0.02]], [[0.012, y0 + 0.05, door_m], [0.012, y1, door_m]], FRAME
        )
        kits.append(Kit.of(boxes(low, high_edge, DOOR, faces="front"), back, sides))
    return together(kits)
