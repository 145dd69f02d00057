"""How fast frames are written, against h5py's own gzip, in the same run on the same frames.

    python benchmarks/bench_write.py [--frames 20] [--threads 2]

The frame is 1280x720 with every label. Its images are synthetic but compress about as rendered ones do: smooth
gradients with noise in the colours, piecewise constant ids.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

from simgen.dataset import DatasetWriter, SensorInfo, SequenceInfo, open_dataset
from simgen.records.base import empty_table
from simgen.records.frames import CameraBoxes, CameraFrame
from simgen.records.trajectory import Trajectory
from simgen.rng import stream

W, H = 1280, 720


def camera_frame(index: int) -> CameraFrame:
    """One frame with all labels: a ground plane, a sky and forty blocks."""
    v, u = np.mgrid[0:H, 0:W].astype(np.float32)
    depth = np.where(v > H / 2, 1200.0 / np.maximum(v - H / 2, 0.5), np.inf).astype(np.float32)
    instance = np.zeros((H, W), np.uint32)
    draw = stream(index, "bench")
    for k in range(1, 41):
        x, y, s = int(draw.integers(0, W - 90)), int(draw.integers(300, H - 90)), int(draw.integers(10, 90))
        instance[y : y + s, x : x + s] = k
        depth[y : y + s, x : x + s] = 60.0 - k + 0.001 * u[y : y + s, x : x + s]
    light = 90 + 80 * (v / H) + 20 * np.sin(u / 40) + instance * 2
    rgb = light[..., None] * np.array([1.0, 0.9, 0.8]) + draw.normal(0.0, 1.5, (H, W, 3))
    return CameraFrame(
        time_ns=index * 10**8,
        stamp_ns=index * 10**8,
        world_from_sensor=np.eye(4),
        K=np.eye(3),
        exposure=np.ones(1, np.float32),
        rgb=np.clip(rgb, 0, 255).astype(np.uint8),
        depth=depth,
        normal=np.where(instance[..., None] > 0, [0.0, 0.1, -0.99], [0.0, -1.0, 0.0]).astype(np.float16),
        semantic=(instance % 7).astype(np.uint16),
        instance=instance,
        flow=np.stack([(u - 640) / np.minimum(depth, 500), (v - 360) / np.minimum(depth, 500)], -1).astype(np.float32),
        flow_valid=np.ones((H, W), np.uint8),
        boxes=empty_table(CameraBoxes),
    )


def trajectory() -> Trajectory:
    """Nothing moves."""
    f4, f8 = np.float32, np.float64
    return Trajectory(
        time_ns=np.arange(2, dtype=np.int64), position=np.zeros((2, 0, 3), f8), quaternion=np.zeros((2, 0, 4), f8),
        linear_velocity=np.zeros((2, 0, 3), f4), angular_velocity=np.zeros((2, 0, 3), f4),
        exists=np.zeros((2, 0), bool), body_actor=np.zeros(0, np.uint32), actor_body=np.zeros(0, np.uint32),
        instance=np.zeros(0, np.uint32), box_center=np.zeros((0, 3), f4), size=np.zeros((0, 3), f4),
        signal_state=np.zeros((2, 0), np.uint8),
    )  # fmt: skip


def ours(path: Path, frames: list[CameraFrame], count: int, threads: int) -> float:
    """Seconds for ``count`` frames through DatasetWriter, hash and flush included."""
    sensor = SensorInfo(name="front", type="camera", frames=count)
    info = SequenceInfo(name="bench", seed=0, scene="", trajectory=trajectory(), sensors=(sensor,))
    start = time.perf_counter()
    with DatasetWriter(path, scenario="", seed=0, threads=threads) as writer, writer.sequence(0, info) as sequence:
        for k in range(count):
            sequence.add("front", frames[k % len(frames)])
    return time.perf_counter() - start


def theirs(path: Path, frames: list[CameraFrame], count: int) -> float:
    """Seconds for the same arrays through h5py's gzip level 1 with shuffle."""
    start = time.perf_counter()
    with h5py.File(path, "w") as file:
        for k in range(count):
            for name, _, value in frames[k % len(frames)].arrays():
                if k == 0:
                    file.create_dataset(
                        name, (count, *value.shape), value.dtype, chunks=(1, *value.shape),
                        compression="gzip", compression_opts=1, shuffle=True,
                    )  # fmt: skip
                file[name][k] = value
            file.flush()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    frames = [camera_frame(k) for k in range(3)]
    raw = sum(value.nbytes for _, _, value in frames[0].arrays()) / 1e6
    print(f"one frame: {raw:.1f} MB of arrays, {options.frames} frames")
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for name, threads in (("simgen, 1 thread", 1), (f"simgen, {options.threads} threads", options.threads)):
            path = Path(folder) / f"{threads}.h5"
            rows.append((name, ours(path, frames, options.frames, threads), path))
        path = Path(folder) / "h5py.h5"
        rows.append(("h5py gzip 1 + shuffle", theirs(path, frames, options.frames), path))
        for name, seconds, file in rows:
            each = seconds / options.frames
            size = file.stat().st_size / options.frames / 1e6
            print(f"{name:24} {each * 1e3:7.1f} ms a frame {raw / each:7.0f} MB/s  {size:6.2f} MB a frame on disk")
        start = time.perf_counter()
        with open_dataset(Path(folder) / "1.h5") as data:
            for _ in data.sequences[0].frames["front"]:
                pass
        each = (time.perf_counter() - start) / options.frames
        print(f"{'reading':24} {each * 1e3:7.1f} ms a frame {raw / each:7.0f} MB/s")


if __name__ == "__main__":
    main()
