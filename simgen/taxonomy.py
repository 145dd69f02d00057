"""The class taxonomy, version 1: read from the one data file ``taxonomy.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from simgen.errors import UserError
from simgen.registry import suggest


@dataclass(frozen=True, kw_only=True)
class ClassInfo:
    """One leaf class and its counterparts in the known data sets (None where there is none)."""

    name: str
    id: int
    color: tuple[int, int, int]
    parent: str
    thing: bool = False
    kitti: str | None = None
    semantic_kitti: int | None = None
    nuscenes: str | None = None
    coco: int | None = None
    cityscapes: int | None = None


@cache
def classes() -> dict[str, ClassInfo]:
    """Every class by name, in the order of ids."""
    table = tomllib.loads(resources.files("simgen").joinpath("taxonomy.toml").read_text())["classes"]
    found = [ClassInfo(name=name, **{**row, "color": tuple(row["color"])}) for name, row in table.items()]
    return {info.name: info for info in sorted(found, key=lambda c: c.id)}


def class_id(name: str) -> int:
    """The id of a class.

    Raises:
        UserError: there is no such class; the message suggests the nearest.
    """
    info = classes().get(name)
    if info is None:
        raise UserError(f"unknown class {name!r}{suggest(name, tuple(classes()))}")
    return info.id


def class_name(class_id: int) -> str:
    """The name of a class id; 0 is ``unlabelled``."""
    return next((info.name for info in classes().values() if info.id == class_id), "unlabelled")


@cache
def color_table() -> NDArray[np.uint8]:
    """Colours by class id, (256, 3) u1; unused ids are black."""
    table = np.zeros((256, 3), np.uint8)
    for info in classes().values():
        table[info.id] = info.color
    return table
