"""The declared errors of a clock pass, and others do not: every kind of error, over many frames."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.checks.timing import TimingRule, _losses, _stamps, declared_config
from simgen.scenario.write import as_plain, flow
from simgen.sensors.base import Dropout, Timing

TIMES = np.arange(200, dtype=np.int64) * 83_333_333
CLOCKS = [
    Timing(),
    Timing(offset_s=-0.013),
    Timing(latency_s=0.04, drift_ppm=150.0),
    Timing(jitter_s=0.002),
    Timing(offset_s=0.5, drift_ppm=-900.0, latency_s=0.01, jitter_s=1e-5),
]


def stamps(clock: Timing) -> np.ndarray:
    return np.array([clock.stamp_ns(int(t), k, 5, "eye") for k, t in enumerate(TIMES)])


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda c: flow(as_plain(c)))
def test_declared_errors_pass_and_any_other_fails(clock: Timing) -> None:
    good = stamps(clock)
    declared = declared_config(flow(as_plain(clock)))
    assert declared["jitter_s"] == clock.jitter_s
    assert _stamps("w", TIMES, good, declared).failed == 0
    one = good.copy()
    one[7] += round(7.0 * clock.jitter_s * 1e9 + 4.0 * clock.jitter_s * 1e9) + 2
    found = _stamps("w", TIMES, one, declared)
    assert found.failed >= 1
    assert found.example.startswith("w/7: the stamp is ")
    # a shift that no single frame shows
    assert _stamps("w", TIMES, good + round(clock.jitter_s * 1e9) + 2, declared).failed >= 1
    for other in CLOCKS:
        if other is not clock:
            assert _stamps("w", TIMES, good, as_plain(other)).failed >= (0 if other.jitter_s > clock.jitter_s else 1)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_the_share_of_lost_frames_is_the_declared_one(share: float) -> None:
    clock, gap = Timing(loss=share), Dropout(from_s=1.0, until_s=2.0)
    silent = (TIMES >= 1e9) & (TIMES < 2e9)
    lost = silent | np.array([clock.lost(k, 5, "eye") for k in range(len(TIMES))])
    config = {"timing": as_plain(clock), "dropouts": [as_plain(gap)]}
    assert _losses("w", TIMES, lost, config).failed == 0
    other = {**config, "timing": {"loss": 0.6}}
    assert _losses("w", TIMES, lost, other).failed == 1
    talkative = lost & ~silent
    found = _losses("w", TIMES, talkative, config)
    assert found.failed == silent.sum() == 12
    assert found.example == "w/13: delivered in a stretch without data"


def test_the_rule_says_what_it_tests() -> None:
    assert TimingRule.name == "timing"
    assert declared_config("") == declared_config("[1]") == {}
