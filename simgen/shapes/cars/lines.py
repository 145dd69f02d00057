"""The lines of a car.

Lengths along the car are shares ``s`` of the length from the rear bumper, heights shares of the overall height, so a
body keeps its proportions when the three dimensions change; wheels do not scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.shapes.lattice import curve
from simgen.shapes.sheet import Field

Table = tuple[tuple[float, float], ...]
Pair = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class CarLines:
    """The lines of a car. Tables are (position, value) pairs, position rising."""

    length: float
    width: float
    height: float
    wheelbase: float
    front_overhang: float
    wheel_radius: float
    wheel_width: float
    sill: float
    #: upper edge of the body along s, as share of the height: deck, belt line, bonnet
    shoulder: Table
    #: how far nose and tail draw back over the wall's height, metres
    nose: Table = ((0.0, 0.13), (0.1, 0.06), (0.26, 0.0), (0.4, 0.008), (0.6, 0.03), (0.8, 0.055), (1.0, 0.12))
    tail: Table = ((0.0, 0.13), (0.15, 0.04), (0.35, 0.0), (0.48, 0.015), (0.56, 0.05), (0.85, 0.055), (1.0, 0.07))
    #: how far the side draws in over the wall's height, metres: below the crease it looks down a little, above it up
    flank: Table = (
        (0.0, 0.06), (0.07, 0.03), (0.22, 0.01), (0.42, 0.004), (0.6, 0.014), (0.7, 0.002), (0.74, 0.002),
        (0.88, 0.018), (1.0, 0.03),
    )  # fmt: skip
    front_depth: float = 0.6
    front_power: float = 2.7
    rear_depth: float = 0.48
    rear_power: float = 3.0
    shoulder_radius: float = 0.05
    bonnet_crown: float = 0.05
    #: glasshouse: s of windscreen base, windscreen top, rear window top, rear window base
    glass_s: tuple[float, float, float, float] = (0.715, 0.545, 0.26, 0.115)
    #: half widths at the belt and at the roof's edge, as shares of half the width
    glass_width: Pair = (0.915, 0.7)
    #: how far windscreen and rear window bend back at the belt, metres
    glass_depth: Pair = (0.5, 0.34)
    roof_crown: float = 0.05
    roof_drop: Pair = (0.045, 0.05)
    #: rear limit of the side windows, metres ahead of the rear window's base, at belt and roof
    side_glass: Pair = (0.5, 0.88)
    #: s of the front door's front edge, the edge between the doors, the rear door's rear edge (0 = no rear door)
    doors: tuple[float, float, float] = (0.68, 0.468, 0.262)
    #: fewer rows and columns, for cars that are seen from afar
    coarse: bool = False
    #: no glass above this height: high roofs
    glass_top: float = 9.0
    #: s at which side windows are parted by pillars besides those between doors
    pillars: tuple[float, ...] = ()
    mass_kg: float = 1500.0

    @property
    def half(self) -> float:
        """Half the width."""
        return 0.5 * self.width

    @property
    def front_x(self) -> float:
        """The front bumper, from the rear axle."""
        return self.wheelbase + self.front_overhang

    @property
    def rear_x(self) -> float:
        """The rear bumper, from the rear axle."""
        return self.front_x - self.length

    @property
    def arch_radius(self) -> float:
        """Radius of the wheel arches."""
        return self.wheel_radius + 0.045

    def x(self, s: ArrayLike) -> F8:
        """Positions along the car of shares of its length."""
        return np.asarray(self.rear_x + np.asarray(s, np.float64) * self.length)

    def at(self, s: float) -> float:
        """One position along the car."""
        return float(self.x(s))

    def shoulder_z(self, x: ArrayLike) -> F8:
        """Height of the body's upper edge."""
        places, heights = self._shoulder
        return np.asarray(np.interp(np.asarray(x, np.float64), places, heights))

    @cached_property
    def _shoulder(self) -> tuple[F8, F8]:
        """The upper edge as a fine polyline: what is asked for it again and again must be quick."""
        s, z = np.array(self.shoulder, np.float64).T
        at = np.linspace(0.0, 1.0, 161)
        return self.x(at), curve(at, s, z * self.height)

    def level(self, p: F8) -> F8:
        """How high points are between sill (0) and the body's upper edge (1)."""
        return np.asarray((p[..., 2] - self.sill) / (self.shoulder_z(p[..., 0]) - self.sill))

    @cached_property
    def glass_x(self) -> tuple[float, float, float, float]:
        """Windscreen base and top, rear window top and base along x."""
        a, b, c, d = (self.at(s) for s in self.glass_s)
        return a, b, c, d

    @cached_property
    def roof_edge(self) -> float:
        """Height of the roof's edge beside the seats."""
        return self.height - self.roof_crown

    @cached_property
    def belt(self) -> float:
        """Height of the belt line between the doors."""
        return float(self.shoulder_z(0.5 * (self.glass_x[1] + self.glass_x[2])))

    def arch(self, front: bool, grow: float = 0.0) -> Field:
        """How far within a wheel arch points are."""
        x, z, r = (self.wheelbase if front else 0.0), self.wheel_radius, self.arch_radius + grow
        return lambda p: np.asarray(r - np.hypot(p[..., 0] - x, p[..., 2] - z))


def line_x(low: tuple[float, float], high: tuple[float, float]) -> Field:
    """How far points are ahead of a straight line through two (x, z), seen from the side."""
    slope = (high[0] - low[0]) / (high[1] - low[1])
    return lambda p: np.asarray(p[..., 0] - low[0] - slope * (p[..., 2] - low[1]))


__all__ = ["CarLines", "Pair", "Table", "line_x"]
