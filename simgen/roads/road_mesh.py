"""Roads and corners as triangles: strips side by side, faces of kerbs, and the lines that the ground joins."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from simgen.records.base import F8
from simgen.roads.corners import Corner, mean_value_heights, outline
from simgen.roads.heights import EdgeHeights
from simgen.roads.look import ASPHALT, Style, surface_of
from simgen.roads.network import Network
from simgen.roads.planar import cells, polygon, polygons_of, triangulated, union
from simgen.roads.road import LaneSection, Road, Side, Strip, carriage_count
from simgen.shapes.ground_parts import Ground
from simgen.shapes.ground_surfaces import GRASS, KERB_STONE

#: two stations of a mesh lie at most so far apart, and turn or climb at most so much
_STEP_M = 8.0
_TURN_RAD = 0.06
#: a flange below the ground's joint catches rays that fall through the hair between two rows of triangles
_FLANGE_M, _FLANGE_DROP_M = 0.3, 0.04


@dataclass(kw_only=True)
class Footing:
    """What the roads leave for the ground: their outlines, and the lines that it joins, with heights."""

    outlines: list[F8] = field(default_factory=list)
    joints: list[F8] = field(default_factory=list)


def stations(network: Network, road: Road, style: Style) -> F8:
    """Where a road is cut across; ends that lead nowhere go on beyond."""
    marks = [section.start_m for section in road.sections[1:]]
    marks += [back for end in ("start", "end") for back in _arm_marks(network, road, end)]
    s = road.line.stations(_STEP_M if not road.elevation.pieces else 5.0, _TURN_RAD, marks)
    before = [-style.beyond_m, -0.5 * style.beyond_m] if (road.name, "start") not in network.taken_ends else []
    after = [road.length + 0.5 * style.beyond_m, road.length + style.beyond_m]
    return np.concatenate([before, s, [] if (road.name, "end") in network.taken_ends else after])


def _arm_marks(network: Network, road: Road, end: str) -> list[float]:
    """Parking lanes end short of a junction, at a station."""
    at = network.arm_at.get((road.name, end))  # type: ignore[arg-type]
    if at is None:
        return []
    crosswalk = at[0].crosswalk_m if at[1].crosswalk else 0.0
    backs = [clear_of(crosswalk), stop_back(crosswalk)]
    return [back if end == "start" else road.length - back for back in backs]


def _level_spans(network: Network, road: Road) -> tuple[float, float]:
    """Between which distances islands are raised: they end before the crosswalks of junctions."""
    span = [-np.inf, np.inf]
    for k, end in enumerate(("start", "end")):
        at = network.arm_at.get((road.name, end))  # type: ignore[arg-type]
        if at is not None and at[1].crosswalk:
            back = stop_back(at[0].crosswalk_m)
            span[k] = back if k == 0 else road.length - back
    return float(span[0]), float(span[1])


def stop_back(crosswalk_m: float) -> float:
    """From the mouth back to the near edge of the stop line."""
    return crosswalk_m + 1.5 if crosswalk_m else 0.6


def clear_of(crosswalk_m: float) -> float:
    """From the mouth back to where one may park."""
    return stop_back(crosswalk_m) + 5.0


def add_road(ground: Ground, network: Network, road: Road, style: Style, footing: Footing) -> None:
    """Strips, faces, and the road's outline."""
    s = stations(network, road, style)
    rims: dict[str, list[F8]] = {"left": [], "right": []}
    for section, start, end in road.spans():
        first, last = section is road.sections[0], section is road.sections[-1]
        mine = s[((s >= start - 1e-9) | first) & ((s <= end + 1e-9) | last)]
        raised = _level_spans(network, road)
        cuts = sorted({0, len(mine) - 1, *(int(np.argmin(np.abs(mine - m))) for m in raised if np.isfinite(m))})
        for side in ("left", "right"):
            for a, b in itertools.pairwise(cuts):
                part = mine[a : b + 1]
                level = not raised[0] <= part.mean() <= raised[1]
                rims[side].append(_side(ground, road, section, side, part, level))
    left, right = np.concatenate(rims["left"]), np.concatenate(rims["right"])
    ring = np.concatenate([right, left[::-1]])
    footing.outlines.append(ring)
    footing.joints += [right, left[::-1]]
    ends = [("start", ring[-1], ring[0]), ("end", right[-1], left[-1])]
    footing.joints += [np.stack([a, b]) for end, a, b in ends if (road.name, end) not in network.taken_ends]


def _side(ground: Ground, road: Road, section: LaneSection, side: Side, s: F8, level: bool) -> F8:
    """The strips of one side of a section; returns its outer rim (S, 3). ``level`` = its islands lie flat."""
    lateral = road.edges(section, side, s)
    strips = section.side(side)
    if level:
        count = carriage_count(strips)
        flat = (replace(x, height_m=0.0, material="asphalt") if x.height_m else x for x in strips[:count])
        strips = (*flat, *strips[count:])
    inner_height = 0.0
    rim = road.points(s, lateral[0])
    for k, strip in enumerate(strips):
        inner, outer = (road.points(s, lateral[j], strip.height_m) for j in (k, k + 1))
        foot = road.points(s, lateral[k], min(inner_height, strip.height_m))
        _face(ground, foot if side == "right" else foot[::-1], strip.height_m - inner_height)
        ground.strip(*((inner, outer) if side == "right" else (outer, inner)), surface_of(strip))
        inner_height, rim = strip.height_m, outer
    for end, index in (("start", 0), ("end", -1)):
        _caps(ground, road, strips, lateral[:, index], float(s[index]), side, end)
    return rim


def _face(ground: Ground, foot: F8, rise: float) -> None:
    """Between strips of different heights; the carriageway lies to the left of the line."""
    if abs(rise) < 1e-6:
        return
    ground.wall(foot if rise > 0.0 else foot[::-1], abs(rise), KERB_STONE)


def _caps(ground: Ground, road: Road, strips: tuple[Strip, ...], t: F8, s: float, side: str, end: str) -> None:
    """The ends of raised islands within the carriageway."""
    for k, strip in enumerate(strips[: carriage_count(strips)]):
        if strip.height_m > 0.0 and abs(t[k + 1] - t[k]) > 1e-3:
            foot = road.points(np.full(2, s), np.sort(t[k : k + 2]))
            # seen from beyond the end, the road's left lies to the right
            ground.wall(foot if end == "end" else foot[::-1], strip.height_m, KERB_STONE)


def add_corner(ground: Ground, corner: Corner, footing: Footing) -> None:
    """The roadside round a corner."""
    below = 0.0
    for strip, (inner, outer) in zip(corner.strips, itertools.pairwise(corner.lines), strict=True):
        lift = np.array([0.0, 0.0, strip.height_m])
        _face(ground, inner + np.array([0.0, 0.0, min(below, strip.height_m)]), strip.height_m - below)
        ground.strip(inner + lift, outer + lift, surface_of(strip))
        below = strip.height_m
    footing.joints.append(corner.lines[-1] + np.array([0.0, 0.0, below]))


def add_junction(
    ground: Ground, found: list[Corner], through: list[Road], footing: Footing, hole: F8 | None = None
) -> None:
    """The asphalt between the arms, and that of connecting roads beyond; ``hole`` = an island's rim."""
    if found:
        rim = outline(found)
        flat = float(np.ptp(rim[:, 2])) < 1e-3
        shape = polygon(rim) if hole is None else shapely.difference(polygon(rim), polygon(hole))
        _paved(ground, shape, 60.0 if flat else 3.0, lambda xy: mean_value_heights(rim, xy))
        outer = outline(found, outermost=True)
        footing.outlines.append(outer)
    bands = [_carriageway(road) for road in through]
    if not bands:
        return
    beyond = union([np.concatenate([a, b[::-1]]) for a, b in bands])
    if found:
        # where the corners pass inside a connecting road by more than a hand
        beyond = shapely.difference(beyond, polygon(outer).buffer(0.15)).buffer(-0.15).buffer(0.3)
        beyond = shapely.difference(beyond, polygon(outer))
    else:
        # close the gaps between roads side by side
        beyond = beyond.buffer(0.8, join_style="mitre").buffer(-0.8, join_style="mitre")
    heights = EdgeHeights([line for pair in bands for line in pair])
    _paved(ground, beyond, 4.0, heights.at)
    for part in polygons_of(beyond):
        ring = shapely.get_coordinates(shapely.orient_polygons(part).exterior)
        footing.outlines.append(ring)
        footing.joints.append(np.concatenate([ring, heights.at(ring)[:, None]], 1))


def _paved(ground: Ground, shape: shapely.Geometry, cell_m: float, heights: Callable[[F8], F8]) -> None:
    for piece in cells(shape, cell_m):
        xy, triangles = triangulated(piece)
        if len(triangles):
            ground.add(np.concatenate([xy, heights(xy)[:, None]], 1), triangles, ASPHALT)


def _carriageway(road: Road) -> tuple[F8, F8]:
    """Its left and right edges, both in the direction of the reference line."""
    left: list[F8] = []
    right: list[F8] = []
    s = road.line.stations(4.0, _TURN_RAD, [section.start_m for section in road.sections])
    for section, start, end in road.spans():
        mine = s[(s >= start - 1e-9) & (s <= end + 1e-9)]
        both: tuple[tuple[Side, list[F8]], ...] = (("left", left), ("right", right))
        for side, out in both:
            t = road.edges(section, side, mine)
            out.append(road.points(mine, t[carriage_count(section.side(side))]))
    return np.concatenate(right), np.concatenate(left)


def add_flanges(ground: Ground, lines: list[F8]) -> None:
    """Below the joints, falling away under the road."""
    for given in lines:
        line = given[np.concatenate([[True], np.abs(np.diff(given[:, :2], axis=0)).max(-1) > 1e-3])]
        if len(line) < 2:
            continue
        along = np.gradient(line[:, :2], axis=0)
        unit = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
        under = line.copy()
        under[:, 0] -= _FLANGE_M * unit[:, 1]
        under[:, 1] += _FLANGE_M * unit[:, 0]
        under[:, 2] -= _FLANGE_DROP_M
        low = line - np.array([0.0, 0.0, 0.002])
        ground.strip(under, low, GRASS)
