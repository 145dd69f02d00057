"""The mesh of a four-armed junction: asphalt, markings, kerbs, sidewalks and lawns, all joined edge to edge."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.records.model import Shape
from simgen.worlds._crossing import Measures
from simgen.worlds._ground import Ground, dashes, quarter_turns, rectangle
from simgen.worlds._surfaces import ASPHALT, CROSSWALK_PAINT, GRASS, KERB_STONE, LINE_PAINT, PAINT_M, PARKING, PAVING

_KERB_WIDTH_M = 0.15
_LINE_M = 0.12
_STOP_LINE_M = 0.5


def crossing_mesh(m: Measures) -> Ground:
    """Everything that one drives, walks or falls on."""
    ground = Ground()
    _carriageway(ground, m)
    for turn in range(4):
        _quadrant(ground, m, turn)
        _markings(ground, m, turn)
    return ground


def crossing_shapes(m: Measures) -> tuple[Shape, ...]:
    """One slab for the carriageway, and one raised, round-cornered slab for each quadrant."""
    floor = Shape(kind="box", size=(2.0 * m.edge, 2.0 * m.edge, 1.0), center=(0.0, 0.0, -0.5))
    return (floor, *(_raised(m, turn) for turn in range(4)))


def _raised(m: Measures, turn: int) -> Shape:
    rim = m.parallel(0.0, m.ends(m.edge), turn)[:, :2]
    far = quarter_turns(np.array([[-m.edge, -m.edge, 0.0]]), turn)[:, :2]
    rim = np.concatenate([rim, far])
    points = tuple((float(x), float(y), z) for z in (-0.5, m.kerb) for x, y in rim)
    return Shape(kind="hull", points=points)


def _carriageway(ground: Ground, m: Measures) -> None:
    """The mouth of the junction as one fan, and the four arms as bands."""
    inner = m.half - m.parking
    side = np.array([[-m.mouth, inner, 0.0], [-m.mouth, -inner, 0.0]])
    rim = []
    for turn in range(4):
        rim += [quarter_turns(side, turn), m.parallel(0.0, np.array([m.mouth]), turn)]
    ground.fan((0.0, 0.0, 0.0), np.concatenate(rim), ASPHALT, closed=True)
    xs = np.unique(np.concatenate([m.stations(m.edge), [m.mouth, m.stop, m.clear]]))
    xs = xs[xs >= m.mouth - 1e-9]
    for turn in range(4):
        lines = [quarter_turns(_line(-xs, y), turn) for y in (-m.half, -inner, inner, m.half)]
        ground.strip(lines[1], lines[2], ASPHALT)
        if m.parking:
            split = int(np.searchsorted(xs, m.clear)) + 1
            for low, high in ((0, 1), (2, 3)):
                ground.strip(lines[low][:split], lines[high][:split], ASPHALT)
                ground.strip(lines[low][split - 1 :], lines[high][split - 1 :], PARKING)


def _line(x: F8, y: float, z: float = 0.0) -> F8:
    return np.stack([x, np.full_like(x, y), np.full_like(x, z)], -1)


def _quadrant(ground: Ground, m: Measures, turn: int) -> None:
    """Kerb, sidewalk and lawn of one quadrant."""
    stations = m.stations(m.edge)
    foot = m.parallel(0.0, stations, turn)
    ground.wall(foot, m.kerb, KERB_STONE)
    lines = [m.parallel(d, stations, turn, m.kerb) for d in (0.0, _KERB_WIDTH_M, m.sidewalk)]
    ground.bands(lines, [KERB_STONE, PAVING])
    _lawn(ground, m, turn, stations)


def _lawn(ground: Ground, m: Measures, turn: int, stations: F8) -> None:
    """Beyond the sidewalk: along one arm to the far corner, along the other arm, and the rounded corner between."""
    near, z = m.half + m.sidewalk, m.kerb
    rows = np.concatenate([[near], np.arange(near + 25.0, m.edge - 10.0, 25.0), [m.edge]])
    lines = [quarter_turns(_line(-stations, -y, z), turn) for y in rows]
    ground.bands(lines, [GRASS] * (len(rows) - 1))
    # the other arm's side is as wide as the corner, since the first bands reach the far corner
    across = [_line(-stations, -x, z)[::-1, [1, 0, 2]] for x in (near, m.bend)]
    ground.strip(quarter_turns(across[0], turn), quarter_turns(across[1], turn), GRASS)
    rim = m.parallel(m.sidewalk, np.array([m.bend]), turn, z)
    ground.fan(quarter_turns(np.array([-m.bend, -m.bend, z]), turn), rim[::-1], GRASS)


def _markings(ground: Ground, m: Measures, turn: int) -> None:
    """Paint on the arm that traffic of one direction comes from (turn 0: the west arm; its approach lies at y < 0)."""
    line, solid = m.arm_line(turn), min(m.stop + 20.0, m.arm)
    pieces = [_center(m, turn, solid)]
    for k in range(1, m.lanes):
        # on the arm's line, which runs outwards, the approach lies to the left (y < 0 on the west arm)
        left, right = line.offset(k * m.lane), line.offset(-k * m.lane)
        pieces.append(dashes(left, m.stop, solid, 5.0, 0.0, _LINE_M, PAINT_M))
        pieces.append(dashes(left, solid + 6.0, m.edge, 3.0, 6.0, _LINE_M, PAINT_M))
        pieces.append(dashes(right, m.stop + 3.0, m.edge, 3.0, 6.0, _LINE_M, PAINT_M))
    if m.parking:
        for side in (-1.0, 1.0):
            pieces.append(dashes(line.offset(side * m.lanes * m.lane), m.clear, m.edge, 5.0, 0.0, _LINE_M, PAINT_M))
    for quads in pieces:
        ground.quads(quads, LINE_PAINT)
    bar = rectangle(-m.stop, -m.lanes * m.lane + 0.1, -m.stop + _STOP_LINE_M, -0.25, PAINT_M)
    ground.quads(quarter_turns(bar, turn), LINE_PAINT)
    _arrows(ground, m, turn)
    if m.crosswalk:
        ground.quads(quarter_turns(_zebra(m), turn), CROSSWALK_PAINT)


#: arrows on an approach lane, x ahead and y left of their foot, as triangles: straight on, and a branch to the left
_STRAIGHT: F8 = np.array(
    [
        [[0.0, -0.08], [3.0, -0.08], [3.0, 0.08]],
        [[0.0, -0.08], [3.0, 0.08], [0.0, 0.08]],
        [[3.0, -0.38], [5.0, 0.0], [3.0, 0.38]],
    ]
)
_BRANCH: F8 = np.array(
    [
        [[1.2, 0.08], [1.7, 0.08], [2.5, 0.6]],
        [[1.2, 0.08], [2.5, 0.6], [2.25, 0.6]],
        [[1.9, 0.6], [2.85, 0.6], [2.37, 1.3]],
    ]
)


def _arrows(ground: Ground, m: Measures, turn: int) -> None:
    """Where each approach lane leads, painted 8 m before its stop line."""
    for k in range(1, m.lanes + 1):
        parts = [_STRAIGHT]
        if k == m.lanes:
            parts.append(_BRANCH)
        if k == 1:
            parts.append(_BRANCH[:, ::-1] * np.array([1.0, -1.0]))
        flat = np.concatenate(parts).reshape(-1, 2) + np.array([-m.stop - 8.0, m.lane_y(k)])
        corners = np.concatenate([flat, np.full((len(flat), 1), PAINT_M)], axis=1)
        ground.add(quarter_turns(corners, turn), np.arange(len(corners)).reshape(-1, 3), LINE_PAINT)


def _center(m: Measures, turn: int, solid: float) -> F8:
    """A double line with several lanes a direction; else a single one, broken away from the junction."""
    line = m.arm_line(turn)
    if m.lanes > 1:
        sides = [line.offset(side * _LINE_M) for side in (-1.0, 1.0)]
        return np.concatenate([dashes(side, m.stop, m.edge, 5.0, 0.0, _LINE_M, PAINT_M) for side in sides])
    near = dashes(line, m.stop, solid, 5.0, 0.0, _LINE_M, PAINT_M)
    return np.concatenate([near, dashes(line, solid + 6.0, m.edge, 3.0, 6.0, _LINE_M, PAINT_M)])


def _zebra(m: Measures) -> F8:
    """Stripes half a metre wide from kerb to kerb, as many as leave even margins."""
    count = int((2.0 * m.half - 0.5) // 1.0)
    start = -0.5 * (count - 0.5)
    near, far = -m.mouth - 0.5, -m.mouth - 0.5 - m.crosswalk
    stripes = [rectangle(far, start + k, near, start + k + 0.5, PAINT_M) for k in range(count)]
    return np.concatenate(stripes)
