"""What an ideal IMU feels adds up to how its carrier turned and sped up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, compare
from simgen.dataset import FrameSet
from simgen.geometry import quat_conjugate, quat_from_axis_angle, quat_multiply, quat_rotate
from simgen.records.base import F8, I8

#: length of the stretches over which is summed, and the slowest rate and bandwidth for which sums make sense
_STRETCH_S = 1.0
_SLOWEST_HZ = 50.0
_NARROWEST_HZ = 20.0


@dataclass(frozen=True, kw_only=True)
class ImuMotion(Rule):
    """Over a second, the ideal rates add up to the turn of the stored path, the ideal forces to its change of speed.

    Tolerance: 0.002 rad and 0.03 m/s, and a quarter of the largest step between two samples (a blow is undersampled).
    """

    name = "imu_motion"
    unit = "rad, m/s"
    turn: float = 2e-3
    speed: float = 0.03

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at every IMU that stores its ideal signal."""
        found = NOTHING
        for name, frames in look.frames.items():
            if frames.record == "ImuFrame" and "ideal" in frames.variants:
                found += self._of_sensor(look, name, frames)
        return found

    def _of_sensor(self, look: SequenceLook, name: str, frames: FrameSet) -> Finding:
        calibration = look.calibration(name)
        rate, band = float(calibration["rate_hz"]), float(calibration["bandwidth_hz"])
        samples = round(_STRETCH_S * rate)
        time_ns = frames.group["time_ns"][()]
        count = (len(time_ns) - 1) // samples
        if rate < _SLOWEST_HZ or band < _NARROWEST_HZ or count < 1:
            return NOTHING
        rows = samples * np.arange(count)[:, None] + np.arange(samples + 1)
        poses = look.sensor_poses(name, time_ns[rows])
        if poses is None:
            return NOTHING
        ideal = frames.variant("ideal")
        where = f"{look.stored.index:06d}/{name}"
        turn = self._turning(ideal.angular_velocity[:][rows], poses[1], 1.0 / rate)
        found = compare(turn, 1.0, lambda k: f"{where}/{int(rows[k, 0])}: its rates do not add up to the turn")
        gravity = calibration.get("gravity_m_s2")
        if gravity is None:
            return found
        excess = self._speeding(look, name, ideal.linear_acceleration[:][rows], poses[1], time_ns[rows], float(gravity))
        return found + compare(
            excess, 1.0, lambda k: f"{where}/{int(rows[k, 0])}: its forces do not add up to the speed"
        )

    def _turning(self, rate: F8, quaternion: F8, dt: float) -> F8:
        """Error of each stretch against what it may be."""
        q = quaternion[:, 0]
        for k in range(rate.shape[1] - 1):
            turn = 0.5 * dt * (rate[:, k] + rate[:, k + 1])
            angle = np.sqrt((turn * turn).sum(-1))
            q = quat_multiply(q, quat_from_axis_angle(turn, angle))
        off = quat_multiply(quat_conjugate(q), quaternion[:, -1])
        error = 2.0 * np.arcsin(np.minimum(np.sqrt((off[:, 1:] ** 2).sum(-1)), 1.0))
        return np.asarray(error / (self.turn + 0.25 * dt * _largest_step(rate)))

    def _speeding(self, look: SequenceLook, name: str, force: F8, quaternion: F8, time_ns: I8, gravity: float) -> F8:
        dt = 1e-9 * float(time_ns[0, -1] - time_ns[0, 0]) / (time_ns.shape[1] - 1)
        felt = quat_rotate(quaternion, force) - np.array([0.0, 0.0, gravity])
        gained = dt * (felt.sum(1) - 0.5 * (felt[:, 0] + felt[:, -1]))
        step = look.trajectory.step_ns
        ends = time_ns[:, [0, -1]]
        ahead, behind = (look.sensor_poses(name, ends + side) for side in (step, -step))
        assert ahead is not None
        assert behind is not None
        velocity = (ahead[0] - behind[0]) / (2e-9 * step)
        error = np.sqrt(((velocity[:, 1] - velocity[:, 0] - gained) ** 2).sum(-1))
        return np.asarray(error / (self.speed + 0.25 * dt * _largest_step(force)))


def _largest_step(values: F8) -> F8:
    """Of each stretch (W, N, 3): the largest change from one sample to the next."""
    return np.asarray(np.abs(np.diff(values, axis=1)).sum(-1).max(-1))
