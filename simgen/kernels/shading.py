"""From a hit to light: what the surface is, which rays it sends out, and the radiance that it sends to the camera."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.brdf import DIELECTRIC, MIN_ALPHA, ggx, matt_fade, schlick, sky_split
from simgen.kernels.jit import device
from simgen.kernels.pose import body_pose, cross, normalise, rotate, rotate_inverse, to_world
from simgen.kernels.sky import irradiance, look_up, reflected, sun_disc
from simgen.kernels.texture import look
from simgen.kernels.wave import Bodies, Layers, Lighting, Optics, Shapes, Wave
from simgen.records.base import F4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)

#: how far sky rays look for something that hides the sky, up and down, m
SKY_REACH_M = 8.0
GROUND_REACH_M = 0.6
#: share of the hidden sky's light that what hides it sends on
BOUNCE = 0.22


@device
def aim(optics: Optics, places: F4, wave: Wave) -> None:
    """Rays through image positions (N, 2); a direction's length along the optical axis is 1, so distance is depth."""
    rows = optics.time.shape[0]
    for i in range(places.shape[0]):
        u, v = float(places[i, 0]), float(places[i, 1])
        row = min(max(int(v), 0), optics.height - 1) if rows > 1 else 0
        x, y = (u - optics.cx) / optics.fx, (v - optics.cy) / optics.fy
        r = optics.rotation[row]
        for axis in range(3):
            wave.origin[i, axis] = optics.position[row, axis]
            wave.direction[i, axis] = r[axis, 0] * x + r[axis, 1] * y + r[axis, 2]
        wave.time[i] = optics.time[row]
        wave.near[i] = optics.near
        wave.far[i] = np.inf


@device
def pose_of(bodies: Bodies, body: int, time: float) -> tuple[float, float, float, float, float, float, float]:
    """Pose of a body; resting ones skip the interpolation."""
    if bodies.moving[body]:
        return body_pose(bodies.position, bodies.quaternion, body, time)
    p, q = bodies.position[0, body], bodies.quaternion[0, body]
    return float(p[0]), float(p[1]), float(p[2]), float(q[0]), float(q[1]), float(q[2]), float(q[3])


@device
def _miss(light: Lighting, i: int, wave: Wave, out: Layers) -> None:
    out.depth[i] = np.inf
    out.instance[i] = 0
    # below the horizon lies ground beyond the world's edge, which has no class
    out.semantic[i] = light.sky_class if wave.direction[i, 2] >= 0.0 else 0
    out.key[i] = 0
    for axis in range(3):
        out.normal[i, axis] = 0.0
    wave.sun_far[i] = 0.0
    for axis in range(3):
        wave.sun_origin[i, axis] = 0.0
        wave.sun_direction[i, axis] = 1.0


@device
def resolve(shapes: Shapes, bodies: Bodies, optics: Optics, light: Lighting, places: F4, wave: Wave, out: Layers) -> None:
    """Surface, labels and sun ray of every hit. Long, because everything hangs on the three vertices fetched once."""
    rows = optics.time.shape[0]
    sun = light.sun
    for i in range(places.shape[0]):
        instance = wave.instance[i]
        if instance == _NOTHING:
            _miss(light, i, wave, out)
            continue
        mesh, body = int(shapes.instance_mesh[instance]), int(shapes.instance_body[instance])
        triangle = int(shapes.triangle_start[mesh]) + int(wave.triangle[i])
        base = int(shapes.vertex_start[mesh])
        ia = base + int(shapes.triangles[triangle, 0])
        ib = base + int(shapes.triangles[triangle, 1])
        ic = base + int(shapes.triangles[triangle, 2])
        a, b, c = shapes.vertices[ia], shapes.vertices[ib], shapes.vertices[ic]
        na, nb, nc = shapes.normals[ia], shapes.normals[ib], shapes.normals[ic]
        wb, wc = float(wave.barycentric[i, 0]), float(wave.barycentric[i, 1])
        wa = 1.0 - wb - wc
        # the point from its triangle: more precise than along the ray, and exactly on the surface
        x = wa * a[0] + wb * b[0] + wc * c[0]
        y = wa * a[1] + wb * b[1] + wc * c[1]
        z = wa * a[2] + wb * b[2] + wc * c[2]
        gx, gy, gz = cross(
            float(b[0]) - a[0],
            float(b[1]) - a[1],
            float(b[2]) - a[2],
            float(c[0]) - a[0],
            float(c[1]) - a[1],
            float(c[2]) - a[2],
        )
        gx, gy, gz = normalise(gx, gy, gz)
        nx, ny, nz = normalise(
            wa * na[0] + wb * nb[0] + wc * nc[0],
            wa * na[1] + wb * nb[1] + wc * nc[1],
            wa * na[2] + wb * nb[2] + wc * nc[2],
        )
        px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, float(wave.time[i]))
        dx, dy, dz = float(wave.direction[i, 0]), float(wave.direction[i, 1]), float(wave.direction[i, 2])
        length = math.sqrt(dx * dx + dy * dy + dz * dz)
        # everything in the body's frame first: two rotations in, three out
        ex, ey, ez = rotate_inverse(qw, qx, qy, qz, dx / length, dy / length, dz / length)
        toward = gx * ex + gy * ey + gz * ez
        side = 1.0
        if toward > 0.0:
            side = -1.0
            gx, gy, gz = -gx, -gy, -gz
        facing = nx * gx + ny * gy + nz * gz
        if facing < 0.0:
            nx, ny, nz = -nx, -ny, -nz
        if facing == 0.0 or not (nx * nx + ny * ny + nz * nz > 0.25):
            nx, ny, nz = gx, gy, gz
        # a shading normal that looks away from the camera is bent until it does not
        away = nx * ex + ny * ey + nz * ez
        if away > -0.01:
            bend = away + 0.01
            nx, ny, nz = normalise(nx - bend * ex, ny - bend * ey, nz - bend * ez)
        # the shadow's edge on coarse curved meshes: lift the point to the curved surface (Hanika, RTG II, ch. 4)
        lx, ly, lz = 0.0, 0.0, 0.0
        for k in range(3):
            vertex = a if k == 0 else (b if k == 1 else c)
            normal = na if k == 0 else (nb if k == 1 else nc)
            weight = wa if k == 0 else (wb if k == 1 else wc)
            low = side * ((x - vertex[0]) * normal[0] + (y - vertex[1]) * normal[1] + (z - vertex[2]) * normal[2])
            if low < 0.0:
                lx -= weight * low * side * normal[0]
                ly -= weight * low * side * normal[1]
                lz -= weight * low * side * normal[2]
        depth = float(wave.distance[i])
        cosine = max(abs(toward), 0.05)
        footprint = depth * length / (0.5 * (optics.fx + optics.fy)) / cosine
        surface = int(shapes.surface_base[instance]) + int(shapes.triangle_surface[triangle])
        fr, fg, fb, rough, zone = look(
            int(shapes.texture[surface]), float(shapes.texture_scale[surface]), x, y, z, gx, gy, gz, footprint
        )
        color = shapes.base_color[surface]
        wave.finish[i, 0] = min(max(color[0] * fr, 0.0), 1.0)
        wave.finish[i, 1] = min(max(color[1] * fg, 0.0), 1.0)
        wave.finish[i, 2] = min(max(color[2] * fb, 0.0), 1.0)
        wave.finish[i, 3] = shapes.roughness[surface] if rough < 0.0 else rough
        wave.finish[i, 4] = shapes.metallic[surface]
        for axis in range(3):
            wave.emission[i, axis] = shapes.emission[surface, axis]
        wave.local[i, 0], wave.local[i, 1], wave.local[i, 2] = x, y, z
        # a step off the surface: above the rounding of positions, below what the eye sees
        step = 2e-4 + 3e-6 * depth
        wx, wy, wz = to_world(px, py, pz, qw, qx, qy, qz, x, y, z)
        sx, sy, sz = to_world(px, py, pz, qw, qx, qy, qz, x + lx + step * gx, y + ly + step * gy, z + lz + step * gz)
        nx, ny, nz = rotate(qw, qx, qy, qz, nx, ny, nz)
        wave.point[i, 0], wave.point[i, 1], wave.point[i, 2] = wx, wy, wz
        wave.normal[i, 0], wave.normal[i, 1], wave.normal[i, 2] = nx, ny, nz
        wave.sun_origin[i, 0], wave.sun_origin[i, 1], wave.sun_origin[i, 2] = sx, sy, sz
        for axis in range(3):
            wave.sun_direction[i, axis] = sun[axis]
        lit = nx * sun[0] + ny * sun[1] + nz * sun[2] > 0.0
        wave.sun_far[i] = np.inf if lit else 0.0
        row = min(max(int(places[i, 1]), 0), optics.height - 1) if rows > 1 else 0
        r = optics.rotation[row]
        out.normal[i, 0] = r[0, 0] * nx + r[1, 0] * ny + r[2, 0] * nz
        out.normal[i, 1] = r[0, 1] * nx + r[1, 1] * ny + r[2, 1] * nz
        out.normal[i, 2] = r[0, 2] * nx + r[1, 2] * ny + r[2, 2] * nz
        out.depth[i] = depth
        out.instance[i] = shapes.instance_label[instance]
        out.semantic[i] = shapes.class_id[surface]
        out.key[i] = np.uint32(((int(instance) * 2654435761 + surface * 40503 + zone * 977 + 1) & 0x7FFFFFFF) * 2)


@device
def aim_sky(directions: F4, places: F4, wave: Wave, sky_rays: int) -> None:
    """One ray per hit towards the sky, cosine-weighted; its direction is the pixel's, of 64 that alternate over 8 x 8.

    The rays are ordered by column modulo 8, so that neighbours in the order point the same way.
    """
    count, k = places.shape[0], 0
    for phase in range(8):
        for i in range(phase, count, 8):
            wave.sky_ray[k] = i
            wave.sky_near[k] = 0.0
            wave.sky_far[k] = 0.0
            wave.sky_time[k] = wave.time[i]
            for axis in range(3):
                wave.sky_origin[k, axis] = 0.0
                wave.sky_direction[k, axis] = 1.0
            if sky_rays > 0 and wave.instance[i] != _NOTHING:
                u, v = int(places[i, 0]), int(places[i, 1])
                nx, ny, nz = float(wave.normal[i, 0]), float(wave.normal[i, 1]), float(wave.normal[i, 2])
                # orthonormal basis without branches: Duff et al., JCGT 6(1), 2017
                sign = 1.0 if nz >= 0.0 else -1.0
                p = -1.0 / (sign + nz)
                q = nx * ny * p
                local = directions[(v & 7) * 8 + (u & 7)]
                s, t, h = float(local[0]), float(local[1]), float(local[2])
                x = s * (1.0 + sign * nx * nx * p) + t * q + h * nx
                y = s * sign * q + t * (sign + ny * ny * p) + h * ny
                z = -s * sign * nx - t * ny + h * nz
                wave.sky_origin[k, 0] = wave.sun_origin[i, 0]
                wave.sky_origin[k, 1] = wave.sun_origin[i, 1]
                wave.sky_origin[k, 2] = wave.sun_origin[i, 2]
                wave.sky_direction[k, 0] = x
                wave.sky_direction[k, 1] = y
                wave.sky_direction[k, 2] = z
                wave.sky_far[k] = SKY_REACH_M if z > 0.0 else GROUND_REACH_M
            k += 1


@device
def shade_sky(light: Lighting, optics: Optics, i: int, wave: Wave, out: Layers) -> None:
    """Radiance of a ray that met nothing: the sky, and the sun's disc in it."""
    x, y, z = normalise(float(wave.direction[i, 0]), float(wave.direction[i, 1]), float(wave.direction[i, 2]))
    red, green, blue = look_up(light.sky, x, y, z)
    cosine = x * light.sun[0] + y * light.sun[1] + z * light.sun[2]
    share = sun_disc(cosine, light.sun_radius, 1.0 / optics.fx) if z > 0.0 else 0.0
    out.direct[i, 0] = red + share * light.disc[0]
    out.direct[i, 1] = green + share * light.disc[1]
    out.direct[i, 2] = blue + share * light.disc[2]
    for c in range(3):
        out.ambient[i, c] = 0.0
    out.open[i] = 1


@device
def shade(light: Lighting, optics: Optics, wave: Wave, out: Layers) -> None:
    """Radiance of every ray: sun, sky, mirrored sky, own light, and the air in between (linear RGB, cd/m2)."""
    for k in range(wave.sky_ray.shape[0]):
        out.open[wave.sky_ray[k]] = 0 if wave.sky_blocked[k] else 1
    gray = light.extinction[0] == light.extinction[1] and light.extinction[1] == light.extinction[2]
    clear = gray and light.extinction[0] == 0.0
    for i in range(wave.instance.shape[0]):
        if wave.instance[i] == _NOTHING:
            shade_sky(light, optics, i, wave, out)
            continue
        nx, ny, nz = float(wave.normal[i, 0]), float(wave.normal[i, 1]), float(wave.normal[i, 2])
        dx, dy, dz = float(wave.direction[i, 0]), float(wave.direction[i, 1]), float(wave.direction[i, 2])
        length = math.sqrt(dx * dx + dy * dy + dz * dz)
        vx, vy, vz = -dx / length, -dy / length, -dz / length
        nv = min(max(nx * vx + ny * vy + nz * vz, 1e-3), 1.0)
        rough, metal = float(wave.finish[i, 3]), float(wave.finish[i, 4])
        scale, bias = sky_split(rough, nv)
        nl, specular, fresnel = 0.0, 0.0, 0.0
        if wave.sun_far[i] > 0.0 and not wave.sun_blocked[i]:
            sx, sy, sz = light.sun[0], light.sun[1], light.sun[2]
            nl = nx * sx + ny * sy + nz * sz
            out.key[i] = np.uint32(out.key[i] | np.uint32(1))
            fade = matt_fade(rough)
            if fade > 0.0:
                hx, hy, hz = normalise(sx + vx, sy + vy, sz + vz)
                # the sun is a disc: its size widens the highlight
                alpha = max(rough * rough + 0.5 * light.sun_radius, MIN_ALPHA)
                nh, vh = min(max(nx * hx + ny * hy + nz * hz, 0.0), 1.0), max(vx * hx + vy * hy + vz * hz, 0.0)
                specular = fade * nl * ggx(alpha, nl, nv, nh)
                fresnel = schlick(0.0, vh)
        mr, mg, mb = 0.0, 0.0, 0.0
        if scale + bias > 0.0:
            turn = 2.0 * (nx * vx + ny * vy + nz * vz)
            mr, mg, mb = reflected(light.gloss, rough, turn * nx - vx, turn * ny - vy, turn * nz - vz)
        far = float(wave.distance[i]) * length
        through = math.exp(-light.extinction[1] * far) if gray and not clear else 1.0
        for c in range(3):
            color = float(wave.finish[i, c])
            f0 = DIELECTRIC + metal * (color - DIELECTRIC)
            mirror = f0 * scale + bias
            # what is mirrored is not scattered: a white body in an even light shows that light, no more
            diffuse = color * (1.0 - metal) * (1.0 - mirror) / math.pi
            sun = float(light.sun_lux[c]) * (diffuse * nl + specular * (f0 + (1.0 - f0) * fresnel))
            blurred = mr if c == 0 else (mg if c == 1 else mb)
            sky = diffuse * irradiance(light.harmonics, c, nx, ny, nz) + mirror * blurred
            if not gray:
                through = math.exp(-light.extinction[c] * far)
            own = float(wave.emission[i, c])
            out.direct[i, c] = (sun + own) * through + float(light.airlight[c]) * (1.0 - through)
            out.ambient[i, c] = sky * through
