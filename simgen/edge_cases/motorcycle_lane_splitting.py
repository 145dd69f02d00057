"""A motorcycle rides between two queues of cars and passes the ego closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases._vehicles import Road, Side, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "motorcycle_lane_splitting")
@dataclass(frozen=True, kw_only=True)
class MotorcycleLaneSplitting(EdgeCase):
    """Traffic crawls in two lanes, the ego in one of them; a motorcycle comes from behind on the line between.

    Asked: ``distance_m`` of the two as it passes at ``at_s``, at most, and how much faster it rides then
    (``closing_speed_m_s`` half a second before, at least). Free: where it starts, and how much nearer to the ego than
    to its neighbours it rides. California's guidelines call up to 10 mph faster safe in traffic that does up to 30 mph
    (CHP 2018). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "a narrow vehicle that comes close from behind between two lanes"

    style: str = param("naked", doc="of the motorcycle", choices=("naked", "sport", "tourer"))
    side: Side = param("", doc="on which side of the ego it passes; empty = where there is a lane")
    faster_m_s: float = param(5.0, ge=1.0, le=15.0, doc="how much faster than the ego it rides")
    at_s: float = param(2.0, ge=0.6, doc="when it passes the ego's middle")
    distance_m: float = param(1.0, ge=0.2, le=2.0, doc="largest distance between the two as it passes")
    queue: int = param(4, ge=0, le=12, doc="cars in each lane that crawl along, before, beside and behind the ego")
    gap_m: float = param(4.0, ge=1.5, le=20.0, doc="between cars of a queue")
    name: str = param("", doc="name of the motorcycle; default: motorcycle, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with both queues and the motorcycle in it.

        Raises:
            UserError: there is no ego, no lane beside its own, or too little room between the lanes.
        """
        road = road_of(scene, stage, "motorcycle_lane_splitting", moves=False)
        _, aside = road.beside(self.side)
        name = self.name or free_name("motorcycle", scene)
        bike = made("motorcycle", stage, "lane_splitting", style=self.style)
        rider = made("motorcyclist", stage, "lane_splitting", style=self.style)
        speed = road.speed_m_s + self.faster_m_s
        between = 0.5 * (aside + road.lateral)
        queues = self._queues(scene, road, aside)

        def build(values: Values) -> Scene:
            start = 0.5 * (road.nose + road.tail) + (road.speed_m_s - speed) * self.at_s - model_of(bike).box_center[0]
            placed = road.pose(start + values["shift_m"], between + values["lateral_m"])
            changed = joined(queues, name, bike, behaviour=road.drives((0.0,), (speed,)), **placed)
            return changed.add(
                name=f"{name}/rider", asset=rider, position=(0.0, 0.0, 0.0), parent=name, group="motorcyclist"
            )

        problem = Problem(
            case="motorcycle_lane_splitting",
            free={"shift_m": (-0.5, 0.5), "lateral_m": (-0.25, 0.25)},
            build=build,
            ask=lambda values: self._asked(name),
            way_out="use wider lanes (lane_width_m), or ask for more distance_m",
        )
        return solve(problem, stage)

    def _queues(self, scene: Scene, road: Road, aside: float) -> Scene:
        """Cars as fast as the ego, before and behind it and in the lane beside."""
        rng = stream(road.stage.seed, "motorcycle_lane_splitting", "queue")
        for lateral, label in ((road.lateral, "own"), (aside, "beside")):
            nose, tail = road.nose, road.tail
            if label == "beside":
                tail = nose = 0.5 * (road.nose + road.tail) + float(rng.uniform(-4.0, 4.0))
            for k in range(self.queue):
                kind = ("sedan", "hatchback", "suv", "estate", "city_car", "van")[int(rng.integers(6))]
                asset = made(kind, road.stage, f"queue {label} {k}")
                gap, long = self.gap_m * float(rng.uniform(0.7, 1.3)), model_of(asset).size[0]
                # two before for one behind
                if k % 3 < 2:
                    low, nose = nose + gap, nose + gap + long
                else:
                    low, tail = tail - gap - long, tail - gap - long
                scene = self._queued(scene, road, asset, low, lateral)
        return scene

    def _queued(self, scene: Scene, road: Road, asset: Asset, low: float, lateral: float) -> Scene:
        """With a car whose tail is at a place, if the place is free."""
        model = model_of(asset)
        origin = low + 0.5 * model.size[0] - model.box_center[0]
        behaviour = road.drives((0.0,), (road.speed_m_s,)) if road.speed_m_s > 0.05 else None
        try:
            placed = road.pose(origin, lateral)
            return joined(scene, free_name("queue", scene), asset, behaviour=behaviour, **placed | {"group": "queue"})
        except RejectedError:
            return scene

    def _asked(self, name: str) -> tuple[Constraint, Constraint]:
        near = Constraint(
            kind="distance_m",
            subject=name,
            other="ego",
            asked=self.distance_m,
            tolerance=0.1,
            relation="at_most",
            time_s=self.at_s,
        )
        closing = Constraint(
            kind="speed_m_s", subject=name, asked=self.faster_m_s, tolerance=0.2, relation="at_least", time_s=self.at_s
        )
        return near, closing
