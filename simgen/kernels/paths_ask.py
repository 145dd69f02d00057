"""What paths ask of lights: weights of what is found in two ways, sky for paths that leave, rays to lights."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.paths_light import SkyChances, sky_density
from simgen.kernels.paths_tables import BETA, CLEAR, DENSITY, KEEN, LIT, LOWER, UPPER, Asking, Paths
from simgen.kernels.sky import aureole, look_up
from simgen.kernels.wave import DISC, GLOW_AIR, GLOW_SKY, OFF, SUN, SUN_LUX, VIEW, Lighting, Wave


@inner
def weight(mine: float, other: float) -> float:
    """Power heuristic with exponent 2."""
    a, b = mine * mine, other * other
    return a / (a + b) if a + b > 0.0 else 0.0


@inner
def escape(light: Lighting, chances: SkyChances, narrow: float, paths: Paths, wave: Wave, i: int, turn: int) -> None:
    """A path that met nothing: sky, and the sun's disc."""
    x, y, z = float(wave.state[i, VIEW]), float(wave.state[i, VIEW + 1]), float(wave.state[i, VIEW + 2])
    if x == 0.0 and y == 0.0 and z == 0.0:
        # the lens sees nothing there
        return
    density, id_ = float(paths.state[i, DENSITY]), paths.owner[i]
    by_sky, by_sun = 1.0, 0.0
    if density > 0.0:
        half = paths.state[i, UPPER] if z >= 0.0 else paths.state[i, LOWER]
        by_sky = weight(density, half * sky_density(chances.density, x, y, z))
    value = light.values
    if 1.0 - (x * value[SUN, 0] + y * value[SUN, 1] + z * value[SUN, 2]) < narrow:
        by_sun = 1.0 if density == 0.0 else weight(density, 1.0 / (2.0 * math.pi * narrow))
    keen = paths.state[i, KEEN] > 0.0
    red, green, blue = look_up(light.sky if keen else chances.sky, 0, x, y, z)
    if keen and light.air.shape[0] > 0:
        # to others it is part of the sunlight
        r, g, b = aureole(value, GLOW_SKY if z > 0.0 else GLOW_AIR, x, y, z)
        red, green, blue = red + r, green + g, blue + b
    # within mirrors and panes the disc is what a camera sees, else what lights the ground
    disc = 1.0 / (math.pi * math.sin(light.sun_radius) ** 2)
    column = CLEAR if turn == 0 else LIT
    for c in range(3):
        sky = red if c == 0 else (green if c == 1 else blue)
        sun = value[DISC, c] if keen else value[SUN_LUX, c] * disc
        paths.seen[id_, column + c] += paths.state[i, BETA + c] * (by_sky * sky + by_sun * sun)


@inner
def ask_for(
    rays: Asking,
    k: int,
    wave: Wave,
    i: int,
    x: float,
    y: float,
    z: float,
    far: float,
    red: float,
    green: float,
    blue: float,
    owner: int,
) -> int:
    """Note a ray to a light; how many there are then. Light too faint to matter is not asked for."""
    if not max(red, max(green, blue)) > 1e-7:
        return k
    for axis in range(3):
        rays.origin[k, axis] = wave.state[i, OFF + axis]
    rays.direction[k, 0], rays.direction[k, 1], rays.direction[k, 2] = x, y, z
    rays.time[k], rays.near[k], rays.far[k] = wave.time[i], 0.0, far
    rays.gain[k, 0], rays.gain[k, 1], rays.gain[k, 2] = red, green, blue
    rays.owner[k] = owner
    return k + 1
