"""Shading normals, palettes, boxes, hulls and colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgen.errors import UserError
from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Link
from simgen.shapes import soup as soup_module
from simgen.shapes.builder import MeshBuilder, Palette, corner_normals, mesh_of, soup_of
from simgen.shapes.colors import PAINTS, linear, resolve
from simgen.shapes.finish import HULL_POINTS, box_of, finished, hull, rest_poses, slab, slab_hulls
from simgen.shapes.primitives import box, cylinder, sphere
from simgen.shapes.soup import distinct, face_vectors

RED, BLUE = Surface(class_name="object", base_color=(1, 0, 0)), Surface(class_name="object", base_color=(0, 0, 1))


def test_normals_of_a_sphere_are_radial() -> None:
    mesh, _ = mesh_of(sphere(2.0, 48, 24), RED)
    np.testing.assert_allclose(mesh.normals, mesh.vertices / 2.0, atol=0.03)
    np.testing.assert_allclose((mesh.normals**2).sum(-1), 1.0, atol=1e-5)


def test_normals_of_a_box_are_flat_and_of_a_cylinder_both() -> None:
    cube, _ = mesh_of(box((1, 1, 1)), RED)
    assert len(cube.vertices) == 24
    assert set(np.abs(cube.normals).max(1).tolist()) == {1.0}
    can = cylinder(1.0, 2.0, 24)
    flat = np.abs(corner_normals(can)[..., 2])
    assert np.logical_or(flat < 1e-9, flat > 1.0 - 1e-9).all()


def test_the_angle_decides_what_is_smooth() -> None:
    smooth, _ = mesh_of(box((1, 1, 1)), RED, smooth_deg=91.0)
    assert len(smooth.vertices) == 8


def test_shading_normals_agree_with_the_winding() -> None:
    soup = sphere(1.0, 16, 8)
    mesh, _ = mesh_of(soup, RED)
    face = face_vectors(soup_of(mesh))
    corner = mesh.normals[mesh.triangles].mean(1)
    assert ((face * corner).sum(-1) > 0.0).all()


def test_links_of_a_model_share_a_palette() -> None:
    palette = Palette()
    one = MeshBuilder(palette).add(box((1, 1, 1)), RED).mesh()
    two = MeshBuilder(palette).add(box((1, 1, 1)), BLUE).add(sphere(1.0, 8, 4), RED).mesh()
    assert palette.surfaces == (RED, BLUE)
    assert set(one.surface) == {0}
    assert two.surface.tolist() == [1] * 12 + [0] * (len(two.surface) - 12)


def test_triangles_of_no_area_are_left_out() -> None:
    mesh, _ = mesh_of(sphere(1.0, 8, 4), RED)
    assert len(mesh.triangles) == 8 * 2 + 8 * 2 * 2


def test_a_hull_keeps_a_box_and_bounds_its_points() -> None:
    shape = hull(box((1.0, 2.0, 3.0)).vertices)
    assert len(shape.points) == 8
    many = hull(sphere(1.0, 64, 32).vertices)
    assert 40 <= len(many.points) <= HULL_POINTS
    np.testing.assert_allclose(np.ptp(many.points, axis=0), 2.0, atol=0.02)


def test_a_slab_cuts_triangles_at_its_planes() -> None:
    points = slab(box((4.0, 1.0, 1.0)), 0, -0.5, 0.25)
    assert points[:, 0].min() == -0.5
    assert points[:, 0].max() == 0.25
    shapes = slab_hulls(box((4.0, 1.0, 1.0)), [-2.0, 0.0, 1.0, 2.0])
    assert [round(float(np.ptp(s.points, axis=0)[0]), 6) for s in shapes] == [2.0, 1.0, 1.0]


def test_a_finished_model_is_bounded_at_rest() -> None:
    turned = tuple(float(v) for v in quat_from_axis_angle([0, 0, 1], np.pi / 2))
    mesh, surfaces = mesh_of(box((2.0, 1.0, 1.0)), RED)
    links = [Link(name="a"), Link(name="b", parent=0, position=(0.0, 0.0, 1.0), quaternion=turned, mesh=mesh)]  # type: ignore[arg-type]
    model = finished("thing", "object", links, surfaces)
    np.testing.assert_allclose(model.size, (1.0, 2.0, 1.0), atol=1e-6)
    np.testing.assert_allclose(model.box_center, (0.0, 0.0, 1.0), atol=1e-6)
    np.testing.assert_allclose(rest_poses(links)[1][0], (0.0, 0.0, 1.0))


def test_box_of_points() -> None:
    shape = box_of([[0, 0, 0], [1, 2, 4]])
    assert (shape.size, shape.center) == ((1.0, 2.0, 4.0), (0.5, 1.0, 2.0))


def test_named_colours_are_linear() -> None:
    assert linear(255, 0, 188) == pytest.approx((1.0, 0.0, 0.502886), abs=1e-5)
    assert resolve("color", (0.1, 0.2, 0.3), PAINTS) == (0.1, 0.2, 0.3)
    assert resolve("color", "red", PAINTS) == PAINTS["red"]


def test_wrong_colours_are_refused() -> None:
    with pytest.raises(UserError) as caught:
        resolve("top", "silvr", PAINTS)
    assert str(caught.value) == "top: unknown colour 'silvr'; did you mean 'silver'?"
    with pytest.raises(UserError) as caught:
        resolve("top", (255.0, 0.0, 0.0), PAINTS)
    expected = "top: a colour is a name or three linear reflectances between 0 and 1, not (255.0, 0.0, 0.0)"
    assert str(caught.value) == expected


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=60))
def test_distinct_rows_come_in_the_order_of_their_first_use(rows: list[tuple[int, int, int]]) -> None:
    first, which = distinct(np.array(rows, np.int64))
    seen = list(dict.fromkeys(rows))
    assert [rows[k] for k in first] == seen
    assert [seen[k] for k in which] == rows


def test_distinct_rows_survive_a_hash_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soup_module, "_MIX", (0, 0, 0))
    first, which = distinct(np.array([[1, 2, 3], [0, 0, 9], [1, 2, 3]], np.int64))
    assert first.tolist() == [0, 1]
    assert which.tolist() == [0, 1, 0]
