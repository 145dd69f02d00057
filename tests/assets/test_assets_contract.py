"""What every registered asset keeps: frozen, hashable, the same bytes twice, sound meshes, a true box."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import SurfaceTable
from simgen.records.model import Model
from simgen.shapes.builder import soup_of
from simgen.shapes.finish import HULL_POINTS, rest_vertices
from simgen.shapes.soup import face_vectors
from simgen.taxonomy import classes

#: what assets need that have a parameter without a default
NEEDED: dict[str, dict[str, Any]] = {
    "urdf": {"path": "r2d2.urdf"},
    "sdf": {"path": "kiva_shelf/model.sdf"},
    "mjcf": {"path": "mjcf/ant.xml"},
    "coated": {"of": registry.get("asset", "sedan")()},
    "resized": {"of": registry.get("asset", "sphere")()},
}

#: most triangles, by asset
BUDGETS = {
    **dict.fromkeys(("sedan", "suv", "hatchback", "city_car", "estate", "van", "truck", "bus"), (2000, 10000)),
    **dict.fromkeys(("tractor_unit", "semitrailer", "school_bus", "coach", "fire_engine"), (2000, 8500)),
    **dict.fromkeys(("garbage_truck", "motorcycle", "scooter", "cargo_bike", "tractor", "wheel_loader"), (2000, 8000)),
    **dict.fromkeys(("pedestrian", "child"), (2000, 5000)),
    "cyclist_rider": (2000, 5100),
    "wheelchair_user": (3000, 7000),
    "bicycle": (1000, 4000),
    "tree": (500, 4000),
}


def asset(name: str, **parameters: Any) -> Asset:
    made = registry.get("asset", name)(**{**NEEDED.get(name, {}), **parameters})
    assert isinstance(made, Asset)
    return made


NAMES = [name for name in registry.names("asset") if name != "mesh_file"]
#: what lies flat, is a hole, or flies: nothing collides with it
BODILESS = ("pothole", "ground_sheet", "leaf_cloud", "manhole")


def model(name: str) -> Model:
    return model_of(asset(name))


@pytest.mark.parametrize("name", NAMES)
def test_configurations_are_frozen_hashable_and_equal(name: str) -> None:
    one, two = asset(name), asset(name)
    assert one == two
    assert hash(one) == hash(two)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.plugin_name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_docstrings_say_what_they_are(name: str) -> None:
    cls = type(asset(name))
    assert cls.__doc__ is not None
    assert len(cls.__doc__) > 60
    for field in dataclasses.fields(cls):
        assert field.metadata.get("doc"), field.name


@pytest.mark.parametrize("name", NAMES)
def test_equal_configurations_build_equal_bytes(name: str) -> None:
    again = asset(name).build()
    first = model(name)
    assert again.surfaces == first.surfaces
    assert (again.size, again.box_center) == (first.size, first.box_center)
    for a, b in zip(first.links, again.links, strict=True):
        assert (a.name, a.parent, a.position, a.quaternion, a.joint, a.shapes) == (
            b.name, b.parent, b.position, b.quaternion, b.joint, b.shapes,
        )  # fmt: skip
        if a.mesh is not None and b.mesh is not None:
            for (_, _, x), (_, _, y) in zip(a.mesh.arrays(), b.mesh.arrays(), strict=True):
                assert x.tobytes() == y.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_meshes_are_sound(name: str) -> None:
    built = model(name)
    for link in built.links:
        if link.mesh is None:
            continue
        assert np.isfinite(link.mesh.vertices).all()
        np.testing.assert_allclose((link.mesh.normals.astype(float) ** 2).sum(-1), 1.0, atol=1e-4)
        assert int(link.mesh.triangles.max()) < len(link.mesh.vertices)
        assert int(link.mesh.surface.max()) < len(built.surfaces)
        assert (face_vectors(soup_of(link.mesh)) ** 2).sum(-1).min() > 0.0


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("urdf", "sdf", "mjcf")])
def test_shading_normals_agree_with_the_winding(name: str) -> None:
    for link in model(name).links:
        if link.mesh is None:
            continue
        face = face_vectors(soup_of(link.mesh))
        agree = (face * link.mesh.normals[link.mesh.triangles].mean(1)).sum(-1) > 0.0
        # leaves are lit as their crown is, whichever way they hang
        assert agree.mean() > (0.8 if name in ("tree", "bush", "hedge", "grass_tuft") else 0.9999)


@pytest.mark.parametrize("name", NAMES)
def test_the_box_is_that_of_the_mesh_at_rest(name: str) -> None:
    built = model(name)
    points = rest_vertices(built.links)
    np.testing.assert_allclose(built.size, np.ptp(points, axis=0), atol=1e-6)
    np.testing.assert_allclose(built.box_center, 0.5 * (points.max(0) + points.min(0)), atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_links_and_surfaces_are_well_formed(name: str) -> None:
    built = model(name)
    assert built.links[0].parent == -1
    assert built.links[0].position == (0.0, 0.0, 0.0)
    assert all(0 <= link.parent < k for k, link in enumerate(built.links) if k)
    assert len({link.name for link in built.links}) == len(built.links)
    assert built.class_name in classes()
    table = SurfaceTable.of(built.surfaces)
    assert (table.base_color >= 0.0).all()
    assert (table.base_color <= 1.0).all()
    assert (table.lidar_reflectance <= 1.0).all()
    assert built.mass_kg > 0.0


@pytest.mark.parametrize("name", NAMES)
def test_collision_hulls_are_small_enough_for_physics(name: str) -> None:
    shapes = [shape for link in model(name).links for shape in link.shapes]
    assert bool(shapes) == (name not in BODILESS)
    for shape in shapes:
        assert len(shape.points) <= HULL_POINTS
        if shape.kind == "hull":
            assert len(shape.points) >= 4
            assert np.ptp(shape.points, axis=0).min() > 1e-5


@pytest.mark.parametrize("name", BUDGETS)
def test_triangle_budgets(name: str) -> None:
    low, high = BUDGETS[name]
    count = sum(len(link.mesh.triangles) for link in model(name).links if link.mesh is not None)
    assert low <= count <= high


GROUNDED = [
    n
    for n in NAMES
    if n
    not in (
        *BODILESS,
        "urdf",
        "sdf",
        "mjcf",
        "building",
        "cyclist_rider",
        "traffic_light",
        "motorcyclist",
        "e_scooter_rider",
    )
]


@pytest.mark.parametrize("name", GROUNDED)
def test_things_stand_on_the_ground(name: str) -> None:
    assert abs(float(rest_vertices(model(name).links)[:, 2].min())) < 0.02


COLORED = [n for n in NAMES if "color" in {f.name for f in dataclasses.fields(type(asset(n)))}]


@pytest.mark.parametrize("name", COLORED)
def test_colours_are_names_or_reflectances(name: str) -> None:
    assert asset(name, color="red").build().surfaces != asset(name, color=(0.0, 0.2, 0.9)).build().surfaces
    with pytest.raises(UserError, match="unknown colour 'rde'"):
        asset(name, color="rde")
