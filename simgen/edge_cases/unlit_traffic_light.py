"""A traffic light that is dark, or flashes yellow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._ahead import camera_of
from simgen.edge_cases._signals import faulty, heads_of, signal_ahead
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "unlit_traffic_light")
@dataclass(frozen=True, kw_only=True)
class UnlitTrafficLight(EdgeCase):
    """The traffic lights of the scene are dark (a power cut), or flash yellow; nobody obeys them any more.

    Asked: the signal on the ego's way shows ``off`` all the time (flashing: half of it, and yellow the other half), and
    the camera has at least ``pixels`` of one of its heads at once. Who drives then goes by signs and by right before
    left; the ego of a recording goes on as its behaviour does without a light.
    """

    tests: ClassVar[str] = "what is done at lights that show nothing or flash: they are there, and say nothing"

    fault: str = param("dark", doc="what is wrong with them", choices=("dark", "flashing_yellow"))
    pixels: float = param(40.0, ge=1.0, doc="least that the camera sees of a head at once")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene in its world with dark lights."""
        return faulty(scene, fault=self.fault)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with what is asked.

        Raises:
            UserError: there is no ego or camera, or no light on its way.
        """
        lane, _ = signal_ahead(scene, stage.layout, "unlit_traffic_light")
        heads = heads_of(scene, lane.signal)
        if not heads:
            raise UserError(f"unlit_traffic_light: nothing shows the signal {lane.signal!r}; choose another world")
        camera = camera_of(scene, "unlit_traffic_light", self.camera)
        dark = 1.0 if self.fault == "dark" else 0.5
        asked = [Constraint(kind="signal_share", subject=lane.signal, other="off", asked=dark, tolerance=0.15)]
        if dark < 1.0:
            asked.append(
                Constraint(kind="signal_share", subject=lane.signal, other="yellow", asked=0.5, tolerance=0.15)
            )
        head = _facing(scene, heads)
        asked.append(
            Constraint(
                kind="pixels", subject=head, other=camera.name, asked=self.pixels, tolerance=0.0, relation="at_least"
            )
        )
        return accepted(scene, "unlit_traffic_light", asked)


def _facing(scene: Scene, heads: tuple[str, ...]) -> str:
    """The head that faces the ego most nearly: a signal's group stands on both sides of a junction."""
    w, _, _, z = scene.entity("ego").quaternion

    def turned(name: str) -> float:
        w2, _, _, z2 = scene.entity(name).quaternion
        # cosine of half the angle between both: 0 = face to face
        return abs(w * w2 + z * z2)

    return min(heads, key=turned)
