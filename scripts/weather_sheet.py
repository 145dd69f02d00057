"""Draw the weather sheet of the README again: one street, one seed, five weathers, as a camera and a lidar see them.

Run: ``python scripts/weather_sheet.py docs/images/weather.jpg``. The scenes and seeds are those of the repository, so
the picture shows what anybody gets.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import cv2
import numpy as np

import simgen as sg
from simgen.preview.air import Color, air_classes
from simgen.preview.colors import class_colors
from simgen.records.base import F8, U1
from simgen.records.frames import CameraFrame, LidarFrame, LidarPoints

SCENES: Final = Path(__file__).resolve().parents[1] / "scenes" / "weather"
#: scene and caption of each row
SHOWN: Final = (
    ("street_clear", "clear air"),
    ("street_fog", "fog, 50 m visibility"),
    ("street_night_rain", "rain, 25 mm/h, by night"),
    ("street_snow", "snow, 2.5 mm/h"),
    ("street_dust", "dust, 80 m visibility"),
)
#: which frame
INDEX: Final = 2
#: width and height of one panel, of the caption above and the space between, px
SIZE: Final = (760, 380)
CAPTION: Final = 34
GAP: Final = 10
#: points are drawn in a picture this many times larger
FINER: Final = 2
PAPER: Final = (250, 250, 248)
INK: Final = (28, 30, 34)
DARK: Final = (17, 19, 23)
#: eye of the lidar's panel and what it looks at, in the lidar's frame, m, and its focal length in widths of the panel
EYE: Final = (-11.0, 2.5, 7.0)
AIM: Final = (14.0, 0.5, -1.5)
FOCAL: Final = 0.8


def frames(scene_name: str) -> tuple[CameraFrame, LidarFrame]:
    """The camera's and the lidar's frame of a scene, without their twins."""
    scenario = sg.load(SCENES / f"{scene_name}.yaml")
    scene = scenario.sample(seed=scenario.default_seed)
    scene = scene.replace(sensors=tuple(s.in_clear_air() for s in scene.sensors))
    found: dict[str, list[object]] = {}
    for sample in sg.render(scene, sg.simulate(scene)):
        for name, frame in sample.frames.items():
            found.setdefault(name, []).append(frame)
        if all(len(found.get(s.name, [])) > INDEX for s in scene.sensors):
            break
    camera, lidar = (found[name][INDEX] for name in ("front", "top"))
    assert isinstance(camera, CameraFrame)
    assert isinstance(lidar, LidarFrame)
    return camera, lidar


def camera_panel(frame: CameraFrame) -> U1:
    """The picture, its upper and lower edges cut off."""
    assert frame.rgb is not None
    width, height = SIZE
    scale = width / frame.rgb.shape[1]
    scaled = cv2.resize(frame.rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top = (scaled.shape[0] - height) // 2
    return np.asarray(scaled[top : top + height, :width], np.uint8)


def lidar_panel(points: LidarPoints) -> U1:
    """The points from behind and above, by class; what is in the air is bright, and named."""
    width, height = SIZE[0] * FINER, SIZE[1] * FINER
    colors = np.maximum(class_colors(points.semantic), 90).astype(np.float64)
    # pale, so that what is in the air stands out
    colors = 0.5 * colors + 0.5 * colors.mean(-1, keepdims=True)
    air = air_classes(points)
    for _, color, mine in air:
        colors[mine] = color
    u, v, depth = _projected(points.xyz.astype(np.float64), width, height)
    near = np.clip(1.3 - depth / 100.0, 0.5, 1.0)
    shaded = np.clip(colors * near[:, None], 0, 255).astype(np.uint8)
    picture = np.full((height, width, 3), DARK, np.uint8)
    seen = (depth > 1.0) & (u >= 1) & (u < width - 2) & (v >= 1) & (v < height - 2)
    order = np.flatnonzero(seen)[np.argsort(-depth[seen], kind="stable")]
    for du, dv in ((0, 0), (1, 0), (0, 1), (1, 1)):
        picture[v[order] + dv, u[order] + du] = shaded[order]
    for du, dv in ((2, 0), (2, 1), (0, 2), (1, 2), (2, 2)):
        close = order[depth[order] < 45.0]
        picture[v[close] + dv, u[close] + du] = shaded[close]
    small = np.asarray(cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    solid = len(points.range) - sum(int(mine.sum()) for _, _, mine in air)
    _legend(small, [("surfaces", (170, 174, 180), solid), *((name, color, int(m.sum())) for name, color, m in air)])
    return small


def _projected(xyz: F8, width: int, height: int) -> tuple[np.ndarray, np.ndarray, F8]:
    """Pixels and distances along the view of points in the lidar's frame."""
    forward = np.array(AIM) - np.array(EYE)
    forward /= np.sqrt((forward**2).sum())
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.sqrt((right**2).sum())
    down = np.cross(forward, right)
    local = xyz - np.array(EYE)
    depth = local @ forward
    scale = FOCAL * width / np.maximum(depth, 0.1)
    u = np.clip(width / 2 + scale * (local @ right), -9e3, 9e3).astype(int)
    v = np.clip(height / 2 + scale * (local @ down), -9e3, 9e3).astype(int)
    return u, v, depth


def _legend(picture: U1, rows: list[tuple[str, Color, int]]) -> None:
    """A dot, a name and a count for each kind of point."""
    for k, (name, color, count) in enumerate(rows):
        y = 24 + 24 * k
        cv2.circle(picture, (20, y - 5), 6, color, -1, cv2.LINE_AA)
        words = f"{name}  {count:,}"
        cv2.putText(picture, words, (36, y), cv2.FONT_HERSHEY_SIMPLEX, 0.52, (225, 228, 232), 1, cv2.LINE_AA)


def row(words: str, camera: U1, lidar: U1) -> U1:
    """Two panels under a caption."""
    width, height = SIZE
    strip = np.full((CAPTION + height, 2 * width + 3 * GAP, 3), PAPER, np.uint8)
    cv2.putText(strip, words, (GAP, CAPTION - 11), cv2.FONT_HERSHEY_SIMPLEX, 0.68, INK, 1, cv2.LINE_AA)
    strip[CAPTION:, GAP : GAP + width] = camera
    strip[CAPTION:, 2 * GAP + width : 2 * GAP + 2 * width] = lidar
    return strip


def main() -> None:
    """Draw and store."""
    rows = []
    for name, words in SHOWN:
        camera, lidar = frames(name)
        rows.append(row(words, camera_panel(camera), lidar_panel(lidar.points)))
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet = np.concatenate([*rows, np.full((GAP, rows[0].shape[1], 3), PAPER, np.uint8)])
    cv2.imwrite(str(target), sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
