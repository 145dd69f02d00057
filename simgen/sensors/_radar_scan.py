"""One scan of a radar, from a shot to echoes: sets up the kernels' tables, casts the rays and their bounces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from simgen.kernels.radar_tables import Cells, Echoes, Grid, Link, Met, Mirrors, RadarFound, RadarRows, Solid
from simgen.records.base import F4, F8
from simgen.records.rays import Rays, RayView
from simgen.records.surroundings import Shot
from simgen.rng import stream
from simgen.sensors._radar_device import RadarDevice, Scan
from simgen.sensors._radar_materials import matter_of
from simgen.sensors._radar_physics import (
    attenuation_db_m,
    diffraction_slope,
    layers_db_m,
    noise_w,
    range_resolution_m,
    ratio_of,
    received_w,
    velocity_limit_m_s,
    velocity_resolution_m_s,
    wavelength_m,
)
from simgen.units import NS_PER_S

#: velocities come from the poses so long before and after the instant; wheels turn by a tenth of a turn in it
HALF_SPAN_NS: Final = 2_000_000
#: the largest patch of a body that is flat to a fraction of the wavelength, m (an estimate)
FLAT_M: Final = 0.15
_TILE: Final = 8
#: sheets of the ego's body that a ray may pass on its way out
_LAYERS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Eye:
    """Where the sensor is at the instant, less the motion's origin, and how it moves."""

    position: F8
    quaternion: F8
    velocity: F8

    @classmethod
    def of(cls, shot: Shot) -> Eye:
        """From the sensor's path."""
        times = np.array([shot.time_ns - HALF_SPAN_NS, shot.time_ns, shot.time_ns + HALF_SPAN_NS])
        position, quaternion = shot.track.at(times)
        known = np.clip(times, shot.track.time_ns[0], shot.track.time_ns[-1])
        span = max(int(known[2] - known[0]), 1) / NS_PER_S
        return cls(
            position=position[1] - shot.view.motion.origin,
            quaternion=np.ascontiguousarray(quaternion[1]),
            velocity=(position[2] - position[0]) / span,
        )


def link_of(device: RadarDevice, scan: Scan, shot: Shot, *, bounces: bool) -> Link:
    """The radar equation of a scan in the weather of the shot."""
    around, wavelength = shot.surroundings, wavelength_m(device.frequency_hz)
    power = 1e-3 * ratio_of(device.power_dbm)
    signal = received_w(power, ratio_of(scan.gain_dbi), wavelength, 1.0, 1.0) / ratio_of(device.loss_db)
    loss = attenuation_db_m(around.medium, device.frequency_hz)
    loss += layers_db_m(around.volumes, device.frequency_hz, shot.track.at(shot.time_ns)[0])
    fall = [4.0 * math.log(2.0) / math.radians(b) ** 2 for b in (scan.azimuth_beam_deg, scan.elevation_beam_deg)]
    return Link(
        constant=signal / noise_w(ratio_of(device.noise_figure_db), scan.frame_s),
        azimuth_fall=fall[0],
        elevation_fall=fall[1],
        attenuation=2.0 * loss * math.log(10.0) / 10.0,
        roughness=(4.0 * math.pi * 1e-3 / wavelength) ** 2,
        diffraction=diffraction_slope(FLAT_M, wavelength) ** 2,
        near=scan.min_range_m,
        far=scan.max_range_m,
        bounces=bounces,
    )


def grid_of(scan: Scan, eye: Eye, time: float, jitter: F8) -> Grid:
    """The scan's rays, moved as a whole by a part of a step."""
    across, along = 2.0 * scan.azimuth_deg / scan.columns, 2.0 * scan.elevation_deg / scan.rows
    azimuth, elevation = np.radians(across), np.radians(along)
    return Grid(
        columns=scan.columns,
        azimuth=float(azimuth * (jitter[0] - 0.5 * scan.columns)),
        elevation=float(elevation * (jitter[1] - 0.5 * scan.rows)),
        azimuth_step=float(azimuth),
        elevation_step=float(elevation),
        position=eye.position,
        quaternion=eye.quaternion,
        velocity=eye.velocity,
        time=time,
        near=0.5 * scan.min_range_m,
        far=scan.max_range_m,
    )


def cells_of(device: RadarDevice, scan: Scan) -> Cells:
    """The resolution cells of a scan."""
    width = range_resolution_m(scan.bandwidth_hz)
    limit = velocity_limit_m_s(device.frequency_hz, scan.chirp_s)
    velocities = max(round(2.0 * limit / velocity_resolution_m_s(device.frequency_hz, scan.frame_s)), 4)
    reach = [math.sin(math.radians(a)) for a in (scan.azimuth_deg, scan.elevation_deg)]
    step = [math.sin(math.radians(a)) for a in (scan.azimuth_resolution_deg, scan.elevation_resolution_deg)]
    ups = max(math.ceil(2.0 * reach[1] / step[1]), 2) if step[1] > 0.0 else 1
    return Cells(
        range_step=width,
        ranges=math.ceil(scan.max_range_m / width),
        velocity_step=2.0 * limit / velocities,
        velocities=velocities,
        left_step=step[0],
        lefts=max(math.ceil(2.0 * reach[0] / step[0]), 1),
        up_step=step[1] if step[1] > 0.0 else 2.0,
        ups=ups,
    )


def solid_of(shot: Shot) -> Solid:
    """The stage and where its bodies are at the instant, before and after it."""
    from simgen.kernels.radar import body_states

    stage, motion = shot.surroundings.stage, shot.view.motion
    ego = shot.surroundings.ego_labels()
    trunk = np.zeros(len(ego), np.int64)
    # backwards, so that an object's first part, its root's, stays
    trunk[stage.instance_label[::-1]] = stage.instance_body[::-1]
    times = np.array([0, -HALF_SPAN_NS, HALF_SPAN_NS]) + shot.time_ns
    times = np.clip(times, motion.start_ns, motion.end_ns)
    poses = np.empty((3, motion.position.shape[1], 7))
    body_states(motion.position, motion.quaternion, np.array([motion.ray_time(int(t)) for t in times]), poses)
    return Solid(
        normals=stage.normals,
        triangles=stage.triangles,
        triangle_surface=stage.triangle_surface,
        vertex_start=stage.vertex_start,
        triangle_start=stage.triangle_start,
        instance_mesh=stage.instance_mesh,
        instance_body=stage.instance_body,
        instance_label=stage.instance_label,
        surface_base=stage.surface_base,
        class_id=stage.surfaces.class_id,
        ego=ego,
        trunk=trunk,
        poses=poses,
        span=float(times[2] - times[1]) / NS_PER_S,
    )


def _rays(count: int) -> RadarRows:
    def f4(*shape: int) -> F4:
        return np.zeros(shape, np.float32)

    return RadarRows(f4(count, 3), f4(count, 3), f4(count), f4(count), f4(count))


def _found(count: int) -> RadarFound:
    ids = [np.empty(count, np.uint32) for _ in range(2)]
    return RadarFound(np.empty(count, np.float32), ids[0], ids[1], np.empty((count, 2), np.float32))


def _met(count: int) -> Met:
    return Met(np.empty((count, 3)), np.empty(count), np.empty(count, np.int64))


#: what is no float64 in an echo
_KINDS: Final[Mapping[str, type]] = {
    "label": np.uint32,
    "source": np.uint32,
    "body": np.int64,
    "class_id": np.uint16,
    "flags": np.uint16,
}


def _echoes(count: int) -> Echoes:
    return Echoes._make(np.zeros(count, _KINDS.get(name, np.float64)) for name in Echoes._fields)


def _cast(view: RayView, rows: RadarRows, found: RadarFound, first: int, stop: int) -> None:
    """Cast a range of rays: natively where the engine can, else through the view."""
    if view.native is not None:
        from simgen.kernels.trace import cast_range

        cast_range(view.native.intersect8, view.native.scene, first, stop, *rows, *found)
        return
    part: dict[str, Any] = {name: np.ascontiguousarray(getattr(rows, name)[first:stop]) for name in RadarRows._fields}
    hits = view.cast(Rays(**part))
    for name in RadarFound._fields:
        getattr(found, name)[first:stop] = getattr(hits, name)


class Spare(NamedTuple):
    """Room for rays that go on."""

    rows: RadarRows
    found: RadarFound


def _see(
    view: RayView, bumper_m: float, solid: Solid, rows: RadarRows, hits: RadarFound, spare: Spare, span: tuple[int, int]
) -> None:
    """Cast a range of rays, through what of the ego lies before the sensor."""
    from simgen.kernels.radar import pass_bumper, take_over

    _cast(view, rows, hits, *span)
    for _ in range(_LAYERS):
        if not pass_bumper(*span, bumper_m, solid, rows, hits, spare.rows):
            return
        _cast(view, spare.rows, spare.found, *span)
        take_over(*span, spare.rows, spare.found, hits)


def take_echoes(
    device: RadarDevice, scan: Scan, shot: Shot, name: str, *, bounces: bool, bumper_m: float = 0.0
) -> Echoes:
    """Every echo of a scan: those of first surfaces, by way of a mirror, and one way by the mirror, the other straight.

    The grid of rays is moved by a random part of a step from frame to frame, so that no thin thing is missed for ever.
    """
    from simgen.kernels.radar import aim, bounced, direct, meet
    from simgen.kernels.radar_round import go_round, look_back
    from simgen.kernels.tiles import run_tiles

    jitter = stream(shot.surroundings.seed, "radar", name, "rays", scan.name, shot.index).random(2)
    solid, matter = solid_of(shot), matter_of(shot.surroundings.stage.surfaces)
    grid = grid_of(scan, Eye.of(shot), shot.view.motion.ray_time(shot.time_ns), jitter)
    link = link_of(device, scan, shot, bounces=bounces)
    count, columns, threads = scan.rays, scan.columns, shot.surroundings.threads
    rows, onward, back = _rays(count), _rays(count), _rays(count)
    hits, more, blocked = _found(count), _found(count), _found(count)
    met, beyond = _met(count), _met(count)
    mirrors = Mirrors(np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count, np.uint16))
    echoes = _echoes(4 * count if bounces else count)

    def look(first: int, stop: int) -> None:
        span = first * columns, stop * columns
        aim(*span, grid, rows)
        _see(shot.view, bumper_m, solid, rows, hits, Spare(onward, more), span)
        meet(*span, solid, rows, hits, met)

    def answer(first: int, stop: int) -> None:
        span = first * columns, stop * columns
        direct(*span, grid, link, matter, solid, rows, hits, met, echoes, onward, mirrors)
        if bounces:
            _cast(shot.view, onward, more, *span)
            meet(*span, solid, onward, more, beyond)

    def reflect(first: int, stop: int) -> None:
        span = first * columns, stop * columns
        bounced(*span, grid, link, matter, solid, rows, hits, onward, more, beyond, mirrors, echoes)
        if look_back(*span, grid, solid, onward, more, beyond, mirrors, back):
            _cast(shot.view, back, blocked, *span)
            go_round(*span, grid, link, matter, solid, rows, hits, onward, more, beyond, mirrors, back, blocked, echoes)

    for stage in (look, answer, reflect) if bounces else (look, answer):
        run_tiles(stage, scan.rows, _TILE, threads)
    return echoes
