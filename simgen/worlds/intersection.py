"""A crossing of two streets in a town."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.layout import Prop, WorldLayout
from simgen.records.roads import Signal
from simgen.registry import param, register
from simgen.worlds._crossing import DIRECTIONS, Measures
from simgen.worlds._crossing_map import GROUPS, crossing_map
from simgen.worlds._crossing_mesh import crossing_mesh, crossing_shapes
from simgen.worlds._ground import quarter_turns
from simgen.worlds._street import Buildings, Lamps, Row, Trees, houses, kerbside
from simgen.worlds.base import World

_GROUND_BEYOND_ARMS_M = 60.0
_LIGHT_HEIGHT_M = 3.3


@dataclass(frozen=True, kw_only=True)
class SignalTiming:
    """The cycle of the traffic lights; the two axes take turns, with all of them red in between."""

    green_s: float = param(12.0, gt=0.0, doc="green")
    yellow_s: float = param(3.0, gt=0.0, doc="yellow")
    all_red_s: float = param(2.0, gt=1.0, doc="from one axis's yellow to the other's green")
    offset_s: float = param(0.0, doc="how far into the east-west axis's green the sequence starts")


@register("world", "intersection")
@dataclass(frozen=True, kw_only=True)
class Intersection(World):
    """Two streets that cross at right angles at the origin; right-hand traffic.

    Lanes are named by their direction of travel and counted from the kerb: ``east/1`` is the eastbound lane next to
    the kerb, on the west arm up to the stop line. It goes on through ``east/1/straight`` (or ``/right``; ``/left``
    from the innermost lane) to ``east/1/exit`` (``south/1/exit``, ``north/2/exit``). Kerbs: ``east`` beside the
    approach, ``east/exit`` beyond the junction, ``corner/south_west``. Areas: ``road``, ``junction``,
    ``sidewalk/south_west``, ``parking/east``, ``crosswalk/west``, ``terrain/south_west`` and their counterparts.

    Units are metres and seconds. Proportions follow the German guidelines for town streets (RASt 06).
    """

    lanes: int = param(2, ge=1, le=4, doc="lanes in each direction")
    lane_width_m: float = param(3.5, ge=2.5, le=5.0, doc="width of a lane")
    parking_m: float = param(2.3, ge=0.0, le=4.0, doc="width of the parking lane beside the kerb; 0 = none")
    crosswalks: bool = param(True, doc="a crosswalk over every arm")
    crosswalk_width_m: float = param(4.0, ge=1.5, le=10.0, doc="length of its stripes")
    sidewalk_width_m: float = param(3.5, ge=1.5, le=12.0, doc="width of the sidewalks")
    kerb_height_m: float = param(0.12, ge=0.02, le=0.3, doc="height of the sidewalks over the road")
    corner_radius_m: float = param(6.0, ge=2.0, le=20.0, doc="radius of the kerb at the corners")
    arm_length_m: float = param(90.0, ge=40.0, le=500.0, doc="from the centre to the ends of the lanes")
    speed_limit_m_s: float = param(13.9, gt=0.0, doc="speed limit")
    signals: bool = param(True, doc="traffic lights")
    timing: SignalTiming = param(SignalTiming(), doc="cycle of the traffic lights")
    buildings: Buildings = param(Buildings(), doc="houses along the streets")
    trees: Trees = param(Trees(), doc="trees on the sidewalks")
    lamps: Lamps = param(Lamps(), doc="lamps on the sidewalks")

    def __post_init__(self) -> None:
        m = self._measures()
        reach = max(m.clear, m.bend)
        if self.arm_length_m < reach + 10.0:
            raise UserError(
                f"intersection: arm_length_m {self.arm_length_m:g} leaves no road beside the junction, which alone "
                f"reaches {reach:.1f} m; give at least {reach + 10.0:.0f}"
            )

    def _measures(self) -> Measures:
        return Measures(
            lanes=self.lanes,
            lane=self.lane_width_m,
            parking=self.parking_m,
            sidewalk=self.sidewalk_width_m,
            kerb=self.kerb_height_m,
            corner=self.corner_radius_m,
            crosswalk=self.crosswalk_width_m if self.crosswalks else 0.0,
            arm=self.arm_length_m,
            edge=self.arm_length_m + _GROUND_BEYOND_ARMS_M,
        )

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; houses and trees draw from streams of the seed."""
        m = self._measures()
        ground = crossing_mesh(m)
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=crossing_shapes(m),
            map=crossing_map(m, self._signals(), self.speed_limit_m_s),
            props=tuple(prop for turn in range(4) for prop in self._props(m, turn, seed)),
        )

    def _signals(self) -> tuple[Signal, ...]:
        if not self.signals:
            return ()
        t = self.timing
        half = t.green_s + t.yellow_s + t.all_red_s
        first = Signal(
            name=GROUPS[0],
            green_s=t.green_s,
            yellow_s=t.yellow_s,
            red_s=half + t.all_red_s - 1.0,
            red_yellow_s=1.0,
            offset_s=t.offset_s,
        )
        return first, replace(first, name=GROUPS[1], offset_s=t.offset_s + half)

    def _props(self, m: Measures, turn: int, seed: int) -> Iterator[Prop]:
        """Along the approach and the exit of one direction, to their right."""
        direction, last = DIRECTIONS[turn], self.arm_length_m
        if self.signals:
            yield from _traffic_light(m, turn)
        for name, begin, end in ((direction, -last, -m.stop - 6.0), (f"{direction}_exit", m.stop + 6.0, last)):
            line = Polyline(quarter_turns(np.array([[begin, -m.half, 0.0], [end, -m.half, 0.0]]), turn))
            yield from self._furniture(m, name, line, seed)
            # approach rows start beyond the houses of the exit round the corner
            inner, outer = m.half + m.sidewalk + 1.0, m.edge - 10.0
            behind = inner + self.buildings.setback_m + 18.0
            span = (-outer, -behind) if begin < 0.0 else (inner, outer)
            front = Polyline(quarter_turns(np.array([[span[0], -m.half, 0.0], [span[1], -m.half, 0.0]]), turn))
            row = Row(name=name, line=front, start_m=0.0, end_m=front.length, right_m=m.sidewalk, z=m.kerb)
            yield from houses(row, self.buildings, seed)

    def _furniture(self, m: Measures, name: str, line: Polyline, seed: int) -> Iterator[Prop]:
        """Lamps, bins, signs and trees; a narrow sidewalk has no room for them."""
        if self.sidewalk_width_m >= 2.5:
            sign = "" if self.signals or name.endswith("exit") else "yield"
            row = Row(name=name, line=line, start_m=0.0, end_m=line.length, right_m=0.75, z=m.kerb)
            yield from kerbside(row, self.trees, self.lamps, seed, sign, m.sidewalk)


def _traffic_light(m: Measures, turn: int) -> Iterator[Prop]:
    """Right of the stop line, facing the traffic that comes: a post, and the head on it, which alone has an id."""
    x, y, z = (float(c) for c in quarter_turns(np.array([-m.stop + 0.25, -m.half - 0.5, m.kerb]), turn))
    name, yaw = DIRECTIONS[turn], math.remainder(math.pi + turn * 0.5 * math.pi, 2.0 * math.pi)
    post = {"height_m": _LIGHT_HEIGHT_M, "diameter_m": 0.12}
    yield Prop(asset="pole", name=f"pole/traffic_light/{name}", parameters=post, position=(x, y, z), yaw_rad=yaw)
    yield Prop(
        asset="traffic_light",
        name=f"traffic_light/{name}",
        parameters={"height_m": _LIGHT_HEIGHT_M},
        position=(x, y, z),
        yaw_rad=yaw,
        tracked=True,
        signal=GROUPS[turn],
    )
