"""A cargo bike."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.small_wheels import build_cargo_bike


@register("asset", "cargo_bike")
@dataclass(frozen=True, kw_only=True)
class CargoBike(Asset):
    """A two-wheeled front loader (class bicycle) with a tub between the rider and the small front wheel.

    Put a ``cyclist_rider`` on it, as on the ``bicycle``. Measures as in data sheets of Bakfiets, Urban Arrow and
    Riese & Müller Load: 2.5 to 2.7 m long, wheelbase 1.9 to 2.1 m, tub 0.6 to 0.7 m wide.
    """

    color: str | tuple[float, float, float] = param("black", doc="name of a paint, or linear sRGB reflectances")
    variant: int = param(0, ge=0, le=9999, doc="tub and the name on it")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Frame with tub, wheels, crank, and the steered fork and handlebar."""
        return build_cargo_bike(self.variant, resolve("color", self.color, PAINTS))
