"""Embree = Open3D = plain numpy, on random scenes of resting, flying and turning bodies, each ray at its own time.

Tolerances. Distances agree to 1e-4 m measured across the surface: both engines place the surface to some 1e-5 m
(float32 rays and vertices), and a ray that grazes it at an angle whose cosine is
``c`` meets it ``1/c`` farther off. Where an engine names another triangle, or none, the ray must pass a triangle's edge
by less than 1e-3 of the triangle: there rounding decides on which side it falls.
"""

from __future__ import annotations

import numpy as np
import pytest
from helpers_raycast import blob_shape, box_shape, hills_shape, make_stage, random_motion, random_rays

from simgen.geometry import cross, normalized, quat_conjugate, quat_rotate
from simgen.raycast.embree import EmbreeEngine
from simgen.raycast.open3d import Open3dEngine
from simgen.raycast.reference import ReferenceEngine, poses_at
from simgen.records.rays import Hits, Rays
from simgen.records.stage import NO_HIT, Motion, Stage

BODIES = 9
RAYS = 1500


def scene(seed: int) -> Stage:
    shapes = [hills_shape(8, 30.0), *(blob_shape(seed + k, 1.0 + 0.6 * k) for k in range(3)), box_shape(4, 2, 1.5)]
    return make_stage(shapes, [(0, 0), *((1 + k % 4, k) for k in range(1, BODIES)), (4, 2)])


def cosines(stage: Stage, motion: Motion, rays: Rays, hits: Hits) -> np.ndarray:
    """|cosine| between each ray and the triangle that it hits."""
    out = np.ones(len(rays.time))
    for row in np.unique(hits.instance[hits.instance != NO_HIT]):
        at = np.flatnonzero(hits.instance == row)
        mesh, body = stage.instance_mesh[row], int(stage.instance_body[row])
        faces = stage.triangles[stage.triangle_start[mesh] + hits.triangle[at].astype(np.int64)]
        a, b, c = (stage.vertices[stage.vertex_start[mesh] + faces[:, k]].astype(float) for k in range(3))
        _, turn = poses_at(motion, body, rays.time[at])
        direction = quat_rotate(quat_conjugate(turn), rays.direction[at])
        out[at] = np.abs((normalized(cross(b - a, c - a)) * normalized(direction)).sum(-1))
    return out


def edge(hits: Hits) -> np.ndarray:
    """How near each hit is to an edge, as a share of the triangle; 1 where nothing is hit."""
    u, v = hits.barycentric.astype(float).T
    return np.where(np.isfinite(hits.distance), np.minimum(np.minimum(u, v), 1.0 - u - v), 1.0)


CASES = [(0, 1, 0.0), (1, 2, 0.0), (2, 2, 0.005), (3, 4, 0.05), (4, 4, 0.4), (5, 3, 1.5), (6, 30, 0.2), (7, 2, 3.0)]


@pytest.mark.parametrize(("seed", "steps", "turn_rad"), CASES)
def test_the_three_engines_agree(seed, steps, turn_rad):
    stage, rays = scene(seed), random_rays(seed, RAYS)
    motion = random_motion(seed, BODIES, steps, turn_rad=turn_rad)
    truth = ReferenceEngine(stage).place(motion).cast(rays)
    assert RAYS / 4 < np.isfinite(truth.distance).sum() < RAYS
    assert len(np.unique(truth.instance)) > 5
    cosine = cosines(stage, motion, rays, truth)
    for engine in (EmbreeEngine(stage, 1), Open3dEngine(stage)):
        view = engine.place(motion)
        hits, blocked = view.cast(rays), view.occluded(rays)
        view.close()
        engine.close()
        same = (hits.instance == truth.instance) & (hits.triangle == truth.triangle)
        assert (np.minimum(edge(hits), edge(truth))[~same] < 1e-3).all()
        assert same.mean() > 0.995
        both = same & np.isfinite(truth.distance)
        apart = np.abs(hits.distance[both] - truth.distance[both])
        assert (apart * cosine[both]).max() < 1e-4
        assert np.median(apart) < 1e-5
        slack = np.maximum(cosine, 1e-3)[both, None]
        assert (np.abs(hits.barycentric - truth.barycentric)[both] * slack).max() < 1e-3
        differ = blocked != np.isfinite(hits.distance)
        assert differ.mean() < 1e-3
        assert (edge(hits)[differ & np.isfinite(hits.distance)] < 1e-3).all()


def camera_rays(seed: int) -> Rays:
    """A picture of 60 by 40 pixels of half a degree, whose rays travel in close packets."""
    x, y = (grid.ravel() for grid in np.meshgrid(np.linspace(-0.26, 0.26, 60), np.linspace(-0.17, 0.17, 40)))
    direction = np.stack([np.ones_like(x), x, y - 0.2], -1)
    direction[x > 0.2, 0] = -1.0  # packets at this edge look two ways
    rays = random_rays(seed, len(x))
    origin = np.broadcast_to(np.array([-18.0, 2.0, 5.0], np.float32), direction.shape).copy()
    return rays.replace(origin=origin, direction=direction.astype(np.float32), near=np.zeros(len(x), np.float32))


@pytest.mark.parametrize(("seed", "steps", "turn_rad"), [(10, 1, 0.0), (11, 2, 0.1), (12, 5, 1.5)])
def test_close_packets_agree_with_the_reference(seed, steps, turn_rad):
    stage, rays = scene(seed), camera_rays(seed)
    motion = random_motion(seed, BODIES, steps, turn_rad=turn_rad)
    truth = ReferenceEngine(stage).place(motion).cast(rays)
    assert 0.2 < np.isfinite(truth.distance).mean() < 1.0
    engine = EmbreeEngine(stage, 1)
    view = engine.place(motion)
    hits, blocked = view.cast(rays), view.occluded(rays)
    engine.close()
    same = (hits.instance == truth.instance) & (hits.triangle == truth.triangle)
    assert same.mean() > 0.995
    assert (np.minimum(edge(hits), edge(truth))[~same] < 1e-3).all()
    both = same & np.isfinite(truth.distance)
    apart = np.abs(hits.distance[both] - truth.distance[both])
    assert (apart * cosines(stage, motion, rays, truth)[both]).max() < 1e-4
    assert (blocked != np.isfinite(hits.distance)).mean() < 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_far_and_near_cut_all_engines_alike(seed):
    stage, motion, rays = scene(seed), random_motion(seed, BODIES, 2), random_rays(seed, RAYS)
    truth = ReferenceEngine(stage).place(motion).cast(rays)
    hit = np.isfinite(truth.distance)
    before = rays.replace(far=np.where(hit, truth.distance - 1e-3, rays.far).astype(np.float32))
    after = rays.replace(
        near=np.where(hit, truth.distance - 1e-3, 0).astype(np.float32),
        far=np.where(hit, truth.distance + 1e-3, 0).astype(np.float32),
    )
    steep = cosines(stage, motion, rays, truth) > 0.1
    for engine in (EmbreeEngine(stage, 1), Open3dEngine(stage), ReferenceEngine(stage)):
        view = engine.place(motion)
        assert view.occluded(before).mean() < 1e-3
        assert view.occluded(after)[hit & steep].mean() > 0.999
        assert not view.occluded(after)[~hit].any()
        engine.close()


def test_the_instants_of_a_window_are_the_instants_placed_one_by_one():
    """A ray at time s of a window hits what an instant at s hits: what rolling shutters and sweeps rely on."""
    stage, window = scene(8), random_motion(8, BODIES, 5, turn_rad=0.3)
    rays = random_rays(8, RAYS)
    engine = EmbreeEngine(stage, 1)
    swept = engine.place(window)
    for s in (0.0, 0.31, 0.5, 1.0):
        time = np.full(1, s, np.float32)
        poses = [poses_at(window, body, time) for body in range(BODIES)]
        instant = window.replace(
            position=np.stack([p for p, _ in poses], 1).astype(np.float32),
            quaternion=np.stack([q for _, q in poses], 1).astype(np.float32),
        )
        still = engine.place(instant)
        a, b = swept.cast(rays.replace(time=np.full(RAYS, s, np.float32))), still.cast(rays)
        still.close()
        same = (a.instance == b.instance) & (a.triangle == b.triangle)
        assert same.mean() > 0.995
        cosine = cosines(stage, instant, rays, b)
        both = same & np.isfinite(b.distance)
        assert (np.abs(a.distance[both] - b.distance[both]) * cosine[both]).max() < 1e-4
    engine.close()
