"""The light of a picture by bouncing paths, for cameras with ``quality: high``; loaded only for them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import denoise, paths_ends, paths_panes
from simgen.kernels.bsdf import albedo_table
from simgen.kernels.camera import stage_resolve
from simgen.kernels.paths import scatter
from simgen.kernels.paths_light import SkyChances, sky_chances
from simgen.kernels.paths_tables import CLEAR, LIT, SEEN_COLUMNS, Asking, Plan, new_asking, new_paths
from simgen.kernels.tiles import run_tiles
from simgen.kernels.trace import cast_range, occluded_range
from simgen.kernels.wave import EYE, PLACE_COLUMNS, RAY_COLUMNS, Layers, Optics, Wave, new_wave
from simgen.records.base import F4, F8
from simgen.records.rays import Rays, RayView
from simgen.rng import stream_key
from simgen.sensors._camera_tables import new_layers, path_of

if TYPE_CHECKING:
    from simgen.sensors._camera_render import Picture

#: paths a tile: enough that calls from Python do not count, few enough to stay in the cache
TILE: Final = 4096
#: how many mirrors and panes a path may meet besides its bounces
MIRRORS: Final = 6
#: panes that a ray to a light may pass
PANES: Final = 4
#: rows a tile of the kernels that look at neighbours
ROWS: Final = 16

_local = threading.local()
_chances: OrderedDict[int, tuple[F4, SkyChances]] = OrderedDict()


@cache
def _albedo() -> F8:
    return albedo_table()


def _chances_of(sky: F4) -> SkyChances:
    """Chances of a sky's table, kept for the last few tables."""
    key = id(sky)
    if key not in _chances:
        # the table is kept beside them, so that no other can get its address
        _chances[key] = (sky, sky_chances(sky))
        while len(_chances) > 4:
            _chances.popitem(last=False)
    return _chances[key][1]


class _Room:
    """Scratch for the paths of one tile."""

    def __init__(self, count: int, columns: int) -> None:
        self.shape = count, columns
        self.wave: Wave = new_wave(count)
        self.layers: Layers = new_layers(count, flow=False)
        self.sun, self.side = new_asking(count), new_asking(count)
        self.again: Wave = new_wave(count)
        self.paths = new_paths(count, columns, RAY_COLUMNS)

    @classmethod
    def of(cls, count: int, columns: int) -> _Room:
        """This thread's, for that many paths and columns of places."""
        room: _Room | None = getattr(_local, "room", None)
        if room is None or room.shape != (count, columns):
            room = _local.room = cls(count, columns)
        return room


def _part(wave: Wave, count: int) -> Wave:
    """A wave's first rows."""
    return Wave._make(column[:count] for column in wave)


class _Caster:
    """Asks the engine, natively where it can."""

    def __init__(self, view: RayView) -> None:
        self.view = view

    def cast(self, wave: Wave) -> None:
        """Nearest hits of a wave's rays, written into it."""
        native, count = self.view.native, len(wave.time)
        out = (wave.distance, wave.instance, wave.triangle, wave.barycentric)
        if native is not None:
            rays = (wave.origin, wave.direction, wave.time, wave.near, wave.far)
            cast_range(native.intersect8, native.scene, 0, count, *rays, *out)
            return
        hits = self.view.cast(
            Rays(origin=wave.origin, direction=wave.direction, time=wave.time, near=wave.near, far=wave.far)
        )
        for mine, theirs in zip(out, (hits.distance, hits.instance, hits.triangle, hits.barycentric), strict=True):
            mine[:] = theirs

    def ask(self, asking: Asking, count: int) -> None:
        """Whether something is in the way of the first rays."""
        rays = (asking.origin, asking.direction, asking.time, asking.near, asking.far)
        native = self.view.native
        if native is not None:
            occluded_range(native.occluded8, native.scene, 0, count, *rays, asking.blocked)
        elif count > 0:
            o, d, t, near, far = (np.ascontiguousarray(column[:count]) for column in rays)
            asking.blocked[:count] = self.view.occluded(Rays(origin=o, direction=d, time=t, near=near, far=far))


def _ask(picture: Picture, caster: _Caster, room: _Room, asking: Asking, count: int, column: int, panes: bool) -> None:
    """Send rays to lights, through panes where there are any, and take their light home."""
    caster.ask(asking, count)
    left = paths_panes.look_again(count, asking, room.again) if panes else 0
    for _ in range(PANES + 1):
        if left == 0:
            break
        wave = _part(room.again, left)
        caster.cast(wave)
        left = paths_panes.dim(picture.shapes, picture.bodies, asking, wave)
    paths_ends.gather(count, asking, column, room.paths)


def _exposing(picture: Picture) -> tuple[Optics, int]:
    """The optics, and how many columns places need: more if something moves while the shutter is open or is blurred."""
    camera, motion, time_s = picture.camera, picture.view.motion, picture.settings.time_s
    path, exposure = path_of(camera, picture.shot.track, motion, picture.shot.time_ns, time_s)
    rides = bool((path[:, :-1] != path[0, :-1]).any())
    moves = exposure > 0.0 and (rides or bool(motion.moving.any()))
    if not moves and camera.aperture_m == 0.0:
        return picture.optics, picture.centres.shape[1]
    return picture.optics._replace(path=path, exposure=exposure if moves else 0.0), PLACE_COLUMNS


def trace(picture: Picture) -> F4:
    """Light and what is in view for every pixel, means over its samples: columns as in ``Paths.seen``.

    The picture must be exposed: how long the shutter is open is what smears.
    """
    camera, shot = picture.camera, picture.shot
    count = picture.width * picture.height
    key = stream_key(shot.surroundings.seed, "camera", camera.name, "paths", shot.index)
    words = np.array([key & 0xFFFFFFFF, key >> 32], np.uint32)
    optics, columns = _exposing(picture)
    focus = camera.optics.focus_m or 1.0
    plan = Plan(picture.width, camera.samples, camera.bounces, camera.aperture_m, focus, words, _albedo())
    chances, caster = _chances_of(picture.lit_sky()), _Caster(picture.view)
    panes = bool((shot.surroundings.stage.surfaces.transmission > 0.0).any())
    pixels = max(1, TILE // camera.samples)
    turns = camera.bounces + MIRRORS
    seen = np.empty((count, SEEN_COLUMNS + 1), np.float32)

    def tile(first: int, last: int) -> None:
        room = _Room.of(pixels * camera.samples, columns)
        under_way = (last - first) * camera.samples
        wave = _part(room.wave, under_way)
        paths_ends.begin(plan, optics, first, room.paths, wave)
        for turn in range(turns + 1):
            caster.cast(wave)
            paths = room.paths
            stage_resolve(
                picture.shapes,
                picture.bodies,
                optics,
                picture.light,
                paths.places,
                paths.given,
                0,
                wave,
                room.layers,
            )
            picture.lay(paths.places, paths.given, 0, wave, room.layers)
            under_way, suns, sides = scatter(
                plan,
                picture.light,
                chances,
                turn,
                turn == turns,
                room.paths,
                wave,
                room.sun,
                room.side,
            )
            _ask(picture, caster, room, room.sun, suns, LIT if turn else CLEAR, panes)
            _ask(picture, caster, room, room.side, sides, LIT, panes)
            if under_way == 0:
                break
            wave = _part(room.wave, under_way)
        paths_ends.settle(camera.samples, first, last - first, room.paths, seen)

    run_tiles(tile, count, pixels, picture.threads)
    return seen


def denoised(seen: F4, width: int, height: int, eye: F8, rounds: int, threads: int | None) -> F4:
    """Light over colour, its variance and luminance, (5, P), after that many rounds of smoothing."""
    count = width * height
    light, guide = np.empty((denoise.LIGHTS, count), np.float32), np.empty((denoise.GUIDES, count), np.float32)
    noise, out = np.empty(count, np.float32), np.empty_like(light)
    run_tiles(lambda a, b: denoise.divide(a, b, eye, seen, light, guide), count, 32768, threads)
    if rounds:
        run_tiles(lambda a, b: denoise.calm(a, b, width, height, light, out), height, ROWS, threads)
        light, out = out, light
    for k in range(rounds):
        before, after = (light, out) if k % 2 == 0 else (out, light)

        def spread(a: int, b: int, before: F4 = before) -> None:
            denoise.spread(a, b, width, height, before, noise)

        def smooth(a: int, b: int, before: F4 = before, after: F4 = after, apart: int = 1 << k) -> None:
            denoise.smooth(a, b, width, height, apart, guide, noise, before, after)

        run_tiles(spread, height, ROWS, threads)
        run_tiles(smooth, height, ROWS, threads)
    return light if rounds % 2 == 0 else out


def light_up(picture: Picture, layers: Layers) -> F8:
    """Trace, smooth, and write radiance into the layers; the rows' sums of logarithms for exposure."""
    seen, width, height = trace(picture), picture.width, picture.height
    eye = picture.optics.rows[len(picture.optics.rows) // 2, EYE : EYE + 3].copy()
    rounds = denoise.ROUNDS if picture.camera.denoise else 0
    light, logs = denoised(seen, width, height, eye, rounds, picture.threads), np.empty(height)
    run_tiles(lambda a, b: denoise.join(a, b, seen, light, layers.light), width * height, 32768, picture.threads)
    if picture.air is not None:
        picture.air.veil_picture(layers)

    def metered(a: int, b: int) -> None:
        denoise.meter(a, b, width, height, layers.key, layers.light, logs)

    run_tiles(metered, height, ROWS, picture.threads)
    return logs
