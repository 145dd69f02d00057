"""Cameras with ``quality: high``: labels of the fast path, the same bits however it is run, sound settings."""

import subprocess
import sys

import numpy as np
import pytest
from helpers_high import camera, capture, finish
from helpers_stage import Bench, Part, box, dome, plane, sphere, track

from simgen.geometry import look_at
from simgen.raycast.open3d import Open3dEngine
from simgen.records.frames import CameraFrame
from simgen.sensors._camera_lens import Lens

EYE, TARGET = (-3.0, 0.5, 1.5), (1.0, 0.0, 0.5)


def parts() -> list[Part]:
    return [
        Part(mesh=plane(30.0), surface=finish(0.3)),
        Part(mesh=box((1, 1, 1), (1, -0.8, 0.5)), surface=finish(0.6, roughness=0.4), label=1),
        Part(mesh=sphere(0.5, (0.8, 0.8, 0.5), 24), surface=finish(0.8, roughness=0.3, metallic=1.0), label=2),
    ]


def shoot(**fields: object) -> CameraFrame:
    return capture(parts(), dome(2000.0, 30_000.0, (-0.3, 0.4, 0.8)), EYE, TARGET, **{"samples": 4, **fields})


def test_labels_are_those_of_the_fast_path() -> None:
    high, fast = shoot(), shoot(quality="fast")
    for name, _, values in fast.arrays():
        same = np.array_equal(values, getattr(high, name), equal_nan=values.dtype.kind == "f")
        assert same != (name in ("rgb", "linear")), name


def test_same_bits_for_any_threads_and_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    from simgen.sensors import _camera_high

    first = shoot(denoise=True, threads=1)
    for threads, tile in ((2, 4096), (3, 512), (1, 64)):
        monkeypatch.setattr(_camera_high, "TILE", tile)
        again = shoot(denoise=True, threads=threads)
        np.testing.assert_array_equal(again.linear, first.linear)
        np.testing.assert_array_equal(again.rgb, first.rgb)


def test_engine_without_addresses_gives_the_same_picture() -> None:
    native, asked = shoot(), shoot(engine=Open3dEngine)
    # rays that graze an edge may fall on either side
    off = np.abs(native.linear - asked.linear).max(-1) > 0.01 * native.linear.max(-1)
    assert off.mean() < 0.02


def test_paths_differ_between_frames_and_cameras() -> None:
    light = dome(2000.0)
    with Bench(parts(), light) as bench:
        shot = bench.shot(track(EYE, look_at(EYE, TARGET)))
        first = camera(samples=1).capture(shot).linear
        from dataclasses import replace

        assert not np.array_equal(camera(samples=1).capture(replace(shot, index=1)).linear, first)
        assert not np.array_equal(camera(samples=1, name="d").capture(shot).linear, first)


def test_fast_cameras_load_nothing_of_it() -> None:
    code = (
        "import sys\nsys.path.insert(0, 'tests')\n"
        "from helpers_high import capture, finish\nfrom helpers_stage import Part, dome, plane\n"
        "capture([Part(mesh=plane(9.0), surface=finish(0.3))], dome(), (0, 0, 1), (1, 0, 0), quality='fast')\n"
        "assert not [m for m in sys.modules if 'paths' in m or 'denoise' in m or 'bsdf' in m or 'camera_high' in m]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"quality": "best"}, "fast"), ({"samples": 0}, "samples"), ({"bounces": -1}, "bounces")],
)
def test_impossible_settings_are_refused(tmp_path: object, fields: dict[str, object], says: str) -> None:
    import simgen as sg
    from simgen.errors import SceneError

    text = "\n".join(f"    {k}: {v}" for k, v in fields.items())
    scene = f"simgen: 1\nname: x\nworld: {{type: empty}}\nsensors:\n  - name: c\n    type: camera\n{text}\n"
    path = tmp_path / "scene.yaml"  # type: ignore[operator]
    path.write_text(scene)
    with pytest.raises(SceneError, match=says):
        sg.load(path).sample(seed=0)


def test_other_lenses_bend_the_same_rays() -> None:
    """Where a fisheye sees nothing the picture is black; elsewhere it shows the sky, to the sides too."""
    ball, eye = [Part(mesh=sphere(0.7, (2, 0, 0), 24), surface=finish(0.5))], (0.0, 0.0, 0.0)
    size: dict[str, object] = {"width": 48, "height": 48, "hfov_deg": None, "samples": 2}
    frame = capture(ball, dome(500.0), eye, (2, 0, 0), lens=Lens(model="kannala_brandt", max_angle_deg=90.0), **size)
    assert np.isfinite(frame.linear).all()
    assert (frame.linear[0, 0] == 0.0).all()
    assert (frame.linear[24, 4] == 500.0).all()
    assert frame.linear[24, 24].mean() < 400.0
