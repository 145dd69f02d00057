"""Lenses bend rays: what is rendered lies where the model projects it, behind the camera too, with all its labels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, plane, sphere, track

from simgen.geometry import quat_from_euler
from simgen.records.frames import FLOW_IN_IMAGE, CameraFrame
from simgen.sensors._camera_lens import Lens
from simgen.sensors.camera import Camera

CAMERAS: dict[str, dict[str, Any]] = {
    "pinhole": {"hfov_deg": 100.0},
    "brown": {
        "hfov_deg": 90.0,
        "cx_px": 83.0,
        "lens": Lens(model="brown_conrady", k1=-0.08, k2=0.004, p1=0.004, p2=-0.002),
    },
    "fisheye": {"hfov_deg": 220.0, "lens": Lens(model="kannala_brandt", k1=0.02, k2=-0.004)},
    "panorama": {"height": 80, "lens": Lens(model="equirectangular")},
}
#: camera frame
PLACES = [[0.4, -0.3, 6.0], [3.0, 1.0, 6.0], [-4.0, 2.0, 5.0], [-5.0, -2.0, -1.0], [1.0, 0.5, -6.0], [0.5, -5.0, 1.0]]
UPRIGHT = (1.0, 0.0, 0.0, 0.0)


def camera(name: str, **changes: Any) -> Camera:
    return Camera(**{"name": "c", "width": 160, "height": 120, **CAMERAS[name], **changes})


def balls(radius: float) -> list[Part]:
    """Spheres at ``PLACES`` of a camera at (0, 0, 2) that looks along x."""
    return [Part(mesh=sphere(radius, (z, -x, 2.0 - y), rings=24), label=k + 1) for k, (x, y, z) in enumerate(PLACES)]


def take(cam: Camera, parts: list[Part]) -> CameraFrame:
    with Bench(parts, dome()) as bench:
        return cam.capture(bench.shot(track((0.0, 0.0, 2.0), UPRIGHT)))


@pytest.mark.parametrize("name", CAMERAS)
def test_a_ball_is_where_its_centre_is_projected(name: str) -> None:
    """The centre of a small ball's pixels, and no ball where the model sees none."""
    cam = camera(name, width=640, height=320 if name == "panorama" else 480, cx_px=None)
    frame = take(cam, balls(0.06))
    where = cam.project(PLACES)
    for k, (pixel, inside) in enumerate(zip(where, cam.projection.inside(where), strict=True)):
        rows, columns = np.nonzero(frame.instance == k + 1)
        if not inside:
            assert len(rows) == 0
            continue
        assert len(rows) > 0
        np.testing.assert_allclose([columns.mean() + 0.5, rows.mean() + 0.5], pixel, atol=0.5)
    assert cam.projection.inside(where).sum() == {"pinhole": 3, "brown": 3, "fisheye": 5, "panorama": 6}[name]


@pytest.mark.parametrize("name", CAMERAS)
def test_distances_are_along_the_axis_or_along_the_ray(name: str) -> None:
    cam = camera(name)
    frame = take(cam, [*balls(0.8), Part(mesh=plane(40.0))])
    assert (frame.depth is None) == (name != "pinhole")
    assert (frame.range is None) == (name == "pinhole")
    distance = frame.depth if frame.range is None else frame.range
    assert distance is not None
    local = cam.projection.unproject(cam.projection.pixel_centres(), distance.ravel().astype(float))
    ground = (frame.instance == 0).ravel() & np.isfinite(distance).ravel()
    assert ground.sum() > 2000
    np.testing.assert_allclose(local[ground, 1], 2.0, atol=1e-3)
    for k, place in enumerate(PLACES):
        points = local[(frame.instance == k + 1).ravel()] - place
        np.testing.assert_allclose(np.sqrt((points**2).sum(-1)), 0.8, atol=0.02)


@pytest.mark.parametrize("name", CAMERAS)
def test_normals_and_colours_follow_the_same_rays(name: str) -> None:
    """A white ball in an even light has the light's colour whatever the lens (furnace), and its normals point out."""
    cam = camera(name, outputs=("normal", "linear"), sky_rays=0)
    frame = take(cam, balls(0.8))
    assert frame.normal is not None
    rays = cam.projection.unproject(cam.projection.pixel_centres())
    seen = (frame.instance > 0).ravel()
    facing = (frame.normal.reshape(-1, 3)[seen] * rays[seen]).sum(-1)
    assert (facing < 0.0).all()


def test_outside_the_image_circle_is_black_and_nothing() -> None:
    cam = camera("fisheye", hfov_deg=180.0, lens=Lens(model="kannala_brandt", max_angle_deg=70.0), outputs=("linear",))
    frame = take(cam, [Part(mesh=plane(40.0))])
    rays = cam.projection.unproject(cam.projection.pixel_centres())
    blind = np.isnan(rays[:, 0]).reshape(120, 160)
    assert 0.3 < blind.mean() < 0.7
    assert frame.linear is not None
    assert frame.range is not None
    assert frame.rgb is not None
    assert np.isinf(frame.range[blind]).all()
    assert (frame.semantic[blind] == 0).all()
    assert (frame.instance[blind] == 0).all()
    dark = frame.rgb.max(-1) == 0
    # pixels on the rim are partly lit
    assert (dark & blind).sum() > 0.97 * blind.sum()
    assert not dark[~blind].any()
    # what is black does not brighten the rest: exposure looks at the circle alone
    whole = take(camera("fisheye", hfov_deg=180.0, lens=Lens(model="kannala_brandt")), [Part(mesh=plane(40.0))])
    assert frame.exposure[0] == pytest.approx(whole.exposure[0], rel=0.2)


@pytest.mark.parametrize("name", CAMERAS)
def test_flow_is_the_difference_of_projections(name: str) -> None:
    cam = camera(name, outputs=("flow",), antialias=0)
    turn, step = quat_from_euler(0.02, 0.03, 0.05), np.array([0.3, -0.1, 0.05])
    first, second = track((0.0, 0.0, 2.0), UPRIGHT), track(np.array([0.0, 0.0, 2.0]) + step, turn)
    moved = motion([[0.0, 0.2, 0.1]])
    parts = [Part(mesh=plane(60.0)), Part(mesh=box((2.0, 2.0, 2.0), (6.0, 0.0, 1.0)), body=1, label=7)]
    with Bench(parts, dome()) as bench:
        frame = cam.capture(bench.shot(first, motion([[0.0, 0.0, 0.0]]), following=(second, moved, 1000)))
    lens = cam.projection
    distance = frame.depth if frame.range is None else frame.range
    assert distance is not None
    assert frame.flow is not None
    assert frame.flow_valid is not None
    pixels = lens.pixel_centres()
    good = np.isfinite(distance).ravel() & ((frame.flow_valid & FLOW_IN_IMAGE) > 0).ravel()
    local = lens.unproject(pixels[good], distance.ravel()[good].astype(float))
    eye, at = first.at(0)
    from simgen.geometry import inverse_transform, transform

    world = transform(eye, at, local) + np.where((frame.instance.ravel()[good] == 7)[:, None], [0.0, 0.2, 0.1], 0.0)
    expected = lens.project(inverse_transform(*second.at(0), world)) - pixels[good]
    if name == "panorama":
        expected[:, 0] -= 160.0 * np.round(expected[:, 0] / 160.0)
    assert good.sum() > 3000
    assert (frame.instance.ravel()[good] == 7).sum() > 50
    error = np.abs(frame.flow.reshape(-1, 2)[good] - expected).max(-1)
    # near the poles of a panorama a pixel is wide
    assert np.quantile(error, 0.99) < 0.02
    assert math.isfinite(float(error.max()))


@pytest.mark.parametrize("name", ["fisheye", "panorama"])
def test_threads_and_engines_agree(name: str) -> None:
    from simgen.raycast.open3d import Open3dEngine

    cam = camera(name, outputs=("flow", "normal"))
    frames = []
    for threads, engine in ((1, None), (2, None), (1, Open3dEngine)):
        with Bench([*balls(0.8), Part(mesh=plane(40.0))], dome(), engine=engine) as bench:
            pose = track((0.0, 0.0, 2.0), UPRIGHT)
            frames.append(cam.capture(bench.shot(pose, threads=threads, following=(pose, motion(), 1000))))
    for (key, _, one), (_, _, two) in zip(frames[0].arrays(), frames[1].arrays(), strict=True):
        np.testing.assert_array_equal(one, two, err_msg=key)
    assert (frames[0].instance == frames[2].instance).mean() > 0.99
