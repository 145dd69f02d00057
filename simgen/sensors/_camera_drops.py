"""Rain on the pane in front of a camera: which drops are there, and what the camera sees through and around them.

A pixel looks through a disc of the pane as wide as the lens's aperture: what part of it drops cover shows what they
show, the rest the scene, sharp. So drops are drawn sharp, times what they cover, and spread over that disc; the light
that the scene has is shared out between the two, and an even field stays even.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from simgen.kernels import beads, runoff
from simgen.kernels.beads import Sight
from simgen.kernels.runoff import Pane
from simgen.kernels.tiles import run_tiles
from simgen.lens import KannalaBrandt
from simgen.records.base import F4, F8
from simgen.rng import stream_key
from simgen.sensors._camera_spread import blurred, halving, out_of_focus, spread
from simgen.sensors._pane import Gathered, Past, past_of

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors._front_glass import FrontGlass
    from simgen.sensors.camera import Camera

_ROWS: Final = 16
#: the blur disc's radius in cells, where cells can be larger than pixels
_FINE: Final = 5.0
#: what is simulated beyond the picture's borders: where drops that run into it come from
_MARGIN_M: Final = 0.012
#: from the pane's lower edge down to the wiper's pivot, and how far that is to the right of its middle, m
_ARM_M: Final = 0.35
_ASIDE_M: Final = 0.12
#: time of one stroke of the wiper, s, and its share of the period at most
_STROKE_S: Final = 0.6
#: the film behind the blade: the share that it smears at first, the time in which it goes by e, s, and the smear, rad
_FILM: Final = 0.6
_FILM_S: Final = 0.25
_SMEAR_RAD: Final = 0.006
#: light of the black blade, as a share of the picture's median
_BLADE: Final = 0.1
#: table of the lens: steps of the angle from the axis, rad, and the largest
_ANGLE_STEP: Final = 0.01
_WIDEST: Final = 2.4


@dataclass(frozen=True, eq=False)
class OnGlass:
    """What is on a camera's pane at one instant, on cells of ``cell`` pixels."""

    cell: int
    #: radius of the disc that a point of the pane becomes, cells
    blur: float
    #: drops as the kernels draw them
    shapes: F8
    #: shares of the cells: what drops cover, what the blade hides, what the film smears, (h, w); None = nothing
    cover: F4
    blade: F4 | None
    film: F4 | None


def pane_of(camera: Camera, glass: FrontGlass) -> Pane:
    """The pane that the camera looks through, and somewhat more, m; its origin is where the lens's axis meets it."""
    lens, scale = camera.projection, glass.distance_m / camera.projection.fx
    margin = min(_MARGIN_M, 0.5 * lens.height * scale + 0.004)
    left, right = -lens.cx * scale - margin, (lens.width - lens.cx) * scale + margin
    top, bottom = -lens.cy * scale - margin, (lens.height - lens.cy) * scale + margin
    pivot = 0.5 * (left + right) + _ASIDE_M, bottom + _ARM_M
    corners = [math.atan2(x - pivot[0], pivot[1] - y) for x in (left, right) for y in (top, bottom)]
    period = math.inf if glass.wiper_s is None else glass.wiper_s
    # the blade rests out of sight
    out = math.atan2(0.5e-3 * glass.blade_mm + aperture_m(camera), _ARM_M)
    strokes = pivot[0], pivot[1], min(corners) - out, max(corners) + out, period, min(_STROKE_S, 0.45 * period)
    return Pane(left, right, top, bottom, glass.form, glass.hold, *strokes)


def aperture_m(camera: Camera) -> float:
    """Diameter of the lens's aperture, m, which blurs what is on the glass even where all of the scene is sharp."""
    return camera.projection.fx * camera.pixel_um * 1e-6 / camera.optics.f_number


def blur_px(camera: Camera, glass: FrontGlass) -> float:
    """Radius of the disc that a point of the pane becomes, px: ``f A (1/d - 1/s) / 2`` for a focus at s."""
    focus = 0.0 if camera.optics.focus_m is None else 1.0 / camera.optics.focus_m
    return 0.5 * aperture_m(camera) * camera.projection.fx * abs(1.0 / glass.distance_m - focus)


@lru_cache(maxsize=8)
def gathered(camera: Camera, past: Past, seed: int) -> Gathered:
    """The drops on a camera's pane."""
    glass = camera.glass
    assert glass is not None
    return Gathered(past, glass, pane_of(camera, glass), stream_key(seed, "front glass", camera.name), glass.facing)


@lru_cache(maxsize=2)
def _on_glass(camera: Camera, past: Past, seed: int, time_ns: int, threads: int) -> OnGlass:
    glass = camera.glass
    assert glass is not None
    everything, time_s = gathered(camera, past, seed), 1e-9 * time_ns
    radius = blur_px(camera, glass)
    cell = max(1, int(radius / _FINE))
    shapes = shapes_of(camera, glass, everything.at(time_s), cell)
    shape = -(-camera.height // cell), -(-camera.width // cell)
    cover = np.zeros(shape, np.float32)
    run_tiles(lambda a, b: beads.cover(a, b, shapes, cover), shape[0], _ROWS, threads)
    blade, film = wiped(camera, glass, everything, time_s, cell, shape)
    seen = _seen(camera, cell)
    cover = _soft(cover * seen, radius / cell, threads)
    if blade is not None:
        blade = _soft(blade, radius / cell, threads)
    return OnGlass(cell, radius / cell, shapes, cover, blade, film)


def on_glass(camera: Camera, shot: Shot) -> OnGlass:
    """What is on the camera's pane in a shot."""
    around = shot.surroundings
    return _on_glass(camera, past_of(shot), around.seed, shot.time_ns, around.threads)


def _soft(field: F4, radius: float, threads: int) -> F4:
    """A field (h, w) spread over a disc."""
    if radius < 0.5:
        return field
    wide = np.repeat(field[..., None], 3, axis=-1)
    return np.ascontiguousarray(out_of_focus(wide, radius, threads)[..., 0])


@lru_cache(maxsize=4)
def _rays(camera: Camera, cell: int) -> F4:
    """Unit directions of the cells' middles, (h, w, 3); forward where the lens sees nothing."""
    lens = camera.projection
    y, x = np.mgrid[0 : -(-lens.height // cell), 0 : -(-lens.width // cell)]
    pixels = np.stack([(x + 0.5) * cell, (y + 0.5) * cell], -1)
    rays = lens.unproject(pixels)
    rays = np.where(np.isfinite(rays).all(-1, keepdims=True), rays, np.array([0.0, 0.0, 1.0]))
    return np.ascontiguousarray(rays / np.sqrt((rays * rays).sum(-1, keepdims=True)), np.float32)


@lru_cache(maxsize=4)
def _seen(camera: Camera, cell: int) -> F4:
    """1 where the lens sees something, (h, w)."""
    lens = camera.projection
    y, x = np.mgrid[0 : -(-lens.height // cell), 0 : -(-lens.width // cell)]
    rays = lens.unproject(np.stack([(x + 0.5) * cell, (y + 0.5) * cell], -1))
    return np.asarray(np.isfinite(rays).all(-1), np.float32)


@lru_cache(maxsize=4)
def lens_radius(camera: Camera) -> F8:
    """Pixels from the principal point by angle from the axis, (N,); it ends where the lens does."""
    angle = np.arange(0.0, _WIDEST, _ANGLE_STEP)
    away = np.stack([np.sin(angle), 0.0 * angle, np.cos(angle)], -1)
    away[angle > 1.5, 2] = np.where(camera.projection.limit_rad > 1.6, away[angle > 1.5, 2], np.nan)
    radius = camera.projection.project(away)[:, 0] - camera.projection.cx
    known = np.isfinite(radius) & (np.maximum.accumulate(np.nan_to_num(radius, nan=-1.0)) <= radius)
    last = len(known) if known.all() else int(known.argmin())
    radius[last:] = radius[max(last - 1, 0)]
    return np.asarray(radius, np.float64)


def shapes_of(camera: Camera, glass: FrontGlass, table: F8, cell: int) -> F8:
    """Drops as they are drawn, (D, SHAPE_COLUMNS): larger ones are less round, running ones long; small ones first."""
    lens, scale = camera.projection, camera.projection.fx / (glass.distance_m * cell)
    shapes = np.zeros((len(table), beads.SHAPE_COLUMNS))
    shapes[:, beads.AT_X] = lens.cx / cell + table[:, runoff.X] * scale
    shapes[:, beads.AT_Y] = lens.cy / cell + table[:, runoff.Y] * scale
    shapes[:, beads.ROUND] = glass.wide * table[:, runoff.RADIUS] * scale
    # its identity says how a drop is shaped, as long as it is the same drop
    draw = _hashed(table[:, runoff.IDENTITY])
    odd = np.clip(table[:, runoff.RADIUS] / 1.5e-3, 0.0, 1.0)
    shapes[:, beads.STRETCH] = 1.0 + np.clip(table[:, runoff.SPEED] / 0.1, 0.0, 1.0) * 0.6
    shapes[:, beads.TURN] = np.where(table[:, runoff.SPEED] > 0.0, table[:, runoff.HEADING], 0.0)
    shapes[:, beads.WAVE_2] = 0.16 * odd * draw[:, 0]
    shapes[:, beads.WAVE_3] = 0.10 * odd * draw[:, 1]
    shapes[:, beads.PHASE_2], shapes[:, beads.PHASE_3] = 2.0 * math.pi * draw[:, 2], 2.0 * math.pi * draw[:, 3]
    return np.ascontiguousarray(shapes[np.argsort(shapes[:, beads.ROUND], kind="stable")])


def _hashed(identity: F8) -> F8:
    """Four numbers from 0 to 1 for each identity, (N, 4): a mixing of its bits (Steele et al. 2014, SplitMix64)."""
    x = np.ascontiguousarray(identity).view(np.uint64)[:, None] + np.arange(1, 5, dtype=np.uint64) * np.uint64(
        0x9E3779B97F4A7C15
    )
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(((x ^ (x >> np.uint64(31))) >> np.uint64(11)) / 2.0**53, np.float64)


def wiped(
    camera: Camera, glass: FrontGlass, everything: Gathered, time_s: float, cell: int, shape: tuple[int, int]
) -> tuple[F4 | None, F4 | None]:
    """What the blade hides, and the film that it leaves where it rains; None where there is none."""
    pane, lens = everything.pane, camera.projection
    if not pane.period < math.inf:
        return None, None
    scale, offset = glass.distance_m * cell / lens.fx, np.array([lens.cx, lens.cy]) / cell
    blade = film = None
    angle = blade_angle(pane, time_s)
    if angle is not None and glass.blade_mm > 0.0:
        blade = np.zeros(shape, np.float32)
        beads.blade(0, shape[0], pane, angle, 0.5e-3 * glass.blade_mm, scale, offset, blade)
        blade = blade if blade.any() else None
    if _raining(everything, time_s):
        film = np.zeros(shape, np.float32)
        beads.film(0, shape[0], pane, time_s, _FILM, _FILM_S, scale, offset, film)
    return blade, film


def blade_angle(pane: Pane, time_s: float) -> float | None:
    """Where the blade is; None = at rest, out of sight."""
    since = time_s - math.floor(time_s / pane.period) * pane.period
    share = since / pane.stroke
    if share >= 2.0:
        return None
    share = share if share <= 1.0 else 2.0 - share
    return pane.angle_0 + share * (pane.angle_1 - pane.angle_0)


def _raining(everything: Gathered, time_s: float) -> bool:
    clock = everything.clock(time_s + 1.0)
    k = min(max(int((time_s - clock.start) / clock.step), 0), len(clock.push) - 1)
    return bool(clock.met[k + 1] > clock.met[k])


def sight_of(camera: Camera, image: F4, cell: int, threads: int) -> Sight:
    """The picture as a pyramid, and how cells look at it."""
    lens, levels = camera.projection, [image]
    while min(levels[-1].shape[:2]) > 4:
        height, width = levels[-1].shape[:2]
        levels.append(spread(levels[-1], halving(height), halving(width), threads))
    sizes = np.array([level.shape[:2] for level in levels], np.int64)
    start = np.concatenate([[0], np.cumsum(sizes.prod(-1))[:-1]])
    return Sight(
        rays=_rays(camera, cell),
        dome=isinstance(lens, KannalaBrandt),
        radius=lens_radius(camera),
        angle_step=_ANGLE_STEP,
        cx=lens.cx,
        cy=lens.cy,
        cell=float(cell),
        focal=lens.fx,
        level=np.ascontiguousarray(np.concatenate([start[:, None], sizes], -1), np.int64),
        texel=np.concatenate([level.reshape(-1, 3) for level in levels]),
    )


def seen_through(camera: Camera, shot: Shot, image: F4) -> F4:
    """A picture (H, W, 3) through what is on the pane."""
    glass, there, threads = camera.glass, on_glass(camera, shot), shot.surroundings.threads
    assert glass is not None
    shape = there.cover.shape
    if there.film is not None:
        smeared = blurred(image, max(_SMEAR_RAD * camera.projection.fx, 0.7), threads)
        image = image + _full(there.film, camera, there.cell)[..., None] * (smeared - image)
    if len(there.shapes):
        sight = sight_of(camera, image, there.cell, threads)
        drawn, taken = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32)
        run_tiles(
            lambda a, b: beads.draw(a, b, there.shapes, glass.steep, sight, drawn, taken), shape[0], _ROWS, threads
        )
        drawn *= _seen(camera, there.cell)[..., None]
        if there.blur >= 0.5:
            drawn = out_of_focus(drawn, there.blur, threads)
        kept = 1.0 - _full(there.cover, camera, there.cell)
        image = image * kept[..., None] + _full(drawn, camera, there.cell)
    if there.blade is not None:
        hidden = _full(there.blade, camera, there.cell)[..., None]
        image = image + hidden * (np.float32(_BLADE * float(np.median(image[::4, ::4, 1]))) - image)
    return np.ascontiguousarray(image, np.float32)


def clear_share(camera: Camera, shot: Shot) -> F4:
    """Share of every pixel's light that passes drops, blade and film undisturbed, (H, W)."""
    there = on_glass(camera, shot)
    clear = 1.0 - there.cover
    for share in (there.blade, there.film):
        clear = clear if share is None else clear * (1.0 - share)
    return np.clip(_full(clear, camera, there.cell), 0.0, 1.0)


def _full(field: F4, camera: Camera, cell: int) -> F4:
    """From cells to pixels."""
    if cell == 1:
        return field
    large = cv2.resize(field, (field.shape[1] * cell, field.shape[0] * cell), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large[: camera.height, : camera.width], np.float32)


__all__ = ["OnGlass", "blur_px", "clear_share", "gathered", "on_glass", "pane_of", "seen_through"]
