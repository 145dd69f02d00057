"""A child runs onto a crosswalk from before or behind a standing bus."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._crosswalks import Crosswalk, crosswalks_on
from simgen.edge_cases._dart import Dart
from simgen.edge_cases._hiding import Hiding, hiding_place
from simgen.edge_cases._kerbside import Kerbside
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._way import Way
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.polyline import Polyline
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene

#: between the bus and the kerb, and between the bus and what the ego sweeps, m
_KERB_M: Final = 0.15
_PASSING_M: Final = 0.35


@register("edge_case", "child_on_crosswalk_behind_bus")
@dataclass(frozen=True, kw_only=True)
class ChildOnCrosswalkBehindBus(Dart):
    """A bus stands at a crosswalk on the ego's way; a child, hidden by it, runs over the crosswalk.

    ``before``: the bus stands at the kerb on the ego's side, its nose at the crosswalk, and the child runs out before
    it. ``behind``: the bus stands on the other side with its tail at the crosswalk, and the child runs out behind it.
    Asked: ``time_to_collision_s`` when the child enters the width that the ego sweeps, and how much was seen of it when
    it set off. Who passes a bus at a stop must do so with care, in Germany at walking pace if it flashes (StVO, section
    20). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "caution at a crosswalk that a standing bus hides"

    variant: int = param(0, ge=0, doc="which child")
    end: str = param(
        "", doc="which end of the bus; empty = drawn from those that work", choices=("", "before", "behind")
    )
    bus: str = param("bus", doc="asset of the bus", reference="asset")
    gap_m: float = param(0.8, ge=0.0, doc="between the bus's end and the child")

    def lead(self) -> Asset:
        """A running child."""
        asset: Asset = registry.get("asset", "child")(variant=self.variant, pose="run")
        return asset

    def hides(self, scene: Scene, stage: Stage, ego: Way) -> Iterator[tuple[Scene, Hiding]]:
        """At the ends of a bus that is put at one of the crosswalks, in a drawn order.

        Raises:
            UserError: the ego passes no crosswalk at a good time, or a bus has no room there.
        """
        walks = crosswalks_on(stage.layout, ego.path())
        ends = [self.end] if self.end else ["before", "behind"]
        found = [self._at(scene, stage, ego, walk, end) for walk in walks for end in ends]
        works = [pair for pair in found if not isinstance(pair, str)]
        if not works:
            raise UserError(self._nowhere_to_cross(found))
        order = stream(stage.seed, self.plugin_name, "end").permutation(len(works))
        yield from (works[k] for k in order.tolist())

    def _nowhere_to_cross(self, found: Sequence[object]) -> str:
        why = "; ".join(dict.fromkeys(reason for reason in found if isinstance(reason, str)))
        return (
            f"{self.plugin_name}: no crosswalk on the ego's way will do{': ' + why if why else ''}: choose a world with"
            " crosswalks (school_zone, city_block, intersection), start the ego farther back, or lengthen"
            " clock.duration_s"
        )

    def _at(self, scene: Scene, stage: Stage, ego: Way, walk: Crosswalk, end: str) -> tuple[Scene, Hiding] | str:
        """The scene with a bus at a crosswalk, and the child's place; or why not."""
        runner, path = self.runner(), ego.path()
        name = free_name("bus", scene)
        try:
            changed = self._with_bus(scene, stage, ego, walk.s - runner.model.size[1] / 2.0 - self.gap_m, end, name)
            refuse_overlap(changed, name)
        except RejectedError as reason:
            return str(reason)
        hiding = hiding_place(changed, changed.entity(name), ego, path, runner)
        return f"the bus {hiding}" if isinstance(hiding, str) else (changed, hiding)

    def _with_bus(self, scene: Scene, stage: Stage, ego: Way, s: float, end: str, name: str) -> Scene:
        """A bus whose one end is at a place along the path.

        Raises:
            RejectedError: the road is too narrow.
        """
        asset = registry.get("asset", self.bus)()
        model, path, side = model_of(asset), ego.path(), -1.0 if end == "before" else 1.0
        half = model.size[1] / 2.0
        kerbs = Kerbside.of(scene, stage.layout)
        edge = kerbs.edge_m(path, s, side)
        lateral = (edge or 0.0) - _KERB_M - half
        if lateral - half < ego.width_m / 2.0 + _PASSING_M:
            raise RejectedError("a bus has no room beside the ego's way")
        return scene.add(name=name, asset=asset, group=name, **_standing(kerbs, path, s, side * lateral, model, end))


def _standing(kerbs: Kerbside, path: Polyline, s: float, lateral: float, model: Model, end: str) -> dict[str, Any]:
    """Pose of a bus whose nose (``before``) or tail (``behind``) is at a place."""
    length, center = model.size[0], model.box_center[0]
    turn = 0.0 if end == "before" else math.pi
    root = s - length / 2.0 - center if end == "before" else s - length / 2.0 + center
    x, y, _ = path.at(root, lateral).tolist()
    w, qx, qy, qz = quat_from_yaw(float(path.heading(root)) + turn).tolist()
    return {"position": (x, y, kerbs.height(x, y)), "quaternion": (w, qx, qy, qz)}
