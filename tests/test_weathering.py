"""Water darkens what drinks it: the closed form, its limits, and what stays as it was."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simgen.records.mesh import Surface, SurfaceTable
from simgen.weathering import WET_ROUGHNESS, weathered, wet_albedo

TABLE = SurfaceTable.of(
    [
        Surface(class_name="road", base_color=(0.2, 0.1, 0.05), roughness=0.9, lidar_reflectance=0.2),
        Surface(class_name="car", base_color=(0.2, 0.1, 0.05), roughness=0.3),
        Surface(class_name="pole", base_color=(0.6, 0.6, 0.6), roughness=0.6, metallic=1.0),
    ]
)


def test_published_value() -> None:
    """A = 0.2 becomes 0.134 (Lekner and Dorf's formula with p = 0.47 and R = 0.02)."""
    assert abs(float(wet_albedo(np.float32(0.2))) - 0.134) < 1e-3


@given(st.floats(0.0, 1.0))
def test_never_brighter_and_in_range(albedo: float) -> None:
    wet = float(wet_albedo(np.float32(albedo)))
    assert 0.0 <= wet <= albedo + 1e-6


def test_dry_is_untouched() -> None:
    assert weathered(TABLE, 0.0) is TABLE


def test_porous_surfaces_change_and_others_do_not() -> None:
    wet = weathered(TABLE, 1.0)
    np.testing.assert_allclose(wet.base_color[0], wet_albedo(TABLE.base_color[0]), rtol=1e-6)
    np.testing.assert_allclose(wet.roughness, [WET_ROUGHNESS, 0.3, 0.6], rtol=1e-6)
    np.testing.assert_array_equal(wet.base_color[1:], TABLE.base_color[1:])
    assert wet.lidar_reflectance[0] < TABLE.lidar_reflectance[0]


def test_half_wet_lies_between() -> None:
    half, full = weathered(TABLE, 0.5), weathered(TABLE, 1.0)
    np.testing.assert_allclose(half.base_color[0], (TABLE.base_color[0] + full.base_color[0]) / 2, rtol=1e-5)
