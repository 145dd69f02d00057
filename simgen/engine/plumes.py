"""Emitters, trajectory and wind, turned into the volumes of air that sensors look through at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.assembly import Assembly, rest_pose
from simgen.engine.puffs import Left, Puffs, Source, left_before, puffs
from simgen.records.base import F8, Bool
from simgen.records.emitter import Emitter
from simgen.records.model import Model
from simgen.records.trajectory import Trajectory
from simgen.records.volume import Volume
from simgen.records.wind import Wind
from simgen.rng import child_seed
from simgen.scene import Scene
from simgen.units import NS_PER_S
from simgen.weather.base import WeatherEffect, film_mm, own_seeds, together

#: volumes that a time has at most: beyond, those that look smallest and thinnest from the sensors are left out
MOST: Final = 240
#: optical depth through the middle, at 550 nm, below which a puff is nothing
_NOTHING: Final = 1e-3
#: tyres that an emitter's rate is told for, m wide
_TYRE_M: Final = 0.2
_CRANK_M: Final = 0.8
#: where spray begins behind a vehicle, m
_BEHIND_M: Final = 0.5
#: classes that have an engine
_ENGINES: Final = frozenset(("car", "van", "truck", "bus", "motorcycle", "emergency_vehicle"))
#: from which speed on something is driven, m/s
_DRIVEN_M_S: Final = 0.5


@lru_cache(maxsize=512)
def _emitters(effect: WeatherEffect) -> tuple[Emitter, ...]:
    return effect.emitters()


class Plumes:
    """Everything that emitters have put into the air, at any time of a scene."""

    def __init__(self, scene: Scene, assembly: Assembly, trajectory: Trajectory) -> None:
        self._scene, self._assembly, self._trajectory = scene, assembly, trajectory
        self._parts = [part for effect in scene.weather for part in effect.members()]
        self._seeds = own_seeds(self._parts, scene.seed)
        self._steady = all(part.steady for part in self._parts)
        self._sources = [
            (part, k, self._found(emitter, seed))
            for part, seed in zip(self._parts, self._seeds, strict=True)
            for k, emitter in enumerate(_emitters(part.at(0.0)))
        ]
        self._surfaces = lru_cache(256)(self._surface)
        self._carriers = _carriers(scene, assembly)

    def __bool__(self) -> bool:
        """Whether there is anything that emits."""
        return any(found for _, _, found in self._sources)

    def volumes(self, time_ns: int, wind: Wind | None) -> tuple[Volume, ...]:
        """What is in the air at a time, in the world's frame; its own time 0 is then."""
        time_s = time_ns / NS_PER_S
        made: list[tuple[Emitter, Puffs, F8]] = []
        for part, k, found in self._sources:
            emitter = _emitters(part.at(time_s))[k]
            for source in found:
                left = left_before(source, emitter, self._trajectory, time_s)
                if not len(left.time_s):
                    continue
                now = puffs(source, emitter, left, self._rates(part, k, source, left), wind, time_s)
                made.append((emitter, now, now.concentration * _seen(emitter, now.concentration)))
        return tuple(self._kept(made, time_ns))

    # ------------------------------------------------------------------------------------------------ sources

    def _found(self, emitter: Emitter, seed: int) -> tuple[Source, ...]:
        """Every place that the emitter stands for."""
        if emitter.where == "place":
            named = emitter.on[0] if emitter.on else "world"
            return (self._place(named, emitter, seed),)
        rows = [row for row, entity in enumerate(self._scene.entities) if self._meant(emitter, row, entity.name)]
        return tuple(source for row in rows for source in self._at_vehicle(emitter, row, seed))

    def _place(self, named: str, emitter: Emitter, seed: int) -> Source:
        if named == "world":
            return Source(body=None, actor=None, offset_m=emitter.position_m, factor=1.0, seed=seed)
        body = self._assembly.body(named)
        actor = int(self._assembly.body_actor[body])
        return Source(body=body, actor=actor, offset_m=emitter.position_m, factor=1.0, seed=seed)

    def _meant(self, emitter: Emitter, row: int, name: str) -> bool:
        entity, model = self._scene.entities[row], self._assembly.models[row]
        if emitter.on:
            return name in emitter.on or entity.group in emitter.on
        if emitter.where == "wheels":
            return self._moves(row)
        busy = entity.behaviour is not None and entity.behaviour.plugin_name != "stand"
        return model.class_name in _ENGINES and (busy or name == "ego" or self._moves(row))

    def _moves(self, row: int) -> bool:
        velocity = self._trajectory.linear_velocity[:, int(self._assembly.actor_body[row])]
        return bool((velocity**2).sum(-1).max(initial=0.0) > _DRIVEN_M_S**2)

    def _at_vehicle(self, emitter: Emitter, row: int, seed: int) -> Iterator[Source]:
        body, model = int(self._assembly.actor_body[row]), self._assembly.models[row]
        spots = _axles(model) if emitter.where == "wheels" else (_tail_pipe(model),)
        for k, (offset, factor) in enumerate(spots):
            own = child_seed(seed, self._scene.entities[row].name, k)
            yield Source(body=body, actor=row, offset_m=offset, factor=factor, seed=own)

    # ------------------------------------------------------------------------------------------------ amounts

    def _rates(self, part: WeatherEffect, k: int, source: Source, left: Left) -> F8:
        """Mass a second at which each puff left, (N,)."""
        speed = np.sqrt((left.velocity[:, :2] ** 2).sum(-1))
        emitter = _emitters(part.at(0.0))[k]
        film = np.ones(len(speed))
        if emitter.where == "wheels":
            film = np.array([self._surfaces(0.0 if self._steady else float(t)) for t in left.time_s])
        if part.steady:
            rates = np.interp(speed, emitter.speeds_m_s, emitter.rates_g_s)
        else:
            then = (_emitters(part.at(float(t)))[k] for t in left.time_s)
            rates = np.array([np.interp(v, e.speeds_m_s, e.rates_g_s) for v, e in zip(speed, then, strict=True)])
        return np.asarray(source.factor * film * rates)

    def _surface(self, time_s: float) -> float:
        """Water on the road, mm."""
        air = together(self._parts, time_s, self._scene.seed)
        return film_mm(air.surface, air.rates)

    def _kept(self, made: Sequence[tuple[Emitter, Puffs, F8]], time_ns: int) -> Iterator[Volume]:
        """The volumes that count, in the order of their sources."""
        if not made:
            return
        depth = np.concatenate([_depth(emitter, now, dense) for emitter, now, dense in made])
        large = np.concatenate([now.size.max(-1) for _, now, _ in made])
        center = np.concatenate([now.center for _, now, _ in made])
        counts = self._counting(depth, large, center, time_ns)
        row = 0
        for emitter, now, dense in made:
            for n in range(len(dense)):
                if counts[row]:
                    yield _volume(emitter, now, n, float(dense[n]))
                row += 1

    def _counting(self, depth: F8, large: F8, center: F8, time_ns: int) -> Bool:
        counts = depth > _NOTHING
        if int(counts.sum()) <= MOST:
            return counts
        near = np.full(len(center), np.inf)
        for body in self._carriers:
            eye = self._trajectory.poses(time_ns, np.array([body]))[0][0] if body >= 0 else np.zeros(3)
            near = np.minimum(near, np.sqrt(((center - eye) ** 2).sum(-1)))
        looks = np.minimum(depth, 1.0) * large / np.maximum(near, large) * counts
        chosen = np.zeros(len(counts), np.bool_)
        chosen[np.argsort(-looks, kind="stable")[:MOST]] = True
        return chosen & counts


def _carriers(scene: Scene, assembly: Assembly) -> tuple[int, ...]:
    """The bodies that carry sensors; -1 = the world's origin."""
    names = dict.fromkeys(sensor.mount.on for sensor in scene.sensors)
    bodies = {name: k for k, name in enumerate(assembly.body_names)}
    return tuple(bodies.get(name, -1) for name in names)


def _seen(emitter: Emitter, concentration: F8) -> F8:
    """The share of it that can be seen."""
    if not emitter.shares:
        return np.ones(len(concentration))
    return np.interp(concentration, emitter.concentrations_g_m3, emitter.shares)


def _depth(emitter: Emitter, now: Puffs, dense: F8) -> F8:
    """Optical depth through the middle of each puff at 550 nm."""
    return np.asarray(emitter.medium.extinction_at(550.0) * dense * now.size.max(-1) * math.sqrt(2.0 * math.pi))


def _volume(emitter: Emitter, now: Puffs, n: int, dense: float) -> Volume:
    x, y, z = (float(c) for c in now.center[n])
    a, b, c = (float(s) for s in now.size[n])
    u, v, w = (float(s) for s in now.velocity[n])
    return Volume(
        medium=emitter.medium.scaled(dense),
        particles=tuple(kind.scaled(dense) for kind in emitter.particles),
        center_m=(x, y, z),
        size_m=(a, b, c),
        velocity_m_s=(u, v, w),
        growth_m_s=float(now.growth[n]),
    )


def _axles(model: Model) -> tuple[tuple[tuple[float, float, float], float], ...]:
    """Where each axle's spray leaves the vehicle, half a wheel up, and the width of its tyres by that of two of 0.2 m.

    Arches and floor hold it until the rear end, so none is around the vehicle itself.
    """
    rear = model.box_center[0] - 0.5 * model.size[0] - _BEHIND_M
    axles: dict[int, list[tuple[float, float, float, float]]] = {}
    for k, link in enumerate(model.links):
        # cranks of bicycles turn with the way too, by more than a wheel's radius
        if link.joint.kind == "wheel" and link.mesh is not None and link.joint.radius_m < _CRANK_M:
            x, y = (float(c) for c in rest_pose(model, k)[0][:2])
            width = float(np.ptp(link.mesh.vertices[:, 1]))
            axles.setdefault(round(10.0 * x), []).append((x, y, link.joint.radius_m, width))
    made = []
    for wheels in axles.values():
        _, y, radius, width = np.mean(wheels, axis=0).tolist()
        made.append(((rear, y, 0.5 * radius), width * len(wheels) / (2.0 * _TYRE_M)))
    return tuple(made)


def _tail_pipe(model: Model) -> tuple[tuple[float, float, float], float]:
    """Under the rear, on the right; larger vehicles burn more."""
    length, width, _ = model.size
    x = model.box_center[0] - 0.5 * length
    return (x, -0.3 * width, 0.3), (width * length / 8.0)
