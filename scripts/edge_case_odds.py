"""For how many seeds does every edge case come about as asked? Measured from rendered labels, as in a dataset.

Run: ``python scripts/edge_case_odds.py --seeds 100 [--workers 2] [--json odds.json] [NAME ...]``.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from simgen.errors import SimgenError
from simgen.generate.trial import outcomes
from simgen.scenario import load

FOLDER = Path(__file__).resolve().parents[1] / "scenes" / "edge_cases"


def tried(job: tuple[Path, int]) -> dict[str, object]:
    """What became of one seed of one scene."""
    path, seed = job
    began = time.perf_counter()
    try:
        scene = load(path).sample(seed)
        found = outcomes(scene)
    except SimgenError as error:
        return {"scene": path.stem, "seed": seed, "held": False, "error": str(error)}
    missed = [f"{o.constraint.kind} {o.achieved:.3g} for {o.constraint.asked:.3g}" for o in found if not o.holds]
    tries = sum(solution.tried for solution in scene.solutions)
    seconds = round(time.perf_counter() - began, 2)
    return {"scene": path.stem, "seed": seed, "held": not missed, "missed": missed, "tried": tries, "seconds": seconds}


def main() -> None:
    """Try and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="scenes by name; all if none")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    paths = sorted(path for path in FOLDER.glob("*.yaml") if not told.names or path.stem in told.names)
    jobs = [(path, seed) for path in paths for seed in range(told.seeds)]
    with ProcessPoolExecutor(told.workers) as pool:
        rows = list(pool.map(tried, jobs, chunksize=5))
    for path in paths:
        own = [row for row in rows if row["scene"] == path.stem]
        held = sum(bool(row["held"]) for row in own)
        seconds = sum(float(str(row.get("seconds", 0.0))) for row in own) / len(own)
        print(f"{path.stem:32s} {held:4d} of {len(own)}   {seconds:5.2f} s a scene")
        for row in [row for row in own if not row["held"]][:3]:
            print(f"    seed {row['seed']}: {row.get('error') or ', '.join(map(str, row['missed']))}")  # type: ignore[call-overload]
    if told.json:
        told.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
