"""A traffic light on a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets.base import Asset
from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import box_of, hull, rigid
from simgen.shapes.lattice import lattice, tube
from simgen.shapes.primitives import box, cylinder, ellipsoid
from simgen.shapes.soup import Soup, join

#: lenses when they do not shine: the colour of a lamp, darkened by its lens
LENSES: Final = (("red", (0.3, 0.012, 0.008)), ("yellow", (0.3, 0.15, 0.006)), ("green", (0.008, 0.26, 0.12)))

_FORWARD: Final = quat_from_axis_angle([0.0, 1.0, 0.0], 0.5 * np.pi)


@register("asset", "traffic_light")
@dataclass(frozen=True, kw_only=True)
class TrafficLight(Asset):
    """Three 200 mm lamps that face +x (class traffic_light) on a post (class pole), or on an arm over the road.

    Lamps of EN 12368; each lens is a surface of its own, named by its state, which shines while its signal shows it.
    """

    height_m: float = param(3.3, ge=2.2, le=8.0, doc="ground to the head's top")
    arm_m: float = param(0.0, ge=0.0, le=10.0, doc="length of an arm along +y that carries the head; 0 = on the post")
    backboard: bool = param(True, doc="a dark board with a white rim behind the head")

    def build(self) -> Model:
        """Post, head, visors, lenses."""
        grey = Surface(class_name="pole", base_color=(0.28, 0.29, 0.3), roughness=0.45, metallic=0.6)
        dark = Surface(
            class_name="traffic_light", base_color=(0.015, 0.016, 0.015), roughness=0.6, lidar_reflectance=0.1
        )
        rim = Surface(class_name="traffic_light", base_color=(0.65, 0.65, 0.63), roughness=0.5, retro=0.1)
        middle = np.array([0.16, self.arm_m, self.height_m - 0.45])
        builder = MeshBuilder().add(self._post(), grey, smooth_deg=50.0)
        head = box((0.2, 0.3, 0.9), 0.025).moved(middle)
        builder.add(head, dark, smooth_deg=30.0)
        builder.add(join([box((0.14, 0.05, 0.05)).moved(np.add(middle, [-0.15, 0.0, z])) for z in (-0.3, 0.3)]), dark)
        board = box((0.012, 0.56, 1.16)).moved(np.add(middle, [-0.04, 0.0, 0.0]))
        if self.backboard:
            builder.add(board, rim)
            builder.add(box((0.016, 0.52, 1.12)).moved(np.add(middle, [-0.04, 0.0, 0.0])), dark)
        visors: list[Soup] = []
        for k, (state, color) in enumerate(LENSES):
            at = np.add(middle, [0.1, 0.0, 0.29 - 0.29 * k])
            lens = Surface(class_name="traffic_light", base_color=color, roughness=0.25, lamp=state)
            builder.add(ellipsoid((0.02, 0.1, 0.1), 20, 8).moved(at), lens)
            visors.append(_visor().moved(at))
            builder.add(visors[-1], dark, smooth_deg=50.0)
        shapes = [
            Shape(kind="cylinder", size=(0.06, self.height_m, 0.0), center=(0.0, 0.0, 0.5 * self.height_m)),
            box_of(head.vertices),
            hull(join(visors).vertices),
        ]
        if self.backboard:
            shapes.append(box_of(board.vertices))
        if self.arm_m:
            shapes.append(box_of(self._arm().vertices))
        return rigid("traffic_light", "traffic_light", builder, shapes, mass_kg=90.0)

    def _post(self) -> Soup:
        post = cylinder(0.06, self.height_m, 16).moved((0.0, 0.0, 0.5 * self.height_m))
        foot = cylinder(0.1, 0.3, 16, 0.02).moved((0.0, 0.0, 0.15))
        return join([post, foot, self._arm()] if self.arm_m else [post, foot])

    def _arm(self) -> Soup:
        z = self.height_m - 0.45
        return tube([[0.0, 0.0, z], [0.0, self.arm_m + 0.05, z]], 0.045, 10)


def _visor() -> Soup:
    """The upper two thirds of a tube around a lens: outside and inside."""
    angle = np.radians(np.linspace(-30.0, 210.0, 13))
    arc = np.stack([np.cos(angle), np.sin(angle)], -1)
    rings = [
        np.stack([np.full(13, x), r * arc[:, 0], r * arc[:, 1]], -1)
        for x, r in ((0.0, 0.118), (0.17, 0.118), (0.17, 0.112), (0.0, 0.112))
    ]
    return lattice(np.stack(rings))
