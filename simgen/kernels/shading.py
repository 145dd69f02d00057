"""The light that a surface sends to the camera: sun, sky, mirrored sky, its own, and the air in between."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.brdf import DIELECTRIC, MIN_ALPHA, dielectric, gain, ggx, matt_fade, schlick, split
from simgen.kernels.inner import inner
from simgen.kernels.material import finish, lobes, mirrors, scatters, shines, tint
from simgen.kernels.pose import normalise
from simgen.kernels.sky import airlight, aureole, irradiance, look_up, reflected, sun_disc
from simgen.kernels.wave import (
    ALBEDO,
    AMBIENT,
    COAT,
    COAT_GLOSS,
    DIRECT,
    DISC,
    EXTINCTION,
    FACE,
    GLOSS,
    GLOW,
    GLOW_AIR,
    GLOW_SKY,
    LENGTH,
    LESS,
    LIT,
    METAL,
    MIRRORS,
    OFF,
    ON_BEFORE,
    ON_FACE,
    ON_GLOSS,
    ON_MIRROR,
    ON_MIRROR_HIDES,
    ON_MIRRORED,
    ON_PANE,
    ON_PANE_HIDES,
    ON_PAST,
    ON_POINT,
    ON_SHOWN,
    ON_VIEW,
    ON_WHEN,
    PANE,
    PAST,
    RAY_BEFORE,
    RAY_HIDES,
    RAY_WEIGHT,
    RETRO,
    SHOWS,
    SUN,
    SUN_LUX,
    VIEW,
    WHEN,
    Layers,
    Lighting,
    Onward,
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
#: a mirror's rays are followed up to this roughness, and from where its light could change a pixel by this share
GLOSSY = 0.35
MIRROR_LEAST = 0.03
#: darkest surroundings that this reckons with, lx: in the dark lamps light a surface and its surroundings alike
DARKEST = 1e-3
#: what a mirror could show, as a share of a white surface that faces the sun
SUNLIT = 0.3
#: panes that pass less are not looked through, and how blurred the sky behind them is if nothing follows the ray
PANE_LEAST = 0.05
PANE_BLUR = 0.6
#: metal smoother than this shows lamps and the sun's disc themselves, other surfaces their highlights
CLEAR = 0.05


@inner
def keep_sun(wave: Wave, out: Layers, first: int) -> None:
    """The sun rays are back: note where it shines."""
    for i in range(wave.time.shape[0]):
        if wave.far[i] > 0.0 and not wave.blocked[i]:
            wave.state[i, LIT] = 1.0
            out.key[first + i] = out.key[first + i] | np.uint32(1)


@inner
def turned(u: int, v: int, s: float, t: float) -> tuple[float, float]:
    """A direction about +z turned by an angle of the pixel's block of 8 x 8, of 16 that take turns over 4 x 4 blocks.

    For what is small and bright, such as a window: it would show the 64 directions of one block as a grid.
    """
    turn = (((u >> 3) & 3) * 4 + ((((v >> 3) & 3) * 3 + (u >> 3)) & 3)) * (math.pi / 32.0)
    c, d = math.cos(turn), math.sin(turn)
    return c * s - d * t, d * s + c * t


@inner
def aim_sky(light: Lighting, directions: F4, places: F4, first: int, wave: Wave, sky_rays: int) -> None:
    """One ray per hit towards the sky, cosine-weighted; its direction is the pixel's, of 64 that alternate over 8 x 8.

    In rooms they look up, at the roof: what comes in comes from the lamps that stand for their openings. Under a roof
    without rooms they look any distance, and those that go down are turned up: the ground's light is there the sky's.

    The rays are ordered by column modulo 8, so that neighbours in the order point the same way.
    """
    state, count, k = wave.state, wave.order.shape[0], 0
    anywhere = light.indoor and light.rooms.shape[0] == 0
    for phase in range(8):
        for i in range(phase, count, 8):
            wave.order[k] = i
            wave.far[k] = 0.0
            if sky_rays > 0 and wave.instance[i] != _NOTHING:
                u, v = int(places[first + i, 0]), int(places[first + i, 1])
                wave.time[k] = state[i, WHEN]
                nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
                # orthonormal basis without branches: Duff et al., JCGT 6(1), 2017
                sign = 1.0 if nz >= 0.0 else -1.0
                p = -1.0 / (sign + nz)
                q = nx * ny * p
                j = (v & 7) * 8 + (u & 7)
                s, t, h = float(directions[j, 0]), float(directions[j, 1]), float(directions[j, 2])
                if anywhere:
                    s, t = turned(u, v, s, t)
                z = -s * sign * nx - t * ny + h * nz
                if anywhere:
                    z = abs(z)
                wave.direction[k, 0] = s * (1.0 + sign * nx * nx * p) + t * q + h * nx
                wave.direction[k, 1] = s * sign * q + t * (sign + ny * ny * p) + h * ny
                wave.direction[k, 2] = z
                for axis in range(3):
                    wave.origin[k, axis] = state[i, OFF + axis]
                wave.far[k] = np.inf if anywhere else (SKY_REACH_M if z > 0.0 else GROUND_REACH_M)
                for room in range(light.rooms.shape[0]):
                    within = True
                    for axis in range(3):
                        at = state[i, OFF + axis]
                        within = within and light.rooms[room, axis] < at and at < light.rooms[room, 3 + axis]
                    if within:
                        wave.direction[k, 0], wave.direction[k, 1], wave.direction[k, 2] = 0.0, 0.0, 1.0
                        wave.far[k] = np.inf
            k += 1


@inner
def openness(free: float, indoor: bool) -> float:
    """Share of the sky's light that arrives where that share of sky rays got through.

    What hides the sky sends on some of its own light; under a roof that is the less, the less comes in.
    """
    return free + (1.0 - free) * BOUNCE * (free if indoor else 1.0)


@inner
def _shade_sky(light: Lighting, optics: Optics, wave: Wave, i: int, hides: bool, out: Layers, at: int) -> None:
    """Radiance of a ray that met nothing: the sky, and the sun's disc in it."""
    if wave.state[i, LENGTH] == 0.0:  # outside a fisheye's image circle
        for c in range(3):
            out.light[at, DIRECT + c], out.light[at, AMBIENT + c] = 0.0, 0.0
        return
    x, y, z = float(wave.state[i, VIEW]), float(wave.state[i, VIEW + 1]), float(wave.state[i, VIEW + 2])
    red, green, blue = look_up(light.sky, 0, x, y, z)
    value = light.values
    if light.air.shape[0] > 0:
        r, g, b = aureole(value, GLOW_SKY if z > 0.0 else GLOW_AIR, x, y, z)
        red, green, blue = red + r, green + g, blue + b
    cosine = x * value[SUN, 0] + y * value[SUN, 1] + z * value[SUN, 2]
    share = sun_disc(cosine, light.sun_radius, 1.0 / optics.fx) if z > 0.0 and not hides else 0.0
    out.light[at, DIRECT] = red + share * value[DISC, 0]
    out.light[at, DIRECT + 1] = green + share * value[DISC, 1]
    out.light[at, DIRECT + 2] = blue + share * value[DISC, 2]
    for c in range(3):
        out.light[at, AMBIENT + c] = 0.0


@inner
def _highlight(
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
    nl: float,
    nv: float,
    rough: float,
    light: Lighting,
) -> float:
    """GGX lobe of the sun on a dielectric, times its cosine."""
    sx, sy, sz = light.values[SUN, 0], light.values[SUN, 1], light.values[SUN, 2]
    hx, hy, hz = normalise(sx + vx, sy + vy, sz + vz)
    # the sun is a disc: its size widens the highlight
    alpha = max(rough * rough + 0.5 * light.sun_radius, MIN_ALPHA)
    nh, vh = min(max(nx * hx + ny * hy + nz * hz, 0.0), 1.0), max(vx * hx + vy * hy + vz * hz, 0.0)
    scale, bias = split(rough, nv)
    return nl * ggx(alpha, nl, nv, nh) * schlick(DIELECTRIC, vh) * (1.0 + DIELECTRIC * gain(scale, bias))


@inner
def _note(onward: Onward, at: int, state: F4, i: int, gloss: float, before: float, hides: float) -> None:
    """Where the light path goes on from a hit."""
    d = onward.data
    for axis in range(3):
        d[at, ON_POINT + axis] = state[i, OFF + axis]
        d[at, ON_FACE + axis] = state[i, FACE + axis]
        d[at, ON_VIEW + axis] = state[i, VIEW + axis]
    d[at, ON_GLOSS], d[at, ON_WHEN], d[at, ON_PAST], d[at, ON_BEFORE] = gloss, state[i, WHEN], state[i, PAST], before
    d[at, ON_MIRROR_HIDES], d[at, ON_PANE_HIDES] = 1.0, hides


@inner
def shade(light: Lighting, optics: Optics, given: F4, wave: Wave, out: Layers, onward: Onward, first: int) -> None:
    """Radiance of every ray (linear RGB, cd/m2); the sky rays are back. Notes the rays that are to be followed.

    Long, because all cases share what is read and found of a surface once: normal, view, irradiance, air.
    """
    state, value = wave.state, light.values
    for k in range(wave.order.shape[0]):
        out.open[first + wave.order[k]] = 0 if wave.far[k] > 0.0 and wave.blocked[k] else 1
    gray = value[EXTINCTION, 0] == value[EXTINCTION, 1] and value[EXTINCTION, 1] == value[EXTINCTION, 2]
    gray = gray and value[LESS, 0] == value[LESS, 1] and value[LESS, 1] == value[LESS, 2]
    clear = gray and value[EXTINCTION, 0] == 0.0
    follows = onward.kind.shape[0] > 0
    for i in range(wave.instance.shape[0]):
        at = first + i
        hides, weight, before = 0.0, 1.0, 0.0
        if given.shape[0] > 0:
            hides, weight, before = (
                float(given[at, RAY_HIDES]),
                float(given[at, RAY_WEIGHT]),
                float(given[at, RAY_BEFORE]),
            )
        if follows:
            onward.kind[at] = 0
        if wave.instance[i] == _NOTHING:
            _shade_sky(light, optics, wave, i, hides > 0.0, out, at)
            continue
        nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
        vx, vy, vz = -float(state[i, VIEW]), -float(state[i, VIEW + 1]), -float(state[i, VIEW + 2])
        toward = nx * vx + ny * vy + nz * vz
        nv = min(max(toward, 1e-3), 1.0)
        is_plain = state[i, COAT] == 0.0 and state[i, PANE] == 0.0 and state[i, METAL] == 0.0 and state[i, RETRO] == 0.0
        is_plain = is_plain and (not follows or state[i, GLOSS] > GLOSSY)
        er, eg, eb = irradiance(value, nx, ny, nz)
        far = float(wave.distance[i]) * float(state[i, LENGTH])
        through, air_r, air_g, air_b = 1.0, 0.0, 0.0, 0.0
        if not clear:
            through = math.exp(-max(value[EXTINCTION, 1] * far - value[LESS, 1], 0.0))
            air_r, air_g, air_b = airlight(light, -vx, -vy, -vz)
        if is_plain:
            # most of what cameras see: no metal, nothing on it, too rough to be followed
            rough, nl, lobe, mirror = float(state[i, GLOSS]), 0.0, 0.0, 0.0
            mr, mg, mb = er, eg, eb
            fade = matt_fade(rough)
            if fade > 0.0:
                mirror = fade * dielectric(rough, nv)
                x, y, z = 2.0 * toward * nx - vx, 2.0 * toward * ny - vy, 2.0 * toward * nz - vz
                mr, mg, mb = reflected(light.gloss, rough, x, y, z, (er / math.pi, eg / math.pi, eb / math.pi))
            if state[i, LIT] > 0.0:
                nl = nx * value[SUN, 0] + ny * value[SUN, 1] + nz * value[SUN, 2]
                if fade > 0.0:
                    lobe = fade * _highlight(nx, ny, nz, vx, vy, vz, nl, nv, rough, light)
            left = (1.0 - mirror) / math.pi
            for c in range(3):
                diffuse = left * float(state[i, ALBEDO + c])
                sky = diffuse * (er if c == 0 else (eg if c == 1 else eb))
                sky += mirror * (mr if c == 0 else (mg if c == 1 else mb))
                if not gray:
                    through = math.exp(-max(value[EXTINCTION, c] * far - value[LESS, c], 0.0))
                sent = value[SUN_LUX, c] * (diffuse * nl + lobe) + float(state[i, GLOW + c])
                air = air_r if c == 0 else (air_g if c == 1 else air_b)
                out.light[at, DIRECT + c] = sent * through + air * (1.0 - through)
                out.light[at, AMBIENT + c] = sky * through
            continue
        made = finish(state, i, nv)
        veil, passed = made[5], made[6]
        smooth = float(state[i, GLOSS])
        # a mirror shows the sun itself where its rays are followed
        exact = follows and smooth < CLEAR and state[i, METAL] > 0.5 and veil == 0.0
        nl, base, coat, rise = 0.0, 0.0, 0.0, 0.0
        if state[i, LIT] > 0.0:
            sx, sy, sz = value[SUN, 0], value[SUN, 1], value[SUN, 2]
            nl = nx * sx + ny * sy + nz * sz
            base, coat, rise = lobes(state, i, nx, ny, nz, vx, vy, vz, sx, sy, sz, nv, light.sun_radius)
            if exact:
                base = 0.0
        mr, mg, mb, cr, cg, cb, pr, pg, pb = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        matt = (er / math.pi, eg / math.pi, eb / math.pi)
        x, y, z = 2.0 * toward * nx - vx, 2.0 * toward * ny - vy, 2.0 * toward * nz - vz
        if made[4] > 0.0 or state[i, METAL] > 0.0:
            mr, mg, mb = reflected(light.gloss, smooth, x, y, z, matt)
        if veil > 0.0:
            smooth = float(state[i, COAT_GLOSS])
            cr, cg, cb = reflected(light.gloss, smooth, x, y, z, matt)
        if passed > 0.0:
            pr, pg, pb = reflected(light.gloss, PANE_BLUR, -vx, -vy, -vz, matt)
        traced, shown = False, follows and passed * weight > PANE_LEAST
        if follows and smooth <= GLOSSY:
            mirror = veil if veil > 0.0 else mirrors(state, i, 1, made)
            diffuse = scatters(state, i, 1, made)
            around = eg + DARKEST
            own = value[SUN_LUX, 1] * (diffuse * nl + base * shines(state, i, 1, made, rise)) + diffuse * around
            bright = (around + value[SUN_LUX, 1] * SUNLIT) / math.pi
            traced = mirror * weight * bright > MIRROR_LEAST * (own + mirror * bright + float(state[i, GLOW + 1]))
        if traced or shown:
            onward.kind[at] = (MIRRORS if traced else 0) | (SHOWS if shown else 0)
            _note(onward, at, state, i, smooth, before + far, hides)
            if exact:
                onward.data[at, ON_MIRROR_HIDES] = 0.0
        for c in range(3):
            sun = scatters(state, i, c, made) * nl + base * shines(state, i, c, made, rise)
            sun = value[SUN_LUX, c] * ((1.0 - veil) * sun + coat * (DIELECTRIC + (1.0 - DIELECTRIC) * rise))
            mirror, glass = (1.0 - veil) * mirrors(state, i, c, made), passed
            blurred = mr if c == 0 else (mg if c == 1 else mb)
            coated = cr if c == 0 else (cg if c == 1 else cb)
            behind = pr if c == 0 else (pg if c == 1 else pb)
            if passed > 0.0:
                glass *= tint(state, i, c)
            sky = (1.0 - veil) * scatters(state, i, c, made) * (er if c == 0 else (eg if c == 1 else eb))
            sky += mirror * blurred + veil * coated + glass * behind
            if not gray:
                through = math.exp(-max(value[EXTINCTION, c] * far - value[LESS, c], 0.0))
            if traced:
                top = veil if veil > 0.0 else mirror
                onward.data[at, ON_MIRROR + c] = top * through
                onward.data[at, ON_MIRRORED + c] = coated if veil > 0.0 else blurred
                sky -= top * (coated if veil > 0.0 else blurred)
            if shown:
                onward.data[at, ON_PANE + c] = glass * through
                onward.data[at, ON_SHOWN + c] = behind
                sky -= glass * behind
            glow = float(state[i, GLOW + c])
            air = air_r if c == 0 else (air_g if c == 1 else air_b)
            out.light[at, DIRECT + c] = (sun + glow) * through + air * (1.0 - through)
            out.light[at, AMBIENT + c] = max(sky, 0.0) * through
