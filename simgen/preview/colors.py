"""Arrays as colours: classes, ids, depth, normals, flow. All return (H, W, 3) u1 RGB."""

from __future__ import annotations

import cv2
import numpy as np

from simgen.records.base import F4, U1, U2, U4, Array
from simgen.taxonomy import color_table

#: what stands for "nothing here" in every map
EMPTY = (24, 26, 30)


def class_colors(semantic: U2) -> U1:
    """Taxonomy colours; unlabelled is dark."""
    table = color_table().copy()
    table[0] = EMPTY
    return table[np.minimum(semantic, 255)]


def instance_colors(instance: U4) -> U1:
    """A bright colour of its own for every id, spread by the golden ratio; 0 is dark."""
    hue = (instance.astype(np.float64) * 0.61803398875 % 1.0) * 180.0
    value = 170 + 85 * (instance % 2)
    hsv = np.stack([hue, np.full(hue.shape, 190.0), value], axis=-1).astype(np.uint8)
    if not instance.size:
        return np.zeros((*instance.shape, 3), np.uint8)
    rgb = cv2.cvtColor(hsv.reshape(1, -1, 3), cv2.COLOR_HSV2RGB).reshape(*instance.shape, 3)
    rgb[instance == 0] = EMPTY
    return np.asarray(rgb, np.uint8)


def distance_colors(distance: F4, near: float | None = None, far: float | None = None) -> U1:
    """Near is warm, far is cool, on a logarithmic scale; infinite or zero is dark."""
    seen = np.isfinite(distance) & (distance > 0.0)
    if not seen.any():
        return np.full((*distance.shape, 3), EMPTY, np.uint8)
    low = near or float(np.percentile(distance[seen], 0.5))
    high = max(far or float(np.percentile(distance[seen], 99.5)), low * 1.01)
    scaled = 1.0 - np.log(np.clip(np.where(seen, distance, high), low, high) / low) / np.log(high / low)
    return _colormap(scaled, seen)


def value_colors(value: Array, seen: Array, low: float, high: float) -> U1:
    """A linear scale from cool to warm."""
    return _colormap(np.clip((value - low) / max(high - low, 1e-9), 0.0, 1.0), seen)


def normal_colors(normal: Array) -> U1:
    """Camera-frame normals: right is red, up is green, towards the camera is blue; nothing is dark."""
    n = normal.astype(np.float32) * np.array([1.0, -1.0, -1.0], np.float32)
    rgb: U1 = np.clip((n * 0.5 + 0.5) * 255.0, 0, 255).astype(np.uint8)
    rgb[(np.abs(n).sum(-1)) < 0.5] = EMPTY
    return rgb


def flow_colors(flow: F4) -> tuple[U1, float]:
    """Direction as hue, length as strength; also the length that is drawn at full strength, in pixels."""
    length = np.sqrt((flow * flow).sum(-1))
    full = max(float(np.percentile(length[np.isfinite(length)], 98)) if np.isfinite(length).any() else 1.0, 0.5)
    angle = (np.arctan2(flow[..., 1], flow[..., 0]) / (2 * np.pi)) % 1.0
    strength = np.clip(length / full, 0.0, 1.0)
    hsv = np.stack([angle * 180.0, strength * 255.0, np.full(length.shape, 255.0)], axis=-1)
    return np.asarray(cv2.cvtColor(np.nan_to_num(hsv).astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8), full


def to_bytes(share: Array) -> U1:
    """0..1 as grey."""
    return np.asarray(np.rint(255.0 * np.clip(share, 0.0, 1.0)), np.uint8)


def _colormap(scaled: Array, seen: Array) -> U1:
    table = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_TURBO)[:, 0, ::-1]
    rgb: U1 = table[(np.nan_to_num(scaled) * 255.0).astype(np.uint8)].astype(np.uint8)
    rgb[~seen] = EMPTY
    return rgb
