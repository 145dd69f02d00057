"""A device's stamps err, and its frames get lost, as it declares and not otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, compare, count_wrong
from simgen.records.base import F8, I8, Array, Bool
from simgen.records.frames import STATUS_DROPPED
from simgen.units import NS_PER_S, seconds_to_ns

#: of a normal or of a mean of them: beyond it lie 2.6e-12
_SIGMAS: Final = 7.0


@dataclass(frozen=True, kw_only=True)
class TimingRule(Rule):
    """``stamp_ns`` is ``time_ns`` plus the declared clock errors, and the frames lost are those declared.

    Jitter is allowed seven standard deviations for a frame, and for the mean of all; a share of lost frames likewise.
    """

    name = "timing"
    unit = "ns"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at every sensor whose configuration says how its clock errs."""
        found = NOTHING
        for name, frames in look.frames.items():
            config = declared_config(frames.config)
            if isinstance(config.get("timing"), Mapping):
                where = f"{look.stored.index:06d}/{name}"
                times, stamps = frames.group["time_ns"][()], frames.group["stamp_ns"][()]
                found += _stamps(where, times, stamps, config["timing"])
                found += _losses(where, times, frames.group["status"][()] == STATUS_DROPPED, config)
        return found


def declared_config(text: str) -> dict[str, Any]:
    """A sensor's section of the scene as it was stored (YAML on one line); empty if there is none."""
    from ruamel.yaml import YAML

    config = YAML(typ="safe", pure=True).load(text) if text else {}
    return dict(config) if isinstance(config, Mapping) else {}


def _stamps(where: str, times: I8, stamps: I8, timing: Mapping[str, Any]) -> Finding:
    late = _number(timing, "offset_s") + _number(timing, "latency_s")
    expected = np.rint((late + 1e-6 * _number(timing, "drift_ppm") * times / NS_PER_S) * NS_PER_S)
    error: F8 = (stamps - times).astype(np.float64) - expected
    jitter = _SIGMAS * _number(timing, "jitter_s") * NS_PER_S
    found = compare(
        np.maximum(np.abs(error) - jitter, 0.0),
        1.0,
        lambda k: f"{where}/{k}: the stamp is {error[k]:.0f} ns off what the clock's errors make it",
    )
    if not len(error):
        return found
    mean = abs(float(error.mean()))
    excess = np.array([max(mean - jitter / math.sqrt(len(error)), 0.0)])
    return found + compare(excess, 1.0, lambda _: f"{where}: the stamps' mean is {mean:.0f} ns off")


def _losses(where: str, times: I8, lost: Bool, config: Mapping[str, Any]) -> Finding:
    """Silent stretches are silent throughout; of the other frames, so many are lost as the share says."""
    silent = np.zeros(len(times), bool)
    for gap in config.get("dropouts", ()):
        silent |= (times >= seconds_to_ns(gap["from_s"])) & (times < seconds_to_ns(gap["until_s"]))
    found = count_wrong(silent & ~lost, lambda k: f"{where}/{k}: delivered in a stretch without data")
    share, rest = _number(config["timing"], "loss"), lost[~silent]
    spread = _SIGMAS * math.sqrt(len(rest) * share * (1.0 - share))
    wrong: Array = np.array([abs(rest.sum() - share * len(rest)) > spread + (0.5 if share in (0.0, 1.0) else 1.0)])
    words = f"{where}: {int(rest.sum())} of {len(rest)} frames are lost, but a share of {share:g} was declared"
    return found + count_wrong(wrong, lambda _: words)


def _number(values: Mapping[str, Any], key: str) -> float:
    return float(values.get(key, 0.0))


__all__ = ["TimingRule", "declared_config"]
