"""Whether an actor can do what a scene has it do, found out while its place in the file is at hand."""

from __future__ import annotations

from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.records.actors import ActorState
from simgen.records.roads import RoadMap
from simgen.scene import Entity

#: joints that a behaviour can move
_MOVED = ("hinge", "slide")


def try_behaviour(entity: Entity, road_map: RoadMap, seed: int) -> None:
    """Start an entity's behaviour where the entity stands, as physics will.

    Raises:
        UserError: it cannot: there is no such lane, no road, no joint to move.
    """
    behaviour = entity.behaviour
    if behaviour is None or entity.physics != "kinematic":
        return
    model = model_of(entity.asset)
    if not behaviour.moves_joints:
        state = ActorState(position=entity.position, quaternion=entity.quaternion)
        behaviour.start(entity.name, state, road_map, model.wheelbase_m, seed)
        return
    joints = tuple(link.joint for link in model.links[1:] if link.joint.kind in _MOVED)
    if not joints:
        raise UserError(f"{type(behaviour).plugin_name} moves the joints of robots, and {entity.name!r} has none")
    behaviour.start_joints(entity.name, joints, seed)
