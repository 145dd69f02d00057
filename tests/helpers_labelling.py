"""A camera without light: frames that hold nothing but instance ids, cast by the ray engine at pixel centres."""

from __future__ import annotations

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import BODY_FROM_CAMERA, F8, look_at, pose_matrix, quat_multiply, quat_rotate
from simgen.labelling import label
from simgen.raycast import open_engine
from simgen.records.frames import CameraBoxes, CameraFrame
from simgen.records.rays import Rays, RayView
from simgen.records.surroundings import Shot
from simgen.records.trajectory import Trajectory
from simgen.records.window import Track, knots, motion_of
from simgen.sensors.camera import Camera


def track_of(eye: Any, target: Any, times: Any = (0,), velocity: Any = (0.0, 0.0, 0.0)) -> Track:
    """A camera that looks from a place at a point, carried along at a constant velocity."""
    t = np.asarray(times, np.int64)
    return Track(
        time_ns=t,
        position=np.array(eye, float) + np.array(velocity, float) * (t * 1e-9)[:, None],
        quaternion=np.tile(quat_multiply(look_at(eye, target), BODY_FROM_CAMERA), (len(t), 1)),
        offset=np.zeros(3),
        rotation=np.array([1.0, 0, 0, 0]),
    )


def cast_instances(view: RayView, camera: Camera, track: Track, time_ns: int) -> np.ndarray:
    """Instance ids at pixel centres, each row at its own time."""
    lens, shape = camera.projection, (camera.height, camera.width)
    local = np.nan_to_num(lens.unproject(lens.pixel_centres())).reshape(*shape, 3)
    times = np.broadcast_to(camera.row_times(time_ns), (lens.height,))
    position, quaternion = track.at(times)
    direction = quat_rotate(quaternion[:, None], local).reshape(-1, 3)
    origin = np.broadcast_to((position - view.motion.origin)[:, None], (*shape, 3)).reshape(-1, 3)
    ray_time = np.repeat([view.motion.ray_time(int(t)) for t in times], lens.width)
    hits = view.cast(
        Rays(
            origin=np.ascontiguousarray(origin, np.float32),
            direction=np.ascontiguousarray(direction, np.float32),
            time=np.ascontiguousarray(ray_time, np.float32),
            near=np.full(len(origin), camera.near_m, np.float32),
            far=np.where((direction != 0.0).any(-1), np.inf, 0.0).astype(np.float32),
        )
    )
    labels = np.concatenate([view.stage.instance_label, [0]]).astype(np.uint32)
    return labels[np.minimum(hits.instance, len(labels) - 1)].reshape(shape)


def shoot(
    assembly: Assembly,
    trajectory: Trajectory,
    eye: Any,
    target: Any,
    *,
    time_ns: int = 0,
    velocity: Any = (0.0, 0.0, 0.0),
    ego: tuple[int, ...] = (),
    threads: int = 2,
    **camera: Any,
) -> tuple[CameraFrame, CameraBoxes]:
    """A labelled frame of ids and its boxes."""
    sensor = Camera(**{"name": "eye", "width": 160, "height": 120, "focal_px": 150.0, **camera})
    before, after = sensor.extent_ns()
    window = (time_ns - before, time_ns + after)
    track = track_of(eye, target, knots(trajectory, *window), velocity)
    with closing(open_engine(assembly.stage, 1)) as engine:
        view = engine.place(motion_of(trajectory, *window, np.round(np.array(eye, float))))
        image = cast_instances(view, sensor, track, time_ns)
        shot: Any = SimpleNamespace(
            view=view, track=track, surroundings=SimpleNamespace(ego_instances=ego, threads=threads)
        )
        frame = labelled(sensor, image, track, assembly, trajectory, shot, time_ns)
        view.close()
    assert frame.boxes is not None
    return frame, frame.boxes


def labelled(
    sensor: Camera, image: Any, track: Track, assembly: Assembly, trajectory: Trajectory, shot: Shot, time_ns: int
) -> CameraFrame:
    """A frame of ids, with boxes."""
    position, quaternion = track.at(time_ns)
    pose: F8 = pose_matrix(position, quaternion)
    frame = CameraFrame(
        time_ns=time_ns,
        stamp_ns=time_ns,
        world_from_sensor=pose,
        K=sensor.K,
        exposure=np.ones(1, np.float32),
        depth=np.zeros((sensor.height, sensor.width), np.float32),
        instance=image,
    )
    out = label(frame, sensor, assembly, trajectory, shot)
    assert isinstance(out, CameraFrame)
    return out
