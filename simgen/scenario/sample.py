"""From an uncertain scene to a certain one: draw, build the world, place everything, apply the edge cases."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen import registry
from simgen.assembly import assemble, built_world, model_of, prop_asset
from simgen.behaviours.base import Behaviour
from simgen.edge_cases._compose import apply_all
from simgen.edge_cases.base import Stage
from simgen.errors import SceneError, UserError
from simgen.geometry import quat_from_euler, quat_from_yaw
from simgen.light.base import Light
from simgen.placement.coupling import start_pose, train_of
from simgen.placement.place import Place
from simgen.placement.placer import Placement, Placer
from simgen.records.layout import WorldLayout
from simgen.records.model import Model, Quaternion
from simgen.records.trajectory import Trajectory
from simgen.rng import Stream, child_seed, stream
from simgen.scenario.contradictions import check_weather
from simgen.scenario.declared import DEFAULT_TYPES, declared, nearest
from simgen.scenario.decode import Decoder
from simgen.scenario.document import Actor, Document, Ego, ObjectEntry
from simgen.scenario.draw import Draws, labels
from simgen.scenario.names import EGO, PROPS, free_name, object_names
from simgen.scenario.openscenario import OpenScenario
from simgen.scenario.populate import Population
from simgen.scenario.randomise import Randomise
from simgen.scenario.space import DRAWN
from simgen.scenario.traffic import Traffic
from simgen.scenario.tryout import try_behaviour
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Sensor, SeriesSensor
from simgen.weather.base import WeatherEffect, own_seeds
from simgen.yaml.nodes import ListNode, MapNode, Node

#: times that places are drawn before a scene is given up
_ATTEMPTS = 8


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A decoded actor, the name it will have, and where it is written."""

    name: str
    group: str
    actor: Actor
    node: MapNode


class Sampler:
    """Draws one scene from one file with one seed."""

    def __init__(self, root: MapNode, file: str, seed: int, pinned: Mapping[str, Any] | None = None) -> None:
        self.root, self.file, self.seed = root, file, seed
        self.draws = Draws(seed, file, pinned=pinned or {})
        self.decoder = Decoder(file, random=False)
        self.entities: list[Entity] = []
        self.attempt = 0
        self.traffic: Traffic | None = None
        self.openscenario: OpenScenario | None = None
        self.randomise = Randomise()

    def scene(self, name: str, split: str) -> Scene:
        """The certain scene.

        Raises:
            SceneError: what was drawn does not fit together; with the position of what is to blame.
        """
        parts = self._parts()
        self.randomise = parts.get("randomise") or self.randomise
        ego, objects = self._ego(), list(self._objects())
        self._raise_faults()
        light = parts.get("light") or _default_light()
        scene = Scene(
            name=name,
            seed=self.seed,
            world=parts["world"],
            light=light,
            clock=parts.get("clock", declared(Document)["clock"].default),
            weather=parts.get("weather", ()),
            sensors=parts.get("sensors", ()),
            draws=tuple(self.draws.record),
            split=split,
            weight=parts.get("weight", 1.0),
            origin=parts.get("origin") or _origin_of(light),
            appearance=self.randomise.appearance(),
        )
        self.traffic, self.openscenario = parts.get("traffic"), parts.get("openscenario")
        cases = parts.get("edge_cases", ())
        scene = self._prepared(scene, cases)
        with self._blaming(self.root.values["world"]):
            layout: WorldLayout = built_world(scene.world, self.seed)
        scene = self._staged(scene, layout, ego, objects, cases)
        scene = self.randomise.posed(scene)
        self._check_sensors(scene)
        return scene

    def _staged(
        self, scene: Scene, layout: WorldLayout, ego: _Drawn | None, objects: list[_Drawn], cases: tuple[Any, ...]
    ) -> Scene:
        """The scene with everything in place and the edge cases applied.

        Places are drawn anew, a few times, where there is no room or an edge case cannot happen: the scene is then
        drawn from those that work. What was drawn for the file's values stays.
        """
        failed: list[SceneError] = []
        for self.attempt in range(_ATTEMPTS):
            try:
                self.decoder.faults.clear()
                self._populate(layout, ego, objects)
                return self._apply_edge_cases(scene.replace(entities=tuple(self.entities)), layout, cases)
            except SceneError as error:
                failed.append(error)
                if self.attempt >= 2 and failed[-3].faults == failed[-2].faults == error.faults:
                    break  # no draw will mend this
        raise failed[-1]

    # ------------------------------------------------------------------------------------------------ drawing

    def _parts(self) -> dict[str, Any]:
        """The decoded values of every key but the actors."""
        found: dict[str, Any] = {}
        drawn = self.root
        for key in (*DRAWN, "weight"):
            if key in self.root.values:
                field = declared(Document)[key]
                node = self.draws.certain(self.root.values[key], key)
                found[key] = self.decoder.value(node, field.hint, key, field.metadata)
                drawn = drawn.having(key, node)
        check_weather(self.decoder, drawn)
        if isinstance(found.get("weather"), tuple):
            parts = [part for effect in found["weather"] for part in effect.members()]
            found["weather"] = self._settled(parts, found.get("clock", declared(Document)["clock"].default))
        return found

    def _settled(self, parts: list[WeatherEffect], clock: Any) -> tuple[WeatherEffect, ...]:
        """Effects with everything drawn that they leave to chance."""
        if not isinstance(clock, Clock):  # at fault, as is reported elsewhere
            return tuple(parts)
        seeds = own_seeds(parts, self.seed)
        return tuple(part.settled(own, clock.duration_s) for part, own in zip(parts, seeds, strict=True))

    def _ego(self) -> _Drawn | None:
        node = self.root.values.get(EGO)
        if node is None:
            return None
        drawn = self.draws.certain(node, EGO)
        actor = self.decoder.value(drawn, Ego | None, EGO)
        if not isinstance(actor, Ego) or not isinstance(drawn, MapNode):
            return None
        return _Drawn(name=EGO, group=EGO, actor=actor, node=drawn)

    def _objects(self) -> Iterator[_Drawn]:
        entries = self.root.values.get("objects")
        items = entries.items if isinstance(entries, ListNode) else ()
        for entry, name in zip(items, object_names(self.root), strict=True):
            assert isinstance(entry, MapNode)
            yield from self._copies(entry, name)

    def _copies(self, entry: MapNode, name: str) -> Iterator[_Drawn]:
        count = self._count(entry, f"objects.{name}.count")
        for copy in range(1 if count is None else count):
            node = self.draws.certain(entry.without("count"), f"objects.{name}[{copy}]")
            actor = self.decoder.struct(node, ObjectEntry, name)
            if isinstance(actor, ObjectEntry):
                assert isinstance(node, MapNode)
                full = name if count is None else f"{name}/{copy}"
                actor = self.randomise.sized(actor, full, self.seed)
                yield _Drawn(name=full, group=name, actor=actor, node=node)

    def _count(self, entry: MapNode, path: str) -> int | None:
        if "count" not in entry.values:
            return None
        field = declared(ObjectEntry)["count"]
        node = self.draws.certain(entry.values["count"], path)
        count = self.decoder.value(node, field.hint, field.key, field.metadata)
        if count is None or isinstance(count, int):
            return count
        return 0

    # ------------------------------------------------------------------------------------------------ placing

    def _populate(self, layout: WorldLayout, ego: _Drawn | None, objects: list[_Drawn]) -> None:
        """Every entity in the order of instance ids: the ego, the world's props, then the objects."""
        self.entities = []
        placer = Placer(layout.map)
        with self._blaming(self.root.values["world"]):
            for prop in layout.props:
                quaternion = _quaternion(quat_from_yaw(prop.yaw_rad))
                placer.add(prop.name, model_of(prop_asset(prop)), prop.position, quaternion, solid=True)
        if ego is not None:
            assert isinstance(ego.actor, Ego)
            self._place(ego, _ego_place(ego.actor), _ego_behaviour(ego.actor), placer)
        if self.openscenario is not None:
            self._add_story(self.openscenario, layout, placer)
        for prop in (p for p in layout.props if p.tracked):
            self._add(
                name=prop.name,
                asset=prop_asset(prop),
                position=prop.position,
                quaternion=_quaternion(quat_from_yaw(prop.yaw_rad)),
                physics="static",
                group=PROPS,
                signal=prop.signal,
            )
        for drawn in objects:
            assert isinstance(drawn.actor, ObjectEntry)
            self._place(drawn, drawn.actor.place, drawn.actor.behaviour, placer)
        if self.traffic is not None:
            self._add_traffic(self.traffic, layout, placer)
        if self.randomise.distractors:
            self._add_distractors(layout, placer)

    def _add_distractors(self, layout: WorldLayout, placer: Placer) -> None:
        """What lies about to distract."""
        node = self.root.values["randomise"]
        assert isinstance(node, MapNode)
        with self._blaming(node):
            for name, asset, place in self.randomise.extras(self.seed, layout.map):
                entry = ObjectEntry(asset=asset, place=place, physics="static")
                spot = placer.place(place, model_of(asset), name, self._place_stream(name))
                self._settle(_Drawn(name=name, group="distractor", actor=entry, node=node), spot, None)

    def _add_story(self, told: OpenScenario, layout: WorldLayout, placer: Placer) -> None:
        """The entities of an OpenSCENARIO file, where it says, whatever stands there."""
        node = self.root.values["openscenario"]
        assert isinstance(node, MapNode)
        if any(e.name == EGO for e in self.entities):
            self._fail(node, "the ego comes from the OpenSCENARIO file", "remove ego, or openscenario")
        with self._blaming(node):
            for name, asset, spot, behaviour in told.cast(layout.map):
                yaw = math.degrees(math.remainder(spot.yaw, 2.0 * math.pi))
                place = Place(at_m=(spot.x, spot.y, spot.z), yaw_deg=yaw, may_overlap=True)
                entry = ObjectEntry(asset=asset, place=place, behaviour=behaviour)
                found = placer.place(place, model_of(asset), name, self._place_stream(name))
                self._settle(_Drawn(name=name, group=name, actor=entry, node=node), found, behaviour)

    def _add_traffic(self, traffic: Traffic, layout: WorldLayout, placer: Placer) -> None:
        """Those whom the scene only counts."""
        node = self.root.values["traffic"]
        assert isinstance(node, MapNode)
        with self._blaming(node):
            population = Population(traffic, self.seed, self.attempt, layout.map, placer)
            for new, spot in population.newcomers():
                drawn = _Drawn(name=new.name, group=new.group, actor=new.entry, node=node)
                self._settle(drawn, spot, new.entry.behaviour)

    def _add(self, **fields: Any) -> None:
        self.entities.append(Entity(instance=len(self.entities) + 1, **fields))

    def _place(self, drawn: _Drawn, place: Place, behaviour: Behaviour | None, placer: Placer) -> None:
        actor = drawn.actor
        if any(e.name == drawn.name for e in self.entities):
            self._fail(drawn.node, f"the world already has something called {drawn.name!r}", "choose another name")
        with self._blaming(drawn.node.values.get("asset", drawn.node)):
            model = model_of(actor.asset)
        room = self._with_trailer(drawn, model)
        where = drawn.node.values.get("place", drawn.node.values.get("lane", drawn.node))
        with self._blaming(where):
            spot = placer.place(place, room, drawn.name, self._place_stream(drawn.name))
        self._settle(drawn, spot, behaviour)
        self._tow(drawn, model)
        does = drawn.node.values.get("behaviour", drawn.node.values.get("speed_m_s", drawn.node))
        with self._blaming(does):
            try_behaviour(next(e for e in self.entities if e.name == drawn.name), placer.map, self.seed)

    def _settle(self, drawn: _Drawn, spot: Placement, behaviour: Behaviour | None) -> None:
        """Enter an actor where it was placed, with what it carries."""
        actor = drawn.actor
        self._add(
            name=drawn.name,
            asset=actor.asset,
            position=spot.position,
            quaternion=spot.quaternion,
            physics=actor.physics,
            behaviour=behaviour,
            lane=spot.lane,
            group=drawn.group,
            velocity_m_s=actor.velocity_m_s,
            appear_s=actor.appear_s,
            vanish_s=actor.vanish_s,
        )
        self._carry(drawn)

    def _with_trailer(self, drawn: _Drawn, model: Model) -> Model:
        """The model with the box that it and its trailer fill together, for a place that holds both."""
        if drawn.actor.trailer is None:
            return model
        with self._blaming(drawn.node.values["trailer"]):
            return train_of(model, model_of(drawn.actor.trailer.asset))

    def _tow(self, drawn: _Drawn, model: Model) -> None:
        """Add the trailer, straight behind."""
        trailer, tower = drawn.actor.trailer, self.entities[-1 - len(drawn.actor.carried)]
        if trailer is None:
            return
        word = trailer.name or type(trailer.asset).plugin_name
        position, quaternion = start_pose(model, model_of(trailer.asset), tower.position, tower.quaternion)
        taken = {e.name.rsplit("/", 1)[-1] for e in self.entities if e.leader == drawn.name}
        self._add(
            name=f"{drawn.name}/{free_name(word, taken)}",
            asset=trailer.asset,
            position=position,
            quaternion=quaternion,
            physics=drawn.actor.physics,
            towed_by=drawn.name,
            group=word,
            lane=tower.lane,
            appear_s=drawn.actor.appear_s,
            vanish_s=drawn.actor.vanish_s,
        )

    def _place_stream(self, name: str) -> Stream:
        again = (self.attempt,) if self.attempt else ()
        return stream(self.seed, "place", name, *again)

    def _carry(self, drawn: _Drawn) -> None:
        """Add the rider and the other parts of an actor, in its frame."""
        for part in drawn.actor.carried:
            word = part.name or type(part.asset).plugin_name
            taken = {e.name.rsplit("/", 1)[-1] for e in self.entities if e.parent == drawn.name}
            roll, pitch, yaw = np.radians(part.rotation_deg)
            self._add(
                name=f"{drawn.name}/{free_name(word, taken)}",
                asset=part.asset,
                position=part.position_m,
                quaternion=_quaternion(quat_from_euler(roll, pitch, yaw)),
                parent=drawn.name,
                group=word,
                appear_s=drawn.actor.appear_s,
                vanish_s=drawn.actor.vanish_s,
            )

    # ------------------------------------------------------------------------------------------------ afterwards

    def _prepared(self, scene: Scene, cases: tuple[Any, ...]) -> Scene:
        """The scene with the world, light and weather that its edge cases need."""
        for case, node, seed in self._cases(cases):
            with self._blaming(node):
                scene = case.prepare(scene, seed)
        return scene

    def _apply_edge_cases(self, scene: Scene, layout: WorldLayout, cases: tuple[Any, ...]) -> Scene:
        found = list(self._cases(cases))
        stages = [Stage(layout=layout, seed=seed, simulate=_simulated) for _, _, seed in found]
        return apply_all(scene, [case for case, _, _ in found], stages, lambda k: self._blaming(found[k][1]))

    def _cases(self, cases: tuple[Any, ...]) -> Iterator[tuple[Any, Node, int]]:
        """Each edge case, where it is written, and its seed."""
        listed = self.root.values.get("edge_cases")
        nodes = listed.items if isinstance(listed, ListNode) else (listed,) * len(cases)
        names = labels(listed) if isinstance(listed, ListNode) else [f"[{k}]" for k in range(len(cases))]
        for case, node, label in zip(cases, nodes, names, strict=True):
            assert node is not None
            yield case, node, child_seed(self.seed, "edge_case", label)

    def _check_sensors(self, scene: Scene) -> None:
        listed = self.root.values.get("sensors")
        nodes = listed.items if isinstance(listed, ListNode) else ()
        seen: set[str] = set()
        for index, sensor in enumerate(scene.sensors):
            node: Node = nodes[index] if index < len(nodes) else listed or self.root
            if sensor.name in seen:
                self._fail(node, f"there is already a sensor called {sensor.name!r}", "")
            seen.add(sensor.name)
            if not sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz):
                said = f"sensor {sensor.name!r} takes no frame: it starts at {sensor.start_s:g} s"
                where = node.values.get("start_s", node) if isinstance(node, MapNode) else node
                self._fail(where, said, f"the clip ends at {scene.clock.duration_s:g} s")
            too_fast = sensor.rate_fault(sensor.rate_hz or scene.clock.rate_hz)
            if too_fast is not None:
                self._fail(node, f"sensor {sensor.name!r}: {too_fast}", "")
            self._check_mount(sensor, node, scene)
            self._check_calibration(sensor, node)

    def _check_mount(self, sensor: Sensor, node: Node, scene: Scene) -> None:
        names = ["world"]
        for entity in scene.entities:
            names.append(entity.name)
            if sensor.mount.on.startswith(entity.name + "/"):
                names += [f"{entity.name}/{link.name}" for link in model_of(entity.asset).links[1:]]
        if sensor.mount.on not in names:
            mount = node.values.get("mount") if isinstance(node, MapNode) else None
            where = mount.values.get("on", mount) if isinstance(mount, MapNode) else node
            said = f"sensor {sensor.name!r} is mounted on {sensor.mount.on!r}, which does not exist"
            self._fail(where, said, nearest(sensor.mount.on, names))

    def _check_calibration(self, sensor: Sensor, node: Node) -> None:
        error, has_path = sensor.calibration_error, sensor.mount.path is not None
        problem = error.fault(sensor.calibration(), has_path=has_path) if error.of_pose or error.of_lens else None
        if sensor.mount.knock is not None and isinstance(sensor, SeriesSensor):
            where = node.values.get("mount", node) if isinstance(node, MapNode) else node
            self._fail(
                where, f"sensor {sensor.name!r} feels every motion, and a knock is a jump", "leave its knock out"
            )
        if problem:
            where = node.values.get("calibration_error", node) if isinstance(node, MapNode) else node
            self._fail(where, f"sensor {sensor.name!r}: {problem}", "")

    def _fail(self, node: Node, message: str, hint: str) -> None:
        self.decoder.fault(node, message, hint)
        self._raise_faults()

    def _raise_faults(self) -> None:
        if self.decoder.faults:
            raise SceneError(self.decoder.sorted_faults())

    @contextmanager
    def _blaming(self, node: Node) -> Iterator[None]:
        """A user's mistake found inside is reported at this node."""
        try:
            yield
        except SceneError:
            raise
        except (UserError, ValueError) as error:
            self.decoder.fault(node, str(error))
            raise SceneError(self.decoder.sorted_faults()) from error


def _simulated(scene: Scene) -> Trajectory:
    """All of physics; loaded only for edge cases that need it."""
    from simgen.physics import simulate

    return simulate(assemble(scene))


def _ego_place(ego: Ego) -> Place:
    if ego.place is not None:
        return ego.place
    assert ego.lane is not None
    return Place(on="lane", lane=ego.lane, at_m=ego.at_m)


def _ego_behaviour(ego: Ego) -> Behaviour | None:
    if not ego.speed_m_s:  # 0 = it stands
        return ego.behaviour
    behaviour = registry.get("behaviour", "follow_lane")(speed_m_s=ego.speed_m_s)
    assert isinstance(behaviour, Behaviour)
    return behaviour


def _default_light() -> Light:
    light = registry.get("light", DEFAULT_TYPES["light"])()
    assert isinstance(light, Light)
    return light


def _origin_of(light: Light) -> tuple[float, float, float]:
    """Where the light says that the scene is, if it does."""
    return (
        float(getattr(light, "latitude_deg", 0.0)),
        float(getattr(light, "longitude_deg", 0.0)),
        float(getattr(light, "altitude_m", 0.0)),
    )


def _quaternion(q: Any) -> Quaternion:
    w, x, y, z = (float(c) for c in q)
    return w, x, y, z
