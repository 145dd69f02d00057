"""What a sensor's clock errs by."""

from __future__ import annotations

from simgen.edge_cases._devices import frames_from
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.units import NS_PER_S


def stamp_error(scene: Scene, sensor: Sensor, case: str) -> tuple[float, float]:
    """Instant of the sensor's last frame, and by how much its stamp is late there, s.

    Raises:
        UserError: it takes no frame.
    """
    times = frames_from(scene, sensor, 0.0, case)
    last = sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz)[-1]
    stamp = sensor.timing.stamp_ns(last, len(times) - 1, scene.seed, sensor.name)
    return last / NS_PER_S, (stamp - last) / NS_PER_S
