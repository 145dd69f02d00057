"""What an event camera hands over: changes of brightness, one row each, and the labels of the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.records.base import F4, I8, U1, U2, U4, array
from simgen.records.frames import CameraFrame, Table

#: bits of an event's ``flags``
EVENT_NOISE: Final = 1
EVENT_LEAK: Final = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Events(Table):
    """One row an event, by time; events of one instant by pixel, row by row."""

    x: U2 = array("E", "u2", unit="px", doc="column")
    y: U2 = array("E", "u2", unit="px", doc="row")
    t: I8 = array("E", "i8", unit="ns", doc="instant, on the clock of time_ns")
    p: U1 = array("E", "u1", doc="1 = brighter, 0 = darker")
    instance: U4 = array("E", "u4", doc="instance id of what the pixel shows at the nearest sub-step; 0 = no object")
    semantic: U2 = array("E", "u2", doc="taxonomy class of what the pixel shows at the nearest sub-step")
    flags: U1 = array("E", "u1", doc="1 = shot noise, 2 = leak: the brightness did not move that way")


@dataclass(frozen=True, kw_only=True, eq=False)
class Milliseconds(Table):
    """Where each whole millisecond of the frame's window begins among its events (DSEC's ``ms_to_idx``)."""

    ms: I8 = array("M", "i8", unit="ms", doc="the millisecond, on the clock of time_ns")
    row: U4 = array("M", "u4", doc="first event of the frame at or after it; the number of events if there is none")


@dataclass(frozen=True, kw_only=True, eq=False)
class EventFrame(CameraFrame):
    """The events of a window of time that ends at ``time_ns``; images, labels and boxes hold at its end."""

    start_ns: I8 = array("1", "i8", unit="ns", doc="begin of the window, inclusive; it ends before time_ns")
    steps: U2 = array("1", "u2", doc="sub-steps at which the window was rendered")
    motion_px: F4 = array("1", "f4", unit="px", doc="largest image motion between sub-steps; 0 if none was measured")
    events: Events
    ms_to_idx: Milliseconds
    luminance: F4 | None = array("H W", "f4", unit="cd/m2", doc="luminance at time_ns", optional=True)
