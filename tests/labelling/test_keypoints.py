"""Keypoint labels: projection in closed form, walls, what is behind the camera, the own body, rolling shutters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.checks.base import FrameLook
from simgen.checks.keypoints import KeypointsRule
from simgen.engine import Renderer, nearest_ticks
from simgen.geometry import quat_rotate
from simgen.physics import simulate
from simgen.scenario import load
from simgen.shapes.figure import COCO

SCENE = """
simgen: 1
name: keypoints
clock: {{duration_s: 0.5, rate_hz: 10}}
world: {{type: empty, size_m: 60}}
light: {{type: constant}}
objects:
  - {{name: her, asset: {{type: {asset}}}, place: {{at_m: [6, 0, 0], yaw_deg: {heading}}}, {moves}}}
  - {{name: behind, asset: pedestrian, place: {{at_m: [-6, 0, 0], yaw_deg: 0}}, physics: static}}
{more}
sensors:
  - {{name: cam, type: camera, width: 320, height: 240, hfov_deg: 40, rate_hz: 10, {camera}
     mount: {{on: world, position_m: [0, 0, 1.2], look_at_m: [6, 0, 1.0]}}}}
"""


def shot(
    tmp_path: Path, more: str = "", heading: float = 180.0, camera: str = "", asset: str = "pedestrian", moves: str = ""
) -> tuple[Any, Any, Any]:
    """The frame, the assembly and the trajectory."""
    path = tmp_path / "scene.yaml"
    fields = {"more": more, "heading": heading, "camera": camera, "asset": asset}
    path.write_text(SCENE.format(moves=moves or "physics: static", **fields))
    scene = load(path).sample(0)
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    with Renderer(assembly, trajectory, threads=1) as renderer:
        frame = renderer.frame(nearest_ticks(scene, 200_000_000)[0])
    return frame, assembly, trajectory


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    return shot(tmp_path_factory.mktemp("plain"))


def world_points(assembly: Any, trajectory: Any, time_ns: int, instance: int) -> np.ndarray:
    row = trajectory.row(instance)
    keys = assembly.models[row].keypoints
    bodies = np.array([int(trajectory.actor_body[row]) + k.link for k in keys])
    position, quaternion = trajectory.poses(time_ns, bodies)
    return quat_rotate(quaternion, np.array([k.position for k in keys])) + position


def test_places_are_the_links_seen_through_the_pinhole(plain: tuple[Any, Any, Any]) -> None:
    frame, assembly, trajectory = plain
    points = frame.keypoints
    assert len(points.instance) == 1
    world = world_points(assembly, trajectory, frame.time_ns, int(points.instance[0]))
    local = (world - frame.world_from_sensor[:3, 3]) @ frame.world_from_sensor[:3, :3]
    np.testing.assert_allclose(points.xyz[0], local, atol=1e-4)
    pixel = local[:, :2] / local[:, 2:] * [frame.K[0, 0], frame.K[1, 1]] + frame.K[:2, 2]
    np.testing.assert_allclose(points.uv[0], pixel, atol=0.01)
    np.testing.assert_allclose(points.depth[0], local[:, 2], atol=1e-4)


def test_who_faces_the_camera_shows_the_face_and_who_turns_away_does_not(
    plain: tuple[Any, Any, Any], tmp_path: Path
) -> None:
    facing, away = plain[0].keypoints, shot(tmp_path, heading=0.0)[0].keypoints
    nose, left_eye = COCO.index("nose"), COCO.index("left_eye")
    assert (facing.visibility[0] == 2).sum() >= 14
    assert facing.visibility[0, nose] == facing.visibility[0, left_eye] == 2
    assert away.visibility[0, nose] == away.visibility[0, left_eye] == 1
    # facing the camera, the left shoulder is on the image's right
    left, right = COCO.index("left_shoulder"), COCO.index("right_shoulder")
    assert facing.uv[0, left, 0] > facing.uv[0, right, 0]
    assert away.uv[0, left, 0] < away.uv[0, right, 0]


def test_a_wall_occludes(tmp_path: Path) -> None:
    box = "{type: box, size_m: [0.2, 3, 0.8]}"
    wall = f"  - {{name: wall, asset: {box}, place: {{at_m: [4, 0, 0], yaw_deg: 0}}, physics: static}}"
    frame = shot(tmp_path, more=wall)[0]
    seen = dict(zip(COCO, frame.keypoints.visibility[0], strict=True))
    assert seen["left_knee"] == seen["right_ankle"] == 1
    assert seen["nose"] == seen["left_shoulder"] == 2


@pytest.mark.parametrize("asset", ["child", "cyclist_rider"])
def test_children_and_riders_have_them_and_the_check_agrees(asset: str, tmp_path: Path) -> None:
    frame = shot(tmp_path, asset=asset, moves="behaviour: {type: drive_straight, speed_m_s: 1.4}")[0]
    assert (frame.keypoints.visibility[0] == 2).sum() >= 10
    finding = checked(frame)
    assert finding.tested >= 10
    assert finding.failed == 0
    deep = frame.replace(keypoints=frame.keypoints.replace(depth=frame.keypoints.depth + np.float32(1.0)))
    assert checked(deep).failed > 0


def checked(frame: Any) -> Any:
    return KeypointsRule().frame(FrameLook(sequence=None, sensor="cam", index=0, frame=frame))  # type: ignore[arg-type]


def test_rolling_shutters_take_every_point_at_its_rows_instant(tmp_path: Path) -> None:
    moves = "behaviour: {type: drive_straight, speed_m_s: 4.0}"
    still = shot(tmp_path, heading=90.0, moves=moves)
    rolling = shot(tmp_path, heading=90.0, moves=moves, camera="readout_s: 0.04,")
    frame, assembly, trajectory = rolling
    points = frame.keypoints
    ankle = COCO.index("left_ankle")
    at = frame.time_ns + round((float(points.uv[0, ankle, 1]) / 240.0 - 0.5) * 40e6)
    world = world_points(assembly, trajectory, at, int(points.instance[0]))[ankle]
    local = (world - frame.world_from_sensor[:3, 3]) @ frame.world_from_sensor[:3, :3]
    pixel = local[:2] / local[2] * [frame.K[0, 0], frame.K[1, 1]] + frame.K[:2, 2]
    np.testing.assert_allclose(points.uv[0, ankle], pixel, atol=0.3)
    assert abs(points.uv[0, ankle, 0] - still[0].keypoints.uv[0, ankle, 0]) > 1.0
