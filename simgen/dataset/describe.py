"""What a sequence is, in plain words and numbers: handed to the writer, given back by the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simgen.records.roads import RoadMap
from simgen.records.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True)
class ActorInfo:
    """One entity: its id in every label, and what it is."""

    id: int
    name: str
    class_id: int
    #: plugin name of its asset
    asset: str
    #: id of the entity that it rides on; 0 = none
    parent: int = 0
    #: length, width, height of its box, m
    size: tuple[float, float, float] = (0.0, 0.0, 0.0)
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SensorInfo:
    """One sensor: what it is, how many frames it will deliver, and its calibration.

    Calibrations are JSON-able mappings. Keys that the checks know: ``model`` (``pinhole``), ``K`` (3x3),
    ``distortion`` (OpenCV's order), ``width``, ``height``, ``readout_s`` (``height`` times the delay from one row's
    instant to the next's, the middle of the image at ``time_ns``; 0 = global shutter) and ``mount`` (``on``: the name
    of a body or ``world``; ``position`` and ``quaternion`` of the sensor's data frame in that body's frame; in the true
    one perhaps ``knock``: the same from its ``time_ns`` on).
    """

    name: str
    #: plugin name ("camera", "lidar")
    type: str
    frames: int
    #: device model, if it is one of the known ones
    model: str = ""
    #: the sensor's section of the scene: text, or a mapping that is stored as JSON
    config: str | Mapping[str, Any] = ""
    calibration_true: Mapping[str, Any] = field(default_factory=dict)
    calibration_reported: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class SequenceInfo:
    """Everything about a sequence that is known before its first frame."""

    name: str
    seed: int
    #: the certain scene as YAML: enough to generate the sequence again
    scene: str
    trajectory: Trajectory
    map: RoadMap = RoadMap()
    actors: tuple[ActorInfo, ...] = ()
    sensors: tuple[SensorInfo, ...] = ()
    split: str = "train"
    weight: float = 1.0
    #: the edge cases that were applied
    tags: tuple[str, ...] = ()
    #: dotted path of every random draw, and its value (JSON-able)
    draws: tuple[tuple[str, Any], ...] = ()
