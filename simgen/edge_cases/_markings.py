"""What worn and missing markings share: the world is repainted before anything is placed."""

from __future__ import annotations

from typing import Any

from simgen import registry
from simgen.edge_cases._roadside import lane_of
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._way import ego_of
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.scene import Scene


def repainted(scene: Scene, **wear: Any) -> Scene:
    """The scene in its own world with other markings."""
    return scene.replace(world=registry.get("world", "repainted")(of=scene.world, **wear))


def with_asked(scene: Scene, stage: Stage, case: str, asked: tuple[Constraint, ...]) -> Scene:
    """The scene with what a case asks of the markings beside the ego's way.

    Raises:
        UserError: there is no ego, or its lane has no markings to lose.
    """
    lane = lane_of(ego_of(scene, case), stage.layout, case)
    if lane.paint_left == 1.0:
        raise UserError(f"{case}: the lane {lane.name!r} has no markings that could wear; choose another lane or world")
    return accepted(scene, case, asked)
