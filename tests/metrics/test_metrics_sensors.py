"""How sensors sit, and how bright things look: closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.geometry import pose_matrix, quat_from_yaw
from simgen.metrics._bracket import moved


def test_a_knock_is_what_the_pose_changes_by() -> None:
    before = pose_matrix(np.array([1.0, 2.0, 1.5]), quat_from_yaw(0.3))
    after = pose_matrix(np.array([1.0, 2.03, 1.54]), quat_from_yaw(0.3 - 0.05))
    shift, turn = moved(np.stack([before, before, after]), np.arange(3), None, "world")
    assert shift == pytest.approx([0.0, 0.0, 0.05], abs=1e-6)
    assert turn == pytest.approx([0.0, 0.0, 0.05], abs=1e-6)


def test_of_a_carrier_without_a_trajectory_nothing_is_known() -> None:
    shift, turn = moved(np.eye(4)[None], np.zeros(1, np.int64), None, "ego")
    assert np.isnan(shift).all()
    assert np.isnan(turn).all()
