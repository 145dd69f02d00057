"""When a device is silent, and how its stamps err."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.registry import param
from simgen.rng import stream
from simgen.units import NS_PER_S


@dataclass(frozen=True, kw_only=True)
class Dropout:
    """A stretch of the clip in which the device delivers nothing."""

    from_s: float = param(doc="start", ge=0.0)
    until_s: float = param(doc="end (exclusive)", ge=0.0)


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How the device's clock and its link to the host err: ``stamp = time + offset + drift time + latency + jitter``.

    Only ``stamp_ns`` and lost frames show it; ``time_ns``, data and labels stay at the true instant.
    """

    offset_s: float = param(0.0, ge=-10.0, le=10.0, doc="the device's clock is ahead of the truth at time 0")
    drift_ppm: float = param(0.0, ge=-1e4, le=1e4, doc="the device's clock runs fast by so many millionths")
    latency_s: float = param(0.0, ge=0.0, le=10.0, doc="from the true instant to the stamp, for hosts that stamp")
    jitter_s: float = param(0.0, ge=0.0, le=1.0, doc="standard deviation of the stamp, normal")
    loss: float = param(0.0, ge=0.0, le=1.0, doc="share of frames that never arrive")

    def stamp_ns(self, time_ns: int, index: int, seed: int, name: str) -> int:
        """What the device reports for the frame of that index, taken at ``time_ns``."""
        late = self.offset_s + self.latency_s + 1e-6 * self.drift_ppm * time_ns / NS_PER_S
        if self.jitter_s > 0.0:
            late += self.jitter_s * float(stream(seed, "timing", name, "jitter", index).standard_normal())
        return time_ns + round(late * NS_PER_S)

    def lost(self, index: int, seed: int, name: str) -> bool:
        """Whether the frame of that index never arrives."""
        return self.loss > 0.0 and float(stream(seed, "timing", name, "loss", index).random()) < self.loss
