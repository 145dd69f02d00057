"""The ego's way: where it will be if nothing unexpected happens, and what stands beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.edge_cases._forecast import forecast
from simgen.errors import UserError
from simgen.geometry import quat_rotate, yaw_of
from simgen.metrics import box_centers, row_of
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.records.trajectory import Trajectory
from simgen.registry import suggest
from simgen.scene import Entity, Scene


@dataclass(frozen=True, kw_only=True, eq=False)
class Way:
    """How an actor goes, step by step."""

    time_s: F8
    #: how far it has come
    s: F8
    #: centre of its box, (K, 3)
    center: F8
    speed_m_s: F8
    #: length and width of its box
    length_m: float
    width_m: float

    @property
    def nose(self) -> F8:
        """Where the front of its box is along its path, at every step."""
        return self.s + self.length_m / 2.0

    def time_to(self, place_s: float, time_s: float) -> float:
        """Seconds from its nose to a place on its path, at the speed of an instant; inf if it stands."""
        speed = float(np.interp(time_s, self.time_s, self.speed_m_s))
        nose = float(np.interp(time_s, self.time_s, self.nose))
        return (place_s - nose) / speed if speed > 0.01 else math.inf

    def when(self, place_s: float, time_to_s: float) -> float | None:
        """When :meth:`time_to` a place falls to a value; None if it never does."""
        ahead = self.nose + self.speed_m_s * time_to_s - place_s
        past = np.flatnonzero((ahead[1:] >= 0.0) & (ahead[:-1] < 0.0))
        if len(past) == 0:
            return None
        k = int(past[0])
        share = float(ahead[k] / (ahead[k] - ahead[k + 1]))
        return float(self.time_s[k] + share * (self.time_s[k + 1] - self.time_s[k]))

    def path(self) -> Polyline:
        """The line along which the box's centre moves.

        Raises:
            UserError: it stands still.
        """
        if self.s[-1] < 1.0:
            raise UserError("the ego hardly moves: give it a speed_m_s or a behaviour, or lengthen clock.duration_s")
        # a vertex every half metre is as good as one every step, and quicker to search
        chosen = np.unique(np.searchsorted(self.s, np.arange(0.0, self.s[-1], 0.5)))
        return Polyline(self.center[np.append(chosen, len(self.s) - 1)])


def ego_of(scene: Scene, case: str) -> Entity:
    """The scene's ego.

    Raises:
        UserError: there is none.
    """
    try:
        return scene.entity("ego")
    except KeyError:
        raise UserError(f"{case} needs an ego: add 'ego: {{asset: sedan, lane: ..., speed_m_s: ...}}'") from None


def group_of(scene: Scene, name: str, case: str) -> tuple[Entity, ...]:
    """The entities of a name or group.

    Raises:
        UserError: there are none; the message suggests the nearest name.
    """
    found = scene.group(name)
    if not found:
        known = tuple(dict.fromkeys(e.group or e.name for e in scene.entities if e.name != "ego"))
        raise UserError(f"{case}: nothing in the scene is called {name!r}{suggest(name, known)}")
    return found


def forecast_ego(scene: Scene, layout: WorldLayout) -> Way:
    """Where the ego will be if nothing unexpected happens.

    Raises:
        UserError: a behaviour cannot start in this world.
    """
    return way_of(forecast(scene, layout), "ego")


def way_of(trajectory: Trajectory, name: str) -> Way:
    """The way of an actor of a trajectory.

    Raises:
        UserError: there is no such actor.
    """
    row = row_of(trajectory, name)
    center = box_centers(trajectory, row)
    step = np.diff(center[:, :2], axis=0)
    velocity = trajectory.linear_velocity[:, int(trajectory.actor_body[row])].astype(np.float64)
    return Way(
        s=np.concatenate([[0.0], np.cumsum(np.sqrt((step * step).sum(-1)))]),
        time_s=np.asarray(trajectory.time_ns * 1e-9, np.float64),
        center=center,
        speed_m_s=np.sqrt((velocity[:, :2] ** 2).sum(-1)),
        length_m=float(trajectory.size[row, 0]),
        width_m=float(trajectory.size[row, 1]),
    )


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A box against a path: where its centre is, and how far it reaches along and across."""

    s: float
    lateral: float
    along: float
    across: float

    @classmethod
    def of(cls, path: Polyline, entity: Entity, model: Model) -> Beside:
        """The box of an entity where the scene puts it."""
        quaternion = np.array(entity.quaternion)
        center = np.array(entity.position) + quat_rotate(quaternion, np.array(model.box_center))
        s, lateral = path.closest(center)
        turn = float(yaw_of(quaternion)) - float(path.heading(s))
        length, width = model.size[0] / 2.0, model.size[1] / 2.0
        sine, cosine = abs(math.sin(turn)), abs(math.cos(turn))
        return cls(
            s=float(s),
            lateral=float(lateral),
            along=cosine * length + sine * width,
            across=sine * length + cosine * width,
        )
