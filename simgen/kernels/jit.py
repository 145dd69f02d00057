"""How kernels are compiled: serial, without the GIL, cached on disk, the same bits every time.

``kernel`` marks an entry point that Python calls; ``device`` marks a helper that kernels call. numba notices an edit
only in the file that holds the kernel, not in the files it calls into, so each file's kernels have a cache folder named
by a hash of every source that they may use (the file and all of simgen that it imports), of numba's version and of the
kind of processor (:mod:`~simgen.kernels.target`). An edit compiles again what it can change, and nothing else. A wheel
may bring folders with it (:mod:`~simgen.kernels.shipped`).

Imports numba: import this module only inside functions and methods.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
from numba.core import event

from simgen.kernels import quicker, shipped, target

Function = TypeVar("Function", bound=Callable[..., Any])

#: the folder that holds the package
_ROOT = Path(__file__).resolve().parents[2]
#: imports of our own, wherever they stand in a file; names are needed where the module is a package
_IMPORT = re.compile(r"^\s*(?:from (simgen[\w.]*) import (?:\(([^)]*)\)|(.*))|import (simgen[\w.]*))", re.MULTILINE)
_KEEP_S = 30 * 86_400


def _skip_scipy() -> None:
    """Load numba's array functions without scipy, 0.3 s of every start.

    numba imports ``scipy.linalg`` at once, only to learn whether linear algebra could be compiled; no kernel here has
    any. Whoever does compile some imports it then: the functions that need it look again.
    """
    from numba.np import linalg

    if "numba.np.arraymath" in sys.modules or "scipy.linalg" in sys.modules:
        return
    ensure_blas = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        from numba.np import arraymath

        vars(arraymath)["ensure_blas"] = ensure_blas
    finally:
        linalg.ensure_blas = ensure_blas


_skip_scipy()


class _NoCollector(event.Listener):
    """Compile without the garbage collector: numba makes millions of objects that live on, an eighth of its time."""

    def __init__(self) -> None:
        self._depth, self._was_on = 0, False

    def on_start(self, event: Any) -> None:
        """The outermost one counts; numba holds its compiler lock around all of them."""
        if self._depth == 0:
            self._was_on = gc.isenabled()
            gc.disable()
        self._depth += 1

    def on_end(self, event: Any) -> None:
        """As it was before."""
        self._depth -= 1
        if self._depth == 0 and self._was_on:
            gc.enable()


event.register("numba:compile", _NoCollector())
quicker.install()
target.settle()


def _imported(source: Path) -> Iterator[Path]:
    """Files of this package that a file imports."""
    for module, several, one, plain in _IMPORT.findall(source.read_text(encoding="utf-8")):
        path = _ROOT.joinpath(*(module or plain).split("."))
        if not path.is_dir():
            yield path.with_suffix(".py")
            continue
        yield path / "__init__.py"
        for name in re.findall(r"(\w+)(?:\s+as\s+\w+)?\s*(?:,|$|#)", several or one, re.MULTILINE):
            yield path / f"{name}.py"


def sources_of(source: Path) -> tuple[Path, ...]:
    """A file and every file of this package that it imports, by whatever way, sorted."""
    found, waiting = {source}, [source]
    while waiting:
        for path in _imported(waiting.pop()):
            if path not in found and path.is_file():
                found.add(path)
                waiting.append(path)
    return tuple(sorted(found))


def cache_name(source: Path) -> str:
    """The name of a file's cache folder: 20 hex digits over its sources, Python, numba and the kind of processor."""
    digest = hashlib.blake2b(digest_size=10)
    # 3.11.2 and 3.11.9 have one bytecode and one binary interface
    for part in (str(sys.implementation.cache_tag), numba.__version__, llvmlite.__version__, target.name()):
        digest.update(part.encode() + b"\0")
    for path in sources_of(source):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _user_cache() -> Path:
    given = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    return root / "simgen" / "kernels"


def _writable(folder: Path) -> bool:
    """Make the folder; whether it is ours alone to write: numba unpickles what lies in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        with tempfile.TemporaryFile(dir=folder):
            return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    except OSError:
        return False


def _prune(parent: Path) -> None:
    """Drop folders of other versions that no process has opened for a month."""
    with contextlib.suppress(OSError):  # another process may be pruning too
        used = {folder: folder.stat().st_mtime for folder in parent.iterdir()}
        for folder in (folder for folder, when in used.items() if max(used.values()) - when > _KEEP_S):
            shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def cache_root() -> Path:
    """Where compiled kernels are kept: the user's cache, or a private temporary folder if that cannot be written."""
    with contextlib.suppress(RuntimeError):  # no home folder
        folder = _user_cache()
        if _writable(folder):
            _prune(folder)
            return folder
    private = Path(tempfile.mkdtemp(prefix="simgen-kernels-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    return private


def is_shared() -> bool:
    """Whether processes share the cache: where the user's cannot be written, each has a folder of its own."""
    return cache_root() == _user_cache()


@functools.cache
def cache_folder(source: Path) -> Path:
    """Where the kernels of a file are kept."""
    folder = cache_root() / cache_name(source)
    shipped.fetch(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    os.utime(folder)
    return folder


# numpy's error model: dividing by zero gives inf, it does not raise; no fastmath: the same bits everywhere; nothing
# takes a kernel's address, so it needs no wrapper for C
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": False,
    "parallel": False,
    "no_cfunc_wrapper": True,
}

#: callbacks must outlive the C code that knows their addresses
_CALLBACKS: list[Any] = []


@contextlib.contextmanager
def _cached_in(folder: Path) -> Iterator[None]:
    settings: Any = numba.config
    # the second is new in numba 0.62: without it, files are kept by path and time
    wanted = {"CACHE_DIR": str(folder), "CACHE_LOCATOR_CLASSES": "simgen.kernels.cache_place.ContentLocator"}
    before = {name: getattr(settings, name) for name in wanted if hasattr(settings, name)}
    for name in before:
        setattr(settings, name, wanted[name])
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def _source(function: Callable[..., Any]) -> Path:
    return Path(function.__code__.co_filename).resolve()


def kernel(function: Function) -> Function:
    """Compile an entry point at its first call and keep it on disk; runs without the GIL, one thread."""
    # numba reads its setting at this moment only; put it back, for it belongs to the whole process
    with _cached_in(cache_folder(_source(function))):
        return cast(Function, numba.njit(cache=True, **_OPTIONS)(function))


def version_for(function: Callable[..., None], arguments: tuple[Any, ...]) -> Callable[..., None]:
    """What a kernel calls for arguments of these types, without looking at them any more: 30 us less for two dozen.

    Whoever calls it with others reads and writes memory that is not there.
    """
    dispatcher: Any = function
    kinds = tuple(dispatcher.typeof_pyval(value) for value in arguments)
    return cast(Callable[..., None], dispatcher.compile(kinds))


def device(function: Function) -> Function:
    """Compile a helper of kernels; it is stored inside the kernels that call it, so it has no cache of its own."""
    return cast(Function, numba.njit(**_OPTIONS)(function))


def callback(function: Callable[[int], None]) -> int:
    """Address of a function of one pointer that C code may call from any thread, without the GIL; lives for ever."""
    from numba import types

    with _cached_in(cache_folder(_source(function))):
        compiled: Any = numba.cfunc(types.void(types.uintp), cache=True, error_model="numpy")(function)
    _CALLBACKS.append(compiled)
    return int(compiled.address)
