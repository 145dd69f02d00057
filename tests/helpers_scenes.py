"""The shipped scenes, for tests that go through all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

FOLDER: Final = Path(__file__).parents[1] / "scenes"
#: those of edge cases have tests of their own
SCENES: Final = sorted(path for path in FOLDER.rglob("*.yaml") if path.parent.name != "edge_cases")


def shipped() -> list[Any]:
    """Every scene as a test's parameter."""
    return [pytest.param(path, id=path.stem) for path in SCENES]
