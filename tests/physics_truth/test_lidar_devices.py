"""The catalogue against the makers' figures, and prisms, mirrors and rasters against closed forms."""

from __future__ import annotations

import math

import helpers_lidar as yard
import numpy as np
import pytest

from simgen.geometry import quat_from_yaw, quat_rotate
from simgen.kernels.lidar_meet import RETRO_GAIN
from simgen.records.frames import POINT_BLOOMING
from simgen.records.mesh import Surface
from simgen.sensors._lidar_aim import scan_of
from simgen.sensors._lidar_describe import field_of_view, typical_rate
from simgen.sensors._lidar_device import LidarDevice, catalogue, load_device
from simgen.sensors._lidar_pattern import Axis, Prism, Risley, refract, through_prisms
from simgen.sensors._lidar_sweep import Turn, beams_of
from simgen.sensors.lidar import Lidar

FORWARD = np.array([1.0, 0.0, 0.0])
SCANNERS = sorted(name for name in catalogue() if not load_device(name).rotates)

#: lasers, firings/s at 10 Hz, lowest and highest elevation, width (deg): the makers' figures
SHEETS = {
    "hdl-64e": (64, 1_333_000, -24.6, 2.0, 360.0),
    "hdl-32e": (32, 695_000, -30.67, 10.67, 360.0),
    "vlp-16": (16, 289_344, -15.0, 15.0, 360.0),
    "vlp-32c": (32, 578_688, -25.0, 15.0, 360.0),
    "vls-128": (128, 2_400_000, -25.0, 15.0, 360.0),
    "os0-128": (128, 1_310_720, -46.0, 45.75, 360.0),
    "os1-128": (128, 1_310_720, -21.5, 21.0, 360.0),
    "os2-128": (128, 1_310_720, -11.25, 11.0, 360.0),
    "pandar64": (64, 1_152_000, -24.9, 14.88, 360.0),
    "pandar128e4x": (128, 2_304_000, -24.71, 15.14, 360.0),
    "xt32": (32, 640_000, -16.0, 15.0, 360.0),
    "mid-40": (1, 100_000, -19.2, 19.2, 38.4),
    "mid-70": (1, 100_000, -35.2, 35.2, 70.4),
    "avia": (6, 240_000, -38.6, 38.6, 70.4),
    "hap": (6, 452_000, -12.5, 12.5, 120.0),
    "mid-360": (4, 200_000, -7.0, 52.0, 360.0),
    "planar": (1, 18_018, 0.0, 0.0, 360.0),
    "raster": (128, 1_536_000, -12.4, 12.4, 120.0),
}


def angles(beams: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth and elevation of unit vectors, deg."""
    beams = beams.reshape(-1, 3)
    return np.degrees(np.arctan2(beams[:, 1], beams[:, 0])), np.degrees(np.arcsin(beams[:, 2]))


def seconds(device: LidarDevice, count: int) -> np.ndarray:
    """Directions of so many frames of 0.1 s, end to end."""
    return np.concatenate([device.directions(10.0, 0.1 * k).reshape(-1, 3) for k in range(count)])


# ------------------------------------------------------------------------------------ the makers' figures


@pytest.mark.parametrize("model", catalogue())
def test_field_of_view_and_point_rate_are_the_makers(model):
    device = load_device(model)
    lasers, rate, low, high, width = SHEETS[model]
    view = field_of_view(device)
    assert device.lasers == lasers
    assert device.firings_per_s(typical_rate(device)) == pytest.approx(rate, rel=2e-3)
    assert view["elevation_deg"] == pytest.approx([low, high], abs=0.35)
    assert np.diff(view["azimuth_deg"])[0] == pytest.approx(width, abs=0.4)


def test_vlp_16_at_10_hz():
    device = load_device("vlp-16")
    step = abs(math.degrees(device.spin_at(10.0))) * device.cycle_at(10.0)
    assert step == pytest.approx(0.1991, abs=5e-5)
    assert device.firings_per_s(10.0) == pytest.approx(289_344, rel=5e-5)
    lag_ns = device.time_ns[-1] - device.time_ns[0]
    assert lag_ns == pytest.approx(34_560.0)
    assert abs(math.degrees(device.spin_at(10.0))) * lag_ns == pytest.approx(0.1244, abs=5e-5)


def test_vls_128_fires_in_groups_of_eight_with_two_pauses():
    device = load_device("vls-128")
    times, together = np.unique(device.time_ns, return_counts=True)
    assert (together == 8).all()
    steps = np.diff(times)
    assert np.allclose(np.delete(steps, 7), 2665.0)
    assert steps[7] == pytest.approx(2 * 2665.0)
    core = np.sort(np.degrees(device.elevation))
    assert np.allclose(np.diff(core[(core > -6.6) & (core < 4.5)]), 0.11)


def test_stagger_and_spacing_of_the_cores():
    vlp = np.degrees(load_device("vlp-32c").azimuth)
    assert set(np.round(np.abs(vlp), 6)) == {1.4, 4.2}
    pandar = load_device("pandar64")
    assert set(np.round(np.degrees(pandar.azimuth), 6)) == {-5.208, -3.125, -1.042, 1.042, 3.125, 5.208}
    core = np.sort(np.degrees(pandar.elevation))
    assert np.diff(core[(core > -6.1) & (core < 2.0)]) == pytest.approx(1 / 6, abs=0.012)
    wide = np.sort(np.degrees(load_device("pandar128e4x").elevation))
    assert np.diff(wide[(wide > -5.9) & (wide < 2.1)]).mean() == pytest.approx(0.125, abs=0.002)
    xt = load_device("xt32")
    assert np.allclose(np.diff(np.degrees(xt.elevation)), -1.0)
    assert np.allclose(np.diff(xt.time_ns), 1512.0)
    assert abs(math.degrees(xt.spin_at(10.0))) * xt.cycle_at(10.0) == pytest.approx(0.18)
    hdl = load_device("hdl-32e")
    assert np.allclose(np.diff(np.sort(np.degrees(hdl.elevation))), 4 / 3, atol=0.011)
    assert hdl.cycle_at(10.0) == pytest.approx(40 * 1152.0)


@pytest.mark.parametrize("model", ["os0-128", "os1-128", "os2-128"])
def test_ouster_points_follow_its_own_formula(model):
    """``x = (r - n) cos(te + ta) cos(phi) + n cos(te)``, likewise y, ``z = (r - n) sin(phi)`` (ouster_core)."""
    lidar = Lidar(name="a", model=model, noise=False)
    device = lidar.device
    points = yard.take(lidar, [yard.Thing(yard.sphere(20.0))]).points
    laser = np.argsort(device.ring)[points.ring]
    encoder = math.pi + device.spin_at(10.0) * (points.time_offset_ns + lidar.turn.half_ns)
    turned, phi = encoder + device.azimuth[laser], device.elevation[laser]
    n = {"os0-128": 0.02767, "os1-128": 0.015806, "os2-128": 0.013762}[model]
    r = points.range.astype(np.float64)
    flat = (r - n) * np.cos(phi)
    x, y = flat * np.cos(turned) + n * np.cos(encoder), flat * np.sin(turned) + n * np.sin(encoder)
    assert np.abs(points.xyz - np.stack([x, y, (r - n) * np.sin(phi)], -1)).max() < 2e-5
    assert len(r) == 1024 * 128


def test_ranges_grow_with_the_root_of_reflectance():
    device = load_device("os2-128")
    assert device.range_at(0.1) == device.range_10_m
    assert device.range_at(0.2) / device.range_at(0.1) == pytest.approx(math.sqrt(2.0))
    assert load_device("mid-40").range_at(0.8) == pytest.approx(254.6, abs=0.1)
    assert device.range_at(1.0) == device.max_range_m


# ------------------------------------------------------------------------------------ prisms


def prism(**changes) -> Prism:
    """A prism that stands still, its thin edge up or wherever its phase says."""
    return Prism(**({"wedge": 0.3, "index": 1.5, "rate_hz": 0.0, "phase": 0.0, "slant_first": False} | changes))


def test_one_prism_deflects_by_the_closed_form():
    """Slanted exit face: ``asin(n sin a) - a``; slanted entry face: ``asin(n sin(a - asin(sin a / n)))``."""
    at = np.zeros(1)
    for wedge in (0.05, 0.2, 0.4):
        out = through_prisms((prism(wedge=wedge),), FORWARD, at)
        assert math.acos(out[0, 0]) == pytest.approx(math.asin(1.5 * math.sin(wedge)) - wedge, abs=1e-12)
        out = through_prisms((prism(wedge=wedge, slant_first=True),), FORWARD, at)
        inside = wedge - math.asin(math.sin(wedge) / 1.5)
        assert math.acos(out[0, 0]) == pytest.approx(math.asin(1.5 * math.sin(inside)), abs=1e-12)
        assert np.linalg.norm(out) == pytest.approx(1.0)


def test_refraction_bends_towards_the_normal_in_its_plane():
    into = np.array([math.cos(0.6), math.sin(0.6), 0.0])
    out = refract(into, FORWARD, 1.0 / 1.5)
    assert math.asin(out[1]) == pytest.approx(math.asin(math.sin(0.6) / 1.5))
    assert out[2] == 0.0
    assert np.isnan(refract(into, FORWARD, 1.8)).all()


def test_equal_prisms_opposite_to_each_other_cancel():
    """Slanted faces towards each other and parallel: the pair is a plate with a gap, and deflects nothing."""
    pair = (prism(), prism(slant_first=True))
    assert np.allclose(through_prisms(pair, FORWARD, np.zeros(1)), FORWARD)
    against = (prism(phase=0.5), prism(slant_first=True))
    assert through_prisms(against, FORWARD, np.zeros(1))[0, 0] < math.cos(2 * 0.14)


@pytest.mark.parametrize(("model", "off_axis"), [("mid-40", 19.16), ("mid-70", 35.19)])
def test_largest_angle_off_axis(model, off_axis):
    beams = seconds(load_device(model), 20)
    largest = math.degrees(np.arccos(beams[:, 0].min()))
    assert largest == pytest.approx(off_axis, abs=0.005)


def test_mid_40_fills_its_disc_as_the_maker_s_does():
    """Occupied cells of 0.5 deg over the disc's area: 0.36, 0.76 and 1.04 after 0.1, 0.3 and 1 s (tolerance 0.015)."""
    device = load_device("mid-40")
    for frames, share in ((1, 0.36), (3, 0.76), (10, 1.04)):
        azimuth, elevation = angles(seconds(device, frames))
        cells = set(zip(np.floor(azimuth / 0.5), np.floor(elevation / 0.5), strict=True))
        assert 0.25 * len(cells) / (math.pi * 19.16**2) == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize("model", ["mid-40", "mid-70", "avia", "mid-360"])
def test_patterns_do_not_repeat(model):
    device = load_device(model)
    seen = []
    for k in (0, 1):
        azimuth, elevation = angles(device.directions(10.0, 0.1 * k))
        seen.append(set(zip(np.floor(azimuth / 0.25), np.floor(elevation / 0.25), strict=True)))
    assert len(seen[1] - seen[0]) > 0.4 * len(seen[1])


# ------------------------------------------------------------------------------------ mirrors and rasters


def test_axes_by_their_closed_forms():
    time = np.linspace(0.0, 1.0, 1001)[:-1]
    saw = Axis(shape="saw", rate_hz=2.0, phase=0.0, low=-1.0, high=3.0)
    assert np.allclose(saw.angle(time), -1.0 + 4.0 * ((2.0 * time) % 1.0))
    triangle = Axis(shape="triangle", rate_hz=1.0, phase=0.0, low=0.0, high=1.0)
    assert np.allclose(triangle.angle(time), np.minimum(2.0 * time, 2.0 - 2.0 * time))
    sine = Axis(shape="sine", rate_hz=3.0, phase=0.25, low=-2.0, high=2.0)
    assert np.allclose(sine.angle(time), 2.0 * np.cos(6.0 * np.pi * time))
    assert (Axis(shape="still", rate_hz=3.0, phase=0.0, low=0.5, high=0.7).angle(time) == 0.5).all()
    turn = Axis(shape="turn", rate_hz=-1.0, phase=0.0, low=0.0, high=0.0)
    assert np.allclose(np.exp(1j * turn.angle(time)), np.exp(-2j * np.pi * time))


def test_hap_steps_by_its_resolution():
    """0.18 x 0.23 deg is the manual's mean spacing; lines of one frame lie 25 deg / (18 sweeps x 6 lasers) apart."""
    beams = load_device("hap").directions(10.0, 0.0)
    azimuth = np.degrees(np.arctan2(beams[..., 1], beams[..., 0]))
    step = np.diff(azimuth[:, 0])
    assert np.median(step) == pytest.approx(120.0 * 180.0 * 13.274336e-6, rel=1e-3)
    azimuth, elevation = angles(seconds(load_device("hap"), 1))
    middle = np.sort(elevation[np.abs(azimuth) < 0.15])
    assert np.median(np.diff(middle)) == pytest.approx(25.0 / 108, abs=0.02)


def test_mid_360_covers_all_round():
    azimuth, elevation = angles(seconds(load_device("mid-360"), 5))
    cells = set(zip(np.floor(azimuth / 3.0), np.floor(elevation / 3.0), strict=True))
    assert len(cells) >= 0.98 * 120 * 20


def test_a_raster_is_a_grid_from_left_to_right():
    device = load_device("raster")
    beams = device.directions(10.0)
    assert beams.shape == (1200, 128, 3)
    azimuth, elevation = (a.reshape(1200, 128) for a in angles(beams))
    assert np.allclose(azimuth, (60.0 - 0.05 - 0.1 * np.arange(1200))[:, None])
    assert np.allclose(elevation, -12.5 + 25 / 256 + 25 / 128 * np.arange(128))
    assert (device.ring == np.arange(128)).all()
    assert np.array_equal(device.directions(10.0, 3.7), beams)


# ------------------------------------------------------------------------------------ the kernel, and frames


@pytest.mark.parametrize("model", SCANNERS)
def test_the_kernel_looks_where_the_formulas_do(model):
    """At time 0 and after an hour, from a sensor that is turned: to a float32's precision."""
    from simgen.kernels.lidar_scan import aim_scan
    from simgen.kernels.lidar_tables import Columns, Rows

    device = load_device(model)
    turn = Turn(device=device, rate_hz=10.0, start_azimuth=math.pi)
    beams, _ = beams_of(device)
    count, cycle = turn.columns, device.cycle_at(10.0)
    yaw = quat_from_yaw(np.full(count + 1, 0.7))
    columns = Columns(
        position=np.tile([5.0, -2.0, 1.0], (count + 1, 1)),
        quaternion=yaw,
        start_azimuth=0.0,
        spin=0.0,
        cycle=cycle,
        since_motion=0.0,
        since_frame=0.0,
        span=1e8,
    )
    n = count * device.lasers
    for start_ns in (0, 3_600_000_000_000):
        f4 = [np.zeros(s, np.float32) for s in ((n, 3), (n, 3), n, n, n, (n, 3), (n, 3))]
        rows = Rows(*f4)
        aim_scan(0, beams, columns, scan_of(device, start_ns), 0.1, 200.0, rows)
        wanted = device.directions(10.0, start_ns * 1e-9).transpose(1, 0, 2).reshape(-1, 3)
        assert np.abs(rows.beam - wanted).max() < 2e-6
        assert np.abs(rows.direction - quat_rotate(yaw[0], wanted)).max() < 2e-6
        assert np.allclose(rows.origin, [5.0, -2.0, 1.0])
        since = np.floor(np.arange(count) * cycle + device.time_ns[:, None] + 0.5).ravel()
        assert np.abs(rows.time - since / 1e8).max() < 1e-7


def scanner(model: str, **fields) -> Lidar:
    """A noiseless scanner."""
    return Lidar(name="a", model=model, noise=False, **fields)


@pytest.mark.parametrize("model", ["mid-40", "avia", "mid-360", "raster"])
def test_a_frame_holds_every_firing_of_its_window_where_it_looked(model):
    lidar = scanner(model)
    device = lidar.device
    for time_ns in (0, 300 * yard.MS):
        points = yard.take(lidar, [yard.Thing(yard.sphere(12.0, 200))], time_ns=time_ns).points
        beams = device.directions(10.0, (time_ns - lidar.turn.half_ns) * 1e-9)
        assert len(points.range) == beams.shape[0] * beams.shape[1]
        assert points.time_offset_ns[0] == -lidar.turn.half_ns
        assert (np.diff(points.time_offset_ns) >= 0).all()
        assert np.abs(points.xyz / points.range[:, None] - beams.reshape(-1, 3)).max() < 1e-5


def test_frames_follow_each_other_without_a_gap():
    lidar = scanner("mid-70", rate_hz=20.0)
    taken = [yard.take(lidar, [yard.Thing(yard.sphere(12.0))], time_ns=k * 50 * yard.MS).points for k in (0, 1)]
    first, second = (k * 50 * yard.MS + p.time_offset_ns for k, p in enumerate(taken))
    assert second[0] - first[-1] == 10_000


@pytest.mark.parametrize("model", ["avia", "hap"])
def test_a_scanner_that_moves_and_turns_sees_the_wall_where_it_is(model):
    """Every point, put into the world with the sensor's pose at its own instant, lies on the wall."""
    carrier = yard.Thing(yard.wall(1.0), position=(0.0, 1.0, 0.0), velocity=(20.0, -3.0, 0.0), yaw_rate=1.5)
    points = yard.take(scanner(model), [yard.Thing(yard.wall(30.0))], carrier=carrier).points
    position, quaternion = yard.pose_at(carrier, points.time_offset_ns)
    world = position + quat_rotate(quaternion, points.xyz.astype(np.float64))
    assert len(points.range) > 20_000
    assert np.abs(world[:, 0] - 30.0).max() < 2e-3


def test_a_raster_gives_a_range_image():
    lidar = scanner("raster", outputs=("range_image",))
    frame = yard.take(lidar, [yard.Thing(yard.wall(10.0))])
    assert frame.range_image is not None
    assert frame.range_image.shape == (128, 1200)
    beams = lidar.device.directions(10.0)
    assert np.abs(frame.range_image.T - 10.0 / beams[..., 0]).max() < 2e-3


def test_rings_of_a_scanner_are_its_lasers_from_below():
    points = yard.take(scanner("hap"), [yard.Thing(yard.sphere(12.0))]).points
    _, elevation = angles(points.xyz / points.range[:, None])
    means = [elevation[points.ring == ring].mean() for ring in range(6)]
    assert np.diff(means) == pytest.approx(25 / 6, abs=0.05)


def test_prisms_and_lasers_of_a_pattern_are_what_the_file_says():
    pattern = load_device("avia").pattern
    assert isinstance(pattern, Risley)
    assert [round(math.degrees(p.wedge), 4) for p in pattern.prisms] == [30.8856, 29.7735, 3.1351]
    assert [p.rate_hz for p in pattern.prisms] == [-131.5463, 40.8032, 213.1611]


@pytest.mark.parametrize("model", ["mid-40", "hap", "raster"])
def test_retro_reflectors_bloom_in_scanners_too(model):
    """Stray light falls with the square of the angle: the halo ends where ``share P / angle^2`` is the threshold."""
    at, share = 20.0, 3e-6
    sheet = Surface(class_name="traffic_sign", lidar_reflectance=0.3, retro=1.0)
    sign = yard.Thing(yard.box((0, 0, 0), (0.02, 1.0, 1.0)), sheet, label=4, position=(at, 0, 0))
    lidar = Lidar(name="a", model=model, blooming=share, range_noise_m=0.01, sunlight_klx=0.0)
    points = yard.take(lidar, [sign]).points
    halo = (points.flags & POINT_BLOOMING) > 0
    assert halo.sum() > 20
    assert np.abs(points.range[halo] - at).max() < 0.05 * at
    assert (points.instance[halo] == 0).all()
    xyz = points.xyz[halo].astype(np.float64)
    outside = np.maximum(np.abs(xyz[:, 1:] / xyz[:, :1]) - 0.5 / at, 0.0)
    angle = np.degrees(np.hypot(outside[:, 0], outside[:, 1]))
    power = (RETRO_GAIN + 0.3) / 0.1 * (lidar.device.range_10_m / at) ** 2
    reach = math.sqrt(share * power)
    assert angle.min() < 0.5 * reach
    assert angle.max() == pytest.approx(reach, rel=0.2)
    assert not (yard.take(Lidar(name="a", model=model, blooming=0.0), [sign]).points.flags & POINT_BLOOMING).any()
