"""Worlds on road networks that tests build: name and parameters."""

from __future__ import annotations

from typing import Any

ON_NETWORKS: list[tuple[str, dict[str, Any]]] = [
    ("country_road", {}),
    ("country_road", {"side_road": False, "left_hand": True, "farmland": False, "length_m": 300.0}),
]
