"""Lanes of a parking lot: a graph of nodes, lanes between them, and curves at the nodes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane

Point = tuple[float, float]
#: lanes end so far before a node, and lie so far to the right of the line between nodes
_BACK_M, _ASIDE_M = 5.5, 1.5
_WALKING_M_S = 2.8


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way between two nodes; lanes are called ``name/forth`` and ``name/back``."""

    name: str
    start: str
    end: str
    one_way: bool = False
    #: its end leads out of the lot
    open_end: bool = False


def lot_lanes(nodes: Mapping[str, Point], ways: list[Way]) -> list[Lane]:
    """Lanes along all ways, and one curve from every lane that comes to a node to every lane that leaves it.

    Who comes from the right goes first.
    """
    lanes: dict[str, Lane] = {}
    arriving: dict[str, list[str]] = {}
    leaving: dict[str, list[str]] = {}
    for way in ways:
        runs = [("forth", way.start, way.end)] + ([] if way.one_way else [("back", way.end, way.start)])
        for tag, a, b in runs:
            name = f"{way.name}/{tag}"
            inner = {a: _BACK_M, b: _BACK_M}
            if way.open_end:
                inner[way.end] = 0.0
            aside = 0.0 if way.one_way else _ASIDE_M
            lanes[name] = _lane(name, nodes[a], nodes[b], aside, (inner[a], inner[b]))
            leaving.setdefault(a, []).append(name)
            arriving.setdefault(b, []).append(name)
    curves = [c for node in nodes for c in _curves(node, arriving.get(node, []), leaving.get(node, []), lanes)]
    after: dict[str, list[str]] = {}
    for start, curve in curves:
        after.setdefault(start, []).append(curve.name)
    return [
        *(replace(lane, successors=tuple(after.get(lane.name, ()))) for lane in lanes.values()),
        *(curve for _, curve in curves),
    ]


def _lane(name: str, a: Point, b: Point, aside: float, back: tuple[float, float]) -> Lane:
    start, end = np.array(a), np.array(b)
    along = (end - start) / float(np.hypot(*(end - start)))
    right = np.array([along[1], -along[0]])
    points = np.stack([start + along * back[0], end - along * back[1]]) + right * aside
    line = Polyline(np.concatenate([points, np.zeros((2, 1))], 1)).resample(4.0).points
    return Lane(name=name, centerline=line, width_m=2.9, speed_limit_m_s=_WALKING_M_S)


def _curves(node: str, into: list[str], out: list[str], lanes: Mapping[str, Lane]) -> Iterator[tuple[str, Lane]]:
    """Every curve at a node, with the lane that it starts from."""
    named = {(a, b): f"{a}/to/{b}" for a in into for b in out if a.rsplit("/", 1)[0] != b.rsplit("/", 1)[0]}
    for (a, b), name in named.items():
        heading = float(Polyline(lanes[a].centerline).headings()[-1])
        # those who come from the right move to the left of one's own heading
        first = [
            n for (c, _), n in named.items()
            if c != a and math.sin(float(Polyline(lanes[c].centerline).headings()[-1]) - heading) > 0.7
        ]  # fmt: skip
        yield (
            a,
            Lane(
                name=name,
                centerline=_bent(lanes[a].centerline, lanes[b].centerline),
                width_m=2.9,
                speed_limit_m_s=_WALKING_M_S,
                successors=(b,),
                junction=node,
                gives_way_to=tuple(first),
            ),
        )


def _bent(a: F8, b: F8) -> F8:
    """From a line's end to another's start: a Bezier curve of degree five whose curvature begins and ends at zero."""
    p0, p5 = a[-1, :2], b[0, :2]
    u, v = a[-1, :2] - a[-2, :2], b[1, :2] - b[0, :2]
    u, v = u / np.hypot(*u), v / np.hypot(*v)
    reach = 0.27 * float(np.hypot(*(p5 - p0)))
    control = np.stack([p0, p0 + reach * u, p0 + 2.0 * reach * u, p5 - 2.0 * reach * v, p5 - reach * v, p5])
    t = np.linspace(0.0, 1.0, 41)[:, None]
    points = sum(w * t**k * (1.0 - t) ** (5 - k) * control[k] for k, w in enumerate((1, 5, 10, 10, 5, 1)))
    return np.concatenate([np.asarray(points), np.zeros((41, 1))], 1)
