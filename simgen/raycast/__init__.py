"""Ray engines: native Embree, Open3D where Embree cannot be loaded, and plain numpy for tests."""

from __future__ import annotations

import os
import warnings

from simgen.errors import EngineError, UserError
from simgen.records.rays import RayEngine
from simgen.records.stage import Stage

__all__ = ["open_engine"]

#: environment variable that chooses the engine: "embree", "open3d" or empty (embree, else open3d)
ENGINE_VARIABLE = "SIMGEN_ENGINE"
_ENGINES = ("", "embree", "open3d")


def open_engine(stage: Stage, threads: int | None = None) -> RayEngine:
    """The fastest engine that this machine can load.

    Args:
        stage: what can be hit.
        threads: threads that build and cast; as many as the process may use by default. Open3D uses all.

    Raises:
        UserError: ``SIMGEN_ENGINE`` names no engine, or a mesh is empty or broken.
        EngineError: the engine asked for, or both, cannot be loaded.
    """
    wanted = os.environ.get(ENGINE_VARIABLE, "")
    if wanted not in _ENGINES:
        raise UserError(f"{ENGINE_VARIABLE} is {wanted!r}; use embree or open3d, or leave it unset")
    reason = f"{ENGINE_VARIABLE} asks for it"
    if wanted != "open3d":
        from simgen.raycast import _embree_api

        try:
            _embree_api.load()
        except EngineError as error:
            if wanted == "embree":
                raise
            reason = str(error)
        else:
            from simgen.raycast.embree import EmbreeEngine

            return EmbreeEngine(stage, threads)
    from simgen.raycast.open3d import Open3dEngine

    warnings.warn(f"casting rays with Open3D, which is slower: {reason}", RuntimeWarning, stacklevel=2)
    return Open3dEngine(stage)
