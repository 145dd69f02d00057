"""Light in the air: furnace, horizon, energy, and the sun's glow against single scattering summed along rays."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, plane, sphere, track

from simgen.geometry import look_at
from simgen.kernels.wave import LIGHT_ROWS
from simgen.records.air import RGB_NM, Medium
from simgen.records.mesh import Surface
from simgen.sensors._camera_layer import LAYER_M, Layer
from simgen.sensors._camera_light import lighting
from simgen.sensors._camera_sky import directions
from simgen.sensors.camera import Camera
from simgen.weather.dust import Dust
from simgen.weather.fog import Fog
from simgen.weather.snow import Snow

MEDIA = {
    "haze": Fog(visibility_m=5000.0).medium(),
    "fog": Fog(visibility_m=200.0).medium(),
    "thick": Fog(visibility_m=50.0).medium(),
    "snow": Snow().medium(),
    "dust": Dust(visibility_m=300.0).medium(),
}


def white(medium: Medium) -> Medium:
    """The same air, if it absorbed nothing."""
    share = medium.extinction / np.maximum(medium.lobes.sum(0), 1e-30)
    return medium.replace(lobes=medium.lobes * share)


def capture(parts, light, eye, target, medium, **fields):
    cam = Camera(**{"name": "c", "width": 96, "height": 64, "hfov_deg": 60.0, "outputs": ("linear",), **fields})
    with Bench(parts, light, medium) as bench:
        return cam.capture(bench.shot(track(eye, look_at(eye, target))))


@pytest.mark.parametrize("name", MEDIA)
def test_furnace_of_the_layer(name):
    """In an even light from everywhere air that absorbs nothing changes nothing, wherever one looks."""
    d = directions(90, 180)
    seen, air = Layer(dome(700.0), white(MEDIA[name])).look(d, np.full(d.shape, 700.0))
    np.testing.assert_allclose(seen, 700.0, rtol=1e-9)
    np.testing.assert_allclose(air, 700.0, rtol=1e-6)


@pytest.mark.parametrize("quality", ["fast", "high"])
def test_furnace_in_a_picture(quality):
    """A white ball in an even light cannot be seen, fog or not."""
    ball = Part(
        mesh=sphere(1.0, (5, 0, 0), 48), surface=Surface(class_name="object", base_color=(1.0,) * 3, roughness=1.0)
    )
    frame = capture([ball], dome(800.0), (0, 0, 0), (5, 0, 0), white(MEDIA["thick"]), quality=quality, bounces=6)
    assert (frame.depth < np.inf).sum() > 300
    # paths have some noise on the ball's rim
    np.testing.assert_allclose(frame.linear, 800.0, rtol=0.04 if quality == "high" else 0.01)
    assert float(frame.linear.mean()) == pytest.approx(800.0, rel=1e-3)


@pytest.mark.parametrize("name", ["fog", "thick", "dust"])
@pytest.mark.parametrize("azimuth_deg", [0.0, 25.0, 90.0, 180.0])
def test_a_far_wall_looks_like_the_horizon(name, azimuth_deg):
    """Beside the wall and on it: in every direction, also under a low sun."""
    a = math.radians(azimuth_deg)
    light = dome(2000.0, 60_000.0, (math.cos(0.3), 0.0, math.sin(0.3)))
    half = light.sky.shape[0] // 2
    sky = light.sky.copy()
    sky[half:] *= 0.2
    far = 1900.0
    middle = np.array([math.cos(a), math.sin(a), 0.0]) * far
    wall = Part(
        mesh=box((30.0, 30.0, 400.0), middle), surface=Surface(class_name="object", base_color=(0.0,) * 3, roughness=1)
    )
    frame = capture([wall], light.replace(sky=sky), (0, 0, 0), tuple(middle), MEDIA[name], hfov_deg=2.0)
    row, hit = 31, frame.depth[31] < np.inf
    assert 5 < hit.sum() < 91
    beside = frame.linear[row][~hit].mean(0)
    np.testing.assert_allclose(frame.linear[row][hit].mean(0), beside, rtol=0.01)


@pytest.mark.parametrize("name", MEDIA)
@pytest.mark.parametrize("elevation_deg", [50.0, 15.0])
def test_what_is_seen_is_what_arrives(name, elevation_deg):
    """Sky, glow and what is left of the disc together are the light that lights level ground."""
    e = math.radians(elevation_deg)
    field = dome(2000.0, 60_000.0, (math.cos(e), 0.0, math.sin(e)))
    layer = Layer(field, MEDIA[name])
    up = np.cos((np.arange(60) + 0.5) * math.pi / 120.0)
    ring = 2.0 * math.pi * up * (np.cos(np.arange(60) * math.pi / 120.0) - np.cos(np.arange(1, 61) * math.pi / 120.0))
    d = directions(120, 240)[:60]
    even = layer.look(d, np.full(d.shape, 2000.0))[0] - layer._scattered(layer.glow.smooth, d, True)
    seen = (even.mean(1) * ring[:, None]).sum(0) + layer.lux * layer.glow.flux(layer.glow.whole)
    seen = seen + layer.lux * layer.unscattered * math.sin(e)
    total = math.pi * 2000.0 + 60_000.0 * math.sin(e)
    # where hardly anything is scattered twice, no rest is left to even out the estimate of two streams
    np.testing.assert_allclose(seen, layer.brighter * total, rtol=5e-3)
    assert (layer.brighter <= 1.0 + 1e-9).all()


def _summed(medium, nm, height, up, angle, steps=4000):
    """Light scattered once towards the ground, by quadrature along a line of sight; per lux above the layer."""
    alpha = medium.extinction_at(nm)
    length = LAYER_M / up
    s = (np.arange(steps) + 0.5) * (length / steps)
    sun = np.exp(-alpha * (LAYER_M - s * up) / height)
    scattering = alpha * medium.albedo_at(nm) * float(medium.phase(nm, np.array(math.cos(angle))))
    return float((sun * scattering * np.exp(-alpha * s)).sum() * length / steps)


@pytest.mark.parametrize("name", ["fog", "dust"])
def test_glow_of_thin_air_is_single_scattering(name):
    """In the limit of thin air, from 2 degrees off the sun to behind one's back, at any height."""
    thin = MEDIA[name].scaled(0.002)
    field = dome(0.0, 1000.0, (math.cos(0.5), 0.0, math.sin(0.5)))
    layer = Layer(field, thin)
    for up in (0.02, 0.3, math.sin(0.5), 0.95):
        for angle_deg in (2.0, 5.0, 15.0, 40.0, 90.0, 150.0):
            angle = math.radians(angle_deg)
            found = layer.glow.at(layer.glow.whole, np.array(up), np.array(angle)) * -np.expm1(-layer.depth / up)
            for c, nm in enumerate(RGB_NM):
                assert found[c] == pytest.approx(_summed(thin, nm, math.sin(0.5), up, angle), rel=0.03)


def test_glow_is_in_the_picture():
    """At angles about the sun, of thin air before a black sky: the rendered luminance is the integral's."""
    thin = MEDIA["fog"].scaled(0.004)
    e = 0.5
    light = dome(0.0, 1000.0, (math.cos(e), 0.0, math.sin(e)))
    frame = capture(
        [Part(mesh=plane(1.0, z=-50.0))], light, (0, 0, 0), (math.cos(e), 0.0, math.sin(e)), thin, width=240
    )
    cam = Camera(name="c", width=240, height=64, hfov_deg=60.0)
    for column in (125, 140, 170, 239):
        ray = cam.projection.unproject(np.array([[column + 0.5, 32.5]]), np.ones(1))[0]
        angle = math.acos(ray[2] / np.linalg.norm(ray))
        d = ray / np.linalg.norm(ray)
        # the camera's axes in the world: forward to the sun, right at right angles to it and level
        up = d[2] * math.sin(e) - d[1] * math.cos(e)
        for c, nm in enumerate(RGB_NM):
            expected = 1000.0 * _summed(thin, nm, math.sin(e), up, angle)
            assert frame.linear[32, column, c] == pytest.approx(expected, rel=0.05)


def _walk(medium, nm, height, photons, rng):
    """Photons that fall on a layer: angles from the sun of those that come out below, scattered; and their number."""
    from simgen.records.air import LOBES

    depth, albedo = medium.extinction_at(nm) * LAYER_M, medium.albedo_at(nm)
    share = medium.lobes_at(nm) / medium.lobes_at(nm).sum()
    sun = np.array([-math.sqrt(1.0 - height * height), 0.0, -height])
    d, z = np.tile(sun, (photons, 1)), np.full(photons, depth)
    out, weight, turned = [], np.ones(photons), np.zeros(photons, bool)
    while len(z):
        z = z + d[:, 2] * rng.exponential(size=len(z))
        below, stays = z <= 0.0, (z > 0.0) & (z < depth)
        some = below & turned
        out.append((np.arccos(np.clip(d[some] @ sun, -1.0, 1.0)), weight[some]))
        z, d, weight, turned = z[stays], d[stays], weight[stays] * albedo, np.ones(stays.sum(), bool)
        g = np.array(LOBES)[np.searchsorted(np.cumsum(share), rng.random(len(z)) * 0.999999)]
        u = rng.random(len(z))
        flat = np.where(g == 0.0, 1.0, g)
        mu = (1.0 + flat**2 - ((1.0 - flat**2) / (1.0 - flat + 2.0 * flat * u)) ** 2) / (2.0 * flat)
        mu = np.where(g == 0.0, 2.0 * u - 1.0, mu)
        phi, side = rng.random(len(z)) * 2.0 * math.pi, np.sqrt(np.maximum(1.0 - mu**2, 0.0))
        sign = np.where(d[:, 2] >= 0.0, 1.0, -1.0)
        p = -1.0 / (sign + d[:, 2])
        q = d[:, 0] * d[:, 1] * p
        b = np.stack([1.0 + sign * d[:, 0] ** 2 * p, sign * q, -sign * d[:, 0]], -1)
        t = np.stack([q, sign + d[:, 1] ** 2 * p, -d[:, 1]], -1)
        d = b * (side * np.cos(phi))[:, None] + t * (side * np.sin(phi))[:, None] + d * mu[:, None]
    return np.concatenate([a for a, _ in out]), np.concatenate([w for _, w in out])


@pytest.mark.parametrize(("visibility", "tolerance"), [(1000.0, 0.06), (200.0, 0.2)])
def test_glow_against_photons(visibility, tolerance):
    """Rings about the sun in fog that scatters more than once, against photons that walk through the layer."""
    from simgen.rng import stream

    medium, height, photons = Fog(visibility_m=visibility).medium(), 0.8, 400_000
    angle, weight = _walk(medium, 550.0, height, photons, stream(5, "photons"))
    layer = Layer(dome(0.0, 1.0, (0.6, 0.0, 0.8)), medium)
    theta = np.radians(np.array([0.0, 1.0, 3.0, 8.0, 20.0, 35.0]))
    for low, high in itertools.pairwise(theta):
        inside = (angle >= low) & (angle < high)
        # each photon of a beam of unit illuminance across carries the same flux through level ground
        walked = weight[inside].sum() / photons * height
        x = low + (high - low) * (np.arange(200) + 0.5) / 200.0
        turn = (np.arange(32) + 0.5) * math.pi / 32.0
        up = np.clip(height * np.cos(x)[:, None] + 0.6 * np.sin(x)[:, None] * np.cos(turn), 0.0, 1.0)
        seen = layer.glow.at(layer.glow.whole, up, np.broadcast_to(x[:, None], up.shape))
        seen = seen * -np.expm1(-layer.depth / np.maximum(up, 1e-6)[..., None]) + layer.even_seen * layer._rest(up)
        ring = (seen[..., 1] * up).mean(1) * 2.0 * math.pi * np.sin(x)
        assert ring.sum() * (high - low) / 200.0 == pytest.approx(walked, rel=tolerance)


def test_no_air_no_table():
    """Clear air has no table of airlight, and not one number more."""
    light = lighting(dome(1000.0, 1000.0), Medium.clear())
    assert len(light.air) == 0
    assert len(light.values) == LIGHT_ROWS
