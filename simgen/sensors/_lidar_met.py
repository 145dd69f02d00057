"""Single particles in the beams of a rotating lidar: who meets what in a sweep, and what it does to its tiles.

They are the particles of the scene (:mod:`simgen.sensors._particles`), the same for every sensor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.kernels.lidar_met_tables import LASER_COLUMNS, MET_TYPES, Band, Cloud, Drops, Met, Sight
from simgen.kernels.lidar_tables import Air, Beams, Columns, Place, Pulses, Receiver
from simgen.records.air import Near
from simgen.records.base import F8, I8
from simgen.records.surroundings import Shot
from simgen.sensors._lidar_device import LidarDevice
from simgen.sensors._lidar_swarm import HOUSING_M, LIFT_STEP_M, Swarm

#: slabs of cells of a tile, and steps of the table of elevations
_SLABS: Final = 32
_STEPS: Final = 2048

NO_DROPS: Final = Drops(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2), np.uint16))


def sight_of(device: LidarDevice, beams: Beams, columns: Columns, shot: Shot, fastest: float) -> Sight:
    """The lidar as particles meet it; ``fastest`` is how fast one flies, m/s."""
    from simgen.kernels.lidar_aim import AXES
    from simgen.kernels.lidar_met import axes_of

    axes = np.empty((len(columns.position) - 1, AXES))
    axes_of(columns, axes)
    position, quaternion = shot.track.at(shot.time_ns)
    turned, moved = columns.spin * beams.time + beams.azimuth, columns.spin * beams.time
    lasers = np.empty((len(turned), LASER_COLUMNS))
    on = beams.radial * np.cos(moved) - beams.lateral * np.sin(turned)
    off = beams.radial * np.sin(moved) + beams.lateral * np.cos(turned)
    beside = beams.lateral - beams.radial * np.sin(beams.azimuth)
    away = beams.radial * np.cos(beams.azimuth)
    rows = (beams.sine, beams.cosine, np.cos(turned), np.sin(turned), on, off, beams.height)
    lasers[:] = np.stack([*rows, beams.time / columns.cycle, turned, beside, away], axis=-1)
    rising = np.argsort(beams.sine, kind="stable")
    sines = beams.sine[rising]
    step = max(float(sines[-1] - sines[0]), 1e-3) / _STEPS
    turn = columns.spin * columns.cycle
    speed = fastest + float(np.abs(np.diff(columns.position, axis=0)).sum(1).max()) / (1e-9 * columns.cycle)
    aside = float(np.abs(turned).max() / abs(columns.spin)) * 1e-9
    offsets = float(np.abs(beams.height).max() + np.abs(beams.lateral).max() + np.abs(beams.radial).max())
    return Sight(
        axes=axes,
        lasers=lasers,
        rising=rising,
        sines=sines,
        first=np.searchsorted(sines, sines[0] + step * np.arange(_STEPS + 1), side="left").astype(np.int32),
        low=float(sines[0]),
        step=step,
        start=columns.start_azimuth,
        turn=turn,
        whole=2.0 * math.pi / abs(turn),
        cycle=columns.cycle,
        since=columns.since_frame,
        middle=np.concatenate([position - shot.view.motion.origin, _axes(quaternion).ravel()]),
        wide=device.divergence_hv_rad[0],
        tall=device.divergence_hv_rad[1],
        nearest=HOUSING_M,
        slack=speed * aside + offsets,
        moved=0.5e-9 * speed * columns.cycle * len(axes),
        edge=float(np.abs(turned).max() / abs(turn)) + 2.0,
    )


def _axes(quaternion: F8) -> F8:
    """A frame's axes in the world, one a row."""
    from simgen.geometry import quat_rotate

    return np.asarray(quat_rotate(quaternion, np.eye(3)))


def asked_reach(swarm: Swarm, columns: Columns, shot: Shot) -> tuple[list[F8], float]:
    """How far from where the sensor is at the frame's instant particles may be, (D,) for each kind, m.

    And how much of that is because sensor and particles move during the sweep.
    """
    position, _ = shot.track.at(shot.time_ns)
    fastest = max(float(kind.fall_speed.max(initial=0.0)) for kind in swarm.kinds)
    moved = np.abs(columns.position - (position - shot.view.motion.origin)).max(axis=0)
    margin = float(np.linalg.norm(moved)) + (fastest + _wind(shot)) * abs(columns.since_frame) * 1e-9
    return [np.where(r > 0.0, r + margin, 0.0) for r in swarm.reach], margin


def _wind(shot: Shot) -> float:
    """The wind's speed, m/s."""
    wind = shot.surroundings.wind
    return 0.0 if wind is None else float(np.linalg.norm(wind.velocity(np.array([1e-9 * shot.time_ns]))))


def met_in_air(swarm: Swarm, sight: Sight, columns: Columns, shot: Shot, air: int) -> Met:
    """Which particles of the first ``air`` kinds are in which beams, in an order that hangs on nothing else."""
    from simgen.kernels.lidar_met import meet_air
    from simgen.kernels.tiles import run_tiles
    from simgen.sensors._particles import ask

    reach, margin = asked_reach(swarm, columns, shot)
    position, _ = shot.track.at(shot.time_ns)
    asked = ask(shot.surroundings, shot.time_ns, shot.view.motion.origin, position, reach[:air])
    band, parts = band_of(sight, margin, swarm), dict[int, Met]()

    def tile(first: int, stop: int) -> None:
        parts[first] = meet_air(
            first, stop, asked.jobs, asked.kind, asked.size, asked.velocity, band, sight, swarm.sizes
        )

    run_tiles(tile, len(asked.jobs.slab_job), _SLABS, shot.surroundings.threads)
    return _joined([parts[k] for k in sorted(parts)])


def met_in_volumes(swarm: Swarm, sight: Sight, columns: Columns, shot: Shot, air: int) -> Met:
    """The same for the kinds of the volumes, beyond the first ``air``."""
    from simgen.sensors._particles import near

    reach, _ = asked_reach(swarm, columns, shot)
    reach[:air] = [np.zeros_like(row) for row in reach[:air]]
    position, _ = shot.track.at(shot.time_ns)
    return met_of(swarm, sight, near(shot.surroundings, shot.time_ns, shot.view.motion.origin, position, reach))


def met_of(swarm: Swarm, sight: Sight, cloud: Near) -> Met:
    """Which of some particles are in which beams."""
    from simgen.kernels.lidar_met import meet_listed

    room, listed = len(cloud.key), Cloud._make(getattr(cloud, name) for name in Cloud._fields)
    while True:
        met = Met._make(np.empty(room, kind) for kind in MET_TYPES)
        found = meet_listed(0, len(cloud.key), listed, sight, swarm.sizes, met)
        if found <= room:
            return Met._make(column[:found] for column in met)
        room = found


def band_of(sight: Sight, margin: float, swarm: Swarm) -> Band:
    """Between which slopes of the world the beams of a sweep are."""
    up = sight.axes[:, 6:9]
    lean = float(np.arccos(np.clip(up[:, 2], -1.0, 1.0)).max())
    tilt = lean + 0.5 * sight.tall + 1e-3
    low, high = (math.asin(sight.sines[k]) for k in (0, -1))
    steep = 0.5 * math.pi - 1e-3
    thick = max(float(kind.diameter.max()) for kind in swarm.kinds)
    ends = [math.tan(min(max(angle, -steep), steep)) for angle in (low - tilt, high + tilt)]
    leans = 1.2 * lean * max(map(abs, ends)) + lean * lean
    return Band(low=ends[0], high=ends[1], slack=margin + sight.slack + thick, leans=leans)


def _joined(parts: list[Met]) -> Met:
    empty = Met._make(np.empty(0, kind) for kind in MET_TYPES)
    return Met._make(np.concatenate(columns) for columns in zip(empty, *parts, strict=True))


def sorted_by_beam(met: Met, beams: int) -> tuple[I8, Met]:
    """The first row of each beam (beams + 1,), and what is met, in order of beams and ranges."""
    from simgen.kernels.lidar_met_order import sort

    start, order = np.zeros(beams + 1, np.int64), Met._make(np.empty_like(column) for column in met)
    sort(met, start, order)
    return start, order


@dataclass(frozen=True, kw_only=True, eq=False)
class Flight:
    """What a sweep meets: particles in beams, ready to dim tiles of it."""

    swarm: Swarm
    start: I8
    met: Met

    def dim(self, place: Place, receiver: Receiver, air: Air, pulses: Pulses) -> Drops:
        """Dim a tile's pulses by what its beams meet; the echoes of single particles, (N, 2)."""
        from simgen.kernels.lidar_dim import dim

        count = place.columns * place.lasers
        drops = Drops(np.empty((count, 2)), np.empty((count, 2)), np.empty((count, 2), np.uint16))
        sizes = self.swarm.sizes
        dim(
            place,
            receiver,
            air,
            self.swarm.lift,
            LIFT_STEP_M,
            sizes.bright,
            sizes.name,
            self.start,
            self.met,
            pulses,
            drops,
        )
        return drops


def flight_of(swarm: Swarm, device: LidarDevice, beams: Beams, columns: Columns, shot: Shot) -> Flight:
    """Look up what a sweep meets."""
    air = len(shot.surroundings.particles)
    sight = sight_of(device, beams, columns, shot, _wind(shot) + max(k.fall_speed.max() for k in swarm.kinds))
    met = met_in_air(swarm, sight, columns, shot, air)
    if len(swarm.kinds) > air:
        met = _joined([met, met_in_volumes(swarm, sight, columns, shot, air)])
    start, ordered = sorted_by_beam(met, (len(columns.position) - 1) * device.lasers)
    return Flight(swarm=swarm, start=start, met=ordered)
