from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "dataset"))


@pytest.fixture(scope="session")
def good(tmp_path_factory):
    """A faultless dataset; copy it before changing it."""
    from synthetic import World, write

    return write(tmp_path_factory.mktemp("good") / "good.h5", World(frames=3))
