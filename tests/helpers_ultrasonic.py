"""An ultrasonic ranger at the origin that looks along x, before walls, balls and poles."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from helpers_stage import Bench, Part, dome, mesh_of, motion, sphere

from simgen.records.mesh import Surface
from simgen.records.ultrasonic import EchoFrame
from simgen.records.window import Track
from simgen.sensors.ultrasonic import Ultrasonic

#: a surface that mirrors almost all sound, and one that scatters most of it
HARD = Surface(class_name="building", texture="plain")
ROUGH = Surface(class_name="vegetation", texture="foliage")


def wall(distance: float, tilt_deg: float = 0.0, surface: Surface = HARD, half: float = 30.0, label: int = 0) -> Part:
    """A wall whose point on the axis is so far away, turned about the vertical."""
    turn = math.radians(tilt_deg)
    across, normal = np.array([math.sin(turn), math.cos(turn), 0.0]), np.array([-math.cos(turn), math.sin(turn), 0.0])
    corners = [
        np.array([distance, 0.0, 0.0]) + s * half * across + np.array([0.0, 0.0, t * half])
        for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return Part(mesh=mesh_of(corners, np.tile(normal, (4, 1)), [(0, 1, 2), (0, 2, 3)]), surface=surface, label=label)


def ball(distance: float, radius: float, surface: Surface = HARD, label: int = 5) -> Part:
    """A ball whose foremost point is so far away."""
    return Part(mesh=sphere(radius, (distance + radius, 0.0, 0.0), rings=96), surface=surface, label=label)


def pole(distance: float, radius: float, half: float = 4.0, label: int = 6) -> Part:
    """An upright pole whose foremost line is so far away."""
    angle = np.linspace(0.0, 2 * np.pi, 97)[:-1]
    normal = np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1)
    ring = normal * radius + np.array([distance + radius, 0.0, 0.0])
    up = np.array([0.0, 0.0, half])
    low, high = ring - up, ring + up
    k, n = np.arange(96), (np.arange(96) + 1) % 96
    faces = np.concatenate([np.stack([k, n, n + 96], -1), np.stack([k, n + 96, k + 96], -1)])
    mesh = mesh_of(np.concatenate([low, high]), np.concatenate([normal, normal]), faces)
    return Part(mesh=mesh, surface=HARD, label=label)


def ranger(**fields: Any) -> Ultrasonic:
    """Without noise unless asked for."""
    return Ultrasonic(**{"name": "u", "noise": False, **fields})


def shot_of(bench: Bench, seed: int = 0, index: int = 0) -> Any:
    """A shot from the origin along x."""
    still = Track(
        time_ns=np.array([0], np.int64),
        position=np.zeros((1, 3)),
        quaternion=np.array([[1.0, 0.0, 0.0, 0.0]]),
        offset=np.zeros(3),
        rotation=np.array([1.0, 0.0, 0.0, 0.0]),
    )
    shot = bench.shot(still, motion())
    around = dataclasses.replace(shot.surroundings, seed=seed)
    return dataclasses.replace(shot, surroundings=around, index=index)


def hear(sensor: Ultrasonic, *parts: Part, seed: int = 0, index: int = 0) -> EchoFrame:
    """One ping."""
    with Bench(list(parts), dome()) as bench:
        return sensor.capture(shot_of(bench, seed, index))


def pings(sensor: Ultrasonic, *parts: Part, count: int, seed: int = 0) -> list[EchoFrame]:
    """Many pings of one scene."""
    with Bench(list(parts), dome()) as bench:
        shot = shot_of(bench, seed)
        return [sensor.capture(dataclasses.replace(shot, index=k)) for k in range(count)]
