"""One road of OpenDRIVE: plan view, heights, lane sections (ASAM OpenDRIVE 1.7, sections 7 to 11)."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Final, Literal, cast

import numpy as np

from simgen.roads.curves import Arc, Clothoid, Curve, ParamPoly3, Poly3, Straight
from simgen.roads.opendrive_xml import Node
from simgen.roads.profile import Cubic, Profile
from simgen.roads.reference import ReferenceLine
from simgen.roads.road import LaneSection, Marking, Road, Strip, StripKind

_SPEEDS: Final = {"m/s": 1.0, "km/h": 1.0 / 3.6, "mph": 0.44704}
_KINDS: Final[dict[str, StripKind]] = {
    "driving": "driving",
    "entry": "driving",
    "exit": "driving",
    "onRamp": "driving",
    "offRamp": "driving",
    "connectingRamp": "driving",
    "slipLane": "driving",
    "bidirectional": "driving",
    "special1": "driving",
    "special2": "driving",
    "special3": "driving",
    "bus": "driving",
    "taxi": "driving",
    "HOV": "driving",
    "mwyEntry": "driving",
    "mwyExit": "driving",
    "biking": "bike",
    "parking": "parking",
    "shoulder": "shoulder",
    "stop": "shoulder",
    "border": "none",
    "restricted": "none",
    "roadWorks": "none",
    "sidewalk": "sidewalk",
    "walking": "sidewalk",
    "curb": "kerb",
    "median": "median",
    "none": "verge",
    "rail": "rail",
    "tram": "rail",
}
#: heights over the carriageway where the file gives none
_HEIGHTS: Final = {"sidewalk": 0.12, "kerb": 0.12}
_MARKS: Final = {
    "solid": "solid",
    "broken": "broken",
    "solid solid": "double",
    "solid broken": "solid_broken",
    "broken solid": "broken_solid",
    "broken broken": "double_broken",
    "botts dots": "broken",
}
_GAP_M: Final = 0.05


def read_road(node: Node, name: str) -> Road:
    """A road.

    Raises:
        UserError: something is missing, contradictory or not supported; says which road and where.
    """
    line = _plan_view(node)
    sections, left_out = [], node.first("lanes")
    if left_out is None:
        raise node.fail("has no <lanes>")
    found = left_out.all("laneSection")
    if not found:
        raise node.fail("has no <laneSection>")
    starts = [section.number("s") for section in found]
    if any(b <= a for a, b in itertools.pairwise(starts)) or starts[0] > _GAP_M or starts[-1] >= line.length:
        raise node.fail("its lane sections do not begin at 0 and follow each other along the road")
    for k, section in enumerate(found):
        where = section.at(f"lane section at s={starts[k]:g}")
        sections.append(_section(where, starts[k] if k else 0.0, linked=len(found) > 1))
    speed = _speed(node.first("type/speed"))
    return Road(
        name=name,
        line=line,
        sections=tuple(sections),
        elevation=_profile(node, "elevationProfile/elevation"),
        superelevation=_profile(node, "lateralProfile/superelevation"),
        offset=_profile(node, "lanes/laneOffset"),
        speed_limit_m_s=speed or 13.9,
    )


def _plan_view(node: Node) -> ReferenceLine:
    plan = node.first("planView")
    pieces = [_curve(g) for g in plan.all("geometry")] if plan is not None else []
    if not pieces:
        raise node.fail("has no <geometry> in its <planView>")
    for k, (before, after) in enumerate(itertools.pairwise(pieces)):
        x, y, heading, _ = (float(v[0]) for v in before.at(np.array([before.length_m])))
        gap = math.hypot(after.x - x, after.y - y)
        if gap > _GAP_M or abs(math.remainder(after.heading_rad - heading, 2.0 * math.pi)) > 0.02:
            raise node.fail(f"geometry {k + 1} begins {gap:.2f} m from the end of the one before it, or turned")
    line = ReferenceLine(tuple(pieces))
    if line.length > 1e5:
        raise node.fail(f"is {line.length / 1000.0:.0f} km long")
    return line


def _curve(g: Node) -> Curve:
    pose = {
        "x": g.number("x"),
        "y": g.number("y"),
        "heading_rad": g.number("hdg"),
        "length_m": g.number("length"),
    }
    if pose["length_m"] <= 0.0:
        raise g.fail(f"a geometry at s={g.text('s', '?')} has the length {pose['length_m']:g}")
    for shape in g:
        if shape.tag == "line":
            return Straight(**pose)
        if shape.tag == "arc":
            k = shape.number("curvature")
            return Arc(**pose, curvature_1_m=k) if k else Straight(**pose)
        if shape.tag == "spiral":
            return Clothoid(**pose, start_1_m=shape.number("curvStart"), end_1_m=shape.number("curvEnd"))
        if shape.tag == "poly3":
            return Poly3(**pose, v=_four(shape, "a b c d"))
        if shape.tag == "paramPoly3":
            normalized = shape.text("pRange", "normalized") == "normalized"
            u, v = _four(shape, "aU bU cU dU"), _four(shape, "aV bV cV dV")
            return ParamPoly3(**pose, u=u, v=v, p_max=1.0 if normalized else pose["length_m"])
    raise g.fail(f"a geometry at s={g.text('s', '?')} is neither line, arc, spiral, poly3 nor paramPoly3")


def _four(shape: Node, names: str) -> tuple[float, float, float, float]:
    a, b, c, d = (shape.number(n) for n in names.split())
    return a, b, c, d


def _profile(node: Node, path: str, start: str = "s", scale: float = 1.0) -> Profile:
    found = sorted(
        ((e.number(start), Cubic(*(scale * v for v in _four(e, "a b c d")))) for e in node.all(path)),
        key=lambda e: e[0],
    )
    profile = Profile(tuple(s for s, _ in found), tuple(c for _, c in found))
    return Profile() if profile.is_zero else profile


def _speed(node: Node | None) -> float | None:
    if node is None:
        return None
    raw = node.text("max", "")
    if raw in ("", "no limit", "undefined"):
        return None
    unit = node.text("unit", "m/s")
    if unit not in _SPEEDS:
        raise node.fail(f"speed in {unit!r}; known are {', '.join(_SPEEDS)}")
    value = node.number("max") * _SPEEDS[unit]
    return value if value > 0.0 else None


def _section(node: Node, start: float, *, linked: bool) -> LaneSection:
    sides: dict[str, tuple[Strip, ...]] = {}
    for side, sign in (("left", 1), ("right", -1)):
        lanes = {lane.whole("id"): lane for lane in node.all(f"{side}/lane")}
        count = len(lanes)
        if sorted(abs(k) for k in lanes) != list(range(1, count + 1)) or any(k * sign <= 0 for k in lanes):
            raise node.fail(f"its lanes on the {side} are not numbered {sign}, {2 * sign} ... from the middle")
        strips: list[Strip] = []
        border = Profile()
        for number in range(1, count + 1):
            lane = lanes[sign * number].at(f"lane {sign * number}")
            strip, border = _strip(lane, border, outermost=number == count, linked=linked)
            strips.append(strip)
        sides[side] = tuple(strips)
    center = node.first("center/lane")
    return LaneSection(
        start_m=start,
        left=sides["left"],
        right=sides["right"],
        center=_marking(center) if center is not None else Marking(),
    )


def _strip(lane: Node, inner: Profile, *, outermost: bool, linked: bool) -> tuple[Strip, Profile]:
    """A strip, and its outer border for lanes that give borders instead of widths."""
    kind = _KINDS.get(lane.text("type", "none"), "none")
    raising = lane.first("height")
    kind = "none" if kind == "verge" and not outermost and raising is None else kind
    if lane.all("width"):
        width, border = _profile(lane, "width", "sOffset"), Profile()
    else:
        border = _profile(lane, "border", "sOffset", scale=1.0 if lane.whole("id") > 0 else -1.0)
        width = _difference(border, inner)
    raised = raising.number("outer", raising.number("inner", 0.0)) if raising is not None else _HEIGHTS.get(kind, 0.0)
    link = lane.first("link/successor")
    following = abs(link.whole("id")) if link is not None else (0 if linked else None)
    strip = Strip(
        kind=kind,
        width_m=width,
        marking=_marking(lane),
        height_m=raised if kind in ("sidewalk", "kerb", "median", "verge") else 0.0,
        speed_limit_m_s=_speed(lane.first("speed")),
        next=following,
        direction="both" if lane.text("type", "") == "bidirectional" else "",
    )
    return strip, border


def _difference(a: Profile, b: Profile) -> Profile:
    """One profile less another, piece by piece."""
    starts = tuple(sorted({*a.starts, *b.starts}))

    def piece(p: Profile, s: float) -> Cubic:
        k = max((i for i, start in enumerate(p.starts) if start <= s), default=-1)
        return p.pieces[k].moved(s - p.starts[k]) if k >= 0 else Cubic()

    pairs = [(piece(a, s), piece(b, s)) for s in starts]
    return Profile(starts, tuple(Cubic(p.a - q.a, p.b - q.b, p.c - q.c, p.d - q.d) for p, q in pairs))


def _marking(lane: Node) -> Marking:
    """Its first road mark; a change along the section is not drawn."""
    mark = lane.first("roadMark")
    if mark is None or mark.text("type", "none") not in _MARKS:
        return Marking()
    kind = _MARKS[mark.text("type")]
    width = mark.number("width", 0.12)
    made = Marking(
        kind=cast(Literal["solid"], kind),
        color="yellow" if mark.text("color", "standard") in ("yellow", "orange") else "white",
        width_m=width if 0.03 <= width <= 1.0 else 0.12,
    )
    line = mark.first("type/line")
    if kind == "broken" and line is not None and line.number("length", 0.0) > 0.0 and line.number("space", 0.0) > 0.0:
        return replace(made, dash_m=line.number("length"), gap_m=line.number("space"))
    return made
