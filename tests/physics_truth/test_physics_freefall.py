"""Rigid bodies against closed forms: falling, sliding, bouncing, colliding."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers_physics import Straight, Yard, ball, box, entity, simulate, yard

from simgen.physics.client import CONTACT_CORRECTION
from simgen.records.model import Shape
from simgen.registry import get

G = 9.81


def test_free_fall_is_semi_implicit_euler_to_the_last_bits():
    t = simulate(yard(entity("ball", ball(0.1), (0.0, 0.0, 9.0), physics="dynamic"), duration_s=0.8))
    dt = t.step_ns * 1e-9
    n = np.arange(len(t.time_ns))
    np.testing.assert_allclose(t.position[:, 0, 2], 9.0 - G * dt * dt * n * (n + 1) / 2, atol=1e-12)
    np.testing.assert_allclose(t.linear_velocity[:, 0, 2], -G * dt * n, rtol=1e-6)


def test_free_fall_differs_from_the_parabola_by_half_a_step_of_speed():
    t = simulate(yard(entity("ball", ball(0.1), (0.0, 0.0, 9.0), physics="dynamic"), duration_s=0.8))
    dt, time = t.step_ns * 1e-9, t.time_ns * 1e-9
    error = (9.0 - G * time**2 / 2) - t.position[:, 0, 2]
    np.testing.assert_allclose(error, G * time * dt / 2, atol=1e-9)


@pytest.mark.parametrize("off_center", [False, True])
def test_a_thrown_box_that_spins_not_keeps_its_direction_whatever_its_origin(off_center):
    """The origin of a body is below its centre of mass; without torque both fly alike."""
    made = box((1.0, 0.4, 0.6)) if off_center else ball(0.2)
    flight = {"velocity_m_s": (4.0, 1.0, 3.0), "quaternion": (0.8, 0.36, 0.48, 0.0), "physics": "dynamic"}
    t = simulate(yard(entity("thrown", made, (0.0, 0.0, 9.0), **flight), duration_s=0.5))
    n, dt = len(t.time_ns) - 1, t.step_ns * 1e-9
    expected = np.array([4.0 * n * dt, 1.0 * n * dt, 9.0 + 3.0 * n * dt - G * dt * dt * n * (n + 1) / 2])
    np.testing.assert_allclose(t.position[-1, 0], expected, atol=1e-7)
    np.testing.assert_allclose(np.abs(t.quaternion[-1, 0]), [0.8, 0.36, 0.48, 0.0], atol=1e-7)


@pytest.mark.parametrize(("friction", "speed"), [(0.5, 3.0), (0.3, 2.0)])
def test_a_sliding_block_stops_after_v2_over_2_mu_g(friction, speed):
    made = box((1.0, 1.0, 0.2), friction=friction)
    slide = {"physics": "dynamic", "velocity_m_s": (speed, 0.0, 0.0)}
    t = simulate(yard(entity("block", made, **slide), duration_s=2.0))
    assert t.position[-1, 0, 0] == pytest.approx(speed**2 / (2 * friction * G), rel=0.03)
    assert np.abs(t.linear_velocity[-1, 0]).max() < 1e-3


def test_a_block_slides_five_times_as_far_on_ice():
    """Black ice has 0.2 of the dry ground's friction, and the way is v^2 / (2 mu g)."""
    slide = {"physics": "dynamic", "velocity_m_s": (1.5, 0.0, 0.0)}
    icy = get("weather", "black_ice")(share=1.0)
    made = yard(entity("block", box((1.0, 1.0, 0.2), friction=0.8), **slide), duration_s=2.0)
    t = simulate(replace(made, scene=made.scene.replace(weather=(icy,))))
    assert t.position[-1, 0, 0] == pytest.approx(1.5**2 / (2 * 0.8 * 0.2 * G), rel=0.03)


def slope(angle: float, friction: float) -> Yard:
    half = angle / 2
    shape = Shape(kind="box", size=(100.0, 100.0, 1.0), quaternion=(math.cos(half), 0.0, math.sin(half), 0.0))
    return Yard(friction=friction, shapes=(shape,))


@pytest.mark.parametrize(("friction", "slides"), [(0.3, True), (0.8, False)])
def test_a_block_on_a_slope_accelerates_by_g_sin_minus_mu_g_cos_or_stays(friction, slides):
    angle = math.radians(30.0)
    turn = (math.cos(angle / 2), 0.0, math.sin(angle / 2), 0.0)
    top = (0.5 * math.sin(angle), 0.0, 0.5 * math.cos(angle))
    block = entity("block", box((1.0, 1.0, 0.2), friction=1.0), top, quaternion=turn, physics="dynamic")
    t = simulate(yard(block, world=slope(angle, friction), duration_s=1.0))
    speed = np.linalg.norm(t.linear_velocity[240, 0])
    expected = G * (math.sin(angle) - friction * math.cos(angle)) if slides else 0.0
    assert speed == pytest.approx(expected, rel=0.03, abs=0.01)


@pytest.mark.parametrize("physics_hz", [240, 1000])
@pytest.mark.parametrize("height", [1.0, 1.013, 1.027])
def test_a_ball_bounces_to_e2_of_its_height(height, physics_hz):
    """Up to what the correction of penetrations adds: at most its share of the speed of impact."""
    e, drop = 0.8, entity("ball", ball(0.1, restitution=0.8), (0.0, 0.0, 0.1 + height), physics="dynamic")
    t = simulate(yard(drop, duration_s=1.0, physics_hz=physics_hz))
    z = t.position[:, 0, 2] - 0.1
    ground = int(np.argmax(z < 0.01))
    assert 0.98 * e**2 < z[ground:].max() / height < 1.02 * (e + CONTACT_CORRECTION) ** 2


def test_a_ball_without_restitution_stays_down():
    t = simulate(yard(entity("ball", ball(0.1), (0.0, 0.0, 1.1), physics="dynamic"), duration_s=1.0))
    assert t.position[150:, 0, 2].max() < 0.105


def test_a_stack_stays():
    boxes = [entity(f"box{k}", box((0.5, 0.5, 0.5)), (0.0, 0.0, 0.5 * k), physics="dynamic") for k in range(4)]
    t = simulate(yard(*boxes, duration_s=1.5))
    assert np.abs(t.position[-1] - t.position[0]).max() < 1e-3
    assert np.abs(t.quaternion[-1, :, 0]).min() > 1.0 - 1e-6


def test_a_collision_keeps_momentum_and_a_plastic_one_ends_with_one_speed():
    still = Yard(shapes=(Shape(kind="box", size=(1.0, 1.0, 1.0), center=(0.0, 0.0, -900.0)),))
    fast = entity(
        "fast", ball(0.5, mass_kg=2.0, friction=0.0), (-2.0, 0.0, 0.0), physics="dynamic", velocity_m_s=(3, 0, 0)
    )
    slow = entity("slow", ball(0.5, mass_kg=1.0, friction=0.0), (0.0, 0.0, 0.0), physics="dynamic")
    t = simulate(yard(fast, slow, world=still, duration_s=0.8))
    v = t.linear_velocity[..., 0].astype(float)
    np.testing.assert_allclose(2.0 * v[:, 0] + v[:, 1], 6.0, atol=1e-4)
    np.testing.assert_allclose(v[-1], [2.0, 2.0], atol=0.02)


def test_resting_weight_is_carried_by_the_ground():
    t = simulate(yard(entity("block", box((1.0, 1.0, 0.5), mass_kg=7.0), physics="dynamic"), duration_s=1.0))
    c = t.contacts
    late = c.time_ns > 500_000_000
    assert set(c.actor_a.tolist()) == {1}
    assert set(c.actor_b.tolist()) == {0}
    np.testing.assert_allclose(c.normal_force[late].mean(), 7.0 * G, rtol=0.01)
    np.testing.assert_allclose(c.normal[late], np.tile([0, 0, 1], (int(late.sum()), 1)), atol=1e-3)


def test_a_kinematic_floor_carries_what_stands_on_it():
    belt = entity("belt", box((30.0, 2.0, 0.5), friction=1.0), behaviour=Straight(speed_m_s=1.0))
    cargo = entity("cargo", box((0.4, 0.4, 0.4), friction=1.0), (0.0, 0.0, 0.5), physics="dynamic")
    t = simulate(yard(belt, cargo, duration_s=1.0))
    assert t.linear_velocity[-1, 1, 0] == pytest.approx(1.0, abs=0.02)
    assert t.position[-1, 1, 2] == pytest.approx(0.5, abs=0.002)
