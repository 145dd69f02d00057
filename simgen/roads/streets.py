"""Street plans: nodes, links between them, and the roads and junctions that follow from these."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgen.errors import UserError
from simgen.roads.network import Arm, Joint, Junction, Network, Rule, Sign, SignalPlan
from simgen.roads.profile import Profile
from simgen.roads.reference import ReferenceLine, rounded
from simgen.roads.road import LaneSection, Marking, Road, Strip, carriage_count

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A street's cross-section, the same on both sides unless one says otherwise; metres."""

    lanes: int = 1
    #: lanes against the reference direction; None = as many
    lanes_back: int | None = None
    lane_m: float = 3.25
    bike_m: float = 0.0
    parking_m: float = 0.0
    #: parking on the left side; None = as on the right
    parking_left_m: float | None = None
    shoulder_m: float = 0.0
    kerb_m: float = 0.12
    sidewalk_m: float = 2.5
    #: grass between kerb and sidewalk, and beyond the sidewalk
    planting_m: float = 0.0
    verge_m: float = 0.0
    #: raised island in the middle
    median_m: float = 0.0
    center: Literal["auto", "none", "solid", "broken", "double"] = "auto"
    center_color: Literal["white", "yellow"] = "white"
    edge_lines: bool = False
    material: str = ""

    def lane_section(self, start_m: float = 0.0) -> LaneSection:
        """Strips of both sides."""
        back = self.lanes if self.lanes_back is None else self.lanes_back
        kind = self.center
        if kind == "auto":
            kind = "none" if not back or self.median_m else ("double" if self.lanes + back > 2 else "broken")
        left_parking = self.parking_m if self.parking_left_m is None else self.parking_left_m
        return LaneSection(
            start_m=start_m,
            center=Marking(kind=kind, color=self.center_color),
            right=self._side(self.lanes, self.parking_m),
            left=self._side(back, left_parking),
        )

    def _side(self, lanes: int, parking: float) -> tuple[Strip, ...]:
        strips: list[Strip] = []
        if self.median_m:
            edge = Marking(kind="solid") if self.edge_lines else Marking()
            strips.append(Strip(kind="median", width_m=0.5 * self.median_m, height_m=0.12, marking=edge))
        beside = bool(parking or self.bike_m)
        for k in range(lanes):
            last = k == lanes - 1
            solid = self.edge_lines or (last and beside)
            kind: Literal["none", "solid", "broken"] = "broken" if not last else ("solid" if solid else "none")
            strips.append(
                Strip(kind="driving", width_m=self.lane_m, marking=Marking(kind=kind), material=self.material)
            )
        if self.bike_m:
            line = Marking(kind="solid" if parking else "none")
            strips.append(Strip(kind="bike", width_m=self.bike_m, marking=line))
        if parking:
            strips.append(Strip(kind="parking", width_m=parking))
        if self.shoulder_m:
            strips.append(Strip(kind="shoulder", width_m=self.shoulder_m))
        return tuple(strips + self._roadside())

    def _roadside(self) -> list[Strip]:
        height = self.kerb_m
        strips: list[Strip] = []
        if self.sidewalk_m and height:
            strips.append(Strip(kind="kerb", width_m=0.15, height_m=height))
        if self.planting_m:
            strips.append(Strip(kind="verge", width_m=self.planting_m, height_m=height if self.sidewalk_m else 0.0))
        if self.sidewalk_m:
            strips.append(Strip(kind="sidewalk", width_m=self.sidewalk_m, height_m=height))
        if self.verge_m:
            strips.append(Strip(kind="verge", width_m=self.verge_m, height_m=height if self.sidewalk_m else 0.0))
        return strips


@dataclass(frozen=True, kw_only=True)
class Street:
    """A link of a plan, from node to node, through points where it bends."""

    name: str
    start: str
    end: str
    section: Section = Section()
    via: tuple[Point, ...] = ()
    bend_m: float = 25.0
    speed_limit_m_s: float = 13.9
    #: its sign where it meets a junction with the rule "signs"
    sign_start: Sign = ""
    sign_end: Sign = ""
    crosswalk_start: bool | None = None
    crosswalk_end: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """What a node with three arms or more is like."""

    rule: Rule = "right_before_left"
    corner_radius_m: float = 6.0
    crosswalks: bool = False
    crosswalk_m: float = 4.0
    signals: SignalPlan = SignalPlan()


def plan_streets(
    nodes: Mapping[str, tuple[float, ...]],
    streets: Sequence[Street],
    crossing: Crossing | Mapping[str, Crossing] = Crossing(),
    *,
    left_hand: bool = False,
) -> Network:
    """Roads and junctions of a plan. Nodes are (x, y) or (x, y, z) at the streets' middles.

    A node where one street ends is an open end; where two end, they join in a bend; three and more make a junction,
    and their roads end where its corners begin.

    Raises:
        UserError: a street leads to no node, or two junctions leave no room for the street between them.
    """
    ends: dict[str, list[tuple[Street, Literal["start", "end"]]]] = {name: [] for name in nodes}
    for street in streets:
        for node, end in ((street.start, "start"), (street.end, "end")):
            if node not in ends:
                raise UserError(f"street plan: street {street.name!r} leads to no node {node!r}")
            ends[node].append((street, end))  # type: ignore[arg-type]
    lines = {s.name: _line(nodes, s) for s in streets}
    ways = {n: crossing if isinstance(crossing, Crossing) else crossing.get(n, Crossing()) for n in nodes}
    back: dict[tuple[str, str], float] = {
        (s.name, end): value
        for node, found in ends.items()
        if len(found) > 2
        for (s, end), value in zip(found, _setbacks(found, lines, ways[node]), strict=True)
    }
    roads = [_road(s, lines[s.name], nodes, back, ends) for s in streets]
    junctions = [_junction(n, found, ways[n]) for n, found in ends.items() if len(found) > 2]
    joints = [
        Joint(first=(a[0].name, a[1]), second=(b[0].name, b[1])) for a, b in (f for f in ends.values() if len(f) == 2)
    ]
    return Network(roads=tuple(roads), junctions=tuple(junctions), joints=tuple(joints), left_hand=left_hand)


def _line(nodes: Mapping[str, tuple[float, ...]], street: Street) -> ReferenceLine:
    points = [nodes[street.start][:2], *street.via, nodes[street.end][:2]]
    return rounded([(float(p[0]), float(p[1])) for p in points], street.bend_m)


def _setbacks(
    found: list[tuple[Street, Literal["start", "end"]]], lines: dict[str, ReferenceLine], crossing: Crossing
) -> list[float]:
    """How far before a node each arm ends: where the roundest and the outermost corner of its neighbours begins."""
    headings = []
    for street, end in found:
        line = lines[street.name]
        headings.append(float(line.at(0.0 if end == "start" else line.length)[2]) + (0.0 if end == "start" else np.pi))
    order = np.argsort(np.remainder(headings, 2.0 * np.pi))
    out = [0.0] * len(found)
    for i, j in zip(order, np.roll(order, -1), strict=True):
        # from arm i counter-clockwise to arm j: the left side of i (seen outwards) faces the right side of j
        angle = float(np.remainder(headings[j] - headings[i], 2.0 * np.pi))
        a, ra = _half(found[i], outwards_left=True)
        b, rb = _half(found[j], outwards_left=False)
        if angle > np.radians(170.0):
            out[i], out[j] = max(out[i], 1.0), max(out[j], 1.0)
            continue
        tangent = 1.0 / np.tan(0.5 * angle)
        for half_a, half_b, radius in ((a, b, crossing.corner_radius_m), (a + ra, b + rb, 0.8)):
            r = max(radius - 0.0, 0.8)
            reach_a = (half_b + half_a * np.cos(angle)) / np.sin(angle) + r * tangent
            reach_b = (half_a + half_b * np.cos(angle)) / np.sin(angle) + r * tangent
            out[i], out[j] = max(out[i], reach_a), max(out[j], reach_b)
    return [value + 0.3 for value in out]


def _half(at: tuple[Street, Literal["start", "end"]], *, outwards_left: bool) -> tuple[float, float]:
    """Half the carriageway and the roadside on a side, seen outwards from the node."""
    street, end = at
    section = street.section.lane_section()
    left = outwards_left == (end == "start")
    strips = section.left if left else section.right
    widths = [float(s.width(np.zeros(1))[0]) for s in strips]
    count = carriage_count(strips)
    return sum(widths[:count]), sum(widths[count:])


def _road(
    street: Street,
    line: ReferenceLine,
    nodes: Mapping[str, tuple[float, ...]],
    back: Mapping[tuple[str, str], float],
    ends: Mapping[str, list[tuple[Street, Literal["start", "end"]]]],
) -> Road:
    first, last = back.get((street.name, "start"), 0.0), back.get((street.name, "end"), 0.0)
    if line.length - first - last < 8.0:
        raise UserError(
            f"street plan: street {street.name!r} is {line.length:.1f} m long, but its junctions take "
            f"{first + last:.1f} m of it; move its nodes apart or make corners and roads narrower"
        )
    z = [float(nodes[n][2]) if len(nodes[n]) > 2 else 0.0 for n in (street.start, street.end)]
    cut = line.cut(first, line.length - last)
    elevation = Profile()
    if any(z) and z[0] != z[1]:
        elevation = Profile.through([0.0, cut.length], z, [0.0, 0.0])
    elif any(z):
        elevation = Profile.constant(z[0])
    del ends
    return Road(
        name=street.name,
        line=cut,
        sections=(street.section.lane_section(),),
        elevation=elevation,
        speed_limit_m_s=street.speed_limit_m_s,
    )


def _junction(name: str, found: list[tuple[Street, Literal["start", "end"]]], crossing: Crossing) -> Junction:
    arms = []
    for street, end in found:
        own = street.crosswalk_start if end == "start" else street.crosswalk_end
        arms.append(
            Arm(
                road=street.name,
                end=end,
                sign=street.sign_start if end == "start" else street.sign_end,
                crosswalk=crossing.crosswalks if own is None else own,
            )
        )
    return Junction(
        name=name,
        arms=tuple(arms),
        rule=crossing.rule,
        corner_radius_m=crossing.corner_radius_m,
        crosswalk_m=crossing.crosswalk_m,
        signals=crossing.signals,
    )


def grid(columns: Sequence[float], rows: Sequence[float]) -> dict[str, Point]:
    """Nodes of a grid, named ``column_row`` from 0: the crossings of lines at these x and y."""
    return {f"{i}_{j}": (x, y) for (i, x), (j, y) in itertools.product(enumerate(columns), enumerate(rows))}
