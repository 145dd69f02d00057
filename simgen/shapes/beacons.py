"""Warning lights: light bars and single beacons, whose lenses flash in the states ``beacon`` and ``beacon_other``.

Effective intensities of UN R65: at least 120 cd (blue) and 230 cd (amber) by day, within a few degrees of the horizon;
far less goes up and down. The lamps here shine alike all around, with what reaches the ground in between.
"""

from __future__ import annotations

from typing import Final

from numpy.typing import ArrayLike

from simgen.colorimetry import Color, scaled, tint
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import hull, vector3
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join

#: light of each colour of lens (chromaticities within UN R65), and the unlit lens
_LIGHTS: Final[dict[str, tuple[Color, tuple[float, float, float]]]] = {
    "blue": (tint(0.15, 0.06), (0.012, 0.03, 0.34)),
    "red": (tint(0.68, 0.315), (0.36, 0.012, 0.012)),
    "amber": (tint(0.58, 0.415), (0.55, 0.22, 0.015)),
}
COLORS: Final = tuple(_LIGHTS)
#: the lamps' two groups: they flash in turn
STATES: Final = ("beacon", "beacon_other")
_PEAK_CD: Final = 120.0
_LENS_CD_M2: Final = 22_000.0
_ABOVE_M: Final = 0.04


def beacon_lens(class_name: str, color: str, state: str = "beacon") -> Surface:
    """A coloured lens, dark until its state lights it."""
    light, lens = _LIGHTS[color]
    return Surface(
        class_name=class_name,
        base_color=lens,
        roughness=0.1,
        clearcoat=1.0,
        emission=scaled(light, _LENS_CD_M2),
        has_lamp=True,
        lamp=state,
        heat="body",
        lidar_reflectance=0.3,
    )


def beacon_lamp(color: str, place: ArrayLike, state: str = "beacon") -> Lamp:
    """The light of one lens: all around, from just above it."""
    light, _ = _LIGHTS[color]
    return Lamp(
        position=vector3(place), intensity=scaled(light, _PEAK_CD), beam="isotropic", radius_m=0.05, state=state
    )


def add_light_bar(
    builder: MeshBuilder,
    class_name: str,
    *,
    position: ArrayLike,
    width: float = 1.15,
    colors: tuple[str, str] = ("blue", "blue"),
    middle: Surface | None = None,
) -> tuple[list[Shape], list[Lamp]]:
    """A light bar across a roof, its lower edge's middle at ``position``: shapes and lamps.

    ``colors``: of its left and right half; ``middle``: what stands between them (a sign), else dark plastic.
    """
    x, y, z = vector3(position)
    dark = Surface(class_name=class_name, base_color=(0.02, 0.02, 0.022), roughness=0.5, heat="body")
    foot = box((0.26, 0.92 * width, 0.035), 0.01).moved((x, y, z + 0.0175))
    builder.add(foot, dark)
    center = box((0.24, 0.24 * width, 0.1), 0.02).moved((x, y, z + 0.08))
    builder.add(center, middle if middle is not None else dark)
    lamps = []
    for side, state, color in ((1.0, STATES[0], colors[0]), (-1.0, STATES[1], colors[1])):
        lens = _half(0.38 * width).scaled((1.0, side, 1.0)).moved((x, y + side * 0.12 * width, z + 0.035))
        builder.add(lens, beacon_lens(class_name, color, state))
        lamps.append(beacon_lamp(color, (x, y + side * 0.34 * width, z + 0.13 + _ABOVE_M), state))
    whole = join([foot, center, *(_half(0.38 * width).moved((x, y + 0.12 * width, z + 0.035)) for _ in (1,))])
    mirror = whole.moved((-x, -y, 0.0)).scaled((1.0, -1.0, 1.0)).moved((x, y, 0.0))
    return [hull(join([whole, mirror]).vertices)], lamps


def _half(length: float) -> Soup:
    """One lens of a bar: from y = 0 outwards, flat below, its end rounded off."""
    body = box((0.27, length, 0.095), 0.028)
    return body.moved((0.0, 0.5 * length, 0.0475))


def add_beacon(
    builder: MeshBuilder,
    class_name: str,
    *,
    position: ArrayLike,
    color: str = "amber",
    radius: float = 0.07,
    height: float = 0.14,
    state: str = "beacon",
) -> tuple[Shape, Lamp]:
    """A dome on a foot, its lower middle at ``position``."""
    x, y, z = vector3(position)
    r, h = radius, height
    dark = Surface(class_name=class_name, base_color=(0.02, 0.02, 0.022), roughness=0.5, heat="body")
    foot = revolve([[0.0, 0.0], [1.05 * r, 0.0], [1.05 * r, 0.2 * h], [0.0, 0.2 * h]], 12).moved((x, y, z))
    dome = revolve([[0.0, 0.2 * h], [r, 0.2 * h], [0.92 * r, 0.75 * h], [0.6 * r, 0.95 * h], [0.0, h]], 12)
    dome = dome.moved((x, y, z))
    builder.add(foot, dark).add(dome, beacon_lens(class_name, color, state), smooth_deg=50.0)
    return hull(join([foot, dome]).vertices), beacon_lamp(color, (x, y, z + h + _ABOVE_M), state)


__all__ = ["COLORS", "STATES", "add_beacon", "add_light_bar", "beacon_lamp", "beacon_lens"]
