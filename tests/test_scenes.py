"""Every file in scenes/ validates, renders two tiny frames per sensor, and passes its own checks."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers_scenes import SCENES, shipped

from simgen.assembly import assemble
from simgen.checks import run_checks
from simgen.dataset.reader import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.generate.sequence import write_sequence
from simgen.scenario import load, scene_from_yaml, scene_to_yaml
from simgen.scene import Scene


def tiny(scene: Scene) -> Scene:
    """The scene with two frames per sensor and small images."""
    sensors = []
    for sensor in scene.sensors:
        changes = {"width": 160, "height": 90} if hasattr(sensor, "width") else {}
        if getattr(getattr(sensor, "lens", None), "model", "") == "equirectangular":
            changes["height"] = 80  # twice as wide as high, or it would pass a pole
        sensors.append(replace(sensor, **changes))
    rate = min(scene.clock.rate_hz, 10.0)
    clock = type(scene.clock)(**{**vars(scene.clock), "duration_s": 2.0 / rate})
    return scene.replace(sensors=tuple(sensors), clock=clock)


@pytest.mark.parametrize("path", shipped())
def test_scene_renders_and_its_labels_agree(path: Path, tmp_path: Path) -> None:
    scenario = load(path)
    scene = tiny(scenario.sample(3))
    assert scene_from_yaml(scene_to_yaml(scene)) == scene
    with DatasetWriter(tmp_path / "tiny.h5", scenario=scenario.text, seed=3) as writer:
        report = write_sequence(writer, 0, scene)
    assert report.frames >= len(scene.sensors)
    with open_dataset(tmp_path / "tiny.h5") as data:
        result = run_checks(data)
        failed = [line for line in result.results if line.status == "fail"]
        assert not failed, failed


@pytest.mark.parametrize("path", shipped())
def test_nothing_interpenetrates_at_the_start(path: Path) -> None:
    from simgen.physics import simulate

    scene = tiny(load(path).sample(11))
    trajectory = simulate(assemble(scene)).from_zero()
    first = trajectory.contacts.time_ns == 0
    static = {e.instance for e in scene.entities if e.behaviour is None and e.physics != "dynamic"}
    for a, b, overlap in zip(
        trajectory.contacts.actor_a[first],
        trajectory.contacts.actor_b[first],
        trajectory.contacts.overlap[first],
        strict=True,
    ):
        assert not (a in static and b in static and overlap > 0.02), (a, b, overlap)


def test_there_are_scenes() -> None:
    assert {"urban_crossing", "highway", "tabletop"} <= {p.stem for p in SCENES}
