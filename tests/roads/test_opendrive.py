"""OpenDRIVE: geometry against closed forms, round trips, hostile and broken files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.placement.route import route_from
from simgen.polyline import Polyline
from simgen.roads import Crossing, Network, Section, Street, plan_streets
from simgen.roads.build import build_map
from simgen.roads.opendrive import read_opendrive
from simgen.roads.opendrive_write import network_to_opendrive

SHIPPED = Path(__file__).parents[2] / "scenes" / "roads" / "town.xodr"

ALL_CURVES = """<?xml version="1.0"?>
<OpenDRIVE>
 <header revMajor="1" revMinor="5"><geoReference><![CDATA[+proj=tmerc +lat_0=48 +lon_0=11]]></geoReference></header>
 <road name="" length="130" id="7" junction="-1" rule="RHT">
  <type s="0" type="town"><speed max="50" unit="km/h"/></type>
  <planView>
   <geometry s="0" x="10" y="5" hdg="0" length="30"><line/></geometry>
   <geometry s="30" x="40" y="5" hdg="0" length="50"><arc curvature="0.02"/></geometry>
   <geometry s="80" x="{x1}" y="{y1}" hdg="1" length="50"><spiral curvStart="0.02" curvEnd="0"/></geometry>
  </planView>
  <elevationProfile><elevation s="0" a="1" b="0.02" c="0" d="0"/></elevationProfile>
  <lanes>
   <laneOffset s="0" a="0.5" b="0" c="0" d="0"/>
   <laneSection s="0">
    <left><lane id="1" type="driving" level="false"><width sOffset="0" a="3" b="0" c="0" d="0"/>
      <speed sOffset="0" max="30" unit="mph"/></lane></left>
    <center><lane id="0" type="none">
      <roadMark sOffset="0" type="solid broken" color="yellow" width="0.15"/></lane></center>
    <right>
     <lane id="-1" type="driving" level="false"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane>
     <lane id="-2" type="biking" level="false"><width sOffset="0" a="1.5" b="0" c="0" d="0"/></lane>
     <lane id="-3" type="sidewalk" level="false"><width sOffset="0" a="2" b="0" c="0" d="0"/>
       <height sOffset="0" inner="0.15" outer="0.15"/></lane>
    </right>
   </laneSection>
  </lanes>
  <objects>
   <object type="parkingSpace" id="p" s="10" t="8" hdg="0" length="5" width="2.5" zOffset="0"/>
  </objects>
 </road>
</OpenDRIVE>
"""
ARC_END = {"x1": 40 + 50 * np.sin(1.0), "y1": 5 + 50 * (1 - np.cos(1.0))}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "map.xodr"
    path.write_text(text)
    return path


def test_lane_middles_are_those_of_the_closed_form(tmp_path: Path) -> None:
    found = read_opendrive(written(tmp_path, ALL_CURVES.format(**ARC_END)))
    road_map = build_map(found.network)
    right, left = (Polyline(road_map.lane(name).centerline) for name in ("road_7/1", "road_7/back/1"))
    assert found.georeference.startswith("+proj=tmerc")
    # straight: 0.5 m of offset, half a lane to the right; the other one to the left, against it
    np.testing.assert_allclose(right.points[0], [10.0, 5.0 + 0.5 - 1.75, 1.0], atol=1e-9)
    np.testing.assert_allclose(left.points[-1], [10.0, 5.0 + 0.5 + 1.5, 1.0], atol=1e-9)
    # on the arc: on a circle about its centre, with the height of the road
    s = 30.0 + 25.0
    on_arc = right.points[np.argmin(np.abs(right.points[:, 2] - (1.0 + 0.02 * s)))]
    assert np.hypot(on_arc[0] - 40.0, on_arc[1] - 55.0) == pytest.approx(50.0 + 1.25, abs=1e-6)
    # the clothoid turns by half its first curvature times its length
    assert right.headings()[-1] == pytest.approx(1.5, abs=0.01)
    assert road_map.lane("road_7/1").speed_limit_m_s == pytest.approx(50 / 3.6)
    assert road_map.lane("road_7/back/1").speed_limit_m_s == pytest.approx(30 * 0.44704)
    assert road_map.lane("road_7/bike/1").kind == "bike"
    strip = found.network.roads[0].sections[0].right[2]
    assert (strip.kind, strip.height_m) == ("sidewalk", 0.15)
    center = found.network.roads[0].sections[0].center
    assert (center.kind, center.color, center.width_m) == ("solid_broken", "yellow", 0.15)
    (space,) = found.objects
    np.testing.assert_allclose(space.outline.mean(0), [20.0, 13.0, 1.2], atol=1e-9)


def plan(left_hand: bool = False) -> Network:
    nodes = {
        "w": (-95.0, 10.0, 2.0), "o": (0.0, 0.0, 0.0), "e": (90.0, -20.0, -2.0), "n": (10.0, 60.0, 1.0),
        "m": (30.0, 140.0, 3.0), "x": (-70.0, 80.0, 4.0),
    }  # fmt: skip
    town = Section(lanes=1, parking_m=2.0, sidewalk_m=2.5)
    streets = [
        Street(
            name="a", start="w", end="o", section=Section(lanes=2, sidewalk_m=2.0), via=((-50.0, 0.0),), bend_m=60.0
        ),
        Street(name="b", start="o", end="e", section=Section(lanes=2, sidewalk_m=2.0)),
        Street(name="c", start="o", end="n", section=town, sign_end="priority"),
        Street(name="d", start="n", end="m", section=town, sign_start="priority"),
        Street(name="f", start="x", end="n", section=town, sign_end="stop"),
    ]
    ways = {"o": Crossing(rule="signals", crosswalks=True), "n": Crossing(rule="signs")}
    return plan_streets(nodes, streets, ways, left_hand=left_hand)


@pytest.mark.parametrize("left_hand", [False, True])
def test_what_is_written_reads_back_the_same(tmp_path: Path, left_hand: bool) -> None:
    network = plan(left_hand)
    found = read_opendrive(written(tmp_path, network_to_opendrive(network)))
    before, after = build_map(network), build_map(found.network)
    assert found.network.left_hand == left_hand
    names = {road.name: f"road_{k + 1}" for k, road in enumerate(network.roads)}

    def renamed(name: str) -> str:
        head, _, tail = name.partition("/")
        return f"{names[head]}/{tail}"

    for lane in before.lanes:
        if lane.kind != "driving" or lane.junction:
            continue
        other = after.lane(renamed(lane.name))
        line = Polyline(other.centerline)
        # lanes that were read run on to the junction's mouth; where both are, they are the same
        s, lateral = line.closest(lane.centerline)
        assert np.abs(lateral).max() < 0.01, lane.name
        np.testing.assert_allclose(line.at(s)[:, 2], lane.centerline[:, 2], atol=0.01)
        assert other.width_m == pytest.approx(lane.width_m)
        assert other.speed_limit_m_s == pytest.approx(lane.speed_limit_m_s)
        assert bool(other.signal) == bool(lane.signal)
        assert other.must_stop == lane.must_stop
        targets = {
            renamed(n.split("/to/")[0]) + "/to/" + names[n.split("/to/")[1].split("/")[0]] for n in lane.successors
        }
        assert {
            n.rsplit("/", 1)[0] if n.count("/to/") and n.split("/to/")[1].count("/") else n for n in other.successors
        } == targets
    ways = [lane for lane in before.lanes if lane.junction]
    read = [Polyline(lane.centerline) for lane in after.lanes if lane.junction]
    assert len(ways) == len(read)
    for way in ways:
        gaps = []
        for line in read:
            inner = line.points[1:-1]
            gap = np.abs(Polyline(way.centerline).closest(inner)[1]).max()
            rise = np.abs(
                Polyline(way.centerline).at(Polyline(way.centerline).closest(inner)[0])[:, 2] - inner[:, 2]
            ).max()
            gaps.append(max(gap, rise))
        assert min(gaps) < 0.01, way.name
    crossed = {(names[a.road], a.end) for j in network.junctions for a in j.arms if a.crosswalk}
    assert {(a.road, a.end) for j in found.network.junctions for a in j.arms if a.crosswalk} == crossed


def test_the_shipped_town_is_driven_through() -> None:
    layout = registry.get("world", "opendrive")(file=str(SHIPPED), margin_m=60.0).build(0)
    routes = {turn: route_from(layout.map, "road_1/1", turn) for turn in ("straight", "right")}  # type: ignore[arg-type]
    assert [s.lane.name.split("/")[0] for s in routes["straight"].stretches][-1] == "road_2"
    assert [s.lane.name.split("/")[0] for s in routes["right"].stretches][-1] == "road_3"
    for route in routes.values():
        line = route.line
        assert np.abs(np.gradient(line.headings(), line.s)).max() < 0.25
        assert np.abs(np.diff(line.points[:, 2])).max() < 0.1
    assert {signal.name for signal in layout.map.signals}
    assert any(p.asset == "traffic_light" for p in layout.props)
    assert sum(lane.kind == "crosswalk" for lane in layout.map.lanes) == 8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('length="50"><arc', 'length="nan"><arc'), "'length' of <geometry> is nan, which is no finite"),
        (('a="3.5"', 'a="wide"'), r"road '7', lane section at s=0, lane -1: 'a' of <width> is no number: 'wide'"),
        (('x="40"', 'x="41"'), "geometry 1 begins 1.00 m from the end of the one before"),
        (('<lane id="-2"', '<lane id="-4"'), "its lanes on the right are not numbered"),
        (('unit="km/h"', 'unit="knots"'), "speed in 'knots'"),
        (("<arc curvature", "<helix curvature"), "is neither line, arc, spiral"),
        (('rule="RHT">', 'rule="RHT"><link><successor elementId="9"/></link>'), "its successor is road '9'"),
        (('junction="-1"', 'junction="3"'), "belongs to junction '3', which the file lacks"),
        (('hdg="0" length="30"', 'hdg="0" length="1e300"'), "no finite, sensible number"),
        (("<OpenDRIVE>", "<OpenDRIVE"), "is no XML"),
    ],
)  # fmt: skip
def test_broken_files_are_told_where(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = ALL_CURVES.format(**ARC_END)
    assert change[0] in text
    with pytest.raises(UserError, match=message):
        read_opendrive(written(tmp_path, text.replace(change[0], change[1], 1)))


def test_hostile_files_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><OpenDRIVE>&b;</OpenDRIVE>'
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><OpenDRIVE/>'
    for text in (bomb, outside):
        with pytest.raises(UserError, match="declares a DTD or entities"):
            read_opendrive(written(tmp_path, text))
    with pytest.raises(UserError, match="is no OpenDRIVE file, its root is <svg>"):
        read_opendrive(written(tmp_path, "<svg/>"))
    with pytest.raises(UserError, match="cannot be read"):
        read_opendrive(tmp_path / "none.xodr")
    with pytest.raises(UserError, match="has no roads"):
        read_opendrive(written(tmp_path, "<OpenDRIVE><header/></OpenDRIVE>"))
    with (tmp_path / "map.xodr").open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(UserError, match="are more than the 64"):
        read_opendrive(tmp_path / "map.xodr")


def test_maps_far_from_the_origin_are_refused_or_moved(tmp_path: Path) -> None:
    far = ALL_CURVES.replace('x="10"', 'x="500010"').replace('x="40"', 'x="500040"')
    path = written(tmp_path, far.format(x1=500000 + ARC_END["x1"], y1=ARC_END["y1"]))
    world = registry.get("world", "opendrive")
    with pytest.raises(UserError, match=r"beyond 2000 m from the origin; say centre: true"):
        world(file=str(path)).build(0)
    layout = world(file=str(path), centre=True, margin_m=20.0).build(0)
    assert np.abs(layout.map.lane("road_7/1").centerline[:, :2]).max() < 200.0


def test_borders_are_read_as_widths(tmp_path: Path) -> None:
    text = ALL_CURVES.format(**ARC_END)
    text = text.replace('<width sOffset="0" a="3.5"', '<border sOffset="0" a="-3.5"')
    text = text.replace('<width sOffset="0" a="1.5"', '<border sOffset="0" a="-5"')
    text = text.replace('<width sOffset="0" a="2"', '<border sOffset="0" a="-7"')
    section = read_opendrive(written(tmp_path, text)).network.roads[0].sections[0]
    assert [float(s.width(np.zeros(1))[0]) for s in section.right] == pytest.approx([3.5, 1.5, 2.0])
