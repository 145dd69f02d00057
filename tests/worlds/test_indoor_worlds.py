"""Worlds for robots: nothing stands in anything else, areas lie on what carries them, the seed decides the rest."""

from __future__ import annotations

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import model_of, prop_asset
from simgen.records.layout import Prop, WorldLayout

NAMES = ("bin", "shelf", "kitchen", "warehouse", "corridor", "conveyor")
#: what others stand in or under, so that boxes say nothing
OPEN = {"table", "shelving", "open_bin", "conveyor", "kitchen_unit"}


def built(name: str, seed: int = 3, **parameters: object) -> WorldLayout:
    layout = registry.get("world", name)(**parameters).build(seed)
    assert isinstance(layout, WorldLayout)
    return layout


def box(prop: Prop) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner in the world."""
    model = model_of(prop_asset(prop))
    c, s = np.cos(prop.yaw_rad), np.sin(prop.yaw_rad)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    half = 0.5 * np.array(model.size) @ np.abs(turn).T
    middle = np.array(model.box_center) @ turn.T + np.array(prop.position)
    return middle - half, middle + half


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [0, 5])
def test_things_do_not_stand_in_each_other_or_in_walls(name: str, seed: int) -> None:
    layout = built(name, seed)
    solid = [p for p in layout.props if p.asset not in OPEN and p.parameters.get("kind") != "chair"]
    low, high = (np.array(side) for side in zip(*(box(p) for p in solid), strict=True))
    gap = np.maximum(low[:, None] - high[None], low[None] - high[:, None]).max(-1)
    np.fill_diagonal(gap, 1.0)
    a, b = np.unravel_index(int(gap.argmin()), gap.shape)
    assert gap.min() > -0.012, (solid[a].name, solid[b].name)
    x0, y0, _, x1, y1, _ = layout.rooms[0]
    assert (low[:, :2] > np.array([x0, y0]) - 0.02).all()
    assert (high[:, 0] < x1 + 0.02).all()
    assert (high[:, 1] < y1 + 0.02).all()
    assert (low[:, 2] > -1e-3).all()


def test_pallets_rest_on_the_beams_of_their_racks() -> None:
    layout = built("warehouse")
    levels = {0.0, *next(p for p in layout.props if p.asset == "shelving").parameters["levels_m"]}
    stored = [p for p in layout.props if p.name.startswith("pallet/")]
    assert len(stored) > 60
    for prop in stored:
        assert min(abs(prop.position[2] - level) for level in levels) < 0.001
        assert box(prop)[1][2] - prop.position[2] < 1.63


def test_goods_stand_on_their_boards_and_fit_below_the_next() -> None:
    layout = built("shelf")
    goods = [p for p in layout.props if p.asset == "grocery"]
    boards = sorted(next(p for p in layout.props if p.asset == "shelving").parameters["levels_m"])
    assert len(goods) > 80
    for prop in goods:
        board = min(boards, key=lambda z: abs(z - prop.position[2]))
        assert abs(prop.position[2] - board) < 0.001
        above = [z for z in boards if z > board + 0.01]
        assert not above or box(prop)[1][2] < above[0] - 0.03


@pytest.mark.parametrize(
    ("name", "area", "height"),
    [("bin", "bin", 0.61), ("shelf", "shelf/3", 0.92), ("kitchen", "worktop/1", 0.9), ("conveyor", "belt", 0.75)],
)
def test_areas_lie_on_what_carries_them(name: str, area: str, height: float) -> None:
    polygon = next(a.polygon for a in built(name).map.areas if a.name == area)
    np.testing.assert_allclose(polygon[:, 2], height, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides_what_stands_there(name: str) -> None:
    assert built(name, 1).props == built(name, 1).props
    assert built(name, 1).props != built(name, 2).props
