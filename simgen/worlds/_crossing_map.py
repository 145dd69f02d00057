"""The map of a four-armed junction: lanes, kerbs, areas and signals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Literal

import numpy as np

from simgen.polyline import Polyline, polygon_area
from simgen.records.base import F8
from simgen.records.roads import Area, Kerb, Lane, RoadMap, Signal
from simgen.worlds._crossing import ARM_BEHIND, DIRECTIONS, QUADRANTS, Measures
from simgen.worlds._ground import quarter_turns

#: which signal each direction obeys
GROUPS = ("east_west", "north_south", "east_west", "north_south")
_STEP_M = 0.5


def crossing_map(m: Measures, signals: tuple[Signal, ...], speed_limit_m_s: float) -> RoadMap:
    """Everything; approach lanes obey the signal of their axis if there are signals."""
    lanes = [lane for turn in range(4) for lane in _lanes(m, turn, bool(signals), speed_limit_m_s)]
    kerbs = [kerb for turn in range(4) for kerb in _kerbs(m, turn)]
    areas = [
        Area(name="road", kind="drivable", polygon=_ccw(m.outline(m.arm))),
        Area(name="junction", kind="region", polygon=_ccw(m.outline(m.mouth))),
    ]
    areas += [area for turn in range(4) for area in _areas(m, turn)]
    paths = [lane for turn in range(4) for lane in _paths(m, turn, bool(signals))]
    return RoadMap(lanes=(*lanes, *paths), kerbs=tuple(kerbs), areas=tuple(areas), signals=signals)


def _lanes(m: Measures, turn: int, signals: bool, limit: float) -> Iterator[Lane]:
    """Approach, connectors and exit of every lane of one direction."""
    direction = DIRECTIONS[turn]
    for k in range(1, m.lanes + 1):
        name, y = f"{direction}/{k}", m.lane_y(k)
        ways = _ways(m, turn, k)
        make = partial(Lane, width_m=m.lane, speed_limit_m_s=limit)
        left = f"{direction}/{k + 1}" if k < m.lanes else ""
        right = f"{direction}/{k - 1}" if k > 1 else ""
        approach = Polyline(quarter_turns(np.array([[-m.arm, y, 0.0], [-m.stop, y, 0.0]]), turn)).resample(5.0)
        leaving = Polyline(quarter_turns(np.array([[m.stop, y, 0.0], [m.arm, y, 0.0]]), turn)).resample(5.0)
        yield make(
            name=name,
            centerline=approach.points,
            successors=tuple(f"{name}/{way}" for way, _, _ in ways),
            left=left,
            right=right,
            signal=GROUPS[turn] if signals else "",
            stop_at_m=approach.length,
        )
        for way, target, line in ways:
            yield make(
                name=f"{name}/{way}",
                centerline=line,
                successors=(target,),
                gives_way_to=_first(m, turn, way, signals),
                junction="junction",
            )
        yield make(
            name=f"{name}/exit",
            centerline=leaving.points,
            left=f"{left}/exit" if left else "",
            right=f"{right}/exit" if right else "",
        )


def _first(m: Measures, turn: int, way: str, signals: bool) -> tuple[str, ...]:
    """Who goes first: oncoming traffic before those who turn left; without signals also who comes from the right."""
    found: list[str] = []
    if way == "left":
        found += _connectors(m, (turn + 2) % 4, ("straight", "right"))
    if not signals:
        found += _connectors(m, (turn + 1) % 4, ("straight", "left", "right"))
    return tuple(found)


def _connectors(m: Measures, turn: int, ways: tuple[str, ...]) -> list[str]:
    """Names of one direction's connectors that go these ways."""
    lanes = {"straight": range(1, m.lanes + 1), "left": (m.lanes,), "right": (1,)}
    return [f"{DIRECTIONS[turn]}/{k}/{way}" for way in ways for k in lanes[way]]


def _ways(m: Measures, turn: int, k: int) -> list[tuple[str, str, F8]]:
    """Connectors of a lane as (name, exit lane, line): straight from all, right from 1, left from the innermost."""
    y = m.lane_y(k)
    start, straight = (-m.stop, y), (m.stop, y)
    ways = [("straight", f"{DIRECTIONS[turn]}/{k}/exit", Polyline([start, straight]).resample(2.0).points)]
    if k == m.lanes:
        # northbound traffic leaves at x = -y of its lane
        ways.append(
            ("left", f"{DIRECTIONS[(turn + 1) % 4]}/{k}/exit", _curve(start, (-m.lane_y(k), m.stop), (0.0, 1.0)))
        )
    if k == 1:
        ways.append(
            ("right", f"{DIRECTIONS[(turn + 3) % 4]}/1/exit", _curve(start, (m.lane_y(1), -m.stop), (0.0, -1.0)))
        )
    return [(way, target, quarter_turns(line, turn)) for way, target, line in ways]


def _curve(start: tuple[float, float], end: tuple[float, float], heading: tuple[float, float]) -> F8:
    """A quarter turn from eastward to ``heading`` as a Bezier curve of degree five.

    Three collinear control points at each end make its curvature start and end at zero, so that a steering wheel can
    follow it.
    """
    p0, p5, into = np.array(start), np.array(end), np.array(heading)
    reach = 0.38 * np.abs(p5 - p0)
    first, last = np.array([reach[0], 0.0]), into * reach[1]
    control = np.stack([p0, p0 + first, p0 + 2.0 * first, p5 - 2.0 * last, p5 - last, p5])
    t = np.linspace(0.0, 1.0, 65)[:, None]
    weights = [1, 5, 10, 10, 5, 1]
    points = sum(w * t**k * (1.0 - t) ** (5 - k) * control[k] for k, w in enumerate(weights))
    fine = Polyline(np.asarray(points))
    return Polyline(np.concatenate([fine.resample(_STEP_M).points[:-1, :2], p5[None]])).points


def _kerbs(m: Measures, turn: int) -> Iterator[Kerb]:
    """Beside the approach, round the corner, and beside the exit of one direction."""
    y = -m.half
    approach = quarter_turns(np.array([[-m.arm, y, 0.0], [-m.mouth, y, 0.0]]), turn)
    leaving = quarter_turns(np.array([[m.mouth, y, 0.0], [m.arm, y, 0.0]]), turn)
    corner = Polyline(m.parallel(0.0, np.array([m.mouth]), turn))
    length, clear = m.arm - m.mouth, m.clear - m.mouth
    yield Kerb(name=DIRECTIONS[turn], line=approach, keep_clear_m=((length - clear, length),))
    yield Kerb(name=f"{DIRECTIONS[turn]}/exit", line=leaving, keep_clear_m=((0.0, clear),))
    yield Kerb(name=f"corner/{QUADRANTS[turn]}", line=corner.points, keep_clear_m=((0.0, corner.length),))


def _areas(m: Measures, turn: int) -> Iterator[Area]:
    """Sidewalk and lawn of one quadrant, parking lanes of one direction, the crosswalk of one arm."""
    inner, outer = m.parallel(0.0, m.ends(m.arm), turn, m.kerb), m.parallel(m.sidewalk, m.ends(m.arm), turn, m.kerb)
    quadrant = QUADRANTS[turn]
    yield Area(name=f"sidewalk/{quadrant}", kind="sidewalk", polygon=_ccw(np.concatenate([inner, outer[::-1]])))
    lawn = m.parallel(m.sidewalk, m.ends(m.edge), turn, m.kerb)
    far = quarter_turns(np.array([[-m.edge, -m.edge, m.kerb]]), turn)
    yield Area(name=f"terrain/{quadrant}", kind="region", polygon=_ccw(np.concatenate([lawn, far])))
    if m.parking:
        direction, low, high = DIRECTIONS[turn], -m.half, -m.half + m.parking
        yield _flat(f"parking/{direction}", "parking", (-m.arm, low, -m.clear, high), turn)
        yield _flat(f"parking/{direction}/exit", "parking", (m.clear, low, m.arm, high), turn)
    if m.crosswalk:
        box = (-m.mouth - 0.5 - m.crosswalk, -m.half, -m.mouth - 0.5, m.half)
        yield _flat(f"crosswalk/{ARM_BEHIND[turn]}", "crosswalk", box, turn)


def _flat(name: str, kind: Literal["parking", "crosswalk"], box: tuple[float, float, float, float], turn: int) -> Area:
    x_min, y_min, x_max, y_max = box
    outline = np.array([[x_min, y_min, 0.0], [x_max, y_min, 0.0], [x_max, y_max, 0.0], [x_min, y_max, 0.0]])
    return Area(name=name, kind=kind, polygon=quarter_turns(outline, turn))


def _paths(m: Measures, turn: int, signals: bool) -> Iterator[Lane]:
    """Walking paths, one each way: along the sidewalk of one quadrant, and across one arm."""
    quadrant, arm = QUADRANTS[turn], ARM_BEHIND[turn]
    make = partial(Lane, speed_limit_m_s=1.5)
    # keep right: with the kerb's direction on the houses' side, against it next to the kerb
    near = m.parallel(0.52 * m.sidewalk, m.ends(m.arm), turn, m.kerb)[::-1]
    far = m.parallel(0.80 * m.sidewalk, m.ends(m.arm), turn, m.kerb)
    for name, line in ((f"sidewalk/{quadrant}/1", far), (f"sidewalk/{quadrant}/2", near)):
        yield make(name=name, kind="sidewalk", width_m=0.25 * m.sidewalk, centerline=Polyline(line).points)
    if m.crosswalk:
        # each keeps to the right of the crosswalk's middle
        x, aside = -m.mouth - 0.5 - 0.5 * m.crosswalk, 0.22 * m.crosswalk
        over = np.array([[x + aside, -m.half, 0.0], [x + aside, m.half, 0.0]])
        back = np.array([[x - aside, m.half, 0.0], [x - aside, -m.half, 0.0]])
        for number, line in ((1, over), (2, back)):
            yield make(
                name=f"crosswalk/{arm}/{number}",
                kind="crosswalk",
                centerline=quarter_turns(line, turn),
                width_m=0.5 * m.crosswalk,
                # people cross an arm while the other axis has green
                signal=GROUPS[(turn + 1) % 4] if signals else "",
            )


def _ccw(polygon: F8) -> F8:
    """Counter-clockwise, without points that repeat."""
    keep = np.abs(polygon - np.roll(polygon, 1, axis=0)).max(-1) > 1e-9
    clean = polygon[keep]
    return np.ascontiguousarray(clean if polygon_area(clean) > 0.0 else clean[::-1])
