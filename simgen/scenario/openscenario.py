"""The ``openscenario:`` of a scene: the entities of an ``.xosc`` file, placed and ready to do what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.behaviours._places import Spot, initial_spots
from simgen.behaviours.base import Behaviour
from simgen.behaviours.storyboard import actor_name
from simgen.errors import UserError
from simgen.openscenario.model import Script, ScriptEntity
from simgen.openscenario.read import read_script
from simgen.records.roads import RoadMap
from simgen.registry import param

#: what stands for a category, by greatest length where there are several, m
_ASSETS: Final[Mapping[str, tuple[tuple[float, str], ...]]] = {
    "car": ((3.9, "city_car"), (4.4, "hatchback"), (5.0, "sedan"), (99.0, "van")),
    "van": ((99.0, "van"),),
    "truck": ((99.0, "truck"),),
    "semitrailer": ((99.0, "truck"),),
    "trailer": ((99.0, "truck"),),
    "bus": ((99.0, "bus"),),
    "bicycle": ((99.0, "bicycle"),),
    "motorbike": ((99.0, "motorcycle"), (99.0, "bicycle")),
    "pedestrian": ((99.0, "pedestrian"),),
    "misc": ((99.0, "box"),),
}
#: what an ego is called in most files
_EGOS: Final = ("ego", "hero", "egovehicle", "ego_vehicle")


@dataclass(frozen=True, kw_only=True)
class OpenScenario:
    """Entities and storyboard of an OpenSCENARIO file (ASAM OpenSCENARIO XML 1.0 to 1.3).

    Its entities stand where its Init says, on lanes called ``roadId/laneId`` (on ``opendrive`` worlds by the standard's
    ids), and follow its storyboard. One of them is the scene's ego. Its road network is not read: the scene's world
    stands for it.
    """

    file: str = param(doc="the .xosc file, from this file's folder", reference="file")
    ego: str = param("", doc="which entity is the ego; default: the one called Ego or Hero, else the first")
    assets: Mapping[str, Asset] | None = field(
        default=None, metadata={"doc": "what entities look like, by name; default: by their category and length"}
    )

    def __post_init__(self) -> None:
        names = [entity.name for entity in self.script.entities]
        for name in (self.ego, *(self.assets or ())):
            if name and name not in names:
                where = "ego" if name == self.ego else "assets"
                raise UserError(f"{where}: the file has no entity {name!r}{registry.suggest(name, tuple(names))}")

    @cached_property
    def script(self) -> Script:
        """The file, read."""
        return read_script(self.content, self.file)

    @cached_property
    def content(self) -> str:
        """The file's text."""
        path = Path(self.file)
        if not path.is_file():
            raise UserError(f"file: there is no file {self.file!r}")
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"file: cannot read {self.file!r}: {error}") from None

    @property
    def ego_entity(self) -> str:
        """The entity that is the ego."""
        names = [entity.name for entity in self.script.entities]
        called = next((name for name in names if name.lower() in _EGOS), names[0] if names else "")
        return self.ego or called

    def names(self) -> tuple[str, ...]:
        """What the scene calls the entities."""
        return tuple(actor_name(entity.name, self.ego_entity) for entity in self.script.entities)

    def cast(self, road_map: RoadMap) -> list[tuple[str, Asset, Spot, Behaviour]]:
        """Name, asset, place and behaviour of every entity, the ego first.

        Raises:
            UserError: an entity has no place in this world.
        """
        spots = initial_spots(self.script, road_map)
        ordered = sorted(self.script.entities, key=lambda entity: entity.name != self.ego_entity)
        return [
            (actor_name(e.name, self.ego_entity), self._asset(e), spots[e.name], self._behaviour(e)) for e in ordered
        ]

    def _asset(self, entity: ScriptEntity) -> Asset:
        if self.assets is not None and entity.name in self.assets:
            return self.assets[entity.name]
        if entity.category not in _ASSETS:
            raise UserError(f"{entity.where}: no asset stands for a {entity.category!r}; name one in assets")
        for most, name in _ASSETS[entity.category]:
            if entity.length_m <= most and registry.find("asset", name) is not None:
                asset = registry.get("asset", name)()
                assert isinstance(asset, Asset)
                return asset
        raise UserError(
            f"{entity.where}: {entity.name!r} is {entity.length_m:g} m long: name an asset for it in assets"
        )

    def _behaviour(self, entity: ScriptEntity) -> Behaviour:
        story = registry.get("behaviour", "storyboard")
        behaviour = story(text=self.content, entity=entity.name, ego=self.ego_entity)
        assert isinstance(behaviour, Behaviour)
        return behaviour
