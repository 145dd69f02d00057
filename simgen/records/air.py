"""What is in the air, apart from any sensor: the medium that dims and scatters, and the particles in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final, Literal, Self

import numpy as np

from simgen.records.base import F8, I8, U1, U2, U8, Array, Record, array

#: wavelengths of light at which every medium is tabulated: blue, green, red, and the lidars'
WAVELENGTHS_NM: Final = (465.0, 550.0, 610.0, 850.0, 905.0, 1550.0)
RGB_NM: Final = (610.0, 550.0, 465.0)
#: wavelengths of the long-wave infrared, and frequencies of radars, at which only what is lost counts
INFRARED_UM: Final = (8.0, 10.0, 12.0, 14.0)
MICROWAVE_GHZ: Final = (24.0, 60.0, 77.0, 94.0)
#: asymmetries of the lobes that phase functions are made of: Henyey and Greenstein's functions from back to front
LOBES: Final = (-0.6, 0.0, 0.5, 0.8, 0.95, 0.995)
#: shares of the lobes where nobody says others: a mean cosine of 0.85, as of fog
_FOG_LOBES: Final = (0.0, 0.0, 0.0, 2.0 / 3.0, 1.0 / 3.0, 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Medium(Record):
    """Homogeneous air. Every array is a sum over what is mixed into it, so media add.

    What is scattered is told lobe by lobe: the phase function is a sum of Henyey and Greenstein's functions with fixed
    asymmetries, so that media add where fitted parameters would not, and a direction is drawn by drawing a lobe. What
    is left out: nothing is absorbed, the mean cosine is 0.85, long waves are dimmed like those of 1550 nm, radar not
    at all.
    """

    extinction: F8 = array("6", "f8", unit="1/m", doc="extinction at WAVELENGTHS_NM")
    backscatter: F8 = array("6", "f8", unit="1/(m sr)", doc="scattering by 180 degrees at WAVELENGTHS_NM")
    lobes: F8 = array("6 6", "f8", unit="1/m", doc="scattering into each of LOBES (rows)", optional=True)
    infrared: F8 = array("4", "f8", unit="1/m", doc="extinction at INFRARED_UM", optional=True)
    microwave: F8 = array("4", "f8", unit="1/m", doc="extinction of power at MICROWAVE_GHZ", optional=True)
    #: class of what a lidar sees when the medium itself returns light
    class_name: str = "fog"

    def __post_init__(self) -> None:
        absent = {
            "lobes": np.outer(_FOG_LOBES, self.extinction),
            "infrared": np.full(len(INFRARED_UM), self.extinction[-1]),
            "microwave": np.zeros(len(MICROWAVE_GHZ)),
        }
        for name, value in absent.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        super().__post_init__()

    @classmethod
    def clear(cls) -> Self:
        """Air that does nothing."""
        return cls(extinction=np.zeros(6), backscatter=np.zeros(6))

    @classmethod
    def gray(cls, extinction_per_m: float, backscatter_per_m_sr: float, class_name: str, albedo: float = 1.0) -> Self:
        """The same at every wavelength of light; ``albedo`` is the share of the extinction that is scattered."""
        return cls(
            extinction=np.full(6, extinction_per_m),
            backscatter=np.full(6, backscatter_per_m_sr),
            lobes=np.outer(_FOG_LOBES, np.full(6, extinction_per_m * albedo)),
            class_name=class_name,
        )

    def __add__(self, other: Self) -> Self:
        stronger = max(self, other, key=lambda medium: (medium.backscatter.sum(), medium.extinction.sum()))
        both = {name: value + getattr(other, name) for name, _, value in self.arrays()}
        return type(self)(**both, class_name=stronger.class_name)

    def scaled(self, share: float) -> Self:
        """The same mixture, thinner or denser."""
        return self.replace(**{name: value * share for name, _, value in self.arrays()})

    def extinction_at(self, wavelength_nm: float) -> float:
        """Extinction at a wavelength of light, 1/m, linear between the tabulated ones."""
        return float(np.interp(wavelength_nm, WAVELENGTHS_NM, self.extinction))

    def backscatter_at(self, wavelength_nm: float) -> float:
        """Backscatter at a wavelength of light, 1/(m sr), linear between the tabulated ones."""
        return float(np.interp(wavelength_nm, WAVELENGTHS_NM, self.backscatter))

    def lobes_at(self, wavelength_nm: float) -> F8:
        """Scattering at a wavelength of light by lobe, (L,), 1/m."""
        return np.array([np.interp(wavelength_nm, WAVELENGTHS_NM, lobe) for lobe in self.lobes])

    def albedo_at(self, wavelength_nm: float) -> float:
        """Share of the extinguished light that is scattered rather than absorbed; 1 in clear air."""
        extinction = self.extinction_at(wavelength_nm)
        return float(self.lobes_at(wavelength_nm).sum()) / extinction if extinction > 0.0 else 1.0

    def moment_at(self, wavelength_nm: float, order: int) -> float:
        """A Legendre moment of the phase function: of order 1 the mean cosine, of 2 the share of the forward peak."""
        lobes = self.lobes_at(wavelength_nm)
        shares = lobes / lobes.sum() if lobes.any() else np.array(_FOG_LOBES)
        return float((shares * np.array(LOBES) ** order).sum())

    def phase(self, wavelength_nm: float, cosine: F8) -> F8:
        """The phase function at cosines of the angle between where light goes and where it is scattered, 1/sr."""
        mu = np.asarray(cosine, np.float64)
        lobes = self.lobes_at(wavelength_nm)
        shapes = ((1.0 - g * g) / (1.0 + g * g - 2.0 * g * mu) ** 1.5 for g in LOBES)
        return np.asarray(sum(w * s for w, s in zip(lobes, shapes, strict=True)) / (4.0 * math.pi * lobes.sum()))

    def infrared_at(self, low_um: float, high_um: float) -> float:
        """Mean extinction over a band of the long-wave infrared, 1/m; constant beyond the tabulated wavelengths."""
        between = np.linspace(low_um, high_um, 33)
        return float(np.interp(between, INFRARED_UM, self.infrared).mean())

    def microwave_at(self, frequency_hz: float) -> float:
        """Extinction of radar power, 1/m, one way: a power law of the frequency between the tabulated ones."""
        if not self.microwave.all():
            return float(np.interp(1e-9 * frequency_hz, MICROWAVE_GHZ, self.microwave))
        at = np.interp(math.log(1e-9 * frequency_hz), np.log(MICROWAVE_GHZ), np.log(self.microwave))
        return float(np.exp(at))


@dataclass(frozen=True, kw_only=True, eq=False)
class Particles(Record):
    """Drops or flakes by size: how many in a cubic metre, how fast they fall, how bright they are."""

    class_name: str = "rain"
    diameter: F8 = array("D", "f8", unit="m", doc="middle of each size bin")
    density: F8 = array("D", "f8", unit="1/m3", doc="number in each bin")
    fall_speed: F8 = array("D", "f8", unit="m/s", doc="terminal speed")
    extinction: F8 = array("6 D", "f8", unit="m2", doc="what one takes away, at WAVELENGTHS_NM", optional=True)
    #: share of the light that falls on a particle and comes straight back (0.0199 for water: Fresnel at 0 degrees)
    reflectivity: float = 0.0199
    #: how it looks: clear water that refracts, a loose white flake, cloudy ice
    looks: Literal["water", "flake", "ice"] = "water"

    def __post_init__(self) -> None:
        if vars(self)["extinction"] is None:
            # what is large against the wavelength takes away twice its shadow
            twice = 0.5 * math.pi * np.asarray(self.diameter, np.float64) ** 2
            object.__setattr__(self, "extinction", np.tile(twice, (len(WAVELENGTHS_NM), 1)))
        super().__post_init__()

    def scaled(self, share: float) -> Self:
        """The same sizes, fewer or more of them."""
        return self.replace(density=self.density * share)

    def lost(self, wavelength_nm: float) -> F8:
        """What all particles of each size take away at a wavelength, (D,), 1/m."""
        at = [np.interp(wavelength_nm, WAVELENGTHS_NM, column) for column in self.extinction.T]
        return np.asarray(np.array(at) * self.density)


@dataclass(frozen=True, kw_only=True)
class SurfaceChange:
    """What weather does to what is exposed to it; 0 = nothing."""

    #: film of water, 1 = soaked
    wetness: float = 0.0
    #: share of level ground under standing water
    puddles: float = 0.0
    #: depth of the snow that lies on open, level ground, m
    snow_m: float = 0.0
    #: share of level ground under clear ice
    ice: float = 0.0
    #: share of the snow's depth that tyres have taken out of their tracks
    tracks: float = 0.0

    @property
    def grip(self) -> float:
        """Friction of open, level ground relative to the dry one: 0.8 wet, 0.3 under snow, 0.2 on ice, by their shares.

        Of 0.9 dry, 0.75 wet, 0.25 on packed snow and 0.2 on black ice (Wallman and Astrom, VTI meddelande 911A, 2001).
        """
        wet = 1.0 - 0.2 * max(self.wetness, self.puddles)
        snow = math.tanh(self.snow_m / 0.01)
        under = wet + self.ice * (0.2 - wet)
        return under + snow * (0.3 - under)

    def stronger(self, other: Self) -> Self:
        """Of each change the stronger one."""
        return type(self)(**{f.name: max(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)})

    def scaled(self, share: float) -> Self:
        """A share of every change."""
        return type(self)(**{f.name: share * getattr(self, f.name) for f in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What comes down, mm/h of water each."""

    rain_mm_h: float = 0.0
    snow_mm_h: float = 0.0
    hail_mm_h: float = 0.0

    def __add__(self, other: Self) -> Self:
        return type(self)(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    def scaled(self, share: float) -> Self:
        """Less or more of everything."""
        return type(self)(**{f.name: share * getattr(self, f.name) for f in fields(self)})


@dataclass(frozen=True, kw_only=True, eq=False)
class Fallen(Record):
    """What has come down since time 0, mm of water; before and after the times it goes on evenly."""

    time_ns: I8 = array("K", "i8", unit="ns", doc="instants, at least two")
    rain_mm: F8 = array("K", "f8", unit="mm", doc="rain since time 0")
    snow_mm: F8 = array("K", "f8", unit="mm", doc="snow since time 0, as water")

    def rain_at(self, time_ns: Array | int) -> F8:
        """Rain since time 0 at instants, mm; negative before."""
        return _continued(time_ns, self.time_ns, self.rain_mm)

    def snow_at(self, time_ns: Array | int) -> F8:
        """Snow since time 0 at instants, mm of water; negative before."""
        return _continued(time_ns, self.time_ns, self.snow_mm)


def _continued(time_ns: Array | int, times: I8, values: F8) -> F8:
    """Linear interpolation that goes on beyond the ends as it does beside them."""
    t = np.asarray(time_ns, np.float64)
    at = np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(times) - 2)
    slope = (values[at + 1] - values[at]) / np.maximum(times[at + 1] - times[at], 1)
    return np.asarray(values[at] + slope * (t - times[at]), np.float64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Near(Record):
    """Single particles around a place at one instant: the same ones for whatever sensor asks."""

    position: F8 = array("N 3", "f8", unit="m", doc="world frame, less the origin that was asked for")
    velocity: F8 = array("N 3", "f8", unit="m/s", doc="over the ground, world frame")
    diameter: F8 = array("N", "f8", unit="m", doc="diameter")
    kind: U1 = array("N", "u1", doc="place in the list of particles")
    size: U2 = array("N", "u2", doc="row of that kind's sizes")
    key: U8 = array("N", "u8", doc="identity")
