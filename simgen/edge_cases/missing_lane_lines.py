"""A road whose lane lines are not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._markings import repainted, with_asked
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "missing_lane_lines")
@dataclass(frozen=True, kw_only=True)
class MissingLaneLines(EdgeCase):
    """A road without its markings, as after resurfacing: the world is the scene's, bare or nearly so.

    Asked: ``paint_left`` beside the lanes that the ego goes along is at most ``left``. Crosswalks stay unless told
    otherwise. Lanes, and where they lie, stay in the map.
    """

    tests: ClassVar[str] = "keeping the lane by road edges, kerbs and traffic where nothing is painted"

    left: float = param(0.0, ge=0.0, le=0.1, doc="most that is left of the markings, by area")
    crosswalks: bool = param(False, doc="the stripes of crosswalks are gone too")
    tolerance: float = param(0.03, gt=0.0, le=0.2, doc="more than that may be left beside the ego's own lanes")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene in its world without markings."""
        return repainted(scene, left=self.left, crosswalks=self.crosswalks)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with what is asked.

        Raises:
            UserError: there is no ego, or its lane never had markings.
        """
        asked = Constraint(
            kind="paint_left", subject="ego", asked=self.left, tolerance=self.tolerance, relation="at_most"
        )
        return with_asked(scene, stage, "missing_lane_lines", (asked,))
