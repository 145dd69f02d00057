"""A perception function in a process of its own, with a time limit: whatever it does, the search goes on."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Final, NoReturn, Self

from simgen.errors import UserError
from simgen.stress.child import serve
from simgen.stress.contract import Answer, ModelFaultError

#: importing a framework and reading weights may take a while
LOAD_S: Final = 300.0


class ModelRunner:
    """Loads the function when it is first needed, and anew after it hung or died."""

    def __init__(self, target: str, timeout_s: float = 10.0, load_s: float = LOAD_S) -> None:
        self.target, self.timeout_s, self._load_s = target, timeout_s, load_s
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._told: dict[str, Any] = {}
        self.restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def declared(self) -> Mapping[str, Any]:
        """What the function says of itself: ``detects``, ``sensors`` and ``wants_truth``.

        Raises:
            UserError: there is no such function.
        """
        if not self._told:
            self._start()
        return self._told

    def reset(self) -> None:
        """Tell the function that another scene begins.

        Raises:
            UserError: there is no such function.
            ModelFaultError: it raised, hung or died.
        """
        self._start()
        self._ask("reset", None)

    def answer(self, frame: Mapping[str, Any]) -> dict[str, Answer]:
        """What the function finds, by sensor.

        Raises:
            ModelFaultError: it raised, hung, died or returned nonsense.
        """
        self._start()
        answers: dict[str, Answer] = self._ask("frame", frame)
        return answers

    def close(self) -> None:
        """End the process, and whatever it started."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            if process.pid is not None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    if os.getpgid(process.pid) == process.pid:  # it has made a group of its own
                        os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.join()

    def _start(self) -> None:
        if self._process is not None:
            return
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(self.target, theirs), daemon=True, name="model")
        self._process.start()
        theirs.close()
        try:
            word, content = self._receive(self._load_s)
        except ModelFaultError as error:
            raise UserError(f"--model {self.target} {error} while it was loaded") from None
        if word == "mistake":
            self.close()
            if self._told:  # it could be loaded before
                raise ModelFaultError(f"could not be loaded again: {content}")
            raise UserError(content)
        self._told = content

    def _ask(self, order: str, content: object) -> Any:
        assert self._pipe is not None
        try:
            self._pipe.send((order, content))
        except (BrokenPipeError, ConnectionResetError):
            self._fail()
        word, answer = self._receive(self.timeout_s)
        if word == "fault":
            raise ModelFaultError(answer)
        return answer

    def _receive(self, limit_s: float) -> tuple[str, Any]:
        assert self._pipe is not None
        try:
            if not self._pipe.poll(limit_s):
                self.restarts += 1
                self.close()
                raise ModelFaultError(f"hung: no answer within {limit_s:g} s")
            received: tuple[str, Any] = self._pipe.recv()
            return received
        except (EOFError, ConnectionResetError):
            self._fail()

    def _fail(self) -> NoReturn:
        assert self._process is not None
        self._process.join(5.0)
        code = self._process.exitcode
        self.restarts += 1
        self.close()
        if code is not None and code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
            raise ModelFaultError(f"died of {name}")
        raise ModelFaultError(f"died with exit code {code}")
