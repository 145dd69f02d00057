"""What is stored as measured is what the stored labels give when they are measured again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from simgen import registry
from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, SequenceLook, compare, count_wrong
from simgen.checks.outlines import Outline, between, outlines, shrunk
from simgen.checks.sightings import stored_eye, stored_sightings
from simgen.metrics import HealthLog, measure, measures_of, metric_of, moved
from simgen.records.base import F8, Array, Record, array_specs
from simgen.records.evidence import Evidence, Health
from simgen.records.frames import STATUS_OK
from simgen.records.measures import Encounters, Measures

#: numbers are stored in single precision
_CLOSE: Final = 2e-6
#: how far the other route may be off, m and m/s: single-precision velocities over tens of seconds
_APART_M: Final = 1e-3
_SPEED_M_S: Final = 0.05
#: boxes that will meet later than that are not followed
_LATEST_S: Final = 60.0
#: what a frame says by itself; the rest compares it with others of its sequence
_OF_A_FRAME: Final = (
    "time_ns",
    "status",
    "stamp_error",
    "frozen",
    "covered",
    "clipped",
    "luminance",
    "returned",
    "intensity",
    "ghosts",
    "halos",
    "noise",
    "through",
    "fix",
    "position_error",
)


@dataclass(frozen=True, kw_only=True)
class MeasuresRule(Rule):
    """Constraints and metrics are what the stored trajectory, contacts, boxes and frames give, measured again.

    Distances, closing speeds and times to collision are found by another route, too: edge by edge, and by letting the
    boxes go on as they do and looking whether they touch.
    """

    name = "measures"

    def sequence(self, look: SequenceLook) -> Finding:
        """Measure constraints, encounters, collisions and hazards again."""
        stored = look.stored.metrics
        if stored is None:
            return NOTHING
        evidence = _evidence(look, stored)
        found = _constraints(look, evidence)
        parents = {actor.id: actor.parent for actor in look.actors}
        asked = [outcome.constraint for outcome in look.stored.constraints]
        found += _same_measures(stored, measures_of(evidence, asked, parents))
        if stored.encounters is not None:
            found += _other_route(look, stored.encounters)
        return found + _undelivered(look, stored)

    def frame(self, look: FrameLook) -> Finding:
        """Measure the sensor's health in this frame again."""
        stored = look.sequence.once("measures", 0, lambda: look.sequence.stored.metrics)
        if stored is None or look.sensor not in stored.sensors:
            return NOTHING
        log = HealthLog()
        before = _before(look)
        for index in (before, look.index) if before is not None else (look.index,):
            log.see(_whole(look, index))
        fresh, names = log.health(), list(_OF_A_FRAME)
        if "ideal" in look.sequence.frames[look.sensor].variants:
            names += ["missing", "expected", "intensity_expected"]
        return _same_rows(stored.sensors[look.sensor], look.index, fresh, names)


def _evidence(look: SequenceLook, stored: Measures) -> Evidence:
    eyes = {name: stored_eye(frames) for name, frames in look.frames.items()}
    depth = any(outcome.constraint.kind == "depth_lost" for outcome in look.stored.constraints)
    asked = [outcome.constraint for outcome in look.stored.constraints]
    known = [c for c in asked if registry.find("metric", c.kind) is not None]
    looks = {c.other for c in known if metric_of(c.kind).needs_looks}
    return Evidence(
        trajectory=look.trajectory,
        map=look.stored.map,
        seen={name: stored_sightings(frames, depth, name in looks) for name, frames in look.frames.items()},
        health=stored.sensors,
        eyes={name: eye for name, eye in eyes.items() if eye is not None},
        conditions=look.stored.weather,
    )


def _constraints(look: SequenceLook, evidence: Evidence) -> Finding:
    """Those whose metrics are known here."""
    found = NOTHING
    for outcome in look.stored.constraints:
        kind = outcome.constraint.kind
        if registry.find("metric", kind) is None:
            continue
        again = measure(outcome.constraint, evidence)
        same = _differs(np.array([outcome.achieved]), np.array([again.achieved]))
        same |= np.array([outcome.holds != again.holds])
        words = f"{kind} of {outcome.constraint.subject}: stored {outcome.achieved:g}, measured {again.achieved:g}"
        found += count_wrong(same, lambda _, words=words: words)  # type: ignore[misc]
    return found


def _same_measures(stored: Measures, fresh: Measures) -> Finding:
    """Every array of every record; health is measured frame by frame."""
    found = NOTHING
    pairs: list[tuple[str, Any, Any]] = [("encounters", stored.encounters, fresh.encounters)]
    pairs.append(("collisions", stored.collisions, fresh.collisions))
    names = sorted(stored.hazards.keys() | fresh.hazards.keys())
    pairs += [(f"hazards/{name}", stored.hazards.get(name), fresh.hazards.get(name)) for name in names]
    for where, a, b in pairs:
        if (a is None) != (b is None):
            found += Finding(
                tested=1, failed=1, worst=1.0, example=f"metrics/{where} should {'not ' * (b is None)}be there"
            )
        elif a is not None:
            found += _same_record(where, a, b)
    return found


def _same_record(where: str, stored: Record, fresh: Record) -> Finding:
    found = NOTHING
    for name in array_specs(type(stored)):
        a, b = getattr(stored, name), getattr(fresh, name)
        if (a is None) != (b is None) or (a is not None and a.shape != b.shape):
            found += Finding(tested=1, failed=1, worst=1.0, example=f"metrics/{where}/{name} has another shape")
        elif a is not None:

            def example(k: int, name: str = name, a: Array = a, b: Array = b) -> str:
                return f"metrics/{where}/{name}[{k}] is {a.reshape(-1)[k]}, measured {b.reshape(-1)[k]}"

            found += count_wrong(_differs(a, b), example)
    return found


def _differs(a: Array, b: Array) -> Array:
    """Where numbers are not the same: nan and inf only equal themselves."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(invalid="ignore"):
        near = np.isfinite(a - b) & (np.abs(a - b) <= _CLOSE * np.maximum(np.abs(a), np.abs(b)) + 1e-9)
    return np.asarray(~(near | (a == b) | (np.isnan(a) & np.isnan(b))))


def _other_route(look: SequenceLook, stored: Encounters) -> Finding:
    trajectory = look.trajectory
    rows = np.array([trajectory.row(int(i)) for i in stored.instance], np.int64)
    steps = np.searchsorted(trajectory.time_ns, stored.time_ns)
    ego = outlines(trajectory, np.array([trajectory.actor_names.index("ego")]), steps)
    others = outlines(trajectory, rows, steps)
    there = np.isfinite(stored.distance)
    gap = between(ego, others)
    found = compare(
        np.where(there, gap - stored.distance, 0.0), _APART_M, lambda k: f"distance[{k}] is {gap.reshape(-1)[k]:g}"
    )
    return found + _closing(stored, ego, others, there, gap) + _meeting(stored, ego, others, there)


def _closing(stored: Encounters, ego: Outline, others: Outline, there: Array, gap: F8) -> Finding:
    """The distance shrinks as fast as it is said to, from 0.1 ms before to 0.1 ms after."""
    dt = np.full(gap.shape, 1e-4)
    shrinks = (between(ego.after(-dt), others.after(-dt)) - between(ego.after(dt), others.after(dt))) / 2e-4
    far = there & (gap > 0.5)
    return compare(
        np.where(far, shrinks - stored.closing_speed, 0.0),
        _SPEED_M_S,
        lambda k: f"closing_speed[{k}] is {shrinks.reshape(-1)[k]:g}",
    )


def _meeting(stored: Encounters, ego: Outline, others: Outline, there: Array) -> Finding:
    """Boxes that go on as they do touch when it is said that they will, and not before; or never, as far as is seen."""
    time_s = stored.time_to_collision.astype(np.float64)
    meets = there & (time_s < _LATEST_S)
    at = between(ego.after(np.where(meets, time_s, 0.0)), others.after(np.where(meets, time_s, 0.0)))
    reach = _APART_M + 1e-5 * np.sqrt(((others.velocity - ego.velocity) ** 2).sum(-1)) * np.where(meets, time_s, 0.0)
    found = count_wrong(meets & (at > 2.0 * reach), lambda k: f"time_to_collision[{k}]: the boxes do not touch then")
    # boxes that only brush each other may or may not touch, by the last digit
    small = shrunk(ego, _APART_M)
    for share in (0.25, 0.5, 0.75, 0.97):
        early = np.where(meets, share * time_s, 8.0 * share)
        touch = there & (time_s > 0.01) & (between(small.after(early), others.after(early)) == 0.0)
        found += count_wrong(touch, lambda k: f"time_to_collision[{k}]: the boxes touch before")
    return found


def _undelivered(look: SequenceLook, stored: Measures) -> Finding:
    """Frames without data are dropped in the health, too, and all of their data are missing."""
    found = NOTHING
    for name, frames in look.frames.items():
        health = stored.sensors.get(name)
        if health is None or len(health.time_ns) != len(frames):
            found += Finding(tested=1, failed=1, worst=1.0, example=f"metrics/sensors/{name} does not cover the frames")
            continue
        status = frames.group["status"][()]
        wrong = (health.status != status) | ((status != STATUS_OK) & ~(health.missing == 1.0))
        found += _bracket(look, name, health)
        found += count_wrong(wrong, lambda k, name=name: f"metrics/sensors/{name}: status or missing of frame {k}")  # type: ignore[misc]
    return found


def _bracket(look: SequenceLook, name: str, health: Health) -> Finding:
    """How far the sensor has moved on what carries it, from its stored poses."""
    frames = look.frames[name]
    eye = stored_eye(frames)
    poses, times = frames.group["world_from_sensor"][()].astype(np.float64), frames.group["time_ns"][()]
    fresh = moved(poses, times.astype(np.int64), look.trajectory, "world" if eye is None else eye.on)
    found = NOTHING
    for column, values in zip(("shifted", "turned"), fresh, strict=True):
        stored = getattr(health, column)
        words = f"metrics/sensors/{name}/{column}"
        found += count_wrong(
            _differs(stored, values),
            lambda k, words=words, a=stored, b=values: f"{words}[{k}] is {a[k]}, measured {b[k]}",  # type: ignore[misc]
        )
    return found


def _before(look: FrameLook) -> int | None:
    """The frame that was delivered before."""
    status = look.sequence.frames[look.sensor].group["status"][: look.index]
    good = np.flatnonzero(status == STATUS_OK)
    return int(good[-1]) if len(good) else None


def _whole(look: FrameLook, index: int) -> Any:
    """A frame with its ideal signal, if that is stored."""
    frame, frames = look.sequence.frame(look.sensor, index), look.sequence.frames[look.sensor]
    return replace(frame, ideal=frames.variant("ideal")[index]) if "ideal" in frames.variants else frame


def _same_rows(stored: Health, index: int, fresh: Health, names: list[str]) -> Finding:
    found = NOTHING
    for name in names:
        a, b = getattr(stored, name)[index : index + 1], getattr(fresh, name)[-1:]
        found += count_wrong(_differs(a, b), lambda _, name=name, a=a, b=b: f"{name} is {a[0]}, measured {b[0]}")  # type: ignore[misc]
    return found
