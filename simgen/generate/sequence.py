"""One sequence, from a scene to the file: simulate, render, write, and measure what was achieved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simgen.assembly import Assembly, assemble
from simgen.dataset.describe import ActorInfo, SensorInfo, SequenceInfo
from simgen.dataset.writer import DatasetWriter
from simgen.engine import Renderer, available_threads, timetable
from simgen.engine.joints import joint_table
from simgen.errors import UserError
from simgen.generate.witness import witness_of
from simgen.geometry import F8, quat_multiply
from simgen.metrics import measure, measures_of
from simgen.physics import simulate
from simgen.records.trajectory import Trajectory
from simgen.scenario import plain, scene_to_yaml
from simgen.scenario.buried import buried_sensors
from simgen.scenario.write import flow
from simgen.scene import Entity, Scene
from simgen.sensors.base import Sensor, SeriesSensor
from simgen.taxonomy import class_id
from simgen.units import seconds_to_ns

#: called after every frame with the number of frames done so far and the total
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class SequenceReport:
    """What came of one sequence."""

    index: int
    seed: int
    frames: int
    content_hash: str
    #: constraints asked for, and how many of them hold
    asked: int = 0
    held: int = 0
    #: those that do not, in words
    missed: tuple[str, ...] = ()
    #: what is allowed, but hardly meant
    warnings: tuple[str, ...] = ()


def write_sequence(writer: DatasetWriter, index: int, scene: Scene, progress: Progress | None = None) -> SequenceReport:
    """Generate a certain scene into an open dataset.

    Raises:
        UserError: the scene cannot be built.
    """
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    total = len(timetable(scene))
    witness, done = witness_of(scene.constraints), 0
    info = sequence_info(scene, assembly, trajectory)
    sequence = writer.sequence(index, info)
    with sequence, Renderer(assembly, trajectory, threads=available_threads()) as renderer:
        for sample in renderer.samples():
            for name, frame in sample.frames.items():
                sequence.add(name, frame)
                witness.see(name, frame)
                done += 1
                if progress is not None:
                    progress(done, total)
        conditions = renderer.conditions()
        sequence.conditions(conditions)
        evidence = witness.evidence(assembly, trajectory, conditions)
        outcomes = [measure(constraint, evidence) for constraint in scene.constraints]
        sequence.outcomes(outcomes, scene.solutions)
        parents = {actor.id: actor.parent for actor in info.actors}
        sequence.measures(measures_of(evidence, scene.constraints, parents))
    return SequenceReport(
        index=index,
        seed=scene.seed,
        frames=done,
        content_hash=sequence.content_hash,
        asked=len(outcomes),
        held=sum(outcome.holds for outcome in outcomes),
        missed=tuple(outcome.in_words() for outcome in outcomes if not outcome.holds),
        warnings=buried_sensors(scene),
    )


def sequence_info(scene: Scene, assembly: Assembly, trajectory: Trajectory) -> SequenceInfo:
    """Everything about a sequence that is known before its first frame."""
    return SequenceInfo(
        name=scene.name,
        seed=scene.seed,
        scene=scene_to_yaml(scene),
        trajectory=trajectory,
        map=assembly.layout.map,
        actors=tuple(_actor(entity, assembly) for entity in scene.entities),
        sensors=tuple(_sensor(sensor, scene, assembly) for sensor in scene.sensors),
        split=scene.split,
        weight=scene.weight,
        tags=scene.tags,
        draws=scene.draws,
    )


def _actor(entity: Entity, assembly: Assembly) -> ActorInfo:
    model = assembly.model(entity.name)
    parent = assembly.scene.entity(entity.leader).instance if entity.leader else 0
    return ActorInfo(
        id=entity.instance,
        name=entity.name,
        class_id=class_id(model.class_name),
        asset=type(entity.asset).plugin_name,
        parent=parent,
        size=model.size,
        attributes=dict(model.attributes),
    )


def _sensor(sensor: Sensor, scene: Scene, assembly: Assembly) -> SensorInfo:
    count = len(sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz))
    true, reported = calibrations(sensor, count, scene.seed)
    if isinstance(sensor, SeriesSensor) and sensor.needs_joints:
        joints = joint_table(assembly, sensor)
        true, reported = {**true, **joints}, {**reported, **joints}
    return SensorInfo(
        name=sensor.name,
        type=type(sensor).plugin_name,
        frames=count,
        model=getattr(sensor, "model", None) or "",
        config=flow(plain(sensor)),
        calibration_true=true,
        calibration_reported=reported,
    )


def calibrations(sensor: Sensor, count: int, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is true of a sensor's optics and mount, and what its data claim.

    Raises:
        UserError: the sensor cannot have the error that it declares.
    """
    error, true = sensor.calibration_error, sensor.calibration()
    problem = error.fault(true, has_path=sensor.mount.path is not None)
    if problem:
        raise UserError(f"calibration_error of {sensor.name!r}: {problem}")
    reported = error.intrinsics(true)
    if sensor.mount.path is not None:
        path = {"on": "world", "path": sensor.mount.path.type}
        return {**true, "mount": path}, {**reported, "mount": path}
    pose = sensor.mount.pose(0, count, seed, sensor.name)
    known, mount = _mount(sensor, *error.pose(*pose)), _mount(sensor, *pose)
    if sensor.mount.knock is not None:
        after = _mount(sensor, *sensor.mount.knock.pose(*pose))
        mount["knock"] = {**after, "time_ns": seconds_to_ns(sensor.mount.knock.at_s)}
    return {**true, "mount": mount}, {**reported, "mount": known}


def _mount(sensor: Sensor, position: F8, body: F8) -> dict[str, object]:
    """Pose of the data frame on the carrier, from that of the body frame."""
    quaternion = quat_multiply(body, sensor.body_from_sensor)
    return {"on": sensor.mount.on, "position": position.tolist(), "quaternion": quaternion.tolist()}
