"""Birds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets.base import Asset
from simgen.geometry import cross
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import Color, linear
from simgen.shapes.finish import finished, hull
from simgen.shapes.lattice import loft, section, tube
from simgen.shapes.primitives import ellipsoid
from simgen.shapes.soup import Soup, join

#: length from beak to tail and span, m; mass, kg; colours of body, neck, wing and beak
_KINDS: Final[dict[str, tuple[float, float, float, tuple[Color, Color, Color, Color]]]] = {
    "crow": (0.47, 0.93, 0.51, (linear(26, 26, 30), linear(24, 24, 28), linear(22, 22, 27), linear(30, 30, 32))),
    "pigeon": (
        0.33,
        0.66,
        0.33,
        (linear(128, 132, 142), linear(70, 92, 90), linear(150, 153, 160), linear(60, 56, 54)),
    ),
    "gull": (
        0.4,
        1.0,
        0.3,
        (linear(224, 224, 220), linear(224, 224, 220), linear(150, 156, 164), linear(190, 140, 40)),
    ),
}
_BODY, _NECK, _WING, _BEAK, _EYE = range(5)
#: beats a metre flown stay about constant: a wing beat carries a bird some two metres
_BEAT_M: Final = 2.2


@register("asset", "bird")
@dataclass(frozen=True, kw_only=True)
class Bird(Asset):
    """A bird (class animal) that stands, or flies with wings that beat as it moves (give it a place in the air).

    Lengths, spans and masses of Svensson et al., "Collins Bird Guide" (2009). In flight the origin is below the body.
    """

    species: str = param("crow", doc="which bird", choices=tuple(_KINDS))
    pose: str = param("standing", doc="on its feet, or in the air", choices=("standing", "flying"))
    size_share: float = param(1.0, ge=0.5, le=1.5, doc="against a grown bird of its kind")

    def build(self) -> Model:
        """Body, head, beak, tail, wings, legs."""
        long, span, mass, colors = _KINDS[self.species]
        long, span = long * self.size_share, span * self.size_share
        surfaces = tuple(
            Surface(
                class_name="animal", base_color=c, roughness=0.7 if k < 3 else 0.4, lidar_reflectance=0.4, heat="hair"
            )
            for k, c in enumerate((*colors, (0.01, 0.01, 0.01)))
        )
        standing = self.pose == "standing"
        palette = Palette()
        pitch = np.radians(32.0) if standing else 0.0
        up = (0.36 if standing else 0.12) * long
        parts = [_body(long), _tail(long)]
        if standing:
            parts += [_folded(long, s) for s in (1.0, -1.0)]
        soup = _pitched(join(parts), pitch, up)
        shapes = [hull(_pitched(p, pitch, up).vertices) for p in parts]
        if standing:
            legs = [_leg(long, s, up) for s in (1.0, -1.0)]
            soup, shapes = join([soup, *legs]), [*shapes, *(hull(leg.vertices) for leg in legs)]
        trunk = MeshBuilder(palette).add(soup, *surfaces, smooth_deg=60.0).mesh()
        links = [Link(name="body", mesh=trunk, shapes=tuple(shapes))]
        if not standing:
            for name, s in (("left", 1.0), ("right", -1.0)):
                links += _wings(name, s, long, span, up, surfaces, palette)
        return finished(
            "bird", "animal", links, palette.surfaces, mass_kg=mass * self.size_share**3,
            attributes=(("species", self.species), ("pose", self.pose)),
        )  # fmt: skip


def _pitched(soup: Soup, angle: float, up: float) -> Soup:
    """Nose up by an angle, and lifted."""
    c, s = float(np.cos(angle)), float(np.sin(angle))
    x, y, z = soup.vertices.T
    return Soup(np.stack([c * x - s * z, y, s * x + c * z + up], -1), soup.triangles, soup.tags)


def _body(long: float) -> Soup:
    """A drop from tail to beak along x, its middle at the origin."""
    rows = np.array(
        [
            [-0.3, 0.02, 0.02, 0.0], [-0.22, 0.075, 0.07, 0.0], [-0.08, 0.125, 0.115, -0.01],
            [0.08, 0.135, 0.12, -0.012],
            [0.18, 0.105, 0.095, 0.01], [0.24, 0.078, 0.072, 0.045], [0.31, 0.08, 0.074, 0.06],
            [0.36, 0.058, 0.055, 0.058],
            [0.39, 0.026, 0.025, 0.05], [0.43, 0.016, 0.015, 0.045], [0.5, 0.004, 0.004, 0.036],
        ]
    ) * long  # fmt: skip
    flat = section(np.stack([rows[:, 3], 0.0 * rows[:, 3], rows[:, 0]], -1), rows[:, 1], rows[:, 2], 12)
    # the rings' x becomes height, their z the way forward
    rings = np.stack([flat[..., 2], flat[..., 1], flat[..., 0]], -1)[:, ::-1]
    tags = np.array([_BODY] * 4 + [_NECK] * 4 + [_BEAK] * 2)[:, None]
    eye = [
        ellipsoid((0.011 * long,) * 3, 6, 4).moved((0.34 * long, s * 0.056 * long, 0.078 * long)) for s in (1.0, -1.0)
    ]
    return join([loft(rings, tags=np.broadcast_to(tags, (10, 12))), *(e.tagged(_EYE) for e in eye)])


def _slab(outline: F8, thick: float) -> Soup:
    """A flat shape (P, 3), counter-clockwise from above, with some thickness."""
    shift = np.array([0.0, 0.0, 0.5 * thick])
    return loft(np.stack([outline - shift, outline + shift]))


def _tail(long: float) -> Soup:
    outline = np.array(
        [[-0.2, -0.04, 0.01], [-0.2, 0.04, 0.01], [-0.47, 0.075, 0.0], [-0.5, 0.0, 0.0], [-0.47, -0.075, 0.0]]
    )
    return _slab(outline * long, 0.014 * long).tagged(_WING)


def _folded(long: float, s: float) -> Soup:
    """A wing along the flank."""
    rows = (
        np.array(
            [[-0.4, 0.012, 0.01], [-0.25, 0.04, 0.02], [-0.05, 0.075, 0.03], [0.1, 0.07, 0.03], [0.17, 0.02, 0.012]]
        )
        * long
    )
    flat = section(
        np.stack([0.0 * rows[:, 0] + 0.02 * long, 0.0 * rows[:, 0], rows[:, 0]], -1), rows[:, 1], rows[:, 2], 8
    )
    rings = np.stack([flat[..., 2], flat[..., 1], flat[..., 0]], -1)[:, ::-1]
    spread = np.interp(rows[:, 0], [-0.4 * long, 0.0, 0.17 * long], [0.035, 0.105, 0.08]) * long * s
    rings[..., 1] += spread[:, None]
    return loft(rings).tagged(_WING)


def _leg(long: float, s: float, up: float) -> Soup:
    y = 0.05 * long * s
    shin = tube([[0.0, y, up - 0.08 * long], [-0.01 * long, y, 0.12 * long], [0.0, y, 0.012 * long]], 0.011 * long, 6)
    toes = [
        tube(
            [[0.0, y, 0.012 * long], [0.1 * long * np.cos(a), y + 0.1 * long * np.sin(a), 0.007 * long]],
            [0.01 * long, 0.006 * long],
            5,
        )
        for a in np.radians([-35.0, 0.0, 35.0, 180.0])
    ]
    return join([shin, *toes]).tagged(_BEAK)


def _wings(
    name: str, s: float, long: float, span: float, up: float, surfaces: tuple[Surface, ...], palette: Palette
) -> list[Link]:
    """Arm and hand of one wing; both beat, the hand later and further."""
    arm, hand = 0.22 * span, 0.5 * span - 0.22 * span - 0.05 * long
    inner = np.array([[0.16, 0.0], [0.2, 1.0], [-0.16, 1.0], [-0.2, 0.0]])
    outer = np.array([[0.2, 0.0], [0.12, 0.6], [-0.12, 1.0], [-0.22, 0.55], [-0.16, 0.0]])
    links: list[Link] = []
    first = 1 if s > 0.0 else 3
    for k, (part, shape, reach) in enumerate((("arm", inner, arm), ("hand", outer, hand))):
        flat = np.stack([shape[:, 0] * long, s * shape[:, 1] * reach, np.zeros(len(shape))], -1)
        soup = _slab(flat if s < 0.0 else flat[::-1], 0.012 * long).tagged(_WING)
        soup = soup if _up(soup) else soup.flipped()
        beat = Joint(
            kind="gait", axis=(s, 0.0, 0.0), stride_m=_BEAT_M, offset_rad=0.12 if k == 0 else -0.1,
            cosines_rad=(0.62 if k == 0 else 0.1,), sines_rad=(0.0 if k == 0 else 0.45,),
        )  # fmt: skip
        at = (0.02 * long, s * 0.05 * long, up + 0.04 * long) if k == 0 else (0.0, s * arm, 0.0)
        shapes: tuple[Shape, ...] = (hull(soup.vertices),)
        mesh = MeshBuilder(palette).add(soup, *surfaces).mesh()
        parent = 0 if k == 0 else first
        links.append(Link(name=f"{name}_{part}", parent=parent, position=at, mesh=mesh, joint=beat, shapes=shapes))
    return links


def _up(soup: Soup) -> bool:
    p = soup.vertices[soup.triangles]
    return float((p[:, 0] * cross(p[:, 1], p[:, 2])).sum()) > 0.0
