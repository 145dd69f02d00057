"""Radars as data: one YAML file a model, checked when it is read; a scene may set every figure itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simgen.registry import param
from simgen.sensors._device_file import Catalogue, MisfitError, build, names_of, open_device, refuse_faults, values_of
from simgen.sensors._radar_physics import range_resolution_m, velocity_limit_m_s, velocity_resolution_m_s
from simgen.yaml.fields import Fields

#: rays of a frame beyond this are a mistake in the steps
MOST_RAYS: Final = 2_000_000
#: cells of a map beyond this are a mistake in the resolution
MOST_BINS: Final = 8_000_000


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One of the beams that a radar forms in turn, with its own chirps: a far, narrow one and a near, wide one, say.

    ``dR = c / 2B``, ``dv = lambda / 2 T_f``, ``v_max = lambda / 4 T_c``. The antenna's one-way pattern is Gaussian; the
    angle's cells are even in its sine, so they widen as 1/cos away from straight ahead.
    """

    name: str = param("scan", doc="for people")
    azimuth_deg: float = param(60.0, gt=0.0, le=89.0, doc="half the field of view, to either side")
    elevation_deg: float = param(10.0, gt=0.0, le=60.0, doc="half the field of view, up and down")
    min_range_m: float = param(0.2, ge=0.05, le=50.0, doc="nothing nearer is seen")
    max_range_m: float = param(100.0, gt=1.0, le=1000.0, doc="nothing farther is seen")
    bandwidth_hz: float = param(384e6, ge=1e6, le=1e10, doc="B of the chirps: the range resolution is c / 2B")
    frame_s: float = param(0.0165, ge=1e-4, le=0.2, doc="T_f: the velocity resolution is lambda / 2 T_f")
    chirp_s: float = param(30e-6, ge=1e-6, le=1e-2, doc="T_c: velocities fold beyond lambda / 4 T_c")
    azimuth_resolution_deg: float = param(3.2, ge=0.05, le=90.0, doc="width of an azimuth cell straight ahead")
    elevation_resolution_deg: float = param(0.0, ge=0.0, le=90.0, doc="of an elevation cell; 0 = it has no elevation")
    gain_dbi: float = param(15.0, ge=-10.0, le=60.0, doc="G of either antenna, straight ahead, array included")
    azimuth_beam_deg: float = param(80.0, gt=0.1, le=360.0, doc="half-power width of the one-way pattern")
    elevation_beam_deg: float = param(15.0, gt=0.1, le=360.0, doc="half-power width of the one-way pattern")
    range_accuracy_m: float = param(0.1, ge=0.0, le=10.0, doc="+-, of 95 % of strong detections")
    azimuth_accuracy_deg: float = param(0.3, ge=0.0, le=20.0, doc="+-, of 95 % of strong detections")
    elevation_accuracy_deg: float = param(0.5, ge=0.0, le=20.0, doc="+-, of 95 % of strong detections")
    velocity_accuracy_m_s: float = param(0.03, ge=0.0, le=10.0, doc="+-, of 95 % of strong detections")
    azimuth_step_deg: float = param(0.4, ge=0.01, le=5.0, doc="between neighbouring rays")
    elevation_step_deg: float = param(0.4, ge=0.01, le=5.0, doc="between neighbouring rays")

    def __post_init__(self) -> None:
        misfits = tuple(self._misfits())
        if misfits:
            raise MisfitError(f"scan {self.name!r}", misfits)

    def _misfits(self) -> Iterator[tuple[str, str]]:
        if self.min_range_m >= self.max_range_m:
            yield "min_range_m", f"must be less than max_range_m ({self.max_range_m:g}), not {self.min_range_m:g}"
        if self.frame_s < 4.0 * self.chirp_s:
            yield "frame_s", f"must hold at least four chirps of {self.chirp_s:g} s, not {self.frame_s:g} s"
        if self.rays > MOST_RAYS:
            said = f"and elevation_step_deg make {self.rays:,} rays, more than {MOST_RAYS:,}; widen the ray steps"
            yield "azimuth_step_deg", said
        bins = self.max_range_m / range_resolution_m(self.bandwidth_hz) * self.frame_s / self.chirp_s
        if bins > MOST_BINS:
            said = f"makes {bins:,.0f} cells of range and velocity, more than {MOST_BINS:,}"
            yield "bandwidth_hz", f"{said}; lower it, max_range_m or frame_s"

    @property
    def columns(self) -> int:
        """Rays side by side."""
        return max(round(2.0 * self.azimuth_deg / self.azimuth_step_deg), 1)

    @property
    def rows(self) -> int:
        """Rays one above the other."""
        return max(round(2.0 * self.elevation_deg / self.elevation_step_deg), 1)

    @property
    def rays(self) -> int:
        """Rays that a frame casts into the scene, bounces not counted."""
        return self.columns * self.rows


@dataclass(frozen=True, kw_only=True)
class RadarDevice:
    """A radar's electronics and its scans."""

    name: str = param(doc="for people")
    frequency_hz: float = param(76.5e9, ge=1e9, le=3e11, doc="middle of the band")
    rate_hz: float = param(13.0, gt=0.0, le=1000.0, doc="cycles a second")
    power_dbm: float = param(10.0, ge=-30.0, le=60.0, doc="P_t, transmitted")
    noise_figure_db: float = param(12.0, ge=0.0, le=40.0, doc="of the receiver, at 290 K")
    loss_db: float = param(10.0, ge=0.0, le=40.0, doc="radome, window of the transforms, processing; both ways")
    false_alarm_rate: float = param(1e-6, gt=0.0, le=0.01, doc="chance that noise alone passes the threshold in a cell")
    clutter_margin_db: float = param(8.0, ge=0.0, le=30.0, doc="a cell must stand out of the clutter beside it by this")
    least_rcs_dbsm: float = param(-25.0, ge=-100.0, le=50.0, doc="smaller echoes are not reported, however near")
    resolved: float = param(0.98, ge=0.0, le=1.0, doc="share of folded velocities that staggered chirps unfold")
    max_detections: int = param(250, ge=1, le=100_000, doc="the strongest are kept")
    scans: tuple[Scan, ...] = param((Scan(),), doc="the beams, in turn")

    def __post_init__(self) -> None:
        if not self.scans:
            raise ValueError("a radar needs at least one scan")

    @property
    def frame_s(self) -> float:
        """The longest of the scans."""
        return max(scan.frame_s for scan in self.scans)

    def figures(self) -> list[dict[str, float | str | int]]:
        """What follows from each scan's chirps, for calibrations and for people."""
        return [
            {
                "name": scan.name,
                "range_resolution_m": range_resolution_m(scan.bandwidth_hz),
                "velocity_resolution_m_s": velocity_resolution_m_s(self.frequency_hz, scan.frame_s),
                "velocity_limit_m_s": velocity_limit_m_s(self.frequency_hz, scan.chirp_s),
                "azimuth_resolution_deg": scan.azimuth_resolution_deg,
                "elevation_resolution_deg": scan.elevation_resolution_deg,
                "max_range_m": scan.max_range_m,
                "rays": scan.rays,
            }
            for scan in self.scans
        ]


def _read(path: Path) -> RadarDevice:
    top = open_device(path, RadarDevice)
    values, scans = values_of(top, RadarDevice), _scans(top)
    refuse_faults(top)
    return RadarDevice(**values, scans=scans)


def _scans(top: Fields) -> tuple[Scan, ...]:
    """Those of the scans that are right; whoever mistakes a name for another's is told."""
    given = top.sections("scans", names_of(Scan))
    scans = [build(section, Scan) for section in given]
    owners: dict[str, int] = {}
    for k, scan in enumerate(scans):
        if scan is not None and owners.setdefault(scan.name, k) != k:
            given[k].wrong("name", f"is {scan.name!r}, as that of scans[{owners[scan.name]}] is; give each its own")
    return tuple(scan for scan in scans if scan is not None)


_CATALOGUE: Final = Catalogue(noun="radar", folder=Path(__file__).parent / "devices_radar", read=_read)
#: names of the radars that come with simgen
catalogue: Final = _CATALOGUE.names
#: the radar of a name or of a file's path; a wrong file is a SceneError with all its faults
load_device: Final = _CATALOGUE.load
#: the same for a scene's ``model``; a wrong file is a ValueError that says why the model cannot be used
device_of: Final = _CATALOGUE.usable
