"""Fences and railings along lines, as part of a world's mesh."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.shapes.ground_parts import Ground

STEEL: Final = Surface(
    class_name="fence", base_color=(0.10, 0.13, 0.12), roughness=0.5, metallic=0.3, lidar_reflectance=0.3
)
GALVANISED: Final = Surface(
    class_name="guard_rail", base_color=(0.42, 0.43, 0.44), roughness=0.5, metallic=0.7, lidar_reflectance=0.4
)


def railing(
    ground: Ground,
    line: Polyline,
    span: tuple[float, float],
    right_m: float,
    what: Surface,
    *,
    top_m: float = 1.2,
    bar_m: float = 0.16,
    post_m: float = 2.5,
) -> None:
    """Posts, two rails and upright bars between them, to a line's right at its own height."""
    posts = np.linspace(*span, max(round((span[1] - span[0]) / post_m), 1) + 1)
    for a, b in pairwise(posts):
        for z in (0.12, top_m - 0.06):
            _bar(ground, line, (float(a), float(b)), right_m, z, 0.05, what)
    _sticks(ground, line, posts, right_m, 0.08, 0.0, top_m, what)
    if bar_m > 0.0:
        count = max(int((span[1] - span[0]) / bar_m), 1)
        _sticks(ground, line, np.linspace(*span, count + 1)[1:-1], right_m, 0.022, 0.12, top_m - 0.06, what)


def _bar(
    ground: Ground, line: Polyline, span: tuple[float, float], right: float, z: float, size: float, what: Surface
) -> None:
    a, b = line.at(np.array(span), -right)
    middle, step = 0.5 * (a + b), b - a
    length, yaw = float(np.hypot(step[0], step[1])), float(np.arctan2(step[1], step[0]))
    ground.box(middle + np.array([0.0, 0.0, z + 0.5 * size]), (length, size, size), what, yaw)


def _sticks(
    ground: Ground, line: Polyline, s: F8, right: float, size: float, low: float, top: float, what: Surface
) -> None:
    """Upright square bars at distances along a line."""
    foot = line.at(s, -right)
    half = 0.5 * size
    corner = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    base = np.concatenate([foot[:, None, :2] + corner, np.broadcast_to(foot[:, None, 2:], (len(s), 4, 1))], -1)
    a, b = base + np.array([0.0, 0.0, low]), base + np.array([0.0, 0.0, top])
    sides = [np.stack([a[:, k], a[:, (k + 1) % 4], b[:, (k + 1) % 4], b[:, k]], 1) for k in range(4)]
    ground.quads(np.concatenate([*sides, b]), what)
