"""The network loses packets of a lidar."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged
from simgen.edge_cases._lidar_faults import lost_from, set_in
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar


@register("edge_case", "dropped_packets")
@dataclass(frozen=True, kw_only=True)
class DroppedPackets(EdgeCase):
    """From an instant on (s) bursts of a lidar's packets are lost: whole sectors of the turn are empty.

    Packets travel by UDP, which repeats nothing; a switch that is overloaded drops them in bursts, each of so many
    columns of firings. Asked: ``returns_lost``, at least two thirds of the share, in the worst sweep.
    """

    tests: ClassVar[str] = "telling missing data from free space in a lidar's sweep"

    sensor: str = param("", doc="name of the lidar; empty = the first", reference="sensor")
    share: float = param(0.3, gt=0.0, lt=1.0, doc="share of the bursts that are lost")
    burst_columns: int = param(120, ge=1, le=4096, doc="columns of firings in a burst: 120 are 24 degrees of a VLP-16")
    at_s: float = param(1.0, ge=0.0, doc="when it begins")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that lidar.

        Raises:
            UserError: there is no such lidar, it has faults that begin at another time, or takes no sweep afterwards.
        """
        lidar = set_in(scene, device_of(scene, self.sensor, Lidar, "dropped_packets"), self.at_s, "dropped_packets")
        after = dataclasses.replace(
            lidar, packet_loss=max(lidar.packet_loss, self.share), packet_columns=self.burst_columns
        )
        asked = lost_from(scene, after, self.at_s, 0.67 * self.share, "dropped_packets")
        return accepted(exchanged(scene, after), "dropped_packets", [asked])
