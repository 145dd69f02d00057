"""What is behind glass: seats in vehicles, rooms in houses."""

import numpy as np
import pytest

from simgen.assembly import rest_mesh
from simgen.records.mesh import SurfaceTable
from simgen.registry import get
from simgen.rng import stream
from simgen.shapes.houses import BLIND, BRIGHT, CURTAIN, DIM, GLASS, behind_panes, house


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_a_share_of_the_windows_is_lit(share: float) -> None:
    plain = house((12.0, 60.0, 40.0), gable=False)
    told = behind_panes(plain, share, stream(1, "windows"))
    panes = plain.tags == GLASS
    assert (told.tags[~panes] == plain.tags[~panes]).all()
    # both triangles of a pane look alike
    kinds = told.tags[panes].reshape(-1, 2)
    assert (kinds[:, 0] == kinds[:, 1]).all()
    lit = np.isin(kinds[:, 0], (BRIGHT, DIM)).mean()
    assert lit == pytest.approx(share, abs=0.06)
    if share == 0.0:
        assert {GLASS, CURTAIN, BLIND} == set(kinds[:, 0].tolist())


def test_windows_shine_at_dusk_alone_and_look_like_glass_to_every_sensor() -> None:
    surfaces = get("asset", "building")(variant=3).build().surfaces
    shining = [s for s in surfaces if any(s.emission)]
    assert shining
    assert all(s.lamp == "dusk" for s in shining)
    assert all(s.heat == "glass" and s.roughness == 0.05 for s in shining)
    # a lit room has the luminance of some 150 lx on pale walls, seen through a curtain or not
    luminances = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (s.emission for s in shining)]
    assert all(5.0 < v < 100.0 for v in luminances)
    dark = get("asset", "building")(lit_share=0.0).build()
    assert not any(any(dark.surfaces[k].emission) for k in np.unique(dark.links[0].mesh.surface))


def test_other_variants_light_other_windows() -> None:
    one, two = (get("asset", "building")(variant=k).build().links[0].mesh.surface for k in (0, 1))
    assert (one != two).any()


@pytest.mark.parametrize("name", ["sedan", "hatchback", "suv", "van", "bus", "truck"])
def test_seats_stand_inside_the_skin(name: str) -> None:
    model = get("asset", name)().build()
    mesh = rest_mesh(model)
    cloth = [k for k, s in enumerate(model.surfaces) if s.roughness == 0.95 and s.base_color[0] == 0.035]
    assert len(cloth) == 1
    seats = mesh.vertices[np.unique(mesh.triangles[mesh.surface == cloth[0]])]
    low, high = (
        np.array(model.box_center) - np.array(model.size) / 2,
        np.array(model.box_center) + np.array(model.size) / 2,
    )
    assert (seats > low + np.array([0.3, 0.2, 0.0])).all()
    assert (seats < high - np.array([0.3, 0.2, 0.04])).all()


def test_car_paint_is_a_coat_on_flakes_and_mirrors_are_mirrors() -> None:
    model = get("asset", "sedan")().build()
    paints = [s for s in model.surfaces if s.texture == "flake"]
    assert paints
    assert all(s.clearcoat == 1.0 and 0.0 < s.metallic < 0.5 for s in paints)
    assert any(s.metallic == 1.0 and s.roughness < 0.05 for s in model.surfaces)
    assert any(s.transmission == 0.65 for s in model.surfaces)
    assert SurfaceTable.of(model.surfaces).retro.max() >= 0.3
