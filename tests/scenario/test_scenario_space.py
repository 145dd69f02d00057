"""The parameter space of a scene file, and values pinned in place of draws."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.scenario import Dimension, load, loads, space_of
from simgen.scenario.distributions import NUMERIC
from simgen.scenario.quantiles import LAWS
from simgen.scenario.space import general, written

SCENES = Path(__file__).resolve().parents[2] / "scenes"
TEXT = """# a comment
simgen: 1
world: {type: yard, size_m: {uniform: [50, 90]}}   # how large
weather:
  - {choice: [{type: mist, visibility_m: {log_uniform: [10, 1000]}}, {type: mist}], weights: [3, 1]}
light: {type: lamp, elevation_deg: {truncated_normal: [30, 20, 10, 50]}}
ego: {asset: crate, lane: east/1, at_m: {uniform: [5, {choice: [15, 20]}]}}
objects:
  - asset: {choice: [crate, pallet]}
    place: {at_m: [{normal: [40, 2]}, 40], may_overlap: true}
  - name: parked   # several
    asset: crate
    count:
      integer: [1, 3]   # of them
    place: {at_m: [{uniform: [60, 90]}, 60], may_overlap: true}
sensors: []
"""


@pytest.fixture
def space(own_plugins: None) -> dict[str, Dimension]:
    return {d.path: d for d in space_of(loads(TEXT, "s.yaml"))}


def test_every_distribution_that_is_drawn_once_is_a_dimension(space: dict[str, Dimension]) -> None:
    assert list(space) == [
        "world.size_m",
        "light.elevation_deg",
        "weather[0].choice",
        "weather[0].choice[0].visibility_m",
        "ego.at_m.uniform[1]",
        "objects.object[0].asset",
        "objects.object[0].place.at_m[0]",
        "objects.parked.count",
    ]
    assert space["weather[0].choice[0].visibility_m"].when == (("weather[0].choice", 0),)
    assert space["weather[0].choice"].words == ("mist", "mist")
    assert space["weather[0].choice"].weights == (0.75, 0.25)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("uniform", (2.0, 6.0)),
        ("log_uniform", (0.5, 40.0)),
        ("normal", (3.0, 2.0)),
        ("truncated_normal", (0.0, 1.0, -1.0, 3.0)),
        ("truncated_normal", (0.0, 1.0, 2.0, 3.0)),
        ("integer", (-2, 5)),
        ("poisson", (3.5,)),
    ],
)
def test_laws_are_those_of_the_draws(name: str, parameters: tuple[float, ...]) -> None:
    from simgen.rng import stream

    law, rng = LAWS[name], stream(3, "test", name)
    drawn = np.array([NUMERIC[name].draw(rng, *parameters) for _ in range(4000)])
    for u in (0.0, 0.03, 0.2, 0.5, 0.77, 0.999, 1.0):
        value = law.quantile(u, *parameters)
        share = law.below(value, *parameters)
        if NUMERIC[name].whole:
            assert law.below(value - 1, *parameters) <= u + 1e-12 <= share + 2e-12
        elif 0.0 < u < 1.0:
            assert share == pytest.approx(u, abs=1e-9)
        assert abs(np.mean(drawn <= value) - share) < 0.03
    low, high = NUMERIC[name].support(*((p, p) for p in parameters))
    if NUMERIC[name].whole:
        total = sum(law.density(k, *parameters) for k in range(int(low), int(high) + 1))
    else:
        x = np.linspace(low, high, 20001)
        y = np.array([law.density(float(v), *parameters) for v in x])
        total = float(np.sum(0.5 * (y[1:] + y[:-1]) * np.diff(x)))
    assert total == pytest.approx(1.0, abs=1e-3)


def test_every_distribution_has_a_law() -> None:
    assert set(LAWS) == set(NUMERIC)


def test_values_and_probabilities_are_inverse(space: dict[str, Dimension]) -> None:
    for dimension in space.values():
        for u in (0.001, 0.3, 0.9):
            value = dimension.value(u)
            low, high = dimension.interval(value)
            assert low - 1e-9 <= u <= high + 1e-9
            assert dimension.value(dimension.unit(value)) == pytest.approx(value)
    assert space["weather[0].choice"].density(1) == 0.25
    assert space["objects.parked.count"].density(2) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="none of the options"):
        space["objects.object[0].asset"].unit("tram")


def test_options_that_are_equal_are_one(own_plugins: None) -> None:
    (only,) = space_of(loads("simgen: 1\nworld: {type: yard, size_m: {choice: [60, 70, 60, 80]}}\n", "s"))
    assert (only.choices, only.weights) == ((60, 70, 80), (0.5, 0.25, 0.25))


def test_what_has_one_value_is_no_dimension(own_plugins: None) -> None:
    assert not space_of(loads("simgen: 1\nworld: {type: yard, size_m: {uniform: [60, 60]}}\n", "s"))
    assert not space_of(loads("simgen: 1\nworld: {type: yard, size_m: {choice: [60, 70], weights: [0, 1]}}\n", "s"))


def test_pinned_values_replace_draws_and_nothing_else(own_plugins: None) -> None:
    scenario = loads(TEXT, "s.yaml")
    free = dict(scenario.sample(5).draws)
    pins = {
        "world.size_m": 77.5,
        "objects.parked.count": 3,
        "weather[0].choice": 1,
        "objects.parked[2].place.at_m[0]": 61,
    }
    scene = scenario.sample(5, pins)
    draws = dict(scene.draws)
    assert {path: draws[path] for path in pins} == pins
    assert scene.world.size_m == 77.5  # type: ignore[attr-defined]
    assert len(scene.group("parked")) == 3
    others = {path for path in draws if path not in pins and path in free}
    assert {path: draws[path] for path in others} == {path: free[path] for path in others}
    assert scenario.sample(5, {}) == scenario.sample(5)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("world.size", 60, "did you mean 'world.size_m'"),
        ("world.size_m", 100, "draws from 50 to 90"),
        ("world.size_m", "wide", "draws numbers"),
        ("objects.parked.count", 2.0, "whole numbers"),
        ("objects.object[0].asset", "tram", "none of the options"),
    ],
)
def test_pins_that_cannot_be_are_told(own_plugins: None, path: str, value: object, said: str) -> None:
    with pytest.raises(UserError, match=said.replace("[", r"\[")):
        loads(TEXT, "s.yaml").sample(0, {path: value})


def test_a_pinned_file_draws_the_pinned_scene_and_keeps_its_comments(own_plugins: None) -> None:
    scenario = loads(TEXT, "s.yaml")
    pins = {
        "world.size_m": 77.5,
        "weather[0].choice": 0,
        "weather[0].choice[0].visibility_m": 123.4,
        "ego.at_m": 7.25,
        "objects.object[0].asset": "pallet",
        "objects.parked.count": 2,
    }
    pinned = scenario.pinned(pins, seed=9)
    assert "# a comment" in pinned.text
    assert "size_m: 77.5}   # how large" in pinned.text
    assert "      2   # of them" in pinned.text
    assert "asset: {constant: pallet}" in pinned.text
    assert pinned.default_seed == 9
    asked, made = scenario.sample(9, pins), pinned.sample(9)
    kept = dict(made.draws)
    assert kept.items() <= dict(asked.draws).items()
    assert made.replace(draws=()) == asked.replace(draws=())


def test_a_pinned_flow_file_takes_a_seed(own_plugins: None) -> None:
    scenario = loads("{simgen: 1, world: {type: yard, size_m: {uniform: [50, 90]}}}", "s.yaml")
    assert scenario.pinned({"world.size_m": 60}, seed=4).text == "{seed: 4, simgen: 1, world: {type: yard, size_m: 60}}"
    assert scenario.pinned({}, 3).pinned({}, 4).default_seed == 4


def test_what_a_file_pins_and_what_hangs_on_no_option_is_no_dimension(own_plugins: None) -> None:
    scenario = loads(TEXT, "s.yaml")
    paths = {d.path for d in space_of(scenario)}
    inner = {"weather[0].choice", "weather[0].choice[0].visibility_m"}
    assert {d.path for d in space_of(scenario.pinned({"weather[0].choice": 1}))} == paths - inner
    first = space_of(scenario.pinned({"weather[0].choice": 0}))
    assert {d.path for d in first} == paths - {"weather[0].choice"}
    assert all(d.when == () for d in first)
    assert "world.size_m" not in {d.path for d in space_of(loads(TEXT + "pinned: {world.size_m: 60}\n", "s.yaml"))}


def test_a_value_written_once_for_two_draws_is_told(own_plugins: None) -> None:
    text = "simgen: 1\nworld: {type: yard, size_m: &n {uniform: [50, 90]}}\nlight: {type: lamp, elevation_deg: *n}\n"
    scenario = loads(text, "s.yaml")
    assert "size_m: &n 60}" in scenario.pinned({"world.size_m": 60, "light.elevation_deg": 60}).text
    with pytest.raises(UserError, match="shares its place"):
        scenario.pinned({"world.size_m": 60, "light.elevation_deg": 61})
    with pytest.raises(UserError, match="one copy of several"):
        loads(TEXT, "s.yaml").pinned({"objects.parked[0].place.at_m[0]": 61})


@pytest.mark.parametrize("name", ["urban_crossing", "street_noon", "bin_picking", "rig_nuscenes", "snowfall"])
def test_every_draw_of_a_shipped_scene_is_written_somewhere(name: str) -> None:
    scenario = load(SCENES / f"{name}.yaml")
    scene = scenario.sample(2)
    places = {d.path: d for d in written(scenario.root)}
    assert all(path in places or general(path) in places for path, _ in scene.draws)
    draws = dict(scene.draws)
    values = {d.path: d.drawn(draws) for d in space_of(scenario)}
    values = {path: value for path, value in values.items() if value is not None}
    again = scenario.sample(2, values)
    assert again == scene
    made = scenario.pinned(values, 2).sample(2)
    assert made.replace(draws=()) == scene.replace(draws=())
    assert len(made.draws) == len(scene.draws) - len(values) or any(".choice" in path for path in values)


def test_a_normal_reaches_as_far_as_its_support(own_plugins: None) -> None:
    dimension = next(d for d in space_of(loads(TEXT, "s")) if d.kind == "normal")
    assert (dimension.value(0.0), dimension.value(1.0)) == dimension.bounds
    assert math.isfinite(dimension.unit(40.0))
