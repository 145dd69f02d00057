"""An image processor: from counts under a colour mosaic to a picture."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.kernels import isp
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, U1, U2
from simgen.sensors._camera_imager import Imager
from simgen.sensors._camera_readout import Readout
from simgen.sensors._camera_tone import curve

_ROWS: Final = 32
#: balance never trusts a picture beyond these factors from daylight
_GAINS: Final = (0.5, 2.2)
#: pixels from which on a sample of them tells the light's colour
_LARGE: Final = 250_000
#: shares of white between which a pixel tells the light's colour
_TELLING: Final = (0.01, 0.92)


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


class Processor:
    """What turns the counts of one readout into a picture."""

    def __init__(self, read: Readout) -> None:
        self.read, self.imager = read, read.imager

    def developed(self, raw: U2) -> U1:
        """A picture (H, W, 3) of counts: black level, white balance, demosaicing, colour matrix, tone, sRGB."""
        height, width = raw.shape
        plane, linear = np.empty((height, width), np.float32), np.empty((height, width, 3), np.float32)
        rgb, scale, matrix = np.empty((height, width, 3), np.uint8), 1.0 / self.read.span, colour_matrix(self.imager)
        gains, table, even = self._gains(raw), curve(), np.ones(height)
        steps = (
            lambda a, b: isp.balance(a, b, self.read.black, scale, gains, self.read.bayer, raw, plane),
            lambda a, b: isp.demosaic(a, b, self.read.bayer, matrix, plane, linear),
        )
        for step in steps:
            run_tiles(step, height, _ROWS, self.read.threads)
        if self.imager.denoise > 0.0:
            linear = self._soothed(linear)
        sharpening = self.imager.sharpening
        run_tiles(
            lambda a, b: isp.show(a, b, 1.0, even, table, sharpening, linear, rgb), height, _ROWS, self.read.threads
        )
        return rgb if self.imager.jpeg_quality is None else packed(rgb, self.imager.jpeg_quality)

    def _soothed(self, linear: F4) -> F4:
        """With less of the noise that these electronics have: ``K^2 var + K mu`` counts, as shares of white."""
        chip, out = self.read.chip, np.empty_like(linear)
        floor = (self.read.gain**2 * (chip.read**2 + chip.dark) + 1.0 / 12.0) / self.read.span**2
        slope, strength = self.read.gain / self.read.span, self.imager.denoise
        run_tiles(
            lambda a, b: isp.soothe(a, b, floor, slope, strength, linear, out), len(linear), _ROWS, self.read.threads
        )
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
                colour = self.read.bayer[y, x]
                value = (raw[y:height:step, x:width:step] - self.read.black) / self.read.span
                sums[..., colour] += value * (0.5 if colour == 1 else 1.0)
        usable = (sums.min(-1) > _TELLING[0]) & (sums.max(-1) < _TELLING[1])
        if usable.mean() < 0.01:
            return np.ones(3)
        mean = sums[usable].mean(0) * daylight
        return np.asarray(np.clip(mean[1] / mean, *_GAINS))


def packed(rgb: U1, quality: int) -> U1:
    """What a JPEG of that quality decodes to: 8 x 8 blocks, colours at half the resolution."""
    import cv2

    ok, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise RuntimeError("OpenCV cannot write a JPEG")
    decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(decoded[..., ::-1])


__all__ = ["Processor", "colour_matrix", "packed"]
