"""Points per instance and per box, against brute force; boxes that move while the sweep lasts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from helpers_physics import Straight, box, entity, simulate, yard

from simgen.geometry import inverse_transform, pose_matrix, quat_from_yaw, transform
from simgen.labelling import label
from simgen.labelling.lidar import LISTED_RANGE_M, MARGIN_M
from simgen.records.frames import BOX_IS_EGO, Frame, LidarFrame, LidarPoints
from simgen.records.window import Track, knots
from simgen.rng import stream

TIME = 100_000_000
HALF_SWEEP = 50_000_000


def points(xyz, offset_ns, instance):
    n = len(xyz)
    f4 = np.float32
    return LidarPoints(
        xyz=np.asarray(xyz, f4),
        range=np.linalg.norm(xyz, axis=-1).astype(f4) if n else np.zeros(0, f4),
        intensity=np.zeros(n, f4),
        ring=np.zeros(n, np.uint16),
        time_offset_ns=np.asarray(offset_ns, np.int32),
        return_index=np.zeros(n, np.uint8),
        semantic=np.zeros(n, np.uint16),
        instance=np.asarray(instance, np.uint32),
        incidence=np.zeros(n, f4),
        flags=np.zeros(n, np.uint16),
    )


def sweep(assembly, trajectory, cloud, ego=(), threads=2):
    """A frame of given points from a sensor that rides on the first actor."""
    times = knots(trajectory, TIME - HALF_SWEEP, TIME + HALF_SWEEP)
    p, q = trajectory.poses(times, np.array([0]))
    track = Track(
        time_ns=times, position=p[:, 0], quaternion=q[:, 0], offset=np.array([0.5, 0, 2.0]), rotation=quat_from_yaw(0.3)
    )
    frame = LidarFrame(time_ns=TIME, stamp_ns=TIME, world_from_sensor=pose_matrix(*track.at(TIME)), points=cloud)
    shot = SimpleNamespace(track=track, surroundings=SimpleNamespace(ego_instances=ego, threads=threads))
    return label(frame, SimpleNamespace(), assembly, trajectory, shot).boxes, track


def traffic():
    things = [
        entity("ego", box((4.0, 2.0, 1.5)), behaviour=Straight(speed_m_s=15.0, rate_rad_s=0.4)),
        entity(
            "oncoming",
            box((4.0, 2.0, 1.5)),
            (20.0, 3.0, 0.0),
            quaternion=tuple(quat_from_yaw(np.pi)),
            behaviour=Straight(speed_m_s=20.0),
        ),
        entity("parked", box((3.0, 1.5, 1.5)), (10.0, -4.0, 0.0), quaternion=tuple(quat_from_yaw(0.7))),
        entity("far", box(), (LISTED_RANGE_M + 30.0, 0.0, 0.0)),
    ]
    assembly = yard(*things, duration_s=0.3)
    return assembly, simulate(assembly)


def brute_force(trajectory, track, cloud, row):
    """Point by point, straight from the definition."""
    inside = 0
    for k in range(len(cloud.xyz)):
        t = TIME + int(cloud.time_offset_ns[k])
        world = transform(*track.at(t), cloud.xyz[k])
        p, q = trajectory.poses(t, trajectory.actor_body[row : row + 1].astype(int))
        local = inverse_transform(p[0], q[0], world) - trajectory.box_center[row]
        inside += bool((np.abs(local) <= trajectory.size[row] / 2 + MARGIN_M).all())
    return inside


def test_points_in_moving_boxes_are_those_that_brute_force_finds():
    assembly, t = traffic()
    r = stream(1, "points")
    cloud = points(
        r.uniform([-4, -9, -2.0], [20, 6, -0.5], (150, 3)),
        r.integers(-HALF_SWEEP, HALF_SWEEP, 150),
        r.integers(0, 4, 150),
    )
    boxes, track = sweep(assembly, t, cloud)
    for k, instance in enumerate(boxes.instance.tolist()):
        assert boxes.points_in_box[k] == brute_force(t, track, cloud, instance - 1) > 0
        assert boxes.points[k] == int((cloud.instance == instance).sum())


def test_points_on_a_fast_car_lie_in_its_box_at_their_own_time_only():
    assembly, t = traffic()
    r = stream(2, "points")
    offsets = r.integers(-HALF_SWEEP, HALF_SWEEP, 200)
    local = r.uniform(-0.5, 0.5, (200, 3)) * t.size[1] + t.box_center[1]
    cloud = points(np.zeros((200, 3)), offsets, np.full(200, 2))
    _, track = sweep(assembly, t, cloud)
    for k in range(200):
        p, q = t.poses(TIME + int(offsets[k]), np.array([1]))
        cloud.xyz[k] = inverse_transform(*track.at(TIME + int(offsets[k])), transform(p[0], q[0], local[k]))
    boxes, _ = sweep(assembly, t, cloud)
    row = boxes.instance.tolist().index(2)
    assert boxes.points_in_box[row] == boxes.points[row] == 200
    frozen, _ = sweep(assembly, t, cloud.replace(time_offset_ns=np.zeros(200, np.int32)))
    assert frozen.points_in_box[row] < 180


def test_faces_count_as_inside():
    assembly, t = traffic()
    corners = np.array([[x, y, z] for x in (-2, 2) for y in (-1, 1) for z in (0.0, 1.5)]) + 0.0
    _, track = sweep(assembly, t, points(np.zeros((0, 3)), [], []))
    p, q = t.poses(TIME, np.array([0]))
    xyz = inverse_transform(*track.at(TIME), transform(p[0], q[0], corners))
    boxes, _ = sweep(assembly, t, points(xyz, np.zeros(8), np.zeros(8)))
    assert boxes.points_in_box[0] == 8
    assert boxes.points[0] == 0


def test_what_is_listed():
    assembly, t = traffic()
    none = points(np.zeros((0, 3)), [], [])
    boxes, _ = sweep(assembly, t, none, ego=(1,))
    assert boxes.instance.tolist() == [1, 2, 3]
    assert boxes.flags.tolist() == [BOX_IS_EGO, 0, 0]
    assert boxes.points.tolist() == boxes.points_in_box.tolist() == [0, 0, 0]
    seen, _ = sweep(assembly, t, points([[100.0, 0, 0]], [0], [4]))
    assert seen.instance.tolist() == [1, 2, 3, 4]
    assert seen.points.tolist() == [0, 0, 0, 1]


def test_threads_change_nothing():
    assembly, t = traffic()
    r = stream(3, "points")
    cloud = points(
        r.uniform(-20, 20, (40_000, 3)), r.integers(-HALF_SWEEP, HALF_SWEEP, 40_000), r.integers(0, 4, 40_000)
    )
    one, many = (sweep(assembly, t, cloud, threads=n)[0] for n in (1, 4))
    np.testing.assert_array_equal(one.points_in_box, many.points_in_box)
    assert one.points_in_box.sum() > 10


def test_other_frames_come_back_as_they_are():
    assembly, t = traffic()
    plain = Frame(time_ns=0, stamp_ns=0, world_from_sensor=np.eye(4))
    assert label(plain, SimpleNamespace(), assembly, t, SimpleNamespace()) is plain
