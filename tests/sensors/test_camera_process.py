"""The image processor, and what a camera with pixels delivers."""

from dataclasses import replace

import numpy as np
import pytest
from helpers_camera import even, eye
from helpers_stage import Bench, Part, box, dome, track

from simgen.rng import stream
from simgen.sensors._camera_exposure import Exposure, Memory
from simgen.sensors._camera_imager import Imager
from simgen.sensors._camera_isp import Processor, colour_matrix, packed
from simgen.sensors._camera_meter import settle
from simgen.sensors._camera_optics import Optics
from simgen.sensors._camera_readout import Readout, bayer_of, filters
from simgen.sensors._camera_tone import srgb
from simgen.units import NS_PER_S

PATTERNS = ("rggb", "bggr", "grbg", "gbrg")


def readout(**imager: object) -> Readout:
    camera = eye(imager=Imager(**imager), exposure=Exposure(mode="manual", time_s=0.001))
    return Readout(camera, settle(camera, 0.0, 0), 0, 0, 1)


def mosaic(image: np.ndarray, pixels: Readout, level: float = 0.5) -> np.ndarray:
    """Counts without noise of colours (H, W, 3), shares of white, as the filters let them through."""
    rows = np.ones(len(image))
    return pixels.counts(np.ascontiguousarray(image * pixels.settings.white * level, np.float32), rows)


def test_srgb_anchor() -> None:
    assert float(srgb(np.array(0.0031308))) == pytest.approx(0.04045, abs=1e-5)


@pytest.mark.parametrize("bayer", [*PATTERNS, "mono"])
def test_constant_counts_give_a_constant_picture(bayer: str) -> None:
    pixels = readout(bayer=bayer, noise=False)
    rgb = Processor(pixels).developed(np.full((17, 23), 2000, np.uint16))
    assert (rgb == rgb[0, 0]).all() if bayer == "mono" else (rgb == rgb[8, 8]).all()


@pytest.mark.parametrize("bayer", PATTERNS)
@pytest.mark.parametrize("tint", [(1.0, 1.0, 1.0), (1.3, 1.0, 0.7), (0.8, 1.0, 1.2)])
def test_a_grey_patch_is_grey_after_white_balance(bayer: str, tint: tuple[float, float, float]) -> None:
    pixels = readout(bayer=bayer, noise=False, crosstalk=0.0)
    patch = np.broadcast_to(np.array(tint), (32, 32, 3)) * 0.3
    rgb = Processor(pixels).developed(mosaic(patch, pixels)).astype(int)
    assert np.ptp(rgb, axis=-1).max() <= 1
    assert np.ptp(rgb[..., 1]) <= 1
    daylight = readout(bayer=bayer, noise=False, crosstalk=0.0, white_balance="daylight")
    cast = Processor(daylight).developed(mosaic(patch, daylight)).astype(int)
    assert (np.ptp(cast, axis=-1).max() > 8) == (tint != (1.0, 1.0, 1.0))


@pytest.mark.parametrize("bayer", PATTERNS)
def test_a_smooth_colour_picture_comes_back(bayer: str) -> None:
    """Filters and crosstalk undone, mosaic filled: a gentle ramp of colours within two levels."""
    pixels = readout(bayer=bayer, noise=False, white_balance="daylight")
    y, x = np.mgrid[0:40, 0:50] / 50.0
    image = np.stack([0.2 + 0.3 * x, 0.4 - 0.2 * y, 0.3 + 0.1 * x * y], -1)
    shown = Processor(pixels).developed(mosaic(image, pixels, 0.5)).astype(int)
    plain = even(eye(exposure_ev=10.0), 1.0)
    assert plain.rgb is not None
    from simgen.sensors._camera_tone import curve

    expected = curve()[(np.sqrt(image * 0.5) * 4095 + 0.5).astype(int)].astype(int)
    inner = np.abs(shown - expected)[3:-3, 3:-3]
    assert inner.max() <= 2
    assert np.abs(shown - expected).mean() < 1.0


def test_what_is_clipped_stays_white() -> None:
    pixels = readout(noise=False)
    rgb = Processor(pixels).developed(np.full((16, 16), pixels.most, np.uint16))
    assert (rgb == 255).all()


def test_colour_matrix_undoes_the_filters_and_keeps_white() -> None:
    imager = Imager(crosstalk=0.2)
    np.testing.assert_allclose(colour_matrix(imager).sum(1), 1.0, atol=1e-12)
    pure = filters(imager) / filters(imager).sum(1, keepdims=True)
    np.testing.assert_allclose(colour_matrix(imager) @ pure, np.eye(3), atol=1e-12)


@pytest.mark.parametrize("bayer", PATTERNS)
def test_patterns_are_as_they_read(bayer: str) -> None:
    assert "".join("rgb"[c] for c in bayer_of(Imager(bayer=bayer)).ravel()) == bayer  # type: ignore[arg-type]


def test_pixels_show_an_even_field_like_the_ideal_camera() -> None:
    ideal, real = even(eye(), 800.0), even(eye(imager=Imager(noise=False)), 800.0)
    assert ideal.rgb is not None
    assert real.rgb is not None
    assert np.abs(ideal.rgb.astype(int) - real.rgb.astype(int)).max() <= 1
    noisy = even(eye(imager=Imager()), 800.0).rgb.astype(float)
    assert 0.3 < noisy.std() < 6.0
    assert noisy.mean() == pytest.approx(ideal.rgb.mean(), abs=0.7)


def test_the_ideal_picture_beside_the_real_one() -> None:
    fields = {"optics": Optics(vignetting=1.0), "imager": Imager(), "outputs": ("ideal", "raw"), "exposure_ev": 13.0}
    frame, plain = even(eye(**fields)), even(eye(exposure_ev=13.0))
    np.testing.assert_array_equal(frame.ideal.rgb, plain.rgb)
    assert not np.array_equal(frame.rgb, plain.rgb)
    np.testing.assert_array_equal(frame.semantic, plain.semantic)
    silent = eye(**fields).silence(frame)
    assert silent.rgb.max() == silent.raw.max() == silent.ideal.rgb.max() == 0


def test_a_darker_scene_is_noisier() -> None:
    def relative(luminance: float) -> float:
        frame = even(eye(imager=Imager(), outputs=("raw",), exposure=Exposure(time_s=0.01)), luminance)
        green = frame.raw[0::2, 1::2].astype(float) - 128.0
        return green.std() / green.mean()

    assert relative(0.1) > 2.0 * relative(1.0) > 2.0 * relative(1000.0)


def test_sharpening_steepens_edges_alone() -> None:
    image = np.full((20, 30, 3), 0.2)
    image[:, 15:] = 0.5
    plain, sharp = readout(noise=False), readout(noise=False, sharpening=1.0)
    a = Processor(plain).developed(mosaic(image, plain)).astype(int)[..., 1]
    b = Processor(sharp).developed(mosaic(image, sharp)).astype(int)[..., 1]
    assert b[10].max() > a[10].max() + 5
    np.testing.assert_array_equal(a[:, :10], b[:, :10])


def test_jpeg_artefacts_grow_as_quality_falls() -> None:
    draws = stream(1, "jpeg")
    picture = (draws.random((64, 64, 3)) * 255).astype(np.uint8)
    error = [np.abs(packed(picture, q).astype(int) - picture).mean() for q in (95, 60, 20)]
    assert 0.0 < error[0] < error[1] < error[2]
    fine, rough = (even(eye(imager=Imager(jpeg_quality=q))).rgb for q in (None, 10))
    assert not np.array_equal(fine, rough)


def test_exposure_follows_with_a_lag() -> None:
    camera = eye(exposure=Exposure(lag_s=0.5))
    assert camera.folds
    assert not eye().folds
    part = Part(mesh=box((0.1, 0.1, 0.1), (-50.0, 0.0, 0.0)))
    whites, state = [], None
    for k, luminance in enumerate([100.0, 1600.0, 1600.0, 1600.0]):
        with Bench([part], dome(luminance)) as bench:
            shot = replace(bench.shot(track(time_ns=(0, NS_PER_S))), index=k)
            shot = replace(shot, time_ns=k * NS_PER_S // 10)
            frame, state = camera.fold(shot, camera.begin(shot) if state is None else state)
        whites.append(float(np.log2(frame.exposure[0])))
    way = 1.0 - np.exp(-0.2)
    start = whites[0]
    # the second frame still has the first one's exposure, and is too bright; then 4 stops to go
    np.testing.assert_allclose(
        np.array(whites[1:]) - start, [0.0, 4.0 * way, 4.0 * (1.0 - (1.0 - way) ** 2)], atol=1e-4
    )
    assert Memory().exposure(0, 1.0) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outputs": ("raw",)}, "raw needs an imager"),
        ({"exposure_ev": 10.0, "exposure": Exposure(bias_ev=1.0)}, "give exposure_ev or exposure, not both"),
    ],
)
def test_contradictions_are_refused(fields: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        eye(**fields)


@pytest.mark.parametrize(
    ("cls", "fields", "words"),
    [
        (Exposure, {"mode": "manual"}, "mode manual needs time_s"),
        (Exposure, {"mode": "manual", "time_s": 0.01, "lag_s": 1.0}, "are for mode auto"),
        (Exposure, {"time_s": 1e-5}, "must be at least shortest_s"),
        (Exposure, {"iso": 6400.0}, "must be at most iso_max"),
        (Imager, {"bits": 8, "black_level": 200}, "leaves less than half of 8 bits"),
    ],
)
def test_impossible_settings_are_refused(cls: type, fields: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cls(**fields)


def test_denoising_takes_noise_and_leaves_edges_and_means() -> None:
    image = np.full((40, 60, 3), 0.05)
    image[:, 30:] = (0.3, 0.1, 0.1)
    picture = {}
    for strength in (0.0, 1.0):
        pixels = readout(denoise=strength, full_well_e=2000.0, white_balance="daylight")
        picture[strength] = Processor(pixels).developed(mosaic(image, pixels, 0.5)).astype(float)
    for side in (slice(5, 25), slice(35, 55)):
        before, after = (picture[k][5:35, side] for k in (0.0, 1.0))
        colour = [(p - p.mean(-1, keepdims=True)).std((0, 1)).mean() for p in (before, after)]
        assert colour[1] < 0.65 * colour[0]
        assert after.mean(-1).std() < 0.9 * before.mean(-1).std()
        np.testing.assert_allclose(after.mean((0, 1)), before.mean((0, 1)), atol=2.0)
    step = [p[5:35, 31:34].mean() - p[5:35, 26:29].mean() for p in picture.values()]
    assert step[1] > 0.8 * step[0]
