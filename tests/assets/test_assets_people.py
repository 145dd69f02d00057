"""People: heights, limbs that overlap, clothes; and things of the street."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.registry import get
from simgen.shapes.finish import rest_poses, rest_vertices


def built(name: str, **parameters: Any) -> Any:
    return model_of(get("asset", name)(**parameters))


@pytest.mark.parametrize(
    ("name", "height"), [("pedestrian", 1.5), ("pedestrian", 1.95), ("child", 0.95), ("child", 1.5)]
)
def test_people_are_as_tall_as_asked(name: str, height: float) -> None:
    model = built(name, height_m=height)
    assert model.size[2] == pytest.approx(height, abs=0.012)
    assert 0.2 * height < model.size[1] < 0.45 * height
    assert float(rest_vertices(model.links)[:, 2].min()) == pytest.approx(0.0, abs=0.002)


def test_children_have_larger_heads_for_their_height() -> None:
    def share(model: Any) -> float:
        head = next(link for link in model.links if link.name == "head")
        return float(np.ptp(head.mesh.vertices[:, 2]) / model.size[2])

    assert share(built("child", height_m=1.0)) > 1.25 * share(built("pedestrian"))


@pytest.mark.parametrize("name", ["pedestrian", "child", "cyclist_rider"])
def test_every_limb_reaches_into_its_parent(name: str) -> None:
    model = built(name)
    poses = rest_poses(model.links)
    for k, link in enumerate(model.links):
        parent = model.links[link.parent]
        if link.mesh is None or link.parent < 0 or parent.mesh is None:
            continue
        # the joint lies inside the box of both parts
        joint = np.array(link.position)
        low, high = parent.mesh.vertices.min(0) - 0.03, parent.mesh.vertices.max(0) + 0.03
        assert ((joint >= low) & (joint <= high)).all(), link.name
        if link.name != "torso":  # it turns about the hips, below itself
            assert (link.mesh.vertices.min(0) <= 1e-6).all(), link.name
            assert (link.mesh.vertices.max(0) >= -1e-6).all(), link.name
        assert poses[k][0].shape == (3,)


def test_a_person_has_its_links() -> None:
    names = {link.name for link in built("pedestrian").links}
    limbs = {f"{s}_{n}" for s in ("left", "right") for n in ("upper_arm", "forearm", "thigh", "shank", "foot")}
    assert names == {"body", "lift", "pelvis", "torso", "head", *limbs}


def test_clothes_show() -> None:
    plain, other = built("pedestrian"), built("pedestrian", top="hi_vis", shorts=True, hair_style="none")
    assert plain.surfaces != other.surfaces
    packed = built("pedestrian", backpack=True)
    assert packed.size[0] > plain.size[0] + 0.05
    with pytest.raises(UserError, match=r"^skin: unknown colour 'greenish'"):
        get("asset", "pedestrian")(skin="greenish")


def test_every_surface_of_a_person_carries_its_class() -> None:
    assert {s.class_name for s in built("child").surfaces} == {"child"}
    assert {s.class_name for s in built("cyclist_rider").surfaces} == {"rider"}


def test_a_rider_sits_on_the_bicycle() -> None:
    rider, bicycle = built("cyclist_rider"), built("bicycle")
    assert 1.6 < rider.box_center[2] + 0.5 * rider.size[2] < 1.95
    low = rest_vertices(rider.links)[:, 2].min()
    assert 0.05 < low < 0.35
    assert abs(rider.box_center[0] - bicycle.box_center[0]) < 0.25


def test_a_tree_is_trunk_and_vegetation() -> None:
    for variant in range(4):
        model = built("tree", variant=variant, height_m=9.0)
        assert {s.class_name for s in model.surfaces} == {"trunk", "vegetation"}
        assert model.size[2] == pytest.approx(9.0, rel=0.08)
    assert built("tree", variant=0).size != built("tree", variant=4).size


def test_lamps_are_named_by_their_state_and_bright() -> None:
    lamps = {s.lamp: s for s in built("traffic_light").surfaces if s.lamp}
    assert set(lamps) == {"red", "yellow", "green"}
    assert all(max(s.emission) > 5000.0 and s.has_lamp for s in lamps.values())
    assert {lamp.state for lamp in built("traffic_light").lamps} == set(lamps)
    assert np.argmax(lamps["red"].base_color) == 0
    assert np.argmax(lamps["green"].base_color) == 1


@pytest.mark.parametrize(
    "kind", ["stop", "yield", "priority", "speed_30", "speed_50", "speed_80", "no_entry", "parking"]
)
def test_signs_face_forward_and_shine_back(kind: str) -> None:
    model = built("traffic_sign", kind=kind)
    faces = [s for s in model.surfaces if s.class_name == "traffic_sign" and s.skin is not None]
    assert faces
    assert all(s.retro > 0.0 for s in faces)
    mesh = model.links[0].mesh
    sheet = mesh.vertices[:, 0] > 0.0415
    assert (mesh.normals[sheet, 0] > 0.99).sum() >= 3
    # the plate hides the post from ahead
    assert mesh.vertices[~sheet, 0].max() < 0.0415


def test_the_tables_top_lies_at_its_height() -> None:
    model = built("table", height_m=0.9, length_m=2.0, width_m=1.0)
    assert model.size == pytest.approx((2.0, 1.0, 0.9))
    with pytest.raises(UserError, match="the top is thicker than half the height"):
        get("asset", "table")(height_m=0.2, thickness_m=0.12)


def test_primitives_have_their_exact_measures() -> None:
    assert built("box", size_m=(1.0, 2.0, 3.0)).size == pytest.approx((1.0, 2.0, 3.0))
    assert built("sphere", radius_m=0.5).size == pytest.approx((1.0, 1.0, 1.0))
    assert built("cylinder", radius_m=0.5, height_m=2.0).size == pytest.approx((1.0, 1.0, 2.0))
    assert built("capsule", radius_m=0.5, height_m=2.0).size == pytest.approx((1.0, 1.0, 2.0))
    assert built("sphere", mass_kg=7.0, friction=0.1, restitution=0.9).restitution == 0.9
    for name, wrong in (("box", {"size_m": (1.0, 0.0, 1.0)}), ("capsule", {"radius_m": 1.0, "height_m": 1.0})):
        with pytest.raises(UserError):
            get("asset", name)(**wrong)
