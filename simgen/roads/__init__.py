"""Road networks: reference lines, roads with strips, junctions, and what a world makes of them.

A world that has streets plans them, builds them and adds what stands beside them::

    from simgen.roads import Crossing, Section, Street, Style, build_network, plan_streets

    nodes = {"west": (-90.0, 0.0), "middle": (0.0, 0.0), "east": (90.0, 0.0), "north": (5.0, 80.0)}
    town = Section(lanes=1, parking_m=2.0, sidewalk_m=2.5)
    streets = [
        Street(name="main_west", start="west", end="middle", section=town, sign_end="priority"),
        Street(name="main_east", start="middle", end="east", section=town, sign_start="priority"),
        Street(name="side", start="middle", end="north", section=town, sign_start="give_way"),
    ]
    network = plan_streets(nodes, streets, Crossing(rule="signs", crosswalks=True))
    built = build_network(network, Style(terrain="grass"), seed)

``built`` has ``mesh``, ``surfaces``, ``shapes``, ``map`` and ``props`` (lights and signs at the junctions) as a
:class:`~simgen.records.layout.WorldLayout` wants them. More to draw goes into ``built.ground`` (strips, boxes, quads)
before ``mesh`` is asked for. ``built.sides`` lists every side of every road with its kerb line, its outer rim and its
sidewalk, carriageway to the left: rows of trees, lamps and houses follow them. ``built.terrain.at(xy)`` is the height
of the ground beyond the rims.

* Whoever needs more than a plan writes :class:`Road` s (any :class:`ReferenceLine`, ``elevation`` and
  ``superelevation`` profiles, sections of :class:`Strip` s from the middle outwards) and :class:`Junction` s
  of :class:`Arm` s, and puts them into a :class:`Network`. Reference lines: :func:`chain` (straights, arcs and
  clothoids by length and curvature), :func:`rounded` (through corners), or OpenDRIVE's curves.
* Lanes: ``main_west/1`` is the outermost driving lane that goes with the reference line (from ``start`` to ``end``),
  ``main_west/back/1`` the one against it; later sections ``main/s2/1``; other kinds ``main/bike/1``,
  ``main/shoulder/1``, ``main/rail/1``. Ways through a junction: ``main_west/1/to/side``. Walking:
  ``sidewalk/main_west/right/1`` with the kerb's direction, ``/2`` against it; ``sidewalk/<junction>/<arm>/1`` round
  the corner after an arm; ``crosswalk/<road>/<start or end>/1`` and ``/2``.
* Kerbs: ``main_west/right``, ``main_west/left``, ``corner/<junction>/<arm>``. Areas: ``road/main_west``,
  ``junction/middle``, ``sidewalk/main_west/left``, ``parking/main_west/right``, ``crosswalk/side/start``,
  ``verge/main_west/right``.
* Rules of junctions: ``right_before_left``, ``signs`` (arms ``priority``, ``give_way``, ``stop``), ``signals``
  (groups that face each other are green together, never two groups at once), ``none``.

OpenDRIVE: :func:`read_opendrive` reads a file, :func:`network_to_opendrive` writes one.

Lengths are metres, angles radians. Everything but the hills is a function of the network alone.
"""

from __future__ import annotations

from simgen.roads.build import BuiltNetwork, build_network
from simgen.roads.curves import Arc, Clothoid, Curve, ParamPoly3, Poly3, Straight
from simgen.roads.look import MATERIALS, Style
from simgen.roads.network import Arm, Joint, Junction, Network, Path, Ring, SignalPlan
from simgen.roads.opendrive import read_opendrive
from simgen.roads.opendrive_write import network_to_opendrive
from simgen.roads.profile import Cubic, Profile
from simgen.roads.reference import ReferenceLine, chain, rounded, straight
from simgen.roads.road import LaneSection, Marking, Road, Strip
from simgen.roads.sides import RoadSide
from simgen.roads.streets import Crossing, Section, Street, grid, plan_streets

__all__ = [
    "MATERIALS",
    "Arc",
    "Arm",
    "BuiltNetwork",
    "Clothoid",
    "Crossing",
    "Cubic",
    "Curve",
    "Joint",
    "Junction",
    "LaneSection",
    "Marking",
    "Network",
    "ParamPoly3",
    "Path",
    "Poly3",
    "Profile",
    "ReferenceLine",
    "Ring",
    "Road",
    "RoadSide",
    "Section",
    "SignalPlan",
    "Straight",
    "Street",
    "Strip",
    "Style",
    "build_network",
    "chain",
    "grid",
    "network_to_opendrive",
    "plan_streets",
    "read_opendrive",
    "rounded",
    "straight",
]
