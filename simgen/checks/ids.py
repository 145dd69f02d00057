"""Ids: unique, from 1, and every label's id is an actor's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, SequenceLook, count_wrong
from simgen.records.base import Array


@dataclass(frozen=True, kw_only=True)
class Ids(Rule):
    """Actors' ids start at 1, are unique and are the trajectory's; every id in a label belongs to one of them."""

    name = "ids"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at the actors."""
        ids = np.array([a.id for a in look.actors], np.int64)
        rows = look.trajectory.instance
        unique, count = np.unique(ids, return_counts=True)
        found = count_wrong(ids < 1, lambda k: f"actor {look.actors[k].name!r} has id {int(ids[k])}")
        found += count_wrong(count > 1, lambda k: f"{int(count[k])} actors have id {int(unique[k])}")
        found += count_wrong(~np.isin(rows, ids), lambda k: f"trajectory row {k} has id {int(rows[k])}, no actor's")
        parents = np.array([a.parent for a in look.actors], np.int64)
        orphan = (parents != 0) & ~np.isin(parents, ids)
        return found + count_wrong(orphan, lambda k: f"actor {look.actors[k].name!r} rides on id {int(parents[k])}")

    def frame(self, look: FrameLook) -> Finding:
        """Look at the labels."""
        known = np.array([0, *(a.id for a in look.sequence.actors)])
        found = NOTHING
        for name in ("", "points", "boxes"):
            labels = getattr(look.frame if not name else look.get(name), "instance", None)
            if labels is not None:
                found += _known(np.unique(labels), known, name or "image")
        return found


def _known(used: Array, known: Array, where: str) -> Finding:
    return count_wrong(~np.isin(used, known), lambda k: f"{where} holds id {int(used[k])}, which no actor has")
