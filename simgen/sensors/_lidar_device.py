"""Lidar devices as data: one TOML file a model, checked when it is read."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F8, I8, Record, array
from simgen.registry import suggest

_CATALOGUE: Final = Path(__file__).parent / "devices"
#: every key of a device file, by table; a bare name is optional
_SCALARS: Final = {
    "": ("name", "wavelength_nm", "divergence_mrad", "pulse_ns", "overlap_m", "rate_hz", "clockwise"),
    "range": ("min_m", "max_m", "at_10_percent_m", "probability_there", "accuracy_m", "resolution_m"),
    "reflectance": ("step",),
}
_FIRING: Final = ("cycle_us", "columns")
_OPTIONAL_COLUMNS: Final = ("azimuth_deg", "time_us", "lateral_m", "height_m", "radial_m")


@dataclass(frozen=True, kw_only=True, eq=False)
class LidarDevice(Record):
    """A rotating lidar. Arrays are by laser in the maker's order; angles counter-clockwise, seen from above."""

    name: str
    wavelength_nm: float
    divergence_rad: float
    #: full width at half maximum of the emitted pulse
    pulse_ns: float
    #: where the receiver begins to see the beam, and where it sees all of it
    overlap_m: tuple[float, float]
    #: slowest and fastest rotation
    rate_hz: tuple[float, float]
    clockwise: bool
    min_range_m: float
    max_range_m: float
    #: range at which a wall of 10 % reflectance, hit straight on in clear air, returns with ``probability_there``
    range_10_m: float
    probability_there: float
    #: the datasheet's +- range accuracy, taken as 95 % of returns
    accuracy_m: float
    resolution_m: float
    reflectance_step: float
    #: time from one column of firings to the next; 0 where the columns follow the encoder
    cycle_ns: float
    #: columns in a turn; 0 where the firing clock runs freely
    columns: int
    elevation: F8 = array("L", "f8", unit="rad", doc="above the horizontal")
    azimuth: F8 = array("L", "f8", unit="rad", doc="offset from the rotor's forward direction")
    time_ns: F8 = array("L", "f8", unit="ns", doc="firing time within a column")
    lateral: F8 = array("L", "f8", unit="m", doc="beam origin, left of the rotor's axis")
    height: F8 = array("L", "f8", unit="m", doc="beam origin, above the centre")
    radial: F8 = array("L", "f8", unit="m", doc="beam origin, ahead of the axis; ranges count from the axis")

    @property
    def lasers(self) -> int:
        """How many lasers there are."""
        return len(self.elevation)

    @property
    def ring(self) -> I8:
        """Ring of each laser: 0 = lowest elevation."""
        ring = np.empty(self.lasers, np.int64)
        ring[np.argsort(self.elevation, kind="stable")] = np.arange(self.lasers)
        return ring

    def columns_at(self, rate_hz: float) -> int:
        """Whole columns of firings in one turn."""
        return self.columns or int(1e9 / rate_hz / self.cycle_ns)

    def cycle_at(self, rate_hz: float) -> float:
        """Nanoseconds between columns."""
        return self.cycle_ns or 1e9 / rate_hz / self.columns


def catalogue() -> tuple[str, ...]:
    """Names of the devices that come with simgen."""
    return tuple(sorted(path.stem for path in _CATALOGUE.glob("*.toml")))


@lru_cache(maxsize=32)
def load_device(model: str) -> LidarDevice:
    """The device of a catalogue name, or of a path to a TOML file (anything with ``/`` or ending in ``.toml``).

    Raises:
        UserError: there is no such device or file, or the file is wrong: which file, which field and why.
    """
    path = Path(model) if "/" in model or model.endswith(".toml") else _CATALOGUE / f"{model.lower()}.toml"
    if not path.is_file():
        if path.parent == _CATALOGUE:
            raise UserError(f"unknown lidar model {model!r}{suggest(model.lower(), catalogue())}")
        raise UserError(f"lidar model {model!r}: there is no such file; the catalogue has {', '.join(catalogue())}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not a TOML file: {error}") from None
    return _Reader(path, data).device()


class _Reader:
    """Checks a device file field by field; every complaint names file and field."""

    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self.path, self.data = path, data

    def _wrong(self, field: str, reason: str) -> UserError:
        return UserError(f"{self.path}: {field} {reason}")

    def _check_keys(self) -> None:
        tables = {"range", "reflectance", "firing", "lasers"}
        known = set(_SCALARS[""]) | tables
        for table in sorted(tables):
            if not isinstance(self.data.get(table), dict):
                raise self._wrong(f"[{table}]", "is missing")
            keys = {*_SCALARS.get(table, ()), *(_FIRING if table == "firing" else ())}
            if table == "lasers":
                keys = {"elevation_deg", *_OPTIONAL_COLUMNS}
            for key in sorted(set(self.data[table]) - keys):
                raise self._wrong(f"{table}.{key}", f"is unknown{suggest(key, tuple(sorted(keys)))}")
        for key in sorted(set(self.data) - known):
            raise self._wrong(key, f"is unknown{suggest(key, tuple(sorted(known)))}")

    def _get(self, field: str) -> Any:
        table, _, key = field.rpartition(".")
        source = self.data[table] if table else self.data
        if key not in source:
            raise self._wrong(field, "is missing")
        return source[key]

    def _number(self, field: str, *, low: float = 0.0, high: float = math.inf) -> float:
        """A number with low < x <= high."""
        value = self._get(field)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(field, f"must be a number, not {value!r}")
        if not low < value <= high:
            bound = "" if math.isinf(high) else f" and at most {high:g}"
            raise self._wrong(field, f"must be more than {low:g}{bound}, not {value:g}")
        return float(value)

    def _pair(self, field: str) -> tuple[float, float]:
        value = self._get(field)
        if not isinstance(value, list) or len(value) != 2 or not all(isinstance(v, int | float) for v in value):
            raise self._wrong(field, "must be two numbers, the lower first")
        if not 0.0 <= value[0] <= value[1]:
            raise self._wrong(field, f"must be two numbers >= 0, the lower first, not {value}")
        return float(value[0]), float(value[1])

    def _column(self, key: str, count: int | None, limit: float) -> F8:
        if count is not None and key not in self.data["lasers"]:
            return np.zeros(count)
        value, field = self._get(f"lasers.{key}"), f"lasers.{key}"
        if not isinstance(value, list) or not value or any(isinstance(v, bool | str | list) for v in value):
            raise self._wrong(field, "must be a list of numbers, one a laser")
        if count is not None and len(value) != count:
            raise self._wrong(field, f"has {len(value)} numbers, but elevation_deg has {count}")
        column = np.array(value, np.float64)
        if not (np.abs(column) <= limit).all():
            raise self._wrong(field, f"must lie within -{limit:g}..{limit:g}")
        return column

    def _firing(self) -> tuple[float, int]:
        given = [key for key in _FIRING if key in self.data["firing"]]
        if len(given) != 1:
            raise self._wrong("[firing]", "needs either cycle_us or columns")
        if given == ["columns"]:
            columns = self._get("firing.columns")
            if isinstance(columns, bool) or not isinstance(columns, int) or not 1 <= columns <= 100_000:
                raise self._wrong("firing.columns", f"must be a whole number from 1 to 100000, not {columns!r}")
            return 0.0, columns
        return 1e3 * self._number("firing.cycle_us"), 0

    def device(self) -> LidarDevice:
        """The checked device."""
        self._check_keys()
        rate, (cycle_ns, columns) = self._pair("rate_hz"), self._firing()
        if rate[0] <= 0.0:
            raise self._wrong("rate_hz", "must be more than 0")
        if not isinstance(self._get("clockwise"), bool):
            raise self._wrong("clockwise", "must be true or false")
        elevation = self._column("elevation_deg", None, 90.0)
        count = len(elevation)
        time_ns = 1e3 * self._column("time_us", count, 1e6)
        shortest = cycle_ns or 1e9 / rate[1] / columns
        if time_ns.min() < 0.0 or time_ns.max() >= shortest:
            raise self._wrong("lasers.time_us", f"must lie within 0 and a column's {shortest * 1e-3:g} us")
        least, most = self._number("range.min_m"), self._number("range.max_m")
        if least >= most:
            raise self._wrong("range.min_m", f"must be less than range.max_m ({most:g}), not {least:g}")
        probability = self._number("range.probability_there", high=1.0)
        if probability > 0.999:
            raise self._wrong("range.probability_there", f"must be at most 0.999, not {probability:g}")
        return LidarDevice(
            name=str(self._get("name")),
            wavelength_nm=self._number("wavelength_nm", low=200.0, high=20000.0),
            divergence_rad=1e-3 * self._number("divergence_mrad", high=100.0),
            pulse_ns=self._number("pulse_ns", high=1000.0),
            overlap_m=self._pair("overlap_m"),
            rate_hz=rate,
            clockwise=self.data["clockwise"],
            min_range_m=least,
            max_range_m=most,
            range_10_m=self._number("range.at_10_percent_m"),
            probability_there=probability,
            accuracy_m=self._number("range.accuracy_m"),
            resolution_m=self._number("range.resolution_m"),
            reflectance_step=self._number("reflectance.step", high=1.0),
            cycle_ns=cycle_ns,
            columns=columns,
            elevation=np.radians(elevation),
            azimuth=np.radians(self._column("azimuth_deg", count, 360.0)),
            time_ns=time_ns,
            lateral=self._column("lateral_m", count, 1.0),
            height=self._column("height_m", count, 1.0),
            radial=self._column("radial_m", count, 1.0),
        )
