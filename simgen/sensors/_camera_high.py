"""The light of a picture by bouncing paths, for cameras with ``quality: high``; loaded only for them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import denoise
from simgen.kernels import paths as kernels
from simgen.kernels.bsdf import albedo_table
from simgen.kernels.paths import Asking, Paths, Plan
from simgen.kernels.paths_light import SkyChances, sky_chances
from simgen.kernels.tiles import run_tiles
from simgen.kernels.trace import cast_range, occluded_range
from simgen.kernels.wave import EYE, Layers, Wave, new_wave
from simgen.records.base import F4, F8
from simgen.records.mesh import SurfaceTable
from simgen.records.rays import Rays, RayView
from simgen.rng import stream_key
from simgen.sensors._camera_tables import new_layers

if TYPE_CHECKING:
    from simgen.sensors._camera_render import Picture

#: paths a tile: enough that calls from Python do not count, few enough to stay in the cache
TILE: Final = 4096
#: how many mirrors and panes a path may meet besides its bounces
MIRRORS: Final = 6
#: the texture of what is met after the first turn is seen as by pixels this many times coarser
_COARSER: Final = 8.0
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


def _finish(s: SurfaceTable) -> F4:
    columns = (s.clearcoat, s.clearcoat_roughness, s.transmission, s.retro, s.has_lamp)
    return np.ascontiguousarray(np.stack([np.asarray(c, np.float32) for c in columns], -1))


def _new_asking(count: int) -> Asking:
    f = np.float32
    return Asking(
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, np.bool_),
        np.empty((count, 3), f),
        np.empty(count, np.int64),
    )


class _Room:
    """Scratch for the paths of one tile."""

    def __init__(self, count: int, columns: int) -> None:
        self.shape = count, columns
        self.wave: Wave = new_wave(count)
        self.layers: Layers = new_layers(count, flow=False)
        self.places = np.empty((count, columns), np.float32)
        self.sun, self.side = _new_asking(count), _new_asking(count)
        self.paths = Paths(
            np.empty((count, kernels.PATH_COLUMNS), np.float32),
            np.empty(count, np.int64),
            np.empty((count, kernels.SEEN_COLUMNS), np.float32),
        )

    @classmethod
    def of(cls, count: int, columns: int) -> _Room:
        """This thread's, for that many paths and columns of places."""
        room: _Room | None = getattr(_local, "room", None)
        if room is None or room.shape != (count, columns):
            room = _local.room = cls(count, columns)
        return room

    def part(self, count: int) -> Wave:
        """The wave's first rows."""
        return Wave._make(column[:count] for column in self.wave)


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


def trace(picture: Picture) -> F4:
    """Light and what is in view for every pixel, means over its samples: columns as in ``kernels.Paths.seen``."""
    camera, shot = picture.camera, picture.shot
    count = picture.width * picture.height
    key = stream_key(shot.surroundings.seed, "camera", camera.name, "paths", shot.index)
    plan = Plan(
        picture.width,
        camera.samples,
        camera.bounces,
        np.array([key & 0xFFFFFFFF, key >> 32], np.uint32),
        _albedo(),
        _finish(shot.surroundings.stage.surfaces),
    )
    chances, caster = _chances_of(picture.light.sky), _Caster(picture.view)
    coarse = picture.optics._replace(fx=picture.optics.fx / _COARSER)
    pixels = max(1, TILE // camera.samples)
    turns = camera.bounces + MIRRORS
    seen = np.empty((count, kernels.SEEN_COLUMNS + 1), np.float32)

    def tile(first: int, last: int) -> None:
        room = _Room.of(pixels * camera.samples, picture.centres.shape[1])
        under_way = (last - first) * camera.samples
        wave = room.part(under_way)
        kernels.begin(plan, picture.optics, first, room.places, room.paths, wave)
        for turn in range(turns + 1):
            caster.cast(wave)
            under_way, suns, sides = kernels.scatter(
                plan,
                picture.shapes,
                picture.bodies,
                coarse if turn else picture.optics,
                picture.light,
                chances,
                turn,
                turn == turns,
                room.places,
                room.paths,
                wave,
                room.layers,
                room.sun,
                room.side,
            )
            for asking, asked in ((room.sun, suns), (room.side, sides)):
                caster.ask(asking, asked)
                kernels.gather(asked, asking, room.paths)
            if under_way == 0:
                break
            wave = room.part(under_way)
        kernels.settle(camera.samples, first, last - first, room.paths, seen)

    run_tiles(tile, count, pixels, picture.threads)
    return seen


def denoised(seen: F4, width: int, height: int, eye: F8, rounds: int, threads: int | None) -> F4:
    """Light over colour and its variance, (P, 4), after that many rounds of smoothing."""
    count = width * height
    light, guide = np.empty((count, 4), np.float32), np.empty((count, denoise.GUIDE_COLUMNS), np.float32)
    noise, out = np.empty(count, np.float32), np.empty((count, 4), np.float32)
    run_tiles(lambda a, b: denoise.divide(a, b, eye, seen, light, guide), count, 32768, threads)
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
    run_tiles(lambda a, b: denoise.join(a, b, width, seen, light, layers.light, logs), height, ROWS, picture.threads)
    return logs
