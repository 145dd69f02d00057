"""The motorway's ramps: ways off it and onto it, and no ground missing or doubled between them."""

from __future__ import annotations

import numpy as np
import pytest

from simgen import registry
from simgen.placement.route import route_from
from simgen.polyline import Polyline

World = registry.get("world", "motorway")
LAYOUT = World(length_m=1000.0, tree_spacing_m=0.0, rails=False).build(5)


def test_one_leaves_and_one_joins() -> None:
    out = [s.lane.name for s in route_from(LAYOUT.map, "main/diverge").stretches]
    assert out == ["main/diverge", "main/s3/1", "exit/1"]
    into = [s.lane.name for s in route_from(LAYOUT.map, "entry/1").stretches]
    assert into == ["entry/1", "main/s7/1", "main/merge", "main/s9/1"]
    assert "main/diverge" in LAYOUT.map.lane("main/1").successors
    assert LAYOUT.map.lane("main/merge").gives_way_to == ("main/s8/1",)
    through = [s.lane.name for s in route_from(LAYOUT.map, "main/2").stretches]
    assert len(through) == 9
    assert through[-1] == "main/s9/2"


def test_ramps_leave_gently_and_keep_off_the_main_road() -> None:
    main = Polyline(np.concatenate([LAYOUT.map.lane(f"main/s{k}/1").centerline for k in (4, 5)]))
    ramp = Polyline(LAYOUT.map.lane("exit/1").centerline)
    away = np.abs(main.closest(ramp.points)[1])
    assert away[0] == pytest.approx(3.75, abs=0.05)
    assert (np.diff(away) > -1e-3).all()
    assert np.abs(np.gradient(ramp.headings(), ramp.s)).max() < 1.0 / 150.0


def test_the_ground_around_the_nose_is_whole_and_single() -> None:
    """Upward area of everything but paint, in a box round the exit's nose, against that of the box: nothing twice."""
    mesh = LAYOUT.mesh
    names = np.array([s.class_name for s in LAYOUT.surfaces])[mesh.surface]
    corners = mesh.vertices[mesh.triangles].astype(float)
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = 0.5 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    ground = area[~np.isin(names, ["lane_marking"])].sum()
    low, high = mesh.vertices.min(0).astype(float), mesh.vertices.max(0).astype(float)
    # flanges below the joints, 0.3 m wide, are the only ground that lies twice
    assert ground == pytest.approx((high[0] - low[0]) * (high[1] - low[1]), rel=2.5e-3)
