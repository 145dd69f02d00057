"""A lidar device in words and numbers: for ``simgen list lidar`` and ``simgen describe lidar``."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from simgen.records.base import F8
from simgen.sensors._lidar_device import LidarDevice, catalogue, load_device
from simgen.sensors._lidar_pattern import Mirrors, Raster, Risley

#: frames over which the field of view of a pattern that does not repeat is taken
_FRAMES: Final = 10


def device_rows() -> dict[str, str]:
    """Every device of the catalogue with one line about it."""
    rows = {}
    for name in catalogue():
        device = load_device(name)
        rate = typical_rate(device)
        lines = f"{device.lasers} {'row' if isinstance(device.pattern, Raster) else 'laser'}{'s' * (device.lasers > 1)}"
        kilo = device.firings_per_s(rate) * 1e-3
        rows[name] = (
            f"{device.maker} {device.name}: {type(device.pattern).__name__.lower()}, {lines}, {kilo:,.0f} k firings/s,"
            f" {device.range_10_m:g} m at 10 %, {device.wavelength_nm:g} nm"
        )
    return rows


def typical_rate(device: LidarDevice) -> float:
    """10 Hz, or the nearest that the device does."""
    return min(max(10.0, device.rate_hz[0]), device.rate_hz[1])


def field_of_view(device: LidarDevice) -> dict[str, list[float]]:
    """Lowest and highest azimuth and elevation of all firings, deg; a full circle is -180..180."""
    rate = typical_rate(device)
    frames = _FRAMES if isinstance(device.pattern, Risley | Mirrors) else 1
    beams = np.concatenate([device.directions(rate, k / rate).reshape(-1, 3) for k in range(frames)])
    azimuth = np.degrees(np.arctan2(beams[:, 1], beams[:, 0]))
    elevation = np.degrees(np.arcsin(beams[:, 2]))
    turns = azimuth.max() - azimuth.min() > 355.0
    across = [-180.0, 180.0] if turns else _bounds(azimuth)
    return {"azimuth_deg": across, "elevation_deg": _bounds(elevation)}


def device_facts(device: LidarDevice) -> dict[str, Any]:
    """Everything about a device, as JSON-able values."""
    rate = typical_rate(device)
    cycle = device.cycle_at(rate)
    facts: dict[str, Any] = {
        "name": device.name,
        "maker": device.maker,
        "pattern": pattern_facts(device),
        "rate_hz": list(device.rate_hz),
        "lasers": device.lasers,
        "columns": device.columns_at(rate),
        "column_us": round(cycle * 1e-3, 4),
        "firings_per_s": round(device.firings_per_s(rate)),
        "field_of_view": field_of_view(device),
    }
    if device.rotates:
        facts["azimuth_step_deg"] = round(abs(np.degrees(device.spin_at(rate))) * cycle, 4)
    facts |= {
        "range_m": {"min": device.min_range_m, "max": device.max_range_m}
        | {f"at_{p}_percent": round(device.range_at(p / 100), 1) for p in (10, 50, 80)},
        "probability_there": device.probability_there,
        "accuracy_m": device.accuracy_m,
        "resolution_m": device.resolution_m,
        "wavelength_nm": device.wavelength_nm,
        "pulse_ns": device.pulse_ns,
        "divergence_mrad": [round(1e3 * d, 3) for d in device.divergence_hv_rad],
        "overlap_m": list(device.overlap_m),
        "aperture_mm": round(1e3 * device.aperture_m, 3),
        "bandwidth_nm": device.bandwidth_nm,
        "return_modes": [list(mode) for mode in device.return_modes],
        "reflectance": {"step": device.reflectance_step, "white_byte": device.reflectance_white},
        "beams": beam_rows(device),
        "notes": device.notes,
    }
    return facts


def pattern_facts(device: LidarDevice) -> dict[str, Any]:
    """What moves the beams, with angles in degrees."""
    pattern = device.pattern
    facts: dict[str, Any] = {"type": type(pattern).__name__.lower()}
    if isinstance(pattern, Risley):
        facts["prisms"] = [
            {
                "wedge_deg": _degrees(p.wedge),
                "index": p.index,
                "rate_hz": p.rate_hz,
                "phase_deg": 360.0 * p.phase,
                "slant": "entry" if p.slant_first else "exit",
            }
            for p in pattern.prisms
        ]
    elif isinstance(pattern, Mirrors):
        for name, axis in (("azimuth", pattern.azimuth), ("elevation", pattern.elevation)):
            span = [_degrees(axis.low), _degrees(axis.high)]
            facts[name] = {"shape": axis.shape, "rate_hz": axis.rate_hz, "span_deg": span}
    elif isinstance(pattern, Raster):
        facts["hfov_deg"] = _degrees(pattern.hfov)
    else:
        facts["clockwise"] = pattern.clockwise
    return facts


def beam_rows(device: LidarDevice) -> list[dict[str, float]]:
    """The beam table in firing order."""
    return [
        {
            "ring": int(device.ring[k]),
            "id": int(device.ident[k]),
            "elevation_deg": _degrees(device.elevation[k]),
            "azimuth_deg": _degrees(device.azimuth[k]),
            "time_us": round(float(device.time_ns[k]) * 1e-3, 4),
            "lateral_mm": round(1e3 * float(device.lateral[k]), 3),
            "height_mm": round(1e3 * float(device.height[k]), 3),
            "radial_mm": round(1e3 * float(device.radial[k]), 3),
        }
        for k in range(device.lasers)
    ]


def _degrees(angle: float) -> float:
    return round(float(np.degrees(angle)), 4) + 0.0


def _bounds(angles: F8) -> list[float]:
    return [round(float(angles.min()), 2), round(float(angles.max()), 2)]
