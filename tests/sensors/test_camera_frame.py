"""Whole frames: what is in them, that they repeat to the bit, and that both kinds of engine agree."""

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, plane, sphere, track

from simgen.geometry import look_at, quat_from_yaw
from simgen.light.sun_sky import SunSky
from simgen.raycast.open3d import Open3dEngine
from simgen.records.frames import FLOW_NO_NEXT, CameraFrame
from simgen.records.mesh import Surface
from simgen.sensors.camera import Camera
from simgen.taxonomy import class_id

EYE = (-8.0, -3.0, 2.0)
LOOK = track(EYE, look_at(EYE, (0.0, 0.0, 0.8)))
EVERYTHING = ("normal", "flow", "linear")


def scene() -> list[Part]:
    ground = Surface(class_name="road", base_color=(0.2, 0.2, 0.2), roughness=0.9, texture="asphalt")
    return [
        Part(mesh=plane(60.0), surface=ground),
        Part(
            mesh=box((2.0, 1.5, 1.5), (0.0, 0.0, 0.75)),
            surface=Surface(class_name="car", roughness=0.3),
            body=1,
            label=7,
        ),
        Part(
            mesh=sphere(0.8, (1.0, -2.5, 0.8), 24),
            surface=Surface(class_name="ball", metallic=1.0, roughness=0.2),
            label=9,
        ),
        Part(mesh=box((0.2, 8.0, 5.0), (6.0, 2.0, 2.5)), surface=Surface(class_name="building", texture="facade")),
    ]


def camera(**fields: object) -> Camera:
    return Camera(**{"name": "c", "width": 160, "height": 96, "hfov_deg": 70.0, "outputs": EVERYTHING, **fields})


def take(cam: Camera, *, threads: int = 1, engine: object = None, light: object = None) -> CameraFrame:
    moved = motion([[0.2, 0.1, 0.0]], [quat_from_yaw(0.05)])
    with Bench(scene(), light or SunSky().field(), engine=engine) as bench:
        after = (LOOK, moved, 100_000_000)
        return cam.capture(bench.shot(LOOK, motion([[0.0, 0.0, 0.0]]), following=after, threads=threads))


def same(a: CameraFrame, b: CameraFrame) -> None:
    for (name, _, x), (_, _, y) in zip(a.arrays(), b.arrays(), strict=True):
        np.testing.assert_array_equal(x, y, err_msg=name)


def test_frame_holds_what_was_asked() -> None:
    frame = take(camera())
    assert frame.rgb is not None
    always = {"world_from_sensor", "K", "exposure", "rgb", "depth", "semantic", "instance"}
    assert {name for name, _, _ in frame.arrays()} == {*always, *EVERYTHING, "flow_valid"}
    np.testing.assert_allclose(frame.world_from_sensor[:3, 3], EYE)
    plain = take(camera(outputs=()))
    assert plain.flow is plain.normal is plain.linear is None
    np.testing.assert_array_equal(plain.rgb, frame.rgb)


def test_labels_are_consistent() -> None:
    f = take(camera())
    assert f.depth is not None
    assert f.semantic is not None
    assert set(np.unique(f.instance)) == {0, 7, 9}
    assert set(np.unique(f.semantic[f.instance == 7])) == {class_id("car")}
    assert set(np.unique(f.semantic[f.instance == 9])) == {class_id("ball")}
    sky = ~np.isfinite(f.depth)
    assert set(np.unique(f.semantic[sky])) <= {class_id("sky"), 0}
    assert (f.semantic[~sky] > 0).all()
    length = np.sqrt((f.normal.astype(float) ** 2).sum(-1))
    np.testing.assert_allclose(length[~sky], 1.0, atol=2e-3)
    assert (length[sky] == 0.0).all()


def test_same_bits_on_any_number_of_threads_and_again() -> None:
    first = take(camera(readout_s=0.0))
    same(first, take(camera(), threads=2))
    same(first, take(camera(), threads=1))


def test_engine_asked_from_python_gives_the_same_picture() -> None:
    native, asked = take(camera()), take(camera(), engine=Open3dEngine)
    agree = native.instance == asked.instance
    assert agree.mean() > 0.999
    np.testing.assert_allclose(native.depth[agree], asked.depth[agree], rtol=1e-5)
    np.testing.assert_array_equal(native.semantic[agree], asked.semantic[agree])
    assert np.abs(native.flow - asked.flow)[agree].max() < 1e-2
    difference = np.abs(native.rgb.astype(int) - asked.rgb)
    assert (difference.max(-1) > 2).mean() < 0.002


def test_last_frame_says_that_there_is_no_next() -> None:
    with Bench(scene(), SunSky().field()) as bench:
        frame = camera().capture(bench.shot(LOOK, motion([[0.0, 0.0, 0.0]])))
    assert (frame.flow_valid == FLOW_NO_NEXT).all()
    assert (frame.flow == 0.0).all()


def test_antialiasing_touches_edges_of_the_colour_only() -> None:
    rough, smooth = take(camera(antialias=0)), take(camera(antialias=8))
    for name in ("depth", "normal", "semantic", "instance", "flow", "flow_valid", "exposure"):
        np.testing.assert_array_equal(getattr(rough, name), getattr(smooth, name))
    changed = (rough.linear != smooth.linear).any(-1)
    assert 0.02 < changed.mean() < 0.5
    label = rough.instance
    border = np.zeros_like(changed)
    border[:, 1:] |= label[:, 1:] != label[:, :-1]
    border[1:] |= label[1:] != label[:-1]
    assert changed[border].mean() > 0.9
    inside = (label == 0) & np.isfinite(rough.depth) & ~changed
    assert inside.mean() > 0.3


def test_exposure_fixed_and_automatic() -> None:
    fixed = take(camera(exposure_ev=14.0))
    assert fixed.exposure[0] == pytest.approx(1.2 * 2.0**14)
    bright, dim = take(camera()), take(camera(), light=SunSky(cloud_cover=1.0).field())
    assert bright.exposure[0] > 20 * dim.exposure[0]
    assert abs(float(bright.rgb.mean()) - float(dim.rgb.mean())) < 30
    middle = np.exp(np.log(np.maximum(bright.linear.astype(float) @ [0.2126, 0.7152, 0.0722], 1e-6)).mean())
    assert bright.exposure[0] == pytest.approx(9.6 * middle, rel=0.05)


def test_night_stays_dark() -> None:
    dark = take(camera(), light=dome(1e-4))
    assert dark.rgb.mean() < 8


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (33, 17)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    frame = take(camera(width=size[0], height=size[1]))
    assert frame.rgb.shape == (size[1], size[0], 3)
    assert np.isfinite(frame.linear).all()


def test_nothing_to_see_but_the_sky() -> None:
    up = track((0.0, 0.0, 20.0), look_at((0.0, 0.0, 20.0), (0.1, 0.0, 29.0)))
    with Bench(scene(), dome(500.0)) as bench:
        frame = camera().capture(bench.shot(up, motion([[0.0, 0.0, 0.0]])))
    assert np.isinf(frame.depth).all()
    np.testing.assert_allclose(frame.linear, 500.0, rtol=1e-5)
