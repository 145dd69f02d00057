"""Some of a lidar's lasers fail."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.edge_cases._devices import device_of, exchanged, frames_from
from simgen.edge_cases._lidar_faults import set_in
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar

#: lasers that look down by less than this may meet nothing, rad
_DOWN_RAD = -0.03


@register("edge_case", "dead_lidar_channels")
@dataclass(frozen=True, kw_only=True)
class DeadLidarChannels(EdgeCase):
    """From an instant on (s) some lasers of a lidar that look at the ground return nothing.

    Which ones is drawn, as neighbours: they share a driver board. Asked: ``dead_share`` of the sweeps from then on, at
    least as many cells of laser and azimuth as these lasers have among all.
    """

    tests: ClassVar[str] = "noticing that a lidar's rings have gone, and where it is blind for it"

    sensor: str = param("", doc="name of the lidar; empty = the first", reference="sensor")
    channels: int = param(3, ge=1, le=128, doc="how many lasers fail")
    at_s: float = param(1.0, ge=0.0, doc="when")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that lidar.

        Raises:
            UserError: there is no such lidar, it has not that many lasers, or takes no sweep afterwards.
        """
        found = device_of(scene, self.sensor, Lidar, "dead_lidar_channels")
        lidar = set_in(scene, found, self.at_s, "dead_lidar_channels")
        dead = self._drawn(lidar, stage.seed)
        last = frames_from(scene, lidar, self.at_s, "dead_lidar_channels")[-1]
        share = 0.8 * len(dead) / lidar.device.lasers
        asked = Constraint(kind="dead_share", subject=lidar.name, asked=share, tolerance=0.0, relation="at_least",
                           time_s=self.at_s, until_s=last)  # fmt: skip
        after = dataclasses.replace(lidar, dead_rings=tuple(sorted({*lidar.dead_rings, *dead})))
        return accepted(exchanged(scene, after), "dead_lidar_channels", [asked])

    def _drawn(self, lidar: Lidar, seed: int) -> tuple[int, ...]:
        """Neighbouring rings among those that look at the ground.

        Raises:
            UserError: there are not so many.
        """
        device = lidar.device
        down = sorted({int(ring) for ring in np.unique(device.ring[device.elevation < _DOWN_RAD]).tolist()})
        if len(down) < self.channels:
            raise UserError(
                f"dead_lidar_channels: {lidar.name!r} has {len(down)} lasers that look down, not {self.channels}"
            )
        first = int(stream(seed, "dead_lidar_channels").integers(len(down) - self.channels + 1))
        return tuple(down[first : first + self.channels])
