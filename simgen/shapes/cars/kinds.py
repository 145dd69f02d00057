"""The lines of each class of car for its overall dimensions."""

from __future__ import annotations

from simgen.shapes.cars.lines import CarLines


def sedan_lines(length_m: float, width_m: float, height_m: float) -> CarLines:
    """Three boxes: a bonnet, a cabin, a boot."""
    scale = length_m / 4.70
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=2.76 * scale,
        front_overhang=0.87 * scale,
        wheel_radius=0.33,
        wheel_width=0.215,
        sill=0.2,
        shoulder=(
            (0.0, 0.69),
            (0.04, 0.712),
            (0.12, 0.718),
            (0.25, 0.71),
            (0.45, 0.69),
            (0.62, 0.672),
            (0.7, 0.66),
            (0.85, 0.625),
            (0.95, 0.583),
            (1.0, 0.53),
        ),
        mass_kg=1520.0 * scale,
    )


def hatchback_lines(length_m: float, width_m: float, height_m: float) -> CarLines:
    """Two boxes, a tailgate, a thick rear pillar."""
    scale = length_m / 4.15
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=2.58 * scale,
        front_overhang=0.83 * scale,
        wheel_radius=0.315,
        wheel_width=0.205,
        sill=0.19,
        shoulder=(
            (0.0, 0.68),
            (0.04, 0.69),
            (0.3, 0.675),
            (0.66, 0.655),
            (0.76, 0.645),
            (0.88, 0.612),
            (0.96, 0.572),
            (1.0, 0.525),
        ),
        tail=((0.0, 0.1), (0.15, 0.03), (0.3, 0.0), (0.44, 0.01), (0.52, 0.05), (0.8, 0.06), (1.0, 0.09)),
        front_depth=0.55,
        rear_depth=0.42,
        glass_s=(0.775, 0.6, 0.1, 0.025),
        glass_depth=(0.5, 0.3),
        glass_width=(0.915, 0.71),
        side_glass=(0.86, 1.06),
        doors=(0.735, 0.487, 0.262),
        mass_kg=1200.0 * scale,
    )


def city_car_lines(length_m: float, width_m: float, height_m: float) -> CarLines:
    """A short nose, a tall cabin, an upright tail."""
    scale = length_m / 3.60
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=2.4 * scale,
        front_overhang=0.68 * scale,
        wheel_radius=0.285,
        wheel_width=0.175,
        sill=0.19,
        shoulder=(
            (0.0, 0.66),
            (0.04, 0.67),
            (0.3, 0.655),
            (0.7, 0.63),
            (0.8, 0.62),
            (0.9, 0.588),
            (0.97, 0.548),
            (1.0, 0.515),
        ),
        nose=((0.0, 0.1), (0.1, 0.04), (0.26, 0.0), (0.45, 0.01), (0.7, 0.04), (1.0, 0.11)),
        tail=((0.0, 0.08), (0.15, 0.02), (0.3, 0.0), (0.5, 0.03), (0.8, 0.04), (1.0, 0.06)),
        front_depth=0.5,
        rear_depth=0.36,
        glass_s=(0.815, 0.64, 0.075, 0.018),
        glass_depth=(0.46, 0.26),
        glass_width=(0.915, 0.74),
        side_glass=(0.78, 0.92),
        doors=(0.775, 0.5, 0.262),
        mass_kg=950.0 * scale,
    )


def estate_lines(length_m: float, width_m: float, height_m: float) -> CarLines:
    """A sedan's front, a roof to the tail, three side windows."""
    scale = length_m / 4.72
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=2.76 * scale,
        front_overhang=0.88 * scale,
        wheel_radius=0.33,
        wheel_width=0.215,
        sill=0.2,
        shoulder=(
            (0.0, 0.675),
            (0.04, 0.685),
            (0.3, 0.685),
            (0.6, 0.665),
            (0.7, 0.652),
            (0.85, 0.618),
            (0.95, 0.575),
            (1.0, 0.525),
        ),
        tail=((0.0, 0.1), (0.15, 0.03), (0.3, 0.0), (0.44, 0.01), (0.5, 0.05), (0.8, 0.06), (1.0, 0.09)),
        rear_depth=0.42,
        glass_s=(0.71, 0.545, 0.085, 0.018),
        glass_depth=(0.5, 0.3),
        glass_width=(0.915, 0.71),
        roof_drop=(0.045, 0.05),
        side_glass=(0.28, 0.42),
        doors=(0.678, 0.468, 0.262),
        pillars=(0.255,),
        mass_kg=1580.0 * scale,
    )


def suv_lines(length_m: float, width_m: float, height_m: float) -> CarLines:
    """Tall and upright, on large wheels."""
    scale = length_m / 4.60
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=2.70 * scale,
        front_overhang=0.90 * scale,
        wheel_radius=0.365,
        wheel_width=0.235,
        sill=0.26,
        shoulder=(
            (0.0, 0.66),
            (0.03, 0.668),
            (0.3, 0.66),
            (0.68, 0.64),
            (0.76, 0.632),
            (0.88, 0.61),
            (0.96, 0.578),
            (1.0, 0.545),
        ),
        nose=((0.0, 0.12), (0.1, 0.05), (0.26, 0.0), (0.4, 0.0), (0.6, 0.012), (0.8, 0.03), (1.0, 0.08)),
        tail=((0.0, 0.12), (0.15, 0.03), (0.3, 0.0), (0.42, 0.01), (0.5, 0.05), (0.8, 0.05), (1.0, 0.07)),
        front_depth=0.52,
        front_power=2.9,
        rear_depth=0.42,
        glass_s=(0.755, 0.59, 0.085, 0.02),
        glass_depth=(0.48, 0.3),
        glass_width=(0.92, 0.735),
        roof_drop=(0.045, 0.04),
        side_glass=(0.34, 0.46),
        doors=(0.722, 0.498, 0.292),
        pillars=(0.272,),
        mass_kg=1750.0 * scale,
    )


def pickup_lines(length_m: float, width_m: float, height_m: float) -> CarLines:
    """A double cab before an open bed."""
    scale = length_m / 5.3
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=3.2 * scale,
        front_overhang=0.9 * scale,
        wheel_radius=0.38,
        wheel_width=0.25,
        sill=0.38,
        shoulder=((0.0, 0.655), (0.3, 0.655), (0.6, 0.645), (0.74, 0.635), (0.86, 0.622), (0.95, 0.6), (1.0, 0.565)),
        nose=((0.0, 0.12), (0.1, 0.04), (0.26, 0.0), (0.5, 0.0), (0.75, 0.015), (1.0, 0.06)),
        tail=((0.0, 0.06), (0.1, 0.0), (0.24, 0.0), (0.3, 0.08), (1.0, 0.08)),
        front_depth=0.45,
        front_power=3.2,
        rear_depth=0.18,
        rear_power=4.0,
        shoulder_radius=0.035,
        bonnet_crown=0.04,
        glass_s=(0.735, 0.6, 0.4, 0.372),
        glass_depth=(0.42, 0.12),
        glass_width=(0.935, 0.76),
        roof_drop=(0.04, 0.025),
        side_glass=(0.13, 0.2),
        doors=(0.708, 0.545, 0.395),
        mass_kg=2050.0 * scale,
    )


__all__ = ["city_car_lines", "estate_lines", "hatchback_lines", "pickup_lines", "sedan_lines", "suv_lines"]
