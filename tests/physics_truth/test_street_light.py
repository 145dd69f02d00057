"""Light on the road under street lamps, by their table, their beams and the laws of distance and cosine."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest

import simgen.kernels.beams as beams
from simgen.assets.street_lamp import StreetLamp
from simgen.records.lights import LUMINANCE_RGB, LampTable
from simgen.records.model import Model
from simgen.records.stage import Motion
from simgen.sensors._camera_lamps import lamp_rows


@numba.njit
def _level_lux(rows: np.ndarray, candela: np.ndarray, points: np.ndarray) -> np.ndarray:
    total = np.zeros(len(points))
    for k in range(len(points)):
        for row in range(len(rows)):
            x, y, z = points[k, 0] - rows[row, 0], points[k, 1] - rows[row, 1], points[k, 2] - rows[row, 2]
            d = math.sqrt(x * x + y * y + z * z)
            total[k] += candela[row] * beams.beam(rows, row, x / d, y / d, z / d) * max(-z / d, 0.0) / (d * d)
    return total


def resting() -> Motion:
    return Motion(
        start_ns=0,
        end_ns=0,
        origin=np.zeros(3),
        position=np.zeros((1, 1, 3), np.float32),
        quaternion=np.array([[[1.0, 0.0, 0.0, 0.0]]], np.float32),
        exists=np.ones(1, np.bool_),
        moving=np.zeros(1, np.bool_),
    )


def level_lux(table: LampTable, points: np.ndarray) -> np.ndarray:
    rows = lamp_rows(table, resting(), 0.0)
    candela = (table.intensity * np.array(LUMINANCE_RGB, np.float32)).sum(-1).astype(np.float64)
    return _level_lux(rows, candela, points)


def row_of(model: Model, spacing_m: float, count: int) -> LampTable:
    lamps = [model.lamps[0]] * count
    table = LampTable.of(lamps, [0] * count)
    moved = table.position.copy()
    moved[:, 1] += (np.arange(count, dtype=np.float32) - (count - 1) / 2) * np.float32(spacing_m)
    return table.replace(position=moved)


def test_a_lamp_gives_its_flux_below_itself_by_the_square_of_its_height() -> None:
    model = StreetLamp(lit="on", height_m=8.0).build()
    foot = np.array([[model.lamps[0].position[0], 0.0, 0.0]])
    height = model.lamps[0].position[2]
    candela = float((np.array(model.lamps[0].intensity) * LUMINANCE_RGB).sum())
    assert level_lux(row_of(model, 0.0, 1), foot)[0] == pytest.approx(candela / height**2, rel=1e-4)
    assert level_lux(row_of(model, 0.0, 1), foot)[0] == pytest.approx(26.0, rel=0.05)


@pytest.mark.parametrize("height", [6.0, 8.0, 10.0])
def test_all_of_the_flux_arrives_on_the_ground(height: float) -> None:
    model = StreetLamp(lit="on", height_m=height, flux_lm=5000.0).build()
    reach, cell = 80.0, 0.5
    axis = np.arange(-reach, reach, cell) + 0.5 * cell
    x, y = (c.ravel() for c in np.meshgrid(axis, axis))
    lux = level_lux(row_of(model, 0.0, 1), np.stack([x, y, np.zeros_like(x)], -1))
    assert lux.sum() * cell**2 == pytest.approx(5000.0, rel=0.02)


def test_a_street_gets_ten_to_thirty_lux() -> None:
    """Two rows of lamps 30 m apart, 18.6 m from kerb to kerb as in the town worlds; the mean over the carriageway."""
    model = StreetLamp(lit="on").build()
    near = row_of(model, 30.0, 9)
    x, y = (c.ravel() for c in np.meshgrid(np.linspace(0.5, 18.0, 30), np.linspace(-15.0, 15.0, 31)))
    lux = level_lux(near, np.stack([x, y, np.zeros_like(x)], -1))
    far = level_lux(near, np.stack([18.6 - x, y, np.zeros_like(x)], -1))
    assert 10.0 < (lux + far).mean() < 30.0
    assert (lux + far).min() > 0.2 * (lux + far).mean()
    assert (lux + far).max() < 45.0
