"""FMCW radar: detections by range, angle, velocity and cross-section, with what they really are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.geometry import F8, IDENTITY_QUATERNION, pose_matrix, quat_conjugate, quat_rotate
from simgen.records.base import F4, empty_table
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.radar import NuScenesRadar, RadarDetections, RadarFrame
from simgen.records.surroundings import Shot
from simgen.registry import param, register
from simgen.sensors._radar_cells import Look, maps_of, occupy
from simgen.sensors._radar_detect import detect, joined
from simgen.sensors._radar_device import RadarDevice, Scan, device_of, load_device
from simgen.sensors._radar_nuscenes import nuscenes_of
from simgen.sensors._radar_physics import decibels
from simgen.sensors._radar_scan import HALF_SPAN_NS, Eye, cells_of, link_of, take_echoes
from simgen.sensors.base import Sensor
from simgen.units import NS_PER_S

_OUTPUTS: Final = ("ideal", "twin", "range_doppler", "range_azimuth")
#: fields of the device that a scene may set by itself
_FIGURES: Final = (
    "frequency_hz",
    "power_dbm",
    "noise_figure_db",
    "loss_db",
    "false_alarm_rate",
    "clutter_margin_db",
    "least_rcs_dbsm",
    "resolved",
    "max_detections",
)


@register("sensor", "radar")
@dataclass(frozen=True, kw_only=True)
class Radar(Sensor):
    """An FMCW radar of a known model, or of figures of one's own.

    Power is ``P_t G^2 lambda^2 sigma / ((4 pi)^3 R^4)`` over the noise ``k T F / T_f`` of a cell; cells are ``c / 2B``
    in range, ``lambda / 2 T_f`` in velocity and even in the sine of the angle. Cross-sections are summed over a grid of
    rays (geometric optics of rough surfaces, Ulaby, Moore and Fung 1982), with up to one mirror on the way: the road
    under a vehicle gives detections by multipath, a guard rail or a lorry's flank gives ghosts. Echoes of a cell add up
    with random phases (Swerling 1954), and a cell is reported where it passes ``-ln Pfa``, all its neighbours and the
    clutter beside it (Rohling 1983). Velocities are those of the point that is hit, so wheels and legs show theirs;
    beyond ``lambda / 4 T_c`` they fold. Rain dims by ITU-R P.838-3, fog by P.840. Angles are left of forward and
    upwards.
    """

    model: str = param("ars408", doc="catalogue name (ars408, imaging-4d) or path of a device's YAML file")
    rate_hz: float = param(13.0, gt=0.0, le=1000.0, doc="cycles a second")
    scans: tuple[Scan, ...] = param((), doc="the beams, in place of the model's")
    frequency_hz: float | None = param(None, ge=1e9, le=3e11, doc="middle of the band; the model's if null")
    power_dbm: float | None = param(None, ge=-30.0, le=60.0, doc="P_t, transmitted; the model's if null")
    noise_figure_db: float | None = param(None, ge=0.0, le=40.0, doc="of the receiver; the model's if null")
    loss_db: float | None = param(None, ge=0.0, le=40.0, doc="radome and processing; the model's if null")
    false_alarm_rate: float | None = param(None, gt=0.0, le=0.01, doc="Pfa of a cell; the model's if null")
    clutter_margin_db: float | None = param(None, ge=0.0, le=30.0, doc="over the clutter beside; the model's if null")
    least_rcs_dbsm: float | None = param(None, ge=-100.0, le=50.0, doc="least echo reported; the model's if null")
    resolved: float | None = param(None, ge=0.0, le=1.0, doc="share of folded velocities unfolded; the model's if null")
    max_detections: int | None = param(None, ge=1, le=100_000, doc="the strongest are kept; the model's if null")
    bumper_m: float = param(
        1.0, ge=0.0, le=10.0, doc="the ego's own body nearer than this is transparent, as bumpers are"
    )
    bounces: bool = param(True, doc="follow mirrors: ghosts, and echoes by way of the road")
    noise: bool = param(True, doc="false = means: no noise, no fading, no folding, no false alarms")
    map_scan: int = param(0, ge=0, le=15, doc="which scan the maps show")

    def __post_init__(self) -> None:
        unknown = sorted(set(self.outputs) - {"detections", *_OUTPUTS})
        if unknown:
            raise ValueError(f"a radar has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")
        device_of(self.model)
        device = self.device
        if self.map_scan >= len(device.scans):
            raise ValueError(f"map_scan must be less than {len(device.scans)}, the number of scans")
        names = [scan.name for scan in device.scans]
        if len(set(names)) < len(names):
            raise ValueError("two scans have the same name; give each its own")
        if self.rate_hz * sum(scan.frame_s for scan in device.scans) > 1.0:
            raise ValueError(f"the scans do not fit into a cycle of {self.rate_hz:g} Hz; lower rate_hz or frame_s")

    @property
    def device(self) -> RadarDevice:
        """The model with the scene's own figures."""
        model = load_device(self.model)
        own = {name: getattr(self, name) for name in _FIGURES if getattr(self, name) is not None}
        if self.scans:
            own["scans"] = self.scans
        return RadarDevice(**{**vars(model), **own}) if own else model

    def extent_ns(self) -> tuple[int, int]:
        """Half the longest frame on either side, at least what velocities are read from."""
        half = max(math.ceil(0.5 * self.device.frame_s * NS_PER_S), HALF_SPAN_NS)
        return half, half

    @property
    def body_from_sensor(self) -> F8:
        """A radar's frame is its body's: x forward, y left, z up."""
        return IDENTITY_QUATERNION

    def calibration(self) -> dict[str, Any]:
        """Resolutions and limits of every scan."""
        device = self.device
        return {"device": device.name, "frequency_hz": device.frequency_hz, "scans": device.figures()}

    def silence(self, frame: Frame) -> Frame:
        """No detections and empty maps; the ideal frame and the boxes stay."""
        assert isinstance(frame, RadarFrame)
        maps = {name: np.zeros_like(a) for name, _, a in frame.arrays() if name.startswith("range_")}
        boxes = frame.boxes
        if boxes is not None:
            boxes = boxes.replace(detections=np.zeros_like(boxes.detections))
        return frame.replace(
            status=STATUS_DROPPED,
            detections=empty_table(RadarDetections),
            nuscenes=empty_table(NuScenesRadar),
            boxes=boxes,
            **maps,
        )

    def capture(self, shot: Shot) -> RadarFrame:
        """One cycle: every scan at ``shot.time_ns``."""
        taken = [self._scanned(index, shot) for index in range(len(self.device.scans))]
        frame = self._frame(shot, [scan[0] for scan in taken], taken[self.map_scan][1])
        if "ideal" not in self.outputs:
            return frame
        ideal = [scan[2] for scan in taken if scan[2] is not None]
        return frame.replace(ideal=self._frame(shot, ideal, taken[self.map_scan][3]))

    def _scanned(
        self, index: int, shot: Shot
    ) -> tuple[RadarDetections, tuple[F4, F4] | None, RadarDetections | None, tuple[F4, F4] | None]:
        """Detections and maps of a scan, then the ideal ones; None for what is not asked for."""
        device = self.device
        scan = device.scans[index]
        echoes = take_echoes(device, scan, shot, self.name, bounces=self.bounces, bumper_m=self.bumper_m)
        found: list[Any] = []
        for noisy in (self.noise, False) if "ideal" in self.outputs else (self.noise,):
            look = Look(
                device=device,
                scan=scan,
                index=index,
                link=link_of(device, scan, shot, bounces=self.bounces),
                cells=cells_of(device, scan),
                eye=Eye.of(shot),
                seed=shot.surroundings.seed,
                sensor=self.name,
                frame=shot.index,
                noisy=noisy,
            )
            held = occupy(look, echoes)
            wanted = index == self.map_scan and bool({"range_doppler", "range_azimuth"} & set(self.outputs))
            found += [detect(look, echoes, held), maps_of(look, held) if wanted else None]
        found += [None] * (4 - len(found))
        return found[0], found[1], found[2], found[3]

    def _frame(self, shot: Shot, parts: list[RadarDetections], maps: tuple[F4, F4] | None) -> RadarFrame:
        device, eye = self.device, Eye.of(shot)
        found = joined(parts, device.max_detections)
        doppler, azimuth = maps if maps is not None else (None, None)
        return RadarFrame(
            time_ns=shot.time_ns,
            stamp_ns=shot.time_ns,
            world_from_sensor=pose_matrix(*shot.track.at(shot.time_ns)),
            velocity=quat_rotate(quat_conjugate(eye.quaternion), eye.velocity).astype(np.float32),
            detections=found,
            nuscenes=nuscenes_of(found, decibels(-math.log(device.false_alarm_rate))),
            range_doppler=doppler if "range_doppler" in self.outputs else None,
            range_azimuth=azimuth if "range_azimuth" in self.outputs else None,
        )
