"""What an ultrasonic ranger hands over: its first echo and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.records.base import F4, U1, U2, U4, array
from simgen.records.frames import Frame

#: bits of ``flags``
ECHO_FALSE: Final = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class EchoFrame(Frame):
    """One ping. Pressures are in units of the echo of a wide hard wall straight on at 1 m without losses in the air."""

    range: F4 = array("1", "f4", unit="m", doc="of the first echo, as reported; inf = no echo")
    time_of_flight: F4 = array("1", "f4", unit="s", doc="from the ping to the first echo; inf = no echo")
    amplitude: F4 = array("1", "f4", doc="pressure of the first echo; 0 = no echo")
    semantic: U2 = array("1", "u2", doc="taxonomy class of what sends most of the echo")
    instance: U4 = array("1", "u4", doc="instance id of what sends most of the echo; 0 = no object")
    flags: U1 = array("1", "u1", doc="1 = a false echo, from another device")
    envelope: F4 | None = array("E", "f4", doc="pressure heard by range, in steps of resolution_m", optional=True)
