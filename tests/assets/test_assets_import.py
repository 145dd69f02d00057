"""Imported meshes, URDF and SDF: what they become, and every refusal word for word."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgen.assets import _mesh_reader
from simgen.errors import UserError
from simgen.registry import get
from simgen.shapes.finish import rest_vertices

CUBE = """mtllib cube.mtl
v 0 0 0
v 2 0 0
v 2 1 0
v 0 1 0
v 0 0 4
v 2 0 4
v 2 1 4
v 0 1 4
usemtl red
f 4 3 2 1
f 5 6 7 8
usemtl green
f 1 2 6 5
f 2 3 7 6
f 3 4 8 7
f 4 1 5 8
"""
MATERIALS = "newmtl red\nKd 1 0 0\n\nnewmtl green\nKd 0 0.5 0\n"


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    (tmp_path / "cube.mtl").write_text(MATERIALS)
    path = tmp_path / "cube.obj"
    path.write_text(CUBE)
    return path


def mesh_file(path: Path | str, **parameters: Any) -> Any:
    return get("asset", "mesh_file")(path=str(path), **parameters).build()


def refusal(name: str, **parameters: Any) -> str:
    with pytest.raises(UserError) as caught:
        get("asset", name)(**parameters).build()
    return str(caught.value)


def test_an_obj_keeps_its_shape_and_stands_on_the_ground(cube: Path) -> None:
    model = mesh_file(cube)
    assert model.size == pytest.approx((2.0, 1.0, 4.0))
    assert model.box_center == pytest.approx((0.0, 0.0, 2.0))
    assert len(model.links[0].mesh.triangles) == 12
    assert len(model.links[0].shapes[0].points) == 8


def test_materials_become_linear_surfaces(cube: Path) -> None:
    colors = {s.base_color for s in mesh_file(cube).surfaces}
    assert colors == {(1.0, 0.0, 0.0), (0.0, 0.21404, 0.0)}
    painted = mesh_file(cube, base_color="blue", reflectivity=0.3, roughness=0.2, class_name="toy").surfaces
    assert len(painted) == 1
    assert (painted[0].lidar_reflectance, painted[0].roughness, painted[0].class_name) == (0.3, 0.2, "toy")


def test_scale_axis_and_origin(cube: Path) -> None:
    lying = mesh_file(cube, up_axis="y", scale=0.5)
    assert lying.size == pytest.approx((1.0, 2.0, 0.5))
    kept = mesh_file(cube, origin="file")
    assert kept.box_center == pytest.approx((1.0, 0.5, 2.0))


def test_the_file_enters_by_its_digest(cube: Path) -> None:
    attributes = dict(mesh_file(cube).attributes)
    assert attributes["file"] == "cube.obj"
    assert len(attributes["sha256"]) == 64


@pytest.mark.parametrize("suffix", ["stl", "ply"])
def test_other_formats_give_the_same_shape(cube: Path, suffix: str) -> None:
    import open3d

    mesh = open3d.geometry.TriangleMesh.create_box(2.0, 1.0, 4.0)
    mesh.compute_vertex_normals()
    other = cube.with_suffix(f".{suffix}")
    assert open3d.io.write_triangle_mesh(str(other), mesh)
    points = rest_vertices(mesh_file(other).links)
    assert sorted(np.ptp(points, axis=0).round(5).tolist()) == [1.0, 2.0, 4.0]


def glb(path: Path, color: list[float]) -> Path:
    """A binary glTF of one tetrahedron, written by the specification."""
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3]], "<f4")
    faces = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], "<u2")
    blob = points.tobytes() + faces.tobytes()
    layout = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [
            {"pbrMetallicRoughness": {"baseColorFactor": color, "metallicFactor": 1.0, "roughnessFactor": 0.25}}
        ],
        "buffers": [{"byteLength": len(blob)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": 24},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0, 0, 0], "max": [1, 2, 3]},
            {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        ],
    }
    text = json.dumps(layout).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(blob), 0x004E4942) + blob
    path.write_bytes(struct.pack("<III", 0x46546C67, 2, 12 + len(chunks)) + chunks)
    return path


def test_a_binary_gltf_keeps_shape_colour_and_gloss(tmp_path: Path) -> None:
    model = mesh_file(glb(tmp_path / "t.glb", [0.2, 0.5, 0.1, 1.0]), up_axis="y")
    assert model.size == pytest.approx((1.0, 3.0, 2.0))
    (surface,) = model.surfaces
    assert surface.base_color == pytest.approx((0.2, 0.5, 0.1)), "glTF colours are linear"
    assert (surface.metallic, surface.roughness) == (1.0, 0.25)


def test_vertex_colours_become_surfaces(tmp_path: Path) -> None:
    path = tmp_path / "two.ply"
    rows = ["0 0 0 255 0 0", "1 0 0 255 0 0", "0 1 0 255 0 0", "2 0 0 0 0 255", "3 0 0 0 0 255", "2 1 1 0 0 255"]
    head = "ply\nformat ascii 1.0\nelement vertex 6\n" + "".join(f"property float {c}\n" for c in "xyz")
    head += "".join(f"property uchar {c}\n" for c in ("red", "green", "blue"))
    head += "element face 2\nproperty list uchar int vertex_indices\nend_header\n"
    path.write_text(head + "\n".join(rows) + "\n3 0 1 2\n3 3 4 5\n")
    assert {s.base_color for s in mesh_file(path).surfaces} == {(1.0, 0.0, 0.0), (0.0, 0.0, 1.0)}


def test_thinning_keeps_the_shape() -> None:
    from simgen.assets._description import find_file

    duck = find_file("duck.obj", "mesh_file")
    whole, thin = mesh_file(duck, up_axis="y", scale=0.1), mesh_file(duck, up_axis="y", scale=0.1, max_triangles=800)
    assert len(thin.links[0].mesh.triangles) <= 800
    np.testing.assert_allclose(thin.size, whole.size, rtol=0.05)
    assert any(s.base_color[0] > 0.5 and s.base_color[2] < 0.1 for s in thin.surfaces), "the duck is yellow"


def test_a_concave_body_may_collide_as_its_triangles(cube: Path) -> None:
    assert mesh_file(cube, collision="mesh").links[0].shapes[0].kind == "mesh"


def test_a_missing_file_is_refused() -> None:
    assert refusal("mesh_file", path="nowhere/car.obj") == "mesh_file: no such file: 'nowhere/car.obj'"


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.dae").write_text("<COLLADA/>")
    assert refusal("mesh_file", path=str(tmp_path / "a.dae")) == (
        "mesh_file: 'a.dae' is not a mesh file; known: .obj, .glb, .gltf, .stl, .ply (convert it to .obj)"
    )


@pytest.mark.parametrize("suffix", ["obj", "stl", "ply", "glb"])
def test_a_file_without_triangles_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty.{suffix}"
    path.write_text("v 0 0 0\n")
    assert refusal("mesh_file", path=str(path)) == (
        f"mesh_file: 'empty.{suffix}' has no triangles; it may be a point cloud, empty or damaged"
    )


def test_vertices_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "nan.ply"
    head = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    path.write_text(
        head + "element face 1\nproperty list uchar int vertex_indices\nend_header\nnan 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
    )
    assert refusal("mesh_file", path=str(path)) == (
        "mesh_file: 'nan.ply' has vertices that are not finite numbers; repair it first"
    )


def test_absurd_sizes_are_refused(cube: Path) -> None:
    assert refusal("mesh_file", path=str(cube), scale=1000.0) == (
        "mesh_file: 'cube.obj' is 4e+03 m across with scale 1000; it must be between 0.1 mm and 2 km "
        "(scale is 0.001 for millimetres)"
    )
    assert "is 4e-06 m across with scale 1e-06" in refusal("mesh_file", path=str(cube), scale=1e-6)


def test_too_many_triangles_are_refused(cube: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mesh_reader, "MAX_TRIANGLES", 11)
    assert refusal("mesh_file", path=str(cube)) == (
        "mesh_file: 'cube.obj' has 12 triangles, more than 11; thin it out first"
    )


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("duck_vhacd.urdf", 1),
        ("r2d2.urdf", 16),
        ("kuka_iiwa/model.urdf", 8),
        ("table/table.urdf", 1),
        ("cube_small.urdf", 1),
    ],
)
def test_shipped_descriptions_are_read(path: str, links: int) -> None:
    model = get("asset", "urdf")(path=path, class_name="robot").build()
    assert len(model.links) == links
    assert Path(model.description_file).is_file()
    assert {s.class_name for s in model.surfaces} == {"robot"}
    assert any(link.shapes for link in model.links)


def test_links_come_depth_first_with_their_joints() -> None:
    model = get("asset", "urdf")(path="kuka_iiwa/model.urdf").build()
    assert [link.name for link in model.links] == [f"lbr_iiwa_link_{k}" for k in range(8)]
    assert [link.parent for link in model.links] == [-1, 0, 1, 2, 3, 4, 5, 6]
    assert {link.joint.kind for link in model.links[1:]} == {"hinge"}
    assert model.links[1].joint.upper == pytest.approx(2.96706)
    assert model.size[2] == pytest.approx(1.306, abs=0.01)


def test_a_description_scales() -> None:
    one, two = (get("asset", "urdf")(path="r2d2.urdf", scale=s).build() for s in (1.0, 2.0))
    np.testing.assert_allclose(two.size, 2.0 * np.array(one.size), rtol=1e-5)
    assert two.description_scale == 2.0


ROBOT = """<robot name="r">
<material name="blue"><color rgba="0 0 1 1"/></material>
<link name="base"><visual><geometry><box size="1 2 3"/></geometry><material name="blue"/></visual>
<collision><geometry><sphere radius="0.5"/></geometry></collision><inertial><mass value="2.5"/></inertial></link>
<link name="arm"><visual><origin xyz="0 0 1" rpy="0 1.5707963 0"/>
<geometry><cylinder radius="0.1" length="2"/></geometry></visual></link>
<joint name="j" type="{kind}"><parent link="base"/><child link="{child}"/><origin xyz="0 0 2"/><axis xyz="0 0 2"/>
<limit lower="-1" upper="1.5"/></joint></robot>"""


def robot(tmp_path: Path, text: str) -> str:
    path = tmp_path / "robot.urdf"
    path.write_text(text)
    return str(path)


def test_a_urdf_by_hand(tmp_path: Path) -> None:
    model = get("asset", "urdf")(path=robot(tmp_path, ROBOT.format(kind="prismatic", child="arm"))).build()
    base, arm = model.links
    assert (base.name, arm.name, arm.parent) == ("base", "arm", 0)
    assert arm.position == (0.0, 0.0, 2.0)
    assert (arm.joint.kind, arm.joint.axis, arm.joint.lower, arm.joint.upper) == ("slide", (0.0, 0.0, 1.0), -1.0, 1.5)
    assert model.surfaces[0].base_color == (0.0, 0.0, 1.0)
    assert base.shapes[0].kind == "sphere"
    assert model.mass_kg == 2.5
    # the rod lies along x, one above the arm's frame, which is two above the base's
    np.testing.assert_allclose(arm.mesh.vertices.min(0), [-1.0, -0.1, 0.9], atol=1e-3)
    assert model.size[2] == pytest.approx(1.5 + 3.1, abs=1e-3)


def test_wrong_descriptions_are_refused(tmp_path: Path) -> None:
    def said(text: str) -> str:
        return refusal("urdf", path=robot(tmp_path, text))

    assert refusal("urdf", path="no.urdf") == "urdf: no such file: 'no.urdf' (neither there nor among PyBullet's data)"
    assert said("<robot><link").startswith("urdf: 'robot.urdf' is not well-formed XML: unclosed token")
    assert said("<sdf/>") == "urdf: 'robot.urdf' holds <sdf>, not <robot>"
    assert said("<robot name='r'/>") == "urdf: 'robot.urdf' has no links"
    assert said("<robot><link name='a'/></robot>") == (
        "urdf: 'robot.urdf' has nothing to draw: none of its links has a visual"
    )
    assert said(ROBOT.format(kind="planar", child="arm")) == (
        "urdf: joint 'j' is 'planar'; known: fixed, revolute, continuous, prismatic"
    )
    assert said(ROBOT.format(kind="fixed", child="leg")) == (
        "urdf: 'robot.urdf': the joint 'j' names the unknown link 'leg'"
    )
    assert said("<robot><link name='a'/><link name='b'/></robot>") == "urdf: one root link expected, not 2: a, b"
    mesh = "<robot><link name='a'><visual><geometry><mesh filename='package://x/y.obj'/></geometry></visual></link>"
    mesh += "</robot>"
    assert said(mesh) == "urdf: 'robot.urdf' names the mesh 'package://x/y.obj', which is nowhere around it"


def test_an_sdf_is_read_like_the_urdf_of_the_same_robot() -> None:
    sdf = get("asset", "sdf")(path="kuka_iiwa/model.sdf").build()
    urdf = get("asset", "urdf")(path="kuka_iiwa/model.urdf").build()
    assert [link.name for link in sdf.links] == [link.name for link in urdf.links]
    np.testing.assert_allclose(sdf.size, urdf.size, atol=0.01)


def test_an_sdf_of_several_models_asks_for_a_name() -> None:
    said = refusal("sdf", path="stadium.sdf")
    assert said.startswith("sdf: 'stadium.sdf' holds several models; name one: roboschool")
    assert "has no model 'x'" in refusal("sdf", path="stadium.sdf", model="x")


@pytest.mark.parametrize(
    ("path", "links", "size"),
    [
        ("mjcf/ant.xml", 21, (1.76, 1.76, 0.5)),
        ("mjcf/walker2d.xml", 17, (0.32, 0.12, 1.46)),
        ("mjcf/half_cheetah.xml", 17, (1.42, 0.09, 0.87)),
        ("mjcf/humanoid_symmetric.xml", 30, (0.52, 0.74, 1.57)),
    ],
)
def test_shipped_mjcf_is_read(path: str, links: int, size: tuple[float, ...]) -> None:
    model = get("asset", "mjcf")(path=path).build()
    assert len(model.links) == links
    assert model.size == pytest.approx(size, abs=0.02)


@pytest.mark.parametrize("path", ["mjcf/ant.xml", "mjcf/half_cheetah.xml", "mjcf/humanoid_fixed.xml"])
def test_mjcf_links_are_where_pybullet_has_them(path: str) -> None:
    import pybullet

    from simgen.physics.articulation import link_poses
    from simgen.physics.client import Client
    from simgen.physics.free import _links_by_name, _load_mjcf

    model = get("asset", "mjcf")(path=path).build()
    client = Client()
    try:
        bodies = _load_mjcf(client, model.description_file, model)
        links = _links_by_name(client, bodies, model)
        frames = [link.frames(np.array([link.read()]))[0] for link in links]
    finally:
        client.close() if hasattr(client, "close") else pybullet.disconnect()
    zero = np.zeros(())
    position, _ = link_poses(model, np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0]), zero, zero, zero, zero)
    base = frames[0][:3]
    for link, frame, wanted in zip(model.links, frames, position, strict=True):
        np.testing.assert_allclose(frame[:3] - base, wanted, atol=1e-4, err_msg=link.name)


def test_wrong_mjcf_is_refused(tmp_path: Path) -> None:
    def written(world: str, more: str = "") -> str:
        path = tmp_path / "robot.xml"
        path.write_text(f"<mujoco>{more}<worldbody>{world}</worldbody></mujoco>")
        return str(path)

    assert "has no body" in refusal("mjcf", path=written("<geom type='plane'/>"))
    two = "<body name='a'><geom size='1'/></body><body name='b'><geom size='1'/></body>"
    assert "name one as body: a, b" in refusal("mjcf", path=written(two))
    assert "no body 'c'" in refusal("mjcf", path=written(two), body="c")
    assert "'ball'" in refusal("mjcf", path=written("<body name='a'><joint type='ball'/><geom size='1'/></body>"))
    assert "no mesh 'm'" in refusal("mjcf", path=written("<body name='a'><geom type='mesh' mesh='m'/></body>"))
    assert "3 numbers expected" in refusal("mjcf", path=written("<body name='a' pos='1 nan 2'><geom size='1'/></body>"))
    assert "nothing to draw" in refusal("mjcf", path=written("<body name='a'/>"))


def test_mjcf_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "arm.xml"
    path.write_text(
        "<mujoco><compiler angle='degree'/><default><geom rgba='1 0 0 1'/>"
        "<default class='thin'><geom size='0.02'/></default></default><worldbody>"
        "<body name='base' pos='0 0 3'><freejoint/><geom type='box' size='0.1 0.2 0.3'/>"
        "<body name='arm' pos='0 0 0.3' euler='0 90 0' childclass='thin'>"
        "<joint name='turn' axis='0 1 0' range='-90 45'/><geom type='capsule' fromto='0 0 0 0 0 1'/></body></body>"
        "</worldbody></mujoco>"
    )
    model = get("asset", "mjcf")(path=str(path)).build()
    assert [link.name for link in model.links] == ["base", "turn", "arm"]
    assert model.links[1].joint.upper == pytest.approx(np.pi / 4)
    # the arm points along x: half a box, a metre and a round end
    assert model.size == pytest.approx((1.12, 0.4, 0.62), abs=1e-3)
    density = 1000.0
    arm = np.pi * 0.02**2 * 1.0 + 4.0 / 3.0 * np.pi * 0.02**3
    assert model.mass_kg == pytest.approx(density * (0.2 * 0.4 * 0.6 + arm), rel=1e-6)
    assert {s.base_color for s in model.surfaces} == {(1.0, 0.0, 0.0)}
