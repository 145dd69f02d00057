"""Positions of OpenSCENARIO files as poses in a world."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simgen.behaviours._network import Network, Street, network_of
from simgen.errors import UserError
from simgen.openscenario.model import Position, Script
from simgen.placement.ground import GroundHeight
from simgen.records.roads import RoadMap


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A pose on the ground."""

    x: float
    y: float
    z: float
    yaw: float


def resolve(position: Position, road_map: RoadMap, others: Mapping[str, Spot]) -> Spot:
    """Where a position is; relative ones start from ``others``.

    Raises:
        UserError: it names a lane or an entity that is not there.
    """
    v = position.values
    if position.kind == "WorldPosition":
        return Spot(x=v["x"], y=v["y"], z=GroundHeight(road_map).at(v["x"], v["y"]), yaw=v["h"] + v.get("turn", 0.0))
    network = network_of(road_map)
    if position.kind == "LanePosition":
        street = lane_named(network, str(v["roadId"]), str(v["laneId"]), position.where)
        s, offset = v["s"], v["offset"]
        if street.lane.name.startswith(f"road_{v['roadId']}/back/"):
            # the standard measures along the road's reference line, which this lane runs against
            s, offset = street.length - s, -offset
        return _on(street, s, offset, v.get("turn", 0.0))
    if v["entityRef"] not in others:
        raise UserError(f"{position.where}: {v['entityRef']!r} has no position yet, or is no entity")
    base = others[v["entityRef"]]
    if position.kind == "RelativeLanePosition":
        return _beside(network, base, position)
    turn = base.yaw if position.kind == "RelativeObjectPosition" else 0.0
    c, s = math.cos(turn), math.sin(turn)
    x, y = base.x + c * v["dx"] - s * v["dy"], base.y + s * v["dx"] + c * v["dy"]
    return Spot(x=x, y=y, z=GroundHeight(road_map).at(x, y), yaw=base.yaw + v.get("turn", 0.0))


def lane_named(network: Network, road: str, lane: str, where: str) -> Street:
    """The lane that a road and a lane id mean: ``road/lane``; on OpenDRIVE maps by the standard's signed lane ids.

    Raises:
        UserError: there is none.
    """
    found = network.by_name.get(f"{road}/{lane}") or network.by_name.get(lane) or _signed(network, road, lane)
    if found is None:
        known = ", ".join(list(network.by_name)[:8])
        raise UserError(f"{where}: this world has no lane {road + '/' + lane!r} (roadId/laneId); it has {known} ...")
    return found


def _signed(network: Network, road: str, lane: str) -> Street | None:
    """Lane -1 is the innermost along the reference line, lane 1 the innermost against it; ours count from outside."""
    if not lane.lstrip("+-").isdigit() or int(lane) == 0:
        return None
    prefix = f"road_{road}/" if int(lane) < 0 else f"road_{road}/back/"
    count = sum(name.startswith(prefix) and name[len(prefix) :].isdigit() for name in network.by_name)
    return network.by_name.get(f"{prefix}{count - abs(int(lane)) + 1}")


def nearest_street(network: Network, x: float, y: float, yaw: float, farthest_m: float = 6.0) -> Street | None:
    """The lane that one is on, going its way."""
    best: tuple[float, Street] | None = None
    for street in network.streets:
        s, _ = street.track.closest(x, y)
        sx, sy, _ = street.track.at(min(max(s, 0.0), street.length))
        away = math.dist((x, y), (sx, sy))
        cost = away + 3.0 * (1.0 - math.cos(street.track.bearing(min(max(s, 0.1), street.length - 0.1))[0] - yaw))
        if away < farthest_m and (best is None or cost < best[0] - 1e-9):
            best = (cost, street)
    return None if best is None else best[1]


def shifted(street: Street, lanes: int) -> Street | None:
    """The lane so many to the left (negative: right), if there is one."""
    found: Street | None = street
    for _ in range(abs(lanes)):
        if found is not None:
            found = found.left if lanes > 0 else found.right
    return found


def _beside(network: Network, base: Spot, position: Position) -> Spot:
    v = position.values
    street = nearest_street(network, base.x, base.y, base.yaw)
    target = None if street is None else shifted(street, round(v["dLane"]))
    if target is None:
        raise UserError(f"{position.where}: there is no lane {v['dLane']:+g} from {v['entityRef']!r}")
    s, _ = target.track.closest(base.x, base.y)
    s += v["ds"]
    while s > target.length and target.nexts:
        s, target = s - target.length, min(target.nexts, key=lambda n: n.turn != "straight")
    return _on(target, s, v["offset"], v.get("turn", 0.0))


def _on(street: Street, s: float, offset: float, turn: float) -> Spot:
    x, y, z = street.track.at(s, offset)
    return Spot(x=x, y=y, z=z, yaw=street.track.bearing(min(max(s, 1e-3), street.length - 1e-3))[0] + turn)


def initial_spots(script: Script, road_map: RoadMap) -> dict[str, Spot]:
    """Where the entities stand at first, by the TeleportActions of Init.

    Raises:
        UserError: an entity has no place, or one that the world has not.
    """
    found: dict[str, Spot] = {}
    for name, action in script.init:
        if action.kind == "TeleportAction":
            found[name] = resolve(action.values["position"], road_map, found)
    for entity in script.entities:
        if entity.name not in found:
            raise UserError(f"{entity.where}: {entity.name!r} has no TeleportAction in Init that says where it stands")
    return found
