"""Scores against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.stress.contract import Answer
from simgen.stress.matching import matched, overlaps
from simgen.stress.scores import Tally, average_precision
from simgen.stress.truth import Truth, Wanted

WANTED = Wanted(("human", "car"))
BOXES = np.array([[0, 0, 10, 20], [50, 0, 60, 20], [80, 0, 90, 20]], np.float64)


def truth(kinds: list[int], *, time_s: float = 0.0, counts: list[bool] | None = None, distance: float = 12.0) -> Truth:
    count = len(kinds)
    solid = np.zeros((count, 7))
    solid[:, 0], solid[:, 1], solid[:, 3:6] = distance, np.arange(count) * 10.0, 1.0
    return Truth(
        time_ns=round(time_s * 1e9),
        instance=np.arange(1, count + 1),
        kind=np.array(kinds, np.int32),
        box_px=BOXES[:count].copy(),
        box_3d=solid,
        distance=np.full(count, distance),
        visible=np.full(count, 0.8),
        counts=np.array(counts if counts is not None else [True] * count, bool),
    )


def answer(rows: list[int], scores: list[float], name: str = "person", shift: float = 0.0) -> Answer:
    boxes = BOXES[rows] + np.array([shift, 0, shift, 0]) if rows else np.zeros((0, 4))
    return Answer(kind="boxes", boxes=boxes, names=(name,) * len(rows), scores=np.array(scores))


def tally(*frames: tuple[Truth, Answer | None]) -> Tally:
    made = Tally(wanted=WANTED)
    for true, said in frames:
        made.add("front", true, said, None)
    return made


def test_overlaps() -> None:
    a = np.array([[0.0, 0.0, 2.0, 2.0]])
    b = np.array([[1.0, 0.0, 3.0, 2.0], [0.0, 0.0, 2.0, 2.0], [5.0, 5.0, 6.0, 6.0]])
    assert overlaps(a, b) == pytest.approx(np.array([[1 / 3, 1.0, 0.0]]))


def test_average_precision_is_cocos() -> None:
    # ranked: right, wrong, right; two objects: precision 1 up to recall 0.5, then 2/3
    scores, right = np.array([0.9, 0.8, 0.7]), np.array([True, False, True])
    assert average_precision(scores, right, 2) == pytest.approx((51 * 1.0 + 50 * 2 / 3) / 101)
    assert average_precision(scores[::-1].copy(), right, 2) == pytest.approx((51 * 1.0 + 50 * 2 / 3) / 101)
    assert average_precision(scores[:1], right[:1], 4) == pytest.approx(26 / 101)  # recalls 0, 0.01 .. 0.25
    assert average_precision(np.zeros(0), np.zeros(0, bool), 3) == 0.0
    assert math.isnan(average_precision(scores, right, 0))


def test_each_object_is_found_once_and_by_its_class() -> None:
    twice = Answer(kind="boxes", boxes=BOXES[[0, 0]], names=("person", "person"), scores=np.array([0.6, 0.9]))
    match = matched(twice, truth([0]), WANTED)
    assert match.found.tolist() == [0.9]
    assert sorted(zip(match.scores.tolist(), match.right.tolist(), strict=True)) == [(0.6, False), (0.9, True)]
    assert np.isnan(matched(answer([0], [0.9], "car"), truth([0]), WANTED).found).all()
    assert len(matched(answer([0], [0.9], "bus"), truth([0]), WANTED).scores) == 0  # not looked for
    assert not np.isnan(matched(answer([0], [0.9], "human"), truth([0]), WANTED).found).any()
    assert np.isnan(matched(answer([0], [0.9], shift=4.0), truth([0]), WANTED).found).all()  # overlap 6 / 14


def test_what_is_hardly_in_view_is_neither_missed_nor_wrong() -> None:
    true = truth([0, 0], counts=[True, False])
    only = tally((true, answer([0, 1], [0.9, 0.8])), (true, answer([0], [0.9])))
    assert only.recall() == 1.0
    assert only.average_precision() == 1.0
    assert math.isnan(tally((truth([0], counts=[False]), None)).worst_recall())


def test_recall_of_all_and_of_the_worst() -> None:
    true = truth([0, 0, 1])
    made = tally(
        (true, answer([0, 1], [0.9, 0.9])),
        (true, answer([0], [0.9])),
        (true, answer([0, 1], [0.9, 0.4])),  # the second one is below the confidence
    )
    assert made.recall() == pytest.approx(4 / 9)
    assert made.worst_recall() == 0.0  # the car
    rows = {row["instance"]: row["recall"] for row in made.objects()}
    assert rows == {1: 1.0, 2: pytest.approx(1 / 3), 3: 0.0}
    precisions = made.precisions()
    assert precisions["car"] == 0.0
    # five right ones, the sixth human is never found: recall 5/6
    assert precisions["human"] == pytest.approx(84 / 101)


def test_recall_by_distance_and_by_visible_fraction() -> None:
    near, far = truth([0], distance=7.0), truth([0], distance=45.0)
    made = tally((near, answer([0], [0.9])), (far, None), (far, answer([0], [0.9])))
    assert made.by_bin("distance", (0.0, 10.0, 40.0, math.inf)) == [(1, 1), (0, 0), (1, 2)]
    assert made.by_bin("visible", (0.25, 0.75, math.inf)) == [(0, 0), (2, 3)]


def test_time_to_first_detection() -> None:
    frames = [(truth([0], time_s=0.1 * k), answer([0], [0.9]) if k >= 3 else None) for k in range(11)]
    made = tally(*frames)
    assert made.delays([1])[1] == pytest.approx((0.3, 1.0))
    assert made.first_detection([1]) == pytest.approx(0.7)
    assert tally(*frames[:3]).first_detection([1]) == 0.0  # never
    assert math.isnan(made.first_detection([9]))


def test_boxes_in_space_match_by_their_centres() -> None:
    solid = Answer(
        kind="boxes_3d",
        boxes=np.array([[12.0, 1.5, 0, 1, 1, 1, 0], [12.0, 12.5, 0, 1, 1, 1, 0]]),
        names=("person", "person"),
        scores=np.array([0.9, 0.9]),
    )
    match = matched(solid, truth([0, 0]), WANTED)
    assert np.isnan(match.found).tolist() == [False, True]  # 1.5 m and 2.5 m off


def test_intersection_over_union_of_maps() -> None:
    person, car, road = 50, 30, 1
    ids = np.array([[person, person, car, road]], np.uint16)
    said = np.array([[person, car, car, person]], np.int32)
    made = Tally(wanted=WANTED)
    made.add("front", truth([]), Answer(boxes=np.zeros((0, 4)), scores=np.zeros(0), map=said), ids)
    assert made.ious() == {"human": pytest.approx(1 / 3), "car": pytest.approx(1 / 2)}
    assert made.mean_iou() == pytest.approx(5 / 12)
    assert math.isnan(made.recall())
