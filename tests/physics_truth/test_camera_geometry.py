"""Depth, silhouettes, normals and shutter against closed forms."""

import math

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, plane, sphere, track

from simgen.geometry import look_at, quat_from_euler, quat_rotate
from simgen.records.frames import CameraFrame
from simgen.sensors.camera import Camera


def capture(parts: list[Part], cam: Camera, pose: tuple, where: object = None, times: tuple = (0,)) -> CameraFrame:
    with Bench(parts, dome()) as bench:
        return cam.capture(bench.shot(track(*pose, times), where))


@pytest.mark.parametrize("pitch_deg", [12.0, 35.0, 80.0])
@pytest.mark.parametrize("origin", [(0.0, 0.0, 0.0), (900.0, -400.0, 0.0)])
def test_plane_depth_at_an_angle(pitch_deg: float, origin: tuple) -> None:
    height, pitch = 1.7, math.radians(pitch_deg)
    cam = Camera(name="c", width=96, height=64, hfov_deg=60.0, antialias=0)
    pose = (np.array([0.4, 0.3, height]), quat_from_euler(0.0, pitch, 0.0))
    frame = capture([Part(mesh=plane(4000.0))], cam, pose, motion(origin=origin))
    y = (np.arange(64) + 0.5 - cam.K[1, 2]) / cam.K[1, 1]
    with np.errstate(divide="ignore"):
        # the ray (y down, 1 forward) pitched down falls by sin p + y cos p for each metre along the axis
        expected = height / (math.sin(pitch) + y * math.cos(pitch))
    seen = (expected > 0) & (expected < 800)
    assert seen.sum() > 20
    np.testing.assert_allclose(frame.depth[seen, 48], expected[seen], rtol=2e-5)


def test_sphere_depth_silhouette_and_normals() -> None:
    radius, distance = 0.9, 5.0
    cam = Camera(name="c", width=400, height=300, hfov_deg=50.0, outputs=("normal",), antialias=0)
    ball = Part(mesh=sphere(radius, (distance, 0.6, 0.3), 160), label=1)
    frame = capture([ball], cam, ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0)))
    rays = cam.projection.unproject(cam.projection.pixel_centres())
    center = np.array([-0.6, -0.3, distance])
    b, dd = (rays * center).sum(-1), (rays * rays).sum(-1)
    disc = b * b - dd * ((center * center).sum() - radius**2)
    hit = disc > 0
    # a pixel counts if its centre's ray meets the ball: the two counts differ only along the rim of the facets
    assert abs(int((frame.instance == 1).sum()) - int(hit.sum())) < 0.003 * hit.sum()
    both = hit & (frame.instance.ravel() == 1) & (disc > 0.1 * disc.max())
    depth = (b - np.sqrt(np.where(hit, disc, 0.0))) / dd
    np.testing.assert_allclose(frame.depth.ravel()[both], depth[both], atol=2 * radius * (math.pi / 160) ** 2)
    true = (rays * depth[:, None] - center) / radius
    error = np.abs(frame.normal.reshape(-1, 3)[both].astype(float) - true[both])
    assert np.percentile(error, 99) < 2e-3
    assert error.max() < 0.03


def test_silhouette_area_is_the_conics() -> None:
    radius, distance = 0.5, 4.0
    cam = Camera(name="c", width=600, height=600, focal_px=1200.0, antialias=0)
    frame = capture([Part(mesh=sphere(radius, (distance, 0.0, 0.0), 200), label=3)], cam, ((0, 0, 0), (1, 0, 0, 0)))
    # on the axis the outline is a circle of radius f tan(asin(r / d))
    area = math.pi * (1200.0 * math.tan(math.asin(radius / distance))) ** 2
    assert (frame.instance == 3).sum() == pytest.approx(area, rel=0.004)


def test_pixels_see_what_projects_into_them() -> None:
    eye = np.array([-4.0, 2.0, 3.0])
    q = look_at(eye, (0.0, 0.0, 0.0))
    cam = Camera(name="c", width=200, height=150, hfov_deg=65.0)
    frame = capture([Part(mesh=plane(60.0)), Part(mesh=box((1, 1, 2)))], cam, (eye, q))
    hit = np.isfinite(frame.depth).ravel()
    pixels = cam.projection.pixel_centres()[hit]
    points = cam.projection.unproject(pixels, frame.depth.ravel()[hit].astype(float))
    world = quat_rotate(np.array([q]), np.stack([points[:, 2], -points[:, 0], -points[:, 1]], -1)) + eye
    np.testing.assert_allclose(cam.project(points), pixels, atol=1e-6)
    # every point lies on the plane or on a face of the box
    on_plane = np.abs(world[:, 2]) < 1e-4
    on_box = np.abs(np.abs(world / np.array([0.5, 0.5, 1.0])).max(-1) - 1.0) < 1e-4
    assert (on_plane | on_box).all()
    assert on_box.sum() > 200


def test_flat_faces_have_flat_normals_towards_the_camera() -> None:
    cam = Camera(name="c", width=60, height=60, hfov_deg=40.0, outputs=("normal",))
    frame = capture([Part(mesh=box((1, 4, 4), (5, 0, 0)))], cam, ((0, 0, 0), (1, 0, 0, 0)))
    np.testing.assert_allclose(frame.normal[30, 30].astype(float), [0.0, 0.0, -1.0], atol=1e-6)


def test_near_plane_cuts_what_is_too_close() -> None:
    parts = [Part(mesh=box((0.2, 2, 2), (0.5, 0, 0)), label=1), Part(mesh=box((0.2, 20, 20), (5, 0, 0)), label=2)]
    pose = ((0, 0, 0), (1, 0, 0, 0))
    seen = [capture(parts, Camera(name="c", width=9, height=9, near_m=n), pose).instance[4, 4] for n in (0.1, 0.7)]
    assert seen == [1, 2]


def test_rolling_shutter_slants_a_moving_edge() -> None:
    # 10 m/s across at 10 m, f = 1000 px, 30 us a row, 1080 rows: 32.4 px from the first row's instant to the last's
    rows, row_s = 1080, 30e-6
    readout = rows * row_s
    cam = Camera(name="c", width=120, height=rows, focal_px=1000.0, readout_s=readout, antialias=0, sky_rays=0)
    half = round(readout * 1e9 / 2)
    sweep = 10.0 * readout / 2
    moving = motion([[[0, sweep, 0]], [[0, -sweep, 0]]], start_ns=-half, end_ns=half)
    wall = Part(mesh=box((0.2, 10.0, 30.0), (10.1, -5.0, 0.0)), body=1, label=4)
    frame = capture([wall], cam, ((0, 0, 0), (1, 0, 0, 0)), moving, (-half, half))
    edge = (frame.instance == 4).argmax(1)
    assert edge[-1] - edge[0] == pytest.approx(32.4, abs=1.0)
    # moving right means later rows see it further right, in even steps
    expected = 60.0 + 1000.0 * 10.0 * (np.arange(rows) + 0.5 - rows / 2) * row_s / 10.0
    assert np.abs(edge - (expected - 0.5)).max() <= 1.0
