"""Stereo depth against closed forms: steps, noise, holes beside edges, what texture and the projector do."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_depth import GRAINY, PLAIN, middle, plate, take, wall
from helpers_stage import dome
from scipy import stats

from simgen.kernels import depth_match, depth_noise
from simgen.records.depth_frames import HOLE_FAINT, HOLE_FAR, HOLE_HIDDEN, HOLE_NEAR, HOLE_SHINY
from simgen.records.mesh import Surface
from simgen.sensors.stereo_depth import StereoDepth

F, B = 424.0, 0.05


def d435(**fields) -> StereoDepth:
    """A D435's lens on a smaller picture."""
    return StereoDepth(**{"name": "d", "width": 192, "height": 120, "focal_px": F, "antialias": 0, **fields})


def test_the_preset_has_the_focal_length_of_the_anchor():
    assert StereoDepth(name="d").projection.fx == pytest.approx(F, abs=1e-9)
    assert StereoDepth(name="d").baseline == B


@pytest.mark.parametrize(("at", "step"), [(2.0, 5.90e-3), (4.0, 23.6e-3)])
def test_depths_come_in_steps_of_a_32nd_of_a_pixel(at, step):
    measured = middle(take(d435(), wall(at)), "depth_measured", 16).astype(float)
    measured = measured[measured > 0]
    in_steps = F * B / measured * 32
    assert np.abs(in_steps - np.round(in_steps)).max() < 2e-3
    levels = np.unique(np.round(in_steps))
    near = F * B * 32 / levels[np.abs(F * B * 32 / levels - at).argsort()[:2]]
    assert abs(near[0] - near[1]) == pytest.approx(step, rel=0.02)


@pytest.mark.parametrize("at", [1.0, 2.0, 3.0])
def test_noise_of_a_plane_is_that_of_the_book(at):
    """Z^2 sigma_d / (f B); KS of error over stated sigma on pixels that share no noise."""
    sensor = d435(disparity_noise_px=0.2, outputs=("depth_sigma",), disparity_sigma_limit_px=2.0)
    frame = take(sensor, wall(at), seed=4)
    measured = middle(frame, "depth_measured", 30).astype(float)
    assert (measured > 0).all()
    stated = middle(frame, "depth_sigma", 30) * F * B / measured**2
    apart = (F * B / measured - F * B / at) / stated
    assert stats.kstest(apart[::6, ::6].ravel(), "norm").pvalue > 1e-3
    assert (stated >= 0.2 * (1 - 1e-5)).all()
    if at == 1.0:
        # near by, texture adds hardly anything to the 0.2 px
        assert np.median(stated) == pytest.approx(0.2, rel=0.02)
        assert measured.std() == pytest.approx(at**2 * 0.2 / (F * B), rel=0.05)


def test_chi_square_of_the_whole_sampler():
    """White noise before its filter: 64 equally likely bins."""
    out = np.empty(200_000, np.float32)
    depth_noise.white(0, len(out), np.uint64(77), out)
    counts = np.histogram(stats.norm.cdf(out), bins=64, range=(0.0, 1.0))[0]
    assert stats.chisquare(counts).pvalue > 1e-3


def test_the_filter_correlates_and_keeps_the_variance():
    from simgen.sensors._depth_view import noise_filter

    size, weight = 400, noise_filter(1.5)
    raw = np.empty(size * size, np.float32)
    depth_noise.white(0, len(raw), np.uint64(5), raw)
    across, both = np.empty_like(raw), np.empty_like(raw)
    depth_noise.smooth_rows(0, size, size, weight, raw, across)
    depth_noise.smooth_columns(0, size, size, size, weight, across, both)
    field = both.reshape(size, size)
    assert field.std() == pytest.approx(1.0, abs=0.03)
    assert field[:, 0].std() == pytest.approx(1.0, abs=0.1)
    # a Gaussian filter of sigma s leaves a correlation of exp(-d^2 / 4 s^2)
    assert (field[:, 2:] * field[:, :-2]).mean() == pytest.approx(np.exp(-4 / (4 * 1.5**2)), abs=0.05)


@pytest.mark.parametrize(("near", "far"), [(1.0, 3.0), (0.8, 1.6), (1.5, 6.0)])
def test_edge_holes_lie_left_and_are_as_wide_as_the_disparities_differ(near, far):
    frame = take(d435(), plate(near, (0.2 * near, 1.0)), wall(far))
    row = 60
    mine = np.flatnonzero(frame.instance[row] == 1)
    hidden = frame.hole[row] == HOLE_HIDDEN
    left, right = hidden[: mine[0]][int(F * B / far) + 2 :], hidden[mine[-1] + 1 :]
    assert abs(int(left.sum()) - F * B * (1 / near - 1 / far)) <= 1.0
    assert hidden[mine[0] - 3 : mine[0]].all()
    assert right.sum() == 0


@pytest.mark.parametrize("at", [0.5, 2.0])
def test_nothing_is_matched_where_the_right_picture_ends(at):
    frame = take(d435(), wall(at))
    assert abs(int((frame.hole[60] == HOLE_HIDDEN).sum()) - F * B / at) <= 1.0
    assert frame.hole[60, 0] == HOLE_HIDDEN


def test_a_plain_wall_needs_the_projector():
    with_dots, without = (take(d435(projector=p), wall(1.5, PLAIN)) for p in (True, False))
    assert (middle(with_dots, "hole", 45) == 0).mean() > 0.99
    assert (middle(without, "hole", 45) == HOLE_FAINT).mean() > 0.99
    assert (middle(take(d435(projector=False), wall(1.5, GRAINY)), "hole", 45) == 0).mean() > 0.99


def test_dots_drown_in_the_sun_and_fade_with_range():
    sunny = dome(6000.0, 80_000.0, (-1.0, 0.2, 1.0))
    assert (middle(take(d435(), wall(1.5, PLAIN), light=sunny), "hole", 45) == HOLE_FAINT).mean() > 0.99
    assert (middle(take(d435(), wall(8.0, PLAIN)), "hole", 45) == HOLE_FAINT).mean() > 0.9
    sensor, places = d435(disparity_noise_px=0.0, outputs=("depth_sigma",)), (0.8, 1.6)
    sigma = [float(np.median(middle(take(sensor, wall(z, PLAIN)), "depth_sigma", 45))) * F * B / z**2 for z in places]
    # between read noise and shot noise of the room's light, a quarter of the dots' light is four times the sigma
    assert sigma[1] / sigma[0] == pytest.approx(4.0, rel=0.35)


def test_a_ramp_has_the_sigma_of_foerstner():
    """Brightness rises by g electrons a pixel: over w x w pixels, sigma_d = sqrt(2 sigma_n^2 / (w^2 g^2))."""
    width, height, g, variance, reach = 41, 31, 5.0, 100.0, 3
    flat = np.zeros(width * height, np.float32)
    image = depth_match.Image(
        width, height, flat + np.float32(10.0), flat.copy(), flat + np.float32(variance), flat + np.float32(1.0),
        flat + np.float32(1.0), np.zeros(len(flat), bool),
    )  # fmt: skip
    ramp = (np.arange(width * height) % width * g).astype(np.float32)
    sums = np.empty((len(flat), 4), np.float32)
    depth_match.steps(0, height, image, ramp)
    depth_match.gather(0, height, image, reach, sums)
    out = depth_match.Answer(flat.copy(), np.zeros(len(flat), np.uint16), np.zeros(len(flat), np.uint8), flat.copy())
    limits = depth_match.Limits(20.0, 1 / 32, 126.0, 0.0, 50.0, 1e-3, 5.0, 0.0, 0.0, True)
    depth_match.match(0, height, image, sums, reach, flat, limits, out)
    depth = 20.0 / 10.0
    assert out.sigma.reshape(height, width)[15, 20] * 20.0 / depth**2 == pytest.approx(
        np.sqrt(2 * variance / (49 * g * g)), rel=1e-4
    )


def test_too_near_is_where_the_disparity_exceeds_126_pixels():
    nearest = F * B / 126
    sensor = d435(disparity_noise_px=0.0, projector=True)
    near, far = take(sensor, wall(nearest - 0.004)), take(sensor, wall(nearest + 0.004))
    assert (near.hole[:, 150:] == HOLE_NEAR).all()
    assert not (far.hole[:, 150:] == HOLE_NEAR).any()
    assert (take(d435(max_range_m=3.0), wall(3.5)).hole[20:-20, 40:-20] == HOLE_FAR).mean() > 0.99


def test_the_foreground_grows_by_half_the_window_over_a_plain_background():
    """Right of a grainy plate before a plain wall, the plate's texture wins the windows that reach it."""
    frame = take(d435(projector=False), plate(1.0, (0.2, 1.0)), wall(2.0, PLAIN), light=dome(2000.0))
    edge = int(np.flatnonzero(frame.instance[60] == 1)[-1])
    strip = frame.depth_measured[20:-20, edge + 1 : edge + 6]
    assert (np.abs(strip - 1.0) < 0.1).mean() > 0.95
    assert not (np.abs(frame.depth_measured[20:-20, edge + 7 : edge + 20] - 1.0) < 0.1).any()
    assert (frame.depth[20:-20, edge + 1 : edge + 6] > 1.5).all()


def test_mirrors_and_panes_give_no_depth_and_the_bias_of_a_bad_calibration_shows():
    shiny = Surface(class_name="object", base_color=(0.9, 0.9, 0.9), metallic=1.0, roughness=0.1)
    assert (middle(take(d435(), wall(1.0, shiny)), "hole", 45) == HOLE_SHINY).all()
    pane = Surface(class_name="object", base_color=(0.5, 0.5, 0.5), roughness=1.0, transmission=0.8)
    assert (middle(take(d435(), wall(1.0, pane)), "hole", 45) == HOLE_SHINY).all()
    frame = take(d435(disparity_bias_px=0.5, disparity_noise_px=0.0), wall(2.0))
    measured = middle(frame, "depth_measured", 45).astype(float)
    assert np.median(F * B / measured - F * B / 2.0) == pytest.approx(0.5, abs=1 / 32)


def test_the_right_picture_is_the_left_one_shifted_by_the_disparity():
    at = 1.06  # 20.0 px
    sensor = d435(outputs=("infrared", "infrared_right"), noise=False)
    frame = take(sensor, wall(at))
    shift = round(F * B / at)
    assert F * B / at == pytest.approx(shift, abs=0.01)
    left, right = frame.infrared[:, shift:].astype(int), frame.infrared_right[:, :-shift].astype(int)
    assert np.ptp(left) > 60
    assert np.abs(left - right).max() <= 3


def test_fog_takes_light_from_the_dots():
    from simgen.records.air import Medium

    clear, fog = (
        take(
            d435(outputs=("infrared",), noise=False, imager_exposure_s=0.01),
            wall(2.0, PLAIN),
            light=dome(0.0),
            medium=m,
        )
        for m in (Medium.clear(), Medium.gray(0.3, 0.0, "fog"))
    )
    bright = clear.infrared > 40
    ratio = fog.infrared[bright].astype(float).sum() / clear.infrared[bright].sum()
    assert ratio == pytest.approx(np.exp(-0.3 * 4.0), rel=0.08)
