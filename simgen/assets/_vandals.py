"""What people do to signs: shots through the plate, and spray paint."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import U1
from simgen.rng import Stream

_SPRAYS: Final = ((20, 20, 24), (235, 235, 230), (30, 70, 190), (210, 30, 110), (40, 150, 60))
#: dark behind the plate, and zinc where the sheeting has flaked off around a shot
_THROUGH, _ZINC = (12, 12, 13), (150, 152, 154)


def shot(image: U1, rng: Stream, count: int) -> None:
    """Holes of 2 % of the plate's width (12 mm), the sheeting flaked off to four times that around them."""
    import cv2

    h, w = image.shape[:2]
    for _ in range(count):
        x, y = (rng.uniform(0.15, 0.85, 2) * [w, h] * 16).round().astype(int).tolist()
        hole = float(rng.uniform(0.009, 0.013)) * w
        angle = np.linspace(0.0, 2.0 * np.pi, 11)[:-1]
        reach = hole * rng.uniform(2.2, 4.2, 10)
        flake = np.stack([x + 16.0 * reach * np.cos(angle), y + 16.0 * reach * np.sin(angle)], -1)
        cv2.fillPoly(image, [flake.round().astype(np.int32)], _ZINC, cv2.LINE_AA, 4)
        cv2.circle(image, (x, y), round(16.0 * hole), _THROUGH, -1, cv2.LINE_AA, 4)


def sprayed(image: U1, rng: Stream, share: float) -> None:
    """A tag in one colour across the plate: strokes of 3 to 9 % of its width, soft at the edges, with drips."""
    import cv2

    h, w = image.shape[:2]
    mask, wide = np.zeros((h, w), np.uint8), max(round((0.03 + 0.06 * share) * w), 1)
    ends = []
    letters = 2 + round(3 * share)
    for k in range(letters):
        t = np.linspace(0.0, 1.0, 40)
        a, b, c = rng.uniform(0.0, 2.0 * np.pi, 3)
        span = 0.8 / letters
        x = w * (0.1 + span * (k + 0.5) + 0.62 * span * np.sin(4.4 * t + a) * (0.6 + 0.4 * t))
        y = h * (0.5 + 0.2 * share * np.sin(5.7 * t + b) + 0.08 * np.sin(11.0 * t + c))
        points = np.round(np.stack([x, y], -1) * 16).astype(np.int32)
        cv2.polylines(mask, [points], False, 255, wide, cv2.LINE_AA, 4)
        ends.append((float(x[-1]), float(y[-1])))
    for x0, y0 in ends[:: 2 if share < 0.6 else 1]:
        low = (round(16 * x0), round(16 * (y0 + h * float(rng.uniform(0.08, 0.22)))))
        cv2.line(mask, (round(16 * x0), round(16 * y0)), low, 255, max(wide // 4, 1), cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.006 * w, 0.5)).astype(np.float32)[..., None] / 255.0
    color = np.array(_SPRAYS[int(rng.integers(len(_SPRAYS)))], np.float32)
    image[...] = np.round(image * (1.0 - 0.95 * soft) + color * (0.95 * soft)).astype(np.uint8)
