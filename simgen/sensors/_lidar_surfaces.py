"""Surfaces as a lidar sees them: diffuse at its wavelength, glossy, retro-reflective, clear, or a mirror."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from simgen.geometry import normalized
from simgen.kernels.cover_tables import Cover
from simgen.kernels.lidar_tables import (
    ALPHA2,
    DIFFUSE,
    FINISH_COLUMNS,
    GLOSS,
    MIRROR,
    POROUS,
    RETRO,
    ROUGH_A,
    ROUGH_B,
    THROUGH,
    Surfaces,
)
from simgen.records.base import F4, F8
from simgen.records.mesh import TEXTURES, SurfaceTable
from simgen.records.stage import Stage
from simgen.records.surroundings import Shot
from simgen.sensors._cover import cover_of

#: wavelengths of :data:`SPECTRA`, nm; reflectances of surfaces are stated at 905
SPECTRUM_NM: Final = (850.0, 905.0, 1064.0, 1310.0, 1550.0)
#: reflectance relative to 905 nm by texture. Leaves: the plateau of the near infrared, then the leaf water's bands
#: (ECOSTRESS library, deciduous and grass spectra); mineral surfaces rise slowly; the rest is taken as flat
SPECTRA: Final = {
    "grass": (0.97, 1.0, 0.99, 0.85, 0.55),
    "foliage": (0.98, 1.0, 0.99, 0.85, 0.55),
    "wood": (0.97, 1.0, 1.08, 1.1, 0.95),
    "asphalt": (0.98, 1.0, 1.05, 1.13, 1.2),
    "concrete": (0.99, 1.0, 1.02, 1.05, 1.05),
    "brick": (0.97, 1.0, 1.04, 1.1, 1.12),
    "tiles": (0.97, 1.0, 1.04, 1.1, 1.12),
    "bark": (0.97, 1.0, 1.08, 1.1, 0.95),
    "gravel": (0.98, 1.0, 1.03, 1.08, 1.08),
    # ice absorbs more and more: grains of half a millimetre (Warren and Wiscombe 1980)
    "snow": (1.03, 1.0, 0.88, 0.52, 0.07),
}
#: slope of the facets, rad (standard deviation): 20 to 40 degrees for what is rough in the field (Oren and Nayar 1994)
SLOPES: Final = {
    "asphalt": 0.52,
    "concrete": 0.35,
    "brick": 0.35,
    "grass": 0.7,
    "foliage": 0.7,
    "facade": 0.26,
    "wood": 0.26,
    "fabric": 0.35,
    "gravel": 0.7,
    "tiles": 0.35,
    "bark": 0.52,
    "snow": 0.26,
}
#: share of a beam's rays that pass through a leafy surface (an estimate; leaf area varies more than this)
POROSITIES: Final = {"foliage": 0.25}
#: rougher than the first, a surface has no lobe of its own beside its diffuse reflectance; below the second, all of it
_DULL: Final = 0.45
_SHINY: Final = 0.25
#: roughness of painted metal with a coat, as a lidar meets it
_COATED: Final = 0.28
#: reflectance of a smooth dielectric at normal incidence
_DIELECTRIC: Final = 0.04
#: rougher metal than this throws no image; smoother than half of it, a clear one
_MIRROR_ROUGHNESS: Final = 0.16


#: reflectance of snow at 905 nm, and absorption of water, 1/m (Hale and Querry 1973; Kou, Labrie and Chylek 1993)
SNOW: Final = 0.9
WATER_ABSORPTION: Final = (4.3, 6.8, 14.0, 130.0, 1050.0)


def lying_on(shot: Shot, wavelength_nm: float, spread: float) -> tuple[Cover, F8] | None:
    """What weather has left on surfaces, and what the wavelength makes of it (as ``lidar_cover`` lists it), or None.

    ``spread``: the part of a beam that one ray stands for, rad.
    """
    cover = cover_of(shot)
    if cover is None:
        return None
    rise, texture = _oren_nayar(), TEXTURES.index("snow")
    absorbed = float(np.interp(wavelength_nm, SPECTRUM_NM, WATER_ABSORPTION))
    white = min(SNOW * spectral_factor("snow", wavelength_nm), 1.0)
    return cover, np.array([white, rise[0][texture], rise[1][texture], absorbed, spread])


def spectral_factor(texture: str, wavelength_nm: float) -> float:
    """Reflectance at a wavelength relative to that at 905 nm."""
    curve = SPECTRA.get(texture)
    return 1.0 if curve is None else float(np.interp(wavelength_nm, SPECTRUM_NM, curve))


@lru_cache(maxsize=8)
def _factors(wavelength_nm: float) -> F4:
    return np.array([spectral_factor(name, wavelength_nm) for name in TEXTURES], np.float32)


@lru_cache(maxsize=1)
def _oren_nayar() -> tuple[F4, F4]:
    """A and B of Oren and Nayar's model, by texture."""
    square = np.array([SLOPES.get(name, 0.0) for name in TEXTURES]) ** 2
    rise = 0.45 * square / (square + 0.09)
    return (1.0 - 0.5 * square / (square + 0.33)).astype(np.float32), rise.astype(np.float32)


def finish_of(table: SurfaceTable, wavelength_nm: float) -> F4:
    """What each surface does to light of a wavelength, (S, FINISH_COLUMNS).

    A glossy surface's lobe is that of its roughness; a metal's is as bright as its colour (the mean of red and green
    stands for the near infrared). A smooth metal is a mirror.
    """
    # a coat's own lobe is too narrow to meet; the flakes and the waves under it widen what comes back
    rough = np.where(table.clearcoat > 0.5, np.minimum(table.roughness, _COATED), table.roughness)
    smooth = np.clip((_DULL - rough) / (_DULL - _SHINY), 0.0, 1.0)
    metal = 0.5 * (table.base_color[:, 0] + table.base_color[:, 1])
    out = np.empty((len(table.roughness), FINISH_COLUMNS), np.float32)
    out[:, DIFFUSE] = np.minimum(table.lidar_reflectance * _factors(wavelength_nm)[table.texture], 1.0)
    out[:, RETRO] = table.retro
    out[:, GLOSS] = smooth * (_DIELECTRIC + (metal - _DIELECTRIC) * table.metallic)
    out[:, ALPHA2] = np.maximum(rough, 0.03) ** 4
    out[:, THROUGH] = table.transmission
    out[:, ROUGH_A], out[:, ROUGH_B] = (column[table.texture] for column in _oren_nayar())
    out[:, POROUS] = np.array([POROSITIES.get(name, 0.0) for name in TEXTURES], np.float32)[table.texture]
    out[:, MIRROR] = table.metallic * metal * np.clip(2.0 - 2.0 * table.roughness / _MIRROR_ROUGHNESS, 0.0, 1.0)
    return out


class _Shapes:
    """The triangles of a stage, told apart by identity: stages that differ in what shines share them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def __hash__(self) -> int:
        return hash((id(self.stage.normals), id(self.stage.triangles)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Shapes):
            return NotImplemented
        return self.stage.normals is other.stage.normals and self.stage.triangles is other.stage.triangles


def flat_normals(stage: Stage) -> F4:
    """By triangle, (T, 4): its unit normal and 1, or zeros where its corners' normals differ.

    Made once for the triangles of a stage, whatever shines on it. Most of what a sweep meets is flat, and one row is
    there at once where three corners and their normals lie scattered.
    """
    return _flat_normals(_Shapes(stage))


@lru_cache(maxsize=4)
def _flat_normals(shapes: _Shapes) -> F4:
    stage = shapes.stage
    counts = np.diff(stage.triangle_start)
    corners = stage.triangles + np.repeat(stage.vertex_start[:-1], counts)[:, None]
    a, b, c = (stage.normals[corners[:, k]] for k in range(3))
    same = (a == b).all(-1) & (a == c).all(-1)
    out = np.zeros((len(corners), 4), np.float32)
    out[:, :3], out[:, 3] = normalized(a.astype(np.float64)), 1.0
    out[~same] = 0.0
    return out


def surfaces_of(shot: Shot, wavelength_nm: float) -> Surfaces:
    """The stage and its motion for the kernels."""
    stage, motion = shot.surroundings.stage, shot.view.motion
    return Surfaces(
        normals=stage.normals,
        triangles=stage.triangles,
        flat=flat_normals(stage),
        triangle_surface=stage.triangle_surface,
        vertex_start=stage.vertex_start,
        triangle_start=stage.triangle_start,
        instance_mesh=stage.instance_mesh,
        instance_body=stage.instance_body,
        instance_label=stage.instance_label,
        surface_base=stage.surface_base,
        finish=finish_of(stage.surfaces, wavelength_nm),
        class_id=stage.surfaces.class_id,
        ego=shot.surroundings.ego_labels(),
        quaternion=motion.quaternion,
    )
