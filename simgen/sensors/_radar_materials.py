"""What a radar sees of surfaces: reflection, slope and roughness by class and by what the surface is made of.

At 77 GHz a millimetre is a quarter of a wavelength: paint and clothes hardly matter, metal and water do. ``power`` is
the reflected power of a smooth face straight on: ``((n - 1) / (n + 1))^2`` for a dielectric (asphalt n = 2.1, concrete
2.5, glass 2.5, wood 1.5; skin 0.4). ``slope`` is the root mean square slope of the surface's facets; ``diffuse`` the
share that scatters as Lambert's law (asphalt from -15 dB at 20 degrees of grazing, Li and Sarabandi 1999 at 94 GHz);
``corner`` what edges and corners send back from everywhere; ``height_mm`` the roughness that takes the mirror away, by
``exp(-(4 pi h cos / lambda)^2)``. All but the refractive indices are estimates, set within published ranges.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simgen.kernels.radar_tables import Matter
from simgen.records.mesh import SurfaceTable
from simgen.taxonomy import classes


class Material(NamedTuple):
    """A row of the table; see the module."""

    power: float
    slope: float
    diffuse: float
    corner: float
    height_mm: float
    #: the mirror is taken as upright (a corrugated rail) with this share of its power; 0 = as the mesh has it
    upright: float = 0.0


METAL: Final = Material(1.0, 0.04, 0.01, 0.0, 0.05)
BODYWORK: Final = Material(0.9, 0.06, 0.02, 0.05, 0.05)
PLASTIC: Final = Material(0.3, 0.08, 0.03, 0.03, 0.1)
GLASS: Final = Material(0.18, 0.02, 0.0, 0.0, 0.02)
RUBBER: Final = Material(0.15, 0.25, 0.05, 0.01, 1.0)
SKIN: Final = Material(0.4, 0.25, 0.05, 0.0, 2.0)
ASPHALT: Final = Material(0.13, 0.2, 0.05, 0.0, 0.4)
CONCRETE: Final = Material(0.18, 0.12, 0.05, 0.005, 0.4)
STONE: Final = Material(0.18, 0.2, 0.08, 0.01, 0.6)
PLANTS: Final = Material(0.1, 0.6, 0.12, 0.01, 15.0)
EARTH: Final = Material(0.15, 0.5, 0.1, 0.0, 8.0)
WOOD: Final = Material(0.05, 0.15, 0.05, 0.0, 0.3)
RAIL: Final = Material(1.0, 0.15, 0.02, 0.03, 0.1, 0.15)

_BY_CLASS: Final = {
    **dict.fromkeys(("road", "lane_marking", "crosswalk", "parking"), ASPHALT),
    **dict.fromkeys(("sidewalk", "kerb"), STONE),
    **dict.fromkeys(("floor", "building", "wall", "bridge", "tunnel", "barrier"), CONCRETE),
    "terrain": EARTH,
    "water": Material(0.4, 0.1, 0.01, 0.0, 2.0),
    "vegetation": PLANTS,
    "trunk": Material(0.1, 0.4, 0.1, 0.0, 5.0),
    "guard_rail": RAIL,
    **dict.fromkeys(("fence", "pole", "traffic_light", "traffic_sign", "street_light", "rail_track"), METAL),
    "traffic_cone": PLASTIC,
}
_BY_PARENT: Final = {"vehicle": BODYWORK, "human": SKIN, "animal": SKIN, "robot": BODYWORK, "furniture": METAL}
#: a surface of a vehicle rougher than this is rubber or the bare underside; smoother than the other, glass
_ROUGH: Final = 0.85
_GLASSY: Final = 0.07
#: bare metal
_METALLIC: Final = 0.5
#: a surface of a vehicle of this roughness and more, unpainted, is plastic trim
_TRIM: Final = 0.4


def material_of(class_name: str, roughness: float, metallic: float, transmission: float = 0.0) -> Material:
    """The radar's view of a surface."""
    info = classes().get(class_name)
    parent = info.parent if info is not None else ""
    base = _BY_CLASS.get(class_name, _BY_PARENT.get(parent))
    if metallic >= _METALLIC:
        return base if base is RAIL else METAL
    if transmission > 0.0 or (parent == "vehicle" and roughness <= _GLASSY):
        return GLASS
    if parent == "vehicle":
        if roughness >= _ROUGH:
            return RUBBER
        # paint is a little metallic in the assets, trim and grilles are not
        return PLASTIC if metallic == 0.0 and roughness >= _TRIM else BODYWORK
    if base is not None:
        return base
    return WOOD if roughness > 0.3 else GLASS


@lru_cache(maxsize=4)
def matter_of(surfaces: SurfaceTable) -> Matter:
    """The materials of a stage's surfaces, as columns; surfaces are told apart by identity."""
    names = {info.id: name for name, info in classes().items()}
    rows = [
        material_of(names.get(int(c), ""), float(r), float(m), float(t))
        for c, r, m, t in zip(
            surfaces.class_id, surfaces.roughness, surfaces.metallic, surfaces.transmission, strict=True
        )
    ]
    columns = np.array([tuple(row) for row in rows], np.float64).reshape(-1, 6).T
    return Matter(*(np.ascontiguousarray(column) for column in columns))
