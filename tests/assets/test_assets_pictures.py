"""Pictures on imported meshes: read, filtered, consistent with what sees no picture, and refused when hostile."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from simgen.assets import _pictures
from simgen.assets._mesh_reader import read_mesh
from simgen.assets._pictures import decoded, linear_of, picture_of
from simgen.errors import UserError
from simgen.records.mesh import SurfaceTable
from simgen.registry import get
from simgen.rng import stream

#: a square of 2 m in x-y, its picture laid on once, upright
SQUARE = """mtllib s.mtl
v -1 -1 0
v 1 -1 0
v 1 1 0
v -1 1 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
usemtl pic
f 1/1 2/2 3/3
f 1/1 3/3 4/4
"""


def png(image: np.ndarray) -> bytes:
    """RGB or RGBA as a PNG."""
    order = [2, 1, 0, 3][: image.shape[-1]]
    return cv2.imencode(".png", np.ascontiguousarray(image[..., order]))[1].tobytes()


def quarters() -> np.ndarray:
    """Red, green over blue, white: 64 x 64, rows from the top."""
    out = np.zeros((64, 64, 3), np.uint8)
    out[:32, :32], out[:32, 32:], out[32:, :32], out[32:, 32:] = (200, 0, 0), (0, 200, 0), (0, 0, 200), (200,) * 3
    return out


def obj(folder: Path, mtl: str, mesh: str = SQUARE, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    (folder / "s.mtl").write_text(mtl)
    path = folder / "s.obj"
    path.write_text(mesh)
    return path


def gltf(path: Path, material: dict[str, Any], images: list[bytes], uv: list[list[float]] | None = None) -> Path:
    """A binary glTF of one square of 2 m in its x-y plane, pictures inside."""
    points = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], "<f4").tobytes()
    # v runs down in glTF
    places = np.array(uv or [[0, 1], [1, 1], [1, 0], [0, 0]], "<f4").tobytes()
    faces = np.array([0, 1, 2, 0, 2, 3], "<u2").tobytes()
    parts = [points, places, faces, *images]
    blob, views = b"", []
    for part in parts:
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": len(part)})
        blob += part + b"\0" * (-len(part) % 4)
    layout = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}]}],
        "materials": [material],
        "textures": [{"source": k} for k in range(len(images))],
        "images": [{"bufferView": 3 + k, "mimeType": "image/png"} for k in range(len(images))],
        "buffers": [{"byteLength": len(blob)}],
        "bufferViews": views,
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [-1, -1, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5126, "count": 4, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 6, "type": "SCALAR"},
        ],
    }
    text = json.dumps(layout).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(blob), 0x004E4942) + blob
    path.write_bytes(struct.pack("<III", 0x46546C67, 2, 12 + len(chunks)) + chunks)
    return path


def build(path: Path, **parameters: Any) -> Any:
    return get("asset", "mesh_file")(path=str(path), **parameters).build()


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        build(path)
    return str(caught.value)


def test_halvings_are_means_in_linear_light() -> None:
    rgba = np.concatenate([quarters(), np.full((64, 64, 1), 255, np.uint8)], -1)
    picture = picture_of("p", rgba, srgb=True)
    assert picture.sizes == ((64, 64), (32, 32), (16, 16), (8, 8), (4, 4), (2, 2), (1, 1))
    mean = linear_of(rgba[..., :3]).mean((0, 1))
    np.testing.assert_allclose(linear_of(picture.texels[-1, :3]), mean, atol=0.004)
    noise = stream(1, "test").integers(0, 256, (21, 50, 4)).astype(np.uint8)
    odd = picture_of("p", noise, srgb=False)
    assert odd.sizes[-1] == (1, 1)
    np.testing.assert_allclose(odd.texels[-1] / 255.0, (noise / 255.0).mean((0, 1)), atol=0.02)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp"])
def test_pictures_of_every_kind_are_decoded(suffix: str) -> None:
    data = cv2.imencode(f".{suffix}", quarters()[..., ::-1])[1].tobytes()
    out = decoded(data, "a", "test")
    assert out.shape == (64, 64, 4)
    assert np.abs(out[8, 8].astype(int) - [200, 0, 0, 255]).max() < 6
    grey = cv2.imencode(".png", np.full((3, 2), 77, np.uint8))[1].tobytes()
    np.testing.assert_array_equal(decoded(grey, "a", "test")[0, 0], [77, 77, 77, 255])
    deep = cv2.imencode(".png", np.full((3, 2, 3), 32768, np.uint16))[1].tobytes()
    np.testing.assert_array_equal(decoded(deep, "a", "test")[0, 0], [128, 128, 128, 255])


def test_an_obj_carries_its_picture_and_its_mean_colour(tmp_path: Path) -> None:
    model = build(obj(tmp_path, "newmtl pic\nKd 1 1 1\nPr 0.3\nPm 0.1\nmap_Kd a.png\n", a__png=png(quarters())))
    (surface,) = model.surfaces
    assert surface.skin is not None
    assert surface.skin.color.sizes[0] == (64, 64)
    expected = linear_of(quarters()).mean((0, 1))
    np.testing.assert_allclose(surface.base_color, expected, rtol=0.02)
    assert (surface.roughness, surface.metallic) == pytest.approx((0.3, 0.1))
    mesh = model.links[0].mesh
    assert mesh.uv is not None
    corner = mesh.uv[np.argmin(mesh.vertices[:, :2].sum(-1))]
    np.testing.assert_allclose(corner, [0.0, 0.0], atol=1e-6)
    # what sees no picture sees its mean: a lidar at 905 nm takes red and green
    table = SurfaceTable.of(model.surfaces)
    assert table.lidar_reflectance[0] == pytest.approx(0.5 * sum(surface.base_color[:2]))
    assert table.picture.tolist() == [[0, -1, -1]]


def test_a_gltf_carries_colour_finish_and_glow(tmp_path: Path) -> None:
    finish = np.zeros((4, 4, 3), np.uint8)
    finish[..., 1], finish[..., 2] = 128, 255
    material = {
        "pbrMetallicRoughness": {
            "baseColorTexture": {"index": 0},
            "metallicRoughnessTexture": {"index": 1},
            "baseColorFactor": [0.5, 0.5, 0.5, 1],
            "metallicFactor": 0.8,
            "roughnessFactor": 1.0,
        },
        "emissiveTexture": {"index": 0},
        "emissiveFactor": [1, 1, 0],
    }
    model = build(gltf(tmp_path / "s.glb", material, [png(quarters()), png(finish)]), emission_cd_m2=50.0)
    (surface,) = model.surfaces
    assert surface.skin.tint == (0.5, 0.5, 0.5)
    assert surface.roughness == pytest.approx(128 / 255, abs=1e-3)
    assert surface.metallic == pytest.approx(0.8)
    assert surface.emission == (50.0, 50.0, 0.0)
    assert all(p is not None for p in surface.skin.pictures)


def test_a_cut_out_leaves_what_is_opaque(tmp_path: Path) -> None:
    image = np.full((8, 8, 4), 255, np.uint8)
    material = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}, "alphaMode": "MASK", "alphaCutoff": 0.5}
    rows, cols = np.mgrid[0:8, 0:8]
    places = [[0.1, 0.9], [0.9, 0.9], [0.9, 0.1], [0.1, 0.1]]
    assert len(build(gltf(tmp_path / "s.glb", material, [png(image)], places)).links[0].mesh.triangles) == 2
    # the upper left half is clear
    image[rows + cols < 8, 3] = 0
    assert len(build(gltf(tmp_path / "t.glb", material, [png(image)], places)).links[0].mesh.triangles) == 1


def test_parameters_override_pictures(tmp_path: Path) -> None:
    path = obj(tmp_path, "newmtl pic\nKd 1 1 1\nmap_Kd a.png\n", a__png=png(quarters()))
    (surface,) = build(path, base_color="blue").surfaces
    assert surface.skin is None


def test_thinning_takes_the_mean_of_each_triangle(tmp_path: Path) -> None:
    path = obj(tmp_path, "newmtl pic\nKd 1 1 1\nmap_Kd a.png\n", a__png=png(quarters()))
    model = build(path, max_triangles=1)
    assert all(s.skin is None for s in model.surfaces)


def test_pictures_enter_the_digest(tmp_path: Path) -> None:
    mtl = "newmtl pic\nKd 1 1 1\nmap_Kd a.png\n"
    one = dict(build(obj(tmp_path, mtl, a__png=png(quarters()))).attributes)["sha256"]
    two = dict(build(obj(tmp_path, mtl, a__png=png(quarters()[::-1]))).attributes)["sha256"]
    assert len(one) == 64
    assert one != two


def test_a_picture_that_is_missing(tmp_path: Path) -> None:
    assert refusal(obj(tmp_path, "newmtl pic\nmap_Kd none.png\n")) == (
        "mesh_file: 's.mtl' asks for 'none.png', which is missing from its folder"
    )


@pytest.mark.parametrize("name", ["../a.png", "/etc/passwd", "C:\\a.png", "http://a.b/c.png", "..\\a.png"])
def test_a_picture_outside_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "a.png").write_bytes(png(quarters()))
    assert refusal(obj(folder, f"newmtl pic\nmap_Kd {name}\n")) == (
        f"mesh_file: 's.mtl' asks for {name!r}, which lies outside its folder; copy the file beside it and "
        "name it without a path"
    )


def test_a_link_that_leads_outside(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "a.png").write_bytes(png(quarters()))
    (folder / "a.png").symlink_to(tmp_path / "a.png")
    assert "outside its folder" in refusal(obj(folder, "newmtl pic\nmap_Kd a.png\n"))


def test_a_picture_that_is_damaged(tmp_path: Path) -> None:
    assert refusal(obj(tmp_path, "newmtl pic\nmap_Kd a.png\n", a__png=b"no picture")) == (
        "mesh_file: the picture 'a.png' cannot be read; it is damaged, or neither PNG nor JPEG"
    )


def test_a_picture_that_claims_to_be_huge(tmp_path: Path) -> None:
    """Refused by its head, before it is unpacked."""
    bomb = bytearray(png(quarters()))
    bomb[16:24] = struct.pack(">II", 100_000, 90_000)
    assert refusal(obj(tmp_path, "newmtl pic\nmap_Kd a.png\n", a__png=bytes(bomb))) == (
        "mesh_file: the picture 'a.png' has 100000 x 90000 pixels; more than 8192 along an edge are refused: make it "
        "smaller"
    )
    jpeg = cv2.imencode(".jpg", quarters())[1].tobytes()
    assert _pictures._stated_size(jpeg) == (64, 64)


def test_a_picture_that_is_moved(tmp_path: Path) -> None:
    assert "moves a picture by the option -s of map_kd" in refusal(
        obj(tmp_path, "newmtl pic\nmap_Kd -s 2 2 1 a.png\n", a__png=png(quarters()))
    )
    material = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0, "texCoord": 1}}}
    assert "second set of texture coordinates" in refusal(gltf(tmp_path / "s.glb", material, [png(quarters())]))


def test_texture_coordinates_that_are_not_numbers(tmp_path: Path) -> None:
    material = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}
    bad = [[0, 1], [float("nan"), 1], [1, 0], [0, 0]]
    assert refusal(gltf(tmp_path / "s.glb", material, [png(quarters())], bad)) == (
        "mesh_file: 's.glb' has texture coordinates that are not finite numbers, or beyond 10000; repair it first"
    )


def test_a_gltf_whose_lists_contradict_each_other(tmp_path: Path) -> None:
    material = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 7}}}
    assert refusal(gltf(tmp_path / "s.glb", material, [png(quarters())])) == (
        "mesh_file: 's.glb' is damaged: its materials contradict its lists"
    )


def test_a_picture_written_into_the_file(tmp_path: Path) -> None:
    path = gltf(tmp_path / "s.glb", {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}, [png(quarters())])
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    layout = json.loads(data[20 : 20 + length])
    layout["buffers"][0]["uri"] = (
        "data:application/octet-stream;base64," + base64.b64encode(data[28 + length :]).decode()
    )
    layout["images"][0] = {"uri": "data:image/png;base64," + base64.b64encode(png(quarters())).decode()}
    plain = tmp_path / "s.gltf"
    plain.write_text(json.dumps(layout))
    assert build(plain).surfaces[0].skin is not None


def test_a_collision_shape_may_ask_for_a_picture_that_is_not_there(tmp_path: Path) -> None:
    path = obj(tmp_path, "newmtl pic\nKd 1 1 1\nmap_Kd gone.png\n")
    assert len(read_mesh(path, seen=False).soup.triangles) == 2
    with pytest.raises(UserError, match="missing"):
        read_mesh(path)
