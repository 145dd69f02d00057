"""The semantic label of an object's pixel or point is the object's class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.records.base import Array, Bool


@dataclass(frozen=True, kw_only=True)
class SemanticClass(Rule):
    """Where ``instance`` is not 0, ``semantic`` is that entity's class; boxes carry it too."""

    name = "semantic_class"
    unit = "pixels or points"

    def frame(self, look: FrameLook) -> Finding:
        """Compare the labels of images, points and boxes with the actors' classes."""
        table = _class_table(look)
        found = NOTHING
        for name in ("", "points", "boxes"):
            holder = look.frame if not name else look.get(name)
            instance, semantic = getattr(holder, "instance", None), getattr(holder, "semantic", None)
            if name == "boxes":
                semantic = getattr(holder, "class_id", None)
            if instance is not None and semantic is not None:
                found += _compare(table, instance.reshape(-1), semantic.reshape(-1), name or "image")
        return found


def _class_table(look: FrameLook) -> Array:
    """Class by instance id; 65535 where there is no such actor (the rule on ids says so)."""
    actors = look.sequence.actors
    table = np.full(max((a.id for a in actors), default=0) + 1, 65535, np.int64)
    for actor in actors:
        table[actor.id] = actor.class_id
    return table


def _compare(table: Array, instance: Array, semantic: Array, what: str) -> Finding:
    """One test per object; the deviation is its number of differing labels."""
    known: Bool = (instance > 0) & (instance < len(table))
    ids, labels = instance[known], semantic[known].astype(np.int64)
    wrong = (labels != table[ids]) & (table[ids] != 65535)
    present = np.unique(ids)
    count = np.bincount(ids[wrong], minlength=len(table))[present]

    def example(k: int) -> str:
        seen = np.unique(labels[wrong & (ids == present[k])]).tolist()
        return f"{what}: instance {int(present[k])} is of class {int(table[present[k]])}, but labelled {seen}"

    return compare(count, 0.0, example)
