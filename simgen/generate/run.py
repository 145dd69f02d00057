"""Running a plan: one file written directly, or shards in worker processes, resumed where they stopped.

A shard with its final name is whole, so resuming means: make what is not there yet. A file of several sequences is
made from shards too (in ``OUT.parts``), which are joined by copying compressed chunks as they are.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simgen.dataset.folder import merge, write_index
from simgen.dataset.reader import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.errors import DataError, UserError
from simgen.generate.plan import Job, plan, scenario_of
from simgen.generate.pool import run_all
from simgen.generate.sequence import Progress, SequenceReport, write_sequence
from simgen.generate.warm import warming


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a run made."""

    out: Path
    sequences: tuple[SequenceReport, ...]
    #: sequences that were there already
    resumed: int = 0

    @property
    def frames(self) -> int:
        """Frames made in this run."""
        return sum(s.frames for s in self.sequences)


@dataclass(frozen=True, kw_only=True)
class _Shard:
    """A file to make: its one job, and what every file of the run says of the whole."""

    job: Job
    path: Path
    #: seed of the whole dataset: that of its first sequence
    seed: int
    #: text of every scene file of the run
    scenario: str


#: called after every finished sequence
Finished = Callable[[SequenceReport], None]


def generate(
    sources: Sequence[Path | str],
    out: Path | str,
    *,
    count: int = 1,
    seed: int | None = None,
    workers: int = 1,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    finished: Finished | None = None,
) -> Report:
    """Generate ``count`` sequences of every scene into a file (``*.h5``) or a folder.

    Args:
        sources: scene files.
        out: where to; a name ending in ``.h5`` makes one self-contained file, any other a folder of shards.
        count: sequences per scene; sequence k has the seed ``seed + k``.
        seed: first seed; the scene's own, or 0, if None.
        workers: processes; the result does not depend on it.
        resume: keep the whole sequences of an earlier run and make the rest.
        force: replace what is there.
        progress: called after every frame, where frames are made in this process.
        finished: called after every sequence.

    Raises:
        SceneError, UserError: a scene or an argument is wrong, or ``out`` exists; nothing is written then.
        DataError: ``resume`` finds sequences that do not belong to this run.
    """
    target = Path(out)
    jobs = plan([Path(s) for s in sources], count=count, seed=seed)
    if workers < 1:
        raise UserError(f"--workers must be at least 1, not {workers}")
    _check_target(target, [Path(s) for s in sources])
    _make_room(target, resume=resume, force=force)
    # with workers, every core has work already
    with warming() if workers == 1 else contextlib.nullcontext():
        if len(jobs) == 1 and target.suffix == ".h5" and not resume:
            return _direct(jobs[0], target, progress, finished)
        return _sharded(jobs, target, workers, progress, finished, resume=resume)


def _check_target(target: Path, sources: Sequence[Path]) -> None:
    """Refuse what is surely not meant, ``--force`` or not: nobody's scene or notes give way to a dataset."""
    if any(target.exists() and target.samefile(source) for source in sources):
        raise UserError(f"{target} is the scene itself: choose another output")
    if target.suffix.lower() in (".hdf5", ".hdf", ".h5") and target.suffix != ".h5":
        raise UserError(f"one file is called *.h5, anything else is a folder of shards: not {target.name}")
    if target.suffix != ".h5" and target.is_file():
        raise UserError(f"{target} is a file, and a folder of shards is to be made: choose another output, or *.h5")


def _make_room(target: Path, *, resume: bool, force: bool) -> None:
    """Refuse to overwrite, or clear the way if told to."""
    if not target.parent.is_dir():
        raise UserError(f"the folder {target.parent} does not exist: make it first, or choose another output")
    if target.exists() and not (resume or force):
        raise UserError(f"{target} exists: add --force to replace it, --resume to finish it, or choose another output")
    if resume:
        return
    # a file stays until the new one takes its place, whole: a run that fails loses nothing
    for old in (target, _parts(target)):
        if old.is_dir():
            _remove_dataset_folder(old)


def _remove_dataset_folder(folder: Path) -> None:
    """Delete a folder that an earlier run made, and never one that holds anything else."""
    strangers = [p.name for p in folder.iterdir() if p.name not in ("manifest.json", "index.h5", "shards")]
    if strangers:
        raise UserError(f"{folder} is not a dataset of simgen's (it holds {strangers[0]!r}): choose another output")
    shutil.rmtree(folder)


def _parts(target: Path) -> Path:
    return target.with_name(target.name + ".parts")


def _direct(job: Job, target: Path, progress: Progress | None, finished: Finished | None) -> Report:
    report = _write(_Shard(job=job, path=target, seed=job.seed, scenario=job.text), progress)
    if finished is not None:
        finished(report)
    return Report(out=target, sequences=(report,))


def _sharded(
    jobs: tuple[Job, ...],
    target: Path,
    workers: int,
    progress: Progress | None,
    finished: Finished | None,
    *,
    resume: bool,
) -> Report:
    single = target.suffix == ".h5"
    if single and resume and target.exists():
        return Report(out=target, sequences=(), resumed=_whole(target, jobs, _shards(jobs, target)[0].scenario))
    folder = _parts(target) if single else target
    shards = _shards(jobs, folder)
    missing = [shard for shard in shards if not _is_whole(shard)]
    folder.joinpath("shards").mkdir(parents=True, exist_ok=True)
    reports = []
    local = progress if workers <= 1 or len(missing) <= 1 else None
    task: Callable[[_Shard], SequenceReport] = _write if local is None else (lambda shard: _write(shard, local))
    for report in run_all(task, missing, workers):
        reports.append(report)
        if finished is not None:
            finished(report)
    if single:
        merge([shard.path for shard in shards], target)
        shutil.rmtree(folder)
    else:
        write_index(folder)
    ordered = tuple(sorted(reports, key=lambda r: r.index))
    return Report(out=target, sequences=ordered, resumed=len(jobs) - len(missing))


def _shards(jobs: tuple[Job, ...], folder: Path) -> list[_Shard]:
    scenario = "---\n".join(dict.fromkeys(job.text for job in jobs))
    paths = [folder / "shards" / f"{job.index:06d}.h5" for job in jobs]
    return [
        _Shard(job=job, path=path, seed=jobs[0].seed, scenario=scenario) for job, path in zip(jobs, paths, strict=True)
    ]


def _write(shard: _Shard, progress: Progress | None = None) -> SequenceReport:
    """Make one sequence in a file of its own; if that fails, no trace of the file is left."""
    job = shard.job
    scene = scenario_of(job.source, job.text).sample(job.seed)
    if not scene.sensors:
        raise UserError(f"{job.source} has no sensors, so there is nothing to record: add one under 'sensors'")
    writer = DatasetWriter(shard.path, scenario=shard.scenario, seed=shard.seed)
    try:
        with writer:
            return write_sequence(writer, job.index, scene, progress)
    except BaseException as error:
        writer.part.unlink(missing_ok=True)
        if _is_disk_full(error):
            raise DataError(f"no space is left on the disk for {shard.path}: make room and start again") from None
        raise


def _is_disk_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind an error; HDF5 tells it in its own words."""
    while error is not None:
        if getattr(error, "errno", None) == errno.ENOSPC or f"errno = {errno.ENOSPC}," in str(error):
            return True
        error = error.__context__
    return False


def _is_whole(shard: _Shard) -> bool:
    """Whether the shard is there already and belongs to this job."""
    return shard.path.exists() and bool(_whole(shard.path, (shard.job,), shard.scenario))


def _whole(path: Path, jobs: tuple[Job, ...], scenario: str) -> int:
    """How many of the jobs' sequences a file holds.

    Raises:
        DataError: it was made from another scene, with other seeds, or by another version.
    """
    with open_dataset(path) as data:
        seeds = [sequence.seed for sequence in data.sequences]
        if seeds != [job.seed for job in jobs] or data.scenario != scenario:
            raise DataError(f"{path} belongs to another run (its scene or seeds differ): use --force to start again")
    return len(seeds)


__all__ = ["Finished", "Report", "generate"]
