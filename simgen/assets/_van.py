"""The lines of vans: delivery vans, minibuses, ambulances."""

from __future__ import annotations

from typing import Any

from simgen.shapes.cars.lines import CarLines


def van_lines(length_m: float, width_m: float, height_m: float, *, windows: bool) -> CarLines:
    """A short bonnet, a steep windscreen, straight sides up to the roof."""
    scale = length_m / 5.3
    # the belt line stays where a driver can look over it, whatever the roof
    belt = 1.17 / height_m
    return CarLines(
        length=length_m,
        width=width_m,
        height=height_m,
        wheelbase=3.20 * scale,
        front_overhang=0.98 * scale,
        wheel_radius=0.345,
        wheel_width=0.22,
        sill=0.26,
        shoulder=(
            (0.0, belt),
            (0.76, belt),
            (0.82, belt * 0.99),
            (0.88, belt * 0.975),
            (0.95, belt * 0.91),
            (1.0, belt * 0.79),
        ),
        nose=((0.0, 0.1), (0.1, 0.03), (0.22, 0.0), (0.4, 0.006), (0.6, 0.025), (0.85, 0.06), (1.0, 0.12)),
        tail=((0.0, 0.06), (0.1, 0.0), (0.22, 0.0), (0.28, 0.03), (1.0, 0.035)),
        flank=((0.0, 0.05), (0.1, 0.015), (0.3, 0.004), (0.55, 0.012), (0.7, 0.004), (0.85, 0.0), (1.0, 0.004)),
        front_depth=0.6,
        front_power=2.8,
        rear_depth=0.16,
        rear_power=3.4,
        shoulder_radius=0.03,
        glass_s=(0.9, 0.765, 0.025, 0.008),
        glass_width=(0.975, 0.86),
        glass_depth=(0.5, 0.16),
        roof_crown=0.06,
        roof_drop=(0.05, 0.02),
        glass_top=1.93,
        side_glass=(0.2, 0.22) if windows else (0.61 * length_m, 0.61 * length_m),
        doors=(0.835, 0.612, 0.36),
        pillars=(0.352,) if windows else (),
        mass_kg=2100.0 * scale,
    )


def van_shape(*, windows: bool) -> dict[str, Any]:
    """What a van's specification has besides its lines: upright lamps, two rear doors, a sliding door."""
    return {
        "hatch": True,
        "van": True,
        "taillamp": ((0.87, 0.56), (1.02, 0.56), (1.075, 0.62), (1.075, 0.97), (0.87, 0.97)),
        "headlamp": ((0.62, 0.74), (0.7, 0.68), (1.02, 0.7), (1.24, 0.84), (1.4, 0.96), (0.98, 0.93), (0.66, 0.88)),
        "rear_glass": (0.86, 0.08, 0.86) if windows else (0.0, 0.0, 0.0),
        "plate_levels": (0.36, 0.5),
    }


__all__ = ["van_lines", "van_shape"]
