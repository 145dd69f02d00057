"""Kinematic actors: exact poses, velocities, links, riders, life times."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_physics import Straight, Yard, ball, box, box_mesh, entity, model, scene, simulate, yard

from simgen.assembly import assemble
from simgen.errors import UserError
from simgen.geometry import compose, quat_from_yaw, quat_rotate, slerp
from simgen.physics.articulation import WALKING_SPEED
from simgen.physics.clock import step_times
from simgen.records.model import Joint, Link
from simgen.records.roads import SIGNAL_STATES, Signal
from simgen.scene import Clock
from simgen.sensors.base import Mount, Sensor

CAR = model(
    (
        Link(name="body", mesh=box_mesh((4.0, 1.8, 1.4), (1.3, 0.0, 0.7))),
        Link(name="knuckle", parent=0, position=(2.6, 0.8, 0.3), joint=Joint(kind="steer", axis=(0.0, 0.0, 1.0))),
        Link(name="wheel", parent=1, mesh=box_mesh((0.6, 0.2, 0.6)), joint=Joint(kind="wheel", radius_m=0.3)),
    ),
    (4.0, 1.8, 1.4),
    (1.3, 0.0, 0.7),
)
GAIT = Joint(kind="gait", stride_m=1.4, offset_rad=0.1, cosines_rad=(0.2,), sines_rad=(0.0, 0.05))
WALKER = model(
    (
        Link(name="torso", mesh=box_mesh((0.3, 0.4, 0.6), (0.0, 0.0, 1.2))),
        Link(name="leg", parent=0, position=(0.0, 0.1, 0.9), mesh=box_mesh((0.1, 0.1, 0.8)), joint=GAIT),
    ),
    (0.5, 0.5, 1.8),
    (0.0, 0.0, 0.9),
)


def test_steps_are_even_whole_nanoseconds_and_reach_past_the_end():
    for hz in (60, 240, 300, 777):
        times = step_times(Clock(duration_s=1.5, physics_hz=hz))
        assert times[0] == 0
        assert set(np.diff(times).tolist()) == {round(1e9 / hz)}
        assert 1_700_000_000 <= times[-1] < 1_700_000_000 + 2 * round(1e9 / hz)


def test_a_straight_drive_is_exact_in_place_and_speed():
    t = simulate(yard(entity("car", CAR, (1.0, 2.0, 0.0), behaviour=Straight(speed_m_s=7.0))))
    np.testing.assert_allclose(t.position[:, 0, 0], 1.0 + 7.0 * t.time_ns * 1e-9, atol=1e-9)
    np.testing.assert_array_equal(t.position[:, 0, 1:], np.tile([2.0, 0.0], (len(t.time_ns), 1)))
    np.testing.assert_allclose(t.linear_velocity[:, 0], np.tile([7.0, 0.0, 0.0], (len(t.time_ns), 1)), rtol=1e-6)


def test_a_constant_turn_has_a_constant_rate():
    plan = Straight(speed_m_s=5.0, rate_rad_s=0.5)
    t = simulate(yard(entity("car", CAR, behaviour=plan)))
    np.testing.assert_allclose(t.angular_velocity[:, 0], np.tile([0, 0, 0.5], (len(t.time_ns), 1)), atol=1e-5)


def test_wheels_turn_by_distance_over_radius_on_steered_knuckles():
    t = simulate(yard(entity("car", CAR, behaviour=Straight(speed_m_s=6.0, steer_rad=0.3))))
    distance = 6.0 * t.time_ns * 1e-9
    forward = quat_rotate(t.quaternion[1:, 1], [1.0, 0.0, 0.0])
    np.testing.assert_allclose(np.arctan2(forward[:, 1], forward[:, 0]), 0.3, atol=1e-12)
    # the wheel's upright turns forwards about the steered axle
    up = quat_rotate(t.quaternion[1:, 2], [0.0, 0.0, 1.0])
    angle = np.arctan2((up * forward).sum(-1), up[:, 2])
    np.testing.assert_allclose(np.cos(angle - distance[1:] / 0.3), 1.0, atol=1e-9)
    np.testing.assert_allclose(
        t.position[:, 2] - t.position[:, 0], np.tile([2.6, 0.8, 0.3], (len(distance), 1)), atol=1e-9
    )
    spin = np.linalg.norm(t.angular_velocity[5:-5, 2], axis=-1)
    np.testing.assert_allclose(spin, 6.0 / 0.3, rtol=1e-5)


@pytest.mark.parametrize("speed", [WALKING_SPEED * 2, WALKING_SPEED / 2])
def test_a_gait_is_its_fourier_series_scaled_by_speed(speed):
    t = simulate(yard(entity("walker", WALKER, behaviour=Straight(speed_m_s=speed))))
    phase = 2 * math.pi * speed * t.time_ns[1:] * 1e-9 / 1.4
    wanted = min(speed / WALKING_SPEED, 1.0) * (0.1 + 0.2 * np.cos(phase) + 0.05 * np.sin(2 * phase))
    angle = 2 * np.arctan2(t.quaternion[1:, 1, 2], t.quaternion[1:, 1, 0])
    np.testing.assert_allclose(angle, wanted, atol=1e-9)


def test_a_walker_that_stands_is_at_rest():
    t = simulate(yard(entity("walker", WALKER)))
    np.testing.assert_array_equal(t.quaternion[:, 1], np.tile([1.0, 0, 0, 0], (len(t.time_ns), 1)))
    np.testing.assert_array_equal(t.linear_velocity, 0.0)


def test_riders_keep_their_place_and_pedal_with_their_bicycle():
    seat = (0.2, 0.0, 0.8)
    t = simulate(
        yard(
            entity("rider", WALKER, seat, parent="bike", quaternion=tuple(quat_from_yaw(0.2))),
            entity("bike", box((1.8, 0.5, 1.0)), (3.0, 0.0, 0.0), behaviour=Straight(speed_m_s=4.0, rate_rad_s=0.8)),
        )
    )
    bike, rider = t.actor_body[1], t.actor_body[0]
    p, q = compose(t.position[:, bike], t.quaternion[:, bike], seat, quat_from_yaw(0.2))
    np.testing.assert_allclose(t.position[:, rider], p, atol=1e-12)
    np.testing.assert_allclose(t.quaternion[:, rider], q, atol=1e-12)
    assert np.ptp(t.quaternion[:, rider + 1, 2] / t.quaternion[:, rider + 1, 0]) > 0.05
    swing = t.linear_velocity[10:-10, rider] - t.linear_velocity[10:-10, bike]
    np.testing.assert_allclose(np.linalg.norm(swing, axis=-1), 0.8 * 0.2, rtol=0.01)
    assert len(t.contacts.time_ns) == 0


def test_poses_are_exact_at_steps_and_lerp_and_slerp_between():
    t = simulate(yard(entity("car", CAR, behaviour=Straight(speed_m_s=5.0, rate_rad_s=1.0))))
    p, q = t.poses(t.time_ns)
    np.testing.assert_array_equal(p, t.position)
    np.testing.assert_allclose(q, t.quaternion, atol=1e-15)
    k = 17
    p, q = t.poses(int(t.time_ns[k]) + t.step_ns // 4)
    share = (t.step_ns // 4) / t.step_ns
    np.testing.assert_allclose(p, (1 - share) * t.position[k] + share * t.position[k + 1], atol=1e-14)
    np.testing.assert_allclose(q, slerp(t.quaternion[k], t.quaternion[k + 1], np.full(3, share)), atol=1e-14)


def test_actors_appear_and_vanish_and_start_to_move_when_they_appear():
    t = simulate(
        yard(
            entity("late", box(), behaviour=Straight(speed_m_s=2.0), appear_s=0.5, vanish_s=0.75),
            entity("always", box((1, 1, 1)), (9, 9, 0)),
        )
    )
    seconds = t.time_ns * 1e-9
    np.testing.assert_array_equal(t.exists[:, 0], (seconds >= 0.5) & (seconds < 0.75))
    assert t.exists[:, 1].all()
    assert (t.position[seconds <= 0.5, 0, 0] == 0.0).all()
    assert t.position[seconds >= 0.75, 0, 0].max() == pytest.approx(0.5, abs=0.02)


def test_signals_follow_their_cycle():
    signals = (Signal(name="a"), Signal(name="b", offset_s=5.0, green_s=1.0, yellow_s=0.5, red_s=0.7, red_yellow_s=0.3))
    t = simulate(yard(entity("box", box()), world=Yard(signals=signals), duration_s=4.0))
    assert t.signal_names == ("a", "b")
    wanted = [[SIGNAL_STATES.index(s.state(int(n) / 1e9)) for s in signals] for n in t.time_ns]
    np.testing.assert_array_equal(t.signal_state, wanted)
    assert len(set(t.signal_state[:, 1].tolist())) == 4


class Nothing(Sensor):
    def extent_ns(self):
        return 0, 0

    @property
    def body_from_sensor(self):
        return np.array([1.0, 0, 0, 0])

    def capture(self, shot):
        raise NotImplementedError


def test_sensors_change_no_bit():
    things = (
        entity("car", CAR, behaviour=Straight(speed_m_s=5.0)),
        entity("ball", ball(), (3, 0, 1), physics="dynamic"),
    )
    plain = simulate(assemble(scene(*things)))
    watched = simulate(assemble(scene(*things, sensors=(Nothing(name="eye", mount=Mount(on="car"), rate_hz=77.0),))))
    for name, _, value in plain.arrays():
        np.testing.assert_array_equal(value, getattr(watched, name))


@pytest.mark.parametrize(
    ("things", "message"),
    [
        ((entity("a", box(), physics="dynamic", behaviour=Straight()),), "'a' is dynamic"),
        ((entity("a", box(), physics="static", behaviour=Straight()),), "'a' is static"),
        ((entity("a", box(), parent="b"),), "no entity 'b'"),
        ((entity("a", box(), parent="b"), entity("b", box(), parent="a")), "rides on itself"),
        ((entity("a", box()), entity("b", box(), parent="a", physics="dynamic")), "'b' rides on 'a'"),
        ((entity("a", model((Link(name="x"),), (1, 1, 1), (0, 0, 0)), physics="dynamic"),), "'a' is dynamic, but"),
    ],
)
def test_what_cannot_be_is_said_with_the_name(things, message):
    with pytest.raises(UserError, match=message):
        simulate(yard(*things))
