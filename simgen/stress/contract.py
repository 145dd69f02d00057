"""What a perception function is given and what it may answer; anything else is its failure, in words.

It is called once per instant, in time order, with a dict of its own: ``time_s``, and for every sensor that took a frame
at that instant a dict of arrays under the sensor's name (docs/stress.md lists them). It answers with a dict:

- ``boxes`` (N, 4) px, or ``boxes_3d`` (N, 7) in the sensor's frame, with ``classes`` (N names) and ``scores`` (N, 0..1)
- ``mask`` (H, W), or ``point_classes`` (P,): taxonomy ids

or, where it looks at several sensors, with a dict of such dicts by sensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np

from simgen.records.base import F8, I4
from simgen.taxonomy import classes as taxonomy

#: more detections in one frame than these are nonsense
MOST: Final = 10_000
#: what stands for boxes, and how many columns it has
_COLUMNS: Final = {"boxes": 4, "boxes_3d": 7}
_MAPS: Final = ("mask", "point_classes")
KEYS: Final = (*_COLUMNS, *_MAPS, "classes", "scores")


class ModelFaultError(Exception):
    """The function did something that it must not; the message says what."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """What was found in one sensor's frame."""

    #: boxes or boxes_3d, or an empty text
    kind: str = ""
    boxes: F8
    names: tuple[str, ...] = ()
    scores: F8
    #: taxonomy ids of pixels, (H, W), or of points, (P,)
    map: I4 | None = None


def known_names() -> frozenset[str]:
    """Names that a class may have: those of the taxonomy, and those of its groups such as ``human``."""
    return frozenset(name for info in taxonomy().values() for name in (info.name, info.parent))


def read_answers(raw: object, frame: Mapping[str, Any]) -> dict[str, Answer]:
    """What a function returned, by sensor.

    Raises:
        ModelFaultError: it is nothing of the kind, with what is wrong about it.
    """
    if not isinstance(raw, Mapping):
        raise ModelFaultError(f"returned {_said(raw)}, not a dict")
    sensors = [name for name, value in frame.items() if isinstance(value, Mapping) and name != "truth"]
    if raw and all(isinstance(key, str) and key in sensors for key in raw):
        return {name: _answer(value, frame[name], f"{name}: ") for name, value in raw.items()}
    unknown = [str(key) for key in islice(raw, MOST) if key not in KEYS]
    if unknown:
        raise ModelFaultError(f"returned the unknown key {unknown[0]!r}; there are {', '.join(KEYS)}, or the sensors")
    able = _able(raw, frame, sensors)
    if len(able) != 1:
        raise ModelFaultError(
            f"must say of which sensor it speaks, {' or '.join(able or sensors)}: {{sensor: {{...}}}}"
        )
    return {able[0]: _answer(raw, frame[able[0]], "")}


def _able(raw: Mapping[Any, Any], frame: Mapping[str, Any], sensors: list[str]) -> list[str]:
    """The sensors that an answer without a name may be about."""
    if len(sensors) < 2:
        return sensors
    flat = "boxes" in raw or "mask" in raw
    solid = "boxes_3d" in raw or "point_classes" in raw
    fits = [name for name in sensors if ("rgb" in frame[name] and flat) or ("points" in frame[name] and solid)]
    return fits or sensors


def _answer(raw: object, given: Mapping[str, Any], where: str) -> Answer:
    if not isinstance(raw, Mapping):
        raise ModelFaultError(f"{where}returned {_said(raw)}, not a dict")
    kinds = [key for key in _COLUMNS if key in raw]
    if len(kinds) == 2:
        raise ModelFaultError(f"{where}returned boxes and boxes_3d of one sensor; give one of them")
    kind = kinds[0] if kinds else ""
    boxes = _numbers(raw.get(kind, ()), where + (kind or "boxes"), _COLUMNS.get(kind, 4))
    scores = _numbers(raw.get("scores", ()), where + "scores", 0)
    names = _names(raw.get("classes", ()), where)
    for what, count in (("scores", len(scores)), ("classes", len(names))):
        if count != len(boxes):
            raise ModelFaultError(f"{where}returned {len(boxes)} boxes, but {count} {what}")
    if len(scores) and (scores.min() < 0.0 or scores.max() > 1.0):
        raise ModelFaultError(f"{where}scores must be from 0 to 1, not {float(scores[np.argmax(abs(scores - 0.5))]):g}")
    _check_sizes(boxes, kind, where)
    return Answer(kind=kind, boxes=boxes, names=names, scores=scores, map=_map(raw, given, where))


def _numbers(raw: object, what: str, columns: int) -> F8:
    """Rows of numbers, all finite; ``columns`` = 0: a plain list."""
    rows = _listed(raw, what)
    try:
        array = np.asarray(rows)
    except (TypeError, ValueError) as error:
        raise ModelFaultError(f"{what} are no table of numbers: {error}") from None
    if array.size == 0:
        return np.zeros((0, columns) if columns else 0)
    if array.dtype.kind not in "fiu":
        raise ModelFaultError(f"{what} must be numbers, not {array.dtype}")
    shape = (len(rows), columns) if columns else (len(rows),)
    if array.shape != shape:
        wanted = f"(N, {columns})" if columns else "(N,)"
        raise ModelFaultError(f"{what} must have the shape {wanted}, not {array.shape}")
    if not np.isfinite(array).all():
        raise ModelFaultError(f"{what} hold nan or infinity")
    return array.astype(np.float64)


def _listed(raw: object, what: str) -> Any:
    """Something that can be gone through, but not for ever."""
    if isinstance(raw, np.ndarray):
        if raw.ndim == 0:
            raise ModelFaultError(f"{what} must be a list, not one number")
        listed: Any = raw
    elif isinstance(raw, str | bytes | Mapping) or not hasattr(raw, "__iter__"):
        raise ModelFaultError(f"{what} must be a list, not {_said(raw)}")
    else:
        listed = list(islice(iter(raw), MOST + 1))
    if len(listed) > MOST:
        raise ModelFaultError(f"{what}: more than {MOST} in one frame")
    return listed


def _names(raw: object, where: str) -> tuple[str, ...]:
    known, by_id = known_names(), {info.id: info.name for info in taxonomy().values()}
    names = []
    for value in _listed(raw, where + "classes"):
        name = by_id.get(int(value)) if isinstance(value, int | np.integer) else value
        if not isinstance(name, str) or name not in known:
            raise ModelFaultError(f"{where}unknown class {value!r}; classes are those of the taxonomy, or its groups")
        names.append(str(name))
    return tuple(names)


def _check_sizes(boxes: F8, kind: str, where: str) -> None:
    if kind == "boxes" and (boxes[:, 2:] <= boxes[:, :2]).any():
        raise ModelFaultError(f"{where}boxes must be x_min, y_min, x_max, y_max, each maximum above its minimum")
    if kind == "boxes_3d" and (boxes[:, 3:6] <= 0.0).any():
        raise ModelFaultError(f"{where}boxes_3d must have lengths, widths and heights above 0")


def _map(raw: Mapping[Any, Any], given: Mapping[str, Any], where: str) -> I4 | None:
    key = next((key for key in _MAPS if key in raw), None)
    if key is None:
        return None
    wanted = given["rgb"].shape[:2] if key == "mask" and "rgb" in given else None
    wanted = given["points"].shape[:1] if key == "point_classes" and "points" in given else wanted
    if wanted is None:
        raise ModelFaultError(f"{where}a {key} is no answer to what this sensor gives")
    array = np.asarray(raw[key])
    if array.dtype.kind not in "iu":
        raise ModelFaultError(f"{where}{key} must be whole numbers, not {array.dtype}")
    if array.shape != wanted:
        raise ModelFaultError(f"{where}{key} must have the shape {wanted}, not {array.shape}")
    if array.size and (array.min() < 0 or array.max() > 65535):
        raise ModelFaultError(f"{where}{key} must be taxonomy ids, not {array.min()} to {array.max()}")
    return array.astype(np.int32)


def _said(raw: object) -> str:
    return "None" if raw is None else f"a {type(raw).__name__}"
