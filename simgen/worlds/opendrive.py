"""A world from an OpenDRIVE file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgen.errors import UserError
from simgen.polyline import polygon_area
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.records.roads import Area, Lane
from simgen.registry import param, register
from simgen.roads import Network, Style, build_network
from simgen.roads.opendrive import RoadObject, read_opendrive
from simgen.shapes.ground_parts import Ground
from simgen.shapes.ground_surfaces import CROSSWALK_PAINT, LINE_PAINT, PAINT_M
from simgen.worlds._verge import roadside_trees
from simgen.worlds.base import World

#: float32 meshes hold millimetres up to here
_REACH_M = 2000.0


@register("world", "opendrive")
@dataclass(frozen=True, kw_only=True)
class OpenDrive(World):
    """The roads of an OpenDRIVE file (1.4 to 1.8): geometry, heights, lanes, junctions, lights, signs, crosswalks.

    Roads are called ``road_<id>``, junctions ``junction_<id>``; lanes are named as on every road network: ``road_7/1``
    is the outermost driving lane along the reference line, ``road_7/back/1`` the one against it, later lane sections
    ``road_7/s2/1``, ways through a junction ``road_7/1/to/road_9``. Units are metres, as in the file.

    Source: ASAM OpenDRIVE 1.7.0. Lights get groups of arms that face each other; signs that tell who goes first are
    taken from their types (German catalogue or R1-1, R1-2); without any the right goes before the left.
    """

    file: str = param("", doc="the .xodr file, relative to the scene file or absolute", reference="file")
    centre: bool = param(False, doc="move the middle of the map to the origin")
    margin_m: float = param(150.0, ge=10.0, le=2000.0, doc="ground beyond the outermost road")
    terrain: str = param(
        "grass", doc="the ground between roads", choices=("grass", "field", "crop", "gravel", "paving")
    )
    relief_m: float = param(0.0, ge=0.0, le=60.0, doc="hills away from the roads, from valley to top")
    tree_spacing_m: float = param(20.0, ge=0.0, le=200.0, doc="between trees and bushes beside the roads; 0 = none")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map, lights, signs and trees; hills and trees draw from streams of the seed.

        Raises:
            UserError: the file cannot be read, contradicts itself, or reaches beyond 2 km from the origin.
        """
        if not self.file:
            raise UserError("opendrive: say which map, as file: roads/town.xodr")
        found = read_opendrive(Path(self.file))
        shift = self._shift(found.network)
        network = _moved(found.network, shift)
        style = Style(margin_m=self.margin_m, terrain=self.terrain, relief_m=self.relief_m)
        built = build_network(network, style, seed)
        objects = [replace(o, outline=o.outline + shift) for o in found.objects]
        for item in objects:
            _paint(built.ground, item)
        areas = tuple(_area(item) for item in objects)
        walks = tuple(lane for item in objects if item.kind == "crosswalk" for lane in _walks(item))
        road_map = replace(built.map, areas=(*built.map.areas, *areas), lanes=(*built.map.lanes, *walks))
        trees = (p for side in built.sides for p in roadside_trees(built, side, self.tree_spacing_m, 3.0, seed))
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=road_map,
            props=(*built.props, *trees),
        )

    def _shift(self, network: Network) -> F8:
        points = np.concatenate([np.stack(r.line.at(np.linspace(0.0, r.length, 9))[:2], -1) for r in network.roads])
        low, high = points.min(0), points.max(0)
        shift = -0.5 * (low + high) if self.centre else np.zeros(2)
        if np.abs(points + shift).max() > _REACH_M:
            hint = "" if self.centre else "; say centre: true, or cut it"
            raise UserError(
                f"{self.file}: the map reaches from ({low[0]:.0f}, {low[1]:.0f}) to ({high[0]:.0f}, {high[1]:.0f}), "
                f"beyond {_REACH_M:.0f} m from the origin{hint}"
            )
        return np.array([shift[0], shift[1], 0.0])


def _moved(network: Network, shift: F8) -> Network:
    if not shift.any():
        return network
    roads = tuple(replace(r, line=r.line.placed(0.0, float(shift[0]), float(shift[1]))) for r in network.roads)
    junctions = tuple(
        replace(j, paths=None if j.paths is None else tuple(replace(p, line=p.line + shift) for p in j.paths))
        for j in network.junctions
    )
    return replace(network, roads=roads, junctions=junctions)


def _area(item: RoadObject) -> Area:
    ring = item.outline if polygon_area(item.outline) > 0.0 else item.outline[::-1].copy()
    kind = "crosswalk" if item.kind == "crosswalk" else "parking"
    return Area(name=f"{kind}/{item.name}", kind=kind, polygon=ring)  # type: ignore[arg-type]


def _walks(item: RoadObject) -> Iterator[Lane]:
    """One walking lane each way over a crosswalk, each to the right of its middle."""
    if len(item.outline) != 4:
        return
    p = _long_first(item.outline)
    width = float(np.hypot(*(p[2] - p[1])[:2]))
    for number, share in ((1, 0.28), (2, 0.72)):
        line = np.stack([p[0] + share * (p[3] - p[0]), p[1] + share * (p[2] - p[1])])
        line = line if number == 1 else line[::-1].copy()
        yield Lane(
            name=f"crosswalk/{item.name}/{number}",
            kind="crosswalk",
            centerline=line,
            width_m=round(0.45 * width, 3),
            speed_limit_m_s=1.5,
        )


def _long_first(outline: F8) -> F8:
    """Four corners counter-clockwise, a long side first."""
    p = outline if polygon_area(outline) > 0.0 else outline[::-1]
    short = np.hypot(*(p[1] - p[0])[:2]) < np.hypot(*(p[2] - p[1])[:2])
    return np.asarray(np.roll(p, -1, axis=0) if short else p)


def _paint(ground: Ground, item: RoadObject) -> None:
    """Stripes of a crosswalk along its shorter side; a line round a parking space."""
    if len(item.outline) != 4:
        return
    p = _long_first(item.outline) + np.array([0.0, 0.0, PAINT_M])
    length = float(np.hypot(*(p[1] - p[0])[:2]))
    if item.kind == "crosswalk":
        count = max(int((length - 0.5) // 1.0), 1)
        start = (0.5 * (length - (count - 0.5)) + np.arange(count)) / length
        a, b = start[:, None], start[:, None] + 0.5 / length
        low, high = p[1] - p[0], p[2] - p[3]
        ground.quads(np.stack([p[0] + a * low, p[0] + b * low, p[3] + b * high, p[3] + a * high], 1), CROSSWALK_PAINT)
        return
    middle = p.mean(0)
    size = np.hypot(*(p - middle)[:, :2].T)[:, None]
    inner = middle + (p - middle) * (1.0 - 0.15 / size)
    nxt, inxt = np.roll(p, -1, axis=0), np.roll(inner, -1, axis=0)
    ground.quads(np.stack([p, nxt, inxt, inner], 1), LINE_PAINT)
