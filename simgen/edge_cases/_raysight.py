"""What a camera will see of somebody, before anything is rendered: rays past the real meshes of all that stand between.

A grid of the camera's rays over the subject's box is cast at the subject alone; those that meet it are looked along for
anything else: the world with its houses, trees and walls, and every other entity. The share that is free is what the
camera's labels will call ``visible_fraction``, up to the grid; limbs are taken as they are at rest. Meshes are built
into trees once; each proposal costs a few thousand rays.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assembly import model_of, rest_mesh, world_mesh
from simgen.geometry import compose, inverse_transform, quat_conjugate, quat_multiply, quat_rotate, transform
from simgen.placement.kept import Kept
from simgen.raycast import open_engine
from simgen.records.base import F8, Bool, empty_table
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.records.mesh import Mesh, SurfaceTable
from simgen.records.model import Model
from simgen.records.rays import RayEngine, Rays, RayView
from simgen.records.stage import alone
from simgen.records.trajectory import Trajectory
from simgen.scene import Scene
from simgen.sensors.camera import Camera
from simgen.units import seconds_to_ns

#: rays over the subject's box in the picture, across and up
_GRID: Final = (28, 56)
#: what is nearer to the eye than this hides nothing, and so much before the subject is free, m
_NEAR_M: Final = 0.05
_SKIN_M: Final = 0.02
_CORNERS: Final = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Solid:
    """A mesh in its own frame, ready for rays."""

    engine: RayEngine
    view: RayView

    @classmethod
    def of(cls, mesh: Mesh) -> _Solid:
        stage, motion = alone(mesh, empty_table(SurfaceTable))
        engine = open_engine(stage, threads=1)
        return cls(engine=engine, view=engine.place(motion))

    def close(self) -> None:
        self.view.close()
        self.engine.close()


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """Rays from one eye, world frame."""

    eye: F8
    #: unit, (N, 3)
    direction: F8


def seen_share(constraint: Constraint, scene: Scene, layout: WorldLayout, trajectory: Trajectory) -> float | None:
    """What a camera's ``visible_fraction`` of the subject will be at the frame nearest to ``time_s``.

    None where the question is not one of a camera that sits on something: only boxes can tell then.
    """
    camera = next((s for s in scene.sensors if s.name == constraint.other and isinstance(s, Camera)), None)
    if constraint.kind != "visible_fraction" or camera is None or camera.mount.path is not None:
        return None
    times = camera.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
    if not times or constraint.subject not in trajectory.actor_names:
        return None
    wanted = seconds_to_ns(max(constraint.time_s, 0.0))
    index = min(range(len(times)), key=lambda k: abs(times[k] - wanted))
    return _share(camera, index, times, scene, layout, trajectory, constraint.subject)


def _share(
    camera: Camera, index: int, times: list[int], scene: Scene, layout: WorldLayout, trajectory: Trajectory, name: str
) -> float:
    position, quaternion = (part[0] for part in trajectory.poses(np.array([times[index]])))
    there = trajectory.exists[trajectory.nearest(times[index])]
    row = trajectory.actor_names.index(name)
    roots = {n: int(trajectory.actor_body[k]) for k, n in enumerate(trajectory.actor_names) if there[k]}
    if name not in roots:
        return 0.0
    offset, turn = camera.mount.pose(index, len(times), scene.seed, camera.name)
    eye, looking = np.asarray(offset, np.float64), quat_multiply(turn, camera.body_from_sensor)
    if camera.mount.on != "world":
        body = _body(trajectory, camera.mount.on)
        eye, looking = compose(position[body], quaternion[body], eye, looking)
    pose = position[roots[name]], quaternion[roots[name]]
    corners = transform(*pose, trajectory.box_center[row] + _CORNERS * trajectory.size[row])
    direction = _rays(camera, eye, looking, corners)
    if direction is None:
        return 0.0
    look = _Look(eye=eye, direction=direction)
    far = _distances(_SOLIDS(model_of(scene.entity(name).asset)), look, *pose)
    met = np.isfinite(far)
    if not met.any():
        return 0.0
    look, far = _Look(eye=eye, direction=direction[met]), far[met]
    hidden = _hidden(_WORLDS(layout), look, far, np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0]))
    for other, root in roots.items():
        model = model_of(scene.entity(other).asset)
        if other != name and _between(model, look, far, position[root], quaternion[root]):
            hidden |= _hidden(_SOLIDS(model), look, far, position[root], quaternion[root])
    return float(1.0 - hidden.mean())


def _body(trajectory: Trajectory, on: str) -> int:
    """The body that carries a sensor; a forecast knows no links, only what they are on."""
    return trajectory.body_names.index(on if on in trajectory.body_names else on.split("/")[0])


def _rays(camera: Camera, eye: F8, looking: F8, corners: F8) -> F8 | None:
    """Directions of a grid of pixels over a box, world frame; None if it is not in the picture."""
    lens = camera.projection
    local = inverse_transform(eye, looking, corners)
    pixels = lens.project(local)
    if lens.measure == "depth" and (local[:, 2] < camera.near_m).any():
        pixels = np.array([[0.0, 0.0], [lens.width, lens.height]])  # it reaches beside the camera: look everywhere
    if not np.isfinite(pixels).all():
        pixels = pixels[np.isfinite(pixels).all(1)]
        if not len(pixels):
            return None
    low = np.maximum(pixels.min(0), 0.0)
    high = np.minimum(pixels.max(0), [lens.width, lens.height])
    if (high - low <= 0.0).any():
        return None
    u = low[0] + (np.arange(_GRID[0]) + 0.5) * (high[0] - low[0]) / _GRID[0]
    v = low[1] + (np.arange(_GRID[1]) + 0.5) * (high[1] - low[1]) / _GRID[1]
    grid = np.stack(np.meshgrid(u, v), -1).reshape(-1, 2)
    ahead = lens.unproject(grid)
    ahead = ahead[np.isfinite(ahead).all(1)]
    ahead = ahead / np.sqrt((ahead * ahead).sum(-1, keepdims=True))
    return quat_rotate(looking, ahead) if len(ahead) else None


def _distances(solid: _Solid, look: _Look, position: F8, quaternion: F8) -> F8:
    """How far each ray goes until it meets a solid; inf of those that do not."""
    far = np.full(len(look.direction), np.inf, np.float32)
    return solid.view.cast(_in_frame(look, far, position, quaternion)).distance.astype(np.float64)


def _hidden(solid: _Solid, look: _Look, far: F8, position: F8, quaternion: F8) -> Bool:
    """Which rays meet a solid before they have gone as far as given."""
    reach = np.maximum(far - _SKIN_M, _NEAR_M).astype(np.float32)
    return solid.view.occluded(_in_frame(look, reach, position, quaternion))


def _in_frame(look: _Look, far: np.ndarray, position: F8, quaternion: F8) -> Rays:
    count = len(look.direction)
    eye = inverse_transform(position, quaternion, look.eye)
    direction = quat_rotate(quat_conjugate(quaternion), look.direction)
    return Rays(
        origin=np.tile(eye, (count, 1)).astype(np.float32),
        direction=np.ascontiguousarray(direction, np.float32),
        time=np.zeros(count, np.float32),
        near=np.full(count, _NEAR_M, np.float32),
        far=far,
    )


def _between(model: Model, look: _Look, far: F8, position: F8, quaternion: F8) -> bool:
    """Whether the sphere around a model can be met by any of the rays."""
    middle = transform(position, quaternion, np.array(model.box_center)) - look.eye
    radius = 0.5 * float(np.sqrt((np.array(model.size) ** 2).sum()))
    along = np.clip((look.direction * middle).sum(-1), 0.0, far)
    gap = middle - along[:, None] * look.direction
    return bool(((gap * gap).sum(-1) < radius * radius).any())


def _solid_of(model: Model) -> _Solid:
    return _Solid.of(rest_mesh(model))


def _world_of(layout: WorldLayout) -> _Solid:
    return _Solid.of(world_mesh(layout))


_SOLIDS: Final = Kept(_solid_of, most=64, drop=_Solid.close)
_WORLDS: Final = Kept(_world_of, most=2, drop=_Solid.close)
