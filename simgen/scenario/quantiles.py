"""The laws of the distributions of numbers: quantiles, probabilities and densities, for those who search or weigh.

Draws do not come from here (``distributions`` draws), but have these laws. ``u`` is a probability from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Law:
    """A law of numbers, each function with the distribution's parameters after its first argument."""

    #: the least value that is reached with probability ``u``
    quantile: Callable[..., float | int]
    #: the probability of at most this value
    below: Callable[..., float]
    #: per unit of the value; of whole numbers the probability itself
    density: Callable[..., float]


def _share(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else float(value >= low)


def _uniform_at(u: float, low: float, high: float) -> float:
    return min(max(low + (high - low) * u, low), high)


def _log_at(u: float, low: float, high: float) -> float:
    return min(max(math.exp(_uniform_at(u, math.log(low), math.log(high))), low), high)


def _inside(value: float, low: float, high: float, density: float) -> float:
    return density if low <= value <= high else 0.0


def _normal_at(u: float, mean: float, std: float, low: float = -math.inf, high: float = math.inf) -> float:
    """In the lower tail, where nothing is lost (mirrored if the interval lies above the mean)."""
    if std == 0.0:
        return mean
    if low > mean:
        return -_normal_at(1.0 - u, -mean, std, -high, -low)
    first, last = _normal_below(low, mean, std), _normal_below(high, mean, std)
    part = first + (last - first) * u
    value = NormalDist(mean, std).inv_cdf(part) if 0.0 < part < 1.0 else (low if part <= 0.0 else high)
    # an unbounded normal ends where distributions end its support
    return min(max(value, low, mean - 7.1 * std), high, mean + 7.1 * std)


def _normal_below(value: float, mean: float, std: float) -> float:
    return 0.5 * math.erfc((mean - value) / (std * math.sqrt(2.0))) if std > 0.0 else float(value >= mean)


def _normal_density(value: float, mean: float, std: float) -> float:
    return NormalDist(mean, std).pdf(value) if std > 0.0 else float(value == mean)


def _truncated_below(value: float, mean: float, std: float, low: float, high: float) -> float:
    if low > mean:
        return 1.0 - _truncated_below(-value, -mean, std, -high, -low)
    first, last = _normal_below(low, mean, std), _normal_below(high, mean, std)
    return min(max((_normal_below(value, mean, std) - first) / (last - first), 0.0), 1.0)


def _truncated_density(value: float, mean: float, std: float, low: float, high: float) -> float:
    if low > mean:
        return _truncated_density(-value, -mean, std, -high, -low)
    mass = _normal_below(high, mean, std) - _normal_below(low, mean, std)
    return _inside(value, low, high, _normal_density(value, mean, std) / mass)


def _integer_at(u: float, low: float, high: float) -> int:
    return int(min(low + math.floor((high - low + 1) * u), high))


def _poisson_at(u: float, mean: float) -> int:
    """By bisection of the cumulative probability."""
    low, high = 0, math.ceil(mean + 10.0 * math.sqrt(mean) + 30.0)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _poisson_below(middle, mean) >= u else (middle + 1, high)
    return low


def _poisson_below(value: float, mean: float) -> float:
    from scipy.special import pdtr

    return float(pdtr(math.floor(value), mean)) if value >= 0.0 else 0.0


def _poisson_density(value: float, mean: float) -> float:
    if value < 0 or value != math.floor(value):
        return 0.0
    return math.exp(value * math.log(mean) - mean - math.lgamma(value + 1.0)) if mean > 0.0 else float(value == 0)


LAWS: Final[dict[str, Law]] = {
    "uniform": Law(
        quantile=_uniform_at, below=_share, density=lambda v, low, high: _inside(v, low, high, 1.0 / (high - low))
    ),
    "log_uniform": Law(
        quantile=_log_at,
        below=lambda v, low, high: _share(math.log(v), math.log(low), math.log(high)) if v > 0.0 else 0.0,
        density=lambda v, low, high: _inside(v, low, high, 1.0 / (v * math.log(high / low)) if v > 0.0 else 0.0),
    ),
    "normal": Law(quantile=_normal_at, below=_normal_below, density=_normal_density),
    "truncated_normal": Law(quantile=_normal_at, below=_truncated_below, density=_truncated_density),
    "integer": Law(
        quantile=_integer_at,
        below=lambda v, low, high: _share(math.floor(v) + 1, low, high + 1),
        density=lambda v, low, high: _inside(v, low, high, 1.0 / (high - low + 1)) if v == math.floor(v) else 0.0,
    ),
    "poisson": Law(quantile=_poisson_at, below=_poisson_below, density=_poisson_density),
}
