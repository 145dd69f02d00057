"""A ball rolls onto the road, and a child runs after it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.ball import Ball
from simgen.assets.base import Asset
from simgen.edge_cases._crossing import hidden
from simgen.edge_cases._dart import Dart
from simgen.edge_cases._hiding import Hiding, Runner
from simgen.edge_cases._way import Way
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.ground import GroundHeight
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: between ball and child before both come out, m
_APART_M = 0.1
#: the ball rolls at most so far from behind a parked vehicle to the ego's path, m
_ROLLS_M = 3.2


@register("edge_case", "ball_before_child")
@dataclass(frozen=True, kw_only=True)
class BallBeforeChild(Dart):
    """A ball rolls out from behind a parked vehicle across the ego's path; a while later a child runs after it.

    Asked: ``time_to_collision_s`` when the ball enters the width that the ego sweeps, ``entry_interval_s`` from its
    entry to the child's, and how much of the child was seen just before. What is left to the ego when the child
    comes is up to what it made of the ball. Driving pupils learn to brake for the ball.
    Units: s, m, m/s.
    """

    tests: ClassVar[str] = "anticipation: whoever brakes for the ball has time for the child behind it"

    from_behind: str = param(doc="parked vehicle, or the group of which one is chosen", reference="entity")
    variant: int = param(0, ge=0, doc="which child")
    ball: str = param("football", doc="which ball", choices=("football", "basketball", "play_ball", "beach_ball"))
    time_to_collision_s: float = param(1.5, gt=0.0, le=10.0, doc="time left to the ego when the ball enters its path")
    between_s: float = param(1.2, ge=0.3, le=5.0, doc="from the ball's entry into the ego's path to the child's")
    ball_speed_m_s: float = param(2.5, gt=0.0, le=8.0, doc="how fast the ball rolls")

    def lead(self) -> Asset:
        """A running child."""
        asset: Asset = registry.get("asset", "child")(variant=self.variant, pose="run")
        return asset

    def hides(self, scene: Scene, stage: Stage, ego: Way) -> Iterator[tuple[Scene, Hiding]]:
        """Behind the vehicles of the group."""
        return self.hide_behind(scene, stage, ego, self.from_behind)

    def runner(self) -> Runner:
        """Late enough for the ball to come rolling."""
        return replace(super().runner(), enters_s=_ROLLS_M / self.ball_speed_m_s)

    def with_runner(self, scene: Scene, stage: Stage, ego: Way, hiding: Hiding, name: str) -> Scene:
        """The child, and the ball before it.

        Raises:
            UserError: the ball would have to roll before the clip begins.
        """
        asset = Ball(kind=self.ball)
        radius = model_of(asset).size[0] / 2.0
        lateral = abs(hiding.lateral) - model_of(self.lead()).size[0] / 2.0 - _APART_M - radius
        run_s = (lateral - radius - ego.width_m / 2.0) / self.ball_speed_m_s
        start_s = hiding.start_s + hiding.run_s - run_s
        if start_s < 0.0:
            raise UserError(
                "ball_before_child: the ball would have to set off before the clip begins: start the ego farther back,"
                " or ask for a faster ball"
            )
        path, side = ego.path(), math.copysign(1.0, hiding.lateral)
        x, y, _ = path.at(hiding.s, side * lateral).tolist()
        w, qx, qy, qz = quat_from_yaw(float(path.heading(hiding.s)) - side * math.pi / 2.0).tolist()
        dash = registry.get("behaviour", "dash")(speed_m_s=self.ball_speed_m_s, start_s=start_s)
        later = replace(hiding, start_s=hiding.start_s + self.between_s)
        return super().with_runner(scene, stage, ego, later, name).add(
            name=f"{name}_ball", asset=asset, behaviour=dash, group=f"{name}_ball",
            position=(x, y, GroundHeight(stage.layout.map).at(x, y)), quaternion=(w, qx, qy, qz),
        )  # fmt: skip

    def constraints(self, scene: Scene, name: str, hiding: Hiding) -> Sequence[Constraint]:
        """The time left at the ball's entry, from there to the child's, and that the child was hidden until then."""
        ball = f"{name}_ball"
        time = Constraint(
            kind="time_to_collision_s", subject="ego", other=ball, asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )  # fmt: skip
        between = Constraint(kind="entry_interval_s", subject=name, other=ball, asked=self.between_s, tolerance=0.1)
        return (time, between, hidden(scene, name, hiding.start_s, self.visible_fraction))
