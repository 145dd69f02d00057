"""A road whose markings are worn: patches are gone, the rest is pale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._markings import repainted, with_asked
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "worn_lane_lines")
@dataclass(frozen=True, kw_only=True)
class WornLaneLines(EdgeCase):
    """Markings of which patches and whole stretches are gone, and the rest is pale and has lost its glass beads.

    Asked: ``paint_left`` beside the lanes that the ego goes along, and ``paint_contrast`` of what remains. A marking
    with less than a third of its area or a contrast below 0.3 is due for renewal by most authorities (EN 1436 asks 100
    of new paint's 300 mcd/(m2 lx) by night). Nothing else of the scene changes.
    """

    tests: ClassVar[str] = "detection of lanes whose lines are broken up, faded and hardly brighter than the road"

    left: float = param(0.4, gt=0.1, le=0.9, doc="share of the markings that is left, by area")
    contrast: float = param(0.5, gt=0.05, le=1.0, doc="of what is left, against new paint")
    tolerance: float = param(0.12, gt=0.0, le=0.3, doc="deviation of the share beside the ego's own lanes")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene in its world with worn markings."""
        return repainted(scene, left=self.left, contrast=self.contrast)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with what is asked.

        Raises:
            UserError: there is no ego, or its lane never had markings.
        """
        asked = (
            Constraint(kind="paint_left", subject="ego", asked=self.left, tolerance=self.tolerance),
            Constraint(kind="paint_contrast", subject="ego", asked=self.contrast, tolerance=0.01),
        )
        return with_asked(scene, stage, "worn_lane_lines", asked)
