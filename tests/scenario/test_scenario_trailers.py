"""Trailers in a scene file: entities of their own, room for both, faults with a way out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.assembly import assemble, model_of
from simgen.errors import SceneError
from simgen.physics import simulate
from simgen.scenario import loads

TEXT = """
simgen: 1
clock: {{duration_s: 1.0}}
world: {{type: intersection, lanes: 2}}
objects:
  - name: lorry
    asset: tractor_unit
    trailer: {{asset: {trailer}}}
    place: {{on: lane, lane: east/1, at_m: 50}}
    behaviour: {{type: follow_lane, speed_m_s: 8}}
  - {{name: behind, asset: sedan, count: 3, place: {{on: lane, lane: east/1}}}}
"""


def test_a_trailer_is_an_entity_that_follows_and_nothing_stands_in_it() -> None:
    scene = loads(TEXT.format(trailer="{type: semitrailer, body: tanker}"), "t.yaml").sample(3)
    trailer = scene.entity("lorry/semitrailer")
    assert (trailer.towed_by, trailer.parent, trailer.leader) == ("lorry", None, "lorry")
    assert model_of(trailer.asset).class_name == "trailer"
    lorry = scene.entity("lorry")
    assert math.dist(lorry.position[:2], trailer.position[:2]) == pytest.approx(7.7 - 0.58, abs=1e-6)
    for other in scene.group("behind"):
        gap = lorry.position[0] - other.position[0]
        assert gap > 14.0 or gap < -8.0
    trajectory = simulate(assemble(scene))
    a, b = (
        int(trajectory.actor_body[[e.name for e in scene.entities].index(n)]) for n in ("lorry", "lorry/semitrailer")
    )
    apart = trajectory.position[:, a] - trajectory.position[:, b]
    np.testing.assert_allclose(np.sqrt((apart**2).sum(-1)), 7.12, atol=0.02)
    assert len(trajectory.contacts.time_ns) == 0


def test_what_does_not_couple_is_a_fault_at_its_line() -> None:
    with pytest.raises(SceneError, match=r"t\.yaml:8:14: trailer does not fit tractor_unit"):
        loads(TEXT.format(trailer="{type: trailer, kind: caravan}"), "t.yaml").sample(3)
    with pytest.raises(SceneError, match="sedan is no trailer"):
        loads(TEXT.format(trailer="sedan"), "t.yaml").sample(3)
