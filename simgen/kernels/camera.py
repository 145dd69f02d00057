"""The camera's entry points: one tile of rays from lens to labelled radiance, in one piece or in stages.

With a native engine one kernel casts, resolves, casts to sun and sky, shades and labels while everything is still in
the cache. Without, the same stages run one by one and the engine is asked in between.
"""

from __future__ import annotations

from simgen.kernels.flow import judge, move
from simgen.kernels.jit import kernel
from simgen.kernels.shading import aim, aim_sky, resolve, shade
from simgen.kernels.trace import cast_many, occluded_many
from simgen.kernels.wave import Bodies, Layers, Lighting, Optics, Shapes, Wave, new_wave, part
from simgen.records.base import F4


@kernel
def trace_tile(
    start: int,
    stop: int,
    intersect8: int,
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
    layers: Layers,
) -> None:
    """Rays through ``places[start:stop]``; writes the same rows of the layers. ``flow``: 0 no, 1 yes, 2 no next frame."""
    where, out = places[start:stop], part(layers, start, stop)
    wave = new_wave(stop - start)
    aim(optics, where, wave)
    cast_many(
        intersect8,
        scene,
        wave.origin,
        wave.direction,
        wave.time,
        wave.near,
        wave.far,
        wave.distance,
        wave.instance,
        wave.triangle,
        wave.barycentric,
    )
    resolve(shapes, bodies, optics, light, where, wave, out)
    wave.near[:] = 0.0
    occluded_many(
        occluded8, scene, wave.sun_origin, wave.sun_direction, wave.time, wave.near, wave.sun_far, wave.sun_blocked
    )
    aim_sky(directions, where, wave, sky_rays)
    occluded_many(
        occluded8,
        scene,
        wave.sky_origin,
        wave.sky_direction,
        wave.sky_time,
        wave.sky_near,
        wave.sky_far,
        wave.sky_blocked,
    )
    shade(light, optics, wave, out)
    if flow > 0:
        move(shapes, next_bodies, next_optics, flow == 1, where, wave, out)
        occluded_many(
            occluded8,
            next_scene,
            wave.next_origin,
            wave.next_direction,
            wave.next_time,
            wave.next_near,
            wave.next_far,
            wave.next_blocked,
        )
        judge(wave, out)


@kernel
def stage_aim(count: int, optics: Optics, places: F4) -> Wave:
    """First stage without a native engine: fresh scratch with the rays in it."""
    wave = new_wave(count)
    aim(optics, places, wave)
    return wave


@kernel
def stage_resolve(
    shapes: Shapes,
    bodies: Bodies,
    optics: Optics,
    light: Lighting,
    directions: F4,
    sky_rays: int,
    places: F4,
    wave: Wave,
    layers: Layers,
) -> None:
    """Second stage: the hits are in; find surfaces, labels, and the rays to sun and sky."""
    resolve(shapes, bodies, optics, light, places, wave, layers)
    wave.near[:] = 0.0
    aim_sky(directions, places, wave, sky_rays)


@kernel
def stage_shade(
    shapes: Shapes,
    optics: Optics,
    light: Lighting,
    flow: int,
    next_bodies: Bodies,
    next_optics: Optics,
    places: F4,
    wave: Wave,
    layers: Layers,
) -> None:
    """Third stage: sun and sky are known; shade, and aim the rays of the flow's visibility."""
    shade(light, optics, wave, layers)
    if flow > 0:
        move(shapes, next_bodies, next_optics, flow == 1, places, wave, layers)


@kernel
def stage_judge(wave: Wave, layers: Layers) -> None:
    """Last stage, for flow only."""
    judge(wave, layers)
