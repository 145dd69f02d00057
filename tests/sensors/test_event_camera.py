"""An event camera in a scene: windows, replay, labels, sub-steps, silence, mistakes."""

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.physics import simulate
from simgen.records.events import EventFrame
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Mount
from simgen.sensors.event_camera import EventCamera

MOUNT = Mount(on="world", position_m=(-6.0, 0.0, 1.2))


def sensor(**fields: object) -> EventCamera:
    small = {"name": "dvs", "width": 96, "height": 64, "hfov_deg": 60.0, "rate_hz": 20.0, "mount": MOUNT}
    return EventCamera(**(small | fields))


def scene(*sensors: EventCamera, speed: float = 4.0) -> Scene:
    drive = registry.get("behaviour", "drive_straight")(speed_m_s=speed)
    box = registry.get("asset", "box")(size_m=(1.0, 0.6, 0.9), color=(0.9, 0.9, 0.9))
    still = Entity(name="still", instance=1, asset=box, position=(2.0, 2.0, 0.45))
    mover = Entity(
        name="mover",
        instance=2,
        asset=box,
        position=(0.0, -0.8, 0.45),
        quaternion=(0.5**0.5, 0.0, 0.0, 0.5**0.5),
        behaviour=drive,
    )
    return Scene(
        name="events",
        seed=5,
        clock=Clock(duration_s=0.25),
        world=registry.get("world", "empty")(size_m=60.0),
        light=registry.get("light", "constant")(),
        entities=(still, mover) if speed else (still,),
        sensors=sensors,
    )


def frames(built: Scene, order: list[int] | None = None, threads: int = 1) -> dict[int, EventFrame]:
    assembly = assemble(built)
    with Renderer(assembly, simulate(assembly), threads=threads) as renderer:
        ticks = timetable(built)
        return {k: renderer.frame(ticks[k]) for k in (order or range(len(ticks)))}


@pytest.fixture(scope="module")
def run() -> dict[int, EventFrame]:
    return frames(scene(sensor(outputs=("ideal", "luminance", "flow"))))


def same(a: EventFrame, b: EventFrame) -> None:
    pairs = [(a, b), (a.events, b.events), (a.ms_to_idx, b.ms_to_idx), (a.ideal.events, b.ideal.events)]
    for one, two in pairs:
        for (name, _, x), (_, _, y) in zip(one.arrays(), two.arrays(), strict=True):
            np.testing.assert_array_equal(x, y, err_msg=name)


def test_windows_follow_each_other_and_the_first_is_empty(run) -> None:
    assert len(run) == 5
    assert len(run[0].events.t) == len(run[0].ms_to_idx.ms) == 0
    for k in range(1, 5):
        frame = run[k]
        assert frame.start_ns[0] == run[k - 1].time_ns
        assert frame.events.t.min() >= frame.start_ns[0]
        assert frame.events.t.max() < frame.time_ns
        assert (np.diff(frame.events.t) >= 0).all()
        np.testing.assert_array_equal(frame.ms_to_idx.ms, np.arange(50 * (k - 1), 50 * k))


def test_a_frame_alone_and_out_of_order_is_the_frame_of_the_sequence(run) -> None:
    again = frames(scene(sensor(outputs=("ideal", "luminance", "flow"))), order=[3, 1, 4], threads=2)
    for k in (1, 3, 4):
        same(again[k], run[k])


def test_events_come_from_what_moves_and_carry_its_labels(run) -> None:
    ideal = run[3].ideal.events
    assert set(np.unique(ideal.instance)) <= {0, 2}
    # the rest is ground that it covers, frees or shades
    assert (ideal.instance == 2).mean() > 0.25
    flags = run[3].events.flags
    assert 0 < (flags != 0).sum() < len(flags)
    assert (ideal.flags == 0).all()
    # the mover's events lie where the box's label says it is or has just been
    on = run[3].events.instance == 2
    box = run[3].boxes.box_px[run[3].boxes.instance == 2][0]
    past = run[2].boxes.box_px[run[2].boxes.instance == 2][0]
    x = run[3].events.x[on] + 0.5
    assert x.min() > min(box[0], past[0]) - 1.5
    assert x.max() < max(box[2], past[2]) + 1.5


def test_sub_steps_keep_motion_below_a_pixel(run) -> None:
    frame = run[2]
    assert frame.motion_px[0] <= 1.0
    # 4 m/s at about 6 m and 83 px of focal length: 2.8 px a window
    assert 3 <= frame.steps[0] <= 4
    length = np.sqrt((frame.flow.astype(float) ** 2).sum(-1)).max()
    assert length / frame.steps[0] <= 1.05
    coarse = frames(scene(sensor(max_motion_px=5.0)), order=[2])[2]
    assert coarse.steps[0] == 1
    fixed = frames(scene(sensor(steps=7)), order=[2])[2]
    assert (fixed.steps[0], fixed.motion_px[0]) == (7, 0.0)


def test_nothing_moves_nothing_happens() -> None:
    quiet = sensor(shot_noise_hz=0.0, leak_rate_hz=0.0)
    assert sum(len(f.events.t) for f in frames(scene(quiet, speed=0.0)).values()) == 0


def test_a_silent_camera_has_no_events_but_keeps_its_labels_and_its_memory(run) -> None:
    from simgen.sensors.base import Dropout

    gap = sensor(outputs=("ideal", "luminance", "flow"), dropouts=(Dropout(from_s=0.09, until_s=0.11),))
    dropped = frames(scene(gap))
    assert dropped[2].status == 1
    assert len(dropped[2].events.t) == 0
    assert (dropped[2].ms_to_idx.row == 0).all()
    assert (dropped[2].luminance == 0).all()
    np.testing.assert_array_equal(dropped[2].instance, run[2].instance)
    same(dropped[3], run[3])


def test_models_bring_their_sizes_and_thresholds() -> None:
    assert EventCamera(name="a", model="davis346").camera.projection.width == 346
    gen4 = EventCamera(name="a", model="gen4", threshold_on=0.4)
    assert (gen4.device.width, gen4.device.height, gen4.device.threshold_on) == (1280, 720, 0.4)
    assert gen4.device.threshold_off == pytest.approx(0.1165, abs=1e-4)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"model": "davis364"}, "no event camera 'davis364'; did you mean 'davis346'"),
        ({"rate_hz": None}, "needs its own rate_hz"),
        ({"outputs": ("idael",)}, "no output 'idael'; did you mean 'ideal'"),
        ({"outputs": ("rgb", "rgb")}, "names something twice"),
        ({"hfov_deg": 60.0, "focal_px": 300.0}, "give hfov_deg or focal_px, not both"),
    ],
)
def test_mistakes_are_named(wrong: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        EventCamera(name="a", **wrong)
