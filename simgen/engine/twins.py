"""The clean twin of a frame: the same instant, the same device and its noise, in clear air."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from simgen.records.frames import Frame
from simgen.records.lights import LightField
from simgen.records.surroundings import Shot
from simgen.sensors.base import SHARED, TWIN, Sensor

#: fields of frames that a twin does not repeat
_GONE: Final = (*SHARED, "flow_valid")


def twin_takers(sensors: tuple[Sensor, ...]) -> dict[str, Sensor]:
    """By name, the sensors that were asked for twins, as they take them."""
    return {sensor.name: sensor.in_clear_air() for sensor in sensors if TWIN in sensor.outputs}


def cleared(shot: Shot, light: LightField) -> Shot:
    """The same shot without weather, in the light of a scene without flashes."""
    return replace(shot, surroundings=replace(shot.surroundings.cleared(), light=light))


def itself(frame: Frame) -> Frame:
    """The twin of a frame that was taken in clear air: the same, as far as twins go."""
    return frame.replace(**{name: None for name in _GONE if hasattr(frame, name)})


def told(frame: Frame, sensor: Sensor, stamp_ns: int, silent: bool) -> Frame:
    """A frame and its twin as the device delivers them: with its clock's stamp, and blank while it is silent."""
    if frame.twin is not None:
        frame = frame.replace(twin=told(frame.twin, sensor, stamp_ns, silent))
    if stamp_ns != frame.stamp_ns:
        frame = frame.replace(stamp_ns=stamp_ns)
    return sensor.silence(frame) if silent else frame


__all__ = ["cleared", "itself", "told", "twin_takers"]
