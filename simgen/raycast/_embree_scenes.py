"""What an Embree engine holds: a device, one scene per mesh, and trees of instances that are placed again and again.

Embree counts references, so releasing in any order is safe; every handle has one owner here, which releases it once:
when closed, or else when the owner is collected.
"""

from __future__ import annotations

import weakref
from typing import Final

import numpy as np

from simgen.raycast import _embree_api as embree
from simgen.raycast._stages import check_stage, mesh_radii
from simgen.records.stage import Motion, Stage

_PLACING: Final = (
    "rtcEnableGeometry",
    "rtcDisableGeometry",
    "rtcCommitGeometry",
    "rtcSetGeometryTimeStepCount",
    "rtcSetGeometryTransform",
    "rtcSetGeometryTransformQuaternion",
)


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
    """The scene that rays are sent into: every instance attached under its row, placed as often as asked."""

    def __init__(self, meshes: MeshScenes, stage: Stage) -> None:
        self._meshes, self._device = meshes, meshes.device
        self._bodies = np.ascontiguousarray(stage.instance_body)
        self._radii = meshes.radii[stage.instance_mesh]
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
        self._steps = np.ones(len(self._instances), np.int64)
        self._functions = np.array([api.address(name) for name in _PLACING], np.uint64)

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

        place_instances(
            self._functions,
            self._handles,
            self._bodies,
            self._radii,
            motion.exists,
            motion.moving,
            self._steps,
            np.ascontiguousarray(motion.position),
            np.ascontiguousarray(motion.quaternion),
        )
        self._device.api.check(self._device.handle, "placing the instances")
        self._device.api.call(self._device.handle, "rtcCommitScene", self.scene)

    def close(self) -> None:
        """Release the scene and its instances."""
        for finalizer in self._finalizers:
            finalizer()
