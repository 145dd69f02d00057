"""What depth cameras fail on, put before them: the common part of glass, polished metal and thin things."""

from __future__ import annotations

from collections.abc import Sequence

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import Stage
from simgen.records.constraints import Constraint
from simgen.records.model import Quaternion
from simgen.rng import stream
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor

UPRIGHT: Quaternion = (1.0, 0.0, 0.0, 0.0)


def depth_camera_of(scene: Scene, name: str, case: str) -> Sensor:
    """The depth camera of that name, or the scene's first.

    Raises:
        UserError: there is none.
    """
    return camera_of(scene, name, case, (DepthCamera,))


def trapped(
    scene: Scene,
    stage: Stage,
    case: str,
    things: Sequence[tuple[Asset, Quaternion]],
    *,
    camera: Sensor,
    on: str,
    name: str,
    depth_lost: float,
    physics: str = "dynamic",
) -> Scene:
    """The scene with things on a support in a depth camera's view, each of which must lose so much of its depth.

    Args:
        scene: without them.
        stage: of the case.
        case: the plugin's name.
        things: assets, and how each lies.
        camera: from :func:`depth_camera_of`.
        on: name of the support; empty = the one that the camera looks at.
        name: of the group of things; empty = the case's, numbered if it is taken.
        depth_lost: asked of each, at least.
        physics: ``dynamic`` or ``static``.

    Raises:
        UserError: there is no such support, or no room on it.
    """
    group = name or free_name(case, scene)
    bench = Bench.of(scene, stage.layout, camera, on, stream(stage.seed, case, "place"), case)
    asked = []
    for k, (asset, tilt) in enumerate(things):
        placed = bench.spot(model_of(asset), tilt=tilt)
        scene = scene.add(name=f"{group}/{k}", asset=asset, physics=physics, group=group, **placed)
        asked.append(_asked(f"{group}/{k}", camera.name, depth_lost))
    return accepted(scene, case, asked)


def _asked(subject: str, camera: str, share: float) -> Constraint:
    return Constraint(
        kind="depth_lost", subject=subject, other=camera, asked=share, tolerance=0.02, relation="at_least", time_s=0.0
    )
