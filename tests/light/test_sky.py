"""The sky's luminance against published numbers, and light plugins in lux."""

import itertools
import math

import numpy as np
import pytest

from simgen.light._sky import (
    cell_directions,
    cell_solid_angles,
    clear_sky,
    horizontal_illuminance,
    overcast_sky,
    perez,
    scaled,
    zenith_luminance,
)
from simgen.light.constant import Constant
from simgen.light.sun_sky import SunSky
from simgen.records.lights import LUMINANCE_RGB, LightField

WEIGHTS = np.array(LUMINANCE_RGB)


def parts(field: LightField) -> tuple[float, float]:
    """Horizontal illuminance of sun and sky, lx."""
    sun = float((field.sun_illuminance * WEIGHTS).sum()) * max(float(field.sun_direction[2]), 0.0)
    return sun, horizontal_illuminance((field.sky.astype(float) * WEIGHTS).sum(-1))


def total(field: LightField) -> float:
    return sum(parts(field))


@pytest.mark.parametrize(
    ("turbidity", "zenith_deg", "kcd"), [(3, 30, 10.41), (3, 60, 5.14), (3, 80, 2.83), (2, 60, 3.49)]
)
def test_preetham_zenith_luminance(turbidity: float, zenith_deg: float, kcd: float) -> None:
    assert zenith_luminance(turbidity, math.radians(zenith_deg)) / 1000.0 == pytest.approx(kcd, abs=0.005)


def test_perez_distribution_by_hand() -> None:
    a, b, c, d, e = -1.46303 + 0.53616, 0.42749 - 1.0662, 5.32505 - 0.06798, -2.57705 + 0.36192, 0.37027 - 0.20088
    cosine, gamma = 0.5, 0.7
    expected = (1 + a * math.exp(b / cosine)) * (1 + c * math.exp(d * gamma) + e * math.cos(gamma) ** 2)
    assert float(perez(0, 3.0, cosine, gamma)) == pytest.approx(expected)


def test_clear_sky_is_blue_overhead_and_brightest_at_the_sun() -> None:
    sun = np.array([0.6, 0.0, 0.8])
    cells = cell_directions()
    sky = clear_sky(cells, sun, 2.5)
    assert sky[0, 0, 2] > 1.5 * sky[0, 0, 0]
    upper = np.where(cells[..., 2] > 0, (sky * WEIGHTS).sum(-1), 0.0)
    brightest = cells.reshape(-1, 3)[upper.argmax()]
    assert float((brightest * sun).sum()) > math.cos(math.radians(3.0))


def test_overcast_sky_integrates_to_seven_pi_ninths() -> None:
    sky = (overcast_sky(cell_directions(360, 720)) * WEIGHTS).sum(-1)
    zenith = sky[0, 0] / (1 + 2 * math.cos(0.25 * math.pi / 360)) * 3
    assert horizontal_illuminance(np.where(cell_directions(360, 720)[..., 2] > 0, sky, 0.0)) == pytest.approx(
        7 * math.pi / 9 * zenith, rel=1e-3
    )


def test_cells_cover_the_sphere_and_uniform_light_gives_pi_l() -> None:
    assert cell_solid_angles().sum() * 240 == pytest.approx(4 * math.pi)
    assert horizontal_illuminance(np.full((120, 240), 5.0)) == pytest.approx(5.0 * math.pi, rel=1e-3)
    upper = (scaled(overcast_sky(cell_directions()[:60]), 77.0) * WEIGHTS).sum(-1)
    assert horizontal_illuminance(upper, 120) == pytest.approx(77.0)


def test_daylight_levels_of_the_tables() -> None:
    tropics = SunSky(time="2024-03-20T12:00:00Z", latitude_deg=0.0, longitude_deg=1.9)
    assert 111_000 <= total(tropics.field()) <= 122_000
    assert 12_000 <= parts(tropics.field())[1] <= 22_000
    assert 1_000 <= total(SunSky(cloud_cover=1.0).field()) <= 2_000
    assert parts(SunSky(cloud_cover=1.0).field())[0] == 0.0


def test_sunset_and_twilight_levels() -> None:
    def at(minutes: int) -> tuple[float, float]:
        light = SunSky(time=f"2024-06-21T{21 + minutes // 60:02d}:{minutes % 60:02d}:00+02:00", moonlight_lux=0.0)
        return math.degrees(light.sun()[0]), total(light.field())

    samples = [at(m) for m in range(0, 150, 3)]
    assert np.interp(0.0, *zip(*sorted(samples), strict=True)) == pytest.approx(400, rel=0.15)
    assert np.interp(-6.0, *zip(*sorted(samples), strict=True)) == pytest.approx(3.4, rel=0.1)
    steps = [b[1] / a[1] for a, b in itertools.pairwise(samples)]
    assert max(steps) <= 1.0
    assert min(steps) > 0.55


def test_clouds_only_take_light_away() -> None:
    levels = [total(SunSky(cloud_cover=c).field()) for c in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)]
    assert levels == sorted(levels, reverse=True)


def test_ground_sends_back_a_fifth() -> None:
    field = SunSky().field()
    below = float((field.sky[90, 7] * WEIGHTS).sum())
    assert below == pytest.approx(0.2 * total(field) / math.pi, rel=0.02)
    assert np.ptp(field.sky[60:], axis=(0, 1)).max() == 0.0


def test_a_time_needs_its_offset() -> None:
    with pytest.raises(ValueError, match=r"needs its offset from UTC, such as 2024-06-21T12:00:00\+02:00"):
        SunSky(time="2024-06-21T12:00:00")
    with pytest.raises(ValueError, match="no ISO 8601 time"):
        SunSky(time="noon")
    assert SunSky(time="2024-06-21T10:00:00Z").sun() == SunSky().sun()


def test_constant_dome_and_lamp() -> None:
    field = Constant(luminance_cd_m2=100.0, color=(2.0, 1.0, 0.5), lamp_lux=300.0, lamp_elevation_deg=90.0).field()
    sun, sky = parts(field)
    assert sun == pytest.approx(300.0, rel=1e-6)
    assert sky == pytest.approx(100.0 * math.pi, rel=2e-3)
    assert field.sky[0, 0, 0] / field.sky[0, 0, 2] == pytest.approx(4.0)
    with pytest.raises(ValueError, match="color needs three parts"):
        Constant(color=(0.0, 0.0, 0.0))
