"""The contact sheet: panels of every sensor in rows under a title."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np

from simgen.assembly import assemble
from simgen.engine import Renderer, available_threads, nearest_ticks
from simgen.generate.warm import warming
from simgen.lens import Projection
from simgen.physics import simulate
from simgen.preview.camera import Panel, camera_panels
from simgen.preview.depth import depth_panels
from simgen.preview.events import event_panels
from simgen.preview.gnss import gnss_panels
from simgen.preview.layout import FEW, blocks_of
from simgen.preview.lidar import lidar_panels
from simgen.preview.navigation import imu_panels, joint_panels, odometry_panels
from simgen.preview.radar import radar_panels
from simgen.preview.tactile import tactile_panels
from simgen.preview.thermal import thermal_panels
from simgen.preview.twins import clear_pairs_of, twins_of
from simgen.preview.ultrasonic import echo_panels
from simgen.records.base import U1
from simgen.records.conditions import CLEAR
from simgen.records.depth_frames import DepthFrame
from simgen.records.events import EventFrame
from simgen.records.frames import STATUS_DROPPED, CameraFrame, Frame, LidarFrame
from simgen.records.navigation import GnssFrame, ImuFrame, JointFrame, OdometryFrame
from simgen.records.radar import RadarFrame
from simgen.records.tactile import TactileFrame
from simgen.records.thermal import ThermalFrame
from simgen.records.ultrasonic import EchoFrame
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.units import NS_PER_S

#: what draws each kind of frame
_PANELS: Final[Mapping[type[Frame], Callable[[str, Any], list[Panel]]]] = {
    DepthFrame: depth_panels,
    LidarFrame: lidar_panels,
    EventFrame: event_panels,
    ThermalFrame: thermal_panels,
    EchoFrame: echo_panels,
    RadarFrame: radar_panels,
    TactileFrame: tactile_panels,
}
#: what draws the kinds of which one frame says little: from the whole sequence
_SERIES_PANELS: Final[Mapping[type[Frame], Callable[[str, Sequence[Any]], list[Panel]]]] = {
    ImuFrame: imu_panels,
    GnssFrame: gnss_panels,
    OdometryFrame: odometry_panels,
    JointFrame: joint_panels,
}
#: frames that such a diagram shows; more are thinned out
_SERIES_MOST: Final[Mapping[type[Frame], int]] = {
    ImuFrame: 20_000,
    OdometryFrame: 20_000,
    JointFrame: 20_000,
    GnssFrame: 150,
}
_GAP: Final = 14
_PAPER = (250, 250, 248)
_INK = (28, 30, 34)
_GRAY = (110, 114, 120)


def preview_scene(scene: Scene, *, time_s: float | None = None, width: int = 2400, every: bool = False) -> U1:
    """Simulate a scene, take each sensor's frame nearest to an instant (the middle if None), and draw them.

    Returns the sheet, (H, W, 3) u1 RGB.
    """
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    at = scene.clock.duration_ns // 2 if time_s is None else round(time_s * NS_PER_S)
    with warming(), Renderer(assembly, trajectory, threads=available_threads()) as renderer:
        ticks = nearest_ticks(scene, at)
        frames = {tick.sensor.name: renderer.frame(tick) for tick in ticks}
        series = {
            tick.sensor.name: renderer.series(tick.sensor, _SERIES_MOST[kind])
            for tick in ticks
            if (kind := type(frames[tick.sensor.name])) in _SERIES_PANELS
        }
        weather = renderer.conditions(np.array([at], np.int64)).in_words()
    words, lenses = _subtitle(scene, frames, weather), {tick.sensor.name: _lens_of(tick.sensor) for tick in ticks}
    return contact_sheet(
        frames, series=series, lenses=lenses, title=scene.name, subtitle=words, width=width, every=every
    )


def _lens_of(sensor: Sensor) -> Projection | None:
    lens = getattr(sensor, "projection", None)
    return lens if isinstance(lens, Projection) else None


def contact_sheet(
    frames: Mapping[str, Frame],
    *,
    title: str,
    subtitle: str,
    series: Mapping[str, Sequence[Frame]] | None = None,
    lenses: Mapping[str, Projection | None] | None = None,
    width: int = 2400,
    every: bool = False,
) -> U1:
    """Lay out the panels of some frames: all of them, or of many sensors the principal ones unless ``every`` is set.

    ``series`` holds all frames of the sensors of which one frame says little (IMU, GNSS, odometry); ``lenses`` those of
    the cameras, for wire frames (a camera without is drawn as a pinhole).
    """
    known, through = series or {}, lenses or {}
    found = {
        name: frame_panels(_titled(name, frame), frame, known.get(name), through.get(name))
        for name, frame in frames.items()
    }
    panels = {name: drawn for name, drawn in found.items() if drawn}
    cameras = [name for name in panels if isinstance(frames[name], CameraFrame)]
    if len(panels) > FEW and not every:
        subtitle = f"{subtitle}   |   {len(panels)} sensors, their principal panels"
    rows = [
        _row(block[k : k + columns], columns, width)
        for block, columns in [*clear_pairs_of(frames), *twins_of(frames), *blocks_of(panels, cameras, every=every)]
        for k in range(0, len(block), columns)
    ]
    return np.concatenate([_title(title, subtitle, width), *rows, np.full((_GAP, width, 3), _PAPER, np.uint8)])


def frame_panels(
    name: str, frame: Frame, series: Sequence[Frame] | None = None, lens: Projection | None = None
) -> list[Panel]:
    """The panels of any frame, or of all frames of its sensor; of a kind that is not known here, none."""
    whole = _SERIES_PANELS.get(type(frame))
    if whole is not None:
        return whole(name, series or [frame])
    if type(frame) is CameraFrame:
        return camera_panels(name, frame, lens)
    draw = _PANELS.get(type(frame))
    return draw(name, frame) if draw is not None else []


def _titled(name: str, frame: Frame) -> str:
    """A sensor's name, with a word about a frame that never arrived."""
    return f"{name} (lost)" if frame.status == STATUS_DROPPED else name


def _row(panels: list[Panel], columns: int, width: int) -> U1:
    """Panels side by side, each in a cell of one column."""
    cell = (width - _GAP * (columns + 1)) // columns
    pictures = [_fit(picture, cell) for _, picture in panels]
    height = max(p.shape[0] for p in pictures)
    strip = np.full((height + 40, width, 3), _PAPER, np.uint8)
    for k, ((words, _), picture) in enumerate(zip(panels, pictures, strict=True)):
        x = _GAP + k * (cell + _GAP)
        cv2.putText(strip, words, (x, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _INK, 1, cv2.LINE_AA)
        strip[36 : 36 + picture.shape[0], x : x + cell] = picture
    return strip


def _fit(picture: U1, width: int) -> U1:
    height = round(picture.shape[0] * width / picture.shape[1])
    shrink = width < picture.shape[1]
    return np.asarray(
        cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_NEAREST), np.uint8
    )


def _title(title: str, subtitle: str, width: int) -> U1:
    strip = np.full((78, width, 3), _PAPER, np.uint8)
    cv2.putText(strip, title, (14, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.0, _INK, 2, cv2.LINE_AA)
    cv2.putText(strip, subtitle, (14, 64), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _GRAY, 1, cv2.LINE_AA)
    return strip


def _subtitle(scene: Scene, frames: Mapping[str, Frame], weather: str) -> str:
    seconds = next(iter(frames.values())).time_ns / NS_PER_S if frames else 0.0
    world = type(scene.world).plugin_name
    parts = [
        f"seed {scene.seed}",
        f"t = {seconds:.2f} s",
        world,
        "clear air" if weather == CLEAR else weather,
        f"{len(scene.entities)} entities",
    ]
    return "   |   ".join([*parts, *scene.tags])
