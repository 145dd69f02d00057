"""Pictures of what a function found and missed: over the image of a camera, or on a lidar's points seen from above."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from simgen.records.base import F8, U1, Bool
from simgen.records.frames import CameraFrame, Frame, LidarFrame
from simgen.stress.contract import Answer
from simgen.stress.matching import matched
from simgen.stress.truth import Truth, Wanted

#: missed, found, not asked for, and what was answered but is not there
MISSED: Final = (214, 39, 40)
FOUND: Final = (44, 160, 44)
UNASKED: Final = (150, 150, 150)
WRONG: Final = (255, 165, 0)
#: the edge of a lidar's picture, px, and how far it reaches at least and at most, m
_EDGE: Final = 540
_REACH_M: Final = (15.0, 80.0)


def drawn(
    frame: Frame, truth: Truth, answer: Answer | None, wanted: Wanted, confidence: float
) -> tuple[U1 | None, int]:
    """A picture, (H, W, 3) sRGB, and how many objects were missed in it."""
    match = matched(answer, truth, wanted)
    hit = np.asarray(np.nan_to_num(match.found, nan=-1.0) >= confidence)
    missed = int((truth.counts & ~hit).sum()) if answer is None or answer.map is None else 0
    if isinstance(frame, CameraFrame) and frame.rgb is not None:
        return _image(frame.rgb, truth, answer, hit, confidence), missed
    if isinstance(frame, LidarFrame):
        return _top_view(frame.points.xyz.astype(np.float64), truth, answer, hit, confidence), missed
    return None, missed


def _colors(truth: Truth, hit: Bool) -> list[tuple[int, int, int]]:
    pairs = zip(truth.counts, hit, strict=True)
    return [(FOUND if found else MISSED) if counts else UNASKED for counts, found in pairs]


def _image(rgb: U1, truth: Truth, answer: Answer | None, hit: Bool, confidence: float) -> U1:
    picture = np.ascontiguousarray(rgb.copy())
    if answer is not None and answer.map is not None:
        edges = (np.diff(answer.map, axis=0, append=0) != 0) | (np.diff(answer.map, axis=1, append=0) != 0)
        picture[edges] = WRONG
    for box in answer.boxes[answer.scores >= confidence] if answer is not None and answer.kind == "boxes" else ():
        _rectangle(picture, box, WRONG, 1)
    for box, color in zip(truth.box_px, _colors(truth, hit), strict=True):
        _rectangle(picture, box + np.array([-2, -2, 2, 2]), color, 2 if color is not UNASKED else 1)
    return picture


def _rectangle(picture: U1, box: F8, color: tuple[int, int, int], width: int) -> None:
    height, across = picture.shape[:2]
    corners = np.clip(np.round(box), -10, max(height, across) + 10).astype(int)
    cv2.rectangle(picture, (corners[0], corners[1]), (corners[2], corners[3]), color, width, cv2.LINE_AA)


def _top_view(xyz: F8, truth: Truth, answer: Answer | None, hit: Bool, confidence: float) -> U1:
    """The sensor in the middle, its x axis up."""
    reach = max([_REACH_M[0], *(1.15 * truth.distance[truth.counts])])
    scale = 0.5 * _EDGE / min(reach, _REACH_M[1])
    picture = np.full((_EDGE, _EDGE, 3), 255, np.uint8)
    place = _pixels(xyz[:, :2], scale)
    kept = ((place >= 0) & (place < _EDGE)).all(axis=1)
    picture[place[kept, 1], place[kept, 0]] = (90, 100, 120)
    if answer is not None and answer.kind == "boxes_3d":
        for box in answer.boxes[answer.scores >= confidence]:
            _outline(picture, box, scale, WRONG, 1)
    for box, color in zip(truth.box_3d, _colors(truth, hit), strict=True):
        _outline(picture, box, scale, color, 2)
    cv2.drawMarker(picture, (_EDGE // 2, _EDGE // 2), (0, 0, 0), cv2.MARKER_CROSS, 10, 1)
    return picture


def _pixels(xy: F8, scale: float) -> np.ndarray:
    return np.stack([_EDGE / 2 - scale * xy[:, 1], _EDGE / 2 - scale * xy[:, 0]], 1).astype(np.int64)


def _outline(picture: U1, box: F8, scale: float, color: tuple[int, int, int], width: int) -> None:
    # small things must still be seen
    length, across = (max(float(edge), 6.0 / scale) / 2.0 for edge in box[3:5])
    corners = np.array([[length, across], [length, -across], [-length, -across], [-length, across]])
    cos, sin = math.cos(float(box[6])), math.sin(float(box[6]))
    turned = np.stack([cos * corners[:, 0] - sin * corners[:, 1], sin * corners[:, 0] + cos * corners[:, 1]], 1)
    points = _pixels(turned + box[:2], scale).astype(np.int32)
    cv2.polylines(picture, [points], True, color, width, cv2.LINE_AA)
