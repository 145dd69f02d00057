"""Belts of conveyors, and where things lie on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.assembly import model_of
from simgen.edge_cases._solve import RejectedError
from simgen.errors import UserError
from simgen.geometry import inverse_transform, quat_from_yaw, quat_multiply, transform
from simgen.placement.footprint import box_footprint
from simgen.records.model import Model, Quaternion, Vector3
from simgen.registry import suggest
from simgen.scene import Entity, Scene


@dataclass(frozen=True, kw_only=True)
class Belt:
    """A running belt, in its own frame: it carries along x, its middle line is y = 0."""

    entity: Entity
    length_m: float
    width_m: float
    height_m: float
    speed_m_s: float

    def along(self, point: Vector3) -> float:
        """Where a point of the world is along the belt, m from its middle."""
        local = inverse_transform(np.array(self.entity.position), np.array(self.entity.quaternion), np.array(point))
        return float(local[0])

    def spot(self, model: Model, along_m: float, share: float, yaw_rad: float) -> dict[str, Any]:
        """``position`` and ``quaternion`` of a thing on the belt; ``share`` -1..1 of what the guides leave it aside.

        Raises:
            RejectedError: the belt begins later or ends before.
        """
        flat = box_footprint(model.size, model.box_center, (0.0, 0.0, 0.0), _of(quat_from_yaw(yaw_rad)))
        turned = reach(model, yaw_rad)
        if abs(along_m) > 0.5 * self.length_m - turned[0] - 0.02:
            raise RejectedError("the belt is too short")
        aside = share * max(0.5 * self.width_m - turned[1] - 0.02, 0.0)
        local = np.array([along_m - flat.x, aside - flat.y, self.height_m + 1e-3])
        pose = np.array(self.entity.position), np.array(self.entity.quaternion)
        x, y, z = transform(*pose, local).tolist()
        return {"position": (x, y, z), "quaternion": _of(quat_multiply(pose[1], quat_from_yaw(yaw_rad)))}


def belt_of(scene: Scene, name: str, case: str) -> Belt:
    """The conveyor of that name, or the first that runs.

    Raises:
        UserError: there is none, or it stands still.
    """
    belts = [e for e in scene.entities if any(any(link.belt_m_s) for link in model_of(e.asset).links)]
    found = [e for e in belts if name in ("", e.name)]
    if not found:
        known = tuple(e.name for e in belts)
        what = f"no running belt is called {name!r}{suggest(name, known)}" if name else "the scene has no running belt"
        raise UserError(f"{case}: {what}; choose world conveyor, or place an asset conveyor with a speed_m_s")
    asset: Any = found[0].asset
    if asset.speed_m_s <= 0.0:
        raise UserError(f"{case}: {found[0].name!r} runs backwards; turn it and give it a positive speed_m_s")
    return Belt(
        entity=found[0],
        length_m=asset.length_m,
        width_m=asset.width_m,
        height_m=asset.height_m,
        speed_m_s=asset.speed_m_s,
    )


def reach(model: Model, yaw_rad: float) -> tuple[float, float]:
    """Half of what a thing covers along and across the belt, turned by so much."""
    c, s = abs(float(np.cos(yaw_rad))), abs(float(np.sin(yaw_rad)))
    length, width = 0.5 * model.size[0], 0.5 * model.size[1]
    return c * length + s * width, s * length + c * width


def _of(values: Any) -> Quaternion:
    w, x, y, z = (float(v) for v in values)
    return (w, x, y, z)
