"""Rain on the pane in front of a camera: when it arrives, how it gathers, runs and is wiped, and what is seen of it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers_camera import eye
from helpers_stage import Bench, Part, box, dome, track

from simgen.kernels import beads, runoff
from simgen.kernels.jit import kernel
from simgen.lens import KannalaBrandt
from simgen.records.air import Fallen
from simgen.records.base import F8
from simgen.records.frames import CameraFrame
from simgen.records.surroundings import Shot
from simgen.rng import stream
from simgen.sensors import _camera_drops as drops
from simgen.sensors._camera_drops import blur_px, clear_share, gathered, on_glass, pane_of, seen_through
from simgen.sensors._camera_faults import Faults, Overexposure
from simgen.sensors._camera_lens import Lens
from simgen.sensors._camera_optics import Optics
from simgen.sensors._front_glass import FrontGlass
from simgen.sensors._pane import Gathered, Past, clock_of, past_of
from simgen.sensors.camera import Camera

_BEHIND = Part(mesh=box((0.1, 0.1, 0.1), (-50.0, 0.0, 0.0)))
#: s
LATER = 2.0


def rain(*mm_h: float) -> Fallen:
    """Rain at these rates, for a second each, the first before time 0 too, the last on and on."""
    times = np.arange(len(mm_h) + 1, dtype=np.int64) * 1_000_000_000
    fallen = np.concatenate([[0.0], np.cumsum(np.array(mm_h) / 3600.0)])
    return Fallen(time_ns=times, rain_mm=fallen, snow_mm=0.0 * fallen)


def wet(shot: Shot, fallen: Fallen, time_s: float = LATER, **changes: Any) -> Shot:
    around = replace(shot.surroundings, fallen=fallen, seed=changes.pop("seed", 1))
    return replace(shot, surroundings=around, time_ns=round(time_s * 1e9), **changes)


def pane_camera(glass: FrontGlass | None = None, **fields: Any) -> Camera:
    size = {"width": 160, "height": 120}
    return eye(**{**size, "glass": glass or FrontGlass(before_s=10.0), **fields})


@pytest.fixture(scope="module")
def shot() -> Any:
    with Bench([_BEHIND], dome(1000.0)) as bench:
        yield bench.shot(track())


def collected(fallen: Fallen, glass: FrontGlass, course: Any = None, key: int = 5) -> Gathered:
    """Drops on the pane of a camera in rain, without a camera."""
    past = Past(fallen, course or track(), None)
    return Gathered(past, glass, pane_of(pane_camera(glass), glass), key, glass.facing)


def falling(there: Gathered, begin: float, end: float) -> F8:
    return there._falling(there.clock(end + 1.0), begin, end)


def flux(rate: float, tilt_deg: float, speed: float = 0.0) -> float:
    """Drops a m2 and s on a pane that moves forward, by a sum over fine steps of diameter."""
    d = np.arange(0.3, 6.0, 0.001) + 0.0005
    number = 8000.0 * np.exp(-4.1 * rate**-0.21 * d) * 0.001
    falls = np.maximum(9.65 - 10.3 * np.exp(-0.6 * d), 0.0)
    lean = math.radians(tilt_deg)
    return float((number * (falls * math.sin(lean) + speed * math.cos(lean))).sum())


@pytest.mark.parametrize(("rate", "tilt", "speed"), [(25.0, 30.0, 0.0), (5.0, 60.0, 0.0), (25.0, 20.0, 15.0)])
def test_arrivals_are_a_poisson_process_of_the_rain_that_meets_the_pane(rate: float, tilt: float, speed: float) -> None:
    glass = FrontGlass(tilt_deg=tilt)
    way = track(((0.0, 0.0, 0.0), (100.0 * speed, 0.0, 0.0)), (1.0, 0.0, 0.0, 0.0), (0, 100_000_000_000))
    counts = []
    for key in range(20):
        there = collected(rain(rate), glass, way, key)
        rows = falling(there, 0.0, 20.0)
        counts += np.histogram(rows[:, 0], np.arange(0.0, 20.1, 0.5))[0].tolist()
        expected = 0.5 * flux(rate, tilt, speed) * there.area
    counted = np.array(counts, float)
    assert counted.mean() == pytest.approx(expected, rel=4.0 / math.sqrt(counted.sum()))
    # a Poisson count's variance is its mean; of 800 counts the ratio has a deviation of 5 %
    assert counted.var() / counted.mean() == pytest.approx(1.0, abs=0.2)


def test_sizes_are_those_of_the_drops_that_meet_it() -> None:
    rows = np.concatenate([falling(collected(rain(25.0), FrontGlass(), key=key), 0.0, 20.0) for key in range(8)])
    d = np.arange(0.3, 6.0, 0.001) + 0.0005
    weight = np.exp(-4.1 * 25.0**-0.21 * d) * np.maximum(9.65 - 10.3 * np.exp(-0.6 * d), 0.0)
    assert 1e3 * rows[:, 3].mean() == pytest.approx((weight * d).sum() / weight.sum(), rel=0.02)
    # spread evenly over the pane
    for column in (1, 2):
        place = rows[:, column]
        assert abs((place - place.min()).mean() / np.ptp(place) - 0.5) < 0.02


def test_the_same_drops_arrive_however_the_rain_changes() -> None:
    """On the clock of what has met the pane they are the same points; only the clock's pace differs."""
    steady, changing = (collected(rain(*rates), FrontGlass()) for rates in ((20.0,), (5.0, 60.0, 0.0, 20.0)))
    on_clock = []
    for there in (steady, changing):
        rows, clock = falling(there, -5.0, 8.0), there.clock(9.0)
        knots = clock.start + clock.step * np.arange(len(clock.met))
        on_clock.append(np.interp(rows[:, 0], knots, clock.met))
    low, high = (f(f2(c) for c in on_clock) for f, f2 in ((max, min), (min, max)))
    one, two = (c[(c > low + 0.1) & (c < high - 0.1)] for c in on_clock)
    assert len(one) > 100
    np.testing.assert_allclose(one, two, atol=1e-6)
    assert len(falling(changing, 2.05, 2.95)) == 0


def test_no_water_is_lost_or_made_before_it_runs_off() -> None:
    there = collected(rain(8.0), FrontGlass(before_s=3.0))
    volume = [float(there.at(t)[:, runoff.VOLUME].sum()) for t in np.arange(-2.0, 1.0, 0.25)]
    arrived = math.pi / 6.0 * (falling(there, -3.0, 0.75)[:, 3] ** 3).sum()
    assert len(there.at(0.75)) > 30
    assert np.diff(volume).min() >= 0.0
    assert volume[-1] == pytest.approx(arrived, rel=1e-9)
    # what touches has flowed together
    table = there.at(0.75)
    gap = np.hypot(*(table[:, None, k] - table[None, :, k] for k in (runoff.X, runoff.Y)))
    gap -= table[:, None, runoff.RADIUS] + table[None, :, runoff.RADIUS]
    assert (gap + 1e3 * np.eye(len(table))).min() >= -1e-9


def test_any_instant_is_the_same_in_any_order() -> None:
    for wiper in (None, 1.3):
        glass = FrontGlass(before_s=6.0, wiper_s=wiper)
        one = collected(rain(30.0, 80.0), glass)
        forward = {t: one.at(t) for t in (0.0, 0.1, 0.213, 1.5, 1.501, 31.7)}
        back = collected(rain(30.0, 80.0), glass)
        for t in reversed(forward):
            np.testing.assert_array_equal(back.at(t), forward[t])
            np.testing.assert_array_equal(collected(rain(30.0, 80.0), glass).at(t), forward[t])
    assert len(forward[1.5]) > 10


def test_a_wipe_takes_everything_that_came_before() -> None:
    glass = FrontGlass(before_s=10.0, wiper_s=1.5)
    there = collected(rain(80.0), glass)
    pane = there.pane
    for t in (0.0, 0.3, 0.61, 1.0, 1.35):
        table = there.at(t)
        came = (table[:, runoff.IDENTITY] - 2e12) * 1e-6
        assert len(table) > 10
        wiped = np.array([_wiped_at(x, y, pane, t) for x, y in table[:, [runoff.X, runoff.Y]]])
        resting = table[:, runoff.WAY] == 0.0
        assert (came[resting] > wiped[resting] - 1.1 * runoff.TICK).all()
    # it has stopped raining: the pane stays clean
    dry = collected(rain(80.0, 0.0), glass)
    assert len(dry.at(0.99)) > 10
    assert len(dry.at(1.5 + 2.0 * pane.stroke + 0.05)) == 0


def test_the_last_wipe_is_the_latest_passage_of_the_blade() -> None:
    glass = FrontGlass(wiper_s=2.0)
    pane = pane_of(pane_camera(glass), glass)
    x, y = 0.01, -0.005
    angle = math.atan2(x - pane.pivot_x, pane.pivot_y - y)
    times = np.arange(0.0, 6.0, 0.0005)
    at = [drops.blade_angle(pane, float(t)) for t in times]
    ahead = np.array([np.nan if a is None else a - angle for a in at])
    passes = times[1:][np.sign(ahead[1:]) * np.sign(ahead[:-1]) < 0]
    assert len(passes) == 6
    for t in (3.0, 4.2, 5.99):
        assert _wiped_at(x, y, pane, t) == pytest.approx(passes[passes <= t].max(), abs=0.001)


@kernel
def _wiped_at(x: float, y: float, pane: Any, time: float) -> float:
    return runoff.wiped_at(x, y, pane, time)


@pytest.mark.parametrize("contact", [30.0, 60.0, 100.0])
def test_a_drop_runs_when_it_is_heavier_than_its_rim_holds(contact: float) -> None:
    """``rho V g = 2 a gamma (cos receding - cos advancing)`` on an upright pane (Furmidge 1962)."""
    glass = FrontGlass(contact_angle_deg=contact, tilt_deg=0.0)
    pane = pane_of(pane_camera(glass), glass)
    clock = clock_of(Past(None, track(), None), glass, 1.0, 0.0, 100, glass.facing)
    low, high = (math.cos(math.radians(contact + s * 12.0)) for s in (1.0, -1.0))
    # of a cap of height h and base a: V = pi h (3 a^2 + h^2) / 6, h = a tan(angle / 2)
    h = math.tan(0.5 * math.radians(contact))
    critical = math.sqrt(2.0 * 0.0742 * (high - low) / (999.7 * 9.81 * math.pi * h * (3.0 + h * h) / 6.0))
    assert 0.3 * 2.75e-3 < critical < 2.0 * 2.75e-3, "of the order of water's capillary length"
    for share, runs in ((0.99, False), (1.01, True)):
        table = np.zeros((64, runoff.COLUMNS))
        table[0, runoff.RADIUS] = share * critical
        table[0, runoff.VOLUME] = glass.form * (share * critical) ** 3
        count = runoff.advance(table, 1, 0, 25, 0.5, np.zeros((0, 4)), clock, pane, np.uint64(3))
        assert (table[:count, runoff.Y].max() > 1e-3 if count else True) == runs
        if not runs:
            assert table[0, runoff.Y] == 0.0


def test_the_wind_of_the_road_drives_drops_up_the_pane() -> None:
    glass, table = FrontGlass(tilt_deg=60.0), np.zeros((64, runoff.COLUMNS))
    pane = pane_of(pane_camera(glass), glass)
    way = track(((0.0, 0.0, 0.0), (4000.0, 0.0, 0.0)), (1.0, 0.0, 0.0, 0.0), (0, 100_000_000_000))
    clock = clock_of(Past(None, way, None), glass, 1.0, 0.0, 100, glass.facing)
    table[0, runoff.RADIUS], table[0, runoff.VOLUME] = 2e-3, glass.form * 8e-9
    runoff.advance(table, 1, 0, 5, 0.1, np.zeros((0, 4)), clock, pane, np.uint64(3))
    assert table[0, runoff.Y] < 0.0


@kernel
def _bent(x: float, y: float, z: float, nx: float, ny: float, nz: float) -> tuple[float, float, float]:
    return beads.bent(x, y, z, nx, ny, nz)


def test_rays_leave_water_by_snells_law() -> None:
    for angle in (0.1, 0.4, 0.8):
        x, y, z = _bent(0.0, 0.0, 1.0, 0.0, math.sin(angle), math.cos(angle))
        # from the normal, which leans by the angle, it goes off by asin(n sin)
        expected = math.asin(1.333 * math.sin(angle)) - angle
        assert math.atan2(-y, z) == pytest.approx(expected)
        assert math.hypot(x, y, z) == pytest.approx(1.0)
    x, y, z = _bent(0.0, 0.0, 1.0, 0.0, math.sin(1.2), math.cos(1.2))
    assert y * math.sin(1.2) + z * math.cos(1.2) == pytest.approx(0.0, abs=1e-12), "thrown back: along the surface"


def one_drop(camera: Camera, monkeypatch: pytest.MonkeyPatch, radius_m: float, at: tuple[float, float]) -> None:
    """A pane with a single drop."""
    row = np.zeros((1, runoff.COLUMNS))
    row[0, runoff.X], row[0, runoff.Y], row[0, runoff.RADIUS], row[0, runoff.VOLUME] = *at, radius_m, 1e-9
    monkeypatch.setattr(Gathered, "at", lambda self, time_s: row)
    drops._on_glass.cache_clear()


def test_a_drop_shows_the_scene_upside_down(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = pane_camera(FrontGlass(distance_m=0.05), optics=Optics(f_number=16.0))
    one_drop(camera, monkeypatch, 3e-3, (0.0, 0.0))
    now = wet(shot, rain(1.0), 1.1)
    image = np.full((120, 160, 3), 1.0, np.float32)
    image[60:] = 0.0
    seen = seen_through(camera, now, image)[..., 0]
    radius = 3e-3 * camera.projection.fx / 0.05
    reach = round(0.5 * radius)
    assert seen[60 - reach, 80] < 0.05
    assert seen[60 + reach, 80] > 0.95
    rows, columns = np.mgrid[0:120, 0:160] + 0.5
    outside = np.hypot(rows - 60, columns - 80) > 1.4 * radius
    np.testing.assert_array_equal(seen[outside], image[..., 0][outside])


def test_a_drop_is_a_lens_of_known_power(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Near its middle the view is turned by ``(n - 1) r sin(contact) / a`` for each ``r`` from it."""
    camera = pane_camera(FrontGlass(distance_m=0.05, contact_angle_deg=40.0), width=640, height=480)
    camera = replace(camera, optics=Optics(f_number=22.0))
    one_drop(camera, monkeypatch, 2e-3, (0.0, 0.0))
    monkeypatch.setattr(drops, "_hashed", lambda identity: np.zeros((len(identity), 4)))
    now = wet(shot, rain(1.0), 1.2)
    ramp = np.repeat(np.broadcast_to(np.arange(640.0, dtype=np.float32)[None, :, None], (480, 640, 1)), 3, -1)
    seen = seen_through(camera, now, np.ascontiguousarray(ramp))[240, :, 0]
    off = np.array([-6.0, -3.0, 3.0, 6.0])
    places = (320 + off).astype(int)
    shown = 0.5 * (seen[places] + seen[places - 1]) - 319.5
    slope = np.polyfit(off, shown, 1)[0]
    assert slope == pytest.approx(1.0 - 0.333 * 0.05 * math.sin(math.radians(40.0)) / 2e-3, rel=0.05)


@pytest.mark.parametrize("distance", [0.008, 0.03, 0.3])
@pytest.mark.parametrize("lens", ["pinhole", "kannala_brandt"])
def test_an_even_field_stays_even(shot: Shot, distance: float, lens: str) -> None:
    wide = {"lens": Lens(model=lens), "hfov_deg": 170.0} if lens != "pinhole" else {}
    camera = pane_camera(FrontGlass(distance_m=distance, before_s=8.0), **wide)
    now = wet(shot, rain(60.0))
    assert len(on_glass(camera, now).shapes) > 0
    flat = seen_through(camera, now, np.full((120, 160, 3), 50.0, np.float32))
    np.testing.assert_allclose(flat, 50.0, rtol=2e-5)


def test_what_is_left_clear_is_what_drops_do_not_cover(shot: Shot) -> None:
    camera = pane_camera(FrontGlass(before_s=6.0, distance_m=0.05), width=320, height=240)
    now = wet(shot, rain(20.0))
    clear, shapes = clear_share(camera, now), on_glass(camera, now).shapes
    cell = on_glass(camera, now).cell
    area = math.pi * (shapes[:, beads.ROUND] * cell) ** 2
    inside = ((shapes[:, :2] > 0.0) & (shapes[:, :2] * cell < (320, 240))).all(-1)
    assert 1.0 - clear.mean() == pytest.approx(area[inside].sum() / (320 * 240), rel=0.15)
    picture = stream(2, "picture").random((240, 320, 3)).astype(np.float32)
    seen = seen_through(camera, now, picture)
    np.testing.assert_array_equal(seen[clear == 1.0], picture[clear == 1.0])
    assert (seen != picture).mean() > 0.01


def test_a_speck_on_the_pane_becomes_a_disc_of_the_apertures_size(shot: Shot, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = pane_camera(FrontGlass(distance_m=0.02), width=320, height=240, optics=Optics(f_number=1.4))
    one_drop(camera, monkeypatch, 0.01e-3, (0.0, 0.0))
    cover = 1.0 - clear_share(camera, wet(shot, rain(1.0), 1.3)).astype(np.float64)
    rows, columns = np.mgrid[0:240, 0:320] + 0.5
    second = (cover * ((rows - 120) ** 2 + (columns - 160) ** 2)).sum() / cover.sum()
    focal = camera.projection.fx
    # f A / d wide: the aperture as seen at the pane; a disc's mean square is half of its radius squared
    wide = focal * (focal * 3e-6 / 1.4) / 0.02
    assert blur_px(camera, camera.glass or FrontGlass()) == pytest.approx(0.5 * wide)
    assert math.sqrt(2.0 * second) == pytest.approx(0.5 * wide, rel=0.1)


def test_the_blade_hides_and_its_film_smears(shot: Shot) -> None:
    camera = pane_camera(FrontGlass(wiper_s=1.2, before_s=5.0), width=320, height=240)
    now = [wet(shot, rain(20.0), 1.2 + t) for t in np.arange(0.0, 0.55, 0.05)]
    clear = [clear_share(camera, one).min() for one in now]
    blades = [on_glass(camera, one).blade is not None for one in now]
    assert any(blades)
    assert not blades[0]
    film = on_glass(camera, now[6]).film
    assert film is not None
    assert 0.3 < film.max() <= 0.6
    assert clear[blades.index(True) + 1] < 0.05
    assert on_glass(camera, wet(shot, rain(20.0, 0.0), 3.7)).film is None
    hidden = replace(camera, glass=FrontGlass(wiper_s=1.2, blade_mm=0.0))
    assert all(on_glass(hidden, one).blade is None for one in now)


def picture(camera: Camera, fallen: Fallen, time_s: float, threads: int = 1) -> CameraFrame:
    with Bench([Part(mesh=box((1.0, 1.0, 1.0), (4.0, 0.0, 0.0)), label=1)], dome(800.0)) as bench:
        one = wet(bench.shot(track(), threads=threads), fallen, time_s)
        return camera.capture(one)


def test_labels_and_radiance_never_follow() -> None:
    # a fault that does nothing: the picture of an ideal camera takes another way
    kept, same = ("normal", "linear", "glass"), Faults(overexposure=Overexposure(ev=0.0))
    dry, soaked = (
        picture(replace(pane_camera(outputs=kept, exposure_ev=9.0, faults=same), glass=glass), rain(50.0), 0.5)
        for glass in (None, FrontGlass())
    )
    for name in ("depth", "semantic", "instance", "normal", "linear"):
        np.testing.assert_array_equal(getattr(dry, name), getattr(soaked, name))
    assert dry.glass is not None
    assert soaked.glass is not None
    assert (dry.glass == 1.0).all()
    assert 0.3 < soaked.glass.mean() < 0.98
    assert dry.rgb is not None
    assert soaked.rgb is not None
    np.testing.assert_array_equal(dry.rgb[soaked.glass == 1.0], soaked.rgb[soaked.glass == 1.0])
    assert not np.array_equal(dry.rgb, soaked.rgb)


def test_a_twin_in_clear_air_has_a_clean_pane(shot: Shot) -> None:
    camera = pane_camera(FrontGlass(wiper_s=1.0), outputs=("glass", "twin")).in_clear_air()
    now = wet(shot, rain(50.0), 1.2)
    clear = replace(now, surroundings=now.surroundings.cleared())
    picture = stream(2, "picture").random((120, 160, 3)).astype(np.float32)
    np.testing.assert_array_equal(seen_through(camera, clear, picture), picture)
    assert camera.outputs == ()


def test_any_number_of_threads_gives_the_same_bits() -> None:
    camera = pane_camera(FrontGlass(wiper_s=2.0), outputs=("glass",))
    one, two = (picture(camera, rain(50.0), 1.4, threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.rgb, two.rgb)
    np.testing.assert_array_equal(one.glass, two.glass)


def test_seed_and_name_tell_panes_apart(shot: Shot) -> None:
    tables = [
        gathered(replace(pane_camera(), name=name), past_of(wet(shot, rain(20.0))), seed).at(0.0)
        for name, seed in (("a", 1), ("b", 1), ("a", 2))
    ]
    assert len({len(t) for t in tables}) > 1 or not np.array_equal(tables[0], tables[1])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: FrontGlass(shelter=1.0), "shelter: 1 keeps everything off"),
        (lambda: Camera(name="c", glass=FrontGlass(), lens=Lens(model="equirectangular"), width=64, height=32), "pane"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_a_camera_stays_clean_unless_it_is_told() -> None:
    assert Camera(name="c").glass is None
    assert Camera(name="c").is_ideal
    assert not Camera(name="c").needs_course
    assert KannalaBrandt.model == "kannala_brandt"
