from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgen.checks.stored_camera import StoredCamera
from simgen.geometry import quat_from_yaw

K = np.array([[600.0, 0.0, 320.0], [0.0, 610.0, 230.0], [0.0, 0.0, 1.0]])


def camera(distortion=(), line_time_ns=0.0):
    calibration = {"model": "pinhole", "distortion": list(distortion), "readout_s": line_time_ns * 480e-9}
    found = StoredCamera.of(calibration, K, 640, 480)
    assert found is not None
    return found


@pytest.mark.parametrize("lens", [(), (-0.2, 0.05, 0.001, -0.002, 0.01), (0.1, 0.01, 0.0, 0.0, 0.0, 0.05, 0.0, 0.0)])
def test_projection_equals_opencvs(lens):
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-1.5, 1.5, 7), [5.0, 9.0]), -1).reshape(-1, 3)
    x, y = camera(lens).image(grid)
    expected, _ = cv2.projectPoints(grid, np.zeros(3), np.zeros(3), K, np.array(lens or (0.0,) * 5))
    np.testing.assert_allclose(np.stack([x, y], -1), expected[:, 0], atol=1e-9)


@given(st.floats(0.5, 639.5), st.floats(0.5, 479.5), st.floats(1.0, 100.0))
def test_rays_invert_the_projection(x, y, depth):
    lens = camera((-0.12, 0.03, 0.0005, -0.001, 0.0))
    back = lens.image(lens.rays(np.array([x]), np.array([y])) * depth)
    np.testing.assert_allclose(np.concatenate(back), [x, y], atol=1e-7)


def test_a_rolling_shutter_sees_a_point_where_its_row_is():
    """The camera turns at 1 rad/s: the row's instant and the place of the point in that row must agree."""
    cam = camera(line_time_ns=30_000.0)

    def poses(time_ns):
        yaw = np.asarray(time_ns) * 1e-9
        # z forward, x right, y down, turning about y
        q = quat_from_yaw(yaw)
        return np.zeros((*np.shape(yaw), 3)), np.stack([q[..., 0], q[..., 1], q[..., 3], q[..., 2]], -1)

    world = np.array([[1.0, 1.5, 10.0], [-2.0, -1.0, 8.0]])
    x, y, depth = cam.project(world, 0, poses)
    when = (y - 240.0) * 30_000.0
    angle = when * 1e-9
    local_x = np.cos(angle) * world[:, 0] - np.sin(angle) * world[:, 2]
    local_z = np.sin(angle) * world[:, 0] + np.cos(angle) * world[:, 2]
    np.testing.assert_allclose(x, 600.0 * local_x / local_z + 320.0, atol=1e-4)
    np.testing.assert_allclose(depth, local_z, atol=1e-6)


def test_other_models_are_left_alone():
    assert StoredCamera.of({"model": "fisheye"}, K, 640, 480) is None
    assert StoredCamera.of({"distortion": [0.1] * 12}, K, 640, 480) is None
