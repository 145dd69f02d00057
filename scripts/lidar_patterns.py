"""Draws where each lidar of scenes/lidar_wall.yaml looks: one picture with a panel a device.

Usage: .venv/bin/python scripts/lidar_patterns.py -o out/patterns.png, and with --street what each sees of one street
from the roof of the same car.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import cv2

import simgen
from simgen.assembly import assemble
from simgen.engine import Renderer, available_threads, nearest_ticks
from simgen.preview import contact_sheet
from simgen.preview.lidar_pattern import wall_sheet
from simgen.records.base import U1
from simgen.records.frames import LidarFrame
from simgen.sensors.base import Mount
from simgen.sensors.lidar import Lidar
from simgen.units import NS_PER_S

STREET = Path(__file__).parents[1] / "scenes" / "urban_crossing.yaml"
#: where on the car, and when
ROOF = Mount(on="ego", position_m=(0.8, 0.0, 1.9))
WHEN_NS = 2 * NS_PER_S
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


def street_sheet(path: Path) -> U1:
    """What each of these lidars sees of a street in clear air, from above and by class."""
    lidars = [s for s in simgen.load(path).sample(seed=0).sensors if isinstance(s, Lidar)]
    mounted = tuple(dataclasses.replace(lidar, name=lidar.model, mount=ROOF, outputs=()) for lidar in lidars)
    scene = simgen.load(STREET).sample(seed=7).replace(weather=(), sensors=mounted)
    assembly = assemble(scene)
    with Renderer(assembly, simgen.simulate(scene), threads=available_threads()) as renderer:
        frames = {tick.sensor.name: renderer.frame(tick) for tick in nearest_ticks(scene, WHEN_NS)}
    return contact_sheet(frames, title="What lidars see of one street", subtitle="the same car, the same instant")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path("out/patterns.png"))
    parser.add_argument("--scene", type=Path, default=SCENE, help="a scene with a wall across x, 10 m ahead")
    parser.add_argument("--distance", type=float, default=10.0, help="of the wall from the sensors, m")
    parser.add_argument("--street", action="store_true", help="a street instead of the wall")
    arguments = parser.parse_args()
    if arguments.street:
        sheet = street_sheet(arguments.scene)
    else:
        sheet = wall_sheet(panels_of(arguments.scene), distance_m=arguments.distance)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(arguments.out), sheet[..., ::-1])
    print(f"{arguments.out}: {sheet.shape[1]} x {sheet.shape[0]}")


if __name__ == "__main__":
    main()
