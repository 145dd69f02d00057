from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "dataset"))


@pytest.fixture(scope="session")
def street_file(tmp_path_factory):
    """A whole, faultless dataset; do not change it."""
    from synthetic import World, write

    return write(tmp_path_factory.mktemp("cli") / "street.h5", World(frames=2, dropped=(1,)))
