"""Echoes that go one way and come back the other: straight to an object and back by a mirror, and the other way about.

Both have the same length. One arrives from the mirror, the other from the object's own direction, behind it.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import rotate_inverse
from simgen.kernels.radar_facets import patch_towards
from simgen.kernels.radar_scene import angles_of, identify, point_velocity
from simgen.kernels.radar_tables import Echoes, Grid, Link, Matter, Met, Mirrors, RadarFound, RadarRows, Solid
from simgen.records.radar import RADAR_GHOST
from simgen.records.stage import NO_HIT

#: rays start this far off the surface, and end as far before the sensor, m
_OFF = 0.01


@kernel
def look_back(
    first: int,
    stop: int,
    grid: Grid,
    solid: Solid,
    onward: RadarRows,
    found: RadarFound,
    met: Met,
    mirrors: Mirrors,
    back: RadarRows,
) -> int:
    """Rays to the sensor from objects that were met by way of an upright mirror; how many (others have ``far`` = 0)."""
    count = 0
    for row in range(first, stop):
        back.far[row] = back.near[row] = 0.0
        count += _look_back(row, grid, solid, onward, found, met, mirrors, back)
    return count


@inner
def _look_back(
    row: int,
    grid: Grid,
    solid: Solid,
    onward: RadarRows,
    found: RadarFound,
    met: Met,
    mirrors: Mirrors,
    back: RadarRows,
) -> int:
    instance = found.instance[row]
    if onward.far[row] <= 0.0 or instance == NO_HIT or mirrors.flags[row] != RADAR_GHOST:
        return 0
    if solid.instance_label[instance] == 0:
        return 0
    o, r, n, distance = onward.origin, onward.direction, met.normal, float(found.distance[row])
    x = o[row, 0] + distance * r[row, 0] + _OFF * n[row, 0]
    y = o[row, 1] + distance * r[row, 1] + _OFF * n[row, 1]
    z = o[row, 2] + distance * r[row, 2] + _OFF * n[row, 2]
    sx, sy, sz = grid.position[0] - x, grid.position[1] - y, grid.position[2] - z
    straight = math.sqrt(sx * sx + sy * sy + sz * sz)
    if sx * n[row, 0] + sy * n[row, 1] + sz * n[row, 2] <= 0.0 or straight < 1.0:
        return 0
    back.origin[row, 0], back.origin[row, 1], back.origin[row, 2] = x, y, z
    back.direction[row, 0], back.direction[row, 1], back.direction[row, 2] = sx / straight, sy / straight, sz / straight
    back.time[row] = onward.time[row]
    # the ego's own body about the sensor is no obstacle
    back.far[row] = straight - grid.near - _OFF
    return 1


@kernel
def go_round(
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
    back: RadarRows,
    blocked: RadarFound,
    echoes: Echoes,
) -> None:
    """The pair of echoes of every object that is free of obstacles: the third and the fourth part of ``echoes``."""
    for row in range(first, stop):
        count = rows.time.shape[0]
        echoes.power[2 * count + row] = echoes.power[3 * count + row] = 0.0
        if back.far[row] > 0.0 and blocked.instance[row] == NO_HIT:
            _go_round(row, grid, link, matter, solid, rows, straight, onward, found, met, mirrors, back, echoes)


@inner
def _go_round(
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
    back: RadarRows,
    echoes: Echoes,
) -> None:
    d, r, s, v, q = rows.direction, onward.direction, back.direction, grid.velocity, grid.quaternion
    one, two = float(straight.distance[row]), float(found.distance[row])
    way, direct = one + two, float(back.far[row]) + grid.near + _OFF
    sx, sy, sz = float(s[row, 0]), float(s[row, 1]), float(s[row, 2])
    x, y, z = float(back.origin[row, 0]), float(back.origin[row, 1]), float(back.origin[row, 2])
    px, py, pz = point_velocity(solid, int(solid.instance_body[found.instance[row]]), x, y, z)
    # rates of change of the two ways, by the mirror and straight
    round_rate = px * r[row, 0] + py * r[row, 1] + pz * r[row, 2] + mirrors.speed[row]
    round_rate -= v[0] * d[row, 0] + v[1] * d[row, 1] + v[2] * d[row, 2]
    straight_rate = -((px - v[0]) * sx + (py - v[1]) * sy + (pz - v[2]) * sz)
    left, up, solid_angle = angles_of(row, grid)
    rcs = patch_towards(row, grid.columns, sx, sy, sz, solid_angle, way, link, matter, onward, found, met) * math.sqrt(
        mirrors.power[row]
    )
    half = 0.5 * (way + direct)
    # as a cross-section that the radar equation finds at half the way
    rcs *= half**4 / (way * way * direct * direct)
    fx, fy, fz = rotate_inverse(q[0], q[1], q[2], q[3], -sx, -sy, -sz)
    other_left, other_up = math.atan2(fy, fx), math.asin(min(max(fz, -1.0), 1.0))
    gain = math.exp(
        -link.azimuth_fall * (left * left + other_left * other_left)
        - link.elevation_fall * (up * up + other_up * other_up)
        - link.attenuation * half
    )
    count = rows.time.shape[0]
    for part in range(2, 4):
        target = part * count + row
        identify(row, target, x, y, z, solid, found, met, echoes, RADAR_GHOST)
        echoes.rcs[target] = rcs
        echoes.range[target] = half
        echoes.velocity[target] = 0.5 * (round_rate + straight_rate)
        echoes.left[target] = math.cos(up) * math.sin(left) if part == 2 else fy
        echoes.up[target] = math.sin(up) if part == 2 else fz
        if half >= link.near:
            echoes.power[target] = link.constant * gain * rcs / half**4
