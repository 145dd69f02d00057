"""The contract of a world: configuration and a seed in, :class:`~simgen.records.layout.WorldLayout` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.layout import WorldLayout


@dataclass(frozen=True, kw_only=True)
class World(ABC):
    """Ground, map and props."""

    plugin_kind: ClassVar[str] = "world"
    plugin_name: ClassVar[str]

    @abstractmethod
    def build(self, seed: int) -> WorldLayout:
        """Build it; what varies by itself (trees, houses) draws from streams of ``seed`` named ``"world"``."""
