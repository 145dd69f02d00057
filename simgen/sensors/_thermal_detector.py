"""What a microbolometer camera makes of an image's radiance: blur, noise, counts, temperatures and a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import bolometer
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, U1, U2
from simgen.rng import stream, stream_key
from simgen.sensors._thermal_band import ZERO_C, brightness, radiance, slope
from simgen.units import NS_PER_S, seconds_to_ns

if TYPE_CHECKING:
    from simgen.sensors.thermal_camera import ThermalCamera

#: counts of 14 bits
COUNTS: Final = 16_383
#: temperature at which noise is stated, K
_STATED_K: Final = 300.0
#: the camera's own shutter is this much warmer than the air, K
SHUTTER_K: Final = 10.0
_TILE: Final = 65_536
#: counts that share a bin of the histogram
_BIN: Final = 4
#: a bin counts at most so many times the mean of the filled ones
_PLATEAU: Final = 3.0
#: share of the grey levels that goes to the range evenly, whatever is in it
_LINEAR: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class Shutter:
    """Where in the cycle of non-uniformity corrections an instant lies."""

    #: which correction was the latest to begin
    cycle: int
    closed: bool
    #: since the correction ended, s
    age_s: float


def shutter_at(camera: ThermalCamera, time_ns: int, seed: int) -> Shutter:
    """The cycle begins at a random instant before the clip, from the camera's own stream."""
    interval = seconds_to_ns(camera.nuc_interval_s)
    if interval == 0:
        return Shutter(cycle=0, closed=False, age_s=time_ns / NS_PER_S)
    since = time_ns + int(stream(seed, "thermal", camera.name, "nuc").random() * interval)
    cycle, age = divmod(since, interval)
    open_ns = age - seconds_to_ns(camera.nuc_duration_s)
    return Shutter(cycle=cycle, closed=open_ns < 0, age_s=max(open_ns, 0) / NS_PER_S)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How counts stand for radiance: linear between the ends of the camera's span."""

    low: float
    per_count: float

    @classmethod
    def of(cls, camera: ThermalCamera) -> Scale:
        """From the camera's span of temperatures."""
        low, high = (float(radiance(camera.band_table, np.array(c + ZERO_C))) for c in camera.span_c)
        return cls(low=low, per_count=(high - low) / COUNTS)

    def radiance(self, raw: U2) -> F8:
        """What counts stand for, W/(m2 sr)."""
        return self.low + raw.astype(np.float64) * self.per_count


def counts(camera: ThermalCamera, value: F8, index: int, shutter: Shutter, seed: int, threads: int, noisy: bool) -> U2:
    """Counts (H, W) of a radiance (H, W), with or without everything that errs."""
    scale, kelvin = Scale.of(camera), slope(camera.band_table, _STATED_K) if noisy else 0.0
    frame, correction, device = (
        stream_key(seed, "thermal", camera.name, *names) >> 1
        for names in (("noise", index), ("pattern", shutter.cycle), ("drift",))
    )
    flat, raw = np.ascontiguousarray(value).ravel(), np.empty(value.size, np.uint16)

    def tile(a: int, b: int) -> None:
        bolometer.read(
            a,
            b,
            camera.width,
            frame,
            correction,
            device,
            kelvin * camera.netd_mk * 1e-3,
            kelvin * camera.pattern_mk * 1e-3,
            kelvin * camera.column_mk * 1e-3,
            kelvin * camera.drift_mk_per_min * 1e-3 * shutter.age_s / 60.0,
            scale.low,
            scale.per_count,
            COUNTS,
            flat,
            raw,
        )

    run_tiles(tile, len(flat), _TILE, threads)
    return raw.reshape(value.shape)


def temperatures(camera: ThermalCamera, raw: U2) -> F4:
    """What the camera takes counts for, degrees Celsius: ``B(T) = (L - (1 - e) B(T_reflected)) / e``."""
    table, e = camera.band_table, camera.assumed_emissivity
    reflected = camera.air_temperature_c if camera.assumed_reflected_c is None else camera.assumed_reflected_c
    around = float(radiance(table, np.array(reflected + ZERO_C)))
    # one temperature a count: the table is shorter than the image
    levels = Scale.of(camera).radiance(np.arange(COUNTS + 1, dtype=np.uint16))
    table_c = (brightness(table, (levels - (1.0 - e) * around) / e) - ZERO_C).astype(np.float32)
    return table_c[raw]


def blurred(value: F8, sigma_px: float) -> F8:
    """An image (H, W) through a Gaussian of the optics, mirrored at the edges."""
    if sigma_px <= 0.0:
        return value
    reach = max(math.ceil(3.0 * sigma_px), 1)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
    weights /= weights.sum()
    out = value
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded, size = np.pad(out, padding, mode="edge"), value.shape[axis]
        out = np.zeros(value.shape)
        for k, weight in enumerate(weights):
            part = padded[k : k + size] if axis == 0 else padded[:, k : k + size]
            out += weight * part
    return out


def picture(camera: ThermalCamera, raw: U2) -> tuple[U1, float]:
    """The 8-bit picture, white = hot, and the temperature that is white, K: a plateau-limited equalisation.

    Frequent counts get more of the grey levels than rare ones, but no bin counts for more than a few times the mean
    (Vickers, Opt. Eng. 35:1921, 1996), and no kelvin gets more than ``max_levels_per_k`` levels, so that the noise of
    an even scene stays dark.
    """
    bins = np.bincount(raw.ravel() // _BIN, minlength=COUNTS // _BIN + 1).astype(np.float64)
    filled = np.flatnonzero(bins)
    weight = np.minimum(bins, _PLATEAU * bins.sum() / max(len(filled), 1))
    per_k = slope(camera.band_table, _STATED_K) / (Scale.of(camera).per_count * _BIN)
    most = camera.max_levels_per_k / per_k
    levels = np.minimum(255.0 * (1.0 - _LINEAR) * weight / weight.sum(), most)
    # what is left goes to the whole range evenly, to each bin as far as it may rise
    room = np.where(np.arange(len(bins)) < filled[-1], most - levels, 0.0)
    room[: filled[0]] = 0.0
    levels += room * min((255.0 - levels.sum()) / max(room.sum(), 1e-9), 1.0)
    # an even scene does not fill the range: it stays about middle grey
    shades = np.cumsum(levels) + 0.5 * (255.0 - levels.sum())
    image = np.clip(np.rint(shades), 0.0, 255.0).astype(np.uint8)[raw // _BIN]
    white = Scale.of(camera).radiance(np.array([filled[-1] * _BIN], np.uint16))
    return image, float(brightness(camera.band_table, white)[0])


__all__ = ["COUNTS", "Scale", "Shutter", "blurred", "counts", "picture", "shutter_at", "temperatures"]
