"""Small stages for lidar tests: walls, boxes and spheres on bodies that move at constant velocity."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simgen.geometry import normalized, quat_from_yaw, quat_rotate
from simgen.records.air import Medium, Particles
from simgen.records.frames import LidarFrame
from simgen.records.lights import LightField
from simgen.records.mesh import Mesh, Surface, SurfaceTable
from simgen.records.stage import Motion, Stage
from simgen.records.surroundings import Shot, Surroundings
from simgen.records.volume import Volume
from simgen.records.window import Track
from simgen.sensors.lidar import Lidar

MS = 1_000_000


def flat(corners, triangles) -> Mesh:
    """A mesh of flat triangles: every triangle has corners and normals of its own."""
    p = np.asarray(corners, np.float64)[np.asarray(triangles).ravel()].reshape(-1, 3, 3)
    n = normalized(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]))
    return Mesh(
        vertices=np.ascontiguousarray(p.reshape(-1, 3), np.float32),
        normals=np.ascontiguousarray(np.repeat(n, 3, axis=0), np.float32),
        triangles=np.arange(3 * len(p), dtype=np.uint32).reshape(-1, 3),
        surface=np.zeros(len(p), np.uint16),
    )


def wall(distance: float, half: float = 400.0) -> Mesh:
    """A wall across x at a distance, facing the origin."""
    corners = [[distance, y, z] for y in (-half, half) for z in (-half, half)]
    return flat(corners, [[0, 1, 2], [2, 1, 3]])


def box(center, size) -> Mesh:
    """An axis-aligned box."""
    c, h = np.asarray(center, float), np.asarray(size, float) / 2
    corners = [c + h * [x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return flat(corners, [t for a, b, c_, d in quads for t in ((a, b, c_), (a, c_, d))])


def sphere(radius: float, rings: int = 96) -> Mesh:
    """A finely divided sphere around the origin with smooth normals."""
    theta = np.linspace(0, np.pi, rings + 1)
    phi = np.linspace(0, 2 * np.pi, 2 * rings + 1)
    t, f = np.meshgrid(theta, phi, indexing="ij")
    n = np.stack([np.sin(t) * np.cos(f), np.sin(t) * np.sin(f), np.cos(t)], -1).reshape(-1, 3)
    k = np.arange(rings)[:, None] * (2 * rings + 1) + np.arange(2 * rings)
    a, b, c, d = k.ravel(), (k + 1).ravel(), (k + 2 * rings + 1).ravel(), (k + 2 * rings + 2).ravel()
    triangles = np.concatenate([np.stack([a, c, b], -1), np.stack([b, c, d], -1)]).astype(np.uint32)
    return Mesh(
        vertices=(radius * n).astype(np.float32),
        normals=n.astype(np.float32),
        triangles=triangles,
        surface=np.zeros(len(triangles), np.uint16),
    )


@dataclass
class Thing:
    """A mesh on a body of its own (or on the world), moving at constant velocity and turning about z."""

    mesh: Mesh
    surface: Surface = field(default_factory=lambda: Surface(class_name="building", lidar_reflectance=0.5))
    label: int = 0
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)
    yaw_rate: float = 0.0


def stage_of(things: list[Thing]) -> Stage:
    """Every thing as one mesh, one instance, one surface and one body (thing k is body k + 1)."""
    n = len(things)
    return Stage(
        vertices=np.concatenate([t.mesh.vertices for t in things]),
        normals=np.concatenate([t.mesh.normals for t in things]),
        triangles=np.concatenate([t.mesh.triangles for t in things]),
        triangle_surface=np.concatenate([t.mesh.surface for t in things]),
        vertex_start=np.cumsum([0, *(len(t.mesh.vertices) for t in things)]).astype(np.int64),
        triangle_start=np.cumsum([0, *(len(t.mesh.triangles) for t in things)]).astype(np.int64),
        instance_mesh=np.arange(n, dtype=np.uint32),
        instance_body=np.arange(1, n + 1, dtype=np.uint32),
        instance_label=np.array([t.label for t in things], np.uint32),
        surface_base=np.arange(n, dtype=np.uint32),
        surfaces=SurfaceTable.of([t.surface for t in things]),
    )


def pose_at(thing: Thing, time_ns):
    """Position and quaternion of a thing at instants; it is at its position at time 0."""
    s = np.asarray(time_ns, np.float64) * 1e-9
    return np.asarray(thing.position) + s[..., None] * np.asarray(thing.velocity), quat_from_yaw(thing.yaw_rate * s)


def motion_between(things: list[Thing], start_ns: int, end_ns: int, origin=(0.0, 0.0, 0.0), steps: int = 25) -> Motion:
    """The things' poses at evenly spaced steps."""
    times = np.linspace(start_ns, end_ns, steps) if end_ns > start_ns else np.array([start_ns])
    p = np.zeros((len(times), len(things) + 1, 3))
    q = np.tile([1.0, 0.0, 0.0, 0.0], (len(times), len(things) + 1, 1))
    for k, thing in enumerate(things):
        p[:, k + 1], q[:, k + 1] = pose_at(thing, times)
    p -= np.asarray(origin)
    return Motion(
        start_ns=start_ns,
        end_ns=end_ns,
        origin=np.asarray(origin, np.float64),
        position=p.astype(np.float32),
        quaternion=q.astype(np.float32),
        exists=np.ones(len(things) + 1, bool),
        moving=np.ptp(p, axis=0).any(-1) | np.ptp(q, axis=0).any(-1),
    )


def track_of(thing: Thing, start_ns: int, end_ns: int, steps: int = 25) -> Track:
    """A sensor that sits on a thing's origin."""
    times = np.linspace(start_ns, end_ns, steps).astype(np.int64)
    p, q = pose_at(thing, times)
    return Track(
        time_ns=times,
        position=p,
        quaternion=np.broadcast_to(q, (len(times), 4)).copy(),
        offset=np.zeros(3),
        rotation=np.array([1.0, 0.0, 0.0, 0.0]),
    )


def noon(lux: float = 1e5) -> LightField:
    """The sun in the zenith, no sky: full sunlight, in which datasheets state a receiver's range."""
    return LightField(
        sun_direction=np.array([0.0, 0.0, 1.0]),
        sun_illuminance=np.full(3, lux, np.float32),
        sky=np.zeros((2, 4, 3), np.float32),
    )


def take(
    lidar: Lidar,
    things: list[Thing],
    *,
    carrier: Thing | None = None,
    medium: Medium | None = None,
    particles: tuple[Particles, ...] = (),
    volumes: tuple[Volume, ...] = (),
    seed: int = 1,
    index: int = 0,
    threads: int = 1,
    time_ns: int = 0,
    ego: tuple[int, ...] = (),
    origin=(0.0, 0.0, 0.0),
    engine_name: str = "embree",
    known_from_ns: int | None = None,
    light: LightField | None = None,
) -> LidarFrame:
    """One sweep of a lidar that rides on the carrier (or stands at the origin); the world may begin in mid-sweep."""
    stage = stage_of(things)
    before, after = lidar.extent_ns()
    start, end = time_ns - before, time_ns + after
    start = start if known_from_ns is None else known_from_ns
    engine = open_named(engine_name, stage, threads)
    view = engine.place(motion_between(things, start, end, origin))
    around = Surroundings(
        stage=stage,
        light=noon() if light is None else light,
        medium=medium or Medium.clear(),
        particles=particles,
        volumes=volumes,
        seed=seed,
        ego_instances=ego,
        threads=threads,
    )
    shot = Shot(
        index=index,
        time_ns=time_ns,
        view=view,
        track=track_of(carrier or Thing(wall(1.0)), start, end),
        surroundings=around,
    )
    try:
        frame = lidar.capture(shot)
    finally:
        view.close()
        engine.close()
    assert isinstance(frame, LidarFrame)
    return frame


def open_named(name: str, stage: Stage, threads: int):
    """A ray engine: the native one, or plain numpy casting for the path without addresses."""
    if name == "embree":
        from simgen.raycast import open_engine

        return open_engine(stage, threads)
    return PlainEngine(stage)


class PlainEngine:
    """Casts against every triangle in numpy: slow, obvious, without native addresses."""

    name = "plain"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def place(self, motion: Motion) -> PlainView:
        return PlainView(self.stage, motion)

    def close(self) -> None:
        pass


class PlainView:
    """A placed stage for :class:`PlainEngine`; bodies must stand still."""

    native = None

    def __init__(self, stage: Stage, motion: Motion) -> None:
        assert not motion.moving.any()
        self.stage, self.motion = stage, motion

    def close(self) -> None:
        pass

    def cast(self, rays):
        """Moeller and Trumbore's test of every ray with every triangle."""
        from simgen.records.rays import Hits
        from simgen.records.stage import NO_HIT

        stage, n = self.stage, len(rays.time)
        best = np.full(n, np.inf)
        which, face, weights = np.full(n, NO_HIT, np.uint32), np.full(n, NO_HIT, np.uint32), np.zeros((n, 2))
        o, d = rays.origin.astype(float), rays.direction.astype(float)
        for i, mesh in enumerate(stage.instance_mesh):
            body = stage.instance_body[i]
            base = stage.vertex_start[mesh]
            for t in range(stage.triangle_start[mesh], stage.triangle_start[mesh + 1]):
                p = stage.vertices[base + stage.triangles[t].astype(int)].astype(float)
                p = quat_rotate(self.motion.quaternion[0, body], p) + self.motion.position[0, body]
                e1, e2 = p[1] - p[0], p[2] - p[0]
                h = np.cross(d, e2)
                a = (h * e1).sum(-1)
                s = o - p[0]
                with np.errstate(divide="ignore", invalid="ignore"):
                    u = (s * h).sum(-1) / a
                    k = np.cross(s, e1)
                    v, dist = (d * k).sum(-1) / a, (k * e2).sum(-1) / a
                    hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (dist > rays.near) & (dist < np.minimum(best, rays.far))
                best[hit], which[hit], face[hit] = dist[hit], i, t - stage.triangle_start[mesh]
                weights[hit] = np.stack([u, v], -1)[hit]
        return Hits(
            distance=best.astype(np.float32), instance=which, triangle=face, barycentric=weights.astype(np.float32)
        )


DEVICE = """
name: test
wavelength_nm: {wavelength}
divergence_mrad: [{divergence}, {divergence}]
pulse_ns: {pulse}
overlap_m: {overlap}
return_modes: [[strongest], [strongest, last], [first, strongest, last]]
range:
  min_m: {near}
  max_m: {far}
  at_10_percent_m: {range_10}
  probability_there: 0.5
  accuracy_m: 0.02
  resolution_m: 1e-6
reflectance: {{step: 1e-6, white_byte: 100}}
pattern:
  type: rotating
  rate_hz: [1.0, 50.0]
  clockwise: false
  columns: {columns}
lasers:
  channels: {channels}
  elevation_deg: {elevation}
"""


def device_file(folder, **changes) -> str:
    """A simple device as a file: all lasers fire at once, counter-clockwise, without overlap losses."""
    values = {
        "wavelength": 905.0,
        "divergence": 3.0,
        "pulse": 20.0,
        "overlap": [0.0, 0.0],
        "near": 0.01,
        "far": 400.0,
        "range_10": 100.0,
        "columns": 1000,
        "elevation": [0.0],
    } | changes
    values.setdefault("channels", len(values["elevation"]))
    path = folder / f"device{abs(hash(str(values)))}.yaml"
    path.write_text(DEVICE.format(**values))
    return str(path)


def facets(ranges) -> Mesh:
    """One upright plate per column of a device that starts at azimuth 0, each facing the sensor at its own range."""
    r = np.asarray(ranges, np.float64)
    angle = 2 * np.pi * np.arange(len(r)) / len(r)
    half = 0.9 * np.pi / len(r) * r
    forward = np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1)
    left = np.stack([-np.sin(angle), np.cos(angle), 0 * angle], -1)
    up = np.array([0.0, 0.0, 1.0])
    center = r[:, None] * forward
    corners = [center + s * half[:, None] * left + t * 0.1 * r[:, None] * up for s in (1, -1) for t in (-1, 1)]
    vertices = np.stack(corners, 1).reshape(-1, 3)
    base = 4 * np.arange(len(r))[:, None]
    triangles = np.concatenate([base + np.array([0, 2, 1]), base + np.array([1, 2, 3])])
    return flat(vertices, triangles)


def facet_sweep(
    folder, ranges, *, reflectance=0.1, device=None, medium=None, particles=(), volumes=(), seed=1, **fields
):
    """A sweep over facets, and the column of each return."""
    model = device_file(folder, **({"columns": len(ranges)} | (device or {})))
    thing = Thing(facets(ranges), Surface(class_name="building", lidar_reflectance=reflectance))
    lidar = Lidar(name="top", model=model, start_azimuth_deg=0.0, **fields)
    frame = take(lidar, [thing], medium=medium, particles=particles, volumes=volumes, seed=seed)
    offset = frame.points.time_offset_ns.astype(np.int64) + lidar.turn.half_ns
    return frame.points, np.round(offset * len(ranges) * lidar.rate_hz * 1e-9).astype(int)
