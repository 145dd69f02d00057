"""Buildings that people live in: houses of a row, blocks of flats, family houses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simgen.rng import Stream
from simgen.shapes.fronts import balcony, roller_front
from simgen.shapes.kit import CLADDING, FRAME, WALL, Kit, block, boxes, flat_faces, together
from simgen.shapes.roofs import OUT_BACK, chimney, downpipe, quoins, string_course
from simgen.shapes.soup import Soup
from simgen.shapes.storeys import FOOT_M, Plan, Storeys, body, dormers, residence, top
from simgen.shapes.walls import Window


def townhouse(plan: Plan) -> Kit:
    """A house of a row in a European town: shop below, mouldings, a cornice, dormers in a steep roof."""
    rng = plan.rng
    classic = rng.random() < 0.6
    tall = rng.random() < 0.5
    window = Window(
        width=0.40, widest_m=1.25, sill=0.27, head=0.84 if tall else 0.80, upright_bars=1,
        level_bar=0.7 if classic or tall else 0.0, moulding=classic,
    )  # fmt: skip
    base = 0.36
    ground = 3.7 if plan.shop else base + 3.1
    kits, front = residence(plan, window, base, ground)
    kits += [body(plan, base=0.0 if plan.shop else base), top(plan), *dormers(plan, front.bays)]
    extras = []
    if ground < plan.eaves - 2.0:
        extras.append(string_course(plan.width, ground - 0.11, 0.16, 0.07))
    if classic:
        tall_m = 0.4 if plan.roof != "gable" else 0.22
        extras += [string_course(plan.width, plan.eaves - tall_m - 0.01, tall_m, 0.22)]
    if classic and rng.random() < 0.5:
        extras.append(Kit.of(quoins(plan.width, ground + 0.06, plan.eaves - 0.45)))
    if not classic and rng.random() < 0.55 and front.count > 1:
        extras += _front_balconies(front, rng, bars=True, deep=0.95)
    kits += [plan.stands(kit, 0) for kit in extras]
    kits.append(downpipe(0.5 * plan.depth, 0.5 * plan.width - 0.12, 0.0 if not plan.shop else ground, plan.eaves - 0.1))
    if plan.roof != "flat":
        at = 0.5 * plan.width - 0.55
        kits += [chimney(-0.18 * plan.depth, s * at, plan.eaves, plan.height + 0.55) for s in (-1.0, 1.0)]
    return together(kits)


def _front_balconies(front: Storeys, rng: Stream, *, bars: bool, deep: float) -> list[Kit]:
    """Balconies in one or two stacks, one a storey from the first floor up."""
    across, _ = front.spans()
    stacks = {front.bays // 4, front.bays - 1 - front.bays // 4} if front.bays >= 4 else {front.bays // 2}
    wide = min(2.6, 0.92 * front.width / front.bays)
    kits = []
    for k in range(min(front.count, 7)):
        z = front.low + k * front.tall + 0.05
        kits += [balcony(float(across[b].mean()), z, wide, deep, bars=bars) for b in sorted(stacks)]
    return kits


def apartment(plan: Plan) -> Kit:
    """A block of flats: plain windows, stacks of balconies, an entrance below a canopy, mostly a flat roof."""
    rng = plan.rng
    window = Window(width=0.5, widest_m=1.7, sill=0.30, head=0.80, upright_bars=1, sills=True)
    base = 0.3
    ground = 3.7 if plan.shop else base + 2.9
    kits, front = residence(plan, window, base, ground, 2.9)
    kits += [body(plan, base=0.0 if plan.shop else base), top(plan)]
    extras = _front_balconies(front, rng, bars=False, deep=1.25) if front.count > 1 else []
    if not plan.shop:
        at = -0.5 * plan.width + plan.width / front.bays * (front.bays // 2 + 0.5)
        extras.append(block((-0.02, at - 1.1, base + 2.85), (1.1, at + 1.1, base + 2.98), FRAME))
    if rng.random() < 0.5:
        # the stairs' bay in another colour
        extras.append(
            Kit.of(flat_faces([[-0.5 * plan.width, 0.5 * plan.width, plan.eaves - 0.3, plan.eaves]], 0.006, CLADDING))
        )
    kits += [plan.stands(kit, 0) for kit in extras]
    kits.append(downpipe(0.5 * plan.depth, -0.5 * plan.width + 0.12, base, plan.eaves - 0.1))
    return together(kits)


def detached(plan: Plan) -> Kit:
    """A family's house: one or two storeys, a roof with a chimney, and a garage beside it."""
    rng = plan.rng
    garage = 3.2 if plan.width > 10.0 and not plan.terraced else 0.0
    main = replace(plan, width=plan.width - garage)
    window = Window(
        width=0.48, widest_m=1.5, sill=0.32, head=0.80, upright_bars=1, level_bar=0.66 if rng.random() < 0.3 else 0.0
    )
    base = 0.3
    ground = min(base + 2.7, main.eaves)
    kits, front = residence(main, window, base, ground, 2.7)
    kits += [body(main, base=base), top(main)]
    if main.roof in ("gable", "hip", "mansard"):
        kits.append(chimney(-0.14 * main.depth, 0.18 * main.width, main.eaves, main.height + 0.5))
    if main.roof == "gable" and rng.random() < 0.5:
        kits += dormers(main, front.bays)
    at = -0.5 * main.width + main.width / front.bays * (front.bays // 2 + 0.5)
    kits.append(main.stands(block((-0.02, at - 0.95, base + 2.78), (1.0, at + 0.95, base + 2.9), FRAME), 0))
    kits.append(downpipe(0.5 * main.depth, -0.5 * main.width + 0.1, base, main.eaves - 0.1))
    whole = together(kits).moved((0.0, 0.5 * garage, 0.0))
    return together([whole, _garage(plan, garage)]) if garage else whole


def _garage(plan: Plan, wide: float) -> Kit:
    """At the right end of the front (-y), a metre behind it."""
    x1, y0 = 0.5 * plan.depth - 1.0, -0.5 * plan.width
    x0, y1, high = x1 - 6.0, y0 + wide, 2.7
    shell = boxes([[x0, y0, -FOOT_M]], [[x1, y1, high]], WALL)
    is_front = (np.abs(shell.vertices[shell.triangles][..., 0] - x1) < 1e-9).all(1)
    walls = Soup(shell.vertices, shell.triangles[~is_front], shell.tags[~is_front])
    front = roller_front(wide, high, [(-0.5 * wide + 0.35, 0.5 * wide - 0.35)], 2.25).moved((x1, y0 + 0.5 * wide, 0.0))
    solid = boxes([[x0, y0, -FOOT_M]], [[x1 - OUT_BACK, y1, high]], 0).vertices
    lid = block((x0 - 0.05, y0 - 0.02, high), (x1 + 0.1, y1, high + 0.16), FRAME)
    return together([Kit.of(walls, solids=(solid,)), front, lid])
