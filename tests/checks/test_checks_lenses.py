"""Every rule about cameras passes on every lens, and sees a lens that is not the stored one."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_checks import spoiled

from simgen import registry
from simgen.checks import run_checks
from simgen.dataset import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.generate.sequence import write_sequence
from simgen.scene import Clock, Entity, Scene
from simgen.sensors._camera_lens import Lens
from simgen.sensors.base import Mount

MOUNT = Mount(on="world", position_m=(-6.0, 0.0, 1.2))
LENSES = {
    "pin": {"hfov_deg": 80.0},
    "brown": {"hfov_deg": 100.0, "lens": Lens(model="brown_conrady", k1=-0.06, k2=0.002, p1=0.003)},
    "fish": {"hfov_deg": 200.0, "lens": Lens(model="kannala_brandt", k1=0.02, k2=-0.004), "readout_s": 0.02},
    "pano": {"lens": Lens(model="equirectangular")},
}
#: rules that compare pixels with something else
GEOMETRY = ("flow", "depth_lidar", "box_px", "visible_fraction")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Boxes around a row of cameras on a moving carrier, and a lidar."""
    camera, box = registry.get("sensor", "camera"), registry.get("asset", "box")
    ride = Mount(on="cart", position_m=(0.0, 0.0, 1.2))
    cameras = [
        camera(name=name, width=160, height=80, mount=ride, rate_hz=10.0, outputs=("flow",), **lens)
        for name, lens in LENSES.items()
    ]
    lidar = registry.get("sensor", "lidar")(name="top", model="vlp-16", mount=ride, rate_hz=10.0)
    things = [
        Entity(name=f"box{k}", instance=k + 1, asset=box(size_m=(1.0, 0.8, 1.6)), position=(x, y, 0.8))
        for k, (x, y) in enumerate([(0.0, 1.0), (-6.0, 4.0), (-11.0, 0.3), (-7.0, -3.0)])
    ]
    cart = Entity(
        name="cart",
        instance=9,
        asset=box(size_m=(0.6, 0.4, 0.4)),
        position=(-6.0, 0.0, 0.2),
        behaviour=registry.get("behaviour", "drive_straight")(speed_m_s=3.0),
    )
    scene = Scene(
        name="lenses",
        seed=5,
        clock=Clock(duration_s=0.25),
        world=registry.get("world", "empty")(size_m=60.0),
        light=registry.get("light", "constant")(),
        entities=(*things, cart),
        sensors=(*cameras, lidar),
    )
    path = tmp_path_factory.mktemp("lenses") / "good.h5"
    with DatasetWriter(path, scenario="simgen: 1\n", seed=5) as writer:
        write_sequence(writer, 0, scene)
    return path


def test_all_rules_pass(good):
    with open_dataset(good) as data:
        report = run_checks(data)
        frames = data.sequences[0].frames
        assert frames["pin"][0].range is None
        assert frames["fish"][0].depth is None
        assert frames["fish"].calibration_true["model"] == "kannala_brandt"
        assert frames["fish"].calibration_true["distortion"] == [0.02, -0.004, 0.0, 0.0]
    results = {r.rule: r for r in report.results}
    assert not [r for r in results.values() if r.status == "fail"]
    for rule in GEOMETRY:
        assert results[rule].status == "pass"
    assert results["flow"].tested > 4 * 2000


@pytest.mark.parametrize("name", LENSES)
def test_a_lens_that_is_not_the_stored_one_is_found(good, tmp_path, name):
    assert "flow" in spoiled(good, tmp_path, f"frames/{name}/K", lambda K: K * np.array([1.05, 1.05, 1.0])[:, None])
