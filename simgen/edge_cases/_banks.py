"""Banks of fog and walls of dust on the ego's way: where they begin, and what the ego sees when."""

from __future__ import annotations

from simgen.records.constraints import Constraint
from simgen.scene import Scene
from simgen.weather.base import WeatherEffect, together

#: a bank's edge is passed in so many of its standard deviations
EDGES = 3.0
_GREEN_NM = 550.0
_LN_20 = 2.995732


def visibility_now(scene: Scene) -> float:
    """Of the air that fills the whole scene at time 0, m; inf in clear air."""
    extinction = together(scene.weather, seed=scene.seed).medium.extinction_at(_GREEN_NM) if scene.weather else 0.0
    return _LN_20 / extinction if extinction > 0.0 else float("inf")


def with_effect(scene: Scene, effect: WeatherEffect) -> Scene:
    """The scene with one more effect in its weather."""
    return scene.replace(weather=(*scene.weather, effect))


def falls(clear_m: float, thick_m: float, before_s: float, after_s: float) -> tuple[Constraint, ...]:
    """Visibility where the ego is: still good at one instant, bad at another."""
    return (
        Constraint(
            kind="visibility_m", subject="ego", asked=clear_m, tolerance=0.0, relation="at_least", time_s=before_s
        ),
        Constraint(
            kind="visibility_m", subject="ego", asked=thick_m, tolerance=0.1 * thick_m, relation="at_most",
            time_s=after_s,
        ),
    )  # fmt: skip
