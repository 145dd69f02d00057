"""From a car's lines to a model: body, glass, lights, mirrors, plates, wheels, collision shapes."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Link, Model, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.cabin import cabin, cabin_surfaces
from simgen.shapes.car_body import CarSpec, glasshouse, lower_body
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.finish import finished, hull, slab_hulls
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, ellipsoid
from simgen.shapes.soup import Soup, join
from simgen.shapes.vehicle_lamps import BRAKE, LEFT, LOW_BEAM, REVERSE, RIGHT, TAIL, lens_surface, vehicle_lamps
from simgen.shapes.wheels import wheel_links, wheel_surfaces


def paint(class_name: str, color: Color) -> Surface:
    """Car paint: flakes in colour under a clear coat (as Rump et al., Eurographics 2008, take it apart).

    Infrared reflectance of paints varies less than their colour: pulled to the middle.
    """
    mean = (color[0] + color[1] + color[2]) / 3.0
    return Surface(
        class_name=class_name,
        base_color=color,
        roughness=0.42,
        metallic=0.25,
        clearcoat=1.0,
        clearcoat_roughness=0.04,
        texture="flake",
        texture_scale_m=0.0008,
        lidar_reflectance=0.1 + 0.6 * mean,
        heat="body",
    )


def body_surfaces(class_name: str, color: Color) -> tuple[Surface, ...]:
    """Surfaces in the order of the body's tags."""

    def of(rgb: Color, roughness: float, heat: str = "body", **more: object) -> Surface:
        return Surface(class_name=class_name, base_color=rgb, roughness=roughness, heat=heat, **more)  # type: ignore[arg-type]

    return (
        paint(class_name, color),
        of((0.02, 0.02, 0.022), 0.6, lidar_reflectance=0.06),
        of((0.012, 0.014, 0.016), 0.06, "glass", lidar_reflectance=0.02, transmission=0.65),
        lens_surface(class_name, LOW_BEAM),
        lens_surface(class_name, TAIL),
        of((0.015, 0.015, 0.016), 0.4, lidar_reflectance=0.06),
        of((0.008, 0.008, 0.008), 0.9, lidar_reflectance=0.04),
        of((0.018, 0.018, 0.018), 0.95, "under", lidar_reflectance=0.05),
        *(lens_surface(class_name, light) for light in (BRAKE, REVERSE, LEFT, RIGHT)),
    )


def mirror_surface(class_name: str) -> Surface:
    """Silvered glass."""
    return Surface(
        class_name=class_name,
        base_color=(0.86, 0.87, 0.86),
        roughness=0.03,
        metallic=1.0,
        lidar_reflectance=0.02,
        heat="body",
    )


def plate_surface(class_name: str) -> Surface:
    """A number plate: white and retro-reflective."""
    return Surface(class_name=class_name, base_color=(0.7, 0.7, 0.68), roughness=0.5, retro=0.3, heat="body")


def _skin_x(soup: Soup, y: float, z: float, side: float) -> float:
    """Where the skin's outermost point near a height and a lateral place lies along x (side 1 front, -1 rear)."""
    near = (np.abs(soup.vertices[:, 2] - z) < 0.12) & (np.abs(soup.vertices[:, 1] - y) < 0.35)
    return float(side * (soup.vertices[near, 0] * side).max())


def _skin_y(soup: Soup, x: float, z: float) -> float:
    p = soup.vertices
    cost = np.abs(p[:, 0] - x) + 2.0 * np.abs(p[:, 2] - z) + np.where(p[:, 1] > 0.3, 0.0, 9.0)
    return float(p[np.argsort(cost, kind="stable")[:4], 1].max())


def _add_details(builder: MeshBuilder, spec: CarSpec, body: Soup, surfaces: tuple[Surface, ...]) -> list[Shape]:
    """Plates, mirrors, handles, rails; returns the collision shapes of what stands out."""
    painted, trim, mirror = surfaces[0], surfaces[1], mirror_surface(spec.class_name)
    plate = plate_surface(spec.class_name)
    solid: list[Shape] = []
    z_front, z_rear = spec.sill + 0.16 * spec.height / 1.45, spec.sill + 0.34 * spec.height / 1.45
    for z, side in ((z_front, 1.0), (z_rear, -1.0)):
        x = _skin_x(body, 0.0, z, side) + side * 0.004
        sheet = box((0.014, 0.52, 0.11)).moved((x, 0.0, z))
        solid.append(hull(sheet.vertices))
        builder.add(sheet, plate)
    mirror_x = float(spec.x(spec.glass_s[0])) - 0.5
    belt = float(spec.shoulder_z(mirror_x))
    y = _skin_y(body, mirror_x, belt)
    # bus drivers look at theirs from below
    belt += 0.9 if "high_mirrors" in spec.extras else 0.0
    for sign in (1.0, -1.0):
        shell = ellipsoid((0.085, 0.105, 0.075), 12, 6).moved((mirror_x, sign * (y + 0.07), belt + 0.1))
        builder.add(shell, painted)
        builder.add(box((0.012, 0.15, 0.095), 0.01).moved((mirror_x - 0.075, sign * (y + 0.075), belt + 0.1)), mirror)
        arm = tube([[mirror_x, sign * (y - 0.07), belt + 0.02], [mirror_x, sign * (y + 0.03), belt + 0.07]], 0.025, 6)
        builder.add(arm, trim)
        solid.append(hull(shell.vertices))
    for s in () if "no_handles" in spec.extras else spec.doors[1:]:
        x = float(spec.x(s)) + 0.14
        z = float(spec.shoulder_z(x)) - 0.16
        y = _skin_y(body, x, z)
        handles = [box((0.2, 0.035, 0.028), 0.008).moved((x, sign * (y + 0.012), z)) for sign in (1.0, -1.0)]
        builder.add(join(handles), painted)
    if "rails" in spec.extras:
        solid += _add_rails(builder, spec, trim)
    return solid


def _add_rails(builder: MeshBuilder, spec: CarSpec, trim: Surface) -> list[Shape]:
    x = spec.x(
        np.array([spec.glass_s[2] + 0.02, spec.glass_s[2] + 0.05, spec.glass_s[1] - 0.07, spec.glass_s[1] - 0.03])
    )
    y = 0.5 * spec.width * spec.glass_width[1] - 0.1
    low, high = spec.height - 0.05, spec.height - 0.018
    solid: list[Shape] = []
    for sign in (1.0, -1.0):
        path = np.stack([x, np.full(4, sign * y), np.array([low, high, high, low])], -1)
        rail = tube(path, 0.018, 6)
        solid.append(hull(rail.vertices))
        builder.add(rail, trim)
    return solid


def _hull_cuts(spec: CarSpec) -> F8:
    r = spec.arch_radius
    front, rear = spec.wheelbase + spec.front_overhang, spec.rear_x
    ends = [front, front - 0.12, front - 0.35, rear + 0.3, rear + 0.12, rear]
    middle = [spec.wheelbase + r, spec.wheelbase, spec.wheelbase - r, 0.5 * spec.wheelbase, r, 0.0, -r]
    kept = [m for m in middle if rear + 0.35 < m < front - 0.4]
    return np.sort(np.array(ends + kept))


def car_shapes(spec: CarSpec, body: Soup, house: Soup) -> tuple[Shape, ...]:
    """Hulls slice by slice: the body, and the glasshouse on it."""
    base_front, top_front, top_rear, base_rear = (float(v) for v in spec.x(spec.glass_s))
    cuts = (base_rear, 0.5 * (base_rear + top_rear), top_rear, top_rear + 0.3, top_front - 0.3, top_front)
    return slab_hulls(body, list(_hull_cuts(spec))) + slab_hulls(
        house, sorted({*cuts, 0.5 * (top_front + base_front), base_front})
    )


def build_car(name: str, spec: CarSpec, color: str | Color) -> Model:
    """The whole model of a passenger car or van."""
    rgb = resolve("color", color, PAINTS)
    surfaces = body_surfaces(spec.class_name, rgb)
    palette = Palette()
    builder = MeshBuilder(palette)
    body, house = lower_body(spec), glasshouse(spec)
    builder.add(body, *surfaces, smooth_deg=35.0).add(house, *surfaces, smooth_deg=35.0)
    outside = _add_details(builder, spec, body, surfaces)
    builder.add(cabin(spec), *cabin_surfaces(spec.class_name))
    lamps = vehicle_lamps(builder.soup, palette.surfaces)
    links = [Link(name="body", mesh=builder.mesh(), shapes=(*car_shapes(spec, body, house), *outside))]
    rubber = wheel_surfaces(spec.class_name)
    track_y = 0.5 * spec.width - 0.5 * spec.wheel_width - 0.035
    for axle, x, steer in (("rear", 0.0, False), ("front", spec.wheelbase, True)):
        links += wheel_links(
            palette,
            rubber,
            first=len(links),
            x=x,
            y=track_y,
            radius=spec.wheel_radius,
            width=spec.wheel_width,
            steer=steer,
            name=axle,
        )
    return finished(
        name,
        spec.class_name,
        links,
        palette.surfaces,
        lamps=lamps,
        mass_kg=spec.mass_kg,
        wheelbase_m=spec.wheelbase,
        attributes=(("color", str(color)),),
    )
