"""How often a detector that has never seen simgen finds what stands in its pictures, and what it misses.

Run: ``python scripts/detector_check.py yolov8n.onnx scenes/street_noon.yaml --count 5 --misses misses.png``.

The detector is any model in ONNX form with the outputs of YOLOv8 (boxes and 80 COCO classes, (1, 84, N)); it is not
part of simgen: bring your own. Every scene is drawn ``--count`` times; objects count if they are ``--height`` pixels
tall or more, nothing hides more than a tenth of them, and they lie inside the picture. Found = a detection of the same
group (vehicle, two-wheeler, person, animal) with an intersection over union of at least 0.5, sought in the whole
picture and in overlapping crops of the detector's own size.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

import simgen as sg
from simgen.records.base import F8, U1
from simgen.records.frames import CameraFrame
from simgen.taxonomy import class_name

#: side of the detector's input, px
SIDE: Final = 640
CONFIDENCE: Final = 0.25
#: COCO indices (of 80) that count as the same group, and whose simgen classes they are
GROUPS: Final = (
    ("vehicle", (2, 5, 6, 7), ("car", "van", "truck", "trailer", "bus", "tram", "construction_vehicle",
                               "emergency_vehicle")),
    ("two-wheeler", (1, 3), ("bicycle", "motorcycle", "personal_mobility")),
    ("person", (0,), ("person", "child", "rider", "wheelchair_user")),
    ("animal", tuple(range(14, 24)), ("animal",)),
)  # fmt: skip
MINIMUM_IOU: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Sought:
    """An object that ought to be found."""

    group: str
    class_name: str
    asset: str
    #: x_min, y_min, x_max, y_max, px
    box: F8
    found: bool = False
    picture: U1 | None = None


def detections(net: cv2.dnn.Net, image: U1) -> tuple[F8, F8]:
    """Boxes (N, 4) and COCO indices (N,) in a picture (H, W, 3) RGB: of the whole, and of crops at its own scale."""
    height, width = image.shape[:2]
    found = [_detect(net, image)]
    for top in _starts(height):
        for left in _starts(width):
            boxes, index = _detect(net, image[top : top + SIDE, left : left + SIDE])
            found.append((boxes + np.array([left, top, left, top]), index))
    return np.concatenate([b for b, _ in found]), np.concatenate([i for _, i in found])


def _starts(length: int) -> list[int]:
    """Where crops begin so that neighbours share a quarter at least."""
    if length <= SIDE:
        return [0]
    count = int(np.ceil((length - 0.25 * SIDE) / (0.75 * SIDE)))
    return np.linspace(0, length - SIDE, count).round().astype(int).tolist()


def _detect(net: cv2.dnn.Net, image: U1) -> tuple[F8, F8]:
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    small = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    canvas = np.full((SIDE, SIDE, 3), 114, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(canvas, 1.0 / 255.0))
    rows = net.forward()[0].T
    score, index = rows[:, 4:].max(1), rows[:, 4:].argmax(1)
    kept = np.flatnonzero(score > CONFIDENCE)
    x, y, w, h = rows[kept, :4].T / scale
    return np.stack([x - 0.5 * w, y - 0.5 * h, x + 0.5 * w, y + 0.5 * h], -1), index[kept].astype(np.float64)


def sought(frame: CameraFrame, assets: dict[int, str], least_px: float) -> Iterator[Sought]:
    """Whole, unhidden objects of a frame that are tall enough."""
    boxes = frame.boxes
    for k, class_id in enumerate(boxes.class_id.tolist()):
        name = class_name(class_id)
        group = next((g for g, _, names in GROUPS if name in names), None)
        box = boxes.box_px[k].astype(np.float64)
        whole = boxes.visible_fraction[k] >= 0.9 and boxes.truncation[k] < 0.02 and boxes.flags[k] == 0
        if group is not None and whole and box[3] - box[1] >= least_px:
            yield Sought(group=group, class_name=name, asset=assets.get(int(boxes.instance[k]), "?"), box=box)


def overlap(box: F8, others: F8) -> F8:
    """Intersection over union of a box with others (N, 4)."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    inside = np.clip(high - low, 0.0, None).prod(-1)
    return np.asarray(inside / ((box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(-1) - inside))


def examined(net: cv2.dnn.Net, path: Path, count: int, least_px: float) -> Iterator[Sought]:
    """Every object of the first cameras' middle frames of some draws of a scene."""
    scenario = sg.load(path)
    for seed in range(scenario.default_seed, scenario.default_seed + count):
        scene = scenario.sample(seed=seed)
        assets = {e.instance: type(e.asset).plugin_name for e in scene.entities}
        samples = list(sg.render(scene, sg.simulate(scene)))
        for frame in samples[len(samples) // 2].frames.values():
            if isinstance(frame, CameraFrame) and frame.rgb is not None:
                yield from _judged(net, frame.rgb, list(sought(frame, assets, least_px)))


def _judged(net: cv2.dnn.Net, image: U1, objects: list[Sought]) -> Iterator[Sought]:
    boxes, index = detections(net, image)
    for one in objects:
        same = np.isin(index, next(ids for g, ids, _ in GROUPS if g == one.group))
        found = bool((overlap(one.box, boxes[same]) >= MINIMUM_IOU).any())
        yield Sought(**{**vars(one), "found": found, "picture": None if found else _crop(image, one.box)})


def _crop(image: U1, box: F8) -> U1:
    x0, y0, x1, y1 = (int(v) for v in box)
    pad = max(x1 - x0, y1 - y0) // 4
    return image[max(y0 - pad, 0) : y1 + pad, max(x0 - pad, 0) : x1 + pad].copy()


def report(objects: list[Sought]) -> None:
    """Recall by group and asset."""
    table: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one in objects:
        table[one.group, ""].append(one.found)
        table[one.group, one.asset].append(one.found)
    for (group, asset), hits in sorted(table.items()):
        print(f"{'  ' + asset if asset else group:24s} {sum(hits):5d} of {len(hits):5d}   {sum(hits) / len(hits):6.1%}")


def missed_sheet(objects: list[Sought], columns: int = 10, cell: int = 150) -> U1:
    """Pictures of what was missed, with the assets' names."""
    tiles = []
    for one in objects:
        if one.picture is not None and one.picture.size:
            scale = (cell - 20) / max(one.picture.shape[:2])
            small = cv2.resize(one.picture, None, fx=scale, fy=scale)
            tile = np.full((cell, cell, 3), 250, np.uint8)
            tile[: small.shape[0], : small.shape[1]] = small
            cv2.putText(tile, one.asset, (2, cell - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (20, 20, 20), 1, cv2.LINE_AA)
            tiles.append(tile)
    tiles += [np.full((cell, cell, 3), 250, np.uint8)] * (-len(tiles) % columns or (0 if tiles else columns))
    rows = [np.concatenate(tiles[k : k + columns], axis=1) for k in range(0, len(tiles), columns)]
    return np.concatenate(rows)


def main() -> None:
    """Draw, detect, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="the detector, *.onnx")
    parser.add_argument("scenes", type=Path, nargs="+", help="scene files")
    parser.add_argument("--count", type=int, default=1, help="draws of each scene")
    parser.add_argument("--height", type=float, default=40.0, help="least height of an object, px")
    parser.add_argument("--misses", type=Path, help="where to draw what was missed, *.png")
    given = parser.parse_args()
    net = cv2.dnn.readNetFromONNX(str(given.weights))
    objects = [one for path in given.scenes for one in examined(net, path, given.count, given.height)]
    report(objects)
    if given.misses:
        cv2.imwrite(str(given.misses), missed_sheet(objects)[..., ::-1])


if __name__ == "__main__":
    main()
