"""The motors of a robot's joints: they hold the rest pose, or follow a behaviour."""

from __future__ import annotations

from collections.abc import Sequence

from simgen.errors import UserError
from simgen.physics.bodies import BulletLink
from simgen.physics.client import Client
from simgen.records.model import Model

#: what a joint's motor may use where its file says nothing, N m or N
HOLDING_FORCE = 1000.0
#: share of the way that is left which a motor aims to go in a step: the lag is about ten steps
_GAIN = 0.1


class Motors:
    """The hinges and slides of a body that was loaded from a description, at rest as the model says."""

    def __init__(self, client: Client, links: Sequence[BulletLink], model: Model) -> None:
        self._client = client
        moving = [row for row, link in enumerate(model.links) if row and link.joint.kind in ("hinge", "slide")]
        self.joints = tuple(model.links[row].joint for row in moving)
        self._name = model.name
        self._limits: list[tuple[BulletLink, float, float]] = []
        for row in moving:
            link = links[row]
            info = client.getJointInfo(link.body, link.index)
            force = info[10] if info[10] > 0.0 else HOLDING_FORCE
            self._limits.append((link, force, info[11] if info[11] > 0.0 else 1e3))
            client.resetJointState(link.body, link.index, model.links[row].joint.rest)
        self.aim([joint.rest for joint in self.joints])

    def aim(self, targets: Sequence[float]) -> None:
        """Where each joint should be, rad or m; forces and speeds stay within those of the description.

        Raises:
            UserError: there are not as many as joints.
        """
        if len(targets) != len(self.joints):
            raise UserError(f"{self._name!r} has {len(self.joints)} joints that move, not {len(targets)}")
        for (link, force, speed), target in zip(self._limits, targets, strict=True):
            self._client.setJointMotorControl2(
                link.body,
                link.index,
                self._client.POSITION_CONTROL,
                targetPosition=target,
                positionGain=_GAIN,
                velocityGain=1.0,
                force=force,
                maxVelocity=speed,
            )
