"""A box without a lid, of any size: for bin picking."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.primitives import box
from simgen.shapes.thing import Thing


@register("asset", "open_bin")
@dataclass(frozen=True, kw_only=True)
class OpenBin(Asset):
    """An open box of plastic with a rim (class container); origin below its middle. The grid of EN 13199: 600 x 400 mm.

    In physics it is a floor and four walls, exactly as thick as they look.
    """

    length_m: float = param(0.6, ge=0.05, le=3.0, doc="along x, outside")
    width_m: float = param(0.4, ge=0.05, le=3.0, doc="along y, outside")
    depth_m: float = param(0.2, ge=0.02, le=2.0, doc="height, outside")
    wall_m: float = param(0.008, ge=0.001, le=0.1, doc="thickness of floor and walls")
    color: str | tuple[float, float, float] = param("blue", doc="a colour's name, or linear sRGB reflectances")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)
        if 4.0 * self.wall_m > min(self.length_m, self.width_m, self.depth_m):
            raise UserError("open_bin: the walls fill it; make wall_m smaller")

    def build(self) -> Model:
        """Floor, walls, a rim around them and ribs outside."""
        thing = Thing("container")
        plastic = thing.matter(resolve("color", self.color, PAINTS), 0.45)
        x, y, z, t = self.length_m, self.width_m, self.depth_m, self.wall_m
        thing.add(box((x, y, t)).moved((0, 0, 0.5 * t)), plastic, solid="box")
        for s in (1.0, -1.0):
            wall = box((t, y, z - t)).moved((s * 0.5 * (x - t), 0, t + 0.5 * (z - t)))
            thing.add(wall, plastic, solid="box")
            wall = box((x - 2 * t, t, z - t)).moved((0, s * 0.5 * (y - t), t + 0.5 * (z - t)))
            thing.add(wall, plastic, solid="box")
            rim = 0.6 * t
            thing.add(
                box((rim, y + 2 * rim, 0.02), 0.001).moved((s * 0.5 * (x + rim), 0, z - 0.012)), plastic, solid="none"
            )
            thing.add(box((x, rim, 0.02), 0.001).moved((0, s * 0.5 * (y + rim), z - 0.012)), plastic, solid="none")
        mass = 950.0 * t * (x * y + 2.0 * z * (x + y))
        return thing.model("open_bin", mass, friction=0.4, restitution=0.0)
