"""Facades with real window openings, roofs, and the box that they make."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import quat_from_yaw
from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.lattice import lattice
from simgen.shapes.primitives import box, prism
from simgen.shapes.soup import Soup, join

#: tags of a house's triangles; behind a pane is a dark room, a curtain, a blind, or a lit room, bright or dim
WALL, GLASS, FRAME, PLINTH, ROOF, DOOR, CURTAIN, BLIND, BRIGHT, DIM = range(10)

#: how deep windows sit in the wall
REVEAL_M = 0.14


def facade(width: float, low: float, high: float, bays: int, storeys: int, door_bay: int = -1) -> Soup:
    """A wall in the y-z plane at x = 0 that faces +x, centred on y = 0, with one window a bay and storey.

    The door takes the lowest window's place in its bay.
    """
    cell_w, cell_h = width / bays, (high - low) / storeys
    half = min(0.62, 0.31 * cell_w)
    sill, head = 0.32 * cell_h, 0.82 * cell_h
    middle = -0.5 * width + cell_w * (np.arange(bays) + 0.5)
    y = np.sort(np.concatenate([middle - half, middle + half, [-0.5 * width, 0.5 * width]]))
    floor_z = low + cell_h * np.arange(storeys)
    z = np.sort(np.concatenate([floor_z + sill, floor_z + head, [low, high]]))
    grid = np.stack(np.meshgrid([0.0], y, z, indexing="ij"), -1)[0].transpose(1, 0, 2)
    holes = np.zeros((len(z) - 1, len(y) - 1), np.int64)
    holes[np.ix_(np.arange(1, len(z) - 1, 2), np.arange(1, len(y) - 1, 2))] = 1
    if door_bay >= 0:
        holes[0, 2 * door_bay + 1] = 1
    skin = lattice(grid, tags=holes)
    wall = Soup(skin.vertices, skin.triangles[skin.tags == 0], np.full(int((skin.tags == 0).sum()), WALL))
    parts = [wall]
    openings = [(m, f + sill, f + head) for m in middle for f in floor_z]
    if door_bay >= 0:
        spot = door_bay * storeys
        parts.append(_opening(np.array([[float(middle[door_bay]), low, low + head]]), half, DOOR))
        del openings[spot]
    parts.append(_opening(np.array(openings), half, GLASS))
    return join(parts)


def _opening(rows: F8, half: float, tag: int) -> Soup:
    """Reveals, frame and pane of openings (N, 3): middle y, lower z, upper z."""
    count = len(rows)
    out = np.array([[-half, 0.0], [half, 0.0], [half, 1.0], [-half, 1.0]])
    frame = 0.05

    def ring(inset: float, depth: float) -> F8:
        y = rows[:, :1] + out[:, 0] * (half - inset) / half
        low, high = rows[:, 1:2] + inset, rows[:, 2:3] - inset
        return np.stack([np.full((count, 4), -depth), y, low + out[:, 1] * (high - low)], -1)

    rings = np.stack([ring(0.0, 0.0), ring(0.0, REVEAL_M), ring(frame, REVEAL_M)], 1)
    k = np.arange(4)
    base = 12 * np.arange(count)[:, None, None]
    faces = []
    for level, face in ((0, FRAME if tag == DOOR else WALL), (1, FRAME)):
        a, b = 4 * level + k, 4 * level + (k + 1) % 4
        quad = np.stack([a, b, b + 4, a, b + 4, a + 4], -1).reshape(-1, 3)
        faces.append(Soup.of(rings.reshape(-1, 3), (quad[None] + base).reshape(-1, 3), face))
    pane = np.array([[8, 9, 10], [8, 10, 11]])
    faces.append(Soup.of(rings.reshape(-1, 3), (pane[None] + base).reshape(-1, 3), tag))
    bars = []
    if tag == GLASS:
        y, low, high = rows[:, 0], rows[:, 1] + frame, rows[:, 2] - frame
        x = np.full(count, -REVEAL_M + 0.006)
        corner = [np.stack([x, y + s * 0.025, v], -1) for s, v in ((-1, low), (1, low), (1, high), (-1, high))]
        points = np.stack(corner, 1).reshape(-1, 3)
        quad = np.array([[0, 1, 2], [0, 2, 3]])[None] + 4 * np.arange(count)[:, None, None]
        bars.append(Soup.of(points, quad.reshape(-1, 3), FRAME))
    return join([*faces, *bars])


def house(size: ArrayLike, *, gable: bool) -> Soup:
    """A building of depth (x), width (y) and height, its front facing +x, from 0.3 m below the ground up."""
    depth, width, height = (float(v) for v in np.asarray(size, np.float64))
    eaves = height - roof_rise(depth, height, gable)
    base = 0.45
    storeys = max(round((eaves - base) / 3.05), 1)
    front_bays, side_bays = max(int(width / 3.0), 1), max(int(depth / 3.6), 1)
    sides = []
    for yaw, wide, far, bays, door in (
        (0.0, width, depth, front_bays, front_bays // 2),
        (np.pi, width, depth, front_bays, -1),
        (0.5 * np.pi, depth, width, side_bays, -1),
        (-0.5 * np.pi, depth, width, side_bays, -1),
    ):
        sides.append(
            facade(wide, base, eaves, bays, storeys, door)
            .moved((0.5 * far, 0.0, 0.0))
            .moved(quaternion=quat_from_yaw(yaw))
        )
    plinth = box((depth + 0.06, width + 0.06, base + 0.3)).moved((0.0, 0.0, 0.5 * base - 0.15)).tagged(PLINTH)
    step = _step(depth, width)
    top = _gable(depth, width, eaves, height) if gable else _flat(depth, width, eaves, height)
    return join([*sides, plinth, step, top])


def behind_panes(soup: Soup, lit_share: float, rng: Stream) -> Soup:
    """The same house with its panes told apart by what is behind them: tags GLASS and CURTAIN to DIM.

    ``lit_share`` of them are lit; a third of the others has a curtain, a sixth a blind.
    """
    panes = np.flatnonzero(soup.tags == GLASS).reshape(-1, 2)
    draw, kind = rng.random(len(panes)), rng.random(len(panes))
    dark = np.select([draw < 0.33, draw < 0.5], [CURTAIN, BLIND], GLASS)
    tags = soup.tags.copy()
    tags[panes] = np.where(kind < lit_share, np.where(draw < 0.4, BRIGHT, DIM), dark)[:, None]
    return Soup(soup.vertices, soup.triangles, tags)


def solids(size: ArrayLike, *, gable: bool) -> list[F8]:
    """Points of the convex pieces that a house is made of: walls, then roof slopes and chimney, or the coping."""
    depth, width, height = (float(v) for v in np.asarray(size, np.float64))
    eaves = height - roof_rise(depth, height, gable)
    walls = box((depth, width, eaves + 0.3)).moved((0.0, 0.0, 0.5 * (eaves - 0.3))).vertices
    front = _step(depth, width).vertices
    if not gable:
        return [walls, front, _flat(depth, width, eaves, height).vertices]
    roof = _gable(depth, width, eaves, height)
    slab, chimney = roof.vertices[roof.triangles[roof.tags == ROOF]], roof.vertices[roof.triangles[roof.tags == PLINTH]]
    attic = roof.vertices[roof.triangles[roof.tags == WALL]].reshape(-1, 3)
    slopes = [slab.reshape(-1, 3)[slab.reshape(-1, 3)[:, 0] * side >= -1e-9] for side in (1.0, -1.0)]
    return [walls, front, attic, *slopes, chimney.reshape(-1, 3)]


def roof_rise(depth: float, height: float, gable: bool) -> float:
    """How far the roof reaches over the eaves, metres."""
    return min(0.36 * depth, 0.42 * height) if gable else 0.35


def _step(depth: float, width: float) -> Soup:
    door = _door_y(width, max(int(width / 3.0), 1))
    return box((0.5, 1.6, 0.15)).moved((0.5 * depth + 0.25, door, 0.075)).tagged(PLINTH)


def _door_y(width: float, bays: int) -> float:
    return -0.5 * width + width / bays * (bays // 2 + 0.5)


def _flat(depth: float, width: float, eaves: float, height: float) -> Soup:
    """A roof slab behind a parapet with a coping."""
    coping = box((depth + 0.24, width + 0.24, 0.12)).moved((0.0, 0.0, height - 0.06)).tagged(FRAME)
    parapet = box((depth, width, height - eaves)).moved((0.0, 0.0, 0.5 * (height + eaves) - 0.01)).tagged(WALL)
    cornice = box((depth + 0.16, width + 0.16, 0.14)).moved((0.0, 0.0, eaves)).tagged(FRAME)
    return join([parapet, coping, cornice])


def _gable(depth: float, width: float, eaves: float, height: float) -> Soup:
    """Two slopes with the ridge along y, gable walls, and a chimney."""
    over, thick = 0.4, 0.14
    slope = (height - eaves - thick) / (0.5 * depth)
    x = 0.5 * depth + over
    low = eaves - over * slope
    outline = [[x, low], [x, low + thick], [0.0, height], [-x, low + thick], [-x, low], [0.0, height - thick]]
    ring = np.array(outline)
    slab = prism(ring, -0.5 * width - 0.25, 0.5 * width + 0.25)
    # the outline lies in x-z: turn the prism's axis onto y
    turned = Soup(slab.vertices[:, [0, 2, 1]] * [1.0, 1.0, 1.0], slab.triangles[:, ::-1].copy(), slab.tags).tagged(ROOF)
    wall = prism(
        np.array([[0.5 * depth, 0.0], [0.0, 0.5 * depth * slope], [-0.5 * depth, 0.0]]), -0.5 * width, 0.5 * width
    )
    gable = Soup(wall.vertices[:, [0, 2, 1]] + [0.0, 0.0, eaves], wall.triangles[:, ::-1].copy(), wall.tags).tagged(
        WALL
    )
    chimney = box((0.5, 0.5, 1.3)).moved((-0.2 * depth, 0.22 * width, height - 0.85)).tagged(PLINTH)
    return join([turned, gable, chimney])
