"""The ``randomise:`` of a scene: what varies from sequence to sequence by itself, one line each.

Looks are left to the certain scene's :class:`~simgen.records.appearance.Appearance`; sizes, camera poses and
distractors are settled here, so that a certain scene lists them as plain assets, mounts and entities.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.placement.place import Place
from simgen.records.appearance import LEVELS, Appearance, level_param
from simgen.records.roads import RoadMap
from simgen.registry import param
from simgen.rng import Stream, stream
from simgen.scene import Scene
from simgen.sensors.base import Sensor

if TYPE_CHECKING:
    from simgen.scenario.document import ObjectEntry, Part, Trailer

#: by level: the factor on sizes up or down
_SIZE: Final = (1.0, 1.05, 1.25, 2.5)
#: by level: how far cameras shift (m), and turn (deg)
_SHIFT_M: Final = (0.0, 0.02, 0.1, 0.5)
_TURN_DEG: Final = (0.0, 1.0, 5.0, 25.0)
#: kinds of areas that distractors lie on, the first that a world has
_SUPPORTS: Final = ("support", "sidewalk", "region", "drivable")


@dataclass(frozen=True, kw_only=True)
class Randomise:
    """Domain randomisation: levels off, sensible, wide and absurd; ``everything`` is for those not named."""

    everything: str = level_param("level of all that is not named")
    colors: str | None = param(None, doc="of paints, cloths, walls and ground", choices=LEVELS)
    materials: str | None = param(None, doc="roughness, gloss, coats, reflectance for lidars", choices=LEVELS)
    textures: str | None = param(None, doc="size of textures, and which ones there are", choices=LEVELS)
    wear: str | None = param(None, doc="dirt and ageing", choices=LEVELS)
    lights: str | None = param(None, doc="brightness and colour of sun, sky and lamps", choices=LEVELS)
    sizes: str | None = param(None, doc="of the objects listed under objects", choices=LEVELS)
    camera_pose: str | None = param(None, doc="of cameras that are not on a path: shifted and turned", choices=LEVELS)
    distractors: int = param(0, ge=0, le=1000, doc="how many solids of random shape, size and paint lie about")
    distractors_on: str = param("", doc="what they lie on, as in place: on; tables and shelves first, then the ground")
    distractor_size_m: tuple[float, float] = param((0.05, 0.3), gt=0.0, le=20.0, doc="smallest and largest")

    def level(self, what: str) -> str:
        """The level of a kind of change."""
        own: str | None = getattr(self, what)
        return self.everything if own is None else own

    def appearance(self) -> Appearance:
        """What the assembled scene looks like."""
        names = ("colors", "materials", "textures", "wear", "lights")
        return Appearance(**{name: self.level(name) for name in names})

    def sized(self, entry: ObjectEntry, name: str, seed: int) -> ObjectEntry:
        """The object as large as it is in this sequence, with all that rides on it and that it tows."""
        most = _SIZE[LEVELS.index(self.level("sizes"))]
        if most == 1.0:
            return entry
        factor = round(float(most ** stream(seed, "sizes", name).uniform(-1.0, 1.0)), 4)
        trailer = entry.trailer
        return replace(
            entry,
            asset=_grown(entry.asset, factor),
            rider=None if entry.rider is None else _grown_part(entry.rider, factor),
            parts=tuple(_grown_part(part, factor) for part in entry.parts),
            trailer=trailer and replace(trailer, asset=_grown(trailer.asset, factor), name=_named(trailer)),
        )

    def posed(self, scene: Scene) -> Scene:
        """The scene with its cameras shifted and turned; their reported calibration knows of it."""
        level = LEVELS.index(self.level("camera_pose"))
        if level == 0:
            return scene
        return scene.replace(sensors=tuple(self._moved(s, scene.seed, level) for s in scene.sensors))

    def _moved(self, sensor: Sensor, seed: int, level: int) -> Sensor:
        if not hasattr(sensor, "hfov_deg") or sensor.mount.path is not None:
            return sensor
        rng, mount = stream(seed, "camera_pose", sensor.name), sensor.mount
        shift = [float(v) * _SHIFT_M[level] for v in rng.uniform(-1.0, 1.0, 3)]
        turn = [float(v) * _TURN_DEG[level] for v in rng.uniform(-1.0, 1.0, 3)]
        x, y, z = (p + s for p, s in zip(mount.position_m, shift, strict=True))
        if mount.look_at_m is None:
            roll, pitch, yaw = (r + t for r, t in zip(mount.rotation_deg, turn, strict=True))
            return replace(sensor, mount=replace(mount, position_m=(x, y, z), rotation_deg=(roll, pitch, yaw)))
        reach = math.dist(mount.position_m, mount.look_at_m) * math.tan(math.radians(_TURN_DEG[level]))
        tx, ty, tz = (p + reach * t / _TURN_DEG[level] for p, t in zip(mount.look_at_m, turn, strict=True))
        return replace(sensor, mount=replace(mount, position_m=(x, y, z), look_at_m=(tx, ty, tz)))

    def extras(self, seed: int, road_map: RoadMap) -> Iterator[tuple[str, Asset, Place]]:
        """Name, asset and place of every distractor.

        Raises:
            UserError: the world has nothing for them to lie on.
        """
        if self.distractors == 0:
            return
        where = self.distractors_on or self._support(road_map)
        for k in range(self.distractors):
            yield f"distractor/{k}", self._distractor(stream(seed, "distractor", k)), Place(on=where)

    def _support(self, road_map: RoadMap) -> str:
        kinds = {area.kind for area in road_map.areas}
        found = next((kind for kind in _SUPPORTS if kind in kinds), None)
        if found is None:
            raise UserError("randomise: this world has no area for distractors; say distractors_on, or leave them out")
        return next(area.name for area in road_map.areas if area.kind == found) if found == "region" else found

    def _distractor(self, rng: Stream) -> Asset:
        low, high = self.distractor_size_m
        kind = ("box", "sphere", "cylinder", "capsule")[int(rng.integers(4))]
        a, b, c = (round(float(low * (high / low) ** v), 4) for v in rng.random(3))
        shapes: dict[str, dict[str, Any]] = {
            "box": {"size_m": (a, b, c)},
            "sphere": {"radius_m": 0.5 * a},
            "cylinder": {"radius_m": 0.5 * a, "height_m": b},
            "capsule": {"radius_m": 0.25 * a, "height_m": max(b, 0.51 * a)},
        }
        r, g, b = (round(float(v), 4) for v in rng.uniform(0.02, 0.9, 3))
        made: Asset = registry.get("asset", kind)(
            **shapes[kind], color=(r, g, b), roughness=round(float(rng.uniform(0.05, 1.0)), 4), texture="plain"
        )
        return made


def _grown(asset: Asset, factor: float) -> Asset:
    wrapped: Asset = registry.get("asset", "resized")(of=asset, factor=factor)
    return wrapped


def _grown_part(part: Part, factor: float) -> Part:
    """A part as much larger as what carries it, and where it belongs on it."""
    x, y, z = (factor * v for v in part.position_m)
    return replace(part, asset=_grown(part.asset, factor), name=_named(part), position_m=(x, y, z))


def _named(part: Part | Trailer) -> str:
    """The name that it has by its own asset, whatever wraps that."""
    return part.name or type(part.asset).plugin_name
