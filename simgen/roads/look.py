"""Materials of a network, and how it is dressed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from simgen.records.mesh import Surface
from simgen.roads.road import Strip
from simgen.shapes.ground_surfaces import (
    ASPHALT,
    BEADS,
    CROSSWALK_PAINT,
    GRASS,
    GRAVEL,
    KERB_STONE,
    LINE_PAINT,
    PARKING,
    PAVING,
    SHOULDER,
)

#: thermoplastic in traffic yellow (RAL 1023)
YELLOW_PAINT: Final = replace(LINE_PAINT, base_color=(0.66, 0.42, 0.03), retro=0.7 * BEADS)
#: red asphalt of bicycle lanes (iron oxide)
BIKE_ASPHALT: Final = replace(ASPHALT, base_color=(0.155, 0.075, 0.062), lidar_reflectance=0.17)
FIELD: Final = Surface(
    class_name="terrain",
    base_color=(0.135, 0.098, 0.062),
    roughness=0.97,
    lidar_reflectance=0.25,
    texture="gravel",
    texture_scale_m=2.0,
)
CROP: Final = Surface(
    class_name="terrain",
    base_color=(0.16, 0.17, 0.055),
    roughness=0.97,
    lidar_reflectance=0.42,
    texture="grass",
    texture_scale_m=1.5,
)
CONCRETE_SLABS: Final = replace(ASPHALT, base_color=(0.28, 0.275, 0.26), lidar_reflectance=0.3, texture="concrete")

#: what a strip's ``material`` may name
MATERIALS: Final[dict[str, Surface]] = {
    "asphalt": ASPHALT,
    "bike_asphalt": BIKE_ASPHALT,
    "parking": PARKING,
    "shoulder": SHOULDER,
    "concrete": CONCRETE_SLABS,
    "paving": PAVING,
    "kerb_stone": KERB_STONE,
    "gravel": GRAVEL,
    "grass": GRASS,
    "field": FIELD,
    "crop": CROP,
}
_BY_KIND: Final = {
    "driving": "asphalt",
    "bike": "bike_asphalt",
    "parking": "parking",
    "shoulder": "shoulder",
    "rail": "gravel",
    "median": "grass",
    "kerb": "kerb_stone",
    "sidewalk": "paving",
    "verge": "grass",
    "none": "asphalt",
}


def surface_of(strip: Strip) -> Surface:
    """What a strip is made of."""
    return MATERIALS[strip.material or _BY_KIND[strip.kind]]


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a network is drawn and where its ground ends."""

    #: ground beyond the outermost road
    margin_m: float = 400.0
    #: how far roads that end nowhere go on as mesh beyond their lanes
    beyond_m: float = 60.0
    #: ground: one of MATERIALS
    terrain: str = "grass"
    #: parcels of farmland beyond the first cells, of these MATERIALS; () = none
    fields: tuple[str, ...] = ()
    #: hills away from the roads: height from valley to top and distance between tops; 0 = flat
    relief_m: float = 0.0
    relief_wave_m: float = 180.0
    #: how far from the roads the hills have their full height
    relief_from_m: float = 90.0
    #: ground triangles near roads, m
    cell_m: float = 14.0
    #: crosswalk stripes: zebra bars along the road, or two broken lines across it
    crosswalk: str = "zebra"
    #: arrows before stop lines of roads with as many lanes a direction, or more; 0 = never
    arrows_from_lanes: int = 2
    #: traffic lights and signs of the junctions stand
    signs: bool = True


__all__ = ["ASPHALT", "CROSSWALK_PAINT", "LINE_PAINT", "MATERIALS", "YELLOW_PAINT", "Style", "surface_of"]
