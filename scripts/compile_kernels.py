"""Compile what the scenes of the repository call, for a wheel to carry.

Run: ``python scripts/compile_kernels.py FOLDER [SCENE ...]``; ``scripts/wheel`` does. Every sensor of every scene takes
one frame, on as many processes as there are cores, with an empty kernel cache; the cache's folders of simgen's own
kernels end up in FOLDER, which must not exist yet.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import simgen as sg
from simgen.assembly import assemble
from simgen.engine import Renderer, available_threads, nearest_ticks
from simgen.errors import UserError

SCENES = Path(__file__).resolve().parents[1] / "scenes"
#: when sensors that remember take theirs: after the first frames
EARLY_NS = 30_000_000
KERNELS = Path(sg.__file__).resolve().parent / "kernels"


def take_a_frame_each(path: Path) -> str:
    """One labelled frame of every sensor of a scene, from its middle or its start; the scene's name."""
    scenario = sg.load(path)
    scene = scenario.sample(seed=scenario.default_seed)
    assembly = assemble(scene)
    with Renderer(assembly, sg.simulate(scene, assembly), threads=1) as renderer:
        middle = nearest_ticks(scene, round(5e8 * scene.clock.duration_s))
        # those that remember take all frames before it, too
        for tick, early in zip(middle, nearest_ticks(scene, EARLY_NS), strict=True):
            renderer.frame(early if tick.sensor.folds else tick)
    return path.stem


def keep(cache: Path, folder: Path) -> int:
    """Copy the folders of simgen's kernels from a cache; how many kernels they hold."""
    from simgen.kernels.jit import cache_name

    for name in sorted({cache_name(source) for source in KERNELS.glob("*.py")}):
        if any((cache / name).glob("*/*.nbi")):
            shutil.copytree(cache / name, folder / name)
    return len(list(folder.glob("*/*/*.nbi")))


def main() -> None:
    """Compile and copy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenes", type=Path, nargs="*")
    options = parser.parse_args()
    scenes = options.scenes or sorted(SCENES.rglob("*.yaml"))
    if options.folder.exists():
        parser.error(f"{options.folder} is there already: name another folder")
    for path in scenes:
        try:
            sg.load(path)
        except UserError as error:
            parser.error(str(error))
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        with ProcessPoolExecutor(available_threads(), get_context("spawn")) as pool:
            for name in pool.map(take_a_frame_each, scenes):
                print(name, flush=True)
        count = keep(Path(cache) / "simgen" / "kernels", options.folder)
    size = sum(path.stat().st_size for path in options.folder.rglob("*") if path.is_file())
    print(f"{count} kernels, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
