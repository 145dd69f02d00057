"""Where every body is at every physics step, and by definition in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from simgen.geometry import normalized, slerp
from simgen.records.base import F4, F8, I1, I8, U1, U4, Array, Bool, Record, array, empty_table


@dataclass(frozen=True, kw_only=True, eq=False)
class Contacts(Record):
    """Touching pairs, one row a pair and step."""

    time_ns: I8 = array("C", "i8", unit="ns", doc="physics step")
    actor_a: U4 = array("C", "u4", doc="instance id of the first; 0 = the world")
    actor_b: U4 = array("C", "u4", doc="instance id of the second")
    position: F4 = array("C 3", "f4", unit="m", doc="on the first, world frame")
    normal: F4 = array("C 3", "f4", doc="from the second to the first")
    normal_force: F4 = array("C", "f4", unit="N", doc="0 for kinematic pairs")
    overlap: F4 = array("C", "f4", unit="m", doc="penetration depth, positive when they overlap")
    closing_speed: F4 = array("C", "f4", unit="m/s", doc="along the normal, positive when they approach")


@dataclass(frozen=True, kw_only=True, eq=False)
class Trajectory(Record):
    """The poses of every body (each actor's links, root first) at the physics rate.

    The pose at any nanosecond is *defined* as the linear and slerp interpolation of the two neighbouring steps.
    """

    time_ns: I8 = array("K", "i8", unit="ns", doc="physics steps, evenly spaced; some lie before 0")
    position: F8 = array("K E 3", "f8", unit="m", doc="origin of every body, world frame")
    quaternion: F8 = array("K E 4", "f8", doc="world from body, wxyz")
    linear_velocity: F4 = array("K E 3", "f4", unit="m/s", doc="of the body's origin, world frame")
    angular_velocity: F4 = array("K E 3", "f4", unit="rad/s", doc="world frame")
    exists: Bool = array("K M", "?", doc="whether the actor is there")
    body_actor: U4 = array("E", "u4", doc="row of the actor that the body belongs to")
    actor_body: U4 = array("M", "u4", doc="the actor's root body")
    instance: U4 = array("M", "u4", doc="instance id of the actor")
    box_center: F4 = array("M 3", "f4", unit="m", doc="centre of the box in the root's frame")
    size: F4 = array("M 3", "f4", unit="m", doc="length, width, height")
    signal_state: U1 = array("K G", "u1", doc="index into SIGNAL_STATES, per signal of the map")
    #: known after a simulation only: files do not keep it
    indicator: I1 | None = array(
        "K M", "i1", optional=True, doc="1 = left, -1 = right, 0 = neither, 9 = the driver does not say"
    )
    actor_names: tuple[str, ...] = ()
    body_names: tuple[str, ...] = ()
    signal_names: tuple[str, ...] = ()
    contacts: Contacts = empty_table(Contacts)

    @property
    def step_ns(self) -> int:
        """Length of a physics step."""
        return int(self.time_ns[1] - self.time_ns[0]) if len(self.time_ns) > 1 else 1

    @property
    def end_ns(self) -> int:
        """The last stored instant."""
        return int(self.time_ns[-1])

    def from_zero(self) -> Self:
        """Without the steps before time 0, which only sweeps and exposures centred on the first instant reach."""
        first = int(np.searchsorted(self.time_ns, 0))
        columns = {name: value[first:] for name, spec, value in self.arrays() if spec.dims[0] == "K"}
        return self.replace(**columns)

    def row(self, instance: int) -> int:
        """The actor row of an instance id.

        Raises:
            KeyError: no actor has it.
        """
        found = np.flatnonzero(self.instance == instance)
        if len(found) == 0:
            raise KeyError(instance)
        return int(found[0])

    def poses(self, time_ns: int | Array, bodies: Array | slice = slice(None)) -> tuple[F8, F8]:
        """Positions (..., B, 3) and quaternions (..., B, 4) at any instants, clamped to the stored span."""
        t = np.clip(np.asarray(time_ns, np.int64), self.time_ns[0], self.time_ns[-1])
        low = np.clip((t - self.time_ns[0]) // self.step_ns, 0, max(len(self.time_ns) - 2, 0))
        high = np.minimum(low + 1, len(self.time_ns) - 1)
        if not (t - self.time_ns[low]).any():
            # stored steps themselves: the same bits as below, without the arcs
            return self.position[low][..., bodies, :] + 0.0, normalized(self.quaternion[low][..., bodies, :])
        weight = ((t - self.time_ns[low]) / self.step_ns)[..., None]
        p0, p1 = self.position[low][..., bodies, :], self.position[high][..., bodies, :]
        q0, q1 = self.quaternion[low][..., bodies, :], self.quaternion[high][..., bodies, :]
        return p0 + weight[..., None] * (p1 - p0), slerp(q0, q1, weight)

    def nearest(self, time_ns: int) -> int:
        """The step at or before an instant, for what is not interpolated (existence, signals)."""
        return int(np.clip((time_ns - int(self.time_ns[0])) // self.step_ns, 0, len(self.time_ns) - 1))
