"""From a network to a world: mesh, collision shapes, map, lights and signs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from simgen.records.base import F8
from simgen.records.layout import Prop
from simgen.records.mesh import Mesh, Surface
from simgen.records.model import Shape
from simgen.records.roads import Lane, RoadMap, Signal
from simgen.roads.connectors import Way, set_priorities, ways
from simgen.roads.corners import Corner, corners
from simgen.roads.lanes import Draft, LaneKey, arm_lane, drafts, lane_back
from simgen.roads.look import Style
from simgen.roads.network import ArmFrame, Junction, Network
from simgen.roads.paint import ArmPaint, MeshedRoad, add_arm, add_lines
from simgen.roads.planar import union
from simgen.roads.ring import RingLanes, add_island, add_ring_paint, island_ring
from simgen.roads.road_mesh import Footing, add_corner, add_flanges, add_junction, add_road, stop_back
from simgen.roads.sides import (
    RoadSide,
    areas_of,
    corner_lanes,
    crosswalk_lanes,
    kerbs_of,
    side_lanes,
    sides_of,
)
from simgen.roads.signals import groups_of, props_of, signals_of
from simgen.roads.terrain import TerrainHeight, add_terrain
from simgen.roads.walking import joined
from simgen.shapes.ground_parts import Ground


@dataclass(frozen=True, kw_only=True)
class BuiltNetwork:
    """A network as a world has it; ``sides`` and ``terrain`` say where trees and houses may stand."""

    ground: Ground
    shapes: tuple[Shape, ...]
    map: RoadMap
    props: tuple[Prop, ...]
    sides: tuple[RoadSide, ...]
    terrain: TerrainHeight
    #: everything that belongs to roads, seen from above
    footprint: shapely.Geometry

    def off_road(self, xy: F8, margin_m: float) -> NDArray[np.bool_]:
        """Whether points (N, 2) lie farther than a margin from everything that belongs to roads."""
        return np.asarray(~shapely.dwithin(self.footprint, shapely.points(xy), margin_m), np.bool_)

    @property
    def mesh(self) -> Mesh:
        """All that is drawn; add more to ``ground`` before."""
        return self.ground.mesh()

    @property
    def surfaces(self) -> tuple[Surface, ...]:
        """What the mesh's rows name."""
        return self.ground.surfaces


def build_network(network: Network, style: Style | None = None, seed: int = 0) -> BuiltNetwork:
    """Build it; hills draw from a stream of the seed."""
    style = style or Style()
    around = [(j, c) for j in network.junctions for c in corners(network, j)]
    ground, terrain, footprint = _drawn(network, style, around, seed)
    road_map, props = _mapped(network, around)
    return BuiltNetwork(
        ground=ground,
        shapes=(Shape(kind="mesh"),),
        map=road_map,
        props=props if style.signs else (),
        sides=tuple(sides_of(network)),
        terrain=terrain,
        footprint=footprint,
    )


def build_map(network: Network) -> RoadMap:
    """The map alone."""
    return _mapped(network, [(j, c) for j in network.junctions for c in corners(network, j)])[0]


def _mapped(network: Network, around: list[tuple[Junction, Corner]]) -> tuple[RoadMap, tuple[Prop, ...]]:
    sides = sides_of(network)
    lanes, signals, props = _traffic(network, around)
    walking = [
        *side_lanes(network, sides),
        *(lane for j, c in around for lane in corner_lanes(c, j)),
        *(lane for j in network.junctions for f in network.frames(j) for lane in crosswalk_lanes(f, j)),
    ]
    road_map = RoadMap(
        lanes=(*lanes, *joined(walking)),
        kerbs=tuple(kerbs_of(network, sides, around)),
        areas=tuple(areas_of(network, sides, around)),
        signals=signals,
    )
    return road_map, props


def _drawn(
    network: Network, style: Style, around: list[tuple[Junction, Corner]], seed: int
) -> tuple[Ground, TerrainHeight, shapely.Geometry]:
    ground, footing = Ground(), Footing()
    meshed = {road.name: MeshedRoad(network, road, style) for road in network.roads}
    for road in network.roads:
        if not road.junction:
            add_road(ground, network, road, style, footing)
            add_lines(ground, meshed[road.name], _painted(network, road.name, style))
    for junction in network.junctions:
        mine = [c for j, c in around if j is junction]
        through = [r for r in network.roads if r.junction == junction.name]
        if junction.ring is not None:
            frames = network.frames(junction)
            z = float(np.mean([f.origin[2] for f in frames]))
            add_junction(ground, mine, through, footing, island_ring(junction.ring, z))
            add_island(ground, junction.ring, z)
            add_ring_paint(ground, junction.ring, frames, z)
        else:
            add_junction(ground, mine, through, footing)
        for corner in mine:
            add_corner(ground, corner, footing)
        for frame in network.frames(junction):
            add_arm(ground, ArmPaint(frame, meshed[frame.road.name]), frame, junction, style)
    terrain = TerrainHeight(footing.joints, style, seed)
    add_flanges(ground, footing.joints)
    hole = union(footing.outlines)
    add_terrain(ground, hole, terrain, style, seed)
    return ground, terrain, hole


def _painted(network: Network, road: str, style: Style) -> tuple[float, float]:
    """Lines along a road end at its stop lines."""
    del style
    length = network.by_name[road].length
    keep = [-np.inf, np.inf]
    for k, end in enumerate(("start", "end")):
        at = network.arm_at.get((road, end))  # type: ignore[arg-type]
        if at is not None:
            back = stop_back(at[0].crosswalk_m if at[1].crosswalk else 0.0) if at[0].rule != "none" else 0.0
            keep[k] = back if k == 0 else length - back
    return float(keep[0]), float(keep[1])


def _traffic(
    network: Network, around: list[tuple[Junction, Corner]]
) -> tuple[list[Lane], tuple[Signal, ...], tuple[Prop, ...]]:
    found = drafts(network)
    by_name = {d.name: d for d in found.values()}
    for start, end in network.links:
        by_name[start].successors.append(end)
    made: list[tuple[Junction, list[Way]]] = []
    ring: list[Lane] = []
    signals: list[Signal] = []
    props: list[Prop] = []
    for junction in network.junctions:
        frames = network.frames(junction)
        groups = groups_of(junction, frames)
        if junction.ring is not None:
            ring += RingLanes(network, junction, junction.ring, found).lanes()
            mine = []
        else:
            mine = ways(network, junction, found, [c for j, c in around if j is junction])
        set_priorities(network, junction, frames, mine, groups)
        if junction.rule == "signals":
            signals += signals_of(junction, groups)
        _control(network, junction, frames, groups, found)
        _crosswalks_first(junction, frames, groups, mine)
        props += props_of(network, junction, frames, groups)
        made.append((junction, mine))
    lanes = [d.lane() for d in found.values() if d.strip.kind != "parking"]
    lanes += [*(w.lane(j.name) for j, mine in made for w in mine), *ring]
    return lanes, tuple(signals), tuple(props)


def _control(
    network: Network, junction: Junction, frames: list[ArmFrame], groups: dict[str, int], found: dict[LaneKey, Draft]
) -> None:
    """Stop lines, signals and stop signs of the lanes that lead in."""
    for frame in frames:
        for side, number, _ in frame.lanes("in"):
            draft = arm_lane(found, frame, side, number)
            if junction.rule == "signals":
                draft.signal = f"{junction.name}/{groups[frame.road.name] + 1}"
            draft.stop = junction.rule == "signs" and frame.arm.sign == "stop"
            if junction.rule != "none":
                steps = np.hypot(*np.diff(draft.line[:, :2], axis=0).T)
                line = stop_back(junction.crosswalk_m if frame.arm.crosswalk else 0.0)
                beyond = line - lane_back(network, frame.road.name, frame.arm.end)
                draft.stop_at = max(float(steps.sum()) - beyond, 0.0)


def _crosswalks_first(junction: Junction, frames: list[ArmFrame], groups: dict[str, int], made: list[Way]) -> None:
    """Who walks over a crosswalk goes first, unless a red light holds the walkers while this way is green."""
    for way in made:
        for index, entering in ((way.arm_in, True), (way.arm_out, False)):
            if index < 0 or not frames[index].arm.crosswalk:
                continue
            frame = frames[index]
            if junction.rule == "signals" and (entering or way.turn == "straight"):
                continue
            key = f"crosswalk/{frame.road.name}/{frame.arm.end}"
            way.gives_way += [f"{key}/1", f"{key}/2"]
    del groups


def with_parts(built: BuiltNetwork, *, lanes: tuple[Lane, ...] = (), props: tuple[Prop, ...] = ()) -> BuiltNetwork:
    """The same with more lanes and props."""
    more = replace(built.map, lanes=(*built.map.lanes, *lanes))
    return replace(built, map=more, props=(*built.props, *props))
