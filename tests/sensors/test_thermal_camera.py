"""A thermal camera in a scene: who is warm, shutter, patterns, picture, silence, mistakes."""

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.physics import simulate
from simgen.scene import Clock, Entity, Scene
from simgen.sensors._thermal_band import ZERO_C, radiance, slope
from simgen.sensors._thermal_detector import COUNTS, Scale, blurred, counts, picture, shutter_at, temperatures
from simgen.sensors.base import Dropout, Mount, Sensor
from simgen.sensors.thermal_camera import ThermalCamera
from simgen.taxonomy import class_id

MOUNT = Mount(on="world", position_m=(-9.0, 0.0, 1.5))


def camera(**fields: object) -> ThermalCamera:
    return ThermalCamera(**({"name": "t", "width": 160, "height": 96, "hfov_deg": 70.0, "mount": MOUNT} | fields))


def street(*sensors: Sensor) -> Scene:
    car, person = registry.get("asset", "sedan")(), registry.get("asset", "pedestrian")()
    drive = registry.get("behaviour", "drive_straight")(speed_m_s=3.0)
    entities = (
        Entity(name="parked", instance=1, asset=car, position=(3.0, 4.0, 0.0), quaternion=(0.0, 0.0, 0.0, 1.0)),
        Entity(
            name="driven",
            instance=2,
            asset=car,
            position=(3.0, -4.0, 0.0),
            quaternion=(0.0, 0.0, 0.0, 1.0),
            behaviour=drive,
        ),
        Entity(name="walker", instance=3, asset=person, position=(-2.0, 0.0, 0.0)),
    )
    return Scene(
        name="warm",
        seed=3,
        clock=Clock(duration_s=0.2),
        world=registry.get("world", "empty")(size_m=200.0),
        light=registry.get("light", "constant")(luminance_cd_m2=1.0, lamp_lux=0.0),
        entities=entities,
        sensors=sensors,
    )


@pytest.fixture(scope="module")
def frame():
    dropped = camera(name="off", dropouts=(Dropout(from_s=0.0, until_s=9.0),))
    light = registry.get("sensor", "camera")(name="light", width=160, height=96, hfov_deg=70.0, mount=MOUNT)
    built = street(camera(outputs=("ideal", "emissivity"), air_temperature_c=8.0), dropped, light)
    assembly = assemble(built)
    with Renderer(assembly, simulate(assembly), threads=2) as renderer:
        return {tick.sensor.name: renderer.frame(tick) for tick in timetable(built)}


def test_people_and_running_engines_are_warm_and_parked_cars_are_not(frame) -> None:
    f = frame["t"]
    ground = f.temperature[f.semantic == class_id("terrain")] if (f.semantic == class_id("terrain")).any() else None
    ground = f.temperature[(f.instance == 0) & np.isfinite(f.depth)] if ground is None else ground
    parked, driven, walker = (f.temperature[f.instance == k] for k in (1, 2, 3))
    assert min(len(parked), len(driven), len(walker)) > 60
    assert np.median(walker) > ground.mean() + 8.0
    assert np.percentile(driven, 95) > np.percentile(parked, 95) + 12.0
    assert np.median(parked) < 8.0 + 2.0
    skin = f.surface_temperature[f.instance == 3].max()
    assert 31.0 < skin < 36.0
    assert f.temperature[np.isinf(f.depth)].mean() < ground.mean() - 10.0
    white = f.image[f.instance == 3].mean()
    assert white > f.image[(f.instance == 0) & np.isfinite(f.depth)].mean() + 30


def test_windows_mirror_the_sky_and_look_colder_than_they_are(frame) -> None:
    f = frame["t"]
    glass = (f.instance == 1) & (f.emissivity > 0.6) & (f.emissivity < 0.885)
    assert glass.sum() > 5
    assert (f.surface_temperature[glass] - f.temperature[glass]).mean() > 1.0


def test_boxes_and_ideal_are_there(frame) -> None:
    f = frame["t"]
    assert set(f.boxes.instance) == {1, 2, 3}
    assert f.ideal.raw.shape == f.raw.shape
    error = f.temperature.astype(float) - f.ideal.temperature
    warm = f.ideal.temperature > 0.0
    assert 0.04 < error[warm].std() < 0.09
    assert f.raw.max() <= COUNTS


def test_a_silent_camera_is_blank_but_keeps_its_labels(frame) -> None:
    f = frame["off"]
    assert f.status == 1
    assert not f.raw.any()
    assert not f.image.any()
    np.testing.assert_array_equal(f.instance, frame["t"].instance)


def test_labels_are_those_of_a_camera_at_the_same_place(frame) -> None:
    hot, light = frame["t"], frame["light"]
    np.testing.assert_array_equal(hot.instance, light.instance)
    np.testing.assert_array_equal(hot.semantic, light.semantic)
    np.testing.assert_allclose(hot.depth, light.depth, rtol=1e-5)
    np.testing.assert_array_equal(hot.boxes.pixels, light.boxes.pixels)


def even(cam: ThermalCamera, celsius: float = 20.0):
    level = float(radiance(cam.band_table, np.array(celsius + ZERO_C)))
    return np.full((cam.height, cam.width), level)


def test_counts_are_linear_in_radiance_between_the_ends_of_the_span() -> None:
    cam = camera(span_c=(-20.0, 100.0), nuc_interval_s=0.0)
    shutter = shutter_at(cam, 0, 1)
    for celsius, expected in ((-20.0, 0), (-50.0, 0), (100.0, COUNTS), (300.0, COUNTS)):
        raw = counts(cam, even(cam, celsius), 0, shutter, 1, 1, noisy=False)
        assert (raw == expected).all()
    scale = Scale.of(cam)
    np.testing.assert_allclose(scale.radiance(np.array([0, COUNTS], np.uint16)), [scale.low, even(cam, 100.0)[0, 0]])
    raw = counts(cam, even(cam, 37.0), 0, shutter, 1, 1, noisy=False)
    np.testing.assert_allclose(temperatures(cam, raw), 37.0, atol=0.01)


def test_the_pattern_stays_until_the_shutter_closes_and_grows_meanwhile() -> None:
    cam = camera(netd_mk=0.0, pattern_mk=40.0, column_mk=0.0, drift_mk_per_min=60.0, nuc_interval_s=100.0)
    begin = next(t for t in range(0, 200_000_000_000, 200_000_000) if shutter_at(cam, t, 7).closed)

    def reading(after_s: float):
        shutter = shutter_at(cam, begin + int(after_s * 1e9), 7)
        return counts(cam, even(cam), int(after_s), shutter, 7, 1, noisy=True).astype(float)

    soon, later, much_later, next_cycle = (reading(s) for s in (1.0, 3.0, 95.0, 101.0))
    assert np.corrcoef(soon.ravel(), later.ravel())[0, 1] > 0.98
    assert much_later.std() > 1.8 * soon.std()
    assert abs(np.corrcoef(soon.ravel(), next_cycle.ravel())[0, 1]) < 0.15
    one_k = slope(cam.band_table, 300.0) / Scale.of(cam).per_count
    assert soon.std() == pytest.approx(0.04 * one_k, rel=0.05)


def test_the_shutter_is_closed_for_its_share_of_the_time() -> None:
    cam = camera(nuc_interval_s=10.0, nuc_duration_s=0.5)
    states = [shutter_at(cam, k * 50_000_000, 2) for k in range(4000)]
    assert np.mean([s.closed for s in states]) == pytest.approx(0.05, abs=0.003)
    assert max(s.age_s for s in states) == pytest.approx(9.5, abs=0.06)
    assert len({s.cycle for s in states}) in (20, 21)
    assert not any(shutter_at(camera(nuc_interval_s=0.0), k * 10**9, 2).closed for k in range(50))


def test_blur_keeps_the_sum_and_has_its_width() -> None:
    spot = np.zeros((41, 41))
    spot[20, 20] = 1.0
    out = blurred(spot, 1.5)
    x = np.arange(41) - 20.0
    assert out.sum() == pytest.approx(1.0)
    assert np.sqrt((out.sum(0) * x**2).sum()) == pytest.approx(1.5, rel=0.03)
    assert blurred(spot, 0.0) is spot


def test_gain_is_rising_uses_the_range_and_spares_an_even_scene() -> None:
    cam = camera(nuc_interval_s=0.0)
    shutter = shutter_at(cam, 0, 1)
    warm = even(cam)
    warm[:30] = float(radiance(cam.band_table, np.array(-35.0 + ZERO_C)))
    warm[60:70, 40:60] = float(radiance(cam.band_table, np.array(33.0 + ZERO_C)))
    raw = counts(cam, warm, 0, shutter, 1, 1, noisy=True)
    image, white = picture(cam, raw)
    order = np.argsort(raw.ravel())
    assert (np.diff(image.ravel()[order].astype(int)) >= 0).all()
    assert image[:30].mean() + 30 < image[40:60].mean() < image[60:70, 40:60].mean() - 30
    assert white == pytest.approx(33.0 + ZERO_C, abs=0.6)
    flat, _ = picture(cam, counts(cam, even(cam), 0, shutter, 1, 1, noisy=True))
    assert flat.std() < 4.0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hfov_deg": 60.0, "focal_px": 300.0}, "give hfov_deg or focal_px, not both"),
        ({"band_um": (14.0, 8.0)}, "band_um must be two rising wavelengths"),
        ({"span_c": (50.0, 50.0)}, "span_c must be two rising temperatures"),
        ({"nuc_interval_s": 0.2}, "nuc_duration_s must be shorter than nuc_interval_s"),
        ({"outputs": ("emisivity",)}, "no output 'emisivity'; did you mean 'emissivity'"),
        ({"width": 4096, "height": 4096}, "more than 4 million pixels"),
    ],
)
def test_mistakes_are_named(wrong: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ThermalCamera(name="t", **wrong)


def test_materials_follow_from_tag_class_texture_and_finish() -> None:
    from simgen.kernels.thermal_heat import ABSORBED, EMISSIVITY, FIXED, LAMP
    from simgen.records.mesh import Surface, SurfaceTable
    from simgen.sensors._thermal_surfaces import surface_rows

    rows = surface_rows(
        SurfaceTable.of(
            [
                Surface(class_name="road", base_color=(0.1, 0.1, 0.1)),
                Surface(class_name="pole", metallic=1.0),
                Surface(class_name="car", metallic=0.12, heat="body"),
                Surface(class_name="building", roughness=0.05, transmission=0.8),
                Surface(class_name="person", heat="skin"),
                Surface(class_name="child"),
                Surface(class_name="car", heat="body", emission=(900.0, 20.0, 20.0)),
                Surface(class_name="animal"),
            ]
        ),
        air_c=5.0,
    )
    np.testing.assert_allclose(rows[:, EMISSIVITY], [0.95, 0.25, 0.94, 0.88, 0.98, 0.95, 0.94, 0.97], atol=1e-6)
    np.testing.assert_allclose(rows[[4, 5, 7], FIXED], [33.0, 5.0 + 0.5 * 28.0, 5.0 + 0.45 * 28.0])
    assert np.isnan(rows[[0, 1, 2, 3, 6], FIXED]).all()
    assert rows[0, ABSORBED] == pytest.approx(0.9 * 0.65, abs=1e-6)
    np.testing.assert_array_equal(rows[:, LAMP] > 0.0, [False] * 6 + [True, False])
