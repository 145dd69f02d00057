"""A school bus of the United States."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.buses import build_school_bus


@register("asset", "school_bus")
@dataclass(frozen=True, kw_only=True)
class SchoolBus(Asset):
    """A yellow type C school bus with a bonnet (class bus): rub rails, flashers, and a stop arm on the left.

    The stop arm swings out with the doors' share, or stands out with ``stop_arm``. Source of the measures: data sheets
    of Blue Bird Vision and Thomas Saf-T-Liner C2 (8 to 12.2 m long, 2.44 m wide, 3.1 m high), FMVSS 108 and 131.
    """

    variant: int = param(0, ge=0, le=9999, doc="district and number plate")
    length_m: float = param(10.9, ge=8.5, le=12.2, doc="bumper to bumper")
    stop_arm: bool = param(False, doc="the stop arm stands out, whatever the doors do")
    beacons: str = param("off", doc="the red flashers: auto = on while somebody drives", choices=("auto", "on", "off"))
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Body and bonnet, the stop arm, steering front wheels and twin rear wheels."""
        return build_school_bus(self.variant, self.length_m, self.stop_arm)
