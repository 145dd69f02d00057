"""What faulty traffic lights share: which of them the ego comes to."""

from __future__ import annotations

from typing import Any

from simgen import registry
from simgen.edge_cases._ahead import Ahead, ahead_of
from simgen.edge_cases._roadside import lane_of
from simgen.errors import UserError
from simgen.placement.route import route_from
from simgen.records.layout import WorldLayout
from simgen.records.roads import Lane
from simgen.scene import Scene


def faulty(scene: Scene, **fault: Any) -> Scene:
    """The scene in its own world with lights out of order."""
    return scene.replace(world=registry.get("world", "faulty_signals")(of=scene.world, **fault))


def signal_ahead(scene: Scene, layout: WorldLayout, case: str) -> tuple[Lane, Ahead]:
    """The first lane on the ego's way that a signal controls, and that way.

    Raises:
        UserError: there is no ego, or no signal on its way.
    """
    ahead = ahead_of(scene, layout, case)
    for stretch in route_from(layout.map, lane_of(scene.entity("ego"), layout, case).name).stretches:
        if stretch.lane.signal:
            return stretch.lane, ahead
    raise UserError(f"{case}: the ego's way has no traffic light; start it on a lane that leads to one")


def heads_of(scene: Scene, signal: str) -> tuple[str, ...]:
    """The lights that show a signal."""
    return tuple(e.name for e in scene.entities if e.signal == signal)
