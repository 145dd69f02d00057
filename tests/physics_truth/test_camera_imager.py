"""Exposure and pixels against EMVA 1288, ISO 2720 and ISO 12232: anchors, moments and the photon-transfer curve."""

import math

import numpy as np
import pytest
from helpers_camera import even, eye

from simgen.kernels import imager as kernels
from simgen.rng import stream_key
from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_imager import Imager
from simgen.sensors._camera_meter import base_iso, electrons_per_lux_s, lux_per_luminance, settle
from simgen.sensors._camera_optics import Optics
from simgen.sensors._camera_readout import signal_to_noise_db

MONO = np.ones((2, 2), np.int64)


def read(
    electrons: float, *, gain: float, read: float = 0.0, well: float = 1e9, dark: float = 0.0, fixed=(0.0, 0.0)
) -> np.ndarray:
    """Counts of 200 x 500 pixels with that mean, 16 bits, black level 0."""
    shape = (200, 500)
    raw, special = np.empty(shape, np.uint16), np.zeros((shape[0] * shape[1], 3), np.float32)
    key = stream_key(5, "test", round(electrons * 1000)) >> 1
    kernels.fixed(0, len(special), stream_key(6, "test") >> 1, *fixed, 0.0, special)
    chip = kernels.Chip(1.0, dark, read, well, gain, 0.0, 65535.0, True, 0.01)
    image, rows = np.full((*shape, 3), electrons, np.float32), np.ones(shape[0])
    kernels.read_out(0, shape[0], key, chip, np.tile([0.0, 1.0, 0.0], (3, 1)), MONO, rows, image, special, raw)
    return raw


def test_exposure_anchor() -> None:
    camera = eye(optics=Optics(f_number=16.0), exposure=Exposure(mode="manual", time_s=1 / 125, iso=100.0))
    settings = settle(camera, 0.0, 0)
    assert settings.ev == pytest.approx(14.97, abs=0.005)
    assert settings.white == pytest.approx(38_400.0, rel=1e-3)
    assert float(even(camera).exposure[0]) == pytest.approx(38_400.0, rel=1e-3)


def test_light_on_the_imager() -> None:
    assert lux_per_luminance(Optics(f_number=2.0, transmission=1.0)) * 1000.0 == pytest.approx(math.pi * 1000.0 / 17.0)
    # 1 / (683 lm/W) / (h c / 555 nm)
    photons = 1e-12 / 683.0 / (6.62607015e-34 * 299_792_458.0 / 555e-9)
    imager = Imager(pixel_um=2.0, quantum_efficiency=0.5)
    assert electrons_per_lux_s(imager) == pytest.approx(photons * 0.5 * 4.0, rel=1e-3)


def test_gain_anchor() -> None:
    raw = read(1000.0, gain=0.1, read=math.sqrt(10.0)).astype(np.float64)
    assert raw.mean() == pytest.approx(100.0, abs=0.05)
    assert raw.var() == pytest.approx(10.18, rel=0.02)


def test_photon_transfer_curve_has_the_gain_as_slope() -> None:
    means, variances = [], []
    for electrons in (50.0, 200.0, 500.0, 1000.0, 2000.0, 4000.0):
        raw = read(electrons, gain=0.4, read=3.0, dark=5.0).astype(np.float64)
        means.append(raw.mean())
        variances.append(raw.var())
    slope, offset = np.polyfit(means, variances, 1)
    assert slope == pytest.approx(0.4, rel=0.02)
    # var = K^2 var_read + 1/12 at no light at all: within the error of the fit
    assert offset == pytest.approx(0.16 * 9.0 + 1 / 12, abs=3.0)


def test_full_well_limits_the_signal_to_noise_ratio() -> None:
    raw = read(15_000.0, gain=1.0).astype(np.float64)
    assert 20.0 * math.log10(raw.mean() / raw.std()) == pytest.approx(41.8, abs=0.05)
    assert signal_to_noise_db(15_000.0) == pytest.approx(41.76, abs=0.01)
    assert read(40_000.0, gain=1.0, well=15_000.0).min() == 15_000


@pytest.mark.parametrize("mean", [0.5, 8.0, 40.0, 250.0, 299.0, 301.0, 900.0, 20_000.0])
def test_counts_are_poisson(mean: float) -> None:
    raw = read(mean, gain=1.0).astype(np.float64)
    n, sigma = raw.size, math.sqrt(mean)
    assert abs(raw.mean() - mean) < 4.0 * sigma / math.sqrt(n)
    kurtosis = 1.0 / mean
    assert abs(raw.var() / mean - 1.0) < 4.0 * math.sqrt((2.0 + kurtosis) / n) + 1.0 / 12.0 / mean * (mean > 300)
    skewness = (((raw - raw.mean()) / raw.std()) ** 3).mean()
    assert abs(skewness - 1.0 / sigma) < 5.0 * math.sqrt(6.0 / n) + 0.15 / sigma


def test_quantiles_of_a_large_count_follow_the_law() -> None:
    """Chi-square of 10^5 counts over 40 bins of the exact distribution, where the cheap draw takes over."""
    mean, raw = 330.0, read(330.0, gain=1.0).ravel()
    k = np.arange(0, 700)
    p = np.exp(k * math.log(mean) - mean - np.array([math.lgamma(j + 1.0) for j in k]))
    edges = np.unique(np.searchsorted(np.cumsum(p), np.linspace(0.0, 1.0, 41)[1:-1]))
    expected = np.diff(np.concatenate([[0.0], np.cumsum(p)[edges], [1.0]])) * raw.size
    seen = np.bincount(np.searchsorted(edges, raw, side="left"), minlength=len(expected))
    chi2 = ((seen - expected) ** 2 / expected).sum()
    # 99.9 % quantile of chi-square with 39 degrees of freedom is 72
    assert chi2 < 72.0


def test_fixed_pattern_noise_has_its_spreads_and_stays() -> None:
    bright = read(10_000.0, gain=1.0, fixed=(0.01, 20.0)).astype(np.float64)
    # variances add: photons, PRNU of the mean, DSNU
    assert bright.var() == pytest.approx(10_000.0 + 100.0**2 + 20.0**2, rel=0.03)
    again = read(10_001.0, gain=1.0, fixed=(0.01, 20.0)).astype(np.float64)
    together = np.cov(bright.ravel(), again.ravel())[0, 1]
    assert together == pytest.approx(100.0**2 + 20.0**2, rel=0.05)


def test_hot_pixels_are_a_share_and_always_the_same() -> None:
    imager = Imager(hot_pixels=0.02, prnu=0.0, dsnu_e=0.0)
    dark = Exposure(mode="manual", time_s=1.0, iso=800.0)
    fields = {"width": 100, "height": 100, "imager": imager, "exposure": dark, "outputs": ("raw",)}
    one, two = even(eye(**fields), 1e-5), even(eye(**fields), 1e-5)
    np.testing.assert_array_equal(one.raw, two.raw)
    # at least 300 electrons in a second, where others have 10
    hot = (one.raw.astype(float) - 128.0) / one.gain > 150.0
    assert hot.mean() == pytest.approx(0.02, abs=0.006)
    other = even(eye(**{**fields, "name": "other"}), 1e-5)
    assert not np.array_equal(hot, (other.raw.astype(float) - 128.0) / other.gain > 150.0)


@pytest.mark.parametrize("threads", [1, 2])
def test_counts_follow_from_the_luminance(threads: int) -> None:
    """An even field gives ``K E t A QE`` counts over the black level; the noise does not know about threads."""
    imager = Imager(dark_current_e_s=0.0, bayer="mono", prnu=0.0, dsnu_e=0.0)
    exposure = Exposure(mode="manual", time_s=0.002, iso=400.0)
    frame = even(eye(imager=imager, exposure=exposure, outputs=("raw", "linear")), 500.0, threads=threads)
    lux = math.pi * 500.0 * 0.9 / 17.0
    electrons = lux * 0.002 * 4090.0 * 0.6 * 9.0
    assert frame.raw.mean() - 128.0 == pytest.approx(electrons * float(frame.gain[0]), rel=0.003)
    white = float(frame.exposure[0])
    assert frame.raw.mean() - 128.0 == pytest.approx((4095 - 128) * 500.0 / white, rel=0.003)
    assert frame.linear.min() == pytest.approx(500.0)
    if threads > 1:
        single = even(eye(imager=imager, exposure=exposure, outputs=("raw",)), 500.0)
        np.testing.assert_array_equal(frame.raw, single.raw)


def test_base_sensitivity_fills_the_pixels() -> None:
    imager = Imager(noise=False, dark_current_e_s=0.0, bayer="mono")
    camera = eye(imager=imager, exposure=Exposure(mode="manual", time_s=0.001), outputs=("raw",))
    white = settle(camera, 0.0, 0)
    assert white.iso == pytest.approx(base_iso(imager, camera.optics))
    full = lux_per_luminance(camera.optics) * white.white * 0.001 * electrons_per_lux_s(imager)
    assert full == pytest.approx(imager.full_well_e)


def test_automatic_exposure_lengthens_the_time_before_it_raises_the_sensitivity() -> None:
    camera = eye(imager=Imager(), exposure=Exposure(time_s=0.01, iso=100.0, iso_max=1600.0))
    for ev, time_s, iso in ((12.0, 4 / 4096, 100.0), (6.0, 0.01, 400 / 64 / 0.01), (-2.0, 0.01, 1600.0)):
        settings = settle(camera, ev, 0)
        assert settings.time_s == pytest.approx(time_s)
        assert settings.iso == pytest.approx(iso)
        assert settings.ev == pytest.approx(math.log2(4.0 / settings.time_s * 100.0 / settings.iso), abs=1e-9)
