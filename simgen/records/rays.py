"""Rays in, hits out, and the protocol that every ray engine keeps: contiguous arrays both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from simgen.records.base import F4, U4, Bool, Record, array
from simgen.records.stage import Motion, Stage


@dataclass(frozen=True, kw_only=True, eq=False)
class Rays(Record):
    """Rays relative to the motion's origin; distances are in lengths of the direction (unit or not)."""

    origin: F4 = array("N 3", "f4", unit="m", doc="start, world axes, less the motion's origin")
    direction: F4 = array("N 3", "f4", doc="direction, world axes")
    time: F4 = array("N", "f4", doc="ray time, 0..1 over the motion's window")
    near: F4 = array("N", "f4", unit="m", doc="hits before this are ignored")
    far: F4 = array("N", "f4", unit="m", doc="hits beyond this are ignored; inf = none")


@dataclass(frozen=True, kw_only=True, eq=False)
class Hits(Record):
    """The first surface that each ray meets."""

    distance: F4 = array("N", "f4", unit="m", doc="in lengths of the direction; inf = nothing hit")
    instance: U4 = array("N", "u4", doc="row of the stage's instances; NO_HIT = nothing")
    triangle: U4 = array("N", "u4", doc="triangle within the instance's mesh; NO_HIT = nothing")
    barycentric: F4 = array("N 2", "f4", doc="weights of the triangle's second and third vertex")


@dataclass(frozen=True, kw_only=True)
class NativeView:
    """Addresses for kernels that cast by themselves: an Embree scene and the functions that query it."""

    scene: int
    intersect1: int
    occluded1: int
    intersect8: int
    occluded8: int
    #: 0 where the processor has no vectors for sixteen rays
    intersect16: int = 0
    occluded16: int = 0


class RayView(Protocol):
    """A stage placed in a window of time, ready to be asked."""

    stage: Stage
    motion: Motion
    #: None where the engine cannot be called from kernels; ask through cast and occluded then
    native: NativeView | None

    def cast(self, rays: Rays) -> Hits:
        """The nearest hit of each ray."""
        ...

    def occluded(self, rays: Rays) -> Bool:
        """Whether anything lies between near and far of each ray, shape (N,)."""
        ...

    def close(self) -> None:
        """Give native memory back; the view is dead after."""
        ...


class RayEngine(Protocol):
    """Holds a stage's meshes once; places them as often as asked."""

    name: str
    stage: Stage

    def place(self, motion: Motion) -> RayView:
        """Build the instance tree for a window of time."""
        ...

    def close(self) -> None:
        """Give native memory back; views must be closed before."""
        ...
