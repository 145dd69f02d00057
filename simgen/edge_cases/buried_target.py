"""The wanted thing lies under others in a bin."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench
from simgen.edge_cases._forecast import evidence_of
from simgen.edge_cases._heap import heaped
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import Seen, camera_of
from simgen.edge_cases._snapshot import seen_at_rest
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.metrics import measure
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera

#: what lies in bins: family and kind
THINGS: Final = (
    ("grocery", "can"), ("grocery", "food_box"), ("grocery", "drink_can"), ("grocery", "jar"), ("grocery", "apple"),
    ("grocery", "orange"), ("grocery", "milk_carton"), ("desk_item", "sponge"), ("desk_item", "remote"),
)  # fmt: skip
_POURS: Final = 6
#: how far the target may move over the clip, m
_STILL_M: Final = 0.01


@register("edge_case", "buried_target")
@dataclass(frozen=True, kw_only=True)
class BuriedTarget(EdgeCase):
    """Mixed things are poured onto a support, best a bin; one that is seen as little as asked is the target.

    They fall and come to rest in physics before the clip begins. Of the heap, the most hidden thing of which something
    is still seen becomes the target; if none is hidden enough, it is poured anew. Asked: ``visible_fraction`` in the
    camera, between two bounds, and that the target lies still (``travel_m`` within 1 cm).
    """

    tests: ClassVar[str] = "finding and digging out a thing of which little is to be seen"

    sensor: str = param("", doc="the camera that looks; empty = the scene's first", reference="sensor")
    on: str = param("", doc="support to pour them on; empty = the one that the camera looks at")
    count: int = param(10, ge=2, le=40, doc="things in the heap, the target among them")
    visible_fraction: float = param(0.3, gt=0.0, le=0.9, doc="how much of the target is seen, at most")
    least_visible: float = param(0.03, ge=0.0, le=0.8, doc="and at least; 0 = it may be hidden altogether")
    reach_m: float = param(0.07, ge=0.02, le=1.0, doc="they are let go within this distance of the middle")
    name: str = param("", doc="the target's name; default: buried_target, numbered; the others are called NAME/0 ...")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the heap in it.

        Raises:
            UserError: there is no camera or support, things fall off, or none is hidden as asked.
        """
        camera = camera_of(scene, self.sensor, "buried_target", (Camera, DepthCamera))
        group = self.name or free_name("buried_target", scene)
        rejected: dict[str, int] = {}
        for pour in range(_POURS):
            rng = stream(stage.seed, "buried_target", pour)
            heap = self._poured(scene, stage, camera, group, rng)
            if heap is None:
                rejected["something fell off"] = rejected.get("something fell off", 0) + 1
                continue
            shown = seen_at_rest(heap, stage, camera, [e.name for e in heap.group(group)])
            hidden = [n for n in self._hidden(shown) if _by_others(heap, stage, camera, n, group)]
            chosen = next(iter(_still(heap, stage, hidden)), None)
            if chosen is not None:
                solution = Solution(source="buried_target", tried=pour + 1, rejected=tuple(rejected.items()))
                return accepted(_renamed(heap, chosen, group), "buried_target", self._asked(group, camera), solution)
            why = "the heap settles on" if hidden else "no thing is hidden as asked"
            rejected[why] = rejected.get(why, 0) + 1
        raise UserError(
            f"buried_target: {', '.join(rejected)}: raise count, lower reach_m, or ask for another fraction"
        )

    def _poured(self, scene: Scene, stage: Stage, camera: Sensor, group: str, rng: Stream) -> Scene | None:
        bench = Bench.of(scene, stage.layout, camera, self.on, rng, "buried_target")
        x, y = bench.area.polygon[:, :2].mean(0).tolist()
        things = {f"{group}/{k}": _thing(rng) for k in range(self.count)}
        return heaped(scene, stage, bench.area, (x, y), self.reach_m, things, group, rng)

    def _hidden(self, shown: dict[str, Seen]) -> list[str]:
        """Those that are hidden enough and not too much, the most hidden first; rays are a little coarse."""
        low = self.least_visible + 0.02 if self.least_visible else 0.0
        fractions = {name: one.visible_fraction for name, one in shown.items()}
        fitting = [name for name, share in fractions.items() if low <= share <= self.visible_fraction - 0.02]
        return sorted(fitting, key=lambda name: fractions[name])

    def _asked(self, target: str, camera: Sensor) -> tuple[Constraint, ...]:
        seen = {"kind": "visible_fraction", "subject": target, "other": camera.name, "time_s": 0.0}
        return (
            Constraint(**seen, asked=self.visible_fraction, tolerance=0.02, relation="at_most"),  # type: ignore[arg-type]
            Constraint(**seen, asked=self.least_visible, tolerance=0.02, relation="at_least"),  # type: ignore[arg-type]
            _lies_still(target),
        )


def _thing(draw: Stream) -> Asset:
    family, kind = THINGS[int(draw.integers(len(THINGS)))]
    made: Asset = registry.get("asset", family)(kind=kind, variant=int(draw.integers(10_000)))
    return made


def _by_others(heap: Scene, stage: Stage, camera: Sensor, name: str, group: str) -> bool:
    """Whether it is the others that hide a thing, not the bin's wall."""
    alone = heap.replace(entities=tuple(e for e in heap.entities if e.group != group or e.name == name))
    return seen_at_rest(alone, stage, camera, [name])[name].visible_fraction > 0.85


def _lies_still(name: str) -> Constraint:
    return Constraint(kind="travel_m", subject=name, asked=_STILL_M, tolerance=0.0, relation="at_most", time_s=0.0)


def _still(heap: Scene, stage: Stage, names: list[str]) -> list[str]:
    """Those that stay where they came to rest through the clip: heaps settle a little anew."""
    if not names:
        return []
    evidence = evidence_of(heap, stage.layout, stage.simulate(heap))
    return [name for name in names if measure(_lies_still(name), evidence).achieved < 0.8 * _STILL_M]


def _renamed(scene: Scene, chosen: str, name: str) -> Scene:
    entities = tuple(dataclasses.replace(e, name=name) if e.name == chosen else e for e in scene.entities)
    return scene.replace(entities=entities)
