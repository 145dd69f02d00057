"""The ``traffic:`` of a scene: how many drive, park, cycle and walk, and what they are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Final, Literal

from simgen import registry
from simgen.errors import UserError
from simgen.registry import param

#: names of the groups that traffic adds to a scene
GROUPS: Final = ("vehicles", "parked", "cyclists", "pedestrians")
#: shares of vehicles on European roads, roughly (ACEA 2023: cars 87 %, vans 10 %, lorries 2 %, buses 0.2 %)
VEHICLES: Final[Mapping[str, float]] = {
    "sedan": 0.16,
    "hatchback": 0.24,
    "estate": 0.10,
    "city_car": 0.10,
    "suv": 0.22,
    "van": 0.08,
    "taxi": 0.03,
    "pickup": 0.02,
    "truck": 0.03,
    "bus": 0.02,
}
PEOPLE: Final[Mapping[str, float]] = {"pedestrian": 0.88, "child": 0.12}


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Who else is on the road: vehicles that ``drive``, parked ones, cyclists, and people who ``stroll``.

    They are placed after everything else, with gaps, on the world's lanes, in its parking lanes and on its sidewalks,
    and become entities like any other: ``vehicles/0``, ``parked/0``, ``cyclists/0``, ``pedestrians/0`` ...
    """

    vehicles: int = param(0, ge=0, le=2000, doc="how many, parked ones included")
    pedestrians: int = param(0, ge=0, le=2000, doc="how many walk")
    cyclists: int = param(0, ge=0, le=500, doc="how many cycle")
    parked_share: float = param(0.0, ge=0.0, le=1.0, doc="share of the vehicles that are parked")
    mix: Mapping[str, float] | None = field(
        default=None, metadata={"doc": "shares of vehicles by asset, for instance {sedan: 3, van: 1}", "ge": 0.0}
    )
    people: Mapping[str, float] | None = field(
        default=None, metadata={"doc": "shares of people by asset, for instance {pedestrian: 4, child: 1}", "ge": 0.0}
    )
    aggressiveness: float = param(
        0.5, ge=0.0, le=1.0, doc="of the average driver: short gaps, high speeds, little regard; each draws about it"
    )
    looks: int = param(5, ge=1, le=1000, doc="how many different ones of a kind there are; more take longer to build")
    at_end: Literal["vanish", "again"] = param(
        "again", doc="where lanes end vehicles vanish, or drive in again elsewhere"
    )

    def __post_init__(self) -> None:
        for key, shares in (("mix", self.mix), ("people", self.people)):
            for name in shares or ():
                cls = registry.find("asset", name)
                if cls is None:
                    known = tuple(registry.names("asset"))
                    raise UserError(f"{key}: there is no asset {name!r}{registry.suggest(name, known)}")
                needed = [f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]
                if needed:
                    raise UserError(f"{key}: {name!r} needs {' and '.join(needed)}; list such things under objects")
            if shares is not None and sum(shares.values()) <= 0.0:
                raise UserError(f"{key}: at least one share must be more than 0")

    def kinds(self, key: Literal["mix", "people"]) -> dict[str, float]:
        """Shares by asset, of those that there are."""
        given = self.mix if key == "mix" else self.people
        shares = given or (VEHICLES if key == "mix" else PEOPLE)
        return {name: share for name, share in shares.items() if registry.find("asset", name) is not None}
