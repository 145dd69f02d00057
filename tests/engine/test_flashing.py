"""Lightning: how much light, when, from where, and who notices."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import simgen as sg
from simgen.assembly import assemble
from simgen.engine.flashing import CLOUD_SHARE, LUMENS_W, direction, lit
from simgen.engine.renderer import Renderer
from simgen.engine.timetable import timetable
from simgen.errors import SceneError
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.scenario import loads, scene_from_yaml, scene_to_yaml
from simgen.weather.change import Change
from simgen.weather.lightning import CLOUD_PULSE_S, FlashAt, Lightning

NIGHT = LightField(
    sun_direction=np.array([0.0, 0.0, 1.0]),
    sun_illuminance=np.zeros(3, np.float32),
    sky=np.zeros((120, 240, 3), np.float32),
)
STREET = """
simgen: 1
clock: {duration_s: 1.0, rate_hz: 4}
world: straight_road
light: {time: 2024-06-21T23:58:00+02:00, latitude_deg: 48.1, longitude_deg: 11.6, moonlight_lux: 0}
weather: [{type: lightning, flashes: [{at_s: 0.4999, distance_m: 1500, from_deg: 90, strokes: 1}]}]
ego: {asset: sedan, lane: east, speed_m_s: 8}
sensors:
  - {name: eye, type: camera, width: 32, height: 24, hfov_deg: 60, mount: {on: ego, position_m: [1, 0, 1.5]}}
  - {name: top, type: lidar, model: vlp-16, mount: {on: ego, position_m: [1, 0, 2]}}
"""


def flash(**changes):
    listed = FlashAt(**{"at_s": 1.0, "strokes": 1, "distance_m": 2000.0, **changes})
    return Lightning(flashes=(listed,)).flashing(3)[0]


def lux(field: LightField, up: bool = True) -> float:
    """What the table's upper half sends, on a plane that faces each cell: the integral of luminance."""
    rows, columns = field.sky.shape[:2]
    edges = np.cos(np.arange(rows + 1) * (np.pi / rows))
    angles = (edges[:-1] - edges[1:]) * (2.0 * np.pi / columns)
    half = slice(0, rows // 2) if up else slice(rows // 2, None)
    return float(((field.sky[half].astype(np.float64) @ np.array(LUMINANCE_RGB)).sum(1) * angles[half]).sum())


def test_a_stroke_radiates_as_measured():
    """2.3e9 W over 158 us are 3.6e5 J (Guo and Krider 1982: 3.7e5); at 2 km 0.94 lx s."""
    stroke = flash().strokes[0]
    assert stroke.energy_j(0.0, 2.0) == pytest.approx(2.3e9 * 158e-6, rel=1e-9)
    assert stroke.energy_j(0.0, 2.0) == pytest.approx(3.7e5, rel=0.03)
    assert stroke.energy_j(0.0, 2.0) * LUMENS_W / (4.0 * math.pi * 2000.0**2) == pytest.approx(0.94, abs=0.01)
    # whatever an exposure is cut into, the parts add up
    cuts = np.array([0.9, 1.0, 1.00005, 1.0002, 1.01, 1.5])
    parts = [flash(strokes=5).energy_j(a, b) for a, b in itertools.pairwise(cuts)]
    assert sum(parts) == pytest.approx(flash(strokes=5).energy_j(0.9, 1.5))
    assert parts[0] == 0.0
    assert flash(to_ground=False).strokes[0].decay_s == CLOUD_PULSE_S
    assert flash(to_ground=False).energy_j(0.0, 2.0) == pytest.approx(flash().energy_j(0.0, 2.0))


def test_a_picture_gets_the_share_that_falls_into_its_exposure():
    """Direct light, channel and clouds; half of the exposure makes twice the mean light."""
    whole = lit(NIGHT, [flash()], 0.99, 1.01)
    expected = 2.3e9 * 158e-6 * LUMENS_W / 0.02 / (4.0 * math.pi * 2000.0**2)
    direct = float(whole.sun_illuminance @ np.array(LUMINANCE_RGB))
    assert direct == pytest.approx(0.9 * expected, rel=1e-5)
    assert direct + lux(whole) == pytest.approx((1.0 + CLOUD_SHARE) * expected, rel=1e-4)
    half = lit(NIGHT, [flash()], 0.995, 1.005)
    assert half.sun_illuminance[1] == pytest.approx(2.0 * whole.sun_illuminance[1], rel=1e-5)
    near = lit(NIGHT, [flash(distance_m=1000.0)], 0.99, 1.01)
    assert near.sun_illuminance[1] == pytest.approx(4.0 * whole.sun_illuminance[1], rel=1e-5)
    assert lit(NIGHT, [flash()], 0.9, 0.999) is NIGHT
    assert lit(NIGHT, [], 0.9, 1.1) is NIGHT


@pytest.mark.parametrize(("from_deg", "toward"), [(90.0, (1.0, 0.0)), (0.0, (0.0, 1.0)), (225.0, (-0.7071, -0.7071))])
def test_light_comes_from_where_it_strikes(from_deg, toward):
    seen = lit(NIGHT, [flash(from_deg=from_deg)], 0.99, 1.01)
    np.testing.assert_allclose(seen.sun_direction, direction(flash(from_deg=from_deg)))
    flat = seen.sun_direction[:2] / np.hypot(*seen.sun_direction[:2])
    np.testing.assert_allclose(flat, toward, atol=1e-4)
    assert seen.sun_seen == 0.0
    # the brightest cells are the channel: in that direction, between the ground and the clouds
    rows, columns = seen.sky.shape[:2]
    row, column = np.nonzero(seen.sky[..., 1] > 0.5 * seen.sky[..., 1].max())
    phi = (column + 0.5) * 2.0 * np.pi / columns
    mean = np.array([np.cos(phi).mean(), np.sin(phi).mean()])
    np.testing.assert_allclose(mean / np.hypot(*mean), toward, atol=0.15)
    elevation = 90.0 - (row + 0.5) * 180.0 / rows
    assert elevation.min() < 1.0
    assert elevation.max() == pytest.approx(math.degrees(math.atan2(1500.0, 2000.0)), abs=1.0)


def test_within_clouds_it_casts_no_shadow():
    inside = lit(NIGHT, [flash(to_ground=False)], 0.99, 1.01)
    assert not inside.sun_illuminance.any()
    assert inside.sun_direction is not None
    assert lux(inside) == pytest.approx(
        CLOUD_SHARE * 2.3e9 * 158e-6 * LUMENS_W / 0.02 / (4.0 * math.pi * 4e6), rel=2e-3
    )


def test_by_day_the_sun_keeps_casting_shadows():
    day = NIGHT.replace(sun_illuminance=np.full(3, 8e4, np.float32), sun_direction=np.array([0.6, 0.0, 0.8]))
    seen = lit(day, [flash()], 0.99, 1.01)
    np.testing.assert_array_equal(seen.sun_direction, day.sun_direction)
    np.testing.assert_allclose(seen.sun_illuminance, day.sun_illuminance)
    assert seen.sun_seen == 1.0
    assert lux(seen) > 0.0
    # what cast shadows before stays as light where a flash outshines it
    moon = day.replace(sun_illuminance=np.full(3, 0.2, np.float32))
    both, alone = lit(moon, [flash()], 0.99, 1.01), lit(NIGHT, [flash()], 0.99, 1.01)
    assert lux(both) - lux(alone) == pytest.approx(0.2, rel=1e-3)


def test_flashes_come_by_a_poisson_process():
    effect = Lightning(flashes_per_minute=30.0, distance_m=(1000.0, 5000.0))
    drawn = [effect.settled(seed, 20.0).flashes for seed in range(400)]
    counts = np.array([len(flashes) for flashes in drawn])
    assert counts.mean() == pytest.approx(10.0, abs=4.0 * math.sqrt(10.0 / 400.0))
    assert counts.var() == pytest.approx(10.0, rel=0.25)
    every = [f for flashes in drawn for f in flashes]
    assert all(0.0 <= f.at_s < 20.0 and 1000.0 <= f.distance_m <= 5000.0 for f in every)
    # even over the area: half of them beyond the radius that halves it
    beyond = np.mean([f.distance_m > math.sqrt(0.5 * (1e6 + 25e6)) for f in every])
    assert beyond == pytest.approx(0.5, abs=0.03)
    assert np.mean([f.to_ground for f in every]) == pytest.approx(0.3, abs=0.03)
    gaps = np.diff([s.time_s for s in flash(strokes=15).strokes])
    assert 0.03 < np.median(gaps) < 0.12


def test_a_drawn_scene_holds_every_flash():
    text = "simgen: 1\nworld: empty\nclock: {duration_s: 30}\nweather: [{type: lightning, flashes_per_minute: 20}]"
    scene = loads(text, "s").sample(4)
    (effect,) = scene.weather
    assert effect.flashes_per_minute == 0.0
    assert len(effect.flashes) > 3
    assert scene_from_yaml(scene_to_yaml(scene)) == scene
    assert loads(text, "s").sample(5).weather != scene.weather


def test_cameras_see_it_and_nothing_else_does():
    scene = sg.loads(STREET, "s").sample(0)
    assembly, trajectory = assemble(scene), sg.simulate(scene)
    with Renderer(assembly, trajectory, threads=1) as renderer:
        shots = {(t.sensor.name, t.index): renderer.shot(t) for t in timetable(scene)}
    dark, bright = shots["eye", 1].surroundings, shots["eye", 2].surroundings
    assert bright.light.horizontal_lux > 50.0 * max(dark.light.horizontal_lux, 0.01)
    assert shots["top", 2].surroundings.light is dark.light
    # lamps that daylight switches burn on
    np.testing.assert_array_equal(bright.stage.lamps.intensity, dark.stage.lamps.intensity)
    assert dark.stage.lamps.intensity.any()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{type: lightning, flashes_per_minute: 0}", "s:3:49: flashes_per_minute is 0 and no flashes are listed"),
        ("{type: lightning, flashes_per_minute: -1}", "s:3:49: flashes_per_minute must be at least 0, not -1"),
        ("{type: lightning, flashes: [{distance_m: 5}]}", "s:3:39: flashes[0] needs the key 'at_s'"),
        ("{type: lightning, flashes_per_minute: 1, distance_m: [9000, 500]}", "s:3:64: distance_m: the nearest is"),
    ],
)
def test_lightning_that_makes_no_sense_is_refused_where_it_stands(text, message):
    with pytest.raises(SceneError) as caught:
        loads(f"simgen: 1\nworld: empty\nweather: [{text}]", "s")
    assert str(caught.value.faults[0]).startswith(message), str(caught.value.faults[0])


def test_listed_flashes_are_all_unless_a_rate_is_told():
    listed = Lightning(flashes=(FlashAt(at_s=1.0),))
    assert Lightning().rate == 4.0
    assert listed.rate == 0.0
    assert listed.settled(1, 600.0) is listed
    both = Lightning(flashes=(FlashAt(at_s=1.0),), flashes_per_minute=10.0).settled(1, 60.0)
    assert both.flashes[0].at_s == 1.0
    assert len(both.flashes) > 2


def test_lightning_does_not_change():
    with pytest.raises(ValueError, match="lightning cannot change"):
        Change(from_=None, to=Lightning(flashes_per_minute=1.0))
