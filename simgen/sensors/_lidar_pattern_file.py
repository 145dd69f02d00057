"""Reads the ``pattern`` of a lidar's device file: how its beams move, when they fire, and whether that can be."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from simgen.sensors._lidar_pattern import (
    SHAPES,
    Axis,
    Mirrors,
    Pattern,
    Prism,
    Raster,
    Risley,
    Rotating,
    through_prisms,
    unit,
)
from simgen.yaml.fields import Fields
from simgen.yaml.nodes import MapNode

#: keys of each type of pattern, besides ``type`` and ``rate_hz``
_PATTERNS: Final = {
    "rotating": ("clockwise", "cycle_us", "columns"),
    "risley": ("cycle_us", "prisms"),
    "mirrors": ("cycle_us", "azimuth", "elevation"),
    "raster": ("columns", "rows", "hfov_deg", "vfov_deg", "row_us"),
}
#: nothing turns faster than this, Hz; no device fires more often, firings/s
_FASTEST_HZ: Final = 1000.0
_MOST_FIRINGS: Final = 1e8


def is_raster(pattern: Fields) -> bool:
    """Whether the rows of the pattern are the lasers."""
    return pattern.node.text("type") == "raster"


def pattern_section(top: Fields) -> Fields | None:
    """The pattern, if its type is known: what else may stand in it depends on that."""
    node = top.node.values.get("pattern")
    kind = node.text("type") if isinstance(node, MapNode) else None
    if kind in _PATTERNS:
        return top.section("pattern", ("type", "rate_hz", *_PATTERNS[kind]))
    every = {key for keys in _PATTERNS.values() for key in keys}
    section = top.section("pattern", ("type", "rate_hz", *every))
    if section is not None:
        section.word("type", tuple(_PATTERNS))
    return None


def timing_of(pattern: Fields) -> dict[str, Any]:
    """Rates, and either the time between columns or their number."""
    rate = pattern.pair("rate_hz", above=0.0, high=_FASTEST_HZ)
    given = [key for key in ("cycle_us", "columns") if key in pattern]
    allowed = [key for key in ("cycle_us", "columns") if key in _PATTERNS[pattern.node.text("type") or ""]]
    cycle_ns, columns = 0.0, 0
    if len(allowed) == 2 and len(given) != 1:
        pattern.fault(pattern.node, "pattern needs either cycle_us or columns")
    elif (given if len(allowed) == 2 else allowed) == ["columns"]:
        columns = pattern.whole("columns", 1, 100_000)
    else:
        cycle_ns = 1e3 * pattern.number("cycle_us", above=0.0, high=1e6)
    return {"rate_hz": rate, "cycle_ns": cycle_ns, "columns": columns}


def check_timing(top: Fields, pattern: Fields, fields: dict[str, Any]) -> None:
    """Whether the rates are possible: every laser fires in its column, and a frame has a column."""
    fast, cycle_ns, columns = fields["rate_hz"][1], fields["cycle_ns"], fields["columns"]
    if not fast > 0.0 or not (cycle_ns > 0.0 or columns > 0):
        return
    shortest = cycle_ns or 1e9 / fast / columns
    if shortest > 1e9 / fast:
        pattern.wrong("cycle_us", f"is {shortest * 1e-3:g} us, longer than a frame at {fast:g} Hz")
    times = fields.get("time_ns", np.zeros(0))
    if len(times) and len(times) / shortest * 1e9 > _MOST_FIRINGS:
        rate = len(times) / shortest * 1e9
        pattern.fault(
            pattern.node, f"pattern fires {rate:.3g} times a second, more than any device ({_MOST_FIRINGS:g})"
        )
    if len(times) and times.max() >= shortest:
        field = pattern if "row_us" in pattern else top
        name = "pattern.row_us lets the last row fire" if "row_us" in pattern else "lasers.time_us ends"
        message = f"{name} at {times.max() * 1e-3:g} us, but the next column starts after {shortest * 1e-3:g} us"
        field.fault("row_us" if "row_us" in pattern else "lasers", message)


def _rotating(pattern: Fields, fields: dict[str, Any]) -> Pattern:
    return Rotating(clockwise=pattern.truth("clockwise"))


def _risley(pattern: Fields, fields: dict[str, Any]) -> Pattern:
    known = ("wedge_deg", "index", "rate_hz", "phase_deg", "slant")
    prisms = tuple(
        Prism(
            wedge=math.radians(section.number("wedge_deg", above=0.0, high=60.0)),
            index=section.number("index", above=1.0, high=4.0),
            rate_hz=section.number("rate_hz", above=-_FASTEST_HZ - 1e-9, high=_FASTEST_HZ),
            phase=section.number("phase_deg", default=0.0) / 360.0,
            slant_first=section.word("slant", ("entry", "exit")) == "entry",
        )
        for section in pattern.sections("prisms", known)
    )
    if prisms and not pattern.faults:
        still = [Prism(**{**vars(p), "rate_hz": 0.0}) for p in prisms]
        for turned in np.linspace(0.0, 1.0, 36):
            first = Prism(**{**vars(still[0]), "phase": turned})
            beam = through_prisms((first, *still[1:]), unit(fields["azimuth"], fields["elevation"]), np.zeros(1))
            if not np.isfinite(beam).all():
                pattern.wrong("prisms", "bend the beam so far that a face reflects it totally")
                break
    return Risley(prisms=prisms)


def _mirrors(pattern: Fields, fields: dict[str, Any]) -> Pattern:
    return Mirrors(azimuth=_axis(pattern, "azimuth", 360.0), elevation=_axis(pattern, "elevation", 90.0))


def _axis(pattern: Fields, key: str, limit: float) -> Axis:
    section = pattern.section(key, ("shape", "rate_hz", "phase_deg", "span_deg"))
    if section is None:
        return Axis(shape="still", rate_hz=0.0, phase=0.0, low=0.0, high=0.0)
    shape = section.word("shape", SHAPES)
    low, high = section.pair("span_deg", above=-limit - 1e-9, high=limit) if "span_deg" in section else (0.0, 0.0)
    if "span_deg" not in section and shape in ("saw", "triangle", "sine"):
        section.wrong("span_deg", f"is missing: a {shape} goes from one angle to another")
    return Axis(
        shape=shape,  # type: ignore[arg-type]
        rate_hz=section.number("rate_hz", above=-_FASTEST_HZ - 1e-9, high=_FASTEST_HZ, default=0.0),
        phase=section.number("phase_deg", default=0.0) / 360.0,
        low=math.radians(low),
        high=math.radians(high),
    )


def _raster(pattern: Fields, fields: dict[str, Any]) -> Pattern:
    return Raster(hfov=math.radians(pattern.number("hfov_deg", above=0.0, high=360.0)))


_MAKERS: Final[dict[str, Callable[[Fields, dict[str, Any]], Pattern]]] = {
    "rotating": _rotating,
    "risley": _risley,
    "mirrors": _mirrors,
    "raster": _raster,
}


def pattern_of(pattern: Fields, fields: dict[str, Any]) -> Pattern:
    """The pattern; ``fields`` holds the lasers."""
    return _MAKERS[pattern.node.text("type") or ""](pattern, fields)


def rows_of(pattern: Fields) -> dict[str, Any]:
    """The rows of a raster as lasers, lowest first; they fire one after the other, or together."""
    count = pattern.whole("rows", 1, 4096)
    vfov = math.radians(pattern.number("vfov_deg", above=0.0, high=180.0))
    step_ns = 1e3 * pattern.number("row_us", above=-1e-12, high=1e6, default=0.0)
    zeros, rows = np.zeros(count), np.arange(count)
    return {
        "ident": rows.astype(np.int64),
        "elevation": vfov * ((rows + 0.5) / max(count, 1) - 0.5),
        "time_ns": step_ns * rows,
        **dict.fromkeys(("azimuth", "lateral", "height", "radial"), zeros),
    }
