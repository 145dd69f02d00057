"""Panels of a GNSS receiver: its track on a map, its errors over time, its satellites, and its sky."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from simgen.preview.plot import BLUE, GRAY, GREEN, INK, ORANGE, RED, Color, diagram, map_diagram, reach
from simgen.records.base import U1
from simgen.records.frames import STATUS_OK
from simgen.records.navigation import (
    FIX_FLOAT,
    FIX_NONE,
    FIX_RTK,
    FIX_SINGLE,
    SIGHT_BLOCKED,
    SIGHT_LINE,
    SIGHT_REFLECTED,
    GnssFrame,
)

Panel = tuple[str, U1]
_FIX_COLORS: Final[dict[int, Color]] = {FIX_SINGLE: ORANGE, FIX_FLOAT: BLUE, FIX_RTK: GREEN}
_FIX_WORDS: Final = {FIX_NONE: "no fix", FIX_SINGLE: "single", FIX_FLOAT: "RTK float", FIX_RTK: "RTK fixed"}
_SIGHT_COLORS: Final[dict[int, Color]] = {SIGHT_LINE: GREEN, SIGHT_REFLECTED: ORANGE, SIGHT_BLOCKED: GRAY}
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def gnss_panels(name: str, frames: Sequence[GnssFrame]) -> list[Panel]:
    """Positions on a map, their errors over time, satellites in use, and the sky at the middle of the series."""
    if not frames:
        return []
    fixed = [f for f in frames if f.status == STATUS_OK and int(f.fix[0]) != FIX_NONE]
    panels = [(f"{name}: {len(fixed)} of {len(frames)} positions, truth in grey", _track(frames, fixed))]
    if len(fixed) > 1:
        panels.append((f"{name}: error east, north, up, m", _position_errors(fixed)))
        panels.append((f"{name}: satellites in use, and PDOP", _counts(fixed)))
    middle = frames[len(frames) // 2]
    if middle.satellites is not None and len(middle.satellites.id):
        at = f"{1e-9 * middle.time_ns:.1f} s, {_FIX_WORDS[int(middle.fix[0])]}"
        panels.append((f"{name}: the sky at {at}", _sky(middle)))
    return panels


def _track(frames: Sequence[GnssFrame], fixed: Sequence[GnssFrame]) -> U1:
    true = np.stack([f.world_from_sensor[:2, 3] for f in frames])
    told = np.stack([f.position[:2] for f in fixed]) if fixed else true[:0]
    out = map_diagram(np.concatenate([true, told]))
    shown = [kind for kind in _FIX_COLORS if any(int(f.fix[0]) == kind for f in fixed)]
    out.legend(("truth", GRAY), *((_FIX_WORDS[kind], _FIX_COLORS[kind]) for kind in shown))
    out.line(true[:, 0], true[:, 1], GRAY, 5)
    for kind in shown:
        some = np.stack([f.position[:2] for f in fixed if int(f.fix[0]) == kind])
        out.dots(some[:, 0], some[:, 1], _FIX_COLORS[kind])
    return out.picture


def _position_errors(fixed: Sequence[GnssFrame]) -> U1:
    t = np.array([1e-9 * f.time_ns for f in fixed])
    error = np.stack([f.position - f.world_from_sensor[:3, 3] for f in fixed])
    sigma = 2.0 * np.sqrt(np.array([f.covariance[2, 2] for f in fixed]))
    out = diagram((float(t[0]), float(t[-1])), reach(error, sigma, -sigma, least=0.01), ("s", ""))
    out.legend(("east", RED), ("north", GREEN), ("up", BLUE), ("+-2 sigma of up, as believed", GRAY))
    out.line(t, sigma, GRAY, 1)
    out.line(t, -sigma, GRAY, 1)
    for k, color in enumerate((RED, GREEN, BLUE)):
        out.line(t, error[:, k], color)
    return out.picture


def _counts(fixed: Sequence[GnssFrame]) -> U1:
    t = np.array([1e-9 * f.time_ns for f in fixed])
    used, dop = np.array([float(f.used[0]) for f in fixed]), np.array([float(f.dop[2]) for f in fixed])
    out = diagram((float(t[0]), float(t[-1])), reach(used, dop, np.zeros(1)), ("s", ""))
    out.legend(("satellites", BLUE), ("PDOP", ORANGE))
    out.line(t, used, BLUE)
    out.line(t, dop, ORANGE)
    return out.picture


def _sky(frame: GnssFrame) -> U1:
    """A polar sky: north is up, the rim is the horizon; the strength of each satellite beside it."""
    table = frame.satellites
    assert table is not None
    picture = np.full((506, 900, 3), 255, np.uint8)
    center, radius = (330, 262), 215
    for ring in (30, 60, 90):
        cv2.circle(picture, center, round(radius * ring / 90), GRAY if ring == 90 else (222, 224, 228), 1, cv2.LINE_AA)
    for words, (dx, dy) in {"N": (-6, -222), "E": (222, 6), "S": (-6, 236), "W": (-242, 6)}.items():
        cv2.putText(picture, words, (center[0] + dx, center[1] + dy), _FONT, 0.6, INK, 1, cv2.LINE_AA)
    for k in range(len(table.id)):
        away = radius * (1.0 - float(table.elevation[k]) / (0.5 * math.pi))
        at = (
            round(center[0] + away * math.sin(float(table.azimuth[k]))),
            round(center[1] - away * math.cos(float(table.azimuth[k]))),
        )
        color = _SIGHT_COLORS[int(table.sight[k])]
        cv2.circle(picture, at, 8, color, -1 if table.used[k] else 2, cv2.LINE_AA)
        cv2.putText(
            picture,
            _called(int(table.id[k])),
            (at[0] + 11, at[1] + 5),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.5,
            INK,
            1,
            cv2.LINE_AA,
        )
    for row, (words, sight) in enumerate(
        (("line of sight", SIGHT_LINE), ("by a reflection", SIGHT_REFLECTED), ("blocked", SIGHT_BLOCKED))
    ):
        count = int((table.sight == sight).sum())
        cv2.circle(picture, (640, 60 + 34 * row), 8, _SIGHT_COLORS[sight], -1, cv2.LINE_AA)
        cv2.putText(picture, f"{count} {words}", (660, 66 + 34 * row), _FONT, 0.62, INK, 1, cv2.LINE_AA)
    if table.used.any():
        for row, words in enumerate((f"HDOP {frame.dop[0]:.1f}", f"VDOP {frame.dop[1]:.1f}")):
            cv2.putText(picture, words, (632, 190 + 32 * row), _FONT, 0.62, INK, 1, cv2.LINE_AA)
    return picture


def _called(identity: int) -> str:
    return f"E{identity - 100:02d}" if identity > 100 else f"G{identity:02d}"


__all__ = ["gnss_panels"]
