"""Volumes and lit air of one picture; loaded only where there are volumes, or lamps in air that scatters.

The grid (:mod:`simgen.kernels.haze`) is made once a picture and looked up by every ray that starts at the lens. What
mirrors and panes send on is seen without it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import haze as kernels
from simgen.kernels import haze_look as looks
from simgen.kernels.camera import stage_aim
from simgen.kernels.haze_tables import HERE, LEAVES, NEARBY, PHASE_STEPS, Clouds, Haze
from simgen.kernels.tiles import run_tiles
from simgen.kernels.trace import occluded_range
from simgen.kernels.volume_tables import LAYER, SHAPE
from simgen.kernels.wave import (
    DEPTH,
    EYE,
    HARMONICS,
    LAMP_CD,
    LAMP_PLACE,
    LAMP_RADIUS,
    LAMP_REACH,
    LENGTH,
    PLACE_START,
    RAY_TIME,
    SUN_LUX,
    TURN,
    VIEW,
    Layers,
    Onward,
    Wave,
    new_wave,
)
from simgen.records.air import LOBES, RGB_NM, Medium
from simgen.records.base import F4, F8, U1, Bool
from simgen.records.lights import LUMINANCE_RGB
from simgen.records.rays import Rays, RayView
from simgen.records.volume import Volume
from simgen.sensors._camera_onward import no_rays, nowhere
from simgen.sensors._camera_seen import sight
from simgen.sensors._camera_tables import with_rays
from simgen.sensors._volumes import volumes_of

if TYPE_CHECKING:
    from simgen.sensors._camera_render import Picture

#: pixels a block where there are puffs and boxes, and where not, at least and at most; blocks across the picture
_FINE_PX: Final = (2, 8)
_COARSE_PX: Final = (4, 16)
_BLOCKS: Final = (160, 80)
#: slices, end of the first, and farthest end of the last, m
_SLICES: Final = 48
_LAMP_SLICES: Final = 32
_NEAR_M: Final = 0.5
_FAR_M: Final = 2000.0
#: how far from a lamp the air is lit, m
_LIT_M: Final = 200.0
#: pixels a tile
_PIXELS: Final = 8192
#: optical depth after which nothing is seen
_BLACK: Final = 9.0
#: a lamp's nearest pixels: an angle of so many blocks
_CORE_BLOCKS: Final = 3.0
#: glow of a lamp, by that of the air around, that nobody sees; how much brighter than even phase functions may be
_FAINT: Final = 0.005
_PEAKED: Final = 10.0
_FLOOR: Final = 1e-4


def matters(lamps: F4, medium: Medium, airlight: F8) -> bool:
    """Whether the light of lamps in a medium can be seen: against the air's own, which hides it by day."""
    if not len(lamps) or not medium.lobes.any():
        return False
    candela = float((lamps[:, LAMP_CD : LAMP_CD + 3] @ np.array(LUMINANCE_RGB, np.float32)).max())
    # half a metre beside it
    glow = candela * float(medium.lobes_at(RGB_NM[1]).sum()) * _PEAKED / (4.0 * math.pi * 0.5)
    return glow > max(_FAINT * float(airlight @ np.array(LUMINANCE_RGB)), _FLOOR)


class Air:
    """The grid of one picture."""

    def __init__(self, picture: Picture) -> None:
        self.picture, self.light, self.threads = picture, picture.light, picture.threads
        self.origin = picture.view.motion.origin
        self.volumes = dimming(picture.shot.surroundings.volumes)
        self.clouds = clouds_of(self.volumes, self.origin)
        self.haze = self._grid(picture.medium)
        self._fill()

    def _grid(self, medium: Medium) -> Haze:
        picture, light = self.picture, self.light
        puffs = any(volume.shape != "layer" for volume in self.volumes)
        least, most = _FINE_PX if puffs else _COARSE_PX
        side = min(max(picture.width // _BLOCKS[0 if puffs else 1], least), most)
        columns, rows = -(-picture.width // side), -(-picture.height // side)
        corners = _corners(columns, rows, picture.width / columns, picture.height / rows)
        node = self._rays(corners, columns)
        media = (medium, *(volume.medium for volume in self.volumes))
        scattering, passes, depth = (np.array([f(medium, nm) for nm in RGB_NM]) for f in (_scatters, _passes, _dims))
        slices = _SLICES if self.volumes else _LAMP_SLICES
        ends = _ends(self._far(node, depth), slices)
        count = len(node)
        return Haze(
            node=node,
            ends=ends,
            left=np.empty((count if self.volumes else 0, slices + 1, 3), np.float32),
            glow=np.empty((count, slices + 1, 3), np.float32),
            phase=_turned(sum(media[1:], media[0])),
            lamp=self._lamps(medium),
            medium=np.stack([depth, scattering, passes, light.values[HARMONICS] / math.pi]),
            columns=columns,
            rows=rows,
            wide=picture.width / columns,
            high=picture.height / rows,
            core=_CORE_BLOCKS * side / picture.lens[0],
            covered=any(volume.shape == "layer" for volume in self.volumes),
        )

    def _rays(self, corners: F4, columns: int) -> F4:
        """Where the rays through corners begin and where they go, (N, 6); a corner that the lens does not see has the
        ray of the nearest that it does.
        """
        optics, lens = self.picture.optics, self.picture.camera.projection
        places = with_rays(lens, corners, PLACE_START, self.threads)
        way = places[:, 2:5].astype(np.float64)
        seen = (way != 0.0).any(-1)
        if not seen.all():
            way[~seen] = way[seen][_nearest(corners[~seen], corners[seen])]
        row = np.zeros(len(corners), np.int64)
        if len(optics.rows) > 1:
            row = np.clip(corners[:, 1].astype(np.int64), 0, len(optics.rows) - 1)
        turn = optics.rows[row, TURN : TURN + 9].reshape(-1, 3, 3)
        world = (turn * way[:, None, :]).sum(-1)
        world /= np.sqrt((world**2).sum(-1, keepdims=True))
        return np.concatenate([optics.rows[row, EYE : EYE + 3], world], -1).astype(np.float32)

    def _far(self, node: F4, depth: F8) -> float:
        """Where the grid ends: past what volumes hold and lamps light, and not where nothing is seen anyway."""
        eye, far = node[:, :3].astype(np.float64).mean(0), 10.0
        for volume in self.volumes:
            reach = 5.0 * max(volume.size_m) if volume.shape == "puff" else math.sqrt(3.0) * max(volume.size_m)
            away = float(np.sqrt(((np.array(volume.center_m) - self.origin - eye) ** 2).sum())) + reach
            far = max(far, _FAR_M if volume.shape == "layer" else away)
        if len(self.light.lamps):
            away = np.sqrt(((self.light.lamps[:, LAMP_PLACE : LAMP_PLACE + 3] - eye) ** 2).sum(-1))
            far = max(
                far,
                float((away + np.minimum(self.light.lamps[:, LAMP_REACH], _LIT_M)).max()),
            )
        return min(far, _FAR_M, _BLACK / max(float(depth.min()), 1e-9))

    def _lamps(self, medium: Medium) -> F8:
        """What is around each lamp, (L, 7)."""
        lamps = self.light.lamps
        rows = np.zeros((len(lamps), NEARBY + 1))
        around = [(medium, np.ones(len(lamps)))]
        if len(lamps):
            at = lamps[:, LAMP_PLACE : LAMP_PLACE + 3].astype(np.float64) + self.origin
            around += [(v.medium, v.density(at)) for v in self.volumes if v.shape == "layer"]
        for some, density in around:
            for c, nm in enumerate(RGB_NM):
                rows[:, HERE + c] += _scatters(some, nm) * density
                rows[:, LEAVES + c] += _passes(some, nm) * density
        if len(lamps):
            rows[:, NEARBY] = self._in_sight() & (rows[:, HERE] > 0.0)
        return rows

    def _in_sight(self) -> Bool:
        """Whether the camera sees each lamp."""
        lamps, rows = self.light.lamps, self.picture.optics.rows
        eye = rows[len(rows) // 2, EYE : EYE + 3].astype(np.float32)
        way = lamps[:, LAMP_PLACE : LAMP_PLACE + 3] - eye
        far = np.sqrt((way**2).sum(-1))
        count = len(lamps)
        reach = np.maximum(far - lamps[:, LAMP_RADIUS] - np.float32(0.1), np.float32(1e-4))
        blocked = self._blocked(np.tile(eye, (count, 1)), way / far[:, None], reach, count)
        return np.asarray(~blocked)

    def _blocked(self, origin: F4, direction: F4, far: F4, count: int) -> Bool:
        """Whether something is in the way of the first rays."""
        view: RayView = self.picture.view
        rows = self.picture.optics.rows
        time, near = (
            np.full(count, rows[len(rows) // 2, RAY_TIME], np.float32),
            np.zeros(count, np.float32),
        )
        o, d, f = (np.ascontiguousarray(a[:count], np.float32) for a in (origin, direction, far))
        if view.native is None:
            return np.asarray(
                view.occluded(Rays(origin=o, direction=d, time=time, near=near, far=f)),
                np.bool_,
            )
        blocked = np.empty(count, np.bool_)
        occluded_range(
            view.native.occluded8,
            view.native.scene,
            0,
            count,
            o,
            d,
            time,
            near,
            f,
            blocked,
        )
        return blocked

    def veil(self, first: int, places: F4, wave: Wave, layers: Layers, onward: Onward) -> None:
        """Dim and veil a tile of rays that has just been shaded and is still in its wave."""
        looks.veil(first, self.haze, self.light, places, wave, layers, onward)

    def veil_picture(self, layers: Layers) -> None:
        """The same for a picture whose light is finished: its pixels' centres stand for all that they show."""
        length, _ = sight(self.picture)
        places, optics = self.picture.centres, self.picture.optics

        def veiled(first: int, last: int) -> None:
            wave = new_wave(last - first)
            stage_aim(optics, places, no_rays(), first, wave)
            wave.distance[:] = layers.surface[first:last, DEPTH]
            wave.state[:, LENGTH] = length[first:last]
            scale = np.maximum(length[first:last, None], 1e-12)
            wave.state[:, VIEW : VIEW + 3] = wave.direction / scale
            self.veil(first, places, wave, layers, nowhere())

        run_tiles(veiled, len(places), _PIXELS, self.threads)

    def dim(self, far: F8, share: F4) -> None:
        """Multiply shares of pixels (H W,) by what volumes let through up to distances."""
        if len(self.haze.left):
            places = self.picture.centres
            run_tiles(
                lambda a, b: looks.passing(a, self.haze, places, far[a:b], share),
                len(share),
                _PIXELS,
                self.threads,
            )

    def _fill(self) -> None:
        haze, light, clouds = self.haze, self.light, self.clouds
        slices, lamps, across = len(haze.ends) - 1, len(light.lamps), haze.columns + 1
        puffs = bool((clouds.row[:, SHAPE] != LAYER).any()) and bool(light.values[SUN_LUX].any())

        def filled(first: int, last: int) -> None:
            cells = (last - first) * slices
            sunny, lit = (
                np.ones(cells if puffs else 0, np.uint8),
                np.ones(cells * lamps, np.uint8),
            )
            for asked, marks in ((puffs, sunny), (lamps > 0, lit)):
                if asked:
                    self._shade(first, last, marks, marks is sunny)
            kernels.fill(first, last, haze, light, clouds, sunny, lit)

        run_tiles(filled, len(haze.node), across, self.threads)

    def _shade(self, first: int, last: int, marks: U1, sun: bool) -> None:
        """Put out the slices from which something hides the sun, or a lamp."""
        origin, direction = (
            np.empty((len(marks), 3), np.float32),
            np.empty((len(marks), 3), np.float32),
        )
        far, which = np.empty(len(marks), np.float32), np.empty(len(marks), np.int64)
        if sun:
            count = kernels.aim_sun(
                first,
                last,
                self.haze,
                self.light,
                self.clouds,
                origin,
                direction,
                far,
                which,
            )
        else:
            count = kernels.aim_lamps(first, last, self.haze, self.light, origin, direction, far, which)
        if count:
            marks[which[:count][self._blocked(origin, direction, far, count)]] = 0


def dimming(volumes: tuple[Volume, ...]) -> tuple[Volume, ...]:
    """Those in which light loses something: a change that has not begun has volumes of nothing."""
    return tuple(volume for volume in volumes if volume.dims)


def clouds_of(volumes: tuple[Volume, ...], origin: F8) -> Clouds:
    """Volumes for the kernels."""
    packed = volumes_of(volumes, RGB_NM, origin)
    seen = [v.medium for v in volumes]
    some = [m for m in seen if any(m.extinction_at(nm) > 0.0 or m.backscatter_at(nm) > 0.0 for nm in RGB_NM)]
    lobes = np.array([[m.lobes_at(nm) for nm in RGB_NM] for m in some]).reshape(-1, 3, len(LOBES))
    albedo = np.array([[m.albedo_at(nm) for nm in RGB_NM] for m in some]).reshape(-1, 3)
    cosine = np.array([[m.moment_at(nm, 1) for nm in RGB_NM] for m in some]).reshape(-1, 3)
    shares = lobes / np.maximum(lobes.sum(-1, keepdims=True), 1e-30)
    soft = 1.0 - albedo * cosine
    fades = np.sqrt(3.0 * np.maximum(1.0 - albedo, 0.0) * soft)
    return Clouds(packed.row, packed.lattice, packed.extinction, albedo, soft, fades, shares)


def _dims(medium: Medium, nm: float) -> float:
    return medium.extinction_at(nm)


def _scatters(medium: Medium, nm: float) -> float:
    return float(medium.lobes_at(nm).sum())


def _passes(medium: Medium, nm: float) -> float:
    """Extinction, but for what goes on forward (as in :mod:`simgen.sensors._camera_layer`)."""
    return medium.extinction_at(nm) - float((medium.lobes_at(nm) * np.array(LOBES) ** 2).sum())


def _ends(far: float, slices: int) -> F8:
    """Ends of slices, (K + 1,): each longer than the one before by the same factor, but for the first."""
    return np.concatenate([[0.0], _NEAR_M * (far / _NEAR_M) ** (np.arange(slices) / (slices - 1.0))])


@lru_cache(maxsize=4)
def _corners(columns: int, rows: int, wide: float, high: float) -> F4:
    """Corners of the blocks, row by row, ((rows + 1) (columns + 1), 2)."""
    v, u = np.meshgrid(np.arange(rows + 1) * high, np.arange(columns + 1) * wide, indexing="ij")
    return np.ascontiguousarray(np.stack([u, v], -1).reshape(-1, 2), np.float32)


def _nearest(of: F4, among: F4) -> np.ndarray:
    """For each position the nearest of others."""
    return np.array([int(((among - one) ** 2).sum(-1).argmin()) for one in of], np.int64)


def _turned(medium: Medium) -> F8:
    """The phase function integrated from straight on to angles, (PHASE_STEPS + 1, 3)."""
    fine = math.pi * (np.arange(16 * PHASE_STEPS + 1) / (16.0 * PHASE_STEPS)) ** 2
    middle = 0.5 * (fine[1:] + fine[:-1])
    table = np.zeros((PHASE_STEPS + 1, 3))
    for c, nm in enumerate(RGB_NM):
        if medium.lobes_at(nm).any():
            total = np.concatenate([[0.0], np.cumsum(medium.phase(nm, np.cos(middle)) * np.diff(fine))])
            table[:, c] = total[::16]
    return table


__all__ = ["Air", "matters"]
