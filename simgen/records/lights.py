"""What gives light, in photometric units: sun and sky from outside, and the lamps of the scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from simgen.colorimetry import LUMINANCE
from simgen.records.base import F4, F8, U1, U4, Record, array

#: how a lamp's luminous intensity depends on direction; the index is what the kernels switch on
#: (:mod:`simgen.kernels.beams`). ``area`` is a matt rectangle, the others shine from a small disc or ball
BEAMS: Final = ("isotropic", "lambert", "spot", "low_beam", "high_beam", "area")


@dataclass(frozen=True, kw_only=True, eq=False)
class LightField(Record):
    """The sun as a direction, the sky as a table of luminance.

    The table's rows run from the zenith (row 0) to the nadir, its columns from east (column 0) counter-clockwise; a
    cell's value holds at its centre. Below the horizon it holds the light that the ground sends back.
    """

    sun_direction: F8 = array("3", "f8", doc="unit vector towards the sun, ENU")
    sun_illuminance: F4 = array("3", "f4", unit="lx", doc="on a plane that faces the sun, linear RGB; 0 at night")
    sky: F4 = array("R C 3", "f4", unit="cd/m2", doc="luminance by direction, linear RGB")
    #: half the angle under which the sun is seen
    sun_radius_rad: float = 0.004654
    #: share of the sun's luminance that one sees when looking at it: 0 where the table shows what it stands for
    sun_seen: float = 1.0

    @property
    def horizontal_lux(self) -> float:
        """Illuminance of sun and sky on open, level ground, lx."""
        rows, columns = self.sky.shape[:2]
        edges = np.cos(np.arange(rows // 2 + 1) * (np.pi / rows))
        # cosine times solid angle of the cells of each row of the upper half, summed along it
        weight = (edges[:-1] ** 2 - edges[1:] ** 2) * np.pi / columns
        sky = (self.sky[: rows // 2].sum(1, dtype=np.float64) * weight[:, None]).sum(0)
        rgb = sky + self.sun_illuminance * max(float(self.sun_direction[2]), 0.0)
        return float((rgb * np.array(LUMINANCE_RGB)).sum())

    def arriving(self, outward: tuple[float, float, float]) -> F8:
        """Illuminance by the sky (and the ground's half of its table) on a plane that looks that way, RGB, lx, (3,)."""
        rows, columns = self.sky.shape[:2]
        theta, phi = (np.arange(rows) + 0.5) * (np.pi / rows), (np.arange(columns) + 0.5) * (2.0 * np.pi / columns)
        edges = np.cos(np.arange(rows + 1) * (np.pi / rows))
        flat = np.sin(theta)[:, None] * (outward[0] * np.cos(phi) + outward[1] * np.sin(phi))
        facing = np.maximum(flat + outward[2] * np.cos(theta)[:, None], 0.0)
        weight = facing * ((edges[:-1] - edges[1:]) * (2.0 * np.pi / columns))[:, None]
        return np.asarray((self.sky * weight[..., None]).sum((0, 1), dtype=np.float64))


#: linear-sRGB weights of luminance (Rec. 709)
LUMINANCE_RGB: Final = LUMINANCE


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A lamp in the frame of what carries it (a model's link, or the world).

    ``intensity`` is what its beam sends along ``axis`` at a relative value of 1: cd, linear RGB. An ``area`` lamp has
    the half edges ``half_u`` and ``half_v``, at right angles to the axis, and the intensity of the whole rectangle
    seen head-on (luminance times area).
    """

    position: tuple[float, float, float]
    axis: tuple[float, float, float] = (1.0, 0.0, 0.0)
    #: what is up for the beam; low beams need it
    up: tuple[float, float, float] = (0.0, 0.0, 1.0)
    intensity: tuple[float, float, float]
    #: one of BEAMS
    beam: str = "isotropic"
    #: half angle at which a ``spot`` has fallen to half, and to nothing
    cone_deg: tuple[float, float] = (30.0, 45.0)
    #: radius of the shining ball or disc
    radius_m: float = 0.03
    half_u: tuple[float, float, float] = (0.0, 0.0, 0.0)
    half_v: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: the link of the model that carries it
    link: int = 0
    #: when it shines: "" = always; a signal's state ("red"); a vehicle's light ("low_beam", "high_beam", "tail",
    #: "brake", "reverse", "left", "right", "drl", "beacon", "beacon_other"); "dusk" = when it is dark
    state: str = ""

    def __post_init__(self) -> None:
        if self.beam not in BEAMS:
            raise ValueError(f"beam must be one of {', '.join(BEAMS)}, not {self.beam!r}")
        if not 0.0 < self.cone_deg[0] < self.cone_deg[1] <= 2.0 * self.cone_deg[0]:
            raise ValueError(f"cone_deg must rise, the second at most twice the first, not {self.cone_deg}")


@dataclass(frozen=True, kw_only=True, eq=False)
class LampTable(Record):
    """The lamps of a stage as columns; those that are off have an intensity of 0."""

    position: F4 = array("L 3", "f4", unit="m", doc="in the body's frame")
    axis: F4 = array("L 3", "f4", doc="unit vector along the beam, in the body's frame")
    up: F4 = array("L 3", "f4", doc="unit vector at right angles to the axis, in the body's frame")
    intensity: F4 = array("L 3", "f4", unit="cd", doc="along the axis at a relative value of 1, linear RGB")
    beam: U1 = array("L", "u1", doc="index into BEAMS")
    cone: F4 = array("L 2", "f4", unit="rad", doc="half angles of a spot: fallen to half, fallen to nothing")
    radius: F4 = array("L", "f4", unit="m", doc="radius of the shining ball or disc")
    half_u: F4 = array("L 3", "f4", unit="m", doc="half an edge of an area lamp")
    half_v: F4 = array("L 3", "f4", unit="m", doc="half the other edge")
    body: U4 = array("L", "u4", doc="body that carries it, as the stage counts; 0 = the world")

    @classmethod
    def of(cls, lamps: Sequence[Lamp], bodies: Sequence[int]) -> Self:
        """Columns from lamps and the bodies that carry them."""

        def column(rows: Sequence[tuple[float, ...]], width: int) -> F4:
            return np.array(rows, np.float32).reshape(-1, width)

        axis = _unit(column([lamp.axis for lamp in lamps], 3))
        up = column([lamp.up for lamp in lamps], 3)
        return cls(
            position=column([lamp.position for lamp in lamps], 3),
            axis=axis,
            up=_unit(up - (up * axis).sum(-1, keepdims=True) * axis),
            intensity=column([lamp.intensity for lamp in lamps], 3),
            beam=np.array([BEAMS.index(lamp.beam) for lamp in lamps], np.uint8),
            cone=np.radians(column([lamp.cone_deg for lamp in lamps], 2)).astype(np.float32),
            radius=np.array([lamp.radius_m for lamp in lamps], np.float32),
            half_u=column([lamp.half_u for lamp in lamps], 3),
            half_v=column([lamp.half_v for lamp in lamps], 3),
            body=np.array(bodies, np.uint32),
        )


def _unit(v: F4) -> F4:
    """Rows at length 1; a null row (an axis along ``up``) becomes some direction."""
    length = np.sqrt((v * v).sum(-1, keepdims=True))
    return np.where(length > 1e-6, v / np.maximum(length, np.float32(1e-6)), np.array([1.0, 0.0, 0.0], np.float32))
