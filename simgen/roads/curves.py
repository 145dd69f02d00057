"""Pieces of reference lines: straight, arc, clothoid and polynomials, measured along their length.

The geometries of ASAM OpenDRIVE 1.7, section 7. Each piece starts at a point with a heading; ``ds`` is the distance
from there. Angles are radians from x towards y, curvature is positive to the left.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simgen.records.base import F8

#: nodes and weights of Gauss and Legendre on 0..1; on pieces of a third of a radian the error is below 1e-15
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_NODES, _WEIGHTS = 0.5 * (_NODES + 1.0), 0.5 * _WEIGHTS
_PIECE_RAD = 0.35


@dataclass(frozen=True, kw_only=True)
class Curve(ABC):
    """A piece of a reference line."""

    x: float = 0.0
    y: float = 0.0
    heading_rad: float = 0.0
    length_m: float

    @abstractmethod
    def local(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """Along, aside, heading and curvature in the frame of its start."""

    def at(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """x, y, heading and curvature."""
        u, v, turn, curvature = self.local(ds)
        c, s = np.cos(self.heading_rad), np.sin(self.heading_rad)
        return self.x + c * u - s * v, self.y + s * u + c * v, self.heading_rad + turn, curvature


@dataclass(frozen=True, kw_only=True)
class Straight(Curve):
    """A straight line."""

    def local(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """Along x."""
        zero = np.zeros_like(ds)
        return ds, zero, zero, zero


@dataclass(frozen=True, kw_only=True)
class Arc(Curve):
    """A piece of a circle."""

    curvature_1_m: float

    def local(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """On the circle; ``sinc`` keeps it exact for the flattest bends."""
        turn = self.curvature_1_m * ds
        half = 0.5 * turn
        chord = ds * np.sinc(half / np.pi)
        return chord * np.cos(half), chord * np.sin(half), turn, np.full_like(ds, self.curvature_1_m)


@dataclass(frozen=True, kw_only=True)
class Clothoid(Curve):
    """Curvature that changes evenly: the integrals of Fresnel, by quadrature to the last bits."""

    start_1_m: float
    end_1_m: float

    def local(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """Heading ``k0 s + (k1 - k0) s^2 / 2L``, and its cosine and sine integrated."""
        rate = (self.end_1_m - self.start_1_m) / self.length_m
        most = max(abs(self.start_1_m), abs(self.end_1_m)) * float(np.abs(ds).max(initial=0.0))
        count = int(most / _PIECE_RAD) + 1
        share = (np.arange(count)[:, None] + _NODES).ravel() / count
        s = ds[..., None] * share
        turn = s * (self.start_1_m + 0.5 * rate * s)
        weight = np.tile(_WEIGHTS, count) / count
        u, v = ds * (np.cos(turn) * weight).sum(-1), ds * (np.sin(turn) * weight).sum(-1)
        return u, v, ds * (self.start_1_m + 0.5 * rate * ds), self.start_1_m + rate * ds


@dataclass(frozen=True, kw_only=True)
class ParamPoly3(Curve):
    """``u(p)`` and ``v(p)`` as cubics of a parameter that runs evenly from 0 to ``p_max`` along the length."""

    u: tuple[float, float, float, float]
    v: tuple[float, float, float, float]
    p_max: float = 1.0

    def local(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """The point and its derivatives by the parameter."""
        return _polynomial(self.u, self.v, ds * (self.p_max / self.length_m))


@dataclass(frozen=True, kw_only=True)
class Poly3(Curve):
    """``v(u) = a + b u + c u^2 + d u^3`` up to where its arc length is ``length_m``."""

    v: tuple[float, float, float, float]

    @cached_property
    def _table(self) -> tuple[F8, F8]:
        """Arc length at even values of ``u``: the length is at least as long as ``u`` reaches."""
        edges = np.linspace(0.0, self.length_m, max(int(self.length_m), 1) * 8 + 1)
        u = edges[:-1, None] + np.diff(edges)[:, None] * _NODES
        slope = self.v[1] + u * (2.0 * self.v[2] + u * 3.0 * self.v[3])
        steps = (np.sqrt(1.0 + slope * slope) * _WEIGHTS).sum(-1) * np.diff(edges)
        return edges, np.concatenate([[0.0], np.cumsum(steps)])

    def local(self, ds: F8) -> tuple[F8, F8, F8, F8]:
        """``u`` from the table, bettered by one step of Newton on its piece."""
        edges, lengths = self._table
        u = np.interp(ds, lengths, edges)
        k = np.clip(np.searchsorted(edges, u, side="right") - 1, 0, len(edges) - 2)
        for _ in range(2):
            nodes = edges[k][..., None] + (u - edges[k])[..., None] * _NODES
            slope = self.v[1] + nodes * (2.0 * self.v[2] + nodes * 3.0 * self.v[3])
            length = lengths[k] + (np.sqrt(1.0 + slope * slope) * _WEIGHTS).sum(-1) * (u - edges[k])
            here = self.v[1] + u * (2.0 * self.v[2] + u * 3.0 * self.v[3])
            u = u + (ds - length) / np.sqrt(1.0 + here * here)
        return _polynomial((0.0, 1.0, 0.0, 0.0), self.v, u)


def _polynomial(
    u: tuple[float, float, float, float], v: tuple[float, float, float, float], p: F8
) -> tuple[F8, F8, F8, F8]:
    def value(c: tuple[float, ...]) -> F8:
        return np.asarray(c[0] + p * (c[1] + p * (c[2] + p * c[3])))

    def first(c: tuple[float, ...]) -> F8:
        return np.asarray(c[1] + p * (2.0 * c[2] + p * 3.0 * c[3]))

    def second(c: tuple[float, ...]) -> F8:
        return np.asarray(2.0 * c[2] + 6.0 * c[3] * p)

    du, dv = first(u), first(v)
    speed2 = np.maximum(du * du + dv * dv, 1e-18)
    curvature = (du * second(v) - dv * second(u)) / speed2**1.5
    return value(u), value(v), np.arctan2(dv, du), curvature
