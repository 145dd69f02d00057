"""Worlds on road networks that tests build: name and parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ON_NETWORKS: list[tuple[str, dict[str, Any]]] = [
    ("country_road", {}),
    ("opendrive", {"file": str(Path(__file__).parents[1] / "scenes" / "roads" / "town.xodr"), "margin_m": 60.0}),
    ("roundabout", {}),
    ("roundabout", {"arms": 5, "lanes": 2, "diameter_m": 60.0, "left_hand": True, "sidewalk_width_m": 0.0}),
    ("country_road", {"side_road": False, "left_hand": True, "farmland": False, "length_m": 300.0}),
]
