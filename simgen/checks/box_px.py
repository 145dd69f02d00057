"""2-D boxes: exactly the box of the visible pixels, and their number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.records.base import F8, I8, Array


@dataclass(frozen=True, kw_only=True)
class BoxPx(Rule):
    """``box_px`` is the box of the instance's pixels in the mask, ``pixels`` their number; no tolerance."""

    name = "box_px"
    unit = "px"

    def frame(self, look: FrameLook) -> Finding:
        """Compare every box row with the mask."""
        mask, boxes = look.get("instance"), look.get("boxes")
        if mask is None or boxes is None or not hasattr(boxes, "box_px"):
            return NOTHING
        found, count = mask_boxes(mask, boxes.instance)
        seen = count > 0
        pixels = np.abs(count - boxes.pixels.astype(np.int64)).astype(np.float64)
        edges = np.where(seen[:, None], np.abs(found - boxes.box_px), 0.0).max(axis=1, initial=0.0)

        def example(k: int) -> str:
            stored = f"{boxes.box_px[k].tolist()} with {int(boxes.pixels[k])} pixels"
            return f"instance {int(boxes.instance[k])}: {stored}, the mask has {found[k].tolist()} with {int(count[k])}"

        return compare(np.maximum(pixels, edges), 0.0, example)


def mask_boxes(mask: Array, instances: Array) -> tuple[F8, I8]:
    """Box (x_min, y_min, x_max, y_max; exclusive) and number of pixels of each instance in an (H, W) mask."""
    flat = np.flatnonzero(mask)
    ids = mask.reshape(-1)[flat]
    order = np.argsort(ids, kind="stable")
    ids, y, x = ids[order], *np.divmod(flat[order], mask.shape[1])
    start, stop = np.searchsorted(ids, instances, "left"), np.searchsorted(ids, instances, "right")
    count = (stop - start).astype(np.int64)
    box = np.zeros((len(instances), 4))
    rows = np.flatnonzero(count)
    if len(rows):
        # reduceat takes pairs of bounds: every second result is the wanted one
        by_start = rows[np.argsort(start[rows], kind="stable")]
        cuts = np.stack([start[by_start], stop[by_start]], axis=1).reshape(-1)
        cuts = cuts[:-1] if cuts[-1] == len(ids) else cuts
        box[by_start] = np.stack(
            [
                np.minimum.reduceat(x, cuts)[::2],
                np.minimum.reduceat(y, cuts)[::2],
                np.maximum.reduceat(x, cuts)[::2] + 1,
                np.maximum.reduceat(y, cuts)[::2] + 1,
            ],
            axis=1,
        )
    return box, count
