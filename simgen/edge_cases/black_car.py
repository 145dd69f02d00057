"""A car whose black swallows a lidar's light drives ahead."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._convoy import Ahead, Leader, drive_ahead, names_of
from simgen.edge_cases._devices import sensor_of_kind
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "black_car")
@dataclass(frozen=True, kw_only=True)
class BlackCar(EdgeCase):
    """A deep black car on the ego's lane, and the same car in a usual grey on the lane to its left, equally far away.

    Black on carbon black sends back 1 to 3 % of the light at 905 nm (``coated``), so a lidar is left with its plate,
    lamps, tyres and what is behind its windows. Asked: ``distance_m`` at ``at_s``; and in the first lidar's sweep then
    at least ``grey_points`` points on the grey car, and at most ``black_share`` of them on this one. Free: the start.
    Units: m, s.
    """

    tests: ClassVar[str] = "detection of a vehicle that a lidar hardly sees"

    asset: str = param("sedan", doc="which car", reference="asset")
    distance_m: float = param(17.0, ge=5.0, le=80.0, doc="from the ego to the car at at_s")
    at_s: float = param(1.0, ge=0.0, doc="when")
    lidar_reflectance: float = param(0.015, gt=0.0, le=0.2, doc="of its paint at 905 nm")
    grey: bool = param(True, doc="puts the grey car beside it, to compare")
    black_share: float = param(
        0.8, gt=0.0, le=1.0, doc="most points on the black car at at_s, as a share of those on the grey one"
    )
    grey_points: int = param(25, ge=0, doc="fewest points on the grey car at at_s, in the first lidar")
    tolerance_m: float = param(1.0, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the new car; default: black_car, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with one car or two.

        Raises:
            UserError: there is no ego, no lane for the grey car, or no room.
        """
        plain = registry.get("asset", self.asset)
        coat = registry.get("asset", "coated")
        black = coat(of=plain(color="black"), finish="absorbing", lidar_reflectance=self.lidar_reflectance)
        leaders = [Leader(name=names_of(scene, "black_car", self.name), asset=black)]
        if self.grey:
            other = names_of(scene, f"{leaders[0].name}_in_grey")
            leaders.append(Leader(name=other, asset=plain(color="grey"), beside=1))
        wish = Ahead(
            case="black_car",
            leaders=leaders,
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            more=self._points(sensor_of_kind(scene, "lidar"), leaders),
        )
        return drive_ahead(scene, stage, wish)

    def _points(self, lidar: str, leaders: list[Leader]) -> list[Constraint]:
        if not lidar or len(leaders) < 2:
            return []
        black, grey = (leader.name for leader in leaders)
        few = Constraint(kind="points_ratio", subject=f"{black} over {grey}", other=lidar, asked=self.black_share,
                         tolerance=0.0, relation="at_most", time_s=self.at_s)  # fmt: skip
        enough = dataclasses.replace(
            few, kind="points", subject=grey, asked=float(self.grey_points), relation="at_least"
        )
        return [few, enough]
