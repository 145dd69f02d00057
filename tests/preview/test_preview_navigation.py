"""Diagrams put values where their axes say; panels of motion sensors show their series against the truth."""

import numpy as np
import pytest
from helpers_navigation import circle, fix, run_of

from simgen.preview import contact_sheet
from simgen.preview.gnss import gnss_panels
from simgen.preview.navigation import imu_panels, odometry_panels
from simgen.preview.plot import BLUE, GRAY, GREEN, ORANGE, PAPER, RED, diagram, map_diagram, reach, round_numbers
from simgen.preview.sheet import frame_panels
from simgen.records.frames import STATUS_DROPPED
from simgen.sensors.gnss import Gnss
from simgen.sensors.imu import Imu
from simgen.sensors.wheel_odometry import WheelOdometry


def near(picture, color, tolerance=40):
    return np.abs(picture.astype(int) - np.array(color)).max(-1) < tolerance


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-3.0, 4.0, [-2.0, 0.0, 2.0, 4.0]),
        (103.0, 171.0, [120.0, 140.0, 160.0]),
    ],
)
def test_axes_have_round_numbers(low, high, expected) -> None:
    assert round_numbers(low, high, 6) == pytest.approx(expected)


def test_a_dot_lies_where_its_axes_say() -> None:
    out = diagram((0.0, 10.0), (0.0, 5.0), ("", ""))
    out.dots([2.5], [5.0 * 0.75], RED)
    v, u = np.nonzero(near(out.picture, RED))
    assert u.mean() == pytest.approx(92 + 0.25 * (900 - 92 - 22), abs=1.0)
    assert v.mean() == pytest.approx(46 + 0.25 * (506 - 46 - 58), abs=1.0)


def test_lines_stay_inside_the_axes() -> None:
    out = diagram((0.0, 1.0), (0.0, 1.0), ("", ""))
    before = out.picture.copy()
    out.line([-5.0, 5.0], [-5.0, 5.0], BLUE, 9)
    changed = (out.picture != before).any(-1)
    assert changed[60:400].any()
    assert not changed[:46].any()
    assert not changed[:, :92].any()


def test_a_map_has_one_scale() -> None:
    out = map_diagram(np.array([[0.0, 0.0], [100.0, 10.0]]))
    across, up = out.x[1] - out.x[0], out.y[1] - out.y[0]
    assert across / (900 - 92 - 22) == pytest.approx(up / (506 - 46 - 58))
    assert out.x[0] < 0 < 100 < out.x[1]


def test_a_range_of_one_value_is_still_a_range() -> None:
    low, high = reach(np.array([3.0]), least=0.5)
    assert (low, high) == pytest.approx((2.75, 3.25))
    flat = diagram((1.0, 1.0), (2.0, 2.0), ("", ""))
    assert flat.x[0] < 1.0 < flat.x[1]


def test_imu_panels_show_all_axes_and_the_ideal() -> None:
    frames = Imu(name="imu", outputs=("ideal",)).record(run_of(*circle(10.0, 5.0)))
    panels = dict(imu_panels("imu", list(frames)))
    assert next(iter(panels)) == "imu: specific force, m/s2, 400 samples"
    assert len(panels) == 4
    for picture in panels.values():
        assert all(near(picture, color).sum() > 100 for color in (RED, GREEN, BLUE))


def test_lost_samples_leave_no_spikes() -> None:
    frames = list(Imu(name="imu", outputs=("ideal",), noise=False).record(run_of(*circle(10.0, 5.0))))
    silent = [
        f.replace(status=STATUS_DROPPED, linear_acceleration=np.zeros(3)) if k == 50 else f
        for k, f in enumerate(frames)
    ]
    whole, holed = (imu_panels("imu", some)[0][1] for some in (frames, silent))
    assert (whole != holed).any(-1).mean() < 0.02
    assert imu_panels("imu", frames[:1]) == []


def test_odometry_panels_tell_the_drift() -> None:
    frames = list(WheelOdometry(name="odo").record(run_of(*circle(30.0, 8.0), rate_hz=50.0, duration_s=10.0)))
    panels = odometry_panels("odo", frames)
    titles = [words for words, _ in panels]
    assert titles[0] == "odo: the way"
    assert titles[1].startswith("odo: drift, ")
    assert titles[1].endswith(" m")
    assert near(panels[0][1], RED).sum() > 300


def test_gnss_panels_colour_by_fix_and_show_the_sky() -> None:
    gnss = Gnss(name="gnss", outputs=("satellites",))
    frames = [fix(gnss, [], index=k) for k in range(4)]
    panels = dict(gnss_panels("gnss", frames))
    track = panels["gnss: 4 of 4 positions, truth in grey"]
    assert near(track, ORANGE).sum() > 50
    sky = panels["gnss: the sky at 0.0 s, single"]
    assert near(sky, GREEN).sum() > 11 * 150
    lost = [gnss.silence(frame) for frame in frames]
    empty = gnss_panels("gnss", lost)
    assert [words for words, _ in empty] == ["gnss: 0 of 4 positions, truth in grey"]


def test_the_sheet_takes_a_series() -> None:
    frames = list(Imu(name="imu").record(run_of(*circle(10.0, 5.0))))
    assert frame_panels("imu", frames[0]) == []
    sheet = contact_sheet({"imu": frames[0]}, series={"imu": frames}, title="t", subtitle="s")
    assert sheet.shape[1] == 2400
    assert near(sheet, RED).any()
    assert (sheet[-5, 5] == (250, 250, 248)).all()
    assert GRAY != PAPER
