"""Draw the pictures of the README again: one frame of some scenes, two in a row.

Run: ``python scripts/gallery.py docs/images/cameras.jpg``. The scenes and seeds are those of the repository, so the
picture shows what anybody gets.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

import simgen as sg
from simgen.records.base import U1
from simgen.records.frames import CameraFrame

SCENES = Path(__file__).resolve().parents[1] / "scenes"
#: scene, camera and frame of each picture
SHOWN = (
    ("street_noon", "front", 4),
    ("street_night", "front", 3),
    ("tunnel", "front", 0),
    ("fisheye_and_pinhole", "surround", 1),
)
#: width and height of one picture, px
SIZE = (800, 450)


def picture(scene_name: str, camera: str, index: int) -> U1:
    """One frame of a scene's camera in the size of the sheet, (H, W, 3) RGB."""
    scenario = sg.load(SCENES / f"{scene_name}.yaml")
    scene = scenario.sample(seed=scenario.default_seed)
    scene = scene.replace(sensors=tuple(s for s in scene.sensors if s.name == camera))
    for k, sample in enumerate(sg.render(scene, sg.simulate(scene))):
        frame = sample.frames[camera]
        if k == index and isinstance(frame, CameraFrame) and frame.rgb is not None:
            return _fitted(frame.rgb)
    raise SystemExit(f"{scene_name} has no frame {index} of {camera}")


def _fitted(rgb: U1) -> U1:
    """Scaled to fill the size, what sticks out above and below cut off."""
    width, height = SIZE
    scale = max(width / rgb.shape[1], height / rgb.shape[0])
    scaled = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (scaled.shape[0] - height) // 2, (scaled.shape[1] - width) // 2
    return np.asarray(scaled[top : top + height, left : left + width], np.uint8)


def main() -> None:
    """Draw and store."""
    pictures = [picture(*shown) for shown in SHOWN]
    rows = [np.concatenate(pictures[k : k + 2], axis=1) for k in range(0, len(pictures), 2)]
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(target), np.concatenate(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
