"""Heavy vehicles and two-wheelers: published sizes, wheels on the ground, trains that turn, riders that fit."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from simgen.assembly import model_of, rest_pose
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw, quat_rotate, transform
from simgen.placement.coupling import coupling_of, train_of
from simgen.records.model import Model
from simgen.registry import get
from simgen.shapes import cycle
from simgen.shapes.coachwork import Panel, Shell, shell_soup
from simgen.shapes.finish import rest_poses, rest_vertices
from simgen.shapes.motorbikes import SEATS
from simgen.shapes.small_wheels import FRONT_FOOT, GRIP, REAR_FOOT
from simgen.shapes.soup import open_edges, signed_volume

#: length, width without mirrors, height: the least and the most on the road, and the number of wheels
PUBLISHED = {
    "tractor_unit": ((5.6, 6.3), (2.4, 2.55), (2.9, 4.0), 4),
    "semitrailer": ((13.4, 14.1), (2.4, 2.6), (2.3, 4.0), 6),
    "school_bus": ((8.5, 12.4), (2.3, 2.5), (2.9, 3.3), 4),
    "coach": ((12.0, 14.0), (2.5, 2.56), (3.5, 3.9), 6),
    "fire_engine": ((7.0, 9.0), (2.4, 2.55), (3.0, 3.6), 4),
    "garbage_truck": ((7.5, 10.5), (2.4, 2.55), (3.2, 3.7), 4),
    "motorcycle": ((1.95, 2.3), (0.1, 0.95), (1.0, 1.5), 2),
    "scooter": ((1.75, 2.2), (0.1, 0.8), (1.0, 1.4), 2),
    "cargo_bike": ((2.4, 2.75), (0.1, 0.75), (1.0, 1.2), 2),
    "tram": ((26.9, 27.1), (2.3, 2.65), (3.3, 5.2), 12),
    "tractor": ((4.0, 5.0), (2.1, 2.6), (2.7, 3.1), 4),
    "wheel_loader": ((6.8, 8.2), (2.4, 2.8), (3.1, 3.5), 4),
    "trailer": ((2.8, 8.0), (1.5, 2.5), (0.8, 2.8), 2),
    "e_scooter": ((1.0, 1.25), (0.03, 0.7), (1.0, 1.25), 2),
}
VEHICLES = tuple(PUBLISHED)
BODIES = ("curtain", "box", "tanker", "flatbed", "container")


def built(name: str, **parameters: Any) -> Model:
    return model_of(get("asset", name)(**parameters))


@pytest.mark.parametrize("name", VEHICLES)
@pytest.mark.parametrize("variant", [0, 4])
def test_sizes_lie_in_published_ranges(name: str, variant: int) -> None:
    model = built(name, variant=variant)
    (l0, l1), (w0, w1), (h0, h1), _ = PUBLISHED[name]
    points = rest_vertices(model.links)
    # mirrors hang above the shoulder of what is below them
    width = float(np.ptp(points[points[:, 2] < min(0.3 * model.size[2], 0.9), 1]))
    assert l0 <= model.size[0] <= l1
    assert w0 <= width <= w1 + 0.03
    assert h0 <= model.size[2] <= h1


@pytest.mark.parametrize("name", VEHICLES)
def test_wheels_stand_on_the_ground_and_spin_by_their_radius(name: str) -> None:
    model = built(name)
    poses = rest_poses(model.links)
    wheels = [k for k, link in enumerate(model.links) if link.name.endswith("wheel")]
    assert len(wheels) == PUBLISHED[name][3]
    for k in wheels:
        link = model.links[k]
        assert link.mesh is not None
        assert abs(float((link.mesh.vertices[:, 2] + poses[k][0][2]).min())) < 0.002
        assert link.joint.radius_m == pytest.approx(float(poses[k][0][2]))


@pytest.mark.parametrize("name", [*VEHICLES, "truck", "bus"])
def test_variants_look_different(name: str) -> None:
    looks = {built(name, variant=v).surfaces for v in range(4)}
    assert len(looks) >= 3


def test_trailers_for_cars_couple_to_cars_and_tractors_and_not_to_fifth_wheels() -> None:
    for kind in ("box", "flat", "caravan", "boat"):
        trailer = built("trailer", kind=kind)
        for tower in ("sedan", "tractor"):
            both = train_of(built(tower), trailer)
            assert both.size[0] > built(tower).size[0] + 2.5
        with pytest.raises(UserError, match="does not fit"):
            train_of(built("tractor_unit"), trailer)


def test_an_articulated_lorry_keeps_the_limits_of_europe() -> None:
    tractor = built("tractor_unit", cab="high")
    for body in BODIES:
        both = train_of(tractor, built("semitrailer", body=body))
        assert 15.5 < both.size[0] <= 16.55
        assert both.size[2] <= 4.0


def parts_of(model: Model) -> list[Any]:
    """Collision shapes at rest, as points."""
    from test_assets_collision import shapes_at_rest

    return [np.asarray(vertices) for vertices, _ in shapes_at_rest(model)]


@pytest.mark.parametrize("angle_deg", [0.0, 60.0, -75.0])
@pytest.mark.parametrize("body", ["box", "tanker", "container"])
def test_tractor_and_trailer_do_not_meet_when_they_turn(body: str, angle_deg: float) -> None:
    """Above the fifth wheel the trailer's vertices keep out of the cab; below it nothing hangs into the frame."""
    tractor, trailer = built("tractor_unit", cab="high"), built("semitrailer", body=body)
    turn = quat_from_yaw(np.radians(angle_deg))
    pin = np.array(trailer.kingpin)
    moved = quat_rotate(turn, rest_vertices(trailer.links) - pin) + np.array(coupling_of(tractor))
    cab = rest_vertices(tractor.links)
    high, low = cab[cab[:, 2] > 1.25], moved[(moved[:, 2] < 1.1)]
    ahead = moved[moved[:, 2] > 1.25]
    # the cab with its fins is everything ahead of this plane
    assert high[:, 0].min() > 0.9
    near = ahead[np.abs(ahead[:, 1]) < 1.26]
    if angle_deg == 0.0:
        assert near[:, 0].max() < high[:, 0].min() - 0.03
    else:
        assert near[:, 0].max() < high[:, 0].min() + 0.03
    # legs, guards and wheels stay behind the tractor's rear end or beside it
    inside = (low[:, 0] > -0.95) & (low[:, 0] < 2.8) & (np.abs(low[:, 1]) < 1.2)
    assert not inside.any()


def test_shells_are_closed_whatever_panels_they_have() -> None:
    panels = (
        Panel(zone="side", span=(0.9, 2.0), z=(1.2, 2.0), tag=2),
        Panel(zone="side", span=(1.0, 3.0), z=(1.5, 2.1), tag=3, side=-1),
        Panel(zone="nose", span=(0.0, 0.9), z=(1.4, 2.2), tag=2),
        Panel(zone="tail", span=(0.3, 0.7), z=(0.8, 1.1), tag=4),
    )
    shell = Shell(rear=-2.0, front=4.0, width=2.5, sill=0.4, roof=2.8, panels=panels, arches=((0.0, 0.6, 0.5),),
                  nose=((0.4, 0.1), (1.3, 0.0), (2.8, 0.2)))  # fmt: skip
    soup = shell_soup(shell)
    assert open_edges(soup) == 0
    assert signed_volume(soup) == pytest.approx(6.0 * 2.5 * 2.4, rel=0.08)
    left = soup.vertices[soup.triangles].mean(1)[:, 1] > 0.0
    assert (soup.tags == 3).any()
    assert not ((soup.tags == 3) & left).any()


def test_trailers_have_every_lamp_that_must_look_back() -> None:
    for body in BODIES:
        model = built("semitrailer", body=body)
        for state in ("tail", "brake", "left", "right", "reverse"):
            lamps = [lamp for lamp in model.lamps if lamp.state == state]
            assert lamps
            assert all(lamp.axis[0] < 0.0 for lamp in lamps)
        assert any(s.retro >= 0.25 for s in model.surfaces)


def test_the_stop_arm_swings_out_with_the_doors() -> None:
    model = built("school_bus")
    arm = next(link for link in model.links if link.name == "stop_arm")
    assert arm.joint.kind == "door"
    assert abs(np.degrees(arm.joint.upper)) == pytest.approx(90.0)
    assert built("school_bus", stop_arm=True).size[1] > model.size[1] + 0.1


def points(model: Model, *names: str) -> Any:
    rows = [k for k, link in enumerate(model.links) if link.name in names and link.mesh is not None]
    return np.concatenate([transform(*rest_pose(model, k), model.links[k].mesh.vertices) for k in rows])


def nearest(cloud: Any, place: Any) -> float:
    return float(np.sqrt(((cloud - np.asarray(place)) ** 2).sum(-1)).min())


@pytest.mark.parametrize("style", tuple(SEATS))
def test_motorcyclists_sit_hold_and_stand_where_they_should(style: str) -> None:
    rider, seat = built("motorcyclist", style=style, variant=3), SEATS[style]
    assert nearest(points(rider, "pelvis", "left_thigh", "right_thigh"), seat.saddle) < 0.06
    for side, sign in (("left", 1.0), ("right", -1.0)):
        mirror = np.array([1.0, sign, 1.0])
        assert nearest(points(rider, f"{side}_forearm"), np.array(seat.grip) * mirror) < 0.06
        assert nearest(points(rider, f"{side}_foot"), np.array(seat.peg) * mirror) < 0.06
    assert any(link.name == "helmet" for link in rider.links)


def test_the_machines_have_their_seats_and_grips_where_riders_expect_them() -> None:
    for style, seat in SEATS.items():
        machine = built("scooter") if style == "scooter" else built("motorcycle", style=style)
        cloud = points(machine, "frame", "fork")
        assert nearest(cloud, seat.saddle) < 0.11
        for sign in (1.0, -1.0):
            assert nearest(cloud, np.array(seat.grip) * [1.0, sign, 1.0]) < 0.075


def test_e_scooter_riders_stand_on_the_deck_and_hold_the_bar() -> None:
    rider, machine = built("e_scooter_rider"), built("e_scooter")
    feet = points(rider, "left_foot", "right_foot")
    assert feet[:, 2].min() == pytest.approx(FRONT_FOOT[2], abs=0.02)
    assert nearest(points(rider, "left_foot"), FRONT_FOOT) < 0.06
    assert nearest(points(rider, "right_foot"), REAR_FOOT) < 0.06
    for side, sign in (("left", 1.0), ("right", -1.0)):
        grip = np.array(GRIP) * [1.0, sign, 1.0]
        assert nearest(points(rider, f"{side}_forearm"), grip) < 0.06
        assert nearest(points(machine, "fork"), grip) < 0.06


def test_a_cyclist_fits_the_cargo_bike() -> None:
    machine = built("cargo_bike")
    assert nearest(points(machine, "frame"), (cycle.SADDLE[0], 0.0, cycle.SADDLE[1])) < 0.05
    for sign in (1.0, -1.0):
        assert nearest(points(machine, "handlebar"), np.array(cycle.GRIP) * [1.0, sign, 1.0]) < 0.05


@pytest.mark.parametrize("name", [n for n in VEHICLES if n not in ("cargo_bike",)])
def test_collision_shapes_agree_with_what_is_seen(name: str) -> None:
    pytest.importorskip("open3d")
    from test_assets_collision import field, sampled, shapes_at_rest, tensor

    from simgen.assembly import rest_mesh

    model = built(name)
    seen = rest_mesh(model)
    spots = sampled(seen.vertices, seen.triangles, 2000)
    outside = [field(*pair).compute_signed_distance(tensor(spots)).numpy() for pair in shapes_at_rest(model)]
    assert np.stack(outside).min(0).max() < 0.06


def test_lamps_are_alike_on_both_sides() -> None:
    for name in ("tractor_unit", "fire_engine", "garbage_truck", "coach", "school_bus"):
        lamps = built(name).lamps
        for state in ("low_beam", "tail", "brake", "reverse"):
            pair = [lamp.position for lamp in lamps if lamp.state == state]
            assert len(pair) == 2, (name, state)
            assert all(abs(a[1] + b[1]) < 0.01 for a, b in combinations(pair, 2))
