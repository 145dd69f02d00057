"""What worlds are made of. Colours are linear reflectances, lidar reflectances hold at 905 nm.

Typical values: dry asphalt 0.08-0.15, concrete 0.3-0.4, road paint with glass beads 0.5 and retro-reflective, green
grass 0.4-0.5 in the near infrared (the red edge of chlorophyll) against 0.05-0.12 in the visible.
"""

from __future__ import annotations

from typing import Final

from simgen.records.mesh import Surface

#: glass beads in road paint: 300 mcd/(m2 lx) (EN 1436, class R5), as a share of what white would send straight back
BEADS: Final = 0.001

ASPHALT: Final = Surface(
    class_name="road",
    base_color=(0.090, 0.090, 0.094),
    roughness=0.92,
    lidar_reflectance=0.14,
    texture="asphalt",
    texture_scale_m=1.0,
)
PARKING: Final = Surface(
    class_name="parking",
    base_color=(0.115, 0.112, 0.108),
    roughness=0.92,
    lidar_reflectance=0.16,
    texture="asphalt",
    texture_scale_m=1.0,
)
SHOULDER: Final = Surface(
    class_name="road",
    base_color=(0.105, 0.103, 0.100),
    roughness=0.94,
    lidar_reflectance=0.15,
    texture="asphalt",
    texture_scale_m=1.0,
)
PAVING: Final = Surface(
    class_name="sidewalk",
    base_color=(0.33, 0.32, 0.30),
    roughness=0.85,
    lidar_reflectance=0.30,
    texture="concrete",
    texture_scale_m=0.5,
)
KERB_STONE: Final = Surface(
    class_name="kerb",
    base_color=(0.40, 0.39, 0.37),
    roughness=0.75,
    lidar_reflectance=0.33,
    texture="concrete",
    texture_scale_m=1.0,
)
GRASS: Final = Surface(
    class_name="terrain",
    base_color=(0.065, 0.115, 0.032),
    roughness=0.97,
    lidar_reflectance=0.45,
    texture="grass",
    texture_scale_m=1.0,
)
GRAVEL: Final = Surface(
    class_name="terrain",
    base_color=(0.22, 0.20, 0.17),
    roughness=0.95,
    lidar_reflectance=0.27,
    texture="gravel",
    texture_scale_m=1.0,
)
SNOW: Final = Surface(
    class_name="terrain",
    base_color=(0.86, 0.87, 0.89),
    roughness=0.9,
    lidar_reflectance=0.85,
    texture="snow",
    texture_scale_m=1.0,
)
LINE_PAINT: Final = Surface(
    class_name="lane_marking",
    base_color=(0.70, 0.70, 0.68),
    roughness=0.65,
    lidar_reflectance=0.50,
    retro=BEADS,
    texture="worn_paint",
)
CROSSWALK_PAINT: Final = Surface(
    class_name="crosswalk",
    base_color=(0.70, 0.70, 0.68),
    roughness=0.65,
    lidar_reflectance=0.50,
    retro=BEADS,
    texture="worn_paint",
)
GUARD_RAIL: Final = Surface(
    class_name="guard_rail", base_color=(0.55, 0.56, 0.57), roughness=0.45, metallic=0.8, lidar_reflectance=0.40
)
FLOOR: Final = Surface(
    class_name="floor",
    base_color=(0.30, 0.27, 0.23),
    roughness=0.55,
    lidar_reflectance=0.35,
    texture="wood",
    texture_scale_m=1.2,
)
PLASTER: Final = Surface(class_name="wall", base_color=(0.72, 0.70, 0.66), roughness=0.9, lidar_reflectance=0.72)

#: how high paint lies above the road
PAINT_M: Final = 0.004
CEILING: Final = Surface(class_name="wall", base_color=(0.78, 0.78, 0.76), roughness=0.95, lidar_reflectance=0.75)
WINDOW_FRAME: Final = Surface(class_name="wall", base_color=(0.72, 0.72, 0.70), roughness=0.4, lidar_reflectance=0.7)
LAMP_CASE: Final = Surface(class_name="wall", base_color=(0.6, 0.6, 0.6), roughness=0.4, lidar_reflectance=0.6)
#: enamelled panels along a tunnel's walls, its concrete above, its lamps, and the rock around its portals
TUNNEL_PANEL: Final = Surface(class_name="tunnel", base_color=(0.62, 0.62, 0.58), roughness=0.6, lidar_reflectance=0.6)
TUNNEL_CONCRETE: Final = Surface(
    class_name="tunnel",
    base_color=(0.30, 0.29, 0.27),
    roughness=0.9,
    lidar_reflectance=0.30,
    texture="concrete",
    texture_scale_m=2.0,
)
TUNNEL_LAMP: Final = Surface(class_name="tunnel", base_color=(0.3, 0.31, 0.32), roughness=0.4, lidar_reflectance=0.4)
ROCK: Final = Surface(
    class_name="terrain",
    base_color=(0.20, 0.18, 0.155),
    roughness=0.95,
    lidar_reflectance=0.28,
    texture="concrete",
    texture_scale_m=3.0,
)
