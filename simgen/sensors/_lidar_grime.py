"""What a lidar's window lets through: a map of dirt, drops and snow, averaged over the lens.

A beam leaves and comes back through a disc of the window as wide as the device's lens, so what counts is the mean over
that disc: a drop of a few millimetres dims a beam a little, a smear of some centimetres blinds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import beads, runoff
from simgen.kernels.runoff import Pane
from simgen.records.base import F4, F8
from simgen.rng import stream_key
from simgen.sensors._camera_grime import grown_dirt
from simgen.sensors._camera_spread import out_of_focus
from simgen.sensors._lidar_device import load_device
from simgen.sensors._pane import Gathered, Past, dirt_at, past_of, snow_met
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors._lidar_window import LidarWindow
    from simgen.sensors.lidar import Lidar

#: columns of the map all round
COLUMNS: Final = 720
#: flat parts that the window is divided into for drops, each with its own rain
_FACETS: Final = 8
#: tangent of the highest elevation that the map holds
_STEEPEST: Final = 1.5
#: what a layer of snow takes away, m2/kg of it: ``3 / (2 rho r)`` of ice grains of 0.1 mm (Warren 1982)
SNOW_M2_KG: Final = 1.5 / (917.0 * 0.1e-3)


@dataclass(frozen=True, eq=False)
class _Map:
    """The unrolled window: where its cells are."""

    rows: int
    low: float
    pitch: float
    radius: float
    #: of each facet: right, down and outward, as rows
    facings: tuple[F8, ...]


@lru_cache(maxsize=8)
def _map_of(window: LidarWindow, model: str) -> _Map:
    device, radius = load_device(model), 1e-3 * window.radius_mm
    pitch = 2.0 * math.pi * radius / COLUMNS
    low, high = -_STEEPEST, _STEEPEST
    if device.rotates:
        low, high = (math.tan(float(e)) for e in (device.elevation.min(), device.elevation.max()))
    bottom = radius * max(low, -_STEEPEST) - 0.5 * device.aperture_m
    top = radius * min(high, _STEEPEST) + 0.5 * device.aperture_m
    facings = []
    for k in range(_FACETS):
        azimuth = 2.0 * math.pi * ((k + 0.5) / _FACETS - 0.5)
        c, s = math.cos(azimuth), math.sin(azimuth)
        # seen from inside: to the right, down, outwards
        facings.append(np.array([[s, -c, 0.0], [0.0, 0.0, -1.0], [c, s, 0.0]]))
    return _Map(math.ceil((top - bottom) / pitch), bottom, pitch, radius, tuple(facings))


def window_share(lidar: Lidar, shot: Shot) -> tuple[F4, float, float, float]:
    """What the window lets through once, averaged over the aperture, (R, COLUMNS); and where its cells are.

    That is: height of the first row's lower edge above the middle, height of a row, radius of the window, m.
    """
    window = lidar.window
    assert window is not None
    layout, past, time_ns = _map_of(window, lidar.model), past_of(shot), shot.time_ns
    taken = _drops(lidar, window, past, shot, layout)
    clear = (1.0 - taken) * (1.0 - _dirt(lidar, window, layout, shot))
    clear *= (_smears(window, time_ns) * _crust(window, past, time_ns, layout)).astype(np.float32)
    # averaged over the lens: round the circle it goes on
    reach = max(round(0.5 * lidar.device.aperture_m / layout.pitch), 1)
    wide = np.pad(clear, ((0, 0), (reach, reach)), mode="wrap")
    mean = out_of_focus(np.repeat(wide[..., None], 3, axis=-1), reach, shot.surroundings.threads)
    return np.ascontiguousarray(mean[:, reach:-reach, 0]), layout.low, layout.pitch, layout.radius


@lru_cache(maxsize=4)
def _gathered(name: str, window: LidarWindow, model: str, past: Past, seed: int) -> tuple[Gathered, ...]:
    """The drops on every facet."""
    layout, glass = _map_of(window, model), window.wetted
    half, top = math.pi * layout.radius / _FACETS, layout.low + layout.rows * layout.pitch
    pane = Pane(-half, half, -top, -layout.low, glass.form, glass.hold, 0.0, 1.0, 0.0, 1.0, math.inf, 1.0)
    return tuple(
        Gathered(past, glass, pane, stream_key(seed, "lidar window", name, k), facing, melting=1.0 - window.snow_sticks)
        for k, facing in enumerate(layout.facings)
    )


def _drops(lidar: Lidar, window: LidarWindow, past: Past, shot: Shot, layout: _Map) -> F4:
    """Share of every cell that drops cover, (R, COLUMNS): what goes through one goes anywhere."""
    cover = np.zeros((layout.rows, COLUMNS), np.float32)
    if window.spins or past.fallen is None:
        return cover
    facets = _gathered(lidar.name, window, lidar.model, past, shot.surroundings.seed)
    for k, facet in enumerate(facets):
        table = facet.at(shot.time_ns / NS_PER_S)
        shapes = np.zeros((len(table), beads.SHAPE_COLUMNS))
        shapes[:, beads.AT_X] = (k + 0.5) * COLUMNS / _FACETS - table[:, runoff.X] / layout.pitch
        shapes[:, beads.AT_Y] = (-table[:, runoff.Y] - layout.low) / layout.pitch
        shapes[:, beads.ROUND] = window.wetted.wide * table[:, runoff.RADIUS] / layout.pitch
        shapes[:, beads.STRETCH] = 1.0
        beads.cover(0, layout.rows, shapes, cover)
    return cover


def _dirt(lidar: Lidar, window: LidarWindow, layout: _Map, shot: Shot) -> F4:
    """Share of the light that specks take, (R, COLUMNS)."""
    fault = window.dirt
    if fault is None or not fault.is_on(shot.time_ns):
        return np.zeros((layout.rows, COLUMNS), np.float32)
    cover = dirt_at(fault, shot.time_ns, shot) if fault.grows else fault.cover
    return grown_dirt(fault, cover, COLUMNS, layout.rows, shot.surroundings.seed, lidar.name)


def _smears(window: LidarWindow, time_ns: int) -> F8:
    """What smears let through, (COLUMNS,)."""
    clear = np.ones(COLUMNS)
    azimuth = ((np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5) * 360.0
    for smear in window.smears:
        off = np.abs(np.mod(azimuth - smear.azimuth_deg + 180.0, 360.0) - 180.0)
        if smear.is_on(time_ns):
            clear[off <= 0.5 * smear.width_deg] *= 1.0 - smear.loss
    return clear


def _crust(window: LidarWindow, past: Past, time_ns: int, layout: _Map) -> F8:
    """What the snow that has stuck lets through, (COLUMNS,): ``exp(-16 m2/kg m)`` for m kg/m2 of it."""
    if window.snow_sticks == 0.0 or past.fallen is None:
        return np.ones(COLUMNS)
    caught = [
        snow_met(past, facing, -window.before_s, time_ns / NS_PER_S) * (1.0 - window.shelter)
        for facing in layout.facings
    ]
    # between the middles of the facets it changes evenly
    place = (np.arange(COLUMNS) + 0.5) * _FACETS / COLUMNS - 0.5
    low = np.floor(place).astype(np.int64)
    mass = np.array(caught)
    even = mass[low % _FACETS] + (place - low) * (mass[(low + 1) % _FACETS] - mass[low % _FACETS])
    return np.asarray(np.exp(-SNOW_M2_KG * window.snow_sticks * even))


__all__ = ["COLUMNS", "SNOW_M2_KG", "window_share"]
