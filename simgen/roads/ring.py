"""Roundabouts: the rim from arm to arm, the island, and lanes that circulate."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane
from simgen.roads.connectors import bezier
from simgen.roads.lanes import Draft, LaneKey, arm_lane
from simgen.roads.look import LINE_PAINT, MATERIALS
from simgen.roads.network import ArmFrame, Junction, Network, Ring
from simgen.roads.ring_shape import deflection
from simgen.shapes.ground_parts import Ground
from simgen.shapes.ground_surfaces import KERB_STONE, PAINT_M

_CIRCLE = 96
_APRON_RISE_M = 0.04
_ISLAND_RISE_M = 0.14


def island_ring(ring: Ring, z: float) -> F8:
    """The inner edge of the carriageway, counter-clockwise, (96, 3)."""
    return _circle(ring, ring.island_m, z)


def _circle(ring: Ring, radius: float, z: float) -> F8:
    angle = np.arange(_CIRCLE) * (2.0 * np.pi / _CIRCLE)
    x, y = ring.center[0] + radius * np.cos(angle), ring.center[1] + radius * np.sin(angle)
    return np.stack([x, y, np.full(_CIRCLE, z)], -1)


def add_island(ground: Ground, ring: Ring, z: float) -> None:
    """A paved apron that lorries may cross, a kerb, and a low mound of grass."""

    def closed(radius: float, height: float) -> F8:
        line = _circle(ring, radius, z + height)
        return np.concatenate([line, line[:1]])

    inner = max(ring.island_m - ring.apron_m, 0.5)
    foot = closed(ring.island_m, 0.0)[::-1]
    ground.wall(foot, _APRON_RISE_M, KERB_STONE)
    low, high = closed(ring.island_m, _APRON_RISE_M), closed(inner, _APRON_RISE_M)
    ground.strip(high, low, MATERIALS["paving"])
    ground.wall(closed(inner, _APRON_RISE_M)[::-1], _ISLAND_RISE_M - _APRON_RISE_M, KERB_STONE)
    ground.strip(closed(inner - 0.2, _ISLAND_RISE_M), closed(inner, _ISLAND_RISE_M), KERB_STONE)
    rings = [(inner - 0.2, _ISLAND_RISE_M), (0.6 * inner, _ISLAND_RISE_M + 0.3), (0.25 * inner, _ISLAND_RISE_M + 0.5)]
    for (a, za), (b, zb) in itertools.pairwise(rings):
        ground.strip(closed(b, zb), closed(a, za), MATERIALS["grass"])
    top = _circle(ring, rings[-1][0], z + rings[-1][1])
    ground.fan((ring.center[0], ring.center[1], z + rings[-1][1] + 0.05), top, MATERIALS["grass"], closed=True)


def add_ring_paint(ground: Ground, ring: Ring, frames: list[ArmFrame], z: float) -> None:
    """Blocks across each entry, and dashes between the lanes."""
    for frame in frames:
        outward = np.arctan2(*(-frame.forward)[::-1])
        sign = -1.0 if frame.left_hand else 1.0
        reach = deflection(frame, ring, "left" if frame.left_hand else "right", ring.entry_radius_m)[0]
        angles = np.arange(0.8 / ring.radius_m, 0.8 * reach, 1.0 / ring.radius_m)
        _blocks(ground, ring, outward + sign * angles, ring.radius_m, 0.5, 0.5, z)
    for k in range(1, ring.lanes):
        radius = ring.radius_m - k * (ring.radius_m - ring.island_m) / ring.lanes
        angles = np.arange(0.0, 2.0 * np.pi - 0.1, 6.0 / radius)
        _blocks(ground, ring, angles, radius, 2.5, 0.12, z)


def _blocks(ground: Ground, ring: Ring, at: F8, radius: float, length: float, width: float, z: float) -> None:
    half, inner, outer = 0.5 * length / radius, radius - 0.5 * width, radius + 0.5 * width

    def point(r: float, angle: F8) -> F8:
        x, y = ring.center[0] + r * np.cos(angle), ring.center[1] + r * np.sin(angle)
        return np.stack([x, y, np.full(len(angle), z + PAINT_M)], -1)

    quads = [point(inner, at - half), point(outer, at - half), point(outer, at + half), point(inner, at + half)]
    if len(at):
        ground.quads(np.stack(quads, 1), LINE_PAINT)


class RingLanes:
    """Lanes of one roundabout: past each arm, on to the next, entries that give way, and exits."""

    def __init__(self, network: Network, junction: Junction, ring: Ring, found: dict[LaneKey, Draft]) -> None:
        """Ready to make them."""
        self._junction, self._ring, self._found = junction, ring, found
        frames = network.frames(junction)
        self._sign = -1.0 if network.left_hand else 1.0
        # in the order in which traffic passes them
        self._frames = frames if self._sign > 0.0 else frames[::-1]
        self._out = [float(np.arctan2(*(-f.forward)[::-1])) for f in self._frames]
        self._limit = min(d.limit for d in found.values() if d.key.road == frames[0].road.name)
        self._z = float(frames[0].origin[2])
        self._width = (ring.radius_m - ring.island_m) / ring.lanes
        self._node = [self._reach(k) for k in range(len(frames))]

    def _reach(self, k: int) -> float:
        """How far round from an arm's middle its entry joins and its exit leaves."""
        gaps = [self._gap(k), self._gap(k - 1)]
        frame = self._frames[k]
        wished = max(deflection(frame, self._ring, side, self._ring.entry_radius_m)[0] for side in ("left", "right"))
        return min(0.95 * wished, *(0.44 * g for g in gaps))

    def _gap(self, k: int) -> float:
        """From an arm on to the next."""
        n = len(self._out)
        return float(np.remainder(self._sign * (self._out[(k + 1) % n] - self._out[k % n]), 2.0 * np.pi)) or 2.0 * np.pi

    def _name(self, k: int, part: str, lane: int) -> str:
        frame = self._frames[k % len(self._frames)]
        end = "" if frame.arm.end == "end" else "/start"
        return f"{self._junction.name}/{frame.road.name}{end}/{part}/{lane}"

    def _arc(self, start: float, span: float, lane: int) -> F8:
        """Along the middle of a lane; angles run with the traffic."""
        radius = self._ring.radius_m - (lane - 0.5) * self._width
        angle = start + self._sign * np.linspace(0.0, span, max(int(np.ceil(span * radius / 0.5)), 4) + 1)
        x, y = self._ring.center[0] + radius * np.cos(angle), self._ring.center[1] + radius * np.sin(angle)
        return np.stack([x, y, np.full(len(x), self._z)], -1)

    def lanes(self) -> Iterator[Lane]:
        """All of them; incoming lanes get their successors."""
        for k in range(len(self._frames)):
            yield from self._circulating(k)
            yield from self._entries(k)
            yield from self._exits(k)

    def _circulating(self, k: int) -> Iterator[Lane]:
        nxt = (k + 1) % len(self._frames)
        past, on = 2.0 * self._node[k], self._gap(k) - self._node[k] - self._node[nxt]
        start = self._out[k] - self._sign * self._node[k]
        for lane in range(1, self._ring.lanes + 1):
            exits = [self._name(nxt, "exit", lane)] if lane <= len(self._lanes(nxt, "out")) else []
            yield self._lane(k, "past", lane, self._arc(start, past, lane), [self._name(k, "on", lane)])
            line = self._arc(start + self._sign * past, on, lane)
            yield self._lane(k, "on", lane, line, [*exits, self._name(nxt, "past", lane)])

    def _lane(self, k: int, part: str, lane: int, line: F8, successors: list[str]) -> Lane:
        inner, outer = lane + 1, lane - 1
        beside = [self._name(k, part, n) if 1 <= n <= self._ring.lanes else "" for n in (inner, outer)]
        left, right = beside if self._sign > 0.0 else beside[::-1]
        return Lane(
            name=self._name(k, part, lane),
            centerline=line,
            width_m=round(self._width, 4),
            speed_limit_m_s=self._limit,
            successors=tuple(successors),
            left=left,
            right=right,
            junction=self._junction.name,
        )

    def _lanes(self, k: int, way: str) -> list[Draft]:
        """Lanes of an arm from its outer edge inwards."""
        frame = self._frames[k % len(self._frames)]
        return [arm_lane(self._found, frame, side, n) for side, n, _ in frame.lanes(way)][::-1]  # type: ignore[arg-type]

    def _crosswalk(self, k: int) -> tuple[str, ...]:
        arm = self._frames[k].arm
        return tuple(f"crosswalk/{arm.road}/{arm.end}/{n}" for n in (1, 2)) if arm.crosswalk else ()

    def _entries(self, k: int) -> Iterator[Lane]:
        for lane, draft in enumerate(self._lanes(k, "in")[: self._ring.lanes], 1):
            target = self._arc(self._out[k] + self._sign * self._node[k], 0.2, lane)
            line = self._joined(draft.line[-2:], target[:2])
            name = f"{draft.name}/enter"
            draft.successors.append(name)
            yield Lane(
                name=name,
                centerline=line,
                width_m=round(min(draft.width, self._width), 4),
                speed_limit_m_s=self._limit,
                successors=(self._name(k, "on", lane),),
                gives_way_to=(*(self._name(k, "past", n) for n in range(1, lane + 1)), *self._crosswalk(k)),
                junction=self._junction.name,
            )

    def _exits(self, k: int) -> Iterator[Lane]:
        for lane, draft in enumerate(self._lanes(k, "out")[: self._ring.lanes], 1):
            source = self._arc(self._out[k] - self._sign * (self._node[k] + 0.2), 0.2, lane)
            crossed = tuple(self._name(k, "past", n) for n in range(1, lane))
            yield Lane(
                name=self._name(k, "exit", lane),
                centerline=self._joined(source[-2:], draft.line[:2]),
                width_m=round(min(draft.width, self._width), 4),
                speed_limit_m_s=self._limit,
                successors=(draft.name,),
                gives_way_to=(*crossed, *self._crosswalk(k)),
                junction=self._junction.name,
            )

    def _joined(self, a: F8, b: F8) -> F8:
        """A curve from the end of one line to the start of another."""
        d, e = ((p[1] - p[0])[:2] / np.hypot(*(p[1] - p[0])[:2]) for p in (a, b))
        start, end = a[-1, :2], b[0, :2]
        gap, cross = end - start, d[0] * e[1] - d[1] * e[0]
        if abs(cross) > 0.1:
            # straight on first, so that both halves of the bend are as long: the widest bend that there is room for
            ta, tb = (gap[0] * e[1] - gap[1] * e[0]) / cross, (d[0] * gap[1] - d[1] * gap[0]) / cross
            start, end = start + max(ta - max(tb, 2.0), 0.0) * d, end - max(tb - max(ta, 2.0), 0.0) * e
        curve = np.concatenate([a[-1:, :2], bezier(start, d, end, e), b[:1, :2]])
        flat = Polyline(curve).resample(0.5).points
        share = np.linspace(0.0, 1.0, len(flat))
        flat[:, 2] = a[-1, 2] + (b[0, 2] - a[-1, 2]) * share
        flat[0], flat[-1] = a[-1], b[0]
        return flat
