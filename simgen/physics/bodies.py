"""Bodies in a PyBullet world: built from parts or description files, and read back as link frames.

PyBullet reports a body at its centre of mass, in its principal axes; every pose here is of the link's own frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.geometry import F8, compose, cross, quat_conjugate, quat_rotate
from simgen.physics.client import Client
from simgen.physics.collision import Part

#: PyBullet takes at most 131072 vertices a shape; triangles are handed over in pieces of this many
_TRIANGLES_A_PIECE: Final = 40_000
#: PyBullet adds this margin around hulls; their corners are drawn in by as much
_HULL_MARGIN_M: Final = 0.001


def xyzw(quaternion: Any) -> list[float]:
    """PyBullet's order of a quaternion."""
    w, x, y, z = (float(c) for c in quaternion)
    return [x, y, z, w]


def wxyz(quaternion: Any) -> F8:
    """Our order of PyBullet's quaternion."""
    x, y, z, w = quaternion
    return np.array([w, x, y, z])


def collision_shapes(client: Client, part: Part, *, placed: bool) -> list[int]:
    """PyBullet's shapes for a part: one, or several for a large triangle mesh.

    ``placed`` puts the part's own pose into the shape; otherwise the caller places it.
    """
    pose: dict[str, Any] = {}
    if placed:
        pose = {
            "collisionFramePosition": part.position.tolist(),
            "collisionFrameOrientation": xyzw(part.quaternion),
        }
    if part.kind == "box":
        return [client.createCollisionShape(client.GEOM_BOX, halfExtents=list(part.size), **pose)]
    if part.kind == "sphere":
        return [client.createCollisionShape(client.GEOM_SPHERE, radius=part.size[0], **pose)]
    if part.kind == "cylinder":
        return [client.createCollisionShape(client.GEOM_CYLINDER, radius=part.size[0], height=part.size[1], **pose)]
    if part.triangles is not None:
        return _triangle_shapes(client, part, pose)
    corners = _drawn_in(part).tolist()
    return [client.createCollisionShape(client.GEOM_MESH, vertices=corners, **pose)]


def _drawn_in(part: Part) -> F8:
    assert part.points is not None
    half = np.abs(part.points).max(0)
    return np.asarray(part.points * (np.maximum(half - _HULL_MARGIN_M, 0.2 * half) / half))


def _triangle_shapes(client: Client, part: Part, pose: dict[str, Any]) -> list[int]:
    assert part.points is not None
    assert part.triangles is not None
    shapes = []
    for start in range(0, len(part.triangles), _TRIANGLES_A_PIECE):
        used, index = np.unique(part.triangles[start : start + _TRIANGLES_A_PIECE], return_inverse=True)
        shapes.append(
            client.createCollisionShape(
                client.GEOM_MESH,
                vertices=part.points[used].tolist(),
                indices=index.ravel().tolist(),
                flags=client.GEOM_FORCE_CONCAVE_TRIMESH,
                **pose,
            )
        )
    return shapes


@dataclass(frozen=True, kw_only=True)
class Material:
    """What contacts depend on. Bullet multiplies both partners' friction, and both partners' restitution."""

    friction: float
    restitution: float
    rolling_m: float = 0.0

    def apply(self, client: Client, body: int) -> None:
        """To every link of a body, whose damping is switched off too: nothing slows it but contacts."""
        for link in range(-1, client.getNumJoints(body)):
            client.changeDynamics(
                body,
                link,
                lateralFriction=self.friction,
                restitution=self.restitution,
                linearDamping=0.0,
                angularDamping=0.0,
                rollingFriction=self.rolling_m,
                spinningFriction=self.rolling_m,
            )


def immovable(client: Client, part: Part, material: Material, position: F8, quaternion: F8) -> list[int]:
    """Bodies without mass for one part of something at a pose; PyBullet takes them as fixed."""
    bodies = []
    for shape in collision_shapes(client, part, placed=True):
        body = client.createMultiBody(0.0, shape, basePosition=position.tolist(), baseOrientation=xyzw(quaternion))
        material.apply(client, body)
        bodies.append(body)
    return bodies


def rigid(
    client: Client, parts: list[Part], mass_kg: float, center: F8, axes: F8, moments: F8, position: F8, quaternion: F8
) -> int:
    """One rigid body of several parts in its frame: each part beyond the first rides on a fixed joint."""
    shapes = [collision_shapes(client, part, placed=True)[0] for part in parts]
    rest = shapes[1:]
    n = len(rest)
    still = [[0.0, 0.0, 0.0, 1.0]] * n
    zero = [[0.0, 0.0, 0.0]] * n
    body = client.createMultiBody(
        mass_kg,
        shapes[0],
        basePosition=position.tolist(),
        baseOrientation=xyzw(quaternion),
        baseInertialFramePosition=center.tolist(),
        baseInertialFrameOrientation=xyzw(axes),
        linkMasses=[0.0] * n,
        linkCollisionShapeIndices=rest,
        linkVisualShapeIndices=[-1] * n,
        linkPositions=zero,
        linkOrientations=still,
        linkInertialFramePositions=zero,
        linkInertialFrameOrientations=still,
        linkParentIndices=[0] * n,
        linkJointTypes=[client.JOINT_FIXED] * n,
        linkJointAxis=[[0.0, 0.0, 1.0]] * n,
    )
    client.changeDynamics(body, -1, localInertiaDiagonal=moments.tolist())
    return int(body)


#: what PyBullet reports of a link: centre of mass 0:3, its turn (xyzw) 3:7, velocity 7:10, angular velocity 10:13
Reading = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class BulletLink:
    """A link of a body (-1 = its base), and where its centre of mass and principal axes lie in its own frame."""

    client: Client
    body: int
    index: int
    com: F8
    axes: F8

    @classmethod
    def of(cls, client: Client, body: int, index: int = -1) -> BulletLink:
        """With the inertial frame that PyBullet holds for it."""
        info = client.getDynamicsInfo(body, index)
        return cls(client=client, body=body, index=index, com=np.array(info[3]), axes=wxyz(info[4]))

    def read(self) -> Reading:
        """What PyBullet reports now, 13 numbers."""
        if self.index < 0:
            return sum(
                self.client.getBasePositionAndOrientation(self.body) + self.client.getBaseVelocity(self.body), ()
            )
        got = self.client.getLinkState(self.body, self.index, computeLinkVelocity=1, computeForwardKinematics=1)
        return (*got[0], *got[1], *got[6], *got[7])

    def frames(self, readings: F8) -> F8:
        """Poses of the link's frame and velocities of its origin from readings (..., 13).

        Returns:
            position 0:3, quaternion (wxyz) 3:7, linear velocity 7:10, angular velocity 10:13.
        """
        inverse = quat_conjugate(self.axes)
        turn = readings[..., [6, 3, 4, 5]]
        position, quaternion = compose(readings[..., :3], turn, quat_rotate(inverse, -self.com), inverse)
        spin = readings[..., 10:13]
        velocity = readings[..., 7:10] + cross(spin, position - readings[..., :3])
        return np.concatenate([position, quaternion, velocity, spin], axis=-1)

    def place(self, position: F8, quaternion: F8) -> None:
        """Put a base so that its link frame is at a pose."""
        p, q = compose(position, quaternion, self.com, self.axes)
        self.client.resetBasePositionAndOrientation(self.body, p.tolist(), xyzw(q))


__all__ = ["BulletLink", "Material", "Reading", "collision_shapes", "immovable", "rigid", "wxyz", "xyzw"]
