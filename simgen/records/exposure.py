"""Where rain and snow arrive: what stands above the things of a scene, found once for a sequence."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.records.base import F4, Record, array


@dataclass(frozen=True, kw_only=True, eq=False)
class Exposure(Record):
    """What falls straight down comes to rest on the top of what does not move; on the rest of a moving thing, if its
    own parts let it through.

    Leaves and panes of leaves count as open. Node ``(r, c)`` of ``height`` lies at ``(x_m + c cell_m, y_m + r
    cell_m)``; beyond the grid everything is open.
    """

    height: F4 = array("R C", "f4", unit="m", doc="top of what stands still, world frame; -inf = nothing there")
    #: world position of the first node
    x_m: float
    y_m: float
    #: distance of the nodes
    cell_m: float
    worn: F4 = array("R C", "f4", doc="by the same nodes, how much tyres wear there: 1 = in their tracks")
    vertex: F4 = array("V", "f4", doc="by vertex of the stage: 1 = open to the sky within its own model, 0 = under it")
