"""People: heights, limbs that overlap, clothes; and things of the street."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.geometry import quat_from_axis_angle, transform
from simgen.registry import get
from simgen.shapes import looks
from simgen.shapes.body import posed
from simgen.shapes.figure import COCO, LINKS, limbs
from simgen.shapes.finish import rest_poses, rest_vertices
from simgen.shapes.limb_pose import BACK, FORWARD
from simgen.shapes.person import dressed
from simgen.shapes.pieces import joined
from simgen.shapes.poses import POSES
from simgen.shapes.wardrobe import Who, body_of

o3d = pytest.importorskip("open3d")


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


def test_variants_are_different_people() -> None:
    people = [get("asset", "pedestrian")(variant=k) for k in range(24)]
    looks = [p._look() for p in people]
    assert len({look.who for look in looks}) == 24
    assert len({(look.clothes.top, look.clothes.top_kind, look.clothes.trousers) for look in looks}) > 15
    assert 6 <= sum(look.who.female for look in looks) <= 18
    assert {look.who.age for look in looks} == {"adult", "elderly"}
    heights = [look.who.height_m for look in looks]
    assert 1.6 < np.mean(heights) < 1.8
    assert 0.04 < np.std(heights) < 0.13


@pytest.mark.parametrize("variant", [1, 4, 8, 11])
def test_what_is_given_overrides_the_variant(variant: int) -> None:
    model = built("pedestrian", variant=variant, height_m=1.9, top="red", top_kind="shirt", headwear="none")
    assert model.size[2] == pytest.approx(1.9, abs=0.02)
    red = built("pedestrian", top="red").surfaces
    assert {s.base_color for s in model.surfaces} & {s.base_color for s in red}


@pytest.mark.parametrize("pose", POSES)
def test_every_pose_stands_or_lies_on_the_ground(pose: str) -> None:
    model = built("pedestrian", variant=5, pose=pose, headwear="none", carries="none")
    low = float(rest_vertices(model.links)[:, 2].min())
    assert abs(low) < 0.02
    limits = {
        "sit": (1.15, 1.45),
        "crouch": (0.7, 1.2),
        "lie": (0.15, 0.5),
        "lie_on_side": (0.25, 0.7),
        "reach": (1.2, 2.0),
    }
    floor, ceiling = limits.get(pose, (1.5, 2.3))
    assert floor < model.size[2] < ceiling


@pytest.mark.parametrize(("age", "female"), [("adult", False), ("adult", True), ("elderly", False), ("elderly", True)])
def test_segments_are_in_published_ranges(age: str, female: bool) -> None:
    """Drillis and Contini (1964): thigh 0.245, shank 0.246, upper arm 0.186, forearm 0.146 of stature.

    Their upper arm begins at the acromion, a few centimetres above the joint that turns here.
    """
    body = body_of(Who(height_m=1.7, age=age, female=female))
    share = {g: body.length(f"left_{g}") / 1.7 for g in ("thigh", "shank", "upper_arm", "forearm")}
    for group, published in (("thigh", 0.245), ("shank", 0.246), ("upper_arm", 0.168), ("forearm", 0.146)):
        assert share[group] == pytest.approx(published, rel=0.14), group


@pytest.mark.parametrize("name", ["pedestrian", "child", "cyclist_rider"])
def test_keypoints_are_inside_the_body(name: str) -> None:
    model = built(name)
    assert [k.name for k in model.keypoints] == list(COCO)
    poses, points = rest_poses(model.links), rest_vertices(model.links)
    for key in model.keypoints:
        at = transform(*poses[key.link], np.array(key.position))
        assert ((at > points.min(0)) & (at < points.max(0))).all(), key.name
        near = np.sqrt(((points - at) ** 2).sum(-1)).min()
        assert near < 0.13 * max(model.size), key.name
    by_name = {k.name: transform(*poses[k.link], np.array(k.position)) for k in model.keypoints}
    assert by_name["left_shoulder"][1] > by_name["right_shoulder"][1] + 0.1
    assert by_name["nose"][2] > by_name["left_shoulder"][2] > by_name["left_hip"][2] > by_name["left_ankle"][2]


def test_a_pram_rolls_before_whoever_pushes_it() -> None:
    model = built("pedestrian", variant=3, carries="pram")
    wheels = [link for link in model.links if link.joint.kind == "wheel"]
    assert len(wheels) == 4
    assert all(link.position[0] > 0.3 for link in wheels)
    assert all(link.position[2] == pytest.approx(link.joint.radius_m) for link in wheels)
    assert 1.1 < model.size[0] < 1.9


def test_a_wheelchair_has_the_size_of_one_and_rolls() -> None:
    model = built("wheelchair_user", variant=3)
    assert model.class_name == "wheelchair_user"
    assert 0.9 < model.size[0] < 1.2
    assert 0.55 < model.size[1] < 0.85
    assert 1.15 < model.size[2] < 1.5
    wheels = [link for link in model.links if link.joint.kind == "wheel"]
    assert len(wheels) == 4
    for link in wheels:
        assert link.position[2] == pytest.approx(link.joint.radius_m, abs=1e-6)
        assert link.mesh.vertices[:, 2].min() == pytest.approx(-link.joint.radius_m, abs=2e-3)
    # the hands are at the pushrims
    poses = rest_poses(model.links)
    wrist = {k.name: transform(*poses[k.link], np.array(k.position)) for k in model.keypoints}["left_wrist"]
    hub = np.array(next(link.position for link in wheels if link.name == "left_wheel"))
    assert abs(float(np.hypot(*(wrist - hub)[[0, 2]])) - 0.29) < 0.13


@pytest.mark.parametrize("name", ["left_shank", "right_forearm", "left_thigh"])
def test_no_gap_opens_where_a_joint_bends(name: str) -> None:
    """Rays through the joint across the limb meet the body, however far it bends."""
    body = body_of(Who(height_m=1.75))
    clothes = looks.adult(0).clothes
    axis, most = {"left_shank": (BACK, 110.0), "right_forearm": (FORWARD, 110.0), "left_thigh": (FORWARD, 80.0)}[name]
    rest = posed(body, {}, np.array([0.0, 0.0, 1.0]))
    parts = limbs(joined(dressed(body, clothes)), rest)
    for degrees in np.linspace(0.0, most, 5):
        bent = posed(body, {name: quat_from_axis_angle(axis, np.radians(degrees))}, np.array([0.0, 0.0, 1.0]))
        scene = o3d.t.geometry.RaycastingScene()
        for link, part in parts.items():
            points = transform(*bent.at(LINKS[link][0][0]), part.soup.vertices)
            scene.add_triangles(points.astype(np.float32), part.soup.triangles.astype(np.uint32))
        joint = bent.at(name)[0]
        angle = np.linspace(0.0, 2.0 * np.pi, 36, endpoint=False)
        ways = np.stack([np.cos(angle), np.zeros(36), np.sin(angle)], -1)
        far = joint + 0.6 * ways
        hits = scene.cast_rays(np.concatenate([far, -ways], -1).astype(np.float32))
        assert (hits["t_hit"].numpy() < 0.6).all()
        # and through a grid of places about the joint, from the side
        y = np.array([[x, 0.0, z] for x in (-0.02, 0.0, 0.02) for z in (-0.02, 0.0, 0.02)])
        side = np.broadcast_to(np.array([0.0, -1.0, 0.0]), y.shape)
        hits = scene.cast_rays(np.concatenate([joint + y - 1.0 * side, side], -1).astype(np.float32))
        assert np.isfinite(hits["t_hit"].numpy()).all()


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
