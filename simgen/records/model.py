"""An asset, built: links with meshes, joints that move them, shapes that collide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simgen.records.lights import Lamp
from simgen.records.mesh import Mesh, Surface

Vector3 = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Joint:
    """How a link moves against its parent while the actor moves.

    ``wheel``: spins by the distance travelled over ``radius_m``. ``steer``: turns by the steering angle.
    ``gait``: swings by a Fourier series of the gait's phase (one cycle every ``stride_m`` travelled; scaled down to
    rest below walking speed). ``door``: stands open by the actor's share of ``upper`` (doors, ramps, lids).
    ``sway``: leans and swings with the wind, as the model says. ``hinge``/``slide``: driven
    by physics (URDF). ``fixed``: never.
    """

    kind: Literal["fixed", "wheel", "steer", "gait", "door", "sway", "hinge", "slide"] = "fixed"
    axis: Vector3 = (0.0, 1.0, 0.0)
    radius_m: float = 0.0
    stride_m: float = 0.0
    offset_rad: float = 0.0
    cosines_rad: tuple[float, ...] = ()
    sines_rad: tuple[float, ...] = ()
    lower: float = 0.0
    upper: float = 0.0
    #: of a hinge (rad) or slide (m): its value at rest, which the link's rest pose has in it already
    rest: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A collision shape in its link's frame.

    ``box``: size = full edge lengths; ``sphere``: size[0] = radius; ``cylinder``: size = (radius, height along z, 0);
    ``hull``: the convex hull of ``points``; ``mesh``: the link's own triangles (static bodies only).
    """

    kind: Literal["box", "sphere", "cylinder", "hull", "mesh"]
    size: Vector3 = (0.0, 0.0, 0.0)
    center: Vector3 = (0.0, 0.0, 0.0)
    quaternion: Quaternion = (1.0, 0.0, 0.0, 0.0)
    points: tuple[Vector3, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Link:
    """A rigid part. Its pose is that of its parent, times its own rest pose, times its joint's motion."""

    name: str
    parent: int = -1
    position: Vector3 = (0.0, 0.0, 0.0)
    quaternion: Quaternion = (1.0, 0.0, 0.0, 0.0)
    mesh: Mesh | None = None
    joint: Joint = Joint()
    shapes: tuple[Shape, ...] = ()
    #: how fast its surface runs, m/s in its frame: a conveyor's belt carries along what lies on it
    belt_m_s: Vector3 = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Keypoint:
    """A named point of a body that annotators mark: COCO's seventeen (``nose``, ``left_eye`` ... ``right_ankle``)."""

    name: str
    #: the row of the link that carries it, and where it is in that link's frame
    link: int
    position: Vector3


@dataclass(frozen=True, kw_only=True)
class Sway:
    """How a plant sways: its foliage turns about a pivot as a damped oscillator."""

    #: in the root's frame
    pivot: Vector3
    frequency_hz: float
    #: by the critical
    damping: float = 0.08
    #: at which angle it comes to rest in a steady wind of 10 m/s, and the largest (estimates)
    lean_rad: float = 0.02
    most_rad: float = 0.12


@dataclass(frozen=True, kw_only=True)
class Model:
    """A built asset: links (the first is the root), surfaces that their triangles name, box and mass.

    The root frame has x forward, y left, z up; its origin is on the ground: below the rear axle's centre for
    vehicles, below the body for people, at the base of things.
    """

    name: str
    class_name: str
    links: tuple[Link, ...]
    surfaces: tuple[Surface, ...]
    #: length, width, height of the box at rest
    size: Vector3
    #: the box's centre in the root frame
    box_center: Vector3
    #: what shines in it
    lamps: tuple[Lamp, ...] = ()
    #: how its foliage sways where there is wind; None = not at all
    sway: Sway | None = None
    #: points that keypoint labels are made of, in the order of the label's columns
    keypoints: tuple[Keypoint, ...] = ()
    mass_kg: float = 1.0
    friction: float = 0.8
    restitution: float = 0.0
    #: resistance to rolling: by how much the ground's push acts ahead of the contact, m
    rolling_m: float = 0.0
    #: distance from the rear to the front axle; 0 for what does not steer
    wheelbase_m: float = 0.0
    #: where a trailer couples to it (fifth wheel, tow ball), in the root frame; None = a tow ball at its end
    coupling: Vector3 | None = None
    #: of a trailer: what couples to its tower, in the root frame, whose origin is below the (middle) axle
    kingpin: Vector3 | None = None
    #: a URDF or SDF file that physics loads instead of the shapes, if any
    description_file: str = ""
    description_scale: float = 1.0
    #: free attributes that go into the file (colour name, variant, licence)
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def felt_size(self) -> Vector3:
        """The box that drivers and walkers keep clear of: none where nothing can be hit, as of leaves and water."""
        bodily = bool(self.description_file) or any(link.shapes for link in self.links)
        return self.size if bodily else (0.0, 0.0, 0.0)
