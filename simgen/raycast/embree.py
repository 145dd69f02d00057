"""The native engine: Embree 4, called from kernels by address.

Every mesh is a scene of its own, built once and shared by its instances. A window of motion rebuilds only the small
tree over the instances. Those that move are callbacks (:mod:`simgen.kernels.moving`) that take each ray to its own
time, so rolling shutter, motion blur and sweep distortion are exact and cost no motion steps.
"""

from __future__ import annotations

import threading
import weakref

import numpy as np

from simgen.errors import EngineError
from simgen.raycast._embree_scenes import Device, MeshScenes, Tree
from simgen.raycast._stages import check_motion
from simgen.records.base import F4, Bool
from simgen.records.rays import Hits, NativeView, Rays, RayView
from simgen.records.stage import Motion, Stage

#: rows per tile: enough to hide the hand-out, few enough to share out evenly
_TILE = 8192


class EmbreeView:
    """A stage placed in a window of time. Made by :meth:`EmbreeEngine.place`."""

    def __init__(self, engine: EmbreeEngine, tree: Tree, motion: Motion) -> None:
        self.stage, self.motion = engine.stage, motion
        self._engine, self._tree, self._threads = engine, tree, engine.threads
        #: addresses for kernels; None once the view is closed
        self.native: NativeView | None = engine.native_view(tree.scene)

    def _opened(self) -> NativeView:
        if self.native is None:
            raise EngineError("this view is closed; place the stage again")
        return self.native

    def cast(self, rays: Rays) -> Hits:
        """The nearest hit of each ray."""
        from simgen.kernels.tiles import run_tiles
        from simgen.kernels.trace import cast_range

        native, given, count = self._opened(), _columns(rays), len(rays.time)
        distance, barycentric = np.empty(count, np.float32), np.empty((count, 2), np.float32)
        instance, triangle = np.empty(count, np.uint32), np.empty(count, np.uint32)

        def tile(start: int, stop: int) -> None:
            cast_range(native.intersect8, native.scene, start, stop, *given, distance, instance, triangle, barycentric)

        run_tiles(tile, count, _TILE, self._threads)
        return Hits(distance=distance, instance=instance, triangle=triangle, barycentric=barycentric)

    def occluded(self, rays: Rays) -> Bool:
        """Whether anything lies between near and far of each ray, shape (N,)."""
        from simgen.kernels.tiles import run_tiles
        from simgen.kernels.trace import occluded_range

        native, given, count = self._opened(), _columns(rays), len(rays.time)
        blocked = np.empty(count, np.bool_)

        def tile(start: int, stop: int) -> None:
            occluded_range(native.occluded8, native.scene, start, stop, *given, blocked)

        run_tiles(tile, count, _TILE, self._threads)
        return blocked

    def close(self) -> None:
        """Give the tree back to the engine; calling it again does nothing."""
        if self.native is not None:
            self.native = None
            self._engine.take_back(self._tree)


def _columns(rays: Rays) -> tuple[F4, F4, F4, F4, F4]:
    """The rays' arrays as kernels take them."""
    origin, direction, time, near, far = (
        np.ascontiguousarray(column) for column in (rays.origin, rays.direction, rays.time, rays.near, rays.far)
    )
    return origin, direction, time, near, far


class EmbreeEngine:
    """Embree behind the :class:`~simgen.records.rays.RayEngine` protocol.

    Args:
        stage: what can be hit.
        threads: threads that build (two at least) and cast; as many as the process may use by default.

    Raises:
        EngineError: Embree is missing or reports an error.
        UserError: a mesh is empty or broken.
    """

    name = "embree"

    def __init__(self, stage: Stage, threads: int | None = None) -> None:
        from simgen.kernels.tiles import default_threads

        self.stage, self.threads = stage, default_threads() if threads is None else threads
        self._device = Device(self.threads)
        self._meshes = MeshScenes(self._device, stage)
        self._lock = threading.Lock()
        self._free: list[Tree] = []
        self._views: weakref.WeakSet[EmbreeView] = weakref.WeakSet()
        self._closed = False

    def place(self, motion: Motion) -> RayView:
        """Build the instance tree for a window of time.

        Raises:
            EngineError: the engine is closed, the motion does not fit the stage or Embree reports an error.
        """
        check_motion(self.stage, motion)
        with self._lock:
            if self._closed:
                raise EngineError("this engine is closed; open another")
            tree = self._free.pop() if self._free else Tree(self._meshes, self.stage)
        tree.place(motion)
        view = EmbreeView(self, tree, motion)
        with self._lock:
            self._views.add(view)
        return view

    def native_view(self, scene: int) -> NativeView:
        """Addresses for kernels that cast into a scene of this engine."""
        address = self._device.api.address
        return NativeView(
            scene=scene,
            intersect1=address("rtcIntersect1"),
            occluded1=address("rtcOccluded1"),
            intersect8=address("rtcIntersect8"),
            occluded8=address("rtcOccluded8"),
            intersect16=address("rtcIntersect16") if self._device.wide else 0,
            occluded16=address("rtcOccluded16") if self._device.wide else 0,
        )

    def take_back(self, tree: Tree) -> None:
        """Keep the tree of a closed view for the next one: only its poses will change."""
        with self._lock:
            if not self._closed:
                self._free.append(tree)
                return
        tree.close()

    def close(self) -> None:
        """Close what is still open and give all native memory back; calling it again does nothing."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
            views = list(self._views)
        for view in views:
            view.close()
        for tree in free:
            tree.close()
        self._meshes.close()
        self._device.close()
