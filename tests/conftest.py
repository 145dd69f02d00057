"""Makes the helpers in this folder importable from every test, and lets the longest file begin first."""

from __future__ import annotations

import pytest
from hypothesis import settings

# how long an example takes says more about the machine than about the code
settings.register_profile("simgen", deadline=None)
settings.load_profile("simgen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take whole files in order: the one that takes longest must not be left for the end."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/test_scenes.py"))
