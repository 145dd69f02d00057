"""Events against closed forms: steps of the logarithm, leak, shot noise, refractory period, low-pass."""

import math
from itertools import pairwise

import numpy as np
import pytest

from simgen.records.events import EVENT_LEAK, EVENT_NOISE
from simgen.rng import stream
from simgen.sensors._event_pixels import Circuit, Look, Pixels, joined, milliseconds

MS = 1_000_000
S = 1_000_000_000


def circuit(**changes: float) -> Circuit:
    quiet = {
        "on": 0.2,
        "off": 0.2,
        "sigma": 0.0,
        "refractory_s": 0.0,
        "leak_rate_hz": 0.0,
        "shot_noise_hz": 0.0,
        "lowpass_hz": 0.0,
        "bright_cd_m2": 100.0,
        "dark_cd_m2": 1e-9,
    }
    return Circuit(**(quiet | changes))


def look(time_ns: int, luminance, shape=(4, 5), instance=None) -> Look:
    grey = np.broadcast_to(np.asarray(luminance, np.float32), shape)
    labels = np.zeros(shape, np.uint32) if instance is None else instance
    return Look(
        time_ns=time_ns,
        linear=np.ascontiguousarray(np.repeat(grey[..., None], 3, -1)),
        instance=labels,
        semantic=(labels + 7).astype(np.uint16),
    )


def run(looks: list[Look], wired: Circuit, *, key: int = 5, threads: int = 1):
    pixels, tables = Pixels.start(wired, key, looks[0], threads).copy(), []
    for earlier, later in pairwise(looks):
        events, pixels = pixels.step(earlier, later)
        tables.append(events)
    return joined(tables)


def test_twice_as_bright_is_three_events_and_the_first_at_their_share_of_the_time() -> None:
    events = run([look(0, 50.0), look(10 * MS, 100.0)], circuit())
    assert len(events.t) == 3 * 20
    assert (events.p == 1).all()
    shares = np.array([0.2, 0.4, 0.6]) / math.log(2.0)
    assert shares[0] == pytest.approx(0.2885, abs=5e-5)
    np.testing.assert_allclose(np.unique(events.t), shares * 10 * MS, atol=1.5)


def test_half_as_bright_is_three_events_of_the_other_kind() -> None:
    events = run([look(0, 80.0), look(10 * MS, 40.0)], circuit())
    assert len(events.t) == 60
    assert (events.p == 0).all()


def test_what_does_not_change_is_silent() -> None:
    scene = stream(1, "scene").uniform(0.1, 1e4, (40, 30))
    looks = [look(k * MS, scene, (40, 30)) for k in range(6)]
    assert len(run(looks, circuit(sigma=0.03)).t) == 0


def test_the_reference_remembers_the_rest() -> None:
    # three steps of 0.15 are 0.45: two thresholds, at 0.2 and at 0.4, though no step holds one by itself
    levels = [10.0 * math.exp(0.15 * k) for k in range(4)]
    events = run([look(k * MS, v, (1, 1)) for k, v in enumerate(levels)], circuit())
    np.testing.assert_allclose(events.t, [MS + MS / 3, 2 * MS + MS * 2 / 3], atol=3)


def test_only_the_leak_gives_a_tenth_of_an_event_a_second() -> None:
    shape = (100, 120)
    looks = [look(k * S, 10.0, shape) for k in range(13)]
    events = run(looks, circuit(leak_rate_hz=0.1, sigma=0.03))
    expected = 0.1 * 12.0 * shape[0] * shape[1]
    assert len(events.t) == pytest.approx(expected, rel=0.02)
    assert (events.p == 1).all()
    assert (events.flags == EVENT_LEAK).all()
    # they come at any time, not all at once
    per_second = np.bincount(events.t // S, minlength=12)
    assert per_second.min() > 0.8 * per_second.mean()


def test_a_moving_edge_gives_contrast_over_threshold_at_every_pixel_it_crosses() -> None:
    width, rows, contrast = 64, 3, 12.0
    x = np.arange(width)

    def edge(at: float):
        covered = np.clip(at - x, 0.0, 1.0)
        return 5.0 * (1.0 + (contrast - 1.0) * covered)[None]

    looks = [look(k * MS, edge(10.0 + 0.5 * k), (rows, width)) for k in range(41)]
    events = run(looks, circuit(off=0.3))
    counts = np.bincount(events.x, minlength=width) / rows
    crossed = (x >= 10) & (x < 30)
    np.testing.assert_array_equal(counts[crossed], math.floor(math.log(contrast) / 0.2))
    assert counts[~crossed].sum() == 0
    # the same edge of the opposite contrast, with the other threshold
    back = run([look(k * MS, 60.0 / edge(10.0 + 0.5 * k), (rows, width)) for k in range(41)], circuit(off=0.3))
    assert (back.p == 0).all()
    np.testing.assert_array_equal(
        np.bincount(back.x, minlength=width)[crossed] / rows, math.floor(math.log(contrast) / 0.3)
    )


def test_events_add_up_to_the_change() -> None:
    rng = stream(3, "scenes")
    shape = (30, 40)
    scenes = np.exp(rng.normal(2.0, 1.0, (7, *shape)))
    events = run([look(k * MS, scene, shape) for k, scene in enumerate(scenes)], circuit(on=0.15, off=0.25))
    summed = np.zeros(shape)
    np.add.at(summed, (events.y, events.x), np.where(events.p == 1, 0.15, -0.25))
    left = np.log(scenes[-1].astype(np.float32)) - np.log(scenes[0].astype(np.float32)) - summed
    assert left.max() < 0.15 + 1e-5
    assert left.min() > -0.25 - 1e-5


def test_shot_noise_is_poisson_and_weaker_in_the_light() -> None:
    from scipy.stats import chi2, poisson

    shape, seconds, rate = (150, 160), 4, 0.6
    dark = run([look(0, 0.0, shape), look(seconds * S, 0.0, shape)], circuit(shot_noise_hz=rate))
    assert (dark.flags == EVENT_NOISE).all()
    counts = np.bincount(np.bincount(dark.y.astype(int) * shape[1] + dark.x, minlength=shape[0] * shape[1]))
    expected = poisson.pmf(np.arange(len(counts)), rate * seconds) * shape[0] * shape[1]
    keep = expected > 10
    statistic = ((counts - expected)[keep] ** 2 / expected[keep]).sum()
    assert statistic < chi2.ppf(0.9999, keep.sum() - 1)
    assert dark.p.mean() == pytest.approx(0.5, abs=0.02)
    assert np.ptp(np.bincount(dark.t // (S // 4), minlength=16)) < 0.2 * len(dark.t) / 16
    bright = run([look(0, 1e4, shape), look(seconds * S, 1e4, shape)], circuit(shot_noise_hz=rate))
    assert len(bright.t) / len(dark.t) == pytest.approx(0.25, rel=0.05)


def test_the_refractory_period_swallows_events_but_the_reference_goes_on() -> None:
    looks = [look(0, 50.0), look(MS, 100.0), look(20 * MS, 100.0)]
    events = run(looks, circuit(refractory_s=0.5e-3))
    # crossings at 0.289, 0.577 and 0.866 ms: the second falls into the silence, and is not made up for
    np.testing.assert_allclose(np.unique(events.t), np.array([0.2, 0.6]) / math.log(2.0) * MS, atol=1.5)
    assert len(events.t) == 40


def test_the_photoreceptor_is_a_first_order_low_pass() -> None:
    hz = 100.0
    ms = [0, *range(1, 8)]
    looks = [look(k * MS, 200.0 if k == 0 else 400.0, (1, 1)) for k in ms]
    pixels = Pixels.start(circuit(lowpass_hz=hz), 5, looks[0], 1).copy()
    for k in range(1, 8):
        _, pixels = pixels.step(looks[k - 1], looks[k])
        rise = (pixels.level[0] - math.log(200.0)) / math.log(2.0)
        assert rise == pytest.approx(1.0 - math.exp(-2.0 * math.pi * hz * k * 1e-3), abs=1e-6)


def test_thresholds_are_normal_with_a_floor() -> None:
    wide = Pixels.start(circuit(on=0.2, off=0.3, sigma=0.03), 9, look(0, 1.0, (200, 200)), 1)
    assert wide.on.mean() == pytest.approx(0.2, abs=0.001)
    assert wide.off.std() == pytest.approx(0.03, rel=0.03)
    assert abs(np.corrcoef(wide.on, wide.off)[0, 1]) < 0.02
    assert Pixels.start(circuit(sigma=0.4), 9, look(0, 1.0, (50, 50)), 1).on.min() == np.float32(0.01)


def test_order_and_bits_do_not_depend_on_threads() -> None:
    rng = stream(4, "scenes")
    shape = (90, 31)
    scenes = np.exp(rng.normal(1.0, 0.7, (4, *shape)))
    looks = [look(k * MS, scene, shape) for k, scene in enumerate(scenes)]
    noisy = circuit(sigma=0.03, leak_rate_hz=0.1, shot_noise_hz=200.0, refractory_s=1e-4)
    one, two = run(looks, noisy), run(looks, noisy, threads=2)
    for (name, _, a), (_, _, b) in zip(one.arrays(), two.arrays(), strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)
    pixel = one.y.astype(int) * shape[1] + one.x
    order = np.lexsort((pixel, one.t))
    np.testing.assert_array_equal(order, np.arange(len(order)))
    assert len(np.unique(one.t)) < len(one.t)


def test_a_state_that_was_given_away_stays_as_it_is() -> None:
    first, second = look(0, 10.0), look(MS, 40.0)
    kept = Pixels.start(circuit(), 5, first, 1)
    before = kept.gap.copy()
    kept.copy().step(first, second)
    np.testing.assert_array_equal(kept.gap, before)


def test_labels_are_those_of_the_nearer_sub_step() -> None:
    here, there = np.full((4, 5), 3, np.uint32), np.full((4, 5), 9, np.uint32)
    events = run([look(0, 50.0, instance=here), look(10 * MS, 100.0, instance=there)], circuit())
    np.testing.assert_array_equal(events.instance, np.where(events.t < 5 * MS, 3, 9))
    np.testing.assert_array_equal(events.semantic, events.instance + 7)


def test_milliseconds_point_at_the_first_event_at_or_after_them() -> None:
    events = run([look(int(1.5 * MS), 50.0, (1, 1)), look(int(9.5 * MS), 100.0, (1, 1))], circuit())
    index = milliseconds(events, int(1.5 * MS), int(9.5 * MS))
    np.testing.assert_array_equal(index.ms, np.arange(2, 10))
    for ms, row in zip(index.ms, index.row, strict=True):
        assert (events.t[:row] < ms * MS).all()
        assert (events.t[row:] >= ms * MS).all()
