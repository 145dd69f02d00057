"""A road tunnel through a hill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simgen.colorimetry import planckian, scaled
from simgen.polyline import Polyline
from simgen.records.layout import Prop, WorldLayout
from simgen.records.lights import Lamp
from simgen.records.roads import Area, Lane, RoadMap
from simgen.registry import param, register
from simgen.worlds._ground import rectangle
from simgen.worlds._luminaires import add_panels, brought_to, opening, panel
from simgen.worlds._street import Row, Trees, trees
from simgen.worlds._surfaces import ASPHALT, TUNNEL_LAMP
from simgen.worlds._tunnel_mesh import WALKWAY_M, Bore, tunnel_mesh, tunnel_shapes
from simgen.worlds.base import World

#: ground beyond the lanes' ends
_BEYOND_M = 40.0
#: carriageway beside the outer lanes
_MARGIN_M = 0.25


@register("world", "tunnel")
@dataclass(frozen=True, kw_only=True)
class Tunnel(World):
    """A tunnel along the x axis whose middle is the origin, with a piece of open road before both portals.

    Lanes are named by their direction of travel and counted from the right edge: ``east/1`` and, on a two-way road,
    ``west/1``; right-hand traffic. Areas: ``road`` (drivable), ``walkway/east`` and ``walkway/west`` (sidewalks
    inside), ``tunnel`` (region). Units are metres.

    Lamps hang in rows under the vault. They give the road the stated luminance (CIE 88:2004: 1 to 10 cd/m2 in the
    interior zone) and shine ``entrance_factor`` times as bright at the portals, falling as ``(1 + t / 1.9 s)^-1.4``
    with the time of travel, so that eyes and cameras get used to the dark.
    """

    length_m: float = param(160.0, ge=20.0, le=1500.0, doc="portal to portal")
    approach_m: float = param(60.0, ge=10.0, le=400.0, doc="open road before each portal")
    lanes: int = param(1, ge=1, le=3, doc="lanes in each direction")
    two_way: bool = param(True, doc="traffic in both directions")
    lane_width_m: float = param(3.5, ge=2.5, le=5.0, doc="width of a lane")
    walkway_m: float = param(1.0, ge=0.5, le=3.0, doc="width of the walkways")
    height_m: float = param(6.0, ge=4.6, le=9.0, doc="road to the vault's crown")
    lamp_spacing_m: float = param(10.0, ge=3.0, le=50.0, doc="between neighbouring lamps of a row")
    lamp_rows: int = param(1, ge=1, le=2, doc="rows of lamps")
    road_luminance_cd_m2: float = param(3.0, ge=0.0, le=50.0, doc="of the road in the middle; 0 = the lamps are off")
    entrance_factor: float = param(4.0, ge=1.0, le=50.0, doc="how much brighter the lamps at the portals are")
    color_k: float = param(4000.0, ge=1700.0, le=10000.0, doc="colour temperature; sodium lamps have about 2000")
    speed_limit_m_s: float = param(22.2, gt=0.0, doc="speed limit")
    trees: Trees = param(Trees(density=0.6), doc="trees beside the open road")

    def _bore(self) -> Bore:
        ways = 2 if self.two_way else 1
        half_road = 0.5 * ways * self.lanes * self.lane_width_m + _MARGIN_M
        return Bore(
            half_length=0.5 * self.length_m,
            edge=0.5 * self.length_m + self.approach_m + _BEYOND_M,
            half_road=half_road,
            half_width=half_road + self.walkway_m,
            height=self.height_m,
            lane=self.lane_width_m,
            lanes=self.lanes,
            two_way=self.two_way,
        )

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and lamps; trees draw from streams of the seed."""
        bore = self._bore()
        ground, lamps = tunnel_mesh(bore), self._lamps(bore)
        add_panels(ground, lamps, TUNNEL_LAMP)
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=tunnel_shapes(bore),
            map=RoadMap(lanes=tuple(self._lanes(bore)), areas=tuple(self._areas(bore))),
            props=tuple(self._props(bore, seed)),
            lamps=lamps,
            indoor=True,
            openings=tuple(self._portals(bore)),
            rooms=(
                (
                    -bore.half_length,
                    -bore.half_width - 0.01,
                    -0.01,
                    bore.half_length,
                    bore.half_width + 0.01,
                    bore.height,
                ),
            ),
        )

    def _lamps(self, bore: Bore) -> tuple[Lamp, ...]:
        if not self.road_luminance_cd_m2:
            return ()
        count = max(int(self.length_m / self.lamp_spacing_m), 1)
        stations = (np.arange(count) - 0.5 * (count - 1)) * self.lamp_spacing_m
        rows = (0.0,) if self.lamp_rows == 1 else (-0.45 * bore.half_width, 0.45 * bore.half_width)
        color = planckian(self.color_k)
        hung = [panel((float(x), y, bore.vault(y) - 0.2), (0.6, 0.12), color, 1.0) for x in stations for y in rows]
        # small and far for most of what they light: one ray each will do
        lamps = [
            replace(lamp, intensity=scaled(lamp.intensity, self._boost(bore, lamp)), beam="lambert", radius_m=0.3)
            for lamp in hung
        ]
        # a matt road of reflectance r has the luminance r E / pi
        lux = self.road_luminance_cd_m2 * np.pi / ASPHALT.base_color[1]
        reach = 0.5 * min(self.length_m, 4.0 * self.lamp_spacing_m) / 2.0
        road = np.stack(np.meshgrid(np.linspace(-reach, reach, 21), np.linspace(-1, 1, 9) * bore.half_road, [0.0]), -1)
        return brought_to(lamps, road.reshape(-1, 3), float(lux))

    def _portals(self, bore: Bore) -> Iterator[Lamp]:
        """What the portals let in: rectangles as wide and as large as they are."""
        profile = bore.profile()
        area = float(0.5 * ((profile[1:, 1] + profile[:-1, 1]) * np.diff(profile[:, 0])).sum())
        half = 0.25 * area / bore.half_width
        for side in (-1.0, 1.0):
            place = (side * bore.half_length, 0.0, half)
            yield opening(place, (-side, 0.0, 0.0), (0.0, bore.half_width, 0.0), (0.0, 0.0, half), area)

    def _boost(self, bore: Bore, lamp: Lamp) -> float:
        inside_s = (bore.half_length - abs(lamp.position[0])) / self.speed_limit_m_s
        return float(max(self.entrance_factor * (1.0 + inside_s / 1.9) ** -1.4, 1.0))

    def _lanes(self, bore: Bore) -> Iterator[Lane]:
        end = bore.edge - _BEYOND_M
        line = Polyline([(-end, 0.0), (end, 0.0)]).resample(2.0)
        ways = {"east": line, "west": line.reversed()} if self.two_way else {"east": line}
        for name, way in ways.items():
            for k in range(1, self.lanes + 1):
                center = -bore.half_road + _MARGIN_M + (k - 0.5) * self.lane_width_m
                yield Lane(
                    name=f"{name}/{k}",
                    centerline=way.offset(center).points,
                    width_m=self.lane_width_m,
                    speed_limit_m_s=self.speed_limit_m_s,
                    left=f"{name}/{k + 1}" if k < self.lanes else "",
                    right=f"{name}/{k - 1}" if k > 1 else "",
                )

    def _areas(self, bore: Bore) -> Iterator[Area]:
        end, half = bore.edge - _BEYOND_M, bore.half_length
        yield Area(name="road", kind="drivable", polygon=rectangle(-end, -bore.half_road, end, bore.half_road, 0.0)[0])
        tube = rectangle(-half, -bore.half_width, half, bore.half_width, 0.0)[0]
        yield Area(name="tunnel", kind="region", polygon=tube)
        for name, low, high in (
            ("east", -bore.half_width, -bore.half_road),
            ("west", bore.half_road, bore.half_width),
        ):
            path = rectangle(-half, low, half, high, WALKWAY_M)[0]
            yield Area(name=f"walkway/{name}", kind="sidewalk", polygon=path)

    def _props(self, bore: Bore, seed: int) -> Iterator[Prop]:
        """Trees to both sides of the open road."""
        near, far = bore.half_length + 8.0, bore.edge - 5.0
        for name, start, end in (("west", -far, -near), ("east", near, far)):
            for side, line in (("right", [(start, 0.0), (end, 0.0)]), ("left", [(end, 0.0), (start, 0.0)])):
                way = Polyline(line)
                row = Row(
                    name=f"{name}_{side}", line=way, start_m=2.0, end_m=way.length, right_m=bore.half_road + 7.0, z=0.0
                )
                yield from trees(row, self.trees, seed)
