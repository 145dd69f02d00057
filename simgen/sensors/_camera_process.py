"""From a scene's radiance to what a real camera delivers: glass, light that flickers, pixels, processor, faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simgen.kernels import isp
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, I8, U1, U2, Array
from simgen.records.frames import CameraFrame
from simgen.rng import stream
from simgen.sensors._camera_flicker import mains_rows
from simgen.sensors._camera_glass import Glass
from simgen.sensors._camera_isp import Processor
from simgen.sensors._camera_meter import Settings
from simgen.sensors._camera_readout import Readout
from simgen.sensors._camera_tone import curve

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors.camera import Camera

_ROWS: Final = 32


@dataclass(frozen=True, kw_only=True)
class Processed:
    """What comes out: sRGB bytes (H, W, 3), and counts (H, W) if there is an imager."""

    rgb: U1
    raw: U2 | None = None
    #: counts an electron
    gain: float = 0.0


def delivered(camera: Camera, shot: Shot, frame: CameraFrame, linear: F4, settings: Settings) -> CameraFrame:
    """A frame, which holds the ideal picture if it was asked for, with what the camera delivers.

    ``linear``: (H, W, 3) cd/m2, not looked at if the camera is ideal.
    """
    changes: dict[str, Any] = {}
    if "ideal" in camera.outputs:
        same = {name: getattr(frame, name) for name in ("time_ns", "stamp_ns", "world_from_sensor", "K", "exposure")}
        changes["ideal"] = CameraFrame(**same, rgb=frame.rgb)
    if not camera.is_ideal:
        made = process(camera, shot, linear, settings)
        changes["rgb"] = made.rgb
        if camera.imager is not None:
            changes |= {"exposure_time": _one(settings.time_s), "iso": _one(settings.iso), "gain": _one(made.gain)}
            changes["raw"] = made.raw if "raw" in camera.outputs else None
    return frame.replace(**changes)


def _one(value: float) -> F4:
    return np.array([value], np.float32)


def process(camera: Camera, shot: Shot, linear: F4, settings: Settings) -> Processed:
    """Develop a radiance (H, W, 3), cd/m2."""
    seed, threads = shot.surroundings.seed, shot.surroundings.threads
    if camera.glass is not None:
        # loaded and compiled for those cameras alone
        from simgen.sensors._camera_drops import seen_through

        linear = seen_through(camera, shot, np.ascontiguousarray(linear))
    image = Glass(camera, shot.time_ns, settings.white, seed, threads, shot).through(np.ascontiguousarray(linear))
    rows = mains_rows(camera, shot.time_ns, settings.time_s)
    if camera.imager is None:
        rgb = ideal(image, settings.white, rows, threads)
        spoil(camera, shot.time_ns, seed, rgb, 255)
        return Processed(rgb=rgb)
    readout = Readout(camera, settings, seed, shot.index, threads)
    raw = readout.counts(image, rows)
    spoil(camera, shot.time_ns, seed, raw, readout.most)
    return Processed(rgb=Processor(readout).developed(raw), raw=raw, gain=readout.gain)


def ideal(image: F4, white: float, rows: F8, threads: int) -> U1:
    """A picture without pixels: luminance as a share of white through the tone curve."""
    rgb, table = np.empty(image.shape, np.uint8), curve()
    run_tiles(lambda a, b: isp.show(a, b, 1.0 / white, rows, table, 0.0, image, rgb), len(image), _ROWS, threads)
    return rgb


def spoil(camera: Camera, time_ns: int, seed: int, picture: Array, most: int) -> None:
    """Rows, columns and pixels without an answer: 0, or ``most`` for half of the pixels. Changes the picture."""
    fault = camera.faults.dead
    if fault is None or not fault.is_on(time_ns):
        return
    draws = stream(seed, "camera dead", camera.name)
    height, width = picture.shape[:2]
    rows: I8 = draws.permutation(height)[: fault.rows]
    columns: I8 = draws.permutation(width)[: fault.columns]
    count = round(fault.pixels * height * width)
    places: I8 = draws.permutation(height * width)[:count] if count else np.zeros(0, np.int64)
    flat = picture.reshape(height * width, -1)
    flat[places[::2]] = 0
    flat[places[1::2]] = most
    picture[rows] = 0
    picture[:, columns] = 0


__all__ = ["Processed", "ideal", "process", "spoil"]
