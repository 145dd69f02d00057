"""Lamps against closed forms: inverse square, cosine, spots, rectangles, shadows, sheeting, many at once."""

import math
from dataclasses import replace

import numba
import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, plane, track

from simgen.geometry import look_at
from simgen.kernels import brdf
from simgen.records.air import Medium
from simgen.records.frames import CameraFrame
from simgen.records.lights import Lamp, LampTable
from simgen.records.mesh import Surface
from simgen.rng import stream
from simgen.sensors._camera_lamps import with_fluxes
from simgen.sensors.camera import Camera

MATT = Surface(class_name="object", base_color=(0.5,) * 3, roughness=1.0)


def lit(
    parts: list[Part],
    lamps: list[Lamp],
    eye: tuple,
    target: tuple,
    *,
    light: object = None,
    medium: Medium | None = None,
    indoor: bool = False,
    engine: object = None,
    **fields: object,
) -> CameraFrame:
    settings = {"name": "c", "width": 33, "height": 25, "hfov_deg": 60.0, "outputs": ("linear", "normal")}
    cam = Camera(**{**settings, "antialias": 0, **fields})
    with Bench(parts, light or dome(0.0), medium, engine) as bench:
        bench.stage = bench.stage.replace(lamps=LampTable.of(lamps, [0] * len(lamps)), indoor=indoor)
        return cam.capture(bench.shot(track(eye, look_at(eye, target))))


def ground_points(cam: Camera, frame: CameraFrame) -> np.ndarray:
    """World points of a frame's pixels, (H, W, 3)."""
    p = cam.projection
    points = p.unproject(p.pixel_centres(), frame.depth.ravel().astype(float))
    pose = frame.world_from_sensor
    return (points @ pose[:3, :3].T + pose[:3, 3]).reshape(*frame.depth.shape, 3)


def surroundings(lamp: Lamp, points: np.ndarray, share: float = 0.1) -> np.ndarray:
    """Lux that lit surroundings send on: flux / (4 pi (d^2 + 4 m^2)), an isotropic or lambertian lamp's."""
    d2 = ((points - lamp.position) ** 2).sum(-1)
    solid = {"isotropic": 4.0 * math.pi, "lambert": math.pi, "area": math.pi}[lamp.beam]
    return share * solid * lamp.intensity[0] / (4.0 * math.pi * (d2 + 4.0))


@pytest.mark.parametrize("height", [0.5, 2.0, 8.0])
def test_inverse_square_and_cosine(height: float) -> None:
    lamp = Lamp(position=(0.5, 0.3, height), intensity=(100.0,) * 3)
    frame = lit([Part(mesh=plane(100.0), surface=MATT)], [lamp], (-2, 0, 3), (0, 0, 0))
    cam = Camera(name="c", width=33, height=25, hfov_deg=60.0)
    hit = frame.depth < 60.0
    p = ground_points(cam, frame)[hit]
    d2 = ((p - lamp.position) ** 2).sum(-1)
    expected = 100.0 / d2 * height / np.sqrt(d2) + surroundings(lamp, p)
    np.testing.assert_allclose(frame.linear[hit][:, 0], expected * 0.5 / math.pi, rtol=2e-3)


def test_lambertian_lamps_shine_forward() -> None:
    lamp = Lamp(position=(0.0, 0.0, 2.0), axis=(0.0, 0.0, -1.0), intensity=(100.0,) * 3, beam="lambert")
    frame = lit([Part(mesh=plane(100.0), surface=MATT)], [lamp], (-2, 0, 3), (0, 0, 0))
    hit = frame.depth < 60.0
    p = ground_points(Camera(name="c", width=33, height=25, hfov_deg=60.0), frame)[hit]
    d2 = ((p - lamp.position) ** 2).sum(-1)
    expected = 100.0 / d2 * 4.0 / d2 + surroundings(lamp, p)
    np.testing.assert_allclose(frame.linear[hit][:, 0], expected * 0.5 / math.pi, rtol=2e-3)


def test_spots_end_where_their_cone_does() -> None:
    lamp = Lamp(
        position=(0.0, 0.0, 4.0), axis=(0.0, 0.0, -1.0), up=(1.0, 0.0, 0.0), intensity=(100.0,) * 3, beam="spot",
        cone_deg=(20.0, 30.0),
    )  # fmt: skip
    frame = lit([Part(mesh=plane(100.0), surface=MATT)], [lamp], (0, 0, 6), (0.01, 0, 0), width=101, height=101)
    p = ground_points(Camera(name="c", width=101, height=101, hfov_deg=60.0), frame)
    away = np.degrees(np.arctan2(np.hypot(p[..., 0], p[..., 1]), 4.0))
    lux = frame.linear[..., 0] * math.pi / 0.5
    lux /= lux[50, 50]
    # along the edge the law of a plane under a point: cos^3 times the beam
    beam = lux / np.cos(np.radians(away)) ** 3
    assert (beam[away > 31.0] < 0.03).all()
    assert np.median(beam[np.abs(away - 20.0) < 0.4]) == pytest.approx(0.5, abs=0.06)
    assert (beam[away < 5.0] > 0.9).all()


def rectangle_factor(corners: np.ndarray, point: np.ndarray, normal: np.ndarray) -> float:
    """Irradiance at unit luminance by brute force over a fine grid of the rectangle."""
    n = 400
    s, t = (np.arange(n) + 0.5) / n, (np.arange(n) + 0.5) / n
    u, v = corners[1] - corners[0], corners[3] - corners[0]
    q = corners[0] + s[:, None, None] * u + t[None, :, None] * v - point
    d2 = (q * q).sum(-1)
    facing = np.cross(u, v)
    area = np.linalg.norm(facing)
    away = np.abs(q @ (facing / area)) / np.sqrt(d2)
    return float((np.maximum(q @ normal, 0.0) / np.sqrt(d2) * away / d2).mean() * area)


@pytest.mark.parametrize("tilt_deg", [0.0, 60.0, 90.0])
def test_rectangles_give_lamberts_irradiance(tilt_deg: float) -> None:
    """Under, beside and across the horizon of the surface, within half a percent of a brute-force integral."""
    a = math.radians(tilt_deg)
    axis, u = (math.sin(a), 0.0, -math.cos(a)), (math.cos(a), 0.0, math.sin(a))
    center, luminance = (-0.6, 0.2, 0.5), 300.0
    lamp = Lamp(
        position=center, axis=axis, intensity=(luminance * 1.2 * 0.8,) * 3, beam="area",
        half_u=tuple(0.6 * k for k in u), half_v=(0.0, 0.4, 0.0),
    )  # fmt: skip
    frame = lit([Part(mesh=plane(6.0), surface=MATT)], [lamp], (0, 0, 4), (0.01, 0, 0))
    p = ground_points(Camera(name="c", width=33, height=25, hfov_deg=60.0), frame)
    corners = np.array([np.add(center, i * 0.6 * np.array(u) + j * np.array([0, 0.4, 0])) for i, j in _CORNERS])
    for row, column in ((12, 16), (12, 28), (4, 10), (20, 22), (12, 6)):
        point = p[row, column]
        if (point - center) @ axis <= 0.02:
            continue
        expected = luminance * rectangle_factor(corners, point, np.array([0.0, 0.0, 1.0])) + surroundings(lamp, point)
        assert frame.linear[row, column, 0] * math.pi / 0.5 == pytest.approx(expected, rel=5e-3)


_CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))


def test_shadows_lie_where_geometry_says() -> None:
    """A board 1 m up hides a lamp 2 m up from a strip twice as wide; there only the surroundings' light is left."""
    lamp = Lamp(position=(0.0, 0.0, 2.0), intensity=(500.0,) * 3)
    board = Part(mesh=box((1.0, 60.0, 0.01), (0.0, 0, 1.0)), surface=MATT)
    parts = [Part(mesh=plane(60.0), surface=MATT), board]
    frame = lit(parts, [lamp], (0.0, 0, 0.9), (0.0, 0.01, 0), width=201, height=51, hfov_deg=130.0)
    p = ground_points(Camera(name="c", width=201, height=51, hfov_deg=130.0), frame)
    lux = frame.linear[..., 0] * math.pi / 0.5
    along = np.maximum(np.abs(p[..., 0]), 0.0)
    dark, bright = along < 0.97, (along > 1.03) & (frame.depth < 5.0)
    assert min(dark.sum(), bright.sum()) > 1000
    np.testing.assert_allclose(lux[dark], surroundings(lamp, p)[dark], rtol=2e-3)
    assert (lux[bright] > 3.0 * surroundings(lamp, p)[bright]).all()


def test_area_lamps_cast_soft_shadows() -> None:
    lamp = Lamp(
        position=(0.0, 0.0, 2.0), axis=(0.0, 0.0, -1.0), intensity=(500.0,) * 3, beam="area", half_u=(0.4, 0, 0),
        half_v=(0.0, 0.4, 0.0),
    )  # fmt: skip
    parts = [Part(mesh=plane(60.0), surface=MATT), Part(mesh=box((1.0, 60.0, 0.01), (0.0, 0, 1.0)), surface=MATT)]
    frame = lit(parts, [lamp], (0.0, 0, 0.9), (0.0, 0.01, 0), width=201, height=51, hfov_deg=130.0)
    p = ground_points(Camera(name="c", width=201, height=51, hfov_deg=130.0), frame)
    lux = frame.linear[..., 0] * math.pi / 0.5 - surroundings(lamp, p)
    row, x = lux[25], p[25, :, 0]
    # full shadow up to 0.6 m, half at the shadow of the middle (1 m), light beyond 1.4 m
    assert (row[np.abs(x) < 0.55] < 0.01).all()
    full = 500.0 * 4.0 / (x * x + 4.0) ** 2
    half = np.abs(np.abs(x) - 1.0) < 0.05
    assert np.median(row[half] / full[half]) == pytest.approx(0.5, abs=0.08)
    # between, the visible share of the rectangle grows evenly, in sixteen steps
    rim = (np.abs(x) > 0.65) & (np.abs(x) < 1.35)
    share = np.clip((np.abs(x) - 0.6) / 0.8, 0.0, 1.0)
    miss = np.abs(row[rim] / full[rim] - share[rim])
    # an eighth at its ends, where the first four rays are of one mind
    assert miss.max() < 0.126
    assert miss.mean() < 0.06
    far = (np.abs(x) > 1.5) & (np.abs(x) < 2.0)
    np.testing.assert_allclose(row[far], full[far], rtol=0.08)


@numba.njit
def _sheeting(apart: float) -> float:
    return brdf.sheeting(apart)


def test_sheeting_returns_what_it_gets_and_no_more() -> None:
    a = np.linspace(0.0, 0.2, 20_001)
    values = np.array([_sheeting(x) for x in a])
    # cos ~ 1 over the narrow beam: the integral over directions
    assert np.trapezoid(values * 2.0 * math.pi * a, a) == pytest.approx(1.0, abs=1e-3)
    # cd / (lx m2) of prismatic sheeting at observation angles of 0.2 and 0.5 degrees
    assert 0.2 * _sheeting(math.radians(0.2)) == pytest.approx(390.0, rel=0.05)
    assert 0.2 * _sheeting(math.radians(0.5)) == pytest.approx(190.0, rel=0.05)


def test_signs_flare_up_in_ones_own_headlights() -> None:
    """A sign 40 m ahead in a lamp 0.3 m beside the eye: L = R_A E; from 10 m beside the lamp it is a matt board."""
    sign = Part(
        mesh=box((0.1, 4.0, 4.0), (40.05, 0, 0)),
        surface=Surface(class_name="traffic_sign", base_color=(0.7,) * 3, roughness=1.0, retro=0.3),
    )
    mine = Lamp(position=(0.0, 0.3, 0.0), intensity=(10_000.0,) * 3)
    frame = lit([sign], [mine], (0, 0, 0), (40, 0, 0), hfov_deg=3.0)
    lux = 10_000.0 / (1600.0 + 0.09)
    returned = 0.3 * 0.7 * _sheeting(0.3 / 40.0) * lux
    assert frame.linear[12, 16, 0] == pytest.approx(returned + 0.7 * 0.7 * lux / math.pi, rel=0.02)
    assert returned > 100.0 * lux / math.pi
    other = lit(
        [sign], [Lamp(position=(0.0, 10.0, 0.0), intensity=(10_000.0,) * 3)], (0, 0, 0), (40, 0, 0), hfov_deg=3.0
    )
    assert other.linear[12, 16, 0] < 0.3 * lux


@pytest.mark.parametrize("count", [12, 150])
def test_many_lamps_add_up(count: int) -> None:
    """150 lamps over a floor: the sum of all, whether they are kept, shadowed or only estimated."""
    draws = stream(4, "lamps")
    lamps = [
        Lamp(position=tuple(draws.uniform((-20, -20, 2), (20, 20, 6))), intensity=(float(draws.uniform(20, 400)),) * 3)
        for _ in range(count)
    ]
    frame = lit(
        [Part(mesh=plane(200.0), surface=MATT)], lamps, (-8, 0, 3), (0, 0, 0), width=480, height=30, hfov_deg=70.0
    )
    hit = frame.depth < 40.0
    p = ground_points(Camera(name="c", width=480, height=30, hfov_deg=70.0), frame)[hit]
    expected = np.zeros(len(p))
    for lamp in lamps:
        d2 = ((p - lamp.position) ** 2).sum(-1)
        expected += lamp.intensity[0] * lamp.position[2] / d2**1.5 + surroundings(lamp, p)
    got = frame.linear[hit][:, 0] * math.pi / 0.5
    np.testing.assert_allclose(got, expected, rtol=0.04)
    assert abs(got.sum() / expected.sum() - 1.0) < 0.01


def test_air_dims_lamps_on_both_ways() -> None:
    """The lamp's light on the ground, seen from aside; what glows in the fog before it is taken off."""
    fog = Medium.gray(0.05, 0.0, "fog")
    lamp = Lamp(position=(0.0, 0.0, 3.0), intensity=(1000.0,) * 3)
    eye, black = (5.0, 0.0, 6.0), replace(MATT, base_color=(0.0,) * 3)

    def seen(surface: Surface, medium: Medium | None) -> float:
        frame = lit([Part(mesh=plane(100.0), surface=surface)], [lamp], eye, (0, 0, 0), medium=medium)
        return float(frame.linear[12, 16, 0])

    way = math.dist(eye, (0.0, 0.0, 0.0))
    around = surroundings(lamp, np.zeros(3)) * 0.5 / math.pi
    clear = seen(MATT, None) - seen(black, None) - around
    dimmed = seen(MATT, fog) - seen(black, fog) - around * math.exp(-0.05 * way)
    assert dimmed / clear == pytest.approx(math.exp(-0.05 * (3.0 + way)), rel=0.01)


def test_highlights_carry_the_lamps_energy() -> None:
    """Polished metal at normal incidence: GGX's peak, D / 4 times E."""
    metal = Surface(class_name="object", base_color=(1.0,) * 3, roughness=0.3, metallic=1.0)
    lamp = Lamp(position=(0.0, 0.0, 4.0), intensity=(100.0,) * 3, radius_m=0.001)
    frame = lit([Part(mesh=plane(40.0), surface=metal)], [lamp], (0, 0, 5), (0.0001, 0, 0), hfov_deg=2.0, reflections=0)
    alpha = 0.3**2
    room = surroundings(lamp, np.zeros(3)) / math.pi
    assert frame.linear[12, 16, 0] - room == pytest.approx(100.0 / 16.0 / (4.0 * math.pi * alpha**2), rel=0.05)


def test_no_sky_in_a_closed_room() -> None:
    """Walls far beyond the 8 m that outdoor rays look: by day and without lamps it is black, mirrors included."""
    room = Part(mesh=box((60.0, 60.0, 40.0), (0, 0, 19.0)), surface=Surface(class_name="object", roughness=0.5))
    floor = Part(mesh=plane(58.0), surface=Surface(class_name="object", roughness=0.1))
    dark = lit([room, floor], [], (0, 0, 2), (5, 0, 1.0), light=dome(5000.0, 50_000.0), indoor=True)
    assert dark.linear.max() == 0.0
    lamp = Lamp(position=(0.0, 0.0, 15.0), axis=(0, 0, -1), intensity=(1000.0,) * 3, beam="lambert")
    shown = lit(
        [room, floor], [lamp], (0, 0, 2), (0, 8, 25.0), light=dome(5000.0, 50_000.0), indoor=True, hfov_deg=30.0
    )
    # the ceiling lies behind the lamp, and is not black
    assert shown.linear.min() > 0.01


def test_rows_carry_the_beams_flux() -> None:
    from simgen.kernels.wave import LAMP_SOLID
    from simgen.records.stage import Motion
    from simgen.sensors._camera_lamps import lamp_rows

    lamps = [Lamp(position=(0, 0, 1), intensity=(9.0,) * 3, beam=b) for b in ("isotropic", "lambert")]
    where = Motion(
        start_ns=0, end_ns=0, origin=np.zeros(3), position=np.zeros((1, 1, 3), np.float32),
        quaternion=np.array([[[1, 0, 0, 0]]], np.float32), exists=np.ones(1, bool), moving=np.zeros(1, bool),
    )  # fmt: skip
    rows = with_fluxes(lamp_rows(LampTable.of(lamps, [0, 0]), where, 0.0))
    np.testing.assert_allclose(rows[:, LAMP_SOLID], [4.0 * math.pi, math.pi], rtol=1e-3)
    # by day a lamp of 9 cd is left out
    assert len(lamp_rows(LampTable.of(lamps, [0, 0]), where, 0.0, 50_000.0)) == 0


def test_the_picture_is_the_same_with_any_engine() -> None:
    """Stages around an engine that is asked from Python give the fused kernel's picture, mirrors and lamps included."""
    parts = [
        Part(mesh=plane(100.0), surface=Surface(class_name="road", roughness=0.1)),
        Part(mesh=box((1.0, 3.0, 3.0), (4.0, 0, 1.0)), surface=MATT, label=1),
    ]
    lamps = [
        Lamp(position=(0.0, 3.0, 2.0), intensity=(1000.0,) * 3),
        Lamp(position=(2.0, -2.0, 3.0), axis=(0, 0, -1), intensity=(900.0,) * 3, beam="area", half_u=(0.5, 0, 0),
             half_v=(0, 0.2, 0)),
    ]  # fmt: skip
    settings = {"name": "c", "width": 33, "height": 25, "hfov_deg": 60.0, "outputs": ("linear", "normal")}
    cam = Camera(**settings)
    with Bench(parts, dome(5.0)) as bench:
        bench.stage = bench.stage.replace(lamps=LampTable.of(lamps, [0, 0]))
        shot = bench.shot(track((-2, 0, 2), look_at((-2, 0, 2), (4, 0, 0))))
        native = cam.capture(shot)
        asked = cam.capture(replace(shot, view=Asked(shot.view)))
    np.testing.assert_allclose(native.linear, asked.linear, rtol=1e-5)
    assert (native.rgb == asked.rgb).all()


class Asked:
    """A view that hides its native side."""

    native = None

    def __init__(self, view: object) -> None:
        self.view, self.stage, self.motion = view, view.stage, view.motion
        self.cast, self.occluded = view.cast, view.occluded
