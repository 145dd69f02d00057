"""What stands on a lorry's or trailer's frame: box, curtain, tank, platform, container."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.shapes.builder import corner_normals
from simgen.shapes.car_body import GAP, PAINT, TRIM
from simgen.shapes.chassis import box_side, lying
from simgen.shapes.colors import Color
from simgen.shapes.finish import box_of
from simgen.shapes.lattice import lattice, loft, tube
from simgen.shapes.liveries import FIRMS, lettered, scheme_of, side_picture
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import METAL, SECOND, Workshop

HALF: Final = 1.275
_SHEET_M: Final = 0.004


def _whole(low: float, high: float, bottom: float, top: float, half: float = HALF, bevel: float = 0.02) -> Soup:
    size = (high - low, 2.0 * half, top - bottom)
    return box(size, bevel).moved((0.5 * (low + high), 0.0, 0.5 * (bottom + top)))


def _contour(shop: Workshop, low: float, high: float, bottom: float, top: float, half: float) -> None:
    """White or yellow tape along the lower edge of the sides, red around the rear (UN R104)."""
    sides = [box((high - low - 0.2, 0.004, 0.05)).moved((0.5 * (low + high), s * (half + 0.002), bottom + 0.04))
             for s in (1.0, -1.0)]  # fmt: skip
    shop.contour(sides, (0.7, 0.6, 0.05))
    rear = [box((0.004, 0.05, top - bottom - 0.1)).moved((low - 0.002, s * (half - 0.04), 0.5 * (bottom + top)))
            for s in (1.0, -1.0)]  # fmt: skip
    rear += [box((0.004, 2.0 * half - 0.1, 0.05)).moved((low - 0.002, 0.0, z)) for z in (bottom + 0.04, top - 0.05)]
    shop.contour(rear, (0.5, 0.02, 0.015))


def _rear_doors(shop: Workshop, low: float, bottom: float, top: float, half: float) -> None:
    """Two doors with rods, hinges and a dark gap between."""
    tall, middle = top - bottom - 0.12, 0.5 * (bottom + top)
    shop.add(box((0.008, 0.014, tall)).moved((low, 0.0, middle)), GAP, solid=False)
    rods = [box((0.03, 0.03, tall)).moved((low - 0.012, y, middle)) for y in (0.25, 0.75, -0.25, -0.75)]
    shop.each(rods, METAL)
    hinges = [
        box((0.02, 0.16, 0.05)).moved((low - 0.008, s * (half - 0.08), float(z)))
        for s in (1.0, -1.0)
        for z in np.linspace(bottom + 0.3, top - 0.3, 4)
    ]
    shop.add(join(hinges), METAL, solid=False)


def add_box(
    shop: Workshop, low: float, high: float, bottom: float, top: float, variant: int, *, cooled: bool = False,
    half: float = HALF,
) -> None:  # fmt: skip
    """A box of panels with rails and rear doors, a firm's picture on its sides, and a cooling unit if asked."""
    body = _whole(low, high, bottom, top, half)
    shop.add(body, PAINT, solid=False, smooth_deg=20.0)
    shop.solid.append(box_of(body.vertices))
    rails = [
        box((high - low - 0.02, 0.02, 0.11)).moved((0.5 * (low + high), s * half, z))
        for s in (1.0, -1.0)
        for z in (bottom + 0.06, top - 0.06)
    ]
    posts = [box((0.1, 0.03, top - bottom - 0.06)).moved((x, s * (half - 0.004), 0.5 * (top + bottom)))
             for x in (low + 0.05, high - 0.05) for s in (1.0, -1.0)]  # fmt: skip
    shop.add(join([*rails, *posts]), METAL, solid=False)
    _rear_doors(shop, low, bottom, top, half)
    _contour(shop, low, high, bottom + 0.1, top, half + 0.008)
    picture = side_picture(shop.class_name, variant)
    for s in (1.0, -1.0):
        shop.sheet(box_side(low + 0.1, high - 0.1, bottom + 0.15, top - 0.13, s * (half + _SHEET_M)), picture)
    if cooled:
        unit = box((0.42, 2.0, 1.5), 0.1).moved((high + 0.2, 0.0, top - 0.95))
        shop.add(unit, PAINT)
        grille = box((0.02, 1.5, 0.5)).moved((high + 0.41, 0.0, top - 1.25))
        shop.add(grille, TRIM, solid=False)


def add_curtain(shop: Workshop, low: float, high: float, bottom: float, top: float, variant: int) -> None:
    """Tarpaulin sides with straps and a light wave, a stiff front wall, rear doors, a white roof."""
    core = _whole(low, high, bottom, top, HALF - 0.03)
    shop.add(core, METAL, solid=False, smooth_deg=20.0)
    shop.solid.append(box_of(_whole(low, high, bottom, top, HALF - 0.008).vertices))
    picture = side_picture(shop.class_name, variant, 0.55)
    x = np.linspace(low + 0.12, high - 0.12, 57)
    wave = 0.014 * np.sin(np.linspace(0.0, 18.0 * np.pi, 57) + variant)
    z = np.array([bottom - 0.02, bottom + 0.35, 0.5 * (bottom + top), top - 0.12])
    bulge = np.array([0.0, 1.0, 1.0, 0.2])
    u = (x - x[0]) / (x[-1] - x[0])
    for s in (1.0, -1.0):
        grid = np.stack(np.broadcast_arrays(x[None], s * (HALF - 0.014 + bulge[:, None] * wave[None]), z[:, None]), -1)
        _curtain_sheet(shop, grid, s, u, z, picture)
    ratchets = [
        box((0.05, 0.02, 0.3)).moved((float(a), s * (HALF + 0.0), bottom - 0.06))
        for a in np.linspace(low + 0.4, high - 0.4, 12)
        for s in (1.0, -1.0)
    ]
    shop.add(join(ratchets), TRIM, solid=False)
    edge = [box((high - low, 0.03, 0.14)).moved((0.5 * (low + high), s * (HALF - 0.012), h)) for s in (1.0, -1.0)
            for h in (top - 0.07, bottom - 0.1)]  # fmt: skip
    shop.each(edge, METAL)
    shop.add(box((0.01, 2.3, top - bottom - 0.1)).moved((high, 0.0, 0.5 * (top + bottom))), PAINT, solid=False)
    shop.add(box((0.01, 2.36, top - bottom - 0.1)).moved((low, 0.0, 0.5 * (top + bottom))), PAINT, solid=False)
    _rear_doors(shop, low - 0.004, bottom, top, HALF - 0.03)
    _contour(shop, low - 0.006, high, bottom - 0.08, top, HALF)


def _curtain_sheet(
    shop: Workshop, grid: np.ndarray, side: float, u: np.ndarray, z: np.ndarray, picture: Surface
) -> None:
    """A wavy sheet with texture coordinates that read from outside."""
    sheet = lattice(grid)
    if side > 0.0:
        sheet = sheet.flipped()
    across = np.broadcast_to(1.0 - u if side > 0.0 else u, (len(z), len(u)))
    up = np.broadcast_to(((z - z[0]) / (z[-1] - z[0]))[:, None], (len(z), len(u)))
    uv = np.stack([across, up], -1).reshape(-1, 2)
    shop.builder.add_corners(sheet, corner_normals(sheet, 60.0), picture, uv=uv[sheet.triangles])


def add_tail(shop: Workshop, low: float, bottom: float, top: float, picture: Surface) -> None:
    """A foil with a picture over the rear doors, reading from behind."""
    half = HALF - 0.1
    corners = [[low, half, bottom], [low, -half, bottom], [low, -half, top], [low, half, top]]
    shop.sheet(np.array(corners), picture)


def add_tanker(shop: Workshop, low: float, high: float, variant: int, *, polished: bool = False) -> None:
    """An elliptic tank with bands, a catwalk with rail, man lids, a ladder and cabinets below.

    Polished ones (Ra below 0.1 um: food and chemicals) are mirrors at optical wavelengths.
    """
    n, middle = 28, 2.5
    angle = 2.0 * np.pi * np.arange(n) / n
    half, tall = 1.24, 1.06

    def ring(x: float, share: float) -> np.ndarray:
        y, z = half * share * np.cos(angle), middle + tall * share * np.sin(angle)
        return np.stack([np.full(n, x), y, z], -1)

    stations = ((low, 0.55), (low + 0.08, 0.82), (low + 0.22, 0.96), (low + 0.4, 1.0), (high - 0.4, 1.0),
                (high - 0.22, 0.96), (high - 0.08, 0.82), (high, 0.55))  # fmt: skip
    tank = loft(np.stack([ring(x, share) for x, share in stations]))
    steel = Surface(class_name=shop.class_name, base_color=(0.62, 0.63, 0.64), roughness=0.22, metallic=0.85,
                    lidar_reflectance=0.4, heat="body")  # fmt: skip
    mirror = Surface(class_name=shop.class_name, base_color=(0.78, 0.78, 0.77), roughness=0.03, metallic=1.0,
                     lidar_reflectance=0.0, heat="body")  # fmt: skip
    shop.add(tank, mirror if polished else PAINT if variant % 3 == 0 else steel, smooth_deg=50.0)
    bands = [
        loft(np.stack([ring(float(x) - 0.03, 1.012), ring(float(x) + 0.03, 1.012)]))
        for x in np.linspace(low + 0.5, high - 0.5, 7)
    ]
    shop.add(join(bands), METAL, solid=False, smooth_deg=50.0)
    walk = box((high - low - 1.4, 0.5, 0.04)).moved((0.5 * (low + high), 0.0, middle + tall + 0.03))
    lids = [
        cylinder(0.26, 0.14, 12).moved((float(x), 0.0, middle + tall + 0.08))
        for x in np.linspace(low + 1.5, high - 1.5, 5)
    ]
    rails = [box((high - low - 1.4, 0.03, 0.03)).moved((0.5 * (low + high), s * 0.34, 3.9)) for s in (1.0, -1.0)]
    posts = [box((0.03, 0.03, 0.42)).moved((float(x), s * 0.34, 3.7)) for x in np.linspace(low + 0.75, high - 0.75, 6)
             for s in (1.0, -1.0)]  # fmt: skip
    shop.each([walk, *lids, *rails, *posts], METAL)
    ladder = [tube([[low - 0.02, y, 1.1], [low - 0.02, y, 3.6]], 0.02, 6) for y in (-0.45, -0.85)]
    ladder += [box((0.03, 0.4, 0.03)).moved((low - 0.02, -0.65, float(z))) for z in np.linspace(1.2, 3.5, 8)]
    shop.each(ladder, METAL)
    saddle = [box((0.3, 1.7, 0.55)).moved((float(x), 0.0, 1.38)) for x in (low + 1.0, low + 4.5, high - 4.2)]
    neck = box((3.0, 1.0, 0.3)).moved((high - 1.7, 0.0, 1.36))
    cabinets = [box((1.6, 0.4, 0.6), 0.02).moved((3.2, s * 1.0, 0.95)) for s in (1.0, -1.0)]
    shop.each([*saddle, neck], SECOND)
    shop.each(cabinets, METAL)
    ground, first, _ = scheme_of(variant)
    sign = lettered(shop.class_name, FIRMS[variant % len(FIRMS)], ground, first, 8)
    for s in (1.0, -1.0):
        shop.sheet(box_side(low + 3.6, high - 3.6, middle - 0.28, middle + 0.28, s * (half + 0.006)), sign)
    plate = lettered(shop.class_name, "33", (0.75, 0.3, 0.01), (0.02, 0.02, 0.02), 1)
    shop.sheet(
        np.array([[low - 0.05, 0.9, 1.1], [low - 0.05, 0.5, 1.1], [low - 0.05, 0.5, 1.4], [low - 0.05, 0.9, 1.4]]),
        plate,
    )


def add_platform(shop: Workshop, low: float, high: float, floor: float, variant: int) -> None:
    """A platform with a headboard, stakes, and a load: pipes, timber or crates by the variant; or nothing."""
    deck = box((high - low, 2.0 * HALF, 0.16)).moved((0.5 * (low + high), 0.0, floor + 0.05))
    shop.each([deck], SECOND)
    wood = Surface(class_name=shop.class_name, base_color=(0.2, 0.14, 0.09), roughness=0.9, texture="wood")
    shop.add(box((high - low - 0.1, 2.4, 0.02)).moved((0.5 * (low + high), 0.0, floor + 0.14)), wood, solid=False)
    shop.each([box((0.1, 2.5, 1.5)).moved((high - 0.06, 0.0, floor + 0.85))], PAINT)
    z = floor + 0.15
    kind = variant % 4
    if kind == 0:
        pipes = [
            cylinder(0.3, 10.0, 14).moved((low + 6.2, y, z + 0.3 + 0.52 * row), (0.5**0.5, 0.0, 0.5**0.5, 0.0))
            for row in (0, 1, 2)
            for y in np.arange(-0.9 + 0.3 * row, 0.91 - 0.3 * row, 0.6)
        ]
        shop.each(pipes, METAL)
    elif kind == 1:
        stacks = [box((3.8, 1.0, 1.1), 0.02).moved((low + 2.6 + 4.3 * k, y, z + 0.6)) for k in range(3)
                  for y in (0.55, -0.55)]  # fmt: skip
        shop.each(
            stacks, Surface(class_name=shop.class_name, base_color=(0.42, 0.3, 0.17), roughness=0.9, texture="wood")
        )
    elif kind == 2:
        crates = [
            box((1.1, 1.1, 1.0 + 0.1 * (k % 3)), 0.01).moved((low + 1.5 + 1.7 * k, 0.6 * (-1) ** k, z + 0.55))
            for k in range(7)
        ]
        shop.each(
            crates, Surface(class_name=shop.class_name, base_color=(0.3, 0.22, 0.13), roughness=0.9, texture="wood")
        )
    stakes = [
        box((0.08, 0.05, 0.9)).moved((float(x), s * (HALF - 0.03), z + 0.45))
        for x in np.linspace(low + 1.0, high - 1.2, 6)
        for s in (1.0, -1.0)
    ]
    if kind in (0, 1):
        shop.each(stakes, SECOND)


def add_container(shop: Workshop, high: float, floor: float, color: Color, variant: int) -> None:
    """A 40 ft container of ISO 668: corrugated sides, corner castings, door rods, lettering."""
    length, width, tall = 12.192, 2.438, 2.591
    low, half = high - length, 0.5 * width
    paint = Surface(class_name=shop.class_name, base_color=color, roughness=0.55, lidar_reflectance=0.3, heat="body")
    count = 41
    x = low + 0.1 + (length - 0.2) * (np.arange(count)[:, None] + np.array([0.0, 0.3, 0.5, 0.8])) / count
    depth = np.broadcast_to(np.array([0.036, 0.036, 0.0, 0.0]), x.shape)
    x, depth = np.append(x.ravel(), high - 0.1), np.append(depth.ravel(), 0.036)
    outline = np.concatenate([
        np.stack([x[::-1], half - 0.01 - depth[::-1]], -1), np.stack([x, -half + 0.01 + depth], -1),
    ])  # fmt: skip
    low_ring = np.concatenate([outline, np.full((len(outline), 1), floor + 0.1)], -1)
    high_ring = np.concatenate([outline, np.full((len(outline), 1), floor + tall - 0.08)], -1)
    shop.add(lattice(np.stack([low_ring, high_ring]), wrap=True), paint, solid=False, smooth_deg=15.0)
    roof = box((length - 0.1, width - 0.06, 0.03)).moved((0.5 * (low + high), 0.0, floor + tall - 0.06))
    beams = [box((length, 0.09, 0.13)).moved((0.5 * (low + high), s * (half - 0.045), z)) for s in (1.0, -1.0)
             for z in (floor + 0.065, floor + tall - 0.065)]  # fmt: skip
    posts = [box((0.16, 0.16, tall)).moved((e, s * (half - 0.08), floor + 0.5 * tall)) for s in (1.0, -1.0)
             for e in (low + 0.08, high - 0.08)]  # fmt: skip
    ends = [box((0.05, width - 0.1, tall - 0.1)).moved((e, 0.0, floor + 0.5 * tall)) for e in (low + 0.06, high - 0.06)]
    shop.add(join([roof, *beams, *posts, *ends]), paint, solid=False)
    shop.solid.append(box_of(_whole(low, high, floor, floor + tall, half).vertices))
    _rear_doors(shop, low + 0.03, floor + 0.05, floor + tall, half)
    frame = [box((length - 0.1, 0.1, 0.08)).moved((0.5 * (low + high), s * 0.5, floor - 0.04)) for s in (1.0, -1.0)]
    shop.each(frame, SECOND)
    sign = lettered(shop.class_name, FIRMS[(variant * 7 + 3) % len(FIRMS)], color, (0.75, 0.75, 0.74), 8)
    for s in (1.0, -1.0):
        shop.sheet(box_side(low + 2.5, high - 2.5, floor + 1.35, floor + 2.25, s * (half + 0.001)), sign)


__all__ = ["add_box", "add_container", "add_curtain", "add_platform", "add_tanker", "lying"]
