"""What sends puffs into the air: where it sits, how much it sends, and what becomes of a puff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from simgen.records.air import Medium, Particles


@dataclass(frozen=True, kw_only=True, eq=False)
class Emitter:
    """A source, or one of many alike.

    ``place``: one, at ``position_m`` of the world or of the entity ``on``. ``exhausts``: behind every vehicle whose
    engine runs, ``wheels``: behind every axle of every vehicle that moves; or of those in ``on`` only.
    """

    where: Literal["place", "exhausts", "wheels"] = "place"
    on: tuple[str, ...] = ()
    position_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: one gram of it in a cubic metre
    medium: Medium
    particles: tuple[Particles, ...] = ()
    #: mass a second at some speeds of what carries it, linear in between; for ``wheels`` of one axle with tyres of
    #: 0.2 m on 1 mm of water
    speeds_m_s: tuple[float, ...] = (0.0,)
    rates_g_s: tuple[float, ...]
    #: share of it that can be seen by concentration in the middle of a puff, g/m3; linear in between, empty = all
    concentrations_g_m3: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()
    #: standard deviation of a new puff, sideways and upwards
    size_m: tuple[float, float] = (0.3, 0.3)
    #: how fast it spreads by its own turbulence
    spread_m_s: float = 0.0
    #: heat that comes with it, which lets it rise
    heat_w: float = 0.0
    #: velocity at which it leaves, in the carrier's frame
    jet_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: share of the carrier's velocity that it has at first
    carried: float = 0.0
    #: how fast it takes the air's velocity: by e in this time; 0 = at once
    relaxation_s: float = 0.0
    #: how fast it sinks, and in which time it gets less by e
    sinking_m_s: float = 0.0
    loss_s: float = float("inf")
    #: how far each puff strays from the mean path, in its standard deviations
    stray: float = 0.0
    #: puffs leave at even times, and are forgotten at an age
    interval_s: float = 0.5
    life_s: float = 20.0
    start_s: float = float("-inf")
    stop_s: float = float("inf")

    def __post_init__(self) -> None:
        if len(self.speeds_m_s) != len(self.rates_g_s) or len(self.concentrations_g_m3) != len(self.shares):
            raise ValueError("a rate for each speed, and a share for each concentration")
        if not 0.0 < self.interval_s <= self.life_s:
            raise ValueError("interval_s must be more than 0 and at most life_s")

    def scaled(self, share: float) -> Emitter:
        """One that sends less or more."""
        return replace(self, rates_g_s=tuple(share * rate for rate in self.rates_g_s))
