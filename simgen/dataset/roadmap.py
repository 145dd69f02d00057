"""``map/``: lanes, kerbs and areas as ragged polylines, signals with their states over time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from simgen.dataset.arrays import put_array
from simgen.dataset.attributes import get_texts, put_texts, to_json
from simgen.dataset.schema import spec
from simgen.dataset.sections import Entries
from simgen.records.base import F8
from simgen.records.roads import Area, Kerb, Lane, RoadMap, Signal
from simgen.records.trajectory import Trajectory

_LANE_NUMBERS = {
    "width_m": spec("L", "f8", "m", "width"),
    "speed_limit_m_s": spec("L", "f8", "m/s", "speed limit"),
    "stop_at_m": spec("L", "f8", "m", "stop line, from the lane's start; NaN = none"),
    "paint_left": spec("L", "f8", "", "share of the markings beside it that is still there, by area"),
    "paint_contrast": spec("L", "f8", "", "what is left of their contrast with the road"),
}
_LANE_TEXTS = {
    "name": "name of the lane",
    "kind": "driving, bike, parking, shoulder, sidewalk or crosswalk",
    "left": "neighbour to the left in the same direction, if any",
    "right": "neighbour to the right in the same direction, if any",
    "signal": "signal that controls the lane's end, if any",
}
_SIGNAL_NUMBERS = ("green_s", "yellow_s", "red_s", "red_yellow_s", "offset_s")


def put_map(sequence: Any, road_map: RoadMap, trajectory: Trajectory, entries: Entries) -> None:
    """Write the map of a sequence."""
    group = sequence.create_group("map")
    _put_lanes(group.create_group("lanes"), road_map.lanes, entries)
    kerbs, areas = group.create_group("kerbs"), group.create_group("areas")
    put_texts(kerbs, "name", [k.name for k in road_map.kerbs], dim="L", doc="name of the kerb")
    clear = [to_json([list(s) for s in k.keep_clear_m]) for k in road_map.kerbs]
    put_texts(kerbs, "keep_clear_m", clear, dim="L", doc="stretches where nobody may park, JSON, m from the start")
    _put_lines(kerbs, "map/kerbs", [k.line for k in road_map.kerbs], "carriageway to the left", entries)
    put_texts(areas, "name", [a.name for a in road_map.areas], dim="L", doc="name of the area")
    put_texts(areas, "kind", [a.kind for a in road_map.areas], dim="L", doc="drivable, sidewalk, crosswalk ...")
    _put_lines(areas, "map/areas", [a.polygon for a in road_map.areas], "outline, counter-clockwise", entries)
    _put_signals(group.create_group("signals"), road_map.signals, trajectory, entries)


def get_map(sequence: Any) -> RoadMap:
    """The inverse of :func:`put_map`."""
    group = sequence["map"]
    kerbs, areas, signals = group["kerbs"], group["areas"], group["signals"]
    clear = [tuple(tuple(s) for s in json.loads(t)) for t in get_texts(kerbs, "keep_clear_m")]
    kerb_rows = zip(get_texts(kerbs, "name"), _get_lines(kerbs), clear, strict=True)
    area_rows: Any = zip(get_texts(areas, "name"), get_texts(areas, "kind"), _get_lines(areas), strict=True)
    numbers: dict[str, Any] = {name: signals[name][()].tolist() for name in _SIGNAL_NUMBERS}
    if "fault" in signals:
        numbers["fault"] = get_texts(signals, "fault")
    return RoadMap(
        lanes=_get_lanes(group["lanes"]),
        kerbs=tuple(Kerb(name=n, line=line, keep_clear_m=c) for n, line, c in kerb_rows),
        areas=tuple(Area(name=n, kind=k, polygon=p) for n, k, p in area_rows),
        signals=tuple(
            Signal(name=name, **{key: column[k] for key, column in numbers.items()})
            for k, name in enumerate(get_texts(signals, "name"))
        ),
    )


def _put_lanes(group: Any, lanes: Sequence[Lane], entries: Entries) -> None:
    for name, doc in _LANE_TEXTS.items():
        put_texts(group, name, [getattr(lane, name) for lane in lanes], dim="L", doc=doc)
    successors = [to_json(list(lane.successors)) for lane in lanes]
    put_texts(group, "successors", successors, dim="L", doc="lanes that continue this one, JSON")
    for name, declared in _LANE_NUMBERS.items():
        values = [getattr(lane, name) for lane in lanes]
        column = np.array([np.nan if v is None else v for v in values], np.float64)
        entries[f"map/lanes/{name}"] = put_array(group, name, column, declared)
    _put_lines(group, "map/lanes", [lane.centerline for lane in lanes], "centre line, direction of travel", entries)


def _get_lanes(group: Any) -> tuple[Lane, ...]:
    texts: dict[str, Any] = {name: get_texts(group, name) for name in _LANE_TEXTS}
    successors = [tuple(json.loads(t)) for t in get_texts(group, "successors")]
    numbers: dict[str, Any] = {n: group[n][()].tolist() for n in _LANE_NUMBERS if n in group}
    stop = [None if np.isnan(s) else s for s in numbers["stop_at_m"]]
    return tuple(
        Lane(
            centerline=line,
            successors=successors[k],
            **{name: column[k] for name, column in (texts | numbers | {"stop_at_m": stop}).items()},
        )
        for k, line in enumerate(_get_lines(group))
    )


def _put_signals(group: Any, signals: Sequence[Signal], trajectory: Trajectory, entries: Entries) -> None:
    put_texts(group, "name", [s.name for s in signals], dim="S", doc="name of the signal")
    put_texts(group, "fault", [s.fault for s in signals], dim="S", doc="dark or flashing_yellow; empty = it works")
    for name in _SIGNAL_NUMBERS:
        column = np.array([getattr(s, name) for s in signals], np.float64)
        entries[f"map/signals/{name}"] = put_array(group, name, column, spec("S", "f8", "s", f"cycle: {name[:-2]}"))
    doc = "index into (off, red, red_yellow, green, yellow), at trajectory/time_ns, per column of state_names"
    state = spec("K G", "u1", "", doc)
    entries["map/signals/state"] = put_array(group, "state", trajectory.signal_state, state)
    put_texts(group, "state_names", trajectory.signal_names, dim="G", doc="signal of each column of state")


def _put_lines(group: Any, path: str, lines: Sequence[F8], doc: str, entries: Entries) -> None:
    count = np.array([len(line) for line in lines], np.int64)
    points = np.concatenate(lines) if lines else np.zeros((0, 3))
    columns = {
        "offset": (np.cumsum(count) - count, spec("L", "i8", "", "first row in points")),
        "count": (count, spec("L", "i8", "", "rows in points")),
        "points": (points, spec("P 3", "f8", "m", doc)),
    }
    for name, (value, declared) in columns.items():
        entries[f"{path}/{name}"] = put_array(group, name, value, declared)


def _get_lines(group: Any) -> list[F8]:
    points = group["points"][()]
    offsets, counts = group["offset"][()].tolist(), group["count"][()].tolist()
    return [points[o : o + c] for o, c in zip(offsets, counts, strict=True)]
