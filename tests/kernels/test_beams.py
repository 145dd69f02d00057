"""Beams of lamps against their definitions and UN R112."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest

import simgen.kernels.beams as beams
from simgen.kernels.wave import LAMP_AXIS, LAMP_BEAM, LAMP_COLUMNS, LAMP_CONE, LAMP_UP
from simgen.records.lights import BEAMS, Lamp
from simgen.shapes.vehicle_lamps import HIGH_BEAM, LOW_BEAM


@numba.njit
def shares(lamps: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Relative intensities of the first lamp towards directions (N, 3)."""
    found = np.empty(len(directions))
    for k in range(len(directions)):
        found[k] = beams.beam(lamps, 0, directions[k, 0], directions[k, 1], directions[k, 2])
    return found


def beam(lamps: np.ndarray, *direction: float) -> float:
    return float(shares(lamps, np.array([direction]))[0])


def row(name: str, axis: tuple[float, ...] = (1.0, 0.0, 0.0), up: tuple[float, ...] = (0.0, 0.0, 1.0)) -> np.ndarray:
    rows = np.zeros((1, LAMP_COLUMNS), np.float32)
    rows[0, LAMP_BEAM] = BEAMS.index(name)
    rows[0, LAMP_AXIS : LAMP_AXIS + 3], rows[0, LAMP_UP : LAMP_UP + 3] = axis, up
    rows[0, LAMP_CONE : LAMP_CONE + 2] = np.radians([30.0, 45.0])
    return rows


def towards(right_deg: float, up_deg: float) -> tuple[float, float, float]:
    """A place on the measuring screen: horizontal and vertical angles."""
    v = np.array([1.0, -math.tan(math.radians(right_deg)), math.tan(math.radians(up_deg))])
    x, y, z = v / math.sqrt((v * v).sum())
    return float(x), float(y), float(z)


def low_cd(right_deg: float, up_deg: float) -> float:
    return LOW_BEAM.candela * beam(row("low_beam"), *towards(right_deg, up_deg))


def high_cd(right_deg: float, up_deg: float) -> float:
    return HIGH_BEAM.candela * beam(row("high_beam"), *towards(right_deg, up_deg))


#: test points of UN R112, class B, right-hand traffic: angles to the right and up, degrees; limits, cd
R112 = {
    "B50L": (-3.43, 0.57, 0, 350),
    "BR": (2.5, 1.0, 0, 1750),
    "75R": (1.15, -0.57, 10_100, 1e9),
    "75L": (-3.43, -0.57, 0, 10_600),
    "50L": (-3.43, -0.86, 0, 13_200),
    "50R": (1.72, -0.86, 10_100, 1e9),
    "50V": (0.0, -0.86, 5_100, 1e9),
    "25L": (-9.0, -1.72, 1_700, 1e9),
    "25R": (9.0, -1.72, 1_700, 1e9),
}


@pytest.mark.parametrize("name", R112)
def test_the_low_beam_meets_class_b(name: str) -> None:
    right, up, least, most = R112[name]
    assert least <= low_cd(right, up) <= most


def test_low_beam_anchors_at_25_m() -> None:
    assert low_cd(1.15, -0.57) / 25.0**2 >= 16.2
    assert low_cd(-3.43, 0.57) / 25.0**2 <= 0.56


def test_zone_three_is_dark_and_zone_four_bright() -> None:
    # corners of zone III, and what lies between them
    corners = np.array([[-8, 1], [-8, 4], [8, 4], [8, 2], [6, 1.5], [1.5, 1.5], [0, 0], [-4, 0]], float)
    following = np.roll(corners, -1, axis=0)
    for share in np.linspace(0.0, 1.0, 11):
        for right, up in corners + share * (following - corners):
            assert low_cd(right, up) <= 625.0
    assert min(low_cd(r, u) for r in np.linspace(-5.15, 5.15, 11) for u in (-0.86, -1.3, -1.72)) >= 2_500.0
    # overhead signs get their share
    assert sum(low_cd(r, 4.0) for r in (-8.0, 0.0, 8.0)) >= 190.0
    assert sum(low_cd(r, 2.0) for r in (-4.0, 0.0, 4.0)) >= 375.0
    assert low_cd(-4.0, 0.0) >= 125.0
    assert low_cd(-8.0, 0.0) >= 65.0


def test_the_cut_off_is_as_sharp_as_allowed() -> None:
    """G = log E(b) - log E(b + 0.1 degree) at 2.5 degrees left: 0.13 to 0.40 (R112, annex 9)."""
    up = np.arange(-0.9, -0.2, 0.02)
    fall = [math.log10(low_cd(-2.5, u) / low_cd(-2.5, u + 0.1)) for u in up]
    assert 0.13 <= max(fall) <= 0.40
    # where it falls fastest is the cut-off, 1 % below the axis
    assert up[int(np.argmax(fall))] == pytest.approx(-0.4, abs=0.25)


def test_beams_have_a_lamp_s_flux() -> None:
    """Integrated over the sphere: a dipped beam has some 500 to 1000 lm."""
    right, up = np.meshgrid(np.radians(np.arange(-80.0, 80.0, 1.0)), np.radians(np.arange(-60.0, 30.0, 0.1)))
    v = np.stack([np.cos(up) * np.cos(right), -np.cos(up) * np.sin(right), np.sin(up)], -1).reshape(-1, 3)
    weight = (np.cos(up) * math.radians(1.0) * math.radians(0.1)).ravel()
    for name, cd, least, most in (
        ("low_beam", LOW_BEAM.candela, 550, 900),
        ("high_beam", HIGH_BEAM.candela, 600, 1800),
    ):
        table = row(name)
        flux = cd * float((shares(table, v) * weight).sum())
        assert least < flux < most


def test_the_high_beam_meets_class_b() -> None:
    most = max(high_cd(r, u) for r in np.linspace(-1, 1, 5) for u in np.linspace(-1, 1, 5))
    assert 40_500.0 <= most <= 215_000.0
    assert high_cd(0.0, 0.0) >= 0.8 * most
    assert min(high_cd(-2.6, 0.0), high_cd(2.6, 0.0)) >= 20_300.0
    assert min(high_cd(-5.2, 0.0), high_cd(5.2, 0.0)) >= 5_100.0


def test_simple_beams() -> None:
    d = (0.6, 0.0, 0.8)
    assert beam(row("isotropic"), -1.0, 0.0, 0.0) == 1.0
    assert beam(row("lambert"), *d) == pytest.approx(0.6)
    assert beam(row("area"), *d) == pytest.approx(0.6)
    for name in ("lambert", "area", "spot", "low_beam", "high_beam"):
        assert beam(row(name), -0.1, 0.0, 0.995) == 0.0


def test_a_spot_is_one_half_and_nothing_at_its_angles() -> None:
    def at(degrees: float) -> float:
        a = math.radians(degrees)
        return beam(row("spot"), math.cos(a), math.sin(a), 0.0)

    assert at(0.0) == at(14.9) == 1.0
    assert at(30.0) == pytest.approx(0.5, abs=1e-5)
    assert at(45.0) == pytest.approx(0.0, abs=1e-9)
    assert all(a > b for a, b in zip(map(at, range(16, 44)), map(at, range(17, 45)), strict=True))


def test_a_beam_turns_with_its_lamp() -> None:
    # looking along y: right is +x
    table = row("low_beam", axis=(0.0, 1.0, 0.0))
    v = np.array(towards(1.15, -0.57))
    assert beam(table, -v[1], v[0], v[2]) == pytest.approx(beam(row("low_beam"), *v), rel=1e-5)


def test_a_lamp_with_a_wrong_beam_is_refused() -> None:
    with pytest.raises(ValueError, match="beam must be one of isotropic, lambert"):
        Lamp(position=(0.0, 0.0, 0.0), intensity=(1.0, 1.0, 1.0), beam="laser")
    with pytest.raises(ValueError, match="cone_deg must rise, the second at most twice the first"):
        Lamp(position=(0.0, 0.0, 0.0), intensity=(1.0, 1.0, 1.0), cone_deg=(10.0, 30.0))
