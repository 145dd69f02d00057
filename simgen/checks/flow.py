"""Optical flow of what stands still follows from distances and the camera's motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.checks.views import View, frame_labels, resting, solid, view_of
from simgen.geometry import transform
from simgen.records.base import F8, Array
from simgen.records.frames import FLOW_IN_IMAGE


@dataclass(frozen=True, kw_only=True)
class Flow(Rule):
    """A pixel's surface point, from its distance at its row's instant, projected into the next frame at its row there.

    Tolerance 0.1 px plus 0.2 % of the flow's length. At most about 40 000 pixels a frame are tested, on a grid.
    """

    name = "flow"
    unit = "px"
    most_pixels: ClassVar[int] = 40_000
    allowed_share: ClassVar[float] = 0.001
    tolerance_px: float = 0.1

    def frame(self, look: FrameLook) -> Finding:
        """Compare the stored flow with the one computed."""
        flow, valid, labels = look.get("flow"), look.get("flow_valid"), frame_labels(look.frame)
        view = view_of(look.sequence, look.sensor, look.index)
        later = view_of(look.sequence, look.sensor, look.index + 1)
        if flow is None or valid is None or labels is None or view is None or later is None:
            return NOTHING
        step = max(1, int(np.ceil(np.sqrt(valid.size / self.most_pixels))))
        instance, semantic = (m[::step, ::step] for m in labels)
        depth = view.distances(look.frame)[::step, ::step]
        chosen = np.isin(instance, resting(look.sequence)) & solid(semantic) & np.isfinite(depth) & (depth > 0)
        chosen &= (valid[::step, ::step] & FLOW_IN_IMAGE) != 0
        rows, columns = np.nonzero(chosen)
        if len(rows) == 0:
            return NOTHING
        v, u = rows * step, columns * step
        expected = _expected(view, later, u, v, depth[rows, columns])
        stored = flow[v, u].astype(np.float64)
        length = np.sqrt((expected * expected).sum(-1))
        error = np.abs(stored - expected).max(-1) / (1.0 + 0.002 / self.tolerance_px * length)

        def example(k: int) -> str:
            a, b = np.round(stored[k], 3).tolist(), np.round(expected[k], 3).tolist()
            return f"pixel ({int(u[k])}, {int(v[k])}) has flow {a}, distance and pose give {b}"

        return compare(error, self.tolerance_px, example)


def _expected(view: View, later: View, u: Array, v: Array, depth: Array) -> F8:
    x, y = u + 0.5, v + 0.5
    local = view.camera.rays(x, y) * depth.astype(np.float64)[:, None]
    world = transform(*view.poses(view.camera.row_time(view.time_ns, y)), local)
    next_x, next_y, _ = later.camera.project(world, later.time_ns, later.poses, at_row=y)
    return np.stack([view.camera.across(next_x - x), next_y - y], axis=-1)
