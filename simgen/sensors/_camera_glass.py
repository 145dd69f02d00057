"""The lens and what is on it: from the scene's radiance to the light on the imager, as luminance of an even field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import glass
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F2, F4, F8
from simgen.sensors._camera_flare import add_flare
from simgen.sensors._camera_grime import dirt_map, drop_table, grown_dirt, mist_map, scratch_map
from simgen.sensors._camera_spread import blurred, glow, out_of_focus

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors.camera import Camera

_ROWS: Final = 32
#: dirt scatters its light so far, as a share of the picture's width
_DIRT_SCATTER: Final = 0.12
#: scratches throw it sideways, over the whole picture
_SCRATCH_SCATTER: Final = 0.35
#: share of what dirt takes that it sends on, scattered forward
_DIRT_FORWARD: Final = 0.35
#: a drop shows so much of the picture from its middle to its rim, as a share of the width
_DROP_VIEW: Final = 0.3
#: a drop's own view is out of focus by so much, as a share of the width
_DROP_BLUR: Final = 0.004


@lru_cache(maxsize=8)
def falloff(camera: Camera) -> F4:
    """Share of the light that each pixel of an even field gets, (H, W), 1 in the middle.

    ``1 - v + v cos^4`` of the angle to the axis, times ``1 - b (r / corner)^4`` for the barrel.
    """
    lens, optics = camera.projection, camera.optics
    x = np.arange(lens.width) + 0.5 - lens.cx
    y = np.arange(lens.height)[:, None] + 0.5 - lens.cy
    cosine = _cosine(camera)
    r2 = (x * x + y * y) / corner_px(camera) ** 2
    share = 1.0 - optics.vignetting * (1.0 - np.maximum(cosine, 0.0) ** 4)
    dim = np.asarray(share * (1.0 - optics.corner_loss * r2 * r2), np.float32)
    dim.setflags(write=False)
    return dim


@lru_cache(maxsize=8)
def lens_share(camera: Camera) -> float:
    """What the lens leaves of the light, as a meter behind it sees it: geometric mean over the picture."""
    if camera.optics.vignetting == camera.optics.corner_loss == 0.0:
        return 1.0
    return math.exp(float(np.log(np.maximum(falloff(camera), 1e-3), dtype=np.float64).mean()))


def _cosine(camera: Camera) -> F8:
    """Cosine of each pixel's angle to the axis."""
    lens = camera.projection
    rays = lens.unproject(lens.pixel_centres()).reshape(lens.height, lens.width, 3)
    return np.asarray(np.nan_to_num(rays[..., 2] / np.sqrt((rays * rays).sum(-1))))


def corner_px(camera: Camera) -> float:
    """From the principal point to the farthest corner."""
    lens = camera.projection
    return math.hypot(max(lens.cx, lens.width - lens.cx), max(lens.cy, lens.height - lens.cy))


def angle_px(camera: Camera, degrees: float) -> float:
    """An angle near the axis in pixels."""
    return camera.projection.fx * math.tan(math.radians(degrees))


def left_clear(camera: Camera, shot: Shot) -> F2:
    """Share of every pixel's light that passes everything on the glass undisturbed, (H, W)."""
    clear = np.ones((camera.height, camera.width), np.float32)
    if camera.glass is not None:
        from simgen.sensors._camera_drops import clear_share

        clear = clear_share(camera, shot)
    around = shot.surroundings
    for share in Glass(camera, shot.time_ns, 1.0, around.seed, around.threads, shot).disturbed():
        clear = clear * (1.0 - share)
    return np.asarray(clear, np.float16)


class Glass:
    """One picture on its way through the glass."""

    def __init__(
        self, camera: Camera, time_ns: int, white: float, seed: int, threads: int, shot: Shot | None = None
    ) -> None:
        """``white``: luminance that saturates, cd/m2; ``shot``: for dirt that gathers on the way."""
        self.camera, self.time_ns, self.white, self.seed, self.threads = camera, time_ns, white, seed, threads
        self.shot = shot

    def through(self, image: F4) -> F4:
        """Everything in the light's order: what sticks to the front, the lens, its halo."""
        for step in (
            self._drops,
            self._mist,
            self._dirt,
            self._scratches,
            self._lens,
            self._blur,
            self._halo,
            self._flare,
        ):
            image = step(image)
        return image

    def disturbed(self) -> Iterator[F4]:
        """Share of every pixel's light that each fault of the glass bends, scatters or takes, (H, W)."""
        if (table := self._drop_table()) is not None:
            shape = (self.camera.height, self.camera.width, 3)
            out, none = np.ones(shape, np.float32), np.zeros(shape, np.float32)
            self._tiles(lambda a, b: glass.drops(a, b, table, 0.0, none, none, out))
            yield 1.0 - out[..., 0]
        for share in (self._mist_share(), self._dirt_share(), self._scratch_share()):
            if share is not None:
                yield share

    def _drop_table(self) -> F8 | None:
        fault = self.camera.faults.drops
        if fault is None or not fault.is_on(self.time_ns):
            return None
        return drop_table(fault, self.camera.width, self.camera.height, self.seed, self.camera.name)

    def _mist_share(self) -> F4 | None:
        fault = self.camera.faults.condensation
        if fault is None or not fault.is_on(self.time_ns):
            return None
        return mist_map(fault, self.camera.width, self.camera.height, self.seed, self.camera.name)

    def _dirt_share(self) -> F4 | None:
        fault, size = self.camera.faults.dirt, (self.camera.width, self.camera.height)
        if fault is None or not fault.is_on(self.time_ns):
            return None
        if not fault.grows:
            return dirt_map(fault, *size, self.seed, self.camera.name)
        from simgen.sensors._pane import dirt_at

        return grown_dirt(fault, dirt_at(fault, self.time_ns, self.shot), *size, self.seed, self.camera.name)

    def _scratch_share(self) -> F4 | None:
        fault = self.camera.faults.scratches
        if fault is None or not fault.is_on(self.time_ns):
            return None
        return scratch_map(fault, self.camera.width, self.camera.height, self.seed, self.camera.name)

    def _tiles(self, work: object) -> None:
        run_tiles(work, self.camera.height, _ROWS, self.threads)  # type: ignore[arg-type]

    def _mixed(self, image: F4, share: F4, haze: F4) -> F4:
        out = np.empty_like(image)
        self._tiles(lambda a, b: glass.veil(a, b, share, image, haze, out))
        return out

    def _drops(self, image: F4) -> F4:
        if (table := self._drop_table()) is None:
            return image
        soft = blurred(image, max(_DROP_BLUR * self.camera.width, 0.7), self.threads)
        out, wide = image.copy(), _DROP_VIEW * self.camera.width
        self._tiles(lambda a, b: glass.drops(a, b, table, wide, image, soft, out))
        return out

    def _mist(self, image: F4) -> F4:
        fault, share = self.camera.faults.condensation, self._mist_share()
        if fault is None or share is None:
            return image
        return self._mixed(image, share, glow(image, angle_px(self.camera, fault.size_deg), self.threads))

    def _dirt(self, image: F4) -> F4:
        if (share := self._dirt_share()) is None:
            return image
        haze = glow(image, _DIRT_SCATTER * self.camera.width, self.threads) * np.float32(_DIRT_FORWARD)
        return self._mixed(image, share, haze)

    def _scratches(self, image: F4) -> F4:
        if (share := self._scratch_share()) is None:
            return image
        return self._mixed(image, share, glow(image, _SCRATCH_SCATTER * self.camera.width, self.threads))

    def _lens(self, image: F4) -> F4:
        optics, lens = self.camera.optics, self.camera.projection
        red, blue = optics.chromatic_red_px, optics.chromatic_blue_px
        if red == blue == optics.vignetting == optics.corner_loss == 0.0:
            return image
        corner, out, dim = corner_px(self.camera), np.empty_like(image), falloff(self.camera)
        center, scale = np.array([lens.cx, lens.cy]), np.array([1.0 + red / corner, 1.0, 1.0 + blue / corner])
        self._tiles(lambda a, b: glass.shift(a, b, center, scale, dim, image, out))
        return out

    def _blur(self, image: F4) -> F4:
        fault = self.camera.faults.defocus
        if fault is not None and fault.is_on(self.time_ns):
            image = out_of_focus(image, fault.radius_px, self.threads)
        return blurred(image, self.camera.core_px, self.threads)

    def _halo(self, image: F4) -> F4:
        optics = self.camera.optics
        if optics.glare == 0.0:
            return image
        share, kept = np.float32(optics.glare), np.float32(1.0 - optics.glare)
        return image * kept + glow(image, angle_px(self.camera, optics.glare_deg), self.threads) * share

    def _flare(self, image: F4) -> F4:
        return add_flare(self.camera, image, self.white, self.threads)


__all__ = ["Glass", "angle_px", "corner_px", "falloff", "left_clear", "lens_share"]
