"""What the air lets through between the camera and what it sees, for cameras that store it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simgen.kernels.wave import DEPTH, LESS, PLACE_RAY, TURN, Layers
from simgen.records.air import RGB_NM
from simgen.records.base import F2, F4, F8
from simgen.sensors._camera_layer import EYES_M, FLATTEST, LAYER_M

if TYPE_CHECKING:
    from simgen.sensors._camera_render import Picture


def transmittance(picture: Picture, layers: Layers) -> F2:
    """Share of green light that medium, volumes and what is drawn one by one let through from each pixel, (H W).

    From the sky to the end of the layer that the medium fills, and of the volumes' grid.
    """
    length, up = sight(picture)
    far = layers.surface[:, DEPTH].astype(np.float64) * length
    met, path = np.isfinite(far), far
    # the sky's path ends where the sky's table has it end
    height = np.where(up > 0.0, LAYER_M, EYES_M)
    path = np.where(met, far, height / np.maximum(np.abs(up), FLATTEST))
    # drops and flakes near by are drawn one by one instead
    depth = picture.medium.extinction_at(RGB_NM[1]) * path - picture.light.values[LESS, 1]
    share: F4 = np.exp(-np.maximum(depth, 0.0)).astype(np.float32)
    if picture.air is not None:
        picture.air.dim(far, share)
    if picture.passed is not None:
        share *= picture.passed
    share[length == 0.0] = 1.0
    return share.astype(np.float16)


def sight(picture: Picture) -> tuple[F8, F8]:
    """Length of each pixel's ray for a depth or range of 1 (0 = none), and its direction's height (sine), (H W)."""
    optics, lens, places = picture.optics, picture.lens, picture.centres
    if places.shape[1] > PLACE_RAY:
        ray = places[:, PLACE_RAY : PLACE_RAY + 3].astype(np.float64)
    else:
        ray = np.ones((len(places), 3))
        ray[:, 0], ray[:, 1] = (places[:, 0] - lens[2]) / lens[0], (places[:, 1] - lens[3]) / lens[1]
    row = places[:, 1].astype(np.int64) if len(optics.rows) > 1 else np.zeros(len(places), np.int64)
    length = np.sqrt((ray * ray).sum(-1))
    up = (optics.rows[row, TURN + 6 : TURN + 9] * ray).sum(-1) / np.maximum(length, 1e-12)
    return length, up
