"""One picture: rays in tiles, then what needs neighbours, then exposure."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import pose_matrix
from simgen.kernels import camera as kernels
from simgen.kernels import image
from simgen.kernels.cover_tables import Cover
from simgen.kernels.half import halve_normals
from simgen.kernels.jit import version_for
from simgen.kernels.tiles import run_tiles
from simgen.kernels.wave import AIRLIGHT, LESS, PLACE_START, Layers, Lighting, Onward, Wave, new_wave
from simgen.records.base import F2, F4, F8, U1
from simgen.records.frames import CameraFrame
from simgen.records.rays import Rays
from simgen.records.surroundings import Shot
from simgen.sensors._camera_extra import Extra
from simgen.sensors._camera_flicker import pulsed
from simgen.sensors._camera_lamps import lamp_rows, light_staged, light_tile
from simgen.sensors._camera_layer import covering
from simgen.sensors._camera_light import lighting, lighting_sky
from simgen.sensors._camera_meter import Settings, centre_luminance, settle
from simgen.sensors._camera_onward import Follower, frame_onward, no_rays, nowhere
from simgen.sensors._camera_tables import (
    bodies_of,
    centre_places,
    new_layers,
    optics_of,
    seeing,
    shapes_of,
    sky_directions,
)
from simgen.sensors._camera_tone import adapted, average_luminance, curve, ev_of_average
from simgen.sensors._cover import cover_of

if TYPE_CHECKING:
    from simgen.sensors._camera_air import Air
    from simgen.sensors._streak_reach import Reach
    from simgen.sensors.camera import Camera

#: rays a tile: their scratch (about 250 bytes a ray) stays in the second-level cache
TILE: Final = 2048
#: the same without a native engine, where every tile costs a few calls from Python
COARSE_TILE: Final = 65536
#: rows a tile of the kernels that look at neighbours
ROWS: Final = 16
_local = threading.local()


def _frame_layers(count: int, flow: bool) -> Layers:
    """Room for a whole frame. What no frame keeps is used again: fresh memory costs a page fault every 4 KiB."""
    kept = getattr(_local, "layers", None)
    if kept is None or len(kept.key) != count:
        kept = _local.layers = new_layers(count, False)
    moved = count if flow else 0
    return kept._replace(
        instance=np.empty(count, np.uint32),
        semantic=np.empty(count, np.uint16),
        flow=np.empty((moved, 2), np.float32),
        flow_valid=np.empty(moved, np.uint8),
    )


class Picture:
    """The making of one frame."""

    def __init__(self, camera: Camera, shot: Shot, ev: float | None = None) -> None:
        """``ev``: the exposure that the camera has come to, if it does not follow at once."""
        self.camera, self.shot, self.view, self.given_ev = camera, shot, shot.view, ev
        self.threads = shot.surroundings.threads
        self.width, self.height = camera.width, camera.height
        motion, stage, field = shot.view.motion, shot.surroundings.stage, shot.surroundings.light
        if camera.faults.led_flicker is not None:
            stage = pulsed(camera, shot, ev)
        self.shapes = shapes_of(stage)
        daylight = 0.0 if stage.indoor else field.horizontal_lux
        lamps = lamp_rows(stage.lamps, motion, motion.ray_time(shot.time_ns), daylight)
        if camera.quality == "fast" and len(stage.openings.body):
            lamps = np.concatenate([lamps, lamp_rows(stage.openings, motion, 0.0)])
        self.medium, self.above = shot.surroundings.medium, covering(shot.surroundings.volumes)
        light = lighting(field, self.medium, self.above)
        rooms = (np.array(stage.rooms, np.float64).reshape(-1, 6) - np.tile(motion.origin, 2)).astype(np.float32)
        self.light: Lighting = light._replace(lamps=lamps, indoor=stage.indoor, rooms=rooms)
        #: how far drops and flakes are drawn one by one, if there are any
        self.reach = self._reach()
        #: share of every pixel that they leave, once they are drawn
        self.passed: F4 | None = None
        self.bodies = bodies_of(shot.view.motion)
        #: what weather leaves on surfaces, if anything
        self.cover = cover_of(shot)
        self.optics = optics_of(camera, shot.track, shot.view.motion, shot.time_ns)
        lens = camera.projection
        self.lens = np.array([lens.fx, lens.fy, lens.cx, lens.cy])
        self.centres = centre_places(lens, self.threads)
        # kernels that look at neighbours find a pinhole's rays faster themselves
        self.seeing = seeing(lens, self.threads)
        self.rays = self.centres if self.centres.shape[1] > 2 else np.empty((0, PLACE_START), np.float32)
        self.air = self._air()
        self.follower = Follower(self.width, self.height, self.light.indoor, self.threads, self._onward)
        self.next_view, self.next_bodies, self.next_optics = shot.view, self.bodies, self.optics
        self.flow = kernels.FLOW_OFF
        if "flow" in camera.outputs:
            self.flow = kernels.FLOW_LAST
            if shot.next_view is not None and shot.next_track is not None and shot.next_time_ns is not None:
                self.flow, self.next_view = kernels.FLOW_ON, shot.next_view
                self.next_bodies = bodies_of(shot.next_view.motion)
                self.next_optics = optics_of(camera, shot.next_track, shot.next_view.motion, shot.next_time_ns)

    def _reach(self) -> Reach | None:
        """What is drawn one by one, which is taken out of the medium; nothing under a roof."""
        around, indoor = self.shot.surroundings, self.light.indoor and not len(self.light.rooms)
        falls = around.particles or any(volume.particles for volume in around.volumes)
        if not falls or indoor or not self.camera.particles:
            return None
        from simgen.sensors._streak_reach import likely_exposure_s, reach_of

        reach = reach_of(self.camera, self.shot, likely_exposure_s(self.camera, self.shot, self.given_ev))
        if reach is not None:
            values = self.light.values.copy()
            values[LESS] = reach.depth
            self.light = self.light._replace(values=values)
        return reach

    def frame(self) -> CameraFrame:
        """Rays, light, exposure, labels."""
        count, camera = self.width * self.height, self.camera
        layers = _frame_layers(count, self.flow != kernels.FLOW_OFF)
        high = camera.quality == "high"
        follows = camera.reflections > 0 and not high
        onward = frame_onward(count) if follows else nowhere()
        self.trace(self.centres, layers, self.flow, onward, sky=0 if high else None)
        if follows:
            self.follower.follow(self.centres, layers, onward, camera.reflections, np.empty(0, np.float32))
        share, logs = self._combine(layers)
        if high:
            # loaded and compiled for those cameras alone; they need to know how long the shutter is open
            from simgen.sensors._camera_high import light_up

            self._expose(layers, logs)
            logs = light_up(self, layers)
        white, plain = self._expose(layers, logs).white, camera.is_ideal
        keep = "linear" in camera.outputs or not plain
        linear = layers.light[:, :3].copy() if keep else np.empty((0, 3), np.float32)
        if not high:
            Extra(self, layers, onward, share, white, linear).refine()
        if self.reach is not None:
            # loaded and compiled only where something falls
            from simgen.sensors._camera_streaks import draw

            self.passed = draw(self, layers, linear, self.reach)
        rgb, depth = np.empty((count, 3), np.uint8), np.empty(count, np.float32)
        normal, table = np.empty((count if "normal" in camera.outputs else 0, 3), np.float16), curve()

        def finish(first: int, last: int) -> None:
            if plain or "ideal" in camera.outputs:
                image.develop(first, last, layers.light, white, table, rgb)
            depth[first:last] = layers.surface[first:last, 0]
            if len(normal):
                halve_normals(first, last, layers.surface, normal.view(np.uint16))

        run_tiles(finish, count, 32768, self.threads)
        frame = self._frame(layers, rgb, depth, normal, linear, white)
        if "glass" in camera.outputs:
            from simgen.sensors._camera_glass import left_clear

            frame = frame.replace(glass=left_clear(camera, self.shot))
        if "transmittance" in camera.outputs:
            from simgen.sensors._camera_seen import transmittance

            frame = frame.replace(transmittance=transmittance(self, layers).reshape(self.height, self.width))
        if plain and "ideal" not in camera.outputs:
            return frame
        from simgen.sensors._camera_process import delivered

        return delivered(camera, self.shot, frame, linear.reshape(self.height, self.width, -1), self.settings)

    def _air(self) -> Air | None:
        """Volumes and lit air, if there are any."""
        around = self.shot.surroundings
        dims = any(volume.dims for volume in around.volumes)
        if not dims and (not len(self.light.lamps) or not around.medium.lobes.any()):
            return None
        # loaded and compiled for those pictures alone
        from simgen.sensors._camera_air import Air, matters

        if dims or matters(self.light.lamps, self.medium, self.light.values[AIRLIGHT]):
            return Air(self)
        return None

    def lit_sky(self) -> F4:
        """The sky's table as it lights surfaces."""
        return lighting_sky(self.shot.surroundings.light, self.medium, self.above)

    def _expose(self, layers: Layers, logs: F8) -> Settings:
        """The exposure; ``metered`` is what the camera would like best for this picture."""
        average = average_luminance(logs, self.seeing)
        if self.camera.exposure.metering == "centre":
            average = centre_luminance(layers.light, self.width, self.height)
        if not self.camera.optics.is_clear:
            from simgen.sensors._camera_glass import lens_share

            average *= lens_share(self.camera)
        self.metered = ev_of_average(adapted(average))
        self.ev = self.metered if self.given_ev is None else self.given_ev
        self.settings = settle(self.camera, self.ev, self.shot.time_ns)
        return self.settings

    def _frame(self, layers: Layers, rgb: U1, depth: F4, normal: F2, linear: F4, white: float) -> CameraFrame:
        shape, outputs = (self.height, self.width), self.camera.outputs
        position, quaternion = self.shot.track.at(self.shot.time_ns)
        flow, along_axis = self.flow != kernels.FLOW_OFF, self.camera.projection.measure == "depth"
        return CameraFrame(
            time_ns=self.shot.time_ns,
            stamp_ns=self.shot.time_ns,
            world_from_sensor=pose_matrix(position, quaternion),
            K=self.camera.K,
            exposure=np.array([white], np.float32),
            rgb=rgb.reshape(*shape, 3),
            linear=linear.reshape(*shape, 3) if "linear" in outputs else None,
            depth=depth.reshape(shape) if along_axis else None,
            range=None if along_axis else depth.reshape(shape),
            normal=normal.reshape(*shape, 3) if "normal" in outputs else None,
            semantic=layers.semantic.reshape(shape),
            instance=layers.instance.reshape(shape),
            flow=layers.flow.reshape(*shape, 2) if flow else None,
            flow_valid=layers.flow_valid.reshape(shape) if flow else None,
        )

    def _combine(self, layers: Layers) -> tuple[F4, F8]:
        """Sun and sky together; what came of the sky at each pixel, and the logarithms for exposure."""
        width, height, count = self.width, self.height, self.width * self.height
        smooth = np.empty(count if self.camera.sky_rays else 0, np.float32)
        share, logs = np.empty(count, np.float32), np.empty(height)
        surface, light, free = layers.surface, layers.light, layers.open
        lens, rays = self.lens, self.rays
        indoor = self.light.indoor

        def smoothed(a: int, b: int) -> None:
            image.smooth_sky(a, b, width, height, lens, rays, surface, free, smooth)

        def combined(a: int, b: int) -> None:
            image.combine(a, b, width, height, lens, rays, surface, light, smooth, indoor, share, logs)

        if self.camera.sky_rays:
            run_tiles(smoothed, height, ROWS, self.threads)
            if indoor and not len(self.light.rooms):
                smooth = self._widened(surface, smooth)
        run_tiles(combined, height, ROWS, self.threads)
        return share, logs

    def _widened(self, surface: F4, smooth: F4) -> F4:
        """The sky's share, averaged over growing distances."""
        from simgen.kernels.indoor import widen

        width, height, lens, rays, out = self.width, self.height, self.lens, self.rays, np.empty_like(smooth)

        def widened(a: int, b: int, step: int, source: F4, goal: F4) -> None:
            widen(a, b, width, height, lens, rays, surface, step, source, goal)

        for step in (4, 8, 16):
            run_tiles(partial(widened, step=step, source=smooth, goal=out), height, ROWS, self.threads)
            smooth, out = out, smooth
        return smooth

    def _onward(self, places: F4, layers: Layers, given: F4, onward: Onward) -> None:
        """Rays that mirrors and panes send on."""
        self.trace(places, layers, kernels.FLOW_OFF, onward, given=given)

    def _light_of(self, given: F4) -> Lighting:
        """The light for rays: what is drawn one by one is taken out of the air before the camera alone."""
        if self.reach is None or not len(given):
            return self.light
        values = self.light.values.copy()
        values[LESS] = 0.0
        return self.light._replace(values=values)

    def trace(
        self,
        places: F4,
        layers: Layers,
        flow: int,
        onward: Onward,
        *,
        sky: int | None = None,
        given: F4 | None = None,
    ) -> None:
        """Rays through image positions, or those given, with whatever engine there is."""
        rays = self.camera.sky_rays if sky is None else sky
        given = no_rays() if given is None else given
        native, following = self.view.native, self.next_view.native
        if native is None or following is None:
            run_tiles(
                lambda a, b: self._staged(a, b, places, given, layers, onward, flow, rays), len(places), COARSE_TILE, 1
            )
            return
        directions = sky_directions()

        light = self._light_of(given)
        lit = len(light.lamps) > 0 and self.camera.quality == "fast"
        whole, more = self._whole()
        # what mirrors and panes send on is seen without it
        air = None if len(given) else self.air

        before = (
            native.intersect16,
            native.intersect8,
            native.occluded16,
            native.occluded8,
            native.scene,
            following.scene,
            self.shapes,
            self.bodies,
            self.optics,
            light,
            directions,
            rays,
            flow,
            self.next_bodies,
            self.next_optics,
            places,
            given,
        )
        # tiles differ in numbers, not in types
        whole = version_for(whole, (0, *before, _scratch(TILE), layers, onward, *more))

        def tile(start: int, stop: int) -> None:
            wave = _scratch(stop - start)
            whole(start, *before, wave, layers, onward, *more)
            if lit:
                light_tile(start, native, light, wave, layers, onward)
            if air is not None:
                air.veil(start, places, wave, layers, onward)

        run_tiles(tile, len(places), TILE, self.threads)

    def _whole(self) -> tuple[Callable[..., None], tuple[Cover, ...]]:
        """The kernel that does it all, and what it takes besides: another one where weather has left something."""
        if self.cover is None:
            return kernels.trace_tile, ()
        from simgen.kernels.camera_cover import trace_covered

        return trace_covered, (self.cover,)

    def lay(self, places: F4, given: F4, first: int, wave: Wave, layers: Layers) -> None:
        """What weather leaves on the surfaces that a wave has found, if it does."""
        if self.cover is not None:
            from simgen.kernels.camera_cover import stage_cover

            stage_cover(self.cover, self.shapes, self.optics, self.light, places, given, first, wave, layers)

    def _staged(
        self, first: int, last: int, places: F4, given: F4, layers: Layers, onward: Onward, flow: int, sky: int
    ) -> None:
        """The same stages around an engine that is asked from Python."""
        wave, light = new_wave(last - first), self._light_of(given)
        kernels.stage_aim(self.optics, places, given, first, wave)
        hits = self.view.cast(_rays(wave))
        wave = wave._replace(
            distance=hits.distance, instance=hits.instance, triangle=hits.triangle, barycentric=hits.barycentric
        )
        kernels.stage_resolve(self.shapes, self.bodies, self.optics, light, places, given, first, wave, layers)
        self.lay(places, given, first, wave, layers)
        wave.blocked[:] = self.view.occluded(_rays(wave))
        kernels.stage_sky(light, sky_directions(), places, first, wave, sky, layers)
        wave.blocked[:] = self.view.occluded(_rays(wave))
        following = self.next_bodies, self.next_optics
        kernels.stage_shade(
            self.shapes, self.optics, light, flow, *following, places, given, first, wave, layers, onward
        )
        if flow != kernels.FLOW_OFF:
            wave.blocked[:] = self.next_view.occluded(_rays(wave))
            kernels.stage_judge(wave, layers, first)
        if len(light.lamps) and self.camera.quality == "fast":
            light_staged(first, self.view.occluded, light, wave, layers, onward)
        if self.air is not None and not len(given):
            self.air.veil(first, places, wave, layers, onward)


def _scratch(count: int) -> Wave:
    """This thread's scratch for that many rays; fresh memory for every tile would cost a page fault every 4 KiB."""
    whole = getattr(_local, "wave", None)
    if whole is None:
        whole = _local.wave = new_wave(TILE)
    return whole if count == TILE else Wave._make(column[:count] for column in whole)


def _rays(wave: Wave) -> Rays:
    return Rays(origin=wave.origin, direction=wave.direction, time=wave.time, near=wave.near, far=wave.far)
