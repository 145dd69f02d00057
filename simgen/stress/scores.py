"""From the matches of a scene's frames to its scores: 1 is best, 0 is worst, nan = there was nothing to find."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from simgen.records.base import F8, I8, Bool
from simgen.stress.contract import Answer
from simgen.stress.matching import Matched, matched
from simgen.stress.truth import Truth, Wanted

#: edges of the bins of recall by distance (m) and by visible fraction
DISTANCES: Final = (0.0, 5.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, math.inf)
FRACTIONS: Final = (0.25, 0.5, 0.75, 0.95, math.inf)
#: frames in which an object must be in view to be asked for by itself
_FRAMES: Final = 3


@dataclass
class Tally:
    """Everything that the scores of a scene are made of."""

    wanted: Wanted
    #: from which score on a detection counts, except for the average precision
    confidence: float = 0.5
    frames: list[tuple[str, Truth, Matched]] = field(default_factory=list)
    #: pixels or points by class looked for: in both, in the truth, in the answer
    both: I8 = field(init=False)
    true: I8 = field(init=False)
    said: I8 = field(init=False)
    has_map: bool = False

    def __post_init__(self) -> None:
        self.both, self.true, self.said = (np.zeros(len(self.wanted.names), np.int64) for _ in range(3))

    def add(self, sensor: str, truth: Truth, answer: Answer | None, ids: Any) -> None:
        """One frame of one sensor; ``ids`` are the true taxonomy ids of its pixels or points."""
        if answer is None or answer.kind or answer.map is None:
            self.frames.append((sensor, truth, matched(answer, truth, self.wanted)))
        if answer is not None and answer.map is not None and ids is not None:
            self.has_map = True
            table, count = self.wanted.table(), len(self.wanted.names)
            true, said = table[ids.ravel()], table[answer.map.ravel()]
            self.both += np.bincount(true[(true >= 0) & (true == said)], minlength=count)
            self.true += np.bincount(true[true >= 0], minlength=count)
            self.said += np.bincount(said[said >= 0], minlength=count)

    # ------------------------------------------------------------------------------------------------ scores

    def worst_recall(self) -> float:
        """The share of the frames in which the one who is found least is found, of those in which it is in view."""
        rows = [row for row in self.objects() if row["frames"] >= self._enough()]
        return min((row["recall"] for row in rows), default=math.nan)

    def recall(self) -> float:
        """The share of the objects in all frames that is found."""
        hits = np.concatenate([np.zeros(0, bool), *(self._hits(t, m)[t.counts] for _, t, m in self.frames)])
        return float(hits.mean()) if len(hits) else math.nan

    def average_precision(self) -> float:
        """The mean of the classes' average precision."""
        values = [v for v in self.precisions().values() if not math.isnan(v)]
        return float(np.mean(values)) if values else math.nan

    def first_detection(self, hazards: Iterable[int]) -> float:
        """The share of its time in view that is left when a hazard is first found; the worst of several."""
        left = []
        for delay, duration in self.delays(hazards).values():
            left.append(0.0 if math.isinf(delay) else 1.0 - delay / duration if duration > 0.0 else 1.0)
        return min(left, default=math.nan)

    def mean_iou(self) -> float:
        """The mean over classes of intersection over union of pixels or points."""
        values = [v for v in self.ious().values() if not math.isnan(v)]
        return float(np.mean(values)) if values else math.nan

    # ------------------------------------------------------------------------------------------------ in detail

    def precisions(self) -> dict[str, float]:
        """Average precision by class."""
        found = {}
        for k, name in enumerate(self.wanted.names):
            count = sum(int((truth.counts & (truth.kind == k)).sum()) for _, truth, _ in self.frames)
            scores = np.concatenate([np.zeros(0), *(m.scores[m.kind == k] for _, _, m in self.frames)])
            right = np.concatenate([np.zeros(0, bool), *(m.right[m.kind == k] for _, _, m in self.frames)])
            found[name] = average_precision(scores, right, count)
        return found

    def ious(self) -> dict[str, float]:
        """Intersection over union of the maps by class."""
        union = self.true + self.said - self.both
        values = zip(self.wanted.names, self.both.tolist(), union.tolist(), strict=True)
        return {name: both / every if every else math.nan for name, both, every in values}

    def objects(self) -> list[dict[str, Any]]:
        """By sensor and object: in how many frames it counts, in which share it is found, where it is."""
        rows: dict[tuple[str, int], list[tuple[bool, float, float]]] = {}
        for sensor, truth, match in self.frames:
            hits = self._hits(truth, match)
            for k in np.flatnonzero(truth.counts):
                key = (sensor, int(truth.instance[k]))
                rows.setdefault(key, []).append((bool(hits[k]), float(truth.distance[k]), float(truth.visible[k])))
        return [_object(sensor, instance, seen) for (sensor, instance), seen in rows.items()]

    def by_bin(self, column: str, edges: tuple[float, ...]) -> list[tuple[int, int]]:
        """Found and all objects by ``distance`` or ``visible`` fraction."""
        values = np.concatenate([np.zeros(0), *(getattr(t, column)[t.counts] for _, t, _ in self.frames)])
        hits = np.concatenate([np.zeros(0, bool), *(self._hits(t, m)[t.counts] for _, t, m in self.frames)])
        place = np.digitize(values, edges) - 1
        return [(int(hits[place == k].sum()), int((place == k).sum())) for k in range(len(edges) - 1)]

    def delays(self, hazards: Iterable[int]) -> dict[int, tuple[float, float]]:
        """By instance: seconds from when a hazard is in view to when it is first found, and to when it is last seen."""
        found = {}
        for hazard in hazards:
            seen = sorted(
                (truth.time_ns, bool(self._hits(truth, match)[k]))
                for _, truth, match in self.frames
                for k in np.flatnonzero((truth.instance == hazard) & truth.counts)
            )
            if seen:
                first = next((time for time, hit in seen if hit), None)
                delay = math.inf if first is None else (first - seen[0][0]) / 1e9
                found[hazard] = (delay, (seen[-1][0] - seen[0][0]) / 1e9)
        return found

    def _hits(self, truth: Truth, match: Matched) -> Bool:
        return np.asarray(np.nan_to_num(match.found, nan=-1.0) >= self.confidence)

    def _enough(self) -> int:
        counts: dict[str, int] = {}
        for sensor, _, _ in self.frames:
            counts[sensor] = counts.get(sensor, 0) + 1
        return min(_FRAMES, max(counts.values(), default=0))


def _object(sensor: str, instance: int, seen: list[tuple[bool, float, float]]) -> dict[str, Any]:
    hits, distances, fractions = (np.array(column, np.float64) for column in zip(*seen, strict=True))
    return {
        "sensor": sensor,
        "instance": instance,
        "frames": len(seen),
        "recall": float(hits.mean()),
        "distance_m": round(float(np.median(distances)), 3),
        "visible": round(float(np.median(fractions)), 3),
    }


def average_precision(scores: F8, right: Bool, count: int) -> float:
    """COCO's: the mean, over 101 recalls from 0 to 1, of the greatest precision at that recall or more.

    ``count`` is the number of objects; nan if there are none.
    """
    if count == 0:
        return math.nan
    order = np.argsort(-scores, kind="mergesort")
    hits = np.cumsum(right[order])
    recall, precision = hits / count, hits / np.arange(1, len(order) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    place = np.searchsorted(recall, np.linspace(0.0, 1.0, 101), side="left")
    padded = np.append(precision, 0.0)
    return float(padded[np.minimum(place, len(order))].mean())


#: what a scene can be scored by
METRICS: Final[Mapping[str, Callable[[Tally, tuple[int, ...]], float]]] = {
    "worst_recall": lambda tally, _: tally.worst_recall(),
    "recall": lambda tally, _: tally.recall(),
    "average_precision": lambda tally, _: tally.average_precision(),
    "first_detection": lambda tally, hazards: tally.first_detection(hazards),
    "mean_iou": lambda tally, _: tally.mean_iou(),
}

__all__ = ["DISTANCES", "FRACTIONS", "METRICS", "Tally", "average_precision"]
