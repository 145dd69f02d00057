from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def street(tmp_path_factory):
    """A whole dataset of three frames, shared; do not change it."""
    from synthetic import write

    return write(tmp_path_factory.mktemp("street") / "street.h5")
