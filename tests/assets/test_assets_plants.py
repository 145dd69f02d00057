"""Trees, bushes and grass: as tall as asked, ragged, light on triangles, different by variant, true to season."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.geometry import cross
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import get
from simgen.shapes.sway import swaying
from simgen.shapes.trees import BY_VARIANT, HABITS


def plant(name: str, **parameters: object) -> Model:
    model = get("asset", name)(**parameters).build()
    assert isinstance(model, Model)
    return model


def leaves(model: Model) -> F8:
    """Corners of all leaf triangles (T, 3, 3)."""
    mesh = model.links[0].mesh
    assert mesh is not None
    green = np.array([s.class_name == "vegetation" for s in model.surfaces])[mesh.surface]
    return mesh.vertices[mesh.triangles[green]].astype(np.float64)


def covered(corners: F8, cells: int = 48) -> tuple[F8, F8]:
    """Which cells of a grid over the side view a crown's triangles reach, and the crown's outline box (y, z)."""
    weights = np.array([[1, 1, 1], [4, 1, 1], [1, 4, 1], [1, 1, 4], [3, 3, 1], [1, 3, 3], [3, 1, 3]], np.float64)
    weights /= weights.sum(1, keepdims=True)
    p = (weights[None, :, :, None] * corners[:, None]).sum(2).reshape(-1, 3)[:, 1:]
    low, high = p.min(0), p.max(0)
    cell = np.minimum(((p - low) / (high - low) * cells).astype(int), cells - 1)
    grid = np.zeros((cells, cells))
    grid[cell[:, 1], cell[:, 0]] = 1.0
    return grid, high - low


@pytest.mark.parametrize("kind", HABITS)
@pytest.mark.parametrize("height", [4.0, 16.0])
def test_a_tree_is_as_tall_as_asked_and_within_its_budget(kind: str, height: float) -> None:
    model = plant("tree", kind=kind, height_m=height)
    mesh = model.links[0].mesh
    assert mesh is not None
    assert model.size[2] == pytest.approx(height, rel=0.06)
    assert len(mesh.triangles) <= 4000
    assert 0.8 * 2.0 * HABITS[kind].spread < model.size[1] / height < 1.35 * 2.0 * HABITS[kind].spread + 0.08
    # the stem is clear of leaves where the kind's is
    assert leaves(model)[..., 2].min() > 0.4 * HABITS[kind].clear * height - 0.08 * height
    assert dict(model.attributes)["kind"] == kind


@pytest.mark.parametrize("kind", ["lime", "maple", "birch", "oak", "spruce"])
def test_crowns_are_ragged_but_not_bare(kind: str) -> None:
    grid, _ = covered(leaves(plant("tree", kind=kind, height_m=10.0)))
    # the middle third of the crown is nearly closed, the rim is not
    inner = grid[16:32, 16:32] if kind != "spruce" else grid[4:20, 16:32]
    assert inner.mean() > 0.75
    assert grid.mean() < 0.88
    # the outline has many steps: a smooth ball has about as many edge cells as its circumference
    steps = np.abs(np.diff(grid, axis=0)).sum() + np.abs(np.diff(grid, axis=1)).sum()
    assert steps > (1.5 if kind != "spruce" else 1.2) * 4 * 48


def test_variants_are_kinds_and_shapes() -> None:
    kinds = [dict(plant("tree", variant=v).attributes)["kind"] for v in range(12)]
    assert kinds == [*BY_VARIANT, *BY_VARIANT]
    assert kinds[:4] == ["lime", "hornbeam", "maple", "spruce"]
    assert plant("tree", variant=0).size != plant("tree", variant=6).size
    assert plant("tree", variant=9999, height_m=35.0).size[2] == pytest.approx(35.0, rel=0.06)


def test_winter_takes_the_leaves_of_all_but_evergreens() -> None:
    bare = plant("tree", kind="oak", season="winter")
    assert len(leaves(bare)) == 0
    mesh = bare.links[0].mesh
    assert mesh is not None
    assert 1500 < len(mesh.triangles) <= 4000
    assert bare.size[2] == pytest.approx(7.0, rel=0.06)
    assert len(leaves(plant("tree", kind="spruce", season="winter"))) > 1000
    summer, autumn = (plant("tree", kind="maple", season=s) for s in ("summer", "autumn"))
    green, red = (next(s for s in m.surfaces if s.class_name == "vegetation").base_color for m in (summer, autumn))
    assert green[1] > green[0]
    assert red[0] > 2.0 * red[1]


def test_a_tree_collides_with_its_trunk_only_and_its_crown_sways() -> None:
    model = plant("tree", kind="lime")
    (stem,) = model.links[0].shapes
    assert stem.kind == "cylinder"
    assert 0.08 < stem.size[0] < 0.2
    assert stem.size[1] < 3.0
    assert len(plant("tree", staked=True).links[0].shapes) == 3
    parted = swaying(model)
    assert [link.joint.kind for link in parted.links] == ["fixed", "sway"]
    assert parted.links[0].mesh is not None


def test_leaves_face_outwards_and_are_lit_as_the_crown() -> None:
    model = plant("tree", kind="lime", height_m=10.0)
    mesh = model.links[0].mesh
    assert mesh is not None
    p = leaves(model)
    middle = p.mean((0, 1))
    out = p.mean(1) - middle
    face = cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    assert ((face * out).sum(1) > 0.0).mean() > 0.7


def test_a_bush_reaches_the_ground_and_keeps_its_height() -> None:
    for variant in (0, 1, 2, 3):
        model = plant("bush", variant=variant, height_m=1.5)
        assert model.size[2] == pytest.approx(1.5, rel=0.12)
        assert leaves(model)[..., 2].min() < 0.05
        assert 1.2 < model.size[0] < 2.2
    colors = {plant("bush", variant=v).surfaces[0].base_color for v in range(4)}
    assert len(colors) == 4


def test_tufts_stand_on_the_ground_and_flower() -> None:
    plain, flowering = plant("grass_tuft"), plant("grass_tuft", flowers="yellow")
    assert plain.size[2] == pytest.approx(0.5, rel=0.1)
    assert leaves(plain)[..., 2].min() == 0.0
    assert len(flowering.surfaces) == len(plain.surfaces) + 1
    assert max(s.base_color[0] for s in flowering.surfaces) > 0.5
    dry = plant("grass_tuft", dry_share=1.0).surfaces[1].base_color
    assert dry[0] > dry[1]
