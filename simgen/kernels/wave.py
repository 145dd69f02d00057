"""What the camera's kernels pass among themselves: a few named bundles of contiguous arrays.

Few and wide, because every array of a bundle costs seven arguments at every call and so time to compile. Columns are
named by the constants beside each bundle.
"""

from __future__ import annotations

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
SURFACE_COLUMNS: Final = 11


class Shapes(NamedTuple):
    """Meshes end to end, instances and surfaces of a Stage."""

    vertices: F4
    normals: F4
    triangles: U4
    triangle_surface: U2
    instances: I8
    surfaces: F4


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
LIGHT_ROWS: Final = 14


#: columns of ``Lighting.lamps``: position less the motion's origin, beam axis, what is up for it (unit vectors), cd in
#: linear RGB, index into BEAMS, half angles of a spot, radius, distance beyond which it is not worth a ray, half edges
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
LAMP_COLUMNS: Final = 23


class Lighting(NamedTuple):
    """Sun, sky and air. Luminances are linear RGB in cd/m2.

    ``values``: direction to the sun; its illuminance on a plane that faces it, lx; luminance of its disc; extinction,
    1/m; airlight; nine harmonics of the sky's irradiance. Tables as in :mod:`simgen.kernels.sky`.
    """

    values: F8
    sky: F4
    gloss: F4
    sun_radius: float
    #: class of the sky
    sky_class: int
    #: lamps that shine, world frame, where they are at the frame's time
    lamps: F4


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


#: columns of ``Wave.state``: unit direction and length of the ray, point in the body's frame, normal, a point just off
#: the surface, colour, roughness, metallic, emission, whether the sun shines there
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
STATE_COLUMNS: Final = 22


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
