"""A bank of fog, dust or smoke that lies or drifts at a place, with edges that one drives into."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

import numpy as np

from simgen import registry
from simgen.records.air import Medium
from simgen.records.base import F8
from simgen.records.volume import Volume
from simgen.registry import param, register
from simgen.rng import stream
from simgen.weather._spread import SpreadOut
from simgen.weather.base import WeatherEffect

#: puffs stand so many standard deviations apart, which leaves their sum even within 0.3 %; and the most of them
_APART: Final = 1.7
_MOST_PUFFS: Final = 64
#: how far puffs are from where a raster would have them, standard deviations
_JITTER: Final = 0.35
#: height at which a bank is as dense as told: an observer's eyes, m
_EYES_M: Final = 1.5


def _thick_fog() -> WeatherEffect:
    fog = registry.get("weather", "fog")(visibility_m=40.0)
    assert isinstance(fog, WeatherEffect)
    return fog


@register("weather", "bank")
@dataclass(frozen=True, kw_only=True)
class Bank(WeatherEffect):
    """Fog, dust or smoke along a line on the ground: thick inside, clear outside, over an edge that one drives through.

    Gaussian puffs 1.7 standard deviations apart, shifted at random by the scene's seed, fill a strip ``width_m`` across
    about the line; their sum has the filling's visibility 1.5 m over the line's middle. From clear air to that, it
    takes some three ``edge_m``. Upwards it thins as a Gaussian of ``height_m``. It drifts with a velocity of its own;
    the scene's wind leaves it where it is.
    """

    steady: ClassVar[bool] = False

    of: WeatherEffect = dataclasses.field(
        default_factory=_thick_fog, metadata={"doc": "what it is made of: fog, dust or smoke that fills the air evenly"}
    )
    from_m: tuple[float, float] = param((-30.0, 0.0), doc="one end of its middle line, in the world")
    to_m: tuple[float, float] = param((30.0, 0.0), doc="the other end")
    ground_m: float = param(0.0, doc="height of the ground there")
    width_m: float = param(30.0, ge=1.0, le=2000.0, doc="across the line")
    edge_m: float = param(8.0, ge=1.0, le=200.0, doc="standard deviation of its puffs along the ground")
    height_m: float = param(4.0, ge=0.5, le=300.0, doc="standard deviation upwards")
    velocity_m_s: tuple[float, float] = param((0.0, 0.0), doc="how it drifts")

    def __post_init__(self) -> None:
        if not isinstance(self.of, SpreadOut) or self.of.height_m is not None or self.of.patches is not None:
            raise ValueError(
                "of must be fog, dust or smoke without height_m and patches: the bank has a shape of its own"
            )

    def at(self, time_s: float) -> Bank:
        """The bank where it has drifted to by then."""
        if self.velocity_m_s == (0.0, 0.0):
            return self
        dx, dy = (v * time_s for v in self.velocity_m_s)
        (ax, ay), (bx, by) = self.from_m, self.to_m
        return dataclasses.replace(self, from_m=(ax + dx, ay + dy), to_m=(bx + dx, by + dy))

    def volumes(self, seed: int) -> tuple[Volume, ...]:
        """The puffs."""
        assert isinstance(self.of, SpreadOut)
        filling, centers, share = self.of.filling(), *_puffs(self, seed)
        return tuple(self._puff(filling.scaled(share), center) for center in centers)

    def _puff(self, medium: Medium, center: F8) -> Volume:
        x, y = center.tolist()
        return Volume(
            medium=medium,
            center_m=(x, y, self.ground_m),
            size_m=(self.edge_m, self.edge_m, self.height_m),
            velocity_m_s=(*self.velocity_m_s, 0.0),
        )


@lru_cache(maxsize=8)
def _puffs(bank: Bank, seed: int) -> tuple[F8, float]:
    """Places of the puffs (P, 2), and the share of the filling that each has in its middle."""
    a, b = np.array(bank.from_m), np.array(bank.to_m)
    length = math.dist(bank.from_m, bank.to_m)
    along = (b - a) / length if length > 0.0 else np.array([1.0, 0.0])
    step = _APART * bank.edge_m
    while (counts := (_count(length, step), _count(bank.width_m - step, step))) and math.prod(counts) > _MOST_PUFFS:
        step *= 1.1
    u, v = np.meshgrid(*(np.linspace(-0.5, 0.5, n) if n > 1 else np.zeros(1) for n in counts), indexing="ij")
    u, v = u.ravel() * length, v.ravel() * max(bank.width_m - step, 0.0)
    jitter = stream(seed, "bank").uniform(-_JITTER, _JITTER, (len(u), 2)) * bank.edge_m
    places = 0.5 * (a + b) + u[:, None] * along + v[:, None] * np.array([-along[1], along[0]]) + jitter
    gap = (places - 0.5 * (a + b)) / bank.edge_m
    middle = float(np.exp(-0.5 * (gap * gap).sum(-1)).sum()) * math.exp(-0.5 * (_EYES_M / bank.height_m) ** 2)
    return places, 1.0 / middle


def _count(length_m: float, step_m: float) -> int:
    return max(round(max(length_m, 0.0) / step_m) + 1, 1)
