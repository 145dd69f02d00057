"""Street grids, in which every lane has one before it, still have lanes to stand on."""

from __future__ import annotations

import numpy as np

from simgen.scenario import loads

SCENE = """
simgen: 1
world: {type: city_block}
objects:
  - {name: car, asset: sedan, count: 6, place: {on: lane}}
"""


def test_cars_stand_on_lanes_of_a_grid_and_not_in_junctions():
    scene = loads(SCENE, "grid.yaml").sample(2)
    from simgen.assembly import layout_of

    lanes = {lane.name: lane for lane in layout_of(scene).map.lanes}
    assert len({e.lane for e in scene.entities if e.group == "car"}) > 2
    for entity in scene.entities:
        if entity.group == "car":
            lane = lanes[entity.lane]
            assert lane.kind == "driving"
            assert not lane.junction
            off = np.linalg.norm(lane.centerline[:, :2] - np.array(entity.position[:2]), axis=1).min()
            assert off < 6.0
