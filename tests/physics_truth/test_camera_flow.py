"""Flow equals what depth, camera poses and the bodies' motion say, to a hundredth of a pixel."""

import math

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, plane, sphere, track

from simgen.geometry import (
    BODY_FROM_CAMERA,
    inverse_transform,
    look_at,
    quat_from_euler,
    quat_multiply,
    slerp,
    transform,
)
from simgen.records.base import F8
from simgen.records.frames import FLOW_IN_IMAGE, FLOW_OCCLUDED
from simgen.sensors.camera import Camera

STEP = 100_000_000
PARTS = [
    Part(mesh=plane(200.0)),
    Part(mesh=box((2.0, 1.5, 1.5), (0.0, 0.0, 0.75)), body=1, label=1),
    Part(mesh=sphere(0.7, (0.0, 0.0, 0.7), 32), body=2, label=2),
]


class Path:
    """A pose that moves evenly from one to another over two seconds around zero."""

    def __init__(self, p0: tuple, p1: tuple, q0: F8, q1: F8) -> None:
        self.p0, self.p1, self.q0, self.q1 = np.array(p0), np.array(p1), q0, q1

    def at(self, time_ns: F8) -> tuple[F8, F8]:
        w = (np.asarray(time_ns, float) + 1e9) / 2e9
        return self.p0 + np.asarray(w)[..., None] * (self.p1 - self.p0), slerp(self.q0, self.q1, w)


def _paths() -> tuple[Path, Path, Path]:
    eye0, eye1 = (-9.0, -2.5, 2.2), (-5.0, -1.5, 1.8)
    camera = Path(eye0, eye1, look_at(eye0, (0, 0, 0.6)), look_at(eye1, (0, 0.8, 0.9)))
    car = Path((-1, -2, 0), (1, 2, 0), quat_from_euler(0, 0, -0.4), quat_from_euler(0, 0, 0.7))
    ball = Path((1, -3, 0), (-1, -1, 1), quat_from_euler(0, 0, 0), quat_from_euler(1.2, 0.3, 0))
    return camera, car, ball


def _window(center: int, half: int) -> tuple[list[int], object]:
    times = [center - half, center + half] if half else [center]
    _, car, ball = _paths()
    poses = [(car.at(t), ball.at(t)) for t in times]
    where = motion(
        [[a[0], b[0]] for a, b in poses], [[a[1], b[1]] for a, b in poses], start_ns=times[0], end_ns=times[-1]
    )
    return times, where


def _expected(cam: Camera, depth: F8, instance: F8) -> F8:
    """Flow in float64, by plain formulas and many rounds for the row's time."""
    camera, car, ball = _paths()
    pixels = cam.projection.pixel_centres()
    times = cam.row_times(0)
    own = times[np.minimum(pixels[:, 1].astype(int), len(times) - 1)].astype(float)
    points = cam.projection.unproject(pixels, np.where(np.isfinite(depth), depth, 1.0))

    def see(t: F8) -> tuple[F8, F8]:
        p, q = camera.at(t)
        return p, quat_multiply(q, BODY_FROM_CAMERA)

    world = transform(*see(own), points)
    sky = transform(np.zeros(3), see(own)[1], points)
    uv = pixels
    for _ in range(30):
        tv = np.clip(uv[:, 1], 0.5, cam.height - 0.5)
        later = STEP + (tv - cam.height / 2) / cam.height * cam.readout_s * 1e9
        there = world.copy()
        for label, path in ((1, car), (2, ball)):
            on = instance == label
            local = inverse_transform(*(x[on] for x in path.at(own)), world[on])
            there[on] = transform(*(x[on] for x in path.at(later)), local)
        p, q = see(later)
        local = np.where(
            np.isfinite(depth)[:, None], inverse_transform(p, q, there), inverse_transform(0.0 * p, q, sky)
        )
        uv = cam.project(local)
    return uv - pixels


@pytest.mark.parametrize("readout_s", [0.0, 0.03])
def test_flow_is_depth_pose_and_motion(readout_s: float) -> None:
    cam = Camera(
        name="c", width=240, height=160, hfov_deg=75.0, outputs=("flow",), readout_s=readout_s, antialias=0, sky_rays=0
    )
    half = round(readout_s * 5e8)
    camera = _paths()[0]
    now, here = _window(0, half)
    soon, there = _window(STEP, half)
    with Bench(PARTS, dome()) as bench:
        first, second = (track(*camera.at(np.array(t)), t) for t in (now, soon))
        frame = cam.capture(bench.shot(first, here, following=(second, there, STEP)))
    expected = _expected(cam, frame.depth.ravel().astype(float), frame.instance.ravel())
    good = frame.flow_valid.ravel() & FLOW_IN_IMAGE > 0
    assert good.mean() > 0.6
    for label in (0, 1, 2):
        assert (good & (frame.instance.ravel() == label)).sum() > 50
    error = np.abs(frame.flow.reshape(-1, 2) - expected)[good]
    assert error.max() < 0.01
    inside = cam.projection.inside(expected + cam.projection.pixel_centres())
    assert (inside == good).mean() > 0.999
    moved = np.hypot(*frame.flow.reshape(-1, 2)[good].T)
    assert moved.max() > 3.0


def test_still_world_and_camera_do_not_flow() -> None:
    cam = Camera(name="c", width=64, height=48, outputs=("flow",))
    _, here = _window(0, 0)
    pose = track((-6, 0, 2), look_at((-6, 0, 2), (0, 0, 0.5)))
    with Bench(PARTS, dome()) as bench:
        frame = cam.capture(bench.shot(pose, here, following=(pose, here, STEP)))
    assert np.abs(frame.flow).max() < 1e-3
    assert (frame.flow_valid == FLOW_IN_IMAGE).mean() > 0.99


def test_sky_turns_with_the_camera() -> None:
    cam = Camera(name="c", width=64, height=48, hfov_deg=60.0, outputs=("flow",))
    turn = math.radians(2.0)
    first = track((0, 0, 30), quat_from_euler(0, -1.0, 0.0))
    second = track((50, 9, 33), quat_from_euler(0, -1.0 + turn, 0.0))
    _, here = _window(0, 0)
    with Bench(PARTS, dome()) as bench:
        frame = cam.capture(bench.shot(first, here, following=(second, here, STEP)))
    assert np.isinf(frame.depth).all()
    # pitching down by 2 degrees moves the middle of the sky up by f tan(2 deg)
    assert frame.flow[24, 32, 1] == pytest.approx(-cam.K[1, 1] * math.tan(turn), rel=0.02)


def test_what_gets_hidden_is_marked() -> None:
    wall = Part(mesh=box((0.2, 60, 60), (20, 0, 0)))
    mask = Part(mesh=box((0.2, 2, 60), (0, 0, 0)), body=1, label=5)
    cam = Camera(name="c", width=128, height=32, hfov_deg=60.0, outputs=("flow",))
    pose = track((0, 0, 0), (1, 0, 0, 0))
    with Bench([wall, mask], dome()) as bench:
        shot = bench.shot(pose, motion([[10.0, -3.0, 0.0]]), following=(pose, motion([[10.0, 3.0, 0.0]]), STEP))
        frame = cam.capture(shot)
    occluded = frame.flow_valid & FLOW_OCCLUDED > 0
    columns = (np.arange(128) + 0.5 - 64) / cam.K[0, 0]
    # next the mask spans y = 2..4 at x = 9.9; to the left is y > 0
    y = -columns * 9.9
    hidden = (y > 2.03) & (y < 3.97)
    clear = (y < 1.9) | (y > 4.2)
    background = frame.instance[16] == 0
    assert occluded[16][hidden & background].all()
    assert not occluded[16][clear & background].any()
    assert not occluded[16][frame.instance[16] == 5].any()


def test_points_behind_the_next_camera_have_no_flow() -> None:
    cam = Camera(name="c", width=32, height=24, outputs=("flow",))
    _, here = _window(0, 0)
    first, second = track((-6, 0, 1), (1, 0, 0, 0)), track((-6, 0, 1), (0, 0, 0, 1))
    with Bench(PARTS, dome()) as bench:
        frame = cam.capture(bench.shot(first, here, following=(second, here, STEP)))
    assert (frame.flow_valid == 0).all()
    assert (frame.flow == 0.0).all()
