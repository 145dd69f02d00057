"""Depth cameras as data: one YAML file a model, checked when it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from simgen.errors import UserError
from simgen.registry import param, suggest
from simgen.sensors._device_file import open_device, refuse_faults, values_of
from simgen.yaml.fields import Fields

_CATALOGUE: Final = Path(__file__).parent / "devices_depth"
KINDS: Final = ("stereo", "structured_light")


@dataclass(frozen=True, kw_only=True)
class DepthDevice:
    """What is fixed when a depth camera is built. Pixels are those of its native size."""

    name: str = param(doc="as the maker calls it")
    kind: str = param(choices=KINDS, doc="stereo or structured_light")
    width: int = param(ge=8, le=8192, doc="columns")
    height: int = param(ge=8, le=8192, doc="rows")
    hfov_deg: float = param(gt=0.0, lt=179.0, doc="angle of view from left to right, at any width")
    baseline_m: float = param(gt=0.0, le=10.0, doc="from the imager to the second viewpoint on its right")
    max_rate_hz: float = param(gt=0.0, le=1e4, doc="most frames a second")
    min_range_m: float = param(0.0, ge=0.0, doc="nearer surfaces are not measured")
    max_range_m: float = param(gt=0.0, doc="farther surfaces are not measured")
    max_disparity_px: float = param(1e9, gt=0.0, doc="largest disparity that is searched for")
    disparity_step_px: float = param(gt=0.0, le=1.0, doc="step of the delivered disparity")
    disparity_noise_px: float = param(0.0, ge=0.0, le=10.0, doc="sigma of the disparity on good texture")
    noise_correlation_px: float = param(0.0, ge=0.0, le=10.0, doc="sigma of the filter that correlates the noise")
    depth_unit_m: float = param(gt=0.0, le=0.1, doc="what 1 means in the device's 16-bit image")
    window_px: int = param(ge=1, le=31, doc="side of the window that is matched, an odd number")
    full_well_e: float = param(gt=0.0, doc="electrons at which a pixel is full")
    read_noise_e: float = param(ge=0.0, doc="electrons of read noise")
    electrons_per_cd_s_m2: float = param(gt=0.0, doc="electrons for 1 cd/m2 over 1 s")
    max_exposure_s: float = param(gt=0.0, le=1.0, doc="longest exposure")
    projector_lux_1m: float = param(ge=0.0, doc="illuminance with the projector's effect on the imager, at 1 m")
    projector_position_m: float = param(doc="projector, to the right of the imager")
    pattern_pitch_px: float = param(gt=0.0, doc="mean distance between dots")
    pattern_dot_px: float = param(gt=0.0, doc="sigma of a dot")
    wavelength_nm: float = param(ge=200.0, le=3000.0, doc="of the projector")

    @property
    def focal_px(self) -> float:
        """Focal length at the native width."""
        return 0.5 * self.width / math.tan(math.radians(self.hfov_deg) / 2.0)


def catalogue(kind: str) -> tuple[str, ...]:
    """Names of the devices of a kind that come with simgen."""
    return tuple(sorted(p.stem for p in _CATALOGUE.glob("*.yaml") if load_depth_device(p.stem, "").kind == kind))


@lru_cache(maxsize=32)
def load_depth_device(model: str, kind: str) -> DepthDevice:
    """The device of a catalogue name, or of a path to a YAML file (anything with ``/`` or ending in ``.yaml``).

    Raises:
        SceneError: the file is wrong; all its faults at once, with line and column.
        UserError: there is no such device or file, or it is of another kind.
    """
    path = Path(model) if "/" in model or model.endswith((".yaml", ".yml")) else _CATALOGUE / f"{model.lower()}.yaml"
    if not path.is_file():
        if path.parent == _CATALOGUE:
            raise UserError(f"unknown {kind} model {model!r}{suggest(model.lower(), catalogue(kind))}")
        known = ", ".join(catalogue(kind))
        raise UserError(f"{kind} model {model!r}: there is no such file; the catalogue has {known}")
    device = _read(path)
    if kind and device.kind != kind:
        known = ", ".join(catalogue(kind))
        raise UserError(f"{device.name} is a {device.kind} camera, not a {kind} one; of those there are: {known}")
    return device


def _read(path: Path) -> DepthDevice:
    top = open_device(path, DepthDevice)
    values = values_of(top, DepthDevice)
    if not top.faults:
        _check_together(top, values)
    refuse_faults(top)
    return DepthDevice(**values)


def _check_together(top: Fields, values: dict[str, Any]) -> None:
    if values.get("min_range_m", 0.0) >= values["max_range_m"]:
        top.wrong("min_range_m", f"must be less than max_range_m ({values['max_range_m']:g})")
    if values["window_px"] % 2 == 0:
        top.wrong("window_px", f"must be odd, not {values['window_px']}")
