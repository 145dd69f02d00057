"""What depth cameras fail on, put before them: the common part of glass, polished metal and thin things."""

from __future__ import annotations

from collections.abc import Sequence

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import camera_of, seen
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint, Solution
from simgen.records.model import Quaternion
from simgen.rng import stream
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor

UPRIGHT: Quaternion = (1.0, 0.0, 0.0, 0.0)
#: they are laid out anew so often until the camera sees at least this share of each
_TRIES, _SEEN = 12, 0.3


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
    thin: bool = False,
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
        thin: they are too thin to hide each other.

    Raises:
        UserError: there is no such support, no room on it, or they always hide each other.
    """
    group = name or free_name(case, scene)
    for tried in range(1, _TRIES + 1):
        draw = stream(stage.seed, case, "place", *(() if tried == 1 else (str(tried),)))
        bench, changed = Bench.of(scene, stage.layout, camera, on, draw, case), scene
        names: list[str] = []
        for k, (asset, tilt) in enumerate(things):
            names.append(f"{group}/{k}")
            placed = bench.spot(model_of(asset), tilt=tilt)
            changed = changed.add(name=names[-1], asset=asset, physics=physics, group=group, **placed)
        if thin or _all_seen(changed, stage, camera, names):
            rejected = (("one hides another", tried - 1),) if tried > 1 else ()
            solution = Solution(source=case, tried=tried, rejected=rejected, physical=not thin)
            return accepted(changed, case, [_asked(name, camera.name, depth_lost) for name in names], solution)
    raise UserError(
        f"{case}: {len(things)} things hide each other from {camera.name!r}: ask for fewer, or a wider support"
    )


def _all_seen(scene: Scene, stage: Stage, camera: Sensor, names: Sequence[str]) -> bool:
    views = seen(scene, stage.simulate(scene), camera, names, 0.0)
    return min(view.visible_fraction for view in views.values()) >= _SEEN


def _asked(subject: str, camera: str, share: float) -> Constraint:
    return Constraint(
        kind="depth_lost", subject=subject, other=camera, asked=share, tolerance=0.02, relation="at_least", time_s=0.0
    )
