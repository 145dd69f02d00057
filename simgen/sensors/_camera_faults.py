"""Faults of a camera as declared fields: they change colours and raw counts, never labels."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.registry import param
from simgen.sensors._fault import Fault


@dataclass(frozen=True, kw_only=True)
class Dirt(Fault):
    """Specks and smears on the front glass, far out of focus: they dim, and scatter a little of the light about.

    They are all there at once, or, where one of the rates is given, come one by one until ``cover`` is reached. A wet
    road throws up more: its wetness follows the rain as ``1 - exp(-R / 2.5 mm/h)``.
    """

    cover: float = param(0.1, gt=0.0, le=0.9, doc="share of the picture that is dimmed")
    size: float = param(0.04, ge=0.005, le=0.5, doc="typical speck, as a share of the picture's width")
    density: float = param(0.8, gt=0.0, le=1.0, doc="light that the middle of a speck takes away")
    per_min: float = param(0.0, ge=0.0, le=10.0, doc="cover that comes with every minute")
    per_km: float = param(0.0, ge=0.0, le=10.0, doc="cover that comes with every kilometre")
    per_wet_km: float = param(0.0, ge=0.0, le=10.0, doc="cover that comes with every kilometre of wet road, besides")
    wash_s: float | None = param(None, gt=0.0, le=36000.0, doc="from one wash, which takes all of it, to the next")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.wash_s is not None and not self.grows:
            raise ValueError("wash_s: dirt that does not come back after a wash needs per_min, per_km or per_wet_km")

    @property
    def grows(self) -> bool:
        """Whether it comes one by one."""
        return self.per_min + self.per_km + self.per_wet_km > 0.0


@dataclass(frozen=True, kw_only=True)
class Scratches(Fault):
    """Fine scratches: lines that scatter light sideways, bright against a lamp and dull against the day."""

    count: int = param(6, ge=1, le=200, doc="how many")
    width_px: float = param(2.0, gt=0.0, le=30.0, doc="of a scratch's blurred image")
    strength: float = param(0.5, gt=0.0, le=1.0, doc="light that is scattered in its middle")


@dataclass(frozen=True, kw_only=True)
class Drops(Fault):
    """Water drops on the glass: each is a small lens that shows a wide, upside-down and blurred view."""

    count: int = param(30, ge=1, le=2000, doc="how many")
    size: float = param(0.03, ge=0.003, le=0.3, doc="radius of a typical drop, as a share of the picture's width")


@dataclass(frozen=True, kw_only=True)
class Condensation(Fault):
    """Mist on the glass: contrast falls and lamps get a glow."""

    haze: float = param(0.5, gt=0.0, le=1.0, doc="share of the light that the mist scatters")
    size_deg: float = param(4.0, gt=0.0, le=40.0, doc="angle within which half of it lands")
    patchy: float = param(0.5, ge=0.0, le=1.0, doc="0 = even, 1 = from none to all of it")


@dataclass(frozen=True, kw_only=True)
class Defocus(Fault):
    """The lens has moved in its thread: everything is blurred alike."""

    radius_px: float = param(3.0, gt=0.0, le=50.0, doc="of the disc that a point becomes")


@dataclass(frozen=True, kw_only=True)
class Dead(Fault):
    """Rows, columns and pixels that answer no more (or always shout)."""

    rows: int = param(0, ge=0, le=1000, doc="how many rows")
    columns: int = param(0, ge=0, le=1000, doc="how many columns")
    pixels: float = param(0.0, ge=0.0, le=0.5, doc="share of single pixels, half of them stuck at white")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rows == 0 and self.columns == 0 and self.pixels == 0.0:
            raise ValueError("say what is dead: rows, columns or pixels")


@dataclass(frozen=True, kw_only=True)
class MainsFlicker(Fault):
    """Light that pulses with the mains: brightness beats from frame to frame, and bands with a rolling shutter."""

    frequency_hz: float = param(100.0, gt=0.0, le=1e5, doc="of the light: twice that of the mains")
    depth: float = param(0.3, gt=0.0, le=1.0, doc="share of the light that pulses")


@dataclass(frozen=True, kw_only=True)
class LedFlicker(Fault):
    """Lamps of LEDs are pulsed: a short exposure can miss them, and a signal looks dark though it is on."""

    frequency_hz: float = param(90.0, gt=0.0, le=1e5, doc="pulses a second")
    duty: float = param(0.3, gt=0.0, lt=1.0, doc="share of the time that they are on")


@dataclass(frozen=True, kw_only=True)
class Overexposure(Fault):
    """The exposure control errs."""

    ev: float = param(2.0, ge=-10.0, le=10.0, doc="too bright by so many steps of factor 2; negative = too dark")


@dataclass(frozen=True, kw_only=True)
class Frozen(Fault):
    """The device sends its last good picture again and again; stamps go on."""


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What is wrong with a camera. A wrong calibration is ``calibration_error``, a blow ``mount.knock``."""

    dirt: Dirt | None = param(None, doc="on the front glass")
    scratches: Scratches | None = param(None, doc="in the front glass")
    drops: Drops | None = param(None, doc="of water on the front glass")
    condensation: Condensation | None = param(None, doc="mist on the glass")
    defocus: Defocus | None = param(None, doc="the lens is out of focus")
    dead: Dead | None = param(None, doc="rows, columns, pixels without an answer")
    mains_flicker: MainsFlicker | None = param(None, doc="light that pulses with the mains")
    led_flicker: LedFlicker | None = param(None, doc="lamps that pulse")
    overexposure: Overexposure | None = param(None, doc="a wrong exposure")
    frozen: Frozen | None = param(None, doc="the same picture again")


__all__ = [
    "Condensation",
    "Dead",
    "Defocus",
    "Dirt",
    "Drops",
    "Fault",
    "Faults",
    "Frozen",
    "LedFlicker",
    "MainsFlicker",
    "Overexposure",
    "Scratches",
]
