"""What a camera will see of things: rays through a coarse picture, into the very meshes that will be rendered.

Boxes are too coarse where things lie in heaps and arms reach between them. A picture of 160 columns says a visible
fraction to a few hundredths, for a tenth of a second.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assembly import Assembly, assemble
from simgen.errors import UserError
from simgen.geometry import compose, quat_rotate
from simgen.lens.base import Projection
from simgen.raycast import open_engine
from simgen.records.base import F4, F8, U4
from simgen.records.rays import RayEngine, Rays
from simgen.records.stage import NO_HIT, Motion
from simgen.records.trajectory import Trajectory
from simgen.records.window import motion_of
from simgen.registry import suggest
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera
from simgen.units import seconds_to_ns

#: columns of the picture
COLUMNS: Final = 160
_WORDS: Final = {"DepthCamera": "depth camera"}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How much of a thing a picture shows: pixels of a picture of 960 columns, and the share that is not hidden."""

    pixels: float
    visible_fraction: float


def camera_of(scene: Scene, name: str, case: str, kinds: tuple[type[Sensor], ...] = (Camera,)) -> Sensor:
    """The sensor of that name, or the first of these kinds if it is empty.

    Raises:
        UserError: there is none.
    """
    known = [sensor for sensor in scene.sensors if isinstance(sensor, kinds)]
    word = " or ".join(_WORDS.get(kind.__name__, kind.__name__.lower()) for kind in kinds)
    if not name and not known:
        raise UserError(f"{case} needs a {word} among the scene's sensors")
    found = [sensor for sensor in known if name in ("", sensor.name)]
    if not found:
        raise UserError(f"{case}: no {word} is called {name!r}{suggest(name, tuple(s.name for s in known))}")
    return found[0]


def seen(scene: Scene, trajectory: Trajectory, camera: Sensor, names: Sequence[str], time_s: float) -> dict[str, Seen]:
    """What a camera sees of entities at an instant, by name.

    Args:
        scene: what is there.
        trajectory: where it is; of this scene, from :attr:`Stage.simulate`.
        camera: one with a lens: a camera or a depth camera.
        names: the entities asked about.
        time_s: when.
    """
    assembly = assemble(scene)
    engine = open_engine(assembly.stage, 1)
    try:
        return _Look(engine, assembly, trajectory, camera, seconds_to_ns(time_s)).at(names)
    finally:
        engine.close()


class _Look:
    """One camera at one instant."""

    def __init__(
        self, engine: RayEngine, assembly: Assembly, trajectory: Trajectory, camera: Sensor, time_ns: int
    ) -> None:
        self._engine, self._assembly = engine, assembly
        position, quaternion = _pose(assembly, trajectory, camera, time_ns)
        self._motion = motion_of(trajectory, time_ns, time_ns, position)
        lens: Projection = camera.projection  # type: ignore[attr-defined]
        direction = lens.unproject(_grid(lens))
        within = np.isfinite(direction).all(-1)
        self._direction = np.asarray(quat_rotate(quaternion, direction[within]), np.float32)

    def at(self, names: Sequence[str]) -> dict[str, Seen]:
        """Everything together, and each alone."""
        together = self._labels(self._motion)
        found = {}
        for name in names:
            instance = self._assembly.scene.entity(name).instance
            alone = int((self._labels(self._only(name)) == instance).sum())
            pixels = int((together == instance).sum())
            share = pixels / alone if alone else 0.0
            found[name] = Seen(pixels=pixels * (960.0 / COLUMNS) ** 2, visible_fraction=share)
        return found

    def _labels(self, motion: Motion) -> U4:
        view = self._engine.place(motion)
        count = len(self._direction)
        ones: F4 = np.ones(count, np.float32)
        rays = Rays(
            origin=np.zeros((count, 3), np.float32),
            direction=self._direction,
            time=np.zeros(count, np.float32),
            near=1e-3 * ones,
            far=np.full(count, np.inf, np.float32),
        )
        hits = view.cast(rays).instance
        view.close()
        labels = np.append(self._engine.stage.instance_label, np.uint32(0))
        return np.asarray(labels[np.where(hits == NO_HIT, len(labels) - 1, hits)], np.uint32)

    def _only(self, name: str) -> Motion:
        """The same instant with nothing there but one entity."""
        row = [entity.name for entity in self._assembly.scene.entities].index(name)
        alone = np.concatenate([[False], self._assembly.body_actor == row]) & self._motion.exists
        return dataclasses.replace(self._motion, exists=alone)


def _pose(assembly: Assembly, trajectory: Trajectory, camera: Sensor, time_ns: int) -> tuple[F8, F8]:
    """Where the sensor is and how it is turned, world frame."""
    position, quaternion = camera.mount.pose(0, 1, assembly.scene.seed, camera.name)
    position, quaternion = compose(position, quaternion, np.zeros(3), camera.body_from_sensor)
    if camera.mount.on == "world":
        return position, quaternion
    p, q = trajectory.poses(np.array([time_ns], np.int64))
    body = assembly.body(camera.mount.on)
    return compose(p[0, body], q[0, body], position, quaternion)


def _grid(lens: Projection) -> F8:
    """Places in the picture, (N, 2), :data:`COLUMNS` a row, evenly."""
    step = lens.width / COLUMNS
    v, u = np.mgrid[0.5 * step : lens.height : step, 0.5 * step : lens.width : step]
    return np.stack([u.ravel(), v.ravel()], axis=-1)
