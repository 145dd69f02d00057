"""Lorries: a cab with its own glasshouse, a ladder frame, a box body, twin rear wheels."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.records.mesh import Surface
from simgen.records.model import Link, Model, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.cabin import cabin, cabin_surfaces
from simgen.shapes.car_body import BRAKE, LEFT, REVERSE, RIGHT, TAIL, CarSpec, glasshouse, lower_body
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.finish import box_of, finished, hull, slab_hulls
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.soup import Soup, join
from simgen.shapes.vehicle_lamps import vehicle_lamps
from simgen.shapes.vehicles import body_surfaces, paint, plate_surface
from simgen.shapes.wheels import wheel_links, wheel_surfaces

CAB_LENGTH, GAP_TO_BOX, BOX_FLOOR = 1.85, 0.12, 1.08


@dataclass(frozen=True, kw_only=True)
class LorrySpec:
    """Overall dimensions in metres; the rest follows."""

    length: float
    width: float
    height: float
    wheel_radius: float = 0.48
    wheel_width: float = 0.28

    @property
    def wheelbase(self) -> float:
        """Rear to front axle."""
        return 0.54 * self.length

    @property
    def front(self) -> float:
        """The front bumper, from the rear axle."""
        return self.wheelbase + 1.3

    @property
    def rear(self) -> float:
        """The box body's rear wall."""
        return self.front - self.length

    @property
    def cargo(self) -> tuple[float, float]:
        """The box body along x, rear to front."""
        return self.rear, self.front - CAB_LENGTH - GAP_TO_BOX


def cab_spec(spec: LorrySpec) -> CarSpec:
    """The cab as a short car with a nearly upright windscreen."""
    height = min(2.75, spec.height - 0.15)
    return CarSpec(
        class_name="truck",
        length=CAB_LENGTH,
        width=spec.width - 0.12,
        height=height,
        wheelbase=spec.wheelbase,
        front_overhang=1.3,
        wheel_radius=spec.wheel_radius,
        wheel_width=spec.wheel_width,
        sill=0.42,
        shoulder=((0.0, 0.6), (0.8, 0.6), (1.0, 0.575)),
        nose=((0.0, 0.1), (0.15, 0.0), (0.5, 0.02), (1.0, 0.06)),
        tail=((0.0, 0.02), (1.0, 0.0)),
        flank=((0.0, 0.02), (0.15, 0.0), (0.7, 0.0), (1.0, 0.01)),
        front_depth=0.35,
        front_power=3.2,
        rear_depth=0.1,
        rear_power=6.0,
        shoulder_radius=0.03,
        bonnet_crown=0.01,
        glass_s=(0.965, 0.86, 0.06, 0.003),
        glass_width=(0.975, 0.88),
        roof_crown=0.07,
        roof_drop=(0.06, 0.02),
        windows=((0.02, 0.62),),
        screens=(0.93, 0.0),
        doors=(0.9, 0.24),
        headlight=(0.6, 0.96, 0.2, 0.42),
        grille=(-0.1, 0.78, 0.52, 0.88),
        taillight=(2.0, 2.0, 0.0, 0.0),
        cladding=0.2,
    )


def _chassis(spec: LorrySpec) -> list[Soup]:
    """Ladder frame, underrun guards, tank, battery box and axles, each convex."""
    low, high = spec.rear, spec.front - 0.4
    rails = [box((high - low - 0.1, 0.09, 0.24)).moved((0.5 * (low + high), s * 0.42, 0.86)) for s in (1.0, -1.0)]
    guard = box((0.08, spec.width - 0.3, 0.12)).moved((low + 0.06, 0.0, 0.5))
    hangers = [box((0.07, 0.06, 0.4)).moved((low + 0.08, s * 0.6, 0.72)) for s in (1.0, -1.0)]
    tank = box((1.0, 0.5, 0.52), 0.08).moved((spec.wheelbase - 1.45, 0.5 * spec.width - 0.4, 0.7))
    battery = box((0.8, 0.42, 0.45), 0.03).moved((spec.wheelbase - 1.4, -(0.5 * spec.width - 0.4), 0.72))
    axle = cylinder(0.09, spec.width - 0.8, 10).moved(quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0))
    axles = [axle.moved((x, 0.0, spec.wheel_radius)) for x in (0.0, spec.wheelbase)]
    side = [
        box((spec.wheelbase - 3.1, 0.03, 0.12)).moved((0.5 * spec.wheelbase - 0.65, s * (0.5 * spec.width - 0.12), z))
        for s in (1.0, -1.0)
        for z in (0.55, 0.8)
        if spec.wheelbase > 3.6
    ]
    return [*rails, guard, *hangers, tank, battery, *axles, *side]


def _add_lamps(builder: MeshBuilder, spec: LorrySpec, surfaces: tuple[Surface, ...]) -> list[Shape]:
    """Rear lamps, plates, markings, mirrors; returns the collision shapes of lamps and mirrors."""
    half = 0.5 * spec.width
    solid = []
    for side in (1.0, -1.0):
        # from the outside in: indicator, tail, brake and reversing lamp
        row = ((RIGHT if side < 0.0 else LEFT, 0.2), (TAIL, 0.31), (BRAKE, 0.42), (REVERSE, 0.53))
        lamps = [box((0.05, 0.1, 0.13), 0.01).moved((spec.rear + 0.025, side * (half - at), 0.92)) for _, at in row]
        for lamp, (tag, _) in zip(lamps, row, strict=True):
            builder.add(lamp, surfaces[tag])
        solid.append(hull(join(lamps).vertices))
    plate = plate_surface("truck")
    for x, z in ((spec.rear + 0.012, 0.51), (spec.front - 0.004, 0.6)):
        builder.add(box((0.014, 0.52, 0.11)).moved((x, 0.0, z)), plate)
    marking = Surface(class_name="truck", base_color=(0.75, 0.2, 0.02), roughness=0.5, retro=0.25)
    strips = [
        box((0.008, 0.05, spec.height - BOX_FLOOR - 0.4)).moved(
            (spec.rear, s * (0.5 * spec.width - 0.06), 0.5 * (spec.height + BOX_FLOOR))
        )
        for s in (1, -1)
    ]
    builder.add(join(strips), marking)
    trim = surfaces[1]
    x = spec.front - 0.32
    for s in (1.0, -1.0):
        y = s * (0.5 * spec.width + 0.08)
        case = box((0.1, 0.2, 0.46), 0.03).moved((x, y, 2.0))
        arm = tube([[x - 0.1, s * (0.5 * spec.width - 0.2), 2.28], [x, y, 2.2]], 0.018, 6)
        solid += [hull(case.vertices), hull(arm.vertices)]
        builder.add(case, trim).add(arm, trim)
        builder.add(box((0.01, 0.17, 0.42)).moved((x - 0.052, y, 2.0)), surfaces[2])
    return solid


def _cargo(spec: LorrySpec) -> Soup:
    rear, front = spec.cargo
    return box((front - rear - 0.004, spec.width, spec.height - BOX_FLOOR), 0.025).moved(
        (0.5 * (front + rear) + 0.002, 0.0, 0.5 * (spec.height + BOX_FLOOR))
    )


def _ribs(spec: LorrySpec) -> Soup:
    """The frame of the box: sill and top rails, corner posts, the gap between the rear doors."""
    rear, front = spec.cargo
    middle, tall = 0.5 * (front + rear), spec.height - BOX_FLOOR
    rails = [
        box((front - rear - 0.06, 0.02, 0.12)).moved((middle, s * 0.5 * spec.width, z))
        for s in (1.0, -1.0)
        for z in (BOX_FLOOR + 0.08, spec.height - 0.1)
    ]
    doors = [
        box((0.012, 0.012, tall - 0.2)).moved((rear, y, 0.5 * (spec.height + BOX_FLOOR))) for y in (-0.006, 0.4, -0.4)
    ]
    return join([*rails, *doors])


def lorry_shapes(
    spec: LorrySpec, cabin: tuple[Soup, Soup], chassis: list[Soup], cargo: Soup, outside: list[Shape]
) -> tuple[Shape, ...]:
    """Hulls of the cab (body and glasshouse) and of the frame's parts, a box for the body."""
    front, (cab, house) = spec.front, cabin
    cab_cuts = [front - CAB_LENGTH, spec.wheelbase, front - 0.35, front - 0.1, front]
    return (
        box_of(cargo.vertices),
        *(hull(part.vertices) for part in chassis),
        *outside,
        *slab_hulls(cab, cab_cuts),
        *slab_hulls(house, [front - CAB_LENGTH, front - 0.7, front - 0.3, front]),
    )


def build_lorry(name: str, spec: LorrySpec, color: str | Color, box_color: str | Color) -> Model:
    """The whole lorry."""
    surfaces = body_surfaces("truck", resolve("color", color, PAINTS))
    cab_car = cab_spec(spec)
    cab, house, chassis, cargo = lower_body(cab_car), glasshouse(cab_car), _chassis(spec), _cargo(spec)
    palette = Palette()
    builder = MeshBuilder(palette)
    builder.add(cab, *surfaces, smooth_deg=35.0).add(house, *surfaces, smooth_deg=35.0)
    builder.add(cabin(cab_car), *cabin_surfaces("truck"))
    builder.add(join(chassis), surfaces[7], smooth_deg=20.0)
    builder.add(cargo, paint("truck", resolve("box_color", box_color, PAINTS)), smooth_deg=20.0)
    builder.add(_ribs(spec), Surface(class_name="truck", base_color=(0.33, 0.34, 0.35), roughness=0.4, metallic=0.6))
    outside = _add_lamps(builder, spec, surfaces)
    shining = vehicle_lamps(builder.soup, palette.surfaces)
    links = [Link(name="body", mesh=builder.mesh(), shapes=lorry_shapes(spec, (cab, house), chassis, cargo, outside))]
    rubber = wheel_surfaces("truck", (0.42, 0.42, 0.43))
    radius, width = spec.wheel_radius, spec.wheel_width
    outer = 0.5 * spec.width - 0.03
    for axle, x, y, wide, steer in (
        ("rear", 0.0, outer - width, 2.0 * width, False),
        ("front", spec.wheelbase, outer - 0.06 - 0.5 * width, width, True),
    ):
        links += wheel_links(
            palette, rubber, first=len(links), x=x, y=y, radius=radius, width=wide, steer=steer, name=axle
        )
    return finished(
        name,
        "truck",
        links,
        palette.surfaces,
        lamps=shining,
        mass_kg=7500.0 * spec.length / 8.2,
        wheelbase_m=spec.wheelbase,
        attributes=(("color", str(color)),),
    )
