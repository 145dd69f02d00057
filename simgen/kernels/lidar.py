"""One lidar sweep in a few kernels: firings to rays, rays to hits, hits to surfaces, surfaces to returns.

A tile is a range of columns (one firing of every laser). Its rays are ordered laser by laser, so that eight
neighbours in a packet are the same laser at eight consecutive azimuths. Returns go to arrays in firing order.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.air import brightest_drop, soft_echo, soft_range
from simgen.kernels.jit import device, kernel
from simgen.kernels.lidar_tables import (
    NOISE_SHARE,
    Air,
    Beams,
    Columns,
    Found,
    Receiver,
    Rows,
    Surfaces,
    Sweep,
    Touched,
)
from simgen.kernels.noise import normal2, uniform2
from simgen.kernels.pose import normalise, rotate, rotate_inverse, slerp
from simgen.kernels.trace import cast_many
from simgen.records.base import F4, F8, I4, I8, U2, Array
from simgen.records.frames import POINT_EGO, POINT_WEATHER
from simgen.records.stage import NO_HIT

#: power that retro-reflective sheeting sends back, in powers of a white wall hit straight on
RETRO_GAIN = 100.0
#: where the device's reflectance scale ends (a byte of 255 on a scale whose 100 is white)
REFLECTANCE_LIMIT = 2.55
#: speckle and laser power vary the signal by this share of itself (an estimate)
SPECKLE = 0.05
#: range noise of a return at the threshold times sqrt(2), m (LISA)
RANGE_SPREAD = 0.09
#: a device that corrects near returns for the overlap of beam and view does so at most twentyfold
LEAST_OVERLAP = 0.05

_SIGNAL_LANE = 0
_CHANCE_LANE = 1


@kernel
def aim(first: int, beams: Beams, columns: Columns, near: float, far: float, rows: Rows) -> None:
    """Firings of the columns from ``first`` on, as rays; row = laser * (columns in the tile) + column."""
    # fields are taken out of their tuples before the loops: each access inside would count references
    origin, direction, start, beam, when = rows.origin, rows.direction, rows.start, rows.beam, rows.time
    position, quaternion = columns.position, columns.quaternion
    rows.near[:] = near
    rows.far[:] = far
    lasers = beams.time.shape[0]
    count = when.shape[0] // lasers
    for laser in range(lasers):
        fired, sine, cosine, azimuth = beams.time[laser], beams.sine[laser], beams.cosine[laser], beams.azimuth[laser]
        lateral, oz, radial = beams.lateral[laser], beams.height[laser], beams.radial[laser]
        weight = fired / columns.cycle
        for k in range(count):
            row, column = laser * count + k, first + k
            since = math.floor(column * columns.cycle + fired + 0.5)
            rotor = columns.start_azimuth + columns.spin * since
            ca, sa = math.cos(rotor + azimuth), math.sin(rotor + azimuth)
            dx, dy, dz = cosine * ca, cosine * sa, sine
            ox, oy = -lateral * sa, lateral * ca
            if radial != 0.0:
                ox, oy = ox + radial * math.cos(rotor), oy + radial * math.sin(rotor)
            px, py, pz, qw, qx, qy, qz = _pose(position, quaternion, column, weight)
            wx, wy, wz = rotate(qw, qx, qy, qz, ox, oy, oz)
            origin[row, 0], origin[row, 1], origin[row, 2] = px + wx, py + wy, pz + wz
            wx, wy, wz = rotate(qw, qx, qy, qz, dx, dy, dz)
            direction[row, 0], direction[row, 1], direction[row, 2] = wx, wy, wz
            start[row, 0], start[row, 1], start[row, 2] = ox, oy, oz
            beam[row, 0], beam[row, 1], beam[row, 2] = dx, dy, dz
            when[row] = min(max((columns.since_motion + since) / columns.span, 0.0), 1.0)


@device
def _pose(position: F8, quaternion: F8, c: int, t: float) -> tuple[float, float, float, float, float, float, float]:
    """The sensor at a share ``t`` of column ``c``: chords of the path over some 50 us, exact to a nanometre."""
    s, d = 1.0 - t, c + 1
    aw, ax, ay, az = quaternion[c, 0], quaternion[c, 1], quaternion[c, 2], quaternion[c, 3]
    bw, bx, by, bz = quaternion[d, 0], quaternion[d, 1], quaternion[d, 2], quaternion[d, 3]
    f = t if aw * bw + ax * bx + ay * by + az * bz >= 0.0 else -t
    w, x, y, z = s * aw + f * bw, s * ax + f * bx, s * ay + f * by, s * az + f * bz
    scale = 1.0 / math.sqrt(w * w + x * x + y * y + z * z)
    return (
        s * position[c, 0] + t * position[d, 0],
        s * position[c, 1] + t * position[d, 1],
        s * position[c, 2] + t * position[d, 2],
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
def _normal(normals: F4, a: int, b: int, c: int, v: float, w: float) -> tuple[float, float, float]:
    """The unit shading normal between three vertices."""
    u = 1.0 - v - w
    return normalise(
        u * normals[a, 0] + v * normals[b, 0] + w * normals[c, 0],
        u * normals[a, 1] + v * normals[b, 1] + w * normals[c, 1],
        u * normals[a, 2] + v * normals[b, 2] + w * normals[c, 2],
    )


@device
def _orientation(quaternion: F4, body: int, ray_time: float) -> tuple[float, float, float, float]:
    """World from body at a ray time, as in ``pose.body_pose``, without its array views."""
    segments = quaternion.shape[0] - 1
    scaled = min(max(float(np.float32(ray_time) * np.float32(segments)), 0.0), float(segments))
    k = min(int(scaled), max(segments - 1, 0))
    m = min(k + 1, segments)
    return slerp(
        float(quaternion[k, body, 0]),
        float(quaternion[k, body, 1]),
        float(quaternion[k, body, 2]),
        float(quaternion[k, body, 3]),
        float(quaternion[m, body, 0]),
        float(quaternion[m, body, 1]),
        float(quaternion[m, body, 2]),
        float(quaternion[m, body, 3]),
        scaled - k,
    )


@kernel
def meet(world: Surfaces, rows: Rows, found: Found, touched: Touched) -> None:
    """What each ray of a tile has hit: surface row and cosine of incidence (whichever side is hit)."""
    instances, triangles, barycentric = found.instance, found.triangle, found.barycentric
    direction, when, cosine, surface = rows.direction, rows.time, touched.cosine, touched.surface
    normals, corners, surfaces = world.normals, world.triangles, world.triangle_surface
    vertex_start, triangle_start, surface_base = world.vertex_start, world.triangle_start, world.surface_base
    meshes, bodies, quaternion = world.instance_mesh, world.instance_body, world.quaternion
    for row in range(instances.shape[0]):
        instance = instances[row]
        if instance == NO_HIT:
            continue
        mesh, body = meshes[instance], bodies[instance]
        triangle, base = triangle_start[mesh] + np.int64(triangles[row]), vertex_start[mesh]
        surface[row] = np.int64(surface_base[instance]) + np.int64(surfaces[triangle])
        nx, ny, nz = _normal(
            normals,
            base + np.int64(corners[triangle, 0]),
            base + np.int64(corners[triangle, 1]),
            base + np.int64(corners[triangle, 2]),
            float(barycentric[row, 0]),
            float(barycentric[row, 1]),
        )
        dx, dy, dz = float(direction[row, 0]), float(direction[row, 1]), float(direction[row, 2])
        if body != 0:
            qw, qx, qy, qz = _orientation(quaternion, body, when[row])
            dx, dy, dz = rotate_inverse(qw, qx, qy, qz, dx, dy, dz)
        cosine[row] = min(abs(nx * dx + ny * dy + nz * dz), 1.0)


@device
def _overlap(near: float, far: float, distance: float) -> float:
    """Share of the beam that the receiver sees: a ramp from 0 to 1."""
    return 1.0 if distance >= far else max(0.0, (distance - near) / (far - near))


@kernel
def receive(
    first: int,
    beams: Beams,
    receiver: Receiver,
    air: Air,
    world: Surfaces,
    rows: Rows,
    found: Found,
    touched: Touched,
    sweep: Sweep,
) -> None:
    """Hits to returns: the strongest of surface, medium and drops, if the receiver tells it from its noise."""
    start, beam, distances, instances = rows.start, rows.beam, found.distance, found.instance
    cosines, surfaces = touched.cosine, touched.surface
    reflectance, retro, classes = world.reflectance, world.retro, world.class_id
    labels, ego = world.instance_label, world.ego
    ranges, xyz, intensity, semantic = sweep.range, sweep.xyz, sweep.intensity, sweep.semantic
    instance, incidence, flags = sweep.instance, sweep.incidence, sweep.flags
    key, threshold, alpha = receiver.key, receiver.threshold, air.extinction
    overlap_near, overlap_far, least = receiver.overlap_near, receiver.overlap_far, receiver.near
    foggy, dropping = air.soft_peak.shape[0] > 0, air.drop_mass.shape[0] > 0
    lasers = beams.time.shape[0]
    count = distances.shape[0] // lasers
    for laser in range(lasers):
        slot, extra = beams.slot[laser], beams.radial[laser]
        for k in range(count):
            row, column = laser * count + k, first + k
            ranges[column, slot] = 0.0
            counter = column * lasers + laser
            power, surface, cosine, label, name, flag = 0.0, np.inf, 0.0, np.uint32(0), np.uint16(0), 0
            if instances[row] != NO_HIT:
                surface, cosine, at = float(distances[row]), cosines[row], surfaces[row]
                label, name = labels[instances[row]], classes[at]
                if ego[label] != 0:
                    flag = POINT_EGO
                if surface >= least:
                    shown = reflectance[at] * cosine + RETRO_GAIN * retro[at]
                    seen = _overlap(overlap_near, overlap_far, surface)
                    if alpha > 0.0:
                        seen *= math.exp(-2.0 * alpha * surface)
                    power = shown * seen / (surface * surface * threshold)
            distance = surface
            if foggy:
                echo = soft_echo(air, surface)
                if echo > power:
                    power, cosine, label, flag = echo, 1.0, np.uint32(0), POINT_WEATHER
                    distance = soft_range(air, surface, uniform2(key, counter, _CHANCE_LANE)[1])
                    name = np.uint16(air.soft_class)
            if dropping:
                echo, drop_range, drop_class = brightest_drop(air, surface, key, counter)
                if echo > power:
                    power, cosine, label, flag = echo, 1.0, np.uint32(0), POINT_WEATHER
                    distance, name = drop_range, np.uint16(drop_class)
            measured, reported = _measure(receiver, power, distance, extra, counter)
            if measured <= 0.0:
                continue
            along = reported - extra
            for axis in range(3):
                xyz[column, slot, axis] = start[row, axis] + along * beam[row, axis]
            clarity = max(_overlap(overlap_near, overlap_far, distance), LEAST_OVERLAP)
            shown = measured * threshold * distance * distance / clarity
            if receiver.noise:
                shown = math.floor(shown / receiver.reflectance_step + 0.5) * receiver.reflectance_step
            ranges[column, slot] = reported
            intensity[column, slot] = min(shown, REFLECTANCE_LIMIT)
            semantic[column, slot] = name
            instance[column, slot] = label
            incidence[column, slot] = math.acos(cosine)
            flags[column, slot] = flag


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
    reported = math.floor(reported / receiver.range_step + 0.5) * receiver.range_step
    return (measured, reported) if reported >= receiver.near else (0.0, 0.0)


@kernel
def pack(
    beams: Beams, columns: Columns, order: I8, sweep: Sweep, packed: Sweep, ring: U2, offset: I4, image: Array
) -> None:
    """Returns end to end in firing order, with ring and time; fills the range image too, if it has columns."""
    ranges, xyz, intensity, semantic = sweep.range, sweep.xyz, sweep.intensity, sweep.semantic
    instance, incidence, flags = sweep.instance, sweep.incidence, sweep.flags
    to_range, to_xyz, to_intensity, to_semantic = packed.range, packed.xyz, packed.intensity, packed.semantic
    to_instance, to_incidence, to_flags = packed.instance, packed.incidence, packed.flags
    fired, rings = beams.time, beams.ring
    row, pictured = 0, image.shape[1] > 0
    for column in range(ranges.shape[0]):
        for slot in range(order.shape[0]):
            value = ranges[column, slot]
            if not value > 0.0:
                continue
            laser = order[slot]
            to_range[row] = value
            for axis in range(3):
                to_xyz[row, axis] = xyz[column, slot, axis]
            to_intensity[row] = intensity[column, slot]
            to_semantic[row] = semantic[column, slot]
            to_instance[row] = instance[column, slot]
            to_incidence[row] = incidence[column, slot]
            to_flags[row] = flags[column, slot]
            ring[row] = rings[laser]
            offset[row] = np.int32(math.floor(column * columns.cycle + fired[laser] + 0.5) + columns.since_frame)
            if pictured:
                image[rings[laser], column] = value
            row += 1
