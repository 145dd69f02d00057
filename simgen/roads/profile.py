"""Cubic polynomials along a road: widths, heights, banking, as OpenDRIVE writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8


@dataclass(frozen=True)
class Cubic:
    """``a + b ds + c ds^2 + d ds^3`` with ``ds`` metres from where it begins."""

    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0

    def at(self, ds: ArrayLike) -> F8:
        """Its value."""
        x = np.asarray(ds, np.float64)
        return self.a + x * (self.b + x * (self.c + x * self.d))

    def slope(self, ds: ArrayLike) -> F8:
        """Its derivative."""
        x = np.asarray(ds, np.float64)
        return self.b + x * (2.0 * self.c + x * 3.0 * self.d)

    def moved(self, by_m: float) -> Cubic:
        """The same curve counted from ``by_m`` farther on."""
        a = float(self.at(by_m))
        return Cubic(a, float(self.slope(by_m)), self.c + 3.0 * self.d * by_m, self.d)

    @classmethod
    def ease(cls, start: float, end: float, length_m: float) -> Self:
        """From one value to another with level ends."""
        rise = end - start
        return cls(start, 0.0, 3.0 * rise / length_m**2, -2.0 * rise / length_m**3)


@dataclass(frozen=True)
class Profile:
    """Cubics one after the other: ``starts[k]`` is where piece ``k`` begins. No pieces = 0 everywhere.

    Beyond its pieces a profile goes on straight from ``end_m``, if that is given.
    """

    starts: tuple[float, ...] = ()
    pieces: tuple[Cubic, ...] = ()
    end_m: float | None = None

    def __post_init__(self) -> None:
        if len(self.starts) != len(self.pieces) or any(
            b < a for a, b in zip(self.starts, self.starts[1:], strict=False)
        ):
            raise ValueError("a profile needs a start for each piece, in rising order")

    @classmethod
    def constant(cls, value: float) -> Self:
        """The same value everywhere."""
        return cls((0.0,), (Cubic(value),))

    @classmethod
    def through(cls, s: ArrayLike, values: ArrayLike, slopes: ArrayLike | None = None) -> Self:
        """Through knots, smoothly: cubics of Hermite; slopes that are not given are those between the neighbours."""
        x, y = np.asarray(s, np.float64), np.asarray(values, np.float64)
        m = np.gradient(y, x) if slopes is None else np.asarray(slopes, np.float64)
        h, rise = np.diff(x), np.diff(y)
        c = (3.0 * rise / h - 2.0 * m[:-1] - m[1:]) / h
        d = (m[:-1] + m[1:] - 2.0 * rise / h) / (h * h)
        pieces = tuple(Cubic(*(float(v) for v in row)) for row in zip(y[:-1], m[:-1], c, d, strict=True))
        return cls(tuple(float(v) for v in x[:-1]), pieces, float(x[-1]))

    def cut(self, start_m: float) -> Profile:
        """The same counted from ``start_m``."""
        end = None if self.end_m is None else self.end_m - start_m
        return Profile(tuple(s - start_m for s in self.starts), self.pieces, end)

    @property
    def is_zero(self) -> bool:
        """Whether it is zero everywhere."""
        return all(p == Cubic() for p in self.pieces)

    def at(self, s: ArrayLike) -> F8:
        """Values (...) at distances."""
        return self._evaluate(np.asarray(s, np.float64))[0]

    def slope(self, s: ArrayLike) -> F8:
        """Derivatives (...) at distances."""
        return self._evaluate(np.asarray(s, np.float64))[1]

    def _evaluate(self, s: F8) -> tuple[F8, F8]:
        if not self.pieces:
            return np.zeros_like(s), np.zeros_like(s)
        starts = np.array(self.starts)
        a, b, c, d = np.array([(p.a, p.b, p.c, p.d) for p in self.pieces]).T
        inside = np.clip(s, starts[0], np.inf if self.end_m is None else self.end_m)
        k = np.clip(np.searchsorted(starts, inside, side="right") - 1, 0, len(starts) - 1)
        x = inside - starts[k]
        value = a[k] + x * (b[k] + x * (c[k] + x * d[k]))
        slope = b[k] + x * (2.0 * c[k] + x * 3.0 * d[k])
        return value + slope * (s - inside), slope
