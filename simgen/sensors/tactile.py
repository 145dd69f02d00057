"""Tactile sensor: a gel that a camera sees from behind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from simgen.geometry import F8, IDENTITY_QUATERNION, pose_matrix
from simgen.records.base import F4, I8, U1
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.surroundings import Shot
from simgen.records.tactile import TactileFrame
from simgen.registry import param, register, suggest
from simgen.rng import stream_key
from simgen.sensors.base import Sensor

if TYPE_CHECKING:
    from simgen.sensors._tactile_gel import Pressed

_OPTIONAL: Final = ("ideal",)
_ALWAYS: Final = ("rgb", "indentation", "force", "instance", "semantic")
_TILE: Final = 8192
_MOST_PIXELS: Final = 4_000_000
#: the lamps of red, green and blue: so far before the camera, on a circle of this radius, at these angles from y to z
_LAMP_AHEAD_M: Final = 0.005
_LAMP_RADIUS_M: Final = 0.02
_LAMPS_DEG: Final = (30.0, 150.0, 270.0)


@register("sensor", "tactile")
@dataclass(frozen=True, kw_only=True)
class Tactile(Sensor):
    """A fingertip of clear gel with a matt coating, lit in three colours and seen from behind, such as DIGIT.

    After TACTO (Wang, Lambeta, Chou, Calandra, RA-L 2022): what touches the carrier with a normal force F is moved
    towards the camera by ``min(F, max_force_n) / max_force_n * max_indentation_m``, each thing by its own force, and
    where it then lies inside the gel it presses it in. A membrane smooths the dent; lamps of red, green and blue at
    30, 150 and 270 degrees show its slopes (Lambert and Blinn-Phong). Contacts are known by actor: a touch anywhere on
    the carrier counts, but dents only where the thing meets the gel. Without force (both moved by scripts) no dent.
    Sensor frame: x out of the gel, y left, z up, origin at the gel's foremost point.
    """

    needs_touching: ClassVar[bool] = True

    width: int = param(240, ge=8, le=4096, doc="columns")
    height: int = param(320, ge=8, le=4096, doc="rows")
    rate_hz: float = param(30.0, gt=0.0, le=1000.0, doc="frames a second")
    yfov_deg: float = param(60.0, ge=1.0, le=150.0, doc="angle of view from top to bottom")
    camera_distance_m: float = param(0.022, ge=0.006, le=0.5, doc="of the camera behind the gel's foremost point")
    gel_width_m: float = param(0.02, ge=0.002, le=0.2, doc="of the gel, along y")
    gel_height_m: float = param(0.03, ge=0.002, le=0.2, doc="of the gel, along z")
    gel_radius_m: float = param(0.1, gt=0.0, le=1000.0, doc="radius of the ball that the gel's surface is part of")
    max_force_n: float = param(100.0, gt=0.0, le=1e5, doc="force from which on the gel gives no more")
    max_indentation_m: float = param(0.005, gt=0.0, le=0.05, doc="how far that force presses")
    membrane_m: float = param(0.0003, ge=0.0, le=0.01, doc="sigma of the Gaussian by which the membrane smooths dents")
    cell_m: float = param(0.0001, ge=0.00002, le=0.01, doc="distance of the nodes of the dent's height map")
    noise_dn: float = param(2.0, ge=0.0, le=100.0, doc="sigma of the picture's noise, in counts of 255; 0 = none")

    def __post_init__(self) -> None:
        if self.mount.on == "world":
            raise ValueError("a tactile sensor feels what touches its carrier: say which, with mount: {on: ...}")
        corner = 0.5 * math.hypot(self.gel_width_m, self.gel_height_m)
        if corner >= self.gel_radius_m:
            raise ValueError(f"gel_radius_m must exceed the gel's half diagonal ({corner:g} m)")
        fall = self.gel_radius_m - math.sqrt(self.gel_radius_m**2 - corner**2)
        if fall + self.max_indentation_m + _LAMP_AHEAD_M >= self.camera_distance_m:
            raise ValueError(
                f"the gel reaches {1e3 * (fall + self.max_indentation_m):.3g} mm back where it is pressed most: "
                f"camera_distance_m must be {1e3 * _LAMP_AHEAD_M:g} mm more than that"
            )
        if self.width * self.height > _MOST_PIXELS:
            raise ValueError(f"{self.width} x {self.height} are more than {_MOST_PIXELS / 1e6:.0f} million pixels")
        if self.gel_width_m * self.gel_height_m / self.cell_m**2 > _MOST_PIXELS:
            raise ValueError(f"cell_m is so small that the gel has over {_MOST_PIXELS / 1e6:.0f} million cells")
        for wanted in self.outputs:
            if wanted not in (*_OPTIONAL, *_ALWAYS):
                raise ValueError(f"a tactile sensor has no output {wanted!r}{suggest(wanted, _OPTIONAL)}")
        if len(set(self.outputs)) != len(self.outputs):
            raise ValueError("outputs names something twice")

    @property
    def focal_px(self) -> float:
        """Focal length; pixels are square and the axis goes through the middle."""
        return 0.5 * self.height / math.tan(math.radians(0.5 * self.yfov_deg))

    @property
    def gel(self) -> F8:
        """Half width, half height, radius and deepest indentation, m: as the kernels take them."""
        return np.array([0.5 * self.gel_width_m, 0.5 * self.gel_height_m, self.gel_radius_m, self.max_indentation_m])

    def calibration(self) -> dict[str, Any]:
        """The camera behind the gel, the gel, and what force presses how deep."""
        focal, cx, cy = self.focal_px, 0.5 * self.width, 0.5 * self.height
        return {
            "K": [[focal, 0.0, cx], [0.0, focal, cy], [0.0, 0.0, 1.0]],
            "width": self.width,
            "height": self.height,
            "camera_distance_m": self.camera_distance_m,
            "gel_m": [self.gel_width_m, self.gel_height_m],
            "gel_radius_m": self.gel_radius_m,
            "max_force_n": self.max_force_n,
            "max_indentation_m": self.max_indentation_m,
            "membrane_m": self.membrane_m,
            "noise_dn": self.noise_dn,
        }

    def extent_ns(self) -> tuple[int, int]:
        """All pixels see the same instant."""
        return 0, 0

    @property
    def body_from_sensor(self) -> F8:
        """The gel faces the body's x."""
        return IDENTITY_QUATERNION

    def silence(self, frame: Frame) -> Frame:
        """A black picture; the labels of the moment stay."""
        assert isinstance(frame, TactileFrame)
        inner = None if frame.ideal is None else self.silence(frame.ideal)
        return frame.replace(status=STATUS_DROPPED, ideal=inner, rgb=np.zeros_like(frame.rgb))

    def background(self) -> U1:
        """The picture without noise while nothing touches the gel, (H W 3): what detectors subtract. Read-only."""
        return _rest(self)[0]

    def capture(self, shot: Shot) -> TactileFrame:
        """Take one picture with its labels."""
        from simgen.sensors._tactile_gel import membrane, press

        assert shot.touching is not None
        threads, shape = shot.surroundings.threads, (self.height, self.width)
        pressed = press(self, shot)
        if pressed is None:
            clean, light = _rest(self)
            deep, node = np.zeros(len(light), np.float32), np.full(len(light), -1, np.int64)
        else:
            light, deep, node = self._seen(membrane(self, pressed.height), threads)
            clean = self._picture(light, 0.0, 0, threads)
        key = stream_key(shot.surroundings.seed, "tactile", self.name, shot.index)
        frame = TactileFrame(
            time_ns=shot.time_ns,
            stamp_ns=shot.time_ns,
            world_from_sensor=pose_matrix(*shot.track.at(shot.time_ns)),
            rgb=self._picture(light, self.noise_dn, key, threads),
            indentation=deep.reshape(shape),
            force=np.array([shot.touching.force.sum(dtype=np.float64)], np.float32),
            **_labels(pressed, node, shape),
        )
        return frame.replace(ideal=_ideal(frame, clean)) if "ideal" in self.outputs else frame

    def _seen(self, height: F8, threads: int) -> tuple[F4, F4, I8]:
        """Light, indentation and node of every pixel, flat, for a height map of the dent."""
        from simgen.kernels.tactile import look
        from simgen.kernels.tiles import run_tiles

        count, back = self.width * self.height, self.camera_distance_m
        light, deep, node = np.empty((count, 3), np.float32), np.empty(count, np.float32), np.empty(count, np.int64)
        gel, view, turn = self.gel, np.array([back, 1.0 / self.focal_px]), np.radians(_LAMPS_DEG)
        lamps = np.stack(
            [np.full(3, _LAMP_AHEAD_M - back), _LAMP_RADIUS_M * np.cos(turn), _LAMP_RADIUS_M * np.sin(turn)], -1
        )
        size = self.width, self.height
        run_tiles(lambda a, b: look(a, b, *size, height, gel, view, lamps, light, deep, node), count, _TILE, threads)
        return light, deep, node

    def _picture(self, light: F4, noise: float, key: int, threads: int) -> U1:
        from simgen.kernels.tactile import expose
        from simgen.kernels.tiles import run_tiles

        out = np.empty(light.shape, np.uint8)
        wide: Any = np.uint64(key)  # numba tells integers apart by size
        run_tiles(lambda a, b: expose(a, b, light, noise, wide, out), len(light), _TILE, threads)
        return out.reshape(self.height, self.width, 3)


@lru_cache(maxsize=16)
def _rest(sensor: Tactile) -> tuple[U1, F4]:
    """The untouched gel: picture and light (H W, 3)."""
    light, _, _ = sensor._seen(np.zeros((3, 3)), 1)
    picture = sensor._picture(light, 0.0, 0, 1)
    picture.setflags(write=False)
    return picture, light


def _labels(pressed: Pressed | None, node: I8, shape: tuple[int, int]) -> dict[str, Any]:
    """What presses at every pixel."""
    if pressed is None:
        return {"instance": np.zeros(shape, np.uint32), "semantic": np.zeros(shape, np.uint16)}
    on, place = node >= 0, np.maximum(node, 0)
    return {
        "instance": np.where(on, pressed.instance[place], 0).astype(np.uint32).reshape(shape),
        "semantic": np.where(on, pressed.semantic[place], 0).astype(np.uint16).reshape(shape),
    }


def _ideal(frame: TactileFrame, clean: U1) -> TactileFrame:
    """The same picture without noise."""
    return TactileFrame(
        time_ns=frame.time_ns,
        stamp_ns=frame.stamp_ns,
        world_from_sensor=frame.world_from_sensor,
        rgb=np.array(clean),
    )
