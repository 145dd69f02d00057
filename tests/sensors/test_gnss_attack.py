"""Jamming and spoofing of a satellite receiver."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.sensors._gnss_attack import Jamming, Spoofing, dragged_m, jammed_db

S = 1_000_000_000


def test_jammers_add_their_powers() -> None:
    one, two = Jamming(from_s=1.0, until_s=2.0, loss_db=30.0), Jamming(from_s=1.5, loss_db=30.0)
    assert jammed_db([one, two], 0) == 0.0
    assert jammed_db([one, two], S) == pytest.approx(30.0)
    assert jammed_db([one, two], 1_600_000_000) == pytest.approx(30.0 + 10.0 * np.log10(2.0), abs=0.01)
    assert jammed_db([one, two], 2 * S) == pytest.approx(30.0)


def test_spoofing_drags_at_its_rate_up_to_its_distance() -> None:
    drag = Spoofing(from_s=1.0, distance_m=20.0, rate_m_s=10.0, azimuth_deg=90.0)
    assert not dragged_m([drag], S // 2)[0].any()
    shift, speed = dragged_m([drag], 2 * S)
    assert shift == pytest.approx([10.0, 0.0, 0.0])
    assert speed == pytest.approx([10.0, 0.0, 0.0])
    shift, speed = dragged_m([drag], 9 * S)
    assert shift == pytest.approx([20.0, 0.0, 0.0])
    assert not speed.any()


def test_times_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="later than from_s"):
        Jamming(from_s=2.0, until_s=1.0)
