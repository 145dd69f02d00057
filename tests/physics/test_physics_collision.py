"""Collision parts and mass properties against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_physics import ball, box_mesh, sphere_mesh
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.errors import UserError
from simgen.geometry import matrix_from_quat, quat_from_euler
from simgen.physics.collision import MAX_HULL_POINTS, Part, bounds, hull, link_parts, mass_properties
from simgen.records.model import Link, Shape

STILL = np.array([1.0, 0.0, 0.0, 0.0])
sizes = st.floats(0.1, 3.0)
angles = st.floats(-3.0, 3.0)


def part(kind, size, position=(0, 0, 0), quaternion=STILL):
    return Part(kind=kind, size=size, position=np.array(position, float), quaternion=np.array(quaternion))


def tensor(found):
    axes = matrix_from_quat(found.quaternion)
    return (axes[:, None, :] * found.moments * axes[None, :, :]).sum(-1)


@given(a=sizes, b=sizes, c=sizes)
@settings(max_examples=20, deadline=None)
def test_a_box_has_the_moments_of_the_book_as_box_and_as_hull(a, b, c):
    corners = box_mesh((2 * a, 2 * b, 2 * c), (1.0, 2.0, 3.0)).vertices.astype(float)
    wanted = 5.0 / 3 * np.array([b * b + c * c, a * a + c * c, a * a + b * b])
    for shape in (part("box", (a, b, c), (1, 2, 3)), hull(corners)):
        found = mass_properties([([shape], 5.0)])
        np.testing.assert_allclose(found.center, [1, 2, 3], atol=1e-5)
        np.testing.assert_allclose(np.diag(tensor(found)), wanted, rtol=1e-5)


def test_round_things():
    found = mass_properties([([part("sphere", (0.5, 0, 0))], 2.0)])
    np.testing.assert_allclose(found.moments, 0.4 * 2.0 * 0.25)
    found = mass_properties([([part("cylinder", (0.5, 2.0, 0))], 3.0)])
    np.testing.assert_allclose(found.moments, [3 * (0.25 / 4 + 4 / 12)] * 2 + [3 * 0.25 / 2])
    found = mass_properties([([hull(sphere_mesh(0.5).vertices.astype(float))], 2.0)])
    np.testing.assert_allclose(found.moments, 0.4 * 2.0 * 0.25, rtol=0.06)


@given(roll=angles, pitch=angles, yaw=angles)
@settings(max_examples=25, deadline=None)
def test_turning_a_body_turns_its_tensor(roll, pitch, yaw):
    turn = quat_from_euler(roll, pitch, yaw)
    moments = mass_properties([([part("box", (0.2, 0.5, 1.0))], 4.0)]).moments
    r = matrix_from_quat(turn)
    wanted = (r[:, None, :] * moments * r[None, :, :]).sum(-1)
    found = mass_properties([([part("box", (0.2, 0.5, 1.0), quaternion=turn)], 4.0)])
    np.testing.assert_allclose(tensor(found), wanted, atol=1e-9)


def test_a_dumbbell_by_the_parallel_axis_theorem():
    ends = [([part("sphere", (0.1, 0, 0), (x, 0, 0))], mass) for x, mass in ((-1.0, 3.0), (1.0, 1.0))]
    found = mass_properties(ends)
    np.testing.assert_allclose(found.center, [-0.5, 0, 0], atol=1e-15)
    own = 0.4 * 0.01 * 4.0
    np.testing.assert_allclose(found.moments, [own, own + 3 * 0.25 + 2.25, own + 3 * 0.25 + 2.25])


def test_hulls_are_bounded_in_size_and_flat_meshes_become_sheets():
    many = hull(sphere_mesh(1.0).vertices.astype(float))
    assert many.kind == "hull"
    assert len(many.points) <= MAX_HULL_POINTS
    np.testing.assert_allclose(np.array(bounds(many)), [[-1] * 3, [1] * 3], atol=0.01)
    sheet = hull(np.array([[0, 0, 1.0], [1, 0, 1], [1, 1, 1], [0, 1, 1]]))
    assert sheet.kind == "box"
    np.testing.assert_allclose(sheet.size, (0.5, 0.5, 0.001))
    np.testing.assert_allclose(sheet.position, (0.5, 0.5, 1.0))


def test_links_collide_as_shaped_or_as_seen():
    mesh = box_mesh((1, 1, 1))
    seen = link_parts(Link(name="x", mesh=mesh), concave=False)
    assert [p.kind for p in seen] == ["hull"]
    exact = Link(name="x", mesh=mesh, shapes=(Shape(kind="mesh"),))
    assert [p.kind for p in link_parts(exact, concave=True)] == ["mesh"]
    assert [p.kind for p in link_parts(exact, concave=False)] == ["hull"]
    assert [p.kind for p in link_parts(ball().links[0], concave=True)] == ["sphere"]
    assert link_parts(Link(name="empty"), concave=False) == []
    with pytest.raises(UserError, match="link without a mesh"):
        link_parts(Link(name="x", shapes=(Shape(kind="mesh"),)), concave=True)


def test_bounds_of_turned_parts():
    turned = part("cylinder", (0.5, 4.0, 0), quaternion=quat_from_euler(np.pi / 2, 0, 0))
    np.testing.assert_allclose(np.array(bounds(turned)), [[-0.5, -2, -0.5], [0.5, 2, 0.5]], atol=1e-12)
