"""The process in which a perception function runs: it loads the function, calls it, and checks what it returns."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from simgen.stress.contract import ModelFaultError, known_names, read_answers

#: the longest message that is passed on
_MESSAGE: Final = 300


class _MistakeError(Exception):
    """What was named is no function."""


def serve(target: str, pipe: Connection) -> None:
    """Load ``package.module:function`` and answer until the other end closes."""
    os.setsid()  # what it starts ends with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    sys.stdout = sys.stderr
    try:
        model = load(target)
        pipe.send(("ready", _declared(model)))
    except _MistakeError as error:
        pipe.send(("mistake", str(error)))
        return
    while True:
        try:
            order, content = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_reset(model) if order == "reset" else _called(model, content))


def load(target: str) -> Callable[..., Any]:
    """The function that ``package.module:function`` names; of a class, an instance.

    Raises:
        _MistakeError: there is no such module or function, or it cannot be called.
    """
    module_name, _, name = target.partition(":")
    if not module_name or not name:
        raise _MistakeError(f"--model must be package.module:function, not {target!r}")
    try:
        found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(error.name + ".")):
            raise _MistakeError(f"there is no module {error.name!r} (looked from {Path.cwd()})") from None
        raise _MistakeError(f"{module_name} needs the module {error.name!r}, which is not installed") from None
    except BaseException as error:
        raise _MistakeError(f"{module_name} cannot be imported: {_words(error)}") from None
    for part in name.split("."):
        if not hasattr(found, part):
            raise _MistakeError(f"{module_name} has no {name!r}")
        found = getattr(found, part)
    try:
        found = found() if isinstance(found, type) else found
    except BaseException as error:
        raise _MistakeError(f"{target} cannot be made: {_words(error)}") from None
    if not callable(found):
        raise _MistakeError(f"{target} cannot be called: it is a {type(found).__name__}")
    made: Callable[..., Any] = found
    return made


def _declared(model: Callable[..., Any]) -> dict[str, Any]:
    """What a function says of itself by attributes."""
    told: dict[str, Any] = {"wants_truth": bool(getattr(model, "wants_truth", False))}
    for key in ("detects", "sensors"):
        value = getattr(model, key, ())
        told[key] = (value,) if isinstance(value, str) else tuple(str(name) for name in value)
    unknown = [name for name in told["detects"] if name not in known_names()]
    if unknown:
        raise _MistakeError(f"detects: unknown class {unknown[0]!r}; see simgen.taxonomy")
    return told


def _reset(model: Callable[..., Any]) -> tuple[str, Any]:
    try:
        reset = getattr(model, "reset", None)
        if callable(reset):
            reset()
    except BaseException as error:
        return "fault", f"raised {_words(error)} in reset()"
    return "done", None


def _called(model: Callable[..., Any], frame: Mapping[str, Any]) -> tuple[str, Any]:
    try:
        raw = model(dict(frame))
    except BaseException as error:
        return "fault", f"raised {_words(error)}"
    try:
        return "answer", read_answers(raw, frame)
    except ModelFaultError as error:
        return "fault", str(error)
    except BaseException as error:
        return "fault", f"returned what cannot be read: {_words(error)}"


def _words(error: BaseException) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= _MESSAGE else text[: _MESSAGE - 3] + "..."
