"""The report: one page that needs nothing else, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from simgen import __version__
from simgen.stress.keep import Worst
from simgen.stress.sections import Seen, page
from simgen.stress.store import Settings, finite
from simgen.stress.words import Region, told

if TYPE_CHECKING:
    from simgen.stress.run import Outcome


def write_report(outcome: Outcome, settings: Settings, worst: Sequence[Worst]) -> None:
    """Write ``report.html`` and ``report.json`` into the search's folder."""
    points, failed = outcome.evaluated
    scored = [trial.score for trial in outcome.trials if not trial.error]
    scores = np.nan_to_num(np.array(scored, np.float64), nan=1.0)  # there was nothing to find
    found = told(outcome.cube, outcome.dimensions, outcome.regions, points, failed)
    seen = Seen(
        dimensions=outcome.dimensions, trials=outcome.trials, points=points, scores=scores, failed=failed, regions=found
    )
    (outcome.folder / "report.html").write_text(page(seen, settings, worst, outcome.folder), encoding="utf-8")
    plain = json.dumps(finite(_plain(outcome, settings, worst, found)), indent=1)
    (outcome.folder / "report.json").write_text(plain + "\n", encoding="utf-8")


def _plain(outcome: Outcome, settings: Settings, worst: Sequence[Worst], found: Sequence[Region]) -> dict[str, Any]:
    return {
        "simgen": __version__,
        "model": settings.model,
        "scene": settings.scene,
        "seed": settings.seed,
        "judge": asdict(settings.judge),
        "evaluations": len(outcome.trials),
        "failures": outcome.failures,
        "first_failure": next((t.index + 1 for t in outcome.trials if t.failed), None),
        "regions": [
            {
                "words": region.text,
                "bounds": region.bounds,
                "share": region.share,
                "failed_inside": region.failed_inside,
                "inside": region.inside,
                "failed_outside": region.failed_outside,
                "outside": region.outside,
            }
            for region in found
        ],
        "worst": [
            {"file": w.file, "trial": w.trial.index, "score": w.trial.score, "again": w.again.score} for w in worst
        ],
    }
