"""What is to be made: one job per sequence, each with a seed of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from simgen.errors import UserError
from simgen.scenario import Scenario, loads
from simgen.yaml.text import read_text


@dataclass(frozen=True, kw_only=True)
class Job:
    """One sequence. Sequence k of a scene has the seed ``first + k``, so any one can be made again alone."""

    index: int
    source: str
    #: the scene file's text when the run began, with what identifies the files that it includes
    text: str
    seed: int


@lru_cache(maxsize=8)
def scenario_of(source: str, text: str) -> Scenario:
    """A decoded scene file; the last few are kept, for the sequences of a run are drawn from the same ones.

    Raises:
        SceneError: the scene file has faults.
    """
    return loads(text, source)


def plan(sources: Sequence[Path], *, count: int, seed: int | None) -> tuple[Job, ...]:
    """Jobs for ``count`` sequences of every scene file, in order; every file is decoded first.

    Raises:
        SceneError: a scene file has faults.
        UserError: ``count`` is below one, ``seed`` below zero, there is no scene, or a certain scene is asked for
            another seed than its own.
    """
    if count < 1:
        raise UserError(f"--count must be at least 1, not {count}")
    if seed is not None and seed < 0:
        raise UserError(f"--seed must be at least 0, not {seed}")
    if not sources:
        raise UserError("no scene file was given")
    jobs: list[Job] = []
    for source in sources:
        scenario = scenario_of(str(source), read_text(source))
        if scenario.included:  # those files may have changed since the scene was kept
            scenario = loads(scenario.text, str(source))
        first = scenario.default_seed if seed is None else seed
        for k in range(count):
            if scenario.certain is not None:
                scenario.sample(first + k)  # refuses every seed but its own, before anything is made
            jobs.append(Job(index=len(jobs), source=str(source), text=scenario.pinned_text, seed=first + k))
    return tuple(jobs)
