"""What a perception function may answer, and that it runs at arm's length."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.stress.contract import ModelFaultError, read_answers
from simgen.stress.runner import ModelRunner

FRAME: dict[str, Any] = {
    "time_s": 0.1,
    "front": {"rgb": np.zeros((40, 60, 3), np.uint8), "K": np.eye(3)},
    "top": {"points": np.zeros((7, 4), np.float32)},
}
ONE_SENSOR = {key: FRAME[key] for key in ("time_s", "front")}
BOX = {"boxes": [[1, 2, 3, 4]], "classes": ["person"], "scores": [0.5]}
NAN = float("nan")


def test_answers_go_to_the_sensor_that_they_fit() -> None:
    assert list(read_answers(BOX, FRAME)) == ["front"]
    solid = {"boxes_3d": [[1, 2, 0, 4, 2, 1.5, 0.1]], "classes": [30], "scores": [1]}
    assert read_answers(solid, FRAME)["top"].names == ("car",)
    both = read_answers({"front": BOX, "top": {"point_classes": np.zeros(7, int)}}, FRAME)
    assert (both["front"].kind, both["top"].map.shape) == ("boxes", (7,))  # type: ignore[union-attr]
    assert read_answers({"boxes": [], "classes": [], "scores": []}, ONE_SENSOR)["front"].boxes.shape == (0, 4)
    assert read_answers({}, ONE_SENSOR)["front"].kind == ""
    assert read_answers({"mask": np.zeros((40, 60), np.uint8)}, FRAME)["front"].map is not None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "returned None, not a dict"),
        ([BOX], "returned a list, not a dict"),
        ({"bboxes": []}, "unknown key 'bboxes'"),
        ({**BOX, "boxes": [[1, 2, NAN, 4]]}, "nan or infinity"),
        ({**BOX, "boxes": [[1, 2, 3]]}, r"must have the shape \(N, 4\), not \(1, 3\)"),
        ({**BOX, "boxes": [[1, 2, 3, 4], [1, 2]]}, "no table of numbers"),
        ({**BOX, "boxes": [[3, 2, 1, 4]]}, "each maximum above its minimum"),
        ({**BOX, "boxes": [["a", "b", "c", "d"]]}, "must be numbers"),
        ({**BOX, "boxes": 7}, "must be a list, not a int"),
        ({**BOX, "boxes": np.zeros((20_000, 4))}, "more than 10000"),
        ({**BOX, "scores": [0.5, 0.5]}, "1 boxes, but 2 scores"),
        ({**BOX, "scores": [1.5]}, "from 0 to 1, not 1.5"),
        ({**BOX, "classes": ["pedestrain"]}, "unknown class 'pedestrain'"),
        ({**BOX, "boxes_3d": []}, "give one of them"),
        ({"mask": np.zeros((40, 61), int)}, "must have the shape"),
        ({"mask": np.zeros((40, 60))}, "whole numbers, not float64"),
        ({"mask": np.full((40, 60), -1)}, "taxonomy ids"),
        ({"point_classes": np.zeros(7, int)}, "no answer to what this sensor gives"),
        ({"boxes_3d": [[0, 0, 0, 1, -1, 1, 0]], "classes": ["car"], "scores": [1]}, "above 0"),
    ],
)
def test_nonsense_is_told(answer: object, said: str) -> None:
    with pytest.raises(ModelFaultError, match=said):
        read_answers(answer, ONE_SENSOR)


def test_an_answer_that_may_be_about_two_sensors_must_say_which() -> None:
    with pytest.raises(ModelFaultError, match="must say of which sensor it speaks, front or top"):
        read_answers({}, FRAME)


# ---------------------------------------------------------------------------------------------------- the process


@pytest.fixture
def runner(request: pytest.FixtureRequest) -> Iterator[ModelRunner]:
    with ModelRunner(f"stress_models:{request.param}", timeout_s=20.0) as made:
        yield made


@pytest.mark.parametrize("runner", ["Counts"], indirect=True)
def test_a_class_is_made_once_and_reset_before_every_scene(runner: ModelRunner) -> None:
    assert runner.declared == {"detects": ("human",), "sensors": ("front",), "wants_truth": False}
    scores = []
    for _ in range(2):
        runner.reset()
        scores += [float(runner.answer(ONE_SENSOR)["front"].scores[0]) for _ in range(2)]
    assert scores == [0.1, 0.2, 0.1, 0.2]


@pytest.mark.parametrize(
    ("runner", "said", "restarts"),
    [
        ("raises", "raised RuntimeError: out of tea", 0),
        ("exits", "died with exit code 3", 1),
        ("crashes", "died of SIGSEGV", 1),
        ("endless", "boxes: more than 10000 in one frame", 0),
    ],
    indirect=["runner"],
)
def test_a_fault_is_told_and_the_next_scene_is_tried(runner: ModelRunner, said: str, restarts: int) -> None:
    for scene in (1, 2):
        runner.reset()
        with pytest.raises(ModelFaultError, match=said):
            runner.answer(ONE_SENSOR)
        assert runner.restarts == restarts * scene


def test_a_function_that_hangs_is_ended_and_started_again() -> None:
    with ModelRunner("stress_models:hangs", timeout_s=1.0) as runner:
        runner.timeout_s = 20.0
        assert runner.answer({**ONE_SENSOR, "time_s": 0.0})["front"].kind == "boxes"
        runner.timeout_s, begin = 0.5, time.perf_counter()
        with pytest.raises(ModelFaultError, match=r"hung: no answer within 0\.5 s"):
            runner.answer({**ONE_SENSOR, "time_s": 1.0})
        assert time.perf_counter() - begin < 20.0
        runner.timeout_s = 20.0
        assert runner.answer({**ONE_SENSOR, "time_s": 0.0})["front"].kind == "boxes"
        assert runner.restarts == 1


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("stress_models", "must be package.module:function"),
        ("no_such_module:f", "there is no module 'no_such_module'"),
        ("stress_models:f", "stress_models has no 'f'"),
        ("stress_models:not_callable", "cannot be called: it is a int"),
    ],
)
def test_a_function_that_is_not_there_is_the_users_mistake(target: str, said: str) -> None:
    with ModelRunner(target) as runner, pytest.raises(UserError, match=said):
        _ = runner.declared
