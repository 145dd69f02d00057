"""What exposure a picture gets: metering, and how the camera divides it between time and sensitivity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.records.base import F4
from simgen.sensors._camera_tone import white_of_ev

if TYPE_CHECKING:
    from simgen.sensors._camera_imager import Imager
    from simgen.sensors._camera_optics import Optics
    from simgen.sensors.camera import Camera

#: photons a square micrometre in a lux second of light at 555 nm: 1 / (683 lm/W), 3.58e-19 J each. White light has as
#: many, to a tenth, in each of the three bands that the filters let through
PHOTONS_PER_LUX_S_UM2: Final = 4090.0
#: the longest time of an imager without ``time_s``
LONGEST_S: Final = 1.0 / 30.0
#: sensitivity of a camera without an imager, if it has a shutter
_PLAIN_ISO: Final = 100.0


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The exposure of one picture; a camera without shutter and imager has no time and no sensitivity: both 0."""

    ev: float
    time_s: float
    iso: float

    @property
    def white(self) -> float:
        """Luminance that saturates, cd/m2 (ISO 12232)."""
        return white_of_ev(self.ev)


def electrons_per_lux_s(imager: Imager) -> float:
    """Of a pixel behind a green filter."""
    return PHOTONS_PER_LUX_S_UM2 * imager.quantum_efficiency * imager.pixel_um**2


def lux_per_luminance(optics: Optics) -> float:
    """Illuminance on the imager's middle for 1 cd/m2: ``E = pi L T / (1 + 4 N^2)`` (EMVA 1288)."""
    return math.pi * optics.transmission / (1.0 + 4.0 * optics.f_number**2)


def base_iso(imager: Imager, optics: Optics) -> float:
    """The sensitivity at which the luminance that saturates by ISO 12232 just fills a pixel."""
    stops = 120.0 * optics.f_number**2
    return electrons_per_lux_s(imager) * lux_per_luminance(optics) * stops / imager.full_well_e


def settle(camera: Camera, ev: float, time_ns: int) -> Settings:
    """The exposure for a metered EV, or that which was set by hand; at a moment, for faults."""
    exposure, n2 = camera.exposure, camera.optics.f_number**2
    error = overexposed_ev(camera, time_ns)
    if camera.exposure_ev is not None:
        return _divided(camera, camera.exposure_ev - error, bounded=False)
    if exposure.mode == "auto":
        return _divided(camera, ev - exposure.bias_ev - error, bounded=True)
    assert exposure.time_s is not None
    iso = _lowest_iso(camera)
    time_s = exposure.time_s * 2.0**error
    return Settings(ev=math.log2(n2 / time_s * 100.0 / iso), time_s=time_s, iso=iso)


def overexposed_ev(camera: Camera, time_ns: int) -> float:
    """By how much a fault makes a picture too bright."""
    fault = camera.faults.overexposure
    return fault.ev if fault is not None and fault.is_on(time_ns) else 0.0


def _lowest_iso(camera: Camera) -> float:
    if camera.exposure.iso is not None:
        return camera.exposure.iso
    return _PLAIN_ISO if camera.imager is None else base_iso(camera.imager, camera.optics)


def _divided(camera: Camera, ev: float, *, bounded: bool) -> Settings:
    """Time first, then sensitivity: ``t = N^2 100 / (S 2^EV)``; what is beyond the limits changes the EV."""
    exposure = camera.exposure
    if camera.imager is None and exposure.time_s is None:
        return Settings(ev=ev, time_s=0.0, iso=0.0)
    light = camera.optics.f_number**2 * 100.0 * 2.0**-ev
    lowest, longest = _lowest_iso(camera), exposure.time_s or LONGEST_S
    time_s = min(max(light / lowest, exposure.shortest_s), longest)
    iso = light / time_s
    if not bounded:
        return Settings(ev=ev, time_s=time_s, iso=iso)
    held = min(max(iso, lowest), max(exposure.iso_max, lowest))
    # the wanted EV itself where no limit is met: the two formulas differ in the last digit
    reached = ev if held == iso or abs(held / iso - 1.0) < 1e-12 else ev - math.log2(held / iso)
    return Settings(ev=reached, time_s=time_s, iso=held)


def centre_luminance(light: F4, width: int, height: int) -> float:
    """Geometric mean of the luminance (P, >= 3), weighted by a Gaussian of a fifth of the sides about the middle."""
    y, x = np.arange(0, height, 4), np.arange(0, width, 4)
    rgb = light.reshape(height, width, -1)[::4, ::4, :3].astype(np.float64)
    luminance = rgb @ np.array([0.2126, 0.7152, 0.0722])
    log = np.log(np.maximum(luminance, 1e-6))
    down = np.exp(-0.5 * ((y + 0.5 - height / 2.0) / (0.2 * height)) ** 2)
    across = np.exp(-0.5 * ((x + 0.5 - width / 2.0) / (0.2 * width)) ** 2)
    # what the lens does not see is black and does not count
    weight = down[:, None] * across * (luminance > 0.0)
    return math.exp(float((log * weight).sum() / max(weight.sum(), 1e-9)))


__all__ = [
    "LONGEST_S",
    "PHOTONS_PER_LUX_S_UM2",
    "Settings",
    "base_iso",
    "centre_luminance",
    "electrons_per_lux_s",
    "lux_per_luminance",
    "overexposed_ev",
    "settle",
]
