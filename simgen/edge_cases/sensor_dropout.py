"""A sensor falls silent for a while."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register, suggest
from simgen.scene import Scene
from simgen.sensors.base import Dropout
from simgen.units import seconds_to_ns


@register("edge_case", "sensor_dropout")
@dataclass(frozen=True, kw_only=True)
class SensorDropout(EdgeCase):
    """The device delivers nothing for a stretch of the clip; its frames keep their rows, with ``status`` 1.

    The frames lost are those with ``from_s <= time < from_s + duration_s`` (s); their number is asked of the finished
    data as ``frames_dropped``, to the frame.
    """

    tests: ClassVar[str] = "going on through a gap in a sensor's data, and coming back to it"

    sensor: str = param(doc="name of the sensor", reference="sensor")
    from_s: float = param(0.0, ge=0.0, doc="when it begins")
    duration_s: float = param(0.5, gt=0.0, doc="how long it lasts")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the dropout in that sensor.

        Raises:
            UserError: there is no such sensor, or it takes no frame in that stretch.
        """
        names = tuple(sensor.name for sensor in scene.sensors)
        if self.sensor not in names:
            raise UserError(f"sensor_dropout: no sensor {self.sensor!r}{suggest(self.sensor, names)}")
        index = names.index(self.sensor)
        before = scene.sensors[index]
        gap = Dropout(from_s=self.from_s, until_s=self.from_s + self.duration_s)
        after = dataclasses.replace(before, dropouts=(*before.dropouts, gap))
        times = after.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
        if not any(seconds_to_ns(gap.from_s) <= t < seconds_to_ns(gap.until_s) for t in times):
            raise UserError(
                f"sensor_dropout: {self.sensor!r} takes no frame between {gap.from_s:g} and {gap.until_s:g} s; its"
                f" frames are at {_times(times)}"
            )
        asked = Constraint(
            kind="frames_dropped",
            subject=self.sensor,
            asked=float(sum(after.dropped(t) for t in times)),
            tolerance=0.0,
            source="sensor_dropout",
        )
        # several dropouts of one sensor ask for their sum once, not for each part
        others = tuple(c for c in scene.constraints if (c.kind, c.subject) != (asked.kind, asked.subject))
        return scene.replace(
            sensors=(*scene.sensors[:index], after, *scene.sensors[index + 1 :]),
            constraints=(*others, asked),
            tags=(*scene.tags, "sensor_dropout"),
        )


def _times(times: list[int]) -> str:
    shown = [f"{t * 1e-9:g}" for t in times]
    return ", ".join(shown if len(shown) <= 4 else [*shown[:2], "...", shown[-1]]) + " s"
