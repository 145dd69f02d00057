"""What a camera's configuration allows, and what follows from it."""

import numpy as np
import pytest

from simgen import registry
from simgen.geometry import quat_rotate
from simgen.sensors._camera_faults import Dead, Faults
from simgen.sensors._camera_lens import Lens
from simgen.sensors._camera_optics import Optics
from simgen.sensors.camera import Camera


def test_registered_and_hashable() -> None:
    assert registry.get("sensor", "camera") is Camera
    assert hash(Camera(name="a")) == hash(Camera(name="a"))


def test_intrinsics_from_angle_or_focal_length() -> None:
    K = Camera(name="a", width=640, height=480, hfov_deg=90.0).K
    np.testing.assert_allclose(K, [[320, 0, 320], [0, 320, 240], [0, 0, 1]], atol=1e-9)
    shifted = Camera(name="a", width=640, height=480, focal_px=500.0, cx_px=300.0, cy_px=250.0)
    np.testing.assert_allclose(shifted.project([0.1, -0.1, 1.0]), [350.0, 200.0])
    assert shifted.calibration()["K"][0] == [500.0, 0.0, 300.0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hfov_deg": 60.0, "focal_px": 500.0}, "give hfov_deg or focal_px, not both"),
        ({"width": 16384, "height": 16384}, "16384 x 16384 are 268 million pixels, more than the 50 million"),
        ({"outputs": ("norml",)}, "no output 'norml'; did you mean 'normal'?"),
        ({"outputs": ("flow", "flow")}, "names something twice"),
        ({"readout_s": 0.05, "rate_hz": 30.0}, "longer than a frame at 30 Hz"),
        ({"focal_px": 1e-300}, "a focal length of 1e-300 px is too short"),
        ({"focal_px": 1e-5, "lens": Lens(model="kannala_brandt")}, "all that the lens sees falls on one pixel"),
        ({"focal_px": 0.5}, "a focal length of 0.5 px is too short"),
        ({"optics": Optics(focus_m=0.001)}, "optics.focus_m 0.001 lies within the focal length, 2.29 mm"),
        ({"faults": Faults(dead=Dead(rows=900))}, "900 rows and 0 columns cannot be dead in a picture of 720 rows"),
    ],
)
def test_mistakes_are_named(wrong: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        Camera(name="a", **wrong)


def test_what_is_always_stored_may_be_asked_for() -> None:
    assert Camera(name="a", outputs=("rgb", "depth", "semantic", "instance", "flow")).needs_next


def test_rows_of_a_rolling_shutter() -> None:
    camera = Camera(name="a", width=8, height=4, readout_s=0.004)
    assert camera.row_times(1_000_000_000).tolist() == [998_500_000, 999_500_000, 1_000_500_000, 1_001_500_000]
    assert camera.extent_ns() == (2_000_000, 2_000_000)
    assert Camera(name="a").row_times(5).tolist() == [5]
    assert Camera(name="a").extent_ns() == (0, 0)


def test_looks_along_the_body() -> None:
    q = Camera(name="a").body_from_sensor
    np.testing.assert_allclose(quat_rotate(q, [0, 0, 1]), [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(quat_rotate(q, [1, 0, 0]), [0, -1, 0], atol=1e-12)
    np.testing.assert_allclose(quat_rotate(q, [0, 1, 0]), [0, 0, -1], atol=1e-12)


def test_only_flow_needs_the_next_frame() -> None:
    assert not Camera(name="a").needs_next
    assert Camera(name="a", outputs=("flow",)).needs_next


def test_a_silent_camera_keeps_its_labels_and_delivers_black() -> None:
    import numpy as np

    from simgen.records.frames import STATUS_DROPPED, CameraFrame

    frame = CameraFrame(
        time_ns=0,
        stamp_ns=0,
        world_from_sensor=np.eye(4),
        K=np.eye(3),
        exposure=np.ones(1, np.float32),
        rgb=np.full((2, 3, 3), 200, np.uint8),
        instance=np.full((2, 3), 4, np.uint32),
    )
    silent = Camera(name="eye", width=3, height=2).silence(frame)
    assert isinstance(silent, CameraFrame)
    assert silent.status == STATUS_DROPPED
    assert silent.rgb is not None
    assert silent.rgb.max() == 0
    np.testing.assert_array_equal(silent.instance, frame.instance)
