"""A counterbalance forklift truck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._family import between
from simgen.assets._kit import DARK, Kit, painted, steel
from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, cylinder

_CLASS = "construction_vehicle"
_COLORS = ((0.62, 0.2, 0.012), (0.68, 0.4, 0.012), (0.4, 0.02, 0.015), (0.05, 0.2, 0.1))
#: about x by 90 deg: a cylinder's axis from z to y
_ACROSS = (0.5**0.5, 0.5**0.5, 0.0, 0.0)


@register("asset", "forklift")
@dataclass(frozen=True, kw_only=True)
class Forklift(Asset):
    """An electric forklift of 1.6 t with its forks low, a mast, an overhead guard and a counterweight, nobody on it.

    Measures as in data sheets of Linde E16, Toyota Traigo and Jungheinrich EFG 216 (VDI 2198): 1.9 m long without its
    forks of 1.15 m, 1.1 m wide, 2.1 m high, wheelbase 1.25 m, 2.9 t; it steers with its rear wheels. The origin is on
    the floor below the rear axle (class construction_vehicle).
    """

    variant: int = param(0, ge=0, le=9999, doc="colour, and how high the forks are")
    loaded: bool = param(False, doc="carries a box on a pallet")

    def build(self) -> Model:
        """Body, mast and forks in one link, and four wheels."""
        rng = stream(self.variant, "asset", "forklift")
        kit = Kit(_CLASS)
        paint = painted(_CLASS, _COLORS[int(rng.integers(len(_COLORS)))], 0.35)
        dark, metal = painted(_CLASS, DARK, 0.6), steel(_CLASS, (0.3, 0.3, 0.31))
        _body(kit, paint, dark)
        _guard(kit, dark)
        lift = between(rng, 0.06, 0.2)
        _mast(kit, dark, metal, lift)
        if self.loaded:
            _load(kit, lift)
        wheels = [_wheel(kit, x, s * y, r, w) for x, y, r, w in ((1.25, 0.46, 0.23, 0.18), (0.0, 0.42, 0.19, 0.14))
                  for s in (1.0, -1.0)]  # fmt: skip
        return kit.model(
            "forklift",
            2900.0,
            more=wheels,
            friction=0.8,
            wheelbase_m=1.25,
            attributes=(("variant", str(self.variant)),),
        )


def _body(kit: Kit, paint: Surface, dark: Surface) -> None:
    """Counterweight, chassis, battery hood, seat, wheel and dashboard."""
    kit.add(box((0.55, 1.04, 0.62), 0.09).moved((-0.18, 0.0, 0.56)), paint, smooth_deg=50.0)
    kit.add(box((0.3, 0.98, 0.2), 0.05).moved((-0.12, 0.0, 0.93)), paint, smooth_deg=50.0)
    kit.add(box((1.35, 0.74, 0.32), 0.02).moved((0.62, 0.0, 0.38)), dark, smooth_deg=20.0)
    kit.add(box((0.62, 1.02, 0.42), 0.03).moved((0.36, 0.0, 0.72)), paint, smooth_deg=30.0)
    kit.add(box((0.42, 1.06, 0.05), 0.01).moved((0.9, 0.0, 0.5)), dark, smooth_deg=20.0)
    kit.add(box((0.2, 0.9, 0.48), 0.04).moved((1.2, 0.0, 0.74)), paint, smooth_deg=30.0)
    kit.add(box((0.46, 0.5, 0.12), 0.04).moved((0.36, 0.0, 0.99)), dark, smooth_deg=40.0)
    kit.add(box((0.12, 0.48, 0.5), 0.04).moved((0.12, 0.0, 1.25)), dark, smooth_deg=40.0)
    column = tube([[1.12, 0.0, 0.95], [0.92, 0.0, 1.18]], 0.025, 8)
    kit.add(column, dark, smooth_deg=60.0, shape="none")
    angle = 2.0 * np.pi * np.arange(17) / 16
    rim = np.stack([0.91 + 0.07 * np.cos(angle), 0.15 * np.sin(angle), 1.19 + 0.12 * np.cos(angle)], -1)
    kit.add(tube(rim, 0.013, 6), dark, smooth_deg=60.0, shape="none")


def _guard(kit: Kit, dark: Surface) -> None:
    """Four posts and a roof of bars (ISO 6055), and a beacon."""
    for s in (1.0, -1.0):
        kit.add(tube([[1.24, s * 0.45, 0.95], [0.98, s * 0.44, 2.06]], 0.035, 8), dark, smooth_deg=60.0)
        kit.add(tube([[-0.2, s * 0.45, 1.0], [-0.1, s * 0.44, 2.06]], 0.035, 8), dark, smooth_deg=60.0)
        kit.beam((-0.14, s * 0.44 - 0.03, 2.05), (1.02, s * 0.44 + 0.03, 2.11), dark)
    for x in np.linspace(-0.1, 0.98, 8).tolist():
        kit.beam((x - 0.02, -0.42, 2.06), (x + 0.02, 0.42, 2.1), dark)
    lamp = Surface(class_name=_CLASS, base_color=(0.7, 0.25, 0.01), roughness=0.2)
    kit.add(cylinder(0.05, 0.1, 16, 0.01).moved((-0.05, 0.3, 2.16)), lamp, shape="none")


def _mast(kit: Kit, dark: Surface, metal: Surface, lift: float) -> None:
    """Two pairs of channels with cross members, the carriage, its load guard and two forks of 1.15 m."""
    for s in (1.0, -1.0):
        kit.beam((1.5, s * 0.33 - 0.035, 0.08), (1.6, s * 0.33 + 0.035, 2.1), dark)
        kit.beam((1.52, s * 0.25 - 0.025, 0.1), (1.6, s * 0.25 + 0.025, 2.05), metal)
    kit.add(cylinder(0.04, 1.7, 12).moved((1.52, 0.0, 0.98)), metal, smooth_deg=60.0)
    for z in (0.3, 1.3, 2.04):
        kit.beam((1.5, -0.33, z), (1.54, 0.33, z + 0.08), dark)
    kit.beam((1.3, -0.2, 0.3), (1.52, 0.2, 0.4), dark)
    for z in (0.06, 0.4):
        kit.beam((1.61, -0.5, lift + z), (1.66, 0.5, lift + z + 0.1), dark)
    for y in (-0.5, -0.25, 0.0, 0.25, 0.5):
        kit.beam((1.62, y - 0.012, lift + 0.1), (1.65, y + 0.012, lift + 1.1), dark)
    kit.beam((1.62, -0.51, lift + 1.08), (1.65, 0.51, lift + 1.12), dark)
    for s in (1.0, -1.0):
        kit.beam((1.66, s * 0.27 - 0.05, lift - 0.02), (1.7, s * 0.27 + 0.05, lift + 0.55), metal)
        kit.beam((1.66, s * 0.27 - 0.05, lift - 0.02), (2.81, s * 0.27 + 0.05, lift + 0.02), metal)


def _load(kit: Kit, lift: float) -> None:
    """A pallet's deck and a box of board on the forks."""
    wood = painted(_CLASS, (0.35, 0.24, 0.13), 0.85)
    board = painted(_CLASS, (0.42, 0.27, 0.14), 0.85)
    kit.beam((1.72, -0.4, lift + 0.03), (2.9, 0.4, lift + 0.15), wood)
    kit.beam((1.75, -0.38, lift + 0.15), (2.87, 0.38, lift + 0.95), board)


def _wheel(kit: Kit, x: float, y: float, radius: float, width: float) -> Link:
    """A solid tyre on a rim."""
    own = Kit(_CLASS, kit.builder.palette)
    tyre, rim = painted(_CLASS, (0.02, 0.02, 0.02), 0.9), painted(_CLASS, (0.5, 0.5, 0.48), 0.5)
    own.add(cylinder(radius, width, 28, 0.02).moved(quaternion=_ACROSS), tyre, smooth_deg=40.0)
    own.add(cylinder(0.55 * radius, width + 0.01, 20, 0.004).moved(quaternion=_ACROSS), rim, shape="none")
    for k in range(5):
        a = 2.0 * np.pi * k / 5
        bolt = cylinder(0.012, width + 0.03, 8).moved(quaternion=_ACROSS)
        own.add(bolt.moved((0.32 * radius * np.cos(a), 0.0, 0.32 * radius * np.sin(a))), tyre, shape="none")
    name = f"wheel_{'front' if x > 0.5 else 'rear'}_{'left' if y > 0 else 'right'}"
    return own.link(name, (x, y, radius), Joint(kind="wheel", radius_m=radius))
