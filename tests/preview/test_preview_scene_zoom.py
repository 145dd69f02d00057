"""A closer look at what is small in a scene's tile."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.generate.trial import plain
from simgen.physics import simulate
from simgen.preview.scene_tiles import _best_camera
from simgen.preview.scene_zoom import Region, closer, hazards, inset, seen_pixels, small_region
from simgen.records.constraints import Constraint
from simgen.scenario import loads
from simgen.sensors._camera_lens import Lens
from simgen.sensors.camera import Camera

SCENE = """
simgen: 1
name: cone
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: straight_road}
ego: {asset: sedan, lane: east/1, at_m: 20}
objects:
  - {name: cone, asset: traffic_cone, place: {lane: east/1, at_m: 70}}
  - {name: near, asset: traffic_cone, place: {lane: east/1, at_m: 12}}
sensors:
  - {name: front, type: camera, width: 640, height: 360, hfov_deg: 70, mount: {on: ego, position_m: [1.6, 0, 1.4]}}
  - name: rear
    type: camera
    width: 640
    height: 360
    hfov_deg: 70
    mount: {on: ego, position_m: [-0.9, 0, 1.2], rotation_deg: [0, 0, 180]}
"""


def frame_of(scene: Any, sensor: Camera) -> Any:
    assembly = assemble(scene.replace(sensors=(sensor,)))
    with Renderer(assembly, simulate(assembly), threads=1) as renderer:
        return renderer.frame(timetable(assembly.scene)[0])


def test_the_closer_look_shows_the_region_and_nothing_else() -> None:
    scene = loads(SCENE, "cone.yaml").sample(0)
    camera = scene.sensors[0]
    assert isinstance(camera, Camera)
    cone = np.array([scene.entity("cone").instance], np.uint32)
    look = frame_of(scene, plain(camera))
    region = small_region(look, cone, 16 / 9)
    assert region is not None
    close = closer(camera, region, 320)
    assert close is not None
    assert (close.width, close.height) == (320, 180)
    near = frame_of(scene, close)
    # as many pixels as the magnification has it, in the middle
    share = 320 / region.width
    assert seen_pixels(near, cone) == pytest.approx(seen_pixels(look, cone) * share**2, rel=0.25)
    rows, columns = np.nonzero(np.isin(near.instance, cone))
    assert abs(rows.mean() - 90.0) < 0.1 * 180
    assert abs(columns.mean() - 160.0) < 0.1 * 320


def test_what_is_large_or_not_there_needs_none() -> None:
    scene = loads(SCENE, "cone.yaml").sample(0)
    camera = scene.sensors[0]
    assert isinstance(camera, Camera)
    look = frame_of(scene, plain(camera))
    assert small_region(look, np.array([scene.entity("ego").instance], np.uint32), 16 / 9) is None
    assert small_region(look, np.array([scene.entity("near").instance], np.uint32), 16 / 9) is None
    fisheye = dataclasses.replace(camera, lens=Lens(model="equirectangular"), hfov_deg=180.0)
    assert closer(fisheye, Region(left=0.0, top=0.0, width=64.0, height=36.0), 320) is None


def test_hazards_are_what_the_first_constraint_is_about() -> None:
    scene = loads(SCENE, "cone.yaml").sample(0)
    trajectory = simulate(assemble(scene))
    wish = Constraint(kind="distance_m", subject="ego", other="near", asked=1.0, tolerance=1.0)
    assert hazards([wish], trajectory).tolist() == [scene.entity("near").instance]
    assert len(hazards([dataclasses.replace(wish, other="")], trajectory)) == 0


def test_the_inset_takes_the_farther_corner() -> None:
    picture, close = np.zeros((90, 160, 3), np.uint8), np.full((36, 64, 3), 77, np.uint8)
    left = inset(picture, (180, 320), Region(left=20.0, top=100.0, width=40.0, height=22.0), close)
    assert (left[:36, 96:] == 77).all()
    assert (left[50, 10:30] == 255).all()  # the frame about the region, at half its size
    right = inset(picture, (180, 320), Region(left=250.0, top=100.0, width=40.0, height=22.0), close)
    assert (right[:36, :64] == 77).all()
    assert not picture.any()


def test_a_tile_shows_the_camera_that_sees_it() -> None:
    scene = loads(SCENE, "cone.yaml").sample(0)

    def chosen(name: str) -> Any:
        instances = np.array([scene.entity(name).instance], np.uint32)
        return _best_camera(scene, instances, lambda cameras: [frame_of(scene, camera) for camera in cameras])

    camera, look = chosen("near")
    assert camera.name == "rear"
    assert seen_pixels(look, np.array([scene.entity("near").instance], np.uint32)) > 100
    assert chosen("cone")[0].name == "front"
