"""Picks what aims a device's firings: the rotor's kernel, or the one of scanners without a rotor."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from simgen.kernels.lidar_scan_tables import MIRRORS, RASTER, RISLEY, Scan
from simgen.kernels.lidar_tables import Beams, Columns, Rows, Sweep
from simgen.records.base import F4, F8
from simgen.sensors._lidar_device import LidarDevice
from simgen.sensors._lidar_pattern import SHAPES, Mirrors, Raster, Risley

#: first column, beams, columns, nearest and farthest range, rows to fill
Aim = Callable[[int, Beams, Columns, float, float, Rows], None]


def aiming(device: LidarDevice, start_ns: int) -> Aim:
    """What turns the firings of a frame into rays; ``start_ns`` is its first firing, since time 0 of the scene."""
    if device.rotates:
        from simgen.kernels.lidar_aim import aim

        return aim
    from simgen.kernels.lidar_scan import aim_scan

    scan = scan_of(device, start_ns)

    def aim_at(first: int, beams: Beams, columns: Columns, near: float, far: float, rows: Rows) -> None:
        aim_scan(first, beams, columns, scan, near, far, rows)

    return aim_at


def directions_of(device: LidarDevice, start_ns: int, beams: Beams, columns: Columns, sweep: Sweep) -> F4:
    """Where every firing of a scanner's frame looks, (A, L, 3) in the sensor frame, by place in firing order."""
    from simgen.kernels.lidar_scan import directions

    beam = np.empty((*sweep.range.shape[:2], 3), np.float32)
    directions(beams, columns, scan_of(device, start_ns), beam)
    return beam


def scan_of(device: LidarDevice, start_ns: int) -> Scan:
    """The scanner's pattern for the kernel."""
    return _pattern(device)._replace(start=float(start_ns))


@lru_cache(maxsize=16)
def _pattern(device: LidarDevice) -> Scan:
    pattern = device.pattern
    kind, prisms, axes, width = RASTER, np.zeros((0, 6)), np.zeros((2, 5)), 0.0
    if isinstance(pattern, Risley):
        kind, prisms = RISLEY, _prisms(pattern)
    elif isinstance(pattern, Mirrors):
        kind, axes = MIRRORS, _axes(pattern)
    elif isinstance(pattern, Raster):
        width = pattern.hfov
    return Scan(kind=kind, start=0.0, prisms=prisms, axes=axes, width=width, columns=float(device.columns))


def _prisms(pattern: Risley) -> F8:
    return np.array(
        [
            (np.cos(p.wedge), np.sin(p.wedge), p.index, 1e-9 * p.rate_hz, p.phase, float(p.slant_first))
            for p in pattern.prisms
        ]
    )


def _axes(pattern: Mirrors) -> F8:
    return np.array(
        [
            (float(SHAPES.index(a.shape)), 1e-9 * a.rate_hz, a.phase, a.low, a.high)
            for a in (pattern.azimuth, pattern.elevation)
        ]
    )
