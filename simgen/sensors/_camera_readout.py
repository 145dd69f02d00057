"""An imager's counts of a picture."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import imager as pixels
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, I8, U2
from simgen.rng import stream_key
from simgen.sensors._camera_meter import Settings, electrons_per_lux_s, lux_per_luminance

if TYPE_CHECKING:
    from simgen.sensors._camera_imager import Imager
    from simgen.sensors.camera import Camera

_ROWS: Final = 32
_TILE: Final = 65_536
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


def signal_to_noise_db(electrons: float) -> float:
    """Best signal-to-noise ratio of a pixel that holds so many electrons, dB: ``20 log10 sqrt(e)`` (EMVA 1288)."""
    return 10.0 * math.log10(electrons)


__all__ = ["Readout", "bayer_of", "filters", "signal_to_noise_db", "specials"]
