"""One viewpoint of a depth camera: its picture, its surfaces, the projector's dots on them and what it cannot see."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import matrix_from_quat, quat_rotate
from simgen.kernels import depth_view
from simgen.kernels.tiles import Tile, run_tiles
from simgen.kernels.volume_tables import Volumes
from simgen.records.base import F4, F8, I8, Bool
from simgen.records.frames import CameraFrame
from simgen.records.lights import LUMINANCE_RGB
from simgen.records.mesh import SurfaceTable
from simgen.records.rays import Hits, Rays
from simgen.records.stage import NO_HIT, Stage
from simgen.records.surroundings import Shot
from simgen.rng import stream
from simgen.sensors._camera_tables import bodies_of, shapes_of
from simgen.sensors._cover import lying_at
from simgen.sensors._lidar_surfaces import lying_on
from simgen.sensors._volumes import light_volumes

if TYPE_CHECKING:
    from simgen.sensors._depth_camera import DepthCamera

_TILE: Final = 16384
#: the pattern repeats after so many dots; half a dot's room is left at the borders of its cell
_CELLS: Final = 128
_JITTER: Final = 0.25


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an imager sees, flat (H W): luminances in cd/m2."""

    frame: CameraFrame
    ambient: F4
    pattern: F4
    #: share of a surface's own texture in its light, and cosine between view and surface
    own: F4
    cosine: F4
    #: whether the other viewpoint cannot see it
    hidden: Bool


@lru_cache(maxsize=1)
def pattern_table() -> F4:
    """Where the dots of every projector lie in their cells, (N, N, 2), from the cell's middle: a device's own order."""
    draws = stream(0, "depth pattern").uniform(-_JITTER, _JITTER, (_CELLS, _CELLS, 2)).astype(np.float32)
    draws.setflags(write=False)
    return draws


def surface_rows(stage: Stage, hits: Hits) -> I8:
    """Row of every hit in the stage's surfaces, -1 where nothing is hit."""
    there = hits.instance != NO_HIT
    instance = np.where(there, hits.instance, 0)
    triangle = stage.triangle_start[stage.instance_mesh[instance]] + np.where(there, hits.triangle, 0)
    row = stage.surface_base[instance].astype(np.int64) + stage.triangle_surface[triangle]
    return np.where(there, row, -1)


def finishes(surfaces: SurfaceTable) -> F4:
    """The surfaces' columns that the kernels take, (S, 6)."""
    s = surfaces
    red, green, blue = (s.base_color[:, c] * np.float32(w) for c, w in enumerate(LUMINANCE_RGB))
    columns = (s.lidar_reflectance, s.roughness, s.metallic, red + green + blue, s.retro, s.transmission)
    return np.ascontiguousarray(np.stack(columns, -1), np.float32)


def moved(shot: Shot, right_m: float) -> Shot:
    """The same shot for an imager so far to the right."""
    if right_m == 0.0:
        return shot
    track = shot.track
    offset = track.offset + quat_rotate(track.rotation, np.array([right_m, 0.0, 0.0]))
    return dataclasses.replace(shot, track=track.replace(offset=offset))


class _Rays:
    """The rays of one imager at one instant."""

    def __init__(self, camera: DepthCamera, shot: Shot) -> None:
        self.shot, lens = shot, camera.projection
        self.lens = np.array([lens.fx, lens.fy, lens.cx, lens.cy, camera.near_m])
        position, quaternion = shot.track.at(shot.time_ns)
        self.eye = np.ascontiguousarray(position - shot.view.motion.origin)
        self.turn = np.ascontiguousarray(matrix_from_quat(quaternion))
        self.count, self.width = lens.width * lens.height, lens.width
        f4 = np.float32
        self.rays = Rays(
            origin=np.empty((self.count, 3), f4),
            direction=np.empty((self.count, 3), f4),
            time=np.empty(self.count, f4),
            near=np.empty(self.count, f4),
            far=np.empty(self.count, f4),
        )
        time = float(np.clip(shot.view.motion.ray_time(shot.time_ns), 0.0, 1.0))
        r = self.rays
        self.tiles(
            lambda a, b: depth_view.aim(
                a, b, self.width, self.lens, self.eye, self.turn, time, r.origin, r.direction, r.time, r.near, r.far
            )
        )

    def tiles(self, work: Tile) -> None:
        """Drive a kernel over ranges of pixels."""
        run_tiles(work, self.count, _TILE, self.shot.surroundings.threads)

    def hidden_from(self, right_m: float, distance: F4) -> Bool:
        """Whether something stands between each hit and a viewpoint so far to the right."""
        target = self.eye + right_m * self.turn[:, 0]
        back = Rays(**{name: np.empty_like(a) for name, _, a in self.rays.arrays()})
        back.time[:] = self.rays.time
        self.tiles(
            lambda a, b: depth_view.aim_back(
                a,
                b,
                self.eye,
                target,
                distance,
                self.rays.direction,
                back.direction,
                back.origin,
                back.near,
                back.far,
            )
        )
        return self.shot.view.occluded(back)


def look(camera: DepthCamera, shot: Shot, *, right_m: float = 0.0, other_m: float | None = None) -> Seen:
    """See the scene from an imager ``right_m`` to the right of the first; ``other_m`` is the other viewpoint's place.

    Both are metres along the first imager's x; without another viewpoint nothing is hidden.
    """
    shot = moved(shot, right_m)
    frame = camera.imager.capture(shot)
    cast = _Rays(camera, shot)
    hits = shot.view.cast(cast.rays)
    nowhere = np.zeros(cast.count, np.bool_)
    hidden = nowhere if other_m is None else cast.hidden_from(other_m - right_m, hits.distance)
    projector_m = camera.device.projector_position_m
    if not _lit(camera):
        shadow = nowhere
    elif other_m == projector_m:
        shadow = hidden
    else:
        shadow = cast.hidden_from(projector_m - right_m, hits.distance)
    pattern, own, cosine = _dots(camera, cast, hits, frame, shadow, projector_m - right_m)
    return Seen(frame=frame, ambient=luminance(frame, camera), pattern=pattern, own=own, cosine=cosine, hidden=hidden)


def _lit(camera: DepthCamera) -> bool:
    return camera.projector and camera.device.projector_lux_1m > 0.0


def _dots(
    camera: DepthCamera, cast: _Rays, hits: Hits, frame: CameraFrame, shadow: Bool, offset_m: float
) -> tuple[F4, F4, F4]:
    """The pattern's luminance on every pixel, the surfaces' own share and the cosine of the view."""
    device, count = camera.device, cast.count
    pitch = device.pattern_pitch_px / device.focal_px
    # the optics of imager and pixel blur a dot: it never gets smaller than half a pixel
    dot = max(device.pattern_dot_px / device.pattern_pitch_px, 0.5 / (cast.lens[0] * pitch))
    projector = np.array([offset_m, device.projector_lux_1m if _lit(camera) else 0.0, pitch, dot])
    around = cast.shot.surroundings
    extinction = around.medium.extinction_at(device.wavelength_nm)
    table, rows, jitter = finishes(around.stage.surfaces), surface_rows(around.stage, hits), pattern_table()
    assert frame.normal is not None
    normal = np.ascontiguousarray(frame.normal, np.float32).reshape(-1, 3)
    pattern, own, cosine = (np.empty(count, np.float32) for _ in range(3))
    depth = hits.distance

    def tile(a: int, b: int) -> None:
        depth_view.illuminate(
            a,
            b,
            cast.width,
            cast.lens,
            projector,
            jitter,
            extinction,
            table,
            rows,
            depth,
            normal,
            shadow,
            pattern,
            own,
            cosine,
        )

    cast.tiles(tile)
    _covered(camera, cast, hits, table, rows, cosine, pattern, own)
    volumes = light_volumes(around.volumes, device.wavelength_nm, cast.shot.view.motion.origin)
    if volumes is not None:
        _dim(cast, volumes, cast.eye + offset_m * cast.turn[:, 0], depth, pattern)
    return pattern, own, cosine


def _covered(
    camera: DepthCamera, cast: _Rays, hits: Hits, table: F4, rows: I8, cosine: F4, pattern: F4, own: F4
) -> None:
    """Dots and textures under what weather has left, if it has; ``pattern`` and ``own`` are changed."""
    spread = 1.0 / float(cast.lens[0])
    both = lying_on(cast.shot, camera.device.wavelength_nm, spread)
    if both is None:
        return
    from simgen.kernels.depth_cover import dim

    shapes, bodies = shapes_of(cast.shot.surroundings.stage), bodies_of(cast.shot.view.motion)
    met = hits.distance, hits.instance, hits.triangle, hits.barycentric
    lying = lying_at(cast.shot, both[0], shapes, bodies, cast.rays, met, spread)
    cast.tiles(lambda a, b: dim(a, b, *both, table, rows, lying, cosine, pattern, own))


def _dim(cast: _Rays, volumes: Volumes, projector: F8, depth: F4, pattern: F4) -> None:
    """Take from the pattern what parts of the air that differ take on its way there and back."""
    from simgen.kernels.volume_depth import there_and_back

    given = volumes.row, volumes.lattice, volumes.extinction, projector, cast.eye, cast.rays.direction, depth
    cast.tiles(lambda a, b: there_and_back(a, b, *given, 0.0, pattern))


def luminance(frame: CameraFrame, camera: DepthCamera) -> F4:
    """Ambient light on the imager as luminance, cd/m2, flat (H W)."""
    assert frame.linear is not None
    red, green, blue = (frame.linear[..., c] * np.float32(w) for c, w in enumerate(LUMINANCE_RGB))
    return np.asarray((red + green + blue).reshape(-1) * np.float32(camera.ambient_infrared), np.float32)


def noise_filter(sigma_px: float) -> F8:
    """Weights of a Gaussian filter; of length 1 for independent noise."""
    reach = math.ceil(3.0 * sigma_px)
    if reach == 0:
        return np.ones(1)
    return np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
