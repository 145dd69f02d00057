"""Whole buildings by kind: the front faces +x, the ridge runs along the street (y)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from simgen.shapes.homes import apartment, detached, townhouse
from simgen.shapes.kit import Kit
from simgen.shapes.storeys import Plan
from simgen.shapes.workplaces import hall, high_rise, office, school, supermarket

#: every kind of building
KINDS: Final[dict[str, Callable[[Plan], Kit]]] = {
    "townhouse": townhouse,
    "apartment": apartment,
    "office": office,
    "high_rise": high_rise,
    "detached": detached,
    "hall": hall,
    "supermarket": supermarket,
    "school": school,
}


def building(kind: str, plan: Plan) -> Kit:
    """A building of a kind of :data:`KINDS`."""
    return KINDS[kind](plan)
