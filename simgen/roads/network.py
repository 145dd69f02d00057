"""A network: roads, the junctions where they meet, and the ends that go on in another road."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F8
from simgen.roads.road import LaneSection, Road, RoadEnd, Side, Strip, carriage_count, travels

Rule = Literal["right_before_left", "signs", "signals", "none"]
Sign = Literal["", "priority", "give_way", "stop"]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """The end of a road that leads into a junction."""

    road: str
    end: RoadEnd
    #: under the rule "signs"
    sign: Sign = ""
    crosswalk: bool = False
    #: where its traffic may go, by road; empty = everywhere but back
    exits: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SignalPlan:
    """How long lights are green; the groups of arms take turns, with all of them red in between."""

    green_s: float = 12.0
    yellow_s: float = 3.0
    all_red_s: float = 2.0
    offset_s: float = 0.0
    #: arms (by road) that are green together; empty = arms that face each other
    groups: tuple[tuple[str, ...], ...] = ()


#: a lane at an end of a road: road, end, side, and number from the middle
LaneRef = tuple[str, RoadEnd, Side, int]


@dataclass(frozen=True, kw_only=True, eq=False)
class Path:
    """A connector given by hand: from a lane to a lane along a line (P, 3)."""

    start: LaneRef
    end: LaneRef
    line: F8


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A circle round which traffic goes; the arms lead to its centre, and give way by their signs."""

    center: tuple[float, float] = (0.0, 0.0)
    #: outer and inner edge of its carriageway
    radius_m: float = 16.0
    island_m: float = 10.0
    #: paved part of the island, which lorries may cross
    apron_m: float = 1.5
    lanes: int = 1
    #: of the bends between arms and circle
    entry_radius_m: float = 14.0


@dataclass(frozen=True, kw_only=True)
class Junction:
    """Where arms meet. Who goes first: ``right_before_left``, by ``signs`` at the arms, or by ``signals``."""

    name: str
    arms: tuple[Arm, ...]
    rule: Rule = "right_before_left"
    #: of the rounded corners; None = as round as the ends of the roads allow
    corner_radius_m: float | None = 6.0
    crosswalk_m: float = 4.0
    signals: SignalPlan = SignalPlan()
    #: connectors by hand instead of those from every lane to every exit
    paths: tuple[Path, ...] | None = None
    #: connecting roads whose asphalt belongs to it as well
    through: tuple[str, ...] = ()
    #: it is a roundabout
    ring: Ring | None = None


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Two road ends that meet without a junction."""

    first: tuple[str, RoadEnd]
    second: tuple[str, RoadEnd]


@dataclass(frozen=True, kw_only=True)
class Network:
    """Roads and junctions."""

    roads: tuple[Road, ...]
    junctions: tuple[Junction, ...] = ()
    joints: tuple[Joint, ...] = ()
    #: traffic keeps left
    left_hand: bool = False
    #: further successors, lane name to lane name (ramps)
    links: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [r.name for r in self.roads] + [j.name for j in self.junctions]
        twice = {n for n in names if names.count(n) > 1} if len(set(names)) < len(names) else set()
        if twice:
            raise UserError(f"road network: two roads or junctions are called {sorted(twice)[0]!r}")
        known = {r.name for r in self.roads}
        for junction in self.junctions:
            for arm in junction.arms:
                if arm.road not in known:
                    raise UserError(f"road network: junction {junction.name!r} has an arm on no road {arm.road!r}")

    @cached_property
    def by_name(self) -> dict[str, Road]:
        """Roads."""
        return {road.name: road for road in self.roads}

    @cached_property
    def arm_at(self) -> dict[tuple[str, RoadEnd], tuple[Junction, Arm]]:
        """The junction that a road's end leads into."""
        return {(arm.road, arm.end): (j, arm) for j in self.junctions for arm in j.arms}

    @cached_property
    def taken_ends(self) -> frozenset[tuple[str, RoadEnd]]:
        """Ends that lead on."""
        joined = [end for joint in self.joints for end in (joint.first, joint.second)]
        return frozenset([*self.arm_at, *joined])

    def frames(self, junction: Junction) -> list[ArmFrame]:
        """The arms counter-clockwise seen from above."""
        frames = [ArmFrame.of(self.by_name[arm.road], arm, self.left_hand) for arm in junction.arms]
        middle = np.mean([f.origin for f in frames], axis=0)
        return sorted(frames, key=lambda f: float(np.arctan2(*(f.origin - middle)[1::-1])))


@dataclass(frozen=True, kw_only=True)
class ArmFrame:
    """The mouth of an arm, seen by those who come in: x into the junction, y to the left."""

    road: Road
    arm: Arm
    section: LaneSection
    s: float
    origin: F8
    heading: float
    left_hand: bool

    @classmethod
    def of(cls, road: Road, arm: Arm, left_hand: bool) -> ArmFrame:
        """From the road's end."""
        s = road.end_m(arm.end)
        heading = float(road.line.at(s)[2]) + (0.0 if arm.end == "end" else np.pi)
        section = road.section_at(arm.end)
        middle = road.points(np.array([s]), road.offset.at(np.array([s])))[0]
        return cls(road=road, arm=arm, section=section, s=s, origin=middle, heading=heading, left_hand=left_hand)

    @property
    def forward(self) -> F8:
        """Unit vector into the junction, on the map."""
        return np.array([np.cos(self.heading), np.sin(self.heading)])

    @property
    def slope(self) -> float:
        """Rise per metre into the junction."""
        slope = float(self.road.elevation.slope(self.s))
        return slope if self.arm.end == "end" else -slope

    def road_side(self, side: Side) -> Side:
        """The road's own name of a side as seen from the arm."""
        if self.arm.end == "end":
            return side
        return "left" if side == "right" else "right"

    def strips(self, side: Side) -> tuple[Strip, ...]:
        """Strips of a side as seen by those who come in, from the middle outwards."""
        return self.section.side(self.road_side(side))

    def edges(self, side: Side) -> F8:
        """Borders of these strips at the mouth, world points (K + 1, 3) at carriageway height."""
        own = self.road_side(side)
        lateral = self.road.edges(self.section, own, np.array([self.s]))[:, 0]
        return self.road.points(np.full_like(lateral, self.s), lateral)

    def carriage(self, side: Side) -> int:
        """How many of these strips belong to the carriageway."""
        return carriage_count(self.strips(side))

    def lanes(self, way: Literal["in", "out"]) -> Iterator[tuple[Side, int, Strip]]:
        """Driving lanes that lead in or out: the arm's side, the number from the middle, the strip."""
        wanted = "with" if (way == "in") == (self.arm.end == "end") else "against"
        for side in ("right", "left"):
            for k, strip in enumerate(self.strips(side), 1):
                own = self.road_side(side)
                if strip.kind == "driving" and travels(strip, own, self.left_hand) == wanted:
                    yield side, k, strip

    def station(self, back_m: float) -> float:
        """The road's distance that lies ``back_m`` before the mouth."""
        return self.s - back_m if self.arm.end == "end" else self.s + back_m

    def cross(self, back_m: F8, lateral: F8, height: F8 | float = 0.0) -> F8:
        """World points at distances before the mouth and lateral positions as seen by those who come in.

        ``lateral`` counts from the middle of the road.
        """
        sign = 1.0 if self.arm.end == "end" else -1.0
        s = self.s - sign * back_m
        return self.road.points(s, sign * lateral + self.road.offset.at(s), height)
