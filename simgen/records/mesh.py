"""Triangles, and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from simgen.records.base import F4, I8, U1, U2, U4, Bool, Record, array
from simgen.records.picture import Skin, gathered
from simgen.taxonomy import class_id

#: procedural textures, anchored in object space; the index is what the kernels switch on
TEXTURES: Final = (
    "plain",
    "asphalt",
    "concrete",
    "brick",
    "grass",
    "foliage",
    "facade",
    "wood",
    "paint",
    "fabric",
    "gravel",
    "snow",
    "worn_paint",
    "bark",
    "tiles",
    "flake",
)
#: what warms or cools a surface besides air, sun and sky; "" = told from the class. The index is what tables hold
HEATS: Final = ("", "body", "glass", "tyre", "brake", "under", "skin", "cloth", "hair")


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh(Record):
    """A triangle mesh with shading normals; front faces wind counter-clockwise seen from outside."""

    vertices: F4 = array("V 3", "f4", unit="m", doc="positions in the owner's frame")
    normals: F4 = array("V 3", "f4", doc="unit shading normals")
    triangles: U4 = array("T 3", "u4", doc="vertex indices")
    surface: U2 = array("T", "u2", doc="row in the owner's list of surfaces, per triangle")
    uv: F4 | None = array("V 2", "f4", doc="texture coordinates", optional=True)


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What a triangle is made of and what it is called. Colours are linear sRGB reflectances."""

    class_name: str
    base_color: tuple[float, float, float] = (0.5, 0.5, 0.5)
    roughness: float = 0.6
    metallic: float = 0.0
    #: weight of a smooth, clear coat over it (car paint: 1), and that coat's roughness
    clearcoat: float = 0.0
    clearcoat_roughness: float = 0.03
    #: emitted luminance, cd/m2, linear RGB
    emission: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: a lamp of the stage stands for what it emits: light paths that count lamps must not count it again
    has_lamp: bool = False
    #: diffuse reflectance at 905 nm; None = that of the colour (mean of red and green, raised for plants)
    lidar_reflectance: float | None = None
    #: share of incident light sent straight back by retro-reflective sheeting
    retro: float = 0.0
    #: share of light that passes a pane, hit straight on (clear glass: 0.85, tinted: 0.7); 0 = opaque
    transmission: float = 0.0
    texture: str = "plain"
    texture_scale_m: float = 1.0
    #: it shines only in this state: a signal's ("red"), a vehicle's ("brake") or "dusk"; "" = always
    lamp: str = ""
    #: one of HEATS, for thermal cameras
    heat: str = ""
    #: pictures on it; colour, roughness, metalness and emission above are then means, for all that sees no detail
    skin: Skin | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfaceTable(Record):
    """Surfaces as columns, for the kernels."""

    base_color: F4 = array("S 3", "f4", doc="linear sRGB reflectance")
    roughness: F4 = array("S", "f4", doc="perceptual roughness; GGX alpha is its square")
    metallic: F4 = array("S", "f4", doc="0 = dielectric, 1 = metal")
    clearcoat: F4 = array("S", "f4", doc="weight of a clear coat")
    clearcoat_roughness: F4 = array("S", "f4", doc="perceptual roughness of the coat")
    emission: F4 = array("S 3", "f4", unit="cd/m2", doc="emitted luminance, linear RGB")
    has_lamp: Bool = array("S", "?", doc="a lamp of the stage stands for what it emits")
    lidar_reflectance: F4 = array("S", "f4", doc="diffuse reflectance at 905 nm")
    retro: F4 = array("S", "f4", doc="retro-reflected share")
    transmission: F4 = array("S", "f4", doc="share of light that passes a pane")
    texture: U1 = array("S", "u1", doc="index into TEXTURES")
    texture_scale: F4 = array("S", "f4", unit="m", doc="size of one texture cell")
    class_id: U2 = array("S", "u2", doc="taxonomy class")
    heat: U1 = array("S", "u1", doc="index into HEATS")
    picture: I8 = array("S 3", "i8", doc="first level of the pictures of colour, finish and glow; -1 = none")
    tint: F4 = array("S 3", "f4", doc="factors on the picture of colour")
    gloss: F4 = array("S 2", "f4", doc="factors on roughness and metalness of the picture of finish")
    texels: U1 = array("N 4", "u1", doc="all pictures, all levels, end to end")
    levels: I8 = array("L 3", "i8", doc="first texel, width and height of each level of each picture")

    @classmethod
    def of(cls, surfaces: Sequence[Surface]) -> Self:
        """Columns from rows."""
        f4 = np.float32
        texels, levels, picture = gathered([s.skin for s in surfaces])
        skins = [s.skin if s.skin is not None else _BARE for s in surfaces]
        return cls(
            base_color=np.array([s.base_color for s in surfaces], f4).reshape(-1, 3),
            roughness=np.array([s.roughness for s in surfaces], f4),
            metallic=np.array([s.metallic for s in surfaces], f4),
            clearcoat=np.array([s.clearcoat for s in surfaces], f4),
            clearcoat_roughness=np.array([s.clearcoat_roughness for s in surfaces], f4),
            emission=np.array([s.emission for s in surfaces], f4).reshape(-1, 3),
            has_lamp=np.array([s.has_lamp for s in surfaces], np.bool_),
            lidar_reflectance=np.array([_reflectance(s) for s in surfaces], f4),
            retro=np.array([s.retro for s in surfaces], f4),
            transmission=np.array([s.transmission for s in surfaces], f4),
            texture=np.array([TEXTURES.index(s.texture) for s in surfaces], np.uint8),
            texture_scale=np.array([s.texture_scale_m for s in surfaces], f4),
            class_id=np.array([class_id(s.class_name) for s in surfaces], np.uint16),
            heat=np.array([HEATS.index(s.heat) for s in surfaces], np.uint8),
            picture=picture,
            tint=np.array([s.tint for s in skins], f4).reshape(-1, 3),
            gloss=np.array([s.gloss for s in skins], f4).reshape(-1, 2),
            texels=texels,
            levels=levels,
        )


_BARE: Final = Skin()


def _reflectance(surface: Surface) -> float:
    if surface.lidar_reflectance is not None:
        return surface.lidar_reflectance
    return 0.5 * (surface.base_color[0] + surface.base_color[1])
