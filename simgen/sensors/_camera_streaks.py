"""Drops, flakes and stones in a camera's picture, one by one; loaded only where there are any.

Nearer than its reach (:mod:`simgen.sensors._streak_reach`) a particle is geometry: where it is while the shutter is
open is projected like anything else. It hides a share of what is behind it and shows light of its own: water shows the
scene upside down, flakes and ice are lit by sky, sun and lamps.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import matrix_from_quat
from simgen.kernels import drop_light, streak_marks, streaks
from simgen.kernels.tiles import run_tiles
from simgen.kernels.wave import EYE, OPTICS_COLUMNS, SUN, SUN_LUX, TURN
from simgen.records.air import Near
from simgen.records.base import F4, F8, Bool
from simgen.records.rays import Rays
from simgen.sensors._camera_tables import path_of
from simgen.sensors._drop_scatter import WATER, mixture, phases, samples
from simgen.sensors._particles import kinds_of, near
from simgen.sensors._streak_reach import NEAREST_M, Reach, half_angle
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.kernels.wave import Layers
    from simgen.sensors._camera_render import Picture

#: particles a tile
_TILE: Final = 4096
#: rows of pixels a band
_BAND: Final = 24
#: pixels of the picture that are one of what drops show
_COARSE: Final = 8
#: cells of the table of what surrounds drops
_ROWS, _COLUMNS = 14, 24
#: the sun is asked for shadows if it gives this share of the light
_SUNNY: Final = 0.1


def draw(picture: Picture, layers: Layers, linear: F4, reach: Reach) -> F4:
    """Draw what is within reach over a finished picture; what is left of every pixel's light, (H W,).

    ``linear``: as ``layers.light``, without the cut at white, or without rows.
    """
    return Streaks(picture, reach).draw(layers, linear)


class Streaks:
    """The particles of one picture."""

    def __init__(self, picture: Picture, reach: Reach) -> None:
        self.picture, self.reach = picture, reach
        self.camera, self.shot = picture.camera, picture.shot
        self.threads, self.origin = picture.threads, picture.view.motion.origin
        self.count = picture.width * picture.height
        self.exposure_s = picture.settings.time_s
        self.pose = self._pose()
        self.kinds = np.zeros((max(len(reach.far), 1), streaks.KIND_COLUMNS))
        for k, kind in enumerate(kinds_of(self.shot.surroundings)):
            self.kinds[k, :2] = mixture(kind)
            self.kinds[k, streaks.INDEX] = WATER if kind.looks == "water" else 0.0

    def _pose(self) -> F8:
        """The camera's pose at the frame's time, as a row of optics."""
        position, quaternion = self.shot.track.at(self.shot.time_ns)
        pose = np.zeros(OPTICS_COLUMNS)
        pose[EYE : EYE + 3] = position - self.origin
        pose[TURN : TURN + 9] = matrix_from_quat(quaternion).ravel()
        return pose

    def draw(self, layers: Layers, linear: F4) -> F4:
        """As :func:`draw`."""
        found, passed = self.near(), np.ones(self.count, np.float32)
        if len(found.key) == 0:
            return passed
        around = self.around(layers.light)
        streak, level = self.follow(found, around)
        order = np.argsort(level, kind="stable")[::-1]
        order = np.ascontiguousarray(order[np.searchsorted(-level[order].astype(np.int64), -65534) :])
        height, bands = self.picture.height, -(-self.picture.height // _BAND)
        start = np.zeros(bands + 1, np.int64)
        streak_marks.count_tiles(order, streak, height, _BAND, start)
        listed = np.empty(int(start[-1]), np.int64)
        streak_marks.fill_tiles(order, streak, height, _BAND, start, listed)
        surface, light, kinds = layers.surface, layers.light, self.kinds

        def lay(a: int, b: int) -> None:
            streak_marks.lay(a, b, _BAND, around, kinds, streak, start, listed, surface, light, linear, passed)

        run_tiles(lay, bands, 1, self.threads)
        return passed

    def near(self) -> Near:
        """All within reach that may come into view."""
        t = self.pose[TURN : TURN + 9].reshape(3, 3)
        fastest = max(float(kind.fall_speed.max(initial=0.0)) for kind in kinds_of(self.shot.surroundings))
        # what crosses the border while the shutter is open
        margin = 0.02 + math.atan(0.5 * (fastest + self._speed()) * self.exposure_s)
        angle = min(half_angle(self.camera) + margin, math.pi)
        if self.camera.readout_s > 0.0:
            angle = min(angle + math.atan(0.5 * self._speed() * self.camera.readout_s), math.pi)
        center = self.pose[EYE : EYE + 3] + self.origin
        around = self.shot.surroundings
        return near(around, self.shot.time_ns, self.origin, center, self.reach.far, t[:, 2], angle)

    def _speed(self) -> float:
        """Of the camera, m/s."""
        track = self.shot.track
        if len(track.time_ns) < 2:
            return 0.0
        way = float(np.linalg.norm(track.position[-1] - track.position[0]))
        return way * NS_PER_S / float(max(track.time_ns[-1] - track.time_ns[0], 1))

    def around(self, light: F4) -> drop_light.Around:
        """What drops see: the picture so far, in large pixels."""
        picture, lens = self.picture, self.camera.projection
        coarse = np.empty((-(-picture.height // _COARSE), -(-picture.width // _COARSE), 3), np.float32)

        def coarsened(a: int, b: int) -> None:
            streak_marks.coarsen(a, b, picture.width, picture.height, _COARSE, picture.settings.white, light, coarse)

        run_tiles(coarsened, len(coarse), 8, self.threads)
        return drop_light.Around(
            picture.width, picture.height, lens.number, lens.coefficients, self.pose, coarse, picture.light.sky
        )

    def follow(self, found: Near, around: drop_light.Around) -> tuple[F4, np.ndarray]:
        """Where particles are while the shutter is open, and their light."""
        table = np.empty((_ROWS + 1, _COLUMNS + 1, 2, 3), np.float32)
        weights = samples()
        run_tiles(lambda a, b: drop_light.light_up(a, b, around, weights, table), len(table), 1, self.threads)
        air = streaks.Air(self.picture.light, phases(), table, self.reach.rest)
        shutter, shaded = self._shutter(), self._shaded(found)
        streak = np.empty((len(found.key), streaks.STREAK_COLUMNS), np.float32)
        level = np.empty(len(found.key), np.uint16)
        kinds = self.kinds

        def followed(a: int, b: int) -> None:
            streaks.follow(
                a,
                b,
                shutter,
                air,
                kinds,
                found.position,
                found.velocity,
                found.diameter,
                found.kind,
                found.key,
                shaded,
                streak,
                level,
            )

        run_tiles(followed, len(level), _TILE, self.threads)
        return streak, level

    def _shutter(self) -> streaks.Shutter:
        """The camera's poses over the exposures of all rows."""
        camera, motion, time_ns = self.camera, self.picture.view.motion, self.shot.time_ns
        lens = camera.projection
        path, _ = path_of(camera, self.shot.track, motion, time_ns, self.exposure_s)
        span = motion.end_ns - motion.start_ns
        times = (motion.start_ns - time_ns + path[:, -1] * span) / NS_PER_S if span > 0 else np.zeros(1)
        return streaks.Shutter(
            lens.width,
            lens.height,
            lens.number,
            lens.coefficients,
            path,
            np.ascontiguousarray(times),
            camera.readout_s,
            self.exposure_s,
            max(NEAREST_M, camera.near_m),
            camera.aperture_m,
            camera.optics.focus_m or 1.0,
        )

    def _shaded(self, found: Near) -> Bool:
        """Which of them lie in the shade; no rows where the sun hardly counts."""
        value = self.picture.light.values
        sun = float(value[SUN_LUX, 1])
        if sun * max(float(value[SUN, 2]), 0.0) < _SUNNY * self.shot.surroundings.light.horizontal_lux:
            return np.zeros(0, np.bool_)
        count, single = len(found.key), np.float32
        rays = Rays(
            origin=np.ascontiguousarray(found.position, single),
            direction=np.tile(value[SUN].astype(single), (count, 1)),
            time=np.full(count, self.picture.view.motion.ray_time(self.shot.time_ns), single),
            near=np.zeros(count, single),
            far=np.full(count, np.inf, single),
        )
        return np.asarray(self.picture.view.occluded(rays))
