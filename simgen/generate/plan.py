"""What is to be made: one job per sequence, each with a seed of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simgen.errors import UserError
from simgen.rng import stream
from simgen.scenario import Scenario, load


@dataclass(frozen=True, kw_only=True)
class Job:
    """One sequence. Sequence k of a scene has the seed ``first + k``, so any one can be made again alone."""

    index: int
    source: str
    #: the scene file's text when the run began
    text: str
    seed: int
    split: str


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
            jobs.append(
                Job(
                    index=len(jobs),
                    source=str(source),
                    text=scenario.text,
                    seed=first + k,
                    split=split_of(scenario, first + k),
                )
            )
    return tuple(jobs)


def split_of(scenario: Scenario, seed: int) -> str:
    """Train, val or test, drawn from the sequence's seed: a sequence is never in two of them."""
    shares = scenario.splits
    draw = stream(seed, "split").random() * sum(shares.values())
    for name, share in shares.items():
        draw -= share
        if draw < 0.0:
            return name
    return next(iter(shares))
