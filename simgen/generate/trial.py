"""Trying a scene without storing it: what its constraints come to, from labels rendered small."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np

from simgen.assembly import assemble, wind_of
from simgen.engine import Renderer, available_threads, timetable
from simgen.generate.witness import witness_of
from simgen.light.constant import Constant
from simgen.metrics import measure, metric_of
from simgen.metrics.base import Takes
from simgen.physics import simulate
from simgen.records.base import Bool
from simgen.records.constraints import Constraint, Outcome
from simgen.records.evidence import Evidence
from simgen.scene import Scene
from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_faults import Faults
from simgen.sensors._camera_optics import Optics
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera

#: columns of a camera of which more than labels is asked: shares of a picture and its brightness need few
_LIT_WIDTH: Final = 192
#: and where only its frames count
_NO_WIDTH: Final = 16
#: so few frames of labels are as wide as the camera's, or nearly
_FEW, _MOST_WIDTH = 4, 1280


def outcomes(scene: Scene, width: int = 320) -> tuple[Outcome, ...]:
    """What becomes of every constraint, measured as in a stored sequence; cameras wider than ``width`` px are shrunk,
    unless labels of few frames are asked.

    Sensors that no constraint names are left out, and so are frames that none is about; a camera of which labels
    are asked alone casts no light.

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
    small = _small(scene, width)
    assembly = assemble(small)
    trajectory = simulate(assembly)
    witness, conditions = witness_of(scene.constraints), None
    asked = {sensor.name: _asked(sensor, small) for sensor in small.sensors}
    ticks = [tick for tick in timetable(small) if asked[tick.sensor.name][tick.index]]
    # the weather is told without any sensor
    if ticks or any(metric_of(constraint.kind).needs_frames for constraint in scene.constraints):
        with Renderer(assembly, trajectory, threads=available_threads()) as renderer:
            for tick in ticks:
                witness.see(tick.sensor.name, renderer.frame(tick))
            conditions = renderer.conditions()
    return _as_full(witness.evidence(assembly, trajectory, conditions), scene, small)


def _small(scene: Scene, width: int) -> Scene:
    """The scene with the sensors that constraints name, as cheap as these allow."""
    sensors = [sensor for sensor in scene.sensors if _about(sensor, scene)]
    takes = [_takes(sensor, scene) for sensor in sensors]
    widths = {"pictures": min(width, _LIT_WIDTH), "labels": width, "times": _NO_WIDTH}
    small = scene.replace(sensors=tuple(
        shrunk(s if of == "pictures" else plain(s), _MOST_WIDTH if of == "labels" and _few(s, scene) else widths[of])
        for s, of in zip(sensors, takes, strict=True)
    ))  # fmt: skip
    if "pictures" in takes:
        return small
    # labels need no light, and no weather but wind: a sky takes longer to make than they do
    asked = any(metric_of(c.kind).needs_weather for c in scene.constraints) or wind_of(scene) is not None
    return small.replace(light=Constant(), weather=scene.weather if asked else ())


def _about(sensor: Sensor, scene: Scene) -> list[Constraint]:
    """The questions that name a sensor."""
    return [c for c in scene.constraints if sensor.name in (c.subject, c.other)]


def _takes(sensor: Sensor, scene: Scene) -> Takes:
    """The most that is asked of a sensor."""
    if type(sensor) is not Camera:
        return "pictures"
    kinds = {metric_of(c.kind).takes for c in _about(sensor, scene) if _looks(c)}
    return "pictures" if "pictures" in kinds else "labels" if "labels" in kinds else "times"


def _looks(constraint: Constraint) -> bool:
    """Whether a question is about frames at all."""
    metric = metric_of(constraint.kind)
    return metric.needs_frames or metric.looks_at != "all"


def _asked(sensor: Sensor, scene: Scene) -> Bool:
    """Which of a sensor's frames any question is about."""
    times = np.array(sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz), np.int64)
    masks = [metric_of(c.kind).frames(c, times) for c in _about(sensor, scene)]
    return np.asarray(np.any(masks, axis=0))


def _few(sensor: Sensor, scene: Scene) -> bool:
    """Whether so few frames of a sensor are asked about that they need not be small: a far person has few pixels."""
    return int(np.count_nonzero(_asked(sensor, scene))) <= _FEW


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


def plain(sensor: Sensor) -> Sensor:
    """A camera whose labels are the same and whose picture is not worth looking at; any other sensor as it is."""
    if type(sensor) is not Camera:
        return sensor
    cheap: dict[str, Any] = {"antialias": 0, "sky_rays": 0, "reflections": 0, "particles": False, "quality": "fast"}
    ideal: dict[str, Any] = {"imager": None, "glass": None, "optics": Optics(), "faults": Faults()}
    return dataclasses.replace(sensor, **cheap, **ideal, exposure=Exposure(), outputs=())


def shrunk(sensor: Sensor, width: int) -> Sensor:
    """A camera that sees as much with at most so many columns; any other sensor as it is."""
    full: int = getattr(sensor, "width", 0) or 0
    # a depth camera's matching is made for its own pixels
    if full <= width or isinstance(sensor, DepthCamera):
        return sensor
    height = max(1, round(getattr(sensor, "height", full) * width / full))
    kept = tuple(name for name in sensor.outputs if name == "glass")
    changes: dict[str, Any] = {"width": width, "height": height, "outputs": kept}
    lengths = {name: getattr(sensor, name, None) for name in ("focal_px", "cx_px", "cy_px")}
    changes |= {name: px * width / full for name, px in lengths.items() if px is not None}
    return dataclasses.replace(sensor, **changes)
