"""Arrows and courses of roads on traffic signs, in a box of -1..1."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assets._canvas import Drawing, arc, arrow, band, disc, merged, placed, rect, turned
from simgen.records.base import F8

_W: Final = 0.26


def _straight() -> Drawing:
    return arrow(0.34, [[0.0, -1.0], [0.0, 1.0]])


def _turn_right(width: float = 0.34) -> Drawing:
    """Up, then round a corner."""
    path = np.concatenate([[[-0.35, -0.9]], arc(0.1, -0.1, 0.45, 180.0, 90.0, 9), [[0.85, 0.35]]])
    return arrow(width, path)


def _ahead_right() -> Drawing:
    right = np.concatenate([[[-0.25, -0.9]], arc(0.2, -0.35, 0.45, 180.0, 90.0, 9), [[0.85, 0.1]]])
    return merged(arrow(_W, [[-0.25, -0.9], [-0.25, 0.95]]), arrow(_W, right))


def _pass_right() -> Drawing:
    return turned(_straight(), -135.0)


def _curve_right() -> Drawing:
    return arrow(
        0.24, np.concatenate([[[-0.4, -0.9], [-0.4, -0.3]], arc(0.3, -0.3, 0.7, 180.0, 110.0, 9), [[0.5, 0.78]]]), 2.8
    )


def _double(right: float) -> Drawing:
    y = np.linspace(-0.9, 0.9, 25)
    x = right * 0.3 * np.sin(np.pi * np.clip((y + 0.75) / 1.35, 0.0, 1.0) * 2.0)
    return arrow(0.24, np.stack([x, y], -1), 2.8)


def _winding() -> Drawing:
    y = np.linspace(-0.95, 0.95, 41)
    return arrow(0.17, np.stack([0.24 * np.sin(np.pi * 1.75 * (y + 0.95)), y], -1), 3.2)


def _sharp_right() -> Drawing:
    return arrow(0.26, [[-0.3, -0.9], [-0.3, 0.3], [0.8, 0.3]])


def _u_turn() -> Drawing:
    """Round to the left and back."""
    path = np.concatenate([[[0.42, -0.8]], arc(0.0, 0.2, 0.42, 0.0, 180.0, 15), [[-0.42, -0.62]]])
    return arrow(0.26, path, 2.4)


def _roundabout(width: float, radius: float) -> Drawing:
    """Three arrows that chase each other, anticlockwise as traffic on the right goes."""
    one = arrow(width, arc(0.0, 0.0, radius, 0.0, 88.0, 13), 2.4)
    return merged(*(turned(one, a) for a in (100.0, 220.0, 340.0)))


def _two_way(gap: float = 0.42) -> Drawing:
    up = arrow(_W, [[gap, -0.85], [gap, 0.85]])
    return merged(up, turned(up, 180.0))


def _crossroads() -> Drawing:
    return rect(-0.16, -0.9, 0.16, 0.9), rect(-0.85, -0.16, 0.85, 0.16)


def _priority_next() -> Drawing:
    """A broad road ahead that a narrow one crosses."""
    return merged(arrow(0.36, [[0.0, -0.95], [0.0, 1.0]], 1.9), (rect(-0.7, -0.3, 0.7, -0.13),))


def _side_road() -> Drawing:
    return rect(-0.3, -0.9, -0.02, 0.9), rect(-0.02, -0.13, 0.75, 0.13)


def _tee() -> Drawing:
    return rect(-0.16, -0.9, 0.16, 0.2), rect(-0.85, 0.15, 0.85, 0.45)


def _merge() -> Drawing:
    return merged(arrow(0.28, [[-0.15, -0.9], [-0.15, 0.95]]), band(0.18, [[0.55, -0.9], [0.45, -0.45], [-0.1, 0.1]]))


def _lane_ends() -> Drawing:
    dashes = tuple(rect(-0.12, y, 0.0, y + 0.26) for y in (-0.85, -0.4, 0.05))
    return merged(
        dashes,
        band(0.16, [[-0.55, -0.9], [-0.55, 0.9]]),
        band(0.16, [[0.62, -0.9], [0.62, -0.35], [0.1, 0.35], [0.1, 0.9]]),
    )


def _divided() -> Drawing:
    island = tuple(disc(0.0, y, r) for y, r in ((0.42, 0.13), (0.28, 0.15), (0.14, 0.16)))
    up = arrow(0.17, [[0.3, -0.9], [0.3, -0.3], [0.46, 0.1], [0.46, 0.85]], 2.6)
    return merged(island, up, turned(up, 180.0))


def chevron(right: float = 1.0) -> F8:
    """An angle that points to a side."""
    points = np.array([[-0.5, 0.8], [0.05, 0.8], [0.6, 0.0], [0.05, -0.8], [-0.5, -0.8], [0.05, 0.0]])
    return points * [right, 1.0]


ARROWS: Final[dict[str, Drawing]] = {
    "straight": _straight(),
    "turn_right": _turn_right(),
    "turn_left": placed(_turn_right(), flip=True),
    "ahead_right": _ahead_right(),
    "ahead_left": placed(_ahead_right(), flip=True),
    "right": turned(_straight(), -90.0),
    "left": turned(_straight(), 90.0),
    "pass_right": _pass_right(),
    "pass_left": placed(_pass_right(), flip=True),
    "curve_right": _curve_right(),
    "curve_left": placed(_curve_right(), flip=True),
    "double_right": _double(1.0),
    "double_left": _double(-1.0),
    "winding": _winding(),
    "sharp_right": _sharp_right(),
    "sharp_left": placed(_sharp_right(), flip=True),
    "u_turn": _u_turn(),
    "roundabout": _roundabout(0.26, 0.66),
    "two_way": _two_way(),
    "crossroads": _crossroads(),
    "priority_next": _priority_next(),
    "side_road_right": _side_road(),
    "side_road_left": placed(_side_road(), flip=True),
    "tee": _tee(),
    "merge": _merge(),
    "lane_ends": _lane_ends(),
    "divided": _divided(),
}
