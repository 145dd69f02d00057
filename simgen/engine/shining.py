"""Which lamps shine at an instant: signals by their cycle, street lamps by daylight, vehicles by their drivers."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from simgen.assembly import Assembly
from simgen.engine import driving
from simgen.records.base import F8, Bool
from simgen.records.lights import LampTable, LightField
from simgen.records.roads import SIGNAL_STATES
from simgen.records.stage import Stage
from simgen.records.trajectory import Trajectory

#: daylight below which dipped beams go on by themselves, lx (UN R48: below 1000 lx)
HEADLIGHTS_LUX: Final = 1000.0
#: daylight below which street lamps and windows are lit, lx
DUSK_LUX: Final = 30.0
#: what "lights" may say, as lamps that shine
_SWITCHES: Final = {
    "off": frozenset[str](),
    "low": frozenset({"low_beam", "tail"}),
    "high": frozenset({"low_beam", "high_beam", "tail"}),
}
#: faster than this at any time, somebody drives it
_DRIVEN_M_S: Final = 0.5
_GOLDEN: Final = 0.618033988749895


def _daylit(openings: LampTable, light: LightField) -> LampTable:
    """Openings as bright as what is seen through them from inside."""
    out = [light.arriving((float(-x), float(-y), float(-z))) / np.pi for x, y, z in openings.axis]
    return openings.replace(intensity=openings.intensity * np.array(out, np.float32).reshape(-1, 3))


class Shining:
    """The stage with its lamps as they are at an instant."""

    def __init__(self, assembly: Assembly, trajectory: Trajectory, light: LightField) -> None:
        self._assembly, self._trajectory = assembly, trajectory
        daylight = 0.0 if assembly.layout.indoor else light.horizontal_lux
        self._dusk, self._dim = daylight < DUSK_LUX, daylight < HEADLIGHTS_LUX
        lamps = assembly.lamps
        pairs = (*zip(lamps.owner, lamps.state, strict=True), *((g.owner, g.state) for g in lamps.glows))
        # every distinct switch, and which one each lamp and each surface has
        self._switches = tuple(dict.fromkeys(pairs))
        number = {pair: k for k, pair in enumerate(self._switches)}
        which = np.array([number[pair] for pair in pairs], np.int64)
        self._of_lamp, self._of_glow = which[: len(lamps.owner)], which[len(lamps.owner) :]
        self._rows = np.array([g.row for g in lamps.glows], np.int64)
        self._emission = np.array([g.emission for g in lamps.glows], np.float32).reshape(-1, 3)
        self._stage = assembly.stage.replace(openings=_daylit(assembly.stage.openings, light))
        self._kept: dict[bytes, Stage] = {}
        self._speed, self._driven = cache(self._forward_speed), cache(self._is_driven)
        self._braking, self._turning = cache(self._brakes), cache(self._turns)

    def stage(self, time_ns: int) -> Stage:
        """The stage at an instant; instants at which the same lamps shine share it."""
        step = self._trajectory.nearest(time_ns)
        on = np.array([self._shines(owner, state, step, time_ns) for owner, state in self._switches], np.bool_)
        key = on.tobytes()
        if key not in self._kept:
            while len(self._kept) > 3:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = self._lit(on)
        return self._kept[key]

    def _lit(self, on: Bool) -> Stage:
        stage, table = self._stage, self._assembly.lamps.table
        if not len(on):
            return stage
        emission = stage.surfaces.emission.copy()
        emission[self._rows] = self._emission * on[self._of_glow, None]
        lamps = table.replace(intensity=table.intensity * on[self._of_lamp, None].astype(np.float32))
        return stage.replace(surfaces=stage.surfaces.replace(emission=emission), lamps=lamps)

    def _shines(self, owner: int, state: str, step: int, time_ns: int) -> bool:
        if state == "":
            return True
        if state == "dusk":
            return self._dusk
        if owner < 0:
            return False
        if signal := self._assembly.scene.entities[owner].signal:
            return state in self._shown(signal, step).split("_")
        return self._driver_shows(owner, state, step, time_ns)

    def _shown(self, signal: str, step: int) -> str:
        names = self._trajectory.signal_names
        if signal not in names:
            return "off"
        return str(SIGNAL_STATES[self._trajectory.signal_state[step, names.index(signal)]])

    def _driver_shows(self, owner: int, state: str, step: int, time_ns: int) -> bool:
        """Whether a vehicle's lamp shines; a trailer's do as its tower's."""
        owner = self._tower(owner)
        asset = self._assembly.scene.entities[owner].asset
        if state in ("left", "right"):
            chosen = str(getattr(asset, "indicators", "auto"))
            on = chosen in (state, "hazard") or (
                chosen == "auto" and self._driven(owner) and bool(self._turning(owner, state)[step])
            )
            return on and driving.blinks(time_ns, owner * _GOLDEN)
        if state in ("beacon", "beacon_other"):
            chosen = str(getattr(asset, "beacons", "auto"))
            on = chosen == "on" or (chosen == "auto" and self._driven(owner))
            return on and driving.flashes(time_ns, owner * _GOLDEN, state == "beacon_other")
        if state == "drl":
            # UN R48: on with the engine, off with the dipped beam
            lights = getattr(asset, "lights", "auto")
            return lights == "auto" and self._driven(owner) and not self._dim
        if state in _SWITCHES["high"]:
            return state in _SWITCHES[self._switched(owner, getattr(asset, "lights", "auto"))]
        if not self._driven(owner):
            return False
        if state == "brake":
            return bool(self._braking(owner)[step])
        return state == "reverse" and bool(self._speed(owner)[step] < -driving.STANDS_M_S)

    def _tower(self, owner: int) -> int:
        """Who drives a trailer, by way of those between; others are their own."""
        entities = self._assembly.scene.entities
        while (name := entities[owner].towed_by) is not None:
            owner = next(row for row, entity in enumerate(entities) if entity.name == name)
        return owner

    def _switched(self, owner: int, lights: bool | str) -> str:
        if lights == "auto":
            return "low" if self._dim and self._driven(owner) else "off"
        return lights if isinstance(lights, str) else ("low" if lights else "off")

    def _is_driven(self, owner: int) -> bool:
        """Whether somebody sits at the wheel: it has something to do, or it moves."""
        entity = self._assembly.scene.entities[owner]
        busy = entity.behaviour is not None and entity.behaviour.plugin_name != "stand"
        return busy or entity.name == "ego" or bool(np.abs(self._speed(owner)).max(initial=0.0) > _DRIVEN_M_S)

    def _forward_speed(self, owner: int) -> F8:
        return driving.forward_speed(self._trajectory, int(self._assembly.actor_body[owner]))

    def _brakes(self, owner: int) -> Bool:
        return driving.braking(self._speed(owner), self._trajectory.step_ns * 1e-9)

    def _turns(self, owner: int, state: str) -> Bool:
        side = 1 if state == "left" else -1
        said = None if self._trajectory.indicator is None else self._trajectory.indicator[:, owner]
        if said is not None and bool((said != driving.UNSAID).all()):
            return np.asarray(said == side)
        yaw = driving.heading(self._trajectory, int(self._assembly.actor_body[owner]))
        told = driving.turning(yaw, self._speed(owner), self._trajectory.step_ns * 1e-9, side)
        return told if said is None else np.where(said == driving.UNSAID, told, said == side)
