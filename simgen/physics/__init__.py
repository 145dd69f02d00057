"""From an assembled scene to the trajectory of every body, and to who touches whom. The only home of pybullet."""

from simgen.physics.simulation import simulate

__all__ = ["simulate"]
