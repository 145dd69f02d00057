"""The weather of a rendering: one air for the whole sequence where nothing changes, else one for each instant."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from simgen.records.air import Fallen
from simgen.records.base import F8
from simgen.records.stage import Stage
from simgen.scene import Scene
from simgen.units import NS_PER_S
from simgen.weather.base import Air, WeatherEffect, rates_at, together
from simgen.weathering import weathered

#: instants whose air is kept: sensors that look at the same time share it
_KEPT = 4
#: step in which what comes down is added up
_FALLEN_STEP_NS = 100_000_000


class WeatherNow:
    """What is in the air, and what it does to surfaces, at any time of a scene."""

    def __init__(self, scene: Scene) -> None:
        self._effects = scene.weather
        self._steady = all(effect.steady for effect in scene.weather)
        self._kept: OrderedDict[int, Air] = OrderedDict()
        #: what has come down at any time
        self.fallen = _fallen(scene.weather, scene.clock.duration_ns, self._steady)

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


def _fallen(effects: tuple[WeatherEffect, ...], duration_ns: int, steady: bool) -> Fallen:
    """The rates, added up by the trapezoidal rule."""
    knots = 2 if steady else max(2, duration_ns // _FALLEN_STEP_NS + 2)
    times = np.arange(knots, dtype=np.int64) * _FALLEN_STEP_NS
    rates = [rates_at(effects, t / NS_PER_S) for t in times]
    rain, snow = ([getattr(rate, name) for rate in rates] for name in ("rain_mm_h", "snow_mm_h"))
    return Fallen(time_ns=times, rain_mm=_added(rain), snow_mm=_added(snow))


def _added(rates_mm_h: list[float]) -> F8:
    step = np.array(rates_mm_h) * (_FALLEN_STEP_NS / NS_PER_S / 3600.0)
    return np.concatenate([[0.0], np.cumsum(0.5 * (step[1:] + step[:-1]))])
