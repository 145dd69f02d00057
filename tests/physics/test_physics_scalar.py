"""The plain-Python twins of the vector functions say the same."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_physics import model

from simgen.geometry import quat_conjugate, quat_from_axis_angle, quat_from_euler, quat_multiply, quat_rotate, transform
from simgen.physics import articulation
from simgen.physics.scalar import link_poses
from simgen.physics.velocity import rotation_vector
from simgen.placement import scalar
from simgen.records.actors import ActorState
from simgen.records.model import Joint, Link
from simgen.rng import stream

ROBOT = model(
    (
        Link(name="root"),
        Link(name="steer", parent=0, position=(1, 2, 3), joint=Joint(kind="steer", axis=(0.0, 0.0, 2.0))),
        Link(
            name="wheel",
            parent=1,
            quaternion=tuple(quat_from_euler(0.1, 0.2, 0.3)),
            joint=Joint(kind="wheel", radius_m=0.4),
        ),
        Link(
            name="leg",
            parent=0,
            joint=Joint(kind="gait", stride_m=1.3, offset_rad=0.2, cosines_rad=(0.3, 0.1), sines_rad=(0.2,)),
        ),
        Link(name="foot", parent=3, position=(0.0, 0.0, -0.8)),
        Link(
            name="hatch", parent=0, position=(1.0, 0.5, 0.0), joint=Joint(kind="door", axis=(0.0, 0.0, 1.0), upper=1.2)
        ),
    ),
    (1, 1, 1),
    (0, 0, 0),
)


@pytest.mark.parametrize("seed", range(5))
def test_rotations(seed):
    r = stream(seed, "scalar")
    a, b = (tuple(quat_from_euler(*r.uniform(-3, 3, 3))) for _ in range(2))
    v = tuple(r.uniform(-5, 5, 3))
    np.testing.assert_allclose(scalar.rotated(a, v), quat_rotate(a, v), atol=1e-14)
    np.testing.assert_allclose(scalar.product(a, b), quat_multiply(a, b), atol=1e-15)
    np.testing.assert_allclose(scalar.placed(v, a, v), transform(v, a, v), atol=1e-14)
    np.testing.assert_allclose(scalar.about(v, 0.7), quat_from_axis_angle(v, 0.7), atol=1e-15)
    wanted = rotation_vector(quat_multiply(b, quat_conjugate(a)))
    np.testing.assert_allclose(scalar.turn_between(a, b), wanted, atol=1e-14)
    assert scalar.turn_between(a, a) == pytest.approx((0.0, 0.0, 0.0), abs=1e-15)


@pytest.mark.parametrize("speed", [0.0, 0.3, 4.0])
def test_link_poses(speed):
    q = tuple(quat_from_euler(0.3, -0.1, 2.0))
    position = (3.0, 4.0, 5.0)
    state = ActorState(position=position, quaternion=q, speed_m_s=speed, distance_m=7.7, steer_rad=0.3, door_share=0.6)
    path = (np.array(v) for v in (position, state.quaternion, 7.7, speed, 0.3, 0.6))
    p, q = articulation.link_poses(ROBOT, *path)
    for k, (position, quaternion) in enumerate(link_poses(ROBOT, state)):
        np.testing.assert_allclose(position, p[k], atol=1e-13)
        np.testing.assert_allclose(quaternion, q[k], atol=1e-13)
