"""The parts of a sequence that are known as a whole: for each, what writes it and what reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from simgen.dataset.arrays import put_array
from simgen.dataset.attributes import get_texts, put_texts, to_json
from simgen.dataset.describe import ActorInfo
from simgen.dataset.schema import spec
from simgen.records.base import Record, array_specs
from simgen.records.conditions import Conditions
from simgen.records.constraints import Constraint, Outcome, Solution
from simgen.records.measures import Collisions, Encounters, Health, Measures, Views
from simgen.records.trajectory import Contacts, Trajectory

#: path within the sequence -> line of the content hash
Entries = dict[str, str]


def put_record(group: Any, path: str, record: Record, entries: Entries, skip: tuple[str, ...] = ()) -> None:
    """Every array of a record as a dataset of ``group``; ``path`` is the group's within the sequence."""
    for name, declared, value in record.arrays():
        if name not in skip:
            entries[f"{path}/{name}"] = put_array(group, name, value, declared)


def get_record(group: Any, cls: type[Any], **fields: Any) -> Any:
    """The inverse of :func:`put_record`; ``fields`` are those that are not arrays of the group."""
    arrays = {
        name: group[name][()].astype(np.dtype(declared.dtype), copy=False)
        for name, declared in array_specs(cls).items()
        if name in group
    }
    return cls(**{**arrays, **fields})


def put_trajectory(sequence: Any, trajectory: Trajectory, entries: Entries) -> None:
    """``trajectory/`` and ``contacts/``; the signals' states go to the map."""
    group = sequence.create_group("trajectory")
    group.attrs["definition"] = "a pose at any instant is the linear and slerp interpolation of the neighbouring rows"
    put_record(group, "trajectory", trajectory, entries, skip=("signal_state", "indicator"))
    put_texts(group, "actor_names", trajectory.actor_names, dim="M", doc="name of each actor row")
    put_texts(group, "body_names", trajectory.body_names, dim="E", doc="actor, or actor/link, of each body")
    put_record(sequence.create_group("contacts"), "contacts", trajectory.contacts, entries)


def get_trajectory(sequence: Any) -> Trajectory:
    """The inverse of :func:`put_trajectory`."""
    group, signals = sequence["trajectory"], sequence["map/signals"]
    trajectory: Trajectory = get_record(
        group,
        Trajectory,
        signal_state=signals["state"][()],
        signal_names=get_texts(signals, "state_names"),
        actor_names=get_texts(group, "actor_names"),
        body_names=get_texts(group, "body_names"),
        contacts=get_record(sequence["contacts"], Contacts),
    )
    return trajectory


def put_conditions(sequence: Any, conditions: Conditions, entries: Entries) -> None:
    """``weather/``: one row an instant."""
    put_record(sequence.create_group("weather"), "weather", conditions, entries)


def get_conditions(sequence: Any) -> Conditions | None:
    """The inverse of :func:`put_conditions`; None where a sequence has none."""
    return get_record(sequence["weather"], Conditions) if "weather" in sequence else None


def put_measures(sequence: Any, measures: Measures, entries: Entries) -> None:
    """``metrics/``: encounters and collisions; hazards and health by sensor."""
    group = sequence.create_group("metrics")
    parts: dict[str, Record] = {"collisions": measures.collisions}
    if measures.encounters is not None:
        parts["encounters"] = measures.encounters
    parts |= {f"hazards/{name}": views for name, views in measures.hazards.items()}
    parts |= {f"sensors/{name}": health for name, health in measures.sensors.items()}
    for name, record in parts.items():
        put_record(group.create_group(name), f"metrics/{name}", record, entries)


def get_measures(sequence: Any) -> Measures | None:
    """The inverse of :func:`put_measures`; None where a sequence has none."""
    if "metrics/collisions" not in sequence:
        return None
    group = sequence["metrics"]
    return Measures(
        encounters=get_record(group["encounters"], Encounters) if "encounters" in group else None,
        collisions=get_record(group["collisions"], Collisions),
        hazards={name: get_record(item, Views) for name, item in group.get("hazards", {}).items()},
        sensors={name: get_record(item, Health) for name, item in group.get("sensors", {}).items()},
    )


def put_actors(sequence: Any, actors: Sequence[ActorInfo], entries: Entries) -> None:
    """``actors/``: one row an entity, in the order given."""
    group = sequence.create_group("actors")
    columns = {
        "id": (spec("M", "u4", "", "instance id in every label"), [a.id for a in actors]),
        "class_id": (spec("M", "u2", "", "taxonomy class"), [a.class_id for a in actors]),
        "parent": (
            spec("M", "u4", "", "what it rides on or is towed by; 0 = none"),
            [a.parent for a in actors],
        ),
        "size": (spec("M 3", "f4", "m", "length, width, height"), [a.size for a in actors]),
    }
    for name, (declared, values) in columns.items():
        shape = (len(actors), *(int(d) for d in declared.dims[1:]))
        value = np.array(values, declared.dtype).reshape(shape)
        entries[f"actors/{name}"] = put_array(group, name, value, declared)
    put_texts(group, "name", [a.name for a in actors], dim="M", doc="name in the scene")
    put_texts(group, "asset", [a.asset for a in actors], dim="M", doc="asset plugin")
    texts = [to_json(dict(a.attributes)) for a in actors]
    put_texts(group, "attributes", texts, dim="M", doc="free attributes, JSON")


def get_actors(sequence: Any) -> tuple[ActorInfo, ...]:
    """The inverse of :func:`put_actors`."""
    group = sequence["actors"]
    rows = zip(
        group["id"][()].tolist(),
        get_texts(group, "name"),
        group["class_id"][()].tolist(),
        get_texts(group, "asset"),
        group["parent"][()].tolist(),
        group["size"][()].tolist(),
        get_texts(group, "attributes"),
        strict=True,
    )
    return tuple(
        ActorInfo(id=i, name=n, class_id=c, asset=a, parent=p, size=tuple(s), attributes=json.loads(t))
        for i, n, c, a, p, s, t in rows
    )


def put_draws(sequence: Any, draws: Sequence[tuple[str, Any]]) -> None:
    """``draws/``: the dotted path of every draw and its value as JSON."""
    group = sequence.create_group("draws")
    put_texts(group, "name", [name for name, _ in draws], dim="D", doc="dotted path of the draw in the scenario")
    put_texts(group, "value", [to_json(value) for _, value in draws], dim="D", doc="value drawn, JSON")


def get_draws(sequence: Any) -> tuple[tuple[str, Any], ...]:
    """The inverse of :func:`put_draws`."""
    group = sequence["draws"]
    values = (json.loads(text) for text in get_texts(group, "value"))
    return tuple(zip(get_texts(group, "name"), values, strict=True))


_NUMBERS = {
    "asked": spec("Q", "f8", "", "value asked for, in the unit that the kind names"),
    "tolerance": spec("Q", "f8", "", "largest deviation that still holds"),
    "time_s": spec("Q", "f8", "s", "when it should hold, or from when on; negative = over the whole sequence"),
    "until_s": spec("Q", "f8", "s", "until when it should hold, of a stretch; negative = only at time_s"),
}
_TEXTS = {
    "kind": "what is measured",
    "subject": "entity or sensor that it is about",
    "other": "second entity, if any",
    "source": "edge case that asked for it",
    "relation": "about, at_least or at_most: which side of the value asked for is a deviation",
}
#: of each solution: what the array says
_COUNTS = {
    "tried": spec("S", "i4", "", "placements proposed, the one that was taken included"),
    "evaluations": spec("S", "i4", "", "forecasts or simulations that were run"),
    "rejected": spec("S", "i4", "", "placements proposed that were turned down"),
    "physical": spec("S", "u1", "", "1 = found by simulating, 0 = by a forecast of the drivers"),
}
_RATE = spec("S", "f8", "", "share of the placements proposed that were turned down")


def put_outcomes(
    sequence: Any, outcomes: Sequence[Outcome], entries: Entries, solutions: Sequence[Solution] = ()
) -> None:
    """``constraints/``: what was asked for, what was achieved, and how the placements were found."""
    group = sequence.create_group("constraints")
    for name, doc in _TEXTS.items():
        put_texts(group, name, [getattr(o.constraint, name) for o in outcomes], dim="Q", doc=doc)
    for name, declared in _NUMBERS.items():
        value = np.array([getattr(o.constraint, name) for o in outcomes], np.float64)
        entries[f"constraints/{name}"] = put_array(group, name, value, declared)
    achieved = np.array([o.achieved for o in outcomes], np.float64)
    holds = np.array([o.holds for o in outcomes], np.uint8)
    declared = spec("Q", "f8", "", "value measured in the data")
    entries["constraints/achieved"] = put_array(group, "achieved", achieved, declared)
    entries["constraints/holds"] = put_array(group, "holds", holds, spec("Q", "u1", "", "1 = within the tolerance"))
    _put_solutions(group.create_group("solutions"), solutions, entries)


def _put_solutions(group: Any, solutions: Sequence[Solution], entries: Entries) -> None:
    put_texts(group, "source", [s.source for s in solutions], dim="S", doc="edge case that was placed")
    reasons = [to_json([list(pair) for pair in s.rejected]) for s in solutions]
    put_texts(
        group, "reasons", reasons, dim="S", doc="why placements were turned down: [[reason, how often], ...], JSON"
    )
    columns = {
        "tried": [s.tried for s in solutions],
        "evaluations": [s.evaluations for s in solutions],
        "rejected": [s.tried - 1 for s in solutions],
        "physical": [s.physical for s in solutions],
    }
    for name, declared in _COUNTS.items():
        value = np.array(columns[name]).astype(declared.dtype)
        entries[f"constraints/solutions/{name}"] = put_array(group, name, value, declared)
    rates = np.array([s.rejection_rate for s in solutions], np.float64)
    entries["constraints/solutions/rate"] = put_array(group, "rate", rates, _RATE)


def get_outcomes(sequence: Any) -> tuple[Outcome, ...]:
    """The inverse of :func:`put_outcomes`; columns that older files lack have their defaults."""
    group = sequence["constraints"]
    columns: dict[str, Sequence[Any]] = {name: get_texts(group, name) for name in _TEXTS if name in group}
    columns |= {name: group[name][()].tolist() for name in _NUMBERS if name in group}
    achieved, holds = group["achieved"][()].tolist(), group["holds"][()].tolist()
    return tuple(
        Outcome(
            constraint=Constraint(**{name: values[k] for name, values in columns.items()}),
            achieved=achieved[k],
            holds=bool(holds[k]),
        )
        for k in range(len(holds))
    )


def get_solutions(sequence: Any) -> tuple[Solution, ...]:
    """How placements were found; none in files that were written before it was stored."""
    group = sequence["constraints"].get("solutions")
    if group is None:
        return ()
    columns = (group["tried"][()], group["evaluations"][()], group["physical"][()])
    texts = zip(get_texts(group, "source"), get_texts(group, "reasons"), strict=True)
    return tuple(
        Solution(
            source=source,
            tried=int(columns[0][k]),
            evaluations=int(columns[1][k]),
            physical=bool(columns[2][k]),
            rejected=tuple((reason, int(count)) for reason, count in json.loads(reasons)),
        )
        for k, (source, reasons) in enumerate(texts)
    )
