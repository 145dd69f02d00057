"""The solver on problems whose answers are known."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import layout_of
from simgen.edge_cases import _solve
from simgen.edge_cases._forecast import course, evidence_of, forecast
from simgen.edge_cases._newton import secant, step_of
from simgen.edge_cases._solve import Among, Problem, RejectedError, Whole, solve
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.metrics import measure
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.scenario import loads
from simgen.scene import Scene

SCENE = """
simgen: 1
name: plain
clock: {duration_s: 2.0, rate_hz: 10}
world: {type: empty}
ego: {asset: sedan, place: {at_m: [0, 0], yaw_deg: 0}, behaviour: {type: drive_straight, speed_m_s: 10}}
"""


@pytest.fixture(scope="module")
def scene() -> Scene:
    return loads(SCENE, "plain.yaml").sample(0)


@pytest.fixture(scope="module")
def layout(scene: Scene) -> WorldLayout:
    return layout_of(scene)


def with_post(scene: Scene, x: float, y: float) -> Scene:
    return scene.add(name="post", asset=registry.get("asset", "bollard")(), position=(x, y, 0.0), group="post")


def asked(kind: str, value: float, **more: object) -> Constraint:
    base = {"kind": kind, "subject": "ego", "other": "post", "asked": value, "tolerance": 0.01}
    return Constraint(**(base | more))  # type: ignore[arg-type]


def problem(scene: Scene, *wishes: Constraint, **more: object) -> Problem:
    free = {"x": (5.0, 60.0), "y": (-8.0, 8.0)}
    fields = {
        "case": "closed",
        "free": free,
        "build": lambda v: with_post(scene, v["x"], v["y"]),
        "ask": lambda v: wishes,
    }
    return Problem(**(fields | more))  # type: ignore[arg-type]


def post(scene: Scene) -> np.ndarray:
    return np.array(scene.entity("post").position)


def test_two_distances_leave_two_places_and_both_are_found(scene: Scene, layout: WorldLayout) -> None:
    # gaps to the nose at 0 s and, 10 m farther on, at 1 s: a crossing of two circles, on the left or on the right
    wishes = [
        asked("distance_m", 25.0, time_s=0.0, tolerance=0.02),
        asked("distance_m", 15.3, time_s=1.0, tolerance=0.02),
    ]
    found = [solve(problem(scene, *wishes), Stage(layout=layout, seed=seed)) for seed in range(12)]
    places = np.array([post(s) for s in found])
    assert np.ptp(places[:, 0]) < 0.2
    assert np.ptp(np.abs(places[:, 1])) < 0.2
    assert set(np.sign(places[:, 1])) == {-1.0, 1.0}
    for scene_found in found:
        (solution,) = scene_found.solutions
        assert solution.evaluations >= solution.tried >= 1
        assert 0.0 <= solution.rejection_rate < 1.0


def test_draws_cover_the_whole_set_of_solutions(scene: Scene, layout: WorldLayout) -> None:
    # anywhere at least 20 m off at the start: nothing but the range and the distance may shape the draw
    wish = asked("distance_m", 20.0, time_s=0.0, relation="at_least", tolerance=0.0)
    places = np.array([post(solve(problem(scene, wish), Stage(layout=layout, seed=k))) for k in range(120)])
    assert (places[:, 0] > 20.0).all()
    shares = np.stack([(places[:, 0] - 24.0) / 36.0, (places[:, 1] + 8.0) / 16.0])
    inside = shares[:, (shares[0] > 0.0)]
    for share in inside:  # Kolmogorov's bound at 1e-4 for about a hundred draws
        steps = np.sort(share)
        gap = np.abs(steps - (np.arange(len(steps)) + 0.5) / len(steps)).max()
        assert gap < 2.2 / math.sqrt(len(steps)), gap


def test_what_is_unreached_nearly_everywhere_is_found_all_the_same(scene: Scene, layout: WorldLayout) -> None:
    # inf unless the post stands in a strip of 2 m out of 120 m
    wish = asked("time_to_collision_s", 2.0, tolerance=0.05)
    far = problem(scene, wish, free={"x": (5.0, 60.0), "y": (-60.0, 60.0)})
    found = solve(far, Stage(layout=layout, seed=3))
    assert abs(post(found)[1]) < 1.2
    assert found.solutions[0].tried > 8


def test_numbers_and_choices_take_part(scene: Scene, layout: WorldLayout) -> None:
    seen = Counter[float]()

    def build(values: dict[str, float]) -> Scene:
        seen[values["row"]] += 1
        return with_post(scene, values["x"], 3.0 * values["row"] * values["side"])

    wish = asked("distance_m", 30.0, time_s=0.0, tolerance=0.05)
    free = {"x": (5.0, 60.0), "row": Whole(1, 3), "side": Among((-1.0, 1.0))}
    places = [
        post(solve(problem(scene, wish, free=free, build=build), Stage(layout=layout, seed=k)))[1] for k in range(16)
    ]
    assert set(np.abs(places)) == {3.0, 6.0, 9.0}
    assert set(np.sign(places)) == {-1.0, 1.0}


def test_what_is_impossible_is_told(scene: Scene, layout: WorldLayout) -> None:
    def build(values: dict[str, float]) -> Scene:
        if values["y"] > 0.0:
            raise RejectedError("the left is taken")
        return with_post(scene, values["x"], values["y"])

    wish = asked("distance_m", 500.0, time_s=0.0)
    with pytest.raises(UserError) as error:
        solve(problem(scene, wish, build=build, way_out="move it farther off"), Stage(layout=layout, seed=0))
    text = str(error.value)
    assert text.startswith("closed: none of ")
    assert "the left is taken (" in text
    assert "at the nearest, distance_m of ego and post is 5" in text  # 55 m or so, at the end of the range
    assert "instead of 500 m" in text
    assert text.endswith("Move it farther off")


def test_the_same_seed_gives_the_same_place(scene: Scene, layout: WorldLayout) -> None:
    wish = asked("distance_m", 25.0, time_s=0.0)
    first, again = (solve(problem(scene, wish), Stage(layout=layout, seed=5)) for _ in range(2))
    assert first == again


def test_a_rest_that_reacts_is_corrected_for() -> None:
    drives = "lane: east/1, at_m: 30, behaviour: {type: drive, speed_m_s: 10}"
    stands = "place: {at_m: [0, 0], yaw_deg: 0}, behaviour: {type: drive_straight, speed_m_s: 10}"
    base = loads(SCENE.replace(stands, drives).replace("empty", "straight_road"), "road.yaml").sample(0)
    road = layout_of(base)
    x, y, _ = base.entity("ego").position
    wish = asked("speed_m_s", 8.0, other="", time_s=1.8, tolerance=0.05)
    free = {"x": (x + 15.0, x + 60.0)}
    task = problem(base, wish, free=free, build=lambda v: with_post(base, v["x"], y))
    found = solve(task, Stage(layout=road, seed=1))
    # the ego brakes for the post, which a first look does not see
    outcome = measure(wish, evidence_of(found, road, forecast(found, road)))
    assert outcome.achieved == pytest.approx(8.0, abs=0.05)


def test_a_known_course_is_used_and_what_tows_takes_its_trailer_along() -> None:
    text = SCENE.replace("type: empty", "type: straight_road").replace(
        "place: {at_m: [0, 0], yaw_deg: 0}, behaviour: {type: drive_straight, speed_m_s: 10}",
        "lane: east/1, at_m: 30, speed_m_s: 10, trailer: {asset: trailer}",
    )
    scene = loads(text, "towed.yaml").sample(0)
    road = layout_of(scene)
    known = course(scene, road)
    whole = forecast(scene, road)
    row = whole.actor_names.index("ego/trailer")
    moved = whole.position[-1, [0, row], 0] - whole.position[0, [0, row], 0]
    assert moved[0] > 18.0
    assert moved[1] == pytest.approx(moved[0], abs=1e-3)
    again = forecast(with_post(scene, 300.0, 0.0), road, known)
    np.testing.assert_array_equal(again.position[:, : row + 1], whole.position[:, : row + 1])


def test_steps_of_linear_problems_are_exact() -> None:
    slope = np.array([[2.0, 1.0], [0.5, -3.0], [1.0, 1.0]])
    step = step_of(slope, slope @ np.array([0.3, -0.2]), 0.0)
    np.testing.assert_allclose(step, [-0.3, 0.2], atol=1e-7)
    kept = secant(np.zeros((1, 2)), np.array([1.0, 0.0]), np.array([4.0]))
    np.testing.assert_allclose(kept, [[4.0, 0.0]])
    assert _solve.MARGIN < 1.0
