"""Worlds on road networks that tests build: name and parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ON_NETWORKS: list[tuple[str, dict[str, Any]]] = [
    ("country_road", {}),
    ("opendrive", {"file": str(Path(__file__).parents[1] / "scenes" / "roads" / "town.xodr"), "margin_m": 60.0}),
    ("roundabout", {}),
    ("motorway", {}),
    ("motorway", {"lanes": 4, "ramps": False, "hill_m": 0.0}),
    ("roundabout", {"arms": 5, "lanes": 2, "diameter_m": 60.0, "left_hand": True, "sidewalk_width_m": 0.0}),
    ("country_road", {"side_road": False, "left_hand": True, "farmland": False, "length_m": 300.0}),
    ("city_block", {}),
    ("city_block", {"columns": 3, "avenue": False, "parking_m": 0.0, "density": 0.5}),
    ("city_canyon", {}),
    ("residential", {}),
    ("school_zone", {}),
    ("parking_lot", {}),
    ("parking_lot", {"angle_deg": 60.0, "aisles": 2, "bays": 10, "shop": False}),
    ("construction_zone", {}),
    ("construction_zone", {"yellow": False, "works_m": 25.0, "taper_m": 20.0, "length_m": 220.0}),
    ("level_crossing", {}),
    ("level_crossing", {"closed": True, "length_m": 150.0}),
    ("bridge", {}),
    ("bridge", {"kind": "girder", "lanes": 2, "span_m": 120.0}),
]
