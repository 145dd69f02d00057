"""Primitives and lofts: closed, wound outwards, of the volume that the formula says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.shapes import primitives as prim
from simgen.shapes.lattice import curve, fan, lattice, loft, revolve, section, tube
from simgen.shapes.soup import Soup, face_vectors, join, open_edges, signed_volume, weld, without_slivers

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]])
L_SHAPE = np.array([[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]], float)

CLOSED: dict[str, tuple[Soup, float, float]] = {
    "box": (prim.box((1.0, 2.0, 3.0)), 6.0, 1e-12),
    "bevelled box": (prim.box((1.0, 2.0, 3.0), 0.1), 6.0, 0.02),
    "sphere": (prim.sphere(1.0, 64, 32), 4.0 / 3.0 * np.pi, 0.01),
    "ellipsoid": (prim.ellipsoid((1.0, 2.0, 0.5), 64, 32), 4.0 / 3.0 * np.pi, 0.01),
    "cylinder": (prim.cylinder(0.5, 2.0, 96), 0.5 * np.pi, 0.001),
    "bevelled cylinder": (prim.cylinder(0.5, 2.0, 96, 0.02), 0.5 * np.pi, 0.005),
    "cone": (prim.cone(1.0, 0.0, 3.0, 96), np.pi, 0.001),
    "frustum": (prim.cone(1.0, 0.5, 3.0, 96), np.pi * 1.75, 0.001),
    "capsule": (prim.capsule(0.5, 1.0, 96, 48), np.pi * 0.25 + np.pi / 6.0, 0.005),
    "prism": (prim.prism(L_SHAPE, -0.5, 1.5), 6.0, 1e-12),
    "bar": (prim.bar([0, 0, 0], [3, 4, 12], 0.1, 0.2), 13 * 0.02, 1e-9),
    "pipe": (tube([[0, 0, 0], [5, 0, 0]], 0.1, 64), 5 * np.pi * 0.01, 0.002),
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_primitives_have_their_volume(name: str) -> None:
    soup, volume, tolerance = CLOSED[name]
    assert open_edges(soup) == 0
    assert signed_volume(soup) == pytest.approx(volume, rel=tolerance)


@pytest.mark.parametrize("name", [name for name in CLOSED if name != "prism"])
def test_triangles_of_convex_primitives_face_away_from_the_middle(name: str) -> None:
    soup = CLOSED[name][0]
    middle = soup.vertices.mean(0)
    clean = without_slivers(soup)
    outward = (face_vectors(clean) * (clean.vertices[clean.triangles].mean(1) - middle)).sum(-1)
    assert (outward > 0.0).all()


def test_a_mirrored_soup_stays_wound_outwards() -> None:
    soup = prim.box((1.0, 2.0, 3.0)).scaled((1.0, -1.0, 2.0))
    assert signed_volume(soup) == pytest.approx(12.0)
    assert signed_volume(soup.flipped()) == pytest.approx(-12.0)


def test_moving_turns_first_and_shifts_then() -> None:
    quarter = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5))
    moved = Soup.of([[1.0, 0.0, 0.0]] * 3, [[0, 1, 2]]).moved((10.0, 0.0, 0.0), quarter)
    np.testing.assert_allclose(moved.vertices[0], [10.0, 1.0, 0.0], atol=1e-12)


def test_joining_keeps_tags_and_shifts_indices() -> None:
    both = join([prim.box((1, 1, 1)).tagged(3), prim.sphere(1.0, 8, 4).tagged(5)])
    assert both.triangles.max() == len(both.vertices) - 1
    assert set(both.tags) == {3, 5}


def test_welding_merges_what_coincides() -> None:
    soup = prim.cylinder(1.0, 1.0, 12)
    assert len(weld(soup).vertices) == 26
    assert open_edges(soup) == 0
    assert open_edges(Soup(soup.vertices, soup.triangles[3:], soup.tags[3:])) > 0


def test_the_plane_faces_up() -> None:
    assert (face_vectors(prim.plane(2.0, 3.0, 4, 5))[:, 2] > 0.0).all()
    assert face_vectors(prim.plane(2.0, 3.0, 4, 5))[:, 2].sum() / 2.0 == pytest.approx(6.0)


def test_a_lattice_splits_quads_along_the_shorter_diagonal() -> None:
    points = np.array([[[0, 0, 0], [1, 0, 0]], [[0, 1, 0], [3, 3, 0]]], float)
    edges = {frozenset(e) for t in lattice(points).triangles.tolist() for e in zip(t, t[1:] + t[:1], strict=True)}
    assert frozenset((1, 2)) in edges
    assert frozenset((0, 3)) not in edges


def test_lattice_tags_go_to_both_triangles_of_a_quad() -> None:
    grid = np.stack(np.meshgrid(np.arange(3.0), np.arange(3.0)), -1)
    points = np.concatenate([grid, np.zeros((3, 3, 1))], -1)
    assert lattice(points, tags=[[0, 1], [2, 3]]).tags.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_revolve_can_name_spans_and_quads() -> None:
    profile = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    assert np.bincount(revolve(profile, 8, tags=np.array([0, 1, 2])).tags).tolist() == [16, 16, 16]


def test_a_superellipse_section_lies_on_its_curve() -> None:
    ring = section([[1.0, 2.0, 3.0]], 2.0, 0.5, 40, 3.0)[0] - [1.0, 2.0, 3.0]
    np.testing.assert_allclose(np.abs(ring[:, 0] / 2.0) ** 3 + np.abs(ring[:, 1] / 0.5) ** 3, 1.0, atol=1e-9)


def test_loft_of_two_squares_is_a_box() -> None:
    ring = np.concatenate([SQUARE, np.zeros((4, 1))], 1)
    body = loft(np.stack([ring, np.add(ring, [0.0, 0.0, 4.0])]))
    assert signed_volume(body) == pytest.approx(8.0)
    assert open_edges(body) == 0
    assert signed_volume(join([body, fan(ring)])) == pytest.approx(8.0)


def test_a_bent_tube_is_closed() -> None:
    pipe = tube([[0, 0, 0], [0, 0, 1], [1, 0, 1.5], [1, 1, 2]], [0.1, 0.1, 0.05, 0.02], 10)
    assert open_edges(pipe) == 0
    assert signed_volume(pipe) > 0.0


def test_triangulation_covers_the_polygon() -> None:
    triangles = prim.triangulate(L_SHAPE)
    a, b, c = (L_SHAPE[triangles[:, k]] for k in range(3))
    area = 0.5 * ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    assert (area > 0.0).all()
    assert area.sum() == pytest.approx(3.0)


@pytest.mark.parametrize("outline", [SQUARE[::-1], np.array([[0, 0], [1, 1], [1, 0], [0, 1]], float)])
def test_triangulation_refuses_clockwise_and_crossed_polygons(outline: np.ndarray) -> None:
    with pytest.raises(ValueError, match="simple and counter-clockwise"):
        prim.triangulate(outline)


def test_rounded_rectangle_stays_inside_its_sides() -> None:
    outline = prim.rounded_rectangle(2.0, 1.0, 0.2)
    np.testing.assert_allclose(np.abs(outline).max(0), [1.0, 0.5])
    assert len(prim.triangulate(outline)) == len(outline) - 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-5.0, 5.0), min_size=2, max_size=8), st.floats(-1.0, 9.0))
def test_a_curve_passes_its_knots_and_never_overshoots(values: list[float], at: float) -> None:
    knots = np.arange(len(values), dtype=float)
    np.testing.assert_allclose(curve(knots, knots, values), values, atol=1e-12)
    k = int(np.clip(np.floor(at), 0, len(values) - 2))
    low, high = min(values[k], values[k + 1]), max(values[k], values[k + 1])
    assert low - 1e-9 <= float(curve(at, knots, values)) <= high + 1e-9
