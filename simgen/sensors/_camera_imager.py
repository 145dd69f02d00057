"""The imager: pixels that count photons, their electronics, and the processor that makes a colour picture of counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simgen.registry import param


@dataclass(frozen=True, kw_only=True)
class Imager:
    """A CMOS imager after EMVA 1288, with its image processor.

    A pixel gets ``E = pi L T / (1 + 4 N^2)`` lx. Electrons are Poisson(light) + Poisson(dark) + Gauss(read) + DSNU,
    cut at the full well, times the gain K, plus the black level, rounded and cut at ``2^bits - 1``. K is such that
    the luminance that saturates by ISO 12232 is the highest count.
    """

    pixel_um: float = param(3.0, ge=0.5, le=100.0, doc="side of a pixel")
    quantum_efficiency: float = param(0.6, gt=0.0, le=1.0, doc="electrons a photon, behind the green filter")
    response: tuple[float, float, float] = param((0.75, 1.0, 0.65), gt=0.0, le=1.0, doc="of red, green, blue; most 1")
    crosstalk: float = param(0.12, ge=0.0, le=0.3, doc="share of each neighbouring colour that a filter lets through")
    full_well_e: float = param(10_000.0, ge=100.0, le=1e7, doc="electrons that a pixel holds")
    read_noise_e: float = param(2.5, ge=0.0, le=1000.0, doc="sigma of what reading adds, electrons")
    dark_current_e_s: float = param(10.0, ge=0.0, le=1e6, doc="electrons a second in the dark")
    prnu: float = param(0.008, ge=0.0, le=0.2, doc="spread of the pixels' response (sigma, share)")
    dsnu_e: float = param(1.0, ge=0.0, le=1000.0, doc="spread of their dark signal (sigma), electrons")
    hot_pixels: float = param(0.0, ge=0.0, le=0.1, doc="share of pixels with a dark current far too high")
    bayer: Literal["rggb", "bggr", "grbg", "gbrg", "mono"] = param("rggb", doc="colours of the first 2 x 2 pixels")
    bits: int = param(12, ge=8, le=16, doc="of the converter")
    black_level: int = param(128, ge=0, le=8192, doc="count that stands for no light")
    noise: bool = param(True, doc="false = the mean of every noise: counts without any draw")
    white_balance: Literal["auto", "daylight"] = param("auto", doc="auto = the picture's average is grey")
    white_gains: tuple[float, float] | None = param(None, gt=0.0, le=16.0, doc="gains of red and blue, by hand")
    denoise: float = param(
        0.0, ge=0.0, le=1.0, doc="how much of the noise the processor takes away: colour before grey"
    )
    sharpening: float = param(0.0, ge=0.0, le=2.0, doc="unsharp mask of the processor, times the detail it finds")
    jpeg_quality: int | None = param(None, ge=1, le=100, doc="rgb is what a JPEG of it decodes to; none = not packed")

    def __post_init__(self) -> None:
        if self.black_level >= 2 ** (self.bits - 1):
            raise ValueError(f"black_level {self.black_level} leaves less than half of {self.bits} bits to the light")


__all__ = ["Imager"]
