"""Several edge cases in one scene: a later one must not undo what an earlier one asked for.

They are applied in turn. Then everything asked is measured again in a forecast of the whole (where that says no, in
the physics simulation). What held when its case was placed and does not hold any more is placed anew, with everything
that came later present; a few rounds of that, and it is given up with a word on who disturbs whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from simgen.edge_cases._forecast import evidence_of, forecast
from simgen.edge_cases._look import foreseen
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.metrics import metric_of
from simgen.records.constraints import Constraint, Outcome
from simgen.records.trajectory import Trajectory
from simgen.rng import child_seed
from simgen.scene import Entity, Scene

T = TypeVar("T")
#: how often cases are placed anew before it is given up
_ROUNDS: Final = 4


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What one case did to the scene."""

    before: Scene
    after: Scene

    @property
    def asked(self) -> tuple[Constraint, ...]:
        """What it asks that can be foreseen."""
        new = [c for c in self.after.constraints if c not in self.before.constraints]
        return tuple(c for c in new if not metric_of(c.kind).needs_frames)

    @property
    def added(self) -> set[str]:
        """Names of the entities that it brought."""
        return {e.name for e in self.after.entities} - {e.name for e in self.before.entities}

    @property
    def can_be_undone(self) -> bool:
        """Whether it did nothing but add and move entities, and ask."""
        same = replace(
            self.after,
            entities=self.before.entities,
            constraints=self.before.constraints,
            tags=self.before.tags,
            solutions=self.before.solutions,
        )
        kept = {e.name for e in self.before.entities} <= {e.name for e in self.after.entities}
        return kept and same == self.before and self._prolongs()

    def _prolongs(self) -> bool:
        pairs = (
            (self.before.constraints, self.after.constraints),
            (self.before.tags, self.after.tags),
            (self.before.solutions, self.after.solutions),
        )
        return all(after[: len(before)] == before for before, after in pairs)

    def undone(self, scene: Scene) -> Scene:
        """A later scene without it: what it added is gone, and what it moved is back."""
        was = {e.name: e for e in self.before.entities}
        moved = {e.name: e for e in self.after.entities if e.name in was and e != was[e.name]}
        entities = tuple(_back(e, moved, was) for e in scene.entities if e.name not in self.added)
        return scene.replace(
            entities=entities,
            constraints=_less(scene.constraints, self.after.constraints[len(self.before.constraints) :]),
            tags=_less(scene.tags, self.after.tags[len(self.before.tags) :]),
            solutions=_less(scene.solutions, self.after.solutions[len(self.before.solutions) :]),
        )


def apply_all(
    scene: Scene,
    cases: Sequence[EdgeCase],
    stages: Sequence[Stage],
    blaming: Callable[[int], AbstractContextManager[None]],
) -> Scene:
    """The scene with all cases in it, each as asked; ``blaming(k)`` is entered while case k is at work.

    Raises:
        UserError: one of them cannot be placed, or they do not go together.
    """
    parts: list[_Part] = []
    for k, (case, stage) in enumerate(zip(cases, stages, strict=True)):
        with blaming(k):
            after = case.apply(scene, stage)
        parts.append(_Part(before=scene, after=after))
        scene = after
    for attempt in range(_ROUNDS):
        broken = _broken(parts, scene, stages)
        if broken is None:
            return scene
        with blaming(broken[0]):
            scene = _again(parts, cases, stages, broken, scene, attempt)
    broken = _broken(parts, scene, stages)
    if broken is not None:
        with blaming(broken[0]):
            raise UserError(_told(cases, broken, "and placing them anew did not help"))
    return scene


Broken = tuple[int, Outcome]


def _again(
    parts: list[_Part],
    cases: Sequence[EdgeCase],
    stages: Sequence[Stage],
    broken: Broken,
    scene: Scene,
    attempt: int,
) -> Scene:
    """The scene with a case placed anew, in the presence of all others; its part is replaced."""
    k = broken[0]
    if not parts[k].can_be_undone:
        raise UserError(_told(cases, broken, "and it cannot be placed anew, for it changes more than who is there"))
    without = parts[k].undone(scene)
    try:
        stage = replace(stages[k], seed=child_seed(stages[k].seed, "again", attempt))
        after = cases[k].apply(without, stage)
    except UserError as error:
        raise UserError(_told(cases, broken, f"and no other placement will do ({error})")) from error
    parts[k] = _Part(before=without, after=after)
    return after


def _broken(parts: Sequence[_Part], scene: Scene, stages: Sequence[Stage]) -> Broken | None:
    """The first case with a constraint that held when it was placed and does not any more."""
    disturbed = [k for k, part in enumerate(parts) if part.asked and part.after.entities != scene.entities]
    if not disturbed:
        return None
    asked = [c for k in disturbed for c in parts[k].asked]
    missed = _missed(scene, asked, stages[0])
    for k in disturbed:
        own = [outcome for outcome in missed if outcome.constraint in parts[k].asked]
        if own:
            wishes = [outcome.constraint for outcome in own]
            before = {outcome.constraint for outcome in _missed(parts[k].after, wishes, stages[k])}
            new = [outcome for outcome in own if outcome.constraint not in before]
            if new:
                return k, new[0]
    return None


def _missed(scene: Scene, asked: Sequence[Constraint], stage: Stage) -> list[Outcome]:
    """Which constraints do not hold in a forecast, nor in the simulation."""
    missed = _outcomes(scene, asked, stage, forecast(scene, stage.layout))
    return _outcomes(scene, [o.constraint for o in missed], stage, stage.simulate(scene)) if missed else []


def _outcomes(scene: Scene, asked: Sequence[Constraint], stage: Stage, trajectory: Trajectory) -> list[Outcome]:
    """What became of those that do not hold."""
    evidence = evidence_of(scene, stage.layout, trajectory)
    values = [foreseen(constraint, evidence, scene, stage.layout) for constraint in asked]
    pairs = [(c, value) for c, value in zip(asked, values, strict=True) if not c.holds(value)]
    return [Outcome(constraint=c, achieved=value, holds=False) for c, value in pairs]


def _back(entity: Entity, moved: dict[str, Entity], was: dict[str, Entity]) -> Entity:
    return was[entity.name] if entity.name in moved and moved[entity.name] == entity else entity


def _less(items: tuple[T, ...], gone: tuple[T, ...]) -> tuple[T, ...]:
    left = list(items)
    for item in gone:
        if item in left:
            left.remove(item)
    return tuple(left)


def _told(cases: Sequence[EdgeCase], broken: Broken, why: str) -> str:
    k, outcome = broken
    names = [_name(case) for case in cases]
    others = ", ".join(names[:k] + names[k + 1 :])
    return (
        f"{names[k]} does not go together with {others}: with them, {outcome.in_words()}, {why}. Give them other times"
        " or places, put the one that changes the ego's way first, or leave one out"
    )


def _name(case: EdgeCase) -> str:
    return getattr(case, "name", "") or case.plugin_name
