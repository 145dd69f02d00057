"""Radiance against closed forms: Lambert, furnace, shadows, sky, fog, GGX."""

import math

import numba
import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, plane, sphere, track

from simgen.geometry import look_at, normalized
from simgen.kernels import brdf
from simgen.light._sky import cell_directions
from simgen.records.air import Medium
from simgen.records.frames import CameraFrame
from simgen.records.lights import LightField
from simgen.records.mesh import Surface
from simgen.sensors._camera_light import lighting
from simgen.sensors._camera_sky import harmonics
from simgen.sensors._camera_tone import adapted, curve, ev_of_average, srgb, tone, white_of_ev
from simgen.sensors.camera import Camera

OUT = ("linear", "normal")


def matt(color: float = 0.5, **fields: object) -> Surface:
    return Surface(**{"class_name": "object", "base_color": (color,) * 3, "roughness": 1.0, **fields})


def capture(
    parts: list[Part], light: LightField, eye: tuple, target: tuple, medium: Medium | None = None, **fields: object
) -> CameraFrame:
    cam = Camera(**{"name": "c", "width": 120, "height": 90, "hfov_deg": 50.0, "outputs": OUT, **fields})
    with Bench(parts, light, medium) as bench:
        return cam.capture(bench.shot(track(eye, look_at(eye, target))))


@pytest.mark.parametrize("elevation_deg", [90.0, 40.0, 10.0])
def test_lambert_plane_under_the_sun(elevation_deg: float) -> None:
    e = math.radians(elevation_deg)
    light = dome(0.0, 100_000.0, (math.cos(e), 0.0, math.sin(e)))
    frame = capture([Part(mesh=plane(50.0), surface=matt(0.18))], light, (0, 0, 3), (4, 0, 0))
    # 18 % grey at 100 klx overhead is 5730 cd/m2
    np.testing.assert_allclose(frame.linear[80], 0.18 / math.pi * 100_000.0 * math.sin(e), rtol=1e-4)


def test_grey_card_in_full_sun() -> None:
    frame = capture([Part(mesh=plane(50.0), surface=matt(0.18))], dome(0.0, 100_000.0), (0, 0, 3), (4, 0, 0))
    assert frame.linear[80, 60, 0] == pytest.approx(5730.0, abs=1.0)


@pytest.mark.parametrize("sky_rays", [0, 1])
def test_white_furnace(sky_rays: int) -> None:
    """A white matt ball in an even light cannot be seen."""
    frame = capture(
        [Part(mesh=sphere(1.0, (5, 0, 0), 64), surface=matt(1.0))], dome(800.0), (0, 0, 0), (5, 0, 0), sky_rays=sky_rays
    )
    assert (frame.depth < np.inf).sum() > 1000
    np.testing.assert_allclose(frame.linear, 800.0, rtol=0.01)


@pytest.mark.parametrize("roughness", [0.1, 0.4, 0.7, 0.95])
@pytest.mark.parametrize("metallic", [0.0, 1.0])
def test_no_surface_gains_light_in_the_furnace(roughness: float, metallic: float) -> None:
    ball = Part(mesh=sphere(1.0, (5, 0, 0), 64), surface=matt(1.0, roughness=roughness, metallic=metallic))
    frame = capture([ball], dome(800.0), (0, 0, 0), (5, 0, 0), sky_rays=0)
    hit = frame.depth < np.inf
    assert frame.linear[hit].max() <= 800.0 * 1.01
    assert frame.linear[hit].min() >= 800.0 * 0.99


def test_sky_irradiance_by_harmonics() -> None:
    d = cell_directions(64, 128)
    light = np.repeat((1.0 + 0.7 * d[..., 0] + 0.4 * d[..., 2])[..., None], 3, -1)
    h = harmonics(light)
    # constant and linear parts are exact: E = pi (c + 2/3 g . n)
    n = normalized([0.3, -0.5, 0.8])
    basis = [1, n[1], n[2], n[0], n[0] * n[1], n[1] * n[2], 3 * n[2] ** 2 - 1, n[0] * n[2], n[0] ** 2 - n[1] ** 2]
    expected = math.pi * (1.0 + 2.0 / 3.0 * (0.7 * n[0] + 0.4 * n[2]))
    assert sum(a * b for a, b in zip(h[:, 0], basis, strict=True)) == pytest.approx(expected, rel=1e-3)


def test_shadow_edge_is_where_geometry_says() -> None:
    e = math.radians(30.0)
    light = dome(100.0, 50_000.0, (0.0, -math.cos(e), math.sin(e)))
    wall = Part(mesh=box((10.0, 0.2, 1.0), (0.0, -0.1, 0.5)), surface=matt())
    frame = capture(
        [Part(mesh=plane(40.0), surface=matt()), wall], light, (0, 1, 12), (0, 1.01, 0), height=400, width=400
    )
    # the wall's top edge, 1 m up at y = 0, throws its shadow to y = cot(30 deg)
    cam = Camera(name="c", width=400, height=400, hfov_deg=50.0)
    column = frame.linear[:, 200, 0]
    rows = np.arange(400)
    lit = column > 2000.0
    # the camera looks down with north up: row v is at y = 1 - (v + 0.5 - 200) / f * 12
    y = 1.0 - (rows + 0.5 - 200.0) / cam.K[1, 1] * 12.0
    shadow = y[(~lit) & (y > 0.05)]
    assert shadow.max() == pytest.approx(1.0 / math.tan(e), abs=0.05)
    assert shadow.min() < 0.1


def test_corner_sees_half_of_the_sky() -> None:
    """At the foot of a long, high wall half of an even sky is left."""
    wall = Part(mesh=box((60.0, 1.0, 30.0), (0.0, 0.5, 15.0)), surface=matt(0.0))
    frame = capture(
        [Part(mesh=plane(80.0), surface=matt(0.5)), wall], dome(1000.0), (0, -1.5, 2.0), (0, -0.3, 0), hfov_deg=20.0
    )
    ground = frame.normal[..., 2] < -0.0
    k = Camera(name="c", width=120, height=90, hfov_deg=20.0).projection
    points = k.unproject(k.pixel_centres(), frame.depth.ravel().astype(float)).reshape(90, 120, 3)
    assert ground.any()
    height_of_eye = 2.0
    forward = normalized([0.0, 1.2, -2.0])
    up = np.array([0.0, -forward[2], forward[1]])
    z = height_of_eye + points[..., 2] * forward[2] - points[..., 1] * up[2]
    y = -1.5 + points[..., 2] * forward[1] - points[..., 1] * up[1]
    foot = (np.abs(z) < 1e-3) & (y > -0.06) & (y < -0.01)
    assert foot.sum() > 20
    open_sky = 0.5 * 1000.0
    # what hides the sky sends on a share of its light, set by BOUNCE
    from simgen.kernels.shading import BOUNCE

    expected = open_sky * (0.5 + 0.5 * BOUNCE)
    assert float(frame.linear[foot].mean()) == pytest.approx(expected, rel=0.04)


def test_koschmieder_at_the_visual_range() -> None:
    mor = 200.0
    fog = Medium.gray(math.log(20.0) / mor, 0.0, "fog")
    black = Part(mesh=box((1.0, 30.0, 30.0), (mor + 0.5, 0, 0)), surface=matt(0.0))
    frame = capture([black], dome(1000.0), (0, 0, 0), (100, 0, 0), fog, hfov_deg=20.0)
    airlight = lighting(dome(1000.0), fog).values[4, 0]
    # contrast to the endless horizon is -T, and T(MOR) = 0.05
    contrast = frame.linear[45, 60, 0] / airlight - 1.0
    assert contrast == pytest.approx(-0.05, abs=1e-4)
    horizon = frame.linear[44, 2, 0]
    assert frame.depth[44, 2] == np.inf
    assert horizon == pytest.approx(airlight, rel=1e-4)


def test_medium_dims_by_colour() -> None:
    extinction = np.zeros(6)
    extinction[:] = [0.03, 0.02, 0.01, 0, 0, 0]
    haze = Medium(extinction=extinction, backscatter=np.zeros(6))
    glowing = matt(0.0, emission=(1e6, 1e6, 1e6))
    frame = capture(
        [Part(mesh=box((1, 30, 30), (50.5, 0, 0)), surface=glowing)], dome(0.0), (0, 0, 0), (50, 0, 0), haze
    )
    np.testing.assert_allclose(frame.linear[45, 60] / 1e6, np.exp([-0.5, -1.0, -1.5]), rtol=1e-3)


def test_fog_keeps_the_energy_balance() -> None:
    clear, thick = dome(2000.0, 60_000.0, (0.5, 0.0, 0.8)), Medium.gray(0.03, 0.0, "fog")
    values = lighting(clear, thick).values
    up = (0.0, 0.0, 1.0)
    e = values[5, 0] + values[7, 0] * up[2] + values[11, 0] * 2.0 + values[1, 0] * clear.sun_direction[2]
    m = float(clear.sun_direction[2])
    above, tau = math.pi * 2000.0 + 60_000.0 * m, 3.0 * (1.0 - thick.moment_at(550.0, 2))
    share = (2 / 3 + m + (2 / 3 - m) * math.exp(-tau / m)) / (4 / 3 + 0.15 * 3.0)
    back = 1.0 - math.pi * 2000.0 / above * (1.0 - 1.0 / (1.0 + 0.75 * 0.15 * 3.0))
    assert e == pytest.approx(above * share / back, rel=0.03)


@numba.njit
def _hemisphere(alpha: float, nv: float, steps: int) -> float:
    """Integral of the specular lobe (no Fresnel) times cosine over all directions."""
    total, sv = 0.0, math.sqrt(1.0 - nv * nv)
    for i in range(steps):
        nl = (i + 0.5) / steps
        sl = math.sqrt(1.0 - nl * nl)
        for j in range(2 * steps):
            phi = math.pi * (j + 0.5) / steps
            hx, hy, hz = sl * math.cos(phi) + sv, sl * math.sin(phi), nl + nv
            nh = hz / math.sqrt(hx * hx + hy * hy + hz * hz)
            total += brdf.ggx(alpha, nl, nv, nh) * nl
    return total * math.pi / steps / steps


@numba.njit
def _split(roughness: float, nv: float) -> tuple[float, float]:
    return brdf.split(roughness, nv)


@numba.njit
def _ggx(alpha: float, nl: float, nv: float, nh: float) -> float:
    return brdf.ggx(alpha, nl, nv, nh)


@pytest.mark.parametrize("nv", [0.15, 0.5, 0.95])
def test_ggx_never_reflects_more_than_it_gets(nv: float) -> None:
    albedo = [_hemisphere(a, nv, 300) for a in (0.1, 0.3, 0.6, 1.0)]
    assert max(albedo) <= 1.005
    assert albedo[0] > (0.95 if nv > 0.4 else 0.85)
    assert albedo == sorted(albedo, reverse=True)


def test_the_lobes_table_is_the_lobes_integral() -> None:
    """Albedo of a perfect reflector by a sum over directions of the BRDF itself, at nodes and between them."""
    for roughness, nv in ((0.5, 0.5625), (0.75, 0.25), (0.53, 0.8), (0.9, 0.4)):
        scale, bias = _split(roughness, nv)
        assert scale + bias == pytest.approx(_hemisphere(roughness**2, nv, 300), abs=0.005)


def test_ggx_is_reciprocal() -> None:
    for alpha, nl, nv, nh in ((0.1, 0.3, 0.9, 0.8), (0.5, 0.2, 0.6, 0.7)):
        assert _ggx(alpha, nl, nv, nh) == pytest.approx(_ggx(alpha, nv, nl, nh), rel=1e-12)


def test_exposure_and_tone_anchors() -> None:
    # f/16, 1/125 s, ISO 100
    ev = math.log2(16.0**2 * 125.0)
    assert ev == pytest.approx(14.97, abs=0.01)
    assert white_of_ev(ev) == pytest.approx(38_400.0)
    assert ev_of_average(12.5) == pytest.approx(math.log2(100.0))
    assert float(srgb(np.array(0.0031308))) == pytest.approx(0.04045, abs=1e-5)
    table = curve().astype(int)
    assert table[0] == 0
    assert table[-1] == 255
    assert (np.diff(table) >= 0).all()
    assert np.diff(table).max() <= 1
    assert float(tone(np.array(1.0))) == pytest.approx(1.0)


def test_exposure_follows_the_dark_only_in_part() -> None:
    assert adapted(500.0) == 500.0
    assert adapted(10.0) == pytest.approx(10.0)
    # three decades darker: exposure opens by two and a quarter
    assert adapted(0.02) == pytest.approx(10.0 * 0.002**0.75)
    assert adapted(0.0) == adapted(0.02)
