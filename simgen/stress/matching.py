"""Which detection found which object in a frame, as COCO decides it: by falling score, each takes the best left.

Boxes match from an intersection over union of 0.5 on; boxes in space, as nuScenes has it, from 2 m between their
centres seen from above. What matches an object that is hardly in view is neither right nor wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8, I4, Bool
from simgen.stress.contract import Answer
from simgen.stress.truth import Truth, Wanted

#: least intersection over union, and largest distance between centres, m
OVERLAP: Final = 0.5
CENTERS_M: Final = 2.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Matched:
    """The detections of a frame, and what they found."""

    #: by object: score of the detection that found it; nan = none did
    found: F8
    #: by detection: score, class looked for, and whether it found something; ignored ones are left out
    scores: F8
    kind: I4
    right: Bool


def matched(answer: Answer | None, truth: Truth, wanted: Wanted) -> Matched:
    """Match a frame's detections; no answer = no detections."""
    found = np.full(len(truth.instance), np.nan)
    if answer is None or not answer.kind:
        return Matched(found=found, scores=np.zeros(0), kind=np.zeros(0, np.int32), right=np.zeros(0, bool))
    kind = np.array([wanted.of_name(name) for name in answer.names], np.int32)
    closeness = _closeness(answer, truth)
    state = np.zeros(len(kind), np.int8)  # 1 = right, 0 = wrong, -1 = ignored
    for row in np.argsort(-answer.scores, kind="stable"):
        if kind[row] < 0:
            state[row] = -1
            continue
        near = np.where((truth.kind == kind[row]) & np.isnan(found), closeness[row], -1.0)
        best = _best(near, truth.counts)
        if best is not None:
            found[best] = answer.scores[row]
            state[row] = 1 if truth.counts[best] else -1
    kept = state >= 0
    return Matched(found=found, scores=answer.scores[kept], kind=kind[kept], right=state[kept] == 1)


def _best(near: F8, counts: Bool) -> int | None:
    """The nearest object that counts, else the nearest one that does not."""
    for allowed in (counts, ~counts):
        held = np.where(allowed, near, -1.0)
        if len(held) and held.max() >= 0.0:
            return int(held.argmax())
    return None


def _closeness(answer: Answer, truth: Truth) -> F8:
    """By detection and object: at least 0 where they match, the more the better."""
    if answer.kind == "boxes":
        overlap = overlaps(answer.boxes, truth.box_px)
        return np.where(overlap >= OVERLAP, overlap, -1.0)
    apart = np.hypot(
        answer.boxes[:, None, 0] - truth.box_3d[None, :, 0], answer.boxes[:, None, 1] - truth.box_3d[None, :, 1]
    )
    return np.where(apart <= CENTERS_M, 1.0 - apart / CENTERS_M, -1.0)


def overlaps(a: F8, b: F8) -> F8:
    """Intersection over union of every box of one list with every box of another."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = np.clip(high - low, 0.0, None).prod(axis=2)
    area_a, area_b = ((x[:, 2:] - x[:, :2]).prod(axis=1) for x in (a, b))
    union = area_a[:, None] + area_b[None] - both
    share: F8 = np.where(union > 0.0, both / np.where(union > 0.0, union, 1.0), 0.0)
    return share
