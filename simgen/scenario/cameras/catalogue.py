"""Which named cameras there are, where their files lie, and what one holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from simgen.errors import SceneError
from simgen.scenario.decode import Decoder
from simgen.scenario.distributions import distribution_of
from simgen.scenario.document import fixed
from simgen.yaml.nodes import MapNode, walk
from simgen.yaml.text import FileKind, is_path, parse, read_text

_FOLDER: Final = Path(__file__).parent
_CAMERA: Final = FileKind(noun="camera", start="a camera file starts with 'simgen_camera: 1'")
#: keys that belong to the scene, not to a device
_OF_SCENES: Final = ("name", "type", "model", "mount", "start_s", "outputs", "dropouts", "timing", "calibration_error")


@dataclass(frozen=True, kw_only=True)
class CameraDocument:
    """The keys of a camera file."""

    simgen_camera: Literal[1] = fixed(doc="version of the camera format")
    about: str = fixed(doc="what it is, in a sentence")
    source: str = fixed("", doc="where the figures are from")
    camera: Any = fixed(doc="its values, with the keys of a camera in a scene")


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraModel:
    """A camera file without faults of its own; its values are checked where a scene uses them."""

    path: Path
    #: of the file's text
    sha256: str
    about: str
    source: str
    values: MapNode


def camera_names() -> tuple[str, ...]:
    """Names of the cameras that come with simgen."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def camera_path(model: str, folder: Path) -> Path:
    """The file of a camera: a name of the catalogue, or a path, relative to a folder. It need not exist."""
    return folder / model if is_path(model) else _FOLDER / f"{model}.yaml"


def read_camera(path: Path) -> CameraModel:
    """The camera of a file that exists.

    Raises:
        SceneError: every fault of the file, with its name.
    """
    return _camera(path, read_text(path, _CAMERA))


@lru_cache(maxsize=32)
def _camera(path: Path, text: str) -> CameraModel:
    root = parse(text, str(path), _CAMERA, included=True)
    decoder = Decoder(str(path), random=True)
    if not isinstance(root, MapNode):
        decoder.fault(root, "a camera file is a mapping of keys to values", "it starts with 'simgen_camera: 1'")
        raise SceneError(decoder.sorted_faults())
    words = decoder.fields(root, CameraDocument, root, "the camera file")
    values = root.values.get("camera")
    if isinstance(values, MapNode):
        _check(decoder, values)
    elif values is not None:
        decoder.fault(values, "camera must be a mapping, with the keys of a camera in a scene")
    if decoder.faults:
        raise SceneError(decoder.sorted_faults())
    assert isinstance(values, MapNode)
    return CameraModel(
        path=path,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        about=" ".join(words["about"].split()),
        source=" ".join(words.get("source", "").split()),
        values=values,
    )


def _check(decoder: Decoder, values: MapNode) -> None:
    for key in _OF_SCENES:
        if key in values.values:
            decoder.fault(values.keys[key], f"{key} is the scene's, not a camera file's")
    for inner in walk(values):
        if distribution_of(inner) is not None:
            decoder.fault(inner, "a device has no random values", "let the scene draw them")
            return


__all__ = ["CameraModel", "camera_names", "camera_path", "read_camera"]
