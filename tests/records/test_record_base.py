"""Records refuse arrays that are not what they declare."""

import numpy as np
import pytest

from simgen.records.base import array_specs, empty_table
from simgen.records.frames import LidarPoints
from simgen.records.mesh import Mesh


def mesh(**changes: object) -> Mesh:
    fields: dict[str, object] = {
        "vertices": np.zeros((3, 3), np.float32),
        "normals": np.zeros((3, 3), np.float32),
        "triangles": np.zeros((1, 3), np.uint32),
        "surface": np.zeros(1, np.uint16),
    }
    return Mesh(**{**fields, **changes})  # type: ignore[arg-type]


def test_declared_arrays_pass_and_optional_ones_may_be_absent() -> None:
    assert mesh().uv is None
    assert [name for name, _, _ in mesh().arrays()] == ["vertices", "normals", "triangles", "surface"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vertices": np.zeros((3, 3))}, "Mesh.vertices must be float32, not float64"),
        ({"normals": np.zeros((4, 3), np.float32)}, "Mesh.normals has shape .4, 3., but V is 3"),
        ({"triangles": np.zeros((1, 4), np.uint32)}, "Mesh.triangles has shape .1, 4., but 3 is 3"),
        ({"surface": np.zeros((1, 1), np.uint16)}, "Mesh.surface must have dims .T., not shape"),
        ({"vertices": [[0, 0, 0]]}, "Mesh.vertices must be a numpy array, not list"),
    ],
)
def test_wrong_arrays_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        mesh(**changes)


def test_empty_table_has_every_column() -> None:
    table = empty_table(LidarPoints)
    assert table.xyz.shape == (0, 3)
    assert {n for n, _, _ in table.arrays()} == set(array_specs(LidarPoints))
    assert table.instance.dtype == np.uint32
