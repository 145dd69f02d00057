"""The contract of a metric: a question and the labels of a sequence in, a number out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.metrics._when import asked_instants, nearest_instant
from simgen.records.base import I8, Bool
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence

#: frames of a sensor: all, those that a question is about, the one nearest to its ``time_s``
Frames = Literal["all", "asked", "nearest"]

#: pictures and labels; labels, whatever a picture looks like; or only that there are frames, and when
Takes = Literal["pictures", "labels", "times"]


@dataclass(frozen=True, kw_only=True)
class Metric(ABC):
    """A number that is measured from the labels of a sequence; its plugin name ends in its unit."""

    plugin_kind: ClassVar[str] = "metric"
    plugin_name: ClassVar[str]
    #: whether it can only be measured once frames are rendered
    needs_frames: ClassVar[bool] = False
    #: whether how bright things look in the pictures of the camera ``other`` must be kept for it
    needs_looks: ClassVar[bool] = False
    #: what of a camera's frames it takes, if it takes any
    takes: ClassVar[Takes] = "pictures"
    #: whether it asks what the weather was
    needs_weather: ClassVar[bool] = False
    #: which frames of the sensor that a question names it looks at
    looks_at: ClassVar[Frames] = "all"

    def frames(self, asked: Constraint, time_ns: I8) -> Bool:
        """Which frames of a sensor that the question names, at rising instants (K,) ns, it looks at, bool (K,)."""
        if self.looks_at == "all":
            return np.full(len(time_ns), self.needs_frames)
        return asked_instants(asked, time_ns) if self.looks_at == "asked" else nearest_instant(asked, time_ns)

    @abstractmethod
    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """The value reached; ``inf`` of what never came about, ``nan`` where nothing can be said.

        Only ``subject``, ``other``, ``time_s`` and ``until_s`` of the question matter, never what was asked for.

        Raises:
            UserError: the question names an actor or a sensor that is not there.
        """
