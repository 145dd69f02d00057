"""Furniture of streets: it takes no draw from houses and trees, stands sparsely, and gates lie over the right lane."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from simgen.assembly import model_of, rest_mesh
from simgen.geometry import quat_from_yaw, transform
from simgen.polyline import Polyline
from simgen.records.layout import Prop
from simgen.registry import get
from simgen.worlds._kerb_things import THINGS, kerb_things

LINE = Polyline([(0.0, 0.0), (4000.0, 0.0)])


def tree(s: float) -> Prop:
    return Prop(asset="tree", name=f"tree/{s}", position=(s, -0.75, 0.0))


def test_things_are_as_frequent_as_their_spacing_says_and_keep_clear_of_trees() -> None:
    trees = [tree(s) for s in np.arange(5.0, 4000.0, 14.0)]
    found = [*kerb_things("kerb", LINE, (0.0, 4000.0), 0.1, 3.6, trees, 1)]
    count = Counter(prop.asset for prop in found)
    for thing in THINGS:
        if thing.asset != "advertising":
            assert count[thing.asset] == pytest.approx(4000.0 / thing.every_m, rel=0.25, abs=2.0), thing.asset
    at, stems = np.array([p.position[0] for p in found]), np.array([t.position[0] for t in trees])
    assert np.abs(at[:, None] - stems).min() > 1.0
    assert all(-1.3 < p.position[1] < -0.2 and p.position[2] == 0.1 for p in found)


def test_narrow_sidewalks_have_little() -> None:
    assert {p.asset for p in kerb_things("kerb", LINE, (0.0, 4000.0), 0.1, 2.0, (), 1)} == {"fire_hydrant", "mailbox"}
    assert not [*kerb_things("kerb", LINE, (0.0, 4000.0), 0.1, 1.5, (), 1)]


@pytest.mark.parametrize("closed", [True, False])
def test_gates_lie_over_the_lanes_that_come_or_stand_upright(closed: bool) -> None:
    layout = get("world", "level_crossing")(closed=closed).build(0)
    gates = [p for p in layout.props if p.asset == "level_crossing_gate"]
    assert len(gates) == 2
    assert all(p.tracked for p in gates)
    for prop in gates:
        points = transform(
            np.array(prop.position),
            quat_from_yaw(prop.yaw_rad),
            rest_mesh(model_of(get("asset", prop.asset)(**prop.parameters))).vertices,
        )
        coming = -1.0 if prop.position[0] < 0.0 else 1.0
        over = points[(points[:, 1] * coming > 0.3) & (points[:, 1] * coming < 3.0)]
        assert (len(over) > 0) == closed
        assert not (points[:, 1] * coming < -0.3).any()
        if closed:
            assert ((over[:, 2] - prop.position[2] > 0.8) & (over[:, 2] - prop.position[2] < 1.2)).all()


def test_a_city_block_has_lawns_in_its_yards_and_around_it() -> None:
    layout = get("world", "city_block")().build(0)
    grass = [k for k, s in enumerate(layout.surfaces) if s.texture == "grass" or s.class_name == "terrain"]
    corners = layout.mesh.vertices[layout.mesh.triangles[np.isin(layout.mesh.surface, grass)]].astype(float)
    low, high = corners.min(1), corners.max(1)
    for x, y in ((-48.0, -42.0), (48.0, 42.0), (0.0, 150.0), (-190.0, 3.0)):
        assert ((low[:, 0] <= x) & (high[:, 0] >= x) & (low[:, 1] <= y) & (high[:, 1] >= y)).any(), (x, y)
