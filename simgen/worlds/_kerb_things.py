"""Street furniture between kerb and walking paths: sparse, at drawn places that nothing else takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simgen.polyline import Polyline
from simgen.records.layout import Prop
from simgen.rng import Stream, stream

_ROAD, _WALK, _TRAFFIC = 0.5 * math.pi, -0.5 * math.pi, math.pi
#: how far along a line a place is moved when something stands there, and how often
_STEP_M, _TRIES = 2.0, 6


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A kind of furniture: how often it stands, how much of the kerb it takes, and the sidewalk it needs."""

    asset: str
    every_m: float
    #: to both sides along the line
    reach_m: tuple[float, float]
    right_m: float
    turn: float
    walk_m: float
    #: tall ones keep clear of crowns
    tall: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    #: of a parameter that is drawn
    draws: Mapping[str, tuple[int, int]] = field(default_factory=dict)


#: distances are of European towns: stops 250 to 400 m apart (VDV 4), hydrants 80 to 120 m (DVGW W 331)
THINGS = (
    Thing(asset="bus_stop", every_m=260.0, reach_m=(2.3, 3.0), right_m=0.69, turn=_ROAD, walk_m=3.49, tall=True,
          parameters={"depth_m": 1.4}, draws={"variant": (0, 4)}),
    Thing(asset="advertising", every_m=320.0, reach_m=(0.9, 0.9), right_m=0.72, turn=_TRAFFIC, walk_m=3.49, tall=True,
          draws={"variant": (0, 4)}),
    Thing(asset="advertising", every_m=300.0, reach_m=(0.4, 0.4), right_m=0.74, turn=_TRAFFIC, walk_m=3.49,
          parameters={"kind": "case"}, draws={"variant": (0, 6)}),
    Thing(asset="bike_rack", every_m=110.0, reach_m=(2.2, 2.2), right_m=0.58, turn=_WALK, walk_m=2.9,
          draws={"count": (3, 6)}),
    Thing(asset="fire_hydrant", every_m=100.0, reach_m=(0.5, 0.5), right_m=0.3, turn=_WALK, walk_m=1.8),
    Thing(asset="utility_box", every_m=140.0, reach_m=(0.7, 0.7), right_m=0.62, turn=_WALK, walk_m=2.4),
    Thing(asset="mailbox", every_m=280.0, reach_m=(0.5, 0.5), right_m=0.48, turn=_WALK, walk_m=1.95),
    Thing(asset="parking_meter", every_m=120.0, reach_m=(0.5, 0.5), right_m=0.5, turn=_WALK, walk_m=2.4,
          parameters={"kind": "machine"}),
    Thing(asset="bench", every_m=130.0, reach_m=(1.1, 1.1), right_m=0.7, turn=_WALK, walk_m=2.9),
)  # fmt: skip


def kerb_things(
    name: str, line: Polyline, span: tuple[float, float], z: float, walk_m: float, standing: Sequence[Prop], seed: int
) -> Iterator[Prop]:
    """Furniture along a kerb from one distance to another; ``standing`` is there already, ``walk_m`` is the sidewalk.

    Streams are this function's own: what stands does not depend on it.
    """
    taken = [(*_at(line, prop), prop.asset == "tree") for prop in standing]
    for number, thing in enumerate(THINGS):
        rng = stream(seed, "world", "kerb things", name, number)
        s, index = span[0] + float(rng.uniform(0.0, thing.every_m)), 0
        while walk_m >= thing.walk_m and s < span[1]:
            place = _free(thing, s, span, taken)
            if place is not None:
                taken.append((place - thing.reach_m[0], place + thing.reach_m[1], False))
                yield _prop(thing, f"{thing.asset}/{name}/{number}/{index}", line, place, z, rng)
            s, index = s + thing.every_m * float(rng.uniform(0.8, 1.2)), index + 1


def tufts(
    name: str, line: Polyline, places: Sequence[tuple[float, float]], z: float | None, seed: int
) -> Iterator[Prop]:
    """Tall grass at places (distance along a line, to its right), half of which stay bare; ``z`` None = the line's."""
    rng = stream(seed, "world", "tufts", name)
    for index, (s, right) in enumerate(places):
        there, variant, tall = rng.random() < 0.5, int(rng.integers(6)), (0.2, 0.3, 0.4)[int(rng.integers(3))]
        turn, x, y, ground = float(rng.uniform(-3.1, 3.1)), *(float(c) for c in line.at(s, -right))
        if there:
            parameters = {"height_m": tall, "width_m": 0.45, "variant": variant, "dry_share": 0.25}
            yield Prop(
                asset="grass_tuft", name=f"grass_tuft/{name}/{index}", parameters=parameters,
                position=(x, y, ground if z is None else z), yaw_rad=turn,
            )  # fmt: skip


def _at(line: Polyline, prop: Prop) -> tuple[float, float]:
    s, _ = line.closest(prop.position[:2])
    return float(s) - 0.7, float(s) + 0.7


def _free(
    thing: Thing, s: float, span: tuple[float, float], taken: Sequence[tuple[float, float, bool]]
) -> float | None:
    """The first place at or behind ``s`` where the thing fits."""
    for at in (s + k * _STEP_M for k in range(_TRIES)):
        low, high = at - thing.reach_m[0], at + thing.reach_m[1]
        inside = span[0] <= low and high <= span[1]
        crown = 1.5 if thing.tall else 0.0
        if inside and all(high < a - crown * tree or low > b + crown * tree for a, b, tree in taken):
            return at
    return None


def _prop(thing: Thing, name: str, line: Polyline, s: float, z: float, rng: Stream) -> Prop:
    x, y, _ = (float(c) for c in line.at(s, -thing.right_m))
    drawn = {key: int(rng.integers(*span)) for key, span in thing.draws.items()}
    yaw = math.remainder(float(line.heading(s)) + thing.turn, 2.0 * math.pi)
    return Prop(asset=thing.asset, name=name, parameters={**thing.parameters, **drawn}, position=(x, y, z), yaw_rad=yaw)
