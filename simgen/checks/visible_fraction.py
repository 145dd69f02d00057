"""How much of an object is seen: fractions within 0..1 that agree with the pixel counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare


@dataclass(frozen=True, kw_only=True)
class VisibleFraction(Rule):
    """``visible_fraction`` = ``pixels`` / ``pixels_amodal``, both fractions are in 0..1, and no more is seen than
    the object covers alone.
    """

    name = "visible_fraction"
    tolerance: float = 1e-5

    def frame(self, look: FrameLook) -> Finding:
        """Compare the columns of the boxes."""
        boxes = look.get("boxes")
        if boxes is None or not hasattr(boxes, "visible_fraction"):
            return NOTHING
        alone = boxes.pixels_amodal.astype(np.float64)
        ratio = boxes.pixels / np.maximum(alone, 1.0)
        stored = boxes.visible_fraction.astype(np.float64)
        error = np.maximum.reduce([np.abs(stored - ratio), _outside(stored), _outside(boxes.truncation), ratio - 1.0])

        def example(k: int) -> str:
            seen = f"{int(boxes.pixels[k])} of {int(boxes.pixels_amodal[k])} pixels"
            fractions = f"visible_fraction {stored[k]:.4f}, truncation {float(boxes.truncation[k]):.4f}"
            return f"instance {int(boxes.instance[k])}: {fractions}, but {seen}"

        return compare(error, self.tolerance, example)


def _outside(values: np.ndarray) -> np.ndarray:
    """How far outside 0..1."""
    return np.maximum(-values.astype(np.float64), values.astype(np.float64) - 1.0).clip(0.0)
