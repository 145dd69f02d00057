"""From a car's lines and styling to its model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Link, Model, Shape
from simgen.rng import stream
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.cars import details, doors, ends, inside, livery, sides, wheels
from simgen.shapes.cars.doors import Opening
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.style import Style
from simgen.shapes.cars.surfaces import body, glasshouse
from simgen.shapes.cars.tags import BRAKE, FRONT_LEFT, LEFT, PAINT, REAR_LEFT, RIGHT, SEAM, SECOND, surfaces
from simgen.shapes.colors import CLOTHES, HAIRS, SKINS, Color
from simgen.shapes.finish import finished, hull, slab_hulls
from simgen.shapes.plates import add_plate, plate_text
from simgen.shapes.primitives import box
from simgen.shapes.sheet import Field, Sheet, convex, joined, marked
from simgen.shapes.sheet_edges import ribbons
from simgen.shapes.sheet_merge import merged
from simgen.shapes.soup import Soup, join
from simgen.shapes.vehicle_lamps import vehicle_lamps


@dataclass(frozen=True, kw_only=True)
class CarSpec:
    """Everything that makes one car."""

    name: str
    class_name: str = "car"
    lines: CarLines
    style: Style
    paint: Color
    second: Color = (0.01, 0.01, 0.011)
    variant: int = 0
    #: share of the width, lower and upper level of the rear window over the belt (0) and below the roof's edge (1)
    rear_glass: tuple[float, float, float] = (0.9, 0.05, 0.92)
    #: a tailgate instead of a boot
    hatch: bool = False
    spoiler: bool = False
    taillamp: ends.Points | None = None
    headlamp: ends.Points | None = None
    plate_style: str = "eu"
    plate: str = ""
    #: levels of the front and rear plates
    plate_levels: tuple[float, float] = (0.42, 0.56)
    occupants: int = 1
    dirt: float = 0.0
    low: bool = False
    #: two rear doors and a sliding side door
    van: bool = False
    #: an open bed between two s
    bed: tuple[float, float] | None = None
    #: one of the liveries of the module, its further colour, and how much its foils send back
    livery: str = ""
    third: Color = (0.5, 0.5, 0.5)
    foil: float = 0.0
    #: "taxi", "bar" or "bar_red"
    roof: str = ""
    opening: Opening = Opening(angles_rad={})
    extra: tuple[tuple[str, str], ...] = field(default=())


def skin(spec: CarSpec) -> Sheet:
    """The whole skin, both sides, with all that is cut out of it."""
    lines, style = spec.lines, spec.style
    wall, lid, floor = body(lines)
    house, roof = glasshouse(lines)
    wall, floor = sides.arches(wall, floor, lines)
    wall = sides.cladding(wall, lines, style)
    lamps = ends.TALL_LAMPS if spec.hatch else ends.TAILLAMPS
    wall = ends.front(wall, lines, style, spec.headlamp)
    wall = ends.rear(wall, lines, style, spec.taillamp or lamps[style.tail % len(lamps)], spec.hatch, gate=not spec.van)
    lid = ends.top(lid, lines, not spec.hatch)
    house = sides.windows(house, lines, style, sides.panes_of(lines))
    house = ends.screens(house, lines, style, rear_glass=spec.rear_glass)
    if spec.bed is not None:
        lid = sides.bed(lid, lines, spec.bed)
    if spec.livery:
        wall, house = livery.colored(wall, house, lines, spec.livery)
    if spec.van:
        wall, house = ends.rear_doors(wall, house, lines)
    wall, house, *seams = sides.doors(wall, house, lines, spec.opening.left_parts, tall=spec.van)
    if style.two_tone:
        roof = roof.labelled(SECOND)
        house = marked(house, [lambda p: p[..., 2] - lines.belt - 0.1], tag=SECOND, of=[PAINT])
    half = joined([*(merged(sheet) for sheet in (wall, lid, floor, house, roof)), *([] if lines.coarse else seams)])
    right = half.mirrored()
    right = replace(right, tags=np.where(right.tags == LEFT, RIGHT, right.tags))
    right = replace(right, parts=np.where(right.parts > 0, right.parts + 1, 0))
    return joined([half, _fuel_cap(right, lines)])


def _fuel_cap(whole: Sheet, lines: CarLines) -> Sheet:
    """A seam around the filler's lid, on the right rear side."""
    x, z = -lines.arch_radius * 0.35, lines.sill + 0.78 * (float(lines.shoulder_z(0.0)) - lines.sill)
    corner = np.array([[-1, -0.6], [-0.6, -1], [0.6, -1], [1, -0.6], [1, 0.6], [0.6, 1], [-0.6, 1], [-1, 0.6]])
    ring = corner * 0.075 + np.array([x, z])
    outer: list[Field] = [lambda p: -p[..., 1] - 0.6 * lines.half]
    edge = convex(ring, lambda p: p[..., [0, 2]])
    return joined([whole, ribbons(whole, edge, 0.002, tag=SEAM, of=[PAINT], within=outer)])


def build(spec: CarSpec) -> Model:
    """The whole model of a car."""
    spec = replace(spec, lines=replace(spec.lines, coarse=spec.low))
    lines, style = spec.lines, spec.style
    table = surfaces(
        spec.class_name, spec.paint, spec.second, dirt=spec.dirt, cloth=style.cloth,
        privacy=0.2 if style.privacy else 0.65, third=spec.third, retro=spec.foil,
        slat=None if style.chrome else (0.03, 0.03, 0.032),
    )  # fmt: skip
    palette = Palette()
    builder = MeshBuilder(palette)
    whole, tub = skin(spec), Sheet.of(inside.tub(lines), 20.0)
    body_skin, tub, apart = doors.taken_out(whole, tub, lines, spec.opening)
    body_skin.add_to(builder, table)
    tub.add_to(builder, table)
    lamps = _lamps(builder, palette)
    solid = _details(builder, spec, whole, table)
    if spec.roof:
        shapes, beacons = livery.roof_sign(builder, lines, spec.class_name, spec.roof)
        solid, lamps = [*solid, *shapes], (*lamps, *beacons)
    left = whole.where(whole.points[..., 1].min(1) > -1e-9)
    if spec.livery:
        livery.lettering(builder, left, lines, spec.class_name, spec.livery, spec.second, spec.paint)
    rows = inside.rows_of(lines)
    if not spec.low:
        builder.add(join(inside.cabin(lines, rows)), *table, smooth_deg=35.0)
        _people(builder, spec, rows)
    links = [Link(name="body", mesh=builder.mesh(), shapes=(*_shapes(lines), *solid))]
    links += doors.door_links(palette, table, apart, lines, spec.opening, fittings(spec, left))
    links += _wheels(palette, spec, len(links))
    return finished(
        spec.name, spec.class_name, links, palette.surfaces, lamps=lamps, mass_kg=lines.mass_kg,
        wheelbase_m=lines.wheelbase, attributes=spec.extra,
    )  # fmt: skip


def _lamps(builder: MeshBuilder, palette: Palette) -> tuple[Lamp, ...]:
    return vehicle_lamps(builder.soup, palette.surfaces)


def _details(builder: MeshBuilder, spec: CarSpec, whole: Sheet, table: tuple[Surface, ...]) -> list[Shape]:
    """Adds what stands out of the skin; the collision shapes of what stands out far."""
    lines, style = spec.lines, spec.style
    left = whole.where(whole.points[..., 1].min(1) > -1e-9)
    solid: list[Shape] = []
    apart = spec.opening.parts
    for part, soup in fittings(spec, left).items():
        if part not in apart:
            builder.add(soup, *table, smooth_deg=50.0)
            solid += doors.mirror_hull(soup, lines)
    upper, rails = details.roof_things(lines, style)
    far = [*rails, *upper, *details.exhausts(lines, style), *([details.spoiler(lines)] if spec.spoiler else [])]
    solid += [hull(part.vertices) for part in far]
    small = far if spec.low else [*far, *details.wipers(lines, left)]
    for side, level in ((1.0, 0.93), (-1.0, 0.78))[: 0 if spec.low else 1 if spec.van else 2]:
        end = lines.front_x if side > 0 else lines.rear_x
        z = lines.sill + level * (float(lines.shoulder_z(end)) - lines.sill)
        small.append(details.badge(left, side, z))
    if small:
        builder.add(join(small), *table, smooth_deg=40.0)
    text = spec.plate or plate_text(spec.variant, spec.plate_style)
    for side, level in zip((1.0, -1.0), spec.plate_levels, strict=True):
        end = lines.front_x if side > 0 else lines.rear_x
        z = lines.sill + level * (float(lines.shoulder_z(end)) - lines.sill)
        x = max(side * details.end_x(left, 0.005, z + dz, side) for dz in (-0.05, 0.05)) * side
        place = (x + side * 0.012, 0.0, z)
        solid.append(add_plate(builder, spec.class_name, text, spec.plate_style, position=place, rear=side < 0.0))
    _high_brake_lamp(builder, lines, left, table)
    return solid


def fittings(spec: CarSpec, left: Sheet) -> dict[int, Soup]:
    """What is fixed to the side doors, by their numbers: mirrors in front, handles."""
    lines, found = spec.lines, {}
    grips = details.handles(lines, left)
    mirror = join(details.mirror(lines, spec.style))
    for part in (FRONT_LEFT, REAR_LEFT):
        parts = [*([mirror] if part == FRONT_LEFT else []), *([grips[part]] if part in grips else [])]
        if parts:
            found[part] = join(parts)
            found[part + 1] = join(parts).scaled((1.0, -1.0, 1.0))
    return found


def _high_brake_lamp(builder: MeshBuilder, lines: CarLines, left: Sheet, table: tuple[Surface, ...]) -> None:
    """The third brake lamp, at the top of the rear window."""
    z = lines.roof_edge - lines.roof_drop[1] - 0.075
    x = details.end_x(left, 0.005, z, -1.0)
    builder.add(box((0.02, 0.3, 0.022)).moved((x + 0.002, 0.0, z)), table[BRAKE])


def _people(builder: MeshBuilder, spec: CarSpec, rows: list[float]) -> None:
    rng = stream(spec.variant, "occupants", spec.name)
    lines = spec.lines
    desk = lines.glass_x[0] - 0.42
    for k, hip in enumerate(inside.places(lines, rows, spec.occupants)):
        shirts, skins, hairs = list(CLOTHES.values()), list(SKINS.values()), list(HAIRS.values())
        colors = (shirts[int(rng.integers(len(shirts)))], skins[int(rng.integers(len(skins)))])
        hair = hairs[int(rng.integers(len(hairs)))]
        rows_ = [
            Surface(class_name=spec.class_name, base_color=c, roughness=0.85, heat=h)
            for c, h in ((colors[0], "cloth"), (colors[1], "skin"), (hair, "hair"))
        ]
        builder.add(inside.person(hip, lines.roof_edge - 0.06, k == 0, desk), *rows_, smooth_deg=60.0)


def _wheels(palette: Palette, spec: CarSpec, first: int) -> list[Link]:
    lines, style = spec.lines, spec.style
    rubber = wheels.wheel_surfaces(spec.class_name, style.rim, spec.dirt)
    y = lines.half - 0.5 * lines.wheel_width - 0.02
    links: list[Link] = []
    for name, x, steer in (("rear", 0.0, False), ("front", lines.wheelbase, True)):
        links += wheels.axle(
            palette, rubber, first=first + len(links), x=x, y=y, radius=lines.wheel_radius,
            width=lines.wheel_width, design=-1 if spec.low else style.wheel, steer=steer, name=name,
        )  # fmt: skip
    return links


def _cuts(lines: CarLines) -> list[float]:
    r, rear = lines.arch_radius, lines.rear_x
    ends_ = [lines.front_x, lines.front_x - 0.12, lines.front_x - 0.35, rear + 0.3, rear + 0.12, rear]
    middle = [lines.wheelbase + r, lines.wheelbase, lines.wheelbase - r, 0.5 * lines.wheelbase, r, 0.0, -r]
    kept = [m for m in middle if rear + 0.35 < m < lines.front_x - 0.4]
    return sorted(ends_ + kept)


def _shapes(lines: CarLines) -> tuple[Shape, ...]:
    """Hulls slice by slice: the body, and the glasshouse on it."""
    lower, upper = joined(list(body(lines))), joined(list(glasshouse(lines)))
    low, high = (joined([half, half.mirrored()]) for half in (lower, upper))
    base_front, top_front, top_rear, base_rear = lines.glass_x
    cuts = {base_rear, 0.5 * (base_rear + top_rear), top_rear, top_rear + 0.3, top_front - 0.3, top_front}
    return slab_hulls(low.soup, _cuts(lines)) + slab_hulls(
        high.soup, sorted({*cuts, 0.5 * (top_front + base_front), base_front})
    )


__all__ = ["CarSpec", "build", "skin"]
