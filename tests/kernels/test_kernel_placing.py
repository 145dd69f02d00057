"""Boxes of moving instances hold them at all times, and the callbacks see the same by packets and by single rays."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_raycast import blob_shape, box_shape, make_stage, random_motion, random_rays

from simgen.geometry import transform
from simgen.kernels.jit import kernel
from simgen.kernels.placing import swept_box, turn_between
from simgen.kernels.trace import cast_each, occluded_each
from simgen.raycast._stages import mesh_boxes, mesh_radii
from simgen.raycast.embree import EmbreeEngine
from simgen.raycast.reference import poses_at


@kernel
def _box(out, boxes, radius, position, quaternion, body):
    swept_box(out, 0, np.empty(16, np.float32), boxes, 0, radius, position, quaternion, body)


@kernel
def _turn(quaternion, body, step):
    return turn_between(quaternion, body, step)


@kernel
def _each(intersect1, scene, origin, direction, time, near, far, distance, instance, triangle, barycentric):
    cast_each(intersect1, scene, origin, direction, time, near, far, distance, instance, triangle, barycentric)


@kernel
def _blocked_each(occluded1, scene, origin, direction, time, near, far, blocked):
    occluded_each(occluded1, scene, origin, direction, time, near, far, blocked)


@pytest.mark.parametrize(("steps", "turn_rad"), [(2, 0.0), (2, 3.0), (4, 1.5), (26, 0.1), (129, 0.4)])
def test_a_swept_box_holds_every_vertex_at_every_time_and_is_no_larger_than_need_be(steps, turn_rad):
    stage = make_stage([blob_shape(3, 1.5)], [(0, 1)])
    motion = random_motion(steps, 3, steps, turn_rad=turn_rad)
    box = np.zeros((1, 8), np.float32)
    _box(box, mesh_boxes(stage), float(mesh_radii(stage)[0]), motion.position, motion.quaternion, 1)
    time = np.linspace(0.0, 1.0, 40 * steps, dtype=np.float32)
    position, quaternion = poses_at(motion, 1, time)
    points = transform(position[:, None], quaternion[:, None], stage.vertices)
    low, high = points.min((0, 1)), points.max((0, 1))
    assert (box[0, :3] < low).all()
    assert (box[0, 4:7] > high).all()
    # the corners of the mesh's own box stick out by at most its diagonal; arcs add their height
    slack = 1.5 * (np.sqrt(3.0) - 0.5) + 1.5 * turn_rad**2 / 8 + 1e-3
    assert (low - box[0, :3] < slack).all()
    assert (box[0, 4:7] - high < slack).all()


def test_boxes_of_meshes_are_tight():
    stage = make_stage([box_shape(2, 4, 6), blob_shape(1, 1.0)], [(0, 0), (1, 0)])
    middle, half = mesh_boxes(stage)[:, :3], mesh_boxes(stage)[:, 3:]
    assert np.allclose(middle[0], 0.0)
    assert np.allclose(half[0], (1, 2, 3))
    blob = stage.vertices[stage.vertex_start[1] :]
    assert np.allclose(middle[1] + half[1], blob.max(0))
    assert np.allclose(middle[1] - half[1], blob.min(0))


@pytest.mark.parametrize("angle", [0.0, 1e-3, 0.5, 3.0])
def test_the_turn_between_two_steps(angle):
    half = angle / 2
    quaternion = np.array([[[1, 0, 0, 0]], [[-np.cos(half), 0, -np.sin(half), 0]]], np.float32)
    assert _turn(quaternion, 0, 0) == pytest.approx(angle, abs=1e-6)


@pytest.mark.parametrize("turn_rad", [0.01, 0.4, 2.5])
def test_movers_give_the_same_for_packets_single_rays_and_any_number_of_threads(turn_rad):
    shapes = [box_shape(40, 40, 1), blob_shape(1, 1.0), box_shape(3, 2, 1)]
    stage = make_stage(shapes, [(0, 0), *((1 + k % 2, k) for k in range(1, 9))])
    motion, rays = random_motion(4, 9, 5, turn_rad=turn_rad), random_rays(6, 20_000)
    hits, blocked = [], []
    for threads in (1, 2):
        engine = EmbreeEngine(stage, threads)
        view = engine.place(motion)
        hits.append(view.cast(rays))
        blocked.append(view.occluded(rays))
        if threads == 1:
            found, single = _one_by_one(view.native, rays)
        engine.close()
    for (_, _, a), (_, _, b) in zip(hits[0].arrays(), hits[1].arrays(), strict=True):
        assert np.array_equal(a, b)
    assert np.array_equal(blocked[0], blocked[1])
    assert len(np.unique(hits[0].instance)) == 10
    # packets and single rays are traversed by other code of Embree: equal but for rays on an edge
    both = np.isfinite(found) & np.isfinite(hits[0].distance)
    assert (np.isfinite(found) == np.isfinite(hits[0].distance)).mean() > 0.9995
    assert (np.abs(found[both] - hits[0].distance[both]) < 1e-3).mean() > 0.9995
    assert (single == blocked[0]).mean() > 0.9995
    assert (blocked[0] == np.isfinite(hits[0].distance)).mean() > 0.9995


def _one_by_one(native, rays):
    count = len(rays.time)
    given = (rays.origin, rays.direction, rays.time, rays.near, rays.far)
    distance, blocked = np.empty(count, np.float32), np.empty(count, np.bool_)
    names, barycentric = np.empty((2, count), np.uint32), np.empty((count, 2), np.float32)
    _each(native.intersect1, native.scene, *given, distance, names[0], names[1], barycentric)
    _blocked_each(native.occluded1, native.scene, *given, blocked)
    return distance, blocked
