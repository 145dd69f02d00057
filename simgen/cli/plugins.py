"""``simgen list`` and ``simgen describe``: what there is, and what it takes."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import click

from simgen.cli import devices

if TYPE_CHECKING:
    from simgen.scenario.describe import Parameter, PluginInfo


@click.command("list")
@click.argument("kind", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def list_(kind: str | None, as_json: bool) -> None:
    """List the plugins of KIND, or of every kind; KIND lidar lists the lidar devices.

    Kinds are asset, world, weather, light, behaviour, sensor, format and edge_case.
    """
    from simgen import registry
    from simgen.scenario.describe import kind_of, plugin_info

    if kind in devices.WORDS:
        _print_rows({"lidar": devices.device_list()}, as_json=as_json)
        return
    kinds = [kind_of(kind)] if kind else list(registry.KINDS)
    found = {each: [plugin_info(each, name) for name in registry.names(each)] for each in kinds}
    _print_rows({each: {info.name: info.summary for info in infos} for each, infos in found.items()}, as_json=as_json)


def _print_rows(rows: dict[str, dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for kind, summaries in rows.items():
        click.echo(f"{kind}:" if summaries else f"{kind}: none")
        width = max(map(len, summaries), default=0)
        for name, summary in summaries.items():
            click.echo(f"  {name:{width}}  {summary}")


@click.command()
@click.argument("kind")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def describe(kind: str, name: str, as_json: bool) -> None:
    """Explain the plugin NAME of KIND: its parameters, defaults, units, bounds and sources.

    KIND lidar explains a lidar device by its name, or by the path of its file.
    """
    from simgen.scenario.describe import plugin_info

    if kind in devices.WORDS:
        click.echo(devices.describe_device(name, as_json=as_json))
        return
    info = plugin_info(kind, name)
    click.echo(json.dumps(_finite(dataclasses.asdict(info)), indent=2) if as_json else page(info))


def page(info: PluginInfo) -> str:
    """A plugin as plain text."""
    lines = [f"{info.kind} {info.name}", "", info.text, ""]
    if not info.parameters:
        return "\n".join([*lines, "It has no parameters."])
    lines.append("Parameters:")
    for parameter in info.parameters:
        lines += ["", f"  {parameter.name}: {_facts(parameter)}", f"      {parameter.doc}"]
    return "\n".join(lines)


def _facts(parameter: Parameter) -> str:
    facts = [parameter.type]
    if parameter.bounds:
        facts.append(parameter.bounds)
    if parameter.choices:
        facts.append("one of " + ", ".join(map(str, parameter.choices)))
    facts.append("required" if parameter.required else f"default {_shown(parameter.default)}")
    return "; ".join(facts)


def _shown(value: Any) -> str:
    from simgen.scenario.write import flow

    return flow(value)


def _finite(value: Any) -> Any:
    """JSON has no infinity; YAML's word for it stands in."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return value
