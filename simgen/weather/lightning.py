"""Lightning: flashes at times that are given, or drawn at a rate."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from simgen.records.flash import Flash, Stroke
from simgen.registry import param, register
from simgen.rng import child_seed, stream
from simgen.weather.base import WeatherEffect

#: flashes a minute of a thunderstorm nearby
_A_MINUTE: Final = 4.0
#: optical power of a first and of a later stroke at their peak, W, and the widths of their pulses, s (Guo and Krider
#: 1982: means of 2.3e9 and 4.8e8 W from 0.4 to 1.1 um, 158 us)
FIRST_W, LATER_W, PULSE_S = 2.3e9, 4.8e8, 158e-6
#: a pulse from within clouds is spread by scattering, s (Light et al. 2001)
CLOUD_PULSE_S: Final = 500e-6
#: time between strokes: median, s, and spread of its logarithm (Rakov and Uman 2003)
_BETWEEN_S, _BETWEEN_SPREAD = 0.06, 0.5
#: mean number of strokes (Rakov and Uman 2003: 3 to 5), and the most
_STROKES, _MOST_STROKES = 3.5, 15


@dataclass(frozen=True, kw_only=True)
class FlashAt:
    """One flash."""

    at_s: float = param(doc="when its first stroke is", ge=0.0, le=3600.0)
    distance_m: float = param(3000.0, ge=100.0, le=50000.0, doc="how far away")
    from_deg: float = param(0.0, ge=0.0, le=360.0, doc="where: 0 = north, 90 = east")
    to_ground: bool = param(True, doc="to the ground, with a channel that casts shadows; else within clouds")
    strokes: int = param(4, ge=1, le=_MOST_STROKES, doc="how often it strikes")
    brightness: float = param(1.0, gt=0.0, le=20.0, doc="peak power by that of a mean one (2.3e9 W)")


@register("weather", "lightning")
@dataclass(frozen=True, kw_only=True)
class Lightning(WeatherEffect):
    """Flashes that light the scene for an instant; cameras see the share of it that falls into their exposure.

    A stroke sends 2.3e9 W of light at its peak, later ones of a flash 4.8e8 W (Guo and Krider 1982), fading by e in
    158 us: 3.6e5 J. With 130 lm/W that is 0.9 lx s at 2 km, 90 lx over an exposure of 10 ms: daylight drowns it. At a
    rate, flashes come by a Poisson process, all over the ring that ``distance_m`` gives; a scene that is drawn holds
    each of them. Lamps that daylight switches do not react, and no other sensor notices.
    """

    only_one: ClassVar[bool] = True
    changes: ClassVar[bool] = False

    flashes_per_minute: float | None = param(
        None, ge=0.0, le=120.0, doc="rate at which flashes are drawn; null = 4, or 0 where some are listed"
    )
    distance_m: tuple[float, float] = param((800.0, 8000.0), ge=100.0, le=50000.0, doc="nearest and farthest drawn")
    to_ground_share: float = param(0.3, ge=0.0, le=1.0, doc="share of the drawn that go to the ground")
    flashes: tuple[FlashAt, ...] = param((), doc="flashes at given times")

    def __post_init__(self) -> None:
        if not self.flashes and self.rate == 0.0:
            raise ValueError("flashes_per_minute is 0 and no flashes are listed")
        if self.distance_m[0] > self.distance_m[1]:
            raise ValueError("distance_m: the nearest is farther than the farthest")

    @property
    def rate(self) -> float:
        """Flashes a minute that are drawn."""
        if self.flashes_per_minute is not None:
            return self.flashes_per_minute
        return 0.0 if self.flashes else _A_MINUTE

    def settled(self, seed: int, duration_s: float) -> Self:
        """The same with every flash of a sequence drawn: none is left to a rate."""
        rate = self.rate
        if rate == 0.0:
            return self
        rng = stream(seed, "flashes")
        drawn = []
        time_s = float(rng.exponential(60.0 / rate))
        while time_s < duration_s:
            near, far = self.distance_m
            flash = FlashAt(
                at_s=round(time_s, 4),
                # even over the ring's area
                distance_m=round(math.sqrt(near**2 + float(rng.random()) * (far**2 - near**2)), 1),
                from_deg=round(360.0 * float(rng.random()), 1),
                to_ground=bool(rng.random() < self.to_ground_share),
                strokes=min(1 + int(rng.poisson(_STROKES - 1.0)), _MOST_STROKES),
                brightness=round(min(float(rng.lognormal(-0.125, 0.5)), 20.0), 3),
            )
            drawn.append(flash)
            time_s += float(rng.exponential(60.0 / rate))
        if not drawn and not self.flashes:
            # calm so far: what is left of the rate could not strike within the sequence
            return self
        return dataclasses.replace(self, flashes_per_minute=0.0, flashes=(*self.flashes, *drawn))

    def flashing(self, seed: int) -> tuple[Flash, ...]:
        """Every flash that is listed, with its strokes; times between them are drawn."""
        return tuple(_struck(flash, child_seed(seed, "flash", k)) for k, flash in enumerate(self.flashes))


def _struck(flash: FlashAt, seed: int) -> Flash:
    between = stream(seed, "strokes").lognormal(math.log(_BETWEEN_S), _BETWEEN_SPREAD, flash.strokes - 1).tolist()
    decay = PULSE_S if flash.to_ground else CLOUD_PULSE_S
    strokes, time_s = [], flash.at_s
    for k, gap in enumerate([0.0, *between]):
        time_s += gap
        # scattering in clouds makes a pulse longer, not stronger
        peak = flash.brightness * (FIRST_W if k == 0 else LATER_W) * PULSE_S / decay
        strokes.append(Stroke(time_s=time_s, peak_w=peak, decay_s=decay))
    return Flash(
        strokes=tuple(strokes),
        from_deg=flash.from_deg,
        distance_m=flash.distance_m,
        to_ground=flash.to_ground,
        seed=seed,
    )
