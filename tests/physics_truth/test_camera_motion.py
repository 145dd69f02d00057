"""Motion blur and depth of field against closed forms: a step that moves is a ramp, a point out of focus is a disc."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, plane, track

from simgen.geometry import quat_from_euler
from simgen.records.frames import CameraFrame
from simgen.records.mesh import Surface
from simgen.sensors._camera_carriers import carriers
from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_extra import Extra
from simgen.sensors._camera_lens import Lens
from simgen.sensors._camera_optics import Optics
from simgen.sensors.camera import Camera

MS = 1_000_000
UPRIGHT = (1.0, 0.0, 0.0, 0.0)
#: shines by itself, so that light and shadow play no part
LAMP = Surface(class_name="object", roughness=1.0, base_color=(0.0, 0.0, 0.0), emission=(1000.0, 1000.0, 1000.0))
DARK = Surface(class_name="object", roughness=1.0, base_color=(0.0, 0.0, 0.0))


def camera(**changes: Any) -> Camera:
    given = {"name": "c", "width": 200, "height": 40, "focal_px": 200.0, "outputs": ("linear",), "sky_rays": 0}
    return Camera(**{**given, **changes})


def sliding(speed: float, span_ms: int = 40, at: float = 0.0) -> Any:
    """A body 10 m ahead that moves along y (to the left), where ``at`` at time 0."""
    places = [[[10.0, at + speed * t * 1e-3, 0.0]] for t in (-span_ms, span_ms)]
    return motion(places, start_ns=-span_ms * MS, end_ns=span_ms * MS)


def shot_of(cam: Camera, parts: list[Part], where: Any, pose: Any) -> CameraFrame:
    with Bench(parts, dome(0.0)) as bench:
        return cam.capture(bench.shot(pose, where))


def ramp(frame: CameraFrame, rows: slice = slice(None)) -> np.ndarray:
    """Mean of rows, as a share of the brightest."""
    assert frame.linear is not None
    line = frame.linear[rows, :, 1].astype(float).mean(0)
    return np.asarray(line / line.max())


def width_of(profile: np.ndarray) -> float:
    """Length of a ramp: its steps spread like a box of that length, that of a pixel and that of a step."""
    step = np.abs(np.diff(profile))
    x = np.arange(len(step))
    spread = (step * (x - (step * x).sum() / step.sum()) ** 2).sum() / step.sum()
    return math.sqrt(max(12.0 * spread - 2.0, 0.0))


@pytest.mark.parametrize(("speed", "time_s"), [(20.0, 0.02), (10.0, 0.02), (20.0, 0.05)])
def test_a_moving_edge_is_a_ramp_of_speed_times_time(speed: float, time_s: float) -> None:
    """Speed x time x f / z: 20 m/s for 20 ms at 10 m with f = 200 px are 8 px; its middle is where the label ends."""
    cam = camera(exposure=Exposure(mode="manual", time_s=time_s))
    wall = Part(mesh=box((0.1, 20.0, 20.0), (0.05, 10.0, 0.0)), surface=LAMP, body=1, label=3)
    frame = shot_of(cam, [wall], sliding(speed), track((0.0, 0.0, 0.0), UPRIGHT))
    profile = ramp(frame)
    assert width_of(profile) == pytest.approx(speed * time_s * 200.0 / 10.0, abs=0.4)
    assert profile.sum() == pytest.approx(100.0, abs=0.5)
    assert int((frame.instance[20] == 3).sum()) == 100


def test_a_turning_camera_smears_what_stands_still() -> None:
    """1 rad/s for 30 ms with f = 200 px: 6 px in the middle of the image."""
    cam = camera(exposure=Exposure(mode="manual", time_s=0.03))
    yaw = [quat_from_euler(0.0, 0.0, -1.0 * t * 1e-3) for t in (-20, 20)]
    pose = track((0.0, 0.0, 0.0), yaw, (-20 * MS, 20 * MS))
    wall = Part(mesh=box((0.1, 20.0, 20.0), (10.05, 10.0, 0.0)), surface=LAMP, label=3)
    still = motion(np.zeros((2, 0, 3)), start_ns=-20 * MS, end_ns=20 * MS)
    assert width_of(ramp(shot_of(cam, [wall], still, pose))) == pytest.approx(6.0, abs=0.4)


def test_camera_and_body_that_move_alike_stay_sharp() -> None:
    cam = camera(exposure=Exposure(mode="manual", time_s=0.03))
    pose = track([[0.0, -0.8, 0.0], [0.0, 0.8, 0.0]], UPRIGHT, (-40 * MS, 40 * MS))
    wall = Part(mesh=box((0.1, 20.0, 20.0), (0.05, 10.0, 0.0)), surface=LAMP, body=1, label=3)
    profile = ramp(shot_of(cam, [wall], sliding(20.0), pose))
    assert ((profile > 0.01) & (profile < 0.99)).sum() <= 1


@pytest.mark.parametrize("lens", [Lens(), Lens(model="kannala_brandt"), Lens(model="brown_conrady", k1=-0.05)])
def test_every_lens_smears(lens: Lens) -> None:
    """Near the axis all lenses have the same scale."""
    cam = camera(exposure=Exposure(mode="manual", time_s=0.02), lens=lens)
    wall = Part(mesh=box((0.1, 20.0, 20.0), (0.05, 10.0, 0.0)), surface=LAMP, body=1, label=3)
    frame = shot_of(cam, [wall], sliding(20.0), track((0.0, 0.0, 0.0), UPRIGHT))
    assert width_of(ramp(frame)) == pytest.approx(8.0, abs=0.4)


def test_a_road_under_a_moving_camera_is_the_mean_of_its_instants(monkeypatch: pytest.MonkeyPatch) -> None:
    """What moves with all about it needs no ray: its mean along its way is near that of 41 sharp pictures.

    What is left is that one picture has one sample a pixel, and that a way is not quite straight.
    """

    def cast(self: Extra, pixels: object, samples: int) -> None:
        raise AssertionError("rays over the exposure")

    monkeypatch.setattr(Extra, "_sample_exposure", cast)
    brick = Surface(class_name="road", roughness=1.0, base_color=(0.5, 0.4, 0.3), texture="brick", texture_scale_m=6.0)
    ground = [Part(mesh=plane(400.0, z=-1.5), surface=brick)]
    still, span = motion(np.zeros((2, 0, 3)), start_ns=-20 * MS, end_ns=20 * MS), (-20 * MS, 20 * MS)
    down = quat_from_euler(0.0, 0.5, 0.0)
    pose = track([[-0.2, 0.0, 0.0], [0.2, 0.0, 0.0]], down, span)
    wanted = {"width": 96, "height": 64, "focal_px": 90.0}

    def taken(cam: Camera, where: Any) -> np.ndarray:
        with Bench(ground, dome(1000.0)) as bench:
            frame = cam.capture(bench.shot(where, still))
        assert frame.linear is not None
        return frame.linear.astype(float)

    blurred = taken(camera(**wanted, exposure=Exposure(mode="manual", time_s=0.03)), pose)
    sharp = camera(**wanted, antialias=16)
    instants = [taken(sharp, track((10.0 * t, 0.0, 0.0), down)) for t in (np.arange(41) + 0.5) / 41 * 0.03 - 0.015]
    inside = np.s_[12:-12, 12:-12]
    expected, first = np.mean(instants, 0)[inside], taken(sharp, track((0.0, 0.0, 0.0), down))[inside]
    error = np.sqrt(((blurred[inside] - expected) ** 2).mean())
    assert error < 0.45 * np.sqrt(((first - expected) ** 2).mean())
    assert blurred[inside].mean() == pytest.approx(expected.mean(), rel=0.01)


def test_a_turning_wheel_smears_itself_and_not_the_car() -> None:
    """What moves beside the body that carries it is told by where it can be."""
    shared = {"label": 3, "surface": LAMP}
    stage_parts = [
        Part(mesh=box((0.2, 6.0, 3.0)), body=1, **shared),
        Part(mesh=box((0.2, 0.8, 0.8), (-0.2, 0.0, 0.0)), body=2, **shared),
    ]
    turned = np.array([UPRIGHT, tuple(quat_from_euler(0.6, 0.0, 0.0))])
    places = np.broadcast_to(np.array([[10.0, 0.0, 0.0], [9.8, 2.0, 0.0]]), (2, 2, 3))
    turns = np.stack([np.stack([np.array(UPRIGHT), turned[k]]) for k in range(2)])
    moving = motion(places, turns, start_ns=-20 * MS, end_ns=20 * MS)
    with Bench(stage_parts, dome(0.0)) as bench:
        stage = bench.shot(track((0.0, 0.0, 0.0), UPRIGHT), moving).surroundings.stage
        roots, start, parts = carriers(stage, moving, 0, 0.02)
    assert roots[3] == 1
    assert list(start[-2:]) == [0, 1]
    np.testing.assert_allclose(parts[0, :3], (-0.2, 2.0, 0.0), atol=1e-6)
    corner = math.sqrt(0.3**2 + 0.4**2 + 0.4**2)
    assert parts[0, 4] == pytest.approx(0.3 * corner, rel=0.02)
    assert parts[0, 3] == pytest.approx(corner + parts[0, 4], rel=1e-3)


def test_labels_and_distances_do_not_know_of_the_exposure() -> None:
    parts = [
        Part(mesh=plane(60.0, z=-2.0)),
        Part(mesh=box((1.0, 2.0, 2.0)), body=1, label=3, surface=LAMP),
    ]
    pose = track((0.0, 0.0, 0.0), UPRIGHT)
    sharp = shot_of(camera(outputs=("normal", "flow")), parts, sliding(20.0), pose)
    blurred = shot_of(
        camera(
            outputs=("normal", "flow"),
            exposure=Exposure(mode="manual", time_s=0.05),
            optics=Optics(focus_m=2.0, f_number=1.0),
            antialias=8,
        ),
        parts,
        sliding(20.0),
        pose,
    )
    for name in ("depth", "instance", "semantic", "normal", "flow"):
        np.testing.assert_array_equal(getattr(sharp, name), getattr(blurred, name))


def test_a_rolling_shutter_smears_each_row_about_its_own_time() -> None:
    """Rows 20 ms apart from top to bottom: the ramp leans by v t_readout f / z = 8 px over the image."""
    cam = camera(exposure=Exposure(mode="manual", time_s=0.01), readout_s=0.02)
    wall = Part(mesh=box((0.1, 20.0, 20.0), (0.05, 10.0, 0.0)), surface=LAMP, body=1, label=3)
    frame = shot_of(cam, [wall], sliding(20.0), track((0.0, 0.0, 0.0), UPRIGHT))
    assert frame.linear is not None
    covered = (frame.linear[..., 1] / frame.linear.max()).sum(-1)
    # the edge runs to the left
    assert covered[0] - covered[-1] == pytest.approx(8.0 * 39 / 40, abs=1.0)
    assert width_of(ramp(frame, slice(5, 6))) == pytest.approx(4.0, abs=1.5)


@pytest.mark.parametrize(("depth", "focus", "f_number"), [(4.0, 1.0, 0.7), (1.0, 4.0, 1.0), (40.0, 1.5, 0.7)])
def test_a_point_out_of_focus_is_a_disc_of_the_circle_of_confusion(depth: float, focus: float, f_number: float) -> None:
    """``c = A f / (s - f) |z - s| / z`` on an imager of 10 um pixels; a small lamp's light spreads over the disc."""
    from simgen.sensors._camera_imager import Imager

    cam = camera(
        width=120,
        height=120,
        focal_px=2000.0,
        optics=Optics(focus_m=focus, f_number=f_number),
        imager=Imager(pixel_um=10.0),
        exposure=Exposure(mode="manual", time_s=1e-4),
    )
    length = 2000.0 * 10e-6
    # the image lies at focal_px pixels behind the lens, so its own focal length is a little shorter
    own = 1.0 / (1.0 / length + 1.0 / focus)
    circle = cam.aperture_m * own / (focus - own) * abs(depth - focus) / depth / 10e-6
    half = 4.5 * depth / 2000.0
    lamp = Part(mesh=box((0.001, 2 * half, 2 * half), (depth, 0.0, 0.0)), surface=LAMP, label=3)
    frame = shot_of(cam, [lamp], motion(), track((0.0, 0.0, 0.0), UPRIGHT))
    assert frame.linear is not None
    light = frame.linear[..., 1].astype(float)
    y, x = np.mgrid[0:120, 0:120] + 0.5 - 60.0
    spread = (light * (x * x + y * y)).sum() / light.sum()
    # mean square of the distance from the middle: r^2 / 2 of a disc and 2 (9 px)^2 / 12 of the square
    diameter = 2.0 * math.sqrt(2.0 * max(spread - 13.5, 0.0))
    assert diameter == pytest.approx(circle, rel=0.06, abs=0.5)
    assert light.sum() == pytest.approx(81.0 * 1000.0, rel=0.06)


def test_in_focus_is_as_sharp_as_without_an_aperture() -> None:
    wall = Part(mesh=box((0.1, 20.0, 20.0), (10.05, 10.0, 0.0)), surface=LAMP, label=3)
    cam = camera(optics=Optics(focus_m=10.0, f_number=1.0))
    profile = ramp(shot_of(cam, [wall], motion(), track((0.0, 0.0, 0.0), UPRIGHT)))
    assert ((profile > 0.01) & (profile < 0.99)).sum() <= 1


def test_the_same_bits_for_any_threads() -> None:
    cam = camera(exposure=Exposure(mode="manual", time_s=0.05), optics=Optics(focus_m=2.0, f_number=1.0))
    wall = Part(mesh=box((0.1, 20.0, 20.0), (0.05, 10.0, 0.0)), surface=LAMP, body=1, label=3)
    frames = []
    for threads in (1, 2):
        with Bench([wall, Part(mesh=plane(60.0, z=-2.0))], dome()) as bench:
            frames.append(cam.capture(bench.shot(track((0, 0, 0), UPRIGHT), sliding(20.0), threads=threads)))
    np.testing.assert_array_equal(frames[0].linear, frames[1].linear)


def test_an_exposure_longer_than_a_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than a frame"):
        camera(rate_hz=30.0, exposure=Exposure(mode="manual", time_s=0.05))


def test_extent_covers_readout_and_exposure() -> None:
    cam = camera(exposure=Exposure(mode="manual", time_s=0.02), readout_s=0.01)
    assert cam.extent_ns() == (15 * MS, 15 * MS)
