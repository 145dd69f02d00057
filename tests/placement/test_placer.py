"""Placing: nothing overlaps, everything stays inside, equal seeds give equal places, and a full place is an error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen import registry
from simgen.errors import UserError
from simgen.geometry import yaw_of
from simgen.placement import Footprint, Place, Placement, Placer
from simgen.placement._areas import footprint_inside
from simgen.polyline import Polyline, inside_polygon
from simgen.records.model import Model
from simgen.records.roads import Area, Kerb, RoadMap
from simgen.rng import stream

CROSSING = registry.get("world", "intersection")().build(1).map


def model(length: float, width: float, height: float, rear: float | None = None) -> Model:
    """A box; with ``rear``, its root lies that far ahead of its rear end, as a car's does."""
    ahead = 0.0 if rear is None else 0.5 * length - rear
    size, center = (length, width, height), (ahead, 0.0, 0.5 * height)
    return Model(name="box", class_name="object", links=(), surfaces=(), size=size, box_center=center)


CAR, PERSON, CUP = model(4.6, 1.9, 1.5, rear=0.9), model(0.5, 0.6, 1.75), model(0.08, 0.08, 0.1)


def fill(placer: Placer, place: Place, what: Model, count: int, seed: int, group: str = "thing") -> list[Placement]:
    return [placer.place(place, what, f"{group}/{k}", stream(seed, "place", group, k)) for k in range(count)]


def assert_apart(placed: list[Placement]) -> None:
    for k, a in enumerate(placed):
        for b in placed[k + 1 :]:
            assert not a.footprint.overlaps(b.footprint), (a, b)


PLACES = {
    "lane": (Place(on="lane", gap_m=1.0), CAR, 20),
    "kerb": (Place(along="kerb", gap_m=0.7), CAR, 20),
    "sidewalk": (Place(on="sidewalk"), PERSON, 60),
    "junction": (Place(inside="junction"), CAR, 6),
    "crosswalk": (Place(on="crosswalk/west"), PERSON, 12),
    "kerb, sidewalk": (Place(along="kerb", side="sidewalk"), PERSON, 20),
}


@pytest.mark.parametrize("name", PLACES)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_nothing_overlaps(name: str, seed: int) -> None:
    place, what, count = PLACES[name]
    placer = Placer(CROSSING)
    placed = fill(placer, place, what, count, seed) + fill(placer, Place(on="road"), PERSON, 10, seed, "others")
    assert_apart(placed)


@pytest.mark.parametrize("name", PLACES)
def test_equal_seeds_give_equal_places(name: str) -> None:
    place, what, count = PLACES[name]
    first, second = (fill(Placer(CROSSING), place, what, count, 5) for _ in range(2))
    assert first == second
    assert first != fill(Placer(CROSSING), place, what, count, 6)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_everyone_stays_on_the_sidewalk_and_at_its_height(seed: int) -> None:
    areas = [a.polygon for a in CROSSING.areas if a.kind == "sidewalk"]
    for placement in fill(Placer(CROSSING), Place(on="sidewalk"), PERSON, 15, seed):
        assert any(footprint_inside(polygon, placement.footprint) for polygon in areas)
        assert placement.position[2] == pytest.approx(0.12)


def test_parked_cars_stand_by_the_kerb_in_a_row_with_their_gaps() -> None:
    placed = fill(Placer(CROSSING), Place(along="kerb", kerb="east", gap_m=1.5), CAR, 5, 3)
    kerb = next(k for k in CROSSING.kerbs if k.name == "east")
    line = Polyline(kerb.line)
    for placement in placed:
        corners = placement.footprint.corners()
        s, lateral = line.closest(corners)
        assert 0.2 - 1e-9 <= lateral.min() <= 0.4 + 1e-9
        assert s.max() <= kerb.keep_clear_m[0][0] + 1e-9
        assert float(yaw_of(placement.quaternion)) == pytest.approx(0.0, abs=1e-9)
        assert placement.position[2] == 0.0
    along = sorted(float(line.closest((p.footprint.x, p.footprint.y))[0]) for p in placed)
    gaps = np.diff(along) - 4.6
    # every row keeps its gap exactly; between the end of a row and the next one there is more
    assert (gaps > 1.5 - 1e-6).all()
    assert (np.abs(gaps - 1.5) < 1e-6).sum() >= 2


def test_a_kerb_against_the_traffic() -> None:
    placer = Placer(CROSSING)
    placement = placer.place(Place(along="kerb", lane="north/1", heading="against"), CAR, "a", stream(0, "a"))
    assert float(yaw_of(placement.quaternion)) == pytest.approx(-0.5 * math.pi)


def test_at_m_runs_on_through_the_junction() -> None:
    placer = Placer(CROSSING)
    near = placer.place(Place(on="lane", lane="east/1", at_m=30.0), CAR, "near", stream(0, "a"))
    far = placer.place(Place(on="lane", lane="east/1", at_m=150, lateral_m=0.4), CAR, "far", stream(0, "b"))
    assert near.position == pytest.approx((-60.0, -5.25, 0.0))
    assert near.lane == "east/1"
    assert far.position == pytest.approx((60.0, -4.85, 0.0))
    assert far.lane == "east/1/exit"


def test_a_platoon_keeps_its_gap() -> None:
    placed = fill(Placer(CROSSING), Place(on="lane", lane="north/2", at_m=5, gap_m=3.0), CAR, 4, 0)
    assert [p.position[1] for p in placed] == pytest.approx([-85.0 + k * 7.6 for k in range(4)])


def test_drawn_cars_keep_out_of_the_junction_and_on_their_lane() -> None:
    junction = next(a.polygon for a in CROSSING.areas if a.name == "junction")
    for placement in fill(Placer(CROSSING), Place(on="lane", gap_m=2.0), CAR, 25, 9):
        assert not inside_polygon(junction, placement.footprint.corners()).any()
        line = Polyline(CROSSING.lane(placement.lane).centerline)
        assert abs(float(line.closest(placement.position)[1])) < 1e-6


def test_heading_against_turns_a_car_round() -> None:
    placer = Placer(CROSSING)
    placement = placer.place(Place(on="lane", lane="east/1", at_m=50, heading="against"), CAR, "a", stream(0, "a"))
    assert abs(float(yaw_of(placement.quaternion))) == pytest.approx(math.pi)


def test_a_point_on_the_sidewalk_takes_its_height() -> None:
    placer = Placer(CROSSING)
    there = placer.place(Place(at_m=(-50.0, -10.5), yaw_deg=90.0), PERSON, "a", stream(0, "a"))
    assert there.position == pytest.approx((-50.0, -10.5, 0.12))
    assert float(yaw_of(there.quaternion)) == pytest.approx(0.5 * math.pi)


def test_a_taken_point_names_who_stands_there() -> None:
    placer = Placer(CROSSING)
    placer.place(Place(at_m=(0.0, 0.0, 0.0)), CAR, "first", stream(0, "a"))
    with pytest.raises(UserError, match=r"no room for 'second'.*would have touched first.*may_overlap"):
        placer.place(Place(at_m=(1.0, 0.0, 0.0)), CAR, "second", stream(0, "b"))
    placer.place(Place(at_m=(1.0, 0.0, 0.0), may_overlap=True), CAR, "third", stream(0, "c"))


def table_map() -> RoadMap:
    outline = np.array([(-0.5, -0.3, 0.7), (0.5, -0.3, 0.7), (0.5, 0.3, 0.7), (-0.5, 0.3, 0.7)])
    return RoadMap(areas=(Area(name="table", kind="support", polygon=outline),))


def test_things_on_a_table_stay_on_it_apart() -> None:
    placed = fill(Placer(table_map()), Place(on="table", clearance_m=0.02), CUP, 20, 1)
    assert_apart(placed)
    for p in placed:
        assert p.footprint.z_min == pytest.approx(0.7)
        assert np.abs(p.footprint.corners()).max(0) == pytest.approx([0.5, 0.3], abs=0.5)
        assert (np.abs(p.footprint.corners()) <= [0.5, 0.3]).all()


def test_dropped_things_start_in_layers_and_never_in_each_other() -> None:
    place = Place(on="table", drop_m=0.1, tumble=True, clearance_m=0.01)
    placed = fill(Placer(table_map()), place, model(0.2, 0.15, 0.1), 40, 2)
    assert_apart(placed)
    assert min(p.footprint.z_min for p in placed) >= 0.8 - 1e-9
    assert max(p.footprint.z_min for p in placed) > 0.95


def test_tumbling_is_uniform_over_rotations() -> None:
    place = Place(inside="floor", tumble=True, may_overlap=True)
    outline = np.array([(-5, -5, 0), (5, -5, 0), (5, 5, 0), (-5, 5, 0)], float)
    placer = Placer(RoadMap(areas=(Area(name="floor", kind="region", polygon=outline),)))
    q = np.array([p.quaternion for p in fill(placer, place, CUP, 1500, 3)])
    # for a uniform rotation E[q q^T] = 1/4
    moments = (q[:, :, None] * q[:, None, :]).mean(0)
    np.testing.assert_allclose(moments, np.eye(4) / 4.0, atol=0.03)


def test_one_may_stand_on_what_was_placed_before() -> None:
    placer = Placer(RoadMap())
    placer.add("shelf", model(1.0, 0.4, 1.2), (3.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))
    cup = placer.place(Place(on="shelf"), CUP, "cup", stream(0, "cup"))
    assert cup.position[2] == pytest.approx(1.2)
    assert abs(cup.position[0] - 3.0) < 0.5


def test_places_in_a_region_are_uniform() -> None:
    """Chi-square over a grid of 5 by 5 cells of the square in which a centre may lie."""
    outline = np.array([(0, 0, 0), (10, 0, 0), (10, 10, 0), (0, 10, 0)], float)
    placer = Placer(RoadMap(areas=(Area(name="field", kind="region", polygon=outline),)))
    place = Place(inside="field", yaw_deg=0.0, may_overlap=True)
    xy = np.array([p.position[:2] for p in fill(placer, place, model(2.0, 2.0, 1.0), 2500, 4)])
    assert xy.min() >= 1.0
    assert xy.max() <= 9.0
    counts, _, _ = np.histogram2d(xy[:, 0], xy[:, 1], bins=5, range=[[1, 9], [1, 9]])
    chi2 = ((counts - 100.0) ** 2 / 100.0).sum()
    # 24 degrees of freedom: 0.1 % above 51.2
    assert chi2 < 51.2


def test_places_are_uniform_over_several_areas_by_size() -> None:
    small = np.array([(0, 0, 0), (10, 0, 0), (10, 10, 0), (0, 10, 0)], float)
    large = small * [3.0, 1.0, 1.0] + [20.0, 0.0, 0.0]
    areas = tuple(Area(name=f"lot/{k}", kind="region", polygon=p) for k, p in enumerate((small, large)))
    placer = Placer(RoadMap(areas=areas))
    xy = np.array([p.position[:2] for p in fill(placer, Place(inside="lot", may_overlap=True), CUP, 2000, 4)])
    share = float((xy[:, 0] < 15.0).mean())
    assert abs(share - 0.25) < 4.0 * math.sqrt(0.25 * 0.75 / 2000)


@pytest.mark.parametrize(
    ("place", "what", "words"),
    [
        (
            Place(on="crosswalk/west"),
            CAR,
            r"on 'crosswalk/west' \(\d+ of this kind fitted\).*area\(s\) of .* m2.*count",
        ),
        (
            Place(along="kerb", kerb="east", gap_m=1.0),
            CAR,
            r"along kerb 'east' \(\d+ of this.*m of kerb.*lower its count",
        ),
        (
            Place(on="lane", lane="east/1", gap_m=2.0),
            CAR,
            r"on lane 'east/1' \(\d+ of this.*1 lane\(s\) of 69 m.*gap_m",
        ),
    ],
)
def test_a_full_place_says_how_many_fitted_and_what_to_do(place: Place, what: Model, words: str) -> None:
    with pytest.raises(UserError, match=words):
        fill(Placer(CROSSING), place, what, 100, 0)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(on="lane", lane="easst/1"), "no lane 'easst/1'; did you mean 'east/1'"),
        (Place(along="kerb", kerb="eastt"), "no kerb 'eastt'; did you mean 'east'"),
        (Place(inside="junctoin"), "called 'junctoin'; did you mean 'junction'"),
        (Place(on="lane", lane="east/1", at_m=500.0), "at_m 500 is beyond lane 'east/1', which is 180.0 m long"),
    ],
)
def test_unknown_names_are_told(place: Place, words: str) -> None:
    with pytest.raises(UserError, match=words):
        Placer(CROSSING).place(place, CAR, "car", stream(0, "x"))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "say where"),
        ({"on": "lane", "inside": "junction"}, "on and in contradict"),
        ({"on": "sidewalk", "at_m": 3.0}, "distance along a lane or kerb"),
        ({"at_m": (1.0,)}, "two or three numbers"),
        ({"at_m": (1.0, 2.0), "lane": "east/1"}, "needs no on, in, along"),
        ({"on": "table", "yaw_deg": 3.0, "tumble": True}, "only one of"),
    ],
)
def test_contradictions_are_told(keys: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Place(**keys)  # type: ignore[arg-type]


def test_obstacles_of_the_world_are_kept_clear() -> None:
    wall = Footprint(x=0.0, y=0.0, half_length=50.0, half_width=4.0, name="wall")
    outline = np.array([(-5, -5, 0), (5, -5, 0), (5, 5, 0), (-5, 5, 0)], float)
    placer = Placer(RoadMap(areas=(Area(name="yard", kind="region", polygon=outline),)), [wall])
    for p in fill(placer, Place(inside="yard", clearance_m=0.05), CUP, 30, 0):
        assert abs(p.position[1]) > 4.0


def test_hundreds_find_their_places_quickly() -> None:
    road_map = RoadMap(kerbs=(Kerb(name="k", line=np.array([[0.0, 0, 0], [1200.0, 0, 0]])),))
    placed = fill(Placer(road_map), Place(along="kerb", gap_m=0.5), CAR, 200, 0)
    assert len(placed) == 200
    assert_apart(placed)
