"""Designs: which values a set of scenes has, and how much each scene weighs.

``covering``: every combination of levels, values drawn within their strata. ``latin_hypercube`` (McKay, Beckman and
Conover 1979), ``sobol`` and ``random``: points of the unit cube of probabilities, mapped to values by the inverse
distributions. A weight is the density of what is meant over that of what was drawn (importance sampling, Kahn and
Marshall 1953), scaled to a mean of 1; nan where values given by hand have no density.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simgen.cover.arrays import covering_rows
from simgen.cover.axes import Axis
from simgen.cover.counting import Coverage, coverage
from simgen.cover.spec import Spec
from simgen.errors import UserError
from simgen.records.base import F8, I8
from simgen.rng import child_seed, stream
from simgen.scenario.space import Dimension

Method = Literal["covering", "latin_hypercube", "sobol", "random"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """Scenes to be made."""

    spec: Spec
    #: values by path, of each scene; those of parameters that a scene does not draw are left out
    values: tuple[Mapping[str, Any], ...]
    #: levels of the axes, (scenes, axes); -1 where a value has none
    levels: I8
    #: mean 1, or all nan
    weights: F8

    @property
    def coverage(self) -> Coverage:
        """How much of the parameter space it covers."""
        return coverage(self.levels, [axis.count for axis in self.spec.axes], self.spec.strength, self.spec.forbidden)


def design(spec: Spec, method: Method = "covering", count: int | None = None, seed: int = 0) -> Design:
    """Lay out the scenes.

    Args:
        spec: what is to be covered.
        method: how.
        count: how many scenes; the covering design has as many as it needs, and is filled up with others to it.
        seed: other seeds give other designs.

    Raises:
        UserError: the count does not fit, or what is forbidden leaves nothing.
    """
    if method == "covering":
        return _covering(spec, count, seed)
    if count is None:
        raise UserError(f"{method} needs a number of scenes: add --count N")
    values = tuple(_drawn(spec, u) for u in _points(len(spec.axes), method, count, seed).tolist())
    weights = [math.prod(_ratio(axis, spec, row) for axis in spec.axes) for row in values]
    return _made(spec, values, np.array(weights, np.float64))


def levels_of(spec: Spec, values: Mapping[str, Any]) -> list[int]:
    """The level of every axis in the values of a scene, by path."""
    return [axis.level(values.get(axis.path)) for axis in spec.axes]


def _covering(spec: Spec, count: int | None, seed: int) -> Design:
    if spec.importance:
        raise UserError("importance goes with --method latin_hypercube, sobol or random: a covering design has strata")
    counts = [axis.count for axis in spec.axes]
    rows = covering_rows(counts, spec.strength, spec.forbidden, seed)
    if count is not None and count < len(rows):
        raise UserError(f"strength {spec.strength} takes {len(rows)} scenes here, more than --count {count}")
    if count is not None:
        more = [covering_rows(counts, spec.strength, spec.forbidden, child_seed(seed, k)) for k in range(1, count)]
        rows = np.concatenate([rows, *more])[:count] if len(rows) < count else rows
    values = []
    for k, row in enumerate(rows.tolist()):
        shares = stream(seed, "cover", "values", k).random(len(spec.axes)).tolist()
        parts = ((axis.path, axis.value(level, u)) for axis, level, u in zip(spec.axes, row, shares, strict=True))
        values.append({path: value for path, value in parts if value is not None})
    weights = np.ones(len(rows))
    for axis, column in zip(spec.axes, rows.T, strict=True):
        weights *= _stratum_weights(axis, column)
    return _made(spec, tuple(values), weights)


def _stratum_weights(axis: Axis, column: I8) -> F8:
    """Probability of each row's level over its share of the rows, among those where the parameter is drawn."""
    counts = np.bincount(column, minlength=axis.count)
    there = counts[: axis.present].sum()
    ratios = [axis.chance(level) * there / max(counts[level], 1) for level in range(axis.present)]
    return np.array([*ratios, 1.0])[column]


def _made(spec: Spec, values: tuple[Mapping[str, Any], ...], weights: F8) -> Design:
    levels = np.array([levels_of(spec, row) for row in values], np.int64).reshape(len(values), len(spec.axes))
    scaled = weights / weights.mean() if np.isfinite(weights).all() else np.full(len(values), np.nan)
    return Design(spec=spec, values=values, levels=levels, weights=np.asarray(scaled, np.float64))


def _points(count: int, method: Method, rows: int, seed: int) -> F8:
    """Points of the unit cube, (rows, count)."""
    if rows < 1:
        raise UserError(f"--count must be at least 1, not {rows}")
    from scipy.stats import qmc

    draw = stream(seed, "cover", method)
    if method == "random":
        return draw.random((rows, count))
    if method == "latin_hypercube":
        cube = qmc.LatinHypercube(count, seed=child_seed(seed, "cover", method) % 2**32)
        return np.asarray(cube.random(rows), np.float64)
    points = qmc.Sobol(count, scramble=False).random_base2(math.ceil(math.log2(max(rows, 2))))[:rows]
    # shifted by a stream of ours: scipy scrambles differently from version to version
    return np.asarray((points + draw.random(count)) % 1.0, np.float64)


def _drawn(spec: Spec, u: list[float]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for axis, share in zip(spec.axes, u, strict=True):
        if axis.dimension.exists(values):
            values[axis.path] = _value(axis.dimension, spec.importance.get(axis.path), share)
    return values


def _value(meant: Dimension, other: Dimension | None, share: float) -> Any:
    """The value of a share of what is meant, or of another distribution cut off where what is meant ends."""
    if other is None:
        return meant.value(share)
    if meant.categorical:
        return other.value(share)
    low, high = other.interval(meant.bounds[0])[0], other.interval(meant.bounds[1])[1]
    return other.value(low + share * (high - low))


def _ratio(axis: Axis, spec: Spec, values: Mapping[str, Any]) -> float:
    """Density of what is meant over that of what was drawn, of one parameter."""
    if axis.path not in spec.importance or axis.path not in values:
        return 1.0
    value = values[axis.path]
    return axis.dimension.density(value) / spec.importance[axis.path].density(value)
