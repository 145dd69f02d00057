"""Fixtures: the tests' own plugins, registered, and a scene of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scenario_plugins import PLUGINS, SCENE

from simgen import registry


@pytest.fixture(scope="session", autouse=True)
def own_plugins() -> Iterator[None]:
    """Registers the plugins above next to the built-in ones, and takes them out again."""
    for kind in registry.KINDS:
        registry.names(kind)
    for (kind, name), cls in PLUGINS.items():
        registry.register(kind, name)(cls)
    yield
    for kind, name in PLUGINS:
        del registry._plugins[kind][name]


@pytest.fixture
def scene_text() -> str:
    """A scene with a bit of everything."""
    return SCENE
