"""One evaluation: a certain scene, simulated, rendered for the sensors that are needed, shown and scored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simgen.assembly import Assembly, assemble
from simgen.engine import Renderer, available_threads, timetable
from simgen.errors import UserError
from simgen.physics import simulate
from simgen.records.frames import CameraFrame, Frame, LidarFrame
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.stress.contract import Answer, ModelFaultError
from simgen.stress.runner import ModelRunner
from simgen.stress.scores import DISTANCES, FRACTIONS, METRICS, Tally
from simgen.stress.truth import Truth, Wanted, given, labels_of, truth_of

#: called with every frame that was scored: its truth, what the model answered, and what was looked for
Watch = Callable[[Frame, Truth, Answer | None, Wanted], None]
#: classes that are looked for if neither the model nor the user says
DEFAULT_CLASSES = ("human", "vehicle")


@dataclass(frozen=True, kw_only=True)
class Judge:
    """How a scene is scored, and when it counts as failed."""

    metric: str = "worst_recall"
    #: a scene with a lower score fails
    fail_below: float = 0.5
    confidence: float = 0.5
    #: taxonomy classes or groups of them that are looked for; empty = as the model says, or people and vehicles
    classes: tuple[str, ...] = ()
    #: sensors that the model gets; empty = as the model says, or every camera and lidar
    sensors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a scene."""

    #: 1 = best, 0 = worst; nan = there was nothing to find
    score: float
    failed: bool
    #: what the model did that it must not, in words
    fault: str = ""
    frames: int = 0
    #: by metric
    scores: Mapping[str, float] = field(default_factory=dict)
    #: in detail, as plain values
    details: Mapping[str, Any] = field(default_factory=dict)


def tried(scene: Scene, model: ModelRunner, judge: Judge, watch: Watch | None = None) -> Verdict:
    """Show a scene to a model and score what it answers. A fault of the model ends the scene, with the worst score.

    Raises:
        UserError: the scene cannot be built, has no sensor that the model can be shown, or there is no such model.
    """
    told = model.declared
    wanted = Wanted(judge.classes or told["detects"] or DEFAULT_CLASSES)
    scene = _with_sensors(scene, judge.sensors or told["sensors"])
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    shown: dict[str, Frame] = {}
    truths: dict[str, Truth] = {}
    tally, fault, frames = Tally(wanted=wanted, confidence=judge.confidence), "", 0
    names = {entity.instance: entity.name for entity in scene.entities}
    with Renderer(assembly, trajectory, threads=available_threads()) as renderer:
        try:
            model.reset()
            for sample in renderer.samples():
                shown = {name: f for name, f in sample.frames.items() if f.status == 0}
                truths = {name: truth for name, f in shown.items() if (truth := truth_of(f, wanted)) is not None}
                if not truths:
                    continue
                frame = given(sample.time_ns, shown)
                if told["wants_truth"]:
                    frame["truth"] = {"draws": dict(scene.draws), **labels_of(truths, wanted, names)}
                for name, answer in model.answer(frame).items():
                    tally.add(name, truths[name], answer, _ids(shown[name]))
                    frames += 1
                    if watch is not None:
                        watch(shown[name], truths[name], answer, wanted)
        except ModelFaultError as error:
            fault = f"frame {frames}: {error}"
            if watch is not None:
                for name, truth in truths.items():
                    watch(shown[name], truth, None, wanted)
    return _verdict(tally, judge, fault, frames, scene, assembly)


def _verdict(tally: Tally, judge: Judge, fault: str, frames: int, scene: Scene, assembly: Assembly) -> Verdict:
    hazards = hazards_of(scene)
    scores = {name: measure(tally, tuple(hazards)) for name, measure in METRICS.items()}
    metric = "mean_iou" if judge.metric == "worst_recall" and tally.has_map and not tally.frames else judge.metric
    score = 0.0 if fault else scores[metric]
    names = {entity.instance: entity.name for entity in scene.entities}
    details = {
        "metric": metric,
        "objects": [{**row, "name": names.get(row["instance"], "")} for row in tally.objects()],
        "by_distance": tally.by_bin("distance", DISTANCES),
        "by_visible": tally.by_bin("visible", FRACTIONS),
        "precisions": tally.precisions(),
        "ious": tally.ious() if tally.has_map else {},
        "delays_s": {names[k]: delay for k, (delay, _) in tally.delays(hazards).items()},
    }
    failed = bool(fault) or score < judge.fail_below
    return Verdict(score=score, failed=failed, fault=fault, frames=frames, scores=scores, details=details)


def hazards_of(scene: Scene) -> tuple[int, ...]:
    """Instances of the actors that the scene's edge cases are about, except for the ego and what carries sensors."""
    named = {name for c in scene.constraints for name in (c.subject, c.other)} - {"ego", ""}
    return tuple(entity.instance for entity in scene.entities if entity.name in named)


def _with_sensors(scene: Scene, wanted: tuple[str, ...]) -> Scene:
    """The scene with the cameras and lidars that the model gets, and with the outputs that it needs."""
    named = [sensor for sensor in scene.sensors if not wanted or sensor.name in wanted]
    missing = set(wanted) - {sensor.name for sensor in named}
    if missing:
        known = ", ".join(sensor.name for sensor in scene.sensors) or "none"
        raise UserError(f"there is no sensor {sorted(missing)[0]!r} to show the model; there are: {known}")
    kept = tuple(sensor for sensor in named if type(sensor).plugin_name in ("camera", "lidar"))
    if not kept:
        raise UserError("the scene has no camera and no lidar to show the model")
    small = scene.replace(sensors=tuple(_plain(sensor) for sensor in kept))
    if not timetable(small):
        raise UserError("the scene's sensors take no frame")
    return small


def _plain(sensor: Sensor) -> Sensor:
    """The sensor without what it stores only if it is asked for, such as flow."""
    changes: dict[str, Any] = {"outputs": ()}
    return dataclasses.replace(sensor, **changes)


def _ids(frame: Frame) -> Any:
    """True taxonomy ids of pixels or points."""
    if isinstance(frame, CameraFrame):
        return frame.semantic
    return frame.points.semantic if isinstance(frame, LidarFrame) else None
