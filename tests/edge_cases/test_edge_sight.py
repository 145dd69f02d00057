"""What is foreseen of a picture: past real meshes, and as the camera's labels say afterwards."""

from __future__ import annotations

import dataclasses

import pytest
from helpers_edge_cases import outcomes

from simgen.assembly import layout_of
from simgen.edge_cases._forecast import evidence_of, forecast
from simgen.edge_cases._raysight import seen_share
from simgen.metrics import measure
from simgen.records.constraints import Constraint
from simgen.scenario import loads
from simgen.scene import Scene

SCENE = """simgen: 1
name: hidden
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: straight_road}
ego: {asset: sedan, place: {at_m: [0, 0], yaw_deg: 0}}
objects:
  - {name: child, asset: child, place: {at_m: [CHILD], yaw_deg: 90}}
  - {name: van, asset: van, place: {at_m: [10, 2.5], yaw_deg: 0}}
sensors:
  - {name: front, type: camera, width: 480, height: 270, hfov_deg: 80, mount: {on: ego, position_m: [1.6, 0, 1.4]}}
"""
ASKED = Constraint(kind="visible_fraction", subject="child", other="front", asked=0.0, tolerance=0.1, time_s=0.1)


def shown(child: str) -> Scene:
    scene = loads(SCENE.replace("CHILD", child), "hidden.yaml").sample(0)
    return scene.replace(constraints=(ASKED,))


@pytest.mark.parametrize("child", ["17, 3.6", "17, 2.2", "17, 1.2"])
def test_it_is_what_the_labels_say(child: str) -> None:
    scene = shown(child)
    layout = layout_of(scene)
    share = seen_share(ASKED, scene, layout, forecast(scene, layout))
    (label,) = outcomes(scene, width=480)
    assert share == pytest.approx(label.achieved, abs=0.06)


def test_the_world_hides_too() -> None:
    scene = shown("14, 0")
    layout = layout_of(scene)
    free = seen_share(ASKED, scene, layout, forecast(scene, layout))
    assert free is not None
    assert free > 0.9
    child = dataclasses.replace(scene.entity("child"), position=(14.0, 0.0, -5.0))
    buried = scene.replace(entities=tuple(child if e.name == "child" else e for e in scene.entities))
    trajectory = forecast(buried, layout)
    assert measure(ASKED, evidence_of(buried, layout, trajectory)).achieved > 0.5  # boxes know no ground
    assert seen_share(ASKED, buried, layout, trajectory) == 0.0


def test_who_is_not_in_the_picture_is_not_seen() -> None:
    scene = shown("-10, 0")
    layout = layout_of(scene)
    assert seen_share(ASKED, scene, layout, forecast(scene, layout)) == 0.0
