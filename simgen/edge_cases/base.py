"""The contract of an edge case: a certain scene in, a certain scene out, with what it asks for as constraints."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from simgen.errors import UserError
from simgen.records.layout import WorldLayout
from simgen.records.trajectory import Trajectory
from simgen.scene import Scene

#: physics, where an edge case must know what falls where
Simulate = Callable[[Scene], Trajectory]


def no_physics(scene: Scene) -> Trajectory:
    """Stands in where nobody brought physics.

    Raises:
        UserError: always.
    """
    raise UserError("this edge case has to be simulated while it is placed: give its stage a simulate function")


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage:
    """Where an edge case happens, and what it draws from."""

    layout: WorldLayout
    #: of this case alone
    seed: int
    #: the whole physics of a scene, much slower than a forecast of its drivers
    simulate: Simulate = no_physics


@dataclass(frozen=True, kw_only=True)
class EdgeCase(ABC):
    """A rare event, made to happen."""

    plugin_kind: ClassVar[str] = "edge_case"
    plugin_name: ClassVar[str]
    #: one line: what it tests in those who are shown it
    tests: ClassVar[str] = ""

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene before its world is built and anything is placed: here the world, the light and so on may change.

        Raises:
            UserError: the scene's world or light cannot have what the case needs.
        """
        return scene

    @abstractmethod
    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene, everything placed, with the event in it; adds constraints and the plugin's name as a tag.

        Raises:
            UserError: the scene has no room for it or lacks what it needs; says which and what to do.
        """
