"""Keypoints: what is called visible lies on the person or beside the outline, no deeper than a body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare


@dataclass(frozen=True, kw_only=True)
class KeypointsRule(Rule):
    """A visible keypoint lies in the image and not behind what the image shows: at most a body's depth under the
    person's own surface, and before anything else. The worst value is how far behind.
    """

    name = "keypoints"
    unit = "m"
    tolerance: float = 0.02
    #: how deep a joint may lie inside its body
    body_m: float = 0.22

    def frame(self, look: FrameLook) -> Finding:
        """Compare visible points with mask and depth."""
        points, mask = look.get("keypoints"), look.get("instance")
        measured = look.get("depth") if look.get("depth") is not None else look.get("range")
        if points is None or mask is None or measured is None or not len(points.instance):
            return NOTHING
        who, joint = np.nonzero(points.visibility == 2)
        if not len(who):
            return NOTHING
        uv, depth = points.uv[who, joint].astype(np.float64), points.depth[who, joint].astype(np.float64)
        outside = (uv < 0.0).any(-1) | (uv[:, 0] >= mask.shape[1]) | (uv[:, 1] >= mask.shape[0])
        # stored in single precision, a place may have been rounded onto the image's far edge
        col = np.clip(uv[:, 0].astype(np.int64), 0, mask.shape[1] - 1)
        row = np.clip(uv[:, 1].astype(np.int64), 0, mask.shape[0] - 1)
        own = mask[row, col] == points.instance[who]
        behind = depth - measured[row, col] - np.where(own, self.body_m, 0.0)
        error = np.where(outside & ((uv < -0.01).any(-1)), np.inf, np.maximum(behind, 0.0))

        def example(k: int) -> str:
            at = f"({uv[k, 0]:.1f}, {uv[k, 1]:.1f})"
            return (
                f"instance {int(points.instance[who[k]])}: keypoint {int(joint[k])} at {at} px is called visible "
                f"{depth[k]:.2f} m away, but {float(measured[row[k], col[k]]):.2f} m is what the image shows there"
            )

        return compare(error, self.tolerance, example)
