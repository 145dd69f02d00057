"""A pram in front of whoever pushes it: carrycot with hood, frame, handle, four wheels that roll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.carried import rings
from simgen.shapes.clothes import EXTRA, SHOES
from simgen.shapes.finish import hull
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import cylinder, ellipsoid
from simgen.shapes.soup import join

#: the rear and front wheels' radius and place ahead of the handle, half the track, metres
WHEELS: Final = ((0.14, 0.27), (0.11, 0.82))
HALF_TRACK: Final = 0.25
_SIDEWAYS: Final = quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)


def pram_links(handle: F8, palette: Palette, surfaces: Sequence[Surface]) -> list[Link]:
    """The links, under the first one of the model, with the handle's middle at a place of the root's frame."""
    x, z = float(handle[0]), float(handle[2])
    dark = Surface(class_name=surfaces[0].class_name, base_color=(0.03, 0.03, 0.032), roughness=0.5, heat="body")
    surfaces = [dark if tag == SHOES else surface for tag, surface in enumerate(surfaces)]
    cot = [[0.46, 0.3, 0.14, 0.0], [0.5, 0.36, 0.17, 0.0], [0.62, 0.38, 0.19, 0.0], [0.76, 0.4, 0.2, 0.0]]
    body = rings(cot, 3.0, 14).moved((x + 0.56, 0.0, 0.0)).tagged(EXTRA)
    hood = ellipsoid((0.26, 0.21, 0.26), 12, 8).moved((x + 0.38, 0.0, 0.76)).tagged(EXTRA)
    bars = [tube(np.array([[x, -0.22, z], [x, 0.22, z]]), 0.017, 6)]
    for sign in (1.0, -1.0):
        y = sign * 0.22
        bars.append(tube(np.array([[x, y, z], [x + 0.3, y, 0.55], [x + 0.82, y, 0.11]]), 0.012, 6))
        bars.append(tube(np.array([[x + 0.8, y, 0.5], [x + 0.5, y, 0.38], [x + 0.27, y, 0.14]]), 0.012, 6))
    frame = join(bars).tagged(SHOES)
    shapes = tuple(hull(soup.vertices) for soup in (body, hood, frame))
    mesh = MeshBuilder(palette).add(join([body, hood, frame]), *surfaces, smooth_deg=50.0).mesh()
    links = [Link(name="pram", parent=0, mesh=mesh, shapes=shapes)]
    for end, (radius, ahead) in zip(("rear", "front"), WHEELS, strict=True):
        wheel = cylinder(radius, 0.035, 16, 0.008).moved(quaternion=_SIDEWAYS).tagged(SHOES)
        turned = MeshBuilder(palette).add(wheel, *surfaces).mesh()
        for side, sign in (("left", 1.0), ("right", -1.0)):
            links.append(
                Link(
                    name=f"pram_{end}_{side}",
                    parent=0,
                    position=(x + ahead, sign * HALF_TRACK, radius),
                    mesh=turned,
                    joint=Joint(kind="wheel", radius_m=radius),
                    shapes=(hull(wheel.vertices),),
                )
            )
    return links
