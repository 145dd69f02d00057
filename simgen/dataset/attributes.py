"""Attributes and text: how a dataset says what it holds, in forms that every HDF5 reader opens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from simgen.dataset.schema import LONGEST_ATTRIBUTE
from simgen.records.base import ArraySpec


def describe(dataset: Any, spec: ArraySpec, *leading: str) -> None:
    """Give a dataset its ``unit``, ``dims`` (space-separated) and ``doc``; colour images also HDF5's image class."""
    dataset.attrs["unit"] = spec.unit
    dataset.attrs["dims"] = " ".join([*leading, *spec.dims])
    dataset.attrs["doc"] = spec.doc
    if np.dtype(spec.dtype) == np.uint8 and spec.dims[-3:] == ("H", "W", "3"):
        image = {"CLASS": "IMAGE", "IMAGE_SUBCLASS": "IMAGE_TRUECOLOR", "IMAGE_VERSION": "1.2"}
        for name, value in {**image, "INTERLACE_MODE": "INTERLACE_PIXEL"}.items():
            dataset.attrs[name] = np.bytes_(value)  # the image specification asks for fixed-length text


def put_attribute(owner: Any, name: str, value: str) -> None:
    """Text as an attribute, or as a scalar dataset where it is too long for one."""
    if len(value.encode()) <= LONGEST_ATTRIBUTE:
        owner.attrs[name] = value
    else:
        put_text(owner, name, value, doc="text too long for an attribute")


def get_attribute(owner: Any, name: str) -> str:
    """The inverse of :func:`put_attribute`; empty if there is none."""
    if name in owner.attrs:
        return str(owner.attrs[name])
    return get_text(owner, name) if name in owner else ""


def put_text(group: Any, name: str, text: str, *, doc: str) -> None:
    """A text as a scalar dataset of fixed-length UTF-8."""
    import h5py

    data = text.encode()
    kind = h5py.string_dtype("utf-8", max(len(data), 1))
    dataset = group.create_dataset(name, data=np.array(data, kind), dtype=kind, track_times=False)
    dataset.attrs.update({"unit": "", "dims": "", "doc": doc})


def get_text(group: Any, name: str) -> str:
    """The inverse of :func:`put_text`."""
    return str(group[name].asstr()[()])


def put_texts(group: Any, name: str, texts: Sequence[str], *, dim: str, doc: str) -> None:
    """One text a row, fixed-length UTF-8."""
    import h5py

    data = [text.encode() for text in texts]
    kind = h5py.string_dtype("utf-8", max([1, *map(len, data)]))
    dataset = group.create_dataset(name, data=np.array(data, kind), dtype=kind, track_times=False)
    dataset.attrs.update({"unit": "", "dims": dim, "doc": doc})


def get_texts(group: Any, name: str) -> tuple[str, ...]:
    """The inverse of :func:`put_texts`."""
    return tuple(str(t) for t in group[name].asstr()[()]) if len(group[name]) else ()


def put_json(owner: Any, name: str, value: Any) -> None:
    """A JSON-able value as text with sorted keys; tuples become lists, numpy numbers plain ones."""
    put_attribute(owner, name, json.dumps(value, sort_keys=True, default=_plain))


def get_json(owner: Any, name: str, default: Any) -> Any:
    """The inverse of :func:`put_json`."""
    text = get_attribute(owner, name)
    return json.loads(text) if text else default


def to_json(value: Any) -> str:
    """JSON of one value, numpy's numbers and arrays included."""
    return json.dumps(value, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"cannot store {type(value).__name__} as JSON")


__all__ = [
    "describe",
    "get_attribute",
    "get_json",
    "get_text",
    "get_texts",
    "put_attribute",
    "put_json",
    "put_text",
    "put_texts",
    "to_json",
]
