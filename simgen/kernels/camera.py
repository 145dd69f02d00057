"""The camera's entry points: one tile of rays from lens to labelled radiance, in one piece or in stages.

With a native engine one kernel casts, resolves, casts to sun and sky, shades and labels while everything is still in
the cache. Without, the same stages run one by one and the engine is asked in between.
"""

from __future__ import annotations

from simgen.kernels.aim import aim
from simgen.kernels.flow import judge, move
from simgen.kernels.jit import kernel
from simgen.kernels.shading import aim_sky, keep_sun, shade
from simgen.kernels.surface import follow, resolve
from simgen.kernels.trace_wide import cast_wide, occluded_wide
from simgen.kernels.wave import Bodies, Layers, Lighting, Onward, Optics, Shapes, Wave
from simgen.records.base import F4

#: values of ``flow``
FLOW_OFF, FLOW_ON, FLOW_LAST = 0, 1, 2


@kernel
def trace_tile(
    first: int,
    intersect16: int,
    intersect8: int,
    occluded16: int,
    occluded8: int,
    scene: int,
    next_scene: int,
    shapes: Shapes,
    bodies: Bodies,
    optics: Optics,
    light: Lighting,
    directions: F4,
    sky_rays: int,
    flow: int,
    next_bodies: Bodies,
    next_optics: Optics,
    places: F4,
    given: F4,
    wave: Wave,
    layers: Layers,
    onward: Onward,
) -> None:
    """Rays through as many places as the wave has room for, from ``first``; writes the same rows of the layers.

    If ``given`` has rows, they are the rays instead, and the places are the pixels that they belong to.
    """
    o, d, t, near, far = wave.origin, wave.direction, wave.time, wave.near, wave.far
    if given.shape[0] > 0:
        follow(given, first, wave)
    else:
        aim(optics, places, first, wave)
    hits = wave.distance, wave.instance, wave.triangle, wave.barycentric
    cast_wide(intersect16, intersect8, scene, o, d, t, near, far, *hits)
    resolve(shapes, bodies, optics, light, places, given, first, wave, layers)
    # one call site for all the tests: their code is large
    for k in range(3):
        into = scene
        if k == 1:
            keep_sun(wave, layers, first)
            aim_sky(light, directions, places, first, wave, sky_rays)
        elif k == 2:
            shade(light, optics, given, wave, layers, onward, first)
            if flow == FLOW_OFF:
                break
            move(shapes, next_bodies, next_optics, flow == FLOW_ON, places, first, wave, layers)
            into = next_scene
        occluded_wide(occluded16, occluded8, into, o, d, t, near, far, wave.blocked)
    if flow != FLOW_OFF:
        judge(wave, layers, first)


@kernel
def stage_aim(optics: Optics, places: F4, given: F4, first: int, wave: Wave) -> None:
    """Without a native engine, first: the rays into the scene."""
    if given.shape[0] > 0:
        follow(given, first, wave)
    else:
        aim(optics, places, first, wave)


@kernel
def stage_resolve(
    shapes: Shapes,
    bodies: Bodies,
    optics: Optics,
    light: Lighting,
    places: F4,
    given: F4,
    first: int,
    wave: Wave,
    layers: Layers,
) -> None:
    """Second: the hits are in; find surfaces and labels, aim at the sun."""
    resolve(shapes, bodies, optics, light, places, given, first, wave, layers)


@kernel
def stage_sky(
    light: Lighting, directions: F4, places: F4, first: int, wave: Wave, sky_rays: int, layers: Layers
) -> None:
    """Third: the sun is known; aim at the sky."""
    keep_sun(wave, layers, first)
    aim_sky(light, directions, places, first, wave, sky_rays)


@kernel
def stage_shade(
    shapes: Shapes,
    optics: Optics,
    light: Lighting,
    flow: int,
    next_bodies: Bodies,
    next_optics: Optics,
    places: F4,
    given: F4,
    first: int,
    wave: Wave,
    layers: Layers,
    onward: Onward,
) -> None:
    """Fourth: the sky is known; shade, and aim at where points are in the next frame."""
    shade(light, optics, given, wave, layers, onward, first)
    if flow != FLOW_OFF:
        move(shapes, next_bodies, next_optics, flow == FLOW_ON, places, first, wave, layers)


@kernel
def stage_judge(wave: Wave, layers: Layers, first: int) -> None:
    """Last, for flow only."""
    judge(wave, layers, first)
