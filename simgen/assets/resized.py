"""Any other asset, larger or smaller."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.lights import Lamp
from simgen.records.model import Joint, Keypoint, Link, Model, Shape, Vector3
from simgen.registry import param, register


@register("asset", "resized")
@dataclass(frozen=True, kw_only=True)
class Resized(Asset):
    """Another asset with every length times ``factor``; mass grows with its cube, so that densities stay.

    Wheels, strides and wheelbases follow, so what rolls and walks does so without slipping. For domain randomisation,
    which wraps assets in it by itself (``randomise: {sizes: wide}``).
    """

    of: Asset = param(doc="the asset, by name or with its parameters")
    factor: float = param(1.0, ge=0.05, le=20.0, doc="on every length")

    def build(self) -> Model:
        """The other asset's model, scaled about its origin.

        Raises:
            UserError: physics cannot scale it.
        """
        model = self.of.build()
        if model.description_file.lower().endswith(".xml") and self.factor != 1.0:
            raise UserError("resized: physics cannot scale an MJCF model: write its file with other lengths")
        return resized(model, self.factor)


def resized(model: Model, factor: float) -> Model:
    """A model with every length times a factor."""
    return replace(
        model,
        links=tuple(_link(link, factor) for link in model.links),
        size=_times(model.size, factor),
        box_center=_times(model.box_center, factor),
        lamps=tuple(_lamp(lamp, factor) for lamp in model.lamps),
        sway=None if model.sway is None else replace(model.sway, pivot=_times(model.sway.pivot, factor)),
        keypoints=tuple(_keypoint(point, factor) for point in model.keypoints),
        mass_kg=model.mass_kg * factor**3,
        rolling_m=model.rolling_m * factor,
        wheelbase_m=model.wheelbase_m * factor,
        coupling=None if model.coupling is None else _times(model.coupling, factor),
        kingpin=None if model.kingpin is None else _times(model.kingpin, factor),
        description_scale=model.description_scale * factor,
    )


def _link(link: Link, factor: float) -> Link:
    mesh = link.mesh
    if mesh is not None:
        mesh = mesh.replace(vertices=np.ascontiguousarray(mesh.vertices * np.float32(factor)))
    return replace(
        link,
        position=_times(link.position, factor),
        mesh=mesh,
        joint=_joint(link.joint, factor),
        shapes=tuple(_shape(shape, factor) for shape in link.shapes),
    )


def _joint(joint: Joint, factor: float) -> Joint:
    slides = factor if joint.kind == "slide" else 1.0
    return replace(
        joint,
        radius_m=joint.radius_m * factor,
        stride_m=joint.stride_m * factor,
        lower=joint.lower * slides,
        upper=joint.upper * slides,
    )


def _shape(shape: Shape, factor: float) -> Shape:
    points = tuple(_times(p, factor) for p in shape.points)
    return replace(shape, size=_times(shape.size, factor), center=_times(shape.center, factor), points=points)


def _lamp(lamp: Lamp, factor: float) -> Lamp:
    return replace(
        lamp,
        position=_times(lamp.position, factor),
        radius_m=lamp.radius_m * factor,
        half_u=_times(lamp.half_u, factor),
        half_v=_times(lamp.half_v, factor),
    )


def _keypoint(point: Keypoint, factor: float) -> Keypoint:
    return replace(point, position=_times(point.position, factor))


def _times(v: Vector3, factor: float) -> Vector3:
    return (v[0] * factor, v[1] * factor, v[2] * factor)
