"""The weather of a rendering: one air for the whole sequence where nothing changes, else one for each instant."""

from __future__ import annotations

from collections import OrderedDict

from simgen.records.stage import Stage
from simgen.scene import Scene
from simgen.units import NS_PER_S
from simgen.weather.base import Air, together
from simgen.weathering import weathered

#: instants whose air is kept: sensors that look at the same time share it
_KEPT = 4


class WeatherNow:
    """What is in the air, and what it does to surfaces, at any time of a scene."""

    def __init__(self, scene: Scene) -> None:
        self._effects = scene.weather
        self._steady = all(effect.steady for effect in scene.weather)
        self._kept: OrderedDict[int, Air] = OrderedDict()

    def air(self, time_ns: int) -> Air:
        """Everything in the air at a time."""
        key = 0 if self._steady else time_ns
        if key not in self._kept:
            self._kept[key] = together(self._effects, key / NS_PER_S)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def on(self, stage: Stage, time_ns: int) -> Stage:
        """The stage with its surfaces as wet as they are then; a steady weather's wetness is in it already."""
        wetness = 0.0 if self._steady else self.air(time_ns).surface.wetness
        return stage.replace(surfaces=weathered(stage.surfaces, wetness)) if wetness > 0.0 else stage
