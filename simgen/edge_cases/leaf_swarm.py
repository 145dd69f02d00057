"""A gust whirls leaves up before the ego."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen import registry
from simgen.edge_cases._ahead import Ahead, ahead_of, camera_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_from_yaw
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import Stream, child_seed, stream
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar

#: from one keyframe to the next, s
_STEP_S = 0.1


@register("edge_case", "leaf_swarm")
@dataclass(frozen=True, kw_only=True)
class LeafSwarm(EdgeCase):
    """A gust drives leaves in a whirl across the road, close before the ego's nose: many things, none to brake for.

    Each flurry is an object (class vegetation) that circles, rises and turns while the gust carries it over; all pass
    the lane's middle about ``at_s``, ``gap_m`` or more before the ego. Asked of the first: at most ``gap_m`` + 3 m
    from the ego (``distance_m``), at least ``pixels`` in the camera, and ``points`` of the scene's first lidar, if it
    has one. Whirls of leaves turn once in one to three seconds (estimate). Units: m, s, m/s, px.
    """

    tests: ClassVar[str] = "false alarms: a cloud of points and pixels in the lane that is nothing"

    flurries: int = param(9, ge=1, le=40, doc="clusters of leaves")
    leaves: int = param(140, ge=5, le=600, doc="leaves of each")
    at_s: float = param(1.8, ge=0.3, doc="when the first flurry crosses the lane's middle")
    gap_m: float = param(5.0, ge=1.0, le=40.0, doc="from the ego's nose to it then")
    speed_m_s: float = param(4.5, ge=0.5, le=15.0, doc="of the gust, across the road")
    pixels: float = param(400.0, ge=1.0, doc="least that the camera sees of the first flurry at once")
    points: float = param(3.0, ge=0.0, doc="least points of the first lidar on it in one sweep")
    season: str = param("autumn", doc="colour of the leaves", choices=("autumn", "summer", "spring"))
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the group; default: leaf_swarm, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the leaves.

        Raises:
            UserError: there is no ego, lane or camera, or the road ends before.
        """
        ahead, camera = ahead_of(scene, stage.layout, "leaf_swarm"), camera_of(scene, "leaf_swarm", self.camera)
        name = self.name or free_name("leaf_swarm", scene)
        side = 1.0 if stream(stage.seed, "leaf_swarm", "side").random() < 0.5 else -1.0
        for k in range(self.flurries):
            scene = self._with_flurry(scene, ahead, f"{name}/{k}", name, side, k, stage.seed)
        first = f"{name}/0"
        asked = [
            Constraint(
                kind="distance_m", subject="ego", other=first, asked=self.gap_m + 3.0, tolerance=0.5, relation="at_most"
            ),
            Constraint(
                kind="pixels", subject=first, other=camera.name, asked=self.pixels, tolerance=0.0, relation="at_least"
            ),
        ]
        lidar = next((s.name for s in scene.sensors if isinstance(s, Lidar)), "")
        if lidar and self.points > 0.0:
            asked.append(
                Constraint(
                    kind="points", subject=first, other=lidar, asked=self.points, tolerance=0.0, relation="at_least"
                )
            )
        return accepted(scene, "leaf_swarm", asked)

    def _with_flurry(self, scene: Scene, ahead: Ahead, name: str, group: str, side: float, k: int, seed: int) -> Scene:
        draw = stream(seed, "leaf_swarm", k)
        # the first one as told; the others spread along the road and in time
        along = 0.0 if k == 0 else float(draw.uniform(0.0, 9.0))
        late = 0.0 if k == 0 else float(draw.uniform(-0.9, 0.9))
        s = ahead.reached(self.at_s) + self.gap_m + along
        times = np.arange(0.0, scene.clock.duration_s + _STEP_S, _STEP_S)
        points, yaw = self._whirl(draw, times, side, late)
        position, _ = ahead.place(s)
        heading = float(ahead.route.heading(s))
        c, t = np.cos(heading), np.sin(heading)
        world = np.stack([c * points[:, 0] - t * points[:, 1], t * points[:, 0] + c * points[:, 1], points[:, 2]], -1)
        world += np.array(position)
        behaviour = registry.get("behaviour", "keyframes")(
            times_s=tuple(np.round(times, 3).tolist()),
            positions_m=tuple((x, y, z) for x, y, z in np.round(world, 4).tolist()),
            yaw_deg=tuple(np.round(yaw, 2).tolist()),
        )
        asset = registry.get("asset", "leaf_cloud")(
            count=self.leaves,
            leaf_m=0.14,
            radius_m=round(float(draw.uniform(0.55, 0.95)), 2),
            season=self.season,
            variant=child_seed(seed, "leaf_swarm", k) % 4 + 4 * k,
        )
        w, qx, qy, qz = quat_from_yaw(float(np.radians(yaw[0]))).tolist()
        x, y, z = world[0].tolist()
        return scene.add(
            name=name, asset=asset, behaviour=behaviour, position=(x, y, z), quaternion=(w, qx, qy, qz), group=group
        )

    def _whirl(self, draw: Stream, times: F8, side: float, late: float) -> tuple[F8, F8]:
        """Positions along, across and over the road, (K, 3), and headings in degrees, of one flurry."""
        turn_s, radius = float(draw.uniform(1.2, 2.6)), float(draw.uniform(0.3, 0.9))
        phase, low = float(draw.uniform(0.0, 2.0 * np.pi)), float(draw.uniform(0.85, 1.2))
        since = times - self.at_s - late
        angle = phase + 2.0 * np.pi * times / turn_s
        at = phase + 2.0 * np.pi * (self.at_s + late) / turn_s
        # on the lane's middle at its time
        x = radius * (np.cos(angle) - np.cos(at))
        y = -side * self.speed_m_s * since + radius * (np.sin(angle) - np.sin(at))
        z = low + 0.35 * (1.0 + np.sin(0.7 * angle)) + 0.15 * np.maximum(since, -2.0)
        return np.stack([x, y, np.maximum(z, 0.8)], -1), np.degrees(1.3 * angle)
