"""A road over a railway on one level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simgen.polyline import Polyline
from simgen.records.layout import Prop, WorldLayout
from simgen.records.mesh import Surface
from simgen.records.roads import Lane, RoadMap, Signal
from simgen.registry import param, register
from simgen.roads import (
    MATERIALS,
    BuiltNetwork,
    Joint,
    LaneSection,
    Marking,
    Network,
    Road,
    Strip,
    Style,
    build_network,
    chain,
)
from simgen.shapes.ground_parts import rectangle
from simgen.shapes.ground_surfaces import LINE_PAINT, PAINT_M
from simgen.worlds._town import beside
from simgen.worlds._verge import delineators, roadside_trees
from simgen.worlds.base import World

#: standard gauge between the rails' inner edges; width of a railhead; from the track's middle to where cars stop
_GAUGE_M, _HEAD_M, _STOP_M = 1.435, 0.072, 6.0
_RAIL = Surface(
    class_name="rail_track", base_color=(0.36, 0.33, 0.31), roughness=0.35, metallic=0.85, lidar_reflectance=0.25
)
_SLEEPER = Surface(
    class_name="rail_track", base_color=(0.33, 0.32, 0.30), roughness=0.9, texture="concrete", lidar_reflectance=0.3
)
_PANEL = Surface(
    class_name="road", base_color=(0.15, 0.15, 0.15), roughness=0.85, texture="concrete", lidar_reflectance=0.2
)


@register("world", "level_crossing")
@dataclass(frozen=True, kw_only=True)
class LevelCrossing(World):
    """A country road that crosses a railway track at the origin, with half barriers that carry
    crossbucks and red lights.

    The road is ``west`` and ``east`` of the track: eastbound lanes ``west/1`` and ``east/1``, westbound ``east/back/1``
    and ``west/back/1``; both that come to the track obey the signal ``crossing``. The track runs along y: lane
    ``track/1`` (north) of the kind rail.

    Units are metres. Track: standard gauge 1.435 m, sleepers every 0.6 m (UIC); warning sign 100 m before (Vienna
    Convention, sign A, 25).
    """

    length_m: float = param(300.0, ge=120.0, le=1500.0, doc="length of the road")
    track_m: float = param(300.0, ge=80.0, le=1500.0, doc="length of the track")
    closed: bool = param(False, doc="the barriers are down and the red lights flash; otherwise up and dark")
    lane_width_m: float = param(3.25, ge=2.5, le=4.0, doc="width of a lane")
    tree_spacing_m: float = param(15.0, ge=0.0, le=200.0, doc="between trees along the road; 0 = none")
    speed_limit_m_s: float = param(19.4, gt=0.0, doc="speed limit of the road")
    track_limit_m_s: float = param(27.8, gt=0.0, doc="speed limit of the track")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; fields and trees draw from streams of the seed."""
        built = build_network(self.network(), Style(terrain="grass", fields=("crop", "field", "crop")), seed)
        self._track(built)
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=self._map(built.map),
            props=(*built.props, *self._props(built, seed)),
        )

    def network(self) -> Network:
        """The road alone."""
        edge = Marking(kind="solid")
        side = (
            Strip(kind="driving", width_m=self.lane_width_m, marking=edge),
            Strip(kind="shoulder", width_m=0.6),
            Strip(kind="verge", width_m=2.5),
        )
        section = LaneSection(left=side, right=side, center=Marking(kind="broken"))
        half = 0.5 * self.length_m
        pieces = (
            ("west", -half, half - _STOP_M),
            ("middle", -_STOP_M, 2.0 * _STOP_M),
            ("east", _STOP_M, half - _STOP_M),
        )
        solid = replace(section, center=Marking(kind="solid"))
        roads = tuple(
            Road(
                name=name, line=chain((x, 0.0), 0.0, [(long, 0.0, 0.0)]),
                sections=(solid if name == "middle" else section,), speed_limit_m_s=self.speed_limit_m_s,
            )
            for name, x, long in pieces
        )  # fmt: skip
        joints = (
            Joint(first=("west", "end"), second=("middle", "start")),
            Joint(first=("middle", "end"), second=("east", "start")),
        )
        return Network(roads=roads, joints=joints)

    def _map(self, road_map: RoadMap) -> RoadMap:
        """With the signal and the track."""
        green_s = 0.0 if self.closed else 1e6
        signal = Signal(name="crossing", green_s=green_s, red_s=1e6, yellow_s=0.0, red_yellow_s=0.0)
        lanes = []
        for lane in road_map.lanes:
            if lane.name in ("west/1", "east/back/1"):
                length = Polyline(lane.centerline).length
                lane = replace(lane, signal="crossing", stop_at_m=length)
            lanes.append(lane)
        half = 0.5 * self.track_m
        line = Polyline([(0.0, -half), (0.0, half)]).resample(5.0).points
        track = Lane(name="track/1", kind="rail", centerline=line, width_m=2.8, speed_limit_m_s=self.track_limit_m_s)
        return replace(road_map, lanes=(*lanes, track), signals=(signal,))

    def _track(self, built: BuiltNetwork) -> None:
        """Ballast, sleepers and rails; panels between the rails where the road is."""
        ground, half = built.ground, 0.5 * self.track_m
        road = self.lane_width_m + 0.6
        over, rail = road + 0.6, 0.5 * (_GAUGE_M + _HEAD_M)
        for low, high in ((-half - 60.0, -over), (over, half + 60.0)):
            middle, long = 0.5 * (low + high), high - low
            z = built.terrain.at(np.array([[0.0, middle]]))[0]
            ground.box((0.0, middle, z + 0.02), (3.6, long, 0.1), MATERIALS["gravel"])
            count = int(long / 0.6)
            for y in low + 0.3 + 0.6 * np.arange(count):
                ground.box((0.0, float(y), z + 0.06), (2.6, 0.26, 0.08), _SLEEPER)
            for x in (-rail, rail):
                ground.box((x, middle, z + 0.11), (_HEAD_M, long, 0.14), _RAIL)
        ground.quads(rectangle(-1.9, -over, 1.9, over, 0.005), _PANEL)
        for x in (-rail, rail):
            ground.quads(rectangle(x - 0.5 * _HEAD_M, -over, x + 0.5 * _HEAD_M, over, 0.008), _RAIL)
        for x, y0, y1 in ((-_STOP_M, -self.lane_width_m + 0.1, -0.15), (_STOP_M - 0.5, 0.15, self.lane_width_m - 0.1)):
            ground.quads(rectangle(x, y0, x + 0.5, y1, PAINT_M), LINE_PAINT)

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        for name, turn in (("west/right", 1.0), ("east/left", -1.0)):
            side = next(s for s in built.sides if s.name == name)
            line, yaw = side.edge, 0.5 * math.pi * (1.0 + turn)
            # on both sides the line runs with the traffic and ends at the stop line
            x, y = -turn * (_STOP_M - 1.4), -turn * (self.lane_width_m + 1.3)
            z = float(built.terrain.at(np.array([[x, y]]))[0])
            gate = {"closed": self.closed, "falls": "-y", "boom_m": self.lane_width_m + 1.2}
            yield Prop(
                asset="level_crossing_gate", name=f"level_crossing_gate/{name}",
                parameters={**gate, "beacons": "on" if self.closed else "off"},
                position=(x, y, z), yaw_rad=yaw, tracked=True,
            )  # fmt: skip
            for kind, before in (("level_crossing_gate", 100.0), ("speed_50", 60.0)):
                if line.length > before + 5.0:
                    s = line.length - before
                    yield beside(
                        "traffic_sign", f"traffic_sign/{kind}/{name}", line, s, 1.4, z, {"kind": kind}, math.pi
                    )
        for side in built.sides:
            if side.road != "middle":
                yield from delineators(side, 50.0)
                for tree in roadside_trees(built, side, self.tree_spacing_m, 4.0, seed):
                    if abs(tree.position[0]) > 9.0:
                        yield tree
