"""Functions with planted faults: they see through the labels and fail where it is known. They test the search.

A function with ``wants_truth`` is given ``frame["truth"]``: the scene's ``draws`` by path, and for every sensor the
``names``, ``classes``, ``boxes``, ``boxes_3d`` and ``distance_m`` of what is there, and whether it ``counts``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

#: where ``blind_to_dark_pedestrians_in_rain`` fails: clothes darker than this reflectance, farther away than this (m),
#: in more rain than this (mm/h)
DARK, FAR_M, RAIN_MM_H = 0.08, 20.0, 10.0


def _perfect(frame: Mapping[str, Any], sees: Callable[[str, str, float], bool]) -> dict[str, Any]:
    """The true boxes of those who are seen, by camera; ``sees`` is asked with sensor, name and distance."""
    answers: dict[str, Any] = {}
    for sensor, labels in frame["truth"].items():
        if sensor == "draws" or "rgb" not in frame.get(sensor, {}):
            continue
        pairs = enumerate(zip(labels["names"], labels["distance_m"], labels["counts"], strict=True))
        kept = [k for k, (name, far, counts) in pairs if counts and sees(sensor, name, float(far))]
        answers[sensor] = {
            "boxes": np.asarray(labels["boxes"])[kept],
            "classes": [labels["classes"][k] for k in kept],
            "scores": np.ones(len(kept)),
        }
    return answers


def sees_everything(frame: Mapping[str, Any]) -> dict[str, Any]:
    """Finds everybody who is in view."""
    return _perfect(frame, lambda _sensor, _name, _far: True)


def blind_to_dark_pedestrians_in_rain(frame: Mapping[str, Any]) -> dict[str, Any]:
    """Finds everybody but pedestrians in dark clothes beyond 20 m in rain above 10 mm/h."""
    draws = frame["truth"]["draws"]
    rain = max((float(v) for path, v in draws.items() if path.endswith("rain.rate_mm_h")), default=0.0)

    def sees(_sensor: str, name: str, far: float) -> bool:
        clothes = draws.get(f"objects.{name}[0].asset.clothes_reflectance", 1.0)
        return not (clothes < DARK and far > FAR_M and rain > RAIN_MM_H)

    return _perfect(frame, sees)


for _function in (sees_everything, blind_to_dark_pedestrians_in_rain):
    _function.wants_truth = True  # type: ignore[attr-defined]
    _function.detects = ("human",)  # type: ignore[attr-defined]
#: of scenes/stress_pedestrians.yaml
blind_to_dark_pedestrians_in_rain.sensors = ("front",)  # type: ignore[attr-defined]
