"""How long a user waits: ``--help``, the first frames with kernels compiled before, and the first frames ever.

Run: ``python benchmarks/bench_startup.py [--repeats 5] [--cold-repeats 1] [--wheel dist/simgen-*.whl]``. Every figure
is a whole process, from its start to its end: one camera frame and one lidar sweep of the crossing, simulated, labelled
and written. Cold means an empty kernel cache; both caches are temporary folders, so nothing of the user's is touched.
With a wheel of ``scripts/wheel``, also the first frame ever of who installs that: its kernels are compiled already.
Goals, on two quiet cores: 0.5 s, 5 s and 30 s. Processor time is that of the process and its helper together.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SCENE = Path(__file__).resolve().parent / "scenes" / "first_frame.yaml"
_RUN = (sys.executable, "-c", "from simgen.cli import main; main()")


def timed(arguments: Sequence[str], environment: dict[str, str], folder: str) -> tuple[float, float]:
    """Wall time and processor time of a command that runs in a folder, s."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run([*_RUN, *arguments], env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(name: str, repeats: int, measure: Callable[[], tuple[float, float]]) -> None:
    """Print the medians of some runs."""
    walls, cpus = zip(*(measure() for _ in range(repeats)), strict=True)
    print(f"{name:20} {statistics.median(walls):7.2f} s   {statistics.median(cpus):7.2f} s processor   of {repeats}")


def installed(wheel: Path, folder: str) -> str:
    """Unpack a wheel into a folder that goes before other packages; its path."""
    place = f"{folder}/wheel"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", place]
    subprocess.run([*command, str(wheel)], check=True)
    return place


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--cold-repeats", type=int, default=1)
    parser.add_argument("--wheel", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # an installed package has its modules compiled to bytecode; a checkout gets them here
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        first = ["generate", str(SCENE), "-o", f"{folder}/first.h5", "--force"]

        def run(arguments: Sequence[str], cache: str) -> tuple[float, float]:
            return timed(arguments, {**environment, "XDG_CACHE_HOME": f"{folder}/{cache}"}, folder)

        caches = map(str, itertools.count())
        run(["--help"], "0")
        median("--help", options.repeats, lambda: run(["--help"], "0"))
        run(["validate", str(SCENE)], "0")
        median("cold first frame", options.cold_repeats, lambda: run(first, next(caches)))
        run(first, "0")
        median("warm first frame", options.repeats, lambda: run(first, "0"))
        if options.wheel:
            environment["PYTHONPATH"] = installed(options.wheel, folder)
            run(first, next(caches))
            median("first, from a wheel", options.repeats, lambda: run(first, next(caches)))


if __name__ == "__main__":
    main()
