"""When every sensor takes its frames."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.scene import Scene
from simgen.sensors.base import Sensor


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One entry of the timetable: a sensor's frame and the instant of its next."""

    time_ns: int
    order: int
    sensor: Sensor
    index: int
    count: int
    next_ns: int | None


def timetable(scene: Scene) -> list[Tick]:
    """Every frame of every sensor in time order; sensors of one instant in the scene's order."""
    ticks = []
    for order, sensor in enumerate(scene.sensors):
        times = sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
        for k, time_ns in enumerate(times):
            following = times[k + 1] if k + 1 < len(times) else None
            ticks.append(
                Tick(time_ns=time_ns, order=order, sensor=sensor, index=k, count=len(times), next_ns=following)
            )
    return sorted(ticks, key=lambda t: (t.time_ns, t.order))


def nearest_ticks(scene: Scene, time_ns: int) -> list[Tick]:
    """For each sensor, the frame whose instant is nearest to one, in the scene's order."""
    best: dict[int, Tick] = {}
    for tick in timetable(scene):
        kept = best.get(tick.order)
        if kept is None or abs(tick.time_ns - time_ns) < abs(kept.time_ns - time_ns):
            best[tick.order] = tick
    return [best[order] for order in sorted(best)]
