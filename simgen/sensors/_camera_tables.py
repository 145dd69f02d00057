"""What the camera's kernels work with: a stage, its motion, lens and poses as bundles, and patterns of rays."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import matrix_from_quat
from simgen.kernels.tiles import run_tiles
from simgen.kernels.wave import OPTICS_COLUMNS, PLACE_RAY, PLACE_START, Bodies, Layers, Optics, Shapes
from simgen.lens import Pinhole, Projection
from simgen.records.base import F4, F8
from simgen.records.stage import Motion, Stage
from simgen.records.window import Track

if TYPE_CHECKING:
    from simgen.sensors.camera import Camera


#: places a tile of the kernel that finds their rays
_RAY_TILE: Final = 8192
#: knots of the camera's path over an exposure: how far apart at least, and how many at most
_PATH_NS: Final = 1_000_000
_PATH_MOST: Final = 257


@lru_cache(maxsize=8)
def pixel_centres(width: int, height: int) -> F4:
    """Image positions of all pixel centres, row by row, (H W, 2)."""
    places = np.empty((height, width, 2), np.float32)
    places[..., 0] = np.arange(width, dtype=np.float32) + np.float32(0.5)
    places[..., 1] = (np.arange(height, dtype=np.float32) + np.float32(0.5))[:, None]
    return places.reshape(-1, 2)


@lru_cache(maxsize=4)
def centre_places(lens: Projection, threads: int) -> F4:
    """Places of all pixel centres, row by row: (H W, 2) for a pinhole, with their rays (H W, 5) for other lenses."""
    centres = pixel_centres(lens.width, lens.height)
    return centres if isinstance(lens, Pinhole) else with_rays(lens, centres, PLACE_START, threads)


@lru_cache(maxsize=4)
def seeing(lens: Projection, threads: int) -> int:
    """How many pixels exposure looks at: every second column, as far as the lens sees."""
    places = centre_places(lens, threads)
    if places.shape[1] <= PLACE_RAY:
        return lens.height * ((lens.width + 1) // 2)
    rays = places[:, PLACE_RAY:].reshape(lens.height, lens.width, 3)[:, ::2]
    return int((rays != 0.0).any(-1).sum())


def with_rays(lens: Projection, positions: F4, columns: int, threads: int) -> F4:
    """Places (N, columns) of image positions (N, 2) with their rays; what comes after the rays is 0."""
    from simgen.kernels.lens import fill_rays

    places, c = np.zeros((len(positions), columns), np.float32), lens.coefficients
    places[:, :2] = positions
    run_tiles(lambda a, b: fill_rays(a, b, lens.number, c, places), len(places), _RAY_TILE, threads)
    return places


@lru_cache(maxsize=1)
def sky_directions() -> F4:
    """64 cosine-weighted directions about +z by place in an 8 x 8 block, row by row.

    Four sectors of angle times four rings, dealt to every 4 x 4 block by two orthogonal Latin squares over GF(4): each
    row and each column of four has every sector and every ring, each block every pair, so that a filter that loses
    some of its pixels at an edge stays fair. The four blocks split the sectors and rings further.
    """
    y, x = np.mgrid[0:8, 0:8]
    times = np.array([0, 2, 3, 1])
    sector, ring = (x & 3) ^ (y & 3), (x & 3) ^ times[y & 3]
    left, lower = (x >> 2) ^ (y >> 2), y >> 2
    angle = (2.0 * math.pi * (sector + (left + (ring + 0.5) / 4.0) / 2.0) / 4.0).ravel()
    square = ((ring + (lower + 0.5) / 2.0) / 4.0).ravel()
    radius, up = np.sqrt(square), np.sqrt(1.0 - square)
    return np.ascontiguousarray(np.stack([radius * np.cos(angle), radius * np.sin(angle), up], -1), np.float32)


def sub_pixel(count: int) -> F4:
    """Offsets of extra samples from a pixel's corner, (count, 2): the R2 sequence (Roberts 2018)."""
    k = np.arange(1, count + 1)
    return np.stack([(0.5 + 0.7548776662 * k) % 1.0, (0.5 + 0.5698402910 * k) % 1.0], -1).astype(np.float32)


def shapes_of(stage: Stage) -> Shapes:
    """A stage for the kernels."""
    s, mesh = stage.surfaces, stage.instance_mesh
    columns = (
        stage.vertex_start[mesh],
        stage.triangle_start[mesh],
        stage.instance_body,
        stage.instance_label,
        stage.surface_base,
    )
    finish = (s.roughness, s.metallic, s.texture, s.texture_scale, s.class_id)
    more = (s.clearcoat, s.clearcoat_roughness, s.retro, s.transmission, s.has_lamp)
    skins = (s.picture.max(-1, keepdims=True) >= 0).astype(np.float32)
    # a picture brings the colour, what it is multiplied with takes its place
    color = np.where(s.picture[:, :1] >= 0, s.tint, s.base_color)
    return Shapes(
        stage.vertices,
        stage.normals,
        stage.triangles,
        stage.triangle_surface,
        np.ascontiguousarray(np.stack(columns, -1), np.int64),
        np.ascontiguousarray(
            np.concatenate([color, s.emission, np.stack([*finish, *more], -1), s.picture, s.gloss, skins], -1),
            np.float32,
        ),
        np.empty((0, 2), np.float32) if stage.uv is None else stage.uv,
        s.texels,
        s.levels,
    )


def bodies_of(motion: Motion) -> Bodies:
    """A motion for the kernels."""
    return Bodies(motion.position, motion.quaternion, motion.exists, motion.moving)


def optics_of(camera: Camera, track: Track, motion: Motion, time_ns: int) -> Optics:
    """The lens and the camera's pose for every row, near the motion's origin."""
    times = camera.row_times(time_ns)
    position, quaternion = track.at(times)
    span = max(motion.end_ns - motion.start_ns, 1)
    ray_time = np.clip((times - motion.start_ns) / span, 0.0, 1.0)
    lens = camera.projection
    return Optics(
        lens.width,
        lens.height,
        lens.fx,
        lens.fy,
        lens.cx,
        lens.cy,
        camera.near_m,
        _poses(position - motion.origin, quaternion, ray_time),
        lens.number,
        lens.coefficients,
        np.zeros((1, OPTICS_COLUMNS)),
        0.0,
    )


def path_of(camera: Camera, track: Track, motion: Motion, time_ns: int, time_s: float) -> tuple[F8, float]:
    """The camera's poses at even times over the exposures of all rows, and the length of one in ray time."""
    span = motion.end_ns - motion.start_ns
    if span <= 0:
        position, quaternion = track.at(np.array([time_ns]))
        return _poses(position - motion.origin, quaternion, np.zeros(1)), 0.0
    rows, half = camera.row_times(time_ns), round(time_s * 0.5e9)
    begin, end = max(int(rows[0]) - half, motion.start_ns), min(int(rows[-1]) + half, motion.end_ns)
    count = min(max(-(-(end - begin) // _PATH_NS) + 1, 2), _PATH_MOST)
    times = begin + np.rint(np.linspace(0.0, 1.0, count) * max(end - begin, 0)).astype(np.int64)
    position, quaternion = track.at(times)
    ray_time = (times - motion.start_ns) / span
    return _poses(position - motion.origin, quaternion, ray_time), time_s * 1e9 / span


def _poses(position: F8, quaternion: F8, ray_time: F8) -> F8:
    """Rows of poses for the kernels, (N, OPTICS_COLUMNS)."""
    turn = matrix_from_quat(quaternion).reshape(-1, 9)
    return np.ascontiguousarray(np.concatenate([position, turn, ray_time[:, None]], -1))


def new_layers(count: int, flow: bool) -> Layers:
    """Room for that many rays."""
    moved = count if flow else 0
    return Layers(
        np.empty((count, 6), np.float32),
        np.empty((count, 4), np.float32),
        np.empty(count, np.uint32),
        np.empty(count, np.uint16),
        np.empty(count, np.uint32),
        np.empty(count, np.uint8),
        np.empty((moved, 2), np.float32),
        np.empty(moved, np.uint8),
    )
