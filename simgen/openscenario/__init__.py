"""OpenSCENARIO 1.x: reading ``.xosc`` files into plain records; what is not supported is said with its line."""

from simgen.openscenario.model import Act, Action, Condition, Event, Group, Position, Script, ScriptEntity, Trigger
from simgen.openscenario.read import read_script

__all__ = [
    "Act",
    "Action",
    "Condition",
    "Event",
    "Group",
    "Position",
    "Script",
    "ScriptEntity",
    "Trigger",
    "read_script",
]
