"""Small stages for tests: boxes, spheres and planes on bodies that rest or move, and shots of them.

``Part`` is a mesh on a body with one surface; ``build`` lays parts end to end; ``Bench`` opens an engine over them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simgen.geometry import BODY_FROM_CAMERA, cross, normalized, quat_multiply
from simgen.records.air import Medium
from simgen.records.lights import LightField
from simgen.records.mesh import Mesh, Surface, SurfaceTable
from simgen.records.stage import Motion, Stage
from simgen.records.surroundings import Shot, Surroundings
from simgen.records.window import Track

IDENTITY = (1.0, 0.0, 0.0, 0.0)


def mesh_of(vertices: Any, normals: Any, triangles: Any) -> Mesh:
    """A mesh of one surface."""
    t = np.ascontiguousarray(triangles, np.uint32)
    return Mesh(
        vertices=np.ascontiguousarray(vertices, np.float32),
        normals=np.ascontiguousarray(normals, np.float32),
        triangles=t,
        surface=np.zeros(len(t), np.uint16),
    )


def plane(size: float = 100.0, cells: int = 1, z: float = 0.0) -> Mesh:
    """A level square that looks up, centred on the origin."""
    axis = np.linspace(-size / 2, size / 2, cells + 1)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    v = np.stack([x.ravel(), y.ravel(), np.full(x.size, z)], -1)
    i, j = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    a = (i * (cells + 1) + j).ravel()
    b, c, d = a + cells + 1, a + cells + 2, a + 1
    return mesh_of(
        v, np.tile([0.0, 0.0, 1.0], (len(v), 1)), np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    )


def box(size: Sequence[float] = (1.0, 1.0, 1.0), center: Sequence[float] = (0.0, 0.0, 0.0)) -> Mesh:
    """A box with flat normals."""
    vertices, normals, triangles = [], [], []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            n = np.zeros(3)
            n[axis] = sign
            u, w = np.roll(n, 1) * sign, None
            w = cross(n, u)
            start = len(vertices)
            for p, q in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                vertices.append((n + p * u + q * w) * np.array(size) / 2 + np.array(center))
                normals.append(n)
            triangles += [(start, start + 1, start + 2), (start, start + 2, start + 3)]
    return mesh_of(vertices, normals, triangles)


def sphere(radius: float = 1.0, center: Sequence[float] = (0.0, 0.0, 0.0), rings: int = 48) -> Mesh:
    """A sphere with smooth normals; vertices lie on it, so it is thinner than round by (pi / rings)^2 / 8 or less."""
    theta = np.linspace(0.0, math.pi, rings + 1)
    phi = np.linspace(0.0, 2 * math.pi, 2 * rings, endpoint=False)
    t, p = np.meshgrid(theta, phi, indexing="ij")
    n = np.stack([np.sin(t) * np.cos(p), np.sin(t) * np.sin(p), np.cos(t)], -1).reshape(-1, 3)
    i, j = np.meshgrid(np.arange(rings), np.arange(2 * rings), indexing="ij")
    a, k = (i * 2 * rings + j).ravel(), (i * 2 * rings + (j + 1) % (2 * rings)).ravel()
    b, c = a + 2 * rings, k + 2 * rings
    faces = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, k], -1)])
    v = n * radius + np.array(center)
    area = normalized(cross(v[faces[:, 1]] - v[faces[:, 0]], v[faces[:, 2]] - v[faces[:, 0]]))
    return mesh_of(v, n, faces[(area * area).sum(-1) > 0.5])


@dataclass(frozen=True, kw_only=True)
class Part:
    """A mesh on a body: body 0 is the world."""

    mesh: Mesh
    surface: Surface = field(default_factory=lambda: Surface(class_name="object", roughness=1.0))
    body: int = 0
    label: int = 0


def build(parts: Sequence[Part]) -> Stage:
    """One instance a part."""
    meshes = [p.mesh for p in parts]
    index = np.arange(len(parts), dtype=np.uint32)
    bare = [np.zeros((len(m.vertices), 2), np.float32) if m.uv is None else m.uv for m in meshes]
    return Stage(
        uv=np.concatenate(bare) if any(m.uv is not None for m in meshes) else None,
        vertices=np.concatenate([m.vertices for m in meshes]),
        normals=np.concatenate([m.normals for m in meshes]),
        triangles=np.concatenate([m.triangles for m in meshes]),
        triangle_surface=np.concatenate([m.surface for m in meshes]),
        vertex_start=np.cumsum([0, *(len(m.vertices) for m in meshes)]).astype(np.int64),
        triangle_start=np.cumsum([0, *(len(m.triangles) for m in meshes)]).astype(np.int64),
        instance_mesh=index,
        instance_body=np.array([p.body for p in parts], np.uint32),
        instance_label=np.array([p.label for p in parts], np.uint32),
        surface_base=index.copy(),
        surfaces=SurfaceTable.of([p.surface for p in parts]),
    )


def motion(
    position: Any = (), quaternion: Any = None, *, start_ns: int = 0, end_ns: int = 0, origin: Any = (0.0, 0.0, 0.0)
) -> Motion:
    """Bodies (S, B, 3), the world added in front; ``position`` () = only the world; (B, 3) = at rest."""
    p = np.asarray(position, np.float64)
    p = p.reshape(1, -1, 3) if p.ndim < 3 else p
    q = np.broadcast_to(np.array(IDENTITY), (*p.shape[:2], 4)) if quaternion is None else np.asarray(quaternion, float)
    q = q.reshape(1, -1, 4) if q.ndim < 3 else q
    steps = len(p)
    p = np.concatenate([np.zeros((steps, 1, 3)), p], 1) - np.asarray(origin, float)
    q = np.concatenate([np.broadcast_to(np.array(IDENTITY), (steps, 1, 4)), q], 1)
    return Motion(
        start_ns=start_ns,
        end_ns=end_ns,
        origin=np.asarray(origin, np.float64),
        position=np.ascontiguousarray(p, np.float32),
        quaternion=np.ascontiguousarray(q, np.float32),
        exists=np.ones(p.shape[1], np.bool_),
        moving=(p != p[:1]).any((0, 2)) | (q != q[:1]).any((0, 2)),
    )


def track(position: Any = (0.0, 0.0, 0.0), quaternion: Any = IDENTITY, time_ns: Any = (0,)) -> Track:
    """A camera track from body poses (x forward): one pose, or one a knot; the data frame is the camera's."""
    p, q = np.asarray(position, float).reshape(-1, 3), np.asarray(quaternion, float).reshape(-1, 4)
    times = np.asarray(time_ns, np.int64)
    return Track(
        time_ns=times,
        position=np.ascontiguousarray(np.broadcast_to(p, (len(times), 3))),
        quaternion=np.ascontiguousarray(np.broadcast_to(q, (len(times), 4))),
        offset=np.zeros(3),
        rotation=quat_multiply(np.array(IDENTITY), BODY_FROM_CAMERA),
    )


def dome(luminance: float = 1000.0, sun_lux: float = 0.0, sun: Sequence[float] = (0.0, 0.0, 1.0)) -> LightField:
    """A uniform sky, above and below, and a sun."""
    return LightField(
        sun_direction=normalized(sun),
        sun_illuminance=np.full(3, sun_lux, np.float32),
        sky=np.full((32, 64, 3), luminance, np.float32),
    )


class Bench:
    """An open engine over a stage; ``shot`` poses bodies and camera. Use as a context."""

    def __init__(
        self, parts: Sequence[Part], light: LightField, medium: Medium | None = None, engine: Any = None
    ) -> None:
        from simgen.raycast import open_engine

        self.stage = build(parts)
        self.light, self.medium = light, medium or Medium.clear()
        self.engine = (engine or open_engine)(self.stage)
        self.views: list[Any] = []

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        for view in self.views:
            view.close()
        self.engine.close()

    def place(self, where: Motion) -> Any:
        """A view, closed at the end."""
        self.views.append(self.engine.place(where))
        return self.views[-1]

    def shot(
        self,
        camera_track: Track,
        where: Motion | None = None,
        *,
        time_ns: int = 0,
        following: tuple[Track, Motion, int] | None = None,
        threads: int = 1,
    ) -> Shot:
        """One frame; ``following`` is the next frame's track, motion and time."""
        view = self.place(where or motion())
        extra: dict[str, Any] = {}
        if following is not None:
            extra = {
                "next_track": following[0],
                "next_view": self.place(following[1]),
                "next_time_ns": following[2],
            }
        surroundings = Surroundings(
            stage=self.stage, light=self.light, medium=self.medium, particles=(), seed=0, threads=threads
        )
        return Shot(index=0, time_ns=time_ns, view=view, track=camera_track, surroundings=surroundings, **extra)
