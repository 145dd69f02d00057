"""Joint angles at given times."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from simgen.behaviours.base import Behaviour
from simgen.behaviours.stand import Stand
from simgen.errors import UserError
from simgen.records.actors import ActorState, Driver, JointDriver
from simgen.records.model import Joint
from simgen.records.roads import RoadMap
from simgen.registry import param, register


@register("behaviour", "joint_keyframes")
@dataclass(frozen=True, kw_only=True)
class JointKeyframes(Behaviour):
    """Bring the joints of a robot to given angles at given times (s, deg), smoothly in between.

    Between two keyframes the target runs by the smoothstep ``3 u^2 - 2 u^3``; motors follow it within the forces and
    speeds of the robot's description, so joints lag a little. Before the first time the robot holds its rest pose's
    way to the first keyframe; after the last it holds that. For robots of asset ``urdf`` and ``robot`` that stand.
    """

    moves_joints: ClassVar[bool] = True

    times_s: tuple[float, ...] = param(doc="when, rising")
    joints_deg: tuple[tuple[float, ...], ...] = param(doc="for each time, the angle of every hinge from the base up")
    slides_m: tuple[float, ...] = param((), doc="for each time, how far every slide is out (a gripper's fingers)")

    def __post_init__(self) -> None:
        count = len(self.times_s)
        if count < 1 or len(self.joints_deg) != count:
            raise UserError(
                f"joint_keyframes: needs as many joints_deg ({len(self.joints_deg)}) as times_s ({count}), at least one"
            )
        if self.slides_m and len(self.slides_m) != count:
            raise UserError(f"joint_keyframes: needs as many slides_m ({len(self.slides_m)}) as times_s, or none")
        if any(b <= a for a, b in pairwise(self.times_s)):
            raise UserError("joint_keyframes: times_s must rise; sort them and remove repeated ones")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """The robot itself stays where it is."""
        return Stand().start(name, state, road_map, wheelbase_m, seed)

    def start_joints(self, name: str, joints: tuple[Joint, ...], seed: int) -> JointDriver:
        """Targets off the clock.

        Raises:
            UserError: a keyframe has another number of angles than the robot has hinges.
        """
        hinges = sum(joint.kind == "hinge" for joint in joints)
        for row in self.joints_deg:
            if len(row) != hinges:
                raise UserError(f"joint_keyframes: {name!r} has {hinges} hinges, but a keyframe has {len(row)} angles")
        frames = [(0.0, [joint.rest for joint in joints])] if self.times_s[0] > 0.0 else []
        for k, (time_s, row) in enumerate(zip(self.times_s, self.joints_deg, strict=True)):
            angles = iter(row)
            frames.append((time_s, [self._target(joint, angles, k) for joint in joints]))
        return _Targets(frames)

    def _target(self, joint: Joint, angles: Iterator[float], index: int) -> float:
        if joint.kind == "hinge":
            return math.radians(next(angles))
        return self.slides_m[index] if self.slides_m else joint.rest


class _Targets:
    """Looks up the two keyframes around an instant."""

    def __init__(self, frames: list[tuple[float, list[float]]]) -> None:
        self._times = [time_s for time_s, _ in frames]
        self._rows = [row for _, row in frames]

    def targets(self, time_s: float) -> Sequence[float]:
        """Smoothly from one keyframe to the next."""
        k = bisect_right(self._times, time_s) - 1
        if k < 0 or k >= len(self._times) - 1:
            return self._rows[max(k, 0)]
        u = (time_s - self._times[k]) / (self._times[k + 1] - self._times[k])
        w = u * u * (3.0 - 2.0 * u)
        return [a + w * (b - a) for a, b in zip(self._rows[k], self._rows[k + 1], strict=True)]
