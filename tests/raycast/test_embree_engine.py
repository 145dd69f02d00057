"""The native engine: what it hits, what it refuses, and that it gives its memory back."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from helpers_raycast import (
    blob_shape,
    box_shape,
    hills_shape,
    make_stage,
    random_motion,
    random_rays,
    rays_from,
    rest,
    triangle_shape,
)

from simgen.errors import EngineError, UserError
from simgen.geometry import quat_from_axis_angle
from simgen.kernels import trace
from simgen.kernels.jit import kernel
from simgen.kernels.trace import cast_each, cast_many, occluded_each, occluded_many
from simgen.kernels.trace_wide import cast_wide, occluded_wide
from simgen.raycast.embree import EmbreeEngine
from simgen.records.rays import Hits, Rays
from simgen.records.stage import NO_HIT, Motion, Stage
from simgen.rng import stream

UP = (0.0, 0.0, 1.0)


def cast(stage: Stage, motion: Motion, rays, threads: int = 1) -> Hits:
    engine = EmbreeEngine(stage, threads)
    hits = engine.place(motion).cast(rays)
    engine.close()
    return hits


def test_a_known_triangle_is_hit_where_it_is():
    stage = make_stage([box_shape(1, 1, 1), triangle_shape()], [(0, 0), (1, 1), (1, 2)])
    motion = rest(3, [(50, 0, 0), (0, 0, 7), (0, 0, 2)])
    hits = cast(stage, motion, rays_from((1.0, 0.5, 0.0), (0.0, 0.0, 2.0)))
    assert hits.distance[0] == pytest.approx(1.0, abs=1e-6)  # in lengths of the direction
    assert (hits.instance[0], hits.triangle[0]) == (2, 0)
    assert hits.barycentric[0] == pytest.approx([0.25, 0.125], abs=1e-6)


def test_near_far_and_inactive_rays():
    stage, motion = make_stage([triangle_shape()], [(0, 0), (0, 1)]), rest(2, [(0, 0, 5), (0, 0, 8)])
    near = [0.0, 5.5, 9.0, 0.0, 6.0, 6.0, 4.0]
    far = [np.inf, np.inf, np.inf, 4.5, 6.0, 2.0, np.nan]
    rays = rays_from((1, 1, 0), UP, 0.0, near, far)
    hits = cast(stage, motion, rays)
    assert np.allclose(hits.distance, [5, 8, np.inf, np.inf, np.inf, np.inf, np.inf], atol=1e-5)
    assert hits.instance.tolist() == [0, 1, *[NO_HIT] * 5]
    assert hits.triangle.tolist() == [0, 0, *[NO_HIT] * 5]
    assert not hits.barycentric[2:].any()
    with_engine = EmbreeEngine(stage, 1)
    assert with_engine.place(motion).occluded(rays).tolist() == [True, True, *[False] * 5]
    with_engine.close()


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 8191, 8193])
def test_any_number_of_rays_and_threads(count):
    stage, motion = make_stage([box_shape(2, 2, 2)], [(0, 0)]), rest(1)
    x = np.linspace(-2, 2, count)
    rays = rays_from(np.stack([x, 0 * x, 0 * x - 5], -1), UP) if count else random_rays(0, 0)
    for threads in (1, 2):
        hits = cast(stage, motion, rays, threads)
        assert np.array_equal(np.isfinite(hits.distance), np.abs(x.astype(np.float32)) <= 1)
        assert np.allclose(hits.distance[np.isfinite(hits.distance)], 4.0, atol=1e-5)


def test_per_ray_time_follows_a_body_that_flies_and_one_that_turns():
    stage = make_stage([box_shape(1, 1, 1), box_shape(10, 0.2, 0.2)], [(0, 1), (1, 2)])
    motion = rest(3)
    position = np.repeat(motion.position, 2, 0)
    position[1, 1] = (10, 0, 0)
    position[:, 2] = (0, 50, 0)
    quaternion = np.repeat(motion.quaternion, 2, 0)
    quaternion[1, 2] = quat_from_axis_angle((0, 0, 1), np.pi / 2)
    moving = motion.replace(end_ns=1, position=position, quaternion=quaternion, moving=np.array([False, True, True]))
    time = np.linspace(0, 1, 11, dtype=np.float32)
    down = rays_from(np.stack([10 * time, 0 * time, 0 * time + 9], -1), (0, 0, -1), time)
    assert (cast(stage, moving, down).instance == 0).all()
    assert (cast(stage, moving, down.replace(time=time[::-1].copy())).instance != 0).sum() == 10
    angle = time * np.pi / 2
    tip = np.stack([4.9 * np.cos(angle), 50 + 4.9 * np.sin(angle), 0 * time + 9], -1)
    assert (cast(stage, moving, rays_from(tip, (0, 0, -1), time)).instance == 1).all()


def test_absent_bodies_are_not_there_and_come_back():
    stage = make_stage([box_shape(1, 1, 1)], [(0, 1), (0, 2)])
    motion = rest(3, [(0, 0, 0), (0, 0, 3), (0, 0, 6)])
    gone = motion.replace(exists=np.array([True, False, True]))
    engine, ray = EmbreeEngine(stage, 1), rays_from((0, 0, 0), UP)
    found = []
    for state in (motion, gone, gone, motion):
        view = engine.place(state)
        found.append(int(view.cast(ray).instance[0]))
        view.close()
    engine.close()
    assert found == [0, 1, 1, 0]


def test_a_tree_used_before_gives_the_bits_of_a_fresh_one():
    stage = make_stage([hills_shape(8, 20.0), blob_shape(1, 1.0)], [(0, 0), *((1, k) for k in range(1, 6))])
    rays = random_rays(2, 2000)
    slow, fast, instant = (random_motion(5, 6, *how) for how in ((4, 10.0, 0.01), (7, 10.0, 2.5), (1,)))
    engine = EmbreeEngine(stage, 2)
    for motion in (instant, slow, fast, slow, instant, fast):
        view = engine.place(motion)
        used = view.cast(rays)
        view.close()
        for (_, _, a), (_, _, b) in zip(used.arrays(), cast(stage, motion, rays).arrays(), strict=True):
            assert np.array_equal(a, b)
    engine.close()


def test_several_views_stand_side_by_side():
    stage = make_stage([box_shape(1, 1, 1)], [(0, 1)])
    engine = EmbreeEngine(stage, 1)
    views = [engine.place(rest(2, [(0, 0, 0), (0, 0, z)])) for z in (3.0, 5.0, 9.0)]
    found = [float(view.cast(rays_from((0, 0, 0), UP)).distance[0]) for view in views]
    engine.close()
    assert found == pytest.approx([2.5, 4.5, 8.5], abs=1e-5)


def test_rays_exactly_on_edges_give_the_same_bits_on_any_number_of_threads():
    stage = make_stage([hills_shape(40, 40.0)], [(0, 0)])
    above = stage.vertices + np.array([0, 0, 50], np.float32) - stage.vertices * np.array([0, 0, 1], np.float32)
    rays = rays_from(np.concatenate([above, above + np.array([0.5, 0.5, 0], np.float32)]), (0, 0, -1))
    one, two = (cast(stage, rest(1), rays, threads) for threads in (1, 2))
    assert np.isfinite(one.distance[: len(above)]).mean() > 0.9
    for (_, _, a), (_, _, b) in zip(one.arrays(), two.arrays(), strict=True):
        assert np.array_equal(a, b)


def test_no_ray_slips_between_triangles():
    stage = make_stage([hills_shape(60, 40.0)], [(0, 0)])
    inner = stage.vertices[(np.abs(stage.vertices[:, :2]) < 19).all(-1)]
    origin = inner * np.array([1, 1, 0], np.float32) + np.array([0, 0, 30], np.float32)
    assert np.isfinite(cast(stage, rest(1), rays_from(origin, (0, 0, -1))).distance).all()


@kernel
def _all_ways(f, scene, o, d, s, near, far, distance, instance, triangle, uv, blocked):
    cast_many(f[0], scene, o, d, s, near, far, distance[0], instance[0], triangle[0], uv[0])
    cast_each(f[1], scene, o, d, s, near, far, distance[1], instance[1], triangle[1], uv[1])
    occluded_many(f[2], scene, o, d, s, near, far, blocked[0])
    occluded_each(f[3], scene, o, d, s, near, far, blocked[1])


def test_packets_and_single_rays_agree_inside_a_kernel():
    stage = make_stage([hills_shape(10, 20.0), blob_shape(2, 1.5)], [(0, 0), *((1, k) for k in range(1, 9))])
    engine, rays, count = EmbreeEngine(stage, 1), random_rays(9, 3003), 3003
    view = engine.place(random_motion(9, 9, 3))
    native = view.native
    assert native is not None
    addresses = np.array([native.intersect8, native.intersect1, native.occluded8, native.occluded1], np.uint64)
    distance, uv = np.empty((2, count), np.float32), np.empty((2, count, 2), np.float32)
    instance, triangle = np.empty((2, 2, count), np.uint32)
    blocked = np.empty((2, count), np.bool_)
    columns = (rays.origin, rays.direction, rays.time, rays.near, rays.far)
    _all_ways(addresses, native.scene, *columns, distance, instance, triangle, uv, blocked)
    hits = view.cast(rays)
    assert 500 < np.isfinite(hits.distance).sum() < count
    assert np.array_equal(distance[0], hits.distance)
    same = instance[0] == instance[1]
    assert same.mean() > 0.999  # an edge may go to either side
    assert np.allclose(distance[0][same], distance[1][same], atol=1e-4)
    assert np.array_equal(blocked[0], np.isfinite(distance[0]))
    assert (blocked[0] == blocked[1]).mean() > 0.999
    engine.close()


@kernel
def _wide(sixteen, eight, scene, o, d, s, near, far, distance, instance, triangle, uv):
    cast_wide(sixteen, eight, scene, o, d, s, near, far, distance, instance, triangle, uv)


@pytest.mark.parametrize("apart", [0.02, 0.3], ids=["close", "scattered"])
def test_packets_of_sixteen_see_what_single_rays_see(apart):
    """Moving bodies too; some rays are inactive, and the last packet is not full."""
    stage = make_stage([hills_shape(10, 20.0), blob_shape(2, 1.5)], [(0, 0), *((1, k) for k in range(1, 9))])
    engine, single, count = EmbreeEngine(stage, 1), random_rays(9, 301), 3003
    row = np.repeat(np.arange(301), 20)[:count]
    bent = single.direction[row] + stream(4, "bent").uniform(-apart, apart, (count, 3)).astype(np.float32)
    far = np.where(np.arange(count) % 41 == 0, single.near[row], single.far[row])
    rays = Rays(origin=single.origin[row], direction=bent, time=single.time[row], near=single.near[row], far=far)
    view = engine.place(random_motion(9, 9, 3))
    native, hits = view.native, view.cast(rays)
    assert native is not None
    columns = (rays.origin, rays.direction, rays.time, rays.near, rays.far)
    for sixteen in {0, native.intersect16}:
        distance, uv = np.empty(count, np.float32), np.empty((count, 2), np.float32)
        instance, triangle = np.empty((2, count), np.uint32)
        _wide(sixteen, native.intersect8, native.scene, *columns, distance, instance, triangle, uv)
        same = (instance == hits.instance) & (triangle == hits.triangle)
        assert same.mean() > 0.999  # an edge may go to either side
        assert np.isfinite(distance).sum() > 500
        assert np.isinf(distance[::41]).all()
        np.testing.assert_allclose(distance[same], hits.distance[same], atol=1e-4)
        np.testing.assert_allclose(uv[same], hits.barycentric[same], atol=1e-3)
    for sixteen in {0, native.occluded16}:
        blocked = np.zeros(count, np.bool_)
        _wide_test(sixteen, native.occluded8, native.scene, *columns, blocked)
        assert (blocked == np.isfinite(hits.distance)).mean() > 0.999
    engine.close()


@kernel
def _wide_test(occluded16, occluded8, scene, origin, direction, time, near, far, blocked):
    occluded_wide(occluded16, occluded8, scene, origin, direction, time, near, far, blocked)


@kernel
def _flag(words, valid):
    return trace.is_coherent(8, words, valid)


@pytest.mark.parametrize(
    ("apart_deg", "apart_m", "active", "close"),
    [
        (0.0, 0.0, True, True),
        (4.0, 0.0, True, True),
        (7.0, 0.0, True, False),
        (7.0, 0.0, False, True),
        (180.0, 0.0, True, False),
        (0.0, 3.9, True, True),
        (0.0, 4.1, True, False),
        (np.nan, 0.0, True, False),
    ],
)
def test_packets_of_close_rays_are_told_from_scattered_ones(apart_deg, apart_m, active, close):
    words, valid = np.zeros((12, 8), np.float32), np.ones(8, np.uint32)
    words[4] = 0.3
    words[0, 5], valid[5] = apart_m, active
    words[4:6, 5] = 2 * np.cos(np.radians(apart_deg)), 2 * np.sin(np.radians(apart_deg))
    assert (_flag(words.ravel(), valid) != 0) == close


def test_what_is_closed_says_so_and_closing_twice_is_fine():
    engine = EmbreeEngine(make_stage([box_shape(1, 1, 1)], [(0, 0)]), 1)
    ray = rays_from((0, 0, -3), UP)
    view, other = engine.place(rest(1)), engine.place(rest(1))
    view.close()
    view.close()
    assert view.native is None
    for ask in (view.cast, view.occluded):
        with pytest.raises(EngineError, match="closed"):
            ask(ray)
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        other.cast(ray)
    with pytest.raises(EngineError, match="closed"):
        engine.place(rest(1))


def test_an_engine_that_is_dropped_gives_its_memory_back():
    engine = EmbreeEngine(make_stage([box_shape(1, 1, 1)], [(0, 0)]), 1)
    engine.place(rest(1))
    releases = [engine._device.close, engine._meshes.close, weakref.ref(engine)]
    del engine
    gc.collect()
    assert not releases[0].alive
    assert not releases[1].alive
    assert releases[2]() is None


def test_a_stage_of_nothing_hits_nothing():
    empty = make_stage([], [])
    hits = cast(empty, rest(1), rays_from((0, 0, 0), UP))
    assert hits.instance[0] == NO_HIT


def broken(change) -> Stage:
    stage = make_stage([box_shape(1, 1, 1), triangle_shape()], [(0, 0), (1, 0)])
    return change(stage)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.replace(triangle_start=np.array([0, 13, 13])), "mesh 1 .* no triangles"),
        (lambda s: s.replace(vertices=np.where(s.vertices == 4, np.nan, s.vertices)), "mesh 1 .* no numbers"),
        (lambda s: s.replace(vertices=np.where(s.vertices == 4, np.inf, s.vertices)), "mesh 1 .* no numbers"),
        (lambda s: s.replace(vertex_start=np.array([0, 7, 11])), "mesh 0 .* 7 vertices.* names 7"),
        (lambda s: s.replace(instance_mesh=np.array([0, 2], np.uint32)), "2 meshes, .* names mesh 2"),
    ],
)
def test_broken_meshes_are_refused_by_number(change, words):
    with pytest.raises(UserError, match=words):
        EmbreeEngine(broken(change), 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: rest(2), "2 bodies, but the stage needs 3"),
        (lambda m: m.replace(position=m.position * np.nan), "body 0"),
        (lambda m: m.replace(quaternion=m.quaternion * np.float32(1.1)), "body 0 .* not unit"),
        (lambda m: random_motion(0, 3, 130), "130 steps; 1 to 129"),
    ],
)
def test_motions_that_do_not_fit_are_refused(change, words):
    engine = EmbreeEngine(make_stage([box_shape(1, 1, 1)], [(0, 0), (0, 2)]), 1)
    with pytest.raises(EngineError, match=words):
        engine.place(change(rest(3)))
    engine.close()


def test_an_absent_body_may_have_any_pose():
    engine = EmbreeEngine(make_stage([box_shape(1, 1, 1)], [(0, 0), (0, 1)]), 1)
    motion = rest(2, [(0, 0, 0), (np.nan, 0, 0)]).replace(exists=np.array([True, False]))
    assert engine.place(motion).cast(rays_from((0, 0, -3), UP)).instance[0] == 0
    engine.close()
