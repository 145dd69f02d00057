"""Several who come together: places beside and behind the first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._crossing import Start
from simgen.edge_cases._kerbside import Kerbside
from simgen.edge_cases._solve import RejectedError
from simgen.geometry import quat_from_yaw
from simgen.placement.footprint import Footprint, model_footprint
from simgen.rng import Stream

#: places tried for each
_TRIES: Final = 40
#: room that the first keeps round itself
_FREE_M: Final = 0.15


@dataclass(frozen=True, kw_only=True)
class Room:
    """Where the others may stand, seen from the first, who looks at the road."""

    #: how far to either side
    along_m: float
    #: how far behind: nearest, farthest
    back_m: tuple[float, float]
    #: free space around each
    apart_m: float = 0.15


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place for one: its pose, and how far behind the first its front is."""

    pose: dict[str, Any]
    back_m: float


def spots(start: Start, first: Asset, others: Sequence[tuple[Asset, Room]], rng: Stream) -> list[Spot]:
    """A free place for every one of the others, each in its room.

    Raises:
        RejectedError: they have no room.
    """
    x, y, _ = start.pose["position"]
    # nobody stands as near to the first as would be refused
    taken = [model_footprint(model_of(first), start.pose["position"], start.pose["quaternion"]).grown(_FREE_M)]
    yaw = start.heading - start.side * math.pi / 2.0
    found = []
    for asset, room in others:
        spot = _free(start.kerbs, (x, y), yaw, asset, room, rng, taken, model_of(first).size[0], start.side)
        if spot is None:
            raise RejectedError("there is no room for all of them")
        found.append(spot)
    return found


def _free(
    kerbs: Kerbside, lead: tuple[float, float], yaw: float, asset: Asset, room: Room, rng: Stream,
    taken: list[Footprint], length_m: float, side: float,
) -> Spot | None:  # fmt: skip
    model = model_of(asset)
    for _ in range(_TRIES):
        back = float(rng.uniform(*room.back_m))
        aside = float(rng.uniform(-room.along_m, room.along_m))
        if aside * side < 0.0:
            back += 0.8 * length_m  # nearer to the ego than the first: it must not hide it
        # its front is so far behind the front of the first
        behind = back + 0.5 * (model.size[0] - length_m) + model.box_center[0]
        x = lead[0] - behind * math.cos(yaw) - aside * math.sin(yaw)
        y = lead[1] - behind * math.sin(yaw) + aside * math.cos(yaw)
        w, qx, qy, qz = quat_from_yaw(yaw).tolist()
        pose = {"position": (x, y, kerbs.height(x, y)), "quaternion": (w, qx, qy, qz)}
        box = model_footprint(model, pose["position"], pose["quaternion"])
        if kerbs.known(x, y) and not kerbs.obstacles.blockers(box) and not any(box.overlaps(b) for b in taken):
            taken.append(box.grown(room.apart_m))
            return Spot(pose=pose, back_m=back)
    return None
