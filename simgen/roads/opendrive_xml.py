"""OpenDRIVE's XML, read with care: no DTD, no entities, bounded sizes, finite numbers, and messages that say where."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from simgen.errors import UserError

_MOST_BYTES: Final = 64 << 20
_MOST_ELEMENTS: Final = 2_000_000
#: nothing on a map is farther away or longer than this, m
_FARTHEST: Final = 1e7


class Node:
    """An element, and where it is, for messages."""

    __slots__ = ("element", "where")

    def __init__(self, element: Element, where: str) -> None:
        """``where`` names the file and what encloses the element."""
        self.element, self.where = element, where

    def __iter__(self) -> Iterator[Node]:
        return (Node(child, self.where) for child in self.element)

    @property
    def tag(self) -> str:
        """Its name without a namespace."""
        return self.element.tag.rpartition("}")[2]

    def all(self, path: str) -> list[Node]:
        """Children by a path of tags, namespaces left aside."""
        found = [self]
        for tag in path.split("/"):
            found = [child for node in found for child in node if child.tag == tag]
        return found

    def first(self, path: str) -> Node | None:
        """The first of them."""
        found = self.all(path)
        return found[0] if found else None

    def at(self, where: str) -> Node:
        """The same element with a longer description of where it is."""
        return Node(self.element, f"{self.where}, {where}")

    def fail(self, message: str) -> UserError:
        """An error that says where."""
        return UserError(f"{self.where}: {message}")

    def text(self, name: str, default: str | None = None) -> str:
        """An attribute.

        Raises:
            UserError: it is missing and has no default.
        """
        value = self.element.get(name)
        if value is None:
            if default is None:
                raise self.fail(f"<{self.tag}> has no {name!r}")
            return default
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """An attribute as a number.

        Raises:
            UserError: it is missing, no number, not finite, or absurdly large.
        """
        raw = self.element.get(name)
        if raw is None:
            if default is None:
                raise self.fail(f"<{self.tag}> has no {name!r}")
            return default
        try:
            value = float(raw)
        except ValueError:
            raise self.fail(f"{name!r} of <{self.tag}> is no number: {raw[:40]!r}") from None
        if not math.isfinite(value) or abs(value) > _FARTHEST:
            raise self.fail(f"{name!r} of <{self.tag}> is {raw[:40]}, which is no finite, sensible number")
        return value

    def whole(self, name: str) -> int:
        """An attribute as an integer."""
        value = self.number(name)
        if value != int(value):
            raise self.fail(f"{name!r} of <{self.tag}> is {value:g}, not a whole number")
        return int(value)


def read_xml(path: Path) -> Node:
    """The root of a file.

    Raises:
        UserError: there is no such file, it is too large, no XML, declares entities or a DTD, or is no OpenDRIVE.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise UserError(f"{path}: {size / 2**20:.0f} MiB are more than the {_MOST_BYTES >> 20} that are read")
        root: Element = fromstring(path.read_bytes(), forbid_dtd=True)
    except OSError as fault:
        raise UserError(f"{path}: cannot be read: {fault.strerror}") from None
    except DefusedXmlException:
        raise UserError(f"{path}: declares a DTD or entities, which are not read; remove them") from None
    except (ParseError, ValueError, LookupError) as fault:
        raise UserError(f"{path}: is no XML: {fault}") from None
    node = Node(root, str(path))
    if node.tag != "OpenDRIVE":
        raise UserError(f"{path}: is no OpenDRIVE file, its root is <{node.tag[:40]}>")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise UserError(f"{path}: has more than {_MOST_ELEMENTS} elements")
    return node
