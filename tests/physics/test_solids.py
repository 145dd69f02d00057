"""Boxes about actors, the sieve of contacts, hold the boxes of all their parts at every step."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.physics import simulate
from simgen.physics.solids import Solid
from simgen.scenario import loads

SCENE = """
simgen: 1
name: solids
clock: {duration_s: 0.4, rate_hz: 5}
world: {type: straight_road}
objects:
  - {name: car, asset: sedan, place: {at_m: [0, 0], yaw_deg: 30}, behaviour: {type: drive_straight, speed_m_s: 9}}
  - {name: person, asset: pedestrian, place: {at_m: [9, 3]}, behaviour: {type: drive_straight, speed_m_s: 1.4}}
  - {name: parked, asset: sedan, place: {at_m: [40, 0], yaw_deg: 75}}
"""


@pytest.mark.parametrize("name", ["car", "person", "parked"])
def test_extent_holds_every_part(name: str) -> None:
    assembly = assemble(loads(SCENE, "solids.yaml").sample(0))
    t = simulate(assembly)
    root = assembly.body(name)
    solid = Solid.of(assembly.model(name))
    steps = np.arange(len(t.time_ns))
    low, high = solid.extent(t, root)
    part_low, part_high = solid.part_boxes(t, root, steps)
    assert len(low) == (1 if name == "parked" else len(steps))
    assert (low[:, None] <= part_low).all()
    assert (high[:, None] >= part_high).all()
    # and is not much larger: no wider than a box about the boxes of the links
    assert (part_low.min(1) - low).max() < 0.3
    position, _ = solid.part_poses(t, root, steps, np.zeros(len(steps), np.int64))
    assert ((position > part_low[:, 0] - 1e-9) & (position < part_high[:, 0] + 1e-9)).all()
