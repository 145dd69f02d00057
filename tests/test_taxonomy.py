"""The taxonomy, version 1, is closed: ids unique, colours unique, maps name what the data sets know."""

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.taxonomy import class_id, class_name, classes, color_table


def test_ids_and_colours_are_unique() -> None:
    infos = list(classes().values())
    assert len({c.id for c in infos}) == len(infos)
    assert len({c.color for c in infos}) == len(infos)
    assert all(0 < c.id < 256 for c in infos)


def test_version_one_is_frozen() -> None:
    pinned = {
        "road": 1,
        "sidewalk": 4,
        "building": 11,
        "vegetation": 17,
        "car": 30,
        "bicycle": 36,
        "person": 50,
        "rider": 52,
        "rain": 80,
        "ghost": 91,
    }
    assert {name: class_id(name) for name in pinned} == pinned


def test_names_round_trip_and_zero_is_unlabelled() -> None:
    assert all(class_name(info.id) == name for name, info in classes().items())
    assert class_name(0) == "unlabelled"
    assert color_table().shape == (256, 3)
    np.testing.assert_array_equal(color_table()[class_id("car")], [0, 0, 142])


def test_near_miss() -> None:
    with pytest.raises(UserError, match="did you mean 'person'"):
        class_id("persn")


def test_countable_classes_map_to_known_data_sets() -> None:
    for info in classes().values():
        if info.parent in ("vehicle", "human"):
            assert info.thing
            assert info.kitti is not None
            assert info.semantic_kitti is not None
            assert info.nuscenes is not None
