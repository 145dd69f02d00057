"""``simgen list`` and ``simgen describe``: what there is, and what it takes."""

from __future__ import annotations

import dataclasses
import json
import math
import textwrap
from typing import TYPE_CHECKING, Any

import click

from simgen.cli import devices
from simgen.errors import UserError

if TYPE_CHECKING:
    from simgen.scenario.describe import Parameter, PluginInfo
    from simgen.scenario.rigs.describe import RigInfo


@click.command("list")
@click.argument("kind", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def list_(kind: str | None, as_json: bool) -> None:
    """List the plugins of KIND, or of every kind; KIND lidar lists the lidar devices, camera the named cameras.

    Kinds are asset, world, weather, light, behaviour, sensor, format and edge_case, and rig: named sets of sensors.
    """
    _print_rows(_rows(kind), as_json=as_json)
    if kind is None and not as_json:
        click.echo("\nDevices: simgen list camera, simgen list lidar. More about each: simgen describe KIND NAME.")


def _rows(kind: str | None) -> dict[str, dict[str, str]]:
    """One sentence for everything of a kind, or of every kind."""
    from simgen import registry
    from simgen.scenario.describe import RIG, kind_of

    if kind in devices.CAMERA_WORDS:
        return {"camera": devices.camera_list()}
    if kind in devices.WORDS:
        return {"lidar": devices.device_list()}
    kinds = [kind_of(kind)] if kind else [*registry.KINDS, RIG]
    return {each: _summaries(each) for each in kinds}


def _summaries(kind: str) -> dict[str, str]:
    """One sentence for everything of a kind, by name."""
    from simgen import registry
    from simgen.scenario.describe import RIG, plugin_info

    if kind != RIG:
        return {name: plugin_info(kind, name).summary for name in registry.names(kind)}
    from simgen.scenario.rigs.catalogue import rig_names
    from simgen.scenario.rigs.describe import rig_info

    return {name: rig_info(name).summary for name in rig_names()}


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
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def describe(kind: str, name: str | None, as_json: bool) -> None:
    """Explain the plugin NAME of KIND: its parameters, defaults, units, bounds and sources; or the sensors of a rig.

    KIND lidar explains a lidar device by its name, or by the path of its file; KIND camera a named camera likewise.
    """
    from simgen.scenario.describe import RIG, kind_of, plugin_info

    if name is None:
        raise _which(kind)
    if kind in devices.CAMERA_WORDS:
        click.echo(devices.describe_camera(name, as_json=as_json))
        return
    if kind in devices.WORDS:
        click.echo(devices.describe_device(name, as_json=as_json))
        return
    if kind_of(kind) == RIG:
        from simgen.scenario.rigs.describe import rig_info

        rig = rig_info(name)
        click.echo(json.dumps(_finite(dataclasses.asdict(rig)), indent=2) if as_json else rig_page(rig))
        return
    info = plugin_info(kind, name)
    click.echo(json.dumps(_finite(dataclasses.asdict(info)), indent=2) if as_json else page(info))


def _which(kind: str) -> UserError:
    """What to say to somebody who did not say which one."""
    (known,) = _rows(kind).values()
    return UserError(f"describe which {kind}? known: {', '.join(known)}")


def page(info: PluginInfo) -> str:
    """A plugin as plain text."""
    lines = [f"{info.kind} {info.name}", "", info.text, ""]
    if info.tests:
        lines += [f"Tests: {info.tests}.", ""]
    if not info.parameters:
        return "\n".join([*lines, "It has no parameters."])
    lines.append("Parameters:")
    for parameter in info.parameters:
        lines += ["", f"  {parameter.name}: {_facts(parameter)}", f"      {parameter.doc}"]
    return "\n".join(lines)


def rig_page(rig: RigInfo) -> str:
    """A rig as plain text: a row a sensor."""
    rows = [("sensor", "type", "model", "rate", "mount: position (m), rotation (deg)")]
    for sensor in rig.sensors:
        rate = f"{_shown(sensor.rate_hz)} Hz" if sensor.rate_hz is not None else "the clock's"
        turn = f"towards {_shown(sensor.look_at_m)}" if sensor.look_at_m else _shown(sensor.rotation_deg)
        where = f"{_shown(sensor.position_m)}, {turn}{f', on {sensor.on}' if sensor.on else ''}"
        rows.append((sensor.name, sensor.type, sensor.model, rate, where))
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    table = ["  ".join([*(f"{cell:{w}}" for cell, w in zip(row, widths, strict=False)), row[4]]) for row in rows]
    words = textwrap.wrap(rig.about, 100)
    source = textwrap.wrap(f"Source: {rig.source}", 100) if rig.source else []
    use = f"A scene includes it under 'sensors' by '- {{rig: {rig.name}, on: ego}}', or on whatever else carries it."
    return "\n".join([f"rig {rig.name}", "", *words, "", *source, "", *table, "", use])


def _facts(parameter: Parameter) -> str:
    facts = [parameter.type]
    if parameter.bounds:
        facts.append(parameter.bounds)
    if parameter.choices:
        facts.append("one of " + ", ".join(map(_shown, parameter.choices)))
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
