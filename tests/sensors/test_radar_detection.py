"""Detection by the book: thresholds, fading, noise of the measured values, cells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_lidar import Thing, sphere, wall
from helpers_radar import METAL, Site, radar_of, scan

from simgen.kernels.radar_tables import Cells, Echoes, Sums
from simgen.records.radar import RADAR_FALSE_ALARM
from simgen.rng import stream, stream_key

NOWHERE = [Thing(wall(-50.0, 1.0))]


def powers(strength: float, echoes: int, cells: int = 40_000, *, noisy: bool = True):
    """Powers of many cells that each hold some equal echoes of a summed mean power."""
    from simgen.kernels.radar_cells import add_up, cell_powers

    n = cells * echoes
    kinds = {"label": "u4", "source": "u4", "body": "i8", "class_id": "u2", "flags": "u2"}
    held = Echoes._make(np.zeros(n, kinds.get(name, "f8")) for name in Echoes._fields)
    held.power[:] = strength / echoes
    numbers = np.repeat(np.arange(cells), echoes)
    sums = Sums(np.zeros(n, np.int64), np.zeros(n, np.int64), *(np.zeros(n) for _ in range(8)))
    occupied = np.zeros(n, np.int64)
    key = np.uint64(stream_key(5, "test", echoes))
    groups, count = add_up(key, np.arange(n), numbers, np.zeros(n, np.int64), held, sums, occupied)
    assert (groups, count) == (cells, cells)
    out = np.zeros(cells)
    sums = Sums(*(column[:groups] for column in sums))
    cell_powers(key, noisy, sums, occupied[:count], np.zeros(cells + 1, np.int64), out)
    return out


def test_noise_alone_is_exponential_and_passes_with_pfa():
    found = powers(1e-12, 1)
    edges = -np.log1p(-np.arange(20) / 20.0)
    counts = np.histogram(found, np.append(edges, np.inf))[0]
    expected = len(found) / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8  # chi-square, 19 degrees, 0.1 %
    rate = 0.01
    assert (found > -math.log(rate)).mean() == pytest.approx(rate, rel=0.2)


@pytest.mark.parametrize("mean", [3.0, 20.0])
def test_many_like_echoes_fade_as_swerling_says(mean):
    """``Pd = exp(-T / (1 + SNR))`` for a sum of many: Swerling 1."""
    found, threshold = powers(mean, 24), -math.log(1e-3)
    assert found.mean() == pytest.approx(1.0 + mean, rel=0.03)
    assert (found > threshold).mean() == pytest.approx(math.exp(-threshold / (1.0 + mean)), abs=0.012)


def test_one_strong_echo_stands():
    found = powers(200.0, 1)
    assert found.mean() == pytest.approx(201.0, rel=0.01)
    assert found.std() == pytest.approx(math.sqrt(2.0 * 200.0 + 1.0), rel=0.05)


def test_without_noise_powers_are_means():
    np.testing.assert_allclose(powers(7.0, 5, 100, noisy=False), 7.0, rtol=1e-12)


def test_false_alarms_come_as_often_as_pfa_says():
    radar = radar_of(
        scan(max_range_m=60.0, bandwidth_hz=2e8, azimuth_step_deg=2.0, elevation_step_deg=2.0),
        false_alarm_rate=2e-5,
        least_rcs_dbsm=-100.0,
        max_detections=100_000,
    )
    cells = radar.device.figures()[0]
    count = (
        math.ceil(60.0 / cells["range_resolution_m"])
        * round(0.02 / 50e-6)
        * math.ceil(2 * math.sin(math.radians(6)) / math.sin(math.radians(1))) ** 2
    )
    with Site(NOWHERE) as site:
        frames = [site.take(radar, index=k).detections for k in range(40)]
    found = sum(len(f.range) for f in frames)
    expected = 40 * count * 2e-5
    assert abs(found - expected) < 4.0 * math.sqrt(expected)
    assert expected > 200
    for f in frames:
        assert (f.flags == RADAR_FALSE_ALARM).all()
        assert (f.instance == 0).all()
        assert (f.snr >= 10.0 * math.log10(-math.log(2e-5)) - 1e-4).all()


def test_measured_values_scatter_by_their_sigmas():
    """``cell / sqrt(2 SNR)`` for range, velocity and angle; the device's own accuracy adds to it."""
    coarse = scan(azimuth_step_deg=0.3, elevation_step_deg=0.3, max_range_m=120.0, range_accuracy_m=0.05)
    radar = radar_of(coarse, power_dbm=-8.0, false_alarm_rate=1e-6)
    off = []
    with Site([Thing(sphere(0.6), METAL, 1, position=(50.0, 2.0, 0.0), velocity=(3.0, 0.0, 0.0))]) as site:
        for k in range(250):
            f = site.take(radar, index=k).detections
            best = np.flatnonzero(f.instance == 1)[:1]
            off += [
                [
                    (f.range[i] - f.true_range[i]) / f.range_sigma[i],
                    (f.radial_velocity[i] - f.true_velocity[i]) / f.velocity_sigma[i],
                    (f.azimuth[i] - f.true_azimuth[i]) / f.azimuth_sigma[i],
                ]
                for i in best
            ]
    values = np.array(off)
    assert len(values) > 200
    assert np.abs(values.mean(0)).max() < 4.0 / math.sqrt(len(values))
    np.testing.assert_allclose(values.std(0), 1.0, atol=0.17)


def test_two_things_in_one_cell_are_one_and_apart_are_two():
    def count(gap: float) -> int:
        things = [
            Thing(sphere(0.1), METAL, 1, position=(30.0, 0.0, 0.5)),
            Thing(sphere(0.1), METAL, 2, position=(30.0 + gap, 0.0, -0.5)),
        ]
        radar = radar_of(scan(elevation_resolution_deg=0.0, azimuth_resolution_deg=4.0), noise=False)
        with Site(things) as site:
            return len(site.take(radar).detections.range)

    assert count(0.05) == 1
    assert count(0.9) == 2


def test_clutter_beside_raises_the_threshold_but_two_neighbours_do_not():
    """Order statistic: eight occupied cells of like power mask, two do not (Rohling 1983)."""
    from simgen.kernels.radar_peaks import find_peaks
    from simgen.kernels.radar_tables import Peaks

    def peaks(cells_with: dict[int, float]) -> list[int]:
        cells = Cells(1.0, 100, 1.0, 10, 0.1, 3, 2.0, 1)
        numbers = np.array([(r * 10 + 5) * 3 + 1 for r in sorted(cells_with)], np.int64)
        strength = np.array([cells_with[r] for r in sorted(cells_with)])
        n = len(numbers)
        sums = Sums(
            np.arange(n), np.arange(n), strength, strength, strength, strength, strength, strength, strength, strength
        )
        floats = [np.zeros(n) for _ in range(10)]
        out = Peaks(*floats[:5], np.zeros(n, np.int64), *floats[5:])
        count = find_peaks(cells, 10.0, 6.3, numbers, np.arange(n + 1), strength, np.zeros(n, np.int64), sums, out)
        return sorted(sorted(cells_with)[k] for k in out.source[:count])

    everywhere = {r: 30.0 + 0.01 * (r % 3) for r in range(40, 60)}
    assert 50 not in peaks(everywhere | {50: 60.0})
    assert 50 in peaks(everywhere | {50: 300.0})
    assert 50 in peaks({50: 60.0, 47: 55.0, 53: 55.0})


def test_a_peak_must_beat_every_neighbour():
    radar = radar_of(scan(azimuth_resolution_deg=0.5), noise=False)
    with Site([Thing(sphere(0.3), METAL, 1, position=(30.0, 0.0, 0.0))]) as site:
        assert len(site.take(radar).detections.range) == 1


def test_the_strongest_are_kept_nearest_first():
    things = [Thing(sphere(0.5), METAL, k + 1, position=(20.0 + 10.0 * k, 1.6 * k - 2.0, 0.0)) for k in range(5)]
    with Site(things) as site:
        everything = site.take(radar_of(noise=False)).detections
        few = site.take(radar_of(noise=False, max_detections=2)).detections
    assert len(everything.range) == 5
    assert (np.diff(everything.range) > 0).all()
    assert few.instance.tolist() == [1, 2]


def test_draws_do_not_depend_on_each_other():
    assert stream(1, "radar", "a", "rays", "s", 0).random() != stream(1, "radar", "b", "rays", "s", 0).random()
