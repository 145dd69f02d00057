"""Inertial units as data: one TOML file a model, checked when it is read."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from simgen.errors import UserError
from simgen.registry import check_range, param, suggest

_CATALOGUE: Final = Path(__file__).parent / "imus"
_MOST: Final = 1e6


@dataclass(frozen=True, kw_only=True)
class Triad:
    """The errors of three gyroscopes (rad/s) or accelerometers (m/s2); null = the model's."""

    noise_density: float | None = param(None, ge=0.0, le=_MOST, doc="white noise, unit per root Hz")
    random_walk: float | None = param(None, ge=0.0, le=_MOST, doc="walk of the bias, unit per second and root Hz")
    turn_on_bias: float | None = param(None, ge=0.0, le=_MOST, doc="deviation of the bias at the start, per axis")
    scale_factor: float | None = param(None, ge=0.0, le=0.5, doc="deviation of each axis' scale from 1")
    misalignment_deg: float | None = param(None, ge=0.0, le=20.0, doc="deviation of each axis from its direction")
    range: float | None = param(None, gt=0.0, le=_MOST, doc="saturates beyond, either sign")
    resolution: float | None = param(None, ge=0.0, le=_MOST, doc="step of the output; 0 = none")

    def over(self, base: Triad) -> Triad:
        """These errors where they are given, and the others from ``base``."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return replace(base, **given)


@dataclass(frozen=True, kw_only=True)
class ImuDevice:
    """An inertial unit: every error of both triads is a number."""

    name: str
    #: the sensor's own low-pass, -3 dB
    bandwidth_hz: float
    gyro: Triad
    accel: Triad


def catalogue() -> tuple[str, ...]:
    """Names of the units that come with simgen."""
    return tuple(sorted(path.stem for path in _CATALOGUE.glob("*.toml")))


@lru_cache(maxsize=32)
def load_imu(model: str) -> ImuDevice:
    """The unit of a catalogue name, or of a path to a TOML file (anything with ``/`` or ending in ``.toml``).

    Raises:
        UserError: there is no such unit or file, or the file is wrong: which file, which field and why.
    """
    path = Path(model) if "/" in model or model.endswith(".toml") else _CATALOGUE / f"{model.lower()}.toml"
    if not path.is_file():
        if path.parent == _CATALOGUE:
            raise UserError(f"unknown imu model {model!r}{suggest(model.lower(), catalogue())}")
        raise UserError(f"imu model {model!r}: there is no such file; the catalogue has {', '.join(catalogue())}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not a TOML file: {error}") from None
    known = ("name", "bandwidth_hz", "gyro", "accel")
    for key in sorted(set(data) - set(known)):
        raise UserError(f"{path}: {key} is unknown{suggest(key, known)}")
    bandwidth = _number(path, data, "bandwidth_hz", {"gt": 0.0, "le": 1e5})
    triads = {part: _triad(path, part, data.get(part)) for part in ("gyro", "accel")}
    return ImuDevice(name=str(data.get("name", path.stem)), bandwidth_hz=bandwidth, **triads)


def _triad(path: Path, part: str, table: Any) -> Triad:
    if not isinstance(table, dict):
        raise UserError(f"{path}: [{part}] is missing")
    known = tuple(f.name for f in fields(Triad))
    for key in sorted(set(table) - set(known)):
        raise UserError(f"{path}: {part}.{key} is unknown{suggest(key, known)}")
    return Triad(**{f.name: _number(path, table, f.name, f.metadata, f"{part}.") for f in fields(Triad)})


def _number(path: Path, table: dict[str, Any], key: str, bounds: Mapping[str, Any], prefix: str = "") -> float:
    if key not in table:
        raise UserError(f"{path}: {prefix}{key} is missing")
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError(f"{path}: {prefix}{key} must be a number, not {value!r}")
    wrong = check_range(f"{prefix}{key}", float(value), bounds)
    if wrong is not None:
        raise UserError(f"{path}: {wrong}")
    return float(value)


__all__ = ["ImuDevice", "Triad", "catalogue", "load_imu"]
