"""Bouncing paths against closed forms: furnace, sun, lamps, panes, mirrors, air; and how fast noise falls."""

import math
from typing import Any

import numpy as np
import pytest
from helpers_high import camera, capture, finish, relative
from helpers_stage import Bench, Part, box, dome, mesh_of, motion, plane, sphere, track

from simgen.records.air import Medium
from simgen.records.lights import Lamp, LampTable
from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_optics import Optics


def ball(**fields: Any) -> Part:
    return Part(mesh=sphere(1.0, (5, 0, 0), 64), surface=finish(1.0, **fields))


@pytest.mark.parametrize(
    ("roughness", "metallic"), [(1.0, 0.0), (0.5, 0.0), (0.2, 0.0), (0.05, 0.0), (0.1, 1.0), (0.4, 1.0), (0.9, 0.5)]
)
def test_white_furnace(roughness: float, metallic: float) -> None:
    """A white ball in an even light cannot be seen, whatever its finish."""
    white = ball(roughness=roughness, metallic=metallic)
    frame = capture([white], dome(800.0), (0, 0, 0), (5, 0, 0), samples=256, bounces=2)
    hit = frame.depth < np.inf
    assert hit.sum() > 200
    assert frame.linear[hit].mean() == pytest.approx(800.0, rel=0.01)
    # noise of a few per cent a pixel; no ring, no pole
    assert np.abs(frame.linear[hit] / 800.0 - 1.0).max() < 0.12
    assert frame.linear[24:, :].mean() == pytest.approx(800.0, rel=0.01)


def test_closed_furnace_needs_all_bounces() -> None:
    """Within a box of albedo a that shines with L everywhere n bounces bring L (1 + a + ... + a^n)."""
    walls = Part(mesh=box((4, 4, 4)), surface=finish(0.5, emission=(10.0,) * 3))
    for bounces, expected in ((0, 10.0), (1, 15.0), (3, 18.75)):
        frame = capture([walls], dome(0.0), (0.3, 0.2, 0.1), (1, 0, 0), samples=64, bounces=bounces)
        # with no bounce what shines is seen, and nothing that it lights
        assert frame.linear.mean() == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("elevation_deg", [90.0, 30.0])
def test_sun_on_a_matt_plane(elevation_deg: float) -> None:
    e = math.radians(elevation_deg)
    light = dome(0.0, 100_000.0, (math.cos(e), 0.0, math.sin(e)))
    frame = capture([Part(mesh=plane(50.0), surface=finish(0.18))], light, (0, 0, 3), (4, 0, 0), samples=16)
    np.testing.assert_allclose(frame.linear[30], 0.18 / math.pi * 1e5 * math.sin(e), rtol=0.003)


def test_penumbra_is_as_wide_as_the_sun() -> None:
    """An edge 10 m up throws a half-shadow of 10 m times the sun's angle."""
    light = dome(0.0, 50_000.0, (0.0, 0.0, 1.0))
    roof = Part(mesh=box((40.0, 20.0, 0.1), (0.0, 10.0, 10.0)), surface=finish(0.0))
    frame = capture(
        [Part(mesh=plane(60.0), surface=finish(0.5)), roof],
        light,
        (0, -0.01, 1.0),
        (0, 0, 0),
        hfov_deg=16.0,
        samples=256,
    )
    seen = frame.linear.mean((1, 2)) / (0.5 / math.pi * 5e4)
    lit, dark = seen.max(), seen.min()
    assert lit == pytest.approx(1.0, abs=0.01)
    assert dark < 0.01
    # share of the disc that is free where the ray ends at y: the area of a circle beyond a chord
    pixel = 2.0 * math.tan(math.radians(8.0)) / 48
    width = (np.diff(seen) ** 2).sum()
    radius = 9.95 * 0.004654 / pixel
    x = np.clip((np.arange(-400, 401) + 0.5) / radius, -1, 1)
    share = 0.5 + (x * np.sqrt(1 - x * x) + np.arcsin(x)) / math.pi
    assert width == pytest.approx((np.diff(share) ** 2).sum(), rel=0.12)


@pytest.mark.parametrize("distance", [1.0, 2.0, 4.0])
def test_lamp_by_inverse_square_and_cosine(distance: float) -> None:
    lamp = Lamp(position=(0.0, 0.0, distance), axis=(0, 0, -1), intensity=(300.0,) * 3, radius_m=0.01)
    frame = capture(
        [Part(mesh=plane(50.0), surface=finish(0.5))],
        dome(0.0),
        (0.0, -0.4, 0.5),
        (0, 0, 0),
        lamps=LampTable.of([lamp], [0]),
        samples=16,
        bounces=0,
    )
    height, width = frame.linear.shape[:2]
    pixel = 2.0 * math.tan(math.radians(25.0)) / width
    v, u = np.mgrid[0:height, 0:width] + 0.5
    forward, right = np.array([0.0, 0.4, -0.5]) / math.hypot(0.4, 0.5), np.array([1.0, 0.0, 0.0])
    down = np.cross(forward, right)
    ray = forward + (u - width / 2)[..., None] * pixel * right + (v - height / 2)[..., None] * pixel * down
    spot = np.array([0.0, -0.4, 0.5]) - ray * (0.5 / ray[..., 2:])
    square = spot[..., 0] ** 2 + spot[..., 1] ** 2 + distance**2
    expected = 0.5 / math.pi * 300.0 / square * distance / np.sqrt(square)
    assert relative(frame.linear[..., 0], expected) < 0.01


def test_area_lamp_by_its_form_factor() -> None:
    """A square of half edge a, h above a plane and facing it, gives E = L pi F; F of a point below its middle."""
    a, h, luminance = 0.5, 0.8, 2000.0
    lamp = Lamp(
        position=(0, 0, h),
        axis=(0, 0, -1),
        intensity=(luminance * 4 * a * a,) * 3,
        beam="area",
        radius_m=0.0,
        half_u=(a, 0, 0),
        half_v=(0, a, 0),
    )
    frame = capture(
        [Part(mesh=plane(20.0), surface=finish(0.5))],
        dome(0.0),
        (0, -0.9, 0.4),
        (0, 0, 0),
        lamps=LampTable.of([lamp], [0]),
        hfov_deg=1.0,
        samples=64,
        bounces=0,
    )
    x = a / h
    factor = 4.0 * x / math.sqrt(1 + x * x) * math.atan(x / math.sqrt(1 + x * x)) / math.pi
    assert frame.linear.mean() == pytest.approx(0.5 * luminance * factor, rel=0.01)


def test_lamp_that_has_a_body_counts_once() -> None:
    """A shining quad with a lamp lights a plane as much as the same quad without one that paths must find."""
    a, luminance = 0.5, 3000.0
    corners = [(-a, -a, 1.0), (-a, a, 1.0), (a, a, 1.0), (a, -a, 1.0)]
    quad = mesh_of(corners, np.tile([0, 0, -1.0], (4, 1)), [(0, 1, 2), (0, 2, 3)])
    lamp = Lamp(
        position=(0, 0, 1.0),
        axis=(0, 0, -1),
        intensity=(luminance * 4 * a * a,) * 3,
        beam="area",
        radius_m=0.0,
        half_u=(a, 0, 0),
        half_v=(0, a, 0),
    )
    means = []
    for has_lamp in (False, True):
        shining = Part(mesh=quad, surface=finish(0.0, emission=(luminance,) * 3, has_lamp=has_lamp))
        frame = capture(
            [Part(mesh=plane(20.0), surface=finish(0.5)), shining],
            dome(0.0),
            (0, -1.4, 0.5),
            (0, 0, 0),
            lamps=LampTable.of([lamp] if has_lamp else [], [0] if has_lamp else []),
            hfov_deg=20.0,
            samples=1024,
            bounces=1,
        )
        means.append(frame.linear.mean())
    assert means[0] == pytest.approx(means[1], rel=0.02)


def test_pane_passes_and_mirrors_head_on() -> None:
    """Head-on a clear pane passes 0.85 of what is behind it and mirrors 8 % or less of what is in front."""
    corners = [(2.0, -9, -9), (2.0, 9, -9), (2.0, 9, 9), (2.0, -9, 9)]
    pane = Part(
        mesh=mesh_of(corners, np.tile([-1.0, 0, 0], (4, 1)), [(0, 1, 2), (0, 2, 3)]),
        surface=finish(1.0, transmission=0.85, roughness=0.02),
    )
    sky = dome(0.0)
    half = np.zeros((32, 64, 3), np.float32)
    half[:, 16:48] = 0.0
    half[:, :16] = half[:, 48:] = 1000.0
    east = sky.replace(sky=half)
    west = sky.replace(sky=1000.0 - half)
    through = capture([pane], east, (0, 0, 0), (1, 0, 0), hfov_deg=10.0, samples=64)
    back = capture([pane], west, (0, 0, 0), (1, 0, 0), hfov_deg=10.0, samples=64)
    assert through.linear.mean() == pytest.approx(850.0, rel=0.01)
    assert back.linear.mean() == pytest.approx(1000.0 * 0.0740, rel=0.05)


def test_sun_shines_through_panes() -> None:
    light = dome(0.0, 50_000.0, (0.0, 0.0, 1.0))
    corners = [(-9, -9, 2.0), (9, -9, 2.0), (9, 9, 2.0), (-9, 9, 2.0)]
    glass = Part(
        mesh=mesh_of(corners, np.tile([0, 0, 1.0], (4, 1)), [(0, 1, 2), (0, 2, 3)]),
        surface=finish(1.0, transmission=0.7),
    )
    floor = Part(mesh=plane(8.0), surface=finish(0.5))
    frame = capture([floor, glass], light, (0, 0, 1.0), (1, 0, 0), samples=16, bounces=0, hfov_deg=20.0)
    assert frame.linear.mean() == pytest.approx(0.7 * 0.5 / math.pi * 5e4, rel=0.01)


def test_mirror_shows_the_lamp_and_counts_no_bounce() -> None:
    """A smooth metal wall shows a shining ball at full luminance times its colour, with no bounce allowed."""
    wall = Part(mesh=box((0.1, 40, 40), (4, 0, 0)), surface=finish(0.8, metallic=1.0, roughness=0.0))
    lamp = Part(mesh=sphere(2.0, (-6, 0, 0), 32), surface=finish(0.0, emission=(700.0,) * 3, has_lamp=True))
    frame = capture([wall, lamp], dome(0.0), (0, 0, 0), (4, 0, 0), hfov_deg=4.0, samples=64, bounces=0)
    assert frame.linear.mean() == pytest.approx(0.8 * 700.0, rel=0.02)


def test_air_dims_and_veils_as_on_the_fast_path() -> None:
    wall = Part(mesh=box((0.1, 80, 80), (30, 0, 0)), surface=finish(0.0))
    fog = Medium.gray(0.03, 0.001, "fog")
    shots = [
        capture([wall], dome(900.0), (0, 0, 0), (30, 0, 0), medium=fog, hfov_deg=8.0, **extra)
        for extra in ({"quality": "fast"}, {"samples": 4})
    ]
    np.testing.assert_allclose(shots[1].linear, shots[0].linear, rtol=2e-3)


def test_noise_falls_at_least_as_the_root_of_the_samples() -> None:
    parts = [Part(mesh=plane(30.0), surface=finish(0.4)), Part(mesh=box((1, 1, 1), (1, 0, 0.5)), surface=finish(0.6))]
    light = dome(2000.0, 20_000.0, (-0.3, 0.4, 0.8))

    def shoot(samples: int, name: str = "c") -> np.ndarray:
        frame = capture(parts, light, (-2, 0.5, 1.5), (1, 0, 0.5), samples=samples, name=name, width=32, height=24)
        return np.asarray(frame.linear, float)

    truth = shoot(4096, "truth")
    errors = [math.sqrt(((shoot(n) - truth) ** 2).mean()) for n in (4, 16, 64, 256)]
    slope = np.polyfit(np.log([4, 16, 64, 256]), np.log(errors), 1)[0]
    assert slope < -0.48


@pytest.mark.parametrize("what", ["motion", "focus"])
def test_motion_and_defocus_smear_as_on_the_fast_path(what: str) -> None:
    """A bright ball that moves while the shutter is open, or is out of focus, leaves the same streak or disc."""
    ball = Part(mesh=sphere(0.1, (0, 0, 0), 24), surface=finish(0.0, emission=(5000.0,) * 3), body=1, label=1)
    where, extra = motion([[4.0, 0.0, 0.0]]), {}
    sharp = Exposure(mode="manual", time_s=1e-5, iso=100.0)
    if what == "motion":
        where = motion(np.array([[[4.0, -0.25, 0.0]], [[4.0, 0.25, 0.0]]]), start_ns=-50_000_000, end_ns=50_000_000)
        extra = {"exposure": Exposure(mode="manual", time_s=0.04, iso=100.0)}
    else:
        extra = {"optics": Optics(f_number=0.5, focus_m=0.004), "focal_px": 60.0, "hfov_deg": None}
    pictures = []
    for quality, more in (("fast", extra), ("high", extra), ("high", {**extra, "exposure": sharp, "optics": Optics()})):
        with Bench([ball], dome(1.0)) as bench:
            made = camera(quality=quality, samples=256, **{"exposure_ev": None, **more})
            pictures.append(made.capture(bench.shot(track(), where)).linear[..., 1])
    fast, high, still = pictures
    # smearing moves light, it takes none away; the fast path has 16 samples for it
    assert high.sum() == pytest.approx(still.sum(), rel=0.03)
    assert high.sum() == pytest.approx(fast.sum(), rel=0.1)
    assert high.max() < 0.9 * still.max()
    for axis in (0, 1):
        assert relative(high.sum(axis), fast.sum(axis)) < 0.25  # the fast path takes 16 samples
    assert (high > 0.1 * high.max()).sum() > 10
