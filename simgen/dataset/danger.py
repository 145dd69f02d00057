"""The worst of what was measured of a sequence, for summaries."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.dataset.reader import StoredSequence
from simgen.records.base import Array
from simgen.records.frames import STATUS_DROPPED, STATUS_OK
from simgen.records.measures import Collisions, Encounters, Health


def danger_of(stored: StoredSequence) -> dict[str, Any]:
    """Smallest time to collision and distance with whom and when, and collisions; empty where nothing was measured."""
    measures = stored.metrics
    if measures is None:
        return {}
    names = {actor.id: actor.name for actor in stored.actors}
    found = _collisions(measures.collisions)
    if measures.encounters is not None:
        found |= _least(measures.encounters, "time_to_collision", "time_to_collision_s", names)
        found |= _least(measures.encounters, "distance", "distance_m", names)
    return found


def health_of(stored: StoredSequence) -> dict[str, dict[str, float]]:
    """By sensor: frames dropped and frozen, and the worst shares of delivered frames; nan where they are not known."""
    measures = stored.metrics
    return {} if measures is None else {name: _worst(health) for name, health in measures.sensors.items()}


def _least(encounters: Encounters, name: str, key: str, names: dict[int, str]) -> dict[str, Any]:
    """The smallest value of a table over ticks and actors, who that is, and when."""
    values: Array = getattr(encounters, name)
    if not np.isfinite(values).any():
        return {}
    tick, row = np.unravel_index(int(np.argmin(np.where(np.isfinite(values), values, np.inf))), values.shape)
    return {
        key: {
            "value": float(values[tick, row]),
            "actor": names.get(int(encounters.instance[row]), ""),
            "at_s": float(encounters.time_ns[tick]) * 1e-9,
        }
    }


def _collisions(collisions: Collisions) -> dict[str, Any]:
    found: dict[str, Any] = {"collisions": len(collisions.start_ns)}
    if len(collisions.start_ns):
        known = collisions.impulse[~np.isnan(collisions.impulse)]
        found["contact_speed_m_s"] = float(collisions.closing_speed.max())
        found["impulse_n_s"] = float(known.max()) if len(known) else float("nan")
    return found


def _worst(health: Health) -> dict[str, float]:
    good = health.status == STATUS_OK
    out = {"dropped": float((health.status == STATUS_DROPPED).sum()), "frozen": float(health.frozen.sum())}
    for name in ("missing", "covered", "clipped"):
        values = getattr(health, name)[good]
        known = values[~np.isnan(values)]
        out[name] = float(known.max()) if len(known) else float("nan")
    return out
