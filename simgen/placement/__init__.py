"""Placement: where things may stand."""

from simgen.placement.footprint import Footprint, Occupancy, box_footprint, model_footprint, solid_footprints
from simgen.placement.ground import GroundHeight
from simgen.placement.place import Place
from simgen.placement.placer import Placement, Placer
from simgen.placement.route import Route, nearest_lane, route_from, turn_of

__all__ = [
    "Footprint",
    "GroundHeight",
    "Occupancy",
    "Place",
    "Placement",
    "Placer",
    "Route",
    "box_footprint",
    "model_footprint",
    "nearest_lane",
    "route_from",
    "solid_footprints",
    "turn_of",
]
