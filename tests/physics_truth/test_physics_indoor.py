"""Belts carry by friction; dropped things come to rest on tables and in bins; motors follow their targets."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_physics import simulate

from simgen import registry
from simgen.assembly import assemble
from simgen.geometry import quat_rotate
from simgen.light.constant import Constant
from simgen.records.trajectory import Trajectory
from simgen.rng import stream
from simgen.scene import Clock, Entity, Scene

G = 9.81
WORLD = registry.get("world", "empty")(size_m=20.0)


def asset(name: str, **parameters: object) -> object:
    return registry.get("asset", name)(**parameters)


def run(entities: list[Entity], duration_s: float, physics_hz: int = 240, seed: int = 1) -> Trajectory:
    clock = Clock(duration_s=duration_s, rate_hz=10, physics_hz=physics_hz)
    scene = Scene(
        name="test", seed=seed, clock=clock, world=WORLD, light=Constant(), entities=tuple(entities), sensors=()
    )
    return simulate(assemble(scene))


def of(trajectory: Trajectory, name: str) -> np.ndarray:
    """Positions of an actor's root."""
    return trajectory.position[:, trajectory.actor_body[trajectory.actor_names.index(name)]]


def on_belt(speed: float, friction: float, yaw: float = 0.0, physics: str = "static") -> Trajectory:
    belt = asset("conveyor", length_m=8.0, speed_m_s=speed, guide_m=0.0, friction=1.0)
    turn = (math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw))
    box = asset("box", size_m=(0.2, 0.2, 0.1), mass_kg=1.0, friction=friction, restitution=0.0)
    start = quat_rotate(np.array(turn), np.array([-math.copysign(3.0, speed), 0.0, 0.8]))
    return run(
        [
            Entity(name="belt", instance=1, asset=belt, position=(0.0, 0.0, 0.0), quaternion=turn, physics=physics),
            Entity(name="box", instance=2, asset=box, position=tuple(start), quaternion=turn, physics="dynamic"),
        ],
        2.0,
    )


@pytest.mark.parametrize(("speed", "friction"), [(1.0, 0.2), (0.4, 0.5), (-0.5, 0.3)])
def test_a_box_on_a_belt_slips_with_mu_g_and_then_goes_with_it(speed: float, friction: float) -> None:
    t = on_belt(speed, friction)
    x = of(t, "box")[:, 0]
    time = (t.time_ns - t.time_ns[0]) / 1e9
    slip = abs(speed) / (friction * G)
    way = np.where(time < slip, 0.5 * friction * G * time**2, abs(speed) * (time - 0.5 * slip))
    np.testing.assert_allclose(np.abs(x - x[0]), way, atol=0.012)
    velocity = t.linear_velocity[t.time_ns > t.time_ns[0] + 1e9 * (slip + 0.3), t.actor_body[1]]
    np.testing.assert_allclose(velocity[:, 0], speed, atol=0.004)
    assert np.abs(velocity[:, 1]).max() < 0.004
    assert np.ptp(of(t, "box")[:, 2]) < 0.004
    np.testing.assert_array_equal(of(t, "belt"), 0.0)


def test_a_belt_that_stands_askew_carries_along_its_own_x() -> None:
    t = on_belt(0.5, 0.5, yaw=0.6)
    end = t.linear_velocity[-1, t.actor_body[1]]
    np.testing.assert_allclose(end, [0.5 * math.cos(0.6), 0.5 * math.sin(0.6), 0.0], atol=0.004)


def dropped(kinds: list[tuple[str, str]], into: Entity | None, floor_z: float, spread: float) -> list[Entity]:
    rng = stream(5, "test", "clutter")
    found = [into] if into is not None else []
    for k, (family, kind) in enumerate(kinds):
        turn = rng.standard_normal(4)
        q = tuple(float(c) for c in turn / np.sqrt((turn**2).sum()))
        x, y = rng.uniform(-spread, spread, 2)
        thing = asset(family, kind=kind, variant=k)
        place = (float(x), float(y), floor_z + 0.2 + 0.14 * k)
        found.append(
            Entity(name=f"t{k}", instance=k + 2, asset=thing, position=place, quaternion=q, physics="dynamic")  # type: ignore[arg-type]
        )
    return found


CLUTTER = [
    ("tableware", "mug"), ("grocery", "can"), ("grocery", "apple"), ("hand_tool", "hammer"), ("plaything", "duck"),
    ("grocery", "food_box"), ("tableware", "bowl"), ("desk_item", "book"), ("hand_tool", "pliers"),
    ("plaything", "brick"),
]  # fmt: skip


def test_dropped_things_come_to_rest_on_the_ground_and_do_not_sink() -> None:
    entities = dropped(CLUTTER, None, 0.0, 0.6)
    t = run(entities, 2.6)
    rows = t.actor_body
    late = t.time_ns > t.time_ns[-1] - int(0.4e9)
    speed = np.sqrt((t.linear_velocity[late][:, rows].astype(float) ** 2).sum(-1))
    assert np.median(speed) < 0.01
    # what is round may still roll a little
    assert speed.max() < 0.35
    assembly_points = [e.asset.build() for e in entities]
    for row, model in zip(rows, assembly_points, strict=True):
        points = quat_rotate(t.quaternion[-1, row], model.links[0].mesh.vertices.astype(float)) + t.position[-1, row]
        assert points[:, 2].min() > -0.004, model.name


def test_a_bin_keeps_what_is_dropped_into_it() -> None:
    crate = Entity(
        name="bin",
        instance=1,
        asset=asset("load_carrier", kind="tote", variant=3),
        position=(0.0, 0.0, 0.0),
        physics="static",
    )  # type: ignore[arg-type]
    size = crate.asset.build().size
    small = [
        ("hand_tool", "bolt"),
        ("plaything", "brick"),
        ("grocery", "apple"),
        ("hand_tool", "nut"),
        ("plaything", "blocks"),
    ] * 2
    t = run(dropped(small, crate, 0.1, 0.05), 3.0)
    ends = t.position[-1, t.actor_body[1:]]
    assert (np.abs(ends[:, 0]) < 0.5 * size[0]).all()
    assert (np.abs(ends[:, 1]) < 0.5 * size[1]).all()
    assert (ends[:, 2] > -0.002).all()


def test_an_apple_in_a_bowl_rests_above_its_bottom() -> None:
    bowl = Entity(
        name="bowl", instance=1, asset=asset("tableware", kind="bowl"), position=(0.0, 0.0, 0.0), physics="dynamic"
    )  # type: ignore[arg-type]
    apple = Entity(
        name="apple", instance=2, asset=asset("grocery", kind="apple"), position=(0.005, 0.0, 0.06), physics="dynamic"
    )  # type: ignore[arg-type]
    t = run([bowl, apple], 1.5)
    assert 0.003 < of(t, "apple")[-1, 2] < 0.03
    assert np.abs(of(t, "apple")[-1, :2]).max() < 0.03


def test_a_ball_stops_rolling() -> None:
    ball = Entity(
        name="ball",
        instance=1,
        asset=asset("plaything", kind="ball", variant=1),
        position=(0.0, 0.0, 0.0),
        physics="dynamic",
        velocity_m_s=(0.3, 0.0, 0.0),
    )  # type: ignore[arg-type]
    t = run([ball], 4.0)
    assert float(np.abs(t.linear_velocity[-1, 0]).max()) < 1e-3
    # it came some way, less than that on which rolling alone would take half its push: m v^2 / 2 = rolling m g s / r
    assert 0.1 < of(t, "ball")[-1, 0] < 0.5


def joint_angles(t: Trajectory, first: int, name: str = "kuka") -> np.ndarray:
    """Angles of the links about their parents against the rest pose, rad."""
    from simgen.engine.joints import _motion
    from simgen.geometry import compose

    model = asset("robot", kind=name).build()
    found = []
    for row, link in enumerate(model.links):
        if link.joint.kind == "hinge":
            parent, child = first + link.parent, first + row
            rest = compose(t.position[:, parent], t.quaternion[:, parent], link.position, link.quaternion)
            found.append(_motion(link, rest, (t.position[:, child], t.quaternion[:, child])))
    return np.stack(found, -1)


def test_motors_bring_an_arm_to_its_keyframes() -> None:
    goal = (20.0, 40.0, -10.0, -70.0, 15.0, 50.0, 30.0)
    move = registry.get("behaviour", "joint_keyframes")(
        times_s=(0.2, 1.5), joints_deg=((0.0, 20.0, 0.0, -95.0, 0.0, 65.0, 0.0), goal)
    )
    arm = Entity(name="arm", instance=1, asset=asset("robot", kind="kuka"), position=(0.0, 0.0, 0.5), behaviour=move)  # type: ignore[arg-type]
    t = run([arm], 2.2)
    angles = np.degrees(joint_angles(t, 0))
    np.testing.assert_allclose(angles[0], [0.0, 20.0, 0.0, -95.0, 0.0, 65.0, 0.0], atol=0.1)
    np.testing.assert_allclose(angles[-1], goal, atol=0.3)
    middle = angles[np.searchsorted(t.time_ns, t.time_ns[0] + int(0.85e9))]
    assert (np.abs(middle - 0.5 * (angles[0] + goal)) < 3.0).all()
    np.testing.assert_array_equal(t.position[:, 0], np.broadcast_to([0.0, 0.0, 0.5], t.position[:, 0].shape))


def test_an_arm_sweeps_by_its_seed_and_alone_does_not_move() -> None:
    sweep = registry.get("behaviour", "joint_sweep")(amplitude_deg=20.0, period_s=2.0)

    def angles(seed: int) -> np.ndarray:
        arm = Entity(
            name="arm", instance=1, asset=asset("robot", kind="kuka"), position=(0.0, 0.0, 0.5), behaviour=sweep
        )  # type: ignore[arg-type]
        return np.degrees(joint_angles(run([arm], 1.0, seed=seed), 0))

    one, again, other = angles(1), angles(1), angles(2)
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 2.0
    assert 5.0 < np.ptp(one, axis=0).max() < 45.0


def test_a_husky_drives_on_turning_wheels() -> None:
    drive = registry.get("behaviour", "drive_straight")(speed_m_s=1.0)
    husky = Entity(
        name="base", instance=1, asset=asset("robot", kind="husky"), position=(0.0, 0.0, 0.0), behaviour=drive
    )  # type: ignore[arg-type]
    t = run([husky], 1.0)
    model = husky.asset.build()
    assert abs(model.box_center[2] - 0.5 * model.size[2]) < 0.005
    wheel = next(k for k, link in enumerate(model.links) if link.joint.kind == "wheel")
    np.testing.assert_allclose(t.angular_velocity[20, wheel], [0.0, 1.0 / 0.17775, 0.0], atol=0.01)
