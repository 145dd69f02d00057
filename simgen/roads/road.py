"""A road: a reference line, its heights, and strips from the middle outwards on each side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from simgen.records.base import F8
from simgen.roads.profile import Cubic, Profile
from simgen.roads.reference import ReferenceLine

StripKind = Literal["driving", "bike", "parking", "shoulder", "rail", "median", "kerb", "sidewalk", "verge", "none"]
#: what a carriageway is made of; the strips outside the last of these belong to the roadside
CARRIAGE: Final = ("driving", "bike", "parking", "shoulder", "rail")
RoadEnd = Literal["start", "end"]
Side = Literal["left", "right"]


@dataclass(frozen=True, kw_only=True)
class Marking:
    """Paint along a strip's outer edge (or along the middle). Two kinds = from the middle outwards."""

    kind: Literal["none", "solid", "broken", "double", "solid_broken", "broken_solid", "double_broken"] = "none"
    color: Literal["white", "yellow"] = "white"
    width_m: float = 0.12
    dash_m: float = 3.0
    gap_m: float = 6.0


NO_MARKING: Final = Marking()


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A lane, or what else lies side by side along a road."""

    kind: StripKind
    #: metres; a :class:`Cubic` counts from the start of its section
    width_m: float | Cubic | Profile
    #: at its outer edge
    marking: Marking = NO_MARKING
    #: its surface over the carriageway; a kerb stone's face closes the step to the inner neighbour
    height_m: float = 0.0
    #: with or against the reference line; "" = as the side of the road and the rule of the country say
    direction: Literal["", "with", "against", "both"] = ""
    speed_limit_m_s: float | None = None
    #: material where it is not that of its kind, a name of :data:`simgen.roads.look.MATERIALS`
    material: str = ""
    #: the strip that continues it in the next section or road, counted from the middle (1 = first; 0 = none; None =
    #: the one of the same number and kind)
    next: int | None = None

    def width(self, ds: F8) -> F8:
        """Width at distances from the section's start."""
        if isinstance(self.width_m, Cubic | Profile):
            return np.maximum(self.width_m.at(ds), 0.0)
        return np.full_like(ds, self.width_m)


@dataclass(frozen=True, kw_only=True)
class LaneSection:
    """Strips that hold from ``start_m`` on; each side from the middle outwards."""

    start_m: float = 0.0
    left: tuple[Strip, ...] = ()
    right: tuple[Strip, ...] = ()
    #: paint along the middle
    center: Marking = NO_MARKING

    def side(self, side: Side) -> tuple[Strip, ...]:
        """The strips of a side."""
        return self.left if side == "left" else self.right


@dataclass(frozen=True, kw_only=True)
class Road:
    """One road. Its name begins the names of its lanes."""

    name: str
    line: ReferenceLine
    sections: tuple[LaneSection, ...]
    elevation: Profile = Profile()
    #: banking, radians, positive = left side up
    superelevation: Profile = Profile()
    #: how far the middle lies to the left of the reference line
    offset: Profile = Profile()
    speed_limit_m_s: float = 13.9
    #: junctions whose connecting roads lead through here ("" = none): asphalt alone, no map of its own
    junction: str = ""
    #: paved or not, where nothing else says it
    tags: tuple[str, ...] = field(default=())

    @property
    def length(self) -> float:
        """Metres."""
        return self.line.length

    def spans(self) -> list[tuple[LaneSection, float, float]]:
        """Each section with its start and its end."""
        ends = [*(s.start_m for s in self.sections[1:]), self.length]
        return [(s, s.start_m, end) for s, end in zip(self.sections, ends, strict=True)]

    def edges(self, section: LaneSection, side: Side, s: F8) -> F8:
        """Lateral positions of the strips' borders on a side, from the middle outwards, (K + 1, S); left positive."""
        ds = np.clip(s, 0.0, self.length) - section.start_m
        widths = [np.zeros_like(ds), *(strip.width(ds) for strip in section.side(side))]
        sign = 1.0 if side == "left" else -1.0
        return np.asarray(self.offset.at(np.clip(s, 0.0, self.length)) + sign * np.cumsum(widths, axis=0))

    def points(self, s: F8, lateral: F8, height: F8 | float = 0.0) -> F8:
        """World points (..., 3) at distances and lateral positions."""
        x, y, heading, _ = self.line.at(s)
        z = self.elevation.at(s) + np.sin(self.superelevation.at(s)) * lateral + height
        return np.stack([x - np.sin(heading) * lateral, y + np.cos(heading) * lateral, z], -1)

    def section_at(self, end: RoadEnd) -> LaneSection:
        """The section at one of its ends."""
        return self.sections[0 if end == "start" else -1]

    def end_m(self, end: RoadEnd) -> float:
        """The distance of that end."""
        return 0.0 if end == "start" else self.length


def carriage_count(strips: tuple[Strip, ...]) -> int:
    """How many strips from the middle belong to the carriageway."""
    return max((k + 1 for k, s in enumerate(strips) if s.kind in CARRIAGE and s.height_m == 0.0), default=0)


def travels(strip: Strip, side: Side, left_hand: bool) -> Literal["with", "against"]:
    """Which way a lane's traffic goes."""
    if strip.direction in ("with", "against"):
        return strip.direction
    return "with" if (side == "right") != left_hand else "against"
