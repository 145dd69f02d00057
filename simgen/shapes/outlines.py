"""Ragged outlines of what lies on roads or is broken out of them: holes, puddles, sheets of ice."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.rng import stream


def ragged(length_m: float, width_m: float, variant: int, *, share: float = 0.18, corners: int = 36) -> F8:
    """A star-shaped polygon (C, 2) about the origin, counter-clockwise, exactly as long and wide as told.

    Its radius is that of an ellipse times ``1 + noise`` of about ``share``: harmonics of falling weight.
    """
    rng = stream(variant, "outline")
    angle = 2.0 * np.pi * np.arange(corners) / corners
    order = np.arange(2, 9)[:, None]
    phase, weight = rng.uniform(0.0, 2.0 * np.pi, (7, 1)), rng.uniform(0.4, 1.0, (7, 1)) / order**0.7
    noise = (weight * np.cos(order * angle + phase)).sum(0)
    radius = 1.0 + share * noise / float(np.sqrt(0.5 * (weight**2).sum()))
    radius = np.maximum(radius, 0.35)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1)
    low, high = points.min(0), points.max(0)
    scaled = (points - low) / (high - low) - 0.5
    # about a point well inside: the rays' common point
    return np.asarray(scaled * [length_m, width_m])


def shrunk(outline: F8, share: float) -> F8:
    """The outline drawn towards the mean of its corners."""
    middle = outline.mean(0)
    return np.asarray(middle + share * (outline - middle))


def grown(outline: F8, by_m: float) -> F8:
    """The outline, every corner farther from the mean of all by so many metres."""
    arm = outline - outline.mean(0)
    far = np.sqrt((arm * arm).sum(-1, keepdims=True))
    return np.asarray(outline + arm / far * by_m)
