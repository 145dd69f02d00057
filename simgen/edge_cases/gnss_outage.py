"""A jammer takes the satellites away."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged, frames_from
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors._gnss_attack import Jamming
from simgen.sensors.gnss import Gnss


@register("edge_case", "gnss_outage")
@dataclass(frozen=True, kw_only=True)
class GnssOutage(EdgeCase):
    """A jammer drowns the satellites for a stretch (s): the receiver delivers frames without a fix.

    Asked: ``fixes_lost``, at least every frame of that stretch.
    """

    tests: ClassVar[str] = "localisation without satellites, and coming back to them"

    sensor: str = param("", doc="name of the receiver; empty = the first", reference="sensor")
    at_s: float = param(1.0, ge=0.0, doc="when it begins")
    duration_s: float = param(2.0, gt=0.0, doc="how long it lasts")
    loss_db: float = param(35.0, ge=25.0, le=100.0, doc="what it takes from the carrier to noise density")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the jammer.

        Raises:
            UserError: there is no such receiver, or it takes no frame in that stretch.
        """
        receiver = device_of(scene, self.sensor, Gnss, "gnss_outage")
        jammer = Jamming(from_s=self.at_s, until_s=self.at_s + self.duration_s, loss_db=self.loss_db)
        frames = frames_from(scene, receiver, self.at_s, "gnss_outage")
        hit = [t for t in frames if jammer.is_on(round(t * 1e9))]
        if not hit:
            raise UserError(f"gnss_outage: {receiver.name!r} takes no frame within {self.duration_s:g} s")
        asked = Constraint(kind="fixes_lost", subject=receiver.name, asked=float(len(hit)), tolerance=0.0,
                           relation="at_least", time_s=hit[0], until_s=hit[-1])  # fmt: skip
        after = dataclasses.replace(receiver, jamming=(*receiver.jamming, jammer))
        return accepted(exchanged(scene, after), "gnss_outage", [asked])
