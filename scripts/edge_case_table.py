"""Write the table of all edge cases into docs/edge_cases.md: name, what it tests, its scene.

Run: ``python scripts/edge_case_table.py``; a test tells when it has to be run again.
"""

from __future__ import annotations

import re
from pathlib import Path

from simgen import registry

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "edge_cases.md"
BEGIN = "<!-- table of cases: written by scripts/edge_case_table.py -->\n"
END = "<!-- end of table -->"


def table() -> str:
    """A row a case, by name."""
    scenes = sorted((ROOT / "scenes" / "edge_cases").glob("*.yaml"))
    lines = ["| case | tests | scene |", "|---|---|---|"]
    for name in registry.names("edge_case"):
        cls = registry.get("edge_case", name)
        if cls.__module__.startswith("simgen."):
            lines.append(f"| `{name}` | {getattr(cls, 'tests', '')} | {_shown(name, scenes)} |")
    return "\n".join(lines) + "\n"


def page_with_table(text: str) -> str:
    """The page with the table as it should be."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + table() + rest[rest.index(END) :]


def _shown(name: str, scenes: list[Path]) -> str:
    """A link to the case's own scene, or to the first that has it."""
    own = [path for path in scenes if path.stem == name]
    used = [path for path in scenes if re.search(rf"type: {name}\b", path.read_text())]
    return next((f"[{path.stem}](../scenes/edge_cases/{path.name})" for path in own or used), "")


if __name__ == "__main__":
    PAGE.write_text(page_with_table(PAGE.read_text()))
