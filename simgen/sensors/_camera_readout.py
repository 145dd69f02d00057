"""An imager's counts of a picture, and what its image processor makes of them."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import imager as pixels
from simgen.kernels import isp
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, I8, U1, U2
from simgen.rng import stream_key
from simgen.sensors._camera_meter import Settings, electrons_per_lux_s, lux_per_luminance
from simgen.sensors._camera_tone import curve

if TYPE_CHECKING:
    from simgen.sensors._camera_imager import Imager
    from simgen.sensors.camera import Camera

_ROWS: Final = 32
_TILE: Final = 65_536
#: balance never trusts a picture beyond these factors from daylight
_GAINS: Final = (0.5, 2.2)
#: pixels from which on a sample of them tells the light's colour
_LARGE: Final = 250_000
#: shares of white between which a pixel tells the light's colour
_TELLING: Final = (0.01, 0.92)
_COLOURS: Final = {"r": 0, "g": 1, "b": 2}


def bayer_of(imager: Imager) -> I8:
    """Colour (0 red, 1 green, 2 blue) of the pixels of even and odd rows and columns, (2, 2)."""
    if imager.bayer == "mono":
        return np.ones((2, 2), np.int64)
    return np.array([_COLOURS[letter] for letter in imager.bayer], np.int64).reshape(2, 2)


def filters(imager: Imager) -> F8:
    """Response of red, green and blue pixels to red, green and blue light, (3, 3); their own share of white light."""
    x = imager.crosstalk
    mixed = np.array([[1.0 - x, x, 0.0], [x, 1.0 - 2.0 * x, x], [0.0, x, 1.0 - x]])
    if imager.bayer == "mono":
        # the whole visible band, as luminance
        return np.tile([0.2126, 0.7152, 0.0722], (3, 1))
    return np.asarray(mixed * (np.array(imager.response) / max(imager.response))[:, None])


def colour_matrix(imager: Imager) -> F8:
    """From balanced colours of the imager to linear sRGB, (3, 3): the filters undone; white stays white."""
    if imager.bayer == "mono":
        return np.eye(3)
    x = imager.crosstalk
    a, b, d = 1.0 - x, 1.0 - 2.0 * x, 1.0 - x
    # inverse of [[a, x, 0], [x, b, x], [0, x, d]] by cofactors
    det = a * (b * d - x * x) - x * x * d
    rows = [[b * d - x * x, -x * d, x * x], [-x * d, a * d, -a * x], [x * x, -a * x, a * b - x * x]]
    return np.array(rows) / det


class Readout:
    """The counts of one picture."""

    def __init__(self, camera: Camera, settings: Settings, seed: int, index: int, threads: int) -> None:
        assert camera.imager is not None
        self.camera, self.imager, self.settings = camera, camera.imager, settings
        self.seed, self.index, self.threads = seed, index, threads
        self.bayer = bayer_of(self.imager)
        imager, time_s = self.imager, settings.time_s
        self.electrons = electrons_per_lux_s(imager) * lux_per_luminance(camera.optics) * time_s
        self.most = 2**imager.bits - 1
        #: counts an electron: white is the highest count
        self.gain = (self.most - imager.black_level) / (self.electrons * settings.white)
        dark = imager.dark_current_e_s * time_s
        self.chip = pixels.Chip(
            self.electrons,
            dark,
            imager.read_noise_e,
            imager.full_well_e,
            self.gain,
            float(imager.black_level),
            float(self.most),
            imager.noise,
            time_s,
        )
        #: what stands for no light, and for the most that can be told: the pixel may be full before the converter is
        self.black = imager.black_level + self.gain * dark
        self.span = min(self.most, imager.black_level + self.gain * imager.full_well_e) - self.black

    def counts(self, image: F4, rows: F8) -> U2:
        """Counts (H, W) of luminance (H, W, 3) on the imager; ``rows``: light of each row against the mean."""
        height, width = image.shape[:2]
        special = specials(self.imager, height * width, self.seed, self.camera.name)
        raw, mix = np.empty((height, width), np.uint16), filters(self.imager)
        # numba's integers are signed: 63 bits
        key = stream_key(self.seed, "imager", self.camera.name, self.index) >> 1

        def tile(a: int, b: int) -> None:
            pixels.read_out(a, b, key, self.chip, mix, self.bayer, rows, image, special, raw)

        run_tiles(tile, height, _ROWS, self.threads)
        return raw

    def developed(self, raw: U2) -> U1:
        """A picture (H, W, 3) of counts: black level, white balance, demosaicing, colour matrix, tone, sRGB."""
        height, width = raw.shape
        plane, linear = np.empty((height, width), np.float32), np.empty((height, width, 3), np.float32)
        rgb, scale, matrix = np.empty((height, width, 3), np.uint8), 1.0 / self.span, colour_matrix(self.imager)
        gains, table, even = self._gains(raw), curve(), np.ones(height)
        steps = (
            lambda a, b: isp.balance(a, b, self.black, scale, gains, self.bayer, raw, plane),
            lambda a, b: isp.demosaic(a, b, self.bayer, matrix, plane, linear),
        )
        for step in steps:
            run_tiles(step, height, _ROWS, self.threads)
        if self.imager.denoise > 0.0:
            linear = self._soothed(linear)
        sharpening = self.imager.sharpening
        run_tiles(lambda a, b: isp.show(a, b, 1.0, even, table, sharpening, linear, rgb), height, _ROWS, self.threads)
        return rgb if self.imager.jpeg_quality is None else packed(rgb, self.imager.jpeg_quality)

    def _soothed(self, linear: F4) -> F4:
        """With less of the noise that these electronics have: ``K^2 var + K mu`` counts, as shares of white."""
        chip, out = self.chip, np.empty_like(linear)
        floor = (self.gain**2 * (chip.read**2 + chip.dark) + 1.0 / 12.0) / self.span**2
        slope, strength = self.gain / self.span, self.imager.denoise
        run_tiles(lambda a, b: isp.soothe(a, b, floor, slope, strength, linear, out), len(linear), _ROWS, self.threads)
        return out

    def _gains(self, raw: U2) -> F8:
        """Gains of red, green and blue; none below 1, so that what is clipped stays white."""
        if self.imager.bayer == "mono":
            return np.ones(3)
        daylight = max(self.imager.response) / np.array(self.imager.response)
        if self.imager.white_gains is not None:
            red, blue = self.imager.white_gains
            daylight = np.array([red, 1.0, blue])
        elif self.imager.white_balance == "auto":
            daylight = daylight * self._cast(raw, daylight)
        return np.asarray(daylight / daylight.min())

    def _cast(self, raw: U2, daylight: F8) -> F8:
        """Further gains (3,) that make the average of what is neither dark nor clipped grey."""
        # whole 2 x 2 squares; of large pictures, one in four
        step = 2 if raw.size < _LARGE else 4
        height, width = (n // step * step for n in raw.shape)
        if height == 0 or width == 0:
            return np.ones(3)
        sums = np.zeros((height // step, width // step, 3))
        for y in range(2):
            for x in range(2):
                colour = self.bayer[y, x]
                value = (raw[y:height:step, x:width:step] - self.black) / self.span
                sums[..., colour] += value * (0.5 if colour == 1 else 1.0)
        usable = (sums.min(-1) > _TELLING[0]) & (sums.max(-1) < _TELLING[1])
        if usable.mean() < 0.01:
            return np.ones(3)
        mean = sums[usable].mean(0) * daylight
        return np.asarray(np.clip(mean[1] / mean, *_GAINS))


@lru_cache(maxsize=4)
def _specials(prnu: float, dsnu: float, hot: float, count: int, seed: int, name: str) -> F4:
    out, key = np.empty((count, 3), np.float32), stream_key(seed, "imager", name, "pixels") >> 1
    run_tiles(lambda a, b: pixels.fixed(a, b, key, prnu, dsnu, hot, out), count, _TILE)
    out.setflags(write=False)
    return out


def specials(imager: Imager, count: int, seed: int, name: str) -> F4:
    """What is special about each pixel and never changes, (P, 3); hot pixels included."""
    noisy = (imager.prnu, imager.dsnu_e) if imager.noise else (0.0, 0.0)
    return _specials(*noisy, imager.hot_pixels, count, seed, name)


def packed(rgb: U1, quality: int) -> U1:
    """What a JPEG of that quality decodes to: 8 x 8 blocks, colours at half the resolution."""
    import cv2

    ok, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise RuntimeError("OpenCV cannot write a JPEG")
    decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(decoded[..., ::-1])


def signal_to_noise_db(electrons: float) -> float:
    """Best signal-to-noise ratio of a pixel that holds so many electrons, dB: ``20 log10 sqrt(e)`` (EMVA 1288)."""
    return 10.0 * math.log10(electrons)


__all__ = ["Readout", "bayer_of", "colour_matrix", "filters", "packed", "signal_to_noise_db", "specials"]
