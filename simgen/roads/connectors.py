"""Ways through a junction, and who goes first on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from simgen.polyline import Polyline, inside_polygon
from simgen.records.base import F8
from simgen.records.roads import Lane
from simgen.roads.corners import Corner, mean_value_heights, outline
from simgen.roads.lanes import Draft, LaneKey, arm_lane
from simgen.roads.network import ArmFrame, Junction, LaneRef, Network

Turn = Literal["straight", "left", "right", "back"]
#: two ways whose middles come nearer than this meet
_MEET_M = 2.2
_STEP_M = 0.5


@dataclass(kw_only=True)
class Way:
    """A connector in the making."""

    name: str
    start: Draft
    end: Draft
    line: F8
    turn: Turn
    #: indices of the arms, counter-clockwise
    arm_in: int
    arm_out: int
    gives_way: list[str] = field(default_factory=list)

    def lane(self, junction: str) -> Lane:
        """As the map holds it."""
        return Lane(
            name=self.name,
            centerline=self.line,
            width_m=round(min(self.start.width, self.end.width), 4),
            speed_limit_m_s=min(self.start.limit, self.end.limit),
            successors=(self.end.name,),
            gives_way_to=tuple(dict.fromkeys(self.gives_way)),
            junction=junction,
        )


def ways(network: Network, junction: Junction, found: dict[LaneKey, Draft], corners: list[Corner]) -> list[Way]:
    """From every incoming lane to every exit that it may take; also makes them the lanes' successors."""
    frames = network.frames(junction)
    rim = outline(corners) if corners else None
    made = (
        _given(network, junction, found, frames)
        if junction.paths is not None
        else _all(network, junction, found, frames, rim)
    )
    made = made if junction.paths is not None else _without_squeezes(made)
    for way in made:
        way.start.successors.append(way.name)
    return made


def _without_squeezes(made: list[Way]) -> list[Way]:
    """Two lanes of an arm do not go straight on into one, if the inner one leads elsewhere as well."""
    kept: list[Way] = []
    for way in made:
        twin = any(w.arm_in == way.arm_in and w.end is way.end and w.start is not way.start for w in made)
        others = sum(w.start is way.start for w in made) > 1
        outermost = way.start.name.rsplit("/", 1)[-1] == "1"
        if not (twin and others and not outermost and way.turn == "straight"):
            kept.append(way)
    return kept


def _all(
    network: Network, junction: Junction, found: dict[LaneKey, Draft], frames: list[ArmFrame], rim: F8 | None
) -> list[Way]:
    made: list[Way] = []
    for i, into in enumerate(frames):
        lanes_in = [arm_lane(found, into, side, k) for side, k, _ in into.lanes("in")]
        for j, out in enumerate(frames):
            if i == j or (into.arm.exits and out.road.name not in into.arm.exits):
                continue
            lanes_out = [arm_lane(found, out, side, k) for side, k, _ in out.lanes("out")]
            turn = turn_between(into.heading, out.heading + np.pi)
            for a, b in _pairs(lanes_in, lanes_out, turn, network.left_hand):
                line = connector(a.line, b.line, into, out)
                line[:, 2] = _heights(line, a.line[-1], b.line[0], into, out, rim)
                name = f"{a.name}/to/{out.road.name}"
                twins = sum(w.name.startswith(name) for w in made)
                made.append(
                    Way(
                        name=f"{name}/{twins + 1}" if twins else name,
                        start=a,
                        end=b,
                        line=line,
                        turn=turn,
                        arm_in=i,
                        arm_out=j,
                    )
                )
    return made


def turn_between(into: float, out: float) -> Turn:
    """From one heading to another; what turns less than 40 degrees goes straight on."""
    change = float(np.degrees(np.remainder(out - into + np.pi, 2.0 * np.pi) - np.pi))
    if abs(change) > 165.0:
        return "back"
    if change > 40.0:
        return "left"
    return "right" if change < -40.0 else "straight"


def _pairs(lanes_in: list[Draft], lanes_out: list[Draft], turn: Turn, left_hand: bool) -> list[tuple[Draft, Draft]]:
    """Both lists from the middle outwards. Straight: lane to lane; across the traffic: innermost to innermost; to the
    near side: outermost to outermost."""
    if not lanes_in or not lanes_out:
        return []
    if turn == "back":
        return []
    if turn == "straight":
        # lanes keep their places counted from the outer edge; what is left over joins the innermost
        count = len(lanes_in)
        return [(lanes_in[-1 - k], lanes_out[max(len(lanes_out) - 1 - k, 0)]) for k in range(count)]
    crossing = (turn == "left") != left_hand
    return [(lanes_in[0], lanes_out[0])] if crossing else [(lanes_in[-1], lanes_out[-1])]


def connector(start: F8, end: F8, into: ArmFrame, out: ArmFrame) -> F8:
    """From a lane's end to a lane's start, (P, 3): straight to the mouth, a curve, and straight on from the next.

    The curve is a Bezier curve of degree five whose curvature begins and ends at zero, so that a steering wheel can
    follow it.
    """
    a, b = start[-1, :2], end[0, :2]
    # the headings of the lanes where they end, which in a bend are not those of the mouths
    d, e = (_unit(p[1, :2] - p[0, :2]) for p in (start[-2:], end[:2]))
    a1 = a + max(float((into.origin[:2] - a) @ into.forward), 0.0) * d
    b1 = b - max(float((out.origin[:2] - b) @ out.forward), 0.0) * e
    curve = bezier(a1, d, b1, e)
    flat = np.concatenate([[a], curve, [b]])
    fine = Polyline(flat).resample(_STEP_M).points
    fine[-1, :2] = b
    return fine


def _unit(vector: F8) -> F8:
    return np.asarray(vector / np.hypot(*vector))


def bezier(a: F8, d: F8, b: F8, e: F8) -> F8:
    """A quintic from ``a`` along ``d`` to ``b`` along ``e``, (65, 2)."""
    gap = b - a
    cross = d[0] * e[1] - d[1] * e[0]
    reach = np.full(2, 0.2 * float(np.hypot(*gap)))
    if abs(cross) > 0.08:
        ta, tb = (gap[0] * e[1] - gap[1] * e[0]) / cross, (d[0] * gap[1] - d[1] * gap[0]) / cross
        if ta > 0.5 and tb > 0.5:
            longest = 1.6 * min(ta, tb)
            reach = 0.38 * np.array([min(ta, longest), min(tb, longest)])
    control = np.stack([a, a + reach[0] * d, a + 2 * reach[0] * d, b - 2 * reach[1] * e, b - reach[1] * e, b])
    t = np.linspace(0.0, 1.0, 65)[:, None]
    weights = (1, 5, 10, 10, 5, 1)
    return np.asarray(sum(w * t**k * (1.0 - t) ** (5 - k) * control[k] for k, w in enumerate(weights)))


def _heights(line: F8, first: F8, last: F8, into: ArmFrame, out: ArmFrame, rim: F8 | None) -> F8:
    """Those of the arms before their mouths, and between them those of the junction's ground."""
    s = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line[:, :2], axis=0).T))])
    even = first[2] + (last[2] - first[2]) * s / s[-1]
    if rim is None:
        return np.asarray(even)
    before = (into.origin[:2] - line[:, :2]) @ into.forward
    beyond = (out.origin[:2] - line[:, :2]) @ out.forward
    inside = inside_polygon(rim, line) & (before < 0.0) & (beyond < 0.0)
    z = np.full(len(line), np.nan)
    if inside.any():
        z[inside] = mean_value_heights(rim, line[inside][:, :2])
    half = s < 0.5 * s[-1]
    for frame, back, mine in ((into, before, half), (out, beyond, ~half)):
        on_arm = mine & (back >= 0.0)
        z[on_arm] = frame.cross(back[on_arm], _aside(frame, line[on_arm]))[:, 2]
    z[0], z[-1] = first[2], last[2]
    known = np.flatnonzero(np.isfinite(z))
    return np.asarray(np.interp(s, s[known], z[known]))


def _aside(frame: ArmFrame, points: F8) -> F8:
    """To the left of the middle of an arm, as seen by those who come in."""
    left = np.array([-frame.forward[1], frame.forward[0]])
    return np.asarray((points[:, :2] - frame.origin[:2]) @ left)


def _given(network: Network, junction: Junction, found: dict[LaneKey, Draft], frames: list[ArmFrame]) -> list[Way]:
    """Connectors that the junction brings itself."""
    index = {(f.road.name, f.arm.end): k for k, f in enumerate(frames)}
    made: list[Way] = []
    for path in junction.paths or ():
        a, b = (found[_key(network, ref)] for ref in (path.start, path.end))
        points = path.line.copy()
        # files round their numbers: a millimetre sideways between two lines would be a sharp corner
        for at, end in ((0, a.line[-1]), (-1, b.line[0])):
            if np.abs(points[at] - end).max() < 0.3:
                points[at] = end
        line = Polyline(points)
        name = f"{a.name}/to/{b.key.road}"
        twins = sum(w.name.startswith(name) for w in made)
        made.append(
            Way(
                name=f"{name}/{twins + 1}" if twins else name,
                start=a,
                end=b,
                line=line.points,
                turn=turn_between(float(line.headings()[0]), float(line.headings()[-1])),
                arm_in=index.get((path.start[0], path.start[1]), -1),
                arm_out=index.get((path.end[0], path.end[1]), -1),
            )
        )
    return made


def _key(network: Network, ref: LaneRef) -> LaneKey:
    road, end, side, number = ref
    return LaneKey(road, 0 if end == "start" else len(network.by_name[road].sections) - 1, side, number)


def set_priorities(
    network: Network, junction: Junction, frames: list[ArmFrame], made: list[Way], groups: dict[str, int]
) -> None:
    """Fill in ``gives_way`` of every way that meets another one that goes first."""
    boxes = [(w.line[:, :2].min(0) - _MEET_M, w.line[:, :2].max(0) + _MEET_M) for w in made]
    for k, a in enumerate(made):
        for m, b in enumerate(made[k + 1 :], k + 1):
            apart = (boxes[k][0] > boxes[m][1]).any() or (boxes[m][0] > boxes[k][1]).any()
            if apart or a.start is b.start or not _meet(a, b):
                continue
            loser = _loser(network, junction, frames, a, b, groups)
            if loser is not None:
                loser.gives_way.append((b if loser is a else a).name)


def _meet(a: Way, b: Way) -> bool:
    """Whether two ways cross or merge: their middles come close where they do not run beside each other all along."""
    if a.end is b.end:
        return True
    gap = a.line[:, None, :2] - b.line[None, ::2, :2]
    near = np.sqrt((gap * gap).sum(-1)).min()
    return bool(near < (_MEET_M if a.arm_in != b.arm_in else 1.0))


def _loser(
    network: Network, junction: Junction, frames: list[ArmFrame], a: Way, b: Way, groups: dict[str, int]
) -> Way | None:
    """Who gives way; None = they never meet (their lights are green at different times) or nobody is told to."""
    if a.arm_in == b.arm_in:
        return None
    if junction.rule == "none":
        return None
    fa, fb = frames[a.arm_in], frames[b.arm_in]
    if junction.rule == "signals" and groups.get(fa.road.name, -1) != groups.get(fb.road.name, -2):
        return None
    rank = {"priority": 0, "": 0, "give_way": 1, "stop": 1}
    if junction.rule == "signs" and rank[fa.arm.sign] != rank[fb.arm.sign]:
        return a if rank[fa.arm.sign] > rank[fb.arm.sign] else b
    across = "right" if network.left_hand else "left"
    facing = np.cos(fa.heading - fb.heading) < -0.75
    if facing and (a.turn == across) != (b.turn == across):
        return a if a.turn == across else b
    # who comes from the right (in countries that keep left as well, where nothing else is said)
    from_right = np.sin(fb.heading - fa.heading)
    if facing:
        return None if a.turn == b.turn else (a if a.turn == across else b)
    return a if from_right > 0.0 else b
