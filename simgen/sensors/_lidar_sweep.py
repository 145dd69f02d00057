"""A sweep, from a device and a track to points: sets up the kernels' tables, drives them, packs what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.lidar_tables import Air, Beams, Columns, Found, Receiver, Rows, Surfaces, Sweep, Touched
from simgen.records.base import F4, I8
from simgen.records.frames import LidarPoints
from simgen.records.rays import Rays, RayView
from simgen.records.surroundings import Shot
from simgen.sensors._lidar_device import LidarDevice
from simgen.units import NS_PER_S

#: columns in a tile: enough for long packets, few enough to stay in the cache
TILE_COLUMNS: Final = 128


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
    spin = 2.0 * np.pi * turn.rate_hz / NS_PER_S
    return Columns(
        position=np.ascontiguousarray(position - motion.origin),
        quaternion=np.ascontiguousarray(quaternion),
        start_azimuth=turn.start_azimuth,
        spin=-spin if turn.device.clockwise else spin,
        cycle=cycle,
        since_motion=float(start - motion.start_ns),
        since_frame=float(start - shot.time_ns),
        span=float(max(motion.end_ns - motion.start_ns, 1)),
    )


def surfaces_of(shot: Shot) -> Surfaces:
    """The stage and its motion for the kernels."""
    stage, motion = shot.surroundings.stage, shot.view.motion
    ego = np.zeros(int(stage.instance_label.max(initial=0)) + 1, np.uint8)
    ego[[i for i in shot.surroundings.ego_instances if 0 < i < len(ego)]] = 1
    return Surfaces(
        normals=stage.normals,
        triangles=stage.triangles,
        triangle_surface=stage.triangle_surface,
        vertex_start=stage.vertex_start,
        triangle_start=stage.triangle_start,
        instance_mesh=stage.instance_mesh,
        instance_body=stage.instance_body,
        instance_label=stage.instance_label,
        surface_base=stage.surface_base,
        reflectance=stage.surfaces.lidar_reflectance,
        retro=stage.surfaces.retro,
        class_id=stage.surfaces.class_id,
        ego=ego,
        quaternion=motion.quaternion,
    )


def _rows(count: int) -> tuple[Rows, Found]:
    def f4(*shape: int) -> F4:
        return np.empty(shape, np.float32)

    rows = Rows(f4(count, 3), f4(count, 3), f4(count), f4(count), f4(count), f4(count, 3), f4(count, 3))
    found = Found(f4(count), np.empty(count, np.uint32), np.empty(count, np.uint32), f4(count, 2))
    return rows, found


def cast_rows(view: RayView, rows: Rows, found: Found) -> Found:
    """Cast a tile's rays: natively from the kernel where the engine can, else through the view."""
    if view.native is None:
        hits = view.cast(Rays(**{name: getattr(rows, name) for name in ("origin", "direction", "time", "near", "far")}))
        return type(found)(hits.distance, hits.instance, hits.triangle, hits.barycentric)
    from simgen.kernels.lidar import cast

    cast(view.native.intersect8, view.native.scene, rows, found)
    return found


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


def take_sweep(turn: Turn, shot: Shot, receiver: Receiver, air: Air, *, image: bool) -> tuple[LidarPoints, F4 | None]:
    """Fire every laser of a turn; the returns in firing order, and the range image (rings, columns) if asked for."""
    from simgen.kernels.lidar import aim, meet, receive
    from simgen.kernels.tiles import run_tiles

    beams, order = beams_of(turn.device)
    columns, world = columns_of(turn, shot), surfaces_of(shot)
    sweep = _sweep((turn.columns, turn.device.lasers))

    def tile(first: int, stop: int) -> None:
        rows, found = _rows((stop - first) * turn.device.lasers)
        aim(first, beams, columns, 0.0, receiver.far, rows)
        found = cast_rows(shot.view, rows, found)
        touched = Touched(np.empty(len(rows.time)), np.empty(len(rows.time), np.int64))
        meet(world, rows, found, touched)
        receive(first, beams, receiver, air, world, rows, found, touched, sweep)

    run_tiles(tile, turn.columns, TILE_COLUMNS, shot.surroundings.threads)
    return _packed(turn, beams, order, columns, sweep, image=image)


def _packed(
    turn: Turn, beams: Beams, order: I8, columns: Columns, sweep: Sweep, *, image: bool
) -> tuple[LidarPoints, F4 | None]:
    from simgen.kernels.lidar import pack

    count = int(np.count_nonzero(sweep.range))
    packed, ring, offset = _sweep((count,)), np.empty(count, np.uint16), np.empty(count, np.int32)
    picture = np.zeros((turn.device.lasers, turn.columns if image else 0), np.float32)
    pack(beams, columns, order, sweep, packed, ring, offset, picture)
    points = LidarPoints(
        xyz=packed.xyz,
        range=packed.range,
        intensity=packed.intensity,
        ring=ring,
        time_offset_ns=offset,
        return_index=np.zeros(count, np.uint8),
        semantic=packed.semantic,
        instance=packed.instance,
        incidence=packed.incidence,
        flags=packed.flags,
    )
    return points, aligned(picture, beams, columns) if image else None


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
