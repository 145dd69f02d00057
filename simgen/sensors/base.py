"""The contract of a sensor: configuration and a :class:`~simgen.records.surroundings.Shot` in, a frame out."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, NoReturn, Self

from simgen.geometry import F8
from simgen.records.base import empty_table
from simgen.records.frames import STATUS_DROPPED, Boxes, Frame
from simgen.records.surroundings import Run, Shot
from simgen.registry import param
from simgen.sensors._calibration import CalibrationError
from simgen.sensors._mount import Knock, Mount, Path
from simgen.sensors._timing import Dropout, Timing
from simgen.units import NS_PER_S, seconds_to_ns

#: the output that every sensor which looks through air has
TWIN: Final = "twin"
#: outputs that a twin does not repeat: itself, what is the same in clear air, and the ideal signal
SHARED: Final = (TWIN, "ideal", "flow", "normal", "transmittance", "glass")


@dataclass(frozen=True, kw_only=True)
class Sensor(ABC):
    """What every sensor has. Subclasses add their optics and electronics as fields."""

    plugin_kind: ClassVar[str] = "sensor"
    plugin_name: ClassVar[str]
    #: whether a shot must say what touches the carrier
    needs_touching: ClassVar[bool] = False

    name: str = param(doc="unique in the scene")
    mount: Mount = field(default_factory=Mount, metadata={"doc": "where it sits"})
    rate_hz: float | None = param(None, gt=0.0, le=100000.0, doc="frames a second; the scene clock's if absent")
    start_s: float = param(0.0, ge=0.0, doc="time of the first frame")
    outputs: tuple[str, ...] = param((), doc="optional arrays to store, besides the standard ones")
    dropouts: tuple[Dropout, ...] = param((), doc="stretches without data")
    timing: Timing = field(default_factory=Timing, metadata={"doc": "errors of stamps, and frames that get lost"})
    calibration_error: CalibrationError = field(
        default_factory=CalibrationError, metadata={"doc": "errors of the reported calibration"}
    )

    def schedule(self, duration_ns: int, clock_rate_hz: float) -> list[int]:
        """``time_ns`` of every frame in ``[start, duration)``; frame k is at start + k / rate, to the nanosecond."""
        rate = self.rate_hz or clock_rate_hz
        first = seconds_to_ns(self.start_s)
        count = max(0, math.ceil((duration_ns - first) * rate / NS_PER_S - 1e-9))
        return [first + round(k * NS_PER_S / rate) for k in range(count)]

    def rate_fault(self, rate_hz: float) -> str | None:
        """Why the device cannot take so many frames a second, or None."""
        return None

    def dropped(self, time_ns: int) -> bool:
        """Whether the device is silent at that instant."""
        return any(seconds_to_ns(d.from_s) <= time_ns < seconds_to_ns(d.until_s) for d in self.dropouts)

    def calibration(self) -> dict[str, Any]:
        """What a user needs to interpret the data (intrinsics, beam table), as JSON-able values; no mount pose."""
        return {}

    def silence(self, frame: Frame) -> Frame:
        """The frame as delivered while the device is silent: its row stays, its data do not; labels stay true.

        Tables are emptied here, boxes apart; what else a sensor delivers (pictures, vectors) it must blank itself.
        """
        data = {name: empty_table(type(table)) for name, table in frame.tables() if not isinstance(table, Boxes)}
        return frame.replace(status=STATUS_DROPPED, **data)

    def in_clear_air(self) -> Self:
        """The sensor as it takes twins: the same device, without the outputs that the frame itself has already."""
        return replace(self, outputs=tuple(name for name in self.outputs if name not in SHARED))

    def clear(self, shot: Shot, frame: Frame) -> Frame:
        """The twin of a frame: taken in a shot whose surroundings are cleared, with the frame's own settings.

        What a device sets by itself (exposure) must be as in the frame; noise is, drawn as it is by name and index.
        """
        return self.capture(shot)

    @property
    def needs_course(self) -> bool:
        """Whether a frame depends on where the sensor has been before (rain on its glass)."""
        return False

    @property
    def needs_next(self) -> bool:
        """Whether a frame needs the world at the sensor's next frame (optical flow)."""
        return False

    @property
    def folds(self) -> bool:
        """Whether a frame depends on the ones before: then the engine calls ``begin`` and ``fold``, not ``capture``."""
        return False

    def begin(self, shot: Shot) -> Any:
        """The state before the first frame, whose shot this is; of a sensor that folds."""
        raise TypeError(f"{self.name} has no state")

    def fold(self, shot: Shot, state: Any) -> tuple[Frame, Any]:
        """One frame, and the state after it; of a sensor that folds. The state given must not be changed."""
        raise TypeError(f"{self.name} has no state")

    def skip(self, shot: Shot, state: Any) -> Any:
        """The state after a frame that nobody asked for."""
        return self.fold(shot, state)[1]

    @abstractmethod
    def extent_ns(self) -> tuple[int, int]:
        """How long before and after ``time_ns`` a frame reaches (exposure, rolling shutter, sweep), both >= 0."""

    @property
    def lit_s(self) -> float:
        """Over how long around ``time_ns`` a frame gathers light, s; 0 = flashes do not matter to it."""
        return 0.0

    @property
    @abstractmethod
    def body_from_sensor(self) -> F8:
        """Rotation (wxyz) of the sensor's data frame in its body frame: cameras look along z, lidars along x."""

    @abstractmethod
    def capture(self, shot: Shot) -> Frame:
        """Take one frame. Labels that need only hits are in it; boxes are added by the labelling floor."""


@dataclass(frozen=True, kw_only=True)
class FoldingSensor(Sensor):
    """A sensor whose frames always depend on the ones before (events): a state folded over them in time order.

    The engine keeps the state, and replays it from the start where a frame is asked for out of order.
    """

    @property
    def folds(self) -> bool:
        """Always."""
        return True

    @abstractmethod
    def begin(self, shot: Shot) -> Any:
        """The state before the first frame, whose shot this is."""

    @abstractmethod
    def fold(self, shot: Shot, state: Any) -> tuple[Frame, Any]:
        """One frame, and the state after it. The state given must not be changed."""

    def capture(self, shot: Shot) -> NoReturn:
        """Not for this kind: the engine folds."""
        raise TypeError(f"{self.name}: frames of a folding sensor come from fold()")


@dataclass(frozen=True, kw_only=True)
class SeriesSensor(Sensor):
    """A sensor of many small samples (IMU, odometry): all of them at once, from the path of what carries it.

    It casts no rays. The engine hands its frames out in time order among the others'.
    """

    #: whether ``record`` needs the joints of what carries the sensor
    needs_joints: ClassVar[bool] = False

    @abstractmethod
    def record(self, run: Run) -> Sequence[Frame]:
        """Every frame of the sequence, one an entry of ``run.time_ns``."""

    def extent_ns(self) -> tuple[int, int]:
        """A sample is one instant."""
        return 0, 0

    def capture(self, shot: Shot) -> NoReturn:
        """Not for this kind: the engine records."""
        raise TypeError(f"{self.name}: frames of a series sensor come from record()")


__all__ = [
    "SHARED",
    "TWIN",
    "CalibrationError",
    "Dropout",
    "FoldingSensor",
    "Knock",
    "Mount",
    "Path",
    "Sensor",
    "SeriesSensor",
    "Timing",
]
