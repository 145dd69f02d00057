"""Embree 4 by ctypes: the library of the ``embreex`` wheel, its functions, its constants and its errors by name.

Only what simgen needs. The layouts that the kernels assume (:mod:`simgen.kernels.trace`) are tried on one triangle when
the library is loaded, so a library built with other options is refused instead of giving wrong hits.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from collections.abc import Callable, Iterator
from ctypes import c_char_p, c_int, c_size_t, c_ssize_t, c_uint, c_void_p
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import EngineError
from simgen.records.stage import NO_HIT

TRIANGLES: Final = 0  # RTC_GEOMETRY_TYPE_TRIANGLE
USER: Final = 120  # RTC_GEOMETRY_TYPE_USER
INSTANCE: Final = 121  # RTC_GEOMETRY_TYPE_INSTANCE
INDEX_BUFFER: Final = 0  # RTC_BUFFER_TYPE_INDEX
VERTEX_BUFFER: Final = 1  # RTC_BUFFER_TYPE_VERTEX
UINT3: Final = 0x5003  # RTC_FORMAT_UINT3
FLOAT3: Final = 0x9003  # RTC_FORMAT_FLOAT3
MATRIX: Final = 0x9134  # RTC_FORMAT_FLOAT3X4_ROW_MAJOR
SCENE_ROBUST: Final = 4  # RTC_SCENE_FLAG_ROBUST: no ray slips between two triangles of one mesh
_VERSION_MAJOR: Final = 1  # RTC_DEVICE_PROPERTY_VERSION_MAJOR
_RAY16: Final = 34  # RTC_DEVICE_PROPERTY_NATIVE_RAY16_SUPPORTED

_ERRORS: Final = {
    1: "unknown error",
    2: "invalid argument",
    3: "invalid operation",
    4: "out of memory",
    5: "unsupported CPU",
    6: "cancelled",
}

_FUNCTIONS: Final[dict[str, tuple[Any, list[Any]]]] = {
    "rtcNewDevice": (c_void_p, [c_char_p]),
    "rtcReleaseDevice": (None, [c_void_p]),
    "rtcGetDeviceError": (c_int, [c_void_p]),
    "rtcGetDeviceLastErrorMessage": (c_char_p, [c_void_p]),
    "rtcGetDeviceProperty": (c_ssize_t, [c_void_p, c_int]),
    "rtcNewScene": (c_void_p, [c_void_p]),
    "rtcReleaseScene": (None, [c_void_p]),
    "rtcSetSceneFlags": (None, [c_void_p, c_int]),
    "rtcCommitScene": (None, [c_void_p]),
    "rtcNewGeometry": (c_void_p, [c_void_p, c_int]),
    "rtcReleaseGeometry": (None, [c_void_p]),
    "rtcCommitGeometry": (None, [c_void_p]),
    "rtcAttachGeometry": (c_uint, [c_void_p, c_void_p]),
    "rtcAttachGeometryByID": (None, [c_void_p, c_void_p, c_uint]),
    "rtcEnableGeometry": (None, [c_void_p]),
    "rtcDisableGeometry": (None, [c_void_p]),
    "rtcSetSharedGeometryBuffer": (None, [c_void_p, c_int, c_uint, c_int, c_void_p, c_size_t, c_size_t, c_size_t]),
    "rtcSetGeometryInstancedScene": (None, [c_void_p, c_void_p]),
    "rtcSetGeometryTimeStepCount": (None, [c_void_p, c_uint]),
    "rtcSetGeometryTransform": (None, [c_void_p, c_uint, c_int, c_void_p]),
    "rtcSetGeometryUserData": (None, [c_void_p, c_void_p]),
    "rtcSetGeometryUserPrimitiveCount": (None, [c_void_p, c_uint]),
    "rtcSetGeometryBoundsFunction": (None, [c_void_p, c_void_p, c_void_p]),
    "rtcSetGeometryIntersectFunction": (None, [c_void_p, c_void_p]),
    "rtcSetGeometryOccludedFunction": (None, [c_void_p, c_void_p]),
    "rtcForwardIntersect1": (None, [c_void_p, c_void_p, c_void_p, c_uint]),
    "rtcForwardIntersect8": (None, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "rtcForwardIntersect16": (None, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "rtcForwardOccluded16": (None, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "rtcForwardOccluded1": (None, [c_void_p, c_void_p, c_void_p, c_uint]),
    "rtcForwardOccluded8": (None, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "rtcIntersect1": (None, [c_void_p, c_void_p, c_void_p]),
    "rtcOccluded1": (None, [c_void_p, c_void_p, c_void_p]),
    "rtcIntersect8": (None, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "rtcIntersect16": (None, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "rtcOccluded16": (None, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "rtcOccluded8": (None, [c_void_p, c_void_p, c_void_p, c_void_p]),
}


def _candidates() -> Iterator[Path]:
    """Libraries inside the wheel: beside the package on Linux, inside it on macOS."""
    spec = importlib.util.find_spec("embreex")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for folder, pattern in (("../embreex.libs", "libembree4*.so*"), (".dylibs", "libembree4*.dylib")):
            yield from sorted(Path(place, folder).resolve().glob(pattern))


def _open() -> ctypes.CDLL:
    reason = "the package embreex is not installed or carries no libembree4"
    for path in _candidates():
        try:
            return ctypes.CDLL(str(path))
        except OSError as error:
            reason = str(error)
    raise EngineError(f"Embree cannot be loaded: {reason}")


class Api:
    """The library's functions; every call through :meth:`call` is checked."""

    def __init__(self) -> None:
        self._library = _open()
        self._functions: dict[str, Callable[..., Any]] = {}
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(self._library, name, None)
            if function is None:
                raise EngineError(f"Embree cannot be loaded: the library lacks {name}")
            function.restype, function.argtypes = result, arguments
            self._functions[name] = function

    def raw(self, name: str, *arguments: Any) -> Any:
        """Call without a check, for releases and where the caller checks a batch at once."""
        return self._functions[name](*arguments)

    def call(self, device: int, name: str, *arguments: Any) -> Any:
        """Call and check.

        Raises:
            EngineError: Embree reports an error; named.
        """
        result = self._functions[name](*arguments)
        self.check(device, name)
        return result

    def check(self, device: int, doing: str) -> None:
        """Raise what went wrong on this thread since the last check, if anything did."""
        code = self._functions["rtcGetDeviceError"](device)
        if code:
            words = (self._functions["rtcGetDeviceLastErrorMessage"](device) or b"").decode(errors="replace")
            name = _ERRORS.get(code, f"error {code}")
            raise EngineError(f"Embree: {doing} failed: {name}{f' ({words})' if words else ''}")

    def address(self, name: str) -> int:
        """Address of a function, for kernels."""
        return ctypes.cast(self._functions[name], c_void_p).value or 0  # type: ignore[arg-type]

    def takes_sixteen(self, device: int) -> bool:
        """Whether a device traces packets of sixteen rays: on processors with AVX-512."""
        return bool(self.call(device, "rtcGetDeviceProperty", device, _RAY16))

    def new_device(self, threads: int) -> int:
        """A device that builds with so many threads, two at least.

        With one, oneTBB never puts the worker to sleep that it has beside this thread: from the first build until the
        device is released it asks for work without a pause, and takes a whole core.
        """
        device = self.raw("rtcNewDevice", f"threads={max(threads, 2)},set_affinity=0".encode())
        if not device:
            self.check(0, "rtcNewDevice")
            raise EngineError("Embree: rtcNewDevice failed")
        return int(device)


@functools.cache
def load() -> Api:
    """The library, loaded and tried once per process.

    Raises:
        EngineError: it is not there, is of another version or lays its structs out differently.
    """
    api = Api()
    device = api.new_device(1)
    try:
        major = api.call(device, "rtcGetDeviceProperty", device, _VERSION_MAJOR)
        if major != 4:
            raise EngineError(f"Embree 4 is needed, the library is version {major}")
        _try_layouts(api, device)
    finally:
        api.raw("rtcReleaseDevice", device)
    return api


# The triangle (0,0,2) (4,0,2) (0,4,2), third of three in its mesh, and a ray up along z from (1, 0.5, 0):
# distance 2, u = 1/4, v = 1/8; as instance 5 of the outer scene.
_VERTICES = np.array([[0, 0, 9], [0, 0, 2], [4, 0, 2], [0, 4, 2], [0, 0, 0]], np.float32)
_TRIANGLES = np.array([[0, 0, 0], [0, 0, 0], [1, 2, 3]], np.uint32)
_RAY = (1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, np.inf)
_ROW: Final = 5
# RTCIntersectArguments and RTCOccludedArguments: the coherent flag, all features, null pointers
_ARGUMENTS = np.array([1 << 16, 0xFFFFFFFF, *[0] * 14], np.uint32)


def _try_layouts(api: Api, device: int) -> None:
    """Cast one known ray by every function that kernels use and compare all that they read."""
    inner, outer = (api.call(device, "rtcNewScene", device) for _ in range(2))
    try:
        _known_scene(api, device, inner, outer)
        coherent = _ARGUMENTS.ctypes.data
        if api.takes_sixteen(device):
            _check_hit(_cast(api, "rtcIntersect16", outer, 16, coherent), 16)
        for width, arguments in ((1, None), (8, None), (8, coherent)):
            _check_hit(_cast(api, f"rtcIntersect{width}", outer, width, arguments), width)
            if _cast(api, f"rtcOccluded{width}", outer, width, arguments)[8, -1] != -np.inf:
                raise EngineError(f"Embree: rtcOccluded{width} lays out its rays in an unknown way")
        api.check(device, "the trial cast")
    finally:
        api.raw("rtcReleaseScene", outer)
        api.raw("rtcReleaseScene", inner)


def _known_scene(api: Api, device: int, inner: int, outer: int) -> None:
    attach_mesh(api, device, inner, _VERTICES[:4], _TRIANGLES)
    api.call(device, "rtcCommitScene", inner)
    instance = api.call(device, "rtcNewGeometry", device, INSTANCE)
    api.raw("rtcSetGeometryInstancedScene", instance, inner)
    matrix = np.eye(3, 4, dtype=np.float32)
    api.raw("rtcSetGeometryTransform", instance, 0, MATRIX, matrix.ctypes.data)
    api.raw("rtcCommitGeometry", instance)
    api.raw("rtcAttachGeometryByID", outer, instance, _ROW)
    api.raw("rtcReleaseGeometry", instance)
    api.call(device, "rtcCommitScene", outer)


def _cast(
    api: Api, function: str, scene: int, width: int, arguments: int | None
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The packet after the call, (words, lanes); only the last lane is active."""
    buffer = np.zeros(22 * width + 16, np.float32)
    skip = -buffer.ctypes.data % 64 // 4
    words = buffer[skip : skip + 22 * width].reshape(22, width)
    words[:9, -1] = _RAY
    ids = words.view(np.uint32)
    ids[9], ids[17:] = 0xFFFFFFFF, NO_HIT
    lanes = np.zeros(32, np.int32)
    valid = lanes[-lanes.ctypes.data % 64 // 4 :][:width]
    valid[-1] = -1
    given = (scene, words.ctypes.data, arguments)
    api.raw(function, *given) if width == 1 else api.raw(function, valid.ctypes.data, *given)
    return words


def _check_hit(words: np.ndarray[Any, np.dtype[np.float32]], width: int) -> None:
    hit, ids = words[:, -1], words.view(np.uint32)[:, -1]
    where, what = hit[[8, 15, 16]], ids[[17, 18, 19]]
    if not np.allclose(where, (2.0, 0.25, 0.125), atol=1e-5) or tuple(what) != (2, 0, _ROW):
        raise EngineError(f"Embree: rtcIntersect{width} lays out its hits in an unknown way (it gave {where}, {what})")


def attach_mesh(
    api: Api,
    device: int,
    scene: int,
    vertices: np.ndarray[Any, np.dtype[np.float32]],
    triangles: np.ndarray[Any, np.dtype[np.uint32]],
) -> None:
    """Add a mesh to a scene without copying it.

    The arrays must stay alive as long as the scene, and 4 more bytes must be readable after the last vertex, for
    Embree loads 16 bytes at a time.
    """
    geometry = api.call(device, "rtcNewGeometry", device, TRIANGLES)
    try:
        share = "rtcSetSharedGeometryBuffer"
        api.call(device, share, geometry, VERTEX_BUFFER, 0, FLOAT3, vertices.ctypes.data, 0, 12, len(vertices))
        api.call(device, share, geometry, INDEX_BUFFER, 0, UINT3, triangles.ctypes.data, 0, 12, len(triangles))
        api.call(device, "rtcCommitGeometry", geometry)
        api.call(device, "rtcAttachGeometry", scene, geometry)
    finally:
        api.raw("rtcReleaseGeometry", geometry)
