"""Domain randomisation: what varies, how far, and that everything else stays."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assembly import assemble, model_of
from simgen.engine.daylight import daylight_of
from simgen.errors import SceneError
from simgen.records.appearance import LEVELS, Appearance
from simgen.records.mesh import Surface
from simgen.scenario import loads
from simgen.scenario.write import scene_to_yaml
from simgen.shapes.repaint import gains, repainted

SCENE = """
simgen: 1
world: {type: straight_road}
ego: {asset: sedan, place: {at_m: [0, 0, 0]}}
objects:
  - {name: other, asset: suv, count: 3, place: {on: lane}}
  - {name: post, asset: pole, place: {on: sidewalk}}
%s
sensors:
  - {name: front, type: camera, width: 64, height: 48, mount: {on: ego, position_m: [1.5, 0, 1.4]}}
  - {name: roof, type: camera, width: 64, height: 48, mount: {on: world, position_m: [0, 0, 9], look_at_m: [9, 0, 0]}}
"""


def scene(line: str, seed: int = 1):
    return loads(SCENE % line, "scene.yaml").sample(seed)


def table(line: str, seed: int = 1):
    return assemble(scene(line, seed)).stage.surfaces


PLAIN = Surface(class_name="car", base_color=(0.3, 0.1, 0.1), roughness=0.4, lidar_reflectance=0.3)


def test_off_changes_nothing():
    assert scene("randomise: {}") == scene("")
    assert repainted((PLAIN,), Appearance(), 3, "x") == (PLAIN,)


@pytest.mark.parametrize("what", ["colors", "materials", "textures", "wear"])
def test_levels_rise_and_each_changes_its_own(what):
    fields = {
        "colors": ("base_color",),
        "materials": ("roughness",),
        "textures": ("texture_scale_m",),
        "wear": ("base_color",),
    }[what]
    spreads = []
    for level in LEVELS[1:]:
        drawn = [repainted((PLAIN,), Appearance(**{what: level}), seed, "x")[0] for seed in range(200)]
        change = [np.subtract(getattr(s, f), getattr(PLAIN, f)) for s in drawn for f in fields]
        spreads.append(float(np.sqrt(np.mean(np.square(change)))))
        if what == "colors":
            assert all(s.roughness == PLAIN.roughness and s.texture == PLAIN.texture for s in drawn)
            assert all(0.0 <= c <= 0.98 for s in drawn for c in s.base_color)
        assert all(s.class_name == "car" and 0.0 < s.lidar_reflectance < 1.0 for s in drawn)
    assert 0.0 < spreads[0] < spreads[1] < spreads[2]


def test_sensible_colours_stay_near():
    drawn = np.array([repainted((PLAIN,), Appearance(colors="sensible"), s, "x")[0].base_color for s in range(300)])
    assert (drawn.max(1) <= 0.3 * 1.3 + 1e-9).all()
    assert (drawn.max(1) >= 0.3 / 1.3 - 1e-9).all()
    # as often brighter as darker, within four standard deviations of a fair coin
    assert abs((drawn.max(1) > 0.3).mean() - 0.5) < 4.0 * 0.5 / np.sqrt(300)


def test_one_paint_of_one_thing_changes_as_one():
    two = repainted((PLAIN, PLAIN), Appearance(colors="absurd"), 5, "car")
    assert two[0].base_color == two[1].base_color
    assert repainted((PLAIN,), Appearance(colors="absurd"), 5, "other")[0].base_color != two[0].base_color


def test_what_shines_is_left_alone():
    lamp = Surface(class_name="car", emission=(5.0, 5.0, 5.0), lamp="tail")
    assert repainted((lamp,), Appearance(colors="absurd", wear="absurd"), 1, "x") == (lamp,)


def test_surfaces_vary_by_seed_and_thing_and_repeat():
    a, again, b = (table("randomise: {colors: wide}", s) for s in (1, 1, 2))
    plain = table("")
    np.testing.assert_array_equal(a.base_color, again.base_color)
    assert (a.class_id == table("randomise: {colors: absurd}").class_id).all()
    assert (a.base_color != plain.base_color[: len(a.base_color)]).any() if len(a.base_color) == len(plain.base_color) \
        else len(a.base_color) > len(plain.base_color)  # fmt: skip
    assert a.base_color.shape != b.base_color.shape or (a.base_color != b.base_color).any()


def test_sizes_wrap_objects_and_places_know_them():
    drawn = scene("randomise: {sizes: wide}")
    others = drawn.group("other")
    factors = [e.asset.factor for e in others]
    assert len(set(factors)) == 3
    assert all(0.8 - 1e-4 <= f <= 1.25 + 1e-4 for f in factors)
    plain = model_of(others[0].asset.of)
    model = model_of(others[0].asset)
    assert model.size == pytest.approx(tuple(s * factors[0] for s in plain.size))
    assert model.mass_kg == pytest.approx(plain.mass_kg * factors[0] ** 3)
    wheels = [(a.joint.radius_m, b.joint.radius_m) for a, b in zip(model.links, plain.links, strict=True)]
    assert all(a == pytest.approx(b * factors[0]) for a, b in wheels)


def test_cameras_shift_and_turn_within_their_level():
    still, moved = scene(""), scene("randomise: {camera_pose: sensible}")
    shift = np.subtract(moved.sensors[0].mount.position_m, still.sensors[0].mount.position_m)
    assert 0.0 < np.abs(shift).max() <= 0.02
    assert 0.0 < np.abs(moved.sensors[0].mount.rotation_deg).max() <= 1.0
    assert moved.sensors[1].mount.look_at_m != still.sensors[1].mount.look_at_m


def test_distractors_lie_about():
    drawn = scene("randomise: {distractors: 7, distractor_size_m: [0.1, 0.4]}")
    extra = drawn.group("distractor")
    assert len(extra) == 7
    assert all(e.physics == "static" and max(model_of(e.asset).size) <= 0.4 + 1e-6 for e in extra)
    assert len({type(e.asset).plugin_name for e in extra}) > 1


def test_lights():
    gain = np.array([gains(Appearance(lights="wide"), s, "sun") for s in range(400)])
    assert (gain > 0.0).all()
    assert abs(np.log(gain.mean(1)).mean()) < 0.15
    drawn = scene("randomise: {lights: absurd}")
    assert not np.allclose(daylight_of(drawn).sun_illuminance, drawn.light.field().sun_illuminance)


def test_everything_stands_for_what_is_not_named():
    look = scene("randomise: {everything: wide, colors: 'off'}").appearance
    assert look == Appearance(colors="off", materials="wide", textures="wide", wear="wide", lights="wide")


def test_a_certain_scene_repeats_it():
    drawn = scene("randomise: {everything: absurd, distractors: 2}", 4)
    again = loads(scene_to_yaml(drawn), "certain.yaml").sample(4)
    assert again == drawn


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("randomise: {colors: mad}", "sensible"),
        ("randomise: {colour: wide}", "colors"),
        ("randomise: {distractors: 2, distractors_on: moon}", "moon"),
    ],
)
def test_mistakes(line, words):
    with pytest.raises(SceneError) as caught:
        scene(line)
    assert words in str(caught.value)
    assert "scene.yaml:8:" in str(caught.value)


def test_what_rides_along_grows_with_what_carries_it():
    text = """
simgen: 1
world: {type: empty}
randomise: {sizes: absurd}
objects:
  - name: bike
    asset: bicycle
    place: {at_m: [0, 0]}
    rider: {asset: cyclist_rider, position_m: [0.1, 0, 0.2]}
"""
    drawn = loads(text, "s.yaml").sample(4)
    bike, rider = drawn.entity("bike"), drawn.entity("bike/cyclist_rider")
    factor = bike.asset.factor
    assert rider.asset.factor == factor
    assert abs(factor - 1.0) > 0.05
    np.testing.assert_allclose(rider.position, [0.1 * factor, 0.0, 0.2 * factor])
