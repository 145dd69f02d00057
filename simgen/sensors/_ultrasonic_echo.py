"""A ping: rays over the beam, what each of them sends back, and when it is heard."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import quat_rotate
from simgen.records.base import F8, I8, U2, U4
from simgen.records.mesh import TEXTURES
from simgen.records.rays import Rays
from simgen.records.surroundings import Shot
from simgen.taxonomy import classes

if TYPE_CHECKING:
    from simgen.kernels.ultrasonic import Scene

#: rays reach to this multiple of the half opening angle, where the beam is 48 dB down, there and back
REACH: Final = 2.0
#: width of a bin in which power is collected, m
BIN_M: Final = 0.002
_GOLDEN: Final = math.pi * (3.0 - math.sqrt(5.0))
#: sigma of the lobe about the mirrored direction, rad: walls are not quite flat on the scale of 7 mm waves
LOBE: Final = math.radians(4.0)
#: reflected share of the power and share of that which is scattered evenly, by texture; grains against a wave of 7 mm
_ECHO: Final[Mapping[str, tuple[float, float]]] = {
    "plain": (1.0, 0.03),
    "asphalt": (0.95, 0.25),
    "concrete": (0.98, 0.08),
    "brick": (0.95, 0.10),
    "grass": (0.40, 0.90),
    "foliage": (0.30, 1.00),
    "facade": (0.98, 0.05),
    "wood": (0.95, 0.05),
    "paint": (1.0, 0.03),
    "fabric": (0.50, 0.40),
}


@dataclass(frozen=True, kw_only=True)
class Beam:
    """The transducer and the air."""

    opening_rad: tuple[float, float]
    rays: int
    max_range_m: float
    absorption_db_m: float
    ground_rejection_db: float


@dataclass(frozen=True, kw_only=True)
class Ping:
    """Power that comes back, one row a ray that hits something; a wide hard wall sends ``1 / (4 R^2)`` in all."""

    distance: F8
    power: F8
    instance: U4
    semantic: U2


@lru_cache(maxsize=16)
def beam_rays(opening_rad: tuple[float, float], count: int) -> tuple[F8, F8, F8]:
    """Unit directions (N, 3), solid angles (N) and pressures (N) of a golden spiral over the beam.

    The pressure is a Gaussian of the angles, half at the opening's edge (-6 dB), one way.
    """
    k = np.arange(count)
    radius, turn = REACH * np.sqrt((k + 0.5) / count), k * _GOLDEN
    a, b = radius * np.cos(turn), radius * np.sin(turn)
    across, up = a * 0.5 * opening_rad[0], b * 0.5 * opening_rad[1]
    direction = np.stack([np.cos(up) * np.cos(across), np.cos(up) * np.sin(across), np.sin(up)], -1)
    ellipse = math.pi * REACH**2 * 0.25 * opening_rad[0] * opening_rad[1]
    return direction, ellipse / count * np.cos(up), 2.0 ** -(a * a + b * b)


def ping(beam: Beam, shot: Shot) -> Ping:
    """Cast the beam and weigh what comes back.

    Each ray sends an even part and a lobe about the mirrored direction. Summed over a flat wall that is
    ``1 / (4 R^2)``, over a ball ``a^2 / (4 R^2 (R + a)^2)``, over a pole ``a / (4 R^2 (R + a))``.
    """
    from simgen.kernels.ultrasonic import weigh

    direction, solid, pressure = beam_rays(beam.opening_rad, beam.rays)
    position, quaternion = shot.track.at(shot.time_ns)
    world = np.ascontiguousarray(quat_rotate(quaternion, direction))
    hits = shot.view.cast(_rays(shot, position, world, beam.max_range_m))
    power, row = np.empty(beam.rays), np.empty(beam.rays, np.int64)
    found = hits.distance, hits.instance, hits.triangle, hits.barycentric
    up, stretch = quat_rotate(quaternion, np.array([0.0, 0.0, 1.0])), beam.opening_rad[0] / beam.opening_rad[1]
    weigh(_scene(shot), world, solid, pressure, up, stretch, *found, beam.absorption_db_m, LOBE**2, power, row)
    hit = np.flatnonzero(row >= 0)
    stage = shot.surroundings.stage
    semantic, power = stage.surfaces.class_id[row[hit]], power[hit]
    damped = power * 10.0 ** (-0.1 * beam.ground_rejection_db)
    return Ping(
        distance=hits.distance[hit].astype(np.float64),
        power=np.where(np.isin(semantic, _grounds()), damped, power),
        instance=stage.instance_label[hits.instance[hit]],
        semantic=semantic,
    )


def _scene(shot: Shot) -> Scene:
    from simgen.kernels.ultrasonic import Scene

    stage, motion = shot.surroundings.stage, shot.view.motion
    return Scene(
        vertices=stage.vertices,
        normals=stage.normals,
        triangles=stage.triangles,
        triangle_surface=stage.triangle_surface,
        vertex_start=stage.vertex_start,
        triangle_start=stage.triangle_start,
        instance_mesh=stage.instance_mesh,
        instance_body=stage.instance_body,
        surface_base=stage.surface_base,
        # a ping is one instant: there is one step
        turn=np.ascontiguousarray(motion.quaternion[len(motion.quaternion) // 2]),
        table=np.ascontiguousarray(_echo_table()[stage.surfaces.texture]),
    )


def _rays(shot: Shot, position: F8, world: F8, far: float) -> Rays:
    count, f4, motion = len(world), np.float32, shot.view.motion
    return Rays(
        origin=np.ascontiguousarray(np.broadcast_to(position - motion.origin, (count, 3)), f4),
        direction=np.ascontiguousarray(world, f4),
        time=np.full(count, motion.ray_time(shot.time_ns), f4),
        near=np.full(count, 0.005, f4),
        far=np.full(count, far, f4),
    )


@lru_cache(maxsize=1)
def _echo_table() -> F8:
    return np.array([_ECHO.get(name, _ECHO["plain"]) for name in TEXTURES])


@lru_cache(maxsize=1)
def _grounds() -> I8:
    return np.array([info.id for info in classes().values() if info.parent == "ground"])


def heard(ping: Ping, pulse_m: float, near_m: float, far_m: float) -> F8:
    """Power that the receiver hears by range in steps of :data:`BIN_M`: every echo lasts as long as the pulse."""
    bins = np.floor(ping.distance / BIN_M).astype(np.int64)
    count = math.ceil(far_m / BIN_M)
    inside = (bins < count) & (ping.distance >= near_m)
    arriving = np.bincount(bins[inside], weights=ping.power[inside], minlength=count)
    # sums over the pulse, and no differences of running sums: where nothing arrives nothing is heard
    lasting, length = np.zeros(count), max(1, round(pulse_m / BIN_M))
    for shift in range(length):
        lasting[shift:] += arriving[: count - shift]
    return lasting


@dataclass(frozen=True, kw_only=True)
class Echo:
    """The first echo that is loud enough."""

    range_m: float
    power: float
    instance: int = 0
    semantic: int = 0


NO_ECHO: Final = Echo(range_m=math.inf, power=0.0)


def first_echo(ping: Ping, power: F8, threshold: float, pulse_m: float, near_m: float) -> Echo:
    """Where the power first reaches a threshold, the peak of that echo, and who sends most of it."""
    loud = np.flatnonzero(power >= threshold)
    if len(loud) == 0:
        return NO_ECHO
    at = int(loud[0])
    length = max(1, round(pulse_m / BIN_M))
    peak = float(power[at : at + length].max())
    bins = np.floor(ping.distance / BIN_M).astype(np.int64)
    mine = (bins > at - length) & (bins <= at) & (ping.distance >= near_m)
    ids, places = np.unique(
        np.stack([ping.instance[mine], ping.semantic[mine]], -1).astype(np.int64), axis=0, return_inverse=True
    )
    most = int(np.argmax(np.bincount(places.reshape(-1), weights=ping.power[mine])))
    # the foremost of what is heard by then carries the time, to the ray rather than to the bin
    first = float(ping.distance[mine & (bins == at)].min()) if (mine & (bins == at)).any() else at * BIN_M
    return Echo(range_m=first, power=peak, instance=int(ids[most, 0]), semantic=int(ids[most, 1]))
