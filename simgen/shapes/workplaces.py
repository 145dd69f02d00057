"""Buildings that people work, shop and learn in: offices, towers, halls, supermarkets, schools."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from simgen.rng import Stream
from simgen.shapes.fronts import curtain_wall, roller_front, shop_front
from simgen.shapes.kit import CLADDING, FRAME, SIGN, TRIM, Kit, block, boxes, cells_uv, together, upright
from simgen.shapes.soup import Soup
from simgen.shapes.storeys import FOOT_M, Plan, Storeys, blank, body, door_storey, top
from simgen.shapes.walls import SIGNS, Window, bays_of, punched

#: names that suit halls and supermarkets
TRADES: Final = (3, 13, 15, 18, 24)
MARKETS: Final = (4, 11, 24, 31)


def office(plan: Plan) -> Kit:
    """Glass from edge to edge over a glazed ground floor."""
    rng, ground = plan.rng, 4.2
    if plan.eaves < 7.5:
        ground = 0.5 * plan.eaves
    storeys = max(round((plan.eaves - ground) / 3.6), 1)
    kits = [body(plan, base=0.0), top(plan)]
    for side in range(4):
        wide = plan.wide(side)
        if plan.terraced and side % 2:
            kits.append(plan.stands(blank(wide, 0.0, plan.eaves), side))
            continue
        panes = max(round(wide / (1.35 if plan.eaves < 30.0 else 2.7)), 2)
        kits.append(plan.stands(curtain_wall(wide, ground, plan.eaves, storeys, panes, plan.lit_share, rng), side))
        kits.append(plan.stands(_lobby(wide, ground, rng) if side == 0 else blank(wide, 0.0, ground), side))
    return together(kits)


def _lobby(width: float, high: float, rng: Stream) -> Kit:
    """A glazed ground floor between piers, with a canopy over its doors."""
    bays = max(round(width / 6.0), 1)
    spans = bays_of(width, bays, 0.86, 9.0)
    kits = [Kit.of(punched(width, [[0.06, high - 0.3]], 0.0, high, spans, CLADDING))]
    for span in spans:
        kits.append(shop_front(float(span[0]), float(span[1]), 0.06, high - 0.3, -1, rng, awning=False))
    middle = float(spans[bays // 2].mean())
    kits.append(block((0.0, middle - 2.0, high - 0.9), (1.2, middle + 2.0, high - 0.72), FRAME))
    return together(kits)


def high_rise(plan: Plan) -> Kit:
    """A tower: glass, or a grid of punched windows, over a ground floor of glass."""
    if plan.rng.random() < 0.5:
        return office(plan)
    rng, ground = plan.rng, 4.2
    window = Window(width=0.66, widest_m=3.2, sill=0.24, head=0.86, upright_bars=1, sills=False)
    kits = [body(plan, base=0.0), top(plan)]
    for side in range(4):
        wide = plan.wide(side)
        if plan.terraced and side % 2:
            kits.append(plan.stands(blank(wide, 0.0, plan.eaves), side))
            continue
        row = Storeys(
            width=wide, low=ground, high=plan.eaves, count=max(round((plan.eaves - ground) / 3.4), 1),
            bays=max(round(wide / 4.6), 2), window=window, lit_share=plan.lit_share,
        )  # fmt: skip
        kits.append(plan.stands(row.built(rng), side))
        kits.append(plan.stands(_lobby(wide, ground, rng) if side == 0 else blank(wide, 0.0, ground), side))
    return together(kits)


def hall(plan: Plan) -> Kit:
    """An industrial hall: sheet metal, doors that roll up, a band of windows, a shallow roof."""
    rng, eaves = plan.rng, plan.eaves
    kits = [body(plan, base=0.0), top(plan)]
    doors = max(int(plan.width // 9.0), 1)
    spans = [(float(a), float(b)) for a, b in bays_of(plan.width, doors, 0.5, 4.2)]
    door_m = min(4.2, 0.62 * eaves)
    kits.append(plan.stands(roller_front(plan.width, 0.72 * eaves, spans, door_m, CLADDING), 0))
    band = Window(width=0.9, widest_m=4.0, sill=0.2, head=0.8, upright_bars=2, sills=False)
    for side in range(4):
        wide = plan.wide(side)
        low = 0.72 * eaves
        if side:
            kits.append(plan.stands(blank(wide, -FOOT_M, low, CLADDING), side))
        row = Storeys(
            width=wide,
            low=low,
            high=eaves,
            count=1,
            bays=max(round(wide / 4.5), 1),
            window=band,
            lit_share=plan.lit_share,
        )
        kits.append(plan.stands(row.built(rng, CLADDING), side))
        kits.append(plan.stands(Kit.of(_ribs(wide, 0.0, low, spans if side == 0 else [], door_m)), side))
    board = upright([[-3.6, 3.6, 0.72 * eaves - 0.95, 0.72 * eaves - 0.05]], 0.03)
    sign = Kit.pictures(board, cells_uv([TRADES[int(rng.integers(len(TRADES)))]], *SIGNS), SIGN)
    return together([*kits, plan.stands(sign, 0)]) if plan.width > 10.0 else together(kits)


def _ribs(width: float, low: float, high: float, spans: list[tuple[float, float]], door_m: float) -> Soup:
    """Upright folds of sheet metal, one every metre."""
    y = np.arange(-0.5 * width + 0.5, 0.5 * width - 0.3, 1.0)
    foot = np.full(len(y), low)
    for a, b in spans:
        foot[(y > a - 0.1) & (y < b + 0.1)] = door_m + 0.05
    zero = np.zeros(len(y))
    return boxes(
        np.stack([zero, y - 0.06, foot], -1),
        np.stack([zero + 0.025, y + 0.06, zero + high], -1),
        CLADDING,
        faces="front",
    )


def supermarket(plan: Plan) -> Kit:
    """One tall storey with a wide glass front, a canopy, and a name on its roof's edge."""
    rng, eaves = plan.rng, plan.eaves
    kits = [body(plan, base=0.0), top(plan)]
    y = 0.5 * plan.width - 1.5
    head = min(3.4, eaves - 0.8)
    kits.append(plan.stands(Kit.of(punched(plan.width, [[0.06, head]], 0.0, eaves, [[-y, y]])), 0))
    count = max(round(2.0 * y / 7.0), 1)
    edges = np.linspace(-y, y, count + 1)
    for a, b in pairwise(edges):
        kits.append(plan.stands(shop_front(float(a), float(b), 0.06, head, -1, rng, awning=False), 0))
    sign = MARKETS[int(rng.integers(len(MARKETS)))]
    tall = min(1.5, plan.height - head - 0.35)
    board = upright([[-4.0 * tall, 4.0 * tall, plan.height - 0.1 - tall, plan.height - 0.1]], 0.06)
    kits.append(plan.stands(Kit.pictures(board, cells_uv([sign], *SIGNS), SIGN), 0))
    kits.append(plan.stands(block((0.0, -y, head + 0.02), (1.3, y, head + 0.2), FRAME), 0))
    for side in (1, 2, 3):
        kits.append(plan.stands(blank(plan.wide(side), 0.0, eaves), side))
    return together(kits)


def school(plan: Plan) -> Kit:
    """Bands of wide windows in two or three storeys, and an entrance in the middle."""
    rng, base = plan.rng, 0.45
    window = Window(width=0.84, widest_m=3.2, sill=0.28, head=0.84, upright_bars=2, level_bar=0.7)
    kits = [body(plan, base=base), top(plan)]
    count = max(round((plan.eaves - base) / 3.5), 1)
    first = base + (plan.eaves - base) / count
    bays = max(round(plan.width / 3.6), 1) | 1
    kits.append(plan.stands(door_storey(plan, first, bays, window, base), 0))
    for side in range(4):
        wide = plan.wide(side)
        low = first if side == 0 else base
        if low > plan.eaves - 1.0:
            continue
        row = Storeys(
            width=wide, low=low, high=plan.eaves, count=count - 1 if side == 0 else count,
            bays=bays if side % 2 == 0 else max(round(wide / 4.5), 1), window=window, lit_share=plan.lit_share,
        )  # fmt: skip
        kits.append(plan.stands(row.built(rng), side))
    kits.append(plan.stands(block((0.0, -2.4, base + 2.85), (1.25, 2.4, base + 3.05), TRIM), 0))
    return together(kits)
