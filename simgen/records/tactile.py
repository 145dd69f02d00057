"""What a tactile sensor hands over: its gel seen from behind, and as labels how deep it is pressed, and by what."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.records.base import F4, U1, U2, U4, array
from simgen.records.frames import Frame


@dataclass(frozen=True, kw_only=True, eq=False)
class TactileFrame(Frame):
    """One picture of a gel. Labels belong to the point of the pressed gel that a pixel's centre sees."""

    rgb: U1 = array("H W 3", "u1", doc="the gel from behind, linear in light")
    indentation: F4 | None = array("H W", "f4", unit="m", doc="how deep the gel is pressed, along x", optional=True)
    force: F4 | None = array("1", "f4", unit="N", doc="sum of the normal forces on the carrier", optional=True)
    instance: U4 | None = array("H W", "u4", doc="instance id of what presses; 0 = none or the world", optional=True)
    semantic: U2 | None = array("H W", "u2", doc="taxonomy class of what presses; 0 = none", optional=True)
