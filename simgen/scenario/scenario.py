"""The uncertain scene: a checked scene file that scenes are drawn from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simgen.errors import SceneError, UserError
from simgen.rng import stream
from simgen.scenario.cameras.expand import expand_cameras
from simgen.scenario.contradictions import check_weather
from simgen.scenario.crosscheck import check_names, check_references, check_scene, check_splits
from simgen.scenario.decode import Decoder
from simgen.scenario.document import CertainDocument, Document
from simgen.scenario.files import expand_files
from simgen.scenario.pin import check_pins, pinned_text, with_keys
from simgen.scenario.rigs.expand import expand_rigs
from simgen.scenario.sample import Sampler
from simgen.scene import Scene
from simgen.yaml.nodes import MapNode
from simgen.yaml.text import parse, read_text


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenario:
    """A scene file without faults."""

    #: the file's name, as messages call it
    source: str
    text: str
    #: the scene's name
    name: str
    #: seed of the first sequence, unless the caller gives one
    default_seed: int
    #: share of the sequences by split
    splits: Mapping[str, float]
    #: the only scene that can be drawn, where the file is a certain scene
    certain: Scene | None
    #: the file's nodes, with its rigs written out
    root: MapNode
    #: SHA-256 of the files of the user's that it includes, by path
    included: Mapping[str, str] = field(default_factory=dict)
    #: values that the file has stand in place of draws
    pins: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pinned_text(self) -> str:
        """The text with a comment for each file that it includes: it differs when such a file does."""
        notes = [f"# includes {name}, sha256 {digest}\n" for name, digest in sorted(self.included.items())]
        new = [note for note in notes if note not in self.text]
        return "".join([self.text, "" if self.text.endswith("\n") or not new else "\n", *new])

    def sample(self, seed: int, pinned: Mapping[str, Any] | None = None) -> Scene:
        """Draw a certain scene. Equal seeds give equal scenes; 0 is a seed like any other.

        ``pinned`` are values that stand in place of draws, by the path of the draw: they are recorded as drawn, and
        everything else is drawn as it would be without them. See :func:`simgen.scenario.space.space_of`.

        Raises:
            SceneError: what was drawn does not fit together (no room, nothing to mount a sensor on).
            UserError: the file is a certain scene of another seed; or nothing is drawn under a pinned path, or never
                this value.
        """
        pinned = {**self.pins, **(pinned or {})}
        check_pins(self.root, self.source, pinned)
        if self.certain is not None:
            if seed != self.certain.seed:
                raise UserError(
                    f"{self.source} is a certain scene: it has the seed {self.certain.seed} and no other, "
                    f"so it cannot be drawn with the seed {seed} (leave out --seed and --count)"
                )
            return self.certain
        return Sampler(self.root, self.source, seed, pinned).scene(self.name, split_of(self.splits, seed))

    def pinned(self, values: Mapping[str, Any], seed: int | None = None) -> Scenario:
        """The scene file with values written in place of distributions, and a ``seed`` of its own if one is given.

        Layout and comments stay. With the same seed it draws the scene that ``sample(seed, values)`` draws, which
        records the values as draws besides. Its ``text`` is the file.

        Raises:
            UserError: nothing is drawn under a path, or never this value; or the file has no place for the value.
        """
        text = pinned_text(self.text, self.root, self.source, values, seed)
        return loads(text, self.source)

    def with_pins(self, values: Mapping[str, Any], seed: int, weight: float | None = None) -> str:
        """The scene file as it is, and at its end its ``seed``, its ``weight`` and the values in place of draws.

        Unlike :meth:`pinned`, what it draws is recorded as draws all the same.

        Raises:
            UserError: the file has one of these keys, and not at the start of a line of its own.
        """
        keys: dict[str, Any] = {"seed": seed, "weight": weight, "pinned": {**self.pins, **values}}
        told = {key: value for key, value in keys.items() if value is not None}
        named = {} if "name" in self.root.values else {"name": self.name}
        return with_keys(self.text, self.root, self.source, {**named, **told})


def split_of(splits: Mapping[str, float], seed: int) -> str:
    """The split of a sequence, drawn by share from its seed, so that no sequence is ever in two of them."""
    draw = stream(seed, "split").random() * sum(splits.values())
    for name, share in splits.items():
        draw -= share
        if draw < 0.0:
            return name
    return next(iter(splits))


def load(path: str | os.PathLike[str]) -> Scenario:
    """Read and check a scene file.

    Raises:
        SceneError: every fault of the file, in file order.
    """
    return loads(read_text(Path(path)), str(path))


def loads(text: str, name: str) -> Scenario:
    """Check the text of a scene file; ``name`` is what messages call it.

    Raises:
        SceneError: every fault of the text, in order.
    """
    root = parse(text, name)
    decoder = Decoder(name, random=True)
    if not isinstance(root, MapNode):
        decoder.fault(root, "a scene file is a mapping of keys to values", "it starts with 'simgen: 1'")
        raise SceneError(decoder.sorted_faults())
    if "certain" in root.values:
        return _certain(root, text, name)
    return _uncertain(root, text, name, decoder)


def _certain(root: MapNode, text: str, name: str) -> Scenario:
    decoder = Decoder(name, random=False)
    document = decoder.value(root, CertainDocument, "the scene")
    if isinstance(document, CertainDocument):
        check_scene(decoder, root, document.certain)
        inner = root.values["certain"]
        assert isinstance(inner, MapNode)
        check_weather(decoder, inner)
    if decoder.faults:
        raise SceneError(decoder.sorted_faults())
    scene = document.certain
    return Scenario(
        source=name,
        text=text,
        name=scene.name,
        default_seed=scene.seed,
        splits={scene.split: 1.0},
        certain=scene,
        root=root,
    )


def _uncertain(root: MapNode, text: str, name: str, decoder: Decoder) -> Scenario:
    root = expand_files(decoder, root, Path(name).parent)
    root, included = expand_rigs(decoder, root, Path(name).parent)
    root, cameras = expand_cameras(decoder, root, Path(name).parent)
    included |= cameras
    values = decoder.fields(root, Document, root, "the scene")
    seed = values.get("seed", 0)
    check_names(decoder, root)
    check_references(decoder, root, values.get("world"), seed if isinstance(seed, int) else 0)
    split, splits = values.get("split"), values.get("splits")
    check_splits(decoder, root, split, splits)
    check_weather(decoder, root)
    pins = _pins(decoder, root, values.get("pinned"))
    if decoder.faults:
        raise SceneError(decoder.sorted_faults())
    return Scenario(
        source=name,
        text=text,
        name=values.get("name") or Path(name).stem,
        default_seed=seed,
        splits=splits or {split or "train": 1.0},
        certain=None,
        root=root,
        included=included,
        pins=pins,
    )


def _pins(decoder: Decoder, root: MapNode, given: Any) -> Mapping[str, Any]:
    """The values of the key ``pinned``, each checked where it is written."""
    listed = root.values.get("pinned")
    pins = given if isinstance(given, Mapping) else {}
    for path, value in pins.items():
        assert isinstance(listed, MapNode)
        try:
            check_pins(root, decoder.file, {path: value})
        except UserError as error:
            decoder.fault(listed.values[path], str(error))
    return pins


def scene_from_yaml(text: str) -> Scene:
    """The scene that :func:`~simgen.scenario.write.scene_to_yaml` wrote.

    Raises:
        SceneError: the text has faults.
        UserError: it is a scene file, but not of a certain scene.
    """
    scenario = loads(text, "scene")
    if scenario.certain is None:
        raise UserError("this scene file is not certain: draw a scene with load(...).sample(seed)")
    return scenario.certain
