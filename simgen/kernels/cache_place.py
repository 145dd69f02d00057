"""Where numba keeps what it compiled: by what the sources say, not by where and since when they lie there.

numba files compiled functions under the path of their source and drops them when the file's time changes, so that a
second checkout, or an upgrade that leaves kernels as they were, compiles everything again. Our cache folders are named
by a hash of all sources already (:mod:`~simgen.kernels.jit`): nothing else matters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from numba.core import config
from numba.core.caching import UserProvidedCacheLocator


class ContentLocator(UserProvidedCacheLocator):
    """Files under ``CACHE_DIR/kernels``, whatever the source's path and time."""

    def __init__(self, py_func: Any, py_file: str) -> None:
        super().__init__(py_func, py_file)
        settings: Any = config
        self._cache_path = str(Path(settings.CACHE_DIR) / "kernels")

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Self | None:
        """A locator where a cache folder is set and can be written."""
        locator: Self | None = super().from_function(py_func, py_file)
        return locator

    def get_source_stamp(self) -> tuple[float, int]:
        """The same for ever."""
        return 0.0, 0
