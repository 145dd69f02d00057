"""Light that pulses: with the mains, row by row, and lamps of LEDs that a short exposure can miss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.records.base import F4, F8, I8
from simgen.records.stage import Stage
from simgen.sensors._camera_meter import settle
from simgen.sensors._camera_tone import ev_of_average

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors.camera import Camera

#: lamps of one body pulse together, those of different ones by chance: multiples of the golden ratio
_GOLDEN: Final = 0.618033988749895
#: reflectance of what an exposure is guessed for
_GREY: Final = 0.18


def mains_rows(camera: Camera, time_ns: int, time_s: float) -> F8:
    """Light of each row against its mean, (H,): ``1 + d cos(2 pi f t)``, averaged over the row's exposure."""
    fault = camera.faults.mains_flicker
    if fault is None or not fault.is_on(time_ns):
        return np.ones(camera.height)
    seconds = camera.row_times(time_ns) * 1e-9
    swing = fault.depth * float(np.sinc(fault.frequency_hz * time_s))
    return np.broadcast_to(1.0 + swing * np.cos(2.0 * math.pi * fault.frequency_hz * seconds), camera.height).copy()


def pulse_share(time_s: float, exposure_s: float, frequency_hz: float, duty: float, phase: F8) -> F8:
    """What an exposure about ``time_s`` gets of lamps that are on for ``duty`` of each period, against their mean."""
    start = frequency_hz * (time_s - 0.5 * exposure_s) + phase
    if exposure_s <= 0.0:
        return np.asarray((start - np.floor(start) < duty) / duty)
    periods = frequency_hz * exposure_s

    def lit(u: F8) -> F8:
        whole = np.floor(u)
        return np.asarray(whole * duty + np.minimum(u - whole, duty))

    return np.asarray((lit(start + periods) - lit(start)) / (periods * duty))


def pulsed(camera: Camera, shot: Shot, given_ev: float | None) -> Stage:
    """The stage with its lamps as bright as this exposure finds them; rows of a rolling shutter are not told apart."""
    stage, fault = shot.surroundings.stage, camera.faults.led_flicker
    if fault is None or not fault.is_on(shot.time_ns):
        return stage
    exposure_s = _exposure_s(camera, shot, given_ev)

    def share(body: I8) -> F4:
        phase = np.mod(body * _GOLDEN, 1.0)
        found = pulse_share(shot.time_ns * 1e-9, exposure_s, fault.frequency_hz, fault.duty, phase)
        return found.astype(np.float32)[:, None]

    surfaces, lamps = stage.surfaces, stage.lamps
    factor = np.where(surfaces.has_lamp[:, None] > 0, share(_bodies_of_rows(stage)), np.float32(1.0))
    return stage.replace(
        surfaces=surfaces.replace(emission=surfaces.emission * factor),
        lamps=lamps.replace(intensity=lamps.intensity * share(lamps.body.astype(np.int64))),
    )


def _bodies_of_rows(stage: Stage) -> I8:
    """The body of the first instance that uses each row of the surfaces."""
    base, first = np.unique(stage.surface_base, return_index=True)
    place = np.searchsorted(base, np.arange(len(stage.surfaces.has_lamp)), side="right") - 1
    return np.asarray(stage.instance_body[first[np.maximum(place, 0)]].astype(np.int64))


def _exposure_s(camera: Camera, shot: Shot, given_ev: float | None) -> float:
    """How long the shutter is open; where that depends on the picture itself, as for a grey card in this light."""
    if given_ev is None:
        given_ev = ev_of_average(_GREY / math.pi * shot.surroundings.light.horizontal_lux)
    return settle(camera, given_ev, shot.time_ns).time_s


__all__ = ["mains_rows", "pulse_share", "pulsed"]
