"""Where dirt, scratches, drops and mist sit on the front glass: maps that stay the same from frame to frame."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from simgen.records.base import F4, F8
from simgen.rng import stream
from simgen.sensors._camera_faults import Condensation, Dirt, Drops, Scratches

#: the maps are smooth: they are drawn on so few columns
_COLUMNS: Final = 320
#: stages of dirt that grows
_STAGES: Final = 24
#: a scratch is drawn as so many pieces
_PIECES: Final = 24


@lru_cache(maxsize=8)
def dirt_map(fault: Dirt, width: int, height: int, seed: int, name: str) -> F4:
    """Light that the dirt takes away, (H, W): specks about ``size`` wide, drawn until ``cover`` of the picture is dim.

    Specks are far out of focus, so their edges are soft; radii are log-normal about half of ``size``.
    """
    draws = stream(seed, "camera dirt", name)
    rows, columns = max(round(_COLUMNS * height / width), 2), _COLUMNS
    field = np.zeros((rows, columns))
    y, x = np.mgrid[0:rows, 0:columns] + 0.5
    for _ in range(4000):
        if (field > 0.12).mean() >= fault.cover:
            break
        radius = 0.5 * fault.size * columns * math.exp(0.5 * draws.standard_normal())
        cx, cy = draws.random() * columns, draws.random() * rows
        squeeze, turn, dense = 0.6 + 0.4 * draws.random(), math.pi * draws.random(), 0.4 + 0.6 * draws.random()
        u = math.cos(turn) * (x - cx) + math.sin(turn) * (y - cy)
        v = (math.cos(turn) * (y - cy) - math.sin(turn) * (x - cx)) / squeeze
        r = np.sqrt(u * u + v * v) / radius
        speck = dense * np.clip(1.6 - 1.2 * r, 0.0, 1.0) ** 1.5
        field = 1.0 - (1.0 - field) * (1.0 - speck)
    return _enlarged(np.clip(field, 0.0, 1.0) * fault.density, width, height)


def grown_dirt(fault: Dirt, cover: float, width: int, height: int, seed: int, name: str) -> F4:
    """The dirt when it covers so much: the first of the same specks, with the next ones fading in, (H, W)."""
    place = _STAGES * min(cover / fault.cover, 1.0)
    low = min(int(place), _STAGES - 1)
    stages = []
    for stage in (low, low + 1):
        part = Dirt(cover=fault.cover * max(stage, 1) / _STAGES, size=fault.size, density=fault.density)
        field = dirt_map(part, width, height, seed, name)
        stages.append(field if stage > 0 else np.zeros_like(field))
    return np.asarray(stages[0] + np.float32(place - low) * (stages[1] - stages[0]), np.float32)


@lru_cache(maxsize=8)
def mist_map(fault: Condensation, width: int, height: int, seed: int, name: str) -> F4:
    """Share of the light that the mist scatters, (H, W): even, or in patches that dry from the edges."""
    draws = stream(seed, "camera mist", name)
    rows = max(round(_COLUMNS * height / width), 2)
    field = np.zeros((rows, _COLUMNS))
    for octave in range(4):
        cells = 3 * 2**octave
        noise = draws.random((max(round(cells * height / width), 2), cells)).astype(np.float32)
        smooth = cv2.resize(noise, (_COLUMNS, rows), interpolation=cv2.INTER_CUBIC)
        field += np.asarray(smooth, np.float64) / 2.0**octave
    low, high = np.quantile(field, (0.05, 0.95))
    patches = np.clip((field - low) / max(high - low, 1e-9), 0.0, 1.0)
    return _enlarged(fault.haze * (1.0 - fault.patchy * (1.0 - patches)), width, height)


def _enlarged(field: F8, width: int, height: int) -> F4:
    large = cv2.resize(field.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return _kept(np.asarray(large, np.float32))


def _kept(field: F4) -> F4:
    field.setflags(write=False)
    return field


@lru_cache(maxsize=8)
def scratch_map(fault: Scratches, width: int, height: int, seed: int, name: str) -> F4:
    """Share of the light that scratches scatter, (H, W): gently bent lines with soft edges."""
    draws = stream(seed, "camera scratches", name)
    field = np.zeros((height, width), np.float32)
    for _ in range(fault.count):
        at = np.array([draws.random() * width, draws.random() * height])
        heading, bend = 2.0 * math.pi * draws.random(), 0.06 * draws.standard_normal()
        step = (0.1 + 0.5 * draws.random()) * width / _PIECES
        points = [at]
        for _ in range(_PIECES):
            heading += bend + 0.02 * draws.standard_normal()
            points.append(points[-1] + step * np.array([math.cos(heading), math.sin(heading)]))
        line = np.zeros((height, width), np.float32)
        places = np.round(np.stack(points) * 16.0).astype(np.int32)
        cv2.polylines(line, [places], False, 0.4 + 0.6 * draws.random(), 1, cv2.LINE_8, 4)
        field = np.maximum(field, line)
    # a line of one pixel keeps its peak: the blurred image is as wide as said
    sigma = fault.width_px / 2.0
    soft = cv2.GaussianBlur(field, (0, 0), max(sigma, 0.4)) * (max(sigma, 0.4) * math.sqrt(2.0 * math.pi))
    return _kept(np.asarray(np.minimum(soft, 1.0) * fault.strength, np.float32))


@lru_cache(maxsize=8)
def drop_table(fault: Drops, width: int, height: int, seed: int, name: str) -> F8:
    """Drops, (D, 5): place x, y and radius in pixels, flatness and turn; small ones first, radii log-normal."""
    draws = stream(seed, "camera drops", name)
    rows = []
    for _ in range(fault.count):
        radius = fault.size * width * math.exp(0.45 * draws.standard_normal())
        place = draws.random(2) * (width, height)
        # a drop hangs: longer than wide, and its long side is nearly upright
        rows.append((*place, radius, 1.0 + 0.3 * draws.random(), 0.25 * draws.standard_normal()))
    return np.array(sorted(rows, key=lambda row: row[2]), np.float64)


__all__ = ["dirt_map", "drop_table", "grown_dirt", "mist_map", "scratch_map"]
