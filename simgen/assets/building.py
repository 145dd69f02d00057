"""A building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._building_surfaces import surfaces_of
from simgen.assets.base import Asset
from simgen.geometry import cross, normalized
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.finish import hull, rigid
from simgen.shapes.houses import KINDS, building
from simgen.shapes.kit import Kit
from simgen.shapes.soup import Soup
from simgen.shapes.storeys import Plan

ROOFS: Final = ("auto", "flat", "gable", "hip", "mansard")
#: roofs that are drawn for each kind, if none is asked for
_ROOFS: Final = {
    "townhouse": ("gable", "mansard", "mansard", "gable", "flat"),
    "apartment": ("flat", "flat", "flat", "hip"),
    "detached": ("gable", "gable", "hip"),
    "hall": ("shallow",),
}


@register("asset", "building")
@dataclass(frozen=True, kw_only=True)
class Building(Asset):
    """A building with storeys of about 3 m, windows in reveals, doors, and what its kind has (class building).

    Its front faces +x; depth runs along x, width along y. A townhouse has mouldings, a cornice and dormers; an
    apartment block balconies; an office or a high-rise glass; a detached house a garage; a hall doors that roll up; a
    supermarket a wide glass front; a school bands of windows. Shops have glass that one looks through, goods, awnings
    and names that are made up. Storey and bay sizes as common in European housing (Neufert, "Architects' Data").
    """

    width_m: float = param(14.0, ge=4.0, le=120.0, doc="along the street (y)")
    depth_m: float = param(11.0, ge=4.0, le=80.0, doc="away from the street (x)")
    height_m: float = param(12.0, ge=3.0, le=200.0, doc="ground to the roof's top, without what stands on it")
    kind: str = param("auto", doc="auto = by its height and variant", choices=("auto", *KINDS))
    color: str | tuple[float, float, float] = param("beige", doc="walls: a name, or linear sRGB reflectances")
    roof: str = param("auto", doc="auto = one that is common for the kind", choices=ROOFS)
    wall: str = param(
        "auto", doc="auto = brick where the colour is reddish", choices=("auto", "plaster", "brick", "concrete")
    )
    terraced: bool = param(False, doc="neighbours adjoin: no windows and no eaves at the sides")
    shop: str = param("auto", doc="a shop on the ground floor; auto = drawn", choices=("auto", "yes", "no"))
    lit_share: float = param(0.3, ge=0.0, le=1.0, doc="share of the windows with light behind them after dusk")
    variant: int = param(0, ge=0, doc="draws what is left open: style, roof, balconies, what is behind windows")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """One link; bodies collide with walls, roofs, balconies and what stands on the roof."""
        rng = stream(self.variant, "building")
        kind = self._kind(rng)
        kit = building(kind, self._plan(kind, rng))
        color = resolve("color", self.color, PAINTS)
        surfaces = surfaces_of(color, self.wall, kind, stream(self.variant, "building", "surfaces"))
        mass = 350.0 * self.depth_m * self.width_m * self.height_m
        shapes = [hull(points) for points in kit.solids]
        return rigid("building", "building", _meshed(kit, surfaces), shapes, mass_kg=mass)

    def _kind(self, rng: Stream) -> str:
        draw = rng.random()
        if self.kind != "auto":
            return self.kind
        if self.height_m < 9.0 and not self.terraced:
            return "detached"
        if self.height_m < 17.0:
            return "townhouse" if draw < 0.75 else "apartment"
        if self.height_m < 32.0:
            return "apartment" if draw < 0.6 else ("townhouse" if draw < 0.75 and self.height_m < 22.0 else "office")
        return "high_rise"

    def _plan(self, kind: str, rng: Stream) -> Plan:
        choices = _ROOFS.get(kind, ("flat",))
        drawn, shop = choices[int(rng.integers(len(choices)))], rng.random() < (0.6 if kind == "townhouse" else 0.3)
        if self.roof != "auto":
            drawn = self.roof
        elif (drawn == "mansard" and self.height_m < 9.0) or (drawn == "hip" and self.terraced):
            drawn = "gable"
        may = kind in ("townhouse", "apartment") and self.height_m > 6.5
        return Plan(
            depth=self.depth_m,
            width=self.width_m,
            height=self.height_m,
            roof=drawn,
            terraced=self.terraced,
            shop=may and (self.shop == "yes" or (self.shop == "auto" and bool(shop))),
            lit_share=self.lit_share,
            rng=rng,
        )


def _meshed(kit: Kit, surfaces: tuple[Surface, ...]) -> MeshBuilder:
    """Plain parts, then the flat pieces with pictures."""
    builder = MeshBuilder().add(kit.soup, *surfaces, smooth_deg=20.0)
    count = len(kit.quads)
    if not count:
        return builder
    first = 4 * np.arange(count)[:, None]
    triangles = np.stack([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])], 1).reshape(-1, 3)
    soup = Soup.of(kit.quads.reshape(-1, 3), triangles, np.repeat(kit.tags, 2))
    edge = kit.quads[:, 1] - kit.quads[:, 0], kit.quads[:, 3] - kit.quads[:, 0]
    normals = np.repeat(normalized(cross(*edge)), 2, axis=0)[:, None].repeat(3, axis=1)
    return builder.add_corners(soup, normals, *surfaces, uv=kit.uv.reshape(-1, 2)[triangles])
