"""The last few results of what is dear to make, kept by the very object that they were made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A memory for objects that cannot be keys: they are told apart by identity."""

    def __init__(self, make: Callable[[K], V], most: int = 2, drop: Callable[[V], None] | None = None) -> None:
        """``drop`` is called with what is forgotten."""
        self._make, self._most, self._drop = make, most, drop
        self._pairs: list[tuple[K, V]] = []

    def __call__(self, key: K) -> V:
        """What was, or is now, made of the object."""
        for index, (known, value) in enumerate(self._pairs):
            if known is key:
                self._pairs.append(self._pairs.pop(index))
                return value
        value = self._make(key)
        self._pairs.append((key, value))
        while len(self._pairs) > self._most:
            _, old = self._pairs.pop(0)
            if self._drop is not None:
                self._drop(old)
        return value
