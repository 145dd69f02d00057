"""How deep a gel is pressed, by what touches its carrier.

No rays are cast: along the sensor's x the carrier's own shell is in the way, and where a thing rests on it the two
surfaces are one. The things that press are looked at alone, triangle by triangle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simgen.geometry import matrix_from_quat
from simgen.records.base import F8, I8, U2, U4
from simgen.records.stage import Stage
from simgen.records.surroundings import Shot
from simgen.records.window import Touching, relative_pose

if TYPE_CHECKING:
    from simgen.sensors.tactile import Tactile


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """The gel's nodes: how deep each is pressed (Z Y), before the membrane smooths it, and by what (flat)."""

    height: F8
    instance: U4
    semantic: U2


def pushes(sensor: Tactile, touching: Touching) -> tuple[U4, F8]:
    """What presses, and how far it is moved towards the camera from where the physics has it, m.

    Each thing goes in by its own force's share of the deepest indentation. What the solver lets the two bodies overlap
    stands for no depth of its own, so it is taken off.
    """
    acts = touching.force > 0.0
    share = np.minimum(touching.force[acts].astype(np.float64) / sensor.max_force_n, 1.0)
    return touching.instance[acts], sensor.max_indentation_m * share - touching.overlap[acts]


def press(sensor: Tactile, shot: Shot) -> Pressed | None:
    """The gel at the shot's instant; None if nothing presses."""
    from simgen.kernels import tactile as kernels

    assert shot.touching is not None
    push = {int(i): float(shift) for i, shift in zip(*pushes(sensor, shot.touching), strict=True)}
    stage, motion = shot.view.stage, shot.view.motion
    there = motion.exists[stage.instance_body] & np.isin(stage.instance_label, list(push))
    if not there.any():
        return None
    shape = tuple(max(round(m / sensor.cell_m), 2) + 1 for m in (sensor.gel_height_m, sensor.gel_width_m))
    height, thing, triangle = np.zeros(shape), np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    position, quaternion = shot.track.at(shot.time_ns)
    for k in np.flatnonzero(there).tolist():
        body, mesh = stage.instance_body[k], int(stage.instance_mesh[k])
        pose = motion.position[0, body] + motion.origin, motion.quaternion[0, body].astype(np.float64)
        offset, turn = relative_pose(position, quaternion, *pose)
        offset = offset - np.array([push[int(stage.instance_label[k])], 0.0, 0.0])
        vertices = stage.vertices[stage.vertex_start[mesh] : stage.vertex_start[mesh + 1]]
        triangles = stage.triangles[stage.triangle_start[mesh] : stage.triangle_start[mesh + 1]]
        kernels.press(vertices, triangles, matrix_from_quat(turn), offset, sensor.gel, k, height, thing, triangle)
    hit = thing >= 0
    owner = np.where(hit, thing, 0)
    row = _surface_rows(stage, owner, triangle)
    return Pressed(
        height=np.minimum(height, sensor.max_indentation_m),
        instance=np.where(hit, stage.instance_label[owner], 0).astype(np.uint32).ravel(),
        semantic=np.where(hit, stage.surfaces.class_id[row], 0).astype(np.uint16).ravel(),
    )


def _surface_rows(stage: Stage, owner: I8, triangle: I8) -> I8:
    """Rows of the stage's surfaces."""
    inside = stage.triangle_start[stage.instance_mesh[owner]] + triangle
    return np.asarray(stage.surface_base[owner].astype(np.int64) + stage.triangle_surface[inside])


def membrane(sensor: Tactile, height: F8) -> F8:
    """What the membrane makes of it: a Gaussian over the nodes."""
    from simgen.kernels.tactile import smooth

    sigma = sensor.membrane_m / sensor.cell_m
    if sigma <= 0.0:
        return height
    reach = int(np.ceil(3.0 * sigma))
    weight = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weight /= weight.sum()
    once, twice = np.empty_like(height), np.empty_like(height)
    smooth(height, weight, True, once)
    smooth(once, weight, False, twice)
    # the weights add up to 1 only within rounding
    return np.minimum(twice, sensor.max_indentation_m)
