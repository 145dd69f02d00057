"""One lidar sweep in three kernels: firings to rays, rays to hits, hits to returns.

A tile is a range of columns (one firing of every laser). Its rays are ordered laser by laser, so that eight
neighbours in a packet are the same laser at eight consecutive azimuths. Returns go to arrays in firing order.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.air import Air, brightest_drop, soft_echo, soft_range
from simgen.kernels.jit import device, kernel
from simgen.kernels.noise import normal2, uniform2
from simgen.kernels.pose import body_pose, rotate, rotate_inverse
from simgen.kernels.trace import cast_many
from simgen.records.base import F4, F8, I4, I8, U1, U2, U4, Array
from simgen.records.frames import POINT_EGO, POINT_WEATHER
from simgen.records.stage import NO_HIT

#: power that retro-reflective sheeting sends back, in powers of a white wall hit straight on
RETRO_GAIN = 100.0
#: where the device's reflectance scale ends (a byte of 255 on a scale whose 100 is white)
REFLECTANCE_LIMIT = 2.55
#: the receiver's noise is this share of the threshold power (an estimate: a threshold of five sigma)
NOISE_SHARE = 0.2
#: speckle and laser power vary the signal by this share of itself (an estimate)
SPECKLE = 0.05
#: range noise of a return at the threshold times sqrt(2), m (LISA)
RANGE_SPREAD = 0.09
#: a device that corrects near returns for the overlap of beam and view does so at most twentyfold
LEAST_OVERLAP = 0.05

_SIGNAL_LANE = 0
_CHANCE_LANE = 1


class Beams(NamedTuple):
    """The device, by laser in the maker's order, (L,) each."""

    sine: F8
    cosine: F8
    azimuth: F8
    #: firing time within a column, ns
    time: F8
    lateral: F8
    height: F8
    radial: F8
    #: place of the laser in firing order, and its ring
    slot: I8
    ring: I8


class Columns(NamedTuple):
    """The sensor at the start of every column and of the one after the last."""

    #: (A + 1, 3) m, less the motion's origin; (A + 1, 4)
    position: F8
    quaternion: F8
    #: rotor azimuth at the first firing, rad, and its change per ns
    start_azimuth: float
    spin: float
    #: ns between columns; first firing less the motion's start and less the frame's time, ns; the motion's span, ns
    cycle: float
    since_motion: float
    since_frame: float
    span: float


class Receiver(NamedTuple):
    """What turns power into returns."""

    #: power of the return at the threshold: 0.1 / (range at 10 %)^2
    threshold: float
    #: signal, in threshold powers, that is detected half the time
    half: float
    near: float
    far: float
    overlap_near: float
    overlap_far: float
    range_floor: float
    #: fixed range noise, m; negative = from the signal
    range_noise: float
    range_step: float
    reflectance_step: float
    drop_probability: float
    noise: bool
    #: always an unsigned 64-bit number, or kernels would be compiled twice
    key: int


class Surfaces(NamedTuple):
    """The stage and the bodies' motion, as in Stage and Motion."""

    normals: F4
    triangles: U4
    triangle_surface: U2
    vertex_start: I8
    triangle_start: I8
    instance_mesh: U4
    instance_body: U4
    instance_label: U4
    surface_base: U4
    reflectance: F4
    retro: F4
    class_id: U2
    #: by label: 1 = the ego or on it
    ego: U1
    position: F4
    quaternion: F4


class Rows(NamedTuple):
    """The rays of one tile, (N, ...), in world axes less the motion's origin, and in the sensor's frame."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    start: F4
    beam: F4


class Found(NamedTuple):
    """The hits of one tile, as in Hits."""

    distance: F4
    instance: U4
    triangle: U4
    barycentric: F4


class Sweep(NamedTuple):
    """Returns by column and place in firing order, (A, L, ...); a range of 0 = none."""

    range: F4
    xyz: F4
    intensity: F4
    semantic: U2
    instance: U4
    incidence: F4
    flags: U2


@kernel
def aim(first: int, beams: Beams, columns: Columns, near: float, far: float, rows: Rows) -> None:
    """Firings of the columns from ``first`` on, as rays; row = laser * (columns in the tile) + column."""
    lasers = beams.time.shape[0]
    count = rows.time.shape[0] // lasers
    for laser in range(lasers):
        weight = beams.time[laser] / columns.cycle
        for k in range(count):
            row, column = laser * count + k, first + k
            since = round(column * columns.cycle + beams.time[laser])
            rotor = columns.start_azimuth + columns.spin * since
            angle = rotor + beams.azimuth[laser]
            ca, sa = math.cos(angle), math.sin(angle)
            dx, dy, dz = beams.cosine[laser] * ca, beams.cosine[laser] * sa, beams.sine[laser]
            radial, lateral = beams.radial[laser], beams.lateral[laser]
            ox = radial * math.cos(rotor) - lateral * sa
            oy = radial * math.sin(rotor) + lateral * ca
            oz = beams.height[laser]
            px, py, pz, qw, qx, qy, qz = _pose(columns, column, weight)
            wx, wy, wz = rotate(qw, qx, qy, qz, ox, oy, oz)
            rows.origin[row, 0], rows.origin[row, 1], rows.origin[row, 2] = px + wx, py + wy, pz + wz
            wx, wy, wz = rotate(qw, qx, qy, qz, dx, dy, dz)
            rows.direction[row, 0], rows.direction[row, 1], rows.direction[row, 2] = wx, wy, wz
            rows.start[row, 0], rows.start[row, 1], rows.start[row, 2] = ox, oy, oz
            rows.beam[row, 0], rows.beam[row, 1], rows.beam[row, 2] = dx, dy, dz
            rows.time[row] = min(max((columns.since_motion + since) / columns.span, 0.0), 1.0)
            rows.near[row], rows.far[row] = near, far


@device
def _pose(columns: Columns, column: int, weight: float) -> tuple[float, float, float, float, float, float, float]:
    """The sensor within a column: chords of the path over some 50 us, exact to a nanometre."""
    p, u = columns.position[column], columns.position[column + 1]
    q, r = columns.quaternion[column], columns.quaternion[column + 1]
    s = 1.0 - weight
    flip = weight if q[0] * r[0] + q[1] * r[1] + q[2] * r[2] + q[3] * r[3] >= 0.0 else -weight
    w, x, y, z = s * q[0] + flip * r[0], s * q[1] + flip * r[1], s * q[2] + flip * r[2], s * q[3] + flip * r[3]
    scale = 1.0 / math.sqrt(w * w + x * x + y * y + z * z)
    return (
        s * p[0] + weight * u[0],
        s * p[1] + weight * u[1],
        s * p[2] + weight * u[2],
        w * scale,
        x * scale,
        y * scale,
        z * scale,
    )


@kernel
def cast(intersect8: int, scene: int, rows: Rows, found: Found) -> None:
    """The first hit of each ray of a tile, by packets."""
    cast_many(
        intersect8,
        scene,
        rows.origin,
        rows.direction,
        rows.time,
        rows.near,
        rows.far,
        found.distance,
        found.instance,
        found.triangle,
        found.barycentric,
    )


@device
def _cosine(world: Surfaces, rows: Rows, found: Found, row: int) -> float:
    """Cosine of the angle between beam and shading normal, 0..1, whichever side is hit."""
    instance = found.instance[row]
    mesh, body = world.instance_mesh[instance], world.instance_body[instance]
    corner = world.triangles[world.triangle_start[mesh] + np.int64(found.triangle[row])]
    base = world.vertex_start[mesh]
    a = world.normals[base + np.int64(corner[0])]
    b = world.normals[base + np.int64(corner[1])]
    c = world.normals[base + np.int64(corner[2])]
    v, w = float(found.barycentric[row, 0]), float(found.barycentric[row, 1])
    u = 1.0 - v - w
    nx, ny, nz = u * a[0] + v * b[0] + w * c[0], u * a[1] + v * b[1] + w * c[1], u * a[2] + v * b[2] + w * c[2]
    length = math.sqrt(nx * nx + ny * ny + nz * nz)
    dx, dy, dz = float(rows.direction[row, 0]), float(rows.direction[row, 1]), float(rows.direction[row, 2])
    if body != 0:
        _, _, _, qw, qx, qy, qz = body_pose(world.position, world.quaternion, body, rows.time[row])
        dx, dy, dz = rotate_inverse(qw, qx, qy, qz, dx, dy, dz)
    dot = abs(nx * dx + ny * dy + nz * dz)
    return min(dot / length, 1.0) if length > 0.0 else 0.0


@device
def overlap(receiver: Receiver, distance: float) -> float:
    """Share of the beam that the receiver sees: a ramp from 0 to 1."""
    if distance >= receiver.overlap_far:
        return 1.0
    return max(0.0, (distance - receiver.overlap_near) / (receiver.overlap_far - receiver.overlap_near))


@device
def _surface_row(world: Surfaces, found: Found, row: int) -> int:
    instance = found.instance[row]
    triangle = world.triangle_start[world.instance_mesh[instance]] + np.int64(found.triangle[row])
    return int(np.int64(world.surface_base[instance]) + np.int64(world.triangle_surface[triangle]))


@kernel
def receive(
    first: int, beams: Beams, receiver: Receiver, air: Air, world: Surfaces, rows: Rows, found: Found, sweep: Sweep
) -> None:
    """Hits to returns: the strongest of surface, medium and drops, if the receiver tells it from its noise."""
    lasers = beams.time.shape[0]
    count = rows.time.shape[0] // lasers
    for laser in range(lasers):
        slot, extra = beams.slot[laser], beams.radial[laser]
        for k in range(count):
            row, column = laser * count + k, first + k
            sweep.range[column, slot] = 0.0
            counter = column * lasers + laser
            power, surface, cosine, label, name, flags = 0.0, np.inf, 0.0, np.uint32(0), np.uint16(0), 0
            if found.instance[row] != NO_HIT:
                surface = float(found.distance[row])
                at = _surface_row(world, found, row)
                cosine = _cosine(world, rows, found, row)
                reflectance = world.reflectance[at] * cosine + RETRO_GAIN * world.retro[at]
                seen = math.exp(-2.0 * air.extinction * surface) * overlap(receiver, surface)
                if surface >= receiver.near:
                    power = reflectance * seen / (surface * surface * receiver.threshold)
                label, name = world.instance_label[found.instance[row]], world.class_id[at]
                if world.ego[label] != 0:
                    flags = POINT_EGO
            distance = surface
            soft = soft_echo(air, surface)
            drop, drop_range, drop_class = brightest_drop(air, surface, receiver.key, counter)
            echo = max(soft, drop)
            if echo > power:
                power, cosine, label, flags = echo, 1.0, np.uint32(0), POINT_WEATHER
                if soft >= drop:
                    distance = soft_range(air, surface, uniform2(receiver.key, counter, _CHANCE_LANE)[1])
                    name = np.uint16(air.soft_class)
                else:
                    distance, name = drop_range, np.uint16(drop_class)
            measured, reported = _measure(receiver, power, distance, extra, counter)
            if measured <= 0.0:
                continue
            beam = reported - extra
            for axis in range(3):
                sweep.xyz[column, slot, axis] = rows.start[row, axis] + beam * rows.beam[row, axis]
            clarity = max(overlap(receiver, distance), LEAST_OVERLAP)
            shown = measured * receiver.threshold * distance * distance / clarity
            if receiver.noise:
                shown = round(shown / receiver.reflectance_step) * receiver.reflectance_step
            sweep.range[column, slot] = reported
            sweep.intensity[column, slot] = min(shown, REFLECTANCE_LIMIT)
            sweep.semantic[column, slot] = name
            sweep.instance[column, slot] = label
            sweep.incidence[column, slot] = math.acos(cosine)
            sweep.flags[column, slot] = flags


@device
def _measure(receiver: Receiver, power: float, distance: float, extra: float, counter: int) -> tuple[float, float]:
    """Signal and range as the device reports them; a signal of 0 = no return.

    Noise adds to the power before the threshold, so the chance of a return falls smoothly, ``Phi((s - half)/sigma)``,
    and weak returns are biased upwards as in a real receiver.
    """
    if power <= 0.0 or not distance < np.inf:
        return 0.0, 0.0
    if not receiver.noise:
        return (power, distance + extra) if power >= 1.0 else (0.0, 0.0)
    if power < receiver.half - 8.0 * NOISE_SHARE:
        return 0.0, 0.0
    n, m = normal2(receiver.key, counter, _SIGNAL_LANE)
    measured = power + n * math.sqrt(NOISE_SHARE * NOISE_SHARE + SPECKLE * SPECKLE * power * power)
    if measured < receiver.half or measured <= 0.0:
        return 0.0, 0.0
    chance = receiver.drop_probability
    if chance > 0.0 and uniform2(receiver.key, counter, _CHANCE_LANE)[0] < chance:
        return 0.0, 0.0
    sigma = receiver.range_noise
    if sigma < 0.0:
        sigma = math.sqrt(receiver.range_floor * receiver.range_floor + RANGE_SPREAD * RANGE_SPREAD / (2.0 * power))
    reported = distance + extra + sigma * m
    reported = round(reported / receiver.range_step) * receiver.range_step
    return (measured, reported) if reported > 0.0 else (0.0, 0.0)


@kernel
def pack(
    beams: Beams, columns: Columns, order: I8, sweep: Sweep, packed: Sweep, ring: U2, offset: I4, image: Array
) -> None:
    """Returns end to end in firing order, with ring and time; fills the range image too, if it has columns."""
    row = 0
    pictured = image.shape[1] > 0
    for column in range(sweep.range.shape[0]):
        for slot in range(order.shape[0]):
            value = sweep.range[column, slot]
            if not value > 0.0:
                continue
            laser = order[slot]
            packed.range[row] = value
            for axis in range(3):
                packed.xyz[row, axis] = sweep.xyz[column, slot, axis]
            packed.intensity[row] = sweep.intensity[column, slot]
            packed.semantic[row] = sweep.semantic[column, slot]
            packed.instance[row] = sweep.instance[column, slot]
            packed.incidence[row] = sweep.incidence[column, slot]
            packed.flags[row] = sweep.flags[column, slot]
            ring[row] = beams.ring[laser]
            offset[row] = np.int32(round(column * columns.cycle + beams.time[laser]) + columns.since_frame)
            if pictured:
                image[beams.ring[laser], column] = value
            row += 1
