"""Materials that deceive: other coats, dummies, pictures of what is not there."""

from __future__ import annotations

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import model_of
from simgen.assets._photographs import person_picture, road_picture
from simgen.errors import UserError


def made(name: str, **given: object) -> object:
    return registry.get("asset", name)(**given)


def test_a_coat_changes_the_paint_alone() -> None:
    plain = model_of(made("sedan", color="red"))
    black = model_of(made("coated", of=made("sedan", color="red"), lidar_reflectance=0.02))
    assert black.size == plain.size
    changed = [(a, b) for a, b in zip(plain.surfaces, black.surfaces, strict=True) if a != b]
    assert changed
    assert all(a.texture == "flake" for a, _ in changed)
    assert all(b.lidar_reflectance == 0.02 and b.clearcoat == a.clearcoat for a, b in changed)
    with pytest.raises(UserError, match="no painted body"):
        model_of(made("coated", of=made("pedestrian")))


def test_a_dummy_has_the_shape_of_a_person_and_is_none() -> None:
    dummy, person = model_of(made("mannequin", variant=3)), model_of(made("pedestrian", variant=3, pose="stand"))
    assert dummy.class_name == "object"
    assert {s.class_name for s in dummy.surfaces} == {"object"}
    assert not dummy.keypoints
    assert not any(s.heat in ("skin", "hair", "body") for s in dummy.surfaces)
    assert abs(dummy.size[2] - person.size[2]) < 0.12


def test_somebody_of_life_size_is_on_the_poster() -> None:
    tall, width_m = 1.74 / 1.2, 1.2
    picture = person_picture(5, tall, width_m)[..., :3].astype(np.int64)
    ground = picture[40, 4]
    rows = np.flatnonzero(np.abs(picture[:, picture.shape[1] // 2] - ground).sum(-1) > 60)
    metres = (rows.max() - rows.min()) / picture.shape[0] * tall * width_m
    assert 1.3 < metres < 1.75
    assert np.array_equal(picture, person_picture(5, tall, width_m)[..., :3])


def test_the_picture_of_a_road_shows_sky_and_road() -> None:
    picture = road_picture(0)
    assert picture[8, 8, 2] > picture[8, 8, 0]
    assert picture.shape[0] == picture.shape[1]


def test_only_what_can_be_is_polished_or_wears_a_picture() -> None:
    with pytest.raises(UserError, match="only a tanker"):
        made("semitrailer", body="box", polished=True)
    with pytest.raises(UserError, match="needs body"):
        made("semitrailer", body="tanker", tail="road")
    mirror = model_of(made("semitrailer", body="tanker", polished=True))
    assert any(s.metallic == 1.0 and s.roughness < 0.05 for s in mirror.surfaces)


def test_a_cage_is_mostly_air() -> None:
    from simgen.shapes.see_through_loads import PITCH_M, WIRE_M

    assert pytest.approx(0.81) == (1.0 - WIRE_M / PITCH_M) ** 2
    model = model_of(made("trailer", kind="cage"))
    assert model.size[2] > 1.9
