"""An e-scooter that one stands on."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.small_wheels import build_e_scooter


@register("asset", "e_scooter")
@dataclass(frozen=True, kw_only=True)
class EScooter(Asset):
    """An electric kick scooter (class personal_mobility) with head and tail lamp.

    Put an ``e_scooter_rider`` on it. Measures as in data sheets of Segway Ninebot Max and shared scooters: 1.1 to 1.2 m
    long and high, deck 0.15 to 0.18 m high, 9 inch wheels; width at most 0.7 m (German eKFV).
    """

    variant: int = param(0, ge=0, le=9999, doc="town's colours and name")
    lights: bool | str = lights_param()

    def build(self) -> Model:
        """Deck, rear wheel, and the steered stem with the front wheel."""
        return build_e_scooter(self.variant)
