"""Measures of a four-armed junction, and the lines that its mesh, its map and its props share.

Everything is drawn once for the quadrant south-west of the centre or for the west arm with its eastbound traffic, and
then turned by quarter turns: turn 0 belongs to eastbound traffic, 1 to northbound, 2 to westbound, 3 to southbound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.polyline import Polyline, arc
from simgen.records.base import F8
from simgen.worlds._ground import quarter_turns

#: directions of travel, by quarter turns from east
DIRECTIONS: Final = ("east", "north", "west", "south")
#: the arm that traffic of each direction comes from
ARM_BEHIND: Final = ("west", "south", "east", "north")
#: the quadrant to the right of the approach of each direction
QUADRANTS: Final = ("south_west", "south_east", "north_east", "north_west")

_ARC_STEPS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Lengths in metres, counted from the junction's centre where they are positions."""

    lanes: int
    lane: float
    parking: float
    sidewalk: float
    kerb: float
    corner: float
    crosswalk: float
    arm: float
    #: where the ground ends
    edge: float

    @property
    def half(self) -> float:
        """Half the carriageway's width, parking lane included."""
        return self.lanes * self.lane + self.parking

    @property
    def mouth(self) -> float:
        """Where the rounded corners begin."""
        return self.half + self.corner

    @property
    def stop(self) -> float:
        """The near edge of the stop line; approach lanes end here."""
        return self.mouth + (self.crosswalk + 2.0 if self.crosswalk else 1.5)

    @property
    def clear(self) -> float:
        """Nobody parks nearer to the centre than this."""
        return self.stop + 5.0

    @property
    def bend(self) -> float:
        """Every parallel of the kerb is straight beyond this distance."""
        return max(self.mouth, self.half + self.sidewalk + self._radius(self.sidewalk))

    def lane_y(self, index: int) -> float:
        """Lateral position of lane ``index`` (1 = next to the kerb) of eastbound traffic."""
        return -(self.lanes - index + 0.5) * self.lane

    def _radius(self, behind: float) -> float:
        return max(self.corner - behind, 0.5)

    def parallel(self, behind: float, stations: F8, turn: int = 0, z: float = 0.0) -> F8:
        """The line ``behind`` the kerb on the sidewalk's side, in the kerb's direction of travel, (N, 3).

        For turn 0 it comes along the west arm's south side and leaves along the south arm's west side. ``stations``
        are the distances from the centre of its straight part, falling to ``bend``; all parallels have as many points.
        """
        offset, radius = self.half + behind, self._radius(behind)
        straight = np.stack([-stations, np.full_like(stations, -offset), np.zeros_like(stations)], -1)
        middle = -(offset + radius)
        # the arc's centre lies on the sidewalk: from its north round to its east
        bent = arc((middle, middle), radius, 0.5 * np.pi, 0.0, _ARC_STEPS)
        mirrored = straight[::-1][:, [1, 0, 2]]
        line = np.concatenate([straight, bent, mirrored])
        line[:, 2] = z
        return quarter_turns(line, turn)

    def stations(self, far: float, step: float = 10.0) -> F8:
        """Distances from the centre, falling from ``far`` to ``bend``, through the marks that the mesh needs."""
        marks = {far, self.bend, *(x for x in (self.mouth, self.stop, self.clear, self.arm) if self.bend < x < far)}
        even = np.arange(self.bend + step, far - 0.5 * step, step)
        return np.array(sorted({*marks, *(float(x) for x in even)}, reverse=True))

    def ends(self, far: float) -> F8:
        """Only the two ends of the straight part."""
        return np.array([far, self.bend])

    def outline(self, extent: float) -> F8:
        """The carriageway's outline out to ``extent``, counter-clockwise, (N, 3)."""
        return np.concatenate([self.parallel(0.0, np.array([extent]), turn) for turn in range(4)])

    def arm_line(self, turn: int) -> Polyline:
        """The centre line of the arm that traffic of this direction comes from, from the centre outwards."""
        return Polyline(quarter_turns(np.array([[0.0, 0.0, 0.0], [-self.edge, 0.0, 0.0]]), turn))
