"""Water that stands on a road, and ice that lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._kit import Kit
from simgen.assets.base import Asset
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.outlines import ragged
from simgen.shapes.primitives import triangulate
from simgen.shapes.soup import Soup

#: what lies there: class, reflectance of what is below its face, roughness
_KINDS: Final = {
    "water": Surface(class_name="water", base_color=(0.045, 0.04, 0.03), roughness=0.02, lidar_reflectance=0.02),
    "ice": Surface(class_name="ice", base_color=(0.07, 0.072, 0.076), roughness=0.17, lidar_reflectance=0.05),
}
#: over the road, so that it lies on paint too
_FILM_M: Final = 0.007


@register("asset", "ground_sheet")
@dataclass(frozen=True, kw_only=True)
class GroundSheet(Asset):
    """An area of a level road under water or clear ice (class water or ice), with an outline of its own.

    Its face is smooth (ice a little rough): what stands beyond is mirrored by Fresnel's equations, so it shines at
    grazing angles and is dark at its near end. What is below sends back 4 % (murky water) and 7 % (asphalt under ice).
    Depth and range are the sheet's own. Nothing collides with it, and those who drive go through it.
    """

    kind: str = param("water", doc="what lies there", choices=tuple(_KINDS))
    length_m: float = param(20.0, ge=0.3, le=200.0, doc="along its x axis")
    width_m: float = param(8.0, ge=0.3, le=60.0, doc="across")
    raggedness: float = param(0.14, ge=0.0, le=0.3, doc="how uneven its outline is")
    variant: int = param(0, ge=0, le=100000, doc="which outline")

    @property
    def outline(self) -> F8:
        """Its shore, (C, 2) in its own frame."""
        return ragged(self.length_m, self.width_m, self.variant, share=self.raggedness, corners=96)

    def build(self) -> Model:
        """One level face."""
        rim = self.outline
        corners = np.concatenate([rim, np.full((len(rim), 1), _FILM_M)], -1)
        kit = Kit(_KINDS[self.kind].class_name)
        kit.add(Soup.of(corners, triangulate(rim)), _KINDS[self.kind], shape="none")
        return kit.model("ground_sheet", 1.0, attributes=(("kind", self.kind),))
