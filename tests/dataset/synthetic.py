"""A small, exact dataset without a renderer: boxes on a plane, seen by a rolling-shutter camera and a lidar."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simgen.dataset import ActorInfo, DatasetWriter, SensorInfo, SequenceInfo
from simgen.generate.witness import Witness
from simgen.geometry import BODY_FROM_CAMERA, compose, inverse_transform, pose_matrix, quat_conjugate, quat_rotate
from simgen.metrics import measure, measures_of
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Eye
from simgen.records.frames import (
    FLOW_IN_IMAGE,
    FLOW_NO_NEXT,
    STATUS_DROPPED,
    CameraBoxes,
    CameraFrame,
    LidarBoxes,
    LidarFrame,
    LidarPoints,
)
from simgen.records.roads import Area, Kerb, Lane, RoadMap, Signal
from simgen.records.trajectory import Trajectory
from simgen.taxonomy import class_id

STEP_NS = 5_000_000
FRAME_NS = 100_000_000
ID = np.array([1.0, 0.0, 0.0, 0.0])


@dataclass(frozen=True)
class Thing:
    name: str
    instance: int
    class_name: str
    size: tuple[float, float, float]
    start: tuple[float, float, float]
    velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def at(self, time_ns):
        return np.array(self.start) + np.asarray(time_ns)[..., None] * 1e-9 * np.array(self.velocity)


THINGS = (
    Thing("ego", 1, "car", (4.0, 1.8, 1.5), (0.0, 0.0, 0.0), (8.0, 0.0, 0.0)),
    Thing("parked", 2, "car", (4.0, 1.8, 1.6), (14.0, 3.0, 0.0)),
    Thing("walker", 3, "person", (0.6, 0.6, 1.8), (12.0, -2.5, 0.0), (0.0, 1.5, 0.0)),
    Thing("lorry", 4, "truck", (6.0, 2.4, 3.0), (20.0, 4.0, 0.0)),
)


@dataclass
class World:
    """What the tests vary."""

    frames: int = 3
    width: int = 96
    height: int = 64
    line_time_ns: int = 100_000
    dropped: tuple[int, ...] = ()
    things: tuple[Thing, ...] = THINGS
    camera_mount: tuple[float, float, float] = (1.5, 0.0, 1.4)
    lidar_mount: tuple[float, float, float] = (1.2, 0.0, 1.8)
    K: np.ndarray = field(default_factory=lambda: np.array([[60.0, 0.0, 48.0], [0.0, 60.0, 28.0], [0.0, 0.0, 1.0]]))

    @property
    def times(self):
        return [k * FRAME_NS + 20_000_000 for k in range(self.frames)]

    def pose(self, mount, rotation, time_ns):
        """World pose of a sensor on the ego at instants."""
        ego = self.things[0].at(time_ns)
        quaternion = np.broadcast_to(ID, (*ego.shape[:-1], 4))
        return compose(ego, quaternion, np.array(mount), rotation)

    def trace(self, origin, direction, time_ns):
        """Distance (inf = none) and instance of the nearest hit; the plane z = 0 is instance 0; no ego."""
        with np.errstate(divide="ignore", invalid="ignore"):
            best = np.where(direction[:, 2] < 0, -origin[:, 2] / direction[:, 2], np.inf)
            who = np.zeros(len(origin), np.uint32)
            for thing in self.things[1:]:
                half = np.array(thing.size) / 2
                local = origin - thing.at(time_ns) - np.array([0, 0, half[2]])
                a, b = (-half - local) / direction, (half - local) / direction
                near, far = np.minimum(a, b).max(1), np.maximum(a, b).min(1)
                hit = (near <= far) & (near > 0) & (near < best)
                best, who = np.where(hit, near, best), np.where(hit, thing.instance, who).astype(np.uint32)
        return best, who

    def classes_of(self, who, distance):
        table = np.zeros(16, np.uint16)
        table[0] = class_id("road")
        for thing in self.things:
            table[thing.instance] = class_id(thing.class_name)
        return np.where(np.isinf(distance), class_id("sky"), table[who]).astype(np.uint16)

    def trajectory(self):
        steps = np.arange(0, self.frames * FRAME_NS + FRAME_NS, STEP_NS, dtype=np.int64)
        position = np.stack([t.at(steps) for t in self.things], axis=1)
        count = len(self.things)
        velocity = np.array([t.velocity for t in self.things], np.float32)
        return Trajectory(
            time_ns=steps,
            position=position,
            quaternion=np.broadcast_to(ID, (len(steps), count, 4)).copy(),
            linear_velocity=np.broadcast_to(velocity, (len(steps), count, 3)).copy(),
            angular_velocity=np.zeros((len(steps), count, 3), np.float32),
            exists=np.ones((len(steps), count), bool),
            body_actor=np.arange(count, dtype=np.uint32),
            actor_body=np.arange(count, dtype=np.uint32),
            instance=np.array([t.instance for t in self.things], np.uint32),
            box_center=np.array([[0, 0, t.size[2] / 2] for t in self.things], np.float32),
            size=np.array([t.size for t in self.things], np.float32),
            signal_state=np.ones((len(steps), 1), np.uint8),
            actor_names=tuple(t.name for t in self.things),
            body_names=tuple(t.name for t in self.things),
            signal_names=("s0",),
        )

    def boxes_at(self, time_ns, position, quaternion):
        rows = self.things[1:]
        center = np.array([t.at(np.int64(time_ns)) + np.array([0, 0, t.size[2] / 2]) for t in rows])
        back = quat_conjugate(quaternion)
        return {
            "instance": np.array([t.instance for t in rows], np.uint32),
            "class_id": np.array([class_id(t.class_name) for t in rows], np.uint16),
            "center": inverse_transform(position, quaternion, center).astype(np.float32),
            "size": np.array([t.size for t in rows], np.float32),
            "quaternion": np.broadcast_to(back, (len(rows), 4)).astype(np.float32),
            "velocity": quat_rotate(back, np.array([t.velocity for t in rows])).astype(np.float32),
            "flags": np.zeros(len(rows), np.uint16),
        }

    def row_times(self, time_ns, row):
        return time_ns + np.rint((row + 0.5 - self.height / 2) * self.line_time_ns).astype(np.int64)

    def camera(self, index):
        """An exact frame, with boxes counted from the mask and the flow from the hit points."""
        time_ns, w, h, K = self.times[index], self.width, self.height, self.K
        v, u = (a.reshape(-1) for a in np.mgrid[0:h, 0:w])
        when = self.row_times(time_ns, v)
        position, quaternion = self.pose(self.camera_mount, BODY_FROM_CAMERA, when)
        ray = np.stack([(u + 0.5 - K[0, 2]) / K[0, 0], (v + 0.5 - K[1, 2]) / K[1, 1], np.ones(len(u))], axis=1)
        direction = quat_rotate(quaternion, ray)
        depth, who = self.trace(position, direction, when)
        at, q = self.pose(self.camera_mount, BODY_FROM_CAMERA, np.int64(time_ns))
        flow, valid = self._flow(index, u, v, when, position, direction, depth, who)
        semantic = self.classes_of(who, depth)
        dropped = index in self.dropped
        shape = (h, w)
        return CameraFrame(
            time_ns=time_ns,
            stamp_ns=time_ns + 1000,
            status=STATUS_DROPPED if dropped else 0,
            world_from_sensor=pose_matrix(at, q),
            K=K,
            exposure=np.array([1000.0], np.float32),
            rgb=None if dropped else (np.stack([u * 2, v * 3, who * 40], -1) % 256).astype(np.uint8).reshape(*shape, 3),
            depth=None if dropped else depth.astype(np.float32).reshape(shape),
            semantic=None if dropped else semantic.reshape(shape),
            instance=None if dropped else who.reshape(shape),
            flow=None if dropped else flow.astype(np.float32).reshape(*shape, 2),
            flow_valid=None if dropped else valid.reshape(shape),
            boxes=None if dropped else self._camera_boxes(time_ns, at, q, who.reshape(shape)),
        )

    def _camera_boxes(self, time_ns, position, quaternion, mask):
        common = self.boxes_at(time_ns, position, quaternion)
        box = np.zeros((len(common["instance"]), 4), np.float32)
        pixels = np.zeros(len(box), np.uint32)
        for k, instance in enumerate(common["instance"]):
            rows, columns = np.nonzero(mask == instance)
            pixels[k] = len(rows)
            if len(rows):
                box[k] = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        amodal = pixels + np.uint32(3)
        return CameraBoxes(
            **common,
            box_px=box,
            box_amodal_px=box,
            visible_fraction=(pixels / amodal).astype(np.float32),
            truncation=np.zeros(len(box), np.float32),
            pixels=pixels,
            pixels_amodal=amodal,
        )

    def _flow(self, index, u, v, when, position, direction, depth, who):
        valid = np.full(len(u), FLOW_NO_NEXT if index + 1 >= self.frames else FLOW_IN_IMAGE, np.uint8)
        if index + 1 >= self.frames:
            return np.zeros((len(u), 2)), valid
        hit = np.isfinite(depth)
        point = np.where(hit[:, None], position + np.where(hit, depth, 0.0)[:, None] * direction, 0.0)
        velocity = np.zeros((16, 3))
        for thing in self.things:
            velocity[thing.instance] = thing.velocity
        row = v + 0.5
        x = u + 0.5
        for _ in range(6):
            later = self.row_times(self.times[index + 1], row - 0.5)
            moved = point + velocity[who] * ((later - when) * 1e-9)[:, None]
            at, q = self.pose(self.camera_mount, BODY_FROM_CAMERA, later)
            local = np.where(hit[:, None], inverse_transform(at, q, moved), quat_rotate(quat_conjugate(q), direction))
            x = self.K[0, 0] * local[:, 0] / local[:, 2] + self.K[0, 2]
            row = self.K[1, 1] * local[:, 1] / local[:, 2] + self.K[1, 2]
        seen = (x >= 0) & (x < self.width) & (row >= 0) & (row < self.height) & (local[:, 2] > 0)
        return np.stack([x - u - 0.5, row - v - 0.5], -1), np.where(seen, valid, 0).astype(np.uint8)

    def lidar(self, index):
        """A sweep of 16 rings over the front, its points fired one after the other."""
        time_ns = self.times[index]
        rings, steps = np.meshgrid(np.arange(16), np.arange(120), indexing="ij")
        elevation = np.radians(-12.0 + rings.reshape(-1))
        azimuth = np.radians(-40.0 + steps.reshape(-1) * (80.0 / 120))
        offset = ((steps.reshape(-1) - 60) * 300_000).astype(np.int32)
        ray = np.stack(
            [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], -1
        )
        position, _ = self.pose(self.lidar_mount, ID, time_ns + offset.astype(np.int64))
        distance, who = self.trace(position, ray, time_ns + offset.astype(np.int64))
        keep = np.isfinite(distance) & (distance < 60.0) & (index not in self.dropped)
        distance, who = distance[keep], who[keep]
        at, q = self.pose(self.lidar_mount, ID, np.int64(time_ns))
        xyz = (distance[:, None] * ray[keep]).astype(np.float32)
        points = LidarPoints(
            xyz=xyz,
            range=distance.astype(np.float32),
            intensity=np.full(len(xyz), 0.3, np.float32),
            ring=rings.reshape(-1)[keep].astype(np.uint16),
            time_offset_ns=offset[keep],
            return_index=np.zeros(len(xyz), np.uint8),
            semantic=self.classes_of(who, distance),
            instance=who,
            incidence=np.zeros(len(xyz), np.float32),
            flags=np.zeros(len(xyz), np.uint16),
        )
        common = self.boxes_at(time_ns, at, q)
        count = np.array([(who == i).sum() for i in common["instance"]], np.uint32)
        boxes = None if index in self.dropped else LidarBoxes(**common, points=count, points_in_box=count)
        return LidarFrame(
            time_ns=time_ns,
            stamp_ns=time_ns,
            status=STATUS_DROPPED if index in self.dropped else 0,
            world_from_sensor=pose_matrix(at, q),
            points=points,
            boxes=boxes,
        )

    def sensors(self):
        def mount(position, rotation):
            return {"on": "ego", "position": list(position), "quaternion": [float(x) for x in rotation]}

        camera = {
            "model": "pinhole", "K": self.K.tolist(), "distortion": [], "width": self.width, "height": self.height,
            "readout_s": self.line_time_ns * self.height * 1e-9, "mount": mount(self.camera_mount, BODY_FROM_CAMERA),
        }  # fmt: skip
        lidar = {"mount": mount(self.lidar_mount, ID)}
        seconds = [self.times[k] * 1e-9 for k in self.dropped]
        gaps = ", ".join(f"{{from_s: {t}, until_s: {t + 0.001}}}" for t in seconds)
        return (
            SensorInfo(name="front", type="camera", frames=self.frames, calibration_true=camera,
                       calibration_reported=camera, config=f"{{timing: {{latency_s: 1.0e-06}}, dropouts: [{gaps}]}}"),
            SensorInfo(name="top", type="lidar", model="test-16", frames=self.frames, calibration_true=lidar,
                       calibration_reported=lidar, config=f"{{timing: {{loss: 0.0}}, dropouts: [{gaps}]}}"),
        )  # fmt: skip

    def info(self, name="street", seed=7):
        line = np.array([[-10.0, 0.0, 0.0], [60.0, 0.0, 0.0]])
        return SequenceInfo(
            name=name,
            seed=seed,
            scene="simgen: 1\nname: street\n",
            trajectory=self.trajectory(),
            map=RoadMap(
                lanes=(Lane(name="east/0", centerline=line, successors=("east/1",), stop_at_m=40.0, signal="s0"),),
                kerbs=(Kerb(name="south", line=line - [0, 3, 0], keep_clear_m=((1.0, 2.5),)),),
                areas=(Area(name="a", kind="crosswalk", polygon=np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0]])),),
                signals=(Signal(name="s0", offset_s=2.5),),
            ),
            actors=tuple(
                ActorInfo(id=t.instance, name=t.name, class_id=class_id(t.class_name), asset="box", size=t.size)
                for t in self.things
            ),
            sensors=self.sensors(),
            tags=("dart_out",),
            draws=(("weather[0].visibility_m", 123.5), ("objects[0].asset", "sedan")),
        )


ASKED = (
    Constraint(kind="distance_m", subject="ego", other="walker", asked=9.0, tolerance=1.0, time_s=0.1),
    Constraint(
        kind="pixels",
        subject="walker",
        other="front",
        asked=4.0,
        tolerance=0.0,
        relation="at_least",
        time_s=0.0,
        until_s=1.0,
    ),
)


def write(path: Path, world: World | None = None, *, index: int = 0, threads: int = 2) -> Path:
    """A whole dataset of one sequence."""
    world = world or World()
    with DatasetWriter(path, scenario="simgen: 1\n", seed=3, threads=threads) as writer:
        add_sequence(writer, world, index)
    return path


def add_sequence(writer: DatasetWriter, world: World, index: int) -> str:
    with writer.sequence(index, world.info(seed=7 + index)) as sequence:
        witness = Witness()
        for k in range(world.frames):
            for sensor, frame in (("front", world.camera(k)), ("top", world.lidar(k))):
                sequence.add(sensor, frame)
                witness.see(sensor, frame)
        trajectory, eyes = world.trajectory(), {"front": Eye(on="ego"), "top": Eye(on="ego")}
        evidence = Evidence(trajectory=trajectory, seen=witness.sightings(), health=witness.health(trajectory, eyes))
        names = {thing.name for thing in world.things}
        asked = [c for c in ASKED if {c.subject, c.other} <= names | {"front"}]
        sequence.outcomes([measure(constraint, evidence) for constraint in asked])
        sequence.measures(measures_of(evidence, asked, {}))
    return sequence.content_hash
