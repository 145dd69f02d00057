"""What is seen through a vehicle's windows: seats, a dashboard with a steering wheel, a lining under the roof."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.shapes.car_body import CarSpec
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join

#: tags of a cabin's triangles
SEAT, TRIM, LINING = range(3)
#: from the windscreen's upper edge back to the first row, and from row to row, m
FIRST_ROW_M: Final = 0.28
ROW_M: Final = 0.86


def cabin_surfaces(class_name: str) -> tuple[Surface, ...]:
    """Cloth, dark plastic and pale felt, in the order of the tags."""
    return (
        Surface(class_name=class_name, base_color=(0.035, 0.034, 0.034), roughness=0.95, lidar_reflectance=0.25),
        Surface(class_name=class_name, base_color=(0.02, 0.02, 0.021), roughness=0.7, lidar_reflectance=0.08),
        Surface(class_name=class_name, base_color=(0.32, 0.31, 0.29), roughness=0.95, lidar_reflectance=0.4),
    )


def cabin(spec: CarSpec) -> Soup:
    """Everything inside, from the belt line up; below it nothing is seen from outside."""
    base_front, top_front, top_rear, base_rear = (float(v) for v in spec.x(spec.glass_s))
    half = 0.5 * spec.width
    belt = float(spec.shoulder_z(0.5 * (base_front + base_rear)))
    roof = spec.height - spec.roof_crown - max(spec.roof_drop)
    # behind the last window nobody looks in
    last = max(base_front + (base_rear - base_front) * spec.windows[-1][1], base_rear + 0.25)
    parts = []
    for x in np.arange(min(top_front - FIRST_ROW_M, base_front - 1.0), last, -ROW_M):
        parts += [_seat(float(x), side * 0.42 * half, belt, 0.21 * spec.width, roof) for side in (1.0, -1.0)]
    desk = min(top_front + 0.4 * (base_front - top_front) - 0.05, base_front - 0.45)
    parts.append(box((0.3, 1.35 * half * spec.glass_width[0], 0.1)).moved((desk, 0.0, belt - 0.04)).tagged(TRIM))
    parts.append(_wheel(desk - 0.2, 0.42 * half, belt + 0.02))
    long = top_front - top_rear - 0.5
    if long > 0.3:
        size = (long, 1.5 * half * spec.glass_width[1], 0.012)
        parts.append(box(size).moved((0.5 * (top_front + top_rear), 0.0, roof - 0.03)).tagged(LINING))
    return join(parts)


def _seat(x: float, y: float, belt: float, width: float, roof: float) -> Soup:
    """A backrest that leans back a little, with a headrest; its lower part is hidden."""
    top = min(belt + 0.3, roof - 0.2)
    tilt = (np.cos(0.09), 0.0, -np.sin(0.09), 0.0)
    back = box((0.13, width, 0.62)).moved((0.0, 0.0, -0.31), tilt).moved((x, y, top))
    head = box((0.09, 0.55 * width, 0.17)).moved((x - 0.02, y, min(top + 0.1, roof - 0.1)))
    return join([back, head]).tagged(SEAT)


def _wheel(x: float, y: float, z: float) -> Soup:
    """A steering wheel's rim, tilted towards the driver."""
    a = np.linspace(0.0, 1.98 * np.pi, 15)
    up = 0.18 * np.sin(a)
    path = np.stack([x - 0.35 * up, y + 0.18 * np.cos(a), z + 0.94 * up], -1)
    return tube(path, 0.014, 6).tagged(TRIM)


__all__ = ["LINING", "SEAT", "TRIM", "cabin", "cabin_surfaces"]
