"""Joints read off the links: wheels turn by the way over their radius, hinges and slides by what was done to them."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_navigation import column

from simgen.assembly import assemble
from simgen.dataset import DatasetWriter, open_dataset
from simgen.engine import Renderer
from simgen.engine.joints import joints_of
from simgen.errors import UserError
from simgen.generate.sequence import write_sequence
from simgen.geometry import compose, quat_from_axis_angle, yaw_of
from simgen.physics import simulate
from simgen.records.frames import STATUS_DROPPED
from simgen.records.navigation import JointFrame
from simgen.scenario import loads
from simgen.sensors.base import Mount
from simgen.sensors.joint_encoder import JointEncoder

SCENE = """
simgen: 1
name: joints
clock: {duration_s: 3.0, rate_hz: 10}
world: {type: intersection, lanes: 2, buildings: {density: 0.0}}
ego: {asset: sedan, lane: east/2, at_m: 60, behaviour: {type: follow_lane, speed_m_s: 6, turn: left}}
objects:
  - {name: cube, asset: box, place: {at_m: [30, 30, 0.5]}}
"""
ALL = JointEncoder(name="all", outputs=("ideal",), mount=Mount(on="ego"))


@pytest.fixture(scope="module")
def run():
    """The scene, its assembly and its trajectory."""
    scene = loads(SCENE, "joints.yaml").sample(3)
    assembly = assemble(scene.replace(sensors=(ALL,)))
    return assembly, simulate(assembly)


def frames_of(run, sensor: JointEncoder):
    assembly, trajectory = run
    again = assemble(assembly.scene.replace(sensors=(sensor,)))
    with Renderer(again, trajectory, threads=1) as renderer:
        return renderer.series(sensor)


def test_wheels_turn_by_the_way_over_their_radius(run) -> None:
    assembly, trajectory = run
    joints = joints_of(assembly, trajectory, ALL)
    links = {link.name: link for link in assembly.model("ego").links}
    steps = np.diff(trajectory.position[:, assembly.body("ego")], axis=0)
    way = np.concatenate([[0.0], np.cumsum(np.sqrt((steps**2).sum(-1)))])
    wheels = [k for k, kind in enumerate(joints.kinds) if kind == "wheel"]
    assert len(wheels) == 4
    for k in wheels:
        turned = joints.position[:, k] - joints.position[0, k]
        np.testing.assert_allclose(turned, way / links[joints.names[k]].joint.radius_m, rtol=2e-3, atol=1e-2)
    assert np.ptp(joints.position[:, wheels[0]]) > 4 * np.pi


def test_steering_follows_the_bend(run) -> None:
    assembly, trajectory = run
    joints = joints_of(assembly, trajectory, ALL)
    steer = joints.position[:, joints.kinds.index("steer")]
    assert steer[0] == pytest.approx(0.0, abs=1e-3)
    # the bicycle: tan(steer) = wheelbase x curvature of the rear axle's way
    body = assembly.body("ego")
    turned = np.diff(np.unwrap(yaw_of(trajectory.quaternion[:, body])))
    steps = np.sqrt((np.diff(trajectory.position[:, body], axis=0) ** 2).sum(-1))
    bend = np.arctan(assembly.model("ego").wheelbase_m * turned / steps)
    assert bend.max() > 0.1
    np.testing.assert_allclose(steer[1:], bend, atol=2e-3)


def test_hinges_and_slides_give_back_what_moved_them(run, monkeypatch) -> None:
    from types import SimpleNamespace

    from simgen.engine import joints as module
    from simgen.records.model import Joint, Link, Model

    tilted = tuple(quat_from_axis_angle([1.0, 2.0, 0.0], 0.7))
    swing = Joint(kind="hinge", axis=(0.0, 0.0, 2.0))
    links = (
        Link(name="base"),
        Link(name="arm", parent=0, position=(0.1, 0.2, 0.3), quaternion=tilted, joint=swing),
        Link(name="plate", parent=1, position=(0.0, 0.0, 0.5)),
        Link(name="tool", parent=2, position=(0.4, 0.0, 0.0), joint=Joint(kind="slide", axis=(0.0, 1.0, 0.0))),
    )
    model = Model(name="robot", class_name="robot", links=links, surfaces=(), size=(1, 1, 1), box_center=(0, 0, 0))
    t = np.linspace(0.0, 2.0, 101)
    angle, way = 9.0 * t - 2.0, 0.05 * np.sin(3.0 * t)
    base = np.stack([t, 0 * t, 1 + 0 * t], -1), quat_from_axis_angle(np.tile([0.0, 1.0, 1.0], (101, 1)), 0.4 * t)
    arm = compose(*compose(*base, (0.1, 0.2, 0.3), tilted), np.zeros(3), quat_from_axis_angle([0.0, 0.0, 1.0], angle))
    plate = compose(*arm, (0.0, 0.0, 0.5), (1.0, 0.0, 0.0, 0.0))
    tool = compose(*plate, np.stack([0.4 + 0 * t, way, 0 * t], -1), np.tile([1.0, 0.0, 0.0, 0.0], (101, 1)))
    # the sign of a quaternion means nothing
    sign = np.where(np.arange(101) % 7 < 3, -1.0, 1.0)[:, None]
    stored = SimpleNamespace(
        time_ns=np.arange(101, dtype=np.int64),
        position=np.stack([p for p, _ in (base, arm, plate, tool)], 1),
        quaternion=np.stack([q * sign for _, q in (base, arm, plate, tool)], 1),
    )
    monkeypatch.setattr(module, "_carrier", lambda assembly, sensor: ("robot", model))
    found = module.joints_of(SimpleNamespace(body=lambda name: 0), stored, ALL)
    assert (found.names, found.kinds) == (("arm", "tool"), ("hinge", "slide"))
    np.testing.assert_allclose(found.position[:, 0], angle, atol=1e-9)
    np.testing.assert_allclose(found.position[:, 1], way, atol=1e-12)


def test_readings_are_whole_counts_with_an_offset_and_noise(run) -> None:
    errors = {"counts_per_turn": 1000, "zero_error_deg": 2.0, "noise_counts": 0.5}
    encoder = JointEncoder(name="enc", mount=Mount(on="ego"), outputs=("ideal",), **errors)
    frames = frames_of(run, encoder)
    step = 2 * np.pi / 1000
    position = column(frames, "position")
    np.testing.assert_allclose(position / step, np.round(position / step), atol=1e-6)
    off = position - column([f.ideal for f in frames], "position")
    zero = off.mean(0)
    assert 0.005 < np.abs(zero).max() < 0.2
    # a half count of noise and the rounding
    np.testing.assert_allclose((off - zero).std(), step * np.sqrt(0.25 + 1 / 12), rtol=0.1)
    ideal = column([f.ideal for f in frames], "velocity")
    assert ideal[:, 0].max() > 10.0
    np.testing.assert_allclose(column(frames, "velocity")[1:], 100.0 * np.diff(position, axis=0), atol=1e-9)


def test_joints_can_be_chosen_and_are_named_in_the_calibration(run, tmp_path) -> None:
    assembly, _ = run
    names = joints_of(assembly, run[1], ALL).names
    chosen = JointEncoder(name="two", mount=Mount(on="ego"), joints=(names[3], names[0]))
    scene = assembly.scene.replace(sensors=(chosen,))
    with DatasetWriter(tmp_path / "a.h5", scenario=SCENE, seed=3) as writer:
        write_sequence(writer, 0, scene)
    with open_dataset(tmp_path / "a.h5") as data:
        frames = data.sequences[0].frames["two"]
        assert frames.calibration_true["joints"] == [names[3], names[0]]
        assert isinstance(frames[5], JointFrame)
        assert frames.position.shape == (300, 2)


def test_what_cannot_be_read_is_told(run) -> None:
    with pytest.raises(UserError, match="must be mounted on an entity, not 'world'"):
        frames_of(run, JointEncoder(name="enc"))
    with pytest.raises(UserError, match="mounted on 'cube', which has no joints that move"):
        frames_of(run, JointEncoder(name="enc", mount=Mount(on="cube")))
    with pytest.raises(UserError, match="sensor 'enc': there is no joint 'elbow'"):
        frames_of(run, JointEncoder(name="enc", mount=Mount(on="ego"), joints=("elbow",)))
    with pytest.raises(ValueError, match="names a joint twice"):
        JointEncoder(name="enc", joints=("a", "a"))
    with pytest.raises(ValueError, match="no output 'torque'"):
        JointEncoder(name="enc", outputs=("torque",))


def test_a_silent_reading_is_empty(run) -> None:
    frame = frames_of(run, ALL)[20]
    silent = ALL.silence(frame)
    assert silent.status == STATUS_DROPPED
    assert not silent.position.any()
    assert silent.ideal is frame.ideal
