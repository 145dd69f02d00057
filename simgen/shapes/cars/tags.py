"""What the triangles of a car are made of: numbers, and their surfaces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from simgen.records.mesh import Surface
from simgen.shapes.colors import Color
from simgen.shapes.vehicle_lamps import BRAKE as BRAKE_LIGHT
from simgen.shapes.vehicle_lamps import CLEAR_LEFT, CLEAR_RIGHT, LOW_BEAM, lens_surface
from simgen.shapes.vehicle_lamps import DRL as DRL_LIGHT
from simgen.shapes.vehicle_lamps import REVERSE as REVERSE_LIGHT
from simgen.shapes.vehicle_lamps import TAIL as TAIL_LIGHT

(
    PAINT, SECOND, TRIM, GLOSS, GLASS, PRIVACY, CHROME, GRILLE, SLAT, SEAM, UNDER, HOUSING, BEAM, DRL, LEFT, RIGHT,
    TAIL, BRAKE, REVERSE, MIRROR, LINING, SEAT, REFLEX, BRIGHT, THIRD,
) = range(25)  # fmt: skip

#: parts of a body that can be apart from it
BODY, FRONT_LEFT, FRONT_RIGHT, REAR_LEFT, REAR_RIGHT = range(5)
DOORS: Final = {
    "front_left": FRONT_LEFT,
    "front_right": FRONT_RIGHT,
    "rear_left": REAR_LEFT,
    "rear_right": REAR_RIGHT,
}


def car_paint(class_name: str, color: Color, dirt: float = 0.0, gloss: float = 1.0) -> Surface:
    """Car paint: flakes in colour under a clear coat (as Rump et al., Eurographics 2008, take it apart).

    Infrared reflectance of paints varies less than their colour: pulled to the middle. ``dirt`` is the share that dust
    covers, ``gloss`` the weight of the clear coat.
    """
    dust = (0.17, 0.145, 0.115)
    r, g, b = (round(c + 0.75 * dirt * (d - c), 5) for c, d in zip(color, dust, strict=True))
    mean = (r + g + b) / 3.0
    return Surface(
        class_name=class_name,
        base_color=(r, g, b),
        roughness=0.42 + 0.4 * dirt,
        metallic=round(0.25 * (1.0 - dirt), 5),
        clearcoat=round(gloss * (1.0 - dirt) ** 2, 5),
        clearcoat_roughness=0.04,
        texture="flake",
        texture_scale_m=0.0008,
        lidar_reflectance=0.1 + 0.6 * mean,
        heat="body",
    )


def surfaces(
    class_name: str,
    paint: Color,
    second: Color,
    *,
    dirt: float = 0.0,
    privacy: float = 0.65,
    cloth: Color = (0.04, 0.04, 0.042),
    bright: Color = (0.6, 0.6, 0.6),
    slat: Color | None = None,
    third: Color = (0.5, 0.5, 0.5),
    retro: float = 0.0,
) -> tuple[Surface, ...]:
    """Surfaces in the order of the tags."""

    def of(rgb: Color, roughness: float, lidar: float = 0.06, heat: str = "body", **more: Any) -> Surface:
        return Surface(
            class_name=class_name, base_color=rgb, roughness=roughness, lidar_reflectance=lidar, heat=heat, **more
        )

    def lens(light: Any) -> Surface:
        return lens_surface(class_name, light)

    def foil(rgb: Color) -> Surface:
        return of(rgb, 0.35, 0.5, retro=retro, clearcoat=1.0)

    chrome: dict[str, Any] = {"metallic": 1.0}
    return (
        car_paint(class_name, paint, dirt),
        car_paint(class_name, second, dirt) if retro == 0.0 else foil(second),
        of((0.022, 0.022, 0.024), 0.62),
        of((0.008, 0.008, 0.009), 0.12, clearcoat=1.0),
        of((0.012, 0.014, 0.016), 0.06, 0.02, "glass", transmission=0.65),
        of((0.006, 0.007, 0.008), 0.06, 0.02, "glass", transmission=privacy),
        of(bright, 0.14, 0.3, **chrome),
        of((0.012, 0.012, 0.013), 0.45),
        of(bright, 0.16, 0.3, **chrome) if slat is None else of(slat, 0.35),
        of((0.004, 0.004, 0.004), 0.95, 0.04),
        of((0.016, 0.016, 0.016), 0.95, 0.05, "under"),
        of((0.13, 0.135, 0.14), 0.18, 0.2, metallic=0.6, clearcoat=1.0),
        lens(replace(LOW_BEAM, lens=(0.42, 0.43, 0.45))),
        lens(DRL_LIGHT),
        lens(CLEAR_LEFT),
        lens(CLEAR_RIGHT),
        lens(TAIL_LIGHT),
        lens(BRAKE_LIGHT),
        lens(REVERSE_LIGHT),
        of((0.86, 0.87, 0.86), 0.03, 0.02, **chrome),
        of((0.05, 0.05, 0.052), 0.85, 0.15),
        of(cloth, 0.95, 0.25),
        of((0.22, 0.008, 0.008), 0.15, 0.2, clearcoat=1.0, retro=0.2),
        of((0.55, 0.56, 0.58), 0.22, 0.4, metallic=0.9, clearcoat=1.0),
        car_paint(class_name, third, dirt) if retro == 0.0 else foil(third),
    )


__all__ = [name for name in list(globals()) if name.isupper() or name in ("car_paint", "surfaces")]
