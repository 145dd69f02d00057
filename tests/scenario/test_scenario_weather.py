"""Weather in scene files: presets become numbers, changes, and what contradicts itself is refused with its line."""

from __future__ import annotations

import pytest

from simgen.errors import SceneError
from simgen.scenario import loads, scene_from_yaml, scene_to_yaml
from simgen.weather.change import Change
from simgen.weather.fog import Fog
from simgen.weather.preset import Preset, effects_of, presets
from simgen.weather.rain import Rain
from simgen.weather.snow import Snow

THERMAL = "sensors: [{name: warm, type: thermal_camera, air_temperature_c: 40, mount: {on: world}}]"


def scene(*weather: str, more: str = ""):
    return "simgen: 1\nworld: empty\nweather:\n" + "".join(f"  - {line}\n" for line in weather) + more


def faults(text: str, seed: int | None = None) -> list[str]:
    scenario = None if seed is None else loads(text, "s")
    with pytest.raises(SceneError) as caught:
        loads(text, "s") if scenario is None else scenario.sample(seed or 0)
    return [str(fault).removeprefix("s:") for fault in caught.value.faults]


@pytest.mark.parametrize("kind", presets())
def test_every_preset_is_drawn_as_numbers(kind):
    drawn = loads(scene(f"{{type: preset, kind: {kind}}}"), "s").sample(0)
    assert drawn.weather == effects_of(kind)
    assert not any(isinstance(effect, Preset) for effect in drawn.weather)
    assert scene_from_yaml(scene_to_yaml(drawn)) == drawn


def test_presets_are_ordered_as_their_names_say():
    def alpha(kind: str) -> float:
        return Preset(kind=kind).medium().extinction_at(550.0)

    for rising in (
        ("light_rain", "moderate_rain", "heavy_rain", "cloudburst"),
        ("light_snow", "moderate_snow", "heavy_snow", "blizzard"),
        ("haze", "mist", "light_fog", "thick_fog", "dense_fog"),
        ("dusty", "dust_storm", "sandstorm"),
    ):
        assert sorted(rising, key=alpha) == list(rising)


def test_a_preset_may_be_drawn():
    scenario = loads(scene("{type: preset, kind: {choice: [blizzard, dense_fog]}}"), "s")
    assert {scenario.sample(seed).weather for seed in range(8)} == {effects_of("blizzard"), effects_of("dense_fog")}


def test_a_change_has_drawn_ends():
    before, after = "{type: fog, visibility_m: {uniform: [400, 900]}}", "{type: fog, visibility_m: 50}"
    text = f"{{type: change, from: {before}, to: {after}, over_s: 20}}"
    (change,) = loads(scene(text), "s").sample(3).weather
    assert isinstance(change, Change)
    assert isinstance(change.from_, Fog)
    assert 400.0 <= change.from_.visibility_m <= 900.0
    assert change.to == Fog(visibility_m=50.0)


@pytest.mark.parametrize(
    ("weather", "message"),
    [
        (("{type: rain, rate_mm_h: -3}",), "4:29: rate_mm_h must be more than 0, not -3"),
        (("{type: fog, visibility_m: 0.2}",), "4:31: visibility_m must be at least 1, not 0.2"),
        (("{type: dust, visibility_m: 0}",), "4:32: visibility_m must be at least 1, not 0"),
        (("{type: hail, diameter_mm: 2}",), "4:31: diameter_mm must be at least 6, not 2"),
        (
            ("{type: fog, visibility_m: 50}", "{type: rain}", "{type: fog, visibility_m: 400}"),
            "6:5: there is already a fog on line 4, and the air has only one (leave one of them out)",
        ),
        (
            ("snow", "{type: preset, kind: blizzard}"),
            "5:5: there is already a snow on line 4, and the air has only one (leave one of them out)",
        ),
        (
            ("{type: preset, kind: blizard}",),
            None,
        ),
        (
            ("{type: change, from: {type: fog}, to: {type: rain}}",),
            "4:43: to is rain, but from is fog; let one fade (to: null) and the other come (from: null)",
        ),
        (("{type: change, from: null, to: null}",), "4:26: from and to are both nothing"),
        (
            ("{type: change, from: {type: preset, kind: mist}, to: null}",),
            "4:26: from and to are plain effects, not a preset; give each of its effects apart",
        ),
        (
            ("{type: change, from: fog, to: {type: fog, droplets: advection}}",),
            "4:35: to has another droplets than from, and only numbers can change",
        ),
        (("{type: change, from: fog, to: null, over_s: 0}",), "4:49: over_s must be more than 0, not 0"),
        (("{type: change, to: fog}",), "4:5: change needs the key 'from' (the effect before, or null for nothing)"),
    ],
)
def test_what_is_impossible_is_refused_where_it_stands(weather, message):
    found = faults(scene(*weather))
    if message is None:
        assert found[0].startswith("4:26: kind must be one of 'haze', 'mist', ")
        assert found[0].endswith("(did you mean 'blizzard'?)")
    else:
        assert found == [message]


def test_contradictions_are_found_in_what_is_drawn_too():
    text = scene("{choice: [{type: fog, visibility_m: 90}]}", "{type: fog, visibility_m: 400}")
    loads(text, "s")
    assert faults(text, seed=1)[0].startswith("5:5: there is already a fog on line 4")


def test_snow_does_not_fall_in_summer():
    said = "4:5: snow does not fall above 4 C, but the sensor 'warm' has air of 40 C on line 5 (change one of them)"
    assert faults(scene("snow", more=THERMAL)) == [said]
    assert faults(scene("{type: change, from: null, to: snow}", more=THERMAL)) == [said]
    assert loads(scene("rain", more=THERMAL), "s")
    assert loads(scene("snow", more=THERMAL.replace("40", "-2")), "s")


@pytest.mark.parametrize(
    ("weather", "message"),
    [
        (
            ("{type: rain, rate_mm_h: 12}", "{type: dust, visibility_m: 300}"),
            "5:5: the rain of 12 mm/h on line 4 washes dust out of the air (at most 3 mm/h)",
        ),
        (
            ("dust", "{type: preset, kind: heavy_rain}"),
            "4:5: the rain of 25 mm/h on line 5 washes dust out of the air (at most 3 mm/h)",
        ),
        (
            ("{type: snow_cover}", "{type: rain, rate_mm_h: 30}"),
            "4:5: the rain of 30 mm/h on line 5 leaves no snow lying (at most 10 mm/h)",
        ),
        (("spray", "fog"), "4:5: spray needs a wet road, and nothing wets it (add rain or wet_ground)"),
        (
            ("{type: fog, visibility_m: 1.5}", "{type: smoke, visibility_m: 2}"),
            "5:5: fog and smoke together leave a visibility of 0.86 m, which must be at least 1 m"
            " (make one of them thinner)",
        ),
        (
            ("black_ice", "{type: exhaust, air_temperature_c: 12}"),
            "4:5: there is no black_ice above 4 C, but the exhaust on line 5 has air of 12 C (change one of them)",
        ),
        (
            ("{type: exhaust, air_temperature_c: 29, humidity: 0.4}",),
            "4:40: air_temperature_c: in air of 29 C and 40 % humidity exhaust stays clear",
        ),
        (
            ("{type: plume, on: chimny}", "wind"),
            "4:23: nothing is called 'chimny' (known: world)",
        ),
        (("{type: wind, speed_m_s: -3}",), "4:29: speed_m_s must be at least 0, not -3"),
        (("{type: plume, rate_g_s: -1}",), "4:29: rate_g_s must be more than 0, not -1"),
        (
            ("rain", "{type: spray, strength: 0}"),
            "5:29: strength must be more than 0, not 0",
        ),
    ],
)
def test_effects_that_cannot_be_together_are_refused(weather, message):
    assert faults(scene(*weather)) == [message]


def test_effects_that_can_be_together_are_not_refused():
    for weather in (
        ("{type: rain, rate_mm_h: 2}", "dust"),
        ("{type: change, from: {type: rain, rate_mm_h: 20}, to: null}", "{type: change, from: null, to: dust}"),
        ("wet_ground", "spray"),
        ("{type: change, from: null, to: rain}", "spray"),
        ("{choice: [rain, fog]}", "spray"),
        ("{type: fog, visibility_m: 1}",),
        ("black_ice", "exhaust"),
    ):
        assert loads(scene(*weather), "s")


def test_ice_and_lying_snow_melt_in_warm_air():
    for name, warmest in (("black_ice", 4), ("snow_cover", 8)):
        said = f"4:5: there is no {name} above {warmest} C, but the sensor 'warm' has air of 40 C on line 5"
        assert faults(scene(name, more=THERMAL)) == [f"{said} (change one of them)"]


def test_a_random_choice_is_judged_once_it_is_drawn():
    text = scene("{choice: [fog]}", "spray")
    assert faults(text, seed=1) == ["5:5: spray needs a wet road, and nothing wets it (add rain or wet_ground)"]


def test_rain_and_snow_may_fall_together():
    assert loads(scene("rain", "snow", "fog"), "s").sample(0).weather == (Rain(), Snow(), Fog())
