"""Where the actors of an event may start: places along the ego's way, as free values and as poses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assembly import model_of, prop_asset
from simgen.edge_cases._event_words import Player, Span, Stand
from simgen.edge_cases._solve import Among, Free, RejectedError
from simgen.edge_cases._way import Way
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.footprint import Footprint, model_footprint, solid_footprints
from simgen.placement.ground import GroundHeight
from simgen.placement.kept import Kept
from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.records.model import Model, Quaternion, Vector3

#: how far beyond where the ego gets somebody may still stand, m
_BEYOND_M: Final = 40.0
#: lanes, kerbs and sidewalks farther from the ego's way than this are not beside it, m
_NEAR_M: Final = 14.0
#: a parked car's distance from the kerb, m
_PARKED_M: Final = 0.25
#: places along the way at which is looked whether there is a kerb or a sidewalk at all
_PROBES: Final = 9


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Where somebody starts."""

    position: Vector3
    quaternion: Quaternion
    lane: str
    #: to the left of the ego's way, m
    lateral: float


@dataclass(frozen=True, kw_only=True)
class _Spot:
    """A place before the actor is turned: ground point, the direction of lane or kerb, its name if it is a lane."""

    x: float
    y: float
    yaw: float
    lane: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """The ego's way, prolonged, and everything beside it that one can stand on."""

    layout: WorldLayout
    way: Polyline
    #: where along it the ego starts and how far it gets
    begin_m: float
    end_m: float
    width_m: float
    solids: tuple[Footprint, ...]
    ground: GroundHeight
    lines: Mapping[str, Polyline]

    @classmethod
    def of(cls, layout: WorldLayout, ego: Way, yaw: float) -> Places:
        """Beside the way that the ego is about to take; of one that stands, beside the line that it looks along."""
        if ego.s[-1] >= 1.0:
            way = ego.path()
        else:
            ahead = np.array([math.cos(yaw), math.sin(yaw), 0.0])
            way = Polyline(np.stack([ego.center[0], ego.center[0] + ahead]))
        lanes = {lane.name: Polyline(lane.centerline) for lane in layout.map.lanes}
        kerbs = {f"kerb {kerb.name}": Polyline(kerb.line) for kerb in layout.map.kerbs}
        return cls(
            layout=layout,
            way=way,
            begin_m=ego.length_m / 2.0,
            end_m=float(ego.s[-1]),
            width_m=ego.width_m,
            solids=_SOLIDS(layout),
            ground=GroundHeight(layout.map),
            lines=lanes | kerbs,
        )

    def free(self, player: Player) -> dict[str, Free | float]:
        """What can be chosen of a player's place; what is given stands as a number."""
        stand, model = player.place, model_of(player.asset)
        ahead = (self.begin_m + 2.0, self.end_m + _BEYOND_M) if stand.ahead_m is None else stand.ahead_m
        found: dict[str, Free | float] = {"ahead_m": ahead, "turn_deg": stand.turn_deg}
        found["aside_m"] = self._aside(stand, model) if stand.aside_m is None else stand.aside_m
        if stand.kind not in ("lane", "oncoming_lane"):
            found["side"] = self._sides(player, ahead)
        return found

    def _sides(self, player: Player, ahead: Span) -> Free | float:
        """On which side of the way there is such a place, of those that the player's allows.

        Raises:
            UserError: on none.
        """
        stand = player.place
        allowed = {"left": (1.0,), "right": (-1.0,), "": (1.0, -1.0)}[stand.side]
        low, high = ahead if isinstance(ahead, tuple) else (ahead, ahead)
        places = np.linspace(low, high, _PROBES).tolist()
        found = tuple(side for side in allowed if any(self._exists(stand, s, side) for s in places))
        if not found:
            where = f" to the {stand.side}" if stand.side else ""
            raise UserError(
                f"{player.name!r} finds no {stand.kind} beside the ego's way{where}: choose another place or world"
            )
        return found[0] if len(found) == 1 else Among(found)

    def _exists(self, stand: Stand, s: float, side: float) -> bool:
        if stand.kind == "road":
            return True
        x, y, _ = self.way.at(s).tolist()
        try:
            if stand.kind == "kerb":
                self._nearest([(kerb.name, f"kerb {kerb.name}") for kerb in self.layout.map.kerbs], x, y, side=side)
            else:
                self._on_lane(stand.kind, x, y, float(self.way.heading(s)), side, 0.0)
        except RejectedError:
            return False
        return True

    def _aside(self, stand: Stand, model: Model) -> Span:
        if stand.kind == "sidewalk":
            return (-0.6, 0.6)
        if stand.kind == "road":
            return (self.width_m / 2.0 + 1.0, self.width_m / 2.0 + 7.0)
        if stand.kind == "kerb":
            parked = model.size[1] / 2.0 + _PARKED_M
            return (-1.5, 1.8) if _walks(model) else parked
        return 0.0

    def pose(self, player: Player, values: Mapping[str, float]) -> Pose:
        """Where a choice puts a player.

        Raises:
            RejectedError: there is no such place there.
        """
        stand, model, side = player.place, model_of(player.asset), values.get("side", 0.0)
        x0, y0, _ = self.way.at(values["ahead_m"]).tolist()
        yaw0, aside = float(self.way.heading(values["ahead_m"])), values["aside_m"]
        if stand.kind == "road":
            spot = _beside(x0, y0, yaw0, side * aside)
        elif stand.kind == "kerb":
            spot = self._at_kerb(x0, y0, side, aside, model)
        else:
            spot = self._on_lane(stand.kind, x0, y0, yaw0, side, aside)
        ahead, lateral = self.way.closest((spot.x, spot.y))
        yaw = self._facing(player, spot, float(ahead), float(lateral)) + math.radians(values["turn_deg"])
        w, qx, qy, qz = quat_from_yaw(yaw).tolist()
        z = self.ground.at(spot.x, spot.y)
        pose = Pose(position=(spot.x, spot.y, z), quaternion=(w, qx, qy, qz), lane=spot.lane, lateral=float(lateral))
        self._refuse_solids(player, model, pose)
        return pose

    def _facing(self, player: Player, spot: _Spot, ahead: float, lateral: float) -> float:
        """Where it looks, before it is turned."""
        walks = _walks(model_of(player.asset))
        default = "across" if walks and player.place.kind in ("kerb", "sidewalk", "road") else "along"
        faces = player.place.faces or default
        if faces in ("along", "against"):
            return spot.yaw + (math.pi if faces == "against" else 0.0)
        inward = float(self.way.heading(ahead)) - math.copysign(math.pi / 2.0, lateral)
        return inward + (math.pi if faces == "away" else 0.0)

    def _at_kerb(self, x: float, y: float, side: float, aside: float, model: Model) -> _Spot:
        kerbs = {kerb.name: kerb for kerb in self.layout.map.kerbs}
        name, line, s = self._nearest([(name, f"kerb {name}") for name in kerbs], x, y, side=side)
        reach = model.size[0] / 2.0
        if any(low - reach < s < high + reach for low, high in kerbs[name].keep_clear_m) and not _walks(model):
            raise RejectedError("the kerb is kept clear there")
        px, py, _ = line.at(s, aside).tolist()
        return _Spot(x=px, y=py, yaw=float(line.heading(s)))

    def _on_lane(self, kind: str, x: float, y: float, yaw: float, side: float, aside: float) -> _Spot:
        kinds = ("sidewalk",) if kind == "sidewalk" else ("driving", "bike")
        lanes = [(lane.name, lane.name) for lane in self.layout.map.lanes if lane.kind in kinds]
        heading = {"lane": yaw, "next_lane": yaw, "oncoming_lane": yaw + math.pi}.get(kind)
        wanted = None if kind in ("lane", "oncoming_lane") else side
        least_m = 1.5 if kind == "next_lane" else 0.0
        name, line, s = self._nearest(lanes, x, y, side=wanted, heading=heading, least_m=least_m)
        px, py, _ = line.at(s, aside).tolist()
        return _Spot(x=px, y=py, yaw=float(line.heading(s)), lane="" if kind == "sidewalk" else name)

    def _nearest(
        self,
        named: list[tuple[str, str]],
        x: float,
        y: float,
        *,
        side: float | None,
        heading: float | None = None,
        least_m: float = 0.0,
    ) -> tuple[str, Polyline, float]:
        """The nearest line that passes beside a point of the way, on that side, in that direction, and where along."""
        best: tuple[float, str, Polyline, float] | None = None
        for name, key in named:
            line = self.lines[key]
            s = float(line.closest((x, y))[0])
            px, py, _ = line.at(s).tolist()
            away = math.hypot(px - x, py - y)
            inner = 1e-6 < s < line.length - 1e-6
            if not inner or not least_m <= away < (_NEAR_M if best is None else best[0]):
                continue
            if heading is not None and math.cos(float(line.heading(s)) - heading) < 0.7:
                continue
            if side is None or side * float(self.way.closest((px, py))[1]) > 0.0:
                best = away, name, line, s
        if best is None:
            raise RejectedError("there is no such place beside the ego's way there")
        return best[1:]

    def _refuse_solids(self, player: Player, model: Model, pose: Pose) -> None:
        own = model_footprint(model, pose.position, pose.quaternion, player.name)
        if any(own.overlaps(solid) for solid in self.solids):
            raise RejectedError("something of the world is in the way")


def _beside(x: float, y: float, yaw: float, lateral: float) -> _Spot:
    return _Spot(x=x - lateral * math.sin(yaw), y=y + lateral * math.cos(yaw), yaw=yaw)


def _walks(model: Model) -> bool:
    """Whether it goes on feet: it has no wheels."""
    return model.wheelbase_m <= 0.0


def _solids(layout: WorldLayout) -> tuple[Footprint, ...]:
    """What of the world nobody can stand in: trunks, posts, furniture."""
    found: list[Footprint] = []
    for prop in layout.props:
        if not prop.tracked:
            w, x, y, z = quat_from_yaw(prop.yaw_rad).tolist()
            found += solid_footprints(model_of(prop_asset(prop)), prop.position, (w, x, y, z), prop.name)
    return tuple(found)


_SOLIDS: Final = Kept(_solids)
