"""What a camera's boxes say, against the ray engine and against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_labelling import shoot
from helpers_physics import Straight, Yard, ball, box, box_mesh, entity, simulate, yard

from simgen.geometry import quat_from_euler, quat_from_yaw, quat_rotate
from simgen.records.frames import BOX_CROSSES_NEAR, BOX_IS_EGO
from simgen.records.mesh import Mesh
from simgen.rng import stream
from simgen.taxonomy import class_id

#: ground far below, so that nothing hides what a test looks at
VOID = Yard(ground=box_mesh((1.0, 1.0, 1.0), (0.0, 0.0, -900.0)))


def look(*things, eye=(-10.0, 0.0, 0.5), target=(0.0, 0.0, 0.5), **more):
    assembly = yard(*things, world=VOID, duration_s=0.2)
    return shoot(assembly, simulate(assembly), eye, target, **more)


@pytest.mark.parametrize("seed", range(8))
def test_alone_the_silhouette_is_exactly_what_the_rays_hit(seed):
    """Convex boxes and balls in any pose; both sides sample pixel centres, so not one pixel may differ."""
    r = stream(seed, "test")
    turn = tuple(quat_from_euler(*r.uniform(-3, 3, 3)))
    made = box(tuple(r.uniform(0.5, 3.0, 3))) if seed % 2 else ball(float(r.uniform(0.3, 1.5)))
    eye = tuple(r.uniform(-1, 1, 3) * 4.0 + [-9.0, 0.0, 0.0])
    _, boxes = look(entity("thing", made, quaternion=turn), eye=eye, target=(0.0, 0.0, 0.3))
    assert boxes.pixels[0] > 60
    assert boxes.pixels[0] == boxes.pixels_amodal[0]
    np.testing.assert_array_equal(boxes.box_px, boxes.box_amodal_px)
    assert boxes.visible_fraction[0] == 1.0
    assert boxes.truncation[0] == 0.0


def test_a_box_seen_face_on_has_the_pixels_of_the_book():
    """Front face 2 m x 1 m, 10 m away, focal length 160 px: 32 x 16 px about the middle of the image."""
    frame, boxes = look(entity("face", box((2.0, 2.0, 1.0)), (1.0, 0.0, 0.0)), focal_px=160.0)
    np.testing.assert_array_equal(boxes.box_px[0], [64, 52, 96, 68])
    np.testing.assert_array_equal(boxes.box_amodal_px[0], [64, 52, 96, 68])
    assert boxes.pixels[0] == boxes.pixels_amodal[0] == 32 * 16
    assert int((frame.instance == 1).sum()) == 32 * 16


def test_a_wall_over_the_left_half_hides_exactly_one_half():
    wall = entity("wall", box((0.1, 20.0, 20.0)), (-5.0, 10.0, -10.0))
    _, boxes = look(entity("thing", box((1.0, 3.0, 1.0))), wall)
    assert boxes.instance.tolist() == [1, 2]
    assert boxes.visible_fraction[0] == 0.5
    assert boxes.pixels[0] * 2 == boxes.pixels_amodal[0]
    assert boxes.box_px[0, 0] == 80.0
    assert boxes.box_amodal_px[0, 0] == 160.0 - boxes.box_amodal_px[0, 2]


def test_what_is_hidden_altogether_is_listed_without_a_visible_box():
    wall = entity("wall", box((0.1, 20.0, 20.0)), (-5.0, 0.0, -10.0))
    _, boxes = look(entity("thing", box()), wall)
    assert boxes.pixels.tolist()[0] == 0
    assert boxes.visible_fraction[0] == 0.0
    np.testing.assert_array_equal(boxes.box_px[0], 0.0)
    assert boxes.pixels_amodal[0] > 0
    assert boxes.box_amodal_px[0, 2] > boxes.box_amodal_px[0, 0]


def test_a_box_half_outside_the_image_is_truncated_by_half():
    """The image's right edge, 80 px from the axis, is at y = -5 m for f = 160 px, where the plate's middle is."""
    _, boxes = look(entity("plate", box((0.002, 2.0, 1.0)), (0.001, -5.0, 0.0)), focal_px=160.0)
    assert boxes.truncation[0] == pytest.approx(0.5, abs=1e-6)
    assert boxes.box_amodal_px[0, 2] == 160.0
    assert boxes.visible_fraction[0] == 1.0


def test_the_canvas_ends_one_image_away():
    """A wall to the right, from the axis to infinity: one half of the image, three halves of the canvas's width."""
    _, boxes = look(entity("wall", box((0.1, 4000.0, 2000.0)), (1.0, -2000.0, -1000.0)))
    assert boxes.pixels[0] == 80 * 120
    assert boxes.truncation[0] == pytest.approx(1.0 - (80 * 120) / (240 * 360))


def test_what_is_behind_or_outside_is_not_listed():
    things = (entity("behind", box(), (-20.0, 0, 0)), entity("right", box(), (0.0, -30.0, 0)), entity("seen", box()))
    _, boxes = look(*things)
    assert boxes.instance.tolist() == [3]


def test_crossing_the_near_plane_is_flagged_and_still_exact():
    long = entity("long", box((20.0, 1.0, 1.0)), (-5.0, 1.5, 0.0), quaternion=tuple(quat_from_yaw(-0.05)))
    _, boxes = look(long, entity("far", box(), (10.0, -1.0, 0.0)))
    assert boxes.flags.tolist() == [BOX_CROSSES_NEAR, 0]
    assert boxes.pixels[0] > 1000
    assert boxes.pixels[0] == boxes.pixels_amodal[0]
    assert 0.0 < boxes.truncation[0] < 1.0


def test_a_camera_inside_its_own_car_covers_everything_and_is_the_ego():
    _, boxes = look(entity("ego", box((4.0, 2.0, 2.0)), (-10.0, 0, -0.5)), entity("other", box()), ego=(1,))
    assert boxes.flags.tolist() == [BOX_IS_EGO | BOX_CROSSES_NEAR, 0]
    assert boxes.pixels_amodal[0] == 160 * 120
    assert boxes.pixels[1] == 0


@pytest.mark.parametrize("off_axis", [0.0, 2.0, 4.0])
def test_a_ball_covers_the_area_of_its_conic(off_axis):
    """Semi-axes f sin a cos a / (cos2 t - sin2 a) and f sin a / sqrt(cos2 t - sin2 a)."""
    radius, focal = 1.0, 900.0
    _, boxes = look(entity("ball", ball(radius), (0.0, off_axis, 0.5)), width=1000, height=400, focal_px=focal)
    distance = math.hypot(10.0, off_axis)
    s2 = (radius / distance) ** 2
    c2 = (10.0 / distance) ** 2
    area = math.pi * focal**2 * s2 * math.sqrt(1 - s2) / (c2 - s2) ** 1.5
    # the mesh is inscribed in the ball: its outline is smaller by up to 1 - cos(half a facet)
    assert boxes.pixels_amodal[0] == pytest.approx(area, rel=0.004)
    assert boxes.pixels_amodal[0] == boxes.pixels[0]


def test_thin_plates_between_pixels_keep_visible_within_amodal():
    """Hundreds of slivers: the union with what is seen makes the order hold by construction, and few pixels differ."""
    r = stream(3, "slivers")
    corners = r.uniform(-1.5, 1.5, (300, 1, 3)) + r.normal(0.0, 0.15, (300, 3, 3))
    vertices = corners.reshape(-1, 3).astype(np.float32)
    made = box((3.0, 3.0, 3.0))
    mesh = Mesh(
        vertices=vertices,
        normals=np.tile(np.array([0, 0, 1], np.float32), (900, 1)),
        triangles=np.arange(900, dtype=np.uint32).reshape(-1, 3),
        surface=np.zeros(300, np.uint16),
    )
    from dataclasses import replace

    links = (replace(made.links[0], mesh=mesh),)
    _, boxes = look(entity("slivers", replace(made, links=links)))
    assert boxes.pixels[0] <= boxes.pixels_amodal[0] <= boxes.pixels[0] + 2
    assert boxes.pixels[0] > 200


def test_rolling_shutter_shears_the_silhouette_as_it_shears_the_image():
    """A turned box that passes by and a camera that moves: row by row against rays cast at the rows' times."""
    assembly = yard(
        entity(
            "passing",
            box((1.0, 1.0, 2.0)),
            (0.0, -1.5, -0.5),
            quaternion=tuple(quat_from_yaw(math.pi / 2)),
            behaviour=Straight(speed_m_s=30.0),
        ),
        world=VOID,
        duration_s=0.2,
    )
    t = simulate(assembly)
    still, plain = shoot(assembly, t, (-10, 0, 0.5), (0, 0, 0.5), time_ns=50_000_000)
    rolled, boxes = shoot(
        assembly, t, (-10, 0, 0.5), (0, 0, 0.5), time_ns=50_000_000, readout_s=0.05, velocity=(3.0, 0.0, 0.0)
    )
    assert (still.instance != rolled.instance).sum() > 50
    assert boxes.pixels[0] <= boxes.pixels_amodal[0] <= 1.01 * boxes.pixels[0]
    np.testing.assert_allclose(boxes.box_amodal_px[0], boxes.box_px[0], atol=1.0)
    assert boxes.box_px[0, 2] - boxes.box_px[0, 0] > plain.box_px[0, 2] - plain.box_px[0, 0]


def test_3d_boxes_are_in_the_camera_frame_with_the_speed_of_their_centre():
    plan = Straight(speed_m_s=5.0, rate_rad_s=0.5)
    assembly = yard(entity("car", box((4.0, 2.0, 1.5)), behaviour=plan), world=VOID, duration_s=0.2)
    t = simulate(assembly)
    eye = np.array([-10.0, 1.0, 2.0])
    frame, boxes = shoot(assembly, t, eye, (-9.0, 1.0, 2.0), time_ns=100_000_000)
    p, q = t.poses(100_000_000, np.array([0]))
    world = p[0] + quat_rotate(q[0], [0, 0, 0.75])
    x, y, z = world - eye
    np.testing.assert_allclose(boxes.center[0], [-y, -z, x], atol=1e-5)
    np.testing.assert_allclose(boxes.size[0], [4.0, 2.0, 1.5])
    forward = quat_rotate(boxes.quaternion[0], [1.0, 0, 0])
    wanted = quat_rotate(q[0], [1.0, 0, 0])
    np.testing.assert_allclose(forward, [-wanted[1], -wanted[2], wanted[0]], atol=1e-6)
    v = t.linear_velocity[24, 0]
    np.testing.assert_allclose(boxes.velocity[0], [-v[1], -v[2], v[0]], atol=1e-5)
    assert boxes.class_id.tolist() == [class_id("car")]
    assert frame.time_ns == 100_000_000


def test_velocity_is_that_of_the_box_centre_not_of_the_origin():
    """An actor that turns on the spot about its origin, 1.5 m from the box's centre."""
    from dataclasses import replace

    made = replace(box((4.0, 2.0, 1.0)), box_center=(1.5, 0.0, 0.5))
    assembly = yard(
        entity("spinner", made, behaviour=Straight(speed_m_s=0.0, rate_rad_s=2.0)), world=VOID, duration_s=0.2
    )
    _, boxes = shoot(assembly, simulate(assembly), (-10, 0, 0.5), (0, 0, 0.5))
    assert np.linalg.norm(boxes.velocity[0]) == pytest.approx(3.0, rel=0.01)


def test_absent_actors_have_no_box():
    things = (entity("gone", box(), vanish_s=0.05), entity("there", box(), (2.0, 1.0, 0.0)))
    _, before = look(*things)
    _, after = look(*things, time_ns=100_000_000)
    assert before.instance.tolist() == [1, 2]
    assert after.instance.tolist() == [2]


def test_threads_change_nothing():
    things = [entity(f"b{k}", box((0.5, 0.5, 0.5)), (0.3 * k, -2.0 + 0.5 * k, 0.0)) for k in range(9)]
    one, many = (look(*things, threads=n)[1] for n in (1, 4))
    for name, _, value in one.arrays():
        np.testing.assert_array_equal(value, getattr(many, name))
