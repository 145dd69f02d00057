"""A half barrier of a level crossing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.assets._faces import Face
from simgen.assets._kit import DARK, RED, WHITE, Kit, painted, sheeting, steel
from simgen.assets._signs_us import UNITED_STATES
from simgen.assets._signs_vienna import VIENNA
from simgen.assets.base import Asset
from simgen.colorimetry import scaled, tint
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Model
from simgen.registry import param, register
from simgen.shapes.builder import Palette
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.soup import Soup

_PIVOT_M: Final = 1.0
_SIGNAL: Final = tint(0.69, 0.305)


@register("asset", "level_crossing_gate")
@dataclass(frozen=True, kw_only=True)
class LevelCrossingGate(Asset):
    """A half barrier (class barrier) that faces traffic on +x: crossbuck, two red lamps that flash in turn, a boom.

    The boom stands upright at rest and falls, level at ``door_share`` 1; ``closed``, it rests level and rises. Where
    traffic keeps right, the boom falls towards -y, over the lane of those who come. Lamps of 200 mm (EN 12368) with
    300 cd; the boom's pivot is 1.0 m above the ground (AREMA and the Vienna Convention's annex 1).
    """

    boom_m: float = param(5.0, ge=2.0, le=10.0, doc="length of the boom")
    closed: bool = param(False, doc="the boom rests level instead of upright")
    falls: str = param("+y", doc="to which side the boom falls", choices=("+y", "-y"))
    set: str = param("vienna", doc="whose crossbuck", choices=("vienna", "us"))
    beacons: str = param("off", doc="whether its lamps flash", choices=("on", "off"))

    def build(self) -> Model:
        """Mast, lamps, crossbuck; the boom is a link of its own."""
        palette = Palette()
        kit = Kit("barrier", palette)
        zinc, dark = steel("barrier"), painted("barrier", DARK)
        kit.add(box((0.4, 0.4, 0.75), 0.02).moved((-0.05, 0.0, 0.375)), painted("barrier", (0.3, 0.31, 0.32)))
        kit.add(cylinder(0.05, 3.2, 14).moved((-0.3, 0.0, 1.6)), zinc)
        kit.beam((-0.2, -0.1, 0.75), (0.08, 0.1, 1.15), zinc)
        faces = {"vienna": VIENNA, "us": UNITED_STATES}[self.set]["crossbuck"]
        _crossbuck(kit, faces, 2.85)
        kit.beam((-0.32, -0.32, 2.2), (-0.24, 0.32, 2.26), zinc)
        lamps = tuple(_lamp(kit, y, state, dark) for y, state in ((-0.3, "beacon"), (0.3, "beacon_other")))
        # upright it points up; falling, it turns about x from z towards y
        way = -1.0 if self.falls == "+y" else 1.0
        joint = Joint(kind="door", axis=(-way if self.closed else way, 0.0, 0.0), upper=0.5 * np.pi)
        boom = _boom(palette, self.boom_m).link("boom", (0.16, 0.0, _PIVOT_M), joint)
        if self.closed:
            boom = replace(boom, quaternion=(0.5**0.5, way * 0.5**0.5, 0.0, 0.0))
        return kit.model("level_crossing_gate", 300.0, more=[boom], lamps=lamps, attributes=(("set", self.set),))


def _boom(palette: Palette, length: float) -> Kit:
    kit = Kit("barrier", palette)
    red, white = sheeting("barrier", RED), sheeting("barrier", WHITE)
    count = max(round(length / 0.5), 2)
    step = length / count
    for k in range(count):
        low, high = 0.1 + k * step, 0.1 + (k + 1) * step
        kit.beam((-0.02, -0.06, low), (0.02, 0.06, high), red if k % 2 == 0 else white)
    # what balances it reaches below the pivot
    kit.beam((-0.04, -0.1, -0.55), (0.04, 0.1, 0.1), painted("barrier", DARK))
    return kit


def _lamp(kit: Kit, y: float, state: str, dark: Surface) -> Lamp:
    turn = (0.5**0.5, 0.0, 0.5**0.5, 0.0)
    at = np.array([-0.22, y, 2.23])
    kit.add(cylinder(0.25, 0.02, 24).moved(quaternion=turn).moved(at), dark)
    kit.add(cylinder(0.13, 0.12, 18).moved(quaternion=turn).moved(np.add(at, [0.03, 0.0, 0.0])), dark)
    lens = Surface(
        class_name="barrier", base_color=(0.3, 0.012, 0.008), roughness=0.25, clearcoat=1.0, has_lamp=True, lamp=state,
        emission=scaled(_SIGNAL, 9500.0),
    )  # fmt: skip
    kit.add(cylinder(0.1, 0.02, 20).moved(quaternion=turn).moved(np.add(at, [0.095, 0.0, 0.0])), lens)
    return Lamp(
        position=(float(at[0]) + 0.14, y, 2.23), intensity=scaled(_SIGNAL, 300.0), beam="spot", cone_deg=(15.0, 30.0),
        radius_m=0.09, state=state,
    )  # fmt: skip


def _crossbuck(kit: Kit, face: Face, middle: float) -> None:
    """Two boards of a slat's outline, their pictures as quadrilaterals just before them."""
    half = 0.5 * face.width_m
    rise = half * float(np.abs(face.points[:, 1]).max())
    words = face.words.split("|") if face.words else ["", ""]
    for k, (turn, text) in enumerate(zip(face.turns, words, strict=True)):
        c, s = float(np.cos(np.radians(turn))), float(np.sin(np.radians(turn)))
        x = -0.24 + 0.008 * k

        def at(y: float, z: float, x: float = x, c: float = c, s: float = s) -> list[float]:
            return [x, c * y - s * z, s * y + c * z + middle]

        plate = box((0.006, 2.0 * half, 2.0 * rise)).moved(
            (0, 0, 0), (float(np.cos(np.radians(turn) / 2)), float(np.sin(np.radians(turn) / 2)), 0, 0)
        )
        kit.add(Soup(np.add(plate.vertices, [x - 0.004, 0.0, middle]), plate.triangles, plate.tags), steel("barrier"))
        corners = np.array([at(-half, -rise), at(half, -rise), at(half, rise), at(-half, rise)])
        kit.picture(corners, face.canvas(text), sheeting("barrier", WHITE))
