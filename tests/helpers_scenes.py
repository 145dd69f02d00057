"""The shipped scenes, for tests that go through all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from simgen.errors import SceneError
from simgen.scenario import load

SCENES: Final = sorted((Path(__file__).parents[1] / "scenes").rglob("*.yaml"))
#: sensors and devices of rigs that are made side by side with them: until they are there, what needs them is skipped
COMING: Final = frozenset(("radar", "imu", "gnss", "wheel_odometry", "joint_encoder"))


def lacking(path: Path) -> set[str]:
    """Which of :data:`COMING` a scene needs and this installation has not; other faults are left to the tests."""
    try:
        load(path)
    except SceneError as error:
        words = {fault.message.split("'")[1] for fault in error.faults if fault.message.startswith("unknown ")}
        return words & COMING
    return set()


def shipped() -> list[Any]:
    """Every scene as a test's parameter."""
    found = []
    for path in SCENES:
        missing = lacking(path)
        marks = [pytest.mark.skip(f"needs what is not there yet: {', '.join(sorted(missing))}")] if missing else []
        found.append(pytest.param(path, marks=marks, id=path.stem))
    return found
