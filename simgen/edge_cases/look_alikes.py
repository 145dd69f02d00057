"""Things that look like the one that is wanted, and are others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench
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

#: what is wanted: its asset, its solid, and the colour and class of an impostor of that solid
_TARGETS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "orange": ("grocery", "sphere", {"color": (0.75, 0.25, 0.02), "class_name": "ball", "roughness": 0.5}),
    "apple": ("grocery", "sphere", {"color": (0.5, 0.05, 0.03), "class_name": "ball", "roughness": 0.4}),
    "can": ("grocery", "cylinder", {"color": (0.5, 0.5, 0.5), "class_name": "container", "metallic": 0.8}),
    "drink_can": ("grocery", "cylinder", {"color": (0.55, 0.08, 0.06), "class_name": "container", "roughness": 0.3}),
    "food_box": ("grocery", "box", {"color": (0.55, 0.35, 0.12), "class_name": "container", "roughness": 0.7}),
}
_TRIES: Final = 5


@register("edge_case", "look_alikes")
@dataclass(frozen=True, kw_only=True)
class LookAlikes(EdgeCase):
    """A target on a support, and others beside it that share its outline, all in a camera's view.

    ``other_class``: solids of its very size and of about its colour, of another class (an orange and balls, a tin and
    pots); ``other_texture``: the same thing with other prints; ``other_size``: the same thing, 15 to 40 % smaller or
    larger. Asked: how much of the target and of each of the others is seen (``visible_fraction``).
    """

    tests: ClassVar[str] = "telling the wanted object from others of its shape, class or size"

    sensor: str = param("", doc="the camera that must see them; empty = the scene's first", reference="sensor")
    on: str = param("", doc="support to put them on; empty = the one that the camera looks at")
    target: str = param("orange", doc="what is wanted", choices=tuple(_TARGETS))
    differ: Literal["other_class", "other_texture", "other_size"] = param("other_class", doc="in what they differ")
    count: int = param(4, ge=1, le=20, doc="how many others")
    visible_fraction: float = param(0.5, ge=0.0, le=1.0, doc="share of each that must be seen, at least")
    name: str = param("", doc="name of the group; default: look_alikes, numbered; the target is called NAME/target")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with target and others.

        Raises:
            UserError: there is no camera, no such support or no room, or they would hide each other.
        """
        camera = camera_of(scene, self.sensor, "look_alikes", (Camera, DepthCamera))
        group = self.name or free_name("look_alikes", scene)
        names = [f"{group}/target", *(f"{group}/{k}" for k in range(self.count))]
        assets = self._assets(stream(stage.seed, "look_alikes", "things"))
        for attempt in range(_TRIES):
            changed = self._placed(scene, stage, camera, dict(zip(names, assets, strict=True)), group, attempt)
            shown = seen_at_rest(changed, stage, camera, names)
            if all(one.visible_fraction >= self.visible_fraction + 0.05 for one in shown.values()):
                asked = [self._asked(name, camera.name) for name in names]
                return accepted(changed, "look_alikes", asked, Solution(source="look_alikes", tried=attempt + 1))
        raise UserError("look_alikes: they hide each other: lower count or visible_fraction, or look from higher up")

    def _placed(
        self, scene: Scene, stage: Stage, camera: Sensor, things: dict[str, Asset], group: str, attempt: int
    ) -> Scene:
        draw = stream(stage.seed, "look_alikes", "place", attempt)
        bench = Bench.of(scene, stage.layout, camera, self.on, draw, "look_alikes")
        for name, asset in things.items():
            placed = bench.spot(model_of(asset), room_m=0.02)
            scene = scene.add(name=name, asset=asset, physics="static", group=group, **placed)
        return scene

    def _assets(self, draw: Stream) -> list[Asset]:
        """The target first."""
        family, solid, looks = _TARGETS[self.target]
        make, variant = registry.get("asset", family), int(draw.integers(10_000))
        wanted: Asset = make(kind=self.target, variant=variant)
        others: list[Asset] = []
        for _ in range(self.count):
            if self.differ == "other_texture":
                others.append(make(kind=self.target, variant=(variant + 1 + int(draw.integers(9_998))) % 10_000))
            elif self.differ == "other_size":
                share = float(draw.uniform(0.15, 0.4))
                factor = 1.0 - share if draw.random() < 0.5 else 1.0 + share
                others.append(registry.get("asset", "resized")(of=wanted, factor=factor))
            else:
                others.append(_impostor(solid, looks, model_of(wanted).size))
        return [wanted, *others]

    def _asked(self, name: str, camera: str) -> Constraint:
        return Constraint(
            kind="visible_fraction", subject=name, other=camera, asked=self.visible_fraction, tolerance=0.02,
            relation="at_least", time_s=0.0,
        )  # fmt: skip


def _impostor(solid: str, looks: dict[str, Any], size: tuple[float, float, float]) -> Asset:
    """A solid of that size."""
    radius = 0.25 * (size[0] + size[1])
    shapes: dict[str, dict[str, Any]] = {
        "sphere": {"radius_m": radius},
        "cylinder": {"radius_m": radius, "height_m": size[2]},
        "box": {"size_m": size},
    }
    made: Asset = registry.get("asset", solid)(**shapes[solid], **looks)
    return made
