"""Footprints: overlap is symmetric, agrees with point sampling, and heights count."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.geometry import quat_from_euler, quat_from_yaw, quat_rotate
from simgen.placement.footprint import Footprint, Occupancy, box_footprint, model_footprint, solid_footprints
from simgen.polyline import inside_polygon
from simgen.records.model import Link, Model, Shape

boxes = st.builds(
    Footprint,
    x=st.floats(-3, 3),
    y=st.floats(-3, 3),
    half_length=st.floats(0.2, 3),
    half_width=st.floats(0.2, 2),
    yaw=st.floats(-4, 4),
)


def grid_of(box: Footprint) -> np.ndarray:
    u, v = np.meshgrid(np.linspace(-1, 1, 41) * box.half_length, np.linspace(-1, 1, 41) * box.half_width)
    c, s = math.cos(box.yaw), math.sin(box.yaw)
    return np.stack([box.x + c * u - s * v, box.y + s * u + c * v], -1).reshape(-1, 2)


@settings(max_examples=200, deadline=None)
@given(boxes, boxes)
def test_overlap_agrees_with_points(a: Footprint, b: Footprint) -> None:
    assert a.overlaps(b) == b.overlaps(a)
    shared = bool(inside_polygon(b.corners(), grid_of(a)).any() or inside_polygon(a.corners(), grid_of(b)).any())
    if shared:
        assert a.grown(1e-9).overlaps(b)
    elif a.overlaps(b):
        # a sliver that the grid misses: shrinking by the grid's step must part them
        step = 2.0 * max(a.half_length, a.half_width, b.half_length, b.half_width) / 40.0
        assert not a.grown(-min(step, 0.9 * a.half_width, 0.9 * a.half_length)).overlaps(b.grown(-0.0)) or step > 0.1


def test_faces_that_touch_do_not_overlap() -> None:
    a = Footprint(x=0, y=0, half_length=1, half_width=1)
    assert not a.overlaps(Footprint(x=2, y=0, half_length=1, half_width=1))
    assert a.overlaps(Footprint(x=1.999, y=0, half_length=1, half_width=1))


def test_a_turned_box_reaches_less_far_than_its_circle() -> None:
    a = Footprint(x=0, y=0, half_length=1, half_width=1)
    diamond = Footprint(x=2.3, y=2.3, half_length=1, half_width=1, yaw=math.pi / 4)
    assert math.hypot(2.3, 2.3) > a.radius + diamond.radius - 1.0
    assert not a.overlaps(diamond)
    assert a.overlaps(Footprint(x=1.6, y=1.6, half_length=1, half_width=1, yaw=math.pi / 4))


def test_what_stands_on_top_does_not_overlap() -> None:
    table = Footprint(x=0, y=0, half_length=1, half_width=1, z_min=0.0, z_max=0.7)
    cup = Footprint(x=0, y=0, half_length=0.05, half_width=0.05, z_min=0.7, z_max=0.8)
    assert not table.overlaps(cup)
    assert table.overlaps(Footprint(x=0, y=0, half_length=0.05, half_width=0.05, z_min=0.69, z_max=0.8))


@settings(max_examples=60, deadline=None)
@given(st.floats(-3, 3), st.floats(-1.4, 1.4), st.floats(-3, 3))
def test_a_tilted_box_lies_inside_its_footprint(roll: float, pitch: float, yaw: float) -> None:
    q = tuple(float(c) for c in quat_from_euler(roll, pitch, yaw))
    size, center, position = (2.0, 1.0, 0.5), (0.3, 0.1, 0.2), (5.0, -4.0, 1.0)
    found = box_footprint(size, center, position, q)
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners = quat_rotate(np.array(q), signs * 0.5 * np.array(size) + center) + position
    assert found.z_min <= corners[:, 2].min() + 1e-9
    assert corners[:, 2].max() <= found.z_max + 1e-9
    assert inside_polygon(found.grown(1e-6).corners(), corners).all()


def test_an_upright_box_is_its_own_footprint() -> None:
    q = tuple(float(c) for c in quat_from_yaw(0.7))
    found = box_footprint((4.0, 2.0, 1.5), (1.4, 0.0, 0.75), (1.0, 2.0, 0.0), q)
    assert (found.half_length, found.half_width) == pytest.approx((2.0, 1.0))
    assert (found.x, found.y) == pytest.approx((1.0 + 1.4 * math.cos(0.7), 2.0 + 1.4 * math.sin(0.7)))
    assert (found.z_min, found.z_max, found.yaw) == pytest.approx((0.0, 1.5, 0.7))


def tree() -> Model:
    trunk = Shape(kind="cylinder", size=(0.2, 3.0, 0.0), center=(0.0, 0.0, 1.5))
    link = Link(name="root", shapes=(trunk,))
    return Model(
        name="tree", class_name="vegetation", links=(link,), surfaces=(), size=(4, 4, 7), box_center=(0, 0, 3.5)
    )


def test_only_the_trunk_of_a_tree_bars_the_way() -> None:
    (solid,) = solid_footprints(tree(), (1.0, 1.0, 0.12), (1.0, 0.0, 0.0, 0.0))
    assert (solid.half_length, solid.half_width) == pytest.approx((0.2, 0.2))
    assert (solid.z_min, solid.z_max) == pytest.approx((0.12, 3.12))
    assert model_footprint(tree(), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0)).half_length == 2.0


@settings(max_examples=30, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=25), boxes, st.floats(0.5, 20))
def test_the_grid_misses_nobody(stored: list[Footprint], query: Footprint, cell: float) -> None:
    found = Occupancy(stored, cell_m=cell).blockers(query)
    assert found == [b for b in stored if query.overlaps(b)]
