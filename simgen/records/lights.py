"""Light that reaches the scene from outside: the sun and the sky, in photometric units."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.records.base import F4, F8, Record, array


@dataclass(frozen=True, kw_only=True, eq=False)
class LightField(Record):
    """The sun as a direction, the sky as a table of luminance.

    The table's rows run from the zenith (row 0) to the nadir, its columns from east (column 0) counter-clockwise; a
    cell's value holds at its centre. Below the horizon it holds the light that the ground sends back.
    """

    sun_direction: F8 = array("3", "f8", doc="unit vector towards the sun, ENU")
    sun_illuminance: F4 = array("3", "f4", unit="lx", doc="on a plane that faces the sun, linear RGB; 0 at night")
    sky: F4 = array("R C 3", "f4", unit="cd/m2", doc="luminance by direction, linear RGB")
    #: half the angle under which the sun is seen
    sun_radius_rad: float = 0.004654


#: linear-sRGB weights of luminance (Rec. 709)
LUMINANCE_RGB = (0.2126, 0.7152, 0.0722)
