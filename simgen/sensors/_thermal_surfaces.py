"""How warm surfaces are and how well they radiate, from their class, their heat tag and their finish.

A surface that nothing heats from inside is where its losses to air and sky equal what sun and ground give it::

    T = T_air + (a E (1 - q) + G - e F (sigma T_air^4 - D)) / h,    h = 5.7 + 3.8 v + 4 e sigma T_air^3

with the absorbed share a of the irradiance E (W/m2, from lux by 110 lm/W), the share q of it that is conducted away or
evaporates, the heat G that comes back from what lies behind, the view F of the sky, its long-wave light D, and the
wind v (McAdams 1954). Emissivities: Rees, Physical Principles of Remote Sensing; Incropera et al.; ISO 18434-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.kernels.thermal_heat import (
    ABSORBED,
    BODY,
    BOUNDS,
    BRAKE,
    DEVIATION,
    DRIVEN,
    EMISSIVITY,
    ENGINE_END,
    FIXED,
    INSTANCE_COLUMNS,
    KIND,
    LAMP,
    MIRROR,
    PATCH,
    PLAIN,
    SPREAD,
    STORED,
    SURFACE_COLUMNS,
    TYRE,
    UNDER,
)
from simgen.records.base import F8
from simgen.records.mesh import HEATS, TEXTURES, SurfaceTable
from simgen.records.stage import Stage
from simgen.rng import stream
from simgen.taxonomy import ClassInfo, classes

#: what a lit lamp warms its cover by, K
LAMP_K: Final = 12.0
#: skin, and how far cloth and hair lie between it and the air
SKIN_C: Final = 33.0
_CLOTH, _HAIR, _FUR = 0.5, 0.35, 0.45
#: emissivity of bare, weathered metal
_METAL: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class Material:
    """One kind of matter. ``fixed``: share of the way from the air to the skin's temperature; None = from balance."""

    emissivity: float
    lost: float = 0.1
    stored_w_m2: float = 0.0
    fixed: float | None = None
    #: unevenness over a metre, and deviation of one object from another, K
    patch_k: float = 0.3
    spread_k: float = 0.0
    kind: int = PLAIN


_GROUND: Final = Material(emissivity=0.95, lost=0.35, stored_w_m2=70.0, patch_k=0.3)
_STONE: Final = Material(emissivity=0.93, lost=0.45, stored_w_m2=55.0, patch_k=0.3)
_GRASS: Final = Material(emissivity=0.97, lost=0.7, stored_w_m2=25.0, patch_k=0.8)
_LEAVES: Final = Material(emissivity=0.97, lost=0.85, stored_w_m2=8.0, patch_k=1.2)
_BUILDING: Final = Material(emissivity=0.92, lost=0.35, stored_w_m2=45.0, patch_k=0.3, spread_k=0.4)
_THING: Final = Material(emissivity=0.93, lost=0.1, stored_w_m2=5.0, patch_k=0.2, spread_k=0.3)
_WATER: Final = Material(emissivity=0.96, lost=0.95, stored_w_m2=20.0, patch_k=0.2)
_CLOTHED: Final = Material(emissivity=0.95, fixed=_CLOTH, patch_k=1.2, spread_k=1.5)
_BEAST: Final = Material(emissivity=0.97, fixed=_FUR, patch_k=1.0, spread_k=1.0)

_BY_HEAT: Final[dict[str, Material]] = {
    "body": Material(emissivity=0.94, lost=0.05, stored_w_m2=3.0, patch_k=0.3, spread_k=0.5, kind=BODY),
    "glass": Material(emissivity=0.88, lost=0.5, stored_w_m2=12.0, patch_k=0.1, spread_k=0.5),
    "tyre": Material(emissivity=0.95, lost=0.2, stored_w_m2=8.0, patch_k=0.2, spread_k=1.0, kind=TYRE),
    "brake": Material(emissivity=0.7, lost=0.1, stored_w_m2=5.0, patch_k=0.3, spread_k=2.0, kind=BRAKE),
    "under": Material(emissivity=0.93, lost=0.1, stored_w_m2=8.0, patch_k=0.5, spread_k=1.0, kind=UNDER),
    "skin": Material(emissivity=0.98, fixed=1.0, patch_k=0.7, spread_k=0.5),
    "cloth": _CLOTHED,
    "hair": Material(emissivity=0.97, fixed=_HAIR, patch_k=0.6, spread_k=0.6),
}
_BY_CLASS: Final[dict[str, Material]] = {
    **dict.fromkeys(("road", "lane_marking", "crosswalk", "parking"), _GROUND),
    **dict.fromkeys(("kerb", "sidewalk", "floor", "bridge", "tunnel"), _STONE),
    "terrain": _GRASS,
    "rail_track": _STONE,
    "water": _WATER,
    "vegetation": _LEAVES,
    "trunk": Material(emissivity=0.95, lost=0.4, stored_w_m2=20.0),
    **dict.fromkeys(("building", "wall"), _BUILDING),
    "animal": _BEAST,
}


def material(info: ClassInfo | None, heat: str, texture: str) -> Material:
    """What a surface is made of, thermally."""
    if heat:
        return _BY_HEAT[heat]
    if info is None:
        return _THING
    if info.name == "terrain" and texture in ("concrete", "gravel"):
        return _STONE
    if info.parent == "human":
        return _CLOTHED
    return _BY_CLASS.get(info.name, _THING)


def surface_rows(table: SurfaceTable, air_c: float) -> F8:
    """The kernel's table, (S, SURFACE_COLUMNS) f8; FIXED is in degrees Celsius, NaN = from the balance."""
    by_id = {info.id: info for info in classes().values()}
    rows = np.zeros((len(table.class_id), SURFACE_COLUMNS))
    # a lit window is no lamp: the room behind it is lit
    lamps = table.heat != HEATS.index("glass")
    luminous = (table.emission.max(-1, initial=0.0) > 0.0) & (table.metallic < 0.5) & lamps
    for k in range(len(rows)):
        info, heat = by_id.get(int(table.class_id[k])), HEATS[int(table.heat[k])]
        # a pane lets light through, but no long waves
        if not heat and table.transmission[k] > 0.3 and table.roughness[k] < 0.2:
            heat = "glass"
        m = material(info, heat, TEXTURES[int(table.texture[k])])
        # lacquered flakes are no bare metal: paint counts as paint
        metal = 0.0 if heat == "body" else min(max(float(table.metallic[k]), 0.0), 1.0)
        red, green, blue = (float(c) for c in table.base_color[k])
        absorbed = 1.0 - min(0.2126 * red + 0.7152 * green + 0.0722 * blue, 1.0)
        rows[k, EMISSIVITY] = m.emissivity + metal * (_METAL - m.emissivity)
        rows[k, ABSORBED] = absorbed * (1.0 - m.lost)
        rows[k, STORED] = m.stored_w_m2
        rows[k, FIXED] = np.nan if m.fixed is None else air_c + m.fixed * max(SKIN_C - air_c, 0.0)
        rows[k, MIRROR] = (1.0 - float(table.roughness[k])) ** 2
        rows[k, PATCH], rows[k, SPREAD], rows[k, KIND] = m.patch_k, m.spread_k, m.kind
    rows[luminous, LAMP] = LAMP_K
    return rows


def instance_rows(stage: Stage, driven: tuple[int, ...], seed: int) -> F8:
    """What tells one object from another, (I, INSTANCE_COLUMNS) f8: running engine, own deviation, bounds of its mesh.

    An object's deviation belongs to the world, not to a camera: every thermal camera of a scene sees the same.
    """
    rows = np.zeros((len(stage.instance_mesh), INSTANCE_COLUMNS))
    rows[:, DRIVEN] = np.isin(stage.instance_label, np.array(driven, np.uint32))
    rows[:, ENGINE_END] = 1.0
    deviation = {int(n): float(stream(seed, "heat", int(n)).standard_normal()) for n in np.unique(stage.instance_label)}
    rows[:, DEVIATION] = [deviation[int(n)] if n else 0.0 for n in stage.instance_label]
    bus = next(info.id for info in classes().values() if info.name == "bus")
    rows[stage.surfaces.class_id[stage.surface_base] == bus, ENGINE_END] = -1.0
    for mesh in np.unique(stage.instance_mesh):
        points = stage.vertices[stage.vertex_start[mesh] : stage.vertex_start[mesh + 1]]
        rows[stage.instance_mesh == mesh, BOUNDS:] = np.concatenate([points.min(0), points.max(0)])
    return rows


__all__ = ["Material", "instance_rows", "material", "surface_rows"]
