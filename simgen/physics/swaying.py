"""How plants sway in the wind: a damped oscillator in each direction, pushed by gusts as they pass."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.geometry import compose, quat_from_axis_angle, quat_multiply
from simgen.records.base import F8, I8
from simgen.records.model import Model, Sway
from simgen.records.wind import Wind
from simgen.units import NS_PER_S

#: the wind has blown for so long before the first step that nothing is left of how it began, s
_BEFORE_S: Final = 30.0
_STEP_S: Final = 1.0 / 120.0


def leaning(sway: Sway, velocity: F8) -> F8:
    """Angles (..., 2), towards x and towards y of the world, at which the foliage comes to rest in a steady wind.

    Drag grows with the square of the speed, and the angle with it: ``lean_rad`` at 10 m/s, up to ``most_rad``.
    """
    flat = velocity[..., :2]
    speed = np.sqrt((flat**2).sum(-1, keepdims=True))
    lean = sway.most_rad * np.tanh(sway.lean_rad / sway.most_rad * (speed / 10.0) ** 2)
    return np.asarray(lean * flat / np.maximum(speed, 1e-9))


def angles(sway: Sway, wind: Wind, places: F8, time_ns: I8) -> F8:
    """Angles (K, A, 2) of plants at places (A, 3) at steps; gusts come by with the mean wind.

    ``a'' + 2 z w a' + w^2 (a - lean) = 0`` with the wind's lean, solved exactly for a push that is even over each step.
    """
    heading = math.radians(wind.direction_deg)
    late = np.zeros(len(places))
    if wind.speed_m_s > 0.0:
        late = (places[:, 0] * math.cos(heading) + places[:, 1] * math.sin(heading)) / wind.speed_m_s
    times = time_ns / NS_PER_S
    count = max(2, math.ceil((times[-1] - times[0] + _BEFORE_S) / _STEP_S) + 2)
    grid = times[0] - _BEFORE_S + _STEP_S * np.arange(count)
    pushed = np.stack([leaning(sway, wind.velocity(grid - d)) for d in late], 1)
    found = _oscillated(sway, pushed)
    at = np.clip((times - grid[0]) / _STEP_S, 0.0, count - 1.001)
    low = at.astype(np.int64)
    part = (at - low)[:, None, None]
    return np.asarray(found[low] * (1.0 - part) + found[low + 1] * part)


def _oscillated(sway: Sway, pushed: F8) -> F8:
    """The oscillator's angles, as ``pushed`` (N, ...) moves its place of rest; it begins at rest in the first."""
    w, z = 2.0 * math.pi * sway.frequency_hz, sway.damping
    own = w * math.sqrt(1.0 - z * z)
    fade, c, s = math.exp(-z * w * _STEP_S), math.cos(own * _STEP_S), math.sin(own * _STEP_S)
    found = np.empty_like(pushed)
    angle, rate = pushed[0].copy(), np.zeros_like(pushed[0])
    for n, rest in enumerate(pushed):
        found[n] = angle
        off = angle - rest
        drift = (rate + z * w * off) / own
        angle = rest + fade * (off * c + drift * s)
        rate = fade * (rate * c - (w * w * off + z * w * rate) / own * s)
    return found


def sway_poses(model: Model, link: int, wind: Wind, root: tuple[F8, F8], time_ns: I8) -> tuple[F8, F8]:
    """Poses of the link that sways, (K, A, 3) and (K, A, 4), of plants that stand: roots (A, 3) and (A, 4)."""
    assert model.sway is not None
    tilt = angles(model.sway, wind, root[0], time_ns)
    size = np.sqrt((tilt**2).sum(-1))
    # about the level axis across which it leans: towards x it turns about y, towards y about -x
    axis = np.stack([-tilt[..., 1], tilt[..., 0], np.zeros_like(size)], -1)
    axis[size < 1e-12] = [0.0, 1.0, 0.0]
    turn = quat_from_axis_angle(axis, size)
    place, own = model.links[link].position, np.array(model.links[link].quaternion)
    position, quaternion = compose(*root, np.array(place), own)
    shape = tilt.shape[:-1]
    return np.broadcast_to(position, (*shape, 3)), quat_multiply(turn, np.broadcast_to(quaternion, (*shape, 4)))
