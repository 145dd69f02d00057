"""What the camera's kernels pass among themselves: a few named bundles of contiguous arrays.

Few and wide, because every array of a bundle costs seven arguments at every call and so time to compile. Columns are
named by the constants beside each bundle.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simgen.records.base import F4, F8, I8, U1, U2, U4, Bool

#: columns of ``Shapes.instances``
FIRST_VERTEX: Final = 0
FIRST_TRIANGLE: Final = 1
BODY: Final = 2
LABEL: Final = 3
FIRST_SURFACE: Final = 4

#: columns of ``Shapes.surfaces``: three of colour, three of emission
COLOR: Final = 0
EMISSION: Final = 3
ROUGHNESS: Final = 6
METALLIC: Final = 7
TEXTURE: Final = 8
TEXTURE_SCALE: Final = 9
CLASS: Final = 10
COATING: Final = 11
COATING_ROUGHNESS: Final = 12
SHEETING: Final = 13
TRANSMISSION: Final = 14
HAS_LAMP: Final = 15
#: first level of the pictures of colour, finish and glow (-1 = none), factors on the picture of finish
SKIN_COLOR: Final = 16
SKIN_FINISH: Final = 17
SKIN_GLOW: Final = 18
SKIN_ROUGHNESS: Final = 19
SKIN_METALLIC: Final = 20
#: 1 = there is a picture on it
SKINS: Final = 21
SURFACE_COLUMNS: Final = 22


class Shapes(NamedTuple):
    """Meshes end to end, instances and surfaces of a Stage."""

    vertices: F4
    normals: F4
    triangles: U4
    triangle_surface: U2
    instances: I8
    surfaces: F4
    #: texture coordinates by vertex, texels of all pictures, and their levels; empty where no surface has a picture
    uv: F4
    texels: U1
    levels: I8


class Bodies(NamedTuple):
    """Poses over the window, as in Motion."""

    position: F4
    quaternion: F4
    exists: Bool
    moving: Bool


#: columns of ``Optics.rows``: camera position less the motion's origin, world from camera by rows, ray time
EYE: Final = 0
TURN: Final = 3
RAY_TIME: Final = 12
OPTICS_COLUMNS: Final = 13


#: columns of places in the image (see :mod:`simgen.kernels.aim`): position, ray, start on the aperture, share of the
#: exposure
PLACE_RAY: Final = 2
PLACE_START: Final = 5
PLACE_SHARE: Final = 8
PLACE_COLUMNS: Final = 9


class Optics(NamedTuple):
    """The lens, and the camera's pose for each row of pixels (one row = all of them at one instant).

    ``lens`` holds the coefficients of ``model`` (:mod:`simgen.kernels.lens`); ``path`` poses at even times over the
    whole exposure, rows as in ``rows``, which samples of an exposure need; ``exposure`` its length in ray time.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    near: float
    rows: F8
    model: int
    lens: F8
    path: F8
    exposure: float


#: rows of ``Lighting.values``, three numbers each
SUN: Final = 0
SUN_LUX: Final = 1
DISC: Final = 2
EXTINCTION: Final = 3
AIRLIGHT: Final = 4
HARMONICS: Final = 5
#: optical depth of what is drawn one by one, which the air's extinction still holds
LESS: Final = 14
LIGHT_ROWS: Final = 15
#: further rows where air scatters: airlight about the sun beyond that of the table, and the same of the sky, at angles
#: from the sun that grow with the square of the row, to GLOW_RAD
GLOW_NODES: Final = 42
GLOW_AIR: Final = LIGHT_ROWS
GLOW_SKY: Final = LIGHT_ROWS + GLOW_NODES
GLOW_RAD: Final = math.pi * (41.0 / 159.0) ** 2


#: columns of ``Lighting.lamps``: position less the motion's origin, beam axis, what is up for it (unit vectors), cd in
#: linear RGB, index into BEAMS, half angles of a spot, radius, distance beyond which it is not worth a ray, half edges,
#: luminous flux per candela on the axis, sr
LAMP_PLACE: Final = 0
LAMP_AXIS: Final = 3
LAMP_UP: Final = 6
LAMP_CD: Final = 9
LAMP_BEAM: Final = 12
LAMP_CONE: Final = 13
LAMP_RADIUS: Final = 15
LAMP_REACH: Final = 16
LAMP_U: Final = 17
LAMP_V: Final = 20
LAMP_SOLID: Final = 23
LAMP_COLUMNS: Final = 24


class Lighting(NamedTuple):
    """Sun, sky and air. Luminances are linear RGB in cd/m2.

    ``values``: direction to the sun; its illuminance on a plane that faces it, lx; luminance of its disc; extinction,
    1/m; mean airlight of the horizon; nine harmonics of the sky's irradiance; depth that is taken out of the air; where
    air scatters, the glow about the sun. Tables as in :mod:`simgen.kernels.sky`.
    """

    values: F8
    sky: F4
    gloss: F4
    sun_radius: float
    #: class of the sky
    sky_class: int
    #: lamps that shine, world frame, where they are at the frame's time
    lamps: F4
    #: whether walls or a ceiling may hide the sky from farther away than what stands in a street
    indoor: bool
    #: boxes under a roof, less the motion's origin: x, y, z from, x, y, z to; the sky's light comes in by lamps alone
    rooms: F4
    #: what an endless path through the air shows, as the sky's table, without the summit of the glow; no halves = clear
    air: F4


#: columns of ``Layers.light``: radiance that does not depend on how much of the sky is seen, and that which does
DIRECT: Final = 0
AMBIENT: Final = 3
#: columns of ``Layers.surface``: depth (of a pinhole; of other lenses range), then the normal towards the camera in
#: its frame
DEPTH: Final = 0
NORMAL: Final = 1


class Layers(NamedTuple):
    """What rays bring back, one row a ray."""

    light: F4
    surface: F4
    instance: U4
    semantic: U2
    #: differs where neighbours need anti-aliasing; bit 0 = the sun shines there
    key: U4
    #: 1 = the ray towards the sky got through
    open: U1
    flow: F4
    flow_valid: U1


#: columns of rays that are given instead of aimed: origin, unit direction, ray time, near, the way that the light path
#: has behind it, whether lamps and the sun's disc are left out (because highlights stand for them), and what the light
#: that it brings back weighs in the pixel
RAY_ORIGIN: Final = 0
RAY_WAY: Final = 3
RAY_WHEN: Final = 6
RAY_NEAR: Final = 7
RAY_BEFORE: Final = 8
RAY_HIDES: Final = 9
RAY_WEIGHT: Final = 10
RAY_COLUMNS: Final = 11

#: bits of ``Onward.kind``
MIRRORS: Final = 1
SHOWS: Final = 2
#: columns of ``Onward.data``: what mirrored and transmitted light weigh and what they are (until rays have told, what
#: the sky would be), point just off the surface, its normal, direction of the ray, roughness of the mirror, ray time,
#: way past the pane, length of the light path so far, whether rays leave out lamps in the mirror, and behind the pane
ON_MIRROR: Final = 0
ON_MIRRORED: Final = 3
ON_PANE: Final = 6
ON_SHOWN: Final = 9
ON_POINT: Final = 12
ON_FACE: Final = 15
ON_VIEW: Final = 18
ON_GLOSS: Final = 21
ON_WHEN: Final = 22
ON_PAST: Final = 23
ON_BEFORE: Final = 24
ON_MIRROR_HIDES: Final = 25
ON_PANE_HIDES: Final = 26
ON_COLUMNS: Final = 27


class Onward(NamedTuple):
    """Where the light path goes on, one row a ray: rays that mirror or transmit enough to be followed.

    No rows = nothing is followed. Rows of ``data`` hold something only where ``kind`` is not 0.
    """

    kind: U1
    data: F4


#: columns of ``Wave.state``: unit direction and length of the ray, point in the body's frame, normal, a point just off
#: the surface, colour, roughness, metallic, emission, whether the sun shines there, weight and roughness of the coat,
#: retro-reflected share, transmission, the way from the point to the far side of a pane, ray time
VIEW: Final = 0
LENGTH: Final = 3
LOCAL: Final = 4
FACE: Final = 7
OFF: Final = 10
ALBEDO: Final = 13
GLOSS: Final = 16
METAL: Final = 17
GLOW: Final = 18
LIT: Final = 21
COAT: Final = 22
COAT_GLOSS: Final = 23
RETRO: Final = 24
PANE: Final = 25
PAST: Final = 26
WHEN: Final = 27
STATE_COLUMNS: Final = 28


class Wave(NamedTuple):
    """Scratch for the rays of one tile: the rays under way (first to the scene, then to sun, sky, next frame)."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    distance: F4
    instance: U4
    triangle: U4
    barycentric: F4
    blocked: Bool
    state: F4
    #: which pixel's ray is under way
    order: I8


def new_wave(count: int) -> Wave:
    """Scratch for that many rays, not initialised."""
    f = np.float32
    return Wave(
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, np.uint32),
        np.empty(count, np.uint32),
        np.empty((count, 2), f),
        np.empty(count, np.bool_),
        np.empty((count, STATE_COLUMNS), f),
        np.empty(count, np.int64),
    )
