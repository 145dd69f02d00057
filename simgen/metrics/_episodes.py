"""Contacts as episodes: a touch, with its short gaps bridged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.metrics._actors import row_of
from simgen.records.base import I8, Array
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.trajectory import Contacts, Trajectory

#: gaps that are shorter belong to the same episode: bodies in a crash lose touch for some steps and meet again
BRIDGE_NS: Final = 100_000_000
#: how a question names the ground and everything else that is no actor
WORLD: Final = "world"


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One contact of two actors, from its first touch to its last."""

    #: instance ids, as in ``contacts/``: the second is 0 for the world
    actors: tuple[int, int]
    start_ns: int
    end_ns: int
    #: integral of the normal force; nan if no force is known: two bodies that move as told, whatever they hit
    impulse_n_s: float
    #: largest speed along the normal
    closing_speed_m_s: float
    #: where the contact began, world frame
    position: tuple[float, float, float]


def episodes_of(trajectory: Trajectory) -> tuple[Episode, ...]:
    """Every contact episode from time 0 on, by start; a row of the table stands for one physics step."""
    contacts = trajectory.contacts
    key = contacts.actor_a.astype(np.int64) * 2**32 + contacts.actor_b
    order = np.lexsort((contacts.time_ns, key))
    order = order[contacts.time_ns[order] >= 0]
    if not len(order):
        return ()
    fresh = (np.diff(key[order]) != 0) | (np.diff(contacts.time_ns[order]) > BRIDGE_NS)
    parts: list[I8] = np.split(order, np.flatnonzero(fresh) + 1)
    found = [_episode(contacts, rows, trajectory.step_ns) for rows in parts]
    return tuple(sorted(found, key=lambda e: (e.start_ns, e.actors)))


def _episode(contacts: Contacts, rows: I8, step_ns: int) -> Episode:
    force = contacts.normal_force[rows].astype(np.float64)
    x, y, z = contacts.position[rows[0]].tolist()
    return Episode(
        actors=(int(contacts.actor_a[rows[0]]), int(contacts.actor_b[rows[0]])),
        start_ns=int(contacts.time_ns[rows[0]]),
        end_ns=int(contacts.time_ns[rows[-1]]),
        impulse_n_s=float(force.sum()) * step_ns * 1e-9 if force.any() else math.nan,
        closing_speed_m_s=float(contacts.closing_speed[rows].max()),
        position=(x, y, z),
    )


def asked_episodes(asked: Constraint, evidence: Evidence) -> tuple[Episode, ...]:
    """Those of the subject with the other: an actor, ``world``, or, if none is named, any actor.

    Raises:
        UserError: there is no such actor.
    """
    trajectory = evidence.trajectory
    ids: Array = trajectory.instance
    subject = int(ids[row_of(trajectory, asked.subject)])
    other = asked.other if asked.other in ("", WORLD) else int(ids[row_of(trajectory, asked.other)])
    found = []
    for episode in episodes_of(trajectory):
        if subject in episode.actors:
            partner = sum(episode.actors) - subject
            if (other == "" and partner != 0) or (other == WORLD and partner == 0) or other == partner:
                found.append(episode)
    return tuple(found)
