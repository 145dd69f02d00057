"""From bytes to nodes: reads one YAML document and reports what is wrong with it as faults with positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simgen.errors import Fault, SceneError
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode, describe, resolve

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 48
MAX_NODES: Final = 500_000
MAX_ALIASES: Final = 100
#: nodes that all aliases together may stand for
MAX_ALIASED_NODES: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """What a file is, for messages: its noun, and what an empty one lacks."""

    noun: str
    start: str


SCENE: Final = FileKind(noun="scene", start="a scene starts with 'simgen: 1'")


def is_path(word: str) -> bool:
    """Whether a word that may be a catalogue's name means a file: it has a ``/`` or ends in ``.yaml`` or ``.yml``."""
    return "/" in word or word.endswith((".yaml", ".yml"))


def read_text(path: Path, kind: FileKind = SCENE) -> str:
    """The text of a file.

    Raises:
        SceneError: there is no such file, it cannot be read, is too large or is not UTF-8.
    """
    name = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SceneError((Fault(file=name, line=1, column=1, message="no such file", hint=_neighbour(path)),)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SceneError((Fault(file=name, line=1, column=1, message=f"cannot be read: {reason}"),)) from None
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes; a {kind.noun} file has at most {MAX_BYTES}"
        raise SceneError((Fault(file=name, line=1, column=1, message=message),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8-sig"))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        fault = Fault(file=name, line=line, column=column, message=message, hint="save the file as UTF-8")
        raise SceneError((fault,)) from None


def parse(text: str, name: str, kind: FileKind = SCENE, *, included: bool = False) -> Node:
    """The one document of a YAML text; nodes of an ``included`` file know its name.

    Raises:
        SceneError: the text is not YAML, or holds what such a file may not hold.
    """
    if len(text) > MAX_BYTES:
        message = f"the text has {len(text)} characters; a {kind.noun} file has at most {MAX_BYTES}"
        raise SceneError((Fault(file=name, line=1, column=1, message=message),))
    composer = _Composer(name, kind, name if included else "")
    try:
        node = composer.document(_events(text))
    except _StopError:
        node = None
    except Exception as error:  # a foreign parser on any input at all: whatever it raises is a fault
        node = None
        composer.faults.append(_syntax_fault(name, text, error, composer.last))
    if composer.faults or node is None:
        raise SceneError(tuple(composer.faults))
    return node


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    yield from YAML(typ="safe", pure=True).parse(text)


class _StopError(Exception):
    """The text must not be read any further; the fault has been reported."""


class _Composer:
    """Builds nodes from parser events with an explicit budget."""

    def __init__(self, file: str, kind: FileKind, mark: str) -> None:
        self.file, self.kind, self.mark = file, kind, mark
        self.faults: list[Fault] = []
        self.last = (1, 1)
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._open: set[str] = set()
        self._count = self._aliases = self._aliased = 0

    def document(self, events: Iterator[Any]) -> Node | None:
        """The only document of the stream."""
        root: Node | None = None
        for event in events:
            kind = type(event).__name__
            self._at(event)
            if kind == "DocumentStartEvent":
                if root is not None:
                    self._fault(event, f"a {self.kind.noun} file holds one document only", "remove the second '---'")
                    raise _StopError
                root = self._node(next(events), events, 0)
        if root is None:
            self._fault(None, "the file is empty", self.kind.start)
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self._at(event)
        self._budget(event, depth)
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event)
        anchor = event.anchor
        if anchor is not None:
            self._open.add(anchor)
        before = self._count
        node = self._content(kind, event, events, depth)
        if anchor is not None:
            self._open.discard(anchor)
            self._anchors[anchor] = (node, self._count - before + 1)
        return node

    def _content(self, kind: str, event: Any, events: Iterator[Any], depth: int) -> Node:
        line, column = self._at(event)
        if event.tag is not None and not (kind == "ScalarEvent" and str(event.tag) == "!"):
            self._fault(
                event, f"tags such as {_tag(event)} are not part of the {self.kind.noun} language", "remove the tag"
            )
        if kind == "ScalarEvent":
            is_plain = event.style is None or event.style == ""
            return ScalarNode(line, column, resolve(event.value) if is_plain else event.value, file=self.mark)
        if kind == "SequenceStartEvent":
            items = []
            while type(inner := next(events)).__name__ != "SequenceEndEvent":
                items.append(self._node(inner, events, depth + 1))
            return ListNode(line, column, tuple(items), file=self.mark)
        return self._mapping(line, column, events, depth)

    def _mapping(self, line: int, column: int, events: Iterator[Any], depth: int) -> MapNode:
        values: dict[str, Node] = {}
        keys: dict[str, ScalarNode] = {}
        while type(inner := next(events)).__name__ != "MappingEndEvent":
            key = self._node(inner, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, ScalarNode) or not isinstance(key.value, str):
                said = f"a key must be a word, not {describe(key)}"
                self._fault(key, said, "put it in quotes if it is meant as text")
            elif key.value == "<<":
                self._fault(key, "merge keys (<<) are not part of YAML 1.2", "write the values out")
            elif key.value in values:
                first = keys[key.value]
                self._fault(key, f"duplicate key {key.value!r}", f"it is already on line {first.line}")
            else:
                values[key.value], keys[key.value] = value, key
        return MapNode(line, column, values, keys, file=self.mark)

    def _alias(self, event: Any) -> Node:
        name = event.anchor
        if name in self._open:
            self._fault(event, f"alias *{name} refers to what it is a part of", "write the values out")
            raise _StopError
        if name not in self._anchors:
            self._fault(event, f"alias *{name} has no anchor &{name} before it", "")
            raise _StopError
        node, size = self._anchors[name]
        self._aliases += 1
        self._aliased += size
        self._count += size
        if self._aliases > MAX_ALIASES or self._aliased > MAX_ALIASED_NODES:
            self._fault(event, f"more than {MAX_ALIASES} aliases or {MAX_ALIASED_NODES} aliased values", "")
            raise _StopError
        return node

    def _budget(self, event: Any, depth: int) -> None:
        self._count += 1
        if depth > MAX_DEPTH:
            self._fault(event, f"nested more than {MAX_DEPTH} levels deep", "")
            raise _StopError
        if self._count > MAX_NODES:
            self._fault(event, f"more than {MAX_NODES} values", "")
            raise _StopError

    def _at(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        if mark is not None:
            self.last = (mark.line + 1, mark.column + 1)
        return self.last

    def _fault(self, where: Any, message: str, hint: str) -> None:
        if isinstance(where, Node):
            line, column = where.line, where.column
        else:
            line, column = (1, 1) if where is None else self._at(where)
        self.faults.append(Fault(file=self.file, line=line, column=column, message=message, hint=hint))


def _tag(event: Any) -> str:
    return str(getattr(event.tag, "value", event.tag) or event.tag)


def _syntax_fault(file: str, text: str, error: Exception, last: tuple[int, int]) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = last if mark is None else (mark.line + 1, mark.column + 1)
    problem = str(getattr(error, "problem", "") or "")
    character = getattr(error, "character", None)
    if character is not None and isinstance(getattr(error, "position", None), int):
        code = character if isinstance(character, int) else ord(character)
        line, column = _find(text, chr(code))
        return Fault(file=file, line=line, column=column, message=f"character U+{code:04X} may not stand in YAML")
    if "'\\t'" in problem or _tab_at(text, line):
        message = "a tab may not indent YAML"
        return Fault(file=file, line=line, column=column, message=message, hint="use spaces")
    context = str(getattr(error, "context", "") or "")
    said = f"{context}: {problem}" if context and problem else problem or "it makes no sense from here on"
    return Fault(file=file, line=line, column=column, message=f"not YAML: {said}", hint=_syntax_hint(said))


def _syntax_hint(said: str) -> str:
    if "mapping values are not allowed" in said:
        return "is the indentation right, and is text with ': ' in quotes?"
    if "flow " in said:
        return "is every [ and { closed?"
    return ""


def _tab_at(text: str, line: int) -> bool:
    lines = text.splitlines()
    return line <= len(lines) and re.match(r" *\t", lines[line - 1]) is not None


def _find(text: str, character: str) -> tuple[int, int]:
    place = text.find(character)
    return _position(text[: max(place, 0)])


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _neighbour(path: Path) -> str:
    import difflib

    try:
        names = {p.stem: p.name for p in sorted(path.parent.iterdir()) if p.suffix in (".yaml", ".yml")}
    except OSError:
        return f"there is no folder {path.parent} either"
    near = difflib.get_close_matches(path.stem, names, n=1, cutoff=0.6)
    return f"did you mean {str(path.parent / names[near[0]])!r}?" if near else ""
