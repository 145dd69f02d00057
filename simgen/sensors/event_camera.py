"""Event camera: every pixel reports for itself when its brightness has changed by a step."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simgen.geometry import BODY_FROM_CAMERA
from simgen.records.base import F8, empty_table
from simgen.records.events import EventFrame, Events
from simgen.records.frames import STATUS_DROPPED, CameraFrame, Frame
from simgen.records.surroundings import Shot
from simgen.registry import param, register, suggest
from simgen.rng import stream_key
from simgen.sensors._event_devices import EVENT_DEVICES, EventDevice
from simgen.sensors.base import FoldingSensor
from simgen.sensors.camera import Camera
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.sensors._event_pixels import Circuit, Look, Pixels

#: what is stored if ``outputs`` asks for it
OPTIONAL: Final = ("ideal", "twin", "rgb", "linear", "luminance", "normal", "flow")
#: what is always stored
_ALWAYS: Final = ("events", "ms_to_idx", "depth", "semantic", "instance")
#: the coarse image that measures motion has this many times fewer columns and rows
_COARSE: Final = 8
#: the part of a window over which motion is measured, at its begin and at its end
_PART: Final = 16


@dataclass(frozen=True, kw_only=True)
class _State:
    """What the camera remembers: its last look and its pixels."""

    look: Look
    pixels: Pixels
    ideal: Pixels | None


@register("sensor", "event_camera")
@dataclass(frozen=True, kw_only=True)
class EventCamera(FoldingSensor):
    """An event camera: events of the window from the frame before to this one, ``[previous time_ns, time_ns)``.

    The window is rendered at sub-steps, as :class:`~simgen.sensors.camera.Camera` does; ``L = ln(dark + I)`` is linear
    in time between them, and each crossing of a threshold is an event (ESIM: Rebecq, Gehrig, Scaramuzza, CoRL 2018).
    Sub-steps are so many that nothing moves by more than ``max_motion_px`` in one (ESIM's criterion). Thresholds are
    normal per pixel and polarity; the reference steps on even where the refractory period swallows the event; a leak
    gives slow ON events, shot noise a Poisson process per pixel (v2e: Hu, Liu, Delbruck, CVPR Workshops 2021). The
    first frame has no window and no events.
    """

    model: str = param("generic", doc="device: generic, davis346, dvxplorer, gen4, dsec", choices=tuple(EVENT_DEVICES))
    rate_hz: float | None = param(20.0, ge=2.0, le=1000.0, doc="windows a second")
    width: int | None = param(None, ge=1, le=4096, doc="columns; the model's if absent")
    height: int | None = param(None, ge=1, le=4096, doc="rows; the model's if absent")
    hfov_deg: float | None = param(None, gt=0.0, lt=179.0, doc="angle of view from left to right (60 if absent)")
    focal_px: float | None = param(None, gt=0.0, doc="focal length in pixels, instead of hfov_deg")
    near_m: float = param(0.05, gt=0.0, doc="nothing nearer along the axis is seen")
    antialias: int = param(2, ge=0, le=16, doc="extra samples for pixels on an edge, at every sub-step")
    threshold_on: float | None = param(None, ge=0.01, le=2.0, doc="step of ln(luminance) for ON; the model's if absent")
    threshold_off: float | None = param(None, ge=0.01, le=2.0, doc="the same for OFF")
    threshold_sigma: float | None = param(None, ge=0.0, le=0.5, doc="spread of the thresholds over pixels")
    refractory_s: float | None = param(None, ge=0.0, le=0.1, doc="a pixel is silent so long after an event")
    leak_rate_hz: float | None = param(None, ge=0.0, le=100.0, doc="ON events a second of a pixel that sees no change")
    shot_noise_hz: float | None = param(None, ge=0.0, le=1e4, doc="noise events a second of a dark pixel")
    lowpass_hz: float = param(0.0, ge=0.0, le=1e6, doc="photoreceptor's bandwidth in bright light; 0 = infinite")
    bright_cd_m2: float = param(100.0, gt=0.0, doc="luminance above which it is so wide; it falls with the light")
    dark_cd_m2: float = param(0.01, gt=0.0, doc="luminance that equals the dark current: eps in ln(eps + I)")
    steps: int | None = param(None, ge=1, le=1000, doc="sub-steps a window; from the motion if absent")
    max_motion_px: float = param(1.0, gt=0.0, le=100.0, doc="largest image motion in a sub-step, if steps is absent")
    max_steps: int = param(48, ge=1, le=1000, doc="never more sub-steps than this, if steps is absent")

    def __post_init__(self) -> None:
        if self.rate_hz is None:
            raise ValueError("an event camera needs its own rate_hz: the length of its windows")
        if self.model not in EVENT_DEVICES:
            raise ValueError(f"no event camera {self.model!r}{suggest(self.model, tuple(EVENT_DEVICES))}")
        for wanted in self.outputs:
            if wanted not in (*OPTIONAL, *_ALWAYS):
                raise ValueError(f"an event camera has no output {wanted!r}{suggest(wanted, OPTIONAL)}")
        if len(set(self.outputs)) != len(self.outputs):
            raise ValueError("outputs names something twice")
        _ = self.camera  # its own checks

    @property
    def device(self) -> EventDevice:
        """The model with what the fields change."""
        own = {f.name: getattr(self, f.name) for f in fields(EventDevice)}
        return replace(EVENT_DEVICES[self.model], **{k: v for k, v in own.items() if v is not None})

    @property
    def circuit(self) -> Circuit:
        """The pixels' electronics."""
        from simgen.sensors._event_pixels import Circuit

        device = self.device
        return Circuit(
            on=device.threshold_on,
            off=device.threshold_off,
            sigma=device.threshold_sigma,
            refractory_s=device.refractory_s,
            leak_rate_hz=device.leak_rate_hz,
            shot_noise_hz=device.shot_noise_hz,
            lowpass_hz=self.lowpass_hz,
            bright_cd_m2=self.bright_cd_m2,
            dark_cd_m2=self.dark_cd_m2,
        )

    @property
    def camera(self) -> Camera:
        """The camera behind the same lens that renders the window's end; no sky rays, whose noise would move."""
        device = self.device
        given = self.hfov_deg is not None or self.focal_px is not None
        return Camera(
            name=self.name,
            width=device.width,
            height=device.height,
            hfov_deg=self.hfov_deg if given else 60.0,
            focal_px=self.focal_px,
            near_m=self.near_m,
            antialias=self.antialias,
            sky_rays=0,
            outputs=tuple({"linear": 0} | {k: 0 for k in self.outputs if k in ("normal", "flow")}),
        )

    def calibration(self) -> dict[str, Any]:
        """The lens as a camera's, and the nominal thresholds."""
        device = self.device
        thresholds = {"threshold_on": device.threshold_on, "threshold_off": device.threshold_off}
        return {**self.camera.calibration(), **thresholds, "refractory_s": device.refractory_s}

    def extent_ns(self) -> tuple[int, int]:
        """The whole window lies before ``time_ns``."""
        assert self.rate_hz is not None
        return math.ceil(NS_PER_S / self.rate_hz) + 1, 0

    @property
    def body_from_sensor(self) -> F8:
        """The camera looks along the body's x."""
        return BODY_FROM_CAMERA

    @property
    def needs_next(self) -> bool:
        """Flow needs the next frame's world."""
        return "flow" in self.outputs

    def silence(self, frame: Frame) -> Frame:
        """No events and black pictures; the labels of the moment stay."""
        assert isinstance(frame, EventFrame)
        black = {n: np.zeros_like(a) for n, _, a in frame.arrays() if n in ("rgb", "linear", "luminance")}
        index = frame.ms_to_idx.replace(row=np.zeros_like(frame.ms_to_idx.row))
        return frame.replace(status=STATUS_DROPPED, events=empty_table(Events), ms_to_idx=index, **black)

    def begin(self, shot: Shot) -> _State:
        """Pixels at rest, looking at the scene of the first frame."""
        from simgen.sensors._event_pixels import Pixels

        around = shot.surroundings
        look = _look(self.camera.capture(shot))
        # numba's integers are signed: 63 bits
        keys = {kind: stream_key(around.seed, "events", self.name, kind) >> 1 for kind in ("real", "ideal")}
        ideal = None
        if "ideal" in self.outputs:
            ideal = Pixels.start(self.circuit.ideal(), keys["ideal"], look, around.threads)
        real = Pixels.start(self.circuit, keys["real"], look, around.threads)
        return _State(look=look, pixels=real, ideal=ideal)

    def fold(self, shot: Shot, state: _State) -> tuple[EventFrame, _State]:
        """The events since the frame before, and the images and labels of now."""
        from simgen.sensors._event_pixels import joined

        start = state.look.time_ns
        count, motion = self._sub_steps(shot, start)
        instants = [start + (shot.time_ns - start) * k // count for k in range(1, count)] if count else []
        step, look = replace(self.camera, outputs=("linear",)), state.look
        memories: list[Pixels] = [p.copy() for p in (state.pixels, state.ideal) if p is not None]
        tables: list[list[Events]] = [[] for _ in memories]
        final = self.camera.capture(shot)
        for k in range(count):
            now = step.capture(_at(shot, instants[k])) if k < count - 1 else final
            later = _look(now)
            for row, memory in enumerate(memories):
                events, memories[row] = memory.step(look, later)
                tables[row].append(events)
            look = later
        frame = self._frame(final, [joined(parts) for parts in tables], start, count, motion)
        return frame, _State(look=_look(final), pixels=memories[0], ideal=memories[1] if len(memories) > 1 else None)

    def _frame(
        self, picture: CameraFrame, events: list[Events], start_ns: int, steps: int, motion: float
    ) -> EventFrame:
        from simgen.sensors._event_pixels import milliseconds

        images: dict[str, Any] = {name: getattr(picture, name) for name in ("rgb", "linear") if name in self.outputs}
        if "luminance" in self.outputs:
            assert picture.linear is not None
            red, green, blue = (picture.linear[..., c] for c in range(3))
            images["luminance"] = np.float32(0.2126) * red + np.float32(0.7152) * green + np.float32(0.0722) * blue
        labels = {n: getattr(picture, n) for n in ("depth", "semantic", "instance", "normal", "flow", "flow_valid")}
        both = [
            EventFrame(
                time_ns=picture.time_ns,
                stamp_ns=picture.stamp_ns,
                world_from_sensor=picture.world_from_sensor,
                K=picture.K,
                exposure=picture.exposure,
                start_ns=np.array([start_ns], np.int64),
                steps=np.array([steps], np.uint16),
                motion_px=np.array([motion], np.float32),
                events=table,
                ms_to_idx=milliseconds(table, start_ns, picture.time_ns),
            )
            for table in events
        ]
        return both[0].replace(**images, **labels, ideal=both[1] if len(both) > 1 else None)

    def _sub_steps(self, shot: Shot, start_ns: int) -> tuple[int, float]:
        """How many sub-steps the window has, and the largest image motion in one (0 if it was not measured)."""
        if start_ns >= shot.time_ns:
            return 0, 0.0
        if self.steps is not None:
            return self.steps, 0.0
        motion = self._motion(shot, start_ns)
        count = min(max(math.ceil(motion / self.max_motion_px), 1), self.max_steps)
        return count, motion / count

    def _motion(self, shot: Shot, start_ns: int) -> float:
        """Largest image motion over the window, px: flow of a coarse image over a short part at either end, scaled."""
        fine, span = self.camera.projection, shot.time_ns - start_ns
        part, longest = max(span // _PART, 1), 0.0
        coarse = Camera(
            name=self.name,
            width=max(fine.width // _COARSE, 1),
            height=max(fine.height // _COARSE, 1),
            focal_px=fine.fx / _COARSE,
            near_m=self.near_m,
            antialias=0,
            sky_rays=0,
            outputs=("flow",),
        )
        for begin in (start_ns, shot.time_ns - part):
            here = replace(shot, time_ns=begin, next_time_ns=begin + part, next_view=shot.view, next_track=shot.track)
            flow = coarse.capture(here).flow
            assert flow is not None
            longest = max(longest, float(np.sqrt((flow.astype(np.float64) ** 2).sum(-1)).max()))
        return longest * _COARSE * span / part


def _look(picture: CameraFrame) -> Look:
    from simgen.sensors._event_pixels import Look

    assert picture.linear is not None
    assert picture.instance is not None
    assert picture.semantic is not None
    return Look(time_ns=picture.time_ns, linear=picture.linear, instance=picture.instance, semantic=picture.semantic)


def _at(shot: Shot, time_ns: int) -> Shot:
    """The same view at another instant of its window."""
    return replace(shot, time_ns=time_ns, next_time_ns=None, next_view=None, next_track=None)
