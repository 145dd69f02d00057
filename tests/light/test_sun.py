"""The sun's place and its light on the ground."""

import math
import subprocess
import sys
from datetime import datetime

import numpy as np
import pytest

from simgen.light._sun import air_mass, direct_sun, luminous_extinction, sun_angles, sun_vector
from simgen.records.lights import LUMINANCE_RGB


def lux(rgb: np.ndarray) -> float:
    return float((rgb * np.array(LUMINANCE_RGB)).sum())


def test_spa_anchor_of_the_nrel_report() -> None:
    when = datetime.fromisoformat("2003-10-17T12:30:30-07:00")
    elevation, azimuth = sun_angles(
        when, 39.742476, -105.1786, 1830.14, pressure=820.0, temperature_c=11.0, delta_t_s=67.0
    )
    assert 90.0 - math.degrees(elevation) == pytest.approx(50.11162, abs=2e-5)
    assert math.degrees(azimuth) == pytest.approx(194.34024, abs=2e-5)


def test_vector_is_east_north_up() -> None:
    np.testing.assert_allclose(sun_vector(0.0, math.pi / 2), [1.0, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(sun_vector(0.0, 0.0), [0.0, 1.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(sun_vector(math.pi / 2, 1.0), [0.0, 0.0, 1.0], atol=1e-12)


def test_air_mass_of_kasten_and_young() -> None:
    assert air_mass(math.pi / 2) == pytest.approx(1.0, abs=1e-3)
    assert air_mass(math.radians(30.0)) == pytest.approx(1.9943, abs=1e-3)
    assert air_mass(0.0) == pytest.approx(37.92, abs=0.05)
    assert air_mass(math.pi / 2, 5000.0) == pytest.approx(math.exp(-5000 / 8435), abs=1e-3)


def test_overhead_sun_and_its_turbidity() -> None:
    expected = 127_500.0 * math.exp(-luminous_extinction(air_mass(math.pi / 2), 2.5))
    assert lux(direct_sun(math.pi / 2, 2.5)) == pytest.approx(expected, rel=0.005)
    assert lux(direct_sun(math.pi / 2, 6.0)) < 0.75 * expected


def test_low_sun_is_red_and_sets_smoothly() -> None:
    high, low = direct_sun(math.radians(60.0), 2.5), direct_sun(math.radians(5.0), 2.5)
    assert low[0] / low[2] > 3.0 * high[0] / high[2]
    levels = [lux(direct_sun(math.radians(e), 2.5)) for e in (2.0, 1.0, 0.2, 0.0, -0.2, -0.3)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == 0.0


def test_pandas_stays_out() -> None:
    code = "from simgen.light.sun_sky import SunSky; SunSky().field(); import sys; print('pandas' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"
