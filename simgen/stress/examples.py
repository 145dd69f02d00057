"""Perception functions that can be searched at once, without weights: ``--model simgen.stress.examples:...``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from simgen.records.base import F8, I4

#: edge of the cells in which points are joined, m
_CELL_M: Final = 0.3
#: above the ground, as it is estimated round about, m
_ABOVE_M: Final = 0.25
_FEWEST: Final = 4
_GROUND_CELL_M: Final = 4.0


class LidarClusters:
    """Finds people in a lidar's points as upright clusters above the ground, with no learning at all.

    The ground is the lowest point in cells of 4 m; what is above it is joined in a grid of 0.3 m, and clusters as wide
    and as high as people are people. It knows no class but ``human``, is fooled by posts, and loses thin data.
    """

    detects = ("human",)

    def __call__(self, frame: Mapping[str, Any]) -> dict[str, Any]:
        """Boxes in space for every lidar."""
        return {
            name: _people(np.asarray(data["points"][:, :3], np.float64))
            for name, data in frame.items()
            if isinstance(data, Mapping) and "points" in data
        }


def _people(xyz: F8) -> dict[str, Any]:
    xyz = xyz[np.hypot(xyz[:, 0], xyz[:, 1]) > 2.5]  # what carries the sensor
    high = xyz[xyz[:, 2] - _ground(xyz) > _ABOVE_M]
    labels = _joined(high)
    boxes = [_box(high[labels == k]) for k in range(int(labels.max(initial=-1)) + 1)]
    kept = [(box, count) for box, count in boxes if count >= _FEWEST and _is_human(box)]
    return {
        "boxes_3d": [box for box, _ in kept],
        "classes": ["human"] * len(kept),
        "scores": [1.0 - math.exp(-count / 10.0) / 2.0 for _, count in kept],
    }


def _ground(xyz: F8) -> F8:
    """The height of the ground below every point."""
    cell = np.floor(xyz[:, :2] / _GROUND_CELL_M).astype(np.int64)
    _, place = np.unique(cell, axis=0, return_inverse=True)
    lowest = np.full(int(place.max(initial=-1)) + 1, np.inf)
    np.minimum.at(lowest, place.ravel(), xyz[:, 2])
    height: F8 = lowest[place.ravel()]
    return height


def _joined(xyz: F8) -> I4:
    """The cluster of each point: cells of the grid that touch, seen from above."""
    import cv2

    if not len(xyz):
        return np.zeros(0, np.int32)
    cell = np.floor(xyz[:, :2] / _CELL_M).astype(np.int64)
    cell -= cell.min(axis=0)
    image = np.zeros(cell.max(axis=0) + 1, np.uint8)
    image[cell[:, 0], cell[:, 1]] = 1
    _, parts = cv2.connectedComponents(image, connectivity=8)
    return np.asarray(parts[cell[:, 0], cell[:, 1]] - 1, np.int32)


def _box(points: F8) -> tuple[list[float], int]:
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(high - low, 0.05)
    return [*(0.5 * (low + high)).tolist(), *size.tolist(), 0.0], len(points)


def _is_human(box: list[float]) -> bool:
    length, width, height = box[3:6]
    return max(length, width) < 1.2 and 0.5 < height < 2.1 and height > 0.8 * max(length, width)


lidar_clusters = LidarClusters()
