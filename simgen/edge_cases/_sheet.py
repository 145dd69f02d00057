"""Water and ice on the ego's way: a sheet of them as an object of its own."""

from __future__ import annotations

from typing import Any

from simgen import registry
from simgen.edge_cases._ahead import ahead_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases.base import Stage
from simgen.records.constraints import Constraint
from simgen.rng import child_seed
from simgen.scene import Scene


def with_sheet(
    scene: Scene, stage: Stage, case: str, name: str, after_s: float, lateral_m: float, **measures: Any
) -> tuple[Scene, str]:
    """The scene with a sheet whose near end the ego's nose reaches after so many seconds, and the sheet's name.

    Raises:
        UserError: there is no ego or lane, or the road ends before.
    """
    ahead = ahead_of(scene, stage.layout, case)
    name = name or free_name(case, scene)
    middle = ahead.reached(after_s) + 0.5 * float(measures["length_m"])
    position, quaternion = ahead.place(middle, lateral_m)
    variant = child_seed(stage.seed, case, name) % 100_000
    asset = registry.get("asset", "ground_sheet")(variant=variant, **measures)
    return scene.add(
        name=name, asset=asset, position=position, quaternion=quaternion, physics="static", group=name
    ), name


def asked_of(name: str, camera: str, pixels: float, after_s: float) -> tuple[Constraint, ...]:
    """The ego comes to the sheet when it should, and its camera sees it."""
    return (
        Constraint(
            kind="distance_m", subject="ego", other=name, asked=0.0, tolerance=0.5, relation="at_most",
            time_s=after_s + 0.3,
        ),
        Constraint(kind="pixels", subject=name, other=camera, asked=pixels, tolerance=0.0, relation="at_least"),
    )  # fmt: skip


def wetter(scene: Scene, **film: float) -> Scene:
    """The scene on wet ground, unless it rains or the ground is told already."""
    if any(part.wets for effect in scene.weather for part in effect.members()):
        return scene
    return scene.replace(weather=(*scene.weather, registry.get("weather", "wet_ground")(**film)))
