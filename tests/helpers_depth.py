"""Depth cameras before walls and boxes: the camera sits at the origin and looks along x."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from helpers_stage import Bench, Part, box, dome, motion, track

from simgen.records.depth_frames import DepthFrame
from simgen.records.lights import LightField
from simgen.records.mesh import Surface

#: fine grains that any matcher likes; no mirror reflections
GRAINY = Surface(class_name="object", base_color=(0.5, 0.5, 0.5), roughness=1.0, texture="asphalt", texture_scale_m=0.4)
PLAIN = Surface(class_name="object", base_color=(0.5, 0.5, 0.5), roughness=1.0)


def wall(depth: float, surface: Surface = GRAINY, half: float = 20.0, label: int = 0) -> Part:
    """A wall across the view at a depth."""
    return Part(mesh=box((0.2, 2 * half, 2 * half), (depth + 0.1, 0.0, 0.0)), surface=surface, label=label)


def plate(
    depth: float, size: tuple[float, float], surface: Surface = GRAINY, left: float = 0.0, label: int = 1
) -> Part:
    """A thin plate (width, height) across the view, its middle so far to the left."""
    return Part(mesh=box((0.002, *size), (depth + 0.001, left, 0.0)), surface=surface, label=label)


def take(
    sensor: Any,
    *parts: Part,
    light: LightField | None = None,
    seed: int = 0,
    index: int = 0,
    threads: int = 1,
    engine: Any = None,
    **more: Any,
) -> DepthFrame:
    """One frame under a bright office's light."""
    with Bench(list(parts), light or dome(120.0), engine=engine, **more) as bench:
        shot = bench.shot(track(), motion(), threads=threads)
        around = dataclasses.replace(shot.surroundings, seed=seed)
        frame = sensor.capture(dataclasses.replace(shot, surroundings=around, index=index))
    assert isinstance(frame, DepthFrame)
    return frame


def middle(frame: DepthFrame, name: str, margin: int = 8) -> np.ndarray:
    """An image without its borders."""
    return np.asarray(getattr(frame, name)[margin:-margin, margin:-margin])
