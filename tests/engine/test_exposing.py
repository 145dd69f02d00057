"""What rain and snow reach in an assembled scene."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assembly import assemble, model_of
from simgen.engine import Renderer, nearest_ticks
from simgen.engine.exposing import exposure_of, model_exposure
from simgen.engine.wearing import HALF_TREAD_M, worn
from simgen.physics import simulate
from simgen.raycast import open_engine
from simgen.records.roads import Lane, RoadMap
from simgen.registry import get
from simgen.scenario import loads

SCENE = """
simgen: 1
name: exposed
clock: {duration_s: 0.4, rate_hz: 10}
world: {type: empty, size_m: 60}
WEATHER
objects:
  - {name: shelter, asset: {type: table, length_m: 3.0, width_m: 2.0, height_m: 1.5}, place: {at_m: [5, 0, 0]}}
  - {name: passing, asset: sedan, place: {at_m: [-10, 6, 0]}, behaviour: {type: drive_straight, speed_m_s: 5}}
sensors:
  - {name: front, type: camera, width: 64, height: 48, mount: {on: world, position_m: [0, 0, 2]}}
"""


def scene(weather: str = ""):
    return loads(SCENE.replace("WEATHER", weather), "exposed.yaml").sample(1)


def height_at(exposure, x: float, y: float) -> float:
    c, r = round((x - exposure.x_m) / exposure.cell_m), round((y - exposure.y_m) / exposure.cell_m)
    return float(exposure.height[r, c])


def test_what_stands_still_shelters_and_what_drives_does_not():
    assembly = assemble(scene())
    trajectory = simulate(assembly)
    engine = open_engine(assembly.stage, 1)
    try:
        exposure = exposure_of(assembly, trajectory, engine)
    finally:
        engine.close()
    assert height_at(exposure, 5.0, 0.0) == pytest.approx(1.5, abs=0.01)
    assert height_at(exposure, 5.0, 4.0) == pytest.approx(0.0, abs=0.01)
    assert exposure.height[~np.isinf(exposure.height)].max() < 1.6, "a car on its way is no roof"


def test_a_car_is_wet_on_top_and_dry_below():
    model = model_of(get("asset", "sedan")())
    body, open_ = model.links[0].mesh, model_exposure(model)[0]
    assert body is not None
    assert len(open_) == len(body.vertices)
    z, nz = body.vertices[:, 2], body.normals[:, 2]
    # all but the foot of the aerial and the driver's crown
    assert (open_[(z > 1.35) & (nz > 0.9)] > 0.9).mean() > 0.95, "the roof"
    assert open_[(z < 0.4) & (nz < -0.9)].mean() < 0.1, "the underbody, but for its rim"
    for link, value in zip(model.links[1:], model_exposure(model)[1:], strict=True):
        if "wheel" in link.name and link.mesh is not None:
            assert value.mean() < 0.35, "wheels stand under their arches"


def test_only_weather_that_leaves_something_looks_for_what_is_open():
    for weather, there in (("", False), ("weather: [{type: fog}]", False), ("weather: [{type: snow_cover}]", True)):
        certain = scene(weather)
        assembly = assemble(certain)
        trajectory = simulate(assembly)
        with Renderer(assembly, trajectory, threads=1) as renderer:
            around = renderer.shot(nearest_ticks(certain, 0)[0]).surroundings
            assert (around.exposure is not None) == there
            assert around.stage.surfaces is not None


def test_tyres_wear_two_tracks_into_every_lane():
    """A lane along x through the origin: worn 0.78 m to both sides of its middle, and nowhere else."""
    line = np.stack([np.linspace(-20.0, 20.0, 5), np.zeros(5), np.zeros(5)], -1)
    lanes = (
        Lane(name="east/1", centerline=line),
        Lane(name="path", kind="sidewalk", centerline=line + np.array([0.0, 6.0, 0.0])),
    )
    out = worn(RoadMap(lanes=lanes), -10.0, -5.0, 0.25, (60, 81))
    across = out[:, 40]
    y = -5.0 + 0.25 * np.arange(60)
    assert across[np.abs(np.abs(y) - HALF_TREAD_M) < 0.2].min() > 0.7
    assert across[np.abs(y) < 0.2].max() < 0.3
    assert not across[np.abs(y) > 1.6].any()
    np.testing.assert_allclose(out[:, 10], out[:, 70], atol=1e-6)
