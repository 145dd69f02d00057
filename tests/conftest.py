"""Makes the helpers in this folder importable from every test, and lets the longest file begin first."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take whole files in order: the one that takes longest must not be left for the end."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/test_scenes.py"))
