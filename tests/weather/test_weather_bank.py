"""A bank: as thick as told in its middle, clear outside, and where it has drifted to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.weather.bank import Bank
from simgen.weather.base import together


def visibility(bank: Bank, place: tuple[float, float, float], time_s: float = 0.0) -> float:
    """At a place, m, from the densities of its puffs."""
    volumes = together((bank,), time_s, seed=3).volumes
    extinction = sum(v.medium.extinction_at(550.0) * float(v.density(np.array(place))) for v in volumes)
    return math.log(20.0) / max(extinction, 1e-12)


@pytest.mark.parametrize(("length", "width"), [(80.0, 50.0), (0.0, 20.0), (150.0, 3.0)])
def test_it_is_as_thick_as_told_and_ends(length: float, width: float) -> None:
    bank = Bank(from_m=(10.0, 5.0), to_m=(10.0 + length, 5.0), width_m=width, edge_m=6.0)
    assert visibility(bank, (10.0 + 0.5 * length, 5.0, 1.5)) == pytest.approx(40.0, rel=0.01)
    assert visibility(bank, (10.0 - 5.0 * 6.0, 5.0, 1.5)) > 2000.0
    assert len(bank.volumes(0)) <= 64


def test_inside_it_is_even_within_a_half() -> None:
    bank = Bank(from_m=(-60.0, 0.0), to_m=(60.0, 0.0), width_m=60.0, edge_m=8.0)
    inside = [visibility(bank, (x, 0.0, 1.5)) for x in np.linspace(-45.0, 45.0, 31).tolist()]
    assert min(inside) > 20.0
    assert max(inside) < 80.0


def test_it_drifts() -> None:
    bank = Bank(from_m=(0.0, 0.0), to_m=(0.0, 40.0), width_m=10.0, velocity_m_s=(-15.0, 2.0))
    assert visibility(bank, (-30.0, 24.0, 1.5), 2.0) == pytest.approx(visibility(bank, (0.0, 20.0, 1.5)), rel=1e-6)


def test_what_it_is_made_of() -> None:
    dust = registry.get("weather", "dust")(visibility_m=30.0)
    assert visibility(Bank(of=dust), (0.0, 0.0, 1.5)) == pytest.approx(30.0, rel=0.01)
    with pytest.raises((ValueError, UserError), match="a shape of its own"):
        Bank(of=registry.get("weather", "fog")(height_m=2.0))
