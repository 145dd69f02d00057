"""YAML 1.2 with positions; what is not YAML, or too much of it, is a fault with a position."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgen.errors import SceneError
from simgen.scenario import load
from simgen.yaml.nodes import ListNode, MapNode, ScalarNode, plain, resolve, walk
from simgen.yaml.text import MAX_ALIASES, MAX_DEPTH, parse, read_text


def fault(text: str) -> str:
    """The only fault of a text."""
    with pytest.raises(SceneError) as caught:
        parse(text, "f")
    (found,) = caught.value.faults
    return str(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("True", True),
        ("false", False),
        ("~", None),
        ("", None),
        ("1e-3", 1e-3),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("0777", 777),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2024-06-21T18:30:00+02:00", "2024-06-21T18:30:00+02:00"),
        ("2024-06-21", "2024-06-21"),
        ("-.inf", -math.inf),
        ("hdl-64e", "hdl-64e"),
        ("9" * 500, "9" * 500),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_quotes_make_text() -> None:
    assert plain(parse("a: '1'\nb: \"true\"\nc: |\n  2\n", "f")) == {"a": "1", "b": "true", "c": "2\n"}


def test_every_node_knows_its_place() -> None:
    root = parse("a: 1\nb:\n  - x\n  - {c: 2.5}\n", "f")
    assert isinstance(root, MapNode)
    assert (root.keys["b"].line, root.keys["b"].column) == (2, 1)
    listed = root.values["b"]
    assert isinstance(listed, ListNode)
    assert [(n.line, n.column) for n in listed.items] == [(3, 5), (4, 5)]
    inner = listed.items[1]
    assert isinstance(inner, MapNode)
    assert inner.values["c"] == ScalarNode(4, 9, 2.5)
    assert len(list(walk(root))) == 6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f:1:1: the file is empty (a scene starts with 'simgen: 1')"),
        ("# nothing\n", "f:1:1: the file is empty (a scene starts with 'simgen: 1')"),
        ("a: 1\na: 2\n", "f:2:1: duplicate key 'a' (it is already on line 1)"),
        ("a: {b: 1, b: 2}\n", "f:1:11: duplicate key 'b' (it is already on line 1)"),
        ("a: !<y> x\n", "f:1:4: tags such as y are not part of the scene language (remove the tag)"),
        ("a: !x {}\n", "f:1:4: tags such as !x are not part of the scene language (remove the tag)"),
        ("a:\n\tb: 1\n", "f:2:1: a tab may not indent YAML (use spaces)"),
        ("a: [1, 2\n", "f:2:1: not YAML: while parsing a flow sequence: expected ',' or ']', but got '<stream end>' "
         "(is every [ and { closed?)"),
        ("a: b: c", "f:1:5: not YAML: mapping values are not allowed here "
         "(is the indentation right, and is text with ': ' in quotes?)"),
        ("a: 1\n---\nb: 2\n", "f:2:1: a scene file holds one document only (remove the second '---')"),
        ("a: \x01", "f:1:4: character U+0001 may not stand in YAML"),
        ("1: 2", "f:1:1: a key must be a word, not 1 (put it in quotes if it is meant as text)"),
        ("? [a]\n: b", "f:1:3: a key must be a word, not a list (put it in quotes if it is meant as text)"),
        ("a: *y", "f:1:4: alias *y has no anchor &y before it"),
        ("a: &x [*x]", "f:1:8: alias *x refers to what it is a part of (write the values out)"),
        ("b: &x {c: 1}\na: {<<: *x}", "f:2:5: merge keys (<<) are not part of YAML 1.2 (write the values out)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_text(text: str, message: str) -> None:
    assert fault(text) == message


def test_several_faults_of_one_text_come_together() -> None:
    with pytest.raises(SceneError) as caught:
        parse("a: 1\na: 2\nb: !t 3\n", "f")
    assert [f.line for f in caught.value.faults] == [2, 3]


def test_aliases_repeat_a_value_within_bounds() -> None:
    assert plain(parse("a: &x {b: [1]}\nc: *x\n", "f")) == {"a": {"b": [1]}, "c": {"b": [1]}}
    many = "a: &x 1\nb: [" + ", ".join(["*x"] * (MAX_ALIASES + 1)) + "]\n"
    assert "aliases" in fault(many)


def test_a_billion_laughs_are_refused_at_once() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    assert "aliased values" in fault("\n".join(lines))


def test_depth_is_bounded() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f")
    assert f"nested more than {MAX_DEPTH} levels deep" in fault("[" * 100_000)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "urban.yaml").write_text("simgen: 1\n")
    with pytest.raises(SceneError, match=r"urbn\.yaml:1:1: no such file \(did you mean '.*urban\.yaml'\?\)"):
        load(tmp_path / "urbn.yaml")
    with pytest.raises(SceneError, match=r"1:1: no such file \(there is no folder .* either\)"):
        load(tmp_path / "nowhere" / "a.yaml")
    with pytest.raises(SceneError, match="cannot be read: Is a directory"):
        load(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("simgen: 1\nname: é\n".encode("latin-1"))
    with pytest.raises(SceneError, match=r"latin\.yaml:2:7: byte 0xe9 is not UTF-8 \(save the file as UTF-8\)"):
        load(tmp_path / "latin.yaml")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfsimgen: 1\r\nname: a\r\n")
    assert plain(parse(read_text(path), "f")) == {"simgen": 1, "name": "a"}


def is_node_or_fault(text: str) -> bool:
    """Whether a text gives a node, or faults that say where."""
    try:
        parse(text, "f")
    except SceneError as error:
        return bool(error.faults) and all(f.line >= 1 and f.column >= 1 and f.message for f in error.faults)
    return True


@given(st.text(max_size=80))
def test_any_text_is_a_node_or_a_fault(text: str) -> None:
    assert is_node_or_fault(text)


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@#,? \n\t\\x01", max_size=60))
def test_any_punctuation_is_a_node_or_a_fault(text: str) -> None:
    assert is_node_or_fault(text)
