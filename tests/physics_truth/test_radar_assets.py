"""Cross-sections of the shipped assets lie where measurements at 76 to 81 GHz put those of their kind.

Cars about 10 dBsm on average, 20 and more straight from the side, 0 to 10 from ahead and behind; lorries 20 and more
where they are flat; pedestrians -8 to 0 (JRC report EUR 25762, 2013: about -8 with clothes, more when large); bicycles
-2 to 2 on average with flashes from the side. Ranges here are 3 dB wider.
"""

from __future__ import annotations

import numpy as np
import pytest
from helpers_radar import asset_cross_sections

from simgen import registry

AROUND = (0.0, 25.0, 45.0, 65.0, 90.0, 115.0, 135.0, 155.0, 180.0)


def dbsm(name: str, angles, **fields) -> np.ndarray:
    return 10.0 * np.log10(asset_cross_sections(registry.get("asset", name)(**fields), angles, frames=2))


def mean_db(values: np.ndarray) -> float:
    return float(10.0 * np.log10(np.mean(10.0 ** (0.1 * values))))


@pytest.mark.parametrize(
    ("name", "average", "side", "ends"),
    [
        ("sedan", (5.0, 15.0), (16.0, 26.0), (0.0, 14.0)),
        ("truck", (13.0, 27.0), (20.0, 36.0), (13.0, 36.0)),
    ],
)
def test_vehicles(name, average, side, ends):
    found = dbsm(name, AROUND)
    assert average[0] <= mean_db(found) <= average[1]
    assert side[0] <= found[4] <= side[1]
    assert all(ends[0] <= found[k] <= ends[1] for k in (0, 8))
    # a flash from the side, not from the corners
    assert found[4] > max(found[2], found[6]) + 8.0


@pytest.mark.parametrize(
    ("name", "low", "high"), [("pedestrian", -8.0, 0.0), ("child", -14.0, -3.0), ("bicycle", -5.0, 5.0)]
)
def test_people_and_bicycles(name, low, high):
    assert low <= mean_db(dbsm(name, AROUND)) <= high


def test_a_pedestrian_is_much_the_same_from_all_sides():
    assert np.ptp(dbsm("pedestrian", AROUND)) < 8.0
