"""What is to be made: one job per sequence, each with a seed of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simgen.errors import UserError
from simgen.scenario import load


@dataclass(frozen=True, kw_only=True)
class Job:
    """One sequence. Sequence k of a scene has the seed ``first + k``, so any one can be made again alone."""

    index: int
    source: str
    #: the scene file's text when the run began
    text: str
    seed: int


def plan(sources: Sequence[Path], *, count: int, seed: int | None) -> tuple[Job, ...]:
    """Jobs for ``count`` sequences of every scene file, in order; every file is decoded first.

    Raises:
        SceneError: a scene file has faults.
        UserError: ``count`` is below one, or there is no scene.
    """
    if count < 1:
        raise UserError(f"--count must be at least 1, not {count}")
    if not sources:
        raise UserError("no scene file was given")
    jobs: list[Job] = []
    for source in sources:
        scenario = load(source)
        first = scenario.default_seed if seed is None else seed
        for k in range(count):
            jobs.append(Job(index=len(jobs), source=str(source), text=scenario.text, seed=first + k))
    return tuple(jobs)
