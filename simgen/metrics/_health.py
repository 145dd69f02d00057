"""What became of a sensor's data: measured frame by frame as they pass, told when all have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from simgen.colorimetry import LUMINANCE, shares_of_white
from simgen.metrics._bracket import moved
from simgen.records.base import F8, Array, array_specs
from simgen.records.depth_frames import DepthFrame
from simgen.records.evidence import Health
from simgen.records.frames import (
    POINT_BLOOMING,
    POINT_GHOST,
    POINT_NOISE,
    POINT_THROUGH,
    POINT_WEATHER,
    STATUS_OK,
    CameraFrame,
    Frame,
    LidarFrame,
    LidarPoints,
)
from simgen.records.navigation import FIX_NONE, GnssFrame
from simgen.records.radar import RADAR_GHOST, RADAR_MULTIPATH, RadarFrame
from simgen.records.trajectory import Trajectory

#: pictures are measured on every so many rows and columns
_EVERY: Final = 4
#: sectors of azimuth in a turn: 3 degrees each
_SECTORS: Final = 120
#: glass that leaves less of the light undisturbed counts as covered
_CLEAR: Final = 0.9
_UNREAL: Final = POINT_WEATHER | POINT_NOISE | POINT_GHOST
_MIRRORED: Final = RADAR_GHOST | RADAR_MULTIPATH

Row = dict[str, float]


@dataclass(kw_only=True)
class HealthLog:
    """Measures the frames of one sensor, in time order."""

    _rows: list[Row] = field(default_factory=list)
    #: lidars: occupied cells of every frame, and those of its ideal signal
    _cells: list[tuple[Array, Array | None]] = field(default_factory=list)
    _last: Array | None = None
    _poses: list[F8] = field(default_factory=list)

    def see(self, frame: Frame) -> None:
        """Measure the next frame."""
        row: Row = {
            "time_ns": frame.time_ns,
            "status": frame.status,
            "stamp_error": (frame.stamp_ns - frame.time_ns) * 1e-9,
            **dict.fromkeys(("missing", "covered", "clipped", "luminance", "intensity", "intensity_expected"), np.nan),
            **dict.fromkeys(("returned", "expected", "ghosts", "halos", "noise", "through", "fix"), -1),
            "position_error": np.nan,
            "frozen": self._repeats(frame),
        }
        if isinstance(frame, CameraFrame):
            row |= _picture(frame)
        elif isinstance(frame, LidarFrame):
            row |= _points(frame)
            self._cells.append((_occupied(frame.points), _ideal_cells(frame)))
        elif isinstance(frame, RadarFrame):
            flags = frame.detections.flags
            row |= {"returned": len(flags), "missing": 0.0, "ghosts": int(np.count_nonzero(flags & _MIRRORED))}
        elif isinstance(frame, GnssFrame):
            row |= _position(frame)
        if frame.status != STATUS_OK:
            row["missing"] = 1.0
        self._rows.append(row)
        self._poses.append(frame.world_from_sensor)

    def health(self, trajectory: Trajectory | None = None, on: str = "world") -> Health:
        """Everything that was measured; ``on``: the body of the trajectory that carries the sensor."""
        columns: dict[str, Any] = {
            name: np.array([row[name] for row in self._rows], spec.dtype)
            for name, spec in array_specs(Health).items()
            if name in self._rows[0]
        }
        poses = np.array(self._poses, np.float64).reshape(-1, 4, 4)
        columns["shifted"], columns["turned"] = moved(poses, columns["time_ns"], trajectory, on)
        if self._cells:
            columns |= _against_the_fullest(columns, self._cells)
        return Health(**columns)

    def _repeats(self, frame: Frame) -> int:
        """Whether it delivers the same data as the last frame that was delivered."""
        data = _data(frame)
        if frame.status != STATUS_OK or data is None or data.size == 0:
            return 0
        before, self._last = self._last, data
        return int(before is not None and np.array_equal(before, data))


def _data(frame: Frame) -> Array | None:
    """What a frozen device would repeat."""
    if isinstance(frame, LidarFrame):
        return frame.points.xyz
    if isinstance(frame, RadarFrame):
        return frame.detections.xyz
    for name in ("rgb", "raw", "image", "temperature"):
        value: Array | None = getattr(frame, name, None)
        if value is not None:
            return value
    return None


def _picture(frame: CameraFrame) -> Row:
    out: Row = {}
    if frame.glass is not None:
        out["covered"] = float((frame.glass < _CLEAR).mean())
    if isinstance(frame, DepthFrame):
        out["missing"] = float((frame.depth_z16 == 0).mean())
    if frame.rgb is not None and frame.status == STATUS_OK:
        red, green, blue = (np.ascontiguousarray(frame.rgb[::_EVERY, ::_EVERY, k]) for k in range(3))
        out["clipped"] = float((np.maximum(np.maximum(red, green), blue) == 255).mean())
        means = [(np.bincount(c.ravel(), minlength=256) * shares_of_white()).sum() / c.size for c in (red, green, blue)]
        shown = sum(weight * mean for weight, mean in zip(LUMINANCE, means, strict=True))
        out["luminance"] = float(shown * frame.exposure[0])
        out.setdefault("missing", _dead_lines(frame.rgb))
    return out


def _dead_lines(rgb: Array) -> float:
    """Share of the picture on rows and columns that are black from end to end, with light on both sides of them."""
    shares = []
    for lit in (rgb.reshape(len(rgb), -1).any(1), rgb.any(0).any(-1)):
        lines = np.asarray(lit)
        bright = np.flatnonzero(lines)
        inner = lines[bright[0] : bright[-1] + 1] if len(bright) else lines[:0]
        shares.append(np.count_nonzero(~inner) / len(lines))
    return float(1.0 - (1.0 - shares[0]) * (1.0 - shares[1]))


def _points(frame: LidarFrame) -> Row:
    flags = frame.points.flags
    halo = (flags & POINT_BLOOMING) > 0
    out: Row = {
        "returned": len(flags),
        "intensity": _intensity(frame.points),
        "ghosts": int(np.count_nonzero(flags & POINT_GHOST)),
        "halos": int(np.count_nonzero(halo)),
        "noise": int(np.count_nonzero(((flags & POINT_NOISE) > 0) & ~halo)),
        "through": int(np.count_nonzero(flags & POINT_THROUGH)),
    }
    if isinstance(frame.ideal, LidarFrame):
        ideal = frame.ideal.points
        out |= {"expected": len(ideal.range), "intensity_expected": _intensity(ideal)}
    return out


def _position(frame: GnssFrame) -> Row:
    out: Row = {"fix": int(frame.fix[0])}
    if out["fix"] != FIX_NONE:
        off = frame.position - frame.world_from_sensor[:3, 3]
        out["position_error"] = float(np.sqrt((off * off).sum()))
    return out


def _intensity(points: LidarPoints) -> float:
    real = points.intensity[(points.flags & _UNREAL) == 0]
    return float(real.mean(dtype=np.float64)) if len(real) else np.nan


def _occupied(points: LidarPoints) -> Array:
    """Cells of a laser and a sector of azimuth with a point that is no noise, rising."""
    azimuth = np.arctan2(points.xyz[:, 1], points.xyz[:, 0])
    # from 0 on, so that cutting off the fraction is rounding down
    sector = (azimuth * np.float32(_SECTORS / (2.0 * np.pi)) + np.float32(_SECTORS / 2.0)).astype(np.int32) % _SECTORS
    cell = points.ring.astype(np.int32) * _SECTORS + sector
    return np.flatnonzero(np.bincount(cell[(points.flags & _UNREAL) == 0]))


def _ideal_cells(frame: LidarFrame) -> Array | None:
    return _occupied(frame.ideal.points) if isinstance(frame.ideal, LidarFrame) else None


def _against_the_fullest(columns: dict[str, Any], cells: list[tuple[Array, Array | None]]) -> dict[str, Any]:
    """What is missing of each sweep, and what stands for the ideal signal where there is none."""
    fullest = max((found for found, _ in cells), key=len)
    wanted = [fullest if ideal is None else ideal for _, ideal in cells]
    shares = [
        1.0 - np.isin(want, found, assume_unique=True).mean() if len(want) else np.nan
        for (found, _), want in zip(cells, wanted, strict=True)
    ]
    brightest = np.nanmax(columns["intensity"]) if np.isfinite(columns["intensity"]).any() else np.nan
    expected, intensity = columns["expected"], columns["intensity_expected"]
    return {
        "missing": np.where(columns["status"] == STATUS_OK, shares, 1.0).astype(np.float32),
        "expected": np.where(expected < 0, columns["returned"].max(), expected).astype(np.int32),
        "intensity_expected": np.where(np.isnan(intensity), brightest, intensity).astype(np.float32),
    }
