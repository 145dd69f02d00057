"""Collision shapes agree with what is seen: sampled both ways, with Open3D's distances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.assembly import model_of, rest_mesh, rest_pose
from simgen.geometry import cross, transform
from simgen.records.model import Model, Shape
from simgen.registry import get
from simgen.shapes.primitives import box, cylinder, sphere

o3d = pytest.importorskip("open3d")

#: how far a visible point may lie outside all shapes, metres; leaves and the wheels' wells are soft or hidden
REACH = {
    **dict.fromkeys(("sedan", "suv", "hatchback", "city_car", "estate", "van", "bus", "truck"), 0.05),
    **dict.fromkeys(("taxi", "police_car", "ambulance"), 0.05),
    **dict.fromkeys(("tractor_unit", "semitrailer", "school_bus", "coach"), 0.05),
    **dict.fromkeys(("pedestrian", "child", "cyclist_rider", "wheelchair_user", "bicycle"), 0.05),
    **dict.fromkeys(("building", "bench", "bin", "table", "traffic_cone", "barrier", "box", "sphere"), 0.05),
    **dict.fromkeys(("cylinder", "capsule", "traffic_light", "traffic_sign", "street_lamp", "pole", "hedge"), 0.05),
    **dict.fromkeys(("animal", "bird", "fire_hydrant", "guard_rail", "fence", "bollard", "mailbox"), 0.05),
    **dict.fromkeys(("parking_meter", "road_works", "utility_box", "bike_rack", "bus_stop", "advertising"), 0.05),
    **dict.fromkeys(("level_crossing_gate", "power_pole", "gantry", "debris"), 0.05),
}


def triangles_of(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    if shape.kind == "hull":
        cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(np.array(shape.points)))
        lid, _ = cloud.compute_convex_hull()
        lid.orient_triangles()
        return np.asarray(lid.vertices), np.asarray(lid.triangles)
    if shape.kind == "box":
        soup = box(shape.size)
    elif shape.kind == "sphere":
        soup = sphere(shape.size[0], 32, 16)
    else:
        soup = cylinder(shape.size[0], shape.size[1], 32)
    soup = soup.moved(shape.center, shape.quaternion)
    return soup.vertices, soup.triangles


def field(vertices: np.ndarray, triangles: np.ndarray) -> Any:
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        o3d.core.Tensor(vertices.astype(np.float32)), o3d.core.Tensor(np.ascontiguousarray(triangles, np.uint32))
    )
    return scene


def sampled(vertices: np.ndarray, triangles: np.ndarray, count: int) -> np.ndarray:
    """Points spread over a surface by area, without a random draw."""
    p = vertices[triangles].astype(np.float64)
    normal = cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    share = np.cumsum(np.sqrt((normal**2).sum(-1)))
    at = (np.arange(count) + 0.5) / count
    owner = np.searchsorted(share / share[-1], at)
    u, v = (at * 7919.0) % 1.0, (at * 104729.0) % 1.0
    u, v = np.where(u + v > 1.0, 1.0 - u, u), np.where(u + v > 1.0, 1.0 - v, v)
    return p[owner, 0] + u[:, None] * (p[owner, 1] - p[owner, 0]) + v[:, None] * (p[owner, 2] - p[owner, 0])


def tensor(points: np.ndarray) -> Any:
    return o3d.core.Tensor(points.astype(np.float32))


def shapes_at_rest(model: Model) -> list[tuple[np.ndarray, np.ndarray]]:
    found = []
    for k, link in enumerate(model.links):
        for shape in link.shapes:
            vertices, triangles = triangles_of(shape)
            found.append((transform(*rest_pose(model, k), vertices), triangles))
    return found


@pytest.mark.parametrize("name", REACH)
def test_nothing_visible_sticks_out_of_the_collision_shapes(name: str) -> None:
    model = model_of(get("asset", name)())
    seen = rest_mesh(model)
    points = sampled(seen.vertices, seen.triangles, 2500)
    outside = [field(*pair).compute_signed_distance(tensor(points)).numpy() for pair in shapes_at_rest(model)]
    assert np.stack(outside).min(0).max() < REACH[name]


@pytest.mark.parametrize("name", ["sedan", "suv", "truck", "pedestrian", "table", "traffic_cone", "bench", "building"])
def test_collision_shapes_do_not_stand_before_the_visible_mesh(name: str) -> None:
    model = model_of(get("asset", name)())
    seen = rest_mesh(model)
    pairs = shapes_at_rest(model)
    points = np.concatenate([sampled(*pair, 800) for pair in pairs])
    depth = np.stack([field(*pair).compute_signed_distance(tensor(points)).numpy() for pair in pairs])
    # faces between two neighbouring slices are inside, whatever stands there
    free = points[(depth < 2e-3).sum(0) <= 1]
    gap = field(seen.vertices, seen.triangles).compute_distance(tensor(free)).numpy()
    assert np.quantile(gap, 0.95) < 0.05
