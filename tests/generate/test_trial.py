"""Trying a scene: frames that nothing is asked of are left out, and no answer changes for it."""

from typing import Any

import numpy as np
import pytest
from helpers_edge_cases import FOLDER

from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.generate.trial import outcomes, plain, shrunk
from simgen.generate.witness import witness_of
from simgen.metrics import measure
from simgen.physics import simulate
from simgen.scenario import load
from simgen.scene import Scene
from simgen.sensors.camera import Camera
from simgen.sensors.lidar import Lidar


def measured_from_everything(scene: Scene) -> list[float]:
    """Every frame of every sensor that is asked about, with its picture."""
    asked = {name for c in scene.constraints for name in (c.subject, c.other)}
    small = scene.replace(sensors=tuple(sensor for sensor in scene.sensors if sensor.name in asked))
    assembly = assemble(small)
    trajectory = simulate(assembly)
    witness = witness_of(scene.constraints)
    with Renderer(assembly, trajectory, threads=1) as renderer:
        for sample in renderer.samples():
            for name, frame in sample.frames.items():
                witness.see(name, frame)
        evidence = witness.evidence(assembly, trajectory, renderer.conditions())
    return [measure(c, evidence).achieved for c in scene.constraints]


@pytest.mark.parametrize("name", ["child_dart_out", "black_car", "camera_overexposure", "clutter"])
def test_what_is_left_out_changes_no_answer(name: str) -> None:
    scene = load(FOLDER / f"{name}.yaml").sample(3)
    # small from the start, so that both look with the same cameras
    scene = scene.replace(sensors=tuple(shrunk(sensor, 160) for sensor in scene.sensors))
    thrifty = [outcome.achieved for outcome in outcomes(scene)]
    np.testing.assert_array_equal(thrifty, measured_from_everything(scene))


def labels(scene: Scene, camera: Camera) -> Any:
    small = scene.replace(sensors=(camera,))
    assembly = assemble(small)
    with Renderer(assembly, simulate(assembly), threads=1) as renderer:
        return renderer.frame(timetable(small)[8])


def test_a_plain_camera_has_the_labels_of_the_dear_one() -> None:
    scene = load(FOLDER / "child_dart_out.yaml").sample(0)
    dear = shrunk(scene.sensors[0], 200)
    assert isinstance(dear, Camera)
    full, cheap = labels(scene, dear), labels(scene, plain(dear))
    np.testing.assert_array_equal(full.instance, cheap.instance)
    np.testing.assert_array_equal(full.boxes.visible_fraction, cheap.boxes.visible_fraction)
    assert full.rgb.tobytes() != cheap.rgb.tobytes()


def test_a_shrunk_camera_sees_as_much() -> None:
    camera = Camera(name="front", width=800, height=400, focal_px=600.0, cx_px=380.0, cy_px=210.0)
    small = shrunk(camera, 200)
    assert isinstance(small, Camera)
    assert (small.width, small.height) == (200, 100)
    np.testing.assert_allclose(small.projection.K[:2] * 4.0, camera.projection.K[:2])
    points = np.array([[1.0, 0.5, 3.0], [-1.0, -0.2, 2.5]])
    np.testing.assert_allclose(small.project(points) * 4.0, camera.project(points))


def test_other_sensors_stay_as_they_are() -> None:
    lidar = Lidar(name="top")
    assert plain(lidar) is lidar
    assert shrunk(lidar, 10) is lidar
