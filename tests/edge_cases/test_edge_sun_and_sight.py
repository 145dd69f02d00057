"""Where the sun is brought to, and how much of a thing outlines say one sees."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.edge_cases._seen import seen_share
from simgen.edge_cases._sun_time import standing_at
from simgen.errors import UserError
from simgen.light.sun_sky import SunSky


@pytest.mark.parametrize(("azimuth_deg", "height_deg"), [(90.0, 4.0), (262.0, 6.0), (120.0, 3.0)])
def test_the_sun_comes_to_where_it_is_wanted(azimuth_deg: float, height_deg: float) -> None:
    found = standing_at(SunSky(time="2024-03-14T08:00:00+01:00"), math.radians(azimuth_deg), math.radians(height_deg))
    height, azimuth = found.sun()
    assert math.degrees(height) == pytest.approx(height_deg, abs=0.6)
    assert abs(math.remainder(azimuth - math.radians(azimuth_deg), 2.0 * math.pi)) < math.radians(0.1)
    assert found.time.startswith("2024-")


def test_a_sun_in_the_north_is_told() -> None:
    with pytest.raises(UserError, match="leads more to the east or west"):
        standing_at(SunSky(time="2024-03-14T08:00:00+01:00"), 0.0, math.radians(5.0))


def square(x: float, y0: float, y1: float, z0: float = 0.0, z1: float = 2.0) -> np.ndarray:  # type: ignore[type-arg]
    """An upright rectangle across the x axis, (2, 3, 3)."""
    a, b, c, d = ((x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1))
    return np.array([[a, b, c], [a, c, d]])


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_outlines_hide_what_they_cover(share: float) -> None:
    eye, thing = np.array([0.0, 0.0, 1.0]), square(20.0, -1.0, 1.0)
    # half as far away, half as wide hides as much
    before = square(10.0, -0.5, -0.5 + share, 0.0, 2.0)
    assert seen_share(thing, eye, [before]) == pytest.approx(1.0 - share, abs=0.02)
    assert seen_share(thing, eye, [square(25.0, -1.0, 1.0)]) == 1.0
    assert seen_share(thing, eye, []) == 1.0
