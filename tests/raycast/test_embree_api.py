"""Embree's errors come out by name, and a library that lays its structs out differently is refused."""

from __future__ import annotations

import time

import numpy as np
import pytest
from helpers_raycast import make_stage, triangle_shape

from simgen.errors import EngineError
from simgen.raycast import _embree_api as embree
from simgen.raycast._embree_scenes import Device, MeshScenes


def test_the_library_loads_once():
    assert embree.load() is embree.load()


def test_errors_are_named():
    api = embree.load()
    device = api.new_device(1)
    with pytest.raises(EngineError, match=r"rtcNewGeometry failed: unknown error \(invalid geometry type\)"):
        api.call(device, "rtcNewGeometry", device, 77)
    scene = api.call(device, "rtcNewScene", device)
    instance = api.call(device, "rtcNewGeometry", device, embree.INSTANCE)
    with pytest.raises(EngineError, match="rtcSetGeometryTimeStepCount failed: invalid argument"):
        api.call(device, "rtcSetGeometryTimeStepCount", instance, 1000)
    api.check(device, "an error is told once")
    for release, handle in (("Geometry", instance), ("Scene", scene), ("Device", device)):
        api.raw(f"rtcRelease{release}", handle)


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("wrong", [8, 15, 16, 17, 19])
def test_another_layout_is_refused(width, wrong):
    words = np.zeros((22, width), np.float32)
    words[[8, 15, 16], -1] = (2.0, 0.25, 0.125)
    words.view(np.uint32)[[17, 19], -1] = (2, 5)
    embree._check_hit(words, width)
    words[wrong, -1] += 1.0
    with pytest.raises(EngineError, match=f"rtcIntersect{width} lays out its hits"):
        embree._check_hit(words, width)


def test_a_missing_library_is_an_engine_error(monkeypatch):
    monkeypatch.setattr(embree, "_candidates", lambda: iter(()))
    with pytest.raises(EngineError, match="embreex is not installed"):
        embree.Api()


def test_a_library_that_is_not_embree_is_an_engine_error(monkeypatch, tmp_path):
    fake = tmp_path / "libembree4.so"
    fake.write_bytes(b"nonsense")
    monkeypatch.setattr(embree, "_candidates", lambda: iter((fake,)))
    with pytest.raises(EngineError, match="cannot be loaded"):
        embree.Api()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_device_that_has_nothing_to_do_does_nothing(threads):
    """Workers of oneTBB sleep: a device of one thread would keep one of them asking for work, a whole core."""
    meshes = MeshScenes(Device(threads), make_stage([triangle_shape()], [(0, 0)]))
    time.sleep(0.05)  # what the build has started ends
    before = time.process_time()
    time.sleep(0.3)
    assert time.process_time() - before < 0.1
    meshes.close()
