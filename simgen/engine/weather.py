"""The weather of a rendering: one air for the whole sequence where nothing changes, else one for each instant."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import numpy as np

from simgen.assembly import Assembly
from simgen.engine.plumes import Plumes
from simgen.records.air import Fallen, SurfaceChange
from simgen.records.base import F8
from simgen.records.trajectory import Trajectory
from simgen.records.volume import Volume
from simgen.records.wind import Wind
from simgen.scene import Scene
from simgen.units import NS_PER_S
from simgen.weather.base import Air, WeatherEffect, rates_at, together

#: instants whose air is kept: sensors that look at the same time share it
_KEPT = 4
#: step in which what comes down is added up
_FALLEN_STEP_NS = 100_000_000


class WeatherNow:
    """What is in the air, and what it does to surfaces, at any time of a scene."""

    def __init__(self, scene: Scene, assembly: Assembly | None = None, trajectory: Trajectory | None = None) -> None:
        """Sources need the scene's things and how they move; without ``trajectory`` nothing comes from them."""
        self._effects, self._seed = scene.weather, scene.seed
        self._steady = all(effect.steady for effect in scene.weather)
        self._first = together(scene.weather, 0.0, scene.seed)
        #: whether something in a steady weather moves all the same
        self._moving = self._first.wind is not None and any(v.patches for v in self._first.volumes)
        self._plumes: Plumes | None = None
        if assembly is not None and trajectory is not None and any(e.at(0.0).emitters() for e in _parts(scene)):
            self._plumes = Plumes(scene, assembly, trajectory)
        self._kept: OrderedDict[int, Air] = OrderedDict()
        #: what has come down at any time
        self.fallen = _fallen(scene.weather, scene.clock.duration_ns, self._steady)

    def air(self, time_ns: int) -> Air:
        """Everything in the air at a time."""
        key = 0 if self._steady and not self._moving and not self._plumes else time_ns
        if key not in self._kept:
            self._kept[key] = self._moved(self._made(time_ns), time_ns)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]

    def _made(self, time_ns: int) -> Air:
        """What the effects make of the air, before the wind has moved anything."""
        return self._first if self._steady else together(self._effects, time_ns / NS_PER_S, self._seed)

    def _moved(self, air: Air, time_ns: int) -> Air:
        """With patches where the wind has carried them, and with what sources have sent."""
        if air.wind is not None and air.volumes:
            moved = tuple(carried(volume, air.wind, time_ns / NS_PER_S) for volume in air.volumes)
            air = replace(air, volumes=moved)
        if self._plumes:
            air = replace(air, volumes=(*air.volumes, *self._plumes.volumes(time_ns, air.wind)))
        return air

    def covers(self, time_ns: int) -> bool:
        """Whether it leaves anything on surfaces at a time."""
        return self.air(time_ns).surface != SurfaceChange()


def _parts(scene: Scene) -> list[WeatherEffect]:
    return [part for effect in scene.weather for part in effect.members()]


def carried(volume: Volume, wind: Wind, time_s: float) -> Volume:
    """A volume that fills the place, its patches where the wind has carried them along the ground, and going on."""
    if volume.patches is None:
        return volume
    at = np.array([time_s])
    (dx, dy, _), (vx, vy, _) = wind.displacement(at)[0].tolist(), wind.velocity(at)[0].tolist()
    patches = replace(volume.patches, offset_m=(dx, dy, 0.0))
    return replace(volume, patches=patches, velocity_m_s=(vx, vy, 0.0))


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
