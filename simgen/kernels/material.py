"""What a hit's material does with light from one direction and from all around, from the columns of ``Wave.state``.

Shared by sun, sky and lamps, so that one surface answers all of them alike.
"""

from __future__ import annotations

import math

from simgen.kernels.brdf import DIELECTRIC, MIN_ALPHA, albedo, gain, ggx, matt_fade, pane, schlick, split
from simgen.kernels.inner import inner
from simgen.kernels.pose import normalise
from simgen.kernels.wave import ALBEDO, COAT, COAT_GLOSS, GLOSS, METAL, PANE, RETRO
from simgen.records.base import F4

#: scale, bias and gain of the lobe, the dielectric lobe's share of it, what a dielectric and what the coat mirror of an
#: even light, what a pane passes
Finish = tuple[float, float, float, float, float, float, float]


@inner
def finish(state: F4, i: int, nv: float) -> Finish:
    """What depends on the direction to the eye alone."""
    rough, veil = float(state[i, GLOSS]), 0.0
    fade = matt_fade(rough)
    if fade == 0.0 and state[i, METAL] == 0.0 and state[i, COAT] == 0.0 and state[i, PANE] == 0.0:
        return 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    scale, bias = split(rough, nv)
    under, passed = fade * albedo(DIELECTRIC, scale, bias), 0.0
    if state[i, PANE] > 0.0:
        under, passed = pane(float(state[i, PANE]), nv)
    if state[i, COAT] > 0.0:
        s, b = split(float(state[i, COAT_GLOSS]), nv)
        veil = float(state[i, COAT]) * albedo(DIELECTRIC, s, b)
    return scale, bias, gain(scale, bias), fade, under, veil, passed


@inner
def mirrors(state: F4, i: int, c: int, made: Finish) -> float:
    """Share of an even light that the base mirrors towards the eye, of one colour; the coat not counted."""
    metal = float(state[i, METAL])
    if metal == 0.0 or state[i, PANE] > 0.0:
        return made[4]
    return metal * albedo(float(state[i, ALBEDO + c]), made[0], made[1]) + (1.0 - metal) * made[4]


@inner
def scatters(state: F4, i: int, c: int, made: Finish) -> float:
    """Diffuse BRDF under the coat, 1/sr: what is mirrored, sent straight back or passed on is not scattered."""
    if state[i, PANE] > 0.0:
        return 0.0
    left = (1.0 - float(state[i, METAL])) * (1.0 - made[4]) * (1.0 - float(state[i, RETRO]))
    return float(state[i, ALBEDO + c]) * left / math.pi


@inner
def tint(state: F4, i: int, c: int) -> float:
    """Colour of a pane's transmitted light: the base colour's hue, its strongest part at 1."""
    top = max(float(state[i, ALBEDO]), max(float(state[i, ALBEDO + 1]), float(state[i, ALBEDO + 2])))
    return float(state[i, ALBEDO + c]) / top if top > 1e-4 else 1.0


@inner
def lobes(
    state: F4,
    i: int,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
    lx: float,
    ly: float,
    lz: float,
    nv: float,
    wide: float,
) -> tuple[float, float, float]:
    """GGX lobes of base and coat times the cosine, without Fresnel; and Schlick's rise towards grazing.

    ``l``: to the light (above the surface); ``wide``: half the angle under which it is seen, which widens highlights.
    """
    rough = float(state[i, GLOSS])
    if matt_fade(rough) == 0.0 and state[i, METAL] == 0.0 and state[i, COAT] == 0.0:
        return 0.0, 0.0, 0.0
    hx, hy, hz = normalise(lx + vx, ly + vy, lz + vz)
    nl = nx * lx + ny * ly + nz * lz
    nh, vh = min(max(nx * hx + ny * hy + nz * hz, 0.0), 1.0), max(vx * hx + vy * hy + vz * hz, 0.0)
    base = nl * ggx(max(rough * rough + 0.5 * wide, MIN_ALPHA), nl, nv, nh)
    coat = 0.0
    if state[i, COAT] > 0.0:
        rough = float(state[i, COAT_GLOSS])
        coat = float(state[i, COAT]) * nl * ggx(max(rough * rough + 0.5 * wide, MIN_ALPHA), nl, nv, nh)
    return base, coat, schlick(0.0, vh)


@inner
def shines(state: F4, i: int, c: int, made: Finish, rise: float) -> float:
    """Fresnel factor of the base's lobe, of one colour; ``rise`` as from :func:`lobes`."""
    more = made[2]
    plain = DIELECTRIC + (1.0 - DIELECTRIC) * rise
    if state[i, PANE] > 0.0:
        return 2.0 * plain / (1.0 + plain)
    metal, color = float(state[i, METAL]), float(state[i, ALBEDO + c])
    plain *= (1.0 - metal) * made[3] * (1.0 + DIELECTRIC * more)
    return plain + metal * (color + (1.0 - color) * rise) * (1.0 + color * more)
