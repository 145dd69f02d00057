"""What can go wrong, said so that the reader knows what to do next.

Exit codes: 0 = done, 1 = the data or the run has a fault, 2 = the command or the scene is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass


class SimgenError(Exception):
    """Base of every error that simgen raises on purpose; the command line prints it without a traceback."""

    exit_code = 1


class UserError(SimgenError):
    """The command or the scene is wrong; the message says what, where and how to mend it."""

    exit_code = 2


class DataError(SimgenError):
    """A dataset is broken, incomplete or not what it claims to be."""


class EngineError(SimgenError):
    """A native engine (Embree, PyBullet) reported a failure; the message carries its own name for it."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One mistake in a scene file: where it is (1-based), what is wrong and a way out."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{hint}"


class SceneError(UserError):
    """One or more faults of a scene file, all at once, in file order."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
