"""Devices as data: finds a model's YAML file, reads what a dataclass declares, and tells every mistake in one go."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from simgen.errors import Fault, SceneError, UserError
from simgen.registry import check_range, suggest
from simgen.yaml.fields import Fields
from simgen.yaml.nodes import MapNode, describe
from simgen.yaml.text import FileKind, is_path, parse, read_text

T = TypeVar("T")
_FILE: Final = FileKind(noun="device", start="a device starts with its name")


class MisfitError(ValueError):
    """Values that do not go together: each complaint is the field to blame and the reason."""

    def __init__(self, what: str, complaints: Iterable[tuple[str, str]]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(f"{what}: " + "; ".join(f"{field} {reason}" for field, reason in self.complaints))


@dataclass(frozen=True, kw_only=True)
class Catalogue(Generic[T]):
    """The devices of one kind: those that come with simgen, and those of users' own files."""

    #: what messages call the kind
    noun: str
    folder: Path
    read: Callable[[Path], T]

    def names(self) -> tuple[str, ...]:
        """Names of the devices that come with simgen."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.yaml")))

    def load(self, model: str) -> T:
        """The device of a name, or of a path (anything with ``/`` or ending in ``.yaml`` or ``.yml``).

        Raises:
            SceneError: the file is wrong; all its faults at once, with line and column.
            UserError: there is no such device or file.
        """
        path = Path(model) if is_path(model) else self.folder / f"{model.lower()}.yaml"
        try:
            status = path.stat()
        except OSError:
            raise UserError(self._unknown(model)) from None
        device: T = _read_once(self.read, path, status.st_mtime_ns, status.st_size)
        return device

    def usable(self, model: str) -> T:
        """The device that a scene's ``model`` names.

        Raises:
            ValueError: what is wrong with its file, as the reason why this model cannot be used.
            UserError: there is no such device or file.
        """
        try:
            return self.load(model)
        except SceneError as error:
            lines = "".join(f"\n  {fault}" for fault in error.faults)
            raise ValueError(f"model {model!r} cannot be used:{lines}") from None

    def _unknown(self, model: str) -> str:
        if is_path(model):
            return f"{self.noun} model {model!r}: there is no such file; the catalogue has {', '.join(self.names())}"
        return f"unknown {self.noun} model {model!r}{suggest(model.lower(), self.names())}"


@lru_cache(maxsize=64)
def _read_once(read: Callable[[Path], Any], path: Path, mtime_ns: int, size: int) -> Any:
    """Read a file once, and again when it has changed."""
    return read(path)


def open_device(path: Path, cls: type) -> Fields:
    """The mapping of a file that describes a dataclass; complaints gather in its ``faults``.

    Raises:
        SceneError: the file cannot be read, is not YAML or not a mapping.
    """
    root = parse(read_text(path, _FILE), str(path), _FILE)
    if not isinstance(root, MapNode):
        message = f"a device file must be a mapping, not {describe(root)}"
        raise SceneError((Fault(file=str(path), line=root.line, column=root.column, message=message),))
    return Fields(str(path), root, "", names_of(cls), [])


def refuse_faults(top: Fields) -> None:
    """End here if anything in the file was wrong.

    Raises:
        SceneError: all faults, in file order.
    """
    if top.faults:
        raise SceneError(tuple(sorted(top.faults, key=lambda fault: (fault.line, fault.column))))


def names_of(cls: type) -> list[str]:
    """The fields that a dataclass declares."""
    return [field.name for field in dataclasses.fields(cls)]


def values_of(given: Fields, cls: type, *, is_all: bool = False) -> dict[str, Any]:
    """The texts and numbers of a dataclass that a mapping gives.

    What has no default must be there; on request, all must. What cannot be read is a fault in ``given``, and its value
    means nothing.
    """
    values = {}
    for field in dataclasses.fields(cls):
        reader = _READERS.get(str(field.type))
        is_needed = is_all or field.default is dataclasses.MISSING
        if reader is not None and (is_needed or field.name in given):
            values[field.name] = reader(given, field)
    return values


def build(given: Fields, cls: type[T]) -> T | None:
    """A dataclass of texts and numbers from a mapping; None if anything is wrong, which is a fault in ``given``."""
    before = len(given.faults)
    values = values_of(given, cls)
    if len(given.faults) > before:
        return None
    try:
        return cls(**values)
    except MisfitError as error:
        for key, reason in error.complaints:
            given.wrong(key, reason)
        return None


def _word(given: Fields, field: dataclasses.Field[Any]) -> str:
    return given.word(field.name, field.metadata.get("choices", ()))


def _whole(given: Fields, field: dataclasses.Field[Any]) -> int:
    return given.whole(field.name, field.metadata["ge"], field.metadata["le"])


def _number(given: Fields, field: dataclasses.Field[Any]) -> float:
    value = given.number(field.name)
    wrong = None if math.isnan(value) else check_range(given.path(field.name), value, field.metadata)
    if wrong is not None:
        given.fault(field.name, wrong)
    return value


#: by a field's type as it is written; other fields are not read here
_READERS: Final[dict[str, Callable[[Fields, dataclasses.Field[Any]], Any]]] = {
    "str": _word,
    "int": _whole,
    "float": _number,
    "float | None": _number,
}
