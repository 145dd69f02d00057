"""Buildings of every kind: measures, windows, what stands before what, lit rooms, shops."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from simgen.records.model import Model
from simgen.registry import get
from simgen.rng import stream
from simgen.shapes.fronts import shop_front
from simgen.shapes.houses import KINDS, building
from simgen.shapes.kit import LIT_PANE, PANE, SHOP_GLASS, SIGN, WALL
from simgen.shapes.soup import face_vectors
from simgen.shapes.storeys import Plan
from simgen.shapes.walls import OUT_M, REVEAL_M, Window, crossings, punched, windows

#: width, depth and height that suit each kind
SIZES = {
    "townhouse": (14.0, 11.0, 14.0),
    "apartment": (20.0, 12.0, 20.0),
    "office": (24.0, 14.0, 22.0),
    "high_rise": (26.0, 22.0, 60.0),
    "detached": (13.0, 10.0, 7.5),
    "hall": (30.0, 20.0, 9.0),
    "supermarket": (30.0, 24.0, 6.0),
    "school": (36.0, 12.0, 11.0),
}


@cache
def built(kind: str, variant: int = 0, terraced: bool = False, **more: Any) -> Model:
    width, depth, height = SIZES[kind]
    made: Model = get("asset", "building")(
        kind=kind, variant=variant, terraced=terraced, width_m=width, depth_m=depth, height_m=height, **more
    ).build()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_measures_asked_for_and_few_triangles(kind: str) -> None:
    width, depth, height = SIZES[kind]
    for variant in range(4):
        model = built(kind, variant)
        low = np.array(model.box_center) - 0.5 * np.array(model.size)
        high = np.array(model.box_center) + 0.5 * np.array(model.size)
        # eaves, gutters, balconies and steps stand out by at most 1.4 m, chimneys and machines by 2.5 m
        assert width - 0.01 <= model.size[1] <= width + 1.2
        assert depth - 0.01 <= model.size[0] <= depth + 2.4
        assert height - 0.5 <= high[2] <= height + 2.6
        assert low[2] >= -0.31
        mesh = model.links[0].mesh
        assert mesh is not None
        assert len(mesh.triangles) < (10_500 if kind == "high_rise" else 5600)
        assert len(model.links[0].shapes) < 70


@pytest.mark.parametrize("kind", ["townhouse", "apartment", "office", "high_rise"])
def test_neighbours_in_a_terrace_fit_side_by_side(kind: str) -> None:
    for variant in range(6):
        assert built(kind, variant, terraced=True).size[1] <= SIZES[kind][0] + 0.09


@pytest.mark.parametrize("kind", KINDS)
def test_variants_differ_and_are_the_same_again(kind: str) -> None:
    meshes = [built(kind, variant).links[0].mesh for variant in range(6)]
    assert (
        len({(m.vertices.tobytes(), m.surface.tobytes(), m.uv.tobytes()) for m in meshes if m and m.uv is not None})
        >= 5
    )
    again = building(kind, _plan(kind, 3))
    once = building(kind, _plan(kind, 3))
    assert again.soup.vertices.tobytes() == once.soup.vertices.tobytes()


def _plan(kind: str, variant: int, lit: float = 0.3, *, shop: bool = True) -> Plan:
    width, depth, height = SIZES[kind]
    rng = stream(variant, "building")
    return Plan(
        depth=depth, width=width, height=height, roof="gable", terraced=False, shop=shop, lit_share=lit, rng=rng
    )


def test_a_wall_has_a_window_at_every_crossing() -> None:
    across, up = np.array([[-2.0, -1.0], [1.0, 2.5]]), np.array([[1.0, 2.2], [4.0, 5.0], [7.0, 8.0]])
    wall = punched(12.0, up, 0.0, 9.0, across)
    area = 0.5 * np.sqrt((face_vectors(wall) ** 2).sum(-1)).sum()
    assert area == pytest.approx(12.0 * 9.0 - 2.5 * 3.2, rel=1e-9)
    holes = crossings(across, up)
    kit = windows(holes, Window(), 0.5, stream(0, "test"))
    # one pane an opening, set back by the reveal, no wider than the opening
    assert len(kit.quads) == len(holes) == 6
    assert np.allclose(kit.quads[..., 0], -REVEAL_M)
    assert (np.ptp(kit.quads[..., 1], axis=1) < holes[:, 1] - holes[:, 0]).all()
    # nothing stands farther out than the collision shapes allow
    assert kit.soup.vertices[:, 0].max() <= OUT_M + 1e-9


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_a_share_of_the_windows_is_lit(share: float) -> None:
    tags = building("apartment", _plan("apartment", 1, share)).tags
    panes = tags[np.isin(tags, (PANE, LIT_PANE))]
    assert len(panes) > 60
    assert (panes == LIT_PANE).mean() == pytest.approx(share, abs=0.1)


def test_what_shines_does_so_at_dusk_alone_and_rooms_are_as_bright_as_rooms() -> None:
    surfaces = built("townhouse", 3).surfaces
    shining = [s for s in surfaces if any(s.emission)]
    assert shining
    assert all(s.lamp == "dusk" and s.skin is not None and s.skin.glow is not None for s in shining)
    # a room of 150 to 300 lx has 30 to 80 cd/m2 on pale walls
    luminances = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (s.emission for s in shining)]
    assert all(5.0 < v < 100.0 for v in luminances)
    panes = [s for s in surfaces if s.heat == "glass"]
    assert all(s.roughness == 0.05 for s in panes)


def test_dark_buildings_have_no_lit_pane() -> None:
    model = built("office", 1, lit_share=0.0)
    mesh = model.links[0].mesh
    assert mesh is not None
    homes = [s for k, s in enumerate(model.surfaces) if k in np.unique(mesh.surface) and any(s.emission) and s.heat]
    assert homes == []


def test_shops_have_glass_a_name_and_a_room_behind() -> None:
    kit = shop_front(-3.0, 3.0, 0.06, 3.5, 4, stream(1, "shop"), awning=True)
    glass = kit.soup.vertices[kit.soup.triangles[kit.soup.tags == SHOP_GLASS]]
    assert np.allclose(glass[..., 0], glass[0, 0, 0])
    assert (kit.tags == SIGN).sum() == 1
    # the room ends 2.6 m behind the wall, and its walls face inwards: no ray through the glass leaves the building
    assert kit.soup.vertices[:, 0].min() == pytest.approx(-2.6, abs=0.05)
    awning = kit.solids[0]
    assert awning[:, 2].min() > 2.1  # people pass below


def test_shop_glass_is_seen_through_and_walls_are_not() -> None:
    surfaces = built("townhouse", 0).surfaces
    by = {id(s): s for s in surfaces}
    assert sum(s.transmission > 0.5 for s in by.values()) == 1
    assert surfaces[0].transmission == 0.0
    assert WALL == 0
