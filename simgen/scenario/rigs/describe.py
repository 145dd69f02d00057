"""Rigs, explained: for ``simgen list rig`` and ``simgen describe rig NAME``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgen import registry
from simgen.errors import UserError
from simgen.registry import suggest
from simgen.scenario.declared import declared
from simgen.scenario.rigs.catalogue import rig_names, rig_path
from simgen.scenario.rigs.file import read_rig
from simgen.yaml.nodes import plain
from simgen.yaml.text import is_path


@dataclass(frozen=True, kw_only=True)
class RigSensor:
    """One sensor of a rig, as its file says it; what is random there is shown as it is written."""

    name: str
    type: str
    #: device, or size and view of a picture
    model: str
    #: frames a second; None = the scene clock's
    rate_hz: Any
    #: empty = on the carrier
    on: str
    position_m: Any
    rotation_deg: Any
    look_at_m: Any


@dataclass(frozen=True, kw_only=True)
class RigInfo:
    """A rig and its sensors."""

    name: str
    about: str
    source: str
    sensors: tuple[RigSensor, ...]

    @property
    def summary(self) -> str:
        """What it is, in one sentence."""
        return self.about.split(". ")[0].removesuffix(".") + "."


def rig_info(name: str) -> RigInfo:
    """Everything that a rig file says; ``name`` is a rig's or the path of a rig file.

    Raises:
        UserError: there is no such rig; the message suggests one.
        SceneError: the file has faults.
    """
    path = rig_path(name, Path())
    if not path.is_file():
        known = "; no such file" if is_path(name) else suggest(name, rig_names())
        raise UserError(f"unknown rig {name!r}{known}")
    rig = read_rig(path)
    sensors = tuple(_sensor(plain(node)) for node in rig.sensors.values())
    return RigInfo(name=name, about=rig.about, source=" ".join(rig.source.split()), sensors=sensors)


def _sensor(given: Mapping[str, Any]) -> RigSensor:
    mount = given.get("mount") or {}
    return RigSensor(
        name=given["name"],
        type=given["type"],
        model=_model(given),
        rate_hz=given.get("rate_hz", _default(given["type"], "rate_hz")),
        on=mount.get("on", ""),
        position_m=mount.get("position_m", [0.0, 0.0, 0.0]),
        rotation_deg=mount.get("rotation_deg", [0.0, 0.0, 0.0]),
        look_at_m=mount.get("look_at_m"),
    )


def _model(given: Mapping[str, Any]) -> str:
    model = given.get("model", _default(given["type"], "model"))
    size = [given[key] for key in ("width", "height") if key in given]
    view = [f"{given['hfov_deg']} deg"] if "hfov_deg" in given else []
    picture = [" x ".join(map(str, size))] if size else []
    return ", ".join([*([str(model)] if model else []), *picture, *view])


def _default(sensor: str, key: str) -> Any:
    cls = registry.find("sensor", sensor)
    field = None if cls is None else declared(cls).get(key)
    return None if field is None else field.default


__all__ = ["RigInfo", "RigSensor", "rig_info"]
