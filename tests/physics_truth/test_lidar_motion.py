"""A lidar that moves, and things that move while it turns: every point at its own nanosecond."""

from __future__ import annotations

import helpers_lidar as yard
import numpy as np
import pytest

from simgen.geometry import quat_rotate
from simgen.records.mesh import Surface
from simgen.sensors.lidar import Lidar

LIDAR = Lidar(name="top", model="hdl-64e", noise=False)


def world_points(points, carrier, time_ns):
    """Points back in the world, each by the sensor's pose at the point's own time."""
    position, quaternion = yard.pose_at(carrier, time_ns + points.time_offset_ns.astype(np.int64))
    return position + quat_rotate(quaternion, points.xyz)


@pytest.mark.parametrize("yaw_rate", [0.0, 0.6])
def test_a_wall_is_flat_once_each_point_is_moved_back_by_its_own_time(yaw_rate):
    ego = yard.Thing(yard.wall(1.0), position=(100.0, -50.0, 2.0), velocity=(20.0, 3.0, 0.0), yaw_rate=yaw_rate)
    things = [yard.Thing(yard.wall(130.0))]
    frame = yard.take(LIDAR, things, carrier=ego, time_ns=300 * yard.MS, origin=(100.0, -40.0, 0.0))
    points = world_points(frame.points, ego, 300 * yard.MS)
    assert len(points) > 5000
    assert np.abs(points[:, 0] - 130.0).max() < 1e-3


def test_ten_hertz_at_twenty_metres_a_second_is_two_metres_a_sweep():
    ego = yard.Thing(yard.wall(1.0), velocity=(20.0, 0.0, 0.0))
    behind = [yard.Thing(yard.wall(-20.0))]
    points = yard.take(LIDAR, behind, carrier=ego).points
    # the wall behind is met at both ends of the turn
    level = np.abs(points.xyz[:, 1]) < 1.0
    x = points.xyz[level, 0]
    late = points.time_offset_ns[level] > 0
    assert np.median(x[~late]) - np.median(x[late]) == pytest.approx(2.0, abs=0.05)


def test_a_moving_wall_is_met_where_it_is_at_each_instant():
    wall = yard.Thing(yard.wall(0.0), position=(25.0, 0.0, 0.0), velocity=(-30.0, 0.0, 0.0), label=5)
    points = yard.take(LIDAR, [wall]).points
    expected = 25.0 - 30.0 * points.time_offset_ns * 1e-9
    assert len(points.range) > 5000
    assert np.abs(points.xyz[:, 0] - expected).max() < 1e-3
    assert np.ptp(points.xyz[:, 0]) > 0.5


def test_a_turning_plate_shows_the_angle_of_each_instant():
    plate = yard.Thing(yard.box((0, 0, 0), (0.02, 4, 4)), Surface(class_name="car"), 5, (10, 0, 0), yaw_rate=3.0)
    points = yard.take(LIDAR, [plate]).points
    angle = 3.0 * points.time_offset_ns * 1e-9
    relative = points.xyz - [10.0, 0.0, 0.0]
    normal = np.stack([np.cos(angle), np.sin(angle), 0 * angle], -1)
    front = np.abs(points.incidence) < 1.2
    assert front.sum() > 500
    # slerp between 4 ms steps is exact for a constant rate; the plate is 2 cm thick
    assert np.abs((relative * normal).sum(1)[front] + 0.01).max() < 1e-3
    d = points.xyz / points.range[:, None]
    assert np.abs(np.cos(points.incidence) - np.abs((d * normal).sum(1)))[front].max() < 3e-3


def test_moving_with_the_traffic_looks_like_standing():
    same = {"position": (30.0, 2.0, 0.0), "label": 3}
    box = yard.box((0, 0, 0), (4, 2, 2))
    still = yard.take(LIDAR, [yard.Thing(box, **same)]).points
    flow = (25.0, 0.0, 0.0)
    moving = yard.take(
        LIDAR, [yard.Thing(box, velocity=flow, **same)], carrier=yard.Thing(box, velocity=flow), origin=(1.0, 0.0, 0.0)
    ).points
    assert abs(len(still.range) - len(moving.range)) <= 2
    assert still.xyz.mean(0) == pytest.approx(moving.xyz.mean(0), abs=5e-3)


def test_far_from_the_origin_the_points_are_as_exact():
    ego = yard.Thing(yard.wall(1.0), position=(1900.0, 1500.0, 0.0), velocity=(10.0, 0.0, 0.0))
    wall = yard.Thing(yard.wall(0.0), position=(1930.0, 1500.0, 0.0))
    points = yard.take(LIDAR, [wall], carrier=ego, origin=(1900.0, 1500.0, 0.0)).points
    x = 1900.0 + 10.0 * points.time_offset_ns * 1e-9 + points.xyz[:, 0]
    assert np.abs(x - 1930.0).max() < 1e-3


def test_before_the_world_begins_it_stands_still():
    """The first sweep of a sequence is centred on its first instant: half of it looks at the initial state."""
    ego = yard.Thing(yard.wall(1.0), velocity=(5.0, 0.0, 0.0))
    wall = yard.Thing(yard.sphere(20.0, 200), velocity=(5.0, 0.0, 0.0), label=5)
    points = yard.take(LIDAR, [wall], carrier=ego, known_from_ns=0).points
    assert points.time_offset_ns.min() < -49_000_000
    assert np.abs(points.range - 20.0).max() < 0.07
    still = yard.take(LIDAR, [wall], known_from_ns=0).points
    early = still.time_offset_ns < 0
    assert np.abs(still.range[early] - 20.0).max() < 0.07
    assert np.abs(still.range[~early] - 20.0).max() > 0.2
