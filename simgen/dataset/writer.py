"""Writing a dataset: one self-contained HDF5 file, complete or absent."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

import simgen
from simgen.dataset.arrays import put_array
from simgen.dataset.attributes import put_attribute, put_json, put_text, put_texts, to_json
from simgen.dataset.describe import SensorInfo, SequenceInfo
from simgen.dataset.digest import combined, dataset_entry
from simgen.dataset.roadmap import put_map
from simgen.dataset.schema import CONVENTIONS, FORMAT, FORMAT_VERSION, PART, spec
from simgen.dataset.sections import (
    Entries,
    put_actors,
    put_conditions,
    put_draws,
    put_measures,
    put_outcomes,
    put_trajectory,
)
from simgen.dataset.stream import StreamWriter
from simgen.errors import DataError
from simgen.records.conditions import Conditions
from simgen.records.constraints import Outcome, Solution
from simgen.records.frames import Frame
from simgen.records.measures import Measures
from simgen.taxonomy import ClassInfo, classes


class DatasetWriter:
    """Writes ``path`` under the name ``path.part`` and gives it its own name when everything is in.

    Use it as a context manager. After an exception the ``.part`` file stays for inspection, and ``path`` never appears.

    Args:
        path: the file to write.
        scenario: text of the scene file that everything was generated from.
        seed: seed of the whole dataset.
        known_classes: the taxonomy to store; the built-in one by default.
        threads: threads that hash and deflate within a frame.
        attributes: further root attributes (names of files, command lines).
    """

    def __init__(
        self,
        path: str | Path,
        *,
        scenario: str,
        seed: int,
        known_classes: Sequence[ClassInfo] | None = None,
        threads: int = 2,
        attributes: dict[str, str] | None = None,
    ) -> None:
        self.path = Path(path)
        self.part = self.path.with_name(self.path.name + PART)
        self._scenario = scenario
        self._seed = seed
        self._classes = tuple(classes().values()) if known_classes is None else tuple(known_classes)
        self._threads = threads
        self._attributes = attributes or {}
        self._file: Any = None
        self._pool: ThreadPoolExecutor | None = None
        self._open_sequence: SequenceWriter | None = None

    def __enter__(self) -> Self:
        import h5py

        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._file = h5py.File(self.part, "w", libver=("earliest", "v110"))
        except BlockingIOError:
            raise DataError(f"another run is writing {self.part}: let it finish, or end it") from None
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="deflate")
        put_header(self._file, self._scenario, self._seed)
        for name, value in sorted(self._attributes.items()):
            put_attribute(self._file, name, value)
        put_classes(self._file, self._classes)
        self._file.create_group("sequences")
        return self

    def sequence(self, index: int, info: SequenceInfo) -> SequenceWriter:
        """Begin a sequence; close it (or leave its ``with`` block) before the next begins.

        Raises:
            DataError: another sequence is still open, or the index is taken.
        """
        if self._open_sequence is not None and not self._open_sequence.closed:
            raise DataError("one sequence at a time: the one before is not closed")
        name = f"sequences/{index:06d}"
        if name in self._file:
            raise DataError(f"sequence {index} is in {self.path} already")
        assert self._pool is not None
        self._open_sequence = SequenceWriter(self._file, name, info, self._pool)
        return self._open_sequence

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._pool is not None
        self._pool.shutdown(wait=True)
        whole = kind is None and (self._open_sequence is None or self._open_sequence.closed)
        self._file.close()
        if kind is None and not whole:
            raise DataError(f"a sequence of {self.path} was not closed")
        if whole:
            settle(self.part, self.path)


class SequenceWriter:
    """Writes one sequence. As a context manager it closes itself unless an exception passes."""

    def __init__(self, file: Any, name: str, info: SequenceInfo, pool: ThreadPoolExecutor) -> None:
        self.closed = False
        self.content_hash = ""
        self._file = file
        self._group = file.create_group(name)
        self._entries: Entries = {}
        self._outcomes: tuple[Outcome, ...] = ()
        self._solutions: tuple[Solution, ...] = ()
        self._pool = pool
        self._streams: dict[str, StreamWriter] = {}
        self._counts = {sensor.name: sensor.frames for sensor in info.sensors}
        _put_info(self._group, info, self._entries)
        for sensor in info.sensors:
            _put_sensor(self._group.create_group(f"frames/{sensor.name}"), sensor)
            self._streams[sensor.name] = StreamWriter(self._group, sensor.name, sensor.frames, pool)

    def __enter__(self) -> Self:
        return self

    def add(self, sensor: str, frame: Frame, *, variant: str = "") -> None:
        """Write a sensor's next frame, and its ideal signal and twin, if it has them; ``variant`` names which this is.

        When it returns, what is large of the frame is flushed to the file; small arrays wait for others of their kind.

        Raises:
            DataError: the sensor was not announced, or the frame does not fit the earlier ones.
        """
        if sensor not in self._counts:
            raise DataError(f"sensor {sensor!r} was not announced; announced: {', '.join(self._counts) or 'none'}")
        path = f"{sensor}/{variant}" if variant else sensor
        if path not in self._streams:
            self._streams[path] = StreamWriter(self._group, path, self._counts[sensor], self._pool)
        if self._streams[path].add(frame):
            self._file.flush()
        if frame.ideal is not None:
            self.add(sensor, frame.ideal, variant="ideal")
        if frame.twin is not None:
            self.add(sensor, frame.twin, variant="twin")

    def measures(self, measures: Measures) -> None:
        """Store what was measured of the sequence under ``metrics/``."""
        put_measures(self._group, measures, self._entries)

    def conditions(self, conditions: Conditions) -> None:
        """Store the weather over the sequence under ``weather/``."""
        put_conditions(self._group, conditions, self._entries)

    def outcomes(self, outcomes: Sequence[Outcome], solutions: Sequence[Solution] = ()) -> None:
        """What became of the scene's constraints, and how its edge cases were placed; written when it is closed."""
        self._outcomes, self._solutions = tuple(outcomes), tuple(solutions)

    def close(self) -> None:
        """Finish every stream and store the content hash.

        Raises:
            DataError: a sensor delivered fewer frames than announced.
        """
        put_outcomes(self._group, self._outcomes, self._entries, self._solutions)
        for stream in self._streams.values():
            self._entries |= stream.finish()
        self._add_rest()
        self.content_hash = combined(self._entries)
        self._group.attrs["content_hash"] = self.content_hash
        self._file.flush()
        self.closed = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()

    def _add_rest(self) -> None:
        """Lines of the content hash for what was written without one: text."""

        def visit(path: str, item: Any) -> None:
            if hasattr(item, "shape") and path not in self._entries:
                self._entries[path] = dataset_entry(item)

        self._group.visititems(visit)


def settle(part: Path, path: Path) -> None:
    """Make a finished file durable and give it its name, in one step."""
    _sync(part, os.O_RDWR)
    part.replace(path)
    _sync(path.parent, os.O_RDONLY)  # the new name itself must survive a power cut


def _sync(path: Path, mode: int) -> None:
    descriptor = os.open(path, mode)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_header(file: Any, scenario: str, seed: int) -> None:
    """Root attributes and the scenario's text."""
    file.attrs["format"] = FORMAT
    file.attrs["format_version"] = FORMAT_VERSION
    file.attrs["generator_version"] = simgen.__version__
    file.attrs["seed"] = seed
    file.attrs["conventions"] = CONVENTIONS
    put_text(file, "scenario", scenario, doc="the scene file, YAML")


def put_classes(file: Any, known: Sequence[ClassInfo]) -> None:
    """``/classes``: the taxonomy, one row a class, with its maps to the known data sets."""
    group = file.create_group("classes")
    put_array(group, "id", np.array([c.id for c in known], np.uint16), spec("C", "u2", "", "id in semantic labels"))
    colors = np.array([c.color for c in known], np.uint8).reshape(-1, 3)
    put_array(group, "color", colors, spec("C 3", "u1", "", "colour for pictures, sRGB"))
    thing = np.array([c.thing for c in known], np.uint8)
    put_array(group, "thing", thing, spec("C", "u1", "", "1 = countable, has instances"))
    put_texts(group, "name", [c.name for c in known], dim="C", doc="name of the leaf class")
    put_texts(group, "parent", [c.parent for c in known], dim="C", doc="group of classes")
    for other in ("kitti", "nuscenes"):
        put_texts(group, other, [getattr(c, other) or "" for c in known], dim="C", doc=f"{other} name; empty = none")
    for other in ("semantic_kitti", "coco", "cityscapes"):
        ids = [getattr(c, other) for c in known]
        column = np.array([-1 if i is None else i for i in ids], np.int32)
        put_array(group, other, column, spec("C", "i4", "", f"{other} id; -1 = none"))


def _put_info(group: Any, info: SequenceInfo, entries: Entries) -> None:
    group.attrs["name"] = info.name
    group.attrs["seed"] = info.seed
    group.attrs["split"] = info.split
    group.attrs["weight"] = info.weight
    put_json(group, "tags", list(info.tags))
    put_text(group, "scene", info.scene, doc="the certain scene, YAML: generates the sequence again")
    put_draws(group, info.draws)
    put_actors(group, info.actors, entries)
    put_trajectory(group, info.trajectory, entries)
    put_map(group, info.map, info.trajectory, entries)


def _put_sensor(group: Any, sensor: SensorInfo) -> None:
    group.attrs["type"] = sensor.type
    group.attrs["model"] = sensor.model
    config = sensor.config if isinstance(sensor.config, str) else to_json(dict(sensor.config))
    put_attribute(group, "config", config)
    put_attribute(group, "calibration_true", to_json(dict(sensor.calibration_true)))
    put_attribute(group, "calibration_reported", to_json(dict(sensor.calibration_reported)))


__all__ = ["DatasetWriter", "SequenceWriter", "put_classes", "put_header", "settle"]
