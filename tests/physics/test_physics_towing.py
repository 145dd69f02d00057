"""Trailers: the closed form of a steady turn, no slip, no lag, and what does not couple."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from helpers_physics import Straight, box_mesh, entity, model, simulate, yard

from simgen.errors import UserError
from simgen.geometry import quat_from_yaw, quat_rotate
from simgen.placement.coupling import coupling_of, start_pose, train_of
from simgen.placement.towing import Tow, tractrix
from simgen.records.actors import ActorState
from simgen.records.model import Joint, Link

_SPIN = Link(name="wheel", parent=0, position=(0.0, 1.0, 0.5), mesh=box_mesh((1.0, 0.2, 1.0)), joint=Joint(
    kind="wheel", radius_m=0.5))  # fmt: skip
TOWER = model((Link(name="body", mesh=box_mesh((6.0, 2.5, 3.0), (1.8, 0.0, 1.5))),), (6.0, 2.5, 3.0), (1.8, 0.0, 1.5),
              wheelbase_m=3.8, coupling=(0.6, 0.0, 1.15))  # fmt: skip
TRAILER = model((Link(name="body", mesh=box_mesh((13.0, 2.5, 3.0), (2.4, 0.0, 2.5))), _SPIN), (13.0, 2.5, 3.0),
                (2.4, 0.0, 2.5), class_name="trailer", kingpin=(7.7, 0.0, 1.15))  # fmt: skip


def train(duration_s: float, **behaviour: Any) -> Any:
    """A lorry at the origin and its trailer."""
    position, quaternion = start_pose(TOWER, TRAILER, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))
    return simulate(
        yard(
            entity("lorry", TOWER, behaviour=Straight(**behaviour)),
            entity("lorry/trailer", TRAILER, position, quaternion=quaternion, towed_by="lorry"),
            duration_s=duration_s,
        )
    )


def yaws(t: Any, body: int) -> Any:
    ahead = quat_rotate(t.quaternion[:, body], [1.0, 0.0, 0.0])
    return np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))


def test_a_trailer_on_a_straight_keeps_its_distance_and_rolls() -> None:
    t = train(1.0, speed_m_s=10.0)
    a, b = (int(k) for k in t.actor_body)
    np.testing.assert_allclose(
        t.position[:, a] - t.position[:, b], np.tile([7.1, 0, 0], (len(t.time_ns), 1)), atol=1e-9
    )
    spin = np.linalg.norm(t.angular_velocity[5:-5, b + 1], axis=-1)
    np.testing.assert_allclose(spin, 10.0 / 0.5, rtol=1e-5)


@pytest.mark.parametrize("radius", [12.0, 25.0])
def test_a_steady_turn_has_the_closed_forms_hitch_angle(radius: float) -> None:
    """With the coupling b ahead of the axle, the trailer stands at asin(L / sqrt(R2 + b2)) - atan(b / R)."""
    reach, ahead = 7.7, 0.6
    t = train(14.0, speed_m_s=6.0, rate_rad_s=6.0 / radius)
    a, b = (int(k) for k in t.actor_body)
    hitch = float((yaws(t, a) - yaws(t, b))[-1])
    wanted = math.asin(reach / math.hypot(radius, ahead)) - math.atan2(ahead, radius)
    assert math.degrees(hitch - wanted) == pytest.approx(0.0, abs=0.1)


def test_the_axle_never_slips_and_the_coupling_never_parts() -> None:
    t = train(6.0, speed_m_s=7.0, rate_rad_s=0.45)
    a, b = (int(k) for k in t.actor_body)
    left = quat_rotate(t.quaternion[:, b], [0.0, 1.0, 0.0])
    slip = (t.linear_velocity[2:-2, b] * left[2:-2]).sum(-1)
    assert np.abs(slip).max() < 2e-3
    fifth = t.position[:, a] + quat_rotate(t.quaternion[:, a], TOWER.coupling)
    pin = t.position[:, b] + quat_rotate(t.quaternion[:, b], TRAILER.kingpin)
    np.testing.assert_allclose(fifth, pin, atol=1e-9)
    assert len(t.contacts.time_ns) == 0


def test_a_trailer_that_is_pushed_jackknifes() -> None:
    t = train(8.0, speed_m_s=-3.0, rate_rad_s=0.02)
    a, b = (int(k) for k in t.actor_body)
    assert abs(float((yaws(t, a) - yaws(t, b))[-1])) > 0.5


def test_the_tractrix_is_exact_for_a_straight_pull() -> None:
    """tan(angle / 2) shrinks by exp(-s / L), in one step as in a thousand."""
    start, reach, way = 1.2, 5.0, 8.0
    yaw = start
    for _ in range(1000):
        yaw = tractrix(yaw, way / 1000.0, 0.0, reach)
    assert yaw == pytest.approx(2.0 * math.atan(math.tan(0.5 * start) * math.exp(-way / reach)), abs=1e-12)
    assert tractrix(start, way, 0.0, reach) == pytest.approx(yaw, abs=1e-12)


def test_both_need_room_and_couple_only_where_they_fit() -> None:
    both = train_of(TOWER, TRAILER)
    assert both.size[0] == pytest.approx(4.8 - (0.6 - 7.7 + 2.4 - 6.5))
    assert coupling_of(model((), (4.0, 1.8, 1.5), (1.3, 0.0, 0.75)))[0] == pytest.approx(-0.64)
    with pytest.raises(UserError, match=r"coupling is 1\.15 m"):
        start_pose(model((), (4.0, 1.8, 1.5), (1.3, 0.0, 0.75), wheelbase_m=2.6), TRAILER, (0, 0, 0), (1, 0, 0, 0))
    with pytest.raises(UserError, match="no trailer"):
        start_pose(TOWER, TOWER, (0, 0, 0), (1, 0, 0, 0))


def test_trailers_climb_where_their_towers_climbed() -> None:
    """A step of the road's height comes to the trailer a train's length later; the pin stays coupled."""
    tower = ActorState(position=(0.0, 0.0, 0.0), quaternion=(1.0, 0.0, 0.0, 0.0))
    own = ActorState(position=(-7.1, 0.0, 0.0), quaternion=(1.0, 0.0, 0.0, 0.0))
    tow = Tow.of(TOWER, TRAILER, tower, own)
    for k in range(1, 201):
        x = 0.1 * k
        after = ActorState(position=(x, 0.0, 0.05 * min(x, 10.0)), quaternion=(1.0, 0.0, 0.0, 0.0))
        own = tow.step(tower, after, own, 0.01)
        tower = after
    assert own.position[0] == pytest.approx(20.0 - 7.1, abs=0.05)
    assert own.position[2] == pytest.approx(0.5, abs=0.01)


def test_a_level_turn_keeps_the_trailer_level() -> None:
    t = train(3.0, speed_m_s=6.0, rate_rad_s=0.3)
    b = int(t.actor_body[1])
    np.testing.assert_allclose(t.position[:, b, 2], 0.0, atol=1e-9)
    np.testing.assert_allclose(quat_rotate(t.quaternion[:, b], [1.0, 0.0, 0.0])[:, 2], 0.0, atol=1e-9)


def test_headings_of_a_turned_start_are_the_towers() -> None:
    q = tuple(float(c) for c in quat_from_yaw(1.0))
    position, quaternion = start_pose(TOWER, TRAILER, (5.0, 6.0, 0.2), q)
    np.testing.assert_allclose(quaternion, q)
    np.testing.assert_allclose(position, (5.0 - 7.1 * math.cos(1.0), 6.0 - 7.1 * math.sin(1.0), 0.2))
