"""For how many seeds does every edge case come about as asked? Measured from rendered labels, as in a dataset.

Run: ``python scripts/edge_case_odds.py --seeds 100 [--workers 2] [--keep odds.jsonl] [NAME ...]``. The file that
``--keep`` names gets a line a seed; a second run goes on where the first stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "scenes" / "edge_cases"


def tried(job: tuple[str, int]) -> dict[str, Any]:
    """What became of one seed of one scene."""
    from simgen.errors import SimgenError
    from simgen.generate.trial import outcomes
    from simgen.scenario import load

    name, seed = job
    began = time.perf_counter()
    row: dict[str, Any] = {"scene": name, "seed": seed, "held": False, "missed": [], "tried": 0}
    try:
        scene = load(FOLDER / f"{name}.yaml").sample(seed)
        row["sampled_s"] = round(time.perf_counter() - began, 2)
        missed = [outcome for outcome in outcomes(scene) if not outcome.holds]
        row["missed"] = [f"{o.constraint.kind} {o.achieved:.3g} for {o.constraint.asked:.3g}" for o in missed]
        row |= {"held": not missed, "tried": sum(solution.tried for solution in scene.solutions)}
    except SimgenError as error:
        row["error"] = str(error)
    except Exception as error:  # a fault of simgen is a seed that did not hold; the others go on
        row["error"] = f"{type(error).__name__}: {error}"
    return row | {"seconds": round(time.perf_counter() - began, 2)}


def rows_of(names: list[str], seeds: int, workers: int, known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each scene and seed that is not known yet, as they come."""
    done = {(row["scene"], row["seed"]) for row in known}
    jobs = [(name, seed) for seed in range(seeds) for name in names if (name, seed) not in done]
    # the seeds share the cores, so that each one's rays need no threads
    os.environ["NUMBA_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(tried, jobs, chunksize=2)


def told(name: str, rows: list[dict[str, Any]]) -> str:
    """A line for a scene, and one for each of its first misses."""
    own = sorted((row for row in rows if row["scene"] == name), key=lambda row: row["seed"])
    held, seconds = sum(row["held"] for row in own), sum(row["seconds"] for row in own) / max(len(own), 1)
    lines = [f"{name:32s} {held:4d} of {len(own)}   {seconds:5.2f} s a scene"]
    misses = [row for row in own if not row["held"]][:3]
    lines += [f"    seed {row['seed']}: {row.get('error') or ', '.join(row['missed'])}" for row in misses]
    return "\n".join(lines)


def main() -> None:
    """Try and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="scenes by name; all if none")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--keep", type=Path, help="file that gets a line of JSON a seed; what it has is not tried again"
    )
    asked = parser.parse_args()
    known = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    names = asked.names or known
    if unknown := sorted(set(names) - set(known)):
        parser.error(f"no scene is called {', '.join(unknown)}: see scenes/edge_cases")
    kept = asked.keep.read_text().splitlines() if asked.keep and asked.keep.exists() else []
    rows = [json.loads(line) for line in kept]
    for row in rows_of(names, asked.seeds, asked.workers, rows):
        rows.append(row)
        if asked.keep:
            with asked.keep.open("a") as file:
                file.write(json.dumps(row) + "\n")
    rows = [row for row in rows if row["scene"] in names and row["seed"] < asked.seeds]
    print("\n".join(told(name, rows) for name in names))
    good = [name for name in names if _share(name, rows) >= 0.95]
    print(f"\n{len(good)} of {len(names)} scenes hold for at least 95 % of {asked.seeds} seeds")


def _share(name: str, rows: list[dict[str, Any]]) -> float:
    own = [row["held"] for row in rows if row["scene"] == name]
    return sum(own) / max(len(own), 1)


if __name__ == "__main__":
    main()
