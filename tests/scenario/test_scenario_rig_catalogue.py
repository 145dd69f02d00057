"""The rigs that come with simgen: they load, see past the car they are made for, and have their data sets' figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.geometry import quat_rotate
from simgen.scenario import loads
from simgen.scenario.buried import buried_sensors
from simgen.scenario.rigs.catalogue import rig_names
from simgen.scenario.rigs.describe import rig_info
from simgen.scene import Scene

#: what each rig is made for
CARRIERS = {
    "kitti": "ego: {asset: sedan, lane: east/1}",
    "nuscenes": "ego: {asset: hatchback, lane: east/1}",
    "waymo_like": "ego: {asset: suv, lane: east/1}",
    "amr": "ego: {asset: {type: box, size_m: [0.9, 0.6, 0.3]}, place: {at_m: [0, 0]}}",
    "robot_arm": "objects: [{name: arm, asset: {type: urdf, path: kuka_iiwa/model.urdf}, place: {at_m: [0, 0]}}]",
}


def scene_of(rig: str) -> Scene:
    """A rig on its carrier."""
    on = "arm/lbr_iiwa_link_7" if rig == "robot_arm" else "ego"
    line = f"{{rig: {rig}, on: {on}}}"
    return loads(f"simgen: 1\nworld: straight_road\n{CARRIERS[rig]}\nsensors: [{line}]\n", "f").sample(0)


@pytest.mark.parametrize("rig", rig_names())
def test_a_rig_sits_outside_what_it_is_made_for(rig: str) -> None:
    scene = scene_of(rig)
    assert [s.name for s in scene.sensors] == [s.name for s in rig_info(rig).sensors]
    assert not buried_sensors(scene)


@pytest.mark.parametrize("rig", rig_names())
def test_every_rig_says_what_it_is_and_where_its_figures_are_from(rig: str) -> None:
    info = rig_info(rig)
    assert len(info.summary) < 200
    assert info.summary.endswith(".")
    assert info.source
    assert rig in CARRIERS


def test_nuscenes_looks_all_round_at_its_own_rates() -> None:
    info = rig_info("nuscenes")
    rates = {s.type: s.rate_hz for s in info.sensors}
    assert rates == {"camera": 12, "lidar": 20, "radar": 13, "imu": 100, "gnss": 20}
    assert [sum(s.type == kind for s in info.sensors) for kind in rates] == [6, 1, 5, 1, 1]
    scene = scene_of("nuscenes")
    cameras = [s for s in scene.sensors if s.name.startswith("cam_")]
    seen = np.zeros(3600, bool)
    for camera in cameras:
        _, body = camera.mount.pose(0, 1, 0, camera.name)
        ahead = quat_rotate(body, np.array([1.0, 0.0, 0.0]))
        yaw = math.degrees(math.atan2(ahead[1], ahead[0]))
        away = (np.arange(3600) / 10 - yaw + 180.0) % 360.0 - 180.0
        seen |= np.abs(away) <= camera.hfov_deg / 2
    assert seen.all()
    focal = {c.name: c.K[0, 0] for c in cameras}
    assert focal["cam_back"] == pytest.approx(809.22, abs=0.2)
    assert focal["cam_front"] == pytest.approx(1266.42, abs=0.2)


def test_kitti_has_its_stereo_pairs_and_heights() -> None:
    scene = scene_of("kitti")
    at = {s.name: s for s in scene.sensors}
    for left, right, baseline in (("image_00", "image_01", 0.54), ("image_02", "image_03", 0.53)):
        a, b = at[left].mount.position_m, at[right].mount.position_m
        assert (a[0], a[1] - b[1], a[2]) == pytest.approx((b[0], baseline, 1.65))
    assert at["image_02"].K[0, 0] == pytest.approx(721.54, abs=0.01)
    assert at["velodyne"].mount.position_m[2] == 1.73
    # the lidar is 0.27 m behind the cameras and 0.08 m above them (calib_velo_to_cam)
    between = np.subtract(at["image_00"].mount.position_m, at["velodyne"].mount.position_m)
    assert between == pytest.approx([0.27, 0, -0.08])
