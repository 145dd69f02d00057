"""A carton is stuck askew on the belt, and what follows runs up against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._belt import Belt, belt_of, reach
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "conveyor_jam")
@dataclass(frozen=True, kw_only=True)
class ConveyorJam(EdgeCase):
    """A long carton lies askew between the guides of a running belt and does not move; others pile up behind it.

    Asked: that the last of them has come to rest by an instant (``speed_m_s``) although the belt runs on, and that the
    first has run into the stuck one (``contacts``). Physics does the rest. Units: s, m, m/s.
    """

    tests: ClassVar[str] = "noticing that goods queue and push on a belt that runs on"

    belt: str = param("", doc="name of the conveyor; empty = the scene's first")
    count: int = param(4, ge=1, le=12, doc="cartons that come up behind")
    jammed_s: float = param(2.5, ge=0.3, le=60.0, doc="by when the last of them stands")
    at_m: float = param(0.3, ge=-20.0, le=20.0, doc="where the stuck one lies, along the belt from its middle")
    name: str = param("", doc="name of the group; default: conveyor_jam, numbered; the stuck one is called NAME/stuck")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the jam in it.

        Raises:
            UserError: there is no belt that runs, it is too short, or the clip ends before.
        """
        if self.jammed_s > scene.clock.duration_s:
            raise UserError("conveyor_jam: jammed_s is past the clip's end: lengthen clock.duration_s")
        belt, group = belt_of(scene, self.belt, "conveyor_jam"), self.name or free_name("conveyor_jam", scene)
        draw = stream(stage.seed, "conveyor_jam")
        long = 0.9 * belt.width_m
        stuck, yaw = _carton((long, 0.2, 0.18), int(draw.integers(10_000))), float(draw.uniform(0.7, 1.1))
        sizes = draw.uniform([0.16, 0.14, 0.1], [0.28, 0.22, 0.2], (self.count, 3)).tolist()
        others = [_carton((a, b, c), int(draw.integers(10_000))) for a, b, c in sizes]
        turns = draw.uniform(-0.25, 0.25, self.count).tolist()

        def build(values: Values) -> Scene:
            placed = belt.spot(model_of(stuck), self.at_m, 0.0, yaw)
            changed = scene.add(name=f"{group}/stuck", asset=stuck, physics="static", group=group, **placed)
            at = self.at_m - reach(model_of(stuck), yaw)[0] - 0.03
            for k, (asset, turn) in enumerate(zip(others, turns, strict=True)):
                half = reach(model_of(asset), turn)[0]
                at -= half + values["gap_m"]
                placed = belt.spot(model_of(asset), at, values["aside"] * (-1.0) ** k, turn)
                changed = changed.add(name=f"{group}/{k}", asset=asset, physics="dynamic", group=group, **placed)
                refuse_overlap(changed, f"{group}/{k}", 0.01, on=belt.entity.name)
                at -= half
            return changed

        problem = Problem(
            case="conveyor_jam", free={"gap_m": (0.03, 0.18), "aside": (-0.6, 0.6)}, build=build,
            ask=lambda values: self._asked(group, belt), physical=True, tries=8,
            way_out="lengthen the clip or the belt, ask for fewer, or for a later jammed_s",
        )  # fmt: skip
        return solve(problem, stage)

    def _asked(self, group: str, belt: Belt) -> tuple[Constraint, ...]:
        last = f"{group}/{self.count - 1}"
        still = {"asked": 0.15 * belt.speed_m_s, "tolerance": 0.15 * belt.speed_m_s, "time_s": self.jammed_s}
        return (
            Constraint(kind="speed_m_s", subject=last, relation="at_most", **still),  # type: ignore[arg-type]
            Constraint(
                kind="contacts", subject=f"{group}/0", other=f"{group}/stuck", asked=1.0, tolerance=0.0,
                relation="at_least",
            ),
        )  # fmt: skip


def _carton(size: tuple[float, float, float], variant: int) -> Asset:
    """A carton with a print, brought to about that length."""
    asset: Asset = registry.get("asset", "load_carrier")(kind="carton", variant=variant)
    factor = min(max(size[0] / model_of(asset).size[0], 0.1), 5.0)
    made: Asset = registry.get("asset", "resized")(of=asset, factor=factor)
    return made
