"""Keeping of a sequence's frames what its metrics are measured from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simgen.assembly import Assembly, eyes_of
from simgen.metrics import HealthLog, depth_lost_of, levels_of, metric_of
from simgen.records.conditions import Conditions
from simgen.records.constraints import Constraint
from simgen.records.depth_frames import DepthFrame
from simgen.records.evidence import Evidence, Eye, Health, Sightings
from simgen.records.frames import Boxes, CameraFrame, Frame
from simgen.records.trajectory import Trajectory

#: columns that tell how much is seen, of the sensors that have them
_SEEN = ("visible_fraction", "pixels", "points")
#: columns of boxes that are kept: name, dtype, and what stands for them where a sensor has none
_COLUMNS = (
    ("instance", np.uint32, 0),
    ("visible_fraction", np.float32, np.nan),
    ("truncation", np.float32, np.nan),
    ("pixels", np.uint32, 0),
    ("points", np.uint32, 0),
    ("depth_lost", np.float32, np.nan),
    ("level", np.uint8, 0),
)


@dataclass(kw_only=True)
class Witness:
    """Sees every frame of a sequence go by, in any order of sensors and in time order of each."""

    #: cameras of which it is asked how bright things look
    looks: frozenset[str] = frozenset()
    _frames: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _boxes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _health: dict[str, HealthLog] = field(default_factory=dict)

    def see(self, sensor: str, frame: Frame) -> None:
        """Remember a frame's instant, its status, what its boxes say, and what became of its data."""
        self._health.setdefault(sensor, HealthLog()).see(frame)
        frames = self._frames.setdefault(sensor, [])
        for name, table in frame.tables():
            if name == "boxes" and isinstance(table, Boxes):
                self._columns[sensor] = tuple(column for column in _SEEN if hasattr(table, column))
                kept = _kept(table, len(frames))
                if isinstance(frame, DepthFrame):
                    kept["depth_lost"] = depth_lost_of(frame, table.instance)
                if sensor in self.looks and isinstance(frame, CameraFrame):
                    kept["level"] = levels_of(frame, table.instance)
                self._boxes.setdefault(sensor, []).append(kept)
        frames.append((frame.time_ns, frame.status))

    def sightings(self) -> dict[str, Sightings]:
        """What was seen, by sensor."""
        return {name: self._sightings(name) for name in self._frames}

    def health(self, trajectory: Trajectory, eyes: Mapping[str, Eye]) -> dict[str, Health]:
        """What became of each sensor's data; of those that sit nowhere in ``eyes``, as if they stood in the world."""
        return {
            name: log.health(trajectory, eyes[name].on if name in eyes else "world")
            for name, log in self._health.items()
        }

    def evidence(self, assembly: Assembly, trajectory: Trajectory, conditions: Conditions | None) -> Evidence:
        """Everything that metrics may ask for."""
        eyes = eyes_of(assembly.scene)
        return Evidence(
            trajectory=trajectory,
            map=assembly.layout.map,
            seen=self.sightings(),
            health=self.health(trajectory, eyes),
            eyes=eyes,
            conditions=conditions,
        )

    def _sightings(self, sensor: str) -> Sightings:
        times = np.array(self._frames[sensor], np.int64).reshape(-1, 2)
        parts = self._boxes.get(sensor, [])
        columns: dict[str, Any] = {
            name: np.concatenate([np.zeros(0, dtype), *(part[name] for part in parts)]).astype(dtype)
            for name, dtype in (("frame", np.int32), *((name, dtype) for name, dtype, _ in _COLUMNS))
        }
        return Sightings(
            time_ns=times[:, 0].copy(),
            status=times[:, 1].astype(np.uint8),
            columns=self._columns.get(sensor, ()),
            **columns,
        )


def _kept(table: Boxes, frame: int) -> dict[str, Any]:
    count = len(table.instance)
    columns = {name: getattr(table, name, np.full(count, blank, dtype)) for name, dtype, blank in _COLUMNS}
    return {"frame": np.full(count, frame, np.int32), **columns}


def witness_of(constraints: Iterable[Constraint]) -> Witness:
    """A witness that keeps what these constraints are measured from."""
    return Witness(looks=frozenset(c.other for c in constraints if metric_of(c.kind).needs_looks))
