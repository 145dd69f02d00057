"""``simgen list`` and ``simgen describe``: what there is, and what it takes."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from simgen.scenario.describe import Parameter, PluginInfo


@click.command("list")
@click.argument("kind", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def list_(kind: str | None, as_json: bool) -> None:
    """List the plugins of KIND, or of every kind.

    Kinds are asset, world, weather, light, behaviour, sensor, format and edge_case.
    """
    from simgen import registry
    from simgen.scenario.describe import kind_of, plugin_info

    kinds = [kind_of(kind)] if kind else list(registry.KINDS)
    found = {each: [plugin_info(each, name) for name in registry.names(each)] for each in kinds}
    if as_json:
        rows = {each: {info.name: info.summary for info in infos} for each, infos in found.items()}
        click.echo(json.dumps(rows, indent=2))
        return
    for each, infos in found.items():
        click.echo(f"{each}:" if infos else f"{each}: none")
        width = max((len(info.name) for info in infos), default=0)
        for info in infos:
            click.echo(f"  {info.name:{width}}  {info.summary}")


@click.command()
@click.argument("kind")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def describe(kind: str, name: str, as_json: bool) -> None:
    """Explain the plugin NAME of KIND: its parameters, defaults, units, bounds and sources."""
    from simgen.scenario.describe import plugin_info

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
