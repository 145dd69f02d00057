"""What years do to a painted sign: bleaching, dirt, stickers and spray paint."""

from __future__ import annotations

import numpy as np

from simgen.assets._vandals import shot, sprayed
from simgen.records.base import F4, U1
from simgen.rng import Stream, stream

_STICKERS = ((236, 236, 232), (30, 30, 34), (226, 188, 30), (40, 92, 170), (196, 40, 44), (60, 150, 90), (214, 98, 160))


def worn(rgba: U1, faded: float, defaced: float, dirty: float, variant: int, paint: float = 0.0, shots: int = 0) -> U1:
    """The picture (H, W, 4) after bleaching, defacing and dirt, each a share 0..1 of the worst, spray and shots."""
    if max(faded, defaced, dirty, paint, shots) <= 0.0:
        return rgba
    light: F4 = rgba[..., :3].astype(np.float32) / np.float32(255.0)
    if faded > 0.0:
        # red goes first: its pigments bleach to pink, the rest to grey
        grey = light.mean(-1, keepdims=True)
        pale = 0.55 * light + 0.25 * grey + 0.22
        light = light + faded * np.float32(0.85) * (pale.astype(np.float32) - light)
    rng = stream(variant, "sign wear")
    image = np.ascontiguousarray(np.clip(light * 255.0, 0.0, 255.0).astype(np.uint8))
    if defaced > 0.0:
        _stickers(image, rng, defaced)
    if dirty > 0.0:
        image = _dirt(image, rng, dirty)
    if paint > 0.0:
        sprayed(image, stream(variant, "sign spray"), paint)
    if shots > 0:
        shot(image, stream(variant, "sign shots"), shots)
    return np.concatenate([image, rgba[..., 3:]], -1)


def _stickers(image: U1, rng: Stream, share: float) -> None:
    """Up to six stickers, and a tag of spray paint on the worst."""
    import cv2

    h, w = image.shape[:2]
    for _ in range(1 + round(5 * share)):
        size = rng.uniform(0.04, 0.11, 2) * max(h, w)
        center, angle = rng.uniform(0.18, 0.82, 2) * [w, h], float(rng.uniform(-40.0, 40.0))
        corners = cv2.boxPoints(((float(center[0]), float(center[1])), (float(size[0]) * 1.5, float(size[1])), angle))
        color = _STICKERS[int(rng.integers(len(_STICKERS)))]
        cv2.fillPoly(image, [np.round(corners * 16).astype(np.int32)], color, cv2.LINE_AA, 4)
    if share > 0.5:
        t = np.linspace(0.0, 1.0, 60)
        a, b = rng.uniform(0.0, 6.28, 2)
        x = w * (0.2 + 0.6 * t + 0.07 * np.sin(19.0 * t + a))
        y = h * (0.55 + 0.16 * np.sin(26.0 * t + b) - 0.15 * t)
        color = _STICKERS[int(rng.integers(len(_STICKERS)))]
        points = np.round(np.stack([x, y], -1) * 16).astype(np.int32)
        cv2.polylines(image, [points], False, color, max(round(0.03 * h), 1), cv2.LINE_AA, 4)


def _dirt(image: U1, rng: Stream, share: float) -> U1:
    """Blotches of mud, thicker below, and green algae."""
    import cv2

    h, w = image.shape[:2]
    coarse = cv2.resize(rng.uniform(0.0, 1.0, (7, 7)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.uniform(0.0, 1.0, (31, 31)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    low = np.linspace(0.0, 0.5, h, dtype=np.float32)[:, None]
    cover = np.clip((0.6 * coarse + 0.4 * fine + low - 1.05 + 0.75 * share) * 2.2, 0.0, 0.85)[..., None] * share
    mud = np.array([92.0, 88.0, 62.0], np.float32)
    return np.asarray(np.round(image * (1.0 - cover) + mud * cover).astype(np.uint8))
