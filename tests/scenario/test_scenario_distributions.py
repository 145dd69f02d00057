"""Every distribution draws what its name says (chi-square, Kolmogorov-Smirnov, moments), through a whole scene file."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgen import registry
from simgen.errors import SceneError
from simgen.rng import stream
from simgen.scenario import distributions as dist
from simgen.scenario import loads
from simgen.scenario.draw import Draws
from simgen.yaml.nodes import plain
from simgen.yaml.text import parse

N = 4000


def draws(text: str, count: int = N) -> np.ndarray:
    """Values of one distribution at many paths of one seed."""
    node = parse(text, "f")
    taken = Draws(11, "f")
    return np.array([plain(taken.certain(node, f"a[{k}]")) for k in range(count)])


def ks(values: np.ndarray, cdf: Any) -> float:
    """Kolmogorov's statistic, scaled: above 1.95 once in a thousand."""
    ordered = np.sort(values)
    expected = np.array([cdf(v) for v in ordered])
    k = np.arange(len(ordered))
    gap = max(np.max(expected - k / len(ordered)), np.max((k + 1) / len(ordered) - expected))
    return float(gap * math.sqrt(len(ordered)))


def chi_square(values: np.ndarray, probabilities: dict[Any, float]) -> float:
    """Pearson's statistic over its degrees of freedom."""
    counts = {key: int((values == key).sum()) for key in probabilities}
    assert sum(counts.values()) == len(values)
    total = sum((counts[k] - len(values) * p) ** 2 / (len(values) * p) for k, p in probabilities.items())
    return total / (len(probabilities) - 1)


def test_uniform() -> None:
    values = draws("{uniform: [-2, 6]}")
    assert values.min() >= -2
    assert values.max() <= 6
    assert ks(values, lambda v: (v + 2) / 8) < 1.95


def test_log_uniform() -> None:
    values = draws("{log_uniform: [80, 2000]}")
    assert ks(values, lambda v: math.log(v / 80) / math.log(2000 / 80)) < 1.95


def test_normal() -> None:
    assert ks(draws("{normal: [3, 2]}"), NormalDist(3, 2).cdf) < 1.95


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.0), (1.5, 3.0), (-9.0, -2.0), (4.0, 5.0)])
def test_truncated_normal(low: float, high: float) -> None:
    values = draws(f"{{truncated_normal: [0, 1, {low}, {high}]}}")
    normal = NormalDist()
    mass = normal.cdf(high) - normal.cdf(low)
    assert values.min() >= low
    assert values.max() <= high
    assert ks(values, lambda v: (normal.cdf(v) - normal.cdf(low)) / mass) < 1.95


def test_truncated_normal_in_a_far_tail_keeps_its_shape() -> None:
    # beyond 5 sigma a normal falls like an exponential: E[x - 5] = 1/5 (1 - 2/25 ...)
    values = draws("{truncated_normal: [0, 1, 5, 9]}")
    assert values.mean() - 5 == pytest.approx(0.1865, abs=4 * 0.18 / math.sqrt(N))


def test_integer_includes_both_ends() -> None:
    assert chi_square(draws("{integer: [2, 6]}"), dict.fromkeys(range(2, 7), 0.2)) < 4.6


def test_poisson() -> None:
    values = draws("{poisson: 6}")
    exact = {k: math.exp(-6) * 6**k / math.factorial(k) for k in range(1, 12)}
    tail = np.where((values < 1) | (values > 11), -1, values)
    assert chi_square(tail, {**exact, -1: 1 - sum(exact.values())}) < 2.8
    assert values.mean() == pytest.approx(6, abs=4 * math.sqrt(6 / N))
    assert values.var() == pytest.approx(6, rel=0.12)


def test_choice_and_weights() -> None:
    assert chi_square(draws("{choice: [a, b, c, d]}"), dict.fromkeys("abcd", 0.25)) < 5.5
    weighted = draws("{choice: [a, b, c], weights: [3, 0, 1]}")
    assert set(weighted) == {"a", "c"}
    assert chi_square(weighted, {"a": 0.75, "c": 0.25}) < 10.9


def test_constant_and_nesting() -> None:
    assert set(draws("{constant: 4}", 5)) == {4}
    values = draws("{uniform: [{uniform: [0, 1]}, {constant: 3}]}")
    assert values.mean() == pytest.approx(1.75, abs=0.06)
    mixed = draws("{choice: [{uniform: [0, 1]}, {uniform: [10, 11]}]}")
    assert (mixed > 5).mean() == pytest.approx(0.5, abs=0.04)
    assert ks(mixed[mixed > 5], lambda v: v - 10) < 1.95


def test_draws_of_different_paths_are_independent() -> None:
    node, taken = parse("{uniform: [0, 1]}", "f"), Draws(3, "f")
    pairs = np.array([[plain(taken.certain(node, f"{a}[{k}]")) for a in ("x", "y")] for k in range(N)])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / math.sqrt(N)


@given(
    mean=st.floats(-1e3, 1e3),
    std=st.floats(1e-3, 1e3),
    low=st.floats(-1e3, 1e3),
    width=st.floats(0.0, 1e3),
    seed=st.integers(0, 2**62),
)
def test_truncated_normal_never_leaves_its_bounds(mean: float, std: float, low: float, width: float, seed: int) -> None:
    numeric = dist.NUMERIC["truncated_normal"]
    if numeric.fault(mean, std, low, low + width) is None:
        assert low <= numeric.draw(stream(seed, "t"), mean, std, low, low + width) <= low + width


@pytest.mark.parametrize("name", dist.NUMERIC)
def test_supports_hold_what_is_drawn(name: str) -> None:
    parameters = {
        "uniform": [2.0, 3.0],
        "log_uniform": [2.0, 300.0],
        "normal": [1.0, 4.0],
        "truncated_normal": [0.0, 1.0, -1.0, 5.0],
        "integer": [-3, 9],
        "poisson": [40.0],
    }[name]
    numeric = dist.NUMERIC[name]
    low, high = numeric.support(*[(p, p) for p in parameters])
    rng = stream(5, name)
    values = [numeric.draw(rng, *parameters) for _ in range(2000)]
    assert low <= min(values)
    assert max(values) <= high
    assert numeric.whole == all(isinstance(v, int) for v in values)


def test_no_plugin_has_a_parameter_called_like_a_distribution() -> None:
    from simgen.scenario.declared import declared

    for kind in registry.KINDS:
        for name in registry.names(kind):
            keys = set(declared(registry.get(kind, name)))
            assert not keys & {*dist.NAMES, dist.WEIGHTS}, f"{kind}/{name}"
            assert "type" not in keys, f"{kind}/{name}"


def test_a_nested_distribution_takes_no_other_key() -> None:
    text = "simgen: 1\nworld: {type: empty, size_m: {uniform: [50, {uniform: [60, 70], more: 1}]}}\n"
    with pytest.raises(SceneError, match=r"2:\d+: unknown key 'more' of the distribution uniform"):
        loads(text, "nested.yaml")
