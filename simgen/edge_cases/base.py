"""The contract of an edge case: a certain scene in, a certain scene out, with what it asks for as constraints."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.layout import WorldLayout
from simgen.scene import Scene


@dataclass(frozen=True, kw_only=True)
class EdgeCase(ABC):
    """A rare event, made to happen."""

    plugin_kind: ClassVar[str] = "edge_case"
    plugin_name: ClassVar[str]

    @abstractmethod
    def apply(self, scene: Scene, layout: WorldLayout, seed: int) -> Scene:
        """The scene with the event in it; adds constraints and a tag.

        Raises:
            UserError: the scene has no room for it or lacks what it needs; says which and what to do.
        """
