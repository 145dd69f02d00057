"""What is in a dataset, from its headers alone: no frame is read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from simgen.dataset.danger import danger_of, health_of
from simgen.dataset.frameset import FrameSet
from simgen.dataset.reader import Dataset, StoredSequence
from simgen.geometry import quat_conjugate, quat_multiply
from simgen.records.base import Array
from simgen.records.constraints import Constraint, Outcome


def summarise(dataset: Dataset) -> dict[str, Any]:
    """Sequences, sensors with their outputs and sizes, classes with counts of objects, and constraints; JSON-able."""
    names = {info.id: name for name, info in dataset.classes.items()}
    sequences = [_sequence(s, names) for s in dataset.sequences]
    classes: Counter[str] = Counter()
    for sequence in sequences:
        classes.update(sequence["objects"])
    constraints = [{**found, "sequence": s["index"]} for s in sequences for found in s.pop("constraints")]
    return {
        "path": str(dataset.path),
        "bytes": _bytes_on_disk(dataset.path),
        "format_version": dataset.format_version,
        "generator_version": dataset.generator_version,
        "seed": dataset.seed,
        "sequences": len(sequences),
        "frames": sum(sum(s["frames"].values()) for s in sequences),
        "duration_s": sum(s["duration_s"] for s in sequences),
        "splits": dict(Counter(s["split"] for s in sequences)),
        "tags": dict(Counter(tag for s in sequences for tag in s["tags"])),
        "objects": dict(classes.most_common()),
        "sensors": _sensors(dataset),
        "constraints": constraints,
        "constraint_kinds": by_kind(constraints),
        "placements": by_case([{**found, "sequence": s["index"]} for s in sequences for found in s["solutions"]]),
        "each": sequences,
    }


def _sequence(stored: StoredSequence, names: dict[int, str]) -> dict[str, Any]:
    counts = Counter(names.get(actor.class_id, f"class {actor.class_id}") for actor in stored.actors)
    return {
        "index": stored.index,
        "name": stored.name,
        "seed": stored.seed,
        "split": stored.split,
        "tags": list(stored.tags),
        "content_hash": stored.content_hash,
        "duration_s": max((_span_s(f.group["time_ns"][()]) for f in stored.frames.values()), default=0.0),
        "frames": {name: len(frames) for name, frames in stored.frames.items()},
        "dropped": {name: int((f.group["status"][()] != 0).sum()) for name, f in stored.frames.items()},
        "objects": dict(counts.most_common()),
        "draws": len(stored.group["draws/name"]),
        "danger": danger_of(stored),
        "health": health_of(stored),
        "weather": {} if stored.weather is None else stored.weather.ranges(),
        "constraints": [_outcome(o) for o in stored.constraints],
        "solutions": [
            {
                "source": found.source,
                "tried": found.tried,
                "evaluations": found.evaluations,
                "physical": found.physical,
                "rejection_rate": found.rejection_rate,
                "rejected": dict(found.rejected),
            }
            for found in stored.solutions
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    asked = outcome.constraint
    names = ("kind", "subject", "other", "source", "asked", "relation", "tolerance", "time_s", "until_s")
    return {**{name: getattr(asked, name) for name in names}, "achieved": outcome.achieved, "holds": outcome.holds}


def by_kind(constraints: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each edge case and kind of constraint: how many, how many hold, medians, and the worst of them."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in constraints:
        groups.setdefault((row["source"], row["kind"], row["relation"]), []).append(row)
    return [
        {
            "source": source,
            "kind": kind,
            "relation": relation,
            "count": len(rows),
            "held": sum(row["holds"] for row in rows),
            "asked_median": float(np.median([row["asked"] for row in rows])),
            "achieved_median": _median([row["achieved"] for row in rows]),
            "worst": max(rows, key=_excess),
        }
        for (source, kind, relation), rows in sorted(groups.items())
    ]


def by_case(solutions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each edge case: how many placements were proposed and turned down, and why most often."""
    found = []
    for source in sorted({row["source"] for row in solutions}):
        rows = [row for row in solutions if row["source"] == source]
        tried, reasons = sum(row["tried"] for row in rows), Counter[str]()
        for row in rows:
            reasons.update(row["rejected"])
        found.append(
            {
                "source": source,
                "count": len(rows),
                "tried": tried,
                "rejection_rate": (tried - len(rows)) / tried if tried else 0.0,
                "reasons": dict(reasons.most_common(5)),
            }
        )
    return found


def _median(values: list[float]) -> float:
    """The middle value, the lower of two; infinities count, what could not be measured does not."""
    known = sorted(value for value in values if value == value)
    return known[(len(known) - 1) // 2] if known else float("nan")


def _excess(row: dict[str, Any]) -> float:
    """How far an outcome is off, in tolerances."""
    names = ("kind", "subject", "asked", "tolerance", "relation")
    deviation = abs(Constraint(**{name: row[name] for name in names}).deviation(row["achieved"]))
    return deviation / row["tolerance"] if row["tolerance"] > 0.0 else deviation


def _span_s(times: Array) -> float:
    """From the first frame to one period after the last."""
    return float(times[-1] - times[0]) * 1e-9 * len(times) / (len(times) - 1) if len(times) > 1 else 0.0


def _sensors(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """By sensor name: type, model, timing, calibration, and each output with its shape where it first is, and size."""
    found: dict[str, dict[str, Any]] = {}
    clocks: dict[str, list[Array]] = {}
    for stored in dataset.sequences:
        for name, frames in stored.frames.items():
            entry = found.setdefault(name, _entry(frames))
            entry["frames"] += len(frames)
            entry["dropped"] += int((frames.group["status"][()] != 0).sum())
            clocks.setdefault(name, []).append(frames.group["stamp_ns"][()] - frames.group["time_ns"][()])
            for output, (shape, dtype, unit, stored_bytes) in _outputs(frames).items():
                row = entry["outputs"].setdefault(
                    output, {"shape": shape, "dtype": dtype, "unit": unit, "rows": 0, "bytes": 0}
                )
                row["rows"] += shape[0]
                row["bytes"] += stored_bytes
                entry["bytes"] += stored_bytes
    for name, entry in found.items():
        error = np.concatenate(clocks[name]).astype(np.float64) * 1e-9
        entry["stamp_error_s"] = float(error.mean()) if len(error) else 0.0
        entry["stamp_jitter_s"] = float(error.std()) if len(error) else 0.0
    return found


def _entry(frames: FrameSet) -> dict[str, Any]:
    times = frames.group["time_ns"][()]
    rate = (len(times) - 1) / (float(times[-1] - times[0]) * 1e-9) if len(times) > 1 else None
    return {
        "type": frames.type,
        "model": frames.model,
        "rate_hz": rate,
        "frames": 0,
        "dropped": 0,
        "calibration_error": _calibration_error(frames.calibration_true, frames.calibration_reported),
        "bytes": 0,
        "outputs": {},
    }


def _calibration_error(true: dict[str, Any], reported: dict[str, Any]) -> dict[str, float]:
    """How far the reported pose and intrinsics are off, in m, deg and px; what is right is left out.

    Of a sensor that is knocked, how far they are off from then on, and from when on.
    """
    a, b = true.get("mount", {}), reported.get("mount", {})
    found = {}
    if "knock" in a:
        found["from_s"] = a["knock"]["time_ns"] * 1e-9
        a = a["knock"]
    if "position" in a and "position" in b:
        found["position_m"] = float(np.sqrt(((np.array(b["position"]) - np.array(a["position"])) ** 2).sum()))
        turn = quat_multiply(quat_conjugate(a["quaternion"]), b["quaternion"])
        found["rotation_deg"] = float(np.degrees(2.0 * np.arctan2(np.sqrt((turn[1:] ** 2).sum()), abs(turn[0]))))
    if "K" in true and "K" in reported:
        found["intrinsics_px"] = float(np.abs(np.array(reported["K"]) - np.array(true["K"])).max())
    return {key: value for key, value in found.items() if value > 1e-9 or key == "from_s"}


def _outputs(frames: FrameSet) -> dict[str, tuple[list[int], str, str, int]]:
    arrays = _stored(frames)
    for variant in frames.variants:
        arrays |= {f"{variant}/{name}": stored for name, stored in _stored(frames.variant(variant)).items()}
    return {
        name: (list(a.shape), str(a.dtype), a.unit, int(a.dataset.id.get_storage_size())) for name, a in arrays.items()
    }


def _stored(frames: FrameSet) -> dict[str, Any]:
    """Arrays and columns of tables by name."""
    arrays = {name: getattr(frames, name) for name in frames.arrays}
    for table in frames.tables:
        stored = getattr(frames, table)
        arrays |= {f"{table}.{column}": getattr(stored, column) for column in stored.columns}
    return arrays


def _bytes_on_disk(path: Path) -> int:
    if path.name != "index.h5":
        return path.stat().st_size
    return path.stat().st_size + sum(shard.stat().st_size for shard in (path.parent / "shards").glob("*.h5"))
