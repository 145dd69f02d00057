"""What the kinds of buildings share: a plan, fronts of storeys, ground floors, roofs. The front faces +x."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.fronts import shop_front
from simgen.shapes.kit import PLINTH, WALL, Kit, boxes, flat_faces, together
from simgen.shapes.roofs import OUT_BACK, dormer, rise_of, roof
from simgen.shapes.walls import SIGNS, Window, bays_of, crossings, door, punched, steps, windows

#: how far a building reaches below the ground, so that slopes show no gap
FOOT_M: Final = 0.3
_QUARTER: Final = 0.5 * np.pi


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a building is to be: measures in metres, and draws for everything that is left open."""

    depth: float
    width: float
    height: float
    roof: str
    #: neighbours adjoin: no windows and no roof edge at the sides
    terraced: bool
    #: a shop on the ground floor, where the kind may have one
    shop: bool
    lit_share: float
    rng: Stream

    @property
    def eaves(self) -> float:
        """The top of the walls."""
        return self.height - rise_of(self.roof, self.depth, self.height)

    def stands(self, kit: Kit, side: int) -> Kit:
        """A front put on one side: 0 = front (+x), 1 = left (+y), 2 = back, 3 = right."""
        far = self.width if side % 2 else self.depth
        return kit.moved((0.5 * far, 0.0, 0.0)).moved(yaw_rad=side * _QUARTER)

    def wide(self, side: int) -> float:
        """The width of a side."""
        return self.depth if side % 2 else self.width


@dataclass(frozen=True, kw_only=True)
class Storeys:
    """A front of punched windows: storeys of equal height from ``low`` to ``high``."""

    width: float
    low: float
    high: float
    count: int
    bays: int
    window: Window
    lit_share: float

    @property
    def tall(self) -> float:
        """Height of a storey."""
        return (self.high - self.low) / self.count

    def spans(self) -> tuple[F8, F8]:
        """Openings across (bays, 2) and up (storeys, 2)."""
        floor = self.low + self.tall * np.arange(self.count)
        up = np.stack([floor + self.window.sill * self.tall, floor + self.window.head * self.tall], -1)
        return bays_of(self.width, self.bays, self.window.width, self.window.widest_m), up

    def built(self, rng: Stream, tag: int = WALL) -> Kit:
        """Wall and windows."""
        across, up = self.spans()
        wall = punched(self.width, up, self.low, self.high, across, tag)
        return together([Kit.of(wall), windows(crossings(across, up), self.window, self.lit_share, rng)])


def body(plan: Plan, top: float | None = None, base: float = 0.45) -> Kit:
    """What bodies collide with in place of the walls, and the plinth."""
    high = plan.eaves if top is None else top
    x, y = 0.5 * plan.depth - OUT_BACK, 0.5 * plan.width - OUT_BACK
    solid = boxes([[-x, -y, -FOOT_M]], [[x, y, high]], 0).vertices
    x, y = 0.5 * plan.depth + 0.02, 0.5 * plan.width + (0.0 if plan.terraced else 0.02)
    foot = boxes([[-x, -y, -FOOT_M]], [[x, y, base]], PLINTH) if base else None
    return Kit.of(*([foot] if foot is not None else []), solids=(solid,))


def blank(width: float, low: float, high: float, tag: int = WALL) -> Kit:
    """A wall without windows."""
    return Kit.of(flat_faces([[-0.5 * width, 0.5 * width, low, high]], 0.0, tag))


def _ground_floor(plan: Plan, high: float, bays: int, window: Window, base: float) -> Kit:
    """The front's lowest storey: shops and a door to the stairs, or windows with the door in a bay."""
    return _shops(plan, high) if plan.shop else door_storey(plan, high, bays, window, base)


def _shops(plan: Plan, high: float) -> Kit:
    """One shop or two, and at one end the door to the stairs."""
    width, rng, head = plan.width, plan.rng, high - 0.12
    y = 0.5 * width - 0.4
    at = 1.0 if rng.random() < 0.5 else -1.0
    stairs = np.sort(np.array([at * (y - 1.25), at * y]))
    shops = np.sort(np.array([at * (y - 1.75), -at * y]))
    split = [shops]
    if float(np.ptp(shops)) > 11.0:
        middle = float(shops.mean())
        split = [np.array([shops[0], middle - 0.25]), np.array([middle + 0.25, shops[1]])]
    spans = np.stack([*split, stairs] if at > 0.0 else [stairs, *split])
    kits = [Kit.of(punched(width, [[0.06, head]], 0.0, high, spans)), door([*stairs, 0.06, head])]
    for span in split:
        sign, awning = int(rng.integers(SIGNS[0] * SIGNS[1])), bool(rng.random() < 0.55)
        kits.append(shop_front(float(span[0]), float(span[1]), 0.06, head, sign, rng, awning=awning))
    return together(kits)


def door_storey(plan: Plan, high: float, bays: int, window: Window, base: float) -> Kit:
    """A storey of windows with the door, and steps before it, in the middle bay."""
    row = Storeys(width=plan.width, low=base, high=high, count=1, bays=bays, window=window, lit_share=plan.lit_share)
    across, up = row.spans()
    at, cell = bays // 2, plan.width / bays
    leaf = across[at].mean() + np.array([-0.6, 0.6])
    left, right = -0.5 * plan.width + cell * at, -0.5 * plan.width + cell * (at + 1)
    head = min(base + 2.75, high - 0.15)
    around = [[left, leaf[0], base, high], [leaf[1], right, base, high], [leaf[0], leaf[1], head, high]]
    kits = [Kit.of(flat_faces(around, 0.0, WALL)), door([*leaf, base, head])]
    kits.append(steps(float(leaf[0]), float(leaf[1]), base))
    for start, end, spans in ((-0.5 * plan.width, left, across[:at]), (right, 0.5 * plan.width, across[at + 1 :])):
        if len(spans):
            middle = 0.5 * (start + end)
            wall = punched(end - start, up, base, high, spans - middle).moved((0.0, middle, 0.0))
            kits += [Kit.of(wall), windows(crossings(spans, up), window, plan.lit_share, plan.rng)]
    return together(kits)


def residence(
    plan: Plan, window: Window, base: float, ground: float, storey_m: float = 3.05
) -> tuple[list[Kit], Storeys]:
    """Walls of a house with a front like no other side: a ground floor, and storeys above; also those storeys."""
    upper = max(round((plan.eaves - ground) / storey_m), 0)
    bays = max(round(plan.width / 3.0), 1)
    plain = replace(window, moulding=False, sills=False)
    front = Storeys(
        width=plan.width, low=ground, high=plan.eaves, count=max(upper, 1), bays=bays, window=window,
        lit_share=plan.lit_share,
    )  # fmt: skip
    first = ground if upper else plan.eaves
    kits = [plan.stands(_ground_floor(plan, first, bays, window, base), 0)]
    if upper:
        kits.append(plan.stands(front.built(plan.rng), 0))
    for side in (1, 2, 3):
        wide = plan.wide(side)
        if plan.terraced and side % 2:
            kits.append(plan.stands(blank(wide, 0.0, plan.eaves), side))
            continue
        storeys = Storeys(
            width=wide, low=base, high=plan.eaves, count=max(round((plan.eaves - base) / storey_m), 1),
            bays=max(round(wide / (3.0 if side == 2 else 4.5)), 1), window=plain, lit_share=plan.lit_share,
        )  # fmt: skip
        kits.append(plan.stands(storeys.built(plan.rng), side))
    return kits, front


def top(plan: Plan) -> Kit:
    """The roof; a hip roof's ridge runs along the longer side."""
    turned = plan.roof == "hip" and plan.depth > plan.width
    depth, width = (plan.width, plan.depth) if turned else (plan.depth, plan.width)
    made = roof(plan.roof, depth, width, plan.eaves, plan.height, open_sides=not plan.terraced, rng=plan.rng)
    return made.moved(yaw_rad=_QUARTER) if turned else made


def dormers(plan: Plan, bays: int) -> list[Kit]:
    """Dormers in every bay of a mansard, in every other one of a gable roof."""
    rise = plan.height - plan.eaves
    if plan.roof == "mansard":
        spots, x, z = range(bays), 0.5 * plan.depth - 0.18, plan.eaves + 0.12
    elif plan.roof == "gable" and rise > 3.2:
        spots, x, z = range(0, bays, 2), 0.5 * plan.depth - 0.9, plan.eaves + 0.62
    else:
        return []
    cell = plan.width / bays
    return [
        dormer(x, -0.5 * plan.width + cell * (k + 0.5), z, plan.lit_share, plan.rng, 2.0 if rise < 4.0 else 2.4)
        for k in spots
    ]
