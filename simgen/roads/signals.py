"""Traffic lights of a junction: groups of arms that take turns, and the props that show it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simgen.records.layout import Prop
from simgen.records.roads import Signal
from simgen.roads.network import ArmFrame, Junction, Network
from simgen.roads.road_mesh import stop_back

_LIGHT_HEIGHT_M = 3.3
_SIGNS = {"give_way": "yield", "stop": "stop", "priority": "priority"}


def groups_of(junction: Junction, frames: list[ArmFrame]) -> dict[str, int]:
    """The group of each arm, by road: as planned, else arms that face each other share one."""
    if junction.signals.groups:
        return {road: k for k, group in enumerate(junction.signals.groups) for road in group}
    found: dict[str, int] = {}
    taken: list[ArmFrame] = []
    for frame in frames:
        partner = next((t for t in taken if math.cos(t.heading - frame.heading) < -0.8), None)
        if partner is not None:
            found[frame.road.name] = found[partner.road.name]
        else:
            found[frame.road.name] = len(set(found.values()))
        taken.append(frame)
    return found


def signals_of(junction: Junction, groups: dict[str, int]) -> tuple[Signal, ...]:
    """One signal a group: green in turn, and never two at once."""
    plan, count = junction.signals, max(groups.values(), default=-1) + 1
    slot = plan.green_s + plan.yellow_s + plan.all_red_s
    red = count * slot - plan.green_s - plan.yellow_s - 1.0
    return tuple(
        Signal(
            name=f"{junction.name}/{k + 1}",
            green_s=plan.green_s,
            yellow_s=plan.yellow_s,
            red_s=red,
            red_yellow_s=1.0,
            offset_s=(plan.offset_s - k * slot) % (count * slot),
        )
        for k in range(count)
    )


def props_of(network: Network, junction: Junction, frames: list[ArmFrame], groups: dict[str, int]) -> Iterator[Prop]:
    """A light or a sign beside the stop line of each arm."""
    side = -1.0 if not network.left_hand else 1.0
    for frame in frames:
        if not any(True for _ in frame.lanes("in")):
            continue
        back = stop_back(junction.crosswalk_m if frame.arm.crosswalk else 0.0)
        name = "right" if side < 0.0 else "left"
        own = frame.road_side(name)  # type: ignore[arg-type]
        lateral = frame.road.edges(frame.section, own, np.array([frame.s]))[:, 0]
        from_middle = abs(float(lateral[frame.carriage(name)] - frame.road.offset.at(frame.s)))  # type: ignore[arg-type]
        height = max((s.height_m for s in frame.strips(name)[frame.carriage(name) :]), default=0.0)  # type: ignore[arg-type]
        place = frame.cross(np.array([back]), np.array([side * (from_middle + 0.6)]), height)[0]
        at = (float(place[0]), float(place[1]), float(place[2]))
        yaw = math.remainder(frame.heading + math.pi, 2.0 * math.pi)
        key = f"{junction.name}/{frame.road.name}" + ("" if frame.arm.end == "end" else "/start")
        if junction.rule == "signals":
            yield from _light(key, at, yaw, f"{junction.name}/{groups[frame.road.name] + 1}")
        elif junction.rule == "signs" and frame.arm.sign in _SIGNS:
            yield Prop(
                asset="traffic_sign",
                name=f"traffic_sign/{key}",
                parameters={"kind": _SIGNS[frame.arm.sign]},
                position=at,
                yaw_rad=yaw,
            )


def _light(key: str, at: tuple[float, float, float], yaw: float, signal: str) -> Iterator[Prop]:
    post = {"height_m": _LIGHT_HEIGHT_M, "diameter_m": 0.12}
    yield Prop(asset="pole", name=f"pole/traffic_light/{key}", parameters=post, position=at, yaw_rad=yaw)
    yield Prop(
        asset="traffic_light",
        name=f"traffic_light/{key}",
        parameters={"height_m": _LIGHT_HEIGHT_M},
        position=at,
        yaw_rad=yaw,
        tracked=True,
        signal=signal,
    )
