"""Reading a dataset: lazy, indexable, picklable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, overload

from simgen.dataset.attributes import get_attribute, get_json, get_text, get_texts
from simgen.dataset.describe import ActorInfo
from simgen.dataset.digest import hash_group
from simgen.dataset.frameset import FrameSet
from simgen.dataset.handle import Handle, resolve
from simgen.dataset.roadmap import get_map
from simgen.dataset.samples import FrameSamples
from simgen.dataset.sections import (
    get_actors,
    get_conditions,
    get_draws,
    get_measures,
    get_outcomes,
    get_solutions,
    get_trajectory,
)
from simgen.errors import UserError
from simgen.records.conditions import Conditions
from simgen.records.constraints import Outcome, Solution
from simgen.records.measures import Measures
from simgen.records.roads import RoadMap
from simgen.records.trajectory import Trajectory
from simgen.registry import suggest
from simgen.taxonomy import ClassInfo


class StoredSequence:
    """One sequence of a dataset; everything is read when it is asked for."""

    def __init__(self, handle: Handle, index: int) -> None:
        self.index = index
        self._handle = handle
        self._path = f"sequences/{index:06d}"

    def __repr__(self) -> str:
        return f"<sequence {self.index:06d} {self.name!r}: {', '.join(self.frames) or 'no sensors'}>"

    @property
    def group(self) -> Any:
        """The open h5py group."""
        return self._handle.group(self._path)

    @property
    def name(self) -> str:
        """The scene's name."""
        return str(self.group.attrs["name"])

    @property
    def seed(self) -> int:
        """The sequence's own seed."""
        return int(self.group.attrs["seed"])

    @property
    def split(self) -> str:
        """Which split it belongs to."""
        return str(self.group.attrs["split"])

    @property
    def weight(self) -> float:
        """Importance weight: means over scenes as they are meant are means of what is drawn, weighted by it."""
        return float(self.group.attrs.get("weight", 1.0))

    @property
    def tags(self) -> tuple[str, ...]:
        """The edge cases in it."""
        return tuple(get_json(self.group, "tags", []))

    @property
    def content_hash(self) -> str:
        """A hash over the decoded arrays, as stored when written; what it begins with says how it was made."""
        return str(self.group.attrs["content_hash"])

    @property
    def scene(self) -> str:
        """The certain scene as YAML."""
        return get_text(self.group, "scene")

    @property
    def draws(self) -> tuple[tuple[str, Any], ...]:
        """Every random draw: dotted path, value."""
        return get_draws(self.group)

    @property
    def actors(self) -> tuple[ActorInfo, ...]:
        """The entities, in the order of the trajectory's rows."""
        return get_actors(self.group)

    @property
    def trajectory(self) -> Trajectory:
        """The poses of every body, with the contacts."""
        return get_trajectory(self.group)

    @property
    def map(self) -> RoadMap:
        """Lanes, kerbs, areas and signals."""
        return get_map(self.group)

    @property
    def weather(self) -> Conditions | None:
        """Visibility, rates, surfaces and wind over time; None in files that were written before it was stored."""
        return get_conditions(self.group)

    @property
    def constraints(self) -> tuple[Outcome, ...]:
        """What was asked for, and what was achieved."""
        return get_outcomes(self.group)

    @property
    def solutions(self) -> tuple[Solution, ...]:
        """How the placements of its edge cases were found; empty in files that were written before it was stored."""
        return get_solutions(self.group)

    @property
    def metrics(self) -> Measures | None:
        """Encounters, collisions, hazards and the sensors' health; None in files that were written before these."""
        return get_measures(self.group)

    @property
    def frames(self) -> dict[str, FrameSet]:
        """The sensors' frames, by sensor name."""
        return {name: FrameSet(self._handle, self._path, name) for name in self.group.get("frames", ())}

    def compute_hash(self) -> str:
        """The content hash of what the file holds now; equals :attr:`content_hash` in a whole file."""
        return hash_group(self.group)


class Sequences(Sequence[StoredSequence]):
    """The sequences of a dataset, by position."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._indices = [int(name) for name in sorted(handle.group("sequences"))]

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, position: int) -> StoredSequence: ...
    @overload
    def __getitem__(self, position: slice) -> list[StoredSequence]: ...
    def __getitem__(self, position: int | slice) -> StoredSequence | list[StoredSequence]:
        """The sequence at a position, or a list of them."""
        if isinstance(position, slice):
            return [StoredSequence(self._handle, i) for i in self._indices[position]]
        return StoredSequence(self._handle, self._indices[position])

    def __iter__(self) -> Iterator[StoredSequence]:
        return (StoredSequence(self._handle, i) for i in self._indices)


class Dataset:
    """An open dataset. Pickles as its path: each process opens the file for itself."""

    def __init__(self, path: str | Path) -> None:
        self.path = resolve(path)
        self._handle = Handle(self.path)
        #: the sequences, in order
        self.sequences = Sequences(self._handle)

    def __repr__(self) -> str:
        return f"<simgen dataset {self.path}: {len(self.sequences)} sequences>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; using the dataset again opens it again."""
        self._handle.close()

    @property
    def format_version(self) -> int:
        """Version of the file's layout."""
        return int(self._handle.file.attrs["format_version"])

    @property
    def generator_version(self) -> str:
        """The simgen that wrote it."""
        return str(self._handle.file.attrs["generator_version"])

    @property
    def seed(self) -> int:
        """Seed of the whole dataset."""
        return int(self._handle.file.attrs["seed"])

    @property
    def scenario(self) -> str:
        """Text of the scene file that it was generated from."""
        return get_text(self._handle.file, "scenario")

    @property
    def conventions(self) -> dict[str, str]:
        """What the numbers mean: frames, units, pixels."""
        return dict(get_json(self._handle.file, "conventions", {}))

    def attribute(self, name: str) -> str:
        """A further root attribute; empty if there is none."""
        return get_attribute(self._handle.file, name)

    @property
    def classes(self) -> dict[str, ClassInfo]:
        """The taxonomy that the labels use, by name."""
        return {info.name: info for info in _classes(self._handle.group("classes"))}

    @property
    def sensors(self) -> tuple[str, ...]:
        """Names of the sensors of any sequence, in the order of their first appearance."""
        return tuple(dict.fromkeys(name for s in self.sequences for name in s.group["frames"]))

    def frames_of(self, sensor: str, *, fields: Sequence[str] | None = None) -> FrameSamples:
        """Every frame of a sensor over all sequences, as a map-style dataset for PyTorch's ``DataLoader``.

        Args:
            sensor: name of the sensor.
            fields: arrays and tables to read (``rgb``, ``points.xyz``, ``boxes``); all of them by default.

        Raises:
            UserError: no sequence has the sensor, or it has no such field.
        """
        found = [s.frames[sensor] for s in self.sequences if sensor in s.group["frames"]]
        if not found:
            raise UserError(f"no sensor {sensor!r} in {self.path}{suggest(sensor, self.sensors)}")
        return FrameSamples(found, fields)


def open_dataset(path: str | Path) -> Dataset:
    """Open a dataset: a ``.h5`` file, or a folder with ``index.h5``.

    Raises:
        UserError: there is nothing of that name.
        DataError: it is not HDF5, not simgen's, unfinished, truncated, of a newer format, or its shards are gone.
    """
    return Dataset(path)


def _classes(group: Any) -> list[ClassInfo]:
    texts = {name: get_texts(group, name) for name in ("name", "parent", "kitti", "nuscenes")}
    ids = {name: group[name][()].tolist() for name in ("id", "semantic_kitti", "coco", "cityscapes", "thing")}
    colors = group["color"][()].tolist()
    return [
        ClassInfo(
            name=texts["name"][k],
            id=ids["id"][k],
            color=tuple(colors[k]),
            parent=texts["parent"][k],
            thing=bool(ids["thing"][k]),
            kitti=texts["kitti"][k] or None,
            nuscenes=texts["nuscenes"][k] or None,
            semantic_kitti=_or_none(ids["semantic_kitti"][k]),
            coco=_or_none(ids["coco"][k]),
            cityscapes=_or_none(ids["cityscapes"][k]),
        )
        for k in range(len(colors))
    ]


def _or_none(value: int) -> int | None:
    return None if value < 0 else value
