"""The rim of a roundabout: straight along an arm, a bend into the circle, along it, and out into the next arm."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.roads.network import ArmFrame, Ring
from simgen.roads.road import Side


def deflection(frame: ArmFrame, ring: Ring, side: Side, radius: float) -> tuple[float, float]:
    """The angle from an arm's middle at which its bend joins the circle, and how far out the bend begins."""
    foot = frame.edges(side)[frame.carriage(side)][:2]
    normal = _aside(frame, side)
    h = float((foot - np.array(ring.center)) @ normal)
    along = float(np.sqrt(max((ring.radius_m + radius) ** 2 - (h + radius) ** 2, 1e-6)))
    return float(np.arctan2(h + radius, along)), along


def _aside(frame: ArmFrame, side: Side) -> F8:
    right = np.array([frame.forward[1], -frame.forward[0]])
    return right if side == "right" else -right


def ring_lines(first: ArmFrame, second: ArmFrame, ring: Ring, offsets: list[tuple[float, float]]) -> list[F8]:
    """The rim and its parallels (38, 2) from the right side of one arm to the left side of the next.

    ``offsets`` are distances outwards at both ends. The bends are as round as asked for, or less where the arms stand
    too close.
    """
    angle_a, angle_b = (float(np.arctan2(*(-f.forward)[::-1])) for f in (first, second))
    gap = float(np.remainder(angle_b - angle_a, 2.0 * np.pi)) or 2.0 * np.pi
    least = max(max(o) for o in offsets) + 0.5
    radius = max(ring.entry_radius_m, least)
    while radius > least and _turn(first, ring, "right", radius) + _turn(second, ring, "left", radius) > gap - 0.03:
        radius = max(0.9 * radius, least)
    a, b = _turn(first, ring, "right", radius), _turn(second, ring, "left", radius)
    lines = []
    for da, db in offsets:
        head = _bend(first, ring, "right", radius, da)
        tail = _bend(second, ring, "left", radius, db)[::-1]
        share = np.linspace(0.0, 1.0, 16)[1:-1]
        angle = angle_a + a + share * max(gap - a - b, 0.01)
        r = ring.radius_m + da + (db - da) * share
        arc = np.array(ring.center) + np.stack([r * np.cos(angle), r * np.sin(angle)], -1)
        lines.append(np.concatenate([head, arc, tail]))
    return lines


def _turn(frame: ArmFrame, ring: Ring, side: Side, radius: float) -> float:
    return deflection(frame, ring, side, radius)[0]


def _bend(frame: ArmFrame, ring: Ring, side: Side, radius: float, offset: float) -> F8:
    """From the mouth to the circle, (12, 2)."""
    foot = frame.edges(side)[frame.carriage(side)][:2]
    aside, outward, center = _aside(frame, side), -frame.forward, np.array(ring.center)
    h = float((foot - center) @ aside)
    _, along = deflection(frame, ring, side, radius)
    middle = center + along * outward + (h + radius) * aside
    into = (middle - center) / np.hypot(*(middle - center))
    start, end = np.arctan2(*(-aside)[::-1]), np.arctan2(*(-into)[::-1])
    turn = float(np.remainder(end - start + np.pi, 2.0 * np.pi) - np.pi)
    angle = start + turn * np.linspace(0.0, 1.0, 11)
    arc = middle + (radius - offset) * np.stack([np.cos(angle), np.sin(angle)], -1)
    return np.concatenate([(foot + offset * aside)[None], arc])
