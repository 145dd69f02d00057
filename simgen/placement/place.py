"""How a scene says where something stands: the ``place:`` of an object or of the ego."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from simgen.errors import UserError
from simgen.registry import param


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an object stands. Give one of ``on``, ``in`` and ``along``, or a fixed point ``at_m: [x, y, z]``.

    Lane names say the direction of travel: ``east/1`` is the eastbound lane next to the kerb. ``at_m`` on a lane runs
    on through the junction, straight ahead. Nothing is ever placed into something else.

    Raises:
        UserError: the keys contradict each other.
    """

    on: str = param(
        "", doc="'lane', 'sidewalk', 'crosswalk', 'parking', an area by name, or a thing to stand on (table, shelf)"
    )
    inside: str = dataclasses.field(
        default="", metadata={"doc": "an area by name, first part of a name, or kind", "alias": "in"}
    )
    along: Literal["", "kerb"] = param("", doc="'kerb': in a row beside the kerb")
    lane: str = param("", doc="the lane, or its direction alone ('east'); also chooses the kerb", reference="lane")
    kerb: str = param("", doc="the kerb, or the first part of its name ('east')")
    at_m: float | tuple[float, ...] | None = param(
        None,
        ge=-1e4,
        le=1e4,
        doc="distance along the lane or kerb; or a point [x, y] on the ground, or [x, y, z]",
    )
    lateral_m: float | None = param(None, doc="to the left of the lane's centre; from the kerb, to the near side")
    gap_m: float | None = param(
        None, ge=0.0, doc="free length to the next one in the row; default 4 m for drawn places on lanes"
    )
    clearance_m: float = param(0.1, ge=0.0, doc="free space kept around it, whatever it is next to")
    heading: Literal["", "along", "against"] = param("", doc="along or against the lane, kerb or walking direction")
    yaw_deg: float | None = param(None, doc="heading from east, counter-clockwise; drawn if nothing says it")
    rotation_deg: tuple[float, float, float] | None = param(None, doc="roll, pitch and yaw, instead of yaw_deg")
    tumble: bool = param(False, doc="draw any orientation in space (things that are dropped)")
    drop_m: float = param(0.0, ge=0.0, doc="height above the support; with it, things may also be drawn above others")
    side: Literal["road", "sidewalk"] = param("road", doc="which side of the kerb")
    may_overlap: bool = param(False, doc="skip the test for free space (a ball in a bowl, whose boxes overlap)")

    def __post_init__(self) -> None:
        given = [name for name in ("on", "inside", "along") if getattr(self, name)]
        shown = " and ".join("in" if name == "inside" else name for name in given)
        if len(given) > 1:
            raise UserError(f"place: {shown} contradict each other; give one of them")
        if not given and self.at_m is None and not (self.lane or self.kerb):
            raise UserError("place: say where, with on, in or along, or give a point as at_m: [x, y, z]")
        if isinstance(self.at_m, tuple):
            self._check_point(shown)
        elif self.at_m is not None and self.mode not in ("lane", "kerb"):
            raise UserError(
                "place: at_m is a distance along a lane or kerb; without one, give a point as at_m: [x, y, z]"
            )
        if sum((self.rotation_deg is not None, self.yaw_deg is not None, self.tumble)) > 1:
            raise UserError("place: give only one of rotation_deg, yaw_deg and tumble")

    def _check_point(self, shown: str) -> None:
        assert isinstance(self.at_m, tuple)
        if len(self.at_m) not in (2, 3):
            raise UserError(f"place: the point at_m needs two or three numbers, not {len(self.at_m)}")
        if shown or self.lane or self.kerb:
            raise UserError("place: a point at_m: [x, y, z] needs no on, in, along, lane or kerb; remove one of them")

    @property
    def mode(self) -> Literal["lane", "kerb", "area", "point"]:
        """Which kind of place it is."""
        if isinstance(self.at_m, tuple):
            return "point"
        if self.along == "kerb" or (self.kerb and not self.on and not self.inside):
            return "kerb"
        if self.on == "lane" or (self.lane and not self.on and not self.inside):
            return "lane"
        return "area"

    @property
    def target(self) -> str:
        """The area or support that is meant, for areas."""
        return self.on or self.inside
