"""Worlds made of other worlds: paint wears exactly as told, holes are as large as their outlines, lights are dark."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.geometry import cross
from simgen.physics.signals import signal_states
from simgen.polyline import polygon_area
from simgen.records.layout import WorldLayout
from simgen.records.roads import SIGNAL_STATES, RoadMap
from simgen.worlds.faulty_signals import FaultySignals
from simgen.worlds.intersection import Intersection
from simgen.worlds.pitted import Pit, Pitted
from simgen.worlds.repainted import Repainted
from simgen.worlds.straight_road import StraightRoad


def area(layout: WorldLayout, name: str) -> float:
    """Area of a class, seen from above."""
    mesh, names = layout.mesh, np.array([s.class_name for s in layout.surfaces])
    corners = mesh.vertices[mesh.triangles[names[mesh.surface] == name]].astype(np.float64)
    return float(0.5 * np.abs(cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]).sum())


ROAD = StraightRoad(length_m=80.0, lanes=1)


@pytest.mark.parametrize("left", [0.0, 0.3, 0.8])
def test_exactly_the_share_of_the_paint_is_left(left: float) -> None:
    before, after = ROAD.build(3), Repainted(of=ROAD, left=left).build(3)
    assert area(after, "lane_marking") / area(before, "lane_marking") == pytest.approx(left, abs=0.002)
    assert area(after, "road") == pytest.approx(area(before, "road"), rel=1e-6)
    # the lanes tell what became of the lines beside them, which lie within what was taken of the whole road
    assert {lane.paint_left < 1.0 for lane in after.map.lanes if lane.kind == "driving"} == {True}
    assert all(abs(lane.paint_left - left) < 0.2 for lane in after.map.lanes if lane.kind == "driving")


def test_pale_paint_lies_between_new_paint_and_road() -> None:
    after = Repainted(of=ROAD, left=1.0, contrast=0.25).build(3)
    paint = next(s for s in after.surfaces if s.class_name == "lane_marking")
    assert paint.base_color[0] == pytest.approx(0.09 + 0.25 * (0.70 - 0.09))


@pytest.mark.parametrize("yaw_deg", [0.0, 40.0])
def test_a_hole_takes_its_outline_out_of_the_road_and_the_paint(yaw_deg: float) -> None:
    pit = Pit(at_m=(4.0, 0.0, 0.0), yaw_deg=yaw_deg, length_m=1.4, width_m=0.9, variant=5)
    before, after = ROAD.build(1), Pitted(of=ROAD, pits=(pit,)).build(1)
    # slivers of a few square centimetres are left out where triangles are cut
    assert area(before, "road") - area(after, "road") == pytest.approx(abs(polygon_area(pit.outline)), abs=0.004)
    assert area(after, "lane_marking") < area(before, "lane_marking")


def test_faulty_lights_show_what_they_should_and_nobody_obeys() -> None:
    dark = FaultySignals(of=Intersection(lanes=1)).build(0).map.signals
    assert {s.state(t) for s in dark for t in (0.0, 3.3, 17.0)} == {"off"}
    flashing = FaultySignals(of=Intersection(lanes=1), fault="flashing_yellow").build(0).map.signals
    times = np.arange(0, 4_000_000_000, 50_000_000)
    told = [[SIGNAL_STATES.index(s.state(t * 1e-9)) for s in flashing] for t in times.tolist()]
    np.testing.assert_array_equal(signal_states(RoadMap(signals=flashing), times), told)
    assert {s.obeyed(t) for s in flashing for t in (0.1, 0.6)} == {"off"}
    both = FaultySignals(of=Intersection(lanes=1), fault="conflicting", phase_s=2.0).build(0).map.signals
    assert [s.state(5.0) for s in both] == ["green", "green"]
    with pytest.raises(UserError, match="no traffic lights"):
        FaultySignals(of=ROAD).build(0)
