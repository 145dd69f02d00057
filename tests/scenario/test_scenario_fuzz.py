"""However a scene file is damaged, the answer is a scene or faults with positions, never a traceback."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_plugins import SCENE

from simgen.errors import SceneError
from simgen.scenario import loads, scene_to_yaml

BITS = [
    "[]", "{}", "-1", "0", "1e999", ".nan", ".inf", "true", "~", "x", "''", "{uniform: [0, 1]}", "{uniform: x}",
    "{choice: [1, [2], {a: b}]}", "{choice: {}}", "{constant: {poisson: -1}}", "{normal: [0, {uniform: [1, 0]}]}",
    "{truncated_normal: [0, 0, 1, 0]}", "{integer: [0.5, 1e300]}", "{poisson: [1, 2]}", "{type: crate}", "{type: }",
    "[crate, crate]", "{weights: [1]}", "{choice: [1], weights: [a]}", "&a [*a]", "!!int 3",
    "{integer: [0, 99999999999]}",
]  # fmt: skip


def survives(text: str) -> bool:
    """Whether loading gives a scenario that can be drawn, or proper faults."""
    try:
        scenario = loads(text, "f.yaml")
        scenario.sample(scenario.default_seed)
    except SceneError as error:
        return bool(error.faults) and all(f.line > 0 and f.column > 0 for f in error.faults)
    return True


slow = settings(max_examples=70, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(st.data())
def test_a_value_replaced_by_anything(data: st.DataObject) -> None:
    words = SCENE.split(" ")
    spot = data.draw(st.integers(2, len(words) - 1))
    tail = "".join(c for c in words[spot] if c in ",]}\n")
    words[spot] = data.draw(st.sampled_from(BITS)) + tail
    assert survives(" ".join(words))


@slow
@given(st.integers(0, len(SCENE) - 1), st.integers(1, 30), st.text(max_size=6))
def test_a_stretch_replaced_by_any_text(start: int, length: int, text: str) -> None:
    assert survives(SCENE[:start] + text + SCENE[start + length :])


@slow
@given(st.lists(st.integers(0, SCENE.count("\n") - 1), max_size=6), st.integers(-2, 2))
def test_lines_lost_or_shifted(lost: list[int], shift: int) -> None:
    lines = [line for k, line in enumerate(SCENE.splitlines()) if k not in lost]
    if lines:
        middle = len(lines) // 2
        lines[middle] = " " * shift + lines[middle] if shift > 0 else lines[middle][-shift:]
    assert survives("\n".join(lines))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_certain_scene(data: st.DataObject) -> None:
    words = scene_to_yaml(loads(SCENE, "s").sample(0)).split(" ")
    spot = data.draw(st.integers(2, len(words) - 1))
    tail = "".join(c for c in words[spot] if c in ",]}\n")
    words[spot] = data.draw(st.sampled_from(BITS)) + tail
    assert survives(" ".join(words))
