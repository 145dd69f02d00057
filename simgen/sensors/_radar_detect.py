"""From a scan's peaks to detections: false alarms, noise of what is measured, folding, and what follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import quat_conjugate, quat_rotate
from simgen.kernels.radar_tables import Echoes
from simgen.records.base import F4, F8, I8, Array, array_specs, empty_table
from simgen.records.radar import RADAR_FALSE_ALARM, RADAR_FOLDED, RADAR_GHOST, RadarDetections
from simgen.sensors._radar_cells import Look, Occupied, peaks_of
from simgen.sensors._radar_physics import ratio_of, velocity_limit_m_s
from simgen.taxonomy import class_id

#: standard deviations in a data sheet's +-
_SIGMAS: Final = 1.96


def detect(look: Look, echoes: Echoes, held: Occupied) -> RadarDetections:
    """What the device reports of a scan, false alarms included, in no order."""
    peaks = peaks_of(look, held)
    source = peaks.source
    found = _Columns(
        power=peaks.power,
        place=np.stack([peaks.range, peaks.velocity, peaks.left, peaks.up], -1),
        truth=np.stack([peaks.source_range, peaks.source_velocity, peaks.source_left, peaks.source_up], -1),
        rcs=peaks.source_rcs,
        instance=echoes.label[source],
        source=echoes.source[source],
        semantic=np.where(echoes.flags[source] & RADAR_GHOST, class_id("ghost"), echoes.class_id[source]),
        flags=echoes.flags[source].astype(np.int64),
    )
    if look.noisy:
        found = found.and_(_false_alarms(look))
    return _measured(look, found)


@dataclass(frozen=True, kw_only=True)
class _Columns:
    """Detections before measurement; places are range, velocity, left, up."""

    power: F8
    place: F8
    truth: F8
    rcs: F8
    instance: Array
    source: Array
    semantic: Array
    flags: Array

    def rows(self, keep: I8) -> _Columns:
        return _Columns(**{name: column[keep] for name, column in vars(self).items()})

    def and_(self, other: _Columns) -> _Columns:
        return _Columns(**{k: np.concatenate([v, getattr(other, k)]) for k, v in vars(self).items()})


def _false_alarms(look: Look) -> _Columns:
    """Cells in which noise alone passes: Poisson in number, anywhere, exponential above the threshold."""
    c, draws = look.cells, look.draws("false_alarms")
    count = int(draws.poisson(c.ranges * c.velocities * c.lefts * c.ups * look.device.false_alarm_rate))
    u = draws.random((count, 4))
    limit = 0.5 * c.velocities * c.velocity_step
    reach = math.sin(math.radians(look.scan.azimuth_deg)), math.sin(math.radians(look.scan.elevation_deg))
    near = look.scan.min_range_m
    place = np.stack(
        [
            near + (look.scan.max_range_m - near) * u[:, 0],
            limit * (2.0 * u[:, 1] - 1.0),
            reach[0] * (2.0 * u[:, 2] - 1.0),
            reach[1] * (2.0 * u[:, 3] - 1.0) if c.ups > 1 else 0.0 * u[:, 3],
        ],
        -1,
    )
    power = look.threshold + draws.exponential(size=count)
    nothing = np.zeros(count, np.uint32)
    return _Columns(
        power=power,
        place=place,
        truth=place,
        rcs=_rcs(look, power, place),
        instance=nothing,
        source=nothing,
        semantic=np.full(count, class_id("noise")),
        flags=np.full(count, RADAR_FALSE_ALARM, np.int64),
    )


def _angles(left: F8, up: F8, *, tall: bool) -> tuple[F8, F8]:
    """Azimuth and elevation of direction cosines; an antenna without elevation takes what is left for the azimuth."""
    u, w = np.clip(left, -0.9999, 0.9999), np.clip(up, -0.9999, 0.9999)
    if not tall:
        return np.arcsin(u), np.zeros(len(u))
    return np.arctan2(u, np.sqrt(np.maximum(1.0 - u * u - w * w, 1e-8))), np.arcsin(w)


def _rcs(look: Look, power: F8, place: F8) -> F8:
    """Cross-section by the radar equation, m2, the pattern taken out at the place measured."""
    link, distance = look.link, np.maximum(place[:, 0], 1e-3)
    azimuth, elevation = _angles(place[:, 2], place[:, 3], tall=True)
    fall = link.azimuth_fall * azimuth**2 + (link.elevation_fall * elevation**2 if look.cells.ups > 1 else 0.0)
    seen = link.constant * np.exp(-2.0 * fall - link.attenuation * distance)
    return np.asarray(power * distance**4 / seen)


def _sigmas(look: Look, power: F8) -> F8:
    """Standard deviations of range, velocity, left and up: ``cell / sqrt(2 SNR)``, and the device's own (D, 4)."""
    c, s = look.cells, look.scan
    cell = np.array([c.range_step, c.velocity_step, c.left_step, c.up_step if c.ups > 1 else 0.0])
    angles = [math.radians(a) for a in (s.azimuth_accuracy_deg, s.elevation_accuracy_deg if c.ups > 1 else 0.0)]
    own = np.array([s.range_accuracy_m, s.velocity_accuracy_m_s, *angles]) / _SIGMAS
    return np.sqrt((cell / np.sqrt(2.0 * power)[:, None]) ** 2 + own**2)


def _measured(look: Look, found: _Columns) -> RadarDetections:
    """Noise on the places, folding, and everything that follows from them."""
    sigma = _sigmas(look, found.power)
    place = found.place
    limit = velocity_limit_m_s(look.device.frequency_hz, look.scan.chirp_s)
    folds = np.zeros(len(place))
    folded = np.zeros(len(place), bool)
    if look.noisy:
        draws = look.draws("measurement")
        place = place + sigma * draws.standard_normal(place.shape)
        place[:, 1] = (place[:, 1] + limit) % (2.0 * limit) - limit
        folds = np.round((found.truth[:, 1] - place[:, 1]) / (2.0 * limit))
        folded = (folds != 0.0) & (draws.random(len(place)) >= look.device.resolved)
        place[:, 1] += np.where(folded, 0.0, 2.0 * limit * folds)
    else:
        place = found.truth.copy()
        if look.cells.ups == 1:
            place[:, 3] = 0.0
    place[:, 0] = np.maximum(place[:, 0], 0.01)
    rcs = _rcs(look, found.power, place)
    kept = np.flatnonzero(rcs >= ratio_of(look.device.least_rcs_dbsm))
    return _table(look, found.rows(kept), place[kept], sigma[kept], folded[kept])


def _table(look: Look, found: _Columns, place: F8, sigma: F8, folded: Array) -> RadarDetections:
    f4, tall = np.float32, look.cells.ups > 1
    azimuth, elevation = _angles(place[:, 2], place[:, 3], tall=tall)
    true_azimuth, true_elevation = _angles(found.truth[:, 2], found.truth[:, 3], tall=True)
    distance = place[:, 0]
    ahead = np.stack([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], -1)
    own = quat_rotate(quat_conjugate(look.eye.quaternion), look.eye.velocity)
    towards = ahead[:, 0] * own[0] + ahead[:, 1] * own[1] + ahead[:, 2] * own[2]
    flags = found.flags | np.where(folded, RADAR_FOLDED, 0)
    return RadarDetections(
        xyz=(distance[:, None] * ahead).astype(f4),
        range=distance.astype(f4),
        azimuth=azimuth.astype(f4),
        elevation=elevation.astype(f4),
        radial_velocity=place[:, 1].astype(f4),
        velocity_over_ground=(place[:, 1] + towards).astype(f4),
        rcs=_dbsm(_rcs(look, found.power, place)),
        snr=(10.0 * np.log10(np.maximum(found.power, 1e-12))).astype(f4),
        range_sigma=sigma[:, 0].astype(f4),
        azimuth_sigma=(sigma[:, 2] / np.cos(azimuth)).astype(f4),
        velocity_sigma=sigma[:, 1].astype(f4),
        scan=np.full(len(distance), look.index, np.uint8),
        instance=found.instance.astype(np.uint32),
        source=found.source.astype(np.uint32),
        semantic=found.semantic.astype(np.uint16),
        flags=flags.astype(np.uint16),
        true_range=found.truth[:, 0].astype(f4),
        true_azimuth=true_azimuth.astype(f4),
        true_elevation=true_elevation.astype(f4),
        true_velocity=found.truth[:, 1].astype(f4),
        true_rcs=_dbsm(found.rcs),
    )


def _dbsm(rcs: F8) -> F4:
    return (10.0 * np.log10(np.maximum(rcs, 1e-9))).astype(np.float32)


def joined(parts: list[RadarDetections], most: int) -> RadarDetections:
    """The strongest of all scans' detections, nearest first."""
    if not parts:
        empty: RadarDetections = empty_table(RadarDetections)
        return empty
    columns = {name: np.concatenate([getattr(p, name) for p in parts]) for name in array_specs(RadarDetections)}
    strongest = np.argsort(-columns["snr"], kind="stable")[:most]
    order = strongest[np.argsort(columns["range"][strongest], kind="stable")]
    return RadarDetections(**{name: np.ascontiguousarray(column[order]) for name, column in columns.items()})
