"""Inertial units as data: one YAML file a model, checked when it is read."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from simgen.registry import param
from simgen.sensors._device_file import Catalogue, names_of, open_device, refuse_faults, values_of
from simgen.yaml.fields import Fields

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

    name: str = param(doc="for people")
    bandwidth_hz: float = param(gt=0.0, le=1e5, doc="the sensor's own low-pass, -3 dB")
    gyro: Triad
    accel: Triad


def _read(path: Path) -> ImuDevice:
    top = open_device(path, ImuDevice)
    values, gyro, accel = values_of(top, ImuDevice), _triad(top, "gyro"), _triad(top, "accel")
    refuse_faults(top)
    return ImuDevice(**values, gyro=Triad(**gyro), accel=Triad(**accel))


def _triad(top: Fields, part: str) -> dict[str, Any]:
    section = top.section(part, names_of(Triad))
    return {} if section is None else values_of(section, Triad, is_all=True)


_CATALOGUE: Final = Catalogue(noun="imu", folder=Path(__file__).parent / "devices_imu", read=_read)
#: names of the units that come with simgen
catalogue: Final = _CATALOGUE.names
#: the unit of a name or of a file's path; a wrong file is a SceneError with all its faults
load_imu: Final = _CATALOGUE.load
#: the same for a scene's ``model``; a wrong file is a ValueError that says why the model cannot be used
imu_of: Final = _CATALOGUE.usable

__all__ = ["ImuDevice", "Triad", "catalogue", "imu_of", "load_imu"]
