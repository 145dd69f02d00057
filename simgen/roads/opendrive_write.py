"""Road networks as OpenDRIVE 1.7: for other simulators, and to be read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane, RoadMap
from simgen.roads.build import build_map
from simgen.roads.curves import Arc, Clothoid, Curve, ParamPoly3, Poly3
from simgen.roads.lanes import Draft, LaneKey, drafts, lane_back
from simgen.roads.network import Arm, Junction, Network
from simgen.roads.profile import Cubic, Profile
from simgen.roads.road import LaneSection, Marking, Road, RoadEnd, Side, Strip, carriage_count, travels
from simgen.roads.road_mesh import stop_back

_TYPES: Final = {
    "driving": "driving",
    "bike": "biking",
    "parking": "parking",
    "shoulder": "shoulder",
    "rail": "tram",
    "median": "median",
    "kerb": "curb",
    "sidewalk": "sidewalk",
    "verge": "none",
    "none": "restricted",
}
_MARKS: Final = {
    "none": "none",
    "solid": "solid",
    "broken": "broken",
    "double": "solid solid",
    "solid_broken": "solid broken",
    "broken_solid": "broken solid",
    "double_broken": "broken broken",
}
_SIGNS: Final = {"give_way": "205", "stop": "206", "priority": "301"}
_PIECE_M: Final = 1.5
_SIDES: Final[tuple[Side, Side]] = ("left", "right")


def network_to_opendrive(network: Network, name: str = "simgen") -> str:
    """The XML of a network, with a connecting road for every way through its junctions."""
    return _Writer(network, name).text()


class _Writer:
    """One network on its way into XML."""

    def __init__(self, network: Network, name: str) -> None:
        self._network = network
        self._map: RoadMap = build_map(network)
        self._drafts: dict[str, Draft] = {d.name: d for d in drafts(network).values()}
        self._ids = {road.name: str(k + 1) for k, road in enumerate(network.roads)}
        self._junction_ids = {j.name: str(10001 + k) for k, j in enumerate(network.junctions)}
        self._root = Element("OpenDRIVE")
        header = {"revMajor": "1", "revMinor": "7", "name": name, "version": "1.00", "vendor": "simgen"}
        SubElement(self._root, "header", header)

    def text(self) -> str:
        """Everything."""
        for road in self._network.roads:
            if not road.junction:
                self._road(road)
        ways = {j.name: list(self._connecting(j)) for j in self._network.junctions}
        for junction in self._network.junctions:
            self._junction(junction, ways[junction.name])
        indent(self._root, " ")
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(self._root, encoding="unicode") + "\n"

    def _start(self, key: str, name: str, length: float, junction: str) -> Element:
        rule = "LHT" if self._network.left_hand else "RHT"
        fields = {"name": name, "length": _f(length), "id": key, "junction": junction, "rule": rule}
        return SubElement(self._root, "road", fields)

    def _road(self, road: Road) -> None:
        element = self._start(self._ids[road.name], road.name, road.length, "-1")
        link = SubElement(element, "link")
        for tag, end in (("predecessor", "start"), ("successor", "end")):
            target = self._leads_to(road.name, end)  # type: ignore[arg-type]
            if target:
                SubElement(link, tag, target)
        kind = SubElement(element, "type", {"s": "0", "type": "town"})
        SubElement(kind, "speed", {"max": _f(road.speed_limit_m_s), "unit": "m/s"})
        _plan_view(element, road.line.pieces)
        if road.elevation.pieces:
            _cubics(SubElement(element, "elevationProfile"), "elevation", road.elevation, road.length)
        if road.superelevation.pieces:
            _cubics(SubElement(element, "lateralProfile"), "superelevation", road.superelevation, road.length)
        lanes = SubElement(element, "lanes")
        _cubics(lanes, "laneOffset", road.offset, road.length)
        for index, (section, begin, finish) in enumerate(road.spans()):
            self._section(lanes, road, index, section, finish - begin)
        self._objects(element, road)
        self._signals(element, road)

    def _leads_to(self, road: str, end: RoadEnd) -> dict[str, str]:
        at = self._network.arm_at.get((road, end))
        if at is not None:
            return {"elementType": "junction", "elementId": self._junction_ids[at[0].name]}
        for joint in self._network.joints:
            for mine, other in ((joint.first, joint.second), (joint.second, joint.first)):
                if mine == (road, end):
                    return {"elementType": "road", "elementId": self._ids[other[0]], "contactPoint": other[1]}
        return {}

    def _section(self, lanes: Element, road: Road, index: int, section: LaneSection, length: float) -> None:
        element = SubElement(lanes, "laneSection", {"s": _f(section.start_m)})
        for side, sign in (("left", 1), ("center", 0), ("right", -1)):
            group = SubElement(element, side)
            if not sign:
                lane = SubElement(group, "lane", {"id": "0", "type": "none", "level": "false"})
                _mark(lane, section.center)
                continue
            strips = list(enumerate(section.side("left" if sign > 0 else "right"), 1))
            for number, strip in reversed(strips) if sign > 0 else strips:
                lane = SubElement(
                    group, "lane", {"id": str(sign * number), "type": _TYPES[strip.kind], "level": "false"}
                )
                self._lane_link(lane, road, index, number, sign, strip)
                _widths(lane, strip, length)
                _mark(lane, strip.marking)
                if strip.speed_limit_m_s:
                    SubElement(lane, "speed", {"sOffset": "0", "max": _f(strip.speed_limit_m_s), "unit": "m/s"})
                if strip.height_m:
                    h = _f(strip.height_m)
                    SubElement(lane, "height", {"sOffset": "0", "inner": h, "outer": h})

    def _lane_link(self, lane: Element, road: Road, index: int, number: int, sign: int, strip: Strip) -> None:
        last = index + 1 == len(road.sections)
        if last and not any((road.name, "end") in (j.first, j.second) for j in self._network.joints):
            return
        target = number if strip.next is None else strip.next
        if target:
            link = SubElement(lane, "link")
            SubElement(link, "successor", {"id": str(sign * target)})

    def _objects(self, element: Element, road: Road) -> None:
        """The crosswalks at its ends."""
        ends: tuple[RoadEnd, ...] = ("start", "end")
        arms = [(end, self._network.arm_at.get((road.name, end))) for end in ends]
        crossed = [(end, at[0].crosswalk_m) for end, at in arms if at is not None and at[1].crosswalk]
        objects = SubElement(element, "objects") if crossed else element
        for end, length in crossed:
            near, far = (0.5, 0.5 + length) if end == "start" else (road.length - 0.5 - length, road.length - 0.5)
            section, at_s = road.section_at(end), np.array([road.end_m(end)])
            left, right = (
                float(road.edges(section, side, at_s)[carriage_count(section.side(side)), 0]) for side in _SIDES
            )
            fields = {"id": f"{self._ids[road.name]}{end}", "type": "crosswalk", "name": "crosswalk"}
            place = {"s": _f(0.5 * (near + far)), "t": _f(0.5 * (left + right)), "zOffset": "0", "hdg": "0"}
            item = SubElement(objects, "object", {**fields, **place, "orientation": "none"})
            ring = SubElement(item, "outline")
            for s, t in ((near, right), (far, right), (far, left), (near, left)):
                SubElement(ring, "cornerRoad", {"s": _f(s), "t": _f(t), "dz": "0", "height": "0"})

    def _signals(self, element: Element, road: Road) -> None:
        found: list[dict[str, str]] = []
        for end in ("start", "end"):
            at = self._network.arm_at.get((road.name, end))
            if at is not None:
                found += list(_signal(at[0], at[1], road, end, f"{self._ids[road.name]}{end[0]}"))
        if found:
            signals = SubElement(element, "signals")
            for fields in found:
                SubElement(signals, "signal", fields)

    def _connecting(self, junction: Junction) -> Iterator[tuple[str, str, int]]:
        """Write a road for every way: its id, the incoming road and the lane that it takes."""
        ways = [lane for lane in self._map.lanes if lane.junction == junction.name and lane.kind == "driving"]
        before = {name: lane.name for lane in self._map.lanes for name in lane.successors}
        for k, way in enumerate(ways):
            start, end = self._drafts[before[way.name]], self._drafts[way.successors[0]]
            key = f"{int(self._junction_ids[junction.name]) * 1000 + k}"
            self._way(junction, key, way, start.key, end.key)
            yield key, self._ids[start.key.road], _signed(start.key)

    def _way(self, junction: Junction, key: str, way: Lane, start: LaneKey, end: LaneKey) -> None:
        arms = {(arm.road, arm.end) for arm in junction.arms}
        into, out = self._mouth(start, arms, leaving=True), self._mouth(end, arms, leaving=False)
        line = Polyline(way.centerline)
        line = line.cut(lane_back(self._network, *into), line.length - lane_back(self._network, *out))
        pieces, heights = _hermite(line)
        length = sum(p.length_m for p in pieces)
        element = self._start(key, way.name, length, self._junction_ids[junction.name])
        link = SubElement(element, "link")
        for tag, at in (("predecessor", into), ("successor", out)):
            fields = {"elementType": "road", "elementId": self._ids[at[0]], "contactPoint": at[1]}
            SubElement(link, tag, fields)
        _plan_view(element, pieces)
        _cubics(SubElement(element, "elevationProfile"), "elevation", heights, length)
        lanes = SubElement(element, "lanes")
        side, sign = ("left", 1) if self._network.left_hand else ("right", -1)
        _cubics(lanes, "laneOffset", Profile.constant(-0.5 * sign * way.width_m), length)
        section = SubElement(lanes, "laneSection", {"s": "0"})
        SubElement(SubElement(section, "center"), "lane", {"id": "0", "type": "none", "level": "false"})
        lane = SubElement(SubElement(section, side), "lane", {"id": str(sign), "type": "driving", "level": "false"})
        lane_link = SubElement(lane, "link")
        SubElement(lane_link, "predecessor", {"id": str(_signed(start))})
        SubElement(lane_link, "successor", {"id": str(_signed(end))})
        _widths(lane, Strip(kind="driving", width_m=way.width_m), length)

    def _mouth(self, key: LaneKey, arms: set[tuple[str, RoadEnd]], *, leaving: bool) -> tuple[str, RoadEnd]:
        """The road's end at which a lane meets the junction."""
        strip = self._network.by_name[key.road].sections[key.section].side(key.side)[key.number - 1]
        along = travels(strip, key.side, self._network.left_hand) == "with"
        end: RoadEnd = "end" if along == leaving else "start"
        return key.road, end

    def _junction(self, junction: Junction, ways: list[tuple[str, str, int]]) -> None:
        fields = {"id": self._junction_ids[junction.name], "name": junction.name}
        element = SubElement(self._root, "junction", fields)
        sign = 1 if self._network.left_hand else -1
        for k, (key, incoming, lane) in enumerate(ways):
            connection = SubElement(
                element,
                "connection",
                {"id": str(k), "incomingRoad": incoming, "connectingRoad": key, "contactPoint": "start"},
            )
            SubElement(connection, "laneLink", {"from": str(lane), "to": str(sign)})


def _signed(key: LaneKey) -> int:
    return key.number if key.side == "left" else -key.number


def _f(value: float) -> str:
    return format(float(value), ".17g")


def _plan_view(road: Element, pieces: tuple[Curve, ...]) -> None:
    plan = SubElement(road, "planView")
    s = 0.0
    for p in pieces:
        fields = {"s": _f(s), "x": _f(p.x), "y": _f(p.y), "hdg": _f(p.heading_rad), "length": _f(p.length_m)}
        g = SubElement(plan, "geometry", fields)
        if isinstance(p, Arc):
            SubElement(g, "arc", {"curvature": _f(p.curvature_1_m)})
        elif isinstance(p, Clothoid):
            SubElement(g, "spiral", {"curvStart": _f(p.start_1_m), "curvEnd": _f(p.end_1_m)})
        elif isinstance(p, ParamPoly3):
            range_ = "normalized" if p.p_max == 1.0 else "arcLength"
            uv = {f"{n}{axis}": _f(v) for axis, c in (("U", p.u), ("V", p.v)) for n, v in zip("abcd", c, strict=True)}
            SubElement(g, "paramPoly3", {**uv, "pRange": range_})
        elif isinstance(p, Poly3):
            SubElement(g, "poly3", {n: _f(v) for n, v in zip("abcd", p.v, strict=True)})
        else:
            SubElement(g, "line")
        s += p.length_m


def _cubics(parent: Element, tag: str, profile: Profile, length: float, start: str = "s") -> None:
    for s, c in zip(profile.starts, profile.pieces, strict=True):
        if s < length:
            SubElement(parent, tag, {start: _f(s), "a": _f(c.a), "b": _f(c.b), "c": _f(c.c), "d": _f(c.d)})


def _widths(lane: Element, strip: Strip, length: float) -> None:
    width = strip.width_m
    if isinstance(width, Cubic):
        width = Profile((0.0,), (width,))
    elif not isinstance(width, Profile):
        width = Profile.constant(width)
    _cubics(lane, "width", width, length, "sOffset")
    if width.end_m is not None and width.end_m < length:
        end = Cubic(float(width.at(width.end_m)))
        _cubics(lane, "width", Profile((width.end_m,), (end,)), length, "sOffset")


def _mark(lane: Element, m: Marking) -> None:
    fields = {"sOffset": "0", "type": _MARKS[m.kind], "weight": "standard", "color": m.color, "width": _f(m.width_m)}
    mark = SubElement(lane, "roadMark", fields)
    if m.kind == "broken":
        kind = SubElement(mark, "type", {"name": "broken", "width": _f(m.width_m)})
        SubElement(kind, "line", {"length": _f(m.dash_m), "space": _f(m.gap_m), "tOffset": "0", "sOffset": "0"})


def _signal(junction: Junction, arm: Arm, road: Road, end: str, key: str) -> Iterator[dict[str, str]]:
    back = stop_back(junction.crosswalk_m if arm.crosswalk else 0.0)
    s = back if end == "start" else road.length - back
    common = {"id": key, "s": _f(s), "t": "0", "zOffset": "2", "orientation": "-" if end == "start" else "+"}
    if junction.rule == "signals":
        yield {**common, "dynamic": "yes", "country": "OpenDRIVE", "type": "1000001", "subtype": "-1", "value": "-1"}
    elif junction.rule == "signs" and arm.sign in _SIGNS:
        yield {**common, "dynamic": "no", "country": "DE", "type": _SIGNS[arm.sign], "subtype": "-1", "value": "-1"}


def _hermite(line: Polyline) -> tuple[tuple[Curve, ...], Profile]:
    """A way as cubics through its points, with the headings there, and its heights."""
    count = max(int(np.ceil(line.length / _PIECE_M)), 1)
    at: F8 = np.linspace(0.0, line.length, count + 1)
    points, headings = line.at(at), line.heading(at)
    pieces: list[Curve] = []
    s = [0.0]
    for k in range(count):
        gap = points[k + 1, :2] - points[k, :2]
        chord = float(np.hypot(*gap))
        c, sn = np.cos(headings[k]), np.sin(headings[k])
        u1, v1 = float(c * gap[0] + sn * gap[1]), float(-sn * gap[0] + c * gap[1])
        turn = float(headings[k + 1] - headings[k])
        du, dv = chord * np.cos(turn), chord * np.sin(turn)
        u = (0.0, chord, float(3.0 * u1 - 2.0 * chord - du), float(chord + du - 2.0 * u1))
        v = (0.0, 0.0, float(3.0 * v1 - dv), float(dv - 2.0 * v1))
        x, y = float(points[k, 0]), float(points[k, 1])
        pieces.append(ParamPoly3(x=x, y=y, heading_rad=float(headings[k]), length_m=chord, u=u, v=v))
        s.append(s[-1] + chord)
    z = points[:, 2]
    return tuple(pieces), Profile.through(np.array(s), z) if count > 1 else Profile.constant(float(z[0]))
