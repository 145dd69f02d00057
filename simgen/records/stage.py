"""The scene compiled for ray casting: what may be hit, and how it moves in a window of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simgen.records.base import F4, F8, I8, U2, U4, Bool, Record, array
from simgen.records.lights import LampTable
from simgen.records.mesh import Mesh, SurfaceTable

#: what Embree writes where nothing was hit
NO_HIT: Final = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage(Record):
    """Meshes end to end, and instances that put them on bodies. Fixed for a sequence.

    Triangle ``t`` of mesh ``m`` is row ``triangle_start[m] + t``; its vertex indices count from ``vertex_start[m]``.
    Body 0 is the world itself, at rest; body ``b + 1`` is body ``b`` of the trajectory. The material of triangle
    ``t`` of instance ``i`` is row ``surface_base[i] + triangle_surface[...]`` of ``surfaces``.
    """

    vertices: F4 = array("V 3", "f4", unit="m", doc="vertices of all meshes, each in its own frame")
    normals: F4 = array("V 3", "f4", doc="unit shading normals")
    triangles: U4 = array("T 3", "u4", doc="vertex indices within the mesh")
    triangle_surface: U2 = array("T", "u2", doc="surface within the owner's list")
    vertex_start: I8 = array("N", "i8", doc="first vertex of each mesh, and the total")
    triangle_start: I8 = array("N", "i8", doc="first triangle of each mesh, and the total")
    instance_mesh: U4 = array("I", "u4", doc="mesh of each instance")
    instance_body: U4 = array("I", "u4", doc="body that carries it; 0 = the world")
    instance_label: U4 = array("I", "u4", doc="instance id that labels carry; 0 = none")
    surface_base: U4 = array("I", "u4", doc="first row of its surfaces")
    surfaces: SurfaceTable
    #: rows as ``vertices``, or None where no mesh has any
    uv: F4 | None = array("V 2", "f4", doc="texture coordinates, v up", optional=True)
    #: the lamps as they shine at the instant that the stage is used for
    lamps: LampTable = field(default_factory=lambda: LampTable.of((), ()))
    #: whether a roof or walls keep the sky out of where things are
    indoor: bool = False
    #: what lets the sky in: area lamps that stand for it, for renderers that do not look for the sky themselves
    openings: LampTable = field(default_factory=lambda: LampTable.of((), ()))
    #: boxes (x, y, z from, x, y, z to) under a roof, which get the sky's light through openings alone
    rooms: tuple[tuple[float, float, float, float, float, float], ...] = ()

    @property
    def mesh_count(self) -> int:
        """How many meshes there are."""
        return len(self.vertex_start) - 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Motion(Record):
    """Where the bodies are over a window of time, at evenly spaced steps, around an origin near the ego.

    One step = an instant. With more, the pose at ray time ``s`` in 0..1 is the linear and slerp interpolation of the
    neighbouring steps; the steps of a window are physics steps, so this is the trajectory's own definition.
    """

    start_ns: int
    end_ns: int
    origin: F8 = array("3", "f8", unit="m", doc="world position that rays and poses are relative to")
    position: F4 = array("S B 3", "f4", unit="m", doc="of every body, less the origin")
    quaternion: F4 = array("S B 4", "f4", doc="world from body, wxyz; neighbours in the same half-space")
    exists: Bool = array("B", "?", doc="whether the body is there in this window")
    moving: Bool = array("B", "?", doc="whether its pose changes over the window")

    def ray_time(self, time_ns: int) -> float:
        """An instant as ray time, 0..1."""
        span = self.end_ns - self.start_ns
        return (time_ns - self.start_ns) / span if span > 0 else 0.0


def alone(mesh: Mesh, surfaces: SurfaceTable) -> tuple[Stage, Motion]:
    """A stage of one mesh at rest, for casting at nothing else; ``surfaces`` may be empty where none is asked for."""
    one = np.zeros(1, np.uint32)
    stage = Stage(
        vertices=mesh.vertices,
        normals=mesh.normals,
        triangles=mesh.triangles,
        triangle_surface=np.zeros(len(mesh.triangles), np.uint16),
        vertex_start=np.array([0, len(mesh.vertices)], np.int64),
        triangle_start=np.array([0, len(mesh.triangles)], np.int64),
        instance_mesh=one,
        instance_body=one,
        instance_label=one,
        surface_base=one,
        surfaces=surfaces,
    )
    motion = Motion(
        start_ns=0,
        end_ns=0,
        origin=np.zeros(3),
        position=np.zeros((1, 1, 3), np.float32),
        quaternion=np.array([[[1.0, 0.0, 0.0, 0.0]]], np.float32),
        exists=np.ones(1, np.bool_),
        moving=np.zeros(1, np.bool_),
    )
    return stage, motion
