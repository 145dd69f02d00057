"""Diagrams as inline SVG: score against a parameter, and recall in bins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np

from simgen.records.base import F8, Bool
from simgen.scenario import Dimension
from simgen.stress.axes import Box

_W, _H = 400, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 12, 40
FAILS, PASSES, REGION, INK = "#c62828", "#5b7fa6", "#fbe3e1", "#5f6670"
#: more values than these have no names at the axis; longer ones are trimmed
_MANY, _LONG = 9, 12
#: quantiles that are written at the axis
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def scatter(
    dimension: Dimension, coordinates: F8, scores: F8, failed: Bool, regions: Sequence[Box], axis: int, threshold: float
) -> str:
    """Score over a parameter; the axis is even in probability, regions of failure are shaded."""
    shade = "".join(_shade(dimension, box, axis) for box in regions if axis in box.matters)
    drawn = ~np.isnan(coordinates)
    order = np.flatnonzero(drawn)[np.argsort(failed[drawn], kind="stable")]
    dots = "".join(_dot(dimension, coordinates[k], scores[k], bool(failed[k]), int(k)) for k in order)
    line = f'<path d="M{_LEFT} {_y(threshold):.1f}H{_W - _RIGHT}" stroke="{INK}" stroke-dasharray="3 3"/>'
    return _framed(shade + _grid() + line + dots + _ticks(dimension), f"score over {dimension.path}")


def bars(rows: Sequence[tuple[int, int]], labels: Sequence[str], name: str) -> str:
    """Recall by bin, with the number of objects over each bar; bins without any are empty."""
    width = (_W - _LEFT - _RIGHT) / max(len(rows), 1)
    parts = [_grid()]
    for k, ((hits, count), label) in enumerate(zip(rows, labels, strict=True)):
        x = _LEFT + k * width
        if count:
            y = _y(hits / count)
            parts.append(
                f'<rect x="{x + 3:.1f}" y="{y:.1f}" width="{width - 6:.1f}" height="{_y(0) - y:.1f}" fill="{PASSES}"/>'
            )
        parts.append(_text(x + width / 2, _H - _BOTTOM + 14, label))
        parts.append(_text(x + width / 2, _H - _BOTTOM + 27, f"{count:,}" if count else "-", light=True))
    return _framed("".join(parts), name)


def _framed(content: str, name: str) -> str:
    return f'<svg viewBox="0 0 {_W} {_H}" role="img" aria-label="{escape(name)}">{content}</svg>'


def _x(dimension: Dimension, u: float) -> float:
    return _LEFT + (_W - _LEFT - _RIGHT) * (_middle(dimension, int(u)) if dimension.categorical else u)


def _width(dimension: Dimension, u: float) -> float:
    """Of the stretch that one value has at the axis, px."""
    if dimension.categorical:
        return (_W - _LEFT - _RIGHT) / len(dimension.choices)
    if not dimension.whole:
        return 0.0
    low, high = dimension.interval(dimension.value(u))
    return (_W - _LEFT - _RIGHT) * (high - low)


def _middle(dimension: Dimension, option: int) -> float:
    return (option + 0.5) / len(dimension.choices)


def _y(score: float) -> float:
    return _TOP + (_H - _TOP - _BOTTOM) * (1.0 - score)


def _shade(dimension: Dimension, box: Box, axis: int) -> str:
    span = _W - _LEFT - _RIGHT
    pieces = [box.intervals[axis]] if axis in box.intervals else []
    count = max(len(dimension.choices), 1)
    pieces += [(k / count, (k + 1) / count) for k in sorted(box.sets.get(axis, ()))]
    return "".join(
        f'<rect x="{_LEFT + span * low:.1f}" y="{_TOP}" width="{max(span * (high - low), 1.5):.1f}" '
        f'height="{_H - _TOP - _BOTTOM}" fill="{REGION}"/>'
        for low, high in pieces
    )


def _dot(dimension: Dimension, u: float, score: float, failed: bool, number: int) -> str:
    # evaluations of one value, or of one score, would hide one another
    spread = math.sin(12.9898 * (number + 1)) * 43758.5453 % 1.0 - 0.5
    x = _x(dimension, u) + 0.6 * spread * _width(dimension, u)
    y = _y(score) + 5.0 * (math.sin(78.233 * (number + 1)) * 43758.5453 % 1.0 - 0.5)
    color, opacity = (FAILS, 0.85) if failed else (PASSES, 0.6)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{color}" fill-opacity="{opacity}"/>'


def _grid() -> str:
    lines = "".join(f'<path d="M{_LEFT} {_y(v):.1f}H{_W - _RIGHT}" stroke="#d9dde2"/>' for v in (0.0, 0.5, 1.0))
    return lines + "".join(_text(_LEFT - 6, _y(v) + 3.5, f"{v:g}", anchor="end") for v in (0.0, 0.5, 1.0))


def _ticks(dimension: Dimension) -> str:
    y = _H - _BOTTOM + 14
    if dimension.categorical:
        places = enumerate(_trimmed(dimension.words)) if len(dimension.words) <= _MANY else ()
        return "".join(_text(_x(dimension, k), y, word) for k, word in places)
    if dimension.whole and dimension.bounds[1] - dimension.bounds[0] < _MANY:
        values = range(int(dimension.bounds[0]), int(dimension.bounds[1]) + 1)
        return "".join(_text(_x(dimension, dimension.unit(value)), y, str(value)) for value in values)
    anchors = {0.0: "start", 1.0: "end"}
    quantiles = ((u, number(dimension.value(u))) for u in _TICKS)
    return "".join(_text(_x(dimension, u), y, value, anchor=anchors.get(u, "middle")) for u, value in quantiles)


def _trimmed(words: Sequence[str]) -> list[str]:
    """Long words without the beginning and the end that all have in common."""
    if len(words) < 2 or max(map(len, words)) < _LONG:
        return list(words)
    start = _alike(words)
    end = _alike([word[start:][::-1] for word in words])
    middle = [word[start : len(word) - end] or word for word in words]
    return [word if len(word) <= _LONG else f"{word[: _LONG - 1]}…" for word in middle]


def _alike(words: Sequence[str]) -> int:
    """How many characters all words begin with alike."""
    columns = zip(*words, strict=False)
    return next((k for k, column in enumerate(columns) if len(set(column)) > 1), min(map(len, words)))


def number(value: float) -> str:
    """A number at an axis."""
    return str(value) if isinstance(value, int) else f"{value:.3g}"


def _text(x: float, y: float, text: str, *, anchor: str = "middle", light: bool = False) -> str:
    color = "#9aa1aa" if light else INK
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}">{escape(text)}</text>'
