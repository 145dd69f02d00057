"""What a depth camera's imager records of what it sees, and what the matching kernels need of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import depth_match, depth_noise
from simgen.kernels.depth_match import Answer, Image
from simgen.kernels.tiles import Tile, run_tiles
from simgen.records.base import F4, U1
from simgen.sensors._depth_view import Seen, noise_filter

if TYPE_CHECKING:
    from simgen.sensors._depth_camera import DepthCamera

#: shares of a full pixel that the mean of the picture and its brightest parts are exposed to, at most
SETPOINT: Final = 0.3
BRIGHTEST: Final = 0.9
#: percentile that counts as the brightest part: glints and lamps may overflow
_PERCENTILE: Final = 99.5
ROWS: Final = 16
_TILE: Final = 16384


class Exposed:
    """A viewpoint's picture in electrons; arrays are flat (H W).

    Exposure follows the mean of the picture and spares its bright parts, up to the device's longest; a full pixel shows
    no texture.
    """

    def __init__(self, camera: DepthCamera, seen: Seen, threads: int, exposure_s: float | None = None) -> None:
        self.camera, self.seen, self.threads = camera, seen, threads
        device = camera.device
        self.width, self.height = camera.projection.width, camera.projection.height
        light = seen.ambient + seen.pattern
        self.exposure_s = exposure_s or camera.imager_exposure_s or self._metered(light)
        gain, full = np.float32(device.electrons_per_cd_s_m2 * self.exposure_s), np.float32(device.full_well_e)
        self.electrons: F4 = np.minimum(light * gain, full)
        #: what the pattern adds
        self.signal: F4 = self.electrons - np.minimum(seen.ambient * gain, full)
        self.variance: F4 = self.electrons + np.float32(device.read_noise_e**2)

    def _metered(self, light: F4) -> float:
        device, rate = self.camera.device, self.camera.rate_hz or 30.0
        longest = min(device.max_exposure_s, 1.0 / rate)
        metered = np.minimum(light.reshape(self.height, self.width)[::2, ::2], np.float32(1e9)).astype(np.float64)
        level = max(float(metered.mean()) / SETPOINT, float(np.percentile(metered, _PERCENTILE)) / BRIGHTEST)
        wanted = device.full_well_e / max(device.electrons_per_cd_s_m2 * level, 1e-12)
        return min(wanted, longest)

    @property
    def reach(self) -> int:
        """Half the matching window, px."""
        return self.camera.device.window_px // 2

    def image(self, signal: F4) -> tuple[Image, F4]:
        """The kernels' bundle with the texture of a signal in electrons, and its sums along rows."""
        depth = self.seen.frame.depth
        assert depth is not None
        gain = np.float32(self.camera.projection.fx * self.camera.baseline)
        image = Image(
            width=self.width,
            height=self.height,
            disparity=np.ascontiguousarray(gain / depth, np.float32).reshape(-1),
            energy=np.empty(self.width * self.height, np.float32),
            variance=self.variance,
            own=self.seen.own,
            cosine=self.seen.cosine,
            hidden=self.seen.hidden,
        )
        sums = np.empty((self.width * self.height, 4), np.float32)
        self.rows(lambda a, b: depth_match.steps(a, b, image, signal))
        self.rows(lambda a, b: depth_match.gather(a, b, image, self.reach, sums))
        return image, sums

    def blank(self) -> Answer:
        """Room for what is delivered."""
        count, f4 = self.width * self.height, np.float32
        return Answer(np.empty(count, f4), np.empty(count, np.uint16), np.empty(count, np.uint8), np.empty(count, f4))

    def noise(self, key: int) -> F4:
        """Standard normals, one a pixel, correlated as the device's."""
        out = np.empty(self.width * self.height, np.float32)
        run_tiles(lambda a, b: depth_noise.white(a, b, word(key), out), len(out), _TILE, self.threads)
        weight = noise_filter(self.camera.device.noise_correlation_px)
        if len(weight) == 1:
            return out
        across, both = np.empty_like(out), np.empty_like(out)
        self.rows(lambda a, b: depth_noise.smooth_rows(a, b, self.width, weight, out, across))
        self.rows(lambda a, b: depth_noise.smooth_columns(a, b, self.width, self.height, weight, across, both))
        return both

    def rows(self, work: Tile) -> None:
        """Drive a kernel over ranges of rows."""
        run_tiles(work, self.height, ROWS, self.threads)


def picture(exposed: Exposed, key: int, *, noisy: bool) -> U1:
    """The imager's 8-bit picture, (H, W)."""
    out = np.empty(exposed.width * exposed.height, np.uint8)
    full, lanes = exposed.camera.device.full_well_e, word(key)
    run_tiles(
        lambda a, b: depth_noise.develop(a, b, lanes, noisy, full, exposed.variance, exposed.electrons, out),
        len(out),
        _TILE,
        exposed.threads,
    )
    return out.reshape(exposed.height, exposed.width)


def word(key: int) -> int:
    """A key as the kernels take it: numba tells numpy's integers apart by size."""
    return np.uint64(key)  # type: ignore[return-value]
