"""A sweep, from a device and a track to points: sets up the kernels' tables, drives them, packs what comes back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.lidar_met_tables import Drops
from simgen.kernels.lidar_tables import (
    Air,
    Beams,
    Columns,
    Cone,
    Left,
    Place,
    Pulses,
    Receiver,
    Rows,
    Soft,
    Surfaces,
    Sweep,
)
from simgen.kernels.volume_tables import Volumes
from simgen.records.base import F4, F8, I4, I8, U1
from simgen.records.frames import LidarPoints
from simgen.records.surroundings import Shot
from simgen.sensors._lidar_aim import aiming, directions_of
from simgen.sensors._lidar_device import LidarDevice
from simgen.sensors._lidar_met import NO_DROPS, flight_of
from simgen.sensors._lidar_rays import echo_pulses, rays_of, scratch
from simgen.sensors._lidar_surfaces import lying_on, surfaces_of
from simgen.sensors._lidar_swarm import Swarm
from simgen.units import NS_PER_S

#: rays of a tile: enough for long packets, few enough to stay in the cache
TILE_RAYS: Final = 16384
#: no echoes of air that differs
_NONE: Final = np.zeros(0, np.float32)
_NO_MASS: Final = np.zeros(0)
_NOTHING: Final = Soft(_NONE, _NONE, np.zeros(0, np.uint16), _NONE)
#: columns whose returns are packed at once
_PACKED_COLUMNS: Final = 512


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One turn of a device: how fast, and where it starts."""

    device: LidarDevice
    rate_hz: float
    start_azimuth: float

    @property
    def columns(self) -> int:
        """Whole columns of firings in the turn."""
        return self.device.columns_at(self.rate_hz)

    @property
    def half_ns(self) -> int:
        """Half the time of a turn."""
        return round(0.5 * NS_PER_S / self.rate_hz)


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a sweep is taken with."""

    turn: Turn
    receiver: Receiver
    air: Air
    cone: Cone
    #: chances of a false return by firing: the receiver's noise, and other lidars
    alarm: float = 0.0
    crosstalk: float = 0.0
    #: share of a retro-reflector's light that strays into a beam one degree aside
    blooming: float = 0.0
    #: firings that are lost, (A, L), or None
    lost: U1 | None = None
    #: parts of the air that differ, backscatter of the rest, 1/(m sr), and length of the pulse, m of range
    volumes: Volumes | None = None
    backscatter: float = 0.0
    length: float = 1.0
    #: what the device's window lets through, and where, as ``window_share`` tells it
    window: tuple[F4, float, float, float] | None = None
    #: what is met one by one, or None
    swarm: Swarm | None = None

    @property
    def plain(self) -> bool:
        """Whether a beam is one ray that returns once."""
        single = len(self.cone.share) == 1 and len(self.receiver.returns) == 1 and math.isinf(self.receiver.fold)
        return single and self.window is None

    @property
    def drawn(self) -> Air:
        """The air without the drops that are met, or drawn with those that are met."""
        return self.air if self.swarm is None else self.air._replace(drop_mass=_NO_MASS)


@lru_cache(maxsize=8)
def _all_rows(count: int) -> I4:
    """Every beam of a tile; never written to."""
    return np.arange(count, dtype=np.int32)


@lru_cache(maxsize=16)
def beams_of(device: LidarDevice) -> tuple[Beams, I8]:
    """The device's lasers for the kernels, and which laser fires at each place of a column."""
    order = np.argsort(device.time_ns, kind="stable")
    slot = np.empty(device.lasers, np.int64)
    slot[order] = np.arange(device.lasers)
    return (
        Beams(
            sine=np.sin(device.elevation),
            cosine=np.cos(device.elevation),
            azimuth=device.azimuth,
            time=device.time_ns,
            lateral=device.lateral,
            height=device.height,
            radial=device.radial,
            slot=slot,
            ring=device.ring,
        ),
        order,
    )


def columns_of(turn: Turn, shot: Shot) -> Columns:
    """The sensor's pose at every column's first firing, from the trajectory's own interpolation."""
    motion, cycle = shot.view.motion, turn.device.cycle_at(turn.rate_hz)
    start = shot.time_ns - turn.half_ns
    times = start + np.round(np.arange(turn.columns + 1) * cycle).astype(np.int64)
    position, quaternion = shot.track.at(times)
    return Columns(
        position=np.ascontiguousarray(position - motion.origin),
        quaternion=np.ascontiguousarray(quaternion),
        start_azimuth=turn.device.first_azimuth(turn.start_azimuth),
        spin=turn.device.spin_at(turn.rate_hz),
        cycle=cycle,
        since_motion=float(start - motion.start_ns),
        since_frame=float(start - shot.time_ns),
        span=float(max(motion.end_ns - motion.start_ns, 1)),
    )


def _sweep(shape: tuple[int, ...]) -> Sweep:
    f4 = np.float32
    return Sweep(
        range=np.empty(shape, f4),
        xyz=np.empty((*shape, 3), f4),
        intensity=np.empty(shape, f4),
        semantic=np.empty(shape, np.uint16),
        instance=np.empty(shape, np.uint32),
        incidence=np.empty(shape, f4),
        flags=np.empty(shape, np.uint16),
    )


def take_sweep(setup: Setup, shot: Shot, *, image: bool) -> tuple[LidarPoints, F4 | None]:
    """Fire every laser of a turn; the returns in firing order, and the range image (rings, columns) if asked for."""
    from simgen.kernels.lidar_stray import Stray, stray_returns
    from simgen.kernels.tiles import run_tiles

    turn, receiver, cone = setup.turn, setup.receiver, setup.cone
    beams, order = beams_of(turn.device)
    columns, world = columns_of(turn, shot), surfaces_of(shot, turn.device.wavelength_nm)
    lying = lying_on(shot, turn.device.wavelength_nm, cone.spread)
    sweep = _sweep((turn.columns, turn.device.lasers, len(receiver.returns)))
    stray, per_beam = Stray(setup.alarm, setup.crosstalk), len(cone.share)
    # where ranges fold, light from the next interval is heard too
    reach = receiver.far if math.isinf(receiver.fold) else receiver.far + receiver.fold
    start_ns = shot.time_ns - turn.half_ns
    aim = aiming(turn.device, start_ns)
    flight = None if setup.swarm is None else flight_of(setup.swarm, turn.device, beams, columns, shot)

    def tile(first: int, stop: int) -> None:
        rows: Rows = scratch(Rows, (stop - first) * turn.device.lasers)
        aim(first, beams, columns, 0.0, reach, rows)
        rays = rays_of(first, stop - first, columns, cone, rows)
        place = Place(first, stop - first, turn.device.lasers, per_beam, receiver.key)
        pulses = echo_pulses(shot.view, world, rays, place, lying)
        soft = _through_volumes(setup, place, columns, rows, pulses)
        soft = _through_window(setup, rows, soft)
        drops = NO_DROPS if flight is None else flight.dim(place, receiver, setup.air, pulses)
        _receive(setup, place, beams, world, rows, pulses, soft, drops, sweep)
        if stray.alarm + stray.crosstalk > 0.0:
            stray_returns(first, beams, receiver, stray, rows, sweep)

    run_tiles(tile, turn.columns, max(TILE_RAYS // (turn.device.lasers * per_beam), 4), shot.surroundings.threads)
    _disturb(setup, start_ns, beams, order, columns, sweep)
    return _packed(turn, beams, order, columns, sweep, image=image, threads=shot.surroundings.threads)


def _through_volumes(setup: Setup, place: Place, columns: Columns, rows: Rows, pulses: Pulses) -> Soft:
    """Dim pulses by parts of the air that differ; what those send back."""
    if setup.volumes is None:
        return _NOTHING
    from simgen.kernels.lidar_volumes import through_volumes

    soft: Soft = scratch(Soft, len(rows.time))
    given = setup.air, setup.backscatter, setup.length, setup.volumes
    through_volumes(place, columns, setup.receiver, *given, rows, pulses, soft)
    return soft._replace(window=_NONE)


def _through_window(setup: Setup, rows: Rows, soft: Soft) -> Soft:
    """With what the device's window lets through."""
    if setup.window is None:
        return soft
    from simgen.kernels.window import there_and_back

    share = np.empty(len(rows.time), np.float32)
    there_and_back(rows.beam, *setup.window, share)
    return soft._replace(window=share)


def _receive(
    setup: Setup,
    place: Place,
    beams: Beams,
    world: Surfaces,
    rows: Rows,
    pulses: Pulses,
    soft: Soft,
    drops: Drops,
    sweep: Sweep,
) -> None:
    """Pulses to returns: those of plain beams by the quick way, the rest one by one."""
    chosen, air, first = _all_rows(len(rows.time)), setup.drawn, place.column
    if setup.plain:
        from simgen.kernels.lidar_plain import receive_plain

        left, rival = scratch(Left, len(rows.time)).row, _rivals(setup, place, pulses, soft, drops)
        given = world, rows, pulses, air.extinction, rival
        chosen = left[: receive_plain(first, beams, setup.receiver, *given, left, sweep)]
    if len(chosen):
        from simgen.kernels.lidar import receive

        receive(first, beams, setup.receiver, air, setup.cone, world, rows, pulses, soft, drops, chosen, sweep)


def _rivals(setup: Setup, place: Place, pulses: Pulses, soft: Soft, drops: Drops) -> F8:
    """What the air sends back to each beam, as loud as it is heard; (0,) where it sends back nothing."""
    air, drawn = setup.drawn, len(setup.drawn.drop_mass) > 0
    if not (drawn or len(air.soft_peak) or len(soft.power) or len(drops.power)):
        return _NO_MASS
    from simgen.kernels.lidar_rival import rivals

    rival = np.empty(place.columns * place.lasers)
    rivals(place, setup.receiver, air, soft, drops, drawn, pulses, rival)
    return rival


def _disturb(setup: Setup, start_ns: int, beams: Beams, order: I8, columns: Columns, sweep: Sweep) -> None:
    """Blooming, which needs neighbours, then what gets lost on the way."""
    if setup.blooming > 0.0:
        from simgen.kernels.lidar_stray import bloom, halo

        glare = np.zeros((*sweep.range.shape[:2], 2), np.float32)
        if not setup.turn.device.organised:
            from simgen.kernels.lidar_scan_bloom import bloom_scan, halo_scan

            beam = directions_of(setup.turn.device, start_ns, beams, columns, sweep)
            if halo_scan(beam, order, setup.receiver, setup.blooming, sweep, glare):
                bloom_scan(beams, beam, order, setup.receiver, glare, sweep)
        elif halo(beams, columns, order, setup.receiver, setup.blooming, sweep, glare):
            bloom(beams, columns, order, setup.receiver, glare, sweep)
    if setup.lost is not None:
        sweep.range[setup.lost[:, order].astype(bool)] = 0.0


def _packed(
    turn: Turn, beams: Beams, order: I8, columns: Columns, sweep: Sweep, *, image: bool, threads: int
) -> tuple[LidarPoints, F4 | None]:
    from simgen.kernels.lidar import pack
    from simgen.kernels.tiles import run_tiles

    starts = range(0, turn.columns, _PACKED_COLUMNS)
    counts = [int(np.count_nonzero(sweep.range[k : k + _PACKED_COLUMNS])) for k in starts]
    row = np.append(0, np.cumsum(counts))
    count = int(row[-1])
    packed, ring, offset = _sweep((count,)), np.empty(count, np.uint16), np.empty(count, np.int32)
    number = np.empty(count, np.uint8)
    picture = np.zeros((turn.device.lasers, turn.columns if image else 0), np.float32)

    def tile(first: int, stop: int) -> None:
        into = int(row[first // _PACKED_COLUMNS])
        pack(first, stop, into, beams, columns, order, sweep, packed, ring, offset, number, picture)

    run_tiles(tile, turn.columns, _PACKED_COLUMNS, threads)
    points = LidarPoints(
        xyz=packed.xyz,
        range=packed.range,
        intensity=packed.intensity,
        ring=ring,
        time_offset_ns=offset,
        return_index=number,
        semantic=packed.semantic,
        instance=packed.instance,
        incidence=packed.incidence,
        flags=packed.flags,
    )
    if image and turn.device.rotates:
        picture = aligned(picture, beams, columns)
    return points, picture if image else None


def aligned(picture: F4, beams: Beams, columns: Columns) -> F4:
    """The range image with every ring shifted so that a column is one azimuth, to within half a column.

    Lasers that fire together look to different sides (up to 10 degrees apart on an HDL-64E), so an image by firing is
    ragged. The few returns that a shift takes past the end of the turn come round to its start.
    """
    turned = (beams.azimuth + columns.spin * beams.time) / (columns.spin * columns.cycle)
    shift = np.empty(len(turned), np.int64)
    shift[beams.ring] = np.round(turned).astype(np.int64)
    source = (np.arange(picture.shape[1]) - shift[:, None]) % picture.shape[1]
    return np.take_along_axis(picture, source, axis=1)
