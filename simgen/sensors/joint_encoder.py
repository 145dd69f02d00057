"""Encoders at the joints of a robot, or at a vehicle's wheels and steering."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from simgen.errors import UserError
from simgen.geometry import IDENTITY_QUATERNION, pose_matrix
from simgen.records.base import F8, I8
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.navigation import JointFrame
from simgen.records.surroundings import Joints, Run
from simgen.registry import param, register, suggest
from simgen.rng import stream
from simgen.sensors._drift import normals
from simgen.sensors._samples import Samples
from simgen.sensors.base import SeriesSensor
from simgen.units import NS_PER_S

_OUTPUTS: Final = ("ideal",)


@register("sensor", "joint_encoder")
@dataclass(frozen=True, kw_only=True)
class JointEncoder(SeriesSensor):
    """Angle or displacement of every joint of the entity that it is mounted on, and how fast it changes.

    A joint is named by the link that it moves: hinges and slides of a URDF robot, the wheels and the steering of a
    vehicle. True positions are read off the links' poses, linearly between physics steps. The encoder adds an offset of
    its zero (drawn once a sequence) and normal noise, and counts in whole steps; speeds are differences of readings.
    """

    needs_joints: ClassVar[bool] = True

    rate_hz: float = param(100.0, gt=0.0, le=10000.0, doc="readings a second")
    joints: tuple[str, ...] = param((), doc="links whose joints are read, in that order; all that move if empty")
    counts_per_turn: int = param(16384, ge=4, le=100_000_000, doc="steps of a hinge's encoder in one turn")
    slide_step_m: float = param(1e-5, ge=0.0, le=0.1, doc="step of a slide's encoder; 0 = none")
    zero_error_deg: float = param(0.05, ge=0.0, le=90.0, doc="deviation of a hinge's zero")
    zero_error_m: float = param(1e-4, ge=0.0, le=1.0, doc="deviation of a slide's zero")
    noise_counts: float = param(0.3, ge=0.0, le=1000.0, doc="deviation of a reading, in steps of the encoder")
    noise: bool = param(True, doc="false = the ideal signal alone")

    def __post_init__(self) -> None:
        unknown = sorted(set(self.outputs) - set(_OUTPUTS))
        if unknown:
            raise ValueError(f"a joint_encoder has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")
        if len(set(self.joints)) != len(self.joints):
            raise ValueError("joints names a joint twice")

    @property
    def body_from_sensor(self) -> F8:
        """The frame of what carries it."""
        return IDENTITY_QUATERNION

    def calibration(self) -> dict[str, Any]:
        """What a count is; the engine adds the names of the joints."""
        return {
            "rate_hz": self.rate_hz,
            "counts_per_turn": self.counts_per_turn,
            "slide_step_m": self.slide_step_m,
        }

    def silence(self, frame: Frame) -> Frame:
        """No reading."""
        assert isinstance(frame, JointFrame)
        zero = np.zeros_like(frame.position)
        return frame.replace(status=STATUS_DROPPED, position=zero, velocity=zero)

    def record(self, run: Run) -> Sequence[Frame]:
        """Every reading of the sequence.

        Raises:
            UserError: the entity has no joint of a name that is asked for.
        """
        joints = run.joints
        assert joints is not None
        columns = [_column(joints, name, self.name) for name in self.joints] or list(range(len(joints.names)))
        before = run.time_ns[:1] - round(NS_PER_S / self.rate_hz)
        true = _at(joints, columns, np.concatenate([before, run.time_ns]))
        pose = pose_matrix(*run.track.at(run.time_ns))
        ideal = self._samples(run.time_ns, pose, true)
        if not self.noise:
            return ideal.twinned(ideal) if "ideal" in self.outputs else ideal
        slides = np.array([joints.kinds[column] == "slide" for column in columns])
        told = self._samples(run.time_ns, pose, self._counted(true, slides, run.seed))
        return told.twinned(ideal) if "ideal" in self.outputs else told

    def _samples(self, time_ns: I8, pose: F8, position: F8) -> Samples:
        """Readings (N, J) from positions that begin one interval earlier (N + 1, J)."""
        speed = self.rate_hz * np.diff(position, axis=0)
        columns = {"world_from_sensor": pose, "position": position[1:], "velocity": speed}
        return Samples(JointFrame, time_ns, columns)

    def _counted(self, true: F8, slides: np.ndarray, seed: int) -> F8:
        step = np.where(slides, self.slide_step_m, 2.0 * math.pi / self.counts_per_turn)
        off = np.where(slides, self.zero_error_m, math.radians(self.zero_error_deg))
        zero = off * stream(seed, "joints", self.name, "zero").standard_normal(len(slides))
        value = true + zero + self.noise_counts * step * normals(seed, ("joints", self.name), *true.shape)
        return np.where(step > 0.0, np.round(value / np.where(step > 0.0, step, 1.0)) * step, value)


def _column(joints: Joints, name: str, sensor: str) -> int:
    if name not in joints.names:
        raise UserError(f"sensor {sensor!r}: there is no joint {name!r}{suggest(name, joints.names)}")
    return joints.names.index(name)


def _at(joints: Joints, columns: list[int], time_ns: I8) -> F8:
    """Positions (N, J), linear between the physics steps."""
    at, knots = ((t - joints.time_ns[0]) / NS_PER_S for t in (time_ns, joints.time_ns))
    return np.stack([np.interp(at, knots, joints.position[:, column]) for column in columns], axis=-1)


__all__ = ["JointEncoder"]
