"""Roadsides: kerbs, sidewalks with their walking lanes, crosswalks, parking, and the areas of the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from simgen.polyline import Polyline, polygon_area
from simgen.records.base import F8
from simgen.records.roads import Area, Kerb, Lane
from simgen.roads.corners import Corner, outline
from simgen.roads.lanes import lane_back, lane_stations
from simgen.roads.network import ArmFrame, Junction, Network
from simgen.roads.road import LaneSection, Road, RoadEnd, Side, carriage_count
from simgen.roads.road_mesh import clear_of

#: shares of the sidewalk's width: the path with the kerb's direction, and the one against it (both keep right)
_FAR, _NEAR = 0.76, 0.40
_WALK_M_S = 1.5


@dataclass(frozen=True, kw_only=True)
class RoadSide:
    """One side of one road, from junction to junction; the carriageway lies to the left of its lines."""

    #: ``road/right`` or ``road/left``
    name: str
    road: str
    side: Side
    #: the carriageway's edge, at its height
    edge: Polyline
    #: the outer rim of everything that belongs to the road, with its height: the plots begin here
    rim: Polyline
    #: how far the rim lies from the edge at its widest
    width_m: float
    #: of the sidewalk over the carriageway; 0 without one
    height_m: float
    #: from the edge to the sidewalk's inner and outer border; equal = none
    sidewalk_m: tuple[float, float]

    @property
    def has_sidewalk(self) -> bool:
        """Whether one walks here."""
        return self.sidewalk_m[1] - self.sidewalk_m[0] > 0.5


def sides_of(network: Network) -> list[RoadSide]:
    """All of them, those of roads within junctions left out."""
    found = []
    for road in network.roads:
        if road.junction:
            continue
        for side in ("right", "left"):
            found.append(_side(road, side))
    return found


def _side(road: Road, side: Side) -> RoadSide:
    lines: list[tuple[F8, F8]] = []
    span = (0.0, 0.0)
    height = rim_height = width = 0.0
    for section, start, end in road.spans():
        s = lane_stations(road, start, end)
        t = road.edges(section, side, s)
        strips, count = section.side(side), carriage_count(section.side(side))
        rim_height = strips[-1].height_m if strips else 0.0
        lines.append((road.points(s, t[count]), road.points(s, t[-1], rim_height)))
        width = max(width, float(np.abs(t[-1] - t[count]).max()))
        for k, strip in enumerate(strips):
            if strip.kind == "sidewalk" and span == (0.0, 0.0):
                inner, outer = (float(np.median(np.abs(t[j] - t[count]))) for j in (k, k + 1))
                span, height = (inner, outer), strip.height_m
    edge, rim = (np.concatenate([pair[j] for pair in lines]) for j in (0, 1))
    if side == "left":
        edge, rim = edge[::-1], rim[::-1]
    return RoadSide(
        name=f"{road.name}/{side}",
        road=road.name,
        side=side,
        edge=Polyline(edge),
        rim=Polyline(rim),
        width_m=width,
        height_m=height,
        sidewalk_m=span,
    )


def lifted(line: Polyline, lateral: float, height: float) -> F8:
    """The parallel to a line's right at ``lateral``, raised."""
    return np.asarray(line.offset(-lateral).points + np.array([0.0, 0.0, height]))


def side_lanes(network: Network, sides: list[RoadSide]) -> Iterator[Lane]:
    """Two walking paths along each sidewalk; they end at the middle of a crosswalk before a junction."""
    for side in sides:
        if not side.has_sidewalk:
            continue
        cut = {end: _walk_back(network, side.road, end) for end in ("start", "end")}
        first, last = ("start", "end") if side.side == "right" else ("end", "start")
        length = side.edge.length
        line = side.edge.cut(cut[first], max(length - cut[last], cut[first] + 0.5))
        inner, outer = side.sidewalk_m
        far, near = (lifted(line, inner + share * (outer - inner), side.height_m) for share in (_FAR, _NEAR))
        for number, points in ((1, far), (2, near[::-1].copy())):
            yield _walk(f"sidewalk/{side.name}/{number}", "sidewalk", points, 0.3 * (outer - inner), ())


def _walk(
    name: str, kind: Literal["sidewalk", "crosswalk"], line: F8, width: float, successors: tuple[str, ...]
) -> Lane:
    return Lane(
        name=name,
        kind=kind,
        centerline=line,
        width_m=round(width, 3),
        speed_limit_m_s=_WALK_M_S,
        successors=successors,
    )


def _walk_back(network: Network, road: str, end: RoadEnd) -> float:
    at = network.arm_at.get((road, end))
    if at is None or not at[1].crosswalk:
        return 0.0
    return 0.5 + 0.5 * at[0].crosswalk_m


def corner_lanes(corner: Corner, junction: Junction) -> Iterator[Lane]:
    """Round a corner, from crosswalk to crosswalk."""
    index = next((k for k, s in enumerate(corner.strips) if s.kind == "sidewalk"), None)
    if index is None:
        return
    width = float(np.hypot(*(corner.lines[index + 1] - corner.lines[index])[len(corner.lines[0]) // 2, :2]))
    lift = np.array([0.0, 0.0, corner.strips[index].height_m])
    for number, share in ((1, _FAR), (2, _NEAR)):
        line = corner.between(share, index) + lift
        ends = [_extended(corner.first, line[0], junction), _extended(corner.second, line[-1], junction)]
        line = np.concatenate([ends[0], line, ends[1]])
        line = line if number == 1 else line[::-1].copy()
        name = corner_name(corner, junction)
        yield _walk(f"sidewalk/{name}/{number}", "sidewalk", Polyline(line).points, 0.3 * max(width, 1.0), ())


def _extended(frame: ArmFrame, point: F8, junction: Junction) -> F8:
    """Back along the arm to the middle of its crosswalk."""
    if not frame.arm.crosswalk:
        return np.zeros((0, 3))
    back = 0.5 + 0.5 * junction.crosswalk_m
    moved = point.copy()
    moved[:2] -= back * frame.forward
    moved[2] -= back * frame.slope
    return moved[None]


def corner_name(corner: Corner, junction: Junction) -> str:
    """``junction/road of the arm before it``."""
    return f"{junction.name}/{corner.first.road.name}" + ("" if corner.first.arm.end == "end" else "/start")


def arm_key(frame: ArmFrame) -> str:
    """``road/end`` or ``road/start``."""
    return f"{frame.road.name}/{frame.arm.end}"


def crosswalk_lanes(frame: ArmFrame, junction: Junction) -> Iterator[Lane]:
    """Over an arm, one each way, from sidewalk to sidewalk; each keeps right."""
    if not frame.arm.crosswalk:
        return
    middle, aside = 0.5 + 0.5 * junction.crosswalk_m, 0.22 * junction.crosswalk_m
    left, right = _walk_y(frame, "left"), _walk_y(frame, "right")
    for number, back, stops in ((1, middle - aside, [*right[::-1], *left]), (2, middle + aside, [*left[::-1], *right])):
        y = np.array([p[0] for p in stops])
        height = np.array([p[1] for p in stops])
        line = frame.cross(np.full(len(y), back), y, height)
        yield _walk(f"crosswalk/{arm_key(frame)}/{number}", "crosswalk", line, 0.45 * junction.crosswalk_m, ())


def _walk_y(frame: ArmFrame, side: Side) -> list[tuple[float, float]]:
    """Lateral position and height of the carriageway's edge, the kerb's top, and the nearer walking path."""
    lateral = frame.road.edges(frame.section, frame.road_side(side), np.array([frame.s]))[:, 0]
    y = np.abs(lateral - float(frame.road.offset.at(frame.s)))
    sign = 1.0 if side == "left" else -1.0
    count, strips = frame.carriage(side), frame.strips(side)
    edge = (sign * (float(y[count]) - 0.05), 0.0)
    for k in range(count, len(strips)):
        if strips[k].kind == "sidewalk":
            path = float(y[k] + _NEAR * (y[k + 1] - y[k]))
            return [edge, (sign * (float(y[count]) + 0.1), strips[k].height_m), (sign * path, strips[k].height_m)]
    return [edge]


def kerbs_of(network: Network, sides: list[RoadSide], corners: list[tuple[Junction, Corner]]) -> Iterator[Kerb]:
    """Where a raised strip begins; clear near junctions and round corners."""
    for side in sides:
        road = network.by_name[side.road]
        strips = road.sections[0].side(side.side)
        raised = any(s.height_m > 0.0 for s in strips[carriage_count(strips) :])
        if raised and strips:
            yield Kerb(name=side.name, line=side.edge.points, keep_clear_m=tuple(_clear(network, side)))
    for junction, corner in corners:
        if any(s.height_m > 0.0 for s in corner.strips):
            line = Polyline(corner.lines[0])
            yield Kerb(
                name=f"corner/{corner_name(corner, junction)}",
                line=line.points,
                keep_clear_m=((0.0, line.length),),
            )


def _clear(network: Network, side: RoadSide) -> Iterator[tuple[float, float]]:
    length = side.edge.length
    for end in ("start", "end"):
        at = network.arm_at.get((side.road, end))
        if at is not None:
            clear = min(clear_of(at[0].crosswalk_m if at[1].crosswalk else 0.0), length)
            begins = (end == "start") == (side.side == "right")
            yield (0.0, clear) if begins else (length - clear, length)


def areas_of(network: Network, sides: list[RoadSide], corners: list[tuple[Junction, Corner]]) -> Iterator[Area]:
    """Carriageways, junctions, sidewalks, parking lanes and crosswalks."""
    for road in network.roads:
        if road.junction:
            continue
        for index, (section, start, end) in enumerate(road.spans()):
            yield from _section_areas(network, road, section, index, start, end)
    by_junction: dict[str, list[Corner]] = {}
    for junction, corner in corners:
        by_junction.setdefault(junction.name, []).append(corner)
        yield from _corner_areas(corner, junction)
    for junction in network.junctions:
        if by_junction.get(junction.name):
            rim = outline(by_junction[junction.name])
            yield Area(name=f"junction/{junction.name}", kind="drivable", polygon=ccw(rim))
        for frame in network.frames(junction):
            if frame.arm.crosswalk:
                yield _crosswalk_area(frame, junction)


def _section_areas(
    network: Network, road: Road, section: LaneSection, index: int, start: float, end: float
) -> Iterator[Area]:
    s = lane_stations(road, start, end)
    left, right = (road.edges(section, side, s) for side in ("left", "right"))
    number = "" if index == 0 else f"/s{index + 1}"
    a, b = carriage_count(section.left), carriage_count(section.right)
    name = f"road/{road.name}{number}"
    yield Area(name=name, kind="drivable", polygon=_between(road, s, left[a], right[b], 0.0))
    both: tuple[tuple[Side, F8], ...] = (("left", left), ("right", right))
    for side, t in both:
        for k, strip in enumerate(section.side(side)):
            if strip.kind in ("sidewalk", "verge"):
                kind = "sidewalk" if strip.kind == "sidewalk" else "region"
                key = f"{strip.kind}/{road.name}/{side}{number}"
                outline_ = _between(road, s, t[k], t[k + 1], strip.height_m)
                yield Area(name=key, kind=cast(Literal["sidewalk"], kind), polygon=outline_)
            elif strip.kind == "parking":
                inner = s[_parkable(network, road, s)]
                if len(inner) > 1:
                    u = road.edges(section, side, inner)
                    polygon = _between(road, inner, u[k], u[k + 1], 0.0)
                    yield Area(name=f"parking/{road.name}/{side}{number}", kind="parking", polygon=polygon)


def _parkable(network: Network, road: Road, s: F8) -> F8:
    low, high = 0.0, road.length
    for end in ("start", "end"):
        if (road.name, end) in network.arm_at:
            back = lane_back(network, road.name, end) + 5.0
            low, high = (back, high) if end == "start" else (low, road.length - back)
    return np.asarray((s >= low) & (s <= high))


def _between(road: Road, s: F8, a: F8, b: F8, height: float) -> F8:
    return ccw(np.concatenate([road.points(s, a, height), road.points(s, b, height)[::-1]]))


def _corner_areas(corner: Corner, junction: Junction) -> Iterator[Area]:
    for k, strip in enumerate(corner.strips):
        if strip.kind in ("sidewalk", "verge"):
            ring = np.concatenate([corner.lines[k], corner.lines[k + 1][::-1]]) + np.array([0.0, 0.0, strip.height_m])
            if abs(polygon_area(ring)) > 0.05:
                kind = "sidewalk" if strip.kind == "sidewalk" else "region"
                name = f"{strip.kind}/{corner_name(corner, junction)}"
                yield Area(name=name, kind=cast(Literal["sidewalk"], kind), polygon=ccw(ring))


def _crosswalk_area(frame: ArmFrame, junction: Junction) -> Area:
    left, right = _walk_y(frame, "left")[0][0], _walk_y(frame, "right")[0][0]
    near, far = 0.5, 0.5 + junction.crosswalk_m
    ring = frame.cross(np.array([far, near, near, far]), np.array([right, right, left, left]))
    return Area(name=f"crosswalk/{arm_key(frame)}", kind="crosswalk", polygon=ccw(ring))


def ccw(polygon: F8) -> F8:
    """Counter-clockwise, without points that repeat."""
    keep = np.abs(polygon - np.roll(polygon, 1, axis=0)).max(-1) > 1e-6
    clean = polygon[keep]
    return np.ascontiguousarray(clean if polygon_area(clean) > 0.0 else clean[::-1])
