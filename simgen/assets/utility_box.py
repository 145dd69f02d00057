"""Cabinets of the street: telephone, power, signals."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._kit import DARK, Kit, concrete, painted
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.primitives import box
from simgen.shapes.soup import join


@register("asset", "utility_box")
@dataclass(frozen=True, kw_only=True)
class UtilityBox(Asset):
    """A grey cabinet for telephones, power or signals, its doors on +x (class street_furniture).

    Usual cabinets are 0.8 to 1.5 m tall (EN 61439-5).
    """

    width_m: float = param(0.8, ge=0.3, le=3.0, doc="along y")
    height_m: float = param(1.15, ge=0.5, le=2.5, doc="ground to top")
    color: str | Color = param("", doc="a colour's name or linear reflectances; empty = pebble grey")

    def __post_init__(self) -> None:
        if self.color != "":
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Plinth, cabinet, doors, roof."""
        name, kit, w, h = "street_furniture", Kit("street_furniture"), self.width_m, self.height_m
        paint = painted(name, (0.42, 0.43, 0.39) if self.color == "" else resolve("color", self.color, PAINTS), 0.5)
        kit.beam((-0.17, -0.5 * w, 0.0), (0.17, 0.5 * w, 0.14), concrete(name))
        kit.add(box((0.32, w, h - 0.18), 0.01).moved((0.0, 0.0, 0.14 + 0.5 * (h - 0.18))), paint, shape="box")
        kit.beam((-0.18, -0.5 * w - 0.02, h - 0.04), (0.18, 0.5 * w + 0.02, h), paint, 0.01)
        doors = max(round(w / 0.6), 1)
        gaps = [
            box((0.004, 0.008, h - 0.26)).moved((0.161, (k / doors - 0.5) * w, 0.5 * h + 0.04)) for k in range(1, doors)
        ]
        slots = [
            box((0.004, 0.3 * w / doors, 0.012)).moved((0.161, ((k + 0.5) / doors - 0.5) * w, h - 0.12 - 0.03 * j))
            for k in range(doors)
            for j in range(3)
        ]
        locks = [box((0.012, 0.03, 0.1)).moved((0.163, ((k + 0.88) / doors - 0.5) * w, 0.55 * h)) for k in range(doors)]
        kit.add(join([*gaps, *slots, *locks]), painted(name, DARK), shape="none")
        return kit.model("utility_box", 80.0)
