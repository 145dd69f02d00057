"""Sensors that something befalls."""

from __future__ import annotations

from typing import TypeVar

from simgen.errors import UserError
from simgen.registry import suggest
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.units import seconds_to_ns

_S = TypeVar("_S", bound=Sensor)


def device_of(scene: Scene, name: str, kind: type[_S], case: str) -> _S:
    """The sensor of that name and kind; the first of the kind if no name is given.

    Raises:
        UserError: there is none; says which there are.
    """
    word = getattr(kind, "plugin_name", "sensor")
    found = [sensor for sensor in scene.sensors if isinstance(sensor, kind)]
    named = [sensor for sensor in found if name in ("", sensor.name)]
    if named:
        return named[0]
    if not found:
        raise UserError(f"{case} needs a {word}: add '- {{name: ..., type: {word}, mount: {{on: ego}}}}' to sensors")
    raise UserError(f"{case}: there is no {word} {name!r}{suggest(name, tuple(sensor.name for sensor in found))}")


def any_device(scene: Scene, name: str, case: str) -> Sensor:
    """The sensor of that name, of whatever kind; the first if no name is given.

    Raises:
        UserError: there is none; says which there are.
    """
    found = [sensor for sensor in scene.sensors if name in ("", sensor.name)]
    if found:
        return found[0]
    known = tuple(sensor.name for sensor in scene.sensors)
    raise UserError(f"{case}: there is no sensor {name!r}{suggest(name, known)}" if known else f"{case} needs a sensor")


def exchanged(scene: Scene, sensor: Sensor) -> Scene:
    """The scene with another configuration of the sensor of that name."""
    return scene.replace(sensors=tuple(sensor if s.name == sensor.name else s for s in scene.sensors))


def frames_from(scene: Scene, sensor: Sensor, from_s: float, case: str) -> list[float]:
    """Instants of the sensor's frames from one on, s.

    Raises:
        UserError: there are none.
    """
    times = sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
    late = [t * 1e-9 for t in times if t >= seconds_to_ns(from_s)]
    if not late:
        last = f"its last one is at {times[-1] * 1e-9:g} s" if times else "it takes none at all"
        raise UserError(f"{case}: {sensor.name!r} takes no frame after {from_s:g} s; {last}")
    return late


def sensor_of_kind(scene: Scene, kind: str) -> str:
    """The name of the first sensor of a kind; empty if there is none."""
    return next((s.name for s in scene.sensors if type(s).plugin_name == kind), "")


def fault_free(sensor: Sensor, names: tuple[str, ...], case: str) -> None:
    """Make sure that faults of a camera are not there yet.

    Raises:
        UserError: one is: a case never changes what the scene says.
    """
    faults = getattr(sensor, "faults", None)
    for name in names:
        if getattr(faults, name, None) is not None:
            raise UserError(f"{case}: {sensor.name!r} has {name} of its own: remove it, or choose another camera")
