"""What is behind glass: seats in vehicles."""

import numpy as np
import pytest

from simgen.assembly import rest_mesh
from simgen.records.mesh import SurfaceTable
from simgen.registry import get


@pytest.mark.parametrize("name", ["sedan", "hatchback", "suv", "van", "bus", "truck"])
def test_seats_stand_inside_the_skin(name: str) -> None:
    model = get("asset", name)().build()
    mesh = rest_mesh(model)
    cloth = [k for k, s in enumerate(model.surfaces) if (s.roughness, s.lidar_reflectance) == (0.95, 0.25)]
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
