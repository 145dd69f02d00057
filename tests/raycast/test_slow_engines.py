"""Open3D and the numpy reference keep the same protocol."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_raycast import box_shape, make_stage, random_rays, rays_from, rest, triangle_shape

from simgen.errors import EngineError, UserError
from simgen.raycast.open3d import Open3dEngine
from simgen.raycast.reference import ReferenceEngine
from simgen.records.stage import NO_HIT

ENGINES = pytest.mark.parametrize("make", [Open3dEngine, ReferenceEngine])


@ENGINES
def test_near_far_and_inactive_rays(make):
    view = make(make_stage([triangle_shape()], [(0, 0), (0, 1)])).place(rest(2, [(0, 0, 5), (0, 0, 8)]))
    near, far = [0.0, 5.5, 9.0, 0.0, 6.0, 6.0], [np.inf, np.inf, np.inf, 4.5, 6.0, 2.0]
    rays = rays_from((1.0, 0.5, 0), (0, 0, 1), 0.0, near, far)
    hits = view.cast(rays)
    assert np.allclose(hits.distance, [5, 8, np.inf, np.inf, np.inf, np.inf], atol=1e-5)
    assert hits.instance.tolist() == [0, 1, *[NO_HIT] * 4]
    assert np.allclose(hits.barycentric[:2], [0.25, 0.125], atol=1e-6)
    assert view.occluded(rays).tolist() == [True, True, *[False] * 4]
    assert view.native is None


@ENGINES
def test_no_rays_no_bodies(make):
    engine = make(make_stage([box_shape(1, 1, 1)], [(0, 0)]))
    assert len(engine.place(rest(1)).cast(random_rays(0, 0)).distance) == 0
    gone = rest(1).replace(exists=np.zeros(1, np.bool_))
    assert engine.place(gone).cast(rays_from((0, 0, -3), (0, 0, 1))).instance[0] == NO_HIT


@ENGINES
def test_direction_s_length_is_the_unit(make):
    view = make(make_stage([box_shape(2, 2, 2)], [(0, 0)])).place(rest(1))
    rays = rays_from((0.1, 0.2, -5), (0, 0, 0.5), 0.0, [0.0, 9.0], [np.inf, np.inf])
    assert np.allclose(view.cast(rays).distance, [8.0, 12.0], atol=1e-4)


@ENGINES
def test_broken_stages_and_motions_are_refused(make):
    shape = triangle_shape()
    with pytest.raises(UserError, match="no numbers"):
        make(make_stage([(shape[0] * np.float32(np.nan), shape[1])], [(0, 0)]))
    with pytest.raises(EngineError, match="1 bodies"):
        make(make_stage([shape], [(0, 3)])).place(rest(1))


@ENGINES
def test_what_is_closed_says_so(make):
    engine = make(make_stage([triangle_shape()], [(0, 0)]))
    view = engine.place(rest(1))
    view.close()
    view.close()
    with pytest.raises(EngineError, match="closed"):
        view.cast(rays_from((0, 0, 0), (0, 0, 1)))
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.place(rest(1))
