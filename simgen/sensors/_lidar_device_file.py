"""Reads a lidar's device file and checks it: every complaint names file, line, column, field and reason."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import Fault, SceneError
from simgen.records.base import F8, I8
from simgen.sensors._lidar_device import LidarDevice
from simgen.sensors._lidar_pattern_file import check_timing, is_raster, pattern_of, pattern_section, rows_of, timing_of
from simgen.yaml.fields import Fields
from simgen.yaml.nodes import ListNode, MapNode, ScalarNode, describe
from simgen.yaml.text import FileKind, parse, read_text

_KIND: Final = FileKind(noun="device", start="a device starts with its name")
_TOP: Final = (
    *("name", "maker", "wavelength_nm", "divergence_mrad", "pulse_ns", "overlap_m", "aperture_mm", "bandwidth_nm"),
    *("return_modes", "range", "reflectance", "pattern", "lasers"),
)
_RANGE: Final = ("min_m", "max_m", "at_10_percent_m", "probability_there", "accuracy_m", "resolution_m")
_OFFSETS: Final = {"azimuth_deg": 360.0, "lateral_m": 1.0, "height_m": 1.0, "radial_m": 1.0}
_RETURNS: Final = ("first", "strongest", "second", "last")


def read_device(path: Path) -> LidarDevice:
    """The device of a file.

    Raises:
        SceneError: the file cannot be read, or is wrong; all its faults at once.
    """
    text, faults = read_text(path, _KIND), list[Fault]()
    root = parse(text, str(path), _KIND)
    if not isinstance(root, MapNode):
        message = f"a device file must be a mapping, not {describe(root)}"
        raise SceneError((Fault(file=str(path), line=root.line, column=root.column, message=message),))
    fields = _device(Fields(str(path), root, "", _TOP, faults))
    if faults:
        raise SceneError(tuple(sorted(faults, key=lambda fault: (fault.line, fault.column))))
    return LidarDevice(notes=_notes(text), **fields)


def _notes(text: str) -> str:
    """The comments at the top of a file, as one paragraph a line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return "\n".join(lines)


def _device(top: Fields) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": top.word("name"),
        "maker": top.word("maker") if "maker" in top else "",
        "wavelength_nm": top.number("wavelength_nm", above=200.0, high=20000.0),
        "pulse_ns": top.number("pulse_ns", above=0.0, high=1000.0),
        "overlap_m": top.pair("overlap_m", above=-1e-9),
        "aperture_m": 1e-3 * top.number("aperture_mm", above=0.0, high=1000.0, default=20.0),
        "bandwidth_nm": top.number("bandwidth_nm", above=0.0, high=1000.0, default=20.0),
        "return_modes": _return_modes(top),
        **_ranges(top.section("range", _RANGE)),
        **_reflectance(top.section("reflectance", ("step", "white_byte"))),
    }
    horizontal, vertical = top.pair("divergence_mrad", above=0.0, high=100.0, rising=False)
    fields["divergence_hv_rad"] = 1e-3 * horizontal, 1e-3 * vertical
    pattern = pattern_section(top)
    raster = pattern is not None and is_raster(pattern)
    if raster and "lasers" in top:
        top.wrong("lasers", "has no place in a raster, whose rows are its lasers")
    fields |= {} if raster else _lasers(top)
    if pattern is not None:
        fields |= timing_of(pattern) | (rows_of(pattern) if raster else {})
        check_timing(top, pattern, fields)
        fields["pattern"] = pattern_of(pattern, fields)
    return fields


def _return_modes(top: Fields) -> tuple[tuple[str, ...], ...]:
    node = top.get("return_modes")
    words = f"a list of modes, each a list of up to 3 of {', '.join(_RETURNS)}"
    if node is None:
        return ()
    modes = []
    for mode in node.items if isinstance(node, ListNode) else ():
        items = mode.items if isinstance(mode, ListNode) else ()
        names = [item.value if isinstance(item, ScalarNode) else None for item in items]
        if not 1 <= len(names) <= 3 or len(set(names)) < len(names) or not set(names) <= set(_RETURNS):
            top.fault(mode, f"return_modes must be {words}")
        modes.append(tuple(str(name) for name in names))
    if not modes:
        top.wrong("return_modes", f"must be {words}, not {describe(node)}")
    return tuple(modes)


def _ranges(section: Fields | None) -> dict[str, Any]:
    if section is None:
        return {}
    least, most = section.number("min_m", above=0.0), section.number("max_m", above=0.0)
    if least >= most:
        section.wrong("min_m", f"must be less than range.max_m ({most:g}), not {least:g}")
    return {
        "min_range_m": least,
        "max_range_m": most,
        "range_10_m": section.number("at_10_percent_m", above=0.0),
        "probability_there": section.number("probability_there", above=0.0, high=0.999),
        "accuracy_m": section.number("accuracy_m", above=0.0),
        "resolution_m": section.number("resolution_m", above=0.0),
    }


def _reflectance(section: Fields | None) -> dict[str, Any]:
    if section is None:
        return {}
    white = section.whole("white_byte", 1, 255)
    return {"reflectance_step": section.number("step", above=0.0, high=1.0), "reflectance_white": white}


def _lasers(top: Fields) -> dict[str, Any]:
    section = top.section("lasers", ("channels", "id", "elevation_deg", "time_us", *_OFFSETS))
    if section is None:
        return {}
    count = section.whole("channels", 1, 4096)
    time_us = _column(section, "time_us", count, 0.0, 1e6)
    for k, (before, after) in enumerate(pairwise(time_us)):
        if after < before:
            where = section.node.values["time_us"]
            item = where.items[k + 1] if isinstance(where, ListNode) else where
            said = f"must not fall, as {after:g} after {before:g} does; list the lasers in firing order"
            section.fault(item, f"lasers.time_us[{k + 1}] {said}")
            break
    offsets = {key: _column(section, key, count, -limit, limit) for key, limit in _OFFSETS.items()}
    return {
        "ident": _idents(section, count),
        "elevation": np.radians(_column(section, "elevation_deg", count, -90.0, 90.0, needed=True)),
        "azimuth": np.radians(offsets["azimuth_deg"]),
        "time_ns": 1e3 * time_us,
        "lateral": offsets["lateral_m"],
        "height": offsets["height_m"],
        "radial": offsets["radial_m"],
    }


def _idents(section: Fields, count: int) -> I8:
    if "id" not in section:
        return np.arange(count, dtype=np.int64)
    ident = _column(section, "id", count, 0.0, 65535.0)
    if len(np.unique(ident)) < len(ident) or (ident != np.floor(ident)).any():
        section.wrong("id", "must be different whole numbers")
        return np.arange(count, dtype=np.int64)
    return ident.astype(np.int64)


def _column(section: Fields, key: str, count: int, low: float, high: float, *, needed: bool = False) -> F8:
    """One number a laser; a single number holds for all, and what is not needed is 0."""
    if key not in section and not needed:
        return np.zeros(count)
    node = section.node.values.get(key)
    if isinstance(node, ScalarNode):
        return np.full(count, section.number(key, above=low - 1e-12, high=high))
    values = np.array(section.numbers(key, low=low, high=high))
    if len(values) and count and len(values) != count:
        section.wrong(key, f"has {len(values)} number{'s' * (len(values) != 1)}, but lasers.channels is {count}")
    return values if len(values) == count else np.zeros(count)
