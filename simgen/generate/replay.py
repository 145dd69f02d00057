"""Generating a sequence again from what the file stores of it; the promise is the same bits."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from simgen import __version__
from simgen.dataset.digest import combined, entries_of, kind_of
from simgen.dataset.reader import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.errors import UserError
from simgen.generate.sequence import Progress, write_sequence
from simgen.scenario import scene_from_yaml


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A sequence, made again."""

    stored_hash: str
    new_hash: str
    #: datasets whose content differs, or that only one of the two has
    differing: tuple[str, ...]
    #: the version that wrote the file, and this one
    versions: tuple[str, str]

    @property
    def identical(self) -> bool:
        """Whether every decoded array is the same, bit by bit."""
        return self.stored_hash == self.new_hash and not self.differing


def replay(path: Path, position: int, *, progress: Progress | None = None, keep: Path | None = None) -> Replay:
    """Generate the sequence at a position of the dataset again, and compare.

    Args:
        path: the dataset.
        position: which of its sequences, from 0.
        progress: called after every frame.
        keep: write the new sequence here instead of to a temporary file.

    Raises:
        UserError: there is no such sequence.
        DataError: the file is not a dataset of simgen's.
    """
    with open_dataset(path) as data, tempfile.TemporaryDirectory() as folder:
        if not 0 <= position < len(data.sequences):
            raise UserError(f"{path} has sequences 0 to {len(data.sequences) - 1}, no {position}")
        stored = data.sequences[position]
        target = keep or Path(folder) / "replay.h5"
        with DatasetWriter(target, scenario=data.scenario, seed=data.seed) as writer:
            write_sequence(writer, stored.index, scene_from_yaml(stored.scene), progress)
        with open_dataset(target) as fresh:
            kind = kind_of(stored.group)
            old, new = (entries_of(group, kind) for group in (stored.group, fresh.sequences[0].group))
        return Replay(
            stored_hash=stored.content_hash,
            new_hash=combined(new, kind),
            differing=tuple(sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p))),
            versions=(data.generator_version, __version__),
        )
