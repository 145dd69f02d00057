"""The contract of an asset: configuration in, :class:`~simgen.records.model.Model` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.model import Model


@dataclass(frozen=True, kw_only=True)
class Asset(ABC):
    """A thing that can stand in a scene. Equal configurations build equal models, which are then shared."""

    plugin_kind: ClassVar[str] = "asset"
    plugin_name: ClassVar[str]

    @abstractmethod
    def build(self) -> Model:
        """Meshes, joints and collision shapes; depends on nothing but the configuration."""
