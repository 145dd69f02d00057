"""The door of a parked car opens as the ego comes by."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._crossing import seen
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._way import Way, ego_of, forecast_ego, group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_rotate
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Entity, Scene

#: angles that a door may stand open at, deg
_ANGLES: Final = np.arange(15.0, 75.01, 0.5)
#: what a door and the way to its hinge take up along the path, m
_LEAF_M: Final = 1.5


@dataclass(frozen=True, kw_only=True)
class _Opening:
    """A door that works."""

    entity: Entity
    start_s: float


@register("edge_case", "opening_door")
@dataclass(frozen=True, kw_only=True)
class OpeningDoor(EdgeCase):
    """The door of a parked car, on the road's side, opens before the ego and ends so far beside what the ego sweeps.

    Asked: ``door_time_gap_s`` from the ego's nose to the hinge when the door is half open, and that the camera sees the
    car then. The angle at which the door stops follows from ``clearance_m``: negative = it reaches into the ego's way.
    A parked car of the group is taken that the ego passes at a good time. Whoever opens a door must not endanger
    anybody (Vienna Convention on Road Traffic, article 24). Units: s, m.
    """

    tests: ClassVar[str] = "anticipation and passing distance where a parked car's door opens"

    vehicle: str = param(doc="parked car, or the group of which one is chosen", reference="entity")
    time_gap_s: float = param(1.5, ge=0.3, le=6.0, doc="from the ego's nose to the hinge when the door is half open")
    clearance_m: float = param(0.3, ge=-0.8, le=1.5, doc="from the open door's edge to what the ego sweeps")
    opens_s: float = param(0.9, ge=0.3, le=4.0, doc="how long it takes to open")
    visible_fraction: float = param(
        0.15, ge=0.0, le=1.0, doc="least that is seen of the car when the door is half open"
    )
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of the time")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the car's door opening.

        Raises:
            UserError: there is no ego, no such car, or none whose door reaches that far in time; says why.
        """
        ego_of(scene, self.plugin_name)
        ego = forecast_ego(scene, stage.layout)
        path = ego.path()
        found = {v.name: self._opening(v, ego, path) for v in group_of(scene, self.vehicle, self.plugin_name)}
        works = [one for one in found.values() if isinstance(one, _Opening)]
        if not works:
            why = "; ".join(f"{name} {reason}" for name, reason in list(found.items())[:4])
            raise UserError(
                f"{self.plugin_name}: no {self.vehicle!r} will do: {why}. Park cars nearer to the ego's way, let it"
                " drive nearer to them (lateral_m of its behaviour), lengthen clock.duration_s, or ask for another"
                " clearance_m"
            )
        chosen = works[int(stream(stage.seed, self.plugin_name, "vehicle").integers(len(works)))]
        entities = tuple(chosen.entity if e.name == chosen.entity.name else e for e in scene.entities)
        half_s = chosen.start_s + 0.5 * self.opens_s
        time = Constraint(
            kind="door_time_gap_s", subject="ego", other=chosen.entity.name, asked=self.time_gap_s,
            tolerance=self.tolerance_s,
        )  # fmt: skip
        view = seen(scene, chosen.entity.name, half_s, self.visible_fraction)
        return accepted(scene.replace(entities=entities), self.plugin_name, (time, view))

    def _opening(self, vehicle: Entity, ego: Way, path: Polyline) -> _Opening | str:
        """The car with its door set, or why it will not do."""
        if vehicle.behaviour is not None or vehicle.physics == "dynamic" or not hasattr(vehicle.asset, "moving_door"):
            return "is not a parked car with doors"
        ahead = quat_rotate(np.array(vehicle.quaternion), np.array([1.0, 0.0, 0.0]))
        s, lateral = (float(v) for v in path.closest(vehicle.position))
        if not _LEAF_M < s < path.length - 2.0 * _LEAF_M:
            return "is not passed"
        along = math.cos(math.atan2(ahead[1], ahead[0]) - float(path.heading(s)))
        left = (lateral < 0.0) == (along > 0.0)
        door = "front_left" if left else "front_right"
        hinge, leaf = _leaf(vehicle.asset, door)
        at = np.array(vehicle.position) + quat_rotate(np.array(vehicle.quaternion), hinge)
        angle = self._angle(vehicle, path, ego, at, leaf, left)
        if angle is None:
            return f"has a door that does not reach to {self.clearance_m:g} m beside the ego"
        when = ego.when(float(path.closest(at)[0]), self.time_gap_s)
        if when is None or when < 0.5 * self.opens_s + 0.1:
            return "is not passed at a good time"
        asset = dataclasses.replace(vehicle.asset, moving_door=door, door_angle_deg=angle)  # type: ignore[call-arg]
        start_s = when - 0.5 * self.opens_s
        opens = registry.get("behaviour", "open_door")(start_s=start_s, opens_s=self.opens_s)
        return _Opening(entity=dataclasses.replace(vehicle, asset=asset, behaviour=opens), start_s=start_s)

    def _angle(self, vehicle: Entity, path: Polyline, ego: Way, at: F8, leaf: F8, left: bool) -> float | None:
        """How far it opens so that its edge ends where it should, deg; None if it does not reach."""
        turn = np.radians(_ANGLES)[:, None] * (-1.0 if left else 1.0)
        x = np.cos(turn) * leaf[:, 0] - np.sin(turn) * leaf[:, 1]
        y = np.sin(turn) * leaf[:, 0] + np.cos(turn) * leaf[:, 1]
        points = quat_rotate(np.array(vehicle.quaternion), np.stack([x, y, np.zeros_like(x)], -1)) + at
        beside = np.abs(path.closest(points)[1]).min(1) - ego.width_m / 2.0
        near = np.flatnonzero(np.abs(beside - self.clearance_m) < 0.03)
        return float(_ANGLES[near[0]]) if len(near) else None


def _leaf(asset: Asset, door: str) -> tuple[F8, F8]:
    """Where a door's hinge is in the car's root frame, and corners of its outline about it, (N, 2)."""
    model = model_of(dataclasses.replace(asset, moving_door=door))  # type: ignore[call-arg]
    link = next(x for x in model.links if x.name == f"{door}_door")
    assert link.mesh is not None
    points = np.asarray(link.mesh.vertices, np.float64)[:, :2]
    # the farthest in each of many directions is outline enough
    angles = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    far = points @ np.stack([np.cos(angles), np.sin(angles)])
    return np.array(link.position), points[np.unique(far.argmax(0))]
