"""What an Embree engine holds: a device, one scene per mesh, and trees of instances that are placed again and again.

Embree counts references, so releasing in any order is safe; every handle has one owner here, which releases it once:
when closed, or else when the owner is collected.
"""

from __future__ import annotations

import weakref
from typing import Final

import numpy as np

from simgen.raycast import _embree_api as embree
from simgen.raycast._stages import check_stage, mesh_boxes, mesh_radii
from simgen.records.base import F4, U4
from simgen.records.stage import Motion, Stage

#: in the order that kernels take their addresses in
_PLACING: Final = ("rtcEnableGeometry", "rtcDisableGeometry", "rtcCommitGeometry", "rtcSetGeometryTransform")
_FORWARD: Final = tuple(f"rtcForward{what}{width}" for what in ("Intersect", "Occluded") for width in (1, 8, 16))


def _release(api: embree.Api, release: str, handles: list[int]) -> None:
    """Release every handle, last first; module level, so that a finaliser holds no owner alive."""
    while handles:
        api.raw(release, handles.pop())


class Device:
    """An Embree device."""

    def __init__(self, threads: int) -> None:
        self.api = embree.load()
        self.handle = self.api.new_device(threads)
        self.close = weakref.finalize(self, _release, self.api, "rtcReleaseDevice", [self.handle])
        #: whether it traces packets of sixteen rays
        self.wide = self.api.takes_sixteen(self.handle)


class MeshScenes:
    """One committed scene per mesh, shared by all its instances."""

    def __init__(self, device: Device, stage: Stage) -> None:
        check_stage(stage)
        self.device, api = device, device.api
        # 4 spare bytes after the last vertex, see attach_mesh
        vertices = np.concatenate([stage.vertices, np.zeros((1, 3), np.float32)])
        triangles = np.ascontiguousarray(stage.triangles)
        self._kept_alive = vertices, triangles
        #: farthest vertex of each mesh from its own origin, m
        self.radii = mesh_radii(stage)
        #: middle and half extents of each mesh, m
        self.boxes = mesh_boxes(stage)
        self.handles: list[int] = []
        self.close = weakref.finalize(self, _release, api, "rtcReleaseScene", self.handles)
        for mesh in range(stage.mesh_count):
            self.handles.append(self._scene())
            embree.attach_mesh(
                api,
                device.handle,
                self.handles[-1],
                vertices[stage.vertex_start[mesh] : stage.vertex_start[mesh + 1]],
                triangles[stage.triangle_start[mesh] : stage.triangle_start[mesh + 1]],
            )
            api.call(device.handle, "rtcCommitScene", self.handles[-1])

    def _scene(self) -> int:
        scene = self.device.api.call(self.device.handle, "rtcNewScene", self.device.handle)
        self.device.api.raw("rtcSetSceneFlags", scene, embree.SCENE_ROBUST)
        return int(scene)


class Tree:
    """The scene that rays are sent into: every instance attached under its row, placed as often as asked.

    What moves is not among Embree's own instances but in :class:`Movers`.
    """

    def __init__(self, meshes: MeshScenes, stage: Stage) -> None:
        self._meshes, self._device = meshes, meshes.device
        self._bodies = np.ascontiguousarray(stage.instance_body)
        self._radii, self._boxes = meshes.radii[stage.instance_mesh], meshes.boxes[stage.instance_mesh]
        self._scenes: list[int] = []
        self._instances: list[int] = []
        api = self._device.api
        self._finalizers = (
            weakref.finalize(self, _release, api, "rtcReleaseScene", self._scenes),
            weakref.finalize(self, _release, api, "rtcReleaseGeometry", self._instances),
        )
        self._attach(stage)
        self.scene = self._scenes[0]
        self._handles = np.array(self._instances, np.uint64)
        self._enabled = np.ones(len(self._instances), np.uint8)
        self._functions = np.array([api.address(name) for name in _PLACING], np.uint64)
        self._movers = Movers(meshes, stage, self._bodies)
        self._movers.attach(self.scene, self._instances)

    def _attach(self, stage: Stage) -> None:
        api, device = self._device.api, self._device.handle
        scene = api.call(device, "rtcNewScene", device)
        self._scenes.append(scene)
        api.raw("rtcSetSceneFlags", scene, embree.SCENE_ROBUST)
        for row, mesh in enumerate(stage.instance_mesh.tolist()):
            instance = api.call(device, "rtcNewGeometry", device, embree.INSTANCE)
            self._instances.append(instance)
            api.raw("rtcSetGeometryInstancedScene", instance, self._meshes.handles[mesh])
            api.raw("rtcAttachGeometryByID", scene, instance, row)
        api.check(device, "attaching the instances")

    def place(self, motion: Motion) -> None:
        """Move every instance to its poses and build the tree anew."""
        from simgen.kernels.placing import place_instances

        position, quaternion = np.ascontiguousarray(motion.position), np.ascontiguousarray(motion.quaternion)
        count = place_instances(
            self._functions,
            self._handles,
            self._bodies,
            self._boxes,
            self._radii,
            motion.exists,
            motion.moving,
            self._enabled,
            position,
            quaternion,
            self._movers.rows,
            self._movers.bounds,
        )
        self._movers.place(position, quaternion, count)
        self._device.api.check(self._device.handle, "placing the instances")
        self._device.api.call(self._device.handle, "rtcCommitScene", self.scene)

    def close(self) -> None:
        """Release the scene and its instances."""
        for finalizer in self._finalizers:
            finalizer()


class Movers:
    """The moving instances of a tree: one user geometry, and the table that its callbacks read."""

    def __init__(self, meshes: MeshScenes, stage: Stage, bodies: U4) -> None:
        from simgen.kernels.moving import TABLE_WORDS

        self._device, api = meshes.device, meshes.device.api
        count = len(bodies)
        #: rows of the instances that move now, and the boxes that they stay in
        self.rows, self.bounds = np.zeros(count, np.int64), np.zeros((count, 8), np.float32)
        self._bodies = bodies
        self._mesh_scenes = np.array(meshes.handles, np.uint64)[stage.instance_mesh]
        self._table = np.zeros(TABLE_WORDS, np.uint64)
        self._table[2:6] = [a.ctypes.data for a in (self.rows, self.bounds, bodies, self._mesh_scenes)]
        self._table[8:] = [api.address(name) for name in _FORWARD]
        self._poses: tuple[F4, F4] | None = None
        self._geometry = 0

    def attach(self, scene: int, owned: list[int]) -> None:
        """Add the geometry to a scene, after the instances; its handle goes to the owner's list."""
        from simgen.kernels import moving

        api, device = self._device.api, self._device.handle
        self._geometry = geometry = api.call(device, "rtcNewGeometry", device, embree.USER)
        row = len(owned)
        owned.append(geometry)
        api.raw("rtcSetGeometryUserData", geometry, self._table.ctypes.data)
        api.raw("rtcSetGeometryBoundsFunction", geometry, moving.BOUNDS, None)
        api.raw("rtcSetGeometryIntersectFunction", geometry, moving.INTERSECT)
        api.raw("rtcSetGeometryOccludedFunction", geometry, moving.OCCLUDED)
        api.raw("rtcAttachGeometryByID", scene, geometry, row)
        api.check(device, "attaching the moving instances")

    def place(self, position: F4, quaternion: F4, count: int) -> None:
        """Show the first so many of :attr:`rows`, at these poses."""
        # kept alive: callbacks read them by address
        self._poses = position, quaternion
        self._table[0], self._table[1] = position.ctypes.data, quaternion.ctypes.data
        self._table[6], self._table[7] = position.shape[:2]
        api = self._device.api
        api.raw("rtcSetGeometryUserPrimitiveCount", self._geometry, count)
        api.raw("rtcCommitGeometry", self._geometry)
