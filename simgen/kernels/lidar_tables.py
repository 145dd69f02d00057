"""What the lidar's kernels pass to each other: arrays under names. Without numba, so that anyone may import it."""

from __future__ import annotations

from typing import Final, NamedTuple

from simgen.records.base import F4, F8, I4, I8, U1, U2, U4

#: in full sunlight the receiver's noise is this share of the threshold power (an estimate: a threshold of five sigma)
NOISE_SHARE: Final = 0.2
#: most rays a beam, and surfaces that one ray meets (panes and mirrors, then what stops it)
MOST_RAYS: Final = 16
MOST_LAYERS: Final = 4

#: which echoes are returned, in the order of the returns
STRONGEST: Final = 0
LAST: Final = 1
FIRST: Final = 2


class Beams(NamedTuple):
    """The device, by laser in the maker's order, (L,) each."""

    sine: F8
    cosine: F8
    azimuth: F8
    #: firing time within a column, ns
    time: F8
    lateral: F8
    height: F8
    radial: F8
    #: place of the laser in firing order, and its ring
    slot: I8
    ring: I8


class Columns(NamedTuple):
    """The sensor at the start of every column and of the one after the last."""

    #: (A + 1, 3) m, less the motion's origin; (A + 1, 4)
    position: F8
    quaternion: F8
    #: rotor azimuth at the first firing, rad, and its change per ns
    start_azimuth: float
    spin: float
    #: ns between columns; first firing less the motion's start and less the frame's time, ns; the motion's span, ns
    cycle: float
    since_motion: float
    since_frame: float
    span: float


class Cone(NamedTuple):
    """Where in a beam its rays go, (K,) each: offsets across and up as tangents, and shares of the power, sum 1."""

    across: F8
    up: F8
    share: F8
    #: standard deviation of the part of the beam that one ray stands for, rad; 0 = an ideal ray
    spread: float


class Receiver(NamedTuple):
    """What turns power into returns."""

    #: power of the return at the threshold: 0.1 / (range at 10 %)^2
    threshold: float
    #: signal, in threshold powers, that is detected half the time
    half: float
    #: standard deviation of the noise, in threshold powers
    sigma: float
    near: float
    far: float
    overlap_near: float
    overlap_far: float
    #: standard deviation of the pulse, m of range
    pulse: float
    #: echoes from farther come back as from this much nearer, m; inf = never
    fold: float
    range_floor: float
    #: fixed range noise, m; negative = from the signal
    range_noise: float
    range_step: float
    reflectance_step: float
    drop_probability: float
    noise: bool
    #: which echo each return is, (R,): STRONGEST, LAST, FIRST
    returns: I8
    #: always an unsigned 64-bit number, or kernels would be compiled twice
    key: int


#: columns of ``Surfaces.finish``
DIFFUSE: Final = 0
RETRO: Final = 1
#: reflectance at normal incidence of a smooth surface (0 = rough: all of it counts as diffuse), its GGX alpha squared
GLOSS: Final = 2
ALPHA2: Final = 3
#: share that a pane lets through, and share that a mirror throws, at normal incidence
THROUGH: Final = 4
MIRROR: Final = 5
#: Oren and Nayar's A and B: how a rough surface's response falls with the angle
ROUGH_A: Final = 6
ROUGH_B: Final = 7
#: share of rays that pass between leaves
POROUS: Final = 8
FINISH_COLUMNS: Final = 9


class Surfaces(NamedTuple):
    """The stage and the bodies' motion, as in Stage and Motion."""

    normals: F4
    triangles: U4
    #: by triangle, (T, 4): its unit normal and 1, or zeros where its corners' normals differ
    flat: F4
    triangle_surface: U2
    vertex_start: I8
    triangle_start: I8
    instance_mesh: U4
    instance_body: U4
    instance_label: U4
    surface_base: U4
    #: what a surface does to the laser's light, (S, FINISH_COLUMNS)
    finish: F4
    class_id: U2
    #: by label: 1 = the ego or on it
    ego: U1
    #: world from body, as in Motion
    quaternion: F4


class Rows(NamedTuple):
    """The beams of one tile, (N, ...), in world axes less the motion's origin, and in the sensor's frame."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    start: F4
    beam: F4


class Wide(NamedTuple):
    """Rays, (N, ...), as in Rays; ``ray`` is the row of the first ray of the same path."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    ray: I4
    #: metres before the origin, share of the power that is left, and flags of the path so far
    before: F4
    gain: F4
    flag: U2


class Found(NamedTuple):
    """The hits of rays, as in Hits."""

    distance: F4
    instance: U4
    triangle: U4
    barycentric: F4


class Place(NamedTuple):
    """Which rays a tile holds, so that each has draws of its own: first column, columns, lasers, rays a beam."""

    column: int
    columns: int
    lasers: int
    per_beam: int
    #: always an unsigned 64-bit number
    key: int


class Pulses(NamedTuple):
    """What each ray sends back, (N,): range (inf = nothing), response, cosine of incidence, surface, instance, flags.

    The response is that of a white wall hit straight on = 1. ``following`` is the row of what the same path meets next,
    or negative: -1 = the path ends here, -2 = it passes between leaves.
    """

    range: F4
    response: F4
    cosine: F4
    surface: I4
    instance: U4
    flag: U2
    following: I4
    #: 1 = on the same triangle as the ray before, of the same beam
    plane: U1


class Soft(NamedTuple):
    """Echoes of air that differs from place to place, by beam of a tile, (N,); N = 0 where there are no volumes.

    A negative power: the beam meets none, and the tables of :class:`Air` hold.
    """

    power: F4
    range: F4
    name: U2
    #: share of the power that the device's window lets through, there and back, by beam; (0,) = all of it
    window: F4


class Left(NamedTuple):
    """Beams of a tile that take the long way, (N,)."""

    row: I4


class Sweep(NamedTuple):
    """Returns by column, place in firing order and return, (A, L, R, ...); a range of 0 = none."""

    range: F4
    xyz: F4
    intensity: F4
    semantic: U2
    instance: U4
    incidence: F4
    flags: U2


class Air(NamedTuple):
    """Tables of one wavelength, receiver and weather; arrays of length 0 where there is no such echo."""

    #: extinction, 1/m
    extinction: float
    #: spacing of the soft-target tables, m, and the range of their first entry
    soft_step: float
    soft_near: float
    #: (K,) strongest soft echo in front of a surface at each range, in threshold powers
    soft_peak: F8
    #: (K,) integral of the soft echo up to each range
    soft_mass: F8
    soft_class: int
    #: (M,) expected number of drops at least as bright as this kind, brightest first
    drop_mass: F8
    #: (M,) their power in threshold powers, and the cubes of the ranges between which they are
    drop_power: F8
    drop_near3: F8
    drop_far3: F8
    drop_class: I8
    #: (K,) first kind that may be at each of as many equal steps of the number of drops
    drop_guide: I8
