"""The regression set of a search, shown to a function again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simgen.errors import UserError
from simgen.scenario import load
from simgen.stress.keep import REGRESSION_FILE
from simgen.stress.runner import ModelRunner
from simgen.stress.store import judge_of
from simgen.stress.trial import Verdict, tried


@dataclass(frozen=True, kw_only=True)
class Again:
    """One scene of the set: what came of it then, and now."""

    file: str
    before: float
    now: Verdict


def rerun(
    folder: Path, model: str, *, timeout_s: float | None = None, progress: Callable[[Again, int], None] | None = None
) -> list[Again]:
    """Show every scene of ``folder/regression`` to a function, scored as in the search.

    Raises:
        UserError: the folder holds no regression set, or there is no such function.
    """
    place = folder / "regression" if (folder / "regression").is_dir() else folder
    path = place / REGRESSION_FILE
    if not path.is_file():
        raise UserError(f"{folder} holds no regression set: there is no {REGRESSION_FILE}; simgen stress writes one")
    told = json.loads(path.read_text(encoding="utf-8"))
    judge, found = judge_of(told["judge"]), []
    with ModelRunner(model, timeout_s or float(told["timeout_s"])) as runner:
        _ = runner.declared
        for row in told["scenes"]:
            scenario = load(place / row["file"])
            verdict = tried(scenario.sample(scenario.default_seed), runner, judge)
            found.append(Again(file=row["file"], before=row["score"], now=verdict))
            if progress is not None:
                progress(found[-1], len(told["scenes"]))
    return found
