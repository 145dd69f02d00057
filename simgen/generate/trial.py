"""Trying a scene without storing it: what its constraints come to, from labels rendered small."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from simgen.assembly import assemble
from simgen.engine import Renderer, available_threads, timetable
from simgen.generate.witness import witness_of
from simgen.metrics import measure, metric_of
from simgen.physics import simulate
from simgen.records.constraints import Outcome
from simgen.records.evidence import Evidence
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor


def outcomes(scene: Scene, width: int = 320) -> tuple[Outcome, ...]:
    """What becomes of every constraint, measured as in a stored sequence; cameras wider than ``width`` px are shrunk.

    Sensors that no constraint names are left out.

    Raises:
        UserError: the scene cannot be built.
    """
    evidence = witnessed(scene, width)
    return tuple(measure(constraint, evidence) for constraint in scene.constraints)


def witnessed(scene: Scene, width: int = 320) -> Evidence:
    """What metrics are measured from, of the sensors that constraints name.

    Raises:
        UserError: the scene cannot be built.
    """
    asked = {name for constraint in scene.constraints for name in (constraint.subject, constraint.other)}
    sensors = tuple(_shrunk(sensor, width) for sensor in scene.sensors if sensor.name in asked)
    small = scene.replace(sensors=sensors)
    assembly = assemble(small)
    trajectory = simulate(assembly)
    witness, conditions = witness_of(scene.constraints), None
    # the weather is told without any sensor
    if timetable(small) or any(metric_of(constraint.kind).needs_frames for constraint in scene.constraints):
        with Renderer(assembly, trajectory, threads=available_threads()) as renderer:
            for sample in renderer.samples():
                for name, frame in sample.frames.items():
                    witness.see(name, frame)
            conditions = renderer.conditions()
    return _as_full(witness.evidence(assembly, trajectory, conditions), scene, small)


def _as_full(evidence: Evidence, scene: Scene, small: Scene) -> Evidence:
    """The evidence with counts of pixels as the scene's own cameras would have them."""
    full = {sensor.name: getattr(sensor, "width", 0) or 0 for sensor in scene.sensors}
    seen = dict(evidence.seen)
    for sensor in small.sensors:
        width = getattr(sensor, "width", 0) or 0
        if sensor.name in seen and full[sensor.name] > width:
            share = (full[sensor.name] / width) ** 2
            pixels = np.rint(seen[sensor.name].pixels * share).astype(np.uint32)
            seen[sensor.name] = seen[sensor.name].replace(pixels=pixels)
    return dataclasses.replace(evidence, seen=seen)


def _shrunk(sensor: Sensor, width: int) -> Sensor:
    full: int = getattr(sensor, "width", 0) or 0
    # a depth camera's matching is made for its own pixels
    if full <= width or isinstance(sensor, DepthCamera):
        return sensor
    height = max(1, round(getattr(sensor, "height", full) * width / full))
    kept = tuple(name for name in sensor.outputs if name == "glass")
    changes: dict[str, Any] = {"width": width, "height": height, "outputs": kept}
    return dataclasses.replace(sensor, **changes)
