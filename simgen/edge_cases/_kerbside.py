"""The edges of the carriageway beside a path, the ground there, and what stands in the way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assembly import model_of, prop_asset
from simgen.geometry import quat_from_yaw
from simgen.placement.footprint import Footprint, Occupancy, model_footprint, solid_footprints
from simgen.placement.ground import GroundHeight
from simgen.polyline import Polyline, inside_polygon
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.scene import Scene

#: an edge farther from a path than this is not beside it, m
_BESIDE_M: Final = 16.0
#: props farther from the ego than this are not looked at, m
_FAR_M: Final = 250.0
#: lanes that vehicles use
_CARRIAGEWAY: Final = ("driving", "bike", "parking", "shoulder")
#: what stands lower is stepped over, what hangs higher is walked under, m
_STEP_M, _HEAD_M = 0.25, 2.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Kerbside:
    """What a case needs to know of the roadside; read once."""

    #: starts and ends of the pieces of all kerbs, (K, 2) each
    start: F8
    end: F8
    lanes: tuple[tuple[Polyline, float], ...]
    ground: GroundHeight
    areas: tuple[F8, ...]
    #: no area is higher or lower than a kerb
    level: bool
    obstacles: Occupancy

    @classmethod
    def of(cls, scene: Scene, layout: WorldLayout) -> Kerbside:
        """Of a scene's world, with what stands in it."""
        lines = [kerb.line[:, :2] for kerb in layout.map.kerbs]
        lanes = [lane for lane in layout.map.lanes if lane.kind in _CARRIAGEWAY]
        areas = tuple(area.polygon for area in layout.map.areas if area.kind != "support")
        return cls(
            areas=areas,
            level=all(float(np.abs(area[:, 2]).max()) <= 0.3 for area in areas),
            start=np.concatenate([line[:-1] for line in lines]) if lines else np.zeros((0, 2)),
            end=np.concatenate([line[1:] for line in lines]) if lines else np.zeros((0, 2)),
            lanes=tuple((Polyline(lane.centerline), lane.width_m) for lane in lanes),
            ground=GroundHeight(layout.map),
            obstacles=Occupancy(_standing(scene, layout)),
        )

    def height(self, x: float, y: float) -> float:
        """Of the ground."""
        return self.ground.at(x, y)

    def known(self, x: float, y: float) -> bool:
        """Whether the height there is known: it lies in an area of the map, or the whole map is level."""
        return self.level or any(bool(inside_polygon(area, (x, y))) for area in self.areas)

    def edge_m(self, path: Polyline, s: float, side: float) -> float | None:
        """How far beside a path the carriageway ends: at a kerb, or where its lanes do; None if there is no edge.

        ``side``: 1 = left, -1 = right.
        """
        x, y, _ = path.at(s).tolist()
        turn = float(path.heading(s)) + side * math.pi / 2.0
        across = np.array([math.cos(turn), math.sin(turn)])
        found = self._kerb_m(np.array([x, y]), across)
        return found if found is not None else self._last_lane_m(np.array([x, y]), across)

    def _kerb_m(self, origin: F8, across: F8) -> float | None:
        """Where a ray first meets a kerb."""
        if not len(self.start):
            return None
        piece, rel = self.end - self.start, self.start - origin
        bottom = across[0] * piece[:, 1] - across[1] * piece[:, 0]
        bottom = np.where(np.abs(bottom) < 1e-12, 1e-12, bottom)
        along = (rel[:, 0] * piece[:, 1] - rel[:, 1] * piece[:, 0]) / bottom
        share = (rel[:, 0] * across[1] - rel[:, 1] * across[0]) / bottom
        met = along[(share >= 0.0) & (share <= 1.0) & (along > 0.5) & (along < _BESIDE_M)]
        return float(met.min()) if len(met) else None

    def _last_lane_m(self, origin: F8, across: F8) -> float | None:
        """Where the lanes beside it end."""
        reach = np.arange(0.0, _BESIDE_M, 0.25)
        points = origin + reach[:, None] * across
        on = np.zeros(len(reach), bool)
        for line, width in self.lanes:
            # points past a lane's ends lie obliquely to it and count as beside it
            on |= np.abs(line.closest(points)[1]) <= 0.5 * width
        off = np.flatnonzero(~on)
        return float(reach[off[0]]) if len(off) and off[0] > 0 else None

    def blocker(self, start: F8, end: F8, half_width: float) -> str:
        """What stands in the strip between two points on the ground; empty = nothing."""
        (x0, y0), (x1, y1) = start[:2].tolist(), end[:2].tolist()
        z = self.height(x0, y0)
        strip = Footprint(
            x=0.5 * (x0 + x1), y=0.5 * (y0 + y1), half_length=0.5 * math.hypot(x1 - x0, y1 - y0) + half_width,
            half_width=half_width, yaw=math.atan2(y1 - y0, x1 - x0), z_min=z + _STEP_M, z_max=z + _HEAD_M,
        )  # fmt: skip
        found = self.obstacles.blockers(strip)
        return found[0].name.split("/")[0] if found else ""


def _standing(scene: Scene, layout: WorldLayout) -> list[Footprint]:
    """What keeps its place: props near the ego, and entities without a behaviour."""
    try:
        x, y, _ = scene.entity("ego").position
    except KeyError:
        x, y = 0.0, 0.0
    found: list[Footprint] = []
    for prop in layout.props:
        if math.hypot(prop.position[0] - x, prop.position[1] - y) < _FAR_M:
            w, qx, qy, qz = quat_from_yaw(prop.yaw_rad).tolist()
            found += solid_footprints(model_of(prop_asset(prop)), prop.position, (w, qx, qy, qz), prop.name)
    for entity in scene.entities:
        if entity.name != "ego" and entity.behaviour is None and entity.leader is None:
            found.append(model_footprint(model_of(entity.asset), entity.position, entity.quaternion, entity.name))
    return found
