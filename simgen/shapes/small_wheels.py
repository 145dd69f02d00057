"""E-scooters that one stands on, and cargo bikes with a box between the rider and the front wheel."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape
from simgen.rng import stream
from simgen.shapes import cycle
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.car_body import PAINT, TRIM
from simgen.shapes.colors import Color, linear
from simgen.shapes.finish import finished, hull, slab_hulls
from simgen.shapes.lattice import tube
from simgen.shapes.liveries import FIRMS, lettered
from simgen.shapes.primitives import bar, box, prism
from simgen.shapes.soup import Soup, join
from simgen.shapes.two_wheelers import Bike, Hoop
from simgen.shapes.vehicle_lamps import BRAKE, LOW_BEAM, TAIL
from simgen.shapes.workshop import METAL, SECOND, Workshop

#: deck's height, grip, and where the front and rear foot stand, on an e-scooter
DECK_M: Final = 0.17
GRIP: Final = (0.78, 0.22, 1.1)
FRONT_FOOT: Final = (0.52, 0.05, DECK_M)
REAR_FOOT: Final = (0.24, -0.05, DECK_M)
_TOWNS: Final[tuple[Color, ...]] = (
    linear(60, 190, 90),
    linear(240, 120, 20),
    linear(230, 60, 80),
    linear(30, 30, 32),
    linear(60, 200, 200),
    linear(240, 220, 40),
)


def build_e_scooter(variant: int) -> Model:
    """A shared or private e-scooter with 9 inch wheels, standing upright."""
    color = _TOWNS[int(stream(variant, "e_scooter").integers(0, len(_TOWNS)))]
    bike = Bike.of("personal_mobility", color, linear(40, 41, 43), 0.9)
    shop, front = bike.shop, bike.front
    deck = prism(
        [
            [0.08, -0.07],
            [0.16, -0.085],
            [0.6, -0.085],
            [0.68, -0.05],
            [0.68, 0.05],
            [0.6, 0.085],
            [0.16, 0.085],
            [0.08, 0.07],
        ],
        DECK_M - 0.07,
        DECK_M,
    )
    shop.add(deck, SECOND)
    shop.add(box((0.42, 0.14, 0.004)).moved((0.38, 0.0, DECK_M)), TRIM, solid=False)
    shop.each(
        [tube([[0.66, 0.0, DECK_M - 0.03], [0.78, 0.0, 0.3], [0.85, 0.0, 0.34]][k : k + 2], 0.03, 8) for k in (0, 1)],
        PAINT,
    )
    shop.each([bar([0.0, s * 0.045, 0.112], [0.14, s * 0.06, DECK_M - 0.03], 0.02, 0.05) for s in (1.0, -1.0)], SECOND)
    guard = tube([[-0.1, 0.0, 0.21], [0.0, 0.0, 0.245], [0.1, 0.0, 0.215]], 0.03, 8)
    shop.add(guard, TRIM)
    front.each([tube([[0.87, 0.0, 0.28], [0.79, 0.0, 1.06]], 0.028, 10)], PAINT, smooth_deg=50.0)
    front.each([bar([0.9, s * 0.045, 0.112], [0.87, s * 0.045, 0.3], 0.02, 0.035) for s in (1.0, -1.0)], SECOND)
    front.each([box((0.1, 0.11, 0.03)).moved((0.87, 0.0, 0.29))], SECOND)
    front.each([tube([[0.9, 0.0, 0.245], [0.99, 0.0, 0.2]], 0.025, 6)], TRIM)
    x, _, z = GRIP
    front.each([tube([[x + 0.01, -0.27, z], [x + 0.01, 0.27, z]], 0.013, 8)], METAL)
    front.each([tube([[x + 0.01, s * 0.16, z], [x + 0.01, s * 0.28, z]], 0.018, 8) for s in (1.0, -1.0)], TRIM)
    front.each([box((0.05, 0.1, 0.05), 0.01).moved((x + 0.02, 0.0, z))], TRIM)
    front.lens(LOW_BEAM, (0.835, 0.0, 0.98), (0.04, 0.05, 0.05))
    shop.lens(TAIL, (-0.095, 0.0, 0.225), (0.03, 0.05, 0.02))
    shop.lens(BRAKE, (-0.1, 0.0, 0.2), (0.03, 0.05, 0.02))
    sign = lettered("personal_mobility", FIRMS[variant % len(FIRMS)][:5], color, (0.75, 0.75, 0.74), 4)
    for s in (1.0, -1.0):
        a, b = (0.6, 0.2) if s > 0 else (0.2, 0.6)
        low, high = DECK_M - 0.06, DECK_M - 0.012
        y = s * 0.0868
        shop.sheet([[a, y, low], [b, y, low], [b, y, high], [a, y, high]], sign)
    hoop = Hoop(radius=0.112, width=0.06, rim=0.62, spokes=3, disc=False)
    return bike.model("e_scooter", hoop, hoop, mass_kg=20.0, attributes=(("variant", str(variant)),))


def build_cargo_bike(variant: int, color: Color) -> Model:
    """A front loader with a 26 inch rear and a 20 inch front wheel; the rider sits as on the bicycle."""
    palette = Palette()
    shop = Workshop("bicycle", color, second=linear(46, 47, 50))
    shop.palette, shop.builder = palette, MeshBuilder(palette)
    base, radius = 1.98, 0.255
    rear = cycle.frame()
    kinds = _surfaces(color)
    shop.builder.add(rear, *kinds, smooth_deg=50.0)
    shop.solid += slab_hulls(rear, [-0.4, 0.1, 0.35, 0.6, 0.95])
    _long_frame(shop)
    _cargo_box(shop, variant)
    shop.lens(TAIL, (-0.275, 0.0, 0.765), (0.02, 0.06, 0.04))
    spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=cycle.WHEEL_RADIUS)
    pedal = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=cycle.DEVELOPMENT / (2.0 * np.pi))
    turn = Joint(kind="steer", axis=(0.0, 0.0, 1.0))
    fork, column = _fork(radius), _column()
    crank, big = cycle.crank(), cycle.wheel()
    small = big.scaled((radius / cycle.WHEEL_RADIUS, 1.0, radius / cycle.WHEEL_RADIUS))

    def mesh(soup: Soup) -> MeshBuilder:
        return MeshBuilder(palette).add(soup, *kinds, smooth_deg=50.0)

    bx, bz = cycle.BOTTOM_BRACKET
    column_x = cycle.HEAD_TOP[0] + 0.03
    body = shop.builder.mesh()
    links = [
        Link(name="frame", mesh=body, shapes=tuple(shop.solid)),
        Link(
            name="rear_wheel",
            parent=0,
            position=(0.0, 0.0, cycle.WHEEL_RADIUS),
            mesh=mesh(big).mesh(),
            joint=spin,
            shapes=_tread(cycle.WHEEL_RADIUS),
        ),
        Link(
            name="crank",
            parent=0,
            position=(bx, 0.0, bz),
            mesh=mesh(crank).mesh(),
            joint=pedal,
            shapes=(hull(crank.vertices),),
        ),
        Link(
            name="fork",
            parent=0,
            position=(base, 0.0, 0.0),
            mesh=mesh(fork).mesh(),
            joint=turn,
            shapes=slab_hulls(fork, [0.0, 0.3, 0.56, 0.75], axis=2),
        ),
        Link(
            name="front_wheel",
            parent=3,
            position=(0.0, 0.0, radius),
            mesh=mesh(small).mesh(),
            joint=Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=radius),
            shapes=_tread(radius),
        ),
        Link(
            name="handlebar",
            parent=0,
            position=(column_x, 0.0, 0.0),
            mesh=mesh(column).mesh(),
            joint=turn,
            shapes=slab_hulls(column, [0.5, 0.95, 1.2], axis=2),
        ),
    ]
    return finished(
        "cargo_bike",
        "bicycle",
        links,
        palette.surfaces,
        mass_kg=40.0,
        wheelbase_m=base,
        attributes=(("variant", str(variant)),),
    )


def _tread(radius: float) -> tuple[Shape, ...]:
    size = (radius, 2.0 * cycle.TYRE_RADIUS, 0.0)
    return (Shape(kind="cylinder", size=size, quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0)),)


def _surfaces(color: Color) -> tuple[Surface, ...]:
    """Paint, metal, rubber, and what is lamp and reflector on a bicycle: here plain."""

    def of(rgb: Color, rough: float, **more: float) -> Surface:
        return Surface(class_name="bicycle", base_color=rgb, roughness=rough, **more)  # type: ignore[arg-type]

    return (
        of(color, 0.4, clearcoat=1.0, lidar_reflectance=0.3),
        of((0.45, 0.45, 0.46), 0.35, metallic=0.8, lidar_reflectance=0.3),
        of((0.02, 0.02, 0.022), 0.85, lidar_reflectance=0.06),
        of((0.75, 0.75, 0.72), 0.15, retro=0.2),
        of((0.4, 0.012, 0.012), 0.2, retro=0.4),
    )


def _long_frame(shop: Workshop) -> None:
    """The tubes under the box to the steering head in front of it."""
    low = [[cycle.HEAD_LOW[0], 0.0, 0.55], [1.0, 0.0, 0.26], [1.66, 0.0, 0.26], [1.86, 0.0, 0.62]]
    shop.each([tube(low[k : k + 2], 0.025, 8) for k in range(3)], PAINT)
    head = [
        tube([[1.85, 0.0, 0.6], [1.83, 0.0, 0.74]], 0.024, 8),
        tube([[cycle.HEAD_LOW[0], 0.0, 0.5], [cycle.HEAD_TOP[0], 0.0, cycle.HEAD_TOP[1]]], 0.024, 8),
    ]
    shop.each(head, PAINT)
    shop.each([tube([[1.0, s * 0.18, 0.26], [1.02, s * 0.2, 0.05]], 0.014, 6) for s in (1.0, -1.0)], METAL)


def _cargo_box(shop: Workshop, variant: int) -> None:
    """An open tub of boards, with a firm's name or a bench for children."""
    wood = Surface(
        class_name="bicycle", base_color=(0.35, 0.22, 0.11), roughness=0.7, texture="wood", lidar_reflectance=0.4
    )
    tub: int | Surface = wood if variant % 2 == 0 else SECOND
    low, high, bottom, top = 1.02, 1.72, 0.3, 0.78
    walls = [
        box((high - low, 0.015, top - bottom)).moved((0.5 * (low + high), s * 0.3, 0.5 * (bottom + top)))
        for s in (1.0, -1.0)
    ]
    ends = [box((0.015, 0.6, top - bottom)).moved((x, 0.0, 0.5 * (bottom + top))) for x in (low, high)]
    shop.each([*walls, *ends, box((high - low, 0.6, 0.015)).moved((0.5 * (low + high), 0.0, bottom))], tub)
    shop.each([box((0.25, 0.56, 0.2)).moved((1.2, 0.0, 0.42))], TRIM)
    sign = lettered("bicycle", FIRMS[variant % len(FIRMS)], (0.7, 0.7, 0.68), (0.02, 0.2, 0.1), 4)
    for s in (1.0, -1.0):
        a, b = (high - 0.08, low + 0.08) if s > 0 else (low + 0.08, high - 0.08)
        y = s * 0.309
        shop.sheet([[a, y, 0.48], [b, y, 0.48], [b, y, 0.62], [a, y, 0.62]], sign)


def _fork(radius: float) -> Soup:
    """Blades and mudguard of the small front wheel, about the front axle on the ground below."""
    blades = [tube([[-0.12, y, 0.58], [-0.08, y, 0.42], [0.0, y, radius]], 0.012, 6) for y in (0.05, -0.05)]
    crown = bar([-0.12, -0.055, 0.58], [-0.12, 0.055, 0.58], 0.03, 0.03)
    a = np.radians(np.linspace(30.0, 165.0, 9))
    r = radius + 0.02
    guard = tube(np.stack([r * np.cos(a), np.zeros(9), radius + r * np.sin(a)], -1), 0.026, 6)
    return join([*blades, crown, guard]).tagged(cycle.PAINT)


def _column() -> Soup:
    """The handlebar of the bicycle on its own column, about the column's foot."""
    whole = cycle.steering().moved((cycle.WHEELBASE, 0.0, 0.0))
    high = whole.vertices[whole.triangles][..., 2].min(1) > 0.93
    bars = Soup.of(whole.vertices, whole.triangles[high], whole.tags[high])
    used, inverse = np.unique(bars.triangles, return_inverse=True)
    bars = Soup.of(bars.vertices[used], inverse.reshape(-1, 3), bars.tags)
    x = cycle.HEAD_TOP[0] + 0.03
    post = tube([[x - 0.03, 0.0, 0.86], [x, 0.0, cycle.GRIP[2]]], 0.016, 8).tagged(cycle.METAL)
    return join([bars, post]).moved((-x, 0.0, 0.0))


__all__ = ["DECK_M", "FRONT_FOOT", "GRIP", "REAR_FOOT", "build_cargo_bike", "build_e_scooter"]
