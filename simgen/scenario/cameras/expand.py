"""Named cameras written out: a camera's ``model`` gives way to the values of its file, the scene's own over them.

As with rigs this happens to the tree of nodes, so that every value keeps the file and the position that it comes from,
and a stored scene holds all numbers and no model.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from simgen.errors import SceneError, UserError
from simgen.registry import suggest
from simgen.scenario.cameras.catalogue import CameraModel, camera_names, camera_path, read_camera
from simgen.scenario.declared import nearest
from simgen.scenario.decode import Decoder
from simgen.scenario.rigs.merge import is_mapping, merged
from simgen.sensors.camera import Camera
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode
from simgen.yaml.text import is_path

#: keys of which one stands for another: the scene's word for one silences the file's for the others
_INSTEAD: Final = (("hfov_deg", "focal_px"), ("exposure", "exposure_ev"))


def expand_cameras(decoder: Decoder, root: MapNode, folder: Path) -> tuple[MapNode, dict[str, str]]:
    """The scene with its named cameras written out, and the SHA-256 of each file of the user's, by its path.

    ``folder`` is what paths of camera files start from.
    """
    listed = root.values.get("sensors")
    if listed is None:
        return root, {}
    expander = _Expander(decoder, folder)
    return root.having("sensors", expander.inside(listed)), expander.included


class _Expander:
    """Writes out the cameras of one scene and reports what is wrong with their models."""

    def __init__(self, decoder: Decoder, folder: Path) -> None:
        self.decoder, self.folder = decoder, folder
        self.included: dict[str, str] = {}

    def inside(self, node: Node) -> Node:
        """A sensor, a list of them, or a draw of either."""
        if isinstance(node, ListNode):
            return replace(node, items=tuple(self.inside(item) for item in node.items))
        if not isinstance(node, MapNode):
            return node
        if is_mapping(node):
            return self._camera(node) if node.text("type") == "camera" and "model" in node.values else node
        return replace(node, values={key: self.inside(value) for key, value in node.values.items()})

    def _camera(self, node: MapNode) -> MapNode:
        where, word, own = node.values["model"], node.text("model"), node.without("model")
        if isinstance(where, ScalarNode) and where.value is None:
            return own
        if word is None:
            way = "draw the sensor: {choice: [{type: camera, model: ...}, ...]}"
            self.decoder.fault(where, "model must be the name of a camera, and may not be random", way)
            return own
        model = self._model(where, word)
        return own if model is None else _over(model.values, own)

    def _model(self, where: Node, word: str) -> CameraModel | None:
        path = camera_path(word, self.folder)
        if not path.is_file():
            if is_path(word):
                self.decoder.fault(where, f"there is no camera file {word!r}", "a path starts at the scene's folder")
            else:
                self.decoder.fault(where, f"unknown camera model {word!r}", nearest(word, camera_names()))
            return None
        try:
            found = read_camera(path)
        except SceneError as error:
            self.decoder.faults += [fault for fault in error.faults if fault not in self.decoder.faults]
            return None
        if is_path(word):
            self.included[word] = found.sha256
        return found


def _over(base: MapNode, own: MapNode) -> MapNode:
    """A file's values with the scene's laid over them, where the scene's camera stands."""
    for group in _INSTEAD:
        if any(key in own.values for key in group):
            base = base.without(*(key for key in group if key not in own.values))
    lens = own.values.get("lens")
    if isinstance(lens, MapNode) and "model" in lens.values:
        # another lens: the coefficients of the file's mean nothing to it
        base = base.without("lens")
    found = merged(base, own)
    return replace(found, line=own.line, column=own.column, file=own.file)


def camera_of(model: str, *, name: str, **changes: Any) -> Camera:
    """A named camera for Python; ``changes`` replace whole fields of it.

    Args:
        model: a name of the catalogue, or the path of a camera file.
        name: of the sensor, unique in the scene.
        **changes: fields of :class:`~simgen.sensors.camera.Camera`.

    Raises:
        UserError: there is no such model.
        SceneError: its file has faults.
        ValueError: the values do not go together.
    """
    path = camera_path(model, Path())
    if not path.is_file():
        known = "; no such file" if is_path(model) else suggest(model, camera_names())
        raise UserError(f"unknown camera model {model!r}{known}")
    values, decoder = read_camera(path).values, Decoder(str(path), random=False)
    for group in _INSTEAD:
        if any(key in changes for key in group):
            values = values.without(*group)
    named = values.having("name", ScalarNode(values.line, values.column, name))
    fields = decoder.fields(named, Camera, named, "camera")
    if decoder.faults:
        raise SceneError(decoder.sorted_faults())
    return Camera(**{**fields, **changes})


__all__ = ["camera_of", "expand_cameras"]
