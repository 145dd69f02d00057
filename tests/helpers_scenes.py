"""The shipped scenes, for tests that go through all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

SCENES: Final = sorted((Path(__file__).parents[1] / "scenes").rglob("*.yaml"))


def shipped() -> list[Any]:
    """Every scene as a test's parameter."""
    return [pytest.param(path, id=path.stem) for path in SCENES]
