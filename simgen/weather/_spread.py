"""What fog, dust and smoke share: how they are spread over the place. Even, in a layer over the ground, in patches."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final

from simgen.records.air import Medium
from simgen.records.volume import Patches, Volume
from simgen.registry import param
from simgen.weather.base import WeatherEffect

#: depth of what fills the whole air in patches, m: as deep as the layer through which daylight reaches the ground
FILLED_M: Final = 100.0


@dataclass(frozen=True, kw_only=True)
class Patchiness:
    """How uneven something is: noise of a size, carried by the wind; the mean stays."""

    scale_m: float = param(25.0, ge=0.5, le=1000.0, doc="size of the largest patches")
    contrast: float = param(1.0, ge=0.0, le=1.0, doc="0 = even, 1 = from nothing to twice the mean")


@dataclass(frozen=True, kw_only=True)
class SpreadOut(WeatherEffect):
    """Something of a visibility, where it is as dense as told.

    Even and everywhere it is a medium; else a volume of the shape ``layer``: as dense as told up to ``height_m``, above
    thinner by e for each ``height_scale_m``, in patches that drift with the wind. Patches without a height reach up to
    100 m.
    """

    only_one: ClassVar[bool] = True

    visibility_m: float = param(200.0, ge=1.0, le=100000.0, doc="meteorological optical range (5 % contrast)")
    height_m: float | None = param(None, ge=0.0, le=1000.0, doc="top of a layer on the ground; null = fills the air")
    height_scale_m: float = param(3.0, gt=0.0, le=500.0, doc="above a layer's top it gets thinner by e over this")
    patches: Patchiness | None = param(None, doc="how uneven it is; null = even")

    @abstractmethod
    def filling(self) -> Medium:
        """What is in the air where it is as dense as told."""

    def medium(self) -> Medium:
        """What fills the whole air: nothing where it lies in a layer or in patches."""
        return self.filling() if self.height_m is None and self.patches is None else Medium.clear()

    def volumes(self, seed: int) -> tuple[Volume, ...]:
        """The layer, if it is one."""
        if self.height_m is None and self.patches is None:
            return ()
        uneven = self.patches
        layer = Volume(
            medium=self.filling(),
            shape="layer",
            center_m=(0.0, 0.0, FILLED_M if self.height_m is None else self.height_m),
            size_m=(1.0, 1.0, self.height_scale_m),
            patches=None if uneven is None else Patches(seed=seed, scale_m=uneven.scale_m, contrast=uneven.contrast),
        )
        return (layer,)
