"""Cameras with pixels: counts, exposure and the scene's radiance agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare, count_wrong
from simgen.records.base import F8
from simgen.records.lights import LUMINANCE_RGB

#: side of the blocks whose means are compared, px
_BLOCK: Final = 16
#: shares of white between which a block tells anything
_TELLING: Final = (0.02, 0.7)
#: how far the median block may be off: vignetting darkens, glare brightens, colours differ from luminance
_FACTOR: Final = 2.0
#: the least blocks that say something
_FEW: Final = 8


@dataclass(frozen=True, kw_only=True)
class CameraRaw(Rule):
    """The exposure that a frame states is that of its aperture, time and sensitivity, and its counts follow from it.

    White is ``1.2 N^2 / t * 100 / S`` (ISO 12232, within 1e-4); no count is above the converter's; where the radiance
    is stored and the camera declares no faults, the middle block's green counts are within a factor of 2 of
    ``black + (most - black) L / white``.
    """

    name = "camera_raw"
    unit = "of what is allowed"

    def frame(self, look: FrameLook) -> Finding:
        """Look at a camera's frame with an imager."""
        imager = look.sequence.calibration(look.sensor).get("imager")
        if not isinstance(imager, dict) or look.get("exposure_time") is None:
            return NOTHING
        found = self._exposure(look.frame, imager)
        if look.get("raw") is not None:
            found += self._range(look.frame, imager)
            if look.get("linear") is not None and not imager["faults"]:
                found += self._counts(look.frame, imager)
        return found

    def _exposure(self, frame: Any, imager: dict[str, Any]) -> Finding:
        time_s, iso, white = (float(a[0]) for a in (frame.exposure_time, frame.iso, frame.exposure))
        stated = 1.2 * float(imager["f_number"]) ** 2 / time_s * 100.0 / iso
        words = f"white is {white:g} cd/m2, but f/{imager['f_number']:g}, {time_s:g} s, ISO {iso:g} give {stated:g}"
        return compare(np.array([math.log(white / stated) / 1e-4]), 1.0, lambda _: words)

    def _range(self, frame: Any, imager: dict[str, Any]) -> Finding:
        most = 2 ** int(imager["bits"]) - 1
        above = int((frame.raw > most).sum())
        return count_wrong(np.array([above > 0]), lambda _: f"{above} counts are above {most}")

    def _counts(self, frame: Any, imager: dict[str, Any]) -> Finding:
        black, most = float(imager["black_level"]), 2.0 ** int(imager["bits"]) - 1.0
        luminance = frame.linear.astype(np.float64) @ np.array(LUMINANCE_RGB)
        expected = _blocks(luminance) / float(frame.exposure[0])
        seen = (_blocks(_green(frame.raw, str(imager["bayer"]))) - black) / (most - black)
        # a pixel may be full before the converter is
        full = min(float(imager["full_well_e"]) * float(frame.gain[0]) / (most - black), 1.0)
        tells = (expected > _TELLING[0] * full) & (expected < _TELLING[1] * full)
        if tells.sum() < _FEW:
            return NOTHING
        middle = float(np.median(seen[tells] / expected[tells]))
        words = f"the middle block's counts are {middle:.2f} times what its luminance and the exposure give"
        off = abs(math.log(max(middle, 1e-9))) / math.log(_FACTOR)
        return compare(np.array([off]), 1.0, lambda _: words)


def _green(raw: Any, bayer: str) -> F8:
    """The counts of green pixels at their places, others NaN; all of them where there is no mosaic."""
    counts = raw.astype(np.float64)
    if bayer != "mono":
        for place, letter in enumerate(bayer):
            if letter != "g":
                counts[place // 2 :: 2, place % 2 :: 2] = np.nan
    return np.asarray(counts)


def _blocks(image: F8) -> F8:
    """Means over square blocks, what is not a number left out; a remainder at the right and lower edge is dropped."""
    height, width = (n // _BLOCK * _BLOCK for n in image.shape)
    if height == 0 or width == 0:
        return np.zeros(0)
    cut = image[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    return np.asarray(np.nanmean(cut, axis=(1, 3)).reshape(-1))
