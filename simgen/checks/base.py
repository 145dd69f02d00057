"""The contract of a check: a rule looks at a sequence or at one frame, and says what it tested and what was wrong."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import numpy as np

from simgen.dataset import FrameSet, StoredSequence
from simgen.dataset.describe import ActorInfo
from simgen.geometry import F8
from simgen.records.base import Array, Bool
from simgen.records.frames import STATUS_OK
from simgen.records.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one look found: how many values were compared, how many are wrong, the worst deviation and an example."""

    tested: int = 0
    failed: int = 0
    worst: float = 0.0
    example: str = ""

    def __add__(self, other: Finding) -> Finding:
        return Finding(
            tested=self.tested + other.tested,
            failed=self.failed + other.failed,
            worst=max(self.worst, other.worst),
            example=self.example or other.example,
        )


NOTHING = Finding()


def compare(deviation: Array, limit: float, example: Callable[[int], str]) -> Finding:
    """A finding from deviations: those above the limit (or NaN) fail; ``example`` describes the first by its index."""
    flat = np.abs(np.asarray(deviation, np.float64)).reshape(-1)
    wrong = ~(flat <= limit)
    return Finding(
        tested=len(flat),
        failed=int(wrong.sum()),
        worst=float(np.nan_to_num(flat, nan=np.inf).max(initial=0.0)),
        example=example(int(np.argmax(wrong))) if wrong.any() else "",
    )


def count_wrong(wrong: Bool, example: Callable[[int], str]) -> Finding:
    """A finding from a mask of what is wrong; the worst value is 1 if anything is."""
    return compare(np.asarray(wrong, np.float64), 0.5, example)


class SequenceLook:
    """A sequence under inspection; what rules share is read once."""

    def __init__(self, stored: StoredSequence) -> None:
        self.stored = stored
        self._frame = lru_cache(maxsize=8)(self._read)
        self._kept: dict[str, tuple[object, Any]] = {}

    @cached_property
    def trajectory(self) -> Trajectory:
        """The stored poses."""
        return self.stored.trajectory

    @cached_property
    def actors(self) -> tuple[ActorInfo, ...]:
        """The stored entities."""
        return self.stored.actors

    @cached_property
    def frames(self) -> dict[str, FrameSet]:
        """The sensors' frames, variants left out."""
        return self.stored.frames

    def frame(self, sensor: str, index: int) -> Any:
        """A frame as its record; the last few are kept."""
        return self._frame(sensor, index)

    def _read(self, sensor: str, index: int) -> Any:
        return self.frames[sensor][index]

    def once(self, name: str, key: object, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, kept under a name until it is asked for with another key."""
        if name not in self._kept or self._kept[name][0] != key:
            self._kept[name] = (key, make())
        return self._kept[name][1]

    def sensor_poses(self, sensor: str, time_ns: Array) -> tuple[F8, F8] | None:
        """World poses of a sensor's data frame at any instants, from the trajectory and the stored mount.

        None where the calibration has no mount, as with free cameras, or names a body that is not there.
        """
        from simgen.checks.mounts import mounted_poses

        return mounted_poses(self.trajectory, self.calibration(sensor).get("mount"), time_ns)

    def calibration(self, sensor: str) -> dict[str, Any]:
        """The true calibration of a sensor."""
        if sensor not in self._calibrations:
            self._calibrations[sensor] = self.frames[sensor].calibration_true
        return self._calibrations[sensor]

    @cached_property
    def _calibrations(self) -> dict[str, dict[str, Any]]:
        return {}

    def delivered(self) -> Iterator[tuple[str, int]]:
        """Sensor and index of every frame that was delivered, in order, sensor by sensor."""
        for name, frames in self.frames.items():
            statuses = frames.group["status"][()].tolist()
            yield from ((name, index) for index, status in enumerate(statuses) if status == STATUS_OK)

    def look(self, sensor: str, index: int) -> FrameLook:
        """A frame, read and ready for the rules."""
        return FrameLook(sequence=self, sensor=sensor, index=index, frame=self.frame(sensor, index))


@dataclass(frozen=True, kw_only=True)
class FrameLook:
    """One delivered frame under inspection."""

    sequence: SequenceLook
    sensor: str
    index: int
    frame: Any

    def get(self, name: str) -> Any:
        """An array or table of the frame, or None if it is not stored."""
        return getattr(self.frame, name, None)

    @property
    def where(self) -> str:
        """``000000/front/3``."""
        return f"{self.sequence.stored.index:06d}/{self.sensor}/{self.index}"


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """One thing that must hold in every dataset. A rule has either a frame part, a sequence part, or both."""

    name: ClassVar[str]
    #: what the worst value is measured in
    unit: ClassVar[str] = ""
    #: share of the tested values that may fail (for rules that are right only almost everywhere)
    allowed_share: ClassVar[float] = 0.0

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at what belongs to the whole sequence."""
        return NOTHING

    def frame(self, look: FrameLook) -> Finding:
        """Look at one delivered frame."""
        return NOTHING


__all__ = ["NOTHING", "Finding", "FrameLook", "Rule", "SequenceLook", "compare", "count_wrong"]
