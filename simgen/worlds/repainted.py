"""Another world whose road markings are worn, or gone."""

from __future__ import annotations

from dataclasses import dataclass, field

from simgen import registry
from simgen.records.layout import WorldLayout
from simgen.registry import param, register
from simgen.worlds._paint_wear import worn_paint
from simgen.worlds.base import World


def plain_road() -> World:
    """What is altered where nothing is named."""
    world = registry.get("world", "straight_road")()
    assert isinstance(world, World)
    return world


@register("world", "repainted")
@dataclass(frozen=True, kw_only=True)
class Repainted(World):
    """Any other world with markings that are worn off in patches, faded, or gone.

    Paint goes where noise of two sizes is highest: whole stretches (9 m), and flakes (0.35 m), until exactly the share
    ``left`` of its area remains. What remains has the share ``contrast`` of its difference from asphalt, in colour, for
    lidars and in glass beads. Each lane of the map tells both (``paint_left``, ``paint_contrast``) for the markings
    beside it, measured from what remains. Markings count as worn out below 0.1 of 0.3 cd/(m2 lx) (EN 1436, R1).
    """

    of: World = field(default_factory=plain_road, metadata={"doc": "the world whose markings they are"})
    left: float = param(0.5, ge=0.0, le=1.0, doc="share of the paint's area that remains")
    contrast: float = param(1.0, gt=0.0, le=1.0, doc="how much of its contrast with the road what remains has")
    crosswalks: bool = param(True, doc="the stripes of crosswalks wear too")

    def build(self, seed: int) -> WorldLayout:
        """The other world, its paint worn by a stream of the seed."""
        return worn_paint(self.of.build(seed), self.left, self.contrast, seed, crosswalks=self.crosswalks)
