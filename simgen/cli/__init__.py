"""The command line. Nothing heavy is imported before a command needs it, so that ``--help`` answers at once."""

from __future__ import annotations

import importlib
import sys
from typing import Any, Final

import click

from simgen import __version__
from simgen.errors import SimgenError

#: command -> (module, attribute, one line for the overview)
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "generate": ("simgen.cli.generate", "generate", "Generate a labelled dataset from scene files."),
    "preview": ("simgen.cli.preview", "preview", "Draw one contact sheet: every sensor, every label."),
    "gallery": ("simgen.cli.gallery", "gallery", "Draw every asset and world on one sheet."),
    "cover": ("simgen.cli.cover", "cover", "Lay out scenes that cover a parameter space; count what data cover."),
    "validate": ("simgen.cli.validate", "validate", "Check scene files; all mistakes at once."),
    "schema": ("simgen.cli.schema", "schema", "Print the JSON Schema of the scene format."),
    "list": ("simgen.cli.plugins", "list_", "List the plugins of every kind, or the devices: cameras, lidars."),
    "describe": ("simgen.cli.plugins", "describe", "Explain a plugin and its parameters, or a device."),
    "info": ("simgen.cli.info", "info", "Show what is in a dataset."),
    "check": ("simgen.cli.check", "check", "Verify that a dataset's labels are right."),
    "stress": ("simgen.cli.stress", "stress", "Search for where a perception function fails."),
    "replay": ("simgen.cli.replay", "replay", "Generate a sequence again and compare it bit by bit."),
}


class _Commands(click.Group):
    """Finds commands by name and imports only the one that runs; knows near misses."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, Any, list[str]]:
        from simgen.registry import suggest

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no command {args[0]!r}{suggest(args[0], tuple(COMMANDS))}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="simgen")
def commands() -> None:
    """One YAML scene in, labelled frames of a whole sensor rig out."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a user's mistake is one message and exit code 2, never a traceback."""
    try:
        code = commands.main(args=arguments, prog_name="simgen", standalone_mode=False)
        if isinstance(code, int) and code:
            sys.exit(code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SimgenError as error:
        print(f"simgen: {error}" if "\n" not in str(error) else str(error), file=sys.stderr)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        print("simgen: stopped", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"simgen: {where}{error.strerror or error}", file=sys.stderr)
        sys.exit(2)
