"""The light that a surface sends to the camera: sun, sky, mirrored sky, its own, and the air in between."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.aim import row_of
from simgen.kernels.brdf import DIELECTRIC, MIN_ALPHA, ggx, matt_fade, schlick, sky_split
from simgen.kernels.inner import inner
from simgen.kernels.pose import normalise
from simgen.kernels.sky import irradiance, look_up, reflected, sun_disc
from simgen.kernels.wave import (
    AIRLIGHT,
    ALBEDO,
    AMBIENT,
    DIRECT,
    DISC,
    EXTINCTION,
    FACE,
    GLOSS,
    GLOW,
    LENGTH,
    LIT,
    METAL,
    OFF,
    RAY_TIME,
    SUN,
    SUN_LUX,
    VIEW,
    Layers,
    Lighting,
    Optics,
    Wave,
)
from simgen.records.base import F4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)

#: how far sky rays look for something that hides the sky, up and down, m
SKY_REACH_M = 8.0
GROUND_REACH_M = 0.6
#: share of the hidden sky's light that what hides it sends on
BOUNCE = 0.22


@inner
def keep_sun(wave: Wave, out: Layers, first: int) -> None:
    """The sun rays are back: note where it shines."""
    for i in range(wave.time.shape[0]):
        if wave.far[i] > 0.0 and not wave.blocked[i]:
            wave.state[i, LIT] = 1.0
            out.key[first + i] = out.key[first + i] | np.uint32(1)


@inner
def aim_sky(optics: Optics, directions: F4, places: F4, first: int, wave: Wave, sky_rays: int) -> None:
    """One ray per hit towards the sky, cosine-weighted; its direction is the pixel's, of 64 that alternate over 8 x 8.

    The rays are ordered by column modulo 8, so that neighbours in the order point the same way.
    """
    state, count, k = wave.state, wave.order.shape[0], 0
    for phase in range(8):
        for i in range(phase, count, 8):
            wave.order[k] = i
            wave.far[k] = 0.0
            if sky_rays > 0 and wave.instance[i] != _NOTHING:
                u, v = int(places[first + i, 0]), int(places[first + i, 1])
                wave.time[k] = optics.rows[row_of(optics, float(v)), RAY_TIME]
                nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
                # orthonormal basis without branches: Duff et al., JCGT 6(1), 2017
                sign = 1.0 if nz >= 0.0 else -1.0
                p = -1.0 / (sign + nz)
                q = nx * ny * p
                j = (v & 7) * 8 + (u & 7)
                s, t, h = float(directions[j, 0]), float(directions[j, 1]), float(directions[j, 2])
                z = -s * sign * nx - t * ny + h * nz
                wave.direction[k, 0] = s * (1.0 + sign * nx * nx * p) + t * q + h * nx
                wave.direction[k, 1] = s * sign * q + t * (sign + ny * ny * p) + h * ny
                wave.direction[k, 2] = z
                for axis in range(3):
                    wave.origin[k, axis] = state[i, OFF + axis]
                wave.far[k] = SKY_REACH_M if z > 0.0 else GROUND_REACH_M
            k += 1


@inner
def _shade_sky(light: Lighting, optics: Optics, wave: Wave, i: int, out: Layers, at: int) -> None:
    """Radiance of a ray that met nothing: the sky, and the sun's disc in it."""
    if wave.state[i, LENGTH] == 0.0:  # outside a fisheye's image circle
        for c in range(3):
            out.light[at, DIRECT + c], out.light[at, AMBIENT + c] = 0.0, 0.0
        return
    x, y, z = float(wave.state[i, VIEW]), float(wave.state[i, VIEW + 1]), float(wave.state[i, VIEW + 2])
    red, green, blue = look_up(light.sky, 0, x, y, z)
    value = light.values
    cosine = x * value[SUN, 0] + y * value[SUN, 1] + z * value[SUN, 2]
    share = sun_disc(cosine, light.sun_radius, 1.0 / optics.fx) if z > 0.0 else 0.0
    out.light[at, DIRECT] = red + share * value[DISC, 0]
    out.light[at, DIRECT + 1] = green + share * value[DISC, 1]
    out.light[at, DIRECT + 2] = blue + share * value[DISC, 2]
    for c in range(3):
        out.light[at, AMBIENT + c] = 0.0


@inner
def _highlight(
    nx: float, ny: float, nz: float, vx: float, vy: float, vz: float, light: Lighting, nv: float, rough: float
) -> tuple[float, float]:
    """GGX lobe of the sun times its cosine, without Fresnel; and Schlick's rise towards grazing."""
    sx, sy, sz = light.values[SUN, 0], light.values[SUN, 1], light.values[SUN, 2]
    hx, hy, hz = normalise(sx + vx, sy + vy, sz + vz)
    # the sun is a disc: its size widens the highlight
    alpha = max(rough * rough + 0.5 * light.sun_radius, MIN_ALPHA)
    nl = nx * sx + ny * sy + nz * sz
    nh, vh = min(max(nx * hx + ny * hy + nz * hz, 0.0), 1.0), max(vx * hx + vy * hy + vz * hz, 0.0)
    return nl * ggx(alpha, nl, nv, nh), schlick(0.0, vh)


@inner
def shade(light: Lighting, optics: Optics, wave: Wave, out: Layers, first: int) -> None:
    """Radiance of every ray (linear RGB, cd/m2); the sky rays are back."""
    state, value = wave.state, light.values
    for k in range(wave.order.shape[0]):
        out.open[first + wave.order[k]] = 0 if wave.far[k] > 0.0 and wave.blocked[k] else 1
    gray = value[EXTINCTION, 0] == value[EXTINCTION, 1] and value[EXTINCTION, 1] == value[EXTINCTION, 2]
    clear = gray and value[EXTINCTION, 0] == 0.0
    for i in range(wave.instance.shape[0]):
        at = first + i
        if wave.instance[i] == _NOTHING:
            _shade_sky(light, optics, wave, i, out, at)
            continue
        nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
        vx, vy, vz = -float(state[i, VIEW]), -float(state[i, VIEW + 1]), -float(state[i, VIEW + 2])
        toward = nx * vx + ny * vy + nz * vz
        nv = min(max(toward, 1e-3), 1.0)
        rough, metal = float(state[i, GLOSS]), float(state[i, METAL])
        fade = matt_fade(rough, metal)
        shiny = fade > 0.0
        scale, bias = sky_split(rough, metal, nv)
        er, eg, eb = irradiance(value, nx, ny, nz)
        nl, specular, fresnel, mr, mg, mb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        if state[i, LIT] > 0.0:
            nl = nx * value[SUN, 0] + ny * value[SUN, 1] + nz * value[SUN, 2]
            if shiny:
                specular, fresnel = _highlight(nx, ny, nz, vx, vy, vz, light, nv, rough)
        if shiny:
            x, y, z = 2.0 * toward * nx - vx, 2.0 * toward * ny - vy, 2.0 * toward * nz - vz
            mr, mg, mb = reflected(light.gloss, rough, x, y, z, (er / math.pi, eg / math.pi, eb / math.pi))
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        through = 1.0 if clear else math.exp(-value[EXTINCTION, 1] * far)
        for c in range(3):
            color = float(state[i, ALBEDO + c])
            f0 = DIELECTRIC + metal * (color - DIELECTRIC)
            mirror = f0 * scale + bias
            # what is mirrored is not scattered: a white body in an even light shows that light, no more
            diffuse = color * (1.0 - metal) * (1.0 - mirror) / math.pi
            sun = value[SUN_LUX, c] * (diffuse * nl + fade * specular * (f0 + (1.0 - f0) * fresnel))
            blurred = mr if c == 0 else (mg if c == 1 else mb)
            sky = diffuse * (er if c == 0 else (eg if c == 1 else eb)) + mirror * blurred
            if not gray:
                through = math.exp(-value[EXTINCTION, c] * far)
            own = float(state[i, GLOW + c])
            out.light[at, DIRECT + c] = (sun + own) * through + value[AIRLIGHT, c] * (1.0 - through)
            out.light[at, AMBIENT + c] = sky * through
