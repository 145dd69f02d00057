"""What motorcycles, scooters and e-scooters share: round tyres on cast wheels, steered fronts, lamps, the links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.finish import finished, hull
from simgen.shapes.heavy_wheels import tyre_surfaces
from simgen.shapes.lattice import loft, revolve, section
from simgen.shapes.primitives import bar, cylinder
from simgen.shapes.soup import Soup, join
from simgen.shapes.vehicle_lamps import vehicle_lamps
from simgen.shapes.workshop import Workshop

_SIDEWAYS: Final = quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)
SEGMENTS: Final = 24


@dataclass(frozen=True, kw_only=True)
class Hoop:
    """A wheel: radius over the tyre, width of the tyre, spokes, brake disc."""

    radius: float
    width: float
    rim: float = 0.7
    spokes: int = 5
    disc: bool = True


def hoop_soup(hoop: Hoop) -> Soup:
    """About the y axis; tags are tyre, rim, dark. A vertex lies at -z."""
    r, w, rim = hoop.radius, hoop.width, hoop.rim * hoop.radius
    angle = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 7)
    crown = np.stack([r - 0.5 * w * 0.9 * (1.0 - np.cos(angle)), 0.5 * w * np.sin(angle)], -1)
    inner = np.array([[rim, 0.36 * w], [0.9 * rim, 0.2 * w], [0.9 * rim, -0.2 * w], [rim, -0.36 * w]])
    profile = np.concatenate([[[rim, -0.36 * w]], crown, inner])
    tags = np.array([0] * (len(profile) - 4) + [1, 1, 1])
    parts = [revolve(profile, SEGMENTS, tags=tags, phase_rad=0.5 * np.pi)]
    parts.append(cylinder(0.13 * r + 0.01, 0.8 * w, 10).tagged(1))
    for t in 2.0 * np.pi * np.arange(hoop.spokes) / hoop.spokes:
        a, b = 0.1 * r, 0.93 * rim
        parts.append(
            bar(
                [a * np.cos(t), a * np.sin(t), 0.0],
                [b * np.cos(t + 0.2), b * np.sin(t + 0.2), 0.0],
                0.1 * r,
                0.16 * w + 0.01,
            ).tagged(1)
        )
    if hoop.disc:
        parts.append(cylinder(0.5 * r, 0.006, 16).moved((0.0, 0.0, 0.36 * w)).tagged(1))
    return join(parts).moved(quaternion=_SIDEWAYS)


def sections(stations: Sequence[Sequence[float]], segments: int = 12, power: float = 2.4) -> Soup:
    """A closed body along x from stations (x, z, half width, half height): tanks, seats, fairings."""
    s = np.asarray(stations, np.float64)
    # the loft runs along its own z: x becomes that, z its x, y stays
    rings = section(np.stack([s[:, 1], np.zeros(len(s)), s[:, 0]], -1), s[:, 3], s[:, 2], segments, power)
    body = loft(rings)
    return Soup(body.vertices[:, [2, 1, 0]], body.triangles[:, ::-1], body.tags)


@dataclass(kw_only=True)
class Bike:
    """A two-wheeler in the making: what is fixed, what steers, and where."""

    shop: Workshop
    front: Workshop
    wheelbase: float

    @classmethod
    def of(cls, class_name: str, color: Any, second: Any, wheelbase: float) -> Bike:
        """With nothing on it; both parts share their surfaces."""
        shop, front = Workshop(class_name, color, second=second), Workshop(class_name, color, second=second)
        front.palette = shop.palette
        front.builder = MeshBuilder(shop.palette)
        return cls(shop=shop, front=front, wheelbase=wheelbase)

    def model(self, name: str, rear: Hoop, front: Hoop, **fields: Any) -> Model:
        """Frame, rear wheel, fork and front wheel; the front's parts are given in the root frame."""
        palette: Palette = self.shop.palette
        shift = np.array([self.wheelbase, 0.0, 0.0])
        lamps = list(vehicle_lamps(self.shop.builder.soup, palette.surfaces)) + self.shop.lamps
        ahead = vehicle_lamps(self.front.builder.soup, palette.surfaces)
        lamps += [_carried(lamp, shift) for lamp in ahead]
        steered = _moved(self.front, shift)
        rubber = tyre_surfaces(self.shop.class_name, (0.08, 0.08, 0.085))
        links = [
            Link(name="frame", mesh=self.shop.builder.mesh(), shapes=tuple(self.shop.solid)),
            _wheel("rear_wheel", 0, rear, palette, rubber),
            Link(
                name="fork",
                parent=0,
                position=(self.wheelbase, 0.0, 0.0),
                mesh=steered.mesh(),
                joint=Joint(kind="steer", axis=(0.0, 0.0, 1.0)),
                shapes=tuple(_shifted(s, shift) for s in self.front.solid),
            ),
            _wheel("front_wheel", 2, front, palette, rubber),
        ]
        return finished(
            name,
            self.shop.class_name,
            links,
            palette.surfaces,
            lamps=tuple(lamps),
            wheelbase_m=self.wheelbase,
            **fields,
        )


def _wheel(name: str, parent: int, hoop: Hoop, palette: Palette, rubber: tuple[Surface, ...]) -> Link:
    mesh = MeshBuilder(palette).add(hoop_soup(hoop), *rubber, smooth_deg=40.0).mesh()
    shape = Shape(kind="cylinder", size=(hoop.radius, hoop.width, 0.0), quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0))
    spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=hoop.radius)
    return Link(name=name, parent=parent, position=(0.0, 0.0, hoop.radius), mesh=mesh, joint=spin, shapes=(shape,))


def _moved(part: Workshop, shift: np.ndarray) -> MeshBuilder:
    """A part's triangles in the frame of the link that steers."""
    moved = MeshBuilder(part.palette)
    for soup, normals, uv in part.builder.parts:
        moved.add_rows(soup.moved(-shift), normals, uv)
    return moved


def _shifted(shape: Shape, shift: np.ndarray) -> Shape:
    return hull(np.asarray(shape.points) - shift)


def _carried(lamp: Lamp, shift: np.ndarray) -> Lamp:
    x, y, z = (float(v) for v in np.asarray(lamp.position) - shift)
    return replace(lamp, position=(x, y, z), link=2)


__all__ = ["Bike", "Hoop", "hoop_soup", "sections"]
