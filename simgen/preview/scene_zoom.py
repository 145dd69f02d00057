"""A closer look at what a small picture hardly shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from simgen.records.base import U1, U4, Bool
from simgen.records.constraints import Constraint
from simgen.records.frames import CameraFrame
from simgen.records.trajectory import Trajectory
from simgen.sensors._camera_lens import Lens
from simgen.sensors.camera import Camera

#: what fills more than this share of the picture needs no closer look
_PLAIN: Final = 0.004
#: the closer look shows it that much smaller than itself
_ROOM: Final = 2.2
#: it magnifies at least and at most so much, as a share of the picture
_LEAST, _MOST = 1.8, 24.0


@dataclass(frozen=True, kw_only=True)
class Region:
    """A part of a picture, px: its upper left corner and its size."""

    left: float
    top: float
    width: float
    height: float


def hazards(asked: Iterable[Constraint], trajectory: Trajectory) -> U4:
    """Instances of what constraints are about besides the ego: of the first that names any, all parts of a group."""
    names = trajectory.actor_names
    for constraint in asked:
        for word in (constraint.subject, constraint.other):
            rows = [k for k, name in enumerate(names) if word and (name == word or name.startswith(f"{word}/"))]
            if rows and not word.startswith("ego"):
                return trajectory.instance[rows]
    return np.zeros(0, np.uint32)


def seen_pixels(frame: CameraFrame, instances: U4) -> int:
    """How many pixels of a picture show any of some instances."""
    return int(np.count_nonzero(_shown(frame, instances)))


def small_region(frame: CameraFrame, instances: U4, aspect: float) -> Region | None:
    """A region of an aspect (width to height) around what is seen of some instances; None if they need none."""
    shown = _shown(frame, instances)
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    if not len(rows):
        return None
    high, wide = float(rows[-1] - rows[0] + 1), float(columns[-1] - columns[0] + 1)
    height = max(_ROOM * high, _ROOM * wide / aspect, shown.shape[0] / _MOST)
    if np.count_nonzero(shown) > _PLAIN * shown.size or height > shown.shape[0] / _LEAST:
        return None
    middle = 0.5 * (columns[0] + columns[-1] + 1), 0.5 * (rows[0] + rows[-1] + 1)
    return Region(
        left=middle[0] - 0.5 * height * aspect, top=middle[1] - 0.5 * height, width=height * aspect, height=height
    )


def closer(camera: Camera, region: Region, width: int) -> Camera | None:
    """The camera that fills so many columns with a region of its picture; None where a lens cannot be cut like that."""
    if camera.lens != Lens():
        return None
    share, lens = width / region.width, camera.projection
    return dataclasses.replace(
        camera,
        width=width,
        height=max(round(region.height * share), 1),
        hfov_deg=None,
        focal_px=lens.fx * share,
        cx_px=(lens.cx - region.left) * share,
        cy_px=(lens.cy - region.top) * share,
        readout_s=0.0,
    )


def inset(picture: U1, size: tuple[int, ...], region: Region, close: U1) -> U1:
    """A picture whose region is framed, with the closer look in the upper corner that is farther from it.

    ``size``: rows and columns of the picture that the region is of, which may have been fitted into this one.
    """
    out, (height, width) = picture.copy(), picture.shape[:2]
    share = min(width / size[1], height / size[0])
    x, y = 0.5 * (width - share * size[1]) + share * region.left, 0.5 * (height - share * size[0]) + share * region.top
    corner, opposite = (round(x), round(y)), (round(x + share * region.width), round(y + share * region.height))
    cv2.rectangle(out, corner, opposite, (255, 255, 255), 1)
    rows, columns = close.shape[:2]
    left = 0 if x + 0.5 * share * region.width > 0.5 * width else width - columns
    out[:rows, left : left + columns] = close
    out[rows, left : left + columns] = 255
    out[: rows + 1, left - 1 if left else columns] = 255
    return out


def _shown(frame: CameraFrame, instances: U4) -> Bool:
    if frame.instance is None:
        return np.zeros((0, 0), bool)
    return np.isin(frame.instance, instances)
