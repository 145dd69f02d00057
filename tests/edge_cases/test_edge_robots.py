"""Edge cases of robots: what is seen is what will be rendered, and mistakes are told."""

from __future__ import annotations

import pytest
from helpers_edge_cases import stage_of

from simgen.edge_cases._sight import seen
from simgen.edge_cases._snapshot import at_rest
from simgen.edge_cases.conveyor_jam import ConveyorJam
from simgen.edge_cases.falling_stack import FallingStack
from simgen.edge_cases.glass_door import GlassDoor
from simgen.edge_cases.human_enters_cell import HumanEntersCell
from simgen.edge_cases.look_alikes import LookAlikes
from simgen.edge_cases.low_light_cell import LowLightCell
from simgen.edge_cases.transparent_objects import TransparentObjects
from simgen.errors import UserError
from simgen.scenario import loads

SCENE = """
simgen: 1
name: bench
clock: {duration_s: 1.0, rate_hz: 10}
world: {type: table}
light: {type: constant}
objects: [OBJECTS]
sensors:
  - {name: eye, type: camera, width: 320, height: 240, mount: {position_m: [-3, 0, 0.9], look_at_m: [0, 0, 0.9]}}
"""


def bench(objects=""):
    return loads(SCENE.replace("OBJECTS", objects), "test.yaml").sample(seed=1)


BOARD = (
    "{name: NAME, asset: {type: box, size_m: [0.01, WIDE, 0.3]}, place: {at_m: [X, Y, 0.74], yaw_deg: 0}, "
    "physics: static}"
)


def board(name, x, y, wide):
    text = BOARD.replace("NAME", name).replace("WIDE", str(wide))
    return text.replace("X", str(x), 1).replace("Y", str(y), 1)


@pytest.mark.parametrize(("aside", "share"), [(0.0, 0.0), (-0.15, 0.5), (-0.5, 1.0)])
def test_a_board_before_a_board_hides_what_lies_behind(aside, share):
    # the nearer board is drawn larger by 3.0 / 2.7: its edge meets the line of sight through the farther one's middle
    near = board("near", -0.3, 0.9 * aside, 0.27)
    scene = bench(f"{board('far', 0.0, 0.0, 0.3)}, {near}")
    still = at_rest(scene)
    found = seen(still, stage_of(still).simulate(still), scene.sensors[0], ["far", "near"], 0.0)
    assert found["far"].visible_fraction == pytest.approx(share, abs=0.06)
    assert found["near"].visible_fraction == 1.0


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (TransparentObjects(), "transparent_objects needs a depth camera"),
        (ConveyorJam(jammed_s=0.5), "conveyor_jam: the scene has no running belt"),
        (FallingStack(falls_s=5.0), "falling_stack: falls_s 5 is past the end"),
        (HumanEntersCell(robot="arm", at_s=0.5), "human_enters_cell: nothing in the scene is called 'arm'"),
        (LookAlikes(on="shelf"), "look_alikes: there is no place 'shelf'"),
        (LookAlikes(count=20, on="table", sensor="eye"), "look_alikes: they hide each other"),
        (GlassDoor(robot="table"), "glass_door: 'table' hardly moves"),
    ],
    ids=lambda x: getattr(x, "plugin_name", ""),
)
def test_what_cannot_be_is_told(case, message):
    scene = bench()
    with pytest.raises(UserError, match=message):
        case.apply(scene, stage_of(scene))


def test_a_world_without_lamps_cannot_be_darkened():
    with pytest.raises(UserError, match="low_light_cell: world table has no lamps to turn down"):
        LowLightCell().prepare(bench(), 0)
