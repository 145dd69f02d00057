"""Ground with weather on it, for tests: what is open to the sky, and shots of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from simgen.kernels.cover_tables import Cover
from simgen.records.air import SurfaceChange
from simgen.records.exposure import Exposure
from simgen.records.surroundings import Shot


def open_sky(vertices: int) -> Exposure:
    """Nothing stands above anything."""
    return Exposure(
        height=np.full((2, 2), -np.inf, np.float32),
        x_m=0.0,
        y_m=0.0,
        cell_m=1.0,
        worn=np.zeros((2, 2), np.float32),
        vertex=np.ones(vertices, np.float32),
    )


def under(shot: Shot, **change: float) -> Shot:
    """The same shot after weather has left something, under the open sky."""
    around = shot.surroundings
    exposure = open_sky(len(around.stage.vertices))
    around = dataclasses.replace(around, exposure=exposure, surface=SurfaceChange(**change))
    return dataclasses.replace(shot, surroundings=around)


def cover(**fields: Any) -> Cover:
    """A cover of one surface that drinks water, under the open sky."""
    from simgen.kernels.cover import noise_ranks

    plain: dict[str, Any] = {
        "height": np.full((2, 2), -np.inf, np.float32),
        "worn": np.zeros((2, 2), np.float32),
        "vertex": np.ones(3, np.float32),
        "matter": np.array([[1.0, 1.0, 0.0, 1.0, 1.0]], np.float32),
        "ranks": noise_ranks(),
        **dict.fromkeys(("x", "y", "origin_x", "origin_y", "origin_z", "time", "rain"), 0.0),
        **dict.fromkeys(("wetness", "puddles", "snow", "ice", "tracks"), 0.0),
        "cell": 1.0,
    }
    return Cover(**{**plain, **fields})
