"""Which engine is opened, and what is said when it is not the fast one."""

from __future__ import annotations

import warnings

import pytest
from helpers_raycast import box_shape, make_stage, rays_from, rest

from simgen.errors import EngineError, UserError
from simgen.raycast import _embree_api, open_engine


@pytest.fixture
def stage():
    return make_stage([box_shape(1, 1, 1)], [(0, 0)])


def fail():
    raise EngineError("no library here")


def check(engine, name):
    assert engine.name == name
    view = engine.place(rest(1))
    assert view.cast(rays_from((0, 0, -3), (0, 0, 1))).distance[0] == pytest.approx(2.5, abs=1e-5)
    assert (view.native is not None) == (name == "embree")
    view.close()
    engine.close()


def test_embree_is_the_first_choice(stage, monkeypatch):
    monkeypatch.delenv("SIMGEN_ENGINE", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(open_engine(stage, 1), "embree")


def test_open3d_on_request_with_one_warning(stage, monkeypatch):
    monkeypatch.setenv("SIMGEN_ENGINE", "open3d")
    with pytest.warns(RuntimeWarning, match="Open3D, which is slower: SIMGEN_ENGINE") as told:
        check(open_engine(stage), "open3d")
    assert len([w for w in told if "Open3D" in str(w.message)]) == 1


def test_open3d_where_embree_cannot_be_loaded(stage, monkeypatch):
    monkeypatch.delenv("SIMGEN_ENGINE", raising=False)
    monkeypatch.setattr(_embree_api, "load", fail)
    with pytest.warns(RuntimeWarning, match="slower: no library here"):
        check(open_engine(stage, 1), "open3d")


def test_embree_on_request_must_load(stage, monkeypatch):
    monkeypatch.setenv("SIMGEN_ENGINE", "embree")
    monkeypatch.setattr(_embree_api, "load", fail)
    with pytest.raises(EngineError, match="no library here"):
        open_engine(stage)


def test_an_unknown_engine_is_the_user_s_mistake(stage, monkeypatch):
    monkeypatch.setenv("SIMGEN_ENGINE", "optix")
    with pytest.raises(UserError, match="'optix'; use embree or open3d"):
        open_engine(stage)
