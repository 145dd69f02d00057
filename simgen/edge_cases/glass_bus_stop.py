"""Somebody waits behind the glass of a bus shelter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._convoy import names_of
from simgen.edge_cases._devices import sensor_of_kind
from simgen.edge_cases._street_side import Part, Roadside, stand_beside
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "glass_bus_stop")
@dataclass(frozen=True, kw_only=True)
class GlassBusStop(EdgeCase):
    """A shelter of glass at the kerb with a person in it, whom the ego sees through its end wall.

    A lidar's pulses pass the pane (flag *seen through*) or are mirrored by it; the camera sees the person, while its
    labels name the first surface met, which is the pane. Asked: ``distance_m`` from the ego to the shelter at ``at_s``;
    of the first lidar, ``points`` on the person; of the first camera, at most ``visible_fraction`` of the person by
    label then. Free: where it stands. Units: m, s.
    """

    tests: ClassVar[str] = "perception of people through glass that labels and pulses treat differently"

    variant: int = param(1, ge=0, doc="which person")
    pose: str = param("stand", doc="what the person does", choices=("stand", "phone", "walk"))
    distance_m: float = param(14.0, ge=3.0, le=40.0, doc="from the ego to the shelter at at_s")
    at_s: float = param(0.8, ge=0.0, doc="when, or up to 1.6 s later where the place is taken")
    setback_m: float = param(1.3, ge=1.0, le=4.0, doc="from the kerb to the shelter's middle, at the least")
    side: str = param("right", doc="of the ego's way", choices=("left", "right"))
    points: int = param(5, ge=0, le=10000, doc="fewest points on the person in the first lidar's sweep at at_s")
    visible_fraction: float = param(0.6, ge=0.0, le=1.0, doc="most of the person that labels call visible at at_s")
    tolerance_m: float = param(1.5, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the shelter; default: glass_bus_stop, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with shelter and person.

        Raises:
            UserError: there is no ego or road, or no free place.
        """
        shelter = registry.get("asset", "bus_stop")(poster=False, variant=self.variant)
        person = registry.get("asset", "pedestrian")(variant=self.variant, pose=self.pose, carries="none")
        name = names_of(scene, "glass_bus_stop", self.name)
        waiting = names_of(scene, f"{name}_person")
        # the end wall that the ego comes to: right of the way it looks along -y of the shelter, left along +y
        near = 1.0 if self.side == "right" else -1.0
        parts = [
            Part(name=name, asset=shelter),
            Part(name=waiting, asset=person, x_m=-0.12, y_m=near * 1.2, turn_deg=near * 20.0),
        ]
        wish = Roadside(
            case="glass_bus_stop",
            parts=parts,
            setback_m=self.setback_m,
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            side=-1 if self.side == "right" else 1,
            more=self._through(scene, waiting),
        )
        return stand_beside(scene, stage, wish)

    def _through(self, scene: Scene, waiting: str) -> list[Constraint]:
        lidar, camera = sensor_of_kind(scene, "lidar"), sensor_of_kind(scene, "camera")
        asked = [
            Constraint(kind="points", subject=waiting, other=lidar, asked=float(self.points), tolerance=0.0,
                       relation="at_least"),
            Constraint(kind="visible_fraction", subject=waiting, other=camera, asked=self.visible_fraction,
                       tolerance=0.0, relation="at_most"),
        ]  # fmt: skip
        return [constraint for constraint in asked if constraint.other]
