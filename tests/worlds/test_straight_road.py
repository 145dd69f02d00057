"""Roads, tables and plain ground: measures against what was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.polyline import Polyline

Road = registry.get("world", "straight_road")


def test_a_bend_has_its_radius_and_its_length() -> None:
    lane = Road(radius_m=400.0, two_way=False, lanes=1, sidewalk_width_m=0.0).build(0).map.lane("east/1")
    line = Polyline(lane.centerline)
    radius = np.hypot(lane.centerline[:, 0], lane.centerline[:, 1] - 400.0)
    np.testing.assert_allclose(radius, 400.0 + 1.75, atol=2e-3)
    assert line.length == pytest.approx(400.0 * (401.75 / 400.0), abs=0.01)
    assert float(line.headings()[-1]) > 0.0


def test_a_bend_to_the_right_turns_right() -> None:
    headings = Polyline(Road(radius_m=-400.0).build(0).map.lane("east/1").centerline).headings()
    assert headings[0] > 0.0 > headings[-1]


def test_a_motorway_has_shoulders_rails_and_no_sidewalks() -> None:
    layout = Road(highway=True).build(0)
    names = {s.class_name for s in layout.surfaces}
    assert "guard_rail" in names
    assert "sidewalk" not in names
    assert {lane.kind for lane in layout.map.lanes} == {"driving", "shoulder"}
    assert layout.map.kerbs == ()
    rails = layout.mesh.triangles[
        np.array([s.class_name for s in layout.surfaces])[layout.mesh.surface] == "guard_rail"
    ]
    assert layout.mesh.vertices[rails][..., 2].max() == pytest.approx(0.75)


def test_opposite_lanes_run_opposite_ways_on_their_own_right_side() -> None:
    road_map = Road(lanes=2).build(0).map
    east, west = (Polyline(road_map.lane(f"{d}/1").centerline) for d in ("east", "west"))
    assert float(east.at(10.0)[1]) == pytest.approx(-5.25)
    assert float(west.at(10.0)[1]) == pytest.approx(5.25)
    assert abs(float(west.heading(10.0))) == pytest.approx(np.pi)


def test_one_way_roads_have_no_oncoming_lanes() -> None:
    assert not any(lane.name.startswith("west/") for lane in Road(two_way=False).build(0).map.lanes)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"radius_m": 100.0}, "too tight; give 0 or at least 240"),
        ({"radius_m": 300.0, "length_m": 900.0}, "half a circle"),
    ],
)
def test_impossible_bends_are_refused(parameters: dict[str, float], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Road(**parameters)


def test_the_table_s_area_is_its_top() -> None:
    layout = registry.get("world", "table")(height_m=0.9, length_m=1.2, width_m=0.6).build(0)
    top = next(a for a in layout.map.areas if a.name == "table")
    assert top.kind == "support"
    np.testing.assert_allclose(top.polygon.max(0), (0.6, 0.3, 0.9))
    (table,) = layout.props
    assert table.tracked
    model = registry.get("asset", "table")(**table.parameters).build()
    assert model.box_center[2] + 0.5 * model.size[2] == pytest.approx(0.9)
    assert model.size[:2] == pytest.approx((1.2, 0.6))


def test_a_table_larger_than_its_room_is_refused() -> None:
    with pytest.raises(UserError, match="does not fit into a room of 2 x 5 m"):
        registry.get("world", "table")(room_length_m=2.0)


def test_plain_ground_takes_the_class_that_is_asked_for() -> None:
    layout = registry.get("world", "empty")(size_m=50.0, class_name="floor", material="concrete").build(0)
    assert layout.surfaces[0].class_name == "floor"
    assert layout.mesh.vertices.max() == 25.0
    assert layout.shapes[0].center[2] + 0.5 * layout.shapes[0].size[2] == 0.0
