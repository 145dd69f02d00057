"""A design on disk: one scene file a scene, and the plan that made them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

from simgen.cover.design import Design
from simgen.errors import SceneError, UserError
from simgen.scenario import loads

PLAN: Final = "plan.json"


def write_design(design: Design, folder: Path, seed: int) -> list[Path]:
    """Write ``scenes/0000.yaml`` ... and ``plan.json``; scene k has the seed ``seed + k`` and its weight.

    Raises:
        UserError: the folder holds something else, or a file has no place for a value.
    """
    _make_room(folder)
    digits = max(4, len(str(len(design.values))))
    texts: dict[Path, str] = {}
    scenario = design.spec.scenario
    # a design without weights must not keep the file's own
    none = 1.0 if "weight" in scenario.root.values else None
    for k, values in enumerate(design.values):
        text = scenario.with_pins(values, seed + k, _finite(float(design.weights[k])) or none)
        texts[folder / "scenes" / f"{k:0{digits}d}.yaml"] = text
    first = next(iter(texts))
    _check_place(texts[first], first, scenario.source)
    (folder / "scenes").mkdir(parents=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    (folder / PLAN).write_text(json.dumps(plan_of(design, seed), indent=1) + "\n", encoding="utf-8")
    return list(texts)


def plan_of(design: Design, seed: int) -> dict[str, Any]:
    """The design as JSON-able values: parameters with their levels, and the values and weight of every scene."""
    spec, found = design.spec, design.coverage
    rows = [
        {"seed": seed + k, "weight": _finite(weight), "values": dict(values), "levels": levels}
        for k, (values, weight, levels) in enumerate(
            zip(design.values, design.weights.tolist(), design.levels.tolist(), strict=True)
        )
    ]
    return {
        "spec": spec.source,
        "scene": spec.scenario.source,
        "strength": spec.strength,
        "combinations": found.total,
        "covered": found.covered,
        "parameters": [
            {"path": axis.path, "levels": [axis.word(level) for level in range(axis.count)]} for axis in spec.axes
        ],
        "scenes": rows,
    }


def _make_room(folder: Path) -> None:
    if not folder.exists():
        if not folder.parent.is_dir():
            raise UserError(f"the folder {folder.parent} does not exist: make it first, or choose another output")
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise UserError(f"{folder} exists and is not an empty folder: choose another output")


def _check_place(text: str, path: Path, source: str) -> None:
    """Make sure that the scene is whole in its new folder.

    Raises:
        UserError: it names files by paths that start from its old one.
    """
    try:
        loads(text, str(path))
    except SceneError as error:
        raise UserError(
            f"{source} names files by paths from its own folder, which are lost in {path.parent}: write them in full;"
            f" {error.faults[0].message}"
        ) from error


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
