"""A lorry ahead loses its load."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin
from typing import Any, ClassVar, Final

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import Road, empty_flatbed, joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import yaw_of
from simgen.placement.coupling import start_pose
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene

#: the deck of a flatbed semitrailer: how high, and where it ends, m
_DECK_M, _END_M = 1.33, -4.28
#: of what stands on it, the share of its length that is beyond the end: more than half tips over
_OVER: Final = 0.62


@register("edge_case", "lost_cargo")
@dataclass(frozen=True, kw_only=True)
class LostCargo(EdgeCase):
    """Goods stand at the end of a flatbed before the ego, unlashed: they tip over its edge and fall on the road.

    They are bodies of their own under physics: they fall, tumble and slide until friction stops them. Asked of the
    first: that it has come down by ``at_s`` (``rise_m``), and the ego's ``time_headway_s`` behind the trailer at the
    start. Free: where the lorry starts, and how hard the load is pushed. Units: s, m, m/s.
    """

    tests: ClassVar[str] = "things that come off a vehicle ahead, in the air and on the road"

    kind: str = param("crate", doc="what is lost (asset load_carrier)", choices=("crate", "carton", "drum", "tote"))
    count: int = param(3, ge=1, le=8, doc="how many stand at the edge")
    headway_s: float = param(1.5, ge=0.5, le=6.0, doc="time headway of the ego behind the trailer at the start")
    at_s: float = param(2.0, ge=0.8, doc="when the first is on the road")
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of the headway")
    name: str = param("", doc="name of the tractor; default: loaded, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry and its load in it.

        Raises:
            UserError: there is no ego on a road, no room for the lorry, or nothing falls in time.
        """
        road = road_of(scene, stage, "lost_cargo")
        name = self.name or free_name("loaded", scene)
        tractor = made("tractor_unit", stage, "lost_cargo")
        trailer = empty_flatbed(stage, "lost_cargo")
        tower, towed = model_of(tractor), model_of(trailer)
        back, _ = start_pose(tower, towed, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))
        load, speed = free_name("lost", scene), road.speed_m_s

        def build(values: Values) -> Scene:
            s = road.nose + values["ahead_m"] + rear_m(towed) - back[0]
            placed = road.pose(s, road.lateral)
            changed = joined(scene, name, tractor, behaviour=road.drives((0.0,), (speed,)), **placed)
            position, quaternion = start_pose(tower, towed, placed["position"], placed["quaternion"])
            behind: dict[str, Any] = {"position": position, "quaternion": quaternion}
            changed = changed.add(
                name=f"{name}/semitrailer", asset=trailer, towed_by=name, group="semitrailer", **behind
            )
            return self._loaded(changed, road, behind, load, values["push_m_s"])

        gap = self.headway_s * speed
        problem = Problem(
            case="lost_cargo",
            free={"ahead_m": (0.95 * gap, 1.05 * gap), "push_m_s": (0.1, 0.6)},
            build=build,
            ask=lambda values: self._asked(f"{name}/semitrailer", load if self.count == 1 else f"{load}/0"),
            physical=True,
            tries=8,
            way_out="start the ego farther back, or ask for a later at_s",
        )
        return solve(problem, stage)

    def _loaded(self, scene: Scene, road: Road, trailer: dict[str, Any], name: str, push_m_s: float) -> Scene:
        """Side by side at the end of the deck, and as fast as the lorry, less the push."""
        yaw = float(yaw_of(trailer["quaternion"]))
        speed = road.speed_m_s - push_m_s
        draw = stream(road.stage.seed, "lost_cargo", "load")
        assets = [self._piece(int(draw.integers(10_000))) for _ in range(self.count)]
        wide = max(model_of(asset).size[1] for asset in assets) + 0.06
        across = min(self.count, int(2.4 / wide))
        for k, asset in enumerate(assets):
            size = model_of(asset).size
            row, column = divmod(k, across)
            # those behind the first row stand on the deck and are pushed after them
            x = _END_M + (0.5 - _OVER) * size[0] + row * (size[0] + 0.05)
            y = (column - 0.5 * (min(across, self.count - row * across) - 1)) * wide
            px, py, pz = trailer["position"]
            at = (px + cos(yaw) * x - sin(yaw) * y, py + sin(yaw) * x + cos(yaw) * y, pz + _DECK_M + 0.01)
            scene = scene.add(
                name=name if self.count == 1 else f"{name}/{k}",
                asset=asset,
                position=at,
                quaternion=trailer["quaternion"],
                physics="dynamic",
                velocity_m_s=(speed * cos(yaw), speed * sin(yaw), 0.0),
                group=name,
            )
        return scene

    def _piece(self, variant: int) -> Asset:
        asset = registry.get("asset", "load_carrier")(kind=self.kind, variant=variant)
        assert isinstance(asset, Asset)
        return asset

    def _asked(self, trailer: str, first: str) -> tuple[Constraint, Constraint]:
        down = Constraint(
            kind="rise_m",
            subject=first,
            asked=-0.5 * _DECK_M,
            tolerance=0.1,
            relation="at_most",
            time_s=self.at_s,
        )
        headway = Constraint(
            kind="time_headway_s",
            subject="ego",
            other=trailer,
            asked=self.headway_s,
            tolerance=self.tolerance_s,
            time_s=0.0,
        )
        return down, headway
