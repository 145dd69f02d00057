"""A contact sheet of scenes: one small picture of each, at its critical instant, through the camera that sees it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from simgen.assembly import Assembly, assemble, eyes_of
from simgen.engine import Renderer, available_threads, nearest_ticks
from simgen.errors import SimgenError
from simgen.generate.trial import plain, shrunk
from simgen.generate.warm import warming
from simgen.metrics import box_centers, measure, metric_of
from simgen.physics import simulate
from simgen.preview.lidar import lidar_panels
from simgen.preview.radar import radar_panels
from simgen.preview.scene_zoom import closer, hazards, inset, seen_pixels, small_region
from simgen.records.base import U1, U4
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.frames import CameraFrame, Frame, LidarFrame
from simgen.records.radar import RadarFrame
from simgen.records.trajectory import Trajectory
from simgen.scenario import load
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera
from simgen.units import seconds_to_ns

_PAPER, _INK, _GRAY, _BLANK = (250, 250, 248), (28, 30, 34), (110, 114, 120), (206, 206, 204)
_GAP, _WORDS, _HEAD = 8, 36, 52
_ANTIALIAS: Final = 8
#: share of the width that a closer look takes
_CLOSER: Final = 0.4
#: constraints whose value is the time that is left before the two meet
_BEFORE: Final = ("time_to_collision_s", "time_to_contact_s")
_EARLIEST_S: Final = 1.0
_SIGNS: Final = {"about": "", "at_least": ">= ", "at_most": "<= "}


#: frames of some sensors at a scene's critical instant
Taken = Callable[[tuple[Sensor, ...]], list[Frame]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tile:
    """A scene's picture, (H, W, 3), and what is written under it."""

    title: str
    note: str
    picture: U1


def scene_sheet(paths: Sequence[Path], *, seed: int | None = None, width: int = 2640, columns: int = 8) -> U1:
    """One tile a scene file, (H, W, 3) u1 RGB; of what cannot be made, the tile says why."""
    cell = (width - _GAP * (columns + 1)) // columns
    with warming():
        tiles = [scene_tile(path, cell, seed) for path in paths]
    rows = [_row(tiles[k : k + columns], cell, width) for k in range(0, len(tiles), columns)]
    head = np.full((_HEAD, width, 3), _PAPER, np.uint8)
    _write(head, f"simgen   {len(tiles)} scenes", (_GAP, 34), 0.8, _INK)
    return np.concatenate([head, *rows])


def scene_tile(path: Path, width: int, seed: int | None = None) -> Tile:
    """The tile of one scene file."""
    try:
        scenario = load(path)
        scene = scenario.sample(scenario.default_seed if seed is None else seed)
        return _tile(scene, width)
    except SimgenError as error:
        return Tile(title=path.stem, note="failed", picture=_told(str(error), width))


def critical_s(scene: Scene, trajectory: Trajectory) -> float:
    """The instant that matters: of the first constraint that has one, else when its actors are nearest, else halfway.

    Where a time left to a meeting is asked for, so much earlier, but not more than a second.
    """
    half = 0.5 * scene.clock.duration_s
    # of a stretch, its middle
    timed = [0.5 * (c.time_s + max(c.until_s, c.time_s)) for c in scene.constraints if c.time_s >= 0.0]
    for asked in scene.constraints:
        near = _nearest_s(asked, trajectory)
        if near is not None and (asked.kind in _BEFORE or not timed):
            left = min(asked.asked, _EARLIEST_S) if asked.kind in _BEFORE else 0.0
            return min(max(near - left, 0.0), scene.clock.duration_s)
    if not timed:
        return half
    first = next(c for c in scene.constraints if c.time_s >= 0.0)
    # what is under the ego is not seen any more
    under = first.kind == "distance_m" and first.asked < 0.5
    return max(timed[0] - under * _EARLIEST_S, 0.0)


def _nearest_s(asked: Constraint, trajectory: Trajectory) -> float | None:
    """When the middles of the boxes of a constraint's actors are nearest."""
    names = trajectory.actor_names
    if asked.subject not in names or asked.other not in names:
        return None
    a, b = names.index(asked.subject), names.index(asked.other)
    there = trajectory.exists[:, a] & trajectory.exists[:, b] & (trajectory.time_ns >= 0)
    if not there.any():
        return None
    apart = ((box_centers(trajectory, a) - box_centers(trajectory, b))[:, :2] ** 2).sum(-1)
    return float(trajectory.time_ns[int(np.argmin(np.where(there, apart, np.inf)))] * 1e-9)


def _tile(scene: Scene, width: int) -> Tile:
    named = {name for c in scene.constraints for name in (c.subject, c.other)}
    beside = next((s for s in scene.sensors if type(s).plugin_name in ("lidar", "radar") and s.name in named), None)
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    taken = partial(_frames, assembly, trajectory, critical_s(scene, trajectory.from_zero()))
    instances = hazards(scene.constraints, trajectory)
    camera, look = _best_camera(scene, instances, taken)
    frames = taken(tuple(s for s in (camera and _small(camera, width), beside) if s is not None))
    picture = _picture(frames, width)
    if isinstance(camera, Camera) and look is not None:
        picture = _with_closer_look(picture, camera, look, instances, taken)
    return Tile(title=scene.name, note=_note(scene, assembly, trajectory), picture=picture)


def _best_camera(scene: Scene, instances: U4, taken: Taken) -> tuple[Sensor | None, CameraFrame | None]:
    """The first camera, or the one that sees most of what it is about if the first sees nothing of it; its labels."""
    cameras = [s for s in scene.sensors if type(s).plugin_name == "camera"]
    if not cameras:
        return next((s for s in scene.sensors if hasattr(s, "hfov_deg") and hasattr(s, "width")), None), None
    if not len(instances):
        return cameras[0], None
    looks = [frame for frame in taken(tuple(map(plain, cameras))) if isinstance(frame, CameraFrame)]
    seen = [seen_pixels(frame, instances) for frame in looks]
    best = 0 if seen[0] else seen.index(max(seen))
    return cameras[best], looks[best]


def _with_closer_look(picture: U1, camera: Camera, look: CameraFrame, instances: U4, taken: Taken) -> U1:
    """A camera's tile with what is small in it magnified in an upper corner."""
    region = small_region(look, instances, 16 / 9)
    close = None if region is None else closer(camera, region, round(_CLOSER * picture.shape[1]))
    if region is None or close is None:
        return picture
    (near,) = taken((close,))
    assert isinstance(near, CameraFrame)
    assert near.rgb is not None
    return inset(picture, (camera.height, camera.width), region, near.rgb)


def _small(camera: Sensor, width: int) -> Sensor:
    """The camera with the same view in so many columns, smooth at its edges."""
    small = shrunk(camera, width)
    return dataclasses.replace(small, antialias=_ANTIALIAS, outputs=()) if isinstance(small, Camera) else small


def _frames(assembly: Assembly, trajectory: Trajectory, time_s: float, sensors: tuple[Sensor, ...]) -> list[Frame]:
    """What sensors see at an instant, in their order."""
    scene = assembly.scene.replace(sensors=sensors)
    changed = dataclasses.replace(assembly, scene=scene)
    with Renderer(changed, trajectory, threads=available_threads()) as renderer:
        return [renderer.frame(tick) for tick in nearest_ticks(scene, seconds_to_ns(time_s))]


def _picture(frames: Sequence[Frame], width: int) -> U1:
    """The camera's picture, with a lidar's or radar's view in its corner."""
    height = round(width * 9 / 16)
    canvas = np.full((height, width, 3), _BLANK, np.uint8)
    shown = next((f.rgb for f in frames if isinstance(f, CameraFrame) and f.rgb is not None), None)
    panel = next((p for f in frames if (p := _panel(f, width)) is not None), None)
    if shown is None:
        return _fitted(panel, canvas) if panel is not None else _told("no camera", width)
    canvas = _fitted(shown, canvas)
    if panel is not None:
        rows, columns = panel.shape[:2]
        canvas[-rows:, :columns] = panel
        canvas[-rows - 1, :columns] = canvas[-rows:, columns] = 255
    return canvas


def _panel(frame: Frame, width: int) -> U1 | None:
    size = (round(0.36 * width), round(0.36 * width * 9 / 16))
    if isinstance(frame, LidarFrame):
        panels = lidar_panels("", frame, (2 * size[0], 2 * size[1]))
        odd = [picture for words, picture in panels if "odd" in words]
        picture = odd[0] if odd else panels[0][1]
    elif isinstance(frame, RadarFrame):
        picture = radar_panels("", frame, (2 * size[0], 2 * size[1]))[0][1]
    else:
        return None
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _fitted(picture: U1, canvas: U1) -> U1:
    """As large as the canvas allows, in its middle."""
    height, width = canvas.shape[:2]
    share = min(width / picture.shape[1], height / picture.shape[0])
    size = (max(round(picture.shape[1] * share), 1), max(round(picture.shape[0] * share), 1))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if share < 1.0 else cv2.INTER_LINEAR)
    y, x = (height - size[1]) // 2, (width - size[0]) // 2
    out = canvas.copy()
    out[y : y + size[1], x : x + size[0]] = small
    return out


def _note(scene: Scene, assembly: Assembly, trajectory: Trajectory) -> str:
    """The first constraint: what it came to, if that is known without frames, and what was asked."""
    if not scene.constraints:
        return ""
    asked = scene.constraints[0]
    wish = f"{_SIGNS[asked.relation]}{asked.asked:.3g}"
    if metric_of(asked.kind).needs_frames:
        return f"{asked.kind} {wish}"
    evidence = Evidence(trajectory=trajectory.from_zero(), map=assembly.layout.map, eyes=eyes_of(scene))
    return f"{asked.kind} {measure(asked, evidence).achieved:.3g} ({wish})"


def _told(words: str, width: int) -> U1:
    """A grey tile with words on it."""
    tile = np.full((round(width * 9 / 16), width, 3), _BLANK, np.uint8)
    per_line = max(width // 7, 8)
    for k, start in enumerate(range(0, min(len(words), 8 * per_line), per_line)):
        _write(tile, words[start : start + per_line], (6, 18 + 16 * k), 0.36, _INK)
    return tile


def _row(tiles: Sequence[Tile], cell: int, width: int) -> U1:
    height = round(cell * 9 / 16)
    strip = np.full((height + _WORDS + _GAP, width, 3), _PAPER, np.uint8)
    for k, tile in enumerate(tiles):
        x = _GAP + k * (cell + _GAP)
        strip[:height, x : x + cell] = tile.picture
        _write(strip, tile.title.replace("_", " "), (x, height + 15), 0.46, _INK)
        _write(strip, tile.note, (x, height + 30), 0.36, _GRAY)
    return strip


def _write(strip: U1, words: str, at: tuple[int, int], scale: float, color: tuple[int, int, int]) -> None:
    cv2.putText(strip, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, color, 1, cv2.LINE_AA)


__all__ = ["Tile", "critical_s", "scene_sheet", "scene_tile"]
