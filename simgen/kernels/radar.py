"""A radar's rays: directions of a scan, what they meet, what comes back, and by way of which mirror."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import body_pose, normalise, rotate
from simgen.kernels.radar_facets import changes, fresnel, patch
from simgen.kernels.radar_scene import angles_of, identify, point_velocity
from simgen.kernels.radar_tables import Echoes, Grid, Link, Matter, Met, Mirrors, RadarFound, RadarRows, Solid
from simgen.records.base import F4, F8
from simgen.records.radar import RADAR_GHOST, RADAR_MULTIPATH
from simgen.records.stage import NO_HIT

Vector = tuple[float, float, float]

#: mirrors that leave less power than this both ways are not followed
_FAINT = 1e-4
#: a mirror steeper than this is the road
_LEVEL = 0.7
#: a bounced ray starts this far off the mirror, m
_OFF = 0.002


@kernel
def body_states(position: F4, quaternion: F4, times: F8, poses: F8) -> None:
    """Poses (T, B, 7) of every body at ray times (T,); arrays as in Motion."""
    for k in range(times.shape[0]):
        for body in range(position.shape[1]):
            px, py, pz, qw, qx, qy, qz = body_pose(position, quaternion, body, times[k])
            poses[k, body, 0], poses[k, body, 1], poses[k, body, 2] = px, py, pz
            poses[k, body, 3], poses[k, body, 4], poses[k, body, 5], poses[k, body, 6] = qw, qx, qy, qz


@kernel
def aim(first: int, stop: int, grid: Grid, rows: RadarRows) -> None:
    """Rays from ``first`` to ``stop`` of a scan; row = elevation * columns + azimuth."""
    origin, direction, when, near, far = rows.origin, rows.direction, rows.time, rows.near, rows.far
    position, turn = grid.position, grid.quaternion
    qw, qx, qy, qz = turn[0], turn[1], turn[2], turn[3]
    for row in range(first, stop):
        up = grid.elevation + (row // grid.columns) * grid.elevation_step
        left = grid.azimuth + (row % grid.columns) * grid.azimuth_step
        flat = math.cos(up)
        dx, dy, dz = rotate(qw, qx, qy, qz, flat * math.cos(left), flat * math.sin(left), math.sin(up))
        direction[row, 0], direction[row, 1], direction[row, 2] = dx, dy, dz
        for axis in range(3):
            origin[row, axis] = position[axis]
        when[row] = grid.time
        near[row] = grid.near
        far[row] = grid.far


@kernel
def pass_bumper(
    first: int, stop: int, reach: float, solid: Solid, rows: RadarRows, found: RadarFound, more: RadarRows
) -> int:
    """Rays that have hit the ego nearer than ``reach`` go on behind that surface, in ``more``; how many there are."""
    count = 0
    for row in range(first, stop):
        more.far[row] = 0.0
        if _in_bumper(row, reach, solid, found):
            count += 1
            _copy_ray(row, rows, more)
            more.near[row] = found.distance[row] + np.float32(_OFF)
            more.far[row] = rows.far[row]
    return count


@inner
def _in_bumper(row: int, reach: float, solid: Solid, found: RadarFound) -> bool:
    instance = found.instance[row]
    if instance == NO_HIT or found.distance[row] >= reach:
        return False
    return bool(solid.ego[solid.instance_label[instance]] != 0)


@inner
def _copy_ray(row: int, rows: RadarRows, more: RadarRows) -> None:
    for axis in range(3):
        more.origin[row, axis] = rows.origin[row, axis]
        more.direction[row, axis] = rows.direction[row, axis]
    more.time[row] = rows.time[row]


@kernel
def take_over(first: int, stop: int, more: RadarRows, beyond: RadarFound, found: RadarFound) -> None:
    """The hits of the rays that have gone on, in place of those in the bumper."""
    for row in range(first, stop):
        if more.far[row] > more.near[row]:
            _take_over(row, beyond, found)


@inner
def _take_over(row: int, beyond: RadarFound, found: RadarFound) -> None:
    found.distance[row], found.instance[row] = beyond.distance[row], beyond.instance[row]
    found.triangle[row] = beyond.triangle[row]
    found.barycentric[row, 0], found.barycentric[row, 1] = beyond.barycentric[row, 0], beyond.barycentric[row, 1]


@kernel
def meet(first: int, stop: int, solid: Solid, rows: RadarRows, found: RadarFound, met: Met) -> None:
    """Normal, cosine and surface where the rays from ``first`` to ``stop`` have hit."""
    for row in range(first, stop):
        _meet(row, solid, rows, found, met)


@inner
def _meet(row: int, solid: Solid, rows: RadarRows, found: RadarFound, met: Met) -> None:
    instance = found.instance[row]
    if instance == NO_HIT:
        return
    normals, corners, poses, d = solid.normals, solid.triangles, solid.poses, rows.direction
    mesh, body = solid.instance_mesh[instance], solid.instance_body[instance]
    triangle = solid.triangle_start[mesh] + np.int64(found.triangle[row])
    base = solid.vertex_start[mesh]
    met.surface[row] = np.int64(solid.surface_base[instance]) + np.int64(solid.triangle_surface[triangle])
    v, w = float(found.barycentric[row, 0]), float(found.barycentric[row, 1])
    u = 1.0 - v - w
    a = base + np.int64(corners[triangle, 0])
    b = base + np.int64(corners[triangle, 1])
    c = base + np.int64(corners[triangle, 2])
    nx = u * normals[a, 0] + v * normals[b, 0] + w * normals[c, 0]
    ny = u * normals[a, 1] + v * normals[b, 1] + w * normals[c, 1]
    nz = u * normals[a, 2] + v * normals[b, 2] + w * normals[c, 2]
    nx, ny, nz = normalise(nx, ny, nz)
    if body != 0:
        nx, ny, nz = rotate(poses[0, body, 3], poses[0, body, 4], poses[0, body, 5], poses[0, body, 6], nx, ny, nz)
    cosine = -(nx * d[row, 0] + ny * d[row, 1] + nz * d[row, 2])
    if cosine < 0.0:
        nx, ny, nz, cosine = -nx, -ny, -nz, -cosine
    met.normal[row, 0], met.normal[row, 1], met.normal[row, 2] = nx, ny, nz
    met.cosine[row] = min(cosine, 1.0)


@inner
def _pattern(link: Link, left: float, up: float) -> float:
    """Two-way gain over that straight ahead; angles in rad."""
    return math.exp(-2.0 * (link.azimuth_fall * left * left + link.elevation_fall * up * up))


@kernel
def direct(
    first: int,
    stop: int,
    grid: Grid,
    link: Link,
    matter: Matter,
    solid: Solid,
    rows: RadarRows,
    found: RadarFound,
    met: Met,
    echoes: Echoes,
    onward: RadarRows,
    mirrors: Mirrors,
) -> None:
    """Echoes of the first surfaces, and the rays that they send on as mirrors; ``far`` = 0 where none goes on."""
    for row in range(first, stop):
        _direct(row, grid, link, matter, solid, rows, found, met, echoes, onward, mirrors)


@inner
def _direct(
    row: int,
    grid: Grid,
    link: Link,
    matter: Matter,
    solid: Solid,
    rows: RadarRows,
    found: RadarFound,
    met: Met,
    echoes: Echoes,
    onward: RadarRows,
    mirrors: Mirrors,
) -> None:
    echoes.power[row] = 0.0
    onward.far[row] = onward.near[row] = 0.0
    if found.instance[row] == NO_HIT:
        return
    way, speed, d = float(found.distance[row]), grid.velocity, rows.direction
    left, up, solid_angle = angles_of(row, grid)
    dx, dy, dz = float(d[row, 0]), float(d[row, 1]), float(d[row, 2])
    x, y, z = rows.origin[row, 0] + way * dx, rows.origin[row, 1] + way * dy, rows.origin[row, 2] + way * dz
    body = int(solid.instance_body[found.instance[row]])
    vx, vy, vz = point_velocity(solid, body, x, y, z)
    rate = (vx - speed[0]) * dx + (vy - speed[1]) * dy + (vz - speed[2]) * dz
    rcs = patch(row, grid.columns, solid_angle, way, link, matter, rows, found, met)
    identify(row, row, x, y, z, solid, found, met, echoes, 0)
    _answer(row, link, left, up, way, rate, rcs, echoes)
    if link.bounces:
        _send_on(row, grid, link, matter, rows, found, met, way, x, y, z, vx, vy, vz, onward, mirrors)


@inner
def _answer(
    target: int, link: Link, left: float, up: float, way: float, rate: float, rcs: float, echoes: Echoes
) -> None:
    """Power, place and velocity of an echo."""
    echoes.rcs[target] = rcs
    echoes.range[target] = way
    echoes.velocity[target] = rate
    echoes.left[target] = math.cos(up) * math.sin(left)
    echoes.up[target] = math.sin(up)
    if way >= link.near:
        gain = link.constant * _pattern(link, left, up) * math.exp(-link.attenuation * way)
        echoes.power[target] = gain * rcs / (way * way * way * way)


@inner
def _send_on(
    row: int,
    grid: Grid,
    link: Link,
    matter: Matter,
    rows: RadarRows,
    found: RadarFound,
    met: Met,
    way: float,
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    onward: RadarRows,
    mirrors: Mirrors,
) -> None:
    """The mirrored ray, with what the mirror leaves of its power there and back."""
    at, cosine = met.surface[row], met.cosine[row]
    nx, ny, nz = met.normal[row, 0], met.normal[row, 1], met.normal[row, 2]
    d = rows.direction
    dx, dy, dz = float(d[row, 0]), float(d[row, 1]), float(d[row, 2])
    share, upright = 1.0, matter.upright[at]
    if upright > 0.0:
        # a corrugated rail spreads upwards and downwards, and mirrors sideways
        flat = math.sqrt(nx * nx + ny * ny)
        if flat < 0.2:
            return
        nx, ny, nz, share = nx / flat, ny / flat, 0.0, upright
        cosine = -(nx * dx + ny * dy)
        if cosine <= 0.0:
            return
    rough = link.roughness * matter.height[at] * matter.height[at] * cosine * cosine
    if rough > 12.0:
        return
    left = share * fresnel(matter.power[at], cosine) * math.exp(-rough)
    if left * left < _FAINT:
        return
    rx, ry, rz = dx + 2.0 * cosine * nx, dy + 2.0 * cosine * ny, dz + 2.0 * cosine * nz
    mirrors.power[row] = left * left
    mirrors.spread[row] = 0.0
    if upright == 0.0:
        # a bent mirror spreads the ray; kept as the change of normal over a step of the grid, rad
        for known, jx, jy, jz in changes(row, grid.columns, rows, found, met):
            mirrors.spread[row] = max(mirrors.spread[row], math.sqrt(jx * jx + jy * jy + jz * jz) if known else 0.05)
    # d(way) = v_mirror . (d_in - d_out): the rest is added where the way ends
    mirrors.speed[row] = vx * (dx - rx) + vy * (dy - ry) + vz * (dz - rz)
    mirrors.flags[row] = np.uint16(RADAR_MULTIPATH if abs(nz) > _LEVEL else RADAR_GHOST)
    onward.origin[row, 0] = np.float32(x + _OFF * nx)
    onward.origin[row, 1] = np.float32(y + _OFF * ny)
    onward.origin[row, 2] = np.float32(z + _OFF * nz)
    onward.direction[row, 0], onward.direction[row, 1], onward.direction[row, 2] = rx, ry, rz
    onward.time[row] = rows.time[row]
    onward.far[row] = max(link.far - way, 0.0)


@kernel
def bounced(
    first: int,
    stop: int,
    grid: Grid,
    link: Link,
    matter: Matter,
    solid: Solid,
    rows: RadarRows,
    straight: RadarFound,
    onward: RadarRows,
    found: RadarFound,
    met: Met,
    mirrors: Mirrors,
    echoes: Echoes,
) -> None:
    """Echoes by way of a mirror and back the same way: rows of ``echoes`` after those of the direct ones."""
    for row in range(first, stop):
        _bounced(row, grid, link, matter, solid, rows, straight, onward, found, met, mirrors, echoes)


@inner
def _bounced(
    row: int,
    grid: Grid,
    link: Link,
    matter: Matter,
    solid: Solid,
    rows: RadarRows,
    straight: RadarFound,
    onward: RadarRows,
    found: RadarFound,
    met: Met,
    mirrors: Mirrors,
    echoes: Echoes,
) -> None:
    target, speed = rows.time.shape[0] + row, grid.velocity
    echoes.power[target] = 0.0
    if onward.far[row] <= 0.0 or found.instance[row] == NO_HIT:
        return
    two = float(found.distance[row])
    way = float(straight.distance[row]) + two
    left, up, solid_angle = angles_of(row, grid)
    d, r, o = rows.direction, onward.direction, onward.origin
    dx, dy, dz = float(d[row, 0]), float(d[row, 1]), float(d[row, 2])
    rx, ry, rz = float(r[row, 0]), float(r[row, 1]), float(r[row, 2])
    body = int(solid.instance_body[found.instance[row]])
    x, y, z = o[row, 0] + two * rx, o[row, 1] + two * ry, o[row, 2] + two * rz
    vx, vy, vz = point_velocity(solid, body, x, y, z)
    rate = vx * rx + vy * ry + vz * rz - speed[0] * dx - speed[1] * dy - speed[2] * dz + mirrors.speed[row]
    rcs = patch(row, grid.columns, solid_angle, way, link, matter, onward, found, met)
    # the tube's width at the end of the way against that of a flat mirror
    step = max(grid.azimuth_step, grid.elevation_step)
    wide = way * step / (way * step + 2.0 * two * mirrors.spread[row])
    identify(row, target, x, y, z, solid, found, met, echoes, int(mirrors.flags[row]))
    _answer(target, link, left, up, way, rate, rcs * mirrors.power[row] * wide * wide, echoes)
