"""How far from a camera drops and flakes are drawn one by one, and what that takes out of the medium."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import matrix_from_quat
from simgen.records.air import RGB_NM, Particles
from simgen.records.base import F8
from simgen.records.surroundings import Shot, Surroundings
from simgen.records.volume import Volume
from simgen.sensors._camera_meter import settle
from simgen.sensors._camera_tone import adapted, ev_of_average
from simgen.sensors._particles import Source, sources_of

if TYPE_CHECKING:
    from simgen.sensors.camera import Camera

#: a particle is drawn where it covers at least this share of a pixel for the exposure: what differs from what is behind
#: it by half changes an 8-bit picture by about half a count there
LEAST_SHARE: Final = 0.004
#: nearer is not drawn: housings and windscreens keep it away, and what lands on the lens is another matter
NEAREST_M: Final = 0.3
#: no farther, whatever the share
FARTHEST_M: Final = 150.0
#: more than so many a pixel of the picture are not drawn: then the least share rises
MOST_A_PIXEL: Final = 0.25
#: ratio of neighbouring distances that are tried
_STEP: Final = 1.04
#: mean luminance over that of an even white ground, and what street lamps give, cd/m2: for an exposure that is not
#: known before there is a picture
_BRIGHT: Final = 0.25
_LAMPLIT: Final = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """What is drawn: how far each size of each kind, m, and the optical depth that leaves the medium, by colour."""

    far: tuple[F8, ...]
    #: least share of a pixel, of what fills all the air
    least: float
    depth: F8
    #: extinction by what is not drawn, by colour, 1/m
    rest: F8


def likely_exposure_s(camera: Camera, shot: Shot, given_ev: float | None) -> float:
    """How long the shutter will be open; where the camera sets that itself, by the light that there is."""
    ev = given_ev
    if ev is None:
        ground = _BRIGHT * shot.surroundings.light.horizontal_lux / math.pi
        lamps = _LAMPLIT if len(shot.surroundings.stage.lamps.body) else 0.0
        ev = ev_of_average(adapted(ground + lamps))
    return settle(camera, ev, shot.time_ns).time_s


def peak_share(
    diameter: F8, speed: F8, distance: F8, *, focal_px: float, exposure_s: float, aperture_m: float, focus_m: float
) -> F8:
    """The largest share of a pixel that a particle covers during an exposure; sizes (D,), distances (R,): (D, R).

    ``a / (w (l + w))`` with the area of its disc a, its width w (a pixel at least, with the circle of confusion) and
    the length l of its way, all in pixels.
    """
    scale = focal_px / distance
    d = diameter[:, None] * scale
    circle = aperture_m * scale * np.abs(distance / focus_m - 1.0)
    wide = np.maximum(0.5 * math.sqrt(math.pi) * np.sqrt(d * d + circle * circle), 1.0)
    area = 0.25 * math.pi * d * d
    return np.asarray(area / (wide * (speed[:, None] * exposure_s * scale + wide)))


def reach_of(camera: Camera, shot: Shot, exposure_s: float) -> Reach | None:
    """How far particles are drawn, or None where there is nothing to draw."""
    around, lens = shot.surroundings, camera.projection
    sources, kinds = sources_of(around.particles, around.volumes)
    eye, turn = shot.track.at(shot.time_ns)
    axis = matrix_from_quat(turn)[:, 2]
    distance = NEAREST_M * _STEP ** np.arange(
        math.ceil(math.log(FARTHEST_M / NEAREST_M) / math.log(_STEP)), dtype=np.float64
    )
    optics = {
        "focal_px": lens.fx,
        "exposure_s": exposure_s,
        "aperture_m": camera.aperture_m,
        "focus_m": camera.optics.focus_m or 1.0,
    }
    share = [peak_share(kind.diameter, kind.fall_speed, distance, **optics) for kind in kinds]
    far, least = [np.zeros(len(kind.diameter)) for kind in kinds], []
    # spray beside a wheel must not keep rain from being drawn
    for group in (False, True):
        mine = tuple(source for source in sources if (source.volume is not None) == group)
        least.append(LEAST_SHARE)
        while True:
            for k in {source.kind for source in mine}:
                far[k] = _farthest(share[k], distance, least[-1])
            if _expected(mine, eye, axis, far, solid_angle(camera)) <= MOST_A_PIXEL * lens.width * lens.height:
                break
            least[-1] *= 1.25
    if not any(f.any() for f in far):
        return None
    lost = _taken(around, far)
    whole = np.array([around.medium.extinction_at(nm) for nm in RGB_NM])
    drawn = np.array([[float(kind.lost(nm)[f > 0.0].sum()) for nm in RGB_NM] for kind, f in _of_air(around, far)])
    return Reach(far=tuple(far), least=least[0], depth=lost, rest=np.maximum(whole - drawn.reshape(-1, 3).sum(0), 0.0))


def _farthest(share: F8, distance: F8, least: float) -> F8:
    """The largest distance at which each size covers so much, (D,); 0 = at none."""
    enough = share >= least
    last = share.shape[1] - 1 - enough[:, ::-1].argmax(1)
    return np.where(enough.any(1), distance[last], 0.0)


def _expected(sources: tuple[Source, ...], eye: F8, axis: F8, far: Sequence[F8], angle: float) -> float:
    """How many particles there are within reach and view; those of a volume no more than it holds, if it is near."""
    total = 0.0
    for source in sources:
        reach = far[source.kind]
        room = reach**3 * (angle / 3.0)
        if source.volume is not None:
            low, high = source.span
            away = float(np.linalg.norm(np.maximum(np.maximum(low - eye, eye - high), 0.0)))
            room = np.minimum(room, _extent(source.volume)) * (reach > away)
            if _outside(source.volume, eye, axis, angle):
                continue
        total += float((source.particles.density * room).sum())
    return total


def _extent(volume: Volume) -> float:
    """Its density integrated over space, m3."""
    size = math.prod(volume.size_m)
    return float({"puff": (2.0 * math.pi) ** 1.5 * size, "box": 8.0 * size}.get(volume.shape, math.inf))


def _outside(volume: Volume, eye: F8, axis: F8, angle: float) -> bool:
    """Whether a volume lies beside what the camera sees, told by a ball around it."""
    if volume.shape == "layer":
        return False
    way, ball = np.array(volume.center_m) - eye, 2.0 * math.hypot(*volume.size_m)
    far = float(np.linalg.norm(way))
    if far <= ball:
        return False
    beside = math.acos(max(min(float(way @ axis) / far, 1.0), -1.0))
    return beside > math.acos(1.0 - angle / (2.0 * math.pi)) + math.asin(ball / far)


def solid_angle(camera: Camera) -> float:
    """Of the cone about the axis that holds the view, sr."""
    return 2.0 * math.pi * (1.0 - math.cos(half_angle(camera)))


def half_angle(camera: Camera) -> float:
    """The largest angle from the axis that the picture shows, rad."""
    lens = camera.projection
    edge = np.linspace(0.0, 1.0, 17)
    u, v = edge * lens.width, edge * lens.height
    border = np.concatenate(
        [
            np.stack([u, 0.0 * u], -1),
            np.stack([u, 0.0 * u + lens.height], -1),
            np.stack([0.0 * v, v], -1),
            np.stack([0.0 * v + lens.width, v], -1),
        ]
    )
    ray = lens.unproject(np.clip(border, 0.25, np.array([lens.width, lens.height]) - 0.25))
    seen = np.isfinite(ray).all(-1)
    if not seen.all():
        return min(lens.limit_rad, math.pi)
    return float(np.arctan2(np.hypot(ray[:, 0], ray[:, 1]), ray[:, 2]).max())


def _of_air(around: Surroundings, far: Sequence[F8]) -> list[tuple[Particles, F8]]:
    """The kinds that fill all the air, which the medium of all the air holds too."""
    return list(zip(around.particles, far, strict=False))


def _taken(around: Surroundings, far: Sequence[F8]) -> F8:
    """The optical depth of what is drawn, by colour, along a ray that goes beyond all of it."""
    depth = [[float((kind.lost(nm) * f).sum()) for nm in RGB_NM] for kind, f in _of_air(around, far)]
    return np.asarray(np.array(depth).reshape(-1, 3).sum(0))
