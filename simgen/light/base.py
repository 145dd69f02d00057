"""The contract of a light: configuration in, :class:`~simgen.records.lights.LightField` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.lights import LightField


@dataclass(frozen=True, kw_only=True)
class Light(ABC):
    """What lights the scene from outside."""

    plugin_kind: ClassVar[str] = "light"
    plugin_name: ClassVar[str]

    @abstractmethod
    def field(self) -> LightField:
        """Sun and sky in photometric units."""
