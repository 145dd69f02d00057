"""What the camera's kernels pass among themselves: named bundles of contiguous arrays (numba takes them as they are)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simgen.kernels.jit import device
from simgen.records.base import F4, F8, I8, U1, U2, U4, Bool


class Shapes(NamedTuple):
    """Meshes, instances and surfaces, as in Stage and SurfaceTable."""

    vertices: F4
    normals: F4
    triangles: U4
    triangle_surface: U2
    vertex_start: I8
    triangle_start: I8
    instance_mesh: U4
    instance_body: U4
    instance_label: U4
    surface_base: U4
    base_color: F4
    roughness: F4
    metallic: F4
    emission: F4
    texture: U1
    texture_scale: F4
    class_id: U2


class Bodies(NamedTuple):
    """Poses over the window, as in Motion."""

    position: F4
    quaternion: F4
    exists: Bool
    moving: Bool


class Optics(NamedTuple):
    """Pinhole intrinsics and the camera's pose for each row (one row = the whole image at one instant).

    ``position`` (R, 3) is relative to the motion's origin, ``rotation`` (R, 3, 3) is world from camera, ``time`` (R,)
    the ray time.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    near: float
    position: F8
    rotation: F8
    time: F4


class Lighting(NamedTuple):
    """Sun, sky and air. Luminances are linear RGB in cd/m2; tables as in :mod:`simgen.kernels.sky`."""

    #: towards the sun
    sun: F8
    #: illuminance on a plane that faces the sun, lx
    sun_lux: F4
    sun_radius: float
    #: luminance of the sun's disc
    disc: F4
    harmonics: F4
    sky: F4
    gloss: F4
    extinction: F8
    airlight: F4
    #: class of the sky
    sky_class: int


class Layers(NamedTuple):
    """What a ray brings back, one row a ray."""

    #: radiance that does not depend on how much of the sky is seen, and that which does
    direct: F4
    ambient: F4
    #: 1 = the ray towards the sky got through
    open: U1
    depth: F4
    #: towards the camera, camera frame
    normal: F4
    instance: U4
    semantic: U2
    #: differs where neighbours need anti-aliasing
    key: U4
    flow: F4
    flow_valid: U1


class Wave(NamedTuple):
    """Scratch for the rays of one tile."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    distance: F4
    instance: U4
    triangle: U4
    barycentric: F4
    #: point in the body's frame, and relative to the motion's origin
    local: F4
    point: F4
    normal: F4
    #: colour, roughness, metallic
    finish: F4
    emission: F4
    sun_origin: F4
    sun_direction: F4
    sun_far: F4
    sun_blocked: Bool
    #: rays to the sky, in an order of their own: row k belongs to ray ``sky_ray[k]``
    sky_origin: F4
    sky_direction: F4
    sky_time: F4
    sky_near: F4
    sky_far: F4
    sky_blocked: Bool
    sky_ray: I8
    #: rays of the flow's visibility test in the next frame
    next_origin: F4
    next_direction: F4
    next_time: F4
    next_near: F4
    next_far: F4
    next_blocked: Bool


@device
def new_wave(count: int) -> Wave:
    """Scratch for that many rays, not initialised."""
    f, u = np.float32, np.uint32
    return Wave(
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, u),
        np.empty(count, u),
        np.empty((count, 2), f),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty((count, 5), f),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, np.bool_),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, np.bool_),
        np.empty(count, np.int64),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, np.bool_),
    )


@device
def part(layers: Layers, start: int, stop: int) -> Layers:
    """The rows start..stop of every layer; a layer that is not wanted has no rows."""
    return Layers(
        layers.direct[start:stop],
        layers.ambient[start:stop],
        layers.open[start:stop],
        layers.depth[start:stop],
        layers.normal[start:stop],
        layers.instance[start:stop],
        layers.semantic[start:stop],
        layers.key[start:stop],
        layers.flow[start:stop],
        layers.flow_valid[start:stop],
    )
