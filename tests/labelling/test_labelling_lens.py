"""Boxes through lenses that bend lines, against rays: every pixel of a convex object, also behind and across seams."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from helpers_labelling import shoot
from helpers_physics import Straight, Yard, ball, box, box_mesh, entity, simulate, yard

from simgen.geometry import quat_from_euler, quat_from_yaw
from simgen.records.frames import BOX_CROSSES_NEAR, BOX_IS_EGO
from simgen.rng import stream
from simgen.sensors._camera_lens import Lens

VOID = Yard(ground=box_mesh((1.0, 1.0, 1.0), (0.0, 0.0, -900.0)))
LENSES: dict[str, dict[str, Any]] = {
    "brown": {"focal_px": None, "hfov_deg": 100.0, "lens": Lens(model="brown_conrady", k1=-0.06, k2=0.002, p1=0.003)},
    "fisheye": {"focal_px": None, "hfov_deg": 200.0, "lens": Lens(model="kannala_brandt", k1=0.02, k2=-0.004)},
    "panorama": {"focal_px": None, "width": 240, "lens": Lens(model="equirectangular")},
    "part": {"focal_px": 60.0, "cx_px": 70.0, "lens": Lens(model="equirectangular")},
}


def look(name, *things, eye=(-10.0, 0.0, 0.5), target=(0.0, 0.0, 0.5), **more):
    assembly = yard(*things, world=VOID, duration_s=0.2)
    return shoot(assembly, simulate(assembly), eye, target, **{**LENSES[name], **more})


def agree(frame, boxes, row=0, loose=0):
    """Nothing else is in sight, so what is seen is what would be seen alone, but for pixels on bent edges."""
    assert boxes.pixels[row] > 40
    assert 0 <= int(boxes.pixels_amodal[row]) - int(boxes.pixels[row]) <= loose
    if boxes.pixels_amodal[row] == boxes.pixels[row]:
        np.testing.assert_array_equal(boxes.box_px[row], boxes.box_amodal_px[row])
    rows, columns = np.nonzero(frame.instance == boxes.instance[row])
    assert boxes.box_px[row].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


@pytest.mark.parametrize("name", LENSES)
@pytest.mark.parametrize("seed", range(4))
def test_alone_the_silhouette_is_what_the_rays_hit(name, seed):
    r = stream(seed, "test")
    turn = tuple(quat_from_euler(*r.uniform(-3, 3, 3)))
    made = box(tuple(r.uniform(0.5, 3.0, 3))) if seed % 2 else ball(float(r.uniform(0.5, 1.5)))
    eye = tuple(r.uniform(-1, 1, 3) * 2.0 + [-4.0, 0.0, 0.0])
    frame, boxes = look(name, entity("thing", made, quaternion=turn), eye=eye, target=(0.0, 0.8, 0.3))
    agree(frame, boxes, loose=1)
    assert boxes.truncation[0] < 0.01


@pytest.mark.parametrize("name", ["fisheye", "panorama"])
@pytest.mark.parametrize("degrees", [60.0, 85.0, 95.0, 100.0, 120.0])
def test_long_beams_bend_and_pass_behind(name, degrees):
    """A beam of 30 m at 2 m from the camera, seen from one end to the other: one long arc of two triangles a face."""
    yaw = math.radians(degrees)
    beam = entity(
        "beam",
        box((30.0, 0.3, 0.4)),
        (-10.0 + 2.0 * math.cos(yaw), 2.0 * math.sin(yaw), 0.6),
        quaternion=tuple(quat_from_yaw(yaw + math.pi / 2)),
    )
    frame, boxes = look(name, beam)
    agree(frame, boxes, loose=3)


def test_across_the_seam_a_box_spans_the_whole_picture():
    frame, boxes = look("panorama", entity("behind", box((2.0, 2.0, 2.0)), (-16.0, 0.0, 0.5)))
    agree(frame, boxes)
    assert boxes.box_px[0, 0] == 0.0
    assert boxes.box_px[0, 2] == 240.0
    assert boxes.truncation[0] == 0.0


def test_a_plate_overhead_covers_the_pole():
    frame, boxes = look("panorama", entity("roof", box((4.0, 4.0, 0.2)), (-10.0, 0.2, 3.0)))
    agree(frame, boxes, loose=2)
    assert boxes.box_px[0, :3].tolist() == [0.0, 0.0, 240.0]


@pytest.mark.parametrize("name", LENSES)
def test_a_camera_inside_its_own_car_covers_everything_and_is_the_ego(name):
    things = entity("ego", box((4.0, 2.0, 2.0)), (-10.0, 0, -0.5)), entity("other", box())
    frame, boxes = look(name, *things, ego=(1,))
    assert boxes.flags[0] & BOX_IS_EGO
    assert boxes.pixels_amodal[0] == frame.instance.size == boxes.pixels[0]


def test_what_straddles_the_near_sphere_is_flagged():
    things = entity("long", box((20.0, 1.0, 1.0)), (-5.0, 0.52, 0.0)), entity("far", box(), (10.0, -1.0, 0.0))
    _, boxes = look("fisheye", *things, near_m=15.0)
    assert boxes.flags.tolist()[0] == BOX_CROSSES_NEAR


def test_the_image_circle_cuts_the_outline():
    lens = Lens(model="kannala_brandt", max_angle_deg=40.0)
    frame, boxes = look("fisheye", entity("wide", box((0.2, 40.0, 40.0)), (0.0, 0.0, -19.5)), hfov_deg=120.0, lens=lens)
    agree(frame, boxes)
    radius = frame.K[0, 0] * math.radians(40.0)
    assert boxes.pixels_amodal[0] == pytest.approx(math.pi * radius**2, rel=0.01)
    assert boxes.truncation[0] == 0.0


@pytest.mark.parametrize("name", LENSES)
def test_a_wall_over_half_of_it_hides_half(name):
    wall = entity("wall", box((0.1, 20.0, 20.0)), (-5.0, 10.0, -10.0))
    _, boxes = look(name, entity("thing", box((1.0, 3.0, 1.0))), wall, cx_px=None)
    row = boxes.instance.tolist().index(1)
    assert boxes.visible_fraction[row] == pytest.approx(0.5, abs=0.05)


def test_half_outside_is_half_truncated():
    """A panorama of 160 px of 1 / 60 rad: its right edge is 90 px from the axis, at 1.5 rad."""
    angle = 90.0 / 60.0
    place = (-10.0 + 8.0 * math.cos(angle), -8.0 * math.sin(angle), 0.5)
    plate = entity("plate", box((0.02, 2.0, 2.0)), place, quaternion=tuple(quat_from_yaw(-angle)))
    _, boxes = look("part", plate)
    assert boxes.truncation[0] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", ["brown", "fisheye"])
def test_rolling_shutter_shears_the_silhouette_as_it_shears_the_image(name):
    assembly = yard(
        entity(
            "passing",
            box((1.0, 1.0, 2.0)),
            (0.0, -1.5, -0.5),
            quaternion=tuple(quat_from_yaw(math.pi / 2)),
            behaviour=Straight(speed_m_s=30.0),
        ),
        world=VOID,
        duration_s=0.3,
    )
    frame, boxes = shoot(
        assembly,
        simulate(assembly),
        (-5.0, 0.0, 0.5),
        (0.0, 0.0, 0.5),
        time_ns=100_000_000,
        velocity=(5.0, 0.0, 1.0),
        readout_s=0.03,
        **LENSES[name],
    )
    agree(frame, boxes, loose=2)
