"""The state of a rendering: the ray engine, its views, what sensors remember, and what every shot shares.

For each frame it places the stage over the time that the frame needs (an instant, an exposure, a sweep), hands the
sensor a :class:`~simgen.records.surroundings.Shot` and adds boxes. Views are kept only as long as a later frame still
needs them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import numpy as np

from simgen.assembly import Assembly
from simgen.engine.conditions import EYES_M, conditions_of, instants
from simgen.engine.daylight import daylight_of
from simgen.engine.exposing import exposure_of
from simgen.engine.flashing import lit
from simgen.engine.joints import joints_of
from simgen.engine.shining import Shining
from simgen.engine.timetable import Tick, timetable
from simgen.engine.twins import cleared, itself, told, twin_takers
from simgen.engine.weather import WeatherNow
from simgen.errors import UserError
from simgen.geometry import F8, quat_multiply
from simgen.labelling import label
from simgen.raycast import open_engine
from simgen.records.base import I8
from simgen.records.conditions import Conditions
from simgen.records.exposure import Exposure
from simgen.records.frames import Frame
from simgen.records.geodetic import DEFAULT_UTC_S, Place
from simgen.records.rays import RayEngine, RayView
from simgen.records.surroundings import Run, Shot, Surroundings
from simgen.records.trajectory import Trajectory
from simgen.records.window import Touching, Track, knots, motion_of, touching
from simgen.scene import Scene
from simgen.sensors.base import FoldingSensor, Sensor, SeriesSensor
from simgen.units import NS_PER_S
from simgen.weather.base import flashes_of

#: speed from which on something counts as driven, m/s
_DRIVEN_M_S = 0.5
#: knots of a sensor's path over the whole sequence are at least so far apart
_COURSE_NS = 50_000_000
#: views kept while later frames may need them
_KEPT_VIEWS = 6


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Every frame that was taken at one instant, by sensor name."""

    time_ns: int
    frames: Mapping[str, Frame]


class Renderer:
    """The state of a rendering: the ray engine, its views, and what every shot shares."""

    def __init__(self, assembly: Assembly, trajectory: Trajectory, *, threads: int) -> None:
        self.assembly, self.trajectory, self.threads = assembly, trajectory, threads
        self.scene = assembly.scene
        self._light = daylight_of(self.scene)
        self._shining = Shining(assembly, trajectory, self._light)
        self._flashes = flashes_of(self.scene.weather, self.scene.seed)
        self._weather = WeatherNow(self.scene, assembly, trajectory)
        self._place = place_of(self.scene)
        self._engine: RayEngine = open_engine(assembly.stage, threads)
        self._exposure: Exposure | None = None
        self._views: OrderedDict[tuple[int, int], RayView] = OrderedDict()
        #: by sensor, and whether it is the one that takes twins: index of the next frame, and the state before it
        self._states: dict[tuple[str, bool], tuple[int, Any]] = {}
        self._twins = twin_takers(self.scene.sensors)
        self._series: dict[str, Sequence[Frame]] = {}
        self._timetable: dict[str, list[Tick]] = {}
        self._courses: dict[str, Track] = {}
        self._ego = _ego_instances(self.scene)
        self._driven = _driven_instances(trajectory)
        self._ego_body = assembly.body("ego") if "ego" in assembly.body_names else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give native memory back."""
        while self._views:
            self._views.popitem()[1].close()
        self._engine.close()

    def samples(self) -> Iterator[Sample]:
        """Every frame, grouped by instant, in time order."""
        frames: dict[str, Frame] = {}
        now = None
        for tick in timetable(self.scene):
            if now is not None and tick.time_ns != now:
                yield Sample(time_ns=now, frames=frames)
                frames = {}
            now = tick.time_ns
            frames[tick.sensor.name] = self.frame(tick)
        if now is not None:
            yield Sample(time_ns=now, frames=frames)

    def frame(self, tick: Tick) -> Frame:
        """Take and label one frame.

        Raises:
            UserError: the sensor is mounted on nothing that exists.
        """
        sensor, seed = tick.sensor, self.scene.seed
        frame = self._sample(tick, sensor) if isinstance(sensor, SeriesSensor) else self._labelled(tick)
        stamp = sensor.timing.stamp_ns(tick.time_ns, tick.index, seed, sensor.name)
        silent = sensor.dropped(tick.time_ns) or sensor.timing.lost(tick.index, seed, sensor.name)
        return told(frame, sensor, stamp, silent)

    def series(self, sensor: Sensor, most: int = 100_000) -> list[Frame]:
        """Every frame of one sensor, or evenly spaced ones if there are more than ``most``."""
        ticks = self._ticks(sensor)
        return [self.frame(tick) for tick in ticks[:: max(1, -(-len(ticks) // most))]]

    def conditions(self, times: I8 | None = None) -> Conditions:
        """The weather at instants, or over the sequence, as labels: what the sensors have around them, at the ego."""
        if times is None:
            times = instants(self.scene.clock.duration_ns)
        places = np.tile([0.0, 0.0, EYES_M], (len(times), 1))
        if self._ego_body is not None:
            places += self.trajectory.poses(times, np.array([self._ego_body]))[0][:, 0]
        return conditions_of(self._weather.air, times, places)

    def _labelled(self, tick: Tick) -> Frame:
        sensor = tick.sensor
        if sensor.folds:
            self._replay(tick, sensor)
        # after the replay, whose views push older ones out
        shot = self.shot(tick)
        frame = self._folded(tick, sensor, shot) if sensor.folds else sensor.capture(shot)
        frame = label(frame, sensor, self.assembly, self.trajectory, shot)
        return frame.replace(twin=self._twin(tick, frame, shot)) if sensor.name in self._twins else frame

    def _twin(self, tick: Tick, frame: Frame, shot: Shot) -> Frame:
        """A labelled frame's twin in clear air; where the air is clear anyway, the frame itself."""
        sensor = self._twins[tick.sensor.name]
        if not self.scene.weather:
            return itself(frame)
        if isinstance(sensor, FoldingSensor):
            # what it remembers of weather is not the frame's to keep: it has looked at clear air all the time
            self._replay(tick, sensor, clear=True)
            # the views of the earlier ones pushed this shot's out
            shot = cleared(self.shot(tick), self._light)
            twin = self._folded(tick, sensor, shot, clear=True)
        else:
            shot = cleared(shot, self._light)
            twin = sensor.clear(shot, frame)
        return label(twin, sensor, self.assembly, self.trajectory, shot)

    def _replay(self, tick: Tick, sensor: Sensor, *, clear: bool = False) -> None:
        """Bring a sensor's state to just before a frame: from the start if it is past it."""
        index, _ = self._states.get((sensor.name, clear), (0, None))
        for earlier in self._ticks(sensor)[index if index <= tick.index else 0 : tick.index]:
            shot = cleared(self.shot(earlier), self._light) if clear else self.shot(earlier)
            state = sensor.skip(shot, self._state(earlier, sensor, shot, clear))
            self._states[sensor.name, clear] = earlier.index + 1, state

    def _state(self, tick: Tick, sensor: Sensor, shot: Shot, clear: bool) -> Any:
        """What a sensor remembers just before a frame."""
        return sensor.begin(shot) if tick.index == 0 else self._states[sensor.name, clear][1]

    def _folded(self, tick: Tick, sensor: Sensor, shot: Shot, *, clear: bool = False) -> Frame:
        """The next frame of a sensor with a state; the state moves on."""
        frame, state = sensor.fold(shot, self._state(tick, sensor, shot, clear))
        self._states[sensor.name, clear] = (tick.index + 1, state)
        return frame

    def _sample(self, tick: Tick, sensor: SeriesSensor) -> Frame:
        """One of the frames that a series sensor gives all at once."""
        if sensor.name not in self._series:
            times = np.array([t.time_ns for t in self._ticks(sensor)], np.int64)
            track = self._track(tick, 0, (int(self.trajectory.time_ns[0]), self.trajectory.end_ns))
            joints = joints_of(self.assembly, self.trajectory, sensor) if sensor.needs_joints else None
            self._series[sensor.name] = sensor.record(
                Run(time_ns=times, track=track, seed=self.scene.seed, place=self._place, joints=joints)
            )
        return self._series[sensor.name][tick.index]

    def _ticks(self, sensor: Sensor) -> list[Tick]:
        """The sensor's entries of the timetable, which is made once: an IMU alone has thousands."""
        if not self._timetable:
            for tick in timetable(self.scene):
                self._timetable.setdefault(tick.sensor.name, []).append(tick)
        return self._timetable.get(sensor.name, [])

    def shot(self, tick: Tick) -> Shot:
        """Everything that the sensor needs for one frame."""
        following = tick.next_ns if tick.sensor.needs_next else None
        return Shot(
            index=tick.index,
            time_ns=tick.time_ns,
            view=self._view(tick.sensor, tick.time_ns),
            track=self._track(tick, tick.index, self._window(tick.sensor, tick.time_ns)),
            surroundings=self._surroundings(tick.time_ns, tick.sensor.lit_s if self._flashes else 0.0),
            next_time_ns=following,
            next_view=None if following is None else self._view(tick.sensor, following),
            next_track=None
            if following is None
            else self._track(tick, tick.index + 1, self._window(tick.sensor, following)),
            touching=self._touching(tick) if tick.sensor.needs_touching else None,
            course=self._course(tick) if tick.sensor.needs_course else None,
        )

    def _course(self, tick: Tick) -> Track:
        """The sensor's path from the lead-in to the end, made once."""
        if tick.sensor.name not in self._courses:
            first, step = int(self.trajectory.time_ns[0]), self.trajectory.step_ns
            every = max(1, _COURSE_NS // step)
            track = self._track(tick, 0, (first, self.trajectory.end_ns))
            rows = np.unique(np.append(np.arange(0, len(track.time_ns), every), len(track.time_ns) - 1))
            thin = {name: getattr(track, name)[rows] for name in ("time_ns", "position", "quaternion")}
            self._courses[tick.sensor.name] = track.replace(**thin)
        return self._courses[tick.sensor.name]

    def _touching(self, tick: Tick) -> Touching:
        return touching(self.trajectory, self._body(tick.sensor), tick.time_ns)

    def _window(self, sensor: Sensor, time_ns: int) -> tuple[int, int]:
        before, after = sensor.extent_ns()
        return time_ns - before, time_ns + after

    def _view(self, sensor: Sensor, time_ns: int) -> RayView:
        window = self._window(sensor, time_ns)
        view = self._views.pop(window, None)
        if view is None:
            view = self._engine.place(motion_of(self.trajectory, *window, self._origin(time_ns)))
        self._views[window] = view
        while len(self._views) > _KEPT_VIEWS:
            self._views.popitem(last=False)[1].close()
        return view

    def _origin(self, time_ns: int) -> F8:
        """A whole-metre point near the ego, so that float32 rays are precise where it matters."""
        if self._ego_body is None:
            return np.zeros(3)
        position, _ = self.trajectory.poses(time_ns, np.array([self._ego_body]))
        rounded: F8 = np.round(position[0])
        return rounded

    def _track(self, tick: Tick, index: int, window: tuple[int, int]) -> Track:
        sensor = tick.sensor
        offset, rotation = sensor.mount.pose(index, tick.count, self.scene.seed, sensor.name)
        times = knots(self.trajectory, *window)
        if sensor.mount.on == "world":
            position, quaternion = np.zeros((len(times), 3)), np.tile([1.0, 0.0, 0.0, 0.0], (len(times), 1))
        else:
            position, quaternion = self._carrier(sensor, times)
        return Track(
            time_ns=times,
            position=position,
            quaternion=quaternion,
            offset=np.asarray(offset, np.float64),
            rotation=quat_multiply(rotation, sensor.body_from_sensor),
            jolt=sensor.mount.jolt(offset, rotation),
        )

    def _carrier(self, sensor: Sensor, times: np.ndarray) -> tuple[F8, F8]:
        position, quaternion = self.trajectory.poses(times, np.array([self._body(sensor)]))
        return np.ascontiguousarray(position[:, 0]), np.ascontiguousarray(quaternion[:, 0])

    def _body(self, sensor: Sensor) -> int:
        try:
            return self.assembly.body(sensor.mount.on)
        except KeyError:
            known = ", ".join(self.assembly.body_names[:12])
            raise UserError(
                f"sensor {sensor.name!r} is mounted on {sensor.mount.on!r}, which does not exist (there are: {known})"
            ) from None

    def _surroundings(self, time_ns: int, lit_s: float) -> Surroundings:
        air, light, middle_s = self._weather.air(time_ns), self._light, time_ns / NS_PER_S
        if lit_s > 0.0:
            light = lit(light, self._flashes, middle_s - 0.5 * lit_s, middle_s + 0.5 * lit_s)
        return Surroundings(
            stage=self._shining.stage(time_ns),
            light=light,
            medium=air.medium,
            particles=air.particles,
            seed=self.scene.seed,
            ego_instances=self._ego,
            threads=self.threads,
            driven=self._driven,
            place=self._place,
            volumes=air.volumes,
            wind=air.wind,
            surface=air.surface,
            exposure=self._exposed(time_ns),
            rates=air.rates,
            fallen=self._weather.fallen,
        )

    def _exposed(self, time_ns: int) -> Exposure | None:
        """Where rain and snow arrive, looked for when they first leave something."""
        if not self._weather.covers(time_ns):
            return None
        if self._exposure is None:
            self._exposure = exposure_of(self.assembly, self.trajectory, self._engine)
        return self._exposure


def _driven_instances(trajectory: Trajectory) -> tuple[int, ...]:
    """What moves at any time of the clip: its engine is warm all the time."""
    speed2 = (trajectory.linear_velocity[:, trajectory.actor_body] ** 2).sum(-1).max(0, initial=0.0)
    return tuple(int(i) for i in trajectory.instance[speed2 > _DRIVEN_M_S**2])


def place_of(scene: Scene) -> Place:
    """Where on Earth the scene is, and when: the light's time, if it has one."""
    latitude, longitude, altitude = scene.origin
    time = getattr(scene.light, "time", None)
    utc_s = datetime.fromisoformat(time).timestamp() if isinstance(time, str) else DEFAULT_UTC_S
    return Place(latitude_deg=latitude, longitude_deg=longitude, altitude_m=altitude, utc_s=utc_s)


def _ego_instances(scene: Scene) -> tuple[int, ...]:
    return tuple(e.instance for e in scene.entities if "ego" in (e.name, e.leader))
