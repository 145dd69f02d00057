"""The same triangles, materials and lights in Mitsuba 3, as a picture to compare with."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from helpers_stage import Part

from simgen.records.lights import Lamp, LightField
from simgen.records.mesh import Mesh, Surface


def write_ply(path: Path, mesh: Mesh) -> None:
    """A binary PLY with normals."""
    header = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(mesh.vertices)}\n"
        + "".join(f"property float {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz"))
        + f"element face {len(mesh.triangles)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    faces = np.empty(len(mesh.triangles), [("n", "u1"), ("v", "<i4", 3)])
    faces["n"], faces["v"] = 3, mesh.triangles
    rows = np.concatenate([mesh.vertices, mesh.normals], -1).astype("<f4")
    path.write_bytes(header.encode() + rows.tobytes() + faces.tobytes())


def material(surface: Surface) -> dict[str, Any]:
    """Matt, rough metal, or a glossy dielectric (``roughplastic`` is the same coupled model, with exact Fresnel)."""
    color = {"type": "rgb", "value": list(surface.base_color)}
    alpha = surface.roughness**2
    if surface.metallic == 1.0:
        # a perfect mirror's facets, tinted
        inner = {
            "type": "roughconductor",
            "material": "none",
            "distribution": "ggx",
            "alpha": alpha,
            "specular_reflectance": color,
        }
    elif surface.roughness < 1.0:
        inner = {
            "type": "roughplastic",
            "distribution": "ggx",
            "int_ior": 1.5,
            "alpha": alpha,
            "nonlinear": False,
            "diffuse_reflectance": color,
        }
    else:
        inner = {"type": "diffuse", "reflectance": color}
    return {"type": "twosided", "inner": inner}


def rectangle(lamp: Lamp) -> Any:
    """An area lamp where it is; it shines along its axis."""
    from mitsuba import ScalarTransform4f as Turn

    u, v, p = np.array(lamp.half_u), np.array(lamp.half_v), np.array(lamp.position)
    axis = np.cross(u, v)
    axis = axis / np.linalg.norm(axis)
    if axis @ np.array(lamp.axis) < 0.0:
        v, axis = -v, -axis
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2], matrix[:3, 3] = u, v, axis, p
    area = 4.0 * np.linalg.norm(u) * np.linalg.norm(v)
    return {
        "type": "rectangle",
        "to_world": Turn(matrix),
        "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": 0.0}},
        "emitter": {"type": "area", "radiance": {"type": "rgb", "value": [i / area for i in lamp.intensity]}},
    }


def render(
    folder: Path,
    parts: list[Part],
    light: LightField,
    lamps: list[Lamp],
    eye: tuple[float, float, float],
    target: tuple[float, float, float],
    *,
    width: int,
    height: int,
    hfov_deg: float,
    bounces: int,
    samples: int,
) -> np.ndarray:
    """Radiance (H, W, 3) by Mitsuba's path tracer; the sky must be even."""
    import mitsuba as mi

    mi.set_variant("scalar_rgb")
    sun = [float(x) for x in -light.sun_direction]
    scene: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": bounces + 2, "rr_depth": 1000},
        "sky": {"type": "constant", "radiance": {"type": "rgb", "value": [float(x) for x in light.sky[0, 0]]}},
        "sun": {
            "type": "directional",
            "direction": sun,
            "irradiance": {"type": "rgb", "value": [float(x) for x in light.sun_illuminance]},
        },
        "sensor": {
            "type": "perspective",
            "fov": hfov_deg,
            "fov_axis": "x",
            "near_clip": 0.01,
            "to_world": mi.ScalarTransform4f().look_at(list(eye), list(target), [0, 0, 1]),
            "film": {
                "type": "hdrfilm",
                "width": width,
                "height": height,
                "rfilter": {"type": "box"},
                "component_format": "float32",
            },
            "sampler": {"type": "multijitter", "sample_count": samples},
        },
    }
    assert math.isclose(float(light.sky.min()), float(light.sky.max()))
    for k, part in enumerate(parts):
        if part.surface.has_lamp:
            continue
        write_ply(folder / f"{k}.ply", part.mesh)
        scene[f"part{k}"] = {
            "type": "ply",
            "filename": str(folder / f"{k}.ply"),
            "bsdf": material(part.surface),
        }
    for k, lamp in enumerate(lamps):
        scene[f"lamp{k}"] = rectangle(lamp)
    return np.array(mi.render(mi.load_dict(scene)))[..., :3]
