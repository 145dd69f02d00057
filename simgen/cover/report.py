"""The coverage report: one page that shows what is covered and where the holes are."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from typing import Final

import numpy as np

from simgen.cover.axes import Axis
from simgen.cover.counting import Coverage, coverage
from simgen.cover.spec import Spec
from simgen.records.base import F8, I8

#: holes that the page lists
SHOWN: Final = 200
_CELL: Final = 22
_LABEL: Final = 300
_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;max-width:1100px;margin:2em auto;padding:0 1em}
h1{font-size:1.6em;margin-bottom:0}h2{font-size:1.15em;margin-top:2em}p.dim{color:#667;margin-top:.2em}
table{border-collapse:collapse}td,th{padding:.25em .8em .25em 0;text-align:left;vertical-align:top;font-weight:normal}
th{color:#667;border-bottom:1px solid #ccd}code{font-family:ui-monospace,monospace;font-size:.92em}
.big{font-size:2.2em}.bar{display:inline-block;height:.8em;background:#4a7fb5;vertical-align:baseline}
.none{color:#b3261e}
"""


def report_of(spec: Spec, levels: I8, weights: F8, subject: str) -> str:
    """The page as HTML that needs nothing else.

    Args:
        spec: what was to be covered.
        levels: of every scene or sequence, (rows, axes).
        weights: importance weights, (rows,); nan = none.
        subject: what was counted, for the title.
    """
    counts = [axis.count for axis in spec.axes]
    found = coverage(levels, counts, spec.strength, spec.forbidden)
    parts = [
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Coverage of {_text(subject)}</title>",
        f"<style>{_STYLE}</style><h1>Coverage of {_text(subject)}</h1>",
        f"<p class='dim'>{_text(spec.source)}: {len(spec.axes)} parameters, strength {spec.strength}</p>",
        *_summary(found, levels, weights),
        "<h2>Parameters</h2>",
        *_marginals(spec.axes, levels),
        *_pairs(spec, levels),
        *_holes(spec.axes, found),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def hole_in_words(axes: Sequence[Axis], parameters: Sequence[int], levels: Sequence[int]) -> str:
    """``weather.rain.rate_mm_h 9 to 16, ego.at_m 5 to 7.5``."""
    return ", ".join(f"{axes[p].path} {axes[p].word(level)}" for p, level in zip(parameters, levels, strict=True))


def effective_size(weights: F8) -> float:
    """How many equally weighted scenes tell as much: ``(sum w)^2 / sum w^2`` (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _summary(found: Coverage, levels: I8, weights: F8) -> Iterator[str]:
    yield f"<p><span class='big'>{100.0 * found.share:.1f} %</span> of the combinations:"
    yield f"{found.covered} of {found.total} are in {len(levels)} scenes.</p>"
    if np.isfinite(weights).all() and len(weights) and np.ptp(weights) > 1e-9:
        yield f"<p>Weights from {weights.min():.3g} to {weights.max():.3g}; together they tell as much as "
        yield f"{effective_size(weights):.1f} scenes of equal weight.</p>"


def _marginals(axes: Sequence[Axis], levels: I8) -> Iterator[str]:
    yield "<table><tr><th>parameter</th><th>level</th><th>scenes</th></tr>"
    for p, axis in enumerate(axes):
        counts = np.bincount(levels[levels[:, p] >= 0, p], minlength=axis.count)
        for level, count in enumerate(counts.tolist()):
            name = f"<code>{_text(axis.path)}</code>" if level == 0 else ""
            width = 160.0 * count / max(int(counts.max()), 1)
            bar = f"<span class='bar' style='width:{width:.0f}px'></span> {count}"
            shown = bar if count else "<span class='none'>none</span>"
            yield f"<tr><td>{name}</td><td>{_text(axis.word(level))}</td><td>{shown}</td></tr>"
    yield "</table>"


def _pairs(spec: Spec, levels: I8) -> Iterator[str]:
    """A triangle of squares: the share of the combinations of each two parameters."""
    axes = spec.axes
    if len(axes) < 2:
        return
    found = coverage(levels, [axis.count for axis in axes], 2, spec.forbidden)
    width, height = _LABEL + _CELL * len(axes) + 10, _CELL * len(axes) + 30
    yield "<h2>Pairs of parameters</h2><p class='dim'>share of the combinations of their levels; a square a pair</p>"
    yield f"<svg width='{width}' height='{height}' font-size='12' font-family='system-ui,sans-serif' fill='#1d2733'>"
    for p, axis in enumerate(axes):
        y = 20 + _CELL * p
        yield f"<text x='{_LABEL - 8}' y='{y + 15}' text-anchor='end'>{_text(_short(axis.path))} ({p + 1})</text>"
        yield f"<text x='{_LABEL + _CELL * p + _CELL / 2}' y='14' text-anchor='middle' fill='#667'>{p + 1}</text>"
    for a, b in combinations(range(len(axes)), 2):
        mask = found.possible[a, b]
        share = float((found.counts[a, b] > 0)[mask].mean()) if mask.any() else 1.0
        at = f"x='{_LABEL + _CELL * a}' y='{20 + _CELL * b}' width='{_CELL - 2}' height='{_CELL - 2}'"
        words = f"{axes[a].path} and {axes[b].path}: {100.0 * share:.0f} %"
        yield f"<rect {at} fill='{_color(share)}'><title>{_text(words)}</title></rect>"
    yield "</svg>"


def _holes(axes: Sequence[Axis], found: Coverage) -> Iterator[str]:
    missing = found.total - found.covered
    yield f"<h2>Holes</h2><p>{missing or 'No'} combination{'s are' if missing != 1 else ' is'} missing.</p>"
    if missing:
        yield "<table>"
        for hole in islice(found.holes(), SHOWN):
            yield f"<tr><td>{_text(hole_in_words(axes, hole.parameters, hole.levels))}</td></tr>"
        yield "</table>"
    if missing > SHOWN:
        yield f"<p class='dim'>and {missing - SHOWN} more</p>"


def _color(share: float) -> str:
    """From red over pale to blue, for all who see colours."""
    low, middle, high = np.array([179.0, 38.0, 30.0]), np.array([240.0, 220.0, 190.0]), np.array([74.0, 127.0, 181.0])
    mixed = low + 2.0 * share * (middle - low) if share < 0.5 else middle + (2.0 * share - 1.0) * (high - middle)
    return f"rgb({mixed[0]:.0f},{mixed[1]:.0f},{mixed[2]:.0f})"


def _short(path: str) -> str:
    return path if len(path) <= 44 else f"...{path[-41:]}"


def _text(words: str) -> str:
    return html.escape(words, quote=True)
