"""The map of a world: lanes, kerbs, areas and signals, in world coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simgen.records.base import F8, Record, array

SignalState = Literal["off", "red", "red_yellow", "green", "yellow"]
SIGNAL_STATES: tuple[SignalState, ...] = ("off", "red", "red_yellow", "green", "yellow")
SIGNAL_FAULTS: tuple[str, ...] = ("", "dark", "flashing_yellow")
#: period of a flashing yellow, of which it shines the first half
FLASHING_S = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Lane(Record):
    """A lane as a 3-D centre line in the direction of travel."""

    name: str
    kind: Literal["driving", "bike", "parking", "shoulder", "sidewalk", "crosswalk", "rail"] = "driving"
    centerline: F8 = array("P 3", "f8", unit="m", doc="centre line, in the direction of travel")
    width_m: float = 3.5
    speed_limit_m_s: float = 13.9
    #: lanes that continue this one, by name
    successors: tuple[str, ...] = ()
    #: same-direction neighbours, by name ("" = none)
    left: str = ""
    right: str = ""
    #: lanes whose traffic goes first, by name: a connector's foes with the right of way, a crosswalk's cars never
    gives_way_to: tuple[str, ...] = ()
    #: the junction that a connector belongs to ("" = none)
    junction: str = ""
    #: a stop sign stands at its end
    must_stop: bool = False
    #: the signal that controls this lane's end ("" = none) and where its stop line is, from the lane's start; on a
    #: crosswalk it controls the start: whoever walks goes when it is green
    signal: str = ""
    stop_at_m: float | None = None
    #: share of the markings beside it that is still there, by area, and what is left of their contrast with the road
    paint_left: float = 1.0
    paint_contrast: float = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Kerb(Record):
    """A kerb line; the carriageway lies to its left, the sidewalk to its right, in the direction of travel."""

    name: str
    line: F8 = array("P 3", "f8", unit="m", doc="foot of the kerb, at the height of the carriageway")
    #: stretches (from, to along the line) where nobody may park: junctions, crosswalks
    keep_clear_m: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Area(Record):
    """A polygon one can stand on (its points share one height, or follow the ground).

    A parking bay has four corners, the first edge being the open one.
    """

    name: str
    kind: Literal["drivable", "sidewalk", "crosswalk", "parking", "region", "support"]
    polygon: F8 = array("P 3", "f8", unit="m", doc="outline, counter-clockwise seen from above")


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A traffic light group that cycles: green, yellow, red, red and yellow, shifted by an offset.

    A faulty one is dark, or flashes yellow: then nobody obeys it, and signs and right of way hold.
    """

    name: str
    green_s: float = 12.0
    yellow_s: float = 3.0
    red_s: float = 16.0
    red_yellow_s: float = 1.0
    offset_s: float = 0.0
    #: one of SIGNAL_FAULTS
    fault: str = ""

    def obeyed(self, time_s: float) -> SignalState:
        """The state that drivers and walkers go by: a faulty signal says nothing."""
        return "off" if self.fault else self.state(time_s)

    def state(self, time_s: float) -> SignalState:
        """The state at a time since the sequence began: what its lamps show."""
        if self.fault:
            shines = self.fault == "flashing_yellow" and time_s % FLASHING_S < 0.5 * FLASHING_S
            return "yellow" if shines else "off"
        cycle = self.green_s + self.yellow_s + self.red_s + self.red_yellow_s
        phase = (time_s + self.offset_s) % cycle
        for state, length in (("green", self.green_s), ("yellow", self.yellow_s), ("red", self.red_s)):
            if phase < length:
                return state  # type: ignore[return-value]
            phase -= length
        return "red_yellow"


@dataclass(frozen=True, kw_only=True)
class RoadMap:
    """Everything a behaviour or a map label needs to know."""

    lanes: tuple[Lane, ...] = ()
    kerbs: tuple[Kerb, ...] = ()
    areas: tuple[Area, ...] = ()
    signals: tuple[Signal, ...] = ()

    def lane(self, name: str) -> Lane:
        """The lane of that name.

        Raises:
            KeyError: there is none.
        """
        for lane in self.lanes:
            if lane.name == name:
                return lane
        raise KeyError(name)
