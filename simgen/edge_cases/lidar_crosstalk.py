"""Another lidar's pulses disturb one's own."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged, frames_from
from simgen.edge_cases._lidar_faults import set_in
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar


@register("edge_case", "lidar_crosstalk")
@dataclass(frozen=True, kw_only=True)
class LidarCrosstalk(EdgeCase):
    """From an instant on (s) a share of a lidar's firings catch a pulse of another: points anywhere, class noise.

    Two units of one model at one place disturb some 1 to 10 in 10 000 firings, more if they turn in step (Popko et
    al. 2019); a column of such cars is worse. Asked: ``noise_points`` in the sweeps from then on, at least half of what
    the share makes of the device's firings.
    """

    tests: ClassVar[str] = "rejection of points where nothing is, in front of the vehicle too"

    sensor: str = param("", doc="name of the lidar; empty = the first", reference="sensor")
    share: float = param(0.01, gt=0.0, le=0.5, doc="share of the firings that catch another's pulse")
    at_s: float = param(1.0, ge=0.0, doc="when it begins")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that lidar.

        Raises:
            UserError: there is no such lidar, it has faults that begin at another time, or takes no sweep afterwards.
        """
        found = device_of(scene, self.sensor, Lidar, "lidar_crosstalk")
        lidar = set_in(scene, found, self.at_s, "lidar_crosstalk")
        last = frames_from(scene, lidar, self.at_s, "lidar_crosstalk")[-1]
        firings = lidar.turn.columns * lidar.device.lasers
        asked = Constraint(kind="noise_points", subject=lidar.name, asked=float(round(0.5 * self.share * firings)),
                           tolerance=0.0, relation="at_least", time_s=self.at_s, until_s=last)  # fmt: skip
        after = dataclasses.replace(lidar, crosstalk=max(lidar.crosstalk, self.share))
        return accepted(exchanged(scene, after), "lidar_crosstalk", [asked])
