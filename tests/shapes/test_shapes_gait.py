"""Walking and pedalling: Fourier series against what they were made from, feet on the ground, feet on the pedals."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assembly import model_of
from simgen.geometry import compose, quat_from_axis_angle, quat_multiply, transform
from simgen.records.model import Joint, Model
from simgen.registry import get
from simgen.shapes import cycle
from simgen.shapes.gait import SAMPLES, foot_pitch, leg_angles, series, support, walk
from simgen.shapes.person import legs_of
from simgen.shapes.wardrobe import Who, body_of


def angle(joint: Joint, phase: float) -> float:
    """The series that physics evaluates."""
    n = np.arange(1, len(joint.cosines_rad) + 1)
    waves = np.array(joint.cosines_rad) * np.cos(n * phase) + np.array(joint.sines_rad) * np.sin(n * phase)
    return float(joint.offset_rad + waves.sum())


def posed(model: Model, distance: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every link's pose in the root frame after a distance."""
    poses: list[tuple[np.ndarray, np.ndarray]] = []
    for link in model.links:
        turn = 0.0
        if link.joint.kind == "gait":
            turn = angle(link.joint, 2.0 * np.pi * distance / link.joint.stride_m)
        elif link.joint.kind == "wheel":
            turn = distance / link.joint.radius_m
        own = np.array(link.position), quat_multiply(link.quaternion, quat_from_axis_angle(link.joint.axis, turn))
        poses.append(own if link.parent < 0 else compose(*poses[link.parent], *own))
    return {link.name: pose for link, pose in zip(model.links, poses, strict=True)}


def points(model: Model, distance: float, name: str) -> np.ndarray:
    link = next(link for link in model.links if link.name == name)
    assert link.mesh is not None
    return transform(*posed(model, distance)[name], link.mesh.vertices)


@pytest.fixture(scope="module", params=[("pedestrian", {}), ("pedestrian", {"height_m": 2.0}), ("child", {})])
def walker(request: pytest.FixtureRequest) -> Model:
    name, parameters = request.param
    return model_of(get("asset", name)(**parameters))


def stride_of(model: Model) -> float:
    return next(link.joint.stride_m for link in model.links if link.joint.kind == "gait")


def test_a_series_gives_its_samples_back() -> None:
    phase = 2.0 * np.pi * np.arange(SAMPLES) / SAMPLES
    mean, cosines, sines = series(0.3 + 0.5 * np.cos(2 * phase) - 0.2 * np.sin(5 * phase), 6)
    assert mean == pytest.approx(0.3)
    np.testing.assert_allclose(cosines, [0, 0.5, 0, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(sines, [0, 0, 0, 0, -0.2, 0], atol=1e-12)


def test_leg_angles_reach_the_ankle() -> None:
    x, z = np.array([0.2, -0.3, 0.0]), np.array([-0.8, -0.75, -0.6])
    hip, knee = leg_angles(x, z, 0.43, 0.44)
    np.testing.assert_allclose(0.43 * np.sin(hip) + 0.44 * np.sin(hip - knee), x, atol=1e-9)
    np.testing.assert_allclose(-0.43 * np.cos(hip) - 0.44 * np.cos(hip - knee), z, atol=1e-9)


def test_support_is_the_height_of_a_rolling_sole() -> None:
    sole = np.array([[-0.05, -0.07], [0.15, -0.07]])
    np.testing.assert_allclose(support(sole, np.array([0.0])), [0.07])
    toe_off = support(sole, np.array([-np.pi / 2]))
    np.testing.assert_allclose(toe_off, [0.15], atol=1e-12)


def test_the_foot_pitch_has_no_jump_where_the_cycle_closes() -> None:
    low, high = foot_pitch([0.0, 1e-6]), foot_pitch([1.0 - 1e-6, 1.0])
    assert np.abs(low[0] - high[1]) < 1e-9


def test_joint_angles_are_those_of_normal_gait() -> None:
    cycle_ = walk(legs_of(body_of(Who(height_m=1.75))))
    hip, knee = np.degrees(cycle_.hip), np.degrees(cycle_.knee)
    assert 25.0 < hip.max() < 40.0
    assert -15.0 < hip.min() < 0.0
    assert 50.0 < knee.max() < 70.0
    assert knee[: 45 * SAMPLES // 100].max() < 40.0
    assert 1.1 < cycle_.stride < 1.5
    assert np.ptp(cycle_.lift) < 0.06


def test_the_lowest_point_stays_on_the_ground(walker: Model) -> None:
    stride = stride_of(walker)
    for distance in np.linspace(0.0, stride, 25):
        feet = [points(walker, distance, f"{side}_foot")[:, 2].min() for side in ("left", "right")]
        assert -0.01 < min(feet) < 0.01


def test_a_planted_foot_does_not_slip(walker: Model) -> None:
    stride = stride_of(walker)
    step = stride / 120.0
    for distance in np.arange(0.1 * stride, 0.36 * stride, step):
        now, then = points(walker, distance, "left_foot"), points(walker, distance + step, "left_foot")
        flat = now[:, 2] < now[:, 2].min() + 0.004
        slip = (then[flat, 0] + step - now[flat, 0]).mean()
        assert abs(slip) < 0.06 * step + 0.0005


def test_left_and_right_are_half_a_cycle_apart(walker: Model) -> None:
    stride = stride_of(walker)
    left, right = points(walker, 0.2 * stride, "left_foot"), points(walker, 0.7 * stride, "right_foot")
    np.testing.assert_allclose(left.min(0)[[0, 2]], right.min(0)[[0, 2]], atol=4e-3)


def test_arms_swing_against_the_legs(walker: Model) -> None:
    hand, foot = points(walker, 0.0, "left_forearm")[:, 0].mean(), points(walker, 0.0, "left_foot")[:, 0].mean()
    assert foot > 0.1 * walker.size[2]
    assert hand < 0.0


@pytest.mark.parametrize("height", [1.66, 1.76, 1.98])
def test_a_riders_feet_turn_with_the_pedals(height: float) -> None:
    rider, bicycle = model_of(get("asset", "cyclist_rider")(height_m=height)), model_of(get("asset", "bicycle")())
    for distance in np.linspace(0.0, cycle.DEVELOPMENT, 9):
        crank = posed(bicycle, distance)["crank"]
        for side, sign in (("left", 1.0), ("right", -1.0)):
            pedal = transform(*crank, np.array([sign * cycle.CRANK, sign * cycle.PEDAL_Y, 0.0]))
            gap = np.sqrt(((points(rider, distance, f"{side}_foot")[:, [0, 2]] - pedal[[0, 2]]) ** 2).sum(-1))
            assert gap.min() < 0.06
            assert gap.max() < 0.33


@pytest.mark.parametrize("height", [1.66, 1.76, 1.98])
def test_a_riders_hands_hold_the_grips(height: float) -> None:
    rider = model_of(get("asset", "cyclist_rider")(height_m=height))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        grip = np.array([cycle.GRIP[0], sign * cycle.GRIP[1], cycle.GRIP[2]])
        gap = np.sqrt(((points(rider, 0.0, f"{side}_forearm") - grip) ** 2).sum(-1))
        assert gap.min() < 0.05
