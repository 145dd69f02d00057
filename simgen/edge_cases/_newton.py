"""Steps of the solver: small linear systems by hand, for BLAS differs from machine to machine."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8


def step_of(slope: F8, misses: F8, damping: float) -> F8:
    """``(J'J + d diag(J'J)) step = -J' misses`` by elimination: a handful of unknowns; unknown slopes give no step."""
    normal = (slope[:, :, None] * slope[:, None, :]).sum(0)
    right = -(slope * misses[:, None]).sum(0)
    normal[np.diag_indices(len(right))] *= 1.0 + damping
    normal[np.diag_indices(len(right))] += 1e-9
    return _eliminated(normal, right)


def secant(slope: F8, step: F8, change: F8) -> F8:
    """The slope nearest to a known one that explains what a step changed (Broyden 1965)."""
    length = float((step * step).sum())
    if length < 1e-18:
        return slope
    error = change - (slope * step).sum(1)
    return np.asarray(slope + error[:, None] * step / length, np.float64)


def _eliminated(matrix: F8, right: F8) -> F8:
    """Solve a small symmetric positive system (Gauss, without exchange)."""
    a, b = matrix.copy(), right.copy()
    size = len(b)
    for k in range(size):
        for row in range(k + 1, size):
            factor = a[row, k] / a[k, k]
            a[row] -= factor * a[k]
            b[row] -= factor * b[k]
    for k in reversed(range(size)):
        b[k] = (b[k] - (a[k, k + 1 :] * b[k + 1 :]).sum()) / a[k, k]
    return b
