"""Everything that is measured of a whole sequence and stored with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from simgen.metrics._boxes import Upright, deceleration, distance, meeting, separation, upright
from simgen.metrics._encroachment import encroachment
from simgen.metrics._episodes import episodes_of
from simgen.metrics._path import driven_path, headways
from simgen.records.base import F8, I8, Array
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Sightings
from simgen.records.measures import Collisions, Encounters, Measures, Views
from simgen.records.trajectory import Trajectory

#: ticks of the measures are this far apart, as nearly as the physics steps allow
TICK_NS: Final = 50_000_000
EGO: Final = "ego"


def measures_of(evidence: Evidence, asked: Iterable[Constraint], parents: Mapping[int, int]) -> Measures:
    """Everything that is stored of a sequence.

    Args:
        evidence: its labels.
        asked: its constraints: the actors that they name are its hazards.
        parents: instance id -> that of what it rides on or is towed by, of those who do.
    """
    trajectory = evidence.trajectory
    return Measures(
        encounters=_encounters(trajectory, parents) if EGO in trajectory.actor_names else None,
        collisions=_collisions(trajectory),
        hazards=_hazards(evidence, asked),
        sensors=evidence.health,
    )


def ticks_of(trajectory: Trajectory) -> I8:
    """The physics steps at which encounters are measured, from time 0 on."""
    stride = max(round(TICK_NS / trajectory.step_ns), 1)
    return np.arange(int(np.searchsorted(trajectory.time_ns, 0)), len(trajectory.time_ns), stride)


def strangers(trajectory: Trajectory, parents: Mapping[int, int]) -> I8:
    """Rows of the actors that neither ride on the ego, are towed by it, nor carry it."""
    ego = trajectory.actor_names.index(EGO)

    def root(instance: int) -> int:
        while parents.get(instance, 0):
            instance = parents[instance]
        return instance

    own = root(int(trajectory.instance[ego]))
    return np.array([k for k, i in enumerate(trajectory.instance.tolist()) if root(i) != own], np.int64)


def _encounters(trajectory: Trajectory, parents: Mapping[int, int]) -> Encounters:
    ego, rows, steps = trajectory.actor_names.index(EGO), strangers(trajectory, parents), ticks_of(trajectory)
    mine, others = upright(trajectory, np.array([ego]), steps[:, None]), upright(trajectory, rows, steps[:, None])
    gap, towards = separation(mine, others)
    time_s, closing = meeting(mine, others)
    columns = {
        "distance": gap,
        "time_to_collision": time_s,
        "time_headway": _headways(trajectory, ego, rows, steps),
        "closing_speed": -((others.velocity - mine.velocity) * towards).sum(-1),
        "required_deceleration": deceleration(time_s, closing),
    }
    there = trajectory.exists[steps][:, rows] & trajectory.exists[steps, ego, None]
    return Encounters(
        time_ns=trajectory.time_ns[steps],
        instance=trajectory.instance[rows],
        **{name: np.where(there, value, np.nan).astype(np.float32) for name, value in columns.items()},
        post_encroachment=_encroachments(trajectory, ego, rows, mine, others),
        minimum_distance=_least(trajectory, ego, rows, steps, np.where(there, gap, np.inf)).astype(np.float32),
    )


def _headways(trajectory: Trajectory, ego: int, rows: I8, steps: I8) -> F8:
    path = driven_path(trajectory, ego)
    if path is None:
        return np.full((len(steps), len(rows)), np.inf)
    return headways(path, trajectory, ego, rows, steps)


def _encroachments(trajectory: Trajectory, ego: int, rows: I8, mine: Upright, others: Upright) -> Array:
    """Of those actors whose swept areas can touch the ego's; the boxes are those at the ticks."""
    low, high = (pick(_sweep(mine, sign), axis=0) for pick, sign in ((np.min, -1.0), (np.max, 1.0)))
    near_low, near_high = (pick(_sweep(others, sign), axis=0) for pick, sign in ((np.min, -1.0), (np.max, 1.0)))
    near = ((near_low <= high) & (low <= near_high)).all(-1)
    found = np.full(len(rows), np.inf, np.float32)
    found[near] = encroachment(trajectory, ego, rows[near])
    return found


def _sweep(boxes: Upright, sign: float) -> F8:
    """A bound of what boxes cover on the map, at and between ticks, (K, M, 2)."""
    radius = np.sqrt((boxes.half[..., :2] ** 2).sum(-1, keepdims=True))
    speed = np.sqrt((boxes.velocity[..., :2] ** 2).sum(-1, keepdims=True))
    return np.asarray(boxes.center[..., :2] + sign * (radius + 0.5 + speed * TICK_NS * 1e-9))


def _least(trajectory: Trajectory, ego: int, rows: I8, steps: I8, gap: F8) -> F8:
    """The smallest distance of each actor: at the nearest tick, and at all steps from the tick before to that after."""
    if not len(rows):
        return np.zeros(0)
    stride = int(steps[1] - steps[0]) if len(steps) > 1 else 1
    around = steps[gap.argmin(0)] + np.arange(-stride, stride + 1)[:, None]
    around = np.clip(around, steps[0], len(trajectory.time_ns) - 1)
    there = trajectory.exists[around, rows] & trajectory.exists[around, ego]
    fine = distance(upright(trajectory, np.array([ego]), around), upright(trajectory, rows, around))
    least = np.minimum(np.where(there, fine, np.inf).min(0), gap.min(0))
    return np.where(np.isfinite(least), least, np.nan)


def _collisions(trajectory: Trajectory) -> Collisions:
    found = [e for e in episodes_of(trajectory) if 0 not in e.actors]
    return Collisions(
        actor_a=np.array([e.actors[0] for e in found], np.uint32),
        actor_b=np.array([e.actors[1] for e in found], np.uint32),
        start_ns=np.array([e.start_ns for e in found], np.int64),
        duration=np.array([(e.end_ns + trajectory.step_ns - e.start_ns) * 1e-9 for e in found], np.float64),
        impulse=np.array([e.impulse_n_s for e in found], np.float64),
        closing_speed=np.array([e.closing_speed_m_s for e in found], np.float32),
        position=np.array([e.position for e in found], np.float32).reshape(-1, 3),
    )


def hazards_of(trajectory: Trajectory, asked: Iterable[Constraint]) -> Array:
    """Instance ids of the actors that constraints name, the ego apart, rising."""
    names = {name for c in asked for name in (c.subject, *c.other.split("@"))} - {EGO}
    known = [k for k, name in enumerate(trajectory.actor_names) if name in names]
    return np.unique(trajectory.instance[known])


def _hazards(evidence: Evidence, asked: Iterable[Constraint]) -> dict[str, Views]:
    hazards = hazards_of(evidence.trajectory, asked)
    if not len(hazards):
        return {}
    return {name: _views(seen, hazards) for name, seen in evidence.seen.items() if seen.columns}


def _views(seen: Sightings, hazards: Array) -> Views:
    column = np.minimum(np.searchsorted(hazards, seen.instance), len(hazards) - 1)
    mine = hazards[column] == seen.instance
    tables: dict[str, Any] = {}
    for name in seen.columns:
        values = getattr(seen, name)
        table = np.zeros((len(seen.time_ns), len(hazards)), values.dtype)
        table[seen.frame[mine], column[mine]] = values[mine]
        tables[name] = table
    return Views(time_ns=seen.time_ns, instance=hazards, **tables)
