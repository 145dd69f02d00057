"""A support full of things that lie on and before each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench, middle_in_view
from simgen.edge_cases._heap import heaped
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._snapshot import seen_at_rest
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera

#: what lies about and does not roll far: family and kind
_THINGS: Final = (
    ("grocery", "food_box"), ("grocery", "cereal"), ("grocery", "milk_carton"), ("grocery", "jar"),
    ("desk_item", "book"), ("desk_item", "sponge"), ("desk_item", "remote"), ("desk_item", "phone"),
    ("load_carrier", "bin_box"),
)  # fmt: skip
_POURS: Final = 4


@register("edge_case", "clutter")
@dataclass(frozen=True, kw_only=True)
class Clutter(EdgeCase):
    """Packs, books and other household things are dropped on a support until they hide each other.

    They fall and come to rest in physics before the clip begins; each pour that does not hide enough is followed by one
    over a smaller place. Asked: ``mean_visible_fraction`` of all of them in the camera, at most, and that the topmost
    lies still (``travel_m`` within 1 cm). Units: m.
    """

    tests: ClassVar[str] = "segmentation and grasping amid many things that hide each other"

    sensor: str = param("", doc="the camera that looks; empty = the scene's first", reference="sensor")
    on: str = param("", doc="support to drop them on; empty = the one that the camera looks at")
    count: int = param(10, ge=2, le=40, doc="how many things")
    mean_visible_fraction: float = param(0.8, ge=0.1, le=1.0, doc="how much of them is seen on average, at most")
    reach_m: float = param(0.2, ge=0.03, le=2.0, doc="they are let go within this distance of a point in view")
    name: str = param("", doc="name of the group; default: clutter, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the things in it.

        Raises:
            UserError: there is no camera or support, things fall off, or they do not hide each other enough.
        """
        camera = camera_of(scene, self.sensor, "clutter", (Camera, DepthCamera))
        group = self.name or free_name("clutter", scene)
        rejected: dict[str, int] = {}
        for pour in range(_POURS):
            rng = stream(stage.seed, "clutter", pour)
            bench = Bench.of(scene, stage.layout, camera, self.on, rng, "clutter")
            things = {f"{group}/{k}": _thing(rng) for k in range(self.count)}
            reach = self.reach_m * 0.8**pour
            heap = heaped(scene, stage, bench.area, middle_in_view(bench), reach, things, group, rng)
            reason = "something fell off" if heap is None else "they do not hide each other enough"
            if heap is not None and self._mean(heap, stage, camera, group) <= self.mean_visible_fraction - 0.03:
                solution = Solution(source="clutter", tried=pour + 1, rejected=tuple(rejected.items()), physical=True)
                return accepted(heap, "clutter", self._asked(heap, group, camera), solution)
            rejected[reason] = rejected.get(reason, 0) + 1
        raise UserError(f"clutter: {', '.join(rejected)}: raise count, or change reach_m or mean_visible_fraction")

    def _mean(self, heap: Scene, stage: Stage, camera: Sensor, group: str) -> float:
        names = [e.name for e in heap.group(group)]
        shown = seen_at_rest(heap, stage, camera, names)
        return sum(one.visible_fraction for one in shown.values()) / len(names)

    def _asked(self, heap: Scene, group: str, camera: Sensor) -> tuple[Constraint, ...]:
        top = max(heap.group(group), key=lambda e: e.position[2]).name
        return (
            Constraint(
                kind="mean_visible_fraction", subject=group, other=camera.name, asked=self.mean_visible_fraction,
                tolerance=0.02, relation="at_most", time_s=0.0,
            ),
            Constraint(kind="travel_m", subject=top, asked=0.01, tolerance=0.0, relation="at_most", time_s=0.0),
        )  # fmt: skip


def _thing(draw: Stream) -> Asset:
    family, kind = _THINGS[int(draw.integers(len(_THINGS)))]
    made: Asset = registry.get("asset", family)(kind=kind, variant=int(draw.integers(10_000)))
    return made
