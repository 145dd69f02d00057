"""What the radar's kernels pass to each other: arrays under names. Without numba, so that anyone may import it."""

from __future__ import annotations

from typing import NamedTuple

from simgen.records.base import F4, F8, I8, U1, U2, U4


class Grid(NamedTuple):
    """A scan's rays: rows of elevation, columns of azimuth, even in angle."""

    columns: int
    #: angles of the first ray and from one to the next, rad
    azimuth: float
    elevation: float
    azimuth_step: float
    elevation_step: float
    #: the sensor, less the motion's origin: position (3,) m, world from sensor (4,), velocity (3,) m/s, world axes
    position: F8
    quaternion: F8
    velocity: F8
    #: ray time
    time: float
    near: float
    far: float


class Link(NamedTuple):
    """The radar equation of a scan."""

    #: power over noise of 1 m2 at 1 m, straight ahead
    constant: float
    #: 4 ln 2 / width^2 of the one-way pattern, 1/rad2
    azimuth_fall: float
    elevation_fall: float
    #: two-way attenuation, 1/m
    attenuation: float
    #: (4 pi / lambda)^2 per mm2 of roughness
    roughness: float
    #: slope variance of diffraction
    diffraction: float
    near: float
    far: float
    bounces: bool


class Matter(NamedTuple):
    """Surfaces as the radar sees them, (S,): see ``sensors/_radar_materials.py``."""

    power: F8
    slope: F8
    diffuse: F8
    corner: F8
    height: F8
    upright: F8


class Solid(NamedTuple):
    """The stage and where its bodies are: as in Stage, and poses (3, B, 7) at the instant, before and after it."""

    normals: F4
    triangles: U4
    triangle_surface: U2
    vertex_start: I8
    triangle_start: I8
    instance_mesh: U4
    instance_body: U4
    instance_label: U4
    surface_base: U4
    class_id: U2
    #: by label: 1 = the ego or on it; the body that is the object's trunk
    ego: U1
    trunk: I8
    poses: F8
    #: from before to after, s
    span: float


class RadarRows(NamedTuple):
    """Rays, (N, ...), world axes less the motion's origin."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4


class RadarFound(NamedTuple):
    """Hits, as in Hits."""

    distance: F4
    instance: U4
    triangle: U4
    barycentric: F4


class Met(NamedTuple):
    """What rays have met, (N, ...)."""

    #: unit normal towards the ray, world axes
    normal: F8
    cosine: F8
    surface: I8


class Mirrors(NamedTuple):
    """Of each bounced ray, (N,): power that the mirror leaves both ways, how flat it is, its speed and bits."""

    power: F8
    spread: F8
    speed: F8
    flags: U2


class Echoes(NamedTuple):
    """Paths from the sensor to a surface and back, (P,); a power of 0 = none."""

    #: mean power over the noise of a cell, and the cross-section behind it, m2
    power: F8
    rcs: F8
    #: half the way, m, and its rate of change, m/s
    range: F8
    velocity: F8
    #: direction cosines to the left and upwards
    left: F8
    up: F8
    label: U4
    source: U4
    body: I8
    class_id: U2
    flags: U2


class Cells(NamedTuple):
    """The resolution cells of a scan: range, velocity (folded), azimuth, elevation."""

    range_step: float
    ranges: int
    velocity_step: float
    velocities: int
    left_step: float
    lefts: int
    up_step: float
    ups: int


class Sums(NamedTuple):
    """Sums over echoes of one source in one cell, (G,), and the cell (an index into the occupied ones)."""

    cell: I8
    first: I8
    power: F8
    rcs: F8
    real: F8
    imaginary: F8
    range: F8
    velocity: F8
    left: F8
    up: F8


class Peaks(NamedTuple):
    """Detections before noise, (D,): power, where the cell's echo is, and its strongest source (a row of Echoes)."""

    power: F8
    range: F8
    velocity: F8
    left: F8
    up: F8
    source: I8
    source_rcs: F8
    source_range: F8
    source_velocity: F8
    source_left: F8
    source_up: F8
