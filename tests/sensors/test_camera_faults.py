"""Faults of a camera: each does what it says, from when to when it says, and never touches a label."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from helpers_camera import even, eye, point
from helpers_stage import Bench, Part, box, dome, track

from simgen.records.frames import CameraFrame
from simgen.records.mesh import Surface
from simgen.rng import stream
from simgen.scenario.cameras.expand import camera_of
from simgen.sensors import _camera_faults as faults
from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_faults import Faults
from simgen.sensors._camera_flicker import mains_rows, pulse_share
from simgen.sensors._camera_glass import Glass
from simgen.sensors._camera_grime import dirt_map, drop_table, mist_map, scratch_map
from simgen.sensors._camera_imager import Imager
from simgen.sensors.camera import Camera

#: one of each; from half a second on
EACH: dict[str, faults.Fault] = {
    "dirt": faults.Dirt(from_s=0.5, cover=0.3),
    "scratches": faults.Scratches(from_s=0.5, count=30, width_px=3.0),
    "drops": faults.Drops(from_s=0.5, size=0.1),
    "condensation": faults.Condensation(from_s=0.5),
    "defocus": faults.Defocus(from_s=0.5),
    "dead": faults.Dead(from_s=0.5, rows=1, columns=2, pixels=0.01),
    "mains_flicker": faults.MainsFlicker(from_s=0.5, frequency_hz=97.0),
    "led_flicker": faults.LedFlicker(from_s=0.5),
    "overexposure": faults.Overexposure(from_s=0.5),
}
CUBE = Part(
    mesh=box((1.0, 1.0, 1.0), (4.0, 0.0, 0.0)),
    surface=Surface(class_name="object", base_color=(0.9, 0.1, 0.1), emission=(3000.0, 0.0, 0.0), has_lamp=True),
    label=1,
)


def shoot(camera: Camera, time_ns: int) -> CameraFrame:
    with Bench([CUBE], dome(800.0)) as bench:
        shot = bench.shot(track(time_ns=(0, 2_000_000_000)))
        return camera.capture(replace(shot, time_ns=time_ns))


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("imager", [None, Imager()])
def test_a_fault_begins_when_it_says_and_leaves_every_label(name: str, imager: Imager | None) -> None:
    camera = eye(imager=imager, outputs=("normal", "linear"), faults=Faults(**{name: EACH[name]}))
    sound = eye(imager=imager, outputs=("normal", "linear"))
    for time_ns, broken in ((0, False), (700_000_000, True)):
        with_fault, without = shoot(camera, time_ns), shoot(sound, time_ns)
        assert with_fault.rgb is not None
        assert np.array_equal(with_fault.rgb, without.rgb) != broken
        for label in ("depth", "semantic", "instance", "normal"):
            np.testing.assert_array_equal(getattr(with_fault, label), getattr(without, label))
        if name != "led_flicker":
            # the scene's radiance is the scene's; lamps that pulse are a matter of light
            np.testing.assert_array_equal(with_fault.linear, without.linear)


def test_every_fault_is_tested() -> None:
    assert {*EACH, "frozen"} == {f.name for f in fields(Faults)}


@pytest.mark.parametrize("cover", [0.05, 0.2, 0.5])
def test_dirt_covers_its_share(cover: float) -> None:
    dim = dirt_map(faults.Dirt(cover=cover, density=1.0), 320, 200, 1, "eye")
    assert (dim > 0.12).mean() == pytest.approx(cover, abs=0.06)
    assert dim.min() >= 0.0
    assert dim.max() <= 1.0
    assert not np.array_equal(dim, dirt_map(faults.Dirt(cover=cover, density=1.0), 320, 200, 1, "other"))


def test_maps_do_not_depend_on_the_size_of_the_picture() -> None:
    small, large = (dirt_map(faults.Dirt(), width, width // 2, 1, "eye") for width in (320, 640))
    assert np.abs(small - large.reshape(160, 2, 320, 2).mean((1, 3))).mean() < 0.001
    drops = [drop_table(faults.Drops(count=5), width, width // 2, 1, "eye") for width in (320, 640)]
    np.testing.assert_allclose(2.0 * drops[0][:, :3], drops[1][:, :3])


def test_mist_is_even_or_patchy() -> None:
    even_mist = mist_map(faults.Condensation(haze=0.4, patchy=0.0), 64, 48, 1, "eye")
    np.testing.assert_allclose(even_mist, 0.4, rtol=1e-6)
    patchy = mist_map(faults.Condensation(haze=0.4, patchy=1.0), 640, 480, 1, "eye")
    assert patchy.min() < 0.01
    assert patchy.max() > 0.39


def test_mist_keeps_an_even_field_and_takes_contrast() -> None:
    camera = eye(faults=Faults(condensation=faults.Condensation(haze=0.8, patchy=0.0)))
    flat = Glass(camera, 0, 1e3, 0, 1).through(np.full((48, 64, 3), 50.0, np.float32))
    np.testing.assert_allclose(flat, 50.0, rtol=1e-5)
    image = stream(1, "mist").random((48, 64, 3)).astype(np.float32)
    assert Glass(camera, 0, 1e3, 0, 1).through(image).std() < 0.3 * image.std()


def test_scratches_are_as_strong_as_they_say() -> None:
    share = scratch_map(faults.Scratches(count=3, width_px=2.0, strength=0.5), 200, 150, 1, "eye")
    assert 0.15 < share.max() <= 0.5
    assert 0.0 < (share > 0.05).mean() < 0.2


def test_a_drop_shows_the_scene_upside_down() -> None:
    """Bright above, dark below: inside the drop it is the other way round; outside nothing changes."""
    fault = faults.Drops(count=1, size=0.12)
    camera = eye(width=200, height=160, faults=Faults(drops=fault))
    tables = [drop_table(fault, 200, 160, seed, "eye")[0] for seed in range(20)]
    seed = next(k for k, row in enumerate(tables) if 60 < row[0] < 140 and 50 < row[1] < 110)
    x, y, radius, *_ = tables[seed]
    image = np.full((160, 200, 3), 1.0, np.float32)
    image[int(y) :] = 0.0
    seen = Glass(camera, 0, 1e3, seed, 1).through(image)[..., 0]
    column, reach = int(x), 0.5 * radius
    assert seen[int(y + reach), column] > 0.5 > seen[int(y - reach), column]
    rows, columns = np.mgrid[0:160, 0:200] + 0.5
    outside = np.hypot(rows - y, columns - x) > 1.4 * radius
    np.testing.assert_array_equal(seen[outside], image[..., 0][outside])


def test_dead_rows_and_pixels_are_counted() -> None:
    fault = faults.Dead(rows=3, columns=2, pixels=0.02)
    frame = even(eye(imager=Imager(), faults=Faults(dead=fault), outputs=("raw",)), 800.0)
    assert frame.raw is not None
    dead = frame.raw == 0
    assert dead.all(1).sum() == 3
    assert dead.all(0).sum() == 2
    alive = frame.raw[~dead.all(1)][:, ~dead.all(0)]
    assert (alive == 0).mean() == pytest.approx(0.01, abs=0.003)
    assert (alive == 4095).mean() == pytest.approx(0.01, abs=0.003)


def test_mains_flicker_bands_rows_and_averages_out_over_a_period() -> None:
    camera = eye(readout_s=0.02, faults=Faults(mains_flicker=faults.MainsFlicker(depth=0.4)))
    rows = mains_rows(camera, 0, 0.0)
    # 0.02 s of readout at 100 Hz: two periods from the top to the bottom
    t = (np.arange(48) + 0.5 - 24.0) * 0.02 / 48.0
    np.testing.assert_allclose(rows, 1.0 + 0.4 * np.cos(2.0 * np.pi * 100.0 * t), atol=1e-6)
    np.testing.assert_allclose(mains_rows(camera, 0, 0.01), 1.0, atol=1e-12)
    half = mains_rows(camera, 0, 0.005)
    np.testing.assert_allclose(half - 1.0, (rows - 1.0) * 2.0 / np.pi, atol=1e-9)
    steady = eye(faults=Faults(mains_flicker=faults.MainsFlicker(depth=0.4)))
    assert mains_rows(steady, 2_500_000, 0.0).tolist() == [1.0] * 48 or np.ptp(mains_rows(steady, 2_500_000, 0.0)) == 0


def test_short_exposures_miss_pulsed_lamps() -> None:
    phase = stream(1, "led").random(20_000)
    short = pulse_share(0.3, 0.0005, 90.0, 0.3, phase)
    period = 1.0 / 90.0
    # dark if the exposure lies in the pause
    assert (short == 0.0).mean() == pytest.approx(0.7 - 0.0005 / period, abs=0.01)
    assert short.mean() == pytest.approx(1.0, abs=0.02)
    assert short.max() == pytest.approx(1.0 / 0.3)
    np.testing.assert_allclose(pulse_share(0.3, 4.0 * period, 90.0, 0.3, phase), 1.0, atol=1e-9)
    long = pulse_share(0.3, 2.5 * period, 90.0, 0.3, phase)
    assert 0.6 < long.min() < 1.0 < long.max() < 1.4


def test_a_lamp_is_dark_in_some_frames() -> None:
    exposure = Exposure(mode="manual", time_s=0.0005, iso=400.0)
    camera = eye(exposure=exposure, outputs=("linear",), faults=Faults(led_flicker=faults.LedFlicker()))
    red = []
    for k in range(12):
        frame = shoot(camera, k * 7_000_000)
        assert frame.linear is not None
        red.append(float(frame.linear[24, 32, 0]))
    assert min(red) < 1000.0
    assert max(red) > 6000.0


def test_overexposure_is_so_many_stops() -> None:
    plain, wrong = even(eye()), even(eye(faults=Faults(overexposure=faults.Overexposure(ev=2.0))))
    assert float(plain.exposure[0] / wrong.exposure[0]) == pytest.approx(4.0)


def test_a_frozen_camera_repeats_its_last_picture() -> None:
    camera = eye(faults=Faults(frozen=faults.Frozen(from_s=0.15, until_s=0.35)), imager=Imager(), outputs=("raw",))
    assert camera.folds
    pictures: list[Any] = []
    state = None
    with Bench([CUBE], dome(800.0)) as bench:
        shot = bench.shot(track(time_ns=(0, 2_000_000_000)))
        for k in range(5):
            now = replace(shot, index=k, time_ns=k * 100_000_000)
            frame, state = camera.fold(now, camera.begin(now) if state is None else state)
            assert frame.time_ns == k * 100_000_000
            pictures.append((frame.rgb, frame.raw))
    same = [all(np.array_equal(a, b) for a, b in zip(pictures[k], pictures[1], strict=True)) for k in range(5)]
    assert same == [False, True, True, True, False]


def test_defocus_spreads_a_point() -> None:
    camera = eye(faults=Faults(defocus=faults.Defocus(radius_px=5.0)))
    seen = Glass(camera, 0, 1e3, 0, 1).through(point(48, 64, (24, 32)))
    assert seen.max() < 0.02
    assert seen[..., 0].sum() == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize(
    ("cls", "given", "words"),
    [
        (faults.Dirt, {"from_s": 2.0, "until_s": 1.0}, "until_s 1 must be later than from_s 2"),
        (faults.Dead, {}, "say what is dead"),
    ],
)
def test_senseless_faults_are_refused(cls: type, given: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cls(**given)


@pytest.mark.parametrize("model", ["automotive_1_2mp", "surround_fisheye_2mp"])
def test_any_number_of_threads_gives_the_same_bits(model: str) -> None:
    """Everything at once: halo, flare, pixels, processor and every fault that is on at time 0."""
    on = {name: replace(fault, from_s=0.0) for name, fault in EACH.items()}
    camera = camera_of(
        model, name="eye", width=160, height=120, faults=Faults(**on), outputs=("raw", "ideal", "linear")
    )
    with Bench([CUBE], dome(800.0)) as bench:
        one, two = (camera.fold(bench.shot(track(), threads=n), camera.begin(bench.shot(track())))[0] for n in (1, 3))
    for name in ("rgb", "raw", "linear", "semantic", "instance"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert one.ideal is not None
    np.testing.assert_array_equal(one.ideal.rgb, two.ideal.rgb)  # type: ignore[union-attr,attr-defined]
