"""Where street lamps shine, and where they do not."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.scene import Scene

#: props that light a street
_LAMPS: Final = ("street_lamp",)
_STEP_M: Final = 0.5
#: how far ahead of where the ego comes in the clip a place may lie, m
_AHEAD_M: Final = 60.0


def dark_stretches(
    scene: Scene, layout: WorldLayout, path: Polyline, unlit_m: float
) -> tuple[tuple[float, float], ...]:
    """Stretches of a path, from and to along it, that keep a distance from all street lamps that can shine."""
    s = np.arange(0.0, path.length + _AHEAD_M, _STEP_M)
    lamps = [p.position[:2] for p in layout.props if p.asset in _LAMPS and _shines(p.parameters.get("lit", "auto"))]
    free = np.ones(len(s), bool)
    if lamps:
        gap = path.at(s)[:, None, :2] - np.array(lamps)[None]
        free = (gap * gap).sum(-1).min(1) >= unlit_m * unlit_m
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int64)))
    return tuple((float(s[a]), float(s[b - 1])) for a, b in edges.reshape(-1, 2).tolist())


def _shines(lit: object) -> bool:
    return lit not in (False, "off")
