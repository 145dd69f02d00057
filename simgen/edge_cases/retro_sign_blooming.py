"""Somebody stands beside a sign that dazzles a lidar."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._convoy import names_of
from simgen.edge_cases._devices import device_of, exchanged
from simgen.edge_cases._street_side import Part, Roadside, stand_beside
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar


@register("edge_case", "retro_sign_blooming")
@dataclass(frozen=True, kw_only=True)
class RetroSignBlooming(EdgeCase):
    """A new, large sign of prismatic sheeting at the height of a person, who stands beside it in its halo.

    So much of its light strays into the beams beside it that the lidar reports points at the sign's range where there
    is air, and may lose the person in them. A lidar's ``blooming`` is raised to ``blooming`` where it is less: older
    devices, and windows with fine dust, have it. Asked: ``distance_m`` from the ego to the sign at ``at_s``, and
    ``halo_points`` in the lidar's sweep then. Free: where it stands. Units: m, s.
    """

    tests: ClassVar[str] = "separation of a person from the false points round a retro-reflector"

    lidar: str = param("", doc="whose; empty = the first lidar", reference="sensor")
    blooming: float = param(2e-4, ge=0.0, le=0.1, doc="least share of its light that strays one degree aside")
    halo_points: int = param(5, ge=1, le=10000, doc="fewest points of the halo in the sweep at at_s")
    kind: str = param("no_entry", doc="which sign", choices=("no_entry", "stop", "keep_right", "speed_limit"))
    variant: int = param(1, ge=0, doc="which person")
    distance_m: float = param(12.0, ge=3.0, le=40.0, doc="from the ego to the sign at at_s")
    at_s: float = param(0.8, ge=0.0, doc="when, or up to 1.6 s later where the place is taken")
    side: str = param("right", doc="of the ego's way", choices=("left", "right"))
    tolerance_m: float = param(1.5, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the sign; default: retro_sign_blooming, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with sign and person.

        Raises:
            UserError: there is no ego, road or lidar, or no free place.
        """
        lidar = device_of(scene, self.lidar, Lidar, "retro_sign_blooming")
        if lidar.blooming < self.blooming:
            scene = exchanged(scene, dataclasses.replace(lidar, blooming=self.blooming))
        sign = registry.get("asset", "traffic_sign")(kind=self.kind, size="large", height_m=1.55)
        person = registry.get("asset", "pedestrian")(variant=self.variant, pose="stand")
        name = names_of(scene, "retro_sign_blooming", self.name)
        near = 1.0 if self.side == "right" else -1.0
        parts = [
            Part(name=name, asset=sign, turn_deg=near * 78.0),
            Part(name=names_of(scene, f"{name}_person"), asset=person, x_m=-0.85, y_m=near * 0.1, turn_deg=near * 60.0),
        ]
        halo = Constraint(kind="halo_points", subject=lidar.name, asked=float(self.halo_points), tolerance=0.0,
                          relation="at_least")  # fmt: skip
        wish = Roadside(
            case="retro_sign_blooming",
            parts=parts,
            setback_m=0.9,
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            side=-1 if self.side == "right" else 1,
            more=[halo],
        )
        return stand_beside(scene, stage, wish)
