"""A crowd on the sidewalk spills over the kerb onto the lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing, Start
from simgen.edge_cases._group import Room, Spot, spots
from simgen.edge_cases.base import Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.scene import Scene

#: what those do who stay on the sidewalk
_IDLE: Final = ("stand", "wave", "stand", "phone")


@register("edge_case", "crowd_off_kerb")
@dataclass(frozen=True, kw_only=True)
class CrowdOffKerb(Crosser):
    """People crowd on the sidewalk as after a match; some step off the kerb onto the ego's lane and stop there.

    Asked: ``time_to_collision_s`` when the first enters the width that the ego sweeps, that the camera sees them as
    they step off, and ``entry_interval_s`` from the first to the second. Free: where, from which side, and when. The
    others follow within three seconds, or stay. Units: s, m, m/s.
    """

    tests: ClassVar[str] = "detection of single people before a crowd, and of the moment when it takes the lane"

    count: int = param(12, ge=3, le=40, doc="how many people")
    off_share: float = param(0.4, ge=0.0, le=1.0, doc="share of the others who step off, the second always does")
    within_s: float = param(2.0, ge=0.3, le=6.0, doc="the second enters at most so long after the first")
    speed_m_s: float = param(1.2, ge=0.3, le=2.5, doc="how fast they step off")

    def lead(self) -> Asset:
        """The first who steps off."""
        return self._person(0, "walk")

    def _person(self, index: int, pose: str) -> Asset:
        asset: Asset = registry.get("asset", "pedestrian")(variant=self.variant + 17 * index, pose=pose, carries="none")
        return asset

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """From the kerb."""
        return replace(super().crossing(scene, stage, name), beside_m=(0.1, 0.4))

    def put(self, scene: Scene, stage: Stage, start: Start, name: str) -> Scene:
        """The first, and the crowd behind."""
        rng = stream(stage.seed, "crowd_off_kerb", "others")
        walks = [k == 0 or bool(rng.random() < self.off_share) for k in range(self.count - 1)]
        poses = ["walk" if off else _IDLE[k % len(_IDLE)] for k, off in enumerate(walks)]
        others = tuple(self._person(k + 1, pose) for k, pose in enumerate(poses))
        room = Room(along_m=0.8 + 0.22 * self.count, back_m=(0.0, 1.8), apart_m=0.05)
        second = replace(room, back_m=(0.0, 0.3), along_m=1.5)
        rooms = [(asset, room if k else second) for k, asset in enumerate(others)]
        found = spots(start, self.lead(), rooms, rng)
        dash = registry.get("behaviour", "dash")
        reach = start.lateral - 0.3
        moves = dash(speed_m_s=self.speed_m_s, start_s=start.start_s, distance_m=reach)
        changed = scene.add(name=name, asset=self.lead(), behaviour=moves, group=name, **start.pose)
        for k, (asset, spot) in enumerate(zip(others, found, strict=True)):
            behaviour = self._steps_off(start, spot, k, rng) if walks[k] else None
            changed = changed.add(name=f"{name}_{k + 2}", asset=asset, behaviour=behaviour, group=name, **spot.pose)
        return changed

    def _steps_off(self, start: Start, spot: Spot, index: int, rng: Stream) -> object:
        """After the first, onto the lane; the second at once."""
        later, short = (0.3, 0.2) if index == 0 else (float(rng.uniform(0.2, 2.0)), float(rng.uniform(0.0, 1.6)))
        return registry.get("behaviour", "dash")(
            speed_m_s=self.speed_m_s, start_s=start.start_s + later, distance_m=start.lateral + spot.back_m - short
        )

    def also(self, scene: Scene, start: Start, name: str) -> Sequence[Constraint]:
        """The second comes soon."""
        second = Constraint(
            kind="entry_interval_s", subject=f"{name}_2", other=name, asked=self.within_s, tolerance=0.2,
            relation="at_most",
        )  # fmt: skip
        return (*super().also(scene, start, name), second)
