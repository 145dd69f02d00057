"""Loads that one sees through: a cage of wire mesh, windows that stand on a trailer."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.shapes.finish import box_of
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import METAL, Workshop

#: welded mesh: wires of 5 mm every 50 mm (usual panels of garden and dog trailers), so 81 % of it is air
WIRE_M: Final = 0.005
PITCH_M: Final = 0.05
_TILT: Final = math.radians(8.0)


def add_cage(shop: Workshop, low: float, high: float, half: float, bottom: float, top: float) -> None:
    """Four walls and a lid of wire mesh between a frame's bars."""
    spans = ((low, high), (-half, half), (bottom, top))
    wires: list[Soup] = []
    for axis, at in ((0, low), (0, high), (1, -half), (1, half), (2, top)):
        first, second = (k for k in range(3) if k != axis)
        wires += _wires(spans, axis, at, first, second)
        wires += _wires(spans, axis, at, second, first)
    steel = Surface(class_name=shop.class_name, base_color=(0.4, 0.41, 0.42), roughness=0.4, metallic=0.7,
                    lidar_reflectance=0.35)  # fmt: skip
    shop.add(join(wires), steel, solid=False, smooth_deg=10.0)
    frame = [box((0.03, 0.03, top - bottom)).moved((x, y, 0.5 * (top + bottom))) for x in (low, high)
             for y in (-half, half)]  # fmt: skip
    frame += [box((high - low, 0.03, 0.03)).moved((0.5 * (low + high), y, top)) for y in (-half, half)]
    frame += [box((0.03, 2.0 * half, 0.03)).moved((x, 0.0, top)) for x in (low, high)]
    shop.add(join(frame), METAL, solid=False)
    shop.solid.append(box_of(np.array([[low, -half, bottom], [high, half, top]])))


def _wires(spans: tuple[tuple[float, float], ...], axis: int, at: float, along: int, across: int) -> list[Soup]:
    """Wires in the plane ``axis = at`` that run along one direction, a pitch apart across."""
    size, middle = [WIRE_M] * 3, [0.0] * 3
    size[along] = spans[along][1] - spans[along][0]
    middle[along], middle[axis] = 0.5 * sum(spans[along]), at
    found = []
    for place in np.arange(spans[across][0] + PITCH_M, spans[across][1] - 0.5 * PITCH_M, PITCH_M).tolist():
        middle[across] = place
        found.append(box(size).moved(tuple(middle)))
    return found


def add_windows(shop: Workshop, low: float, high: float, half: float, bottom: float) -> None:
    """Three windows in white frames that stand across the trailer and lean ahead."""
    tall, bar, turn = 1.45, 0.07, (math.cos(0.5 * _TILT), 0.0, math.sin(0.5 * _TILT), 0.0)
    pane = Surface(class_name=shop.class_name, base_color=(0.03, 0.035, 0.035), roughness=0.03, lidar_reflectance=0.01,
                   transmission=0.85**0.5, heat="glass")  # fmt: skip
    white = Surface(class_name=shop.class_name, base_color=(0.75, 0.75, 0.73), roughness=0.4, lidar_reflectance=0.7)
    for x in np.linspace(low + 0.25, high - 0.55, 3).tolist():
        foot = (x, 0.0, bottom)
        sides = [box((0.06, bar, tall)).moved((0.0, s * (half - 0.5 * bar), 0.5 * tall)) for s in (1.0, -1.0)]
        rails = [box((0.06, 2.0 * half, bar)).moved((0.0, 0.0, z)) for z in (0.5 * bar, tall - 0.5 * bar)]
        sides.append(box((0.05, bar, tall - bar)).moved((0.0, 0.0, 0.5 * tall)))
        shop.each([part.moved(foot, turn) for part in (*sides, *rails)], white)
        glass = box((0.012, 2.0 * half - bar, tall - bar)).moved((0.0, 0.0, 0.5 * tall))
        shop.add(glass.moved(foot, turn), pane, solid=False)
    rope = [box((high - low - 0.1, 0.02, 0.02)).moved((0.5 * (low + high), s * (half + 0.02), bottom + 0.95))
            for s in (1.0, -1.0)]  # fmt: skip
    shop.add(join(rope), Surface(class_name=shop.class_name, base_color=(0.6, 0.25, 0.02), roughness=0.8), solid=False)


__all__ = ["PITCH_M", "WIRE_M", "add_cage", "add_windows"]
