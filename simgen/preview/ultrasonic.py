"""Panel of an ultrasonic ranger: the pressure heard over range, and the echo that it reports."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from simgen.preview.camera import Panel
from simgen.preview.colors import EMPTY
from simgen.records.base import F4, U1
from simgen.records.ultrasonic import ECHO_FALSE, EchoFrame
from simgen.taxonomy import class_name

_WIDTH, _HEIGHT = 900, 506
_LEFT, _RIGHT, _TOP, _BOTTOM = 104, 870, 24, 446
#: pressures that are drawn, dB
_FLOOR_DB: Final = -80.0
_INK: Final = (150, 156, 166)
_MARK: Final = (255, 186, 64)


def echo_panels(name: str, frame: EchoFrame) -> list[Panel]:
    """One diagram: the envelope if it is stored, and the first echo with its source."""
    reach = _reach(frame)
    picture = np.full((_HEIGHT, _WIDTH, 3), EMPTY, np.uint8)
    _axes(picture, reach)
    if frame.envelope is not None:
        _curve(picture, frame.envelope)
    distance = float(frame.range[0])
    if not math.isfinite(distance):
        return [(f"{name}: no echo", picture)]
    source = "another device" if frame.flags[0] & ECHO_FALSE else class_name(int(frame.semantic[0]))
    if frame.instance[0]:
        source += f", instance {int(frame.instance[0])}"
    x, y = _x(distance / reach), _y(_decibel(float(frame.amplitude[0])))
    cv2.line(picture, (x, _TOP), (x, _BOTTOM), _MARK, 2, cv2.LINE_AA)
    cv2.circle(picture, (x, y), 7, _MARK, -1, cv2.LINE_AA)
    return [(f"{name}: first echo {distance:.2f} m, from {source}", picture)]


def _reach(frame: EchoFrame) -> float:
    """Farthest range of the diagram: steps of 1 cm, the usual resolution, or a little more than the echo."""
    if frame.envelope is not None:
        return 0.01 * len(frame.envelope)
    distance = float(frame.range[0])
    return max(5.5, math.ceil(distance)) if math.isfinite(distance) else 5.5


def _decibel(amplitude: float) -> float:
    return 20.0 * math.log10(max(amplitude, 1e-9))


def _x(share: float) -> int:
    return round(_LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT))


def _y(decibel: float) -> int:
    return round(_BOTTOM + min(max(decibel / _FLOOR_DB - 1.0, -1.2), 0.0) * (_BOTTOM - _TOP) / 1.2)


def _curve(picture: U1, envelope: F4) -> None:
    level = np.array([_y(_decibel(float(a))) for a in envelope])
    x = np.array([_x((k + 0.5) / len(envelope)) for k in range(len(envelope))])
    area = np.concatenate([[[x[0], _BOTTOM]], np.stack([x, level], -1), [[x[-1], _BOTTOM]]]).astype(np.int32)
    cv2.fillPoly(picture, [area], (40, 84, 110))
    cv2.polylines(picture, [area[1:-1]], False, (110, 200, 240), 2, cv2.LINE_AA)


def _axes(picture: U1, reach: float) -> None:
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.7
    for decibel in range(-80, 1, 20):
        y = _y(decibel)
        cv2.line(picture, (_LEFT, y), (_RIGHT, y), (48, 52, 58), 1)
        cv2.putText(picture, f"{decibel} dB", (8, y + 5), font, size, _INK, 1, cv2.LINE_AA)
    for metre in range(math.floor(reach) + 1):
        x = _x(metre / reach)
        cv2.line(picture, (x, _TOP), (x, _BOTTOM), (48, 52, 58), 1)
        cv2.putText(picture, f"{metre} m", (x - 16, _BOTTOM + 34), font, size, _INK, 1, cv2.LINE_AA)
