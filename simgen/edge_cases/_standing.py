"""Things that stand or lie on the road ahead of the ego."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simgen.edge_cases._solve import Problem, solve
from simgen.edge_cases._vehicles import Road
from simgen.records.constraints import Constraint
from simgen.scene import Scene


def stand_ahead(
    road: Road,
    name: str,
    distance_m: float,
    tolerance_m: float,
    build: Callable[[float], Scene],
    asked: Sequence[Constraint] = (),
    **more: Any,
) -> Scene:
    """The scene with a thing that is so far ahead of the ego at time 0, give or take what is free around there.

    ``build`` makes the scene from the gap that is tried, and may raise ``RejectedError``; ``asked`` is what else must
    hold.

    Raises:
        UserError: there is no room for it.
    """
    distance = Constraint(
        kind="distance_m", subject="ego", other=name, asked=distance_m, tolerance=tolerance_m, time_s=0.0
    )
    problem = Problem(
        case=road.case,
        free={"ahead_m": (max(distance_m - 0.6 * tolerance_m, 0.5), distance_m + 0.6 * tolerance_m)},
        build=lambda values: build(values["ahead_m"]),
        ask=lambda values: (distance, *asked),
        **{"way_out": "ask for another distance_m, or start the ego elsewhere"} | more,
    )
    return solve(problem, road.stage)


def blocks(
    name: str, share: float, relation: Any = "at_least", tolerance: float = 0.05, time_s: float = 0.0
) -> Constraint:
    """How much of the ego's lane a thing takes up."""
    return Constraint(
        kind="lane_blocked_fraction",
        subject=name,
        other="ego",
        asked=share,
        tolerance=tolerance,
        relation=relation,
        time_s=time_s,
    )
