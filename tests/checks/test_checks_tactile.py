"""The rule of tactile sensors passes on what they give, and sees what is spoiled."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_checks import spoiled

from simgen import registry
from simgen.checks import run_checks
from simgen.dataset import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.generate.sequence import write_sequence
from simgen.records.tactile import TactileFrame
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Dropout, Mount

MASS = 2.0


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A cube that rests on a pad."""
    pad = Entity(
        name="pad",
        instance=1,
        asset=registry.get("asset", "box")(size_m=(0.04, 0.04, 0.1)),
        position=(0.0, 0.0, 0.0),
        physics="static",
    )
    cube = Entity(
        name="cube",
        instance=2,
        asset=registry.get("asset", "box")(size_m=(0.01, 0.01, 0.02), mass_kg=MASS),
        position=(0.0, 0.0, 0.1),
        physics="dynamic",
    )
    skin = registry.get("sensor", "tactile")(
        name="skin",
        width=60,
        height=80,
        mount=Mount(on="pad", position_m=(0.0, 0.0, 0.1), rotation_deg=(0.0, -90.0, 0.0)),
        outputs=("ideal",),
        dropouts=(Dropout(from_s=0.05, until_s=0.08),),
    )
    scene = Scene(
        name="rest",
        seed=5,
        clock=Clock(duration_s=0.3),
        world=registry.get("world", "empty")(size_m=6.0),
        light=registry.get("light", "constant")(),
        entities=(pad, cube),
        sensors=(skin,),
    )
    path = tmp_path_factory.mktemp("tactile") / "good.h5"
    with DatasetWriter(path, scenario="simgen: 1\n", seed=5) as writer:
        write_sequence(writer, 0, scene)
    return path


def test_a_resting_cube_presses_with_its_weight(good) -> None:
    with open_dataset(good) as data:
        results = {r.rule: r for r in run_checks(data).results}
        frames = data.sequences[0].frames["skin"]
        last, silent, ideal = frames[8], frames[2], frames.variant("ideal")[8]
    assert not [r for r in results.values() if r.status == "fail"]
    assert results["tactile"].tested == 8 * (60 * 80 + 1)
    assert isinstance(last, TactileFrame)
    assert last.force[0] == pytest.approx(MASS * 9.81, rel=0.02)
    # the middle of the face, whatever overlap the solver leaves
    assert last.indentation.max() == pytest.approx(0.05e-3 * MASS * 9.81, abs=0.03e-3)
    assert set(np.unique(last.instance)) == {0, 2}
    assert isinstance(ideal, TactileFrame)
    assert ideal.indentation is None
    assert 0 < (ideal.rgb != last.rgb).mean() < 0.95
    assert silent.status == 1
    assert not silent.rgb.any()
    assert silent.indentation.any()


@pytest.mark.parametrize(
    ("name", "change", "expected", "words"),
    [
        ("force", lambda f: f * 1.01, {"tactile"}, "contacts add up to"),
        ("indentation", lambda d: d + np.float32(0.004995), {"tactile"}, "mm deep under"),
        ("indentation", lambda d: -d, {"tactile"}, "mm deep under"),
        ("indentation", lambda d: d * 0, {"tactile"}, "is 0 mm deep"),
        ("indentation", lambda d: d * np.nan, {"tactile", "finite"}, "is nan mm deep"),
        ("semantic", lambda s: s // 2, {"semantic_class"}, "instance 2"),
        ("instance", lambda i: i * 40, {"ids"}, "80"),
    ],
)
def test_what_is_spoiled_is_seen(name, change, expected, words, good, tmp_path) -> None:
    found = spoiled(good, tmp_path, f"frames/skin/{name}", change)
    assert set(found) == expected, found
    assert any(words in first for first in found.values()), found


def test_a_force_without_contacts_is_seen(good, tmp_path) -> None:
    found = spoiled(good, tmp_path, "contacts/normal_force", lambda f: f * 0)
    assert set(found) == {"tactile", "measures"}, found
