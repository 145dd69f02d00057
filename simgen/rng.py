"""Randomness: every draw comes from a stream named by what it is for.

No generator is shared and none has a default seed, so adding a sampler, a sensor or a worker never changes the values
that another one draws. Scalars and small arrays come from numpy's Philox; per-pixel and per-point noise from the
counter generator of the kernels, keyed by :func:`stream_key`.
"""

from __future__ import annotations

import hashlib

import numpy as np

Name = str | int

#: what :func:`stream` returns, for signatures
Stream = np.random.Generator


def _digest(seed: int, names: tuple[Name, ...]) -> bytes:
    if not names:
        raise ValueError("a stream needs a name")
    text = "\x1f".join([f"i{seed}", *(f"{type(name).__name__[0]}{name}" for name in names)])
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def stream(seed: int, *names: Name) -> np.random.Generator:
    """A fresh Philox generator for one purpose, for instance ``stream(7, "place", "parked", 3)``."""
    key = np.frombuffer(_digest(seed, names), dtype="<u8")
    return np.random.Generator(np.random.Philox(key=key))


def stream_key(seed: int, *names: Name) -> int:
    """A 64-bit key for the kernels' counter generator, for the same kind of name."""
    return int.from_bytes(_digest(seed, names)[:8], "little")


def child_seed(seed: int, *names: Name) -> int:
    """A 63-bit seed of its own for a part that draws by itself (a sequence, a world, an asset)."""
    return int.from_bytes(_digest(seed, names)[:8], "little") >> 1
