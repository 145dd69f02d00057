"""What marks road works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._canvas import RED as RED_INK
from simgen.assets._canvas import WHITE as WHITE_INK
from simgen.assets._canvas import Canvas, fill
from simgen.assets._kit import DARK, ORANGE, WHITE, YELLOW, Kit, painted, sheeting, steel
from simgen.assets.base import Asset
from simgen.colorimetry import scaled, tint
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Model, Vector3
from simgen.registry import param, register
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import bar, box, cylinder
from simgen.shapes.soup import join

KINDS: Final = ("beacon", "drum", "fence", "lamp")
#: amber within EN 12352; a lens of 180 mm that flashes with 50 cd (class L6 has 25 to 150)
_AMBER: Final = tint(0.575, 0.42)


@register("asset", "road_works")
@dataclass(frozen=True, kw_only=True)
class RoadWorks(Asset):
    """What marks road works (class barrier), facing +x.

    ``beacon``: a striped board of 0.25 x 1.0 m on a foot; ``drum``: the American channelizing drum, 0.91 m tall with
    orange and white bands (MUTCD 6F.67: at least 36 in, 18 in wide, bands of 4 to 6 in); ``fence``: a steel site fence
    along y, 3.5 x 2.0 m; ``lamp``: a beacon with a flashing warning lamp (EN 12352) on it.
    """

    kind: str = param("beacon", doc="which thing", choices=KINDS)
    points_left: bool = param(False, doc="beacon: the stripes fall to the left as one faces it, so pass on that side")
    beacons: str = param("on", doc="lamp: flashes twice every half second, or not", choices=("on", "off"))

    def build(self) -> Model:
        """The thing on its foot."""
        kit = Kit("barrier")
        lamps: tuple[Lamp, ...] = ()
        if self.kind == "drum":
            _drum(kit)
        elif self.kind == "fence":
            _site_fence(kit)
        else:
            self._board(kit)
            if self.kind == "lamp":
                lamps = (_flash(kit, (0.0, 0.0, 1.42)),)
        return kit.model("road_works", 22.0, lamps=lamps, attributes=(("kind", self.kind),))

    def _board(self, kit: Kit) -> None:
        rubber = painted("barrier", DARK, 0.9)
        kit.add(box((0.8, 0.38, 0.09), 0.02).moved((0.0, 0.0, 0.045)), rubber)
        kit.beam((-0.03, -0.03, 0.09), (0.03, 0.03, 0.3), steel("barrier"))
        kit.add(box((0.05, 0.25, 1.0), 0.01).moved((0.0, 0.0, 0.8)), painted("barrier", (0.5, 0.5, 0.48)))
        canvas = Canvas((0.0, 0.0), (1.0, 4.0), WHITE_INK, 256)
        s = 1.0 if self.points_left else -1.0
        for y in np.arange(-1.0, 5.0, 1.33):
            canvas.draw(
                [fill((0.0, y - 0.5 * s), (1.0, y + 0.5 * s), (1.0, y + 0.5 * s + 0.66), (0.0, y - 0.5 * s + 0.66))],
                RED_INK,
            )
        for x, side in ((0.0262, 1.0), (-0.0262, -1.0)):
            y = 0.125 * side
            corners = np.array([[x, -y, 0.3], [x, y, 0.3], [x, y, 1.3], [x, -y, 1.3]])
            kit.picture(corners, canvas, sheeting("barrier", WHITE))


def _drum(kit: Kit) -> None:
    kit.add(revolve([[0.0, 0.0], [0.32, 0], [0.32, 0.05], [0.26, 0.06]], 20), painted("barrier", DARK, 0.9))
    heights = [0.05, 0.17, 0.33, 0.48, 0.63, 0.78, 0.88]
    radii = [0.285, 0.28, 0.272, 0.264, 0.256, 0.248, 0.243]
    orange, white, plastic = sheeting("barrier", ORANGE), sheeting("barrier", WHITE), painted("barrier", ORANGE)
    profile, tags = [[0.0, 0.05]], []
    for k, (z, r) in enumerate(zip(heights, radii, strict=True)):
        profile += [[r, z]] if k == 0 else [[r + 0.012, z], [r, z]] if k < 6 else [[r, z], [0.1, 0.91], [0.0, 0.91]]
    tags = [0, 0, 0, 1, 1, 2, 2, 1, 1, 2, 2, 0, 0, 0]
    spans = len(profile) - 1
    kit.add(revolve(profile, 20, tags=(tags * 2)[:spans]), plastic, orange, white, smooth_deg=30.0)
    kit.add(box((0.03, 0.16, 0.06)).moved((0.0, 0.0, 0.93)), plastic)


def _site_fence(kit: Kit) -> None:
    zinc = steel("barrier")
    frame = [bar([0, -1.72, z], [0, 1.72, z], 0.04, 0.04) for z in (0.16, 1.98)]
    frame += [bar([0, y, 0.1], [0, y, 2.0], 0.04, 0.04) for y in (-1.73, 1.73)]
    wires = [bar([0, y, 0.16], [0, y, 1.98], 0.006, 0.006) for y in np.linspace(-1.6, 1.6, 26)]
    wires += [bar([0, -1.72, z], [0, 1.72, z], 0.006, 0.006) for z in (0.5, 0.8, 1.1, 1.4, 1.7)]
    for part in frame:
        kit.add(part, zinc)
    kit.add(join(wires), zinc, shape="box")
    for y in (-1.73, 1.73):
        kit.add(box((0.62, 0.22, 0.13), 0.02).moved((0.0, y, 0.065)), painted("barrier", (0.35, 0.34, 0.32), 0.9))


def _flash(kit: Kit, at: Vector3) -> Lamp:
    """A yellow case with a lens that flashes."""
    x, y, z = at
    kit.add(box((0.1, 0.2, 0.12), 0.01).moved((x, y, z - 0.06)), painted("barrier", YELLOW))
    lens = Surface(
        class_name="barrier", base_color=(0.5, 0.22, 0.01), roughness=0.2, clearcoat=1.0, has_lamp=True, lamp="beacon",
        emission=scaled(_AMBER, 2000.0),
    )  # fmt: skip
    turn = (0.5**0.5, 0.0, 0.5**0.5, 0.0)
    kit.add(cylinder(0.09, 0.08, 20, 0.02).moved(quaternion=turn).moved((x, y, z + 0.08)), lens)
    return Lamp(
        position=(x + 0.06, y, z + 0.08), intensity=scaled(_AMBER, 50.0), beam="spot", cone_deg=(30.0, 60.0),
        radius_m=0.08, state="beacon",
    )  # fmt: skip
