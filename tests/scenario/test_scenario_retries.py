"""Places are drawn anew where the first ones do not do; and what names something is checked against what there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from simgen import registry
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import SceneError, UserError
from simgen.registry import param
from simgen.scenario import loads
from simgen.scene import Scene

TRIES: list[float] = []


@dataclass(frozen=True, kw_only=True)
class Picky(EdgeCase):
    """Wants the crate beyond a line."""

    beyond_m: float = param(doc="how far east the crate must stand")
    sensor: str = param("", doc="some sensor", reference="sensor")
    asset: str = param("", doc="some asset", reference="asset")
    class_name: str = param("", doc="some class", reference="class")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        east = scene.entity("a").position[0]
        TRIES.append(east)
        if east < self.beyond_m:
            raise UserError(f"the crate is only {east:.1f} m east")
        return scene


@pytest.fixture(autouse=True)
def picky() -> Iterator[None]:
    registry.names("edge_case")
    registry.register("edge_case", "picky")(Picky)
    TRIES.clear()
    yield
    del registry._plugins["edge_case"]["picky"]


def scene(beyond_m: float, more: str = "") -> str:
    return (
        "simgen: 1\nworld: yard\nobjects: [{name: a, asset: crate, place: {on: lane}}]\n"
        f"sensors: [{{name: front, type: eye}}]\nedge_cases: [{{type: picky, beyond_m: {beyond_m}{more}}}]\n"
    )


def test_places_are_drawn_until_the_edge_case_can_happen() -> None:
    for seed in range(30):
        TRIES.clear()
        found = loads(scene(0.0), "s").sample(seed)
        assert found.entity("a").position[0] >= 0.0
        assert [x >= 0.0 for x in TRIES] == [False] * (len(TRIES) - 1) + [True]
    assert loads(scene(0.0), "s").sample(4) == loads(scene(0.0), "s").sample(4)


def test_a_place_that_does_at_once_is_the_one_without_the_edge_case() -> None:
    easy = loads(scene(-1e9), "s").sample(4)
    assert len(TRIES) == 1
    assert easy.entities == loads(scene(-1e9).split("edge_cases")[0], "s").sample(4).entities


def test_what_cannot_happen_is_given_up_and_blamed_on_the_edge_case() -> None:
    with pytest.raises(SceneError) as caught:
        loads(scene(1e9), "s").sample(0)
    assert len(TRIES) == 8
    assert len(set(TRIES)) == 8
    assert str(caught.value) == f"s:5:14: the crate is only {TRIES[-1]:.1f} m east"


def test_what_no_draw_will_mend_is_not_tried_again_and_again() -> None:
    text = scene(1e9).replace("{on: lane}", "{at_m: [3, 4]}")
    with pytest.raises(SceneError, match=r"only 3\.0 m east"):
        loads(text, "s").sample(0)
    assert TRIES == [3.0] * 3


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (", sensor: frnt", "s:5:51: unknown sensor 'frnt' (did you mean 'front'?)"),
        (", asset: crat", "s:5:50: unknown asset 'crat' (did you mean 'crate'?)"),
        (", class_name: prson", "s:5:55: unknown class 'prson' (did you mean 'person'?)"),
        (", class_name: {choice: [car, prson]}", "s:5:70: unknown class 'prson' (did you mean 'person'?)"),
    ],
)
def test_names_are_checked_against_what_there_is(more: str, message: str) -> None:
    with pytest.raises(SceneError) as caught:
        loads(scene(0.0, more), "s")
    assert str(caught.value) == message


def test_names_that_exist_are_no_fault() -> None:
    assert loads(scene(-1e9, ", sensor: front, asset: crate, class_name: car"), "s").sample(0).tags == ()
