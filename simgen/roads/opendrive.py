"""Road networks from OpenDRIVE files, versions 1.4 to 1.8 (the parts that a world is made of).

Read: plan views of all geometries, elevation, superelevation, lane offsets, lane sections with widths or borders, road
marks, speeds, links, junctions with their connections, traffic lights, stop, give-way and priority signs, crosswalks
and parking spaces. Not read: lateral shapes, railroads, road marks that change within a section, surfaces (CRG),
tunnels and bridges, controllers; lights get groups of arms that face each other instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Final, cast

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F8
from simgen.roads.lanes import lane_stations
from simgen.roads.network import Arm, Joint, Junction, LaneRef, Network, Path, Sign
from simgen.roads.opendrive_road import read_road
from simgen.roads.opendrive_xml import Node, read_xml
from simgen.roads.road import Road, RoadEnd, Side, Strip

#: signals by type: the German catalogue, which OpenDRIVE files use most, and the words that others write
_SIGNS: Final[dict[str, Sign]] = {
    "205": "give_way",
    "206": "stop",
    "301": "priority",
    "306": "priority",
    "R1-1": "stop",
    "R1-2": "give_way",
}
_LIGHT_TYPES: Final = ("1000001", "1000011", "1000008", "1000010", "1000012")


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadObject:
    """A crosswalk or a parking space: an outline (P, 3), counter-clockwise not guaranteed."""

    kind: str
    name: str
    outline: F8
    #: the end of the road that it lies at, if it lies near one
    at: tuple[str, str] = ("", "")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a file holds."""

    network: Network
    objects: tuple[RoadObject, ...] = ()
    georeference: str = ""


def read_opendrive(path: str | FilePath) -> Imported:
    """Read a file.

    Raises:
        UserError: it cannot be read, is no OpenDRIVE, or contradicts itself; says which road, section and lane.
    """
    file = FilePath(path)
    root = read_xml(file)
    nodes: dict[str, Node] = {}
    for node in root.all("road"):
        key = node.text("id")
        if key in nodes:
            raise UserError(f"{file}: two roads have the id {key!r}")
        nodes[key] = node.at(f"road {key!r}")
    if not nodes:
        raise UserError(f"{file}: has no roads")
    names = _names(nodes)
    roads = {key: read_road(node, names[key]) for key, node in nodes.items()}
    rules = {node.text("rule", "RHT").upper() for node in nodes.values()}
    if len(rules) > 1:
        raise UserError(f"{file}: some roads keep right and some keep left, which one network cannot")
    links = {key: _links(node, nodes) for key, node in nodes.items()}
    inner = {key: node.text("junction", "-1") for key, node in nodes.items()}
    objects = [o for k, node in nodes.items() for o in _objects(node, roads[k])]
    junctions = [_junction(j, nodes, roads, links, inner, names, objects) for j in root.all("junction")]
    known = {j.text("id") for j in root.all("junction")}
    for key, junction in inner.items():
        if junction not in ("-1", "") and junction not in known:
            raise nodes[key].fail(f"belongs to junction {junction!r}, which the file lacks")
    network = Network(
        roads=tuple(replace(r, junction=_junction_name(inner[k])) for k, r in roads.items()),
        junctions=tuple(j for j in junctions if j is not None),
        joints=_joints(nodes, roads, links, inner),
        left_hand=rules == {"LHT"},
    )
    crossed = {(arm.road, arm.end) for j in network.junctions for arm in j.arms if arm.crosswalk}
    reference = root.first("header/geoReference")
    text = (reference.element.text or "").strip() if reference is not None else ""
    rest = tuple(o for o in objects if o.kind != "crosswalk" or o.at not in crossed)
    return Imported(network=network, objects=rest, georeference=text)


def _names(nodes: dict[str, Node]) -> dict[str, str]:
    """Roads are called by their ids; lane names use slashes, so ids must not."""
    return {key: f"road_{key.replace('/', '_').strip() or 'unnamed'}" for key in nodes}


def _junction_name(key: str) -> str:
    return "" if key in ("-1", "") else f"junction_{key.replace('/', '_')}"


@dataclass(frozen=True)
class _Link:
    """Where an end of a road leads."""

    kind: str
    key: str
    contact: RoadEnd = "start"


def _links(node: Node, nodes: dict[str, Node]) -> dict[RoadEnd, _Link]:
    found: dict[RoadEnd, _Link] = {}
    for tag, end in (("predecessor", "start"), ("successor", "end")):
        link = node.first(f"link/{tag}")
        if link is None:
            continue
        kind, key = link.text("elementType", "road"), link.text("elementId")
        if kind == "road" and key not in nodes:
            raise node.fail(f"its {tag} is road {key!r}, which the file lacks")
        found[cast(RoadEnd, end)] = _Link(kind, key, cast(RoadEnd, link.text("contactPoint", "start")))
    return found


def _joints(
    nodes: dict[str, Node], roads: dict[str, Road], links: dict[str, dict[RoadEnd, _Link]], inner: dict[str, str]
) -> tuple[Joint, ...]:
    """Pairs of road ends outside junctions, each once."""
    found: dict[frozenset[tuple[str, str]], Joint] = {}
    for key, ends in links.items():
        if _junction_name(inner[key]):
            continue
        for end, link in ends.items():
            if link.kind != "road" or _junction_name(inner[link.key]):
                continue
            a, b = (roads[key].name, end), (roads[link.key].name, link.contact)
            gap = np.abs(_point(roads[key], end) - _point(roads[link.key], link.contact))[:2].max()
            if gap > 0.5:
                raise nodes[key].fail(f"ends {gap:.1f} m from the {link.contact} of road {link.key!r} that it leads to")
            found.setdefault(frozenset((a, b)), Joint(first=a, second=b))
    return tuple(found.values())


def _point(road: Road, end: RoadEnd) -> F8:
    s = np.array([road.end_m(end)])
    return np.asarray(road.points(s, np.zeros(1))[0])


def _junction(
    node: Node,
    nodes: dict[str, Node],
    roads: dict[str, Road],
    links: dict[str, dict[RoadEnd, _Link]],
    inner: dict[str, str],
    names: dict[str, str],
    objects: list[RoadObject],
) -> Junction | None:
    key = node.text("id")
    where = node.at(f"junction {key!r}")
    arms: dict[tuple[str, RoadEnd], Sign] = {}
    lights = False
    for road, ends in links.items():
        if _junction_name(inner[road]):
            continue
        for end, link in ends.items():
            if link.kind == "junction" and link.key == key:
                sign, light = _signals(nodes[road], roads[road], end)
                arms[(road, end)] = sign
                lights = lights or light
    paths: list[Path] = []
    for connection in where.all("connection"):
        paths += _paths(connection, nodes, roads, links, arms)
    if not arms:
        return None
    crossed = {o.at for o in objects if o.kind == "crosswalk"}
    rule = "signals" if lights else ("signs" if any(arms.values()) else "right_before_left")
    return Junction(
        name=_junction_name(key),
        arms=tuple(
            Arm(road=names[r], end=end, sign=sign, crosswalk=(names[r], end) in crossed)
            for (r, end), sign in arms.items()
        ),
        rule=rule,  # type: ignore[arg-type]
        corner_radius_m=None,
        paths=tuple(paths),
    )


def _signals(node: Node, road: Road, end: RoadEnd) -> tuple[Sign, bool]:
    """The sign at an end of a road, and whether a traffic light stands there."""
    sign: Sign = ""
    light = False
    for signal in node.all("signals/signal"):
        facing = signal.text("orientation", "none")
        if facing == ("-" if end == "end" else "+"):
            continue
        s = signal.number("s", 0.0)
        near = (road.length - s if end == "end" else s) < max(30.0, 0.25 * road.length)
        if not near:
            continue
        kind = signal.text("type", "")
        if kind in _LIGHT_TYPES or signal.text("dynamic", "no") == "yes":
            light = True
        sign = _SIGNS.get(kind, sign)
    return sign, light


def _paths(
    connection: Node,
    nodes: dict[str, Node],
    roads: dict[str, Road],
    links: dict[str, dict[RoadEnd, _Link]],
    arms: dict[tuple[str, RoadEnd], Sign],
) -> list[Path]:
    """The ways of one connection, lane by lane."""
    into, by = connection.text("incomingRoad", ""), connection.text("connectingRoad", "")
    if into == "" or by == "":
        return []
    for key in (into, by):
        if key not in roads:
            raise connection.fail(f"connection {connection.text('id', '?')!r} names road {key!r}, which the file lacks")
    contact = cast(RoadEnd, connection.text("contactPoint", "start"))
    far: RoadEnd = "end" if contact == "start" else "start"
    way = roads[by]
    near_link, far_link = links[by].get(contact), links[by].get(far)
    if far_link is None or far_link.kind != "road":
        raise nodes[by].fail(f"is a connecting road, but its {far} leads to no road")
    in_end = (
        near_link.contact if near_link is not None and near_link.kind == "road" else _end_at(roads[into], way, contact)
    )
    if (into, in_end) not in arms or (far_link.key, far_link.contact) not in arms:
        return []
    made = []
    for link in connection.all("laneLink"):
        start, lane = link.whole("from"), link.whole("to")
        line, last = _lane_line(nodes[by], way, lane, contact)
        out = _far_lane(nodes[by], last, far)
        a = _ref(nodes[into], roads[into], in_end, start)
        b = _ref(nodes[far_link.key], roads[far_link.key], far_link.contact, out)
        if _strip_of(roads[into], a).kind == "driving" == _strip_of(roads[far_link.key], b).kind:
            made.append(Path(start=a, end=b, line=line))
    return made


def _end_at(road: Road, way: Road, contact: RoadEnd) -> RoadEnd:
    """The end of a road that lies nearer to an end of another."""
    to = _point(way, contact)
    gaps = [float(np.hypot(*(_point(road, end) - to)[:2])) for end in ("start", "end")]
    return "start" if gaps[0] < gaps[1] else "end"


def _ref(node: Node, road: Road, end: RoadEnd, lane: int) -> LaneRef:
    side: Side = "left" if lane > 0 else "right"
    if lane == 0 or abs(lane) > len(road.section_at(end).side(side)):
        raise node.fail(f"has no lane {lane} at its {end}, but a junction leads to it")
    return road.name, end, side, abs(lane)


def _strip_of(road: Road, ref: LaneRef) -> Strip:
    return road.section_at(ref[1]).side(ref[2])[ref[3] - 1]


def _lane_line(node: Node, road: Road, lane: int, contact: RoadEnd) -> tuple[F8, int]:
    """The middle of a connecting lane through all sections, from the contact on; and its number at the far end."""
    side: Side = "left" if lane > 0 else "right"
    spans = road.spans() if contact == "start" else road.spans()[::-1]
    pieces, number = [], abs(lane)
    for k, (section, start, end) in enumerate(spans):
        strips = section.side(side)
        if not 1 <= number <= len(strips):
            raise node.fail(f"has no lane {'' if lane > 0 else '-'}{number} in its section at s={start:g}")
        s = lane_stations(road, start, end)
        edges = road.edges(section, side, s)
        line = road.points(s, 0.5 * (edges[number - 1] + edges[number]))
        pieces.append(line if contact == "start" else line[::-1])
        if k + 1 < len(spans):
            if contact == "start":
                following = strips[number - 1].next
            else:
                before = spans[k + 1][0].side(side)
                following = next((m for m, x in enumerate(before, 1) if x.next == number), None)
            number = number if following is None else following
    return np.concatenate(pieces), number if lane > 0 else -number


def _far_lane(node: Node, lane: int, far: RoadEnd) -> int:
    """The lane of the next road that a connecting lane leads to."""
    sections = node.all("lanes/laneSection")
    section = sections[-1] if far == "end" else sections[0]
    tag = "successor" if far == "end" else "predecessor"
    for side in ("left", "right"):
        for found in section.all(f"{side}/lane"):
            if found.whole("id") == lane:
                link = found.first(f"link/{tag}")
                if link is None:
                    raise node.fail(f"lane {lane} is a connecting lane, but has no {tag}")
                return link.whole("id")
    raise node.fail(f"has no lane {lane}")


def _objects(node: Node, road: Road) -> list[RoadObject]:
    found: list[RoadObject] = []
    for item in node.all("objects/object"):
        kind = item.text("type", "").lower()
        wanted = {"crosswalk": "crosswalk", "parkingspace": "parking", "parking": "parking"}.get(kind)
        if wanted is None:
            continue
        where = item.at(f"object {item.text('id', '?')!r}")
        outline = _outline(where, road)
        if outline is not None:
            name = f"{road.name}/{item.text('id', str(len(found)))}"
            found.append(RoadObject(kind=wanted, name=name, outline=outline, at=_near_end(road, outline)))
    return found


def _near_end(road: Road, outline: F8) -> tuple[str, str]:
    """The end of a road that a crosswalk lies at: its middle within eight metres."""
    for end in ("start", "end"):
        if np.hypot(*(outline.mean(0) - _point(road, end))[:2]) < 8.0:
            return road.name, end
    return "", ""


def _outline(item: Node, road: Road) -> F8 | None:
    corners = item.all("outline") or item.all("outlines/outline")
    road_corners = corners[0].all("cornerRoad") if corners else []
    if len(road_corners) > 2:
        s, t = (np.array([c.number(n) for c in road_corners]) for n in ("s", "t"))
        return road.points(s, t)
    s0, t0, turn = item.number("s"), item.number("t"), item.number("hdg", 0.0)
    local = corners[0].all("cornerLocal") if corners else []
    if len(local) > 2:
        uv = np.array([(c.number("u"), c.number("v")) for c in local])
    else:
        length, width = item.number("length", 0.0), item.number("width", 0.0)
        if length <= 0.0 or width <= 0.0:
            return None
        uv = 0.5 * np.array([(-length, -width), (length, -width), (length, width), (-length, width)])
    c, s = np.cos(turn), np.sin(turn)
    along, aside = c * uv[:, 0] - s * uv[:, 1], s * uv[:, 0] + c * uv[:, 1]
    origin = road.points(np.array([s0]), np.array([t0]))[0]
    heading = float(road.line.at(s0)[2])
    grade = float(road.elevation.slope(s0))
    ch, sh = np.cos(heading), np.sin(heading)
    x, y = origin[0] + ch * along - sh * aside, origin[1] + sh * along + ch * aside
    return np.stack([x, y, origin[2] + grade * along], -1)
