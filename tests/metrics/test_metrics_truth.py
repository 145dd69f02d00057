"""Every metric of motion against a closed form: boxes on straight paths, contacts against momentum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_physics import Straight, Yard, ball, box, entity, simulate, yard
from synthetic import STEP_NS, Thing, World

from simgen.checks.outlines import between, outlines
from simgen.geometry import quat_from_euler, quat_from_yaw
from simgen.metrics import measure, measures_of
from simgen.metrics._boxes import distance, meeting, upright
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Eye
from simgen.records.model import Shape
from simgen.records.roads import Lane, RoadMap
from simgen.rng import stream

G = 9.81
EGO = Thing("ego", 1, "car", (4.0, 2.0, 1.5), (0.0, 0.0, 0.0), (10.0, 0.0, 0.0))


def thing(x, y, velocity=(0.0, 0.0, 0.0), size=(1.0, 1.0, 1.7), z=0.0):
    return Thing("other", 2, "person", size, (x, y, z), velocity)


def trajectory(*things, frames=20, yaw=None):
    made = World(frames=frames, things=(EGO, *things)).trajectory()
    if yaw is None:
        return made
    turn = made.quaternion.copy()
    turn[:, 1] = quat_from_yaw(yaw)
    return made.replace(quaternion=turn)


def value(kind, made, subject="ego", other="other", time_s=-1.0, until_s=-1.0, **more):
    asked = Constraint(
        kind=kind, subject=subject, other=other, asked=0.0, tolerance=0.0, time_s=time_s, until_s=until_s
    )
    return measure(asked, Evidence(trajectory=made, **more)).achieved


def near(number, within=1e-5):
    return pytest.approx(number, abs=within)


def test_distance_is_from_edge_to_edge():
    made = trajectory(thing(20.0, 5.0))
    assert value("distance_m", made, time_s=0.0) == near(math.hypot(20.0 - 2.5, 5.0 - 1.5))
    # beside it the gap is 5 - 1 - 0.5
    assert value("distance_m", made, time_s=2.0) == near(3.5)
    assert value("minimum_distance_m", made) == value("distance_m", made) == near(3.5)
    assert value("distance_m", made, time_s=0.5, until_s=1.0) == near(math.hypot(7.5, 3.5))
    # a square on its corner reaches half its diagonal
    assert value("distance_m", trajectory(thing(20.0, 0.0), yaw=math.pi / 4), time_s=0.0) == near(18.0 - 0.5**0.5)
    # something overhead: 4 m up, less the 1.5 m of the car
    assert value("distance_m", trajectory(thing(10.0, 0.0, z=4.0)), time_s=1.0) == near(2.5)
    assert value("distance_m", trajectory(thing(10.0, 0.0)), time_s=1.0) == 0.0


def test_distance_to_a_sensor_is_to_its_place():
    made = trajectory(thing(20.0, 5.0))
    eyes = {"roof": Eye(on="ego", position=(1.0, 0.0, 1.2)), "mast": Eye(on="world", position=(20.0, 0.0, 4.7))}
    assert value("distance_m", made, "other", "roof", time_s=0.5, eyes=eyes) == near(math.hypot(13.5, 4.5))
    assert value("distance_m", made, "other", "mast", time_s=0.5, eyes=eyes) == near(math.hypot(4.5, 3.0))


def poses(seed, count):
    """Two boxes anywhere, turned any way, at many steps."""
    draw = stream(seed, "poses").random
    made = World(
        frames=count * STEP_NS // 100_000_000, things=(EGO, thing(0.0, 0.0, size=(3.0, 1.5, 2.0)))
    ).trajectory()
    shape = made.position.shape[:2]
    low = np.array([-6.0, -6.0, -1.5])
    angles = (draw((3, *shape)) - 0.5) * np.array([0.6, 0.6, 6.2])[:, None, None]
    return made.replace(
        position=low * (1.0 - 2.0 * draw((*shape, 3))),
        quaternion=quat_from_euler(*angles),
        linear_velocity=((draw((*shape, 3)) - 0.5) * [20.0, 20.0, 2.0]).astype(np.float32),
    )


def test_two_routes_to_distances_and_times_agree():
    made = poses(3, 800)
    steps = np.arange(len(made.time_ns))
    a, b = (upright(made, np.array([row])) for row in (0, 1))
    c, d = (outlines(made, np.array([row]), steps) for row in (0, 1))
    first = distance(a, b)
    np.testing.assert_allclose(first, between(c, d), atol=1e-6)
    assert 0.1 < (first == 0.0).mean() < 0.6
    time_s, _ = meeting(a, b)
    meets = np.isfinite(time_s)
    assert (meets & (time_s > 0.0)).sum() > 100
    at = np.where(meets, time_s, 0.0)
    assert between(c.after(at), d.after(at))[meets].max() < 1e-5
    for early in (0.3, 0.9):
        waiting = meets & (time_s > 1e-3)
        assert between(c.after(early * at), d.after(early * at))[waiting].min() > 0.0
    for later in np.linspace(0.0, 5.0, 26):
        late = np.full(time_s.shape, later)
        assert (between(c.after(late), d.after(late))[~meets] > 0.0).all()


def test_who_lies_on_the_back_is_as_long_as_tall():
    made = trajectory(thing(20.0, 0.0, size=(0.3, 0.5, 1.7)))
    turn = made.quaternion.copy()
    # pitched back about the feet: the head points away from the car, the face up
    turn[:, 1] = quat_from_euler(0.0, -math.pi / 2, 0.0)
    lying = made.replace(quaternion=turn)
    steps, rows = np.arange(3), np.array([1])
    along = upright(lying, rows, steps[:, None]).half
    np.testing.assert_allclose(np.sort(along, -1), np.tile([0.15, 0.25, 0.85], (3, 1, 1)), atol=1e-6)
    first = distance(upright(lying, np.array([0])), upright(lying, rows))
    second = between(*(outlines(lying, np.array([row]), np.arange(len(lying.time_ns))) for row in (0, 1)))
    np.testing.assert_allclose(first, second, atol=1e-9)


def test_time_to_contact_and_the_braking_that_avoids_it():
    # a standing box 20 m ahead: (20 - 2.5) / 10 s; one that drives at 4 m/s: / 6; one that comes at 5: / 15
    for speed, closing in ((0.0, 10.0), (4.0, 6.0), (-5.0, 15.0)):
        made = trajectory(thing(20.0, 0.0, (speed, 0.0, 0.0)))
        assert value("time_to_contact_s", made, time_s=0.0) == near(17.5 / closing)
        assert value("closing_speed_m_s", made, time_s=0.0) == near(closing)
        assert value("required_deceleration_m_s2", made, time_s=0.0) == near(closing**2 / (2 * 17.5))
    # a walker from the side is in the way from 0.75 to 2.25 s, the nose is there after 1.75 s: v^2 / 2d of the ego
    crossing = trajectory(thing(20.0, 3.0, (0.0, -2.0, 0.0)))
    assert value("time_to_contact_s", crossing, time_s=0.0) == near(1.75)
    assert value("required_deceleration_m_s2", crossing, time_s=0.0) == near(100.0 / 35.0)
    # in time he is through: he leaves the car's width after (3 + 1.5) / 3 s
    through = trajectory(thing(25.0, 3.0, (0.0, -3.0, 0.0)))
    assert value("time_to_contact_s", through, time_s=0.0) == math.inf
    assert value("required_deceleration_m_s2", through, time_s=0.0) == 0.0
    # braking so hard from 10 m/s stops after the gap: s = v^2 / 2a
    assert 10.0**2 / (2 * value("required_deceleration_m_s2", trajectory(thing(20.0, 0.0)), time_s=0.0)) == near(17.5)


def test_overlapping_boxes_are_in_contact_now():
    made = trajectory(thing(10.0, 0.0))
    assert value("time_to_contact_s", made, time_s=1.0) == 0.0
    assert value("time_to_contact_s", trajectory(thing(-20.0, 0.0)), time_s=0.0) == math.inf


def test_headway_is_the_gap_over_the_speed():
    made = trajectory(thing(30.0, 0.5, (6.0, 0.0, 0.0)))
    # 30 - 2 - 0.5 m at first, and 4 m/s less each second
    assert value("time_headway_s", made, time_s=0.0) == near(2.75)
    assert value("time_headway_s", made, time_s=1.0) == near((27.5 - 4.0) / 10.0)
    assert value("time_headway_s", made, time_s=0.5, until_s=1.5) == near((27.5 - 6.0) / 10.0)
    assert value("time_headway_s", trajectory(thing(30.0, 1.6)), time_s=0.0) == math.inf
    assert value("time_headway_s", made, "other", "ego", time_s=0.0) == math.inf


@pytest.mark.parametrize("delay", [0.0, 0.4])
def test_post_encroachment_of_crossing_paths(delay):
    # the walker's corridor is x 29.5..30.5, the car's |y| < 1: the car's tail leaves x = 30.5 after (30.5 + 2) / 10 s,
    # the walker's front reaches y = -1 after (y0 - 0.5 - 1) / 4 s
    y0 = 1.5 + 4.0 * (3.25 + 0.35 + delay)
    made = trajectory(thing(30.0, -y0, (0.0, 4.0, 0.0)), frames=60)
    assert value("post_encroachment_s", made) == near(0.35 + delay, within=0.02)
    assert value("post_encroachment_s", made, "other", "ego") == value("post_encroachment_s", made)


def test_post_encroachment_of_a_follower_is_its_time_gap():
    # tail at 10 - 0.5, nose at 2: the car is where the other was after 0.75 s, both at 10 m/s
    assert value("post_encroachment_s", trajectory(thing(10.0, 0.0, (10.0, 0.0, 0.0)))) == near(0.75, within=0.02)
    assert value("post_encroachment_s", trajectory(thing(15.0, 0.0, (1.0, 0.0, 0.0)))) == 0.0
    assert value("post_encroachment_s", trajectory(thing(10.0, 0.0))) == math.inf
    assert value("post_encroachment_s", trajectory(thing(10.0, 9.0, (10.0, 0.0, 0.0)))) == math.inf


def braking(deceleration, start_s=0.5):
    """The ego from 10 m/s, braking evenly from an instant on."""
    made = trajectory(thing(100.0, 0.0))
    time_s = made.time_ns * 1e-9
    speed = 10.0 - deceleration * np.maximum(time_s - start_s, 0.0)
    velocity, position = made.linear_velocity.copy(), made.position.copy()
    velocity[:, 0, 0] = speed
    position[:, 0, 0] = 10.0 * time_s - deceleration * np.maximum(time_s - start_s, 0.0) ** 2 / 2.0
    position[:, 0, 2] = 0.3 * np.sin(time_s)
    return made.replace(linear_velocity=velocity, position=position)


def test_speed_deceleration_travel_and_rise():
    made = braking(4.0)
    assert value("deceleration_m_s2", made, other="") == near(4.0, within=1e-3)
    assert value("deceleration_m_s2", made, other="", time_s=0.0, until_s=0.4) == near(0.0, within=1e-3)
    assert value("speed_m_s", made, other="", time_s=1.5) == near(6.0)
    assert value("speed_m_s", made, other="") == near(10.0)
    flat = 10.0 * 1.5 - 4.0 * 1.0**2 / 2.0 - 5.0
    assert value("travel_m", made, other="", time_s=0.5, until_s=1.5) == near(
        math.hypot(flat, 0.3 * (math.sin(1.5) - math.sin(0.5)))
    )
    assert value("rise_m", made, other="", time_s=1.0) == near(0.3 * math.sin(1.0))


def test_lateral_offset_is_from_the_nearest_lane():
    lines = {name: np.array([[-50.0, y, 0.0], [200.0, y, 0.0]]) for name, y in (("a", 0.0), ("b", -3.5))}
    lanes = tuple(Lane(name=name, centerline=line) for name, line in lines.items())
    made = trajectory(thing(10.0, -2.9), thing(10.0, 0.7))
    assert value("lateral_offset_m", made, "other", "", time_s=0.0, map=RoadMap(lanes=lanes)) == near(0.6)
    assert math.isnan(value("lateral_offset_m", made, "other", ""))


def test_one_hides_another_from_the_driver_or_from_a_sensor():
    van = Thing("van", 3, "van", (1.0, 3.0, 3.0), (18.0, 3.6, 0.0))
    made = trajectory(thing(20.0, 4.0), van)
    assert value("occluded_by", made, "other", "van", time_s=0.0) == 1.0
    assert value("occluded_by", made, "van", "other", time_s=0.0) == 0.0
    eyes = {"mast": Eye(on="world", position=(20.0, -10.0, 20.0))}
    assert value("occluded_by", made, "other", "van@mast", time_s=0.0, eyes=eyes) == 0.0


def test_a_plastic_collision_hands_over_the_momentum():
    # 2 kg at 3 m/s into 1 kg at rest: both go on at 2 m/s, so 2 N s were handed over
    still = Yard(shapes=(Shape(kind="box", size=(1.0, 1.0, 1.0), center=(0.0, 0.0, -900.0)),))
    fast = entity(
        "ego", ball(0.5, mass_kg=2.0, friction=0.0), (-2.0, 0.0, 0.0), physics="dynamic", velocity_m_s=(3, 0, 0)
    )
    slow = entity("other", ball(0.5, mass_kg=1.0, friction=0.0), (0.0, 0.0, 0.0), physics="dynamic")
    made = simulate(yard(fast, slow, world=still, duration_s=0.8))
    assert value("collision_impulse_n_s", made) == pytest.approx(2.0, rel=0.02)
    assert value("collision_impulse_n_s", made, "other", "") == value("collision_impulse_n_s", made)
    assert value("contact_speed_m_s", made) == pytest.approx(3.0, rel=0.02)
    assert value("contacts", made) == 1.0
    assert value("collision_impulse_n_s", made, other="world") == 0.0
    stored = measures_of(Evidence(trajectory=made), (), {}).collisions
    assert stored.impulse.tolist() == [value("collision_impulse_n_s", made)]
    assert stored.position[0, 0] == pytest.approx(-0.5, abs=0.02)


def test_a_dropped_body_gives_its_momentum_to_the_ground():
    # from 1 m: m v (1 + e); the bounce takes longer than the gap that one episode bridges
    drop = entity("ego", ball(0.1, mass_kg=0.5, restitution=0.8), (0.0, 0.0, 1.1), physics="dynamic")
    made = simulate(yard(drop, duration_s=0.7))
    momentum = 0.5 * math.sqrt(2.0 * G * 1.0)
    assert value("collision_impulse_n_s", made, other="world") == pytest.approx(1.8 * momentum, rel=0.04)
    assert value("collision_impulse_n_s", made, other="") == 0.0
    # one that stays down: at rest in the end, it has handed over its weight over the whole time
    dead = entity("ego", box((1.0, 1.0, 0.5), mass_kg=7.0), (0.0, 0.0, 1.0), physics="dynamic")
    made = simulate(yard(dead, duration_s=1.0))
    whole = 7.0 * G * made.end_ns * 1e-9
    assert value("collision_impulse_n_s", made, other="world") == pytest.approx(whole, rel=2e-3)
    assert value("contacts", made, other="world") == 1.0
    assert value("contacts", made, other="world", time_s=math.sqrt(2.0 / G) + 0.05) == 0.0
    assert measures_of(Evidence(trajectory=made), (), {}).collisions.start_ns.tolist() == []


def test_no_force_is_made_up_between_bodies_that_move_as_told():
    car = entity("ego", box((4.0, 2.0, 1.5)), (-10.0, 0.0, 0.0), behaviour=Straight(speed_m_s=10.0))
    made = simulate(yard(car, entity("other", box((0.5, 0.5, 1.7))), duration_s=1.5))
    assert math.isnan(value("collision_impulse_n_s", made))
    assert value("contact_speed_m_s", made) == pytest.approx(10.0, rel=1e-3)
    assert value("contacts", made) == 1.0
    stored = measures_of(Evidence(trajectory=made), (), {})
    assert np.isnan(stored.collisions.impulse).tolist() == [True]
    # from first touch to last: the nose takes 4.5 m at 10 m/s to drive through
    assert stored.collisions.duration[0] == pytest.approx(0.45, abs=0.01)
    assert stored.encounters.minimum_distance.tolist() == [0.0]


def test_what_is_stored_is_what_the_metrics_say():
    made = trajectory(thing(30.0, 5.0, (-2.0, -1.0, 0.0)), frames=30)
    stored = measures_of(Evidence(trajectory=made), (), {}).encounters
    for k in (0, 17, 40):
        when = float(stored.time_ns[k]) * 1e-9
        for column, kind in (
            ("distance", "distance_m"),
            ("time_to_collision", "time_to_contact_s"),
            ("time_headway", "time_headway_s"),
            ("closing_speed", "closing_speed_m_s"),
            ("required_deceleration", "required_deceleration_m_s2"),
        ):
            assert getattr(stored, column)[k, 0] == pytest.approx(value(kind, made, time_s=when), rel=1e-6), kind
    assert stored.post_encroachment[0] == pytest.approx(value("post_encroachment_s", made), rel=1e-6)
    assert stored.minimum_distance[0] == pytest.approx(value("minimum_distance_m", made), rel=1e-6)


def test_who_rides_with_the_ego_is_no_encounter():
    made = trajectory(thing(5.0, 0.0), Thing("rider", 3, "person", (1.0, 1.0, 1.0), (0.0, 0.0, 1.0), (10.0, 0.0, 0.0)))
    stored = measures_of(Evidence(trajectory=made), (), {3: 1}).encounters
    assert stored.instance.tolist() == [2]
    gone = made.exists.copy()
    gone[:60, 1] = False
    late = measures_of(Evidence(trajectory=made.replace(exists=gone)), (), {3: 1}).encounters
    assert np.isnan(late.distance[:6]).all()
    assert np.isfinite(late.distance[6:]).all()
    nobody = made.replace(actor_names=("car", "other", "rider"))
    assert measures_of(Evidence(trajectory=nobody), (), {}).encounters is None
