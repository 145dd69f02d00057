"""Crosswalks that a path leads over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.records.roads import Lane

#: how far ahead of where the ego comes in the clip a crosswalk may lie, m
_AHEAD_M: Final = 40.0


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """A crosswalk where a path crosses it."""

    lane: Lane
    #: along the path, where the walking line meets it
    s: float


def crosswalks_on(layout: WorldLayout, path: Polyline) -> tuple[Crosswalk, ...]:
    """The crosswalks that a path leads over, nearest first; of the two directions the one that comes from the right."""
    found = sorted(_met(layout, path), key=lambda walk: walk.s)
    return tuple(walk for k, walk in enumerate(found) if k == 0 or walk.s - found[k - 1].s > 0.5)


def crosswalk_stretches(layout: WorldLayout, path: Polyline, margin_m: float = 0.8) -> tuple[tuple[float, float], ...]:
    """From and to along a path where it leads over crosswalks, less a margin at both sides."""
    walks = crosswalks_on(layout, path)
    halves = [max(walk.lane.width_m / 2.0 - margin_m, 0.1) for walk in walks]
    return tuple((walk.s - half, walk.s + half) for walk, half in zip(walks, halves, strict=True))


def _met(layout: WorldLayout, path: Polyline) -> Iterator[Crosswalk]:
    reach = path.length + _AHEAD_M
    for lane in layout.map.lanes:
        if lane.kind != "crosswalk":
            continue
        line = Polyline(lane.centerline)
        at = line.at(np.linspace(0.0, line.length, max(int(line.length / 0.25), 2)))
        end, angle = path.at(path.length), float(path.heading(path.length))
        beyond = (at[:, :2] - end[:2]) @ np.array([np.cos(angle), np.sin(angle)])
        aside = (at[:, :2] - end[:2]) @ np.array([-np.sin(angle), np.cos(angle)])
        s, lateral = path.closest(at)
        past = (s >= path.length - 1e-6) & (beyond > 0.0)
        s, lateral = np.where(past, path.length + beyond, s), np.where(past, aside, lateral)
        turns = np.flatnonzero((lateral[1:] > 0.0) != (lateral[:-1] > 0.0))
        inner = [k for k in turns.tolist() if 0.5 < s[k] < reach and abs(lateral[k]) < 0.5 and lateral[-1] > lateral[0]]
        if inner:
            yield Crosswalk(lane=lane, s=float(s[inner[0]]))
