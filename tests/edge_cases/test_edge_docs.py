"""The page on edge cases lists every case there is."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("edge_case_table", ROOT / "scripts" / "edge_case_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_up_to_date() -> None:
    page = (ROOT / "docs" / "edge_cases.md").read_text()
    made = script()
    assert made.page_with_table(page) == page, "run: python scripts/edge_case_table.py"
    table = made.table()
    assert table.count("\n") > 5
    assert "| `cut_in` | reaction to a vehicle that enters the lane closely ahead | [cut_in](" in table
