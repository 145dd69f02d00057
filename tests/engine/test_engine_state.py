"""Sensors with a state give the same frames in any order; series sensors are recorded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.geometry import IDENTITY_QUATERNION, pose_matrix
from simgen.physics import simulate
from simgen.records.base import F8, array
from simgen.records.frames import Frame
from simgen.scenario import loads
from simgen.sensors._samples import Samples
from simgen.sensors.base import Dropout, FoldingSensor, Mount, SeriesSensor

SCENE = """
simgen: 1
name: states
clock: {duration_s: 1.0, rate_hz: 10}
world: {type: straight_road, length_m: 200}
light: {time: 2024-03-01T10:00:00Z, latitude_deg: -33.9, longitude_deg: 18.4, altitude_m: 25}
ego: {asset: sedan, lane: east/1, at_m: 60, speed_m_s: 9}
"""


@dataclass(frozen=True, kw_only=True, eq=False)
class TallyFrame(Frame):
    way: F8 = array("1", "f8", unit="m", doc="driven so far")
    calls: F8 = array("1", "f8", doc="frames before this one")


@dataclass(frozen=True, kw_only=True)
class Tally(FoldingSensor):
    """Adds up how far it went, frame by frame."""

    def extent_ns(self) -> tuple[int, int]:
        return 0, 0

    @property
    def body_from_sensor(self) -> F8:
        return IDENTITY_QUATERNION

    def begin(self, shot) -> Any:
        return 0.0, shot.track.at(shot.time_ns)[0], 0

    def fold(self, shot, state) -> tuple[Frame, Any]:
        way, before, calls = state
        here, _ = shot.track.at(shot.time_ns)
        way += float(np.abs(here - before).sum())
        frame = TallyFrame(
            time_ns=shot.time_ns,
            stamp_ns=shot.time_ns,
            world_from_sensor=pose_matrix(*shot.track.at(shot.time_ns)),
            way=np.array([way]),
            calls=np.array([float(calls)]),
        )
        return frame, (way, here, calls + 1)


@dataclass(frozen=True, kw_only=True)
class Ruler(SeriesSensor):
    """All its samples at once; counts how often it is asked."""

    @property
    def body_from_sensor(self) -> F8:
        return IDENTITY_QUATERNION

    def record(self, run):
        ASKED.append(run)
        pose = pose_matrix(*run.track.at(run.time_ns))
        way = np.arange(len(run.time_ns), dtype=np.float64)[:, None]
        return Samples(TallyFrame, run.time_ns, {"world_from_sensor": pose, "way": way, "calls": way})


ASKED: list[Any] = []
TALLY = Tally(name="tally", mount=Mount(on="ego"))
RULER = Ruler(name="ruler", rate_hz=50.0, mount=Mount(on="ego", position_m=(1.0, 0.0, 0.5)))


@pytest.fixture(scope="module")
def scene():
    return loads(SCENE, "states.yaml").sample(seed=2)


def renderer(scene, *sensors):
    assembly = assemble(scene.replace(sensors=sensors))
    return Renderer(assembly, simulate(assembly), threads=1)


def test_frames_out_of_order_equal_those_in_order(scene) -> None:
    with renderer(scene, TALLY) as one, renderer(scene, TALLY) as other:
        ticks = timetable(one.scene)
        straight = [one.frame(tick) for tick in ticks]
        for k in (7, 2, 2, 9, 0, 8, 3, 4):
            frame = other.frame(ticks[k])
            assert frame.time_ns == straight[k].time_ns
            np.testing.assert_array_equal(frame.way, straight[k].way)
            np.testing.assert_array_equal(frame.calls, [float(k)])
    # 9 m/s for 0.9 s, and a lane that is not quite straight adds nothing to speak of
    assert straight[-1].way[0] == pytest.approx(8.1, rel=0.05)


def test_in_order_no_frame_is_folded_twice(scene, monkeypatch) -> None:
    folds = []
    fold = Tally.fold
    monkeypatch.setattr(Tally, "fold", lambda self, shot, state: folds.append(shot.index) or fold(self, shot, state))
    with renderer(scene, TALLY) as one:
        assert sum(len(sample.frames) for sample in one.samples()) == 10
        assert folds == list(range(10))
        one.frame(timetable(one.scene)[2])
        assert folds == [*range(10), 0, 1, 2]


def test_states_of_two_sensors_do_not_mix(scene) -> None:
    second = Tally(name="second", rate_hz=5.0, mount=Mount(on="ego"))
    with renderer(scene, TALLY) as alone, renderer(scene, TALLY, second) as both:
        expected = [f.way[0] for f in alone.series(TALLY)]
        seen = [s.frames["tally"].way[0] for s in both.samples()]
        assert seen == expected


def test_a_dropout_does_not_stop_the_state(scene) -> None:
    silent = Tally(name="tally", mount=Mount(on="ego"), dropouts=(Dropout(from_s=0.3, until_s=0.6),))
    with renderer(scene, TALLY) as one, renderer(scene, silent) as other:
        assert one.series(TALLY)[-1].way[0] == other.series(silent)[-1].way[0]
        assert [f.status for f in other.series(silent)] == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]


def test_capture_is_not_for_them() -> None:
    with pytest.raises(TypeError, match="tally: frames of a folding sensor come from fold"):
        TALLY.capture(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="ruler: frames of a series sensor come from record"):
        RULER.capture(None)  # type: ignore[arg-type]


def test_a_series_is_recorded_once_from_the_whole_path(scene) -> None:
    ASKED.clear()
    with renderer(scene, RULER, TALLY) as one:
        samples = list(one.samples())
        (run,) = ASKED
        assert [s.frames["ruler"].way[0] for s in samples if "ruler" in s.frames] == list(range(50))
        # among the frames of the others, in time order
        assert [s.time_ns for s in samples] == sorted({s.time_ns for s in samples})
        assert sum("tally" in s.frames for s in samples) == 10
        assert run.track.time_ns[0] == one.trajectory.time_ns[0]
        assert run.track.time_ns[-1] == one.trajectory.end_ns
        np.testing.assert_array_equal(run.time_ns, 20_000_000 * np.arange(50))
        position, _ = run.track.at(run.time_ns[25])
        np.testing.assert_allclose(samples[25].frames["ruler"].world_from_sensor[:3, 3], position)


def test_series_and_shots_know_where_on_earth_they_are(scene) -> None:
    ASKED.clear()
    with renderer(scene, RULER, TALLY) as one:
        one.series(RULER)
        place = ASKED[0].place
        assert place == one.shot(timetable(one.scene)[0]).surroundings.place
    assert (place.latitude_deg, place.longitude_deg, place.altitude_m) == (-33.9, 18.4, 25.0)
    assert place.utc_s == 1709287200.0


def test_a_long_series_is_thinned_out_evenly(scene) -> None:
    with renderer(scene, RULER) as one:
        times = [f.time_ns for f in one.series(RULER, most=20)]
    assert times == [60_000_000 * k for k in range(17)]


def test_a_camera_with_lag_gives_the_same_exposure_out_of_order() -> None:
    """Frames before it are not taken then, only metered."""
    text = SCENE + (
        "sensors:\n  - {name: eye, type: camera, width: 64, height: 40, exposure: {lag_s: 0.3}, imager: {}, "
        "mount: {on: ego, position_m: [1.6, 0, 1.4]}, outputs: [raw]}\n"
    )
    scene = loads(text, "s").sample(0)
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    ticks = list(timetable(scene))[:4]
    with Renderer(assembly, trajectory, threads=1) as renderer:
        inorder = [renderer.frame(tick) for tick in ticks]
        again = renderer.frame(ticks[2])
    with Renderer(assembly, trajectory, threads=1) as renderer:
        alone = renderer.frame(ticks[3])
    np.testing.assert_array_equal(again.raw, inorder[2].raw)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(alone.raw, inorder[3].raw)  # type: ignore[attr-defined]
