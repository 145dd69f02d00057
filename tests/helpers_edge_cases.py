"""Edge cases applied to scenes, and their constraints measured without rendering."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simgen.assembly import assemble, eyes_of, layout_of
from simgen.edge_cases._look import foreseen
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.generate.trial import outcomes
from simgen.metrics import metric_of
from simgen.physics import simulate
from simgen.records.constraints import Outcome
from simgen.records.evidence import Evidence
from simgen.records.trajectory import Trajectory
from simgen.scene import Scene

__all__ = ["FOLDER", "applied", "moved", "outcomes", "stage_of"]

FOLDER: Final = Path(__file__).parents[1] / "scenes" / "edge_cases"


def stage_of(scene: Scene, seed: int = 0) -> Stage:
    """Where a case is applied to a scene in tests, physics included."""
    return Stage(layout=layout_of(scene), seed=seed, simulate=lambda changed: simulate(assemble(changed)))


def applied(scene: Scene, *cases: EdgeCase, seed: int = 0) -> Scene:
    """The scene with cases in it, one after the other."""
    for case in cases:
        scene = case.apply(scene, stage_of(scene, seed))
    return scene


def moved(scene: Scene) -> tuple[dict[str, Outcome], Trajectory]:
    """What came of the constraints that need no frames, by kind (the last of each), and the trajectory."""
    assembly = assemble(scene)
    trajectory = simulate(assembly).from_zero()
    evidence = Evidence(trajectory=trajectory, map=assembly.layout.map, eyes=eyes_of(scene))
    asked = [c for c in scene.constraints if not metric_of(c.kind).needs_frames]
    values = [(c, foreseen(c, evidence, scene, assembly.layout)) for c in asked]
    return {c.kind: Outcome(constraint=c, achieved=value, holds=c.holds(value)) for c, value in values}, trajectory
