"""Functions that do what a perception function should and should not do."""

from __future__ import annotations

import ctypes
import itertools
import os
import time
from typing import Any

import numpy as np

ONE = {"boxes": [[10.0, 10.0, 20.0, 30.0]], "classes": ["person"], "scores": [0.9]}


def finds_one(frame: dict[str, Any]) -> dict[str, Any]:
    return ONE


def raises(frame: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("out of tea")


def hangs(frame: dict[str, Any]) -> dict[str, Any]:
    if frame["time_s"] > 0.5:
        time.sleep(60.0)
    return ONE


def exits(frame: dict[str, Any]) -> dict[str, Any]:
    os._exit(3)


def crashes(frame: dict[str, Any]) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def endless(frame: dict[str, Any]) -> dict[str, Any]:
    return {"boxes": itertools.repeat([0, 0, 1, 1]), "classes": [], "scores": []}


def spoils(frame: dict[str, Any]) -> dict[str, Any]:
    frame["front"]["rgb"][:] = 0
    frame.clear()
    return {}


class Counts:
    """Knows how many frames it saw since its last reset."""

    detects = "human"
    sensors = ("front",)

    def __init__(self) -> None:
        self.frames = 0

    def reset(self) -> None:
        self.frames = 0

    def __call__(self, frame: dict[str, Any]) -> dict[str, Any]:
        self.frames += 1
        return {**ONE, "scores": [self.frames / 10]}


def color_blind(frame: dict[str, Any]) -> dict[str, Any]:
    """Finds the orange box in the picture, unless the picture is dark: a real, if simple, detector."""
    rgb = frame["front"]["rgb"].astype(int)
    seen = (rgb[..., 0] - rgb[..., 2] > 60) & (rgb[..., 0] > 100)
    if seen.sum() < 30:
        return {"boxes": [], "classes": [], "scores": []}
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    box = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    return {"boxes": [box], "classes": ["person"], "scores": [1.0]}


not_callable = 3
