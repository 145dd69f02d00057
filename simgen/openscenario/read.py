"""From XML elements to records. Names and keys are those of the standard (ASAM OpenSCENARIO XML 1.0 to 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from simgen.errors import UserError
from simgen.openscenario.model import Act, Action, Condition, Event, Group, Position, Script, ScriptEntity, Trigger
from simgen.openscenario.xml import Element, parse_xml

_SHAPES: Final = ("linear", "cubic", "sinusoidal", "step")
_DIMENSIONS: Final = ("time", "distance", "rate")
_RULES: Final = ("greaterThan", "lessThan", "equalTo", "greaterOrEqual", "lessOrEqual", "notEqualTo")
_EDGES: Final = ("rising", "falling", "risingOrFalling", "none")
#: actions that change nothing which is simulated here
_IGNORED: Final = ("ControllerAction", "VisibilityAction", "ActivateControllerAction")
#: numbers (with defaults) and names of each kind of position
_POSITIONS: Final[Mapping[str, tuple[Mapping[str, float], tuple[str, ...]]]] = {
    "WorldPosition": ({"x": 0.0, "y": 0.0, "z": 0.0, "h": 0.0}, ()),
    "LanePosition": ({"s": 0.0, "offset": 0.0}, ("roadId", "laneId")),
    "RelativeWorldPosition": ({"dx": 0.0, "dy": 0.0, "dz": 0.0}, ("entityRef",)),
    "RelativeObjectPosition": ({"dx": 0.0, "dy": 0.0, "dz": 0.0}, ("entityRef",)),
    "RelativeLanePosition": ({"ds": 0.0, "dLane": 0.0, "offset": 0.0}, ("entityRef",)),
}


@lru_cache(maxsize=16)
def read_script(text: str, file: str) -> Script:
    """The script of a file's text; ``file`` is what messages call it, and where catalogues are looked for.

    Raises:
        UserError: it is no OpenSCENARIO file, or says something that is not supported.
    """
    root = parse_xml(text, file)
    if root.tag != "OpenSCENARIO":
        raise root.error(f"this is no OpenSCENARIO file: it begins with {root.tag}")
    _declare(root)
    board = root.find("Storyboard")
    if board is None:
        raise root.error("it has no Storyboard")
    entities = root.need("Entities").all("ScenarioObject")
    seen: set[str] = set()
    for one in entities:
        if one.text("name") in seen:
            raise one.error(f"there are two entities called {one.text('name')!r}")
        seen.add(one.text("name"))
    logic = root.find("RoadNetwork", "LogicFile")
    acts = [_act(act, story) for story in board.all("Story") for act in story.all("Act")]
    stop = board.find("StopTrigger")
    return Script(
        file=file,
        road_file="" if logic is None else logic.text("filepath"),
        entities=tuple(_entity(e, root) for e in entities),
        init=tuple(_init(board.need("Init"))),
        acts=tuple(acts),
        stop=None if stop is None else _trigger(stop),
    )


def _declare(element: Element) -> None:
    """Read the parameters that elements declare, outermost first."""
    for declaration in element.all("ParameterDeclarations"):
        for one in declaration.all("ParameterDeclaration"):
            element.parameters[one.text("name").lstrip("$")] = one.text("value")
    for child in element.children:
        _declare(child)


def _entity(element: Element, root: Element) -> ScriptEntity:
    thing = next((c for c in element.children if c.tag not in ("ObjectController",)), None)
    if thing is None:
        raise element.error("a ScenarioObject needs a Vehicle, a Pedestrian or a MiscObject")
    if thing.tag == "CatalogReference":
        thing = _from_catalogue(thing, root) or thing
    categories = {"Vehicle": "vehicleCategory", "Pedestrian": "", "MiscObject": "", "CatalogReference": ""}
    if thing.tag not in categories:
        raise thing.error(f"{thing.tag} is not supported as an entity")
    key = categories[thing.tag]
    category = {"Pedestrian": "pedestrian", "MiscObject": "misc"}.get(thing.tag, "car")
    size = thing.find("BoundingBox", "Dimensions")
    return ScriptEntity(
        name=element.text("name"),
        category=thing.text(key, "car") if key else category,
        length_m=size.number("length") if size is not None else 0.0,
        where=f"{element.file}:{element.line}",
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {str(path)!r}: {error}") from None


def _from_catalogue(reference: Element, root: Element) -> Element | None:
    """The entry that a reference means, from the folders of CatalogLocations; None where they do not exist."""
    folders = [d.text("path") for place in root.need("CatalogLocations").children for d in place.all("Directory")]
    for folder in folders:
        for path in sorted((Path(reference.file).parent / folder).glob("*.xosc")):
            catalogue = parse_xml(_text_of(path), str(path)).find("Catalog")
            if catalogue is None or catalogue.text("name") != reference.text("catalogName"):
                continue
            entry = next((e for e in catalogue.children if e.text("name") == reference.text("entryName")), None)
            if entry is None:
                raise reference.error(f"the catalogue {path.name} has no entry {reference.text('entryName')!r}")
            return entry
    return None


def _init(element: Element) -> list[tuple[str, Action]]:
    found = []
    for private in element.need("Actions").all("Private"):
        for wrapper in private.all("PrivateAction"):
            action = _action(wrapper)
            if action is not None:
                found.append((private.text("entityRef"), action))
    return found


def _act(element: Element, story: Element) -> Act:
    path = f"{story.text('name')}/{element.text('name')}"
    start, stop = element.find("StartTrigger"), element.find("StopTrigger")
    return Act(
        name=element.text("name"),
        path=path,
        groups=tuple(_group(group, path) for group in element.all("ManeuverGroup")),
        start=None if start is None else _trigger(start),
        stop=None if stop is None else _trigger(stop),
    )


def _group(element: Element, above: str) -> Group:
    path = f"{above}/{element.text('name')}"
    actors = element.need("Actors")
    if actors.flag("selectTriggeringEntities"):
        raise actors.error("selectTriggeringEntities is not supported; list the actors")
    if element.all("CatalogReference"):
        raise element.error("manoeuvres from catalogues are not supported; write them here")
    return Group(
        name=element.text("name"),
        path=path,
        actors=tuple(a.text("entityRef") for a in actors.all("EntityRef")),
        maneuvers=tuple(
            (f"{path}/{m.text('name')}", tuple(_event(e, f"{path}/{m.text('name')}") for e in m.all("Event")))
            for m in element.all("Maneuver")
        ),
    )


def _event(element: Element, above: str) -> Event:
    start = element.find("StartTrigger")
    actions = [_action(a) for a in element.all("Action")]
    return Event(
        name=element.text("name"),
        path=f"{above}/{element.text('name')}",
        priority=element.choice("priority", ("overwrite", "override", "parallel", "skip"), "override"),
        actions=tuple(a for a in actions if a is not None),
        start=None if start is None else _trigger(start),
        most=int(element.number("maximumExecutionCount", 1.0)),
    )


# ---------------------------------------------------------------------------------------------------- actions


def _action(wrapper: Element) -> Action | None:
    """The action inside ``Action``, ``PrivateAction`` and the like; None for those that change nothing here."""
    here = wrapper.only()
    while here.tag in ("PrivateAction", "LongitudinalAction", "LateralAction", "RoutingAction"):
        here = here.only()
    if here.tag in _IGNORED:
        return None
    reader = _ACTIONS.get(here.tag)
    if reader is None:
        known = ", ".join(_ACTIONS)
        raise here.error(f"{here.tag} is not supported; known: {known}")
    return Action(kind=here.tag, values=reader(here), where=f"{here.file}:{here.line}")


def _dynamics(element: Element) -> dict[str, Any]:
    return {
        "shape": element.choice("dynamicsShape", _SHAPES),
        "dimension": element.choice("dynamicsDimension", _DIMENSIONS),
        "value": element.number("value"),
    }


def _speed(element: Element) -> dict[str, Any]:
    found = _dynamics(element.need("SpeedActionDynamics"))
    target = element.need("SpeedActionTarget").only()
    if target.tag == "AbsoluteTargetSpeed":
        return found | {"target": target.number("value")}
    if target.flag("continuous"):
        raise target.error("a continuous RelativeTargetSpeed is not supported; set continuous to false")
    kind = target.choice("speedTargetValueType", ("delta", "factor"))
    return found | {"entity": target.text("entityRef"), "type": kind, "target": target.number("value")}


def _lane_change(element: Element) -> dict[str, Any]:
    found = _dynamics(element.need("LaneChangeActionDynamics"))
    target = element.need("LaneChangeTarget").only()
    found |= {"offset": element.number("targetLaneOffset", 0.0), "target": target.text("value")}
    if target.tag == "RelativeTargetLane":
        found |= {"entity": target.text("entityRef"), "target": int(target.number("value"))}
    return found


def _lane_offset(element: Element) -> dict[str, Any]:
    dynamics = element.need("LaneOffsetActionDynamics")
    target = element.need("LaneOffsetTarget").only()
    if target.tag != "AbsoluteTargetLaneOffset":
        raise target.error(f"{target.tag} is not supported; use AbsoluteTargetLaneOffset")
    shape = dynamics.choice("dynamicsShape", _SHAPES)
    return {"shape": shape, "most": dynamics.number("maxLateralAcc", 1.0), "target": target.number("value")}


def _route(element: Element) -> dict[str, Any]:
    points = element.need("Route").all("Waypoint")
    return {"points": tuple(_position(p.need("Position")) for p in points)}


def _trajectory(element: Element) -> dict[str, Any]:
    line = element.find("Trajectory", "Shape", "Polyline") or element.find(
        "TrajectoryRef", "Trajectory", "Shape", "Polyline"
    )
    if line is None:
        raise element.error("only trajectories whose shape is a Polyline are supported")
    timing = element.find("TimeReference", "Timing")
    vertices = line.all("Vertex")
    if len(vertices) < 2:
        raise line.error("a Polyline needs two vertices")
    return {
        "points": tuple(_position(v.need("Position")) for v in vertices),
        "times": None if timing is None else tuple(v.number("time") for v in vertices),
        "scale": 1.0 if timing is None else timing.number("scale", 1.0),
        "offset": 0.0 if timing is None else timing.number("offset", 0.0),
        "absolute": timing is not None and timing.text("domainAbsoluteRelative") == "absolute",
    }


def _placed(element: Element) -> dict[str, Any]:
    return {"position": _position(element.need("Position"))}


_ACTIONS: Final[Mapping[str, Callable[[Element], dict[str, Any]]]] = {
    "TeleportAction": _placed,
    "SpeedAction": _speed,
    "LaneChangeAction": _lane_change,
    "LaneOffsetAction": _lane_offset,
    "AssignRouteAction": _route,
    "AcquirePositionAction": _placed,
    "FollowTrajectoryAction": _trajectory,
}


def _position(element: Element) -> Position:
    inner = element.only()
    if inner.tag not in _POSITIONS:
        raise inner.error(f"{inner.tag} is not supported; known: {', '.join(_POSITIONS)}")
    numbers, names = _POSITIONS[inner.tag]
    values: dict[str, Any] = {key: inner.number(key, default) for key, default in numbers.items()}
    values |= {key: inner.text(key) for key in names}
    turned = inner.find("Orientation")
    if turned is not None:
        values["turn"] = turned.number("h", 0.0)
    return Position(kind=inner.tag, values=values, where=f"{inner.file}:{inner.line}")


# ---------------------------------------------------------------------------------------------------- triggers


def _trigger(element: Element) -> Trigger:
    return tuple(tuple(_condition(c) for c in group.all("Condition")) for group in element.all("ConditionGroup"))


def _condition(element: Element) -> Condition:
    common: dict[str, Any] = {
        "name": element.text("name", ""),
        "delay_s": element.number("delay", 0.0),
        "edge": element.choice("conditionEdge", _EDGES, "none"),
    }
    by_value = element.find("ByValueCondition")
    if by_value is not None:
        inner = by_value.only()
        return Condition(kind=inner.tag, values=_by_value(inner), **common)
    by_entity = element.need("ByEntityCondition")
    inner = by_entity.need("EntityCondition").only()
    asked = by_entity.need("TriggeringEntities")
    reader = _ENTITY_CONDITIONS.get(inner.tag)
    if reader is None:
        raise inner.error(f"{inner.tag} is not supported; known: {', '.join(_ENTITY_CONDITIONS)}")
    return Condition(
        kind=inner.tag,
        values=reader(inner),
        entities=tuple(e.text("entityRef") for e in asked.all("EntityRef")),
        any_of=asked.choice("triggeringEntitiesRule", ("any", "all"), "any") == "any",
        **common,
    )


def _ruled(element: Element) -> dict[str, Any]:
    return {"value": element.number("value"), "rule": element.choice("rule", _RULES)}


def _by_value(element: Element) -> dict[str, Any]:
    if element.tag == "SimulationTimeCondition":
        return _ruled(element)
    if element.tag == "StoryboardElementStateCondition":
        kind = element.choice("storyboardElementType", ("act", "maneuverGroup", "maneuver", "event", "action", "story"))
        return {"type": kind, "ref": element.text("storyboardElementRef"), "state": element.text("state")}
    raise element.error(f"{element.tag} is not supported; known: SimulationTime and StoryboardElementState conditions")


def _relative(element: Element) -> dict[str, Any]:
    kinds = ("longitudinal", "lateral", "cartesianDistance", "euclidianDistance")
    return _ruled(element) | {
        "entity": element.text("entityRef"),
        "type": element.choice("relativeDistanceType", kinds),
        "freespace": element.flag("freespace"),
    }


def _headway(element: Element) -> dict[str, Any]:
    return _ruled(element) | {"entity": element.text("entityRef"), "freespace": element.flag("freespace")}


def _collision(element: Element) -> dict[str, Any]:
    target = element.need("TimeToCollisionConditionTarget").only()
    found = _ruled(element) | {"freespace": element.flag("freespace")}
    if target.tag == "EntityRef":
        return found | {"entity": target.text("entityRef")}
    return found | {"position": _position(target)}


def _reach(element: Element) -> dict[str, Any]:
    return {"value": element.number("tolerance"), "position": _position(element.need("Position"))}


_ENTITY_CONDITIONS: Final[Mapping[str, Callable[[Element], dict[str, Any]]]] = {
    "TraveledDistanceCondition": lambda e: {"value": e.number("value"), "rule": "greaterOrEqual"},
    "SpeedCondition": _ruled,
    "RelativeDistanceCondition": _relative,
    "TimeHeadwayCondition": _headway,
    "TimeToCollisionCondition": _collision,
    "ReachPositionCondition": _reach,
    "StandStillCondition": lambda e: {"value": e.number("duration"), "rule": "greaterOrEqual"},
}
