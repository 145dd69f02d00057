"""Wet, snowy and icy ground as a lidar meets it: closed forms, lost and mirrored returns, and what the camera sees."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from helpers_cover import cover, open_sky, under
from helpers_stage import Bench, Part, box, dome, motion, plane, track

from simgen.geometry import BODY_FROM_CAMERA, quat_conjugate, quat_from_euler, quat_multiply, quat_rotate
from simgen.kernels import lidar_cover
from simgen.records.frames import POINT_GHOST, LidarFrame
from simgen.records.mesh import Surface
from simgen.records.surroundings import Shot
from simgen.records.window import Track
from simgen.sensors._lidar_surfaces import finish_of, lying_on
from simgen.sensors.camera import Camera
from simgen.sensors.lidar import Lidar

ROAD = Surface(class_name="road", roughness=1.0, base_color=(0.2,) * 3, lidar_reflectance=0.2)
GROUND = Part(mesh=plane(400.0), surface=ROAD)
#: across x, 5 m high, 20 m away
WALL = Part(
    mesh=box((1.0, 60.0, 5.0), (20.5, 0.0, 2.5)),
    surface=Surface(class_name="building", lidar_reflectance=0.5, roughness=1.0),
)


def lidar(**fields: Any) -> Lidar:
    return Lidar(**{"name": "top", "model": "vlp-16", "noise": False, **fields})


def sweep_shot(bench: Bench, height: float, threads: int = 1) -> Shot:
    """A lidar that stands so high over the origin."""
    half = 60_000_000
    at = Track(
        time_ns=np.zeros(1, np.int64),
        position=np.array([[0.0, 0.0, height]]),
        quaternion=np.array([[1.0, 0.0, 0.0, 0.0]]),
        offset=np.zeros(3),
        rotation=np.array([1.0, 0.0, 0.0, 0.0]),
    )
    return bench.shot(at, motion(start_ns=-half, end_ns=half), threads=threads)


def take(shot: Shot, **fields: Any) -> LidarFrame:
    frame = lidar(**fields).capture(shot)
    assert isinstance(frame, LidarFrame)
    return frame


def fresnel(cosine: float, n: float) -> float:
    t = math.sqrt(1.0 - (1.0 - cosine**2) / n**2)
    s, p = (cosine - n * t) / (cosine + n * t), (n * cosine - t) / (n * cosine + t)
    return 0.5 * (s * s + p * p)


def responses(nm: float, cosine: float, **lying: float) -> float:
    """Of the road, in powers of a white wall hit straight on."""
    with Bench([GROUND], dome()) as bench:
        table = finish_of(bench.stage.surfaces, nm)
        both = lying_on(under(sweep_shot(bench, 2.0), wetness=1.0), nm, 0.0)
    assert both is not None
    shares, out = np.zeros((1, 4)), np.empty(1)
    for k, name in enumerate(("film", "pool", "snow", "ice")):
        shares[0, k] = lying.get(name, 0.0)
    lidar_cover.cover_response(table, cover(), both[1], np.array([cosine]), shares, out)
    return float(out[0])


@pytest.mark.parametrize("cosine", [0.5, 0.9])
def test_water_dims_by_the_closed_form(cosine):
    """T_aw rho T_wa / (1 - rho R_wa), by Fresnel's equations and the n^2 by which light spreads that leaves."""
    rho, n = 0.2, 1.33
    into = 1.0 - fresnel(cosine, n)
    want = into * rho * (into / n**2) / (1.0 - 0.47 * rho) * cosine
    for name, depth in (("pool", 5e-3), ("film", 3e-4)):
        along = math.sqrt(1.0 - (1.0 - cosine**2) / n**2)
        absorbed = math.exp(-2.0 * 6.8 * depth / along)
        # the film's rough lobe is what is left of the mirror, small at these angles
        assert responses(905.0, cosine, **{name: 1.0}) == pytest.approx(want * absorbed, rel=0.02)
    assert responses(905.0, cosine) == pytest.approx(rho * cosine, rel=1e-6)


def test_snow_is_bright_at_905_nm_and_dark_at_1550():
    assert responses(905.0, 1.0, snow=1.0) == pytest.approx(0.9 * 0.91, abs=0.05)
    assert responses(1550.0, 1.0, snow=1.0) < 0.1


def test_water_swallows_1550_nm():
    assert responses(1550.0, 0.5, pool=1.0) < 0.01 * responses(905.0, 0.5, pool=1.0)
    assert responses(1550.0, 0.5, film=1.0) < 0.8 * responses(905.0, 0.5, film=1.0)


def test_no_share_of_the_light_is_sent_twice():
    """What comes back and what goes on, at every angle and with everything that may lie there."""
    for cosine in np.linspace(0.06, 0.9, 15):
        for name in ("film", "pool", "snow", "ice"):
            assert responses(905.0, float(cosine), **{name: 1.0}) <= 1.0


def test_wet_ground_is_duller_and_snow_brighter():
    with Bench([GROUND], dome()) as bench:
        shot = sweep_shot(bench, 2.0)
        dry, wet, snowy = (take(s).points for s in (shot, under(shot, wetness=1.0), under(shot, snow_m=0.2)))
    assert dry is not None
    assert wet is not None
    assert snowy is not None
    # the rings that look down steeply all see the ground, wet or dry
    near = [p.intensity[p.range < 10.0] for p in (dry, wet, snowy)]
    assert len(near[0]) == len(near[1]) == len(near[2]) > 1000
    assert 0.3 < (near[1] / near[0]).mean() < 0.7
    # 4.5 head-on, more at grazing angles: snow is uneven, the road here is Lambert's
    assert 4.5 < (near[2] / near[0]).mean() < 9.0


def test_puddles_lose_returns_and_mirror_what_stands_behind():
    """Grazing beams on water: none from the water, some from the wall's image, mirrored below the ground."""
    with Bench([GROUND, WALL], dome()) as bench:
        shot = sweep_shot(bench, 1.5)
        dry, flooded = take(shot).points, take(under(shot, puddles=1.0)).points
    assert dry is not None
    assert flooded is not None
    on_ground = [(np.abs(p.xyz[:, 2] + 1.5) < 0.05) & (p.range > 12.0) & (p.range < 19.0) for p in (dry, flooded)]
    assert on_ground[0].sum() > 500
    assert on_ground[1].sum() == 0
    ghosts = (flooded.flags & POINT_GHOST) > 0
    assert ghosts.sum() > 100
    below = flooded.xyz[ghosts]
    assert (below[:, 2] < -1.5).mean() > 0.99
    # a ghost lies as far behind the mirror as the wall stands before it
    front = below[np.abs(below[:, 1]) < 3.0]
    np.testing.assert_allclose(front[:, 0], 20.0, atol=0.05)
    # no ghost on dry ground
    assert not (dry.flags & POINT_GHOST).any()


def test_weather_that_leaves_nothing_changes_no_bit():
    with Bench([GROUND, WALL], dome()) as bench:
        shot = sweep_shot(bench, 1.5)
        kept = dataclasses.replace(shot.surroundings, exposure=open_sky(len(bench.stage.vertices)))
        plain, clear = take(shot).points, take(dataclasses.replace(shot, surroundings=kept)).points
    assert plain is not None
    assert clear is not None
    for name, _, value in plain.arrays():
        np.testing.assert_array_equal(value, getattr(clear, name))


def test_sweeps_are_the_same_on_more_threads():
    with Bench([GROUND, WALL], dome()) as bench:
        change = {"wetness": 0.6, "puddles": 0.3, "snow_m": 0.003, "ice": 0.1}
        one, two = (take(under(sweep_shot(bench, 1.5, t), **change)).points for t in (1, 2))
    assert one is not None
    assert two is not None
    for name, _, value in one.arrays():
        np.testing.assert_array_equal(value, getattr(two, name))


@pytest.mark.parametrize("change", [{"puddles": 0.4}, {"snow_m": 0.004}])
def test_camera_and_lidar_see_the_same_patches(change):
    """From above the camera, from aside the lidar: the pixel that a return falls on is water or snow where that is."""
    eye = Camera(name="eye", width=400, height=400, hfov_deg=90.0, outputs=("linear",), antialias=0, reflections=0)
    with Bench([GROUND], dome(1000.0)) as bench:
        down = bench.shot(track((0.0, 0.0, 8.0), quat_from_euler(0.0, math.radians(90.0), 0.0)))
        picture = eye.capture(under(down, **change)).linear[..., 1].astype(np.float64)
        bare = float(eye.capture(down).linear[..., 1].mean())
        shot = sweep_shot(bench, 1.2)
        dry, there = take(shot).points, take(under(shot, **change)).points
    assert dry is not None
    assert there is not None
    key = {(int(r), int(t)): i for r, t, i in zip(dry.ring, dry.time_offset_ns, dry.intensity, strict=True)}
    rotation = quat_from_euler(0.0, math.radians(90.0), 0.0)
    camera_from_world = quat_conjugate(quat_multiply(rotation, np.array(BODY_FROM_CAMERA)))
    points = quat_rotate(camera_from_world, there.xyz.astype(np.float64) + np.array([0.0, 0.0, 1.2 - 8.0]))
    u, v = (np.floor(200.0 + 200.0 * points[:, k] / points[:, 2]).astype(int) for k in (0, 1))
    inside = (u >= 0) & (v >= 0) & (u < 400) & (v < 400)
    columns = there.ring[inside], there.time_offset_ns[inside], there.intensity[inside]
    factor = np.array([i / key[int(r), int(t)] for r, t, i in zip(*columns, strict=True)])
    shown = picture[v[inside], u[inside]] / bare
    # water is darker than the road to both, snow brighter
    seen, met = (shown < 0.85, factor < 0.8) if "puddles" in change else (shown > 2.0, factor > 2.0)
    assert 0.1 < met.mean() < 0.9
    # tufts of snow are hardly wider than the beams and pixels that look at them
    assert (seen == met).mean() > (0.95 if "puddles" in change else 0.88)


def test_a_depth_camera_loses_its_dots_in_water_and_not_in_snow():
    """Dots of the projector on a wet, a flooded and a snowy road, relative to the dry one."""
    from simgen.kernels.depth_cover import dim

    with Bench([GROUND], dome()) as bench:
        both = lying_on(under(sweep_shot(bench, 2.0), wetness=1.0), 850.0, 0.0)
    assert both is not None
    shares = np.array([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32)
    pattern, own = np.ones(5, np.float32), np.ones(5, np.float32)
    table = np.array([[0.2, 1.0, 0.0, 0.2, 0.0, 0.0]], np.float32)
    dim(0, 5, cover(), both[1], table, np.zeros(5, np.int64), shares, np.full(5, 0.3, np.float32), pattern, own)
    assert pattern[0] == own[0] == 1.0
    assert 0.3 < pattern[1] < 0.65
    assert pattern[3] == pytest.approx(0.9 * 1.03 / 0.2, rel=0.02)
    into = 1.0 - fresnel(0.3, 1.33)
    bed = into**2 / 1.33**2 * 0.2 / (1.0 - 0.47 * 0.2)
    assert own[2] == pytest.approx(bed / (bed + fresnel(0.3, 1.33)), rel=0.05)
    assert own[3] == 1.0
