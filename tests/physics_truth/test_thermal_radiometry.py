"""What a thermal camera measures against formulas: black bodies, mirrored sky, balance with the sun, fog, memory."""

import math

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, plane, track

from simgen.geometry import look_at
from simgen.records.mesh import Surface
from simgen.sensors import _thermal_surfaces
from simgen.sensors._thermal_air import LAYER_M
from simgen.sensors._thermal_band import STEFAN_BOLTZMANN, ZERO_C, brightness, radiance, slope
from simgen.sensors._thermal_surfaces import Material
from simgen.sensors.thermal_camera import ThermalCamera
from simgen.weather.fog import Fog

QUIET = {"netd_mk": 0.0, "pattern_mk": 0.0, "column_mk": 0.0, "drift_mk_per_min": 0.0, "nuc_interval_s": 0.0}


def camera(**fields: object) -> ThermalCamera:
    small = {"name": "t", "width": 64, "height": 48, "hfov_deg": 40.0, "blur_px": 0.0, "outputs": ("emissivity",)}
    return ThermalCamera(**(small | QUIET | fields))


@pytest.fixture
def skin(monkeypatch):
    """Lets a test say what surfaces with the tag ``skin`` are."""

    def become(**fields: float) -> None:
        even = Material(**({"emissivity": 1.0, "fixed": 1.0, "patch_k": 0.0, "spread_k": 0.0} | fields))
        monkeypatch.setitem(_thermal_surfaces._BY_HEAT, "skin", even)

    return become


def wall(**finish: object) -> list[Part]:
    """A wall across the view, 10 m ahead."""
    surface = Surface(class_name="person", **({"roughness": 1.0, "heat": "skin"} | finish))
    return [Part(mesh=box((0.2, 60.0, 60.0), (10.1, 0.0, 0.0)), surface=surface, label=3)]


def take(cam, parts, *, light=None, medium=None, eye=(0.0, 0.0, 0.0), at=(1.0, 0.0, 0.0), threads=1, where=None):
    with Bench(parts, light or dome(0.0), medium) as bench:
        return cam.capture(bench.shot(track(eye, look_at(eye, at)), where, threads=threads))


def test_a_black_body_reads_its_own_temperature(skin) -> None:
    skin()
    frame = take(camera(humidity=0.01), wall())
    air = 15.0
    # ten metres of gas at the air's temperature take some millikelvin
    np.testing.assert_allclose(frame.temperature, 33.0, atol=0.03)
    assert frame.temperature.max() < 33.01
    np.testing.assert_allclose(frame.surface_temperature, 33.0, atol=1e-3)
    assert (frame.emissivity == 1.0).all()
    assert air < frame.temperature.min()


def test_noise_is_the_stated_one_and_hits_the_mean(skin) -> None:
    skin()
    cam = camera(width=160, height=120, netd_mk=50.0)
    frame, clean = take(cam, wall()), take(camera(width=160, height=120), wall())
    error = frame.temperature.astype(float) - clean.temperature
    expected = 0.05 * slope(cam.band_table, 300.0) / slope(cam.band_table, 33.0 + ZERO_C)
    assert error.std() == pytest.approx(expected, rel=0.03)
    # without noise all pixels have the same count: its rounding is the whole difference
    assert abs(error.mean()) < 0.008
    assert abs(np.corrcoef(error[:, 1:].ravel(), error[:, :-1].ravel())[0, 1]) < 0.03


def test_a_grey_rough_wall_is_a_mixture_of_itself_and_its_surroundings(skin) -> None:
    skin(emissivity=0.6)
    cam = camera(air_temperature_c=5.0, humidity=0.3)
    frame = take(cam, wall())
    air = _air(cam)
    table, own = cam.band_table, float(radiance(cam.band_table, np.array(5.0 + ZERO_C)))
    around = 0.5 * air.sky_mean + 0.5 * own
    leaving = 0.6 * float(radiance(table, np.array(33.0 + ZERO_C))) + 0.4 * around
    seen = leaving * math.exp(-air.extinction * 10.0) + own * (1.0 - math.exp(-air.extinction * 10.0))
    expected = float(brightness(table, np.array(seen))) - ZERO_C
    assert expected < 25.0
    middle = frame.temperature[20:28, 28:36]
    np.testing.assert_allclose(middle, expected, atol=0.02)
    np.testing.assert_allclose(frame.emissivity, 0.6, atol=1e-6)


def test_a_camera_told_the_emissivity_finds_the_true_temperature(skin) -> None:
    skin(emissivity=0.8)
    open_air = camera(air_temperature_c=20.0, cloud_cover=1.0, humidity=0.9)
    air = _air(open_air)
    own = float(radiance(open_air.band_table, np.array(20.0 + ZERO_C)))
    around = float(brightness(open_air.band_table, np.array(0.5 * air.sky_mean + 0.5 * own))) - ZERO_C
    told = camera(
        air_temperature_c=20.0, cloud_cover=1.0, humidity=0.9, assumed_emissivity=0.8, assumed_reflected_c=around
    )
    frame, fooled = take(told, wall()), take(open_air, wall())
    np.testing.assert_allclose(frame.temperature[20:28, 28:36], 33.0, atol=0.1)
    assert fooled.temperature.mean() < 31.5


def test_a_smooth_pane_shows_the_sky_that_it_mirrors(skin) -> None:
    skin(emissivity=0.5)
    cam = camera(hfov_deg=2.0)
    # from 45 degrees above onto a level mirror: it shows the sky at 45 degrees
    parts = [Part(mesh=plane(40.0), surface=Surface(class_name="person", roughness=0.0, heat="skin"))]
    frame = take(cam, parts, eye=(-5.0, 0.0, 5.0), at=(0.0, 0.0, 0.0))
    air, table = _air(cam), cam.band_table
    e = 0.5 * (1.0 - (1.0 - math.sqrt(0.5)) ** 5)
    sky = float(np.interp(math.sqrt(0.5) * 512 - 0.5, np.arange(512), air.sky))
    own, far = float(radiance(table, np.array(15.0 + ZERO_C))), math.exp(-air.extinction * math.sqrt(50.0))
    leaving = (e * float(radiance(table, np.array(33.0 + ZERO_C))) + (1.0 - e) * sky) * far + own * (1.0 - far)
    expected = float(brightness(table, np.array(leaving))) - ZERO_C
    np.testing.assert_allclose(frame.temperature[20:28, 28:36], expected, atol=0.05)
    assert expected < 5.0


def test_the_sun_warms_a_road_to_where_losses_equal_gains(monkeypatch) -> None:
    monkeypatch.setitem(
        _thermal_surfaces._BY_CLASS, "road", Material(emissivity=0.95, lost=0.35, stored_w_m2=70.0, patch_k=0.0)
    )
    road = Surface(class_name="road", base_color=(0.1, 0.1, 0.1), roughness=1.0)
    parts = [
        Part(mesh=plane(200.0), surface=road),
        # a roof that shades half of the view
        Part(mesh=box((40.0, 20.0, 0.1), (0.0, 10.0, 8.0)), surface=road),
    ]
    lux, sky = 88000.0, 4000.0
    cam = camera(air_temperature_c=25.0, wind_m_s=3.0)
    light = dome(sky, sun_lux=lux)
    frame = take(cam, parts, light=light, eye=(-4.0, 0.0, 2.0), at=(4.0, 0.0, 0.0))
    air, kelvin = _air(cam), 25.0 + ZERO_C
    black = STEFAN_BOLTZMANN * kelvin**4
    loss = 0.95 * (black - air.down_w_m2)
    h = 5.7 + 3.8 * 3.0 + 4 * 0.95 * black / kelvin
    for column, sun in ((60, 1.0), (3, 0.0)):
        arriving = sun * lux / 110.0 + math.pi * sky / 110.0
        expected = 25.0 + (0.9 * 0.65 * arriving + 70.0 - loss) / h
        np.testing.assert_allclose(frame.surface_temperature[40, column], expected, atol=0.05)
    assert frame.surface_temperature[40, 60] > 45.0
    assert frame.surface_temperature[40, 3] < 32.0


def test_at_night_a_clear_sky_cools_roofs_below_the_air_and_clouds_do_not() -> None:
    parts = [Part(mesh=plane(200.0), surface=Surface(class_name="car", heat="body", roughness=0.3))]
    eye = {"eye": (0.0, 0.0, 5.0), "at": (6.0, 0.0, 0.0)}
    clear, cloudy = take(camera(), parts, **eye), take(camera(cloud_cover=1.0), parts, **eye)
    assert clear.surface_temperature.mean() < 15.0 - 3.0
    assert cloudy.surface_temperature.mean() > 15.0 - 2.0


def test_sky_is_colder_than_the_ground() -> None:
    parts = [Part(mesh=plane(2000.0), surface=Surface(class_name="road"))]
    frame = take(camera(hfov_deg=60.0), parts, eye=(0, 0, 2), at=(9, 0, 2))
    assert frame.temperature[:4].mean() < frame.temperature[-4:].mean() - 15.0
    assert np.isinf(frame.depth[0]).all()


def test_fog_hides_warmth_behind_the_temperature_of_the_air(skin) -> None:
    skin()
    cam = camera()
    clear, fog = take(cam, wall()), take(cam, wall(), medium=Fog(visibility_m=40.0).medium())
    air = _air(cam, Fog(visibility_m=40.0).medium())
    table, own = cam.band_table, float(radiance(cam.band_table, np.array(15.0 + ZERO_C)))
    warm = float(radiance(table, np.array(33.0 + ZERO_C)))
    through = math.exp(-air.extinction * 10.0)
    expected = float(brightness(table, np.array(warm * through + own * (1.0 - through)))) - ZERO_C
    np.testing.assert_allclose(fog.temperature[20:28, 28:36], expected, atol=0.08)
    assert fog.temperature.mean() < clear.temperature.mean() - 5.0
    assert LAYER_M > 0


def test_motion_leaves_an_exponential_tail(skin) -> None:
    skin()
    tau, speed = 0.01, 4.0
    cam = camera(width=200, height=8, hfov_deg=40.0, samples=64, time_constant_s=tau)
    # a hot plate 10 m ahead slides to the left; now its right edge is at the middle
    part = Part(
        mesh=box((0.1, 4.0, 4.0), (10.05, 2.0, 0.0)),
        surface=Surface(class_name="person", heat="skin"),
        body=1,
        label=3,
    )
    back = cam.extent_ns()[0]
    slid = motion([[[0.0, -speed * back * 1e-9, 0.0]], [[0.0, 0.0, 0.0]]], start_ns=-back, end_ns=0)
    with Bench([part], dome(0.0)) as bench:
        pose = track((0, 0, 0), look_at((0, 0, 0), (1, 0, 0)), (-back, 0))
        frame = cam.capture(bench.shot(pose, slid))
    row = radiance(cam.band_table, frame.temperature[4].astype(float) + ZERO_C)
    share = (row - row[-1]) / (row[0] - row[-1])
    px_per_tau = speed * tau / 10.0 * cam.projection.fx
    assert px_per_tau > 1.0
    behind = np.arange(100, 112)
    edges = np.exp(-np.stack([behind - 100.0, behind - 99.0]) / px_per_tau)
    expected = (edges[0] - edges[1]) * px_per_tau
    # the sky around is not quite even: a hundredth
    np.testing.assert_allclose(share[behind], expected, atol=0.03)


def test_bits_do_not_depend_on_threads(skin) -> None:
    skin(patch_k=1.0)
    cam = camera(netd_mk=50.0, pattern_mk=20.0, column_mk=10.0, nuc_interval_s=60.0, drift_mk_per_min=30.0)
    one, two = take(cam, wall()), take(cam, wall(), threads=2)
    for (name, _, a), (_, _, b) in zip(one.arrays(), two.arrays(), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)


def _air(cam: ThermalCamera, medium=None):
    from simgen.records.air import Medium
    from simgen.sensors._thermal_air import air_of

    return air_of(
        cam.band_table,
        cam.band_um,
        air_c=cam.air_temperature_c,
        humidity=cam.humidity,
        cloud_cover=cam.cloud_cover,
        medium=medium or Medium.clear(),
    )
