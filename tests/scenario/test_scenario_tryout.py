"""What an actor cannot do is told at its line, before anything is simulated."""

from __future__ import annotations

import pytest

from simgen.errors import SceneError
from simgen.scenario import loads

MISTAKES = {
    "{asset: sedan, place: {at_m: [0, 0]}, behaviour: {type: drive}}": "s:4:67: .*this world has no lanes",
    "{asset: sedan, place: {at_m: [0, 0]}, behaviour: {type: joint_sweep}}": "s:4:67: joint_sweep moves the joints of"
    " robots, and 'thing' has none",
    "{asset: {type: robot, kind: panda}, place: {at_m: [0, 0]}, behaviour: {type: joint_keyframes, times_s: [1],"
    " joints_deg: [[1, 2]]}}": "s:4:88: joint_keyframes: 'thing' has 7 hinges, but a keyframe has 2 angles",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_what_cannot_be_done_is_told_with_its_place(line: str) -> None:
    text = "simgen: 1\nworld: {type: empty}\nobjects:\n  - " + line.replace("{asset", "{name: thing, asset", 1)
    with pytest.raises(SceneError, match=MISTAKES[line]):
        loads(text, "s").sample(0)
