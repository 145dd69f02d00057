"""Draws where each lidar of scenes/lidar_wall.yaml looks: one picture with a panel a device.

Usage: .venv/bin/python scripts/lidar_patterns.py -o out/patterns.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

import simgen
from simgen.preview.lidar_pattern import wall_sheet
from simgen.records.frames import LidarFrame
from simgen.sensors.lidar import Lidar

SCENE = Path(__file__).parents[1] / "scenes" / "lidar_wall.yaml"


def panels_of(path: Path) -> dict[str, list[LidarFrame]]:
    """The first frame of every lidar of a scene; of those whose pattern does not repeat, all frames too."""
    scene = simgen.load(path).sample(seed=0)
    lidars = {sensor.name: sensor for sensor in scene.sensors if isinstance(sensor, Lidar)}
    taken: dict[str, list[LidarFrame]] = {name: [] for name in lidars}
    for sample in simgen.render(scene, simgen.simulate(scene)):
        for name, frame in sample.frames.items():
            if isinstance(frame, LidarFrame):
                taken[name].append(frame)
    panels = {lidar.model: taken[name][:1] for name, lidar in lidars.items()}
    for name, lidar in lidars.items():
        if not lidar.device.organised:
            panels[f"{lidar.model}, {len(taken[name])} frames"] = taken[name]
    return panels


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path("out/patterns.png"))
    parser.add_argument("--scene", type=Path, default=SCENE, help="a scene with a wall across x, 10 m ahead")
    parser.add_argument("--distance", type=float, default=10.0, help="of the wall from the sensors, m")
    arguments = parser.parse_args()
    sheet = wall_sheet(panels_of(arguments.scene), distance_m=arguments.distance)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(arguments.out), sheet[..., ::-1])
    print(f"{arguments.out}: {sheet.shape[1]} x {sheet.shape[0]}")


if __name__ == "__main__":
    main()
