"""Lanes of roads: centre lines in the direction of travel, neighbours, and what follows them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final, Literal, cast

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane
from simgen.roads.network import ArmFrame, Network
from simgen.roads.road import LaneSection, Road, RoadEnd, Side, Strip, travels
from simgen.roads.road_mesh import stop_back

#: strips that become lanes
LANE_KINDS: Final = ("driving", "bike", "shoulder", "rail", "parking")
_STEP_M = 2.0


@dataclass(frozen=True)
class LaneKey:
    """Which strip of which section a lane is; ``number`` counts from the middle, from 1."""

    road: str
    section: int
    side: Side
    number: int


@dataclass(kw_only=True)
class Draft:
    """A lane in the making."""

    key: LaneKey
    name: str
    strip: Strip
    way: Literal["with", "against"]
    line: F8
    width: float
    limit: float
    left: str = ""
    right: str = ""
    successors: list[str] = field(default_factory=list)
    signal: str = ""
    stop: bool = False
    stop_at: float | None = None
    gives_way: list[str] = field(default_factory=list)

    def lane(self) -> Lane:
        """As the map holds it."""
        return Lane(
            name=self.name,
            kind=cast(Literal["driving"], self.strip.kind),
            centerline=self.line,
            width_m=round(self.width, 4),
            speed_limit_m_s=self.limit,
            successors=tuple(dict.fromkeys(self.successors)),
            left=self.left,
            right=self.right,
            gives_way_to=tuple(dict.fromkeys(self.gives_way)),
            must_stop=self.stop,
            signal=self.signal,
            stop_at_m=self.stop_at,
        )


def drafts(network: Network) -> dict[LaneKey, Draft]:
    """Every lane of every road, linked along its road and across joints."""
    found: dict[LaneKey, Draft] = {}
    for road in network.roads:
        if not road.junction:
            for index in range(len(road.sections)):
                found.update(_of_section(network, road, index))
    for road in network.roads:
        for index in range(len(road.sections) - 1):
            _link(found, road, index)
    for joint in network.joints:
        _link_joint(network, found, joint.first, joint.second)
    return found


def _of_section(network: Network, road: Road, index: int) -> dict[LaneKey, Draft]:
    section, start, end = road.spans()[index]
    span = _trimmed(network, road, index, start, end)
    found: dict[LaneKey, Draft] = {}
    for side in ("left", "right"):
        for number, strip in enumerate(section.side(side), 1):
            if strip.kind in LANE_KINDS and strip.height_m == 0.0:
                key = LaneKey(road.name, index, side, number)
                found[key] = _draft(network, road, section, key, strip, span)
    _name(found, road, index)
    return found


def _trimmed(network: Network, road: Road, index: int, start: float, end: float) -> tuple[float, float]:
    """Lanes end at the stop lines; from there connectors lead on."""
    if index == 0:
        start += lane_back(network, road.name, "start")
    if index == len(road.sections) - 1:
        end -= lane_back(network, road.name, "end")
    return start, max(end, start + 0.5)


def lane_back(network: Network, road: str, end: RoadEnd) -> float:
    """From a road's end back to where its lanes end."""
    at = network.arm_at.get((road, end))
    if at is None or at[0].paths is not None:
        return 0.0
    return stop_back(at[0].crosswalk_m if at[1].crosswalk else 0.0)


def lane_stations(road: Road, start: float, end: float) -> F8:
    """Even distances, near enough for the curves."""
    curvature = float(np.abs(road.line.at(np.linspace(start, end, 64))[3]).max())
    step = _STEP_M if curvature < 0.02 else (1.0 if curvature < 0.06 else 0.4)
    if curvature < 1e-9 and not road.elevation.pieces and not road.offset.pieces:
        step = 5.0
    return np.linspace(start, end, max(int(np.ceil((end - start) / step)), 1) + 1)


def _draft(
    network: Network, road: Road, section: LaneSection, key: LaneKey, strip: Strip, span: tuple[float, float]
) -> Draft:
    s = lane_stations(road, *span)
    edges = road.edges(section, key.side, s)
    middle = 0.5 * (edges[key.number - 1] + edges[key.number])
    way = travels(strip, key.side, network.left_hand)
    line = road.points(s, middle)
    return Draft(
        key=key,
        name="",
        strip=strip,
        way=way,
        line=line if way == "with" else line[::-1].copy(),
        width=float(np.median(np.abs(edges[key.number] - edges[key.number - 1]))),
        limit=strip.speed_limit_m_s or road.speed_limit_m_s,
    )


def _name(found: dict[LaneKey, Draft], road: Road, index: int) -> None:
    """``road/1`` is the outermost lane with the reference line, ``road/back/1`` against it."""
    section = "" if index == 0 else f"/s{index + 1}"
    for way, middle in (("with", ""), ("against", "/back")):
        # across the road from the outer edge of this direction
        mine = [d for d in found.values() if d.way == way]
        across = sorted(
            mine, key=lambda d: (d.key.side != "right", -d.key.number if d.key.side == "right" else d.key.number)
        )
        if not mine:
            continue
        outer_first = across if _outer_is_right(mine) else across[::-1]
        counts: dict[str, int] = {}
        for d in outer_first:
            counts[d.strip.kind] = counts.get(d.strip.kind, 0) + 1
            kind = "" if d.strip.kind == "driving" else f"/{d.strip.kind}"
            d.name = f"{road.name}{section}{middle}{kind}/{counts[d.strip.kind]}"
        _neighbours(across, way)


def _outer_is_right(mine: list[Draft]) -> bool:
    """On which side of the road most of the lanes lie."""
    return 2 * sum(d.key.side == "right" for d in mine) >= len(mine)


def _neighbours(across: list[Draft], way: str) -> None:
    """From the road's right to its left."""
    driving = [d for d in across if d.strip.kind == "driving"]
    for right, left in itertools.pairwise(driving):
        if abs(_order(right.key) - _order(left.key)) != 1:
            continue
        if way == "with":
            right.left, left.right = left.name, right.name
        else:
            right.right, left.left = left.name, right.name


def _order(key: LaneKey) -> int:
    return -key.number if key.side == "right" else key.number - 1


def _link(found: dict[LaneKey, Draft], road: Road, index: int) -> None:
    """From one section to the next."""
    for side in ("left", "right"):
        for number, _ in enumerate(road.sections[index].side(side), 1):
            before = found.get(LaneKey(road.name, index, side, number))
            if before is None:
                continue
            target = number if before.strip.next is None else before.strip.next
            after = found.get(LaneKey(road.name, index + 1, side, target))
            if after is None or after.strip.kind != before.strip.kind or after.way != before.way:
                continue
            first, second = (before, after) if before.way == "with" else (after, before)
            first.successors.append(second.name)


def _link_joint(
    network: Network, found: dict[LaneKey, Draft], first: tuple[str, RoadEnd], second: tuple[str, RoadEnd]
) -> None:
    """Between two road ends: sides keep their names if an end meets a start."""
    same = first[1] != second[1]
    a, b = network.by_name[first[0]], network.by_name[second[0]]
    ia = 0 if first[1] == "start" else len(a.sections) - 1
    ib = 0 if second[1] == "start" else len(b.sections) - 1
    for side in ("left", "right"):
        other: Side = side if same else ("left" if side == "right" else "right")
        for number, strip in enumerate(a.sections[ia].side(side), 1):
            target = strip.next if strip.next is not None and first[1] == "end" else number
            one = found.get(LaneKey(a.name, ia, side, number))
            two = found.get(LaneKey(b.name, ib, other, target))
            if one is None or two is None or one.strip.kind != two.strip.kind:
                continue
            leaves = (one.way == "with") == (first[1] == "end")
            (one if leaves else two).successors.append((two if leaves else one).name)


def arm_lane(found: dict[LaneKey, Draft], frame: ArmFrame, side: Side, number: int) -> Draft:
    """The lane of a strip at an arm's mouth."""
    index = 0 if frame.arm.end == "start" else len(frame.road.sections) - 1
    return found[LaneKey(frame.road.name, index, frame.road_side(side), number)]


def smooth(points: F8, step_m: float = 0.5) -> F8:
    """Evenly spaced points of a fine line, (P, 3)."""
    return Polyline(points).resample(step_m).points
