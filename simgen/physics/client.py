"""One private PyBullet world, closed whatever happens; its errors carry the entity's name."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import TracebackType
from typing import Any, Final, Self

from simgen.errors import EngineError

GRAVITY: Final = 9.81
#: share of a penetration that a step corrects. The correction is a velocity, so a bounce gains up to this share of the
#: speed of impact; with Bullet's own 0.2 a ball of restitution 0.8 rises to 0.77 of its height instead of 0.64
CONTACT_CORRECTION: Final = 0.03


class Client:
    """A PyBullet world without a window. Every PyBullet function is a method, bound to this world."""

    def __init__(self, dt_s: float | None = None) -> None:
        self._module: Any = bullet()
        self.id: int = self._module.connect(self._module.DIRECT)
        if self.id < 0:
            raise EngineError("PyBullet gave no world (it allows 1024 at a time)")
        if dt_s is not None:
            self._configure(dt_s)

    def _configure(self, dt_s: float) -> None:
        # Restitution below this speed is ignored, or things at rest would hop on gravity's own step.
        threshold = max(0.05, 2.5 * GRAVITY * dt_s)
        self.setPhysicsEngineParameter(
            fixedTimeStep=dt_s,
            numSubSteps=0,
            numSolverIterations=100,
            deterministicOverlappingPairs=1,
            restitutionVelocityThreshold=threshold,
            contactERP=CONTACT_CORRECTION,
        )
        self.setGravity(0.0, 0.0, -GRAVITY)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        if isinstance(value, int):
            return value
        bound: Callable[..., Any] = partial(value, physicsClientId=self.id)
        setattr(self, name, bound)
        return bound

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the world back; doing so twice is harmless."""
        if self.id >= 0:
            self._module.disconnect(physicsClientId=self.id)
            self.id = -1


@cache
def bullet() -> Any:
    """The PyBullet module. It greets on standard output when it is imported; that is kept off the terminal."""
    with tempfile.TemporaryFile() as heard, _redirected(heard.fileno()):
        import pybullet
    return pybullet


@contextmanager
def blamed_on(name: str) -> Iterator[None]:
    """Turn PyBullet's errors into :class:`EngineError` with the entity's name; keep its chatter off the terminal.

    PyBullet writes its reasons to the C library's standard output, so that is caught at the file descriptor.
    """
    with tempfile.TemporaryFile() as heard:
        try:
            with _redirected(heard.fileno()):
                yield
        except bullet().error as error:
            heard.seek(0)
            reason = " ".join(heard.read().decode(errors="replace").split())
            raise EngineError(f"PyBullet cannot take {name!r}: {error} {reason}".rstrip()) from None


@contextmanager
def _redirected(target: int) -> Iterator[None]:
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    os.dup2(target, 1)
    os.dup2(target, 2)
    try:
        yield
    finally:
        os.dup2(saved[0], 1)
        os.dup2(saved[1], 2)
        os.close(saved[0])
        os.close(saved[1])
