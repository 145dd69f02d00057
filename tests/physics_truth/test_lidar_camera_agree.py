"""A noise-free lidar beam and a camera ray through the same point at the same instant meet the same surface."""

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.engine import Renderer, nearest_ticks
from simgen.physics import simulate
from simgen.records.frames import LidarFrame
from simgen.records.rays import Rays
from simgen.scenario import loads

SCENE = """
simgen: 1
clock: {duration_s: 0.4, rate_hz: 10}
world: {type: empty}
light: {type: constant}
ego: {asset: sedan, place: {at_m: [0, 0, 0]}, behaviour: {type: drive_straight, speed_m_s: 12}}
objects:
  - {asset: suv, place: {at_m: [14, 3, 0], yaw_deg: 70}, behaviour: {type: drive_straight, speed_m_s: 9}}
  - {asset: pedestrian, place: {at_m: [9, -4, 0]}, behaviour: {type: drive_straight, speed_m_s: 1.4}}
  - {asset: {type: sphere, radius_m: 1.0}, place: {at_m: [10, 0, 0]}}
sensors:
  - {name: top, type: lidar, model: MODEL, noise: false, mount: {on: ego, position_m: [0.8, 0, 1.9]}}
"""


@pytest.mark.parametrize("model", ["vlp-16", "hdl-64e"])
def test_the_same_point_within_a_millimetre(model: str) -> None:
    scene = loads(SCENE.replace("MODEL", model), "agree.yaml").sample(4)
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    with Renderer(assembly, trajectory, threads=2) as renderer:
        (tick,) = nearest_ticks(scene, 200_000_000)
        shot = renderer.shot(tick)
        frame = tick.sensor.capture(shot)
        assert isinstance(frame, LidarFrame)
        at = frame.time_ns + frame.points.time_offset_ns.astype(np.int64)
        points = world_points(shot, frame, at)
        apart = beyond(shot, points, at)
    # something nearer hides the point from the camera; a wrong pose or instant would as often leave a gap behind it
    seen = apart > -1e-3
    assert seen.mean() > 0.6
    assert (seen & (frame.points.instance > 1)).sum() > 100, "objects must be among what both see"
    # of points right on a silhouette, a rounding may send the ray past the edge
    assert (apart[seen] < 1e-3).mean() > 0.9995


def world_points(shot, frame, at):
    from simgen.geometry import transform

    position, quaternion = shot.track.at(at)
    return transform(position, quaternion, frame.points.xyz)


def beyond(shot, points, at):
    """How far behind each point the first surface lies, on a ray to it from a camera beside the lidar, in metres."""
    view = shot.view
    eye = shot.track.at(at)[0] + np.array([0.4, 0.3, -0.35])
    way = points - eye
    length = np.sqrt((way * way).sum(-1))
    rays = Rays(
        origin=np.ascontiguousarray(eye - view.motion.origin, np.float32),
        direction=np.ascontiguousarray(way / length[:, None], np.float32),
        time=np.array([view.motion.ray_time(int(t)) for t in at], np.float32),
        near=np.zeros(len(points), np.float32),
        far=np.full(len(points), np.inf, np.float32),
    )
    return view.cast(rays).distance - length
