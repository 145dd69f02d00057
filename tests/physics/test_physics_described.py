"""Bodies that PyBullet loads from files: link frames, joints, things that fall."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from helpers_physics import Straight, ball, box, box_mesh, entity, model, yard

from simgen.errors import EngineError, UserError
from simgen.geometry import compose, quat_from_euler, quat_rotate
from simgen.physics import simulate
from simgen.records.model import Joint, Link


def data() -> Path:
    import pybullet_data

    return Path(pybullet_data.getDataPath())


def described(file: str, **more):
    """A model whose links have the names, parents and rest poses that the file says."""
    text = (data() / file).read_text()
    names = re.findall(r'<link name="(\w+)"', text)
    joints = {}
    for body in re.findall(r"<joint.*?</joint>", text, re.S):
        child, parent = (re.search(rf'<{k} link="(\w+)"', body)[1] for k in ("child", "parent"))
        origin = re.search(r"<origin ([^/]*)/>", body)
        fields = dict(re.findall(r'(\w+)="([^"]*)"', origin[1])) if origin else {}
        joints[child] = parent, fields.get("xyz", "0 0 0"), fields.get("rpy", "0 0 0")
    links = [Link(name=names[0], mesh=box_mesh((0.1, 0.1, 0.1)))]
    for name in names[1:]:
        parent, xyz, rpy = joints[name]
        q = quat_from_euler(*(float(a) for a in rpy.split()))
        place = tuple(float(a) for a in xyz.split())
        links.append(
            Link(name=name, parent=names.index(parent), position=place, quaternion=tuple(q), joint=Joint(kind="hinge"))
        )
    return model(tuple(links), (0.5, 0.5, 1.3), (0.0, 0.0, 0.6), description_file=str(data() / file), **more)


POSE = {"quaternion": tuple(quat_from_euler(0.1, -0.2, 0.5))}


def rest(made, place, scale=1.0):
    """Forward kinematics by hand."""
    poses = [(np.array(place), np.array(POSE["quaternion"]))]
    for link in made.links[1:]:
        poses.append(compose(*poses[link.parent], scale * np.array(link.position), link.quaternion))
    return poses


@pytest.mark.parametrize("file", ["r2d2.urdf", "kuka_iiwa/model.urdf"])
def test_link_poses_are_the_urdf_link_frames(file):
    """Not PyBullet's centres of mass: both files have inertial offsets."""
    made, place = described(file), (1.0, 2.0, 3.0)
    t = simulate(yard(entity("robot", made, place, **POSE, physics="dynamic"), duration_s=0.05))
    for k, (p, q) in enumerate(rest(made, place)):
        np.testing.assert_allclose(t.position[0, k], p, atol=1e-5, err_msg=made.links[k].name)
        same = np.abs((t.quaternion[0, k] * q).sum())
        assert same == pytest.approx(1.0, abs=1e-9), made.links[k].name


def test_a_fixed_arm_holds_its_rest_pose_while_others_fall():
    made, place = described("kuka_iiwa/model.urdf"), (0.0, 0.0, 0.5)
    arm = entity("arm", made, place, **POSE, physics="static")
    t = simulate(yard(arm, entity("ball", ball(), (2, 0, 1), physics="dynamic"), duration_s=1.0))
    assert t.body_names[:2] == ("arm", "arm/lbr_iiwa_link_1")
    for k, (p, _) in enumerate(rest(made, place)):
        np.testing.assert_allclose(t.position[-1, k], p, atol=1e-3)


def test_a_fixed_arm_alone_is_where_its_model_says():
    made, place = described("kuka_iiwa/model.urdf"), (0.0, 0.0, 0.5)
    t = simulate(yard(entity("arm", made, place, **POSE, physics="static"), duration_s=0.1))
    for k, (p, _) in enumerate(rest(made, place)):
        np.testing.assert_allclose(t.position[-1, k], p, atol=1e-12)


def test_an_arm_gives_way_when_something_heavy_falls_on_it_and_links_stay_joined():
    made = described("kuka_iiwa/model.urdf")
    arm = entity("arm", made, (0.0, 0.0, 0.0), quaternion=tuple(quat_from_euler(0.0, 1.2, 0.0)), physics="static")
    weight = entity("weight", box((1, 1, 1), mass_kg=3000.0), (0.9, 0.0, 1.4), physics="dynamic")
    t = simulate(yard(arm, weight, duration_s=1.0))
    assert np.abs(t.quaternion[-1, 2:7] - t.quaternion[0, 2:7]).max() > 0.005
    for k, link in enumerate(made.links[1:], start=1):
        hinge = t.position[:, link.parent] + quat_rotate(t.quaternion[:, link.parent], link.position)
        np.testing.assert_allclose(t.position[:, k], hinge, atol=1e-4)
    assert (1, 2) in set(zip(t.contacts.actor_a.tolist(), t.contacts.actor_b.tolist(), strict=True))


def test_velocities_are_those_of_the_link_origins():
    """A robot that tumbles: the stored velocity is the derivative of the stored position."""
    t = simulate(
        yard(
            entity(
                "robot", described("r2d2.urdf"), (0, 0, 20.0), **POSE, physics="dynamic", velocity_m_s=(2.0, 1.0, 0)
            ),
            duration_s=0.5,
        )
    )
    speed = np.diff(t.position, axis=0) / (t.step_ns * 1e-9)
    np.testing.assert_allclose(speed[20:60], t.linear_velocity[21:61], atol=0.02)


def test_a_dropped_duck_settles_on_the_table():
    duck = model(
        (Link(name="baseLink", mesh=box_mesh((0.08, 0.08, 0.08))),),
        (0.1, 0.1, 0.1),
        (0, 0, 0.05),
        description_file=str(data() / "duck_vhacd.urdf"),
    )
    lying = tuple(quat_from_euler(np.pi / 2, 0.0, 0.0))
    fall = {"physics": "dynamic", "quaternion": lying}
    t = simulate(yard(entity("duck", duck, (0, 0, 0.9), **fall), entity("table", box((1, 1, 0.75))), duration_s=2.0))
    assert 0.70 < t.position[-1, 0, 2] < 0.85
    assert np.abs(t.linear_velocity[-1, 0]).max() < 0.01
    late = t.contacts.time_ns > 1_500_000_000
    assert set(zip(t.contacts.actor_a[late].tolist(), t.contacts.actor_b[late].tolist(), strict=True)) == {(1, 2)}


def test_scale_and_sdf():
    cube = model(
        (Link(name="baseLink"),),
        (1, 1, 1),
        (0, 0, 0),
        description_file=str(data() / "cube.urdf"),
        description_scale=0.5,
    )
    t = simulate(yard(entity("cube", cube, (0, 0, 0.5), physics="dynamic"), duration_s=1.0))
    assert t.position[-1, 0, 2] == pytest.approx(0.25, abs=0.003)
    arm = model(
        (Link(name="lbr_iiwa_link_0"), Link(name="lbr_iiwa_link_1", parent=0)),
        (1, 1, 1),
        (0, 0, 0),
        description_file=str(data() / "kuka_iiwa/model.sdf"),
    )
    t = simulate(
        yard(
            entity("arm", arm, (1.0, 0, 2.0), physics="static"),
            entity("b", ball(), (5, 0, 1), physics="dynamic"),
            duration_s=0.1,
        )
    )
    np.testing.assert_allclose(t.position[0, 0], [1.0, 0.0, 2.0], atol=1e-9)
    np.testing.assert_allclose(t.position[0, 1], [1.0, 0.0, 2.1575], atol=1e-6)


def test_a_kinematic_description_is_moved_by_its_behaviour_alone():
    made = described("r2d2.urdf")
    t = simulate(yard(entity("robot", made, (0, 0, 1), behaviour=Straight(speed_m_s=1.0)), duration_s=0.5))
    np.testing.assert_allclose(t.linear_velocity[:, :, 0], 1.0, atol=1e-5)


def test_faults_of_files_are_named():
    missing = model((Link(name="x"),), (1, 1, 1), (0, 0, 0), description_file="/nowhere/robot.urdf")
    with pytest.raises(UserError, match=r"'/nowhere/robot\.urdf' does not exist"):
        simulate(yard(entity("robot", missing, physics="dynamic")))
    odd = model(
        (Link(name="a"), Link(name="nose", parent=0)), (1, 1, 1), (0, 0, 0), description_file=str(data() / "cube.urdf")
    )
    with pytest.raises(UserError, match="has no link 'nose'"):
        simulate(yard(entity("robot", odd, physics="dynamic")))
    broken = model((Link(name="a"),), (1, 1, 1), (0, 0, 0), description_file=__file__)
    with pytest.raises(EngineError, match="cannot take 'robot'"):
        simulate(yard(entity("robot", broken, physics="dynamic")))
