"""The radar in small scenes: places, velocities, mirrors, maps, the ideal frame, same bits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_lidar import Thing, box, sphere, wall
from helpers_radar import METAL, Site, radar_of, scan

from simgen.geometry import quat_from_yaw, quat_rotate
from simgen.records.base import array_specs
from simgen.records.frames import STATUS_DROPPED
from simgen.records.mesh import Surface
from simgen.records.radar import (
    RADAR_EGO,
    RADAR_FOLDED,
    RADAR_GHOST,
    RADAR_MULTIPATH,
    NuScenesRadar,
    RadarDetections,
    RadarFrame,
)
from simgen.sensors._radar_nuscenes import dynamics, rms_code
from simgen.sensors._radar_scan import take_echoes
from simgen.taxonomy import class_id

LEAVES = Surface(class_name="vegetation", roughness=0.9)
WIDE = scan(
    azimuth_deg=40.0, elevation_deg=8.0, azimuth_step_deg=0.4, elevation_step_deg=0.4, azimuth_resolution_deg=2.0
)


def columns(table) -> dict[str, np.ndarray]:
    return {name: getattr(table, name) for name in array_specs(type(table))}


def test_a_sphere_is_where_it_is():
    place = np.array([30.0, 10.0, 1.5])
    with Site([Thing(sphere(0.5), METAL, 7, position=tuple(place))]) as site:
        found = site.take(radar_of(WIDE, noise=False)).detections
    near = place * (1.0 - 0.5 / math.sqrt((place**2).sum()))
    row = int(np.argmax(found.snr))
    np.testing.assert_allclose(found.xyz[row], near, atol=0.12)
    assert found.instance[row] == found.source[row] == 7
    assert found.semantic[row] == class_id("object")
    assert found.azimuth[row] == pytest.approx(math.atan2(10.0, 30.0), abs=0.004)


def test_without_an_elevation_antenna_height_is_unknown():
    flat = scan(elevation_resolution_deg=0.0)
    with Site([Thing(sphere(0.5), METAL, 7, position=(30.0, 0.0, 2.5))]) as site:
        found = site.take(radar_of(flat, noise=False)).detections
    assert found.xyz[0, 2] == found.elevation[0] == 0.0
    assert found.true_elevation[0] == pytest.approx(math.atan2(2.5, 30.0), abs=0.003)
    assert found.range[0] == pytest.approx(math.hypot(30.0, 2.5) - 0.5, abs=0.02)


@pytest.mark.parametrize("speed", [-15.0, 4.0])
def test_radial_velocity_of_a_moving_body(speed):
    with Site([Thing(sphere(0.5), METAL, 1, position=(40.0, 0.0, 0.0), velocity=(speed, 0.0, 0.0))]) as site:
        found = site.take(radar_of()).detections
    row = int(np.argmax(found.snr))
    assert found.true_velocity[row] == pytest.approx(speed, abs=0.02)
    assert found.radial_velocity[row] == pytest.approx(speed, abs=0.1)


def test_own_motion_is_taken_out_over_ground():
    carrier = Thing(wall(1.0), velocity=(12.0, 3.0, 0.0))
    with Site([Thing(sphere(0.5), METAL, 1, position=(40.0, 15.0, 0.0))], carrier=carrier) as site:
        frame = site.take(radar_of(WIDE, noise=False))
    row = int(np.argmax(frame.detections.snr))
    towards = np.array([40.0, 15.0]) / math.hypot(40.0, 15.0)
    assert frame.detections.radial_velocity[row] == pytest.approx(-(towards @ [12.0, 3.0]), abs=0.05)
    assert frame.detections.velocity_over_ground[row] == pytest.approx(0.0, abs=0.05)
    np.testing.assert_allclose(frame.velocity, [12.0, 3.0, 0.0], atol=0.01)


def test_velocities_fold_beyond_the_limit_unless_resolved():
    """30 m/s at +-19.47 m/s reads 30 - 38.93."""
    thing = Thing(sphere(1.0), METAL, 1, position=(40.0, 0.0, 0.0), velocity=(30.0, 0.0, 0.0))
    with Site([thing]) as site:
        folded = site.take(radar_of(resolved=0.0))
        clear = site.take(radar_of(resolved=1.0))
    row = int(np.argmax(folded.detections.snr))
    assert folded.detections.radial_velocity[row] == pytest.approx(30.0 - 38.93, abs=0.1)
    assert folded.detections.true_velocity[row] == pytest.approx(30.0, abs=0.05)
    assert folded.detections.flags[row] & RADAR_FOLDED
    assert (folded.nuscenes.ambig_state[row], folded.nuscenes.dyn_prop[row]) == (1, 4)
    row = int(np.argmax(clear.detections.snr))
    assert clear.detections.radial_velocity[row] == pytest.approx(30.0, abs=0.1)
    assert (clear.detections.flags[row] & RADAR_FOLDED, clear.nuscenes.ambig_state[row]) == (0, 3)


def test_every_point_of_a_turning_body_has_its_own_velocity():
    """``(v + omega x r) . u``, echo by echo: what makes micro-Doppler."""
    rate, centre = 25.0, np.array([20.0, 0.0, 0.0])
    thing = Thing(sphere(1.0), LEAVES, 1, position=tuple(centre), velocity=(2.0, -1.0, 0.0), yaw_rate=rate)
    radar = radar_of(scan(azimuth_deg=3.0, elevation_deg=3.0))
    with Site([thing]) as site:
        echoes = take_echoes(radar.device, radar.scans[0], site.shot(), "radar", bounces=False)
    seen = echoes.power > 0.0
    left, up = echoes.left[seen], echoes.up[seen]
    ahead = np.stack([np.sqrt(1.0 - left**2 - up**2), left, up], -1)
    arm = echoes.range[seen, None] * ahead - centre
    wanted = ((np.array([2.0, -1.0, 0.0]) + np.cross([0.0, 0.0, rate], arm)) * ahead).sum(-1)
    np.testing.assert_allclose(echoes.velocity[seen], wanted, atol=0.06)
    assert np.ptp(wanted) > 0.9 * 2.0 * rate


def test_moving_parts_are_told_from_the_trunk():
    parts = [
        Thing(box((20.0, 0.0, 0.5), (2.0, 2.0, 1.0)), METAL, 1, velocity=(5.0, 0.0, 0.0)),
        Thing(sphere(0.4), METAL, 1, position=(18.0, 0.0, -0.7), velocity=(9.0, 0.0, 0.0)),
    ]
    with Site(parts) as site:
        found = site.take(radar_of(noise=False)).detections
    fast = found.radial_velocity > 7.0
    assert fast.any()
    assert ((found.flags[fast] & 16) != 0).all()
    assert ((found.flags[~fast] & 16) == 0).all()


ROAD = Surface(class_name="road", roughness=0.9)


def ground(z: float = -0.5):
    from helpers_lidar import flat

    return flat([[x, y, z] for x in (-5.0, 200.0) for y in (-60.0, 60.0)], [[0, 2, 1], [1, 2, 3]])


def test_a_hidden_car_is_seen_under_the_one_in_front():
    """By way of the road: the image's range, the object's own label, flag multipath; nothing without bounces."""
    things = [
        Thing(ground(), ROAD, 0),
        Thing(box((20.0, 0.0, 0.75), (4.0, 2.4, 1.9)), METAL, 1),
        Thing(box((40.0, 0.0, 0.25), (4.0, 1.8, 1.1)), METAL, 2),
    ]
    beam = scan(azimuth_deg=5.0, elevation_deg=5.0, azimuth_step_deg=0.05, elevation_step_deg=0.05)
    with Site(things) as site:
        without = site.take(radar_of(beam, noise=False)).detections
        found = site.take(radar_of(beam, noise=False, bounces=True)).detections
    assert 2 not in without.instance
    assert 1 in without.instance
    mine = np.flatnonzero(found.instance == 2)
    assert len(mine)
    assert ((found.flags[mine] & RADAR_MULTIPATH) != 0).all()
    row = mine[np.argmax(found.snr[mine])]
    # the rear face at 38 m, seen at its image below the road: between its foot and the gap's reach
    low, high = (math.hypot(38.0, 0.5 + h) for h in (0.2, 1.3))
    assert low - 0.1 < found.range[row] < high + 0.1
    assert found.true_elevation[row] < 0.0


def test_a_wall_of_metal_shows_a_ghost_at_the_mirror_image():
    car = Thing(sphere(1.0), METAL, 3, position=(30.0, 0.0, 0.0), velocity=(-8.0, 0.0, 0.0))
    mirror = Thing(box((20.0, 5.25, 0.0), (60.0, 0.5, 6.0)), METAL, 0)
    with Site([car, mirror]) as site:
        found = site.take(radar_of(WIDE, noise=False, bounces=True)).detections
    ghosts = np.flatnonzero((found.flags & RADAR_GHOST) != 0)
    mine = ghosts[found.source[ghosts] == 3]
    assert len(mine)
    assert (found.instance[ghosts] == 0).all()
    assert (found.semantic[mine] == class_id("ghost")).all()
    # nearer ones have gone round
    mine = mine[found.range[mine] > 30.2]
    row = mine[np.argmax(found.snr[mine])]
    # the sphere's image stands at (30, 10); its near side is one radius closer
    assert found.range[row] == pytest.approx(math.hypot(30.0, 10.0) - 1.0, abs=0.1)
    assert found.azimuth[row] == pytest.approx(math.atan2(10.0, 30.0), abs=0.01)
    # the image runs along x as the car does
    assert found.true_velocity[row] == pytest.approx(-8.0 * 30.0 / math.hypot(30.0, 10.0), abs=0.1)


def test_echoes_that_go_round_one_way_lie_between_the_thing_and_its_ghost():
    """Straight there, back by the mirror, and the other way about: half of both ways, from either direction."""
    car = Thing(sphere(1.0), METAL, 3, position=(30.0, 0.0, 0.0), velocity=(-8.0, 0.0, 0.0))
    mirror = Thing(box((20.0, 5.25, 0.0), (60.0, 0.5, 6.0)), METAL, 0)
    with Site([car, mirror]) as site:
        found = site.take(radar_of(WIDE, noise=False, bounces=True)).detections
    # the way from the sensor over the sphere to the sensor's image at (0, 10, 0): it meets the sphere half way between
    image, half = math.hypot(30.0, 10.0), 0.5 * math.atan2(10.0, 30.0)
    wanted = 0.5 * (30.0 + image) - math.cos(half)
    ghosts = np.flatnonzero(((found.flags & RADAR_GHOST) != 0) & (found.source == 3))
    between = ghosts[np.abs(found.range[ghosts] - wanted) < 0.1]
    assert (found.instance[between] == 0).all()
    azimuth = np.sort(found.azimuth[between])
    assert len(between) == 2
    assert azimuth[0] == pytest.approx(0.0, abs=0.02)
    assert azimuth[1] == pytest.approx(2.0 * half, abs=0.02)
    np.testing.assert_allclose(found.true_velocity[between], -4.0 * (1.0 + 30.0 / image), atol=0.15)


def test_the_bumper_is_transparent_and_what_is_behind_it_is_not():
    things = [
        Thing(box((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)), METAL, 1),
        Thing(box((0.0, 0.0, 0.0), (1.2, 1.2, 1.2)), METAL, 1),
        Thing(sphere(1.0), METAL, 2, position=(30.0, 0.0, 0.0)),
    ]
    with Site(things, ego=(1,)) as site:
        through = site.take(radar_of(noise=False, bumper_m=1.0)).detections
        blocked = site.take(radar_of(noise=False, bumper_m=0.0)).detections
        strange = Site(things)
    assert through.instance.tolist() == [2]
    assert set(blocked.instance.tolist()) <= {1}
    with strange:
        # whose body it is matters: another one's is no bumper
        assert 2 not in strange.take(radar_of(noise=False, bumper_m=1.0)).detections.instance


def test_the_ego_is_flagged():
    with Site([Thing(sphere(1.0), METAL, 4, position=(20.0, 0.0, 0.0))], ego=(4,)) as site:
        found = site.take(radar_of(noise=False)).detections
    assert (found.flags & RADAR_EGO).all()


def test_maps_show_the_target_in_its_bin_and_noise_around_it():
    thing = Thing(sphere(1.0), METAL, 1, position=(41.0, 0.0, 0.0), velocity=(-6.0, 0.0, 0.0))
    with Site([thing]) as site:
        radar = radar_of(outputs=("range_doppler", "range_azimuth"))
        frame = site.take(radar)
    figures = radar.device.figures()[0]
    r, v = np.unravel_index(np.argmax(frame.range_doppler), frame.range_doppler.shape)
    assert r == int(40.0 / figures["range_resolution_m"])
    limit = figures["velocity_limit_m_s"]
    assert v == int((-6.0 + limit) / (2.0 * limit) * frame.range_doppler.shape[1])
    assert np.median(frame.range_doppler) == pytest.approx(0.0, abs=0.3)
    _, a = np.unravel_index(np.argmax(frame.range_azimuth), frame.range_azimuth.shape)
    assert abs(a - frame.range_azimuth.shape[1] // 2) <= 1


def test_the_ideal_frame_has_neither_noise_nor_errors():
    thing = Thing(sphere(1.0), METAL, 1, position=(40.0, 2.0, 0.0), velocity=(-30.0, 0.0, 0.0))
    with Site([thing]) as site:
        frame = site.take(radar_of(outputs=("ideal",), false_alarm_rate=1e-4, least_rcs_dbsm=-100.0))
    ideal = frame.ideal
    assert isinstance(ideal, RadarFrame)
    assert (ideal.detections.flags == 0).all()
    assert len(frame.detections.range) > len(ideal.detections.range) >= 1
    np.testing.assert_array_equal(ideal.detections.range, ideal.detections.true_range)
    np.testing.assert_array_equal(ideal.detections.radial_velocity, ideal.detections.true_velocity)
    assert ideal.detections.radial_velocity.max() < -29.0


def test_a_silent_radar_reports_nothing_but_keeps_its_ideal_frame():
    with Site([Thing(sphere(1.0), METAL, 1, position=(40.0, 0.0, 0.0))]) as site:
        radar = radar_of(outputs=("ideal", "range_doppler"))
        frame = radar.silence(site.take(radar))
    assert frame.status == STATUS_DROPPED
    assert len(frame.detections.range) == len(frame.nuscenes.x) == 0
    assert not frame.range_doppler.any()
    assert len(frame.ideal.detections.range) >= 1


def things():
    return [
        Thing(ground(), ROAD, 0),
        Thing(box((25.0, 3.0, 0.5), (4.0, 2.0, 1.5)), METAL, 1, velocity=(4.0, 0.0, 0.0)),
        Thing(sphere(0.8, rings=24), METAL, 2, position=(35.0, -6.0, 0.5)),
    ]


def test_threads_change_nothing_and_seeds_do():
    radar = radar_of(WIDE, bounces=True, outputs=("range_doppler",))
    frames = []
    for threads, seed in ((1, 1), (3, 1), (1, 2)):
        with Site(things(), threads=threads, seed=seed) as site:
            frames.append(site.take(radar))
    for name, column in columns(frames[0].detections).items():
        np.testing.assert_array_equal(column, getattr(frames[1].detections, name))
    np.testing.assert_array_equal(frames[0].range_doppler, frames[1].range_doppler)
    assert not np.array_equal(frames[0].detections.range[:8], frames[2].detections.range[:8])


def test_an_engine_without_addresses_gives_the_same():
    still = [
        Thing(box((32.0, 0.0, 0.0), (2.0, 3.0, 2.0)), METAL, 1),
        Thing(box((20.0, 6.0, 0.0), (60.0, 0.5, 4.0)), METAL, 0),
    ]
    coarse = scan(azimuth_deg=30.0, azimuth_step_deg=0.5, elevation_step_deg=1.0)
    frames = []
    for engine in ("embree", "plain"):
        with Site(still, engine=engine) as site:
            frames.append(site.take(radar_of(coarse, noise=False, bounces=True)).detections)
    assert frames[0].flags.tolist() == frames[1].flags.tolist()
    assert {0, RADAR_GHOST} == set(frames[0].flags.tolist())
    np.testing.assert_allclose(frames[0].range, frames[1].range, atol=2e-3)
    np.testing.assert_allclose(frames[0].rcs, frames[1].rcs, atol=0.1)


def test_a_turned_radar_looks_the_other_way():
    place = quat_rotate(quat_from_yaw(math.pi / 2), np.array([30.0, 0.0, 0.0]))
    carrier = Thing(wall(1.0), yaw_rate=0.0)
    with Site([Thing(sphere(1.0), METAL, 1, position=tuple(place))], carrier=carrier) as site:
        assert 1 not in site.take(radar_of()).detections.instance


def test_nuscenes_fields_are_the_18_in_order():
    first = "x y z dyn_prop id rcs vx vy vx_comp vy_comp is_quality_valid ambig_state"
    last = "x_rms y_rms invalid_state pdh0 vx_rms vy_rms"
    assert list(array_specs(NuScenesRadar)) == [*first.split(), *last.split()]
    sizes = [np.dtype(spec.dtype).itemsize for spec in array_specs(NuScenesRadar).values()]
    assert sizes == [4, 4, 4, 1, 2, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1]


def test_nuscenes_velocities_are_radial_and_compensated():
    carrier = Thing(wall(1.0), velocity=(10.0, 0.0, 0.0))
    with Site([Thing(sphere(1.0), METAL, 1, position=(30.0, 12.0, 0.0))], carrier=carrier) as site:
        frame = site.take(radar_of(WIDE, noise=False))
    row, f = int(np.argmax(frame.detections.snr)), frame.nuscenes
    assert f.vy[row] / f.vx[row] == pytest.approx(12.0 / 30.0, rel=0.02)
    assert f.vx[row] == pytest.approx(-10.0 * (30.0**2 / (30.0**2 + 12.0**2)), abs=0.1)
    assert abs(f.vx_comp[row]) < 0.05
    assert f.dyn_prop[row] == 1
    assert (f.x[row], f.y[row]) == (frame.detections.xyz[row, 0], frame.detections.xyz[row, 1])


def test_codes_of_nuscenes():
    assert rms_code(np.array([0.004, 0.0055, 0.06, 0.1, 9.99, 20.0])).tolist() == [0, 1, 10, 12, 30, 31]
    assert dynamics(np.array([10.0, -10.0, 0.1, 0.7, 5.0]), np.array([0, 0, 0, 0, 1], bool)).tolist() == [0, 2, 1, 3, 4]


def test_an_empty_view_gives_an_empty_frame():
    with Site([Thing(wall(-30.0, 1.0))]) as site:
        frame = site.take(radar_of(noise=False, outputs=("ideal", "range_doppler")))
    assert isinstance(frame.detections, RadarDetections)
    assert len(frame.detections.range) == len(frame.ideal.detections.range) == 0
    np.testing.assert_allclose(frame.range_doppler, 0.0, atol=1e-6)


def echoes_of(text: str, time_s: float = 0.6):
    """Echoes of a wide scan in a scene of text, and the trunks' bodies."""
    from simgen.assembly import assemble
    from simgen.engine import Renderer, nearest_ticks
    from simgen.physics import simulate
    from simgen.scenario import loads

    scene = loads(text, "micro.yaml").sample(2)
    assembly = assemble(scene)
    with Renderer(assembly, simulate(assembly), threads=1) as renderer:
        tick = nearest_ticks(scene, round(time_s * 1e9))[0]
        radar = tick.sensor
        echoes = take_echoes(radar.device, radar.scans[0], renderer.shot(tick), "radar", bounces=False)
    seen = (echoes.power > 0.0) & (echoes.source == 1)
    return echoes.velocity[seen], (echoes.flags[seen] & 16) != 0


MICRO = """
simgen: 1
name: micro
clock: {{duration_s: 1.0}}
world: {{type: empty}}
light: {{type: constant}}
objects:
  - {{name: it, asset: {asset}, place: {{at_m: [{x}, 0, 0], yaw_deg: 0}},
     behaviour: {{type: drive_straight, speed_m_s: {speed}}}}}
sensors:
  - name: radar
    type: radar
    mount: {{position_m: [0, 0.3, 0.5]}}
    scans: [{{name: one, azimuth_deg: 12, elevation_deg: 8, azimuth_step_deg: 0.15, elevation_step_deg: 0.15}}]
"""


@pytest.mark.parametrize(("asset", "speed", "fastest"), [("sedan", 10.0, 0.5), ("bicycle", 5.0, 1.7)])
def test_wheels_run_from_standing_to_twice_the_speed(asset, speed, fastest):
    """Below a car only the lower, slower halves show."""
    velocity, part = echoes_of(MICRO.format(asset=asset, x=8, speed=speed))
    np.testing.assert_allclose(velocity[~part], speed, atol=0.4)
    assert part.sum() > 20
    assert -0.06 * speed < velocity[part].min() < 0.3 * speed
    assert fastest * speed < velocity[part].max() < 2.06 * speed


def test_legs_and_arms_of_a_walker_swing_about_the_trunk():
    velocity, part = echoes_of(MICRO.format(asset="pedestrian", x=6, speed=1.4))
    np.testing.assert_allclose(velocity[~part], 1.4, atol=0.25)
    assert velocity[part].max() - velocity[part].min() > 1.5
    assert velocity[part].max() > 2.2
