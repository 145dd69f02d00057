"""Structured light against Nguyen et al. 2012 and closed forms: noise along and across the axis, steps, shadow."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from helpers_depth import PLAIN, middle, plate, take, wall
from helpers_stage import Part, box, dome, mesh_of
from scipy import stats

import simgen
from simgen.records.depth_frames import HOLE_FAINT, HOLE_FAR, HOLE_HIDDEN, HOLE_NEAR, HOLE_SHINY
from simgen.records.mesh import Surface
from simgen.sensors.structured_light import StructuredLight

F, B = 580.0, 0.075
DEVICES = Path(simgen.__file__).parent / "sensors" / "devices_depth"


def kinect(**fields) -> StructuredLight:
    """A Kinect's lens on a smaller picture, in a room without daylight."""
    values = {"name": "k", "width": 200, "height": 150, "focal_px": F, "antialias": 0, "ambient_infrared": 0.1}
    return StructuredLight(**{**values, **fields})


def test_the_preset_has_the_kinects_focal_length():
    assert StructuredLight(name="k").projection.fx == pytest.approx(F, abs=0.5)


@pytest.mark.parametrize(("at", "sigma_mm"), [(1.0, 1.88), (2.0, 6.06), (4.0, 25.8)])
def test_axial_noise_of_a_plane(at, sigma_mm):
    """Straight on, where the angle's share is nothing; the delivered values, steps included."""
    frame = take(kinect(width=120, height=100), wall(at, PLAIN), seed=2)
    measured = middle(frame, "depth_measured").astype(float)
    measured = measured[measured > 0]
    assert len(measured) > 5000
    assert 1e3 * measured.std() == pytest.approx(sigma_mm, rel=0.05)
    assert measured.mean() == pytest.approx(at, abs=0.1e-3 * sigma_mm + 0.3 * at**2 / (8 * F * B) / 8)
    in_steps = F * B / measured * 8
    assert np.abs(in_steps - np.round(in_steps)).max() < 1e-2


def test_the_noise_is_normal(tmp_path):
    """On a device whose steps are far finer than the noise: KS of the error in units of the book's sigma."""
    text = (DEVICES / "kinect_v1.yaml").read_text().replace("disparity_step_px: 0.125", "disparity_step_px: 0.001")
    (tmp_path / "fine.yaml").write_text(text)
    frame = take(kinect(model=str(tmp_path / "fine.yaml")), wall(3.2, PLAIN), seed=9)
    measured = middle(frame, "depth_measured").astype(float)[middle(frame, "hole") == 0]
    assert len(measured) > 20_000
    sigma = (0.0012 + 0.0019 * 2.8**2) * F * B / 3.2**2
    assert stats.kstest((F * B / measured - F * B / 3.2) / sigma, "norm").pvalue > 1e-3


def test_steep_surfaces_are_noisier():
    """A wall that is turned by 75 degrees about the vertical."""
    angle, at = math.radians(75.0), 1.5
    across = np.array([math.sin(angle), math.cos(angle), 0.0])
    corners = [np.array([at, 0.0, 0.0]) + s * 3 * across + [0, 0, t] for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    normal = np.array([-math.cos(angle), math.sin(angle), 0.0])
    steep = Part(mesh=mesh_of(corners, np.tile(normal, (4, 1)), [(0, 1, 2), (0, 2, 3)]), surface=PLAIN)
    frame = take(kinect(width=64, height=400, outputs=("depth_sigma",)), steep, seed=3)
    column = frame.hole[:, 32] == 0
    assert column.mean() > 0.8
    z = 1.5
    expected = 0.0012 + 0.0019 * 1.1**2 + 0.0001 / math.sqrt(z) * (angle / (math.pi / 2 - angle)) ** 2
    error = (frame.depth_measured - frame.depth)[:, 28:37][frame.hole[:, 28:37] == 0]
    assert error.std() == pytest.approx(expected, rel=0.1)
    assert np.median(frame.depth_sigma[:, 32][column]) == pytest.approx(expected, rel=0.1)


def test_edges_fray_with_the_lateral_noise():
    """Right of a plate there is no shadow: the share of near pixels falls as a normal of 0.8 px."""
    frame = take(kinect(height=400), plate(1.0, (0.1, 3.0), PLAIN), wall(1.4, PLAIN), seed=6)
    edge = int(np.flatnonzero(frame.instance[200] == 1)[-1])
    for x in range(-2, 4):
        column = edge + x
        measured = frame.depth_measured[:, column]
        near = np.abs(measured[measured > 0] - 1.0) < 0.1
        # a pixel takes the value of another so many columns away, rounded: from the near side if it ends there
        chance = stats.norm.cdf((0.5 - x) / (0.8 + 0.035 * 0.0))
        assert abs(near.mean() - chance) < 4.5 * math.sqrt(chance * (1 - chance) / len(near)) + 0.012


@pytest.mark.parametrize(("near", "far"), [(1.0, 3.0), (0.8, 1.2)])
def test_the_projectors_shadow_lies_left_and_is_as_wide_as_disparities_differ(near, far):
    frame = take(kinect(noise=False), plate(near, (0.1 * near, 3.0), PLAIN), wall(far, PLAIN))
    row = 75
    mine, hidden = np.flatnonzero(frame.instance[row] == 1), frame.hole[row] == HOLE_HIDDEN
    assert abs(int(hidden[: mine[0]].sum()) - F * B * (1 / near - 1 / far)) <= 1.0
    assert hidden[mine[-1] + 1 :].sum() == 0


def test_sunlight_washes_the_pattern_out_and_black_swallows_it():
    sunny = dome(6000.0, 80_000.0, (-1.0, 0.2, 1.0))
    sensor = kinect(ambient_infrared=1.0)
    assert (middle(take(sensor, wall(2.0, PLAIN), light=sunny), "hole") == HOLE_FAINT).mean() > 0.99
    assert (middle(take(sensor, wall(2.0, PLAIN)), "hole") == 0).mean() > 0.98
    black = Surface(class_name="object", base_color=(0.004, 0.004, 0.004), roughness=1.0)
    assert (middle(take(sensor, wall(3.5, black)), "hole") == HOLE_FAINT).mean() > 0.95
    shiny = Surface(class_name="object", base_color=(0.9, 0.9, 0.9), metallic=1.0, roughness=0.1)
    assert (middle(take(sensor, wall(1.0, shiny)), "hole") == HOLE_SHINY).all()


def test_range_ends_at_0_4_and_4_5_metres():
    for at, hole in ((0.35, HOLE_NEAR), (0.45, 0), (4.3, 0), (4.8, HOLE_FAR)):
        assert (middle(take(kinect(), wall(at, PLAIN)), "hole") == hole).mean() > 0.97, at


def test_without_its_projector_it_measures_nothing():
    frame = take(kinect(projector=False), wall(1.0))
    assert (frame.hole == HOLE_FAINT).all()
    assert not frame.depth_measured.any()


def test_a_box_shows_its_near_face_first():
    near = Part(mesh=box((0.3, 0.3, 0.3), (1.15, 0.0, 0.0)), surface=PLAIN, label=3)
    frame = take(kinect(noise=False), near, wall(2.5, PLAIN))
    assert frame.depth_measured[75, 100] == pytest.approx(1.0, abs=1e-4)
    assert frame.depth_z16[75, 100] == 1000
