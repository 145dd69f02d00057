"""Paths by formula for IMU and odometry tests, skies and streets for GNSS tests, and the Allan deviation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from helpers_lidar import Thing, box, motion_between, noon, pose_at, stage_of

from simgen.geometry import quat_from_yaw
from simgen.raycast import open_engine
from simgen.records.air import Medium
from simgen.records.base import F8
from simgen.records.geodetic import Place
from simgen.records.navigation import GnssFrame
from simgen.records.surroundings import Run, Shot, Surroundings
from simgen.records.window import Track
from simgen.sensors.gnss import Gnss

MUNICH = Place(latitude_deg=48.1, longitude_deg=11.6, altitude_m=520.0)
#: far under everything: a stage needs a mesh
PEBBLE = Thing(box((0.0, 0.0, -50.0), (0.1, 0.1, 0.1)))


def run_of(
    position: Callable[[F8], F8],
    quaternion: Callable[[F8], F8] | None = None,
    *,
    rate_hz: float = 200.0,
    duration_s: float = 2.0,
    physics_hz: int = 240,
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0),
    rotation: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0),
    place: Place = MUNICH,
    seed: int = 1,
) -> Run:
    """A run along functions of time in seconds (K,) -> (K, 3), (K, 4), stored at the physics rate with 0.2 s around."""
    step = round(1e9 / physics_hz)
    lead, last = round(0.2 * physics_hz), round((duration_s + 0.2) * physics_hz)
    knots = step * np.arange(-lead, last + 1, dtype=np.int64)
    t = knots * 1e-9
    q = np.tile([1.0, 0.0, 0.0, 0.0], (len(t), 1)) if quaternion is None else quaternion(t)
    track = Track(
        time_ns=knots,
        position=np.ascontiguousarray(position(t), np.float64),
        quaternion=np.ascontiguousarray(q, np.float64),
        offset=np.array(offset),
        rotation=np.array(rotation),
    )
    times = np.round(np.arange(round(duration_s * rate_hz)) * 1e9 / rate_hz).astype(np.int64)
    return Run(time_ns=times, track=track, seed=seed, place=place)


def at(x, y=0.0, z=0.0) -> F8:
    """Columns x, y, z of any shapes as (K, 3)."""
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(np.float64)


def column(frames, name: str) -> F8:
    """One array of every frame."""
    return np.stack([getattr(frame, name) for frame in frames])


def circle(radius: float, speed: float) -> tuple[Callable[[F8], F8], Callable[[F8], F8]]:
    """A left-hand circle around the origin, driven along the tangent."""
    w = speed / radius

    def position(t: F8) -> F8:
        return at(radius * np.sin(w * t), -radius * np.cos(w * t))

    return position, lambda t: quat_from_yaw(w * t)


def allan_deviation(values: F8, rate_hz: float, tau_s: float) -> F8:
    """Overlapping Allan deviation of every column (N, A) at one averaging time (IEEE 952-1997, annex C)."""
    m = round(tau_s * rate_hz)
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values - values.mean(0), axis=0)])
    means = (total[m:] - total[:-m]) / m
    steps = means[m:] - means[:-m]
    return np.sqrt(0.5 * (steps * steps).mean(0))


def fix(
    gnss: Gnss,
    things: list[Thing],
    *,
    index: int = 0,
    seed: int = 1,
    time_ns: int = 0,
    place: Place = MUNICH,
    antenna: Thing | None = None,
) -> GnssFrame:
    """One position of an antenna that rides on a thing (or stands 2 m over the origin)."""
    stage = stage_of(things or [PEBBLE])
    carrier = antenna or Thing(PEBBLE.mesh, position=(0.0, 0.0, 2.0))
    before, after = gnss.extent_ns()
    times = np.array([time_ns - 2 * before, time_ns, time_ns + 2 * after], np.int64)
    p, q = pose_at(carrier, times)
    track = Track(
        time_ns=times,
        position=p,
        quaternion=np.broadcast_to(q, (3, 4)).copy(),
        offset=np.zeros(3),
        rotation=np.array([1.0, 0.0, 0.0, 0.0]),
    )
    engine = open_engine(stage, 1)
    view = engine.place(motion_between(things or [PEBBLE], time_ns - before, time_ns + after, steps=2))
    around = Surroundings(
        stage=stage, light=noon(), medium=Medium.clear(), particles=(), seed=seed, threads=1, place=place
    )
    try:
        frame = gnss.capture(Shot(index=index, time_ns=time_ns, view=view, track=track, surroundings=around))
    finally:
        view.close()
        engine.close()
    assert isinstance(frame, GnssFrame)
    return frame


def canyon(half_width: float = 9.0, height: float = 30.0, length: float = 400.0) -> list[Thing]:
    """A street along x between two long walls of buildings."""
    sides = [box((0.0, s * (half_width + 5.0), height / 2), (length, 10.0, height)) for s in (-1.0, 1.0)]
    return [Thing(mesh) for mesh in sides]
