"""Environment maps: directions, light kept, suns taken out, and broken files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.light._sky import cell_directions, cell_solid_angles
from simgen.light.environment import Environment
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.scenario import load

ROWS = 64


def write(path: Path, picture: np.ndarray) -> Path:
    """A picture of linear RGB as .hdr or .exr."""
    if path.suffix == ".exr":
        import OpenEXR

        with OpenEXR.File({"type": OpenEXR.scanlineimage}, {"RGB": np.ascontiguousarray(picture, np.float32)}) as file:
            file.write(str(path))
    else:
        import cv2

        cv2.imwrite(str(path), picture[..., ::-1].astype(np.float32))
    return path


def grey(value: float = 50.0, rows: int = ROWS) -> np.ndarray:
    return np.full((rows, 2 * rows, 3), value, np.float32)


def seen(field: LightField, x: float, y: float, z: float) -> np.ndarray:
    cells = cell_directions(*field.sky.shape[:2])
    at = int((cells @ np.array([x, y, z])).argmax())
    return field.sky.reshape(-1, 3)[at]


def power(field: LightField) -> np.ndarray:
    """Light from all directions, lx on a sphere's cross-section."""
    rows, columns = field.sky.shape[:2]
    sky = (field.sky.astype(float) * cell_solid_angles(rows, columns)[:, None, None]).sum((0, 1))
    return np.asarray(sky + field.sun_illuminance)


@pytest.mark.parametrize("suffix", [".hdr", ".exr"])
def test_the_picture_s_middle_lies_east_and_its_left_north(tmp_path: Path, suffix: str) -> None:
    picture = grey(10.0)
    picture[:, 60:68] = [400.0, 10.0, 10.0]
    picture[:, 28:36] = [10.0, 400.0, 10.0]
    path = write(tmp_path / f"map{suffix}", picture)
    field = Environment(path=str(path), sun="keep").field()
    assert np.allclose(seen(field, 1, 0, 0.01), [400, 10, 10], rtol=0.01)
    assert np.allclose(seen(field, 0, 1, 0.01), [10, 400, 10], rtol=0.01)
    assert np.allclose(seen(field, 0, -1, 0.01), [10, 10, 10], rtol=0.01)
    turned = Environment(path=str(path), sun="keep", rotation_deg=90.0).field()
    assert np.allclose(seen(turned, 0, 1, 0.01), [400, 10, 10], rtol=0.01)
    assert np.allclose(power(turned), power(field), rtol=1e-4)


def test_the_upper_half_of_the_picture_is_the_sky(tmp_path: Path) -> None:
    picture = grey(10.0)
    picture[:16] = 90.0
    field = Environment(path=str(write(tmp_path / "map.hdr", picture)), scale=2.0).field()
    assert np.allclose(seen(field, 0, 0, 1), 180.0, rtol=0.01)
    assert np.allclose(seen(field, 0, 0, -1), 20.0, rtol=0.01)


def test_illuminance_is_what_is_stated(tmp_path: Path) -> None:
    path = write(tmp_path / "map.hdr", grey(7.0))
    field = Environment(path=str(path), illuminance_lux=1000.0).field()
    assert field.horizontal_lux == pytest.approx(1000.0, rel=1e-3)
    # an even dome of luminance L gives pi L
    assert float(field.sky[0, 0] @ np.array(LUMINANCE_RGB)) == pytest.approx(1000.0 / math.pi, rel=0.01)


def test_a_sun_is_taken_out_and_no_light_is_lost(tmp_path: Path) -> None:
    rows = 512
    cells = cell_directions(rows, 2 * rows)
    sun = np.array([math.cos(0.7), 0.0, math.sin(0.7)])
    disc = (cells @ sun) > math.cos(0.012)
    sky = np.full((rows, 2 * rows, 3), 3000.0)
    sky[disc] = [2.5e8, 2.2e8, 1.8e8]
    # the picture shows the table mirrored, its middle to the east
    picture = sky[:, (rows - 1 - np.arange(2 * rows)) % (2 * rows)]
    path = write(tmp_path / "map.exr", picture)
    kept = Environment(path=str(path), sun="keep").field()
    field = Environment(path=str(path)).field()
    assert np.allclose(power(field), power(kept), rtol=1e-3)
    assert math.degrees(math.acos(float(field.sun_direction @ sun))) < 0.3
    solid = math.pi * 0.012**2
    assert float(field.sun_illuminance @ np.array(LUMINANCE_RGB)) == pytest.approx(
        solid * (2.5e8 * 0.2126 + 2.2e8 * 0.7152 + 1.8e8 * 0.0722), rel=0.15
    )
    assert field.sky.max() == pytest.approx(3000.0, rel=0.01)
    assert field.sun_radius_rad == pytest.approx(0.012, rel=0.4)
    assert kept.sun_illuminance.max() == 0.0


def test_a_bright_window_is_no_sun(tmp_path: Path) -> None:
    picture = grey(10.0)
    picture[10:30, 20:60] = 3000.0
    assert Environment(path=str(write(tmp_path / "map.hdr", picture))).field().sun_illuminance.max() == 0.0


def test_broken_files_are_refused_by_name_and_reason(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = write(tmp_path / "good.hdr", grey()).read_bytes()
    (tmp_path / "half.hdr").write_bytes(good[: len(good) // 2])
    (tmp_path / "text.exr").write_text("hello")
    write(tmp_path / "square.hdr", np.ones((32, 32, 3)))
    bad = grey()
    bad[3, 3] = np.nan
    write(tmp_path / "nan.exr", bad)
    (tmp_path / "photo.jpg").write_bytes(b"x")
    # sizes are read off the head, before anything is unpacked
    (tmp_path / "huge.hdr").write_bytes(good.replace(b"-Y 64 +X 128", b"-Y 50000 +X 100000"))
    assert b"50000" in (tmp_path / "huge.hdr").read_bytes()
    (tmp_path / "empty.hdr").write_bytes(b"")
    for name, reason in (
        ("missing.hdr", "no such file"),
        ("half.hdr", "'half.hdr' is no Radiance picture, or it is damaged"),
        ("text.exr", "'text.exr' is no OpenEXR picture, or it is damaged"),
        ("huge.hdr", "'huge.hdr' has 50000 rows; it must have 8 to 8192"),
        ("empty.hdr", "'empty.hdr' is no Radiance picture, or it is damaged"),
        ("square.hdr", "'square.hdr' is 32 x 32 pixels; a picture of the whole sphere is twice as wide"),
        ("nan.exr", "'nan.exr' holds values that are no light"),
        ("photo.jpg", r"'photo.jpg' ends in .jpg; .hdr and .exr can be read"),
    ):
        with pytest.raises(UserError) as caught:
            Environment(path=str(tmp_path / name))
        assert reason in str(caught.value)
    assert capfd.readouterr().err == ""


SCENE = """
simgen: 1
name: studio
world: {type: empty}
light: {type: environment, path: PATH, illuminance_lux: 5000}
sensors:
  - {name: front, type: camera, width: 64, height: 48, mount: {on: world, position_m: [0, 0, 1.4]}}
"""


def test_a_file_is_looked_for_beside_the_scene_and_faults_name_the_line(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    write(tmp_path / "maps" / "sky.hdr", grey())
    scene = tmp_path / "studio.yaml"
    scene.write_text(SCENE.replace("PATH", "maps/sky.hdr"))
    assert load(scene).sample(0).light.field().horizontal_lux == pytest.approx(5000.0, rel=1e-3)
    scene.write_text(SCENE.replace("PATH", "maps/moon.hdr"))
    with pytest.raises(UserError, match=r"studio.yaml:5:34: environment: no such file: path 'maps/moon.hdr'"):
        load(scene)
