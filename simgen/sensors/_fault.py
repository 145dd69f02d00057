"""What faults of all sensors share: they last from one instant to another."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.registry import param
from simgen.units import seconds_to_ns


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that is wrong for a while; for the whole clip unless it says otherwise."""

    from_s: float = param(0.0, ge=0.0, doc="when it begins")
    until_s: float | None = param(None, gt=0.0, doc="when it ends; never if absent")

    def __post_init__(self) -> None:
        if self.until_s is not None and self.from_s >= self.until_s:
            raise ValueError(f"until_s {self.until_s:g} must be later than from_s {self.from_s:g}")

    def is_on(self, time_ns: int) -> bool:
        """Whether it is there at that instant."""
        late = self.until_s is not None and time_ns >= seconds_to_ns(self.until_s)
        return time_ns >= seconds_to_ns(self.from_s) and not late
