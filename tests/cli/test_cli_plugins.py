"""``simgen list`` and ``simgen describe``: every plugin is there, explained, and near misses are understood."""

from __future__ import annotations

import json

import pytest

from simgen import registry
from simgen.cli import main
from simgen.scenario.declared import declared
from simgen.scenario.describe import bounds_of, plugin_info


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    try:
        main(list(arguments))
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_list_names_every_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    assert code == 0
    for kind in registry.KINDS:
        assert f"{kind}:" in out
        assert all(f"  {name} " in out for name in registry.names(kind))


def test_list_of_one_kind_in_words_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "list", "weather")[1].startswith("weather:\n  bank ")
    assert run(capsys, "list", "edge-cases")[0] == 0
    answer = json.loads(run(capsys, "list", "assets", "--json")[1])
    assert set(answer["asset"]) == set(registry.names("asset"))


def test_describe_says_type_bounds_default_unit_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "describe", "weather", "fog")
    assert code == 0
    assert out.startswith("weather fog\n\nFog of a given visibility")
    assert "visibility_m: a number in m; 1 <= x <= 100000; default 200.0\n      meteorological optical range" in out
    assert "Rasshofer" in out


def test_describe_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(run(capsys, "describe", "weather", "rain", "--json")[1])
    assert answer["name"] == "rain"
    (rate,) = [p for p in answer["parameters"] if p["name"] == "rate_mm_h"]
    assert (rate["unit"], rate["required"], rate["bounds"]) == ("mm/h", False, "0 < x <= 300")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["list", "wether"], "simgen: unknown kind 'wether' (did you mean 'weather'?)"),
        (["describe", "weather", "fogg"], "simgen: unknown weather 'fogg'; did you mean 'fog'?"),
        (["describe", "rig"], "simgen: describe which rig? known: amr, kitti, nuscenes, robot_arm, waymo_like"),
        (["describe", "sensr", "lidar"], "simgen: unknown kind 'sensr' (did you mean 'sensor'?)"),
    ],
)
def test_near_misses(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out, err) == (2, "", message + "\n")


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k in registry.KINDS for n in registry.names(k)])
def test_every_plugin_can_be_described(capsys: pytest.CaptureFixture[str], kind: str, name: str) -> None:
    info = plugin_info(kind, name)
    assert info.summary
    assert set(declared(registry.get(kind, name))) <= {p.name for p in info.parameters}
    assert run(capsys, "describe", kind, name, "--json")[0] == 0
    assert run(capsys, "describe", kind, name)[1].startswith(f"{kind} {name}\n")


def test_bounds_as_one_writes_them() -> None:
    assert bounds_of({"ge": 0.0, "lt": 5.0}) == "0 <= x < 5"
    assert bounds_of({"gt": 1.0}) == "1 < x"
    assert bounds_of({"le": 1e5}) == "x <= 100000"
    assert bounds_of({}) == ""
