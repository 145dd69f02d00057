"""``simgen info``: what is in a dataset, from its headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simgen.cli.danger import danger_line, health_line
from simgen.cli.wording import counted

if TYPE_CHECKING:
    from rich.console import Console

#: with more sensors, each gets one line unless all is asked for
_FEW: Final = 6
#: with more constraints, each kind gets one line
_ROWS: Final = 20
_SIGNS: Final = {"about": "", "at_least": ">= ", "at_most": "<= "}


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="Every output of every sensor, however many sensors there are.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def info(data: Path, every: bool, as_json: bool) -> None:
    """Show what is in a dataset (DATA: a .h5 file or a folder): sequences, sensors, labels, objects, constraints."""
    from simgen.dataset.reader import open_dataset
    from simgen.dataset.summary import summarise

    with open_dataset(data) as dataset:
        summary = summarise(dataset)
    if as_json:
        click.echo(json.dumps(finite(summary), indent=1))
        return
    from rich.console import Console

    _show(Console(highlight=False, soft_wrap=False), summary, every or len(summary["sensors"]) <= _FEW)


def finite(value: Any) -> Any:
    """The same with infinities as text: JSON knows none."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return str(value) if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value


def _show(console: Console, summary: dict[str, Any], every: bool) -> None:
    from rich.markup import escape

    head = f"{counted(summary['sequences'], 'sequence')}, {counted(summary['frames'], 'frame')}"
    console.print(f"[bold]{escape(summary['path'])}[/]  {head}, {_size(summary['bytes'])}")
    lines = {
        "length": f"{summary['duration_s']:.1f} s",
        "seed": str(summary["seed"]),
        "splits": _counted(summary["splits"]),
        "tags": _counted(summary["tags"]) or "none",
        "objects": _counted(summary["objects"]) or "none",
        "weather": weather_line([s["weather"] for s in summary["each"]]),
        "danger": danger_line(summary["each"]),
        "sensors": health_line(summary["each"]),
        "written by": f"simgen {summary['generator_version']}, format version {summary['format_version']}",
    }
    for name, text in lines.items():
        console.print(f"  [dim]{name:11}[/]{escape(text)}")
    _show_rig(console, summary["sensors"])
    for name, sensor in summary["sensors"].items() if every else ():
        _show_sensor(console, name, sensor)
    if not every:
        console.print(f"  [dim]--all lists the outputs of all {len(summary['sensors'])} sensors[/]")
    if summary["constraints"]:
        _show_constraints(console, summary)
    _show_sequences(console, summary["each"])


def weather_line(each: list[dict[str, tuple[float, float]]]) -> str:
    """The conditions of all sequences in words."""
    from simgen.records.conditions import in_words

    known = [ranges for ranges in each if ranges]
    if not known:
        return "not stored"
    return in_words({n: (min(r[n][0] for r in known), max(r[n][1] for r in known)) for n in known[0]})


def _show_rig(console: Console, sensors: dict[str, Any]) -> None:
    """A row a sensor: what it is, how often it looks, and how its clock and its calibration err."""
    from rich.table import Table

    console.print()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    # names must stay whole on a narrow terminal, or cameras of a rig could not be told apart
    table.add_column("sensor", no_wrap=True)
    table.add_column("type", overflow="fold")
    for title in ("rate", "frames", "lost", "stamp, ms", "on disk"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("reports", overflow="fold")
    for name, sensor in sensors.items():
        rate = f"{sensor['rate_hz']:.3g} Hz" if sensor["rate_hz"] else ""
        kind = " ".join(filter(None, (sensor["type"], sensor["model"])))
        lost = f"{sensor['dropped'] / sensor['frames']:.0%}" if sensor["dropped"] else "none"
        size, wrong = _size(sensor["bytes"]), _calibration(sensor["calibration_error"])
        table.add_row(name, kind, rate, f"{sensor['frames']:,}", lost, _stamps(sensor), size, wrong)
    console.print(table)
    console.print("  [dim]stamp: the clock's mean error ± its spread; reports: the calibration that it claims[/]")


def _stamps(sensor: dict[str, Any]) -> str:
    """The mean error of a clock and its spread, in milliseconds."""
    mean, spread = 1e3 * sensor["stamp_error_s"], 1e3 * sensor["stamp_jitter_s"]
    return "0" if not mean and not spread else f"{mean:+.3g}±{spread:.2g}" if spread > 1e-6 else f"{mean:+.3g}"


def _calibration(error: dict[str, float]) -> str:
    units = {"position_m": "m", "rotation_deg": "deg", "intrinsics_px": "px"}
    parts = ", ".join(f"{error[key]:.3g} {unit}" for key, unit in units.items() if key in error)
    since = f" from {error['from_s']:g} s on" if "from_s" in error else ""
    return f"off by {parts}{since}" if parts else "truth"


def _show_sensor(console: Console, name: str, sensor: dict[str, Any]) -> None:
    from rich.table import Table

    kind = " ".join(filter(None, (sensor["type"], sensor["model"])))
    console.print()
    console.print(f"[bold]{name}[/]  {kind}, {counted(sensor['frames'], 'frame')}, {_size(sensor['bytes'])}")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for title in ("  output", "type", "shape of one", "unit"):
        table.add_column(title)
    for title in ("rows", "on disk"):
        table.add_column(title, justify="right")
    for output, row in sensor["outputs"].items():
        shape = " x ".join(str(n) for n in row["shape"][1:]) or "1"
        table.add_row(f"  {output}", row["dtype"], shape, row["unit"], f"{row['rows']:,}", _size(row["bytes"]))
    console.print(table)


def _show_constraints(console: Console, summary: dict[str, Any]) -> None:
    constraints = summary["constraints"]
    held = sum(row["holds"] for row in constraints)
    console.print()
    console.print(f"[bold]constraints[/]  {held} of {len(constraints)} hold")
    if len(constraints) <= _ROWS:
        _show_each(console, constraints)
    else:
        _show_kinds(console, summary["constraint_kinds"])
        _show_each(console, [row for row in constraints if not row["holds"]][:_ROWS])
    _show_placements(console, summary["placements"])


def _show_each(console: Console, rows: list[dict[str, Any]]) -> None:
    """A row a constraint."""
    if not rows:
        return
    table = _table("  sequence", "case", "what", "of", "asked", "achieved", "")
    for row in rows:
        between = ", ".join(filter(None, (row["subject"], row["other"])))
        verdict = "[green]holds[/]" if row["holds"] else "[red]missed[/]"
        achieved = f"{row['achieved']:.3g}"
        table.add_row(
            f"  {row['sequence']:06d}", row["source"], row["kind"], between, asked_in_words(row), achieved, verdict
        )
    console.print(table)


def _show_kinds(console: Console, kinds: list[dict[str, Any]]) -> None:
    """A row a kind: too many sequences to show each."""
    table = _table("  case", "what", "hold", "asked, median", "achieved, median", "worst", "in sequence")
    for row in kinds:
        colour = "green" if row["held"] == row["count"] else "red"
        worst = row["worst"]
        table.add_row(
            f"  {row['source']}",
            row["kind"],
            f"[{colour}]{row['held']} of {row['count']}[/]",
            f"{_SIGNS[row['relation']]}{row['asked_median']:.3g}",
            f"{row['achieved_median']:.3g}",
            f"{worst['achieved']:.3g} for {asked_in_words(worst)}",
            f"{worst['sequence']:06d}",
        )
    console.print(table)


def _show_placements(console: Console, placements: list[dict[str, Any]]) -> None:
    """How hard it was to place each edge case."""
    searched = [row for row in placements if row["tried"] > row["count"]]
    for row in searched:
        rate = f"{row['rejection_rate']:.0%} of {row['tried']} placements turned down"
        why = next(iter(row["reasons"]), "")
        console.print(f"  [dim]{row['source']}: {rate}{', most often: ' + why if why else ''}[/]")
    if placements and not searched:
        console.print("  [dim]every edge case took the first placement proposed[/]")


def asked_in_words(row: dict[str, Any]) -> str:
    """``1.5 ± 0.2``, ``>= 12``, ``<= 0.1 + 0.05``: what was asked for, with the deviation that still holds."""
    room = row["tolerance"]
    if row["relation"] == "about":
        return f"{row['asked']:.4g} ± {room:.3g}"
    slack = f" {'-' if row['relation'] == 'at_least' else '+'} {room:g}" if room else ""
    return f"{_SIGNS[row['relation']]}{row['asked']:.4g}{slack}"


def _table(*titles: str) -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _show_sequences(console: Console, sequences: list[dict[str, Any]]) -> None:
    from rich.table import Table

    console.print()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for title in ("sequence", "name", "seed", "split", "frames", "dropped", "objects", "tags", "content"):
        table.add_column(title)
    for row in sequences[:20]:
        table.add_row(
            f"{row['index']:06d}",
            row["name"],
            str(row["seed"]),
            row["split"],
            str(sum(row["frames"].values())),
            str(sum(row["dropped"].values())),
            str(sum(row["objects"].values())),
            ", ".join(row["tags"]),
            row["content_hash"].partition(":")[2][:12],
        )
    console.print(table)
    if len(sequences) > 20:
        console.print(f"... and {len(sequences) - 20} more (--json shows all)")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _size(number: int) -> str:
    value, units = float(number), ("B", "kB", "MB", "GB", "TB")
    for unit in units[:-1]:
        if value < 1000.0:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000.0
    return f"{value:.1f} {units[-1]}"
