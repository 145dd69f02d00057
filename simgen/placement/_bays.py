"""Spots in parking bays: one vehicle each, along the bay, nose or tail first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from simgen.placement._spots import Spot, Thing, orientation
from simgen.placement.footprint import box_footprint
from simgen.records.base import F8
from simgen.rng import Stream

#: share of those who drive in nose first, where bays lie across the aisle
_NOSE_FIRST = 0.7
#: people park askew, to one side, and not as deep as the next one: largest and standard deviations
_ASKEW_RAD = 0.02


def bay_spots(thing: Thing, bays: Sequence[tuple[str, F8, float]], rng: Stream) -> Iterator[Spot]:
    """Free or not, every bay once, in a drawn order. A bay's outline begins with its open edge."""
    place = thing.place
    for k in rng.permutation(len(bays)):
        _, ring, z = bays[int(k)]
        askew, aside, deep, draw = (float(v) for v in rng.uniform(-1.0, 1.0, 4))
        inwards = 0.5 * ((ring[3] - ring[0]) + (ring[2] - ring[1]))[:2]
        nose = place.heading == "along" or (not place.heading and draw < 2.0 * _NOSE_FIRST - 1.0)
        yaw = math.atan2(inwards[1], inwards[0]) + (0.0 if nose else math.pi) + _ASKEW_RAD * askew
        quaternion = orientation(place, yaw, rng)
        rest = box_footprint(thing.size, thing.center, (0.0, 0.0, 0.0), quaternion)
        middle = ring[:, :2].mean(0)
        for share in (1.0, 0.0):
            # if it does not fit as drawn, then in the very middle
            across = (ring[1] - ring[0])[:2]
            spare = np.array(
                [
                    max(0.35 * (float(np.hypot(*e)) - w), 0.0)
                    for e, w in zip((across, inwards), (thing.size[1], thing.size[0]), strict=True)
                ]
            )
            shift = aside * spare[0] * 0.5 * across / np.hypot(*across) + deep * spare[1] * 0.5 * inwards / np.hypot(
                *inwards
            )
            x, y = middle + share * shift
            at = (float(x) - rest.x, float(y) - rest.y, z + place.drop_m)
            if _inside(ring, thing.footprint(at, quaternion).corners()):
                yield Spot(position=at, quaternion=quaternion, room=(0.05, 0.05))
                break


def _inside(ring: F8, corners: F8) -> bool:
    """Whether all corners lie inside a convex outline that runs counter-clockwise."""
    edge = np.roll(ring, -1, axis=0)[:, None, :2] - ring[:, None, :2]
    to = corners[None] - ring[:, None, :2]
    return bool((edge[..., 0] * to[..., 1] - edge[..., 1] * to[..., 0] >= -1e-9).all())
