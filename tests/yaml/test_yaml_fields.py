"""Checked access to a mapping: what is right comes back, every wrong thing is kept with its place."""

from __future__ import annotations

import math

from simgen.errors import Fault
from simgen.yaml.fields import Fields
from simgen.yaml.nodes import MapNode
from simgen.yaml.text import parse


def fields(text: str, *known: str) -> tuple[Fields, list[Fault]]:
    """Fields of a text, and where its faults go."""
    root, faults = parse(text, "f"), list[Fault]()
    assert isinstance(root, MapNode)
    return Fields("f", root, "", known, faults), faults


def said(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def test_right_values_come_back() -> None:
    found, faults = fields("a: 1.5\nb: [1, 2]\nc: word\nd: true\ne: 3\nf: [1, 2.5]\ng: {x: 1}\n", *"abcdefg", "absent")
    assert found.number("a") == 1.5
    assert found.pair("b") == (1.0, 2.0)
    assert found.word("c", ("word", "other")) == "word"
    assert found.truth("d") is True
    assert found.whole("e", 1, 5) == 3
    assert found.numbers("f") == [1.0, 2.5]
    section = found.section("g", ("x",))
    assert section is not None
    assert section.number("x") == 1.0
    assert found.number("absent", default=7.0) == 7.0
    assert faults == []


def test_every_wrong_value_is_kept_and_none_stops_the_others() -> None:
    found, faults = fields("a: x\nb: [2, 1]\nc: 5\nd: 1\ne: 9\nf: [1, ~]\ng: 4\nh: 0\n", *"abcdefg", "absent")
    assert math.isnan(found.number("a"))
    assert found.pair("b") == (2.0, 1.0)
    assert found.word("c") == ""
    assert found.truth("d") is False
    assert found.whole("e", 1, 5) == 0
    assert found.numbers("f")[0] == 1.0
    assert found.section("g", ()) is None
    assert math.isnan(found.number("absent"))
    assert said(faults) == [
        "f:8:1: h is unknown; known: a, absent, b, c, d, e, f, g",
        "f:1:4: a must be a number, not 'x'",
        "f:2:4: b must be two numbers, the lower first, not [2, 1]",
        "f:3:4: c must be text, not 5",
        "f:4:4: d must be true or false, not 1",
        "f:5:4: e must be a whole number from 1 to 5, not 9",
        "f:6:8: f[1] must be a number, not nothing",
        "f:7:4: g must be a mapping, not 4",
        "f:1:1: absent is missing",
    ]


def test_infinite_and_true_are_no_numbers() -> None:
    found, faults = fields("a: .inf\nb: true\nc: 1e400\n", *"abc")
    assert all(math.isnan(found.number(key)) for key in "abc")
    assert said(faults) == [
        "f:1:4: a must be a number, not inf",
        "f:2:4: b must be a number, not true",
        "f:3:4: c must be a number, not inf",
    ]


def test_lists_of_mappings() -> None:
    found, faults = fields("a: [{x: 1}, 2]\nb: []\n", *"ab")
    assert [section.number("x") for section in found.sections("a", ("x",))] == [1.0]
    assert found.sections("b", ()) == []
    assert said(faults) == [
        "f:1:13: a[1] must be a mapping, not 2",
        "f:2:4: b must be a list of mappings, not an empty list",
    ]
