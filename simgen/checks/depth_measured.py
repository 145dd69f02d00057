"""Depth cameras: what is measured is consistent with itself and with the true depth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare, count_wrong
from simgen.records.base import F8, Array, Bool

#: a median of fewer pixels says little
_FEW: Final = 200
#: standard deviations that hardly any pixel exceeds
_SIGMAS: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class DepthMeasured(Rule):
    """A measured depth lies within five sigma of the truth of a pixel in its matching window, in the device's steps.

    Compared as disparities ``f B / Z`` from the stored calibration: sigma is that which the frame states, or else the
    largest that the device accepts. ``depth_z16`` is the same depth in the device's unit, and both are 0 exactly where
    ``hole`` gives a reason.
    """

    name = "depth_measured"
    unit = "of 5 sigma"
    allowed_share: ClassVar[float] = 0.005

    def frame(self, look: FrameLook) -> Finding:
        """Look at every pixel of a depth camera's frame."""
        frame, calibration = look.frame, look.sequence.calibration(look.sensor)
        if look.get("depth_measured") is None or look.get("depth") is None or "baseline_m" not in calibration:
            return NOTHING
        return self._consistent(frame, calibration) + self._true(frame, calibration)

    def _consistent(self, frame: Any, calibration: dict[str, Any]) -> Finding:
        there = frame.hole == 0
        unit = float(calibration["depth_unit_m"])
        low, high = calibration["range_m"]
        z16 = np.floor(frame.depth_measured.astype(np.float64) / unit + 0.5)
        wrong = (there != (frame.depth_measured > 0.0)) | (np.abs(frame.depth_z16 - z16) > there)
        wrong |= there & ((frame.depth_measured < low - unit) | (frame.depth_measured > high + unit))
        wrong |= ~there & (frame.depth_z16 > 0)

        def example(k: int) -> str:
            v, u = divmod(k, wrong.shape[1])
            return (
                f"pixel ({u}, {v}) has hole {frame.hole[v, u]}, depth {frame.depth_measured[v, u]:g} m, "
                f"z16 {frame.depth_z16[v, u]}"
            )

        return count_wrong(wrong.reshape(-1), example)

    def _true(self, frame: Any, calibration: dict[str, Any]) -> Finding:
        there = frame.hole == 0
        if not there.any():
            return NOTHING
        gain = float(frame.K[0, 0]) * float(calibration["baseline_m"])
        truth = np.where(np.isfinite(frame.depth), gain / frame.depth.astype(np.float64), 0.0)
        low, high = window_range(truth, int(calibration["window_px"]) // 2)
        measured = gain / np.where(frame.depth_measured > 0.0, frame.depth_measured, 1.0).astype(np.float64)
        margin = _SIGMAS * _sigma_px(frame, calibration, there, measured, gain) + calibration["disparity_step_px"]
        measured = measured - float(calibration.get("disparity_bias_px", 0.0))
        apart = np.maximum(np.maximum(low - measured, measured - high), 0.0) / margin
        where = np.flatnonzero(there)

        def example(k: int) -> str:
            v, u = divmod(int(where[k]), there.shape[1])
            return f"pixel ({u}, {v}) measures {frame.depth_measured[v, u]:.3f} m, true are {frame.depth[v, u]:.3f} m"

        found = compare(apart[there], 1.0, example)
        # half of all values lie within 0.67 sigma; the limit where sigma is not stated is loose for each alone
        middle = float(np.median(apart[there])) * _SIGMAS
        if found.tested < _FEW or middle <= 1.0:
            return found
        words = f"half of the depths are more than {middle:.1f} sigma from the truth"
        return replace(found, failed=found.tested, example=words)


def _sigma_px(frame: Any, calibration: dict[str, Any], there: Bool, measured: F8, gain: float) -> F8:
    """Sigma of the disparity: stated in metres per pixel of the image, or the most that the device accepts."""
    stated = getattr(frame, "depth_sigma", None)
    if stated is not None:
        depth = gain / np.maximum(measured, 1e-9)
        return np.where(there, stated * gain / (depth * depth), 0.0)
    if calibration.get("kind") == "stereo":
        return np.full(there.shape, float(calibration["disparity_sigma_limit_px"]))
    # a Kinect's noise (Nguyen et al. 2012) seen at 70 degrees
    depth = gain / np.maximum(measured, 1e-9)
    sigma = 0.0012 + 0.0019 * (depth - 0.4) ** 2 + 0.0012 / np.sqrt(depth)
    return np.asarray(sigma * gain / (depth * depth))


def window_range(values: Array, reach: int) -> tuple[F8, F8]:
    """Lowest and highest value in the square window about every pixel, cut off at the borders."""
    low, high = np.array(values, np.float64), np.array(values, np.float64)
    for axis in (0, 1):
        smallest, largest = low.copy(), high.copy()
        for shift in range(1, min(reach, values.shape[axis] - 1) + 1):
            early, late = _shifted(axis, shift)
            for here, there in ((early, late), (late, early)):
                smallest[here] = np.minimum(smallest[here], low[there])
                largest[here] = np.maximum(largest[here], high[there])
        low, high = smallest, largest
    return low, high


def _shifted(axis: int, shift: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    whole = slice(None)
    early, late = slice(None, -shift), slice(shift, None)
    return ((early, whole), (late, whole)) if axis == 0 else ((whole, early), (whole, late))
