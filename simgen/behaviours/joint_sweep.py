"""Joints that swing to and fro about the rest pose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from simgen.behaviours.base import Behaviour
from simgen.behaviours.stand import Stand
from simgen.records.actors import ActorState, Driver, JointDriver
from simgen.records.model import Joint
from simgen.records.roads import RoadMap
from simgen.registry import param, register
from simgen.rng import stream


@register("behaviour", "joint_sweep")
@dataclass(frozen=True, kw_only=True)
class JointSweep(Behaviour):
    """Swing every hinge of a robot about its rest pose, each with a rhythm and a phase of its own (deg, s).

    ``target = rest + A (sin(2 pi t / T + p) - sin p)``, within the hinge's limits; A is drawn between a third of
    ``amplitude_deg`` and all of it, T around ``period_s``. Slides hold. For robots that stand (``urdf``, ``robot``).
    """

    moves_joints: ClassVar[bool] = True

    amplitude_deg: float = param(25.0, gt=0.0, le=180.0, doc="largest swing of a hinge to one side")
    period_s: float = param(4.0, ge=0.5, le=120.0, doc="about how long a swing to and fro takes")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """The robot itself stays where it is."""
        return Stand().start(name, state, road_map, wheelbase_m, seed)

    def start_joints(self, name: str, joints: tuple[Joint, ...], seed: int) -> JointDriver:
        """Amplitudes, periods and phases from the actor's own stream."""
        rng = stream(seed, "joint_sweep", name)
        draws = rng.random((len(joints), 3))
        swings = [
            (
                math.radians(self.amplitude_deg) * (1.0 + 2.0 * float(a)) / 3.0 if joint.kind == "hinge" else 0.0,
                2.0 * math.pi / (self.period_s * (0.7 + 0.6 * float(t))),
                2.0 * math.pi * float(p),
            )
            for joint, (a, t, p) in zip(joints, draws, strict=True)
        ]
        return _Swings(joints, swings)


class _Swings:
    """Sines about the rest pose."""

    def __init__(self, joints: tuple[Joint, ...], swings: list[tuple[float, float, float]]) -> None:
        self._joints, self._swings = joints, swings

    def targets(self, time_s: float) -> Sequence[float]:
        """Each hinge's angle, within its limits."""
        found = []
        for joint, (size, rate, phase) in zip(self._joints, self._swings, strict=True):
            value = joint.rest + size * (math.sin(rate * time_s + phase) - math.sin(phase))
            low, high = (joint.lower, joint.upper) if joint.lower < joint.upper else (-math.inf, math.inf)
            found.append(min(max(value, low), high))
        return found
