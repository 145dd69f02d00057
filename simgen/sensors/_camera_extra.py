"""Extra rays of a picture: for pixels on edges, and for those that motion or lack of focus smears.

Most pixels get by with the one ray through their centre. Those on a visible edge get a few more, at the same instant.
Those that something smears while the shutter is open, or out of focus, get rays spread over the pixel, the exposure and
the aperture instead; their mean in linear light is what they show. Where everything about a pixel moves alike (a road
under a moving camera), all that passes over it is in the picture already: it takes the mean along its way, and no ray.
Labels stay those of the one ray.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import image
from simgen.kernels.tiles import run_tiles
from simgen.kernels.wave import PLACE_COLUMNS, PLACE_START, Layers, Onward
from simgen.records.base import F4, F8, I8, U1, Bool
from simgen.rng import stream_key
from simgen.sensors._camera_carriers import carriers
from simgen.sensors._camera_onward import new_onward, nowhere
from simgen.sensors._camera_tables import new_layers, path_of, sub_pixel, with_rays

if TYPE_CHECKING:
    from simgen.sensors._camera_render import Picture

#: samples of a pixel that motion or defocus smears, by how far (:data:`simgen.kernels.smear_reach.LEVELS`)
SMEARED: Final = (7, 13, 17)
#: factors and offsets of their lattices in column, row, area and angle of the aperture: the ones with which these
#: hardly depend on time and on one another (found by search)
_LATTICE: Final = {
    7: ((2, 3), (4, 2), (5, 1), (4, 1)),
    13: ((3, 10), (9, 1), (2, 3), (6, 4)),
    17: ((5, 13), (14, 0), (9, 10), (2, 13)),
}
#: rows a tile of the kernels that look at neighbours, and samples a tile
_ROWS: Final = 16
_TILE: Final = 2048
#: smeared pixels that are traced together: their samples take some 200 bytes each
_BATCH: Final = 65536


class Extra:
    """The extra rays of one picture."""

    def __init__(self, picture: Picture, layers: Layers, onward: Onward, share: F4, white: float, linear: F4) -> None:
        self.picture, self.layers, self.onward = picture, layers, onward
        self.share, self.white, self.linear = share, white, linear
        self.width, self.height, self.threads = picture.width, picture.height, picture.threads

    def refine(self) -> None:
        """Take the mean of extra samples wherever they can be seen to matter."""
        edges, smeared = self._edges(), self._smeared()
        if smeared is None:
            self._sample_edges(np.flatnonzero(edges).astype(np.int64))
            return
        alike = smeared > len(SMEARED)
        self._sample_edges(np.flatnonzero(edges & ((smeared == 0) | alike)).astype(np.int64))
        # what was gathered is put in at the end: every pixel must find its neighbours sharp
        together = np.flatnonzero(alike).astype(np.int64)
        shown, plain = self._gathered(together)
        for level, samples in enumerate(SMEARED):
            pixels = np.flatnonzero(smeared == level + 1).astype(np.int64)
            for first in range(0, len(pixels), _BATCH):
                self._sample_exposure(pixels[first : first + _BATCH], samples)
        self.layers.light[together, :3] = shown
        if len(self.linear):
            self.linear[together] = plain

    def _edges(self) -> Bool:
        """Pixels on visible edges, bool (H W)."""
        picture, layers, edge = self.picture, self.layers, np.zeros(self.width * self.height, np.uint8)
        if picture.camera.antialias == 0:
            return edge > 0

        def marked(a: int, b: int) -> None:
            image.find_edges(
                a,
                b,
                self.width,
                self.height,
                picture.lens,
                picture.rays,
                layers.surface,
                layers.light,
                layers.key,
                edge,
            )

        run_tiles(marked, self.height, _ROWS, self.threads)
        return edge > 0

    def _sample_edges(self, pixels: I8) -> None:
        if len(pixels) == 0:
            return
        picture, extra = self.picture, self.picture.camera.antialias
        corner = np.stack([pixels % self.width, pixels // self.width], -1).astype(np.float32)
        places = np.ascontiguousarray((corner[:, None, :] + sub_pixel(extra)).reshape(-1, 2))
        if len(picture.rays):
            places = with_rays(picture.camera.projection, places, PLACE_START, self.threads)
        self._trace(pixels, places, extra, None)

    def _smeared(self) -> U1 | None:
        """How far motion or lack of focus smears each pixel, (H W): 0 = not, else an index into ``SMEARED`` + 1.

        One more than those has what moves with all about it. None if nothing moves and all is sharp.

        From here on the picture's optics know the camera's path over the exposure.
        """
        picture, camera = self.picture, self.picture.camera
        motion, time_s = picture.view.motion, picture.settings.time_s
        self.aperture, self.focus = camera.aperture_m, camera.optics.focus_m or 1.0
        path, exposure = path_of(camera, picture.shot.track, motion, picture.shot.time_ns, time_s)
        rides = bool((path[:, :-1] != path[0, :-1]).any())
        moves = exposure > 0.0 and (rides or bool(motion.moving.any()))
        if not moves and self.aperture == 0.0:
            return None
        # loaded and compiled for those cameras alone
        from simgen.kernels import smear_reach as reach
        from simgen.kernels.smear import find_smear

        picture.optics = picture.optics._replace(path=path, exposure=exposure if moves else 0.0)
        stage = picture.shot.surroundings.stage
        self.roots, part_start, parts = carriers(stage, motion, picture.shot.time_ns, time_s if moves else 0.0)
        count, layers = self.width * self.height, self.layers
        self.smear = smear = np.empty((count, 3), np.float32)
        mark = np.zeros(count, np.uint8)
        blocks = np.zeros((reach.TOGETHER, -(-self.height // reach.BLOCK), -(-self.width // reach.BLOCK)), np.uint8)

        def found(a: int, b: int) -> None:
            find_smear(
                a,
                b,
                picture.optics,
                picture.bodies,
                self.roots,
                part_start,
                parts,
                self.aperture,
                self.focus,
                picture.centres,
                layers.surface,
                layers.instance,
                smear,
            )

        run_tiles(found, count, 16 * _TILE, self.threads)
        for work in (
            lambda a, b: reach.spread(a, b, self.width, self.height, layers.light, smear, blocks),
            lambda a, b: reach.pick(a, b, self.width, blocks, mark),
        ):
            run_tiles(work, self.height, _ROWS, self.threads)
        return mark

    def _gathered(self, pixels: I8) -> tuple[F4, F4]:
        """Means (N, 3) along the way of pixels whose surroundings move as they do: cut at white before, and not."""
        from simgen.kernels.smear_reach import gather

        shown, plain = np.empty((len(pixels), 3), np.float32), np.empty((len(pixels), 3), np.float32)

        def gathered(a: int, b: int) -> None:
            gather(a, b, self.width, self.height, self.layers.light, self.smear, self.white, pixels, shown, plain)

        run_tiles(gathered, len(pixels), 16 * _TILE, self.threads)
        return shown, plain

    def _sample_exposure(self, pixels: I8, samples: int) -> None:
        from simgen.kernels.smear_samples import fill_samples

        picture, pattern = self.picture, pattern_of(samples)
        # short smears have no steps to hide
        shifted = samples == SMEARED[-1]
        places = np.empty((len(pixels) * samples, PLACE_COLUMNS), np.float32)
        # a signed word for the kernel
        key = stream_key(picture.shot.surroundings.seed, picture.camera.name, "exposure", picture.shot.index) >> 1

        def filled(a: int, b: int) -> None:
            fill_samples(a, b, pattern, shifted, picture.optics, self.aperture, self.focus, key, pixels, places)

        run_tiles(filled, len(pixels), _TILE, self.threads)
        self._trace(pixels, places, samples, self.roots)

    def _trace(self, pixels: I8, places: F4, per_pixel: int, roots: I8 | None) -> None:
        """Cast the samples of some pixels and average them: with the pixel's own ray, or over an exposure without."""
        from simgen.kernels.camera import FLOW_OFF

        picture, layers, onward = self.picture, self.layers, self.onward
        more = new_layers(len(places), flow=False)
        samples = new_onward(len(places)) if len(onward.kind) else nowhere()
        picture.trace(places, more, FLOW_OFF, samples, sky=0)
        home = places if roots is None else self._home(places, more, roots)
        picture.follower.borrow(layers.key, onward, home, more, samples)

        def averaged(a: int, b: int) -> None:
            image.average(
                a,
                b,
                self.width,
                self.height,
                layers.surface,
                layers.light,
                layers.key,
                self.share,
                pixels,
                home,
                more.surface,
                more.light,
                more.key,
                per_pixel,
                roots is None,
                self.white,
                self.linear,
            )

        run_tiles(averaged, len(pixels), _TILE, self.threads)

    def _home(self, places: F4, more: Layers, roots: I8) -> F4:
        """Where at the rows' own time what each sample met is."""
        from simgen.kernels.smear import locate

        picture, home = self.picture, np.zeros_like(places)

        def located(a: int, b: int) -> None:
            locate(a, b, picture.optics, picture.bodies, roots, places, more.surface, more.instance, home)

        run_tiles(located, len(places), _TILE, self.threads)
        return home


@lru_cache(maxsize=8)
def pattern_of(count: int) -> F8:
    """Shares of time, column, row, area and angle of the aperture for so many samples, (count, 5), all of mean 0.5.

    A rank-1 lattice: ``((s m + o) mod count + 0.5) / count``.
    """
    s = np.arange(count)
    columns = [s, *((s * m + o) % count for m, o in _LATTICE[count])]
    return np.ascontiguousarray((np.stack(columns, -1) + 0.5) / count)


__all__ = ["SMEARED", "Extra", "pattern_of"]
