"""Paint: lines along strips, stop lines, triangles of give-way lines, arrows and crosswalks."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.roads.look import CROSSWALK_PAINT, LINE_PAINT, YELLOW_PAINT, Style
from simgen.roads.network import ArmFrame, Junction, Network
from simgen.roads.road import CARRIAGE, LaneSection, Marking, Road
from simgen.roads.road_mesh import stations, stop_back
from simgen.shapes.ground_parts import Ground
from simgen.shapes.ground_surfaces import PAINT_M

_STOP_LINE_M = 0.5
#: from one line of a double line to the other, middle to middle, in widths
_DOUBLE = 2.0
_PIECE_M = 4.0


class MeshedRoad:
    """Points on a road as it is meshed: on the chords between its stations, so that paint lies on the triangles."""

    def __init__(self, network: Network, road: Road, style: Style) -> None:
        """A road as :func:`simgen.roads.road_mesh.add_road` draws it."""
        self.road = road
        self.s = stations(network, road, style)
        self._z = road.elevation.at(self.s)
        #: paint on hills and in bends is cut into shorter pieces, so that it stays above the mesh and looks round
        bent = float(np.abs(road.line.at(self.s)[3]).max()) > 0.005
        self.piece_m = 1.0 if road.elevation.pieces else (1.5 if bent else _PIECE_M)
        self._bank = np.sin(road.superelevation.at(self.s))

    def points(self, s: F8, lateral: F8, lift: float = 0.0) -> F8:
        """World points (..., 3)."""
        p = self.road.points(s, lateral)
        p[..., 2] = np.interp(s, self.s, self._z) + np.interp(s, self.s, self._bank) * lateral + lift
        return p


def add_lines(ground: Ground, meshed: MeshedRoad, keep: tuple[float, float]) -> None:
    """Markings of all sections, between two distances; lines on the mouth side of stop lines are left out."""
    road = meshed.road
    for section, start, end in road.spans():
        first = section is road.sections[0]
        last = section is road.sections[-1]
        low = max(meshed.s[0] if first else start, keep[0])
        high = min(meshed.s[-1] if last else end, keep[1])
        if high - low < 0.2:
            continue
        _line(ground, meshed, section, None, 0, section.center, (low, high))
        for side in ("left", "right"):
            for k, strip in enumerate(section.side(side), 1):
                _line(ground, meshed, section, side, k, strip.marking, (low, high))


def _line(
    ground: Ground,
    meshed: MeshedRoad,
    section: LaneSection,
    side: str | None,
    k: int,
    m: Marking,
    span: tuple[float, float],
) -> None:
    if m.kind == "none":
        return
    sign = -1.0 if side == "right" else 1.0
    parts = {
        "solid": ((0.0, True),),
        "broken": ((0.0, False),),
        "double": ((-0.5, True), (0.5, True)),
        "double_broken": ((-0.5, False), (0.5, False)),
        "solid_broken": ((-0.5, True), (0.5, False)),
        "broken_solid": ((-0.5, False), (0.5, True)),
    }[m.kind]
    paint = YELLOW_PAINT if m.color == "yellow" else LINE_PAINT
    inset = _inset(section, side, k, m)
    for shift, solid in parts:
        aside = sign * (shift * _DOUBLE * m.width_m - inset)
        begin, finish = _pieces(span, solid, m, meshed.piece_m)
        if not len(begin):
            continue

        def edge(s: F8, more: float, aside: float = aside) -> F8:
            t = meshed.road.edges(section, side or "left", s)[k]  # type: ignore[arg-type]
            return meshed.points(s, t + aside + more, PAINT_M)

        half = 0.5 * m.width_m
        there = _wide_enough(meshed.road, section, side, k, 0.5 * (begin + finish))
        quads = np.stack([edge(begin, half), edge(begin, -half), edge(finish, -half), edge(finish, half)], 1)
        ground.quads(quads[there], paint)


def _inset(section: LaneSection, side: str | None, k: int, m: Marking) -> float:
    """Edge lines lie within the carriageway: next to a kerb or a verge they are moved inwards by half their width."""
    if side is None:
        return 0.0
    strips = section.side(side)  # type: ignore[arg-type]
    beyond = strips[k] if k < len(strips) else None
    return 0.5 * m.width_m + 0.1 if beyond is None or beyond.kind not in CARRIAGE else 0.0


def _wide_enough(road: Road, section: LaneSection, side: str | None, k: int, s: F8) -> F8:
    """Lines beside a strip that has tapered to nothing would lie on the next one."""
    if side is None:
        return np.ones(len(s), bool)
    t = road.edges(section, side, s)  # type: ignore[arg-type]
    return np.asarray(np.abs(t[k] - t[k - 1]) > 0.3)


def _pieces(span: tuple[float, float], solid: bool, m: Marking, piece_m: float) -> tuple[F8, F8]:
    """Starts and ends of its dashes; dashes keep their places whatever the span."""
    if solid:
        count = max(int(np.ceil((span[1] - span[0]) / piece_m)), 1)
        cuts = np.linspace(*span, count + 1)
        return cuts[:-1], cuts[1:]
    period = m.dash_m + m.gap_m
    begin = np.arange(np.floor(span[0] / period), np.ceil(span[1] / period) + 1) * period
    cut = max(int(np.ceil(m.dash_m / piece_m)), 1)
    begin = (begin[:, None] + np.arange(cut) * (m.dash_m / cut)).ravel()
    finish = begin + m.dash_m / cut
    begin, finish = np.maximum(begin, span[0]), np.minimum(finish, span[1])
    keep = finish - begin > 0.05
    return begin[keep], finish[keep]


class ArmPaint:
    """Paint before the mouth of an arm, in its frame: ``back`` metres before the mouth, ``y`` to the left."""

    def __init__(self, frame: ArmFrame, meshed: MeshedRoad) -> None:
        self._frame, self._meshed = frame, meshed
        self._sign = 1.0 if frame.arm.end == "end" else -1.0

    def points(self, back: F8, y: F8) -> F8:
        """World points (..., 3)."""
        s = self._frame.s - self._sign * back
        return self._meshed.points(s, self._sign * y + self._meshed.road.offset.at(s), PAINT_M)

    def box(self, near: float, far: float, y0: F8, y1: F8) -> F8:
        """Quads (K, 4, 3) from ``near`` to ``far`` before the mouth, from ``y0`` to ``y1`` (K,)."""
        y0, y1 = np.atleast_1d(y0), np.atleast_1d(y1)
        count = max(int(np.ceil((far - near) / self._meshed.piece_m - 1e-9)), 1)
        cuts = np.linspace(far, near, count + 1)
        a, b = np.repeat(cuts[:-1], len(y0)), np.repeat(cuts[1:], len(y0))
        y0, y1 = np.tile(y0, count), np.tile(y1, count)
        return np.stack([self.points(a, y0), self.points(b, y0), self.points(b, y1), self.points(a, y1)], 1)


def add_arm(ground: Ground, paint: ArmPaint, frame: ArmFrame, junction: Junction, style: Style) -> None:
    """Crosswalk, stop or give-way line, and arrows of one arm."""
    left, right = (_lateral(frame, side) for side in ("left", "right"))
    half_left, half_right = left[frame.carriage("left")], right[frame.carriage("right")]
    length = junction.crosswalk_m if frame.arm.crosswalk else 0.0
    if length and style.crosswalk == "zebra":
        count = int((half_left - half_right - 0.5) // 1.0)
        start = 0.5 * (half_left + half_right) - 0.5 * (count - 0.5)
        y = start + np.arange(count)
        ground.quads(paint.box(0.5, 0.5 + length, y, y + 0.5), CROSSWALK_PAINT)
    elif length:
        y = np.arange(half_right + 0.1, half_left - 0.4, 0.8)
        for near in (0.5, 0.5 + length - 0.15):
            ground.quads(paint.box(near, near + 0.15, y, y + 0.5), CROSSWALK_PAINT)
    incoming = [(left if side == "left" else right)[k - 1 : k + 1] for side, k, _ in frame.lanes("in")]
    if incoming and junction.ring is None:
        _bar(ground, paint, frame, junction, stop_back(length), np.concatenate(incoming))
    if incoming and junction.ring is None and style.arrows_from_lanes and len(incoming) >= style.arrows_from_lanes:
        for lane, turns in zip(incoming, lane_turns(frame, junction, len(incoming)), strict=True):
            _arrow(ground, paint, stop_back(length) + 9.0, float(lane.mean()), turns)


def _lateral(frame: ArmFrame, side: str) -> F8:
    """Borders of the arm's strips, y to the left of those who come in."""
    own = frame.road_side(side)  # type: ignore[arg-type]
    lateral = frame.road.edges(frame.section, own, np.array([frame.s]))[:, 0]
    return np.asarray((lateral - float(frame.road.offset.at(frame.s))) * (1.0 if frame.arm.end == "end" else -1.0))


def _bar(ground: Ground, paint: ArmPaint, frame: ArmFrame, junction: Junction, back: float, y: F8) -> None:
    low, high = float(y.min()) + 0.1, float(y.max()) - 0.15
    if junction.rule == "signals" or frame.arm.sign == "stop":
        ground.quads(paint.box(back, back + _STOP_LINE_M, np.array([low]), np.array([high])), LINE_PAINT)
    elif junction.rule == "signs" and frame.arm.sign == "give_way":
        # a row of triangles that point at those who come: 0.5 m wide and 0.7 m long (Vienna Convention, sign B)
        count = max(int((high - low) / 0.75), 1)
        middle = low + (np.arange(count) + 0.5) * (high - low) / count
        corners = [(back, -0.25), (back + 0.7, 0.0), (back, 0.25)]
        flat = np.stack([paint.points(np.full(count, b), middle + dy) for b, dy in corners], 1)
        ground.add(flat.reshape(-1, 3), np.arange(3 * count).reshape(-1, 3)[:, ::-1], LINE_PAINT)


def lane_turns(frame: ArmFrame, junction: Junction, count: int) -> list[str]:
    """Where each incoming lane leads, from the middle outwards: letters of left, straight, right."""
    del junction
    outer, inner = ("l", "r") if frame.left_hand else ("r", "l")
    return ["s" + (inner if k == 0 else "") + (outer if k == count - 1 else "") for k in range(count)]


#: arrows, x ahead and y left of their foot, as triangles: straight on, and a branch to the left
_STRAIGHT: F8 = np.array(
    [
        [[0.0, -0.08], [3.0, -0.08], [3.0, 0.08]],
        [[0.0, -0.08], [3.0, 0.08], [0.0, 0.08]],
        [[3.0, -0.38], [5.0, 0.0], [3.0, 0.38]],
    ]
)
_BRANCH: F8 = np.array(
    [
        [[1.2, 0.08], [1.7, 0.08], [2.5, 0.6]],
        [[1.2, 0.08], [2.5, 0.6], [2.25, 0.6]],
        [[1.9, 0.6], [2.85, 0.6], [2.37, 1.3]],
    ]
)


def _arrow(ground: Ground, paint: ArmPaint, back: float, y: float, turns: str) -> None:
    parts = [_STRAIGHT] if "s" in turns else [_STRAIGHT[:2]]
    if "l" in turns:
        parts.append(_BRANCH)
    if "r" in turns:
        parts.append(_BRANCH[:, ::-1] * np.array([1.0, -1.0]))
    flat = np.concatenate(parts).reshape(-1, 2)
    corners = paint.points(back - flat[:, 0], y + flat[:, 1])
    ground.add(corners, np.arange(len(corners)).reshape(-1, 3), LINE_PAINT)
