"""OpenSCENARIO: speeds, changes of lane and triggers against closed forms; what is wrong, by its line."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simgen.behaviours._places import initial_spots
from simgen.behaviours.storyboard import Storyboard, actor_name
from simgen.errors import SceneError, UserError
from simgen.openscenario import read_script
from simgen.openscenario.xml import parse_xml
from simgen.records.actors import ActorState, Situation
from simgen.records.roads import Lane, RoadMap
from simgen.scenario.scenario import loads

HZ = 100
SCENES = Path(__file__).parents[2] / "scenes"


def road() -> RoadMap:
    def line(y: float) -> np.ndarray:
        return np.array([[0.0, y, 0.0], [2000.0, y, 0.0]])

    return RoadMap(
        lanes=(
            Lane(name="r/1", centerline=line(0.0), left="r/2"),
            Lane(name="r/2", centerline=line(3.5), right="r/1"),
        )
    )


def speed(target: str, shape: str = "step", dimension: str = "time", value: float = 0.0) -> str:
    return (
        f'<PrivateAction><LongitudinalAction><SpeedAction><SpeedActionDynamics dynamicsShape="{shape}" '
        f'dynamicsDimension="{dimension}" value="{value}"/><SpeedActionTarget>{target}</SpeedActionTarget>'
        "</SpeedAction></LongitudinalAction></PrivateAction>"
    )


def absolute(v: float) -> str:
    return f'<AbsoluteTargetSpeed value="{v}"/>'


def at(lane: int, s: float) -> str:
    return (
        f'<PrivateAction><TeleportAction><Position><LanePosition roadId="r" laneId="{lane}" s="{s}"/></Position>'
        "</TeleportAction></PrivateAction>"
    )


def time_over(t: float) -> str:
    return f'<ByValueCondition><SimulationTimeCondition value="{t}" rule="greaterOrEqual"/></ByValueCondition>'


def of(entity: str, condition: str) -> str:
    return (
        f'<ByEntityCondition><TriggeringEntities triggeringEntitiesRule="any"><EntityRef entityRef="{entity}"/>'
        f"</TriggeringEntities><EntityCondition>{condition}</EntityCondition></ByEntityCondition>"
    )


def event(name: str, action: str, condition: str, edge: str = "none", delay: float = 0.0) -> str:
    return (
        f'<Event name="{name}" priority="parallel"><Action name="a">{action}</Action><StartTrigger><ConditionGroup>'
        f'<Condition name="c" delay="{delay}" conditionEdge="{edge}">{condition}</Condition>'
        "</ConditionGroup></StartTrigger></Event>"
    )


def script(events: str, v: tuple[float, float] = (10.0, 20.0), parameters: str = "", actor: str = "A") -> str:
    def one(name: str) -> str:
        return f'<ScenarioObject name="{name}"><Vehicle name="c" vehicleCategory="car"/></ScenarioObject>'

    return (
        f"<OpenSCENARIO>{parameters}<Entities>{one('A')}{one('B')}</Entities><Storyboard><Init><Actions>"
        f'<Private entityRef="A">{at(1, 100.0)}{speed(absolute(v[0]))}</Private>'
        f'<Private entityRef="B">{at(2, 20.0)}{speed(absolute(v[1]))}</Private></Actions></Init>'
        f'<Story name="s"><Act name="act"><ManeuverGroup name="g"><Actors selectTriggeringEntities="false">'
        f'<EntityRef entityRef="{actor}"/></Actors><Maneuver name="m">{events}</Maneuver></ManeuverGroup></Act></Story>'
        "</Storyboard></OpenSCENARIO>"
    )


def run(text: str, seconds: float) -> dict[str, list[ActorState]]:
    road_map = road()
    spots = initial_spots(read_script(text, "storyboard"), road_map)
    states = {
        n: ActorState(position=(s.x, s.y, s.z), quaternion=(math.cos(s.yaw / 2), 0.0, 0.0, math.sin(s.yaw / 2)))
        for n, s in spots.items()
    }
    drivers = {n: Storyboard(text=text, entity=n).start(n, states[n], road_map, 2.7, 0) for n in spots}
    log, shared = {n: [s] for n, s in states.items()}, dict[str, object]()
    sizes, centers = dict.fromkeys(spots, (4.0, 1.8, 1.5)), dict.fromkeys(spots, (1.3, 0.0, 0.7))
    for k in range(round(seconds * HZ)):
        situation = Situation(
            map=road_map, time_s=k / HZ, dt_s=1.0 / HZ, actors=states, sizes=sizes, centers=centers, shared=shared
        )
        states = {n: d.step(states[n], situation) for n, d in drivers.items()}
        for n, s in states.items():
            log[n].append(s)
    return log


def longitudinal(value: float, freespace: str) -> str:
    return (
        '<RelativeDistanceCondition entityRef="A" relativeDistanceType="longitudinal" '
        f'value="{value}" freespace="{freespace}" rule="lessThan"/>'
    )


COLLISION = (
    '<TimeToCollisionCondition value="2" freespace="false" rule="lessThan"><TimeToCollisionConditionTarget>'
    '<EntityRef entityRef="A"/></TimeToCollisionConditionTarget></TimeToCollisionCondition>'
)
REACH = (
    '<ReachPositionCondition tolerance="5"><Position><WorldPosition x="145" y="0"/></Position></ReachPositionCondition>'
)


def velocity(states: list[ActorState]) -> np.ndarray:
    return np.array([s.speed_m_s for s in states[1:]])


@pytest.mark.parametrize(
    ("shape", "profile"),
    [
        ("linear", lambda x: x),
        ("cubic", lambda x: 3.0 * x**2 - 2.0 * x**3),
        ("sinusoidal", lambda x: 0.5 - 0.5 * np.cos(np.pi * x)),
    ],
)
def test_speeds_follow_their_shape(shape: str, profile: object) -> None:
    log = run(script(event("e", speed(absolute(16.0), shape, "time", 3.0), time_over(1.0))), 6.0)
    t = (np.arange(600) + 1) / HZ
    wanted = 10.0 + 6.0 * profile(np.clip((t - 1.0) / 3.0, 0.0, 1.0))  # type: ignore[operator]
    assert np.abs(velocity(log["A"]) - wanted).max() < 1e-6
    way = 100.0 + np.cumsum(wanted) / HZ
    assert np.abs([s.position[0] for s in log["A"][1:]] - way).max() < 0.05


def test_rates_and_distances() -> None:
    v = velocity(run(script(event("e", speed(absolute(0.0), "linear", "rate", 5.0), time_over(1.0))), 5.0)["A"])
    assert v[199] == pytest.approx(5.0, abs=1e-6)  # at 2 s
    assert v[-1] == 0.0
    log = run(script(event("e", speed(absolute(20.0), "linear", "distance", 45.0), time_over(0.0))), 5.0)["A"]
    x = np.array([s.position[0] - 100.0 for s in log[1:]])
    k = int(np.searchsorted(x, 22.5))
    assert log[k + 1].speed_m_s == pytest.approx(15.0, abs=0.1)
    v = velocity(run(script(event("e", speed(absolute(16.0), "cubic", "rate", 4.0), time_over(0.0))), 5.0)["A"])
    assert np.diff(v).max() * HZ == pytest.approx(4.0, abs=0.01)


def test_relative_speeds() -> None:
    delta = '<RelativeTargetSpeed entityRef="B" value="-4" speedTargetValueType="delta" continuous="false"/>'
    factor = '<RelativeTargetSpeed entityRef="B" value="0.5" speedTargetValueType="factor" continuous="false"/>'
    assert velocity(run(script(event("e", speed(delta), time_over(1.0))), 2.0)["A"])[-1] == pytest.approx(16.0)
    assert velocity(run(script(event("e", speed(factor), time_over(1.0))), 2.0)["A"])[-1] == pytest.approx(10.0)


def lane_change(shape: str, duration: float, target: str) -> str:
    return (
        f'<PrivateAction><LateralAction><LaneChangeAction><LaneChangeActionDynamics dynamicsShape="{shape}" '
        f'dynamicsDimension="time" value="{duration}"/><LaneChangeTarget>{target}</LaneChangeTarget>'
        "</LaneChangeAction></LateralAction></PrivateAction>"
    )


@pytest.mark.parametrize("target", ['<AbsoluteTargetLane value="2"/>', '<RelativeTargetLane entityRef="A" value="1"/>'])
def test_a_change_of_lane_takes_its_time(target: str) -> None:
    log = run(script(event("e", lane_change("sinusoidal", 4.0, target), time_over(1.0))), 7.0)["A"]
    y = np.array([s.position[1] for s in log[1:]])
    t = (np.arange(700) + 1) / HZ
    wanted = 3.5 * (0.5 - 0.5 * np.cos(np.pi * np.clip((t - 1.0) / 4.0, 0.0, 1.0)))
    assert np.abs(y - wanted).max() < 1e-6
    said = [s.indicator for s in log[1:]]
    assert said[300] == 1
    assert said[-1] is None


def test_lane_offsets_keep_to_the_greatest_acceleration() -> None:
    action = (
        '<PrivateAction><LateralAction><LaneOffsetAction continuous="false"><LaneOffsetActionDynamics '
        'dynamicsShape="cubic" maxLateralAcc="0.5"/><LaneOffsetTarget><AbsoluteTargetLaneOffset value="-1"/>'
        "</LaneOffsetTarget></LaneOffsetAction></LateralAction></PrivateAction>"
    )
    y = np.array([s.position[1] for s in run(script(event("e", action, time_over(1.0))), 6.0)["A"]])
    assert y[-1] == pytest.approx(-1.0)
    assert np.abs(np.diff(y, 2)).max() * HZ**2 == pytest.approx(0.5, rel=0.02)


def first_at(log: list[ActorState], v: float = 0.0) -> float:
    """When a step to a speed was taken."""
    return next(k for k, s in enumerate(log[1:]) if s.speed_m_s == v) / HZ


@pytest.mark.parametrize(
    ("condition", "when"),
    [
        # A: x = 100 + 10 t; B: x = 20 + 20 t
        (of("A", '<TraveledDistanceCondition value="30"/>'), 3.0),
        (
            of("B", longitudinal(40, "false")),
            4.0,
        ),
        # the boxes are 4 m long
        (
            of("B", longitudinal(36, "true")),
            4.0,
        ),
        (of("B", '<TimeHeadwayCondition entityRef="A" value="1.5" freespace="false" rule="lessThan"/>'), 5.0),
        (
            of("B", COLLISION),
            6.0,
        ),
        (
            of("A", REACH),
            4.0,
        ),
        (time_over(2.5), 2.5),
    ],
)
def test_triggers_fire_when_they_should(condition: str, when: float) -> None:
    log = run(script(event("e", speed(absolute(0.0)), condition)), 8.0)["A"]
    assert first_at(log) == pytest.approx(when, abs=0.021)


def test_delays_edges_and_states() -> None:
    events = event("one", speed(absolute(12.0), "linear", "time", 1.0), time_over(1.0)) + event(
        "two",
        speed(absolute(0.0)),
        '<ByValueCondition><StoryboardElementStateCondition storyboardElementType="event" '
        'storyboardElementRef="one" state="completeState"/></ByValueCondition>',
        delay=0.5,
    )
    assert first_at(run(script(events), 4.0)["A"]) == pytest.approx(2.5, abs=0.03)
    rising = of("A", '<SpeedCondition value="11" rule="lessThan"/>')
    assert first_at(run(script(event("e", speed(absolute(0.0)), rising, edge="rising")), 1.0)["A"]) == 0.0
    with pytest.raises(StopIteration):
        first_at(run(script(event("e", speed(absolute(0.0)), rising, edge="falling")), 1.0)["A"])


def test_trajectories_keep_their_times() -> None:
    def vertex(t: float, x: float, y: float) -> str:
        return f'<Vertex time="{t}"><Position><WorldPosition x="{x}" y="{y}"/></Position></Vertex>'

    action = (
        "<PrivateAction><RoutingAction><FollowTrajectoryAction><Trajectory name='t' closed='false'><Shape><Polyline>"
        f"{vertex(0, 110, 0)}{vertex(2, 130, 0)}{vertex(4, 130, 30)}</Polyline></Shape></Trajectory><TimeReference>"
        '<Timing domainAbsoluteRelative="relative" scale="1" offset="0"/></TimeReference></FollowTrajectoryAction>'
        "</RoutingAction></PrivateAction>"
    )
    log = run(script(event("e", action, time_over(1.0))), 5.0)["A"]
    assert log[200].position[:2] == (pytest.approx(120.0, abs=0.15), pytest.approx(0.0, abs=1e-9))
    assert log[400].position[:2] == (pytest.approx(130.0, abs=1e-9), pytest.approx(15.0, abs=0.2))
    assert log[400].speed_m_s == pytest.approx(15.0)


def test_parameters_and_expressions() -> None:
    one = "<ParameterDeclaration name='v' parameterType='double' value='6'/>"
    declared = f"<ParameterDeclarations>{one}</ParameterDeclarations>"
    action = speed('<AbsoluteTargetSpeed value="${2 * $v + max(1, 3)}"/>')
    log = run(script(event("e", action, time_over(1.0)), parameters=declared), 2.0)
    assert log["A"][-1].speed_m_s == pytest.approx(15.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><OpenSCENARIO/>", "f:1: document types and entities are refused"),
        ("<OpenSCENARIO>\n<a>\n</OpenSCENARIO>", "f:3: mismatched tag"),
        ("<scene/>", "no OpenSCENARIO file"),
        ("<OpenSCENARIO/>", "it has no Storyboard"),
        (
            script(
                event(
                    "e",
                    "<PrivateAction><LongitudinalAction><FlyAction/></LongitudinalAction></PrivateAction>",
                    time_over(1.0),
                )
            ),
            "f:1: FlyAction is not supported; known: TeleportAction",
        ),
        (
            script(
                event("e", speed(absolute(1.0)), "<ByValueCondition><UserDefinedValueCondition/></ByValueCondition>")
            ),
            "UserDefinedValueCondition is not supported",
        ),
        (script(event("e", speed('<AbsoluteTargetSpeed value="$w"/>'), time_over(1.0))), r"there is no parameter \$w"),
        (
            script(event("e", speed('<AbsoluteTargetSpeed value="${__import__(1)}"/>'), time_over(1.0))),
            "cannot evaluate",
        ),
        (script(event("e", speed(absolute(1.0), "wavy"), time_over(1.0))), "dynamicsShape='wavy' is not supported"),
        (
            script(event("e", speed(absolute(1.0), "linear", "time", float("nan")), time_over(1.0))),
            "value is not a number",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_script(text, "f")


def test_deep_and_large_files_are_refused() -> None:
    with pytest.raises(UserError, match="nested deeper"):
        parse_xml("<a>" * 200 + "</a>" * 200, "f")
    with pytest.raises(UserError, match="larger than"):
        parse_xml("<a>" + " " * 4_000_001 + "</a>", "f")


def test_a_lane_that_is_not_there() -> None:
    text = script("").replace('laneId="1"', 'laneId="9"')
    with pytest.raises(UserError, match=r"f:1: this world has no lane 'r/9'"):
        initial_spots(read_script(text, "f"), road())


def test_signed_lane_ids_of_opendrive() -> None:
    there = np.array([[0.0, -1.75, 0.0], [100.0, -1.75, 0.0]])
    lanes = (
        Lane(name="road_7/2", centerline=there),
        Lane(name="road_7/1", centerline=there - np.array([0.0, 3.5, 0.0])),
        Lane(name="road_7/back/1", centerline=there[::-1] + np.array([0.0, 3.5, 0.0])),
    )
    text = script("").replace('roadId="r" laneId="1"', 'roadId="7" laneId="-2"')
    text = text.replace('roadId="r" laneId="2"', 'roadId="7" laneId="1"')
    spots = initial_spots(read_script(text, "f"), RoadMap(lanes=lanes))
    assert (spots["A"].x, spots["A"].y) == (pytest.approx(100.0), pytest.approx(-5.25))
    assert (spots["B"].x, spots["B"].y) == (pytest.approx(20.0), pytest.approx(1.75))
    assert abs(math.remainder(spots["B"].yaw, 2.0 * math.pi)) == pytest.approx(math.pi)


def test_two_entities_of_one_name_are_refused() -> None:
    source = (SCENES / "openscenario" / "cut_in.xosc").read_text()
    doubled = source.replace('<ScenarioObject name="Other"', '<ScenarioObject name="Ego"')
    with pytest.raises(UserError, match=r"f:\d+: .*two entities called 'Ego'"):
        read_script(doubled, "f")


def test_the_example_cuts_in_and_brakes() -> None:
    source = (SCENES / "openscenario_cut_in.yaml").read_text()
    scene = loads(source, str(SCENES / "openscenario_cut_in.yaml")).sample(seed=0)
    assert [e.name for e in scene.entities[:2]] == ["ego", "Other"]
    assert all(e.behaviour.text.startswith("<?xml") for e in scene.entities)  # type: ignore[union-attr]
    assert actor_name("Big car 2", "Ego") == "Big_car_2"
    for wrong, said in (
        ("openscenario: {file: nothing.xosc}", "there is no file 'nothing.xosc'"),
        ("openscenario: {file: openscenario/cut_in.xosc, ego: Othr}", "no entity 'Othr'; did you mean 'Other'"),
        ("openscenario: {file: openscenario/cut_in.xosc}\nego: {asset: suv, lane: east/1}", "the ego comes from"),
    ):
        text = source.replace("openscenario: {file: openscenario/cut_in.xosc}", wrong)
        with pytest.raises(SceneError, match=said):
            loads(text, str(SCENES / "s.yaml")).sample(seed=0)
