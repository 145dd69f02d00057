"""Where to look while nothing is known, and where the worst is likely once something is.

Two ways alternate. One fills the space: Sobol's points, every second one pushed towards the ends of its axes by the
arcsine law, for failures tend to lie where something is extreme (the darkest clothes, the heaviest rain), and an even
filling hardly ever meets two ends at once. The other learns: optuna's tree-structured Parzen estimator (Bergstra et
al. 2011), as soon as scores differ among scenes that do not fail.
"""

from __future__ import annotations

import math
import warnings
from typing import Any, Final

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F8
from simgen.rng import child_seed
from simgen.stress.axes import Cube

#: scores that differ by less than this say nothing
_SPREAD: Final = 0.02
#: evaluations before anything is learned from
_FEWEST: Final = 10


class Filling:
    """Points that fill the cube, evenly and towards its edges in turn."""

    def __init__(self, cube: Cube, seed: int) -> None:
        from scipy.stats.qmc import Sobol

        self._cube = cube
        self._sobol: Any = Sobol(max(len(cube), 1), scramble=True, rng=child_seed(seed, "stress", "fill"))
        self._count = 0

    def next(self) -> F8:
        """The next point."""
        units = self._sobol.random(1)[0][: len(self._cube)]
        self._count += 1
        if self._count % 2 == 0:
            units = np.sin(0.5 * math.pi * units) ** 2
        return self._cube.point(units)


class Learning:
    """Optuna, asked for where the score is likely to be low."""

    def __init__(self, cube: Cube, seed: int) -> None:
        optuna = require_optuna()
        self._cube = cube
        self._space = {f"{k}": _distribution(optuna, axis.options) for k, axis in enumerate(cube.axes)}
        sampler = _quietly(
            optuna.samplers.TPESampler,
            seed=child_seed(seed, "stress", "learn") % 2**32,
            n_startup_trials=_FEWEST,
            multivariate=True,
        )
        self._study: Any = optuna.create_study(direction="minimize", sampler=sampler)
        self._scores: list[float] = []

    def tell(self, point: F8, score: float) -> None:
        """What a point came to."""
        optuna = require_optuna()
        values = {name: self._told(k, float(point[k])) for k, name in enumerate(self._space)}
        trial = optuna.trial.create_trial(params=values, distributions=self._space, value=score)
        self._study.add_trial(trial)
        self._scores.append(score)

    @property
    def able(self) -> bool:
        """Whether there is anything to learn from: passing scores that differ."""
        passing = [score for score in self._scores if score > 0.5 * max(self._scores)]
        return len(self._scores) >= _FEWEST and float(np.std(passing)) > _SPREAD

    def next(self) -> F8:
        """The next point."""
        trial = _quietly(self._study.ask, self._space)
        point = np.array([float(trial.params[name]) for name in self._space])
        self._study.tell(
            trial, state=require_optuna().trial.TrialState.FAIL
        )  # what it came to is told when it is known
        for k in range(len(point)):
            if not self._cube.exists(point, k):
                point[k] = math.nan
        return point

    def _told(self, axis: int, value: float) -> float | int:
        if self._cube.axes[axis].options:
            return 0 if math.isnan(value) else int(value)
        return 0.5 if math.isnan(value) else value


def _distribution(optuna: Any, options: int) -> Any:
    if options:
        return optuna.distributions.CategoricalDistribution(tuple(range(options)))
    return optuna.distributions.FloatDistribution(0.0, 1.0)


def require_optuna() -> Any:
    """The library, with its log quiet.

    Raises:
        UserError: it is not installed.
    """
    try:
        import optuna
    except ImportError:
        raise UserError("simgen stress needs optuna: pip install 'simgen[stress]'") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _quietly(function: Any, *arguments: Any, **named: Any) -> Any:
    """Without optuna's notes on what it calls experimental."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **named)
