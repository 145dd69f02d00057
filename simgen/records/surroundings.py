"""Everything a sensor may know besides the rays: one record, the same for every sensor of a scene."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from simgen.records.air import Fallen, Medium, Particles, Rates, SurfaceChange
from simgen.records.base import F8, I8, U1, Record, array
from simgen.records.exposure import Exposure
from simgen.records.geodetic import Place
from simgen.records.lights import LightField
from simgen.records.rays import RayView
from simgen.records.stage import Stage
from simgen.records.volume import Volume
from simgen.records.wind import Wind
from simgen.records.window import Touching, Track


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The scene as sensors see it. Surfaces in ``stage`` are dry: what lies on them is a matter of each point."""

    stage: Stage
    light: LightField
    medium: Medium
    particles: tuple[Particles, ...]
    #: the scene's seed: streams are named (seed, sensor, purpose, frame)
    seed: int
    #: instance ids of the ego and of what rides on it
    ego_instances: tuple[int, ...] = ()
    #: threads a sensor may use
    threads: int = 1
    #: instance ids of what drives or walks during the clip: engines and tyres of the others are cold
    driven: tuple[int, ...] = ()
    #: where on Earth the world's origin is, and when time 0 is
    place: Place = Place()
    #: parts of the air that differ, in the world's frame, as they are at the shot's time (their time 0)
    volumes: tuple[Volume, ...] = ()
    #: how the air moves
    wind: Wind | None = None
    #: what weather does to surfaces now
    surface: SurfaceChange = SurfaceChange()
    #: where rain and snow arrive; None = the weather leaves nothing on surfaces
    exposure: Exposure | None = None
    #: what comes down now, and what has come down so far
    rates: Rates = Rates()
    fallen: Fallen | None = None

    def cleared(self) -> Self:
        """The same place at the same time without weather: clear air, and surfaces that nothing has fallen on.

        What shines goes on shining, and the wind goes on blowing: it moves trees, which are geometry.
        """
        return replace(
            self,
            medium=Medium.clear(),
            particles=(),
            volumes=(),
            surface=SurfaceChange(),
            rates=Rates(),
            fallen=None,
            exposure=None,
        )

    def extinction_at(self, positions: F8, wavelength_nm: float, since_s: float = 0.0) -> F8:
        """Extinction at places (..., 3) of the world, 1/m, so long after the shot's time: of all the air that is there.

        ``ln 20`` over it, at 550 nm, is the visibility there.
        """
        found = np.full(np.shape(positions)[:-1], self.medium.extinction_at(wavelength_nm))
        for volume in self.volumes:
            found += volume.medium.extinction_at(wavelength_nm) * volume.density(positions, since_s)
        return found

    def ego_labels(self) -> U1:
        """By instance label of the stage, u1: 1 = the ego or on it."""
        labels = np.zeros(int(self.stage.instance_label.max(initial=0)) + 1, np.uint8)
        labels[[i for i in self.ego_instances if 0 < i < len(labels)]] = 1
        return labels


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One frame to take: when, where from, and the world at that time."""

    index: int
    time_ns: int
    view: RayView
    track: Track
    surroundings: Surroundings
    #: the sensor's next frame, for flow; None after the last
    next_time_ns: int | None = None
    next_view: RayView | None = None
    next_track: Track | None = None
    #: what touches the carrier, for sensors that need it
    touching: Touching | None = None
    #: the sensor's path over the whole sequence, the same object for all frames, for sensors whose past counts
    course: Track | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Joints(Record):
    """How the joints of an entity move: those that can, each named by the link that it moves."""

    time_ns: I8 = array("K", "i8", unit="ns", doc="physics steps")
    position: F8 = array("K J", "f8", unit="rad or m", doc="angle, counted on over full turns, or displacement")
    names: tuple[str, ...] = ()
    #: ``hinge``, ``slide``, ``wheel``, ``steer`` or ``gait``
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """A whole sequence for a sensor of many small samples."""

    #: the instant of every sample, i8 (N,)
    time_ns: I8
    #: the sensor's path at every physics step, from the lead-in to the end
    track: Track
    #: the scene's seed: streams are named (seed, sensor, purpose)
    seed: int
    #: where on Earth the world's origin is, and when time 0 is
    place: Place = Place()
    #: of the entity that carries the sensor, for sensors that need them
    joints: Joints | None = None
