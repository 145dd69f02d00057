"""Light from a picture of the whole sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simgen.light._picture import read_picture
from simgen.light._sky import cell_directions, cell_solid_angles, horizontal_illuminance
from simgen.light._sun import SUN_RADIUS_RAD
from simgen.light.base import Light
from simgen.records.base import F8, Bool
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.registry import param, register

#: how far around the brightest spot light may belong to a sun; a ring as wide tells what the sky has there
_SPOT_RAD: Final = math.radians(4.0)
#: a spot is a sun if it is so many times as bright as its ring, and gives such a share of all light on what faces it
_BRIGHTER, _SHARE = 20.0, 0.1
_WIDEST_RAD: Final = math.radians(3.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sun:
    direction: F8
    illuminance: F8
    radius: float


@register("light", "environment")
@dataclass(frozen=True, kw_only=True)
class Environment(Light):
    """An environment map: a picture of the whole sphere, Radiance ``.hdr`` or OpenEXR ``.exr``, latitude by longitude.

    The picture's middle lies to the east (+x), its left half to the north; ``rotation_deg`` turns it
    counter-clockwise seen from above. Values times ``scale`` are cd/m2, or they are scaled to the stated horizontal
    illuminance. Its brightest spot becomes a sun that casts shadows if it is as small and bright as one (Debevec,
    "A median cut algorithm for light probe sampling", SIGGRAPH posters 2005, on why one samples such spots apart);
    no light is lost or added by that.
    """

    path: str = param(doc="the picture, relative to the scene file or absolute", reference="file")
    rotation_deg: float = param(0.0, ge=-360.0, le=360.0, doc="turn about the vertical, counter-clockwise from above")
    scale: float = param(1.0, gt=0.0, doc="cd/m2 that one unit of the file stands for")
    illuminance_lux: float | None = param(
        None, gt=0.0, le=200000.0, doc="of level ground, sun included, instead of scale; none = as scale says"
    )
    sun: str = param(
        "auto",
        doc="auto = the brightest spot casts shadows if it is a sun; keep = it stays in the sky",
        choices=("auto", "keep"),
    )

    def __post_init__(self) -> None:
        read_picture(Path(self.path))

    def field(self) -> LightField:
        """Sun and sky in photometric units."""
        sky = self._turned(read_picture(Path(self.path)).astype(np.float64)) * self.scale
        found = _sun_in(sky) if self.sun == "auto" else None
        if found is None:
            found = _Sun(direction=np.array([0.0, 0.0, 1.0]), illuminance=np.zeros(3), radius=SUN_RADIUS_RAD)
        factor = 1.0
        if self.illuminance_lux is not None:
            direct = float((found.illuminance * LUMINANCE_RGB).sum()) * max(float(found.direction[2]), 0.0)
            level = horizontal_illuminance((sky * LUMINANCE_RGB).sum(-1)) + direct
            factor = self.illuminance_lux / level if level > 0.0 else 0.0
        return LightField(
            sun_direction=found.direction,
            sun_illuminance=np.asarray(found.illuminance * factor, np.float32),
            sky=np.ascontiguousarray(sky * factor, np.float32),
            sun_radius_rad=found.radius,
        )

    def _turned(self, picture: F8) -> F8:
        """Columns from east counter-clockwise, as the table has them."""
        columns = picture.shape[1]
        mirrored = picture[:, (columns // 2 - 1 - np.arange(columns)) % columns]
        shift = self.rotation_deg / 360.0 * columns
        whole = math.floor(shift)
        rolled = np.roll(mirrored, whole, axis=1)
        return np.asarray(rolled + (shift - whole) * (np.roll(rolled, 1, axis=1) - rolled))


def _sun_in(sky: F8) -> _Sun | None:
    """The sun of a table, taken out of it, if there is one above the horizon."""
    rows, columns = sky.shape[:2]
    level, cells = (sky * LUMINANCE_RGB).sum(-1), cell_directions(rows, columns)
    angle = np.broadcast_to(cell_solid_angles(rows, columns)[:, None], level.shape)
    peak = cells.reshape(-1, 3)[int(np.argmax(np.where(cells[..., 2] > 0.0, level, 0.0)))]
    apart = np.arccos(np.clip((cells * peak).sum(-1), -1.0, 1.0))
    spot, ring = apart < _spot_rad(rows), (apart > _spot_rad(rows)) & (apart < 2.0 * _spot_rad(rows))
    around = np.median(sky[ring], axis=0)
    extra = np.where(spot[..., None], np.maximum(sky - around, 0.0), 0.0)
    light = (extra * angle[..., None]).sum((0, 1))
    lux = float((light * LUMINANCE_RGB).sum())
    if not _is_sun(level, spot, around, lux, angle * np.maximum((cells * peak).sum(-1), 0.0)):
        return None
    weight = (extra * LUMINANCE_RGB).sum(-1) * angle
    direction = (cells * weight[..., None]).sum((0, 1))
    sky -= extra
    # a disc of the spot's peak and light, as far as the table resolves it
    disc = lux / max(float(weight.max() / angle.ravel()[int(weight.argmax())]), 1e-9)
    radius = min(max(math.sqrt(disc / math.pi), SUN_RADIUS_RAD), _WIDEST_RAD)
    return _Sun(direction=direction / np.sqrt((direction**2).sum()), illuminance=light, radius=radius)


def _spot_rad(rows: int) -> float:
    """Coarse tables smear the sun over their cells."""
    return max(_SPOT_RAD, 3.0 * math.pi / rows)


def _is_sun(level: F8, spot: Bool, around: F8, lux: float, facing: F8) -> bool:
    ring = float((around * LUMINANCE_RGB).sum())
    return bool(level[spot].max() > _BRIGHTER * ring) and lux > _SHARE * float((level * facing).sum())
