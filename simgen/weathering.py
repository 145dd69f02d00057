"""What weather does to surfaces: water in and on them makes them darker, glossier and duller to a lidar."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F4
from simgen.records.mesh import SurfaceTable

#: Fresnel reflectance of water at normal incidence, ((1.33 - 1) / (1.33 + 1))^2
WATER_REFLECTANCE = 0.02
#: share of diffuse light that a water film turns back inside (Lekner and Dorf 1988, for n = 1.33)
INTERNAL_REFLECTANCE = 0.47
#: smoothness that a wet film reaches
WET_ROUGHNESS = 0.25


def wet_albedo(albedo: F4) -> F4:
    """Albedo of a rough surface under a water film: 1 - (1 - R)(1 - A) / (1 - p A) (Angstrom; Lekner and Dorf 1988)."""
    dry = np.asarray(albedo, np.float32)
    one = np.float32(1.0)
    wet = one - np.float32(1.0 - WATER_REFLECTANCE) * (one - dry) / (one - np.float32(INTERNAL_REFLECTANCE) * dry)
    return np.clip(wet, 0.0, dry)


def weathered(table: SurfaceTable, wetness: float) -> SurfaceTable:
    """The surfaces after rain has wetted them (0 = dry, 1 = soaked).

    Metal, glass and what shines already take no water in: only surfaces rougher than a wet film change. What a lidar
    sees of them falls by the same rule, because what the film turns back goes elsewhere.
    """
    if wetness <= 0.0:
        return table
    porous = ((table.roughness > 0.45) & (table.metallic < 0.5)).astype(np.float32) * np.float32(wetness)
    blend = porous[:, None]
    color = table.base_color + blend * (wet_albedo(table.base_color) - table.base_color)
    lidar = table.lidar_reflectance + porous * (wet_albedo(table.lidar_reflectance) - table.lidar_reflectance)
    rough = table.roughness + porous * (np.float32(WET_ROUGHNESS) - table.roughness)
    # a picture darkens as its mean does
    darker = color / np.maximum(table.base_color, np.float32(1e-6))
    return table.replace(
        tint=np.ascontiguousarray(table.tint * darker, np.float32),
        base_color=np.ascontiguousarray(color, np.float32),
        lidar_reflectance=np.ascontiguousarray(lidar, np.float32),
        roughness=np.ascontiguousarray(rough, np.float32),
    )
