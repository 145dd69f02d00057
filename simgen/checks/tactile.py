"""Tactile sensors: indentation within its limits, and the force that the stored contacts add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare, count_wrong
from simgen.records.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True)
class TactileTouch(Rule):
    """A tactile sensor's force is the sum of its carrier's stored contacts in the physics step of the frame.

    Its indentation is finite, from 0 to ``max_indentation_m``, 0 everywhere without force, and there where an
    instance presses.
    """

    name = "tactile"
    unit = "N or pixels"

    def frame(self, look: FrameLook) -> Finding:
        """Look at the force and at every pixel."""
        frame, known = look.frame, look.sequence.calibration(look.sensor)
        deep, force = look.get("indentation"), look.get("force")
        if deep is None or force is None or "max_indentation_m" not in known:
            return NOTHING
        most = float(known["max_indentation_m"]) * (1.0 + 1e-6) if force[0] > 0.0 else 0.0
        wrong = ~((deep >= 0.0) & (deep <= most)) | ((frame.instance != 0) & ~(deep > 0.0))

        def example(k: int) -> str:
            v, u = divmod(k, deep.shape[1])
            return f"pixel ({u}, {v}) is {1e3 * deep[v, u]:.3g} mm deep under {force[0]:.3g} N"

        return count_wrong(wrong.ravel(), example) + _force(look, float(force[0]))


def _force(look: FrameLook, stated: float) -> Finding:
    on = look.sequence.calibration(look.sensor).get("mount", {}).get("on")
    trajectory = look.sequence.trajectory
    if on not in trajectory.body_names:
        return NOTHING
    total = carried_force(trajectory, on, int(look.frame.time_ns))
    apart = abs(stated - total) / max(1.0, total)
    return compare(np.array([apart]), 1e-3, lambda _: f"force is {stated:.4g} N, contacts add up to {total:.4g} N")


def carried_force(trajectory: Trajectory, on: str, time_ns: int) -> float:
    """Sum of the normal forces on the actor of a body, during the physics step that an instant lies in."""
    actor = trajectory.instance[trajectory.body_actor[trajectory.body_names.index(on)]]
    late = time_ns - trajectory.contacts.time_ns
    now = (late >= 0) & (late < trajectory.step_ns)
    touched = (trajectory.contacts.actor_a == actor) | (trajectory.contacts.actor_b == actor)
    return float(trajectory.contacts.normal_force[now & touched].sum(dtype=np.float64))
