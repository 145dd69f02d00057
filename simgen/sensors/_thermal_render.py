"""One thermal image before the detector: rays spread over the pixel and over its memory, and the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.geometry import matrix_from_quat
from simgen.kernels import thermal as kernels
from simgen.kernels import thermal_heat as heat
from simgen.kernels.tiles import Tile, run_tiles
from simgen.kernels.volume_tables import Volumes
from simgen.records.base import F4, F8, U2, U4
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.records.rays import Hits, Rays
from simgen.records.surroundings import Shot
from simgen.sensors._camera_tables import bodies_of, shapes_of, sub_pixel
from simgen.sensors._cover import cover_of, lying_at
from simgen.sensors._thermal_air import Air
from simgen.sensors._thermal_band import COLDEST_K, STEP_K, ZERO_C, brightness, radiance
from simgen.sensors._thermal_surfaces import instance_rows, surface_rows
from simgen.sensors._volumes import infrared_volumes
from simgen.taxonomy import class_id
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.sensors.thermal_camera import ThermalCamera

#: rays a tile
_TILE: Final = 16_384
#: luminous efficacy of daylight, lm/W (Littlefair 1985)
EFFICACY_LM_W: Final = 110.0


#: share of a wet surface's warmth over the air that evaporation takes (an estimate: as of wet ground in ``lost``)
EVAPORATED: Final = 0.7
#: emissivities at 8 to 14 um (Rees, Physical Principles of Remote Sensing); snow and ice are at 0 C at most
WATER_EMISSIVITY: Final = 0.96
ICE_EMISSIVITY: Final = 0.97
SNOW_EMISSIVITY: Final = 0.98


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What the pixels' centres show at the frame's instant; all (H, W)."""

    depth: F4
    semantic: U2
    instance: U4
    #: degrees Celsius
    surface_temperature: F4
    emissivity: F4


class Scan:
    """The making of one image's radiance and labels."""

    def __init__(self, camera: ThermalCamera, shot: Shot, air: Air) -> None:
        self.camera, self.shot, self.view, self.air = camera, shot, shot.view, air
        around = shot.surroundings
        self.threads, self.count = around.threads, camera.width * camera.height
        self.shapes, self.bodies = shapes_of(around.stage), bodies_of(shot.view.motion)
        table = camera.band_table
        self.cover = cover_of(shot)
        self.matter = heat.Matter(
            surfaces=surface_rows(around.stage.surfaces, camera.air_temperature_c),
            instances=instance_rows(around.stage, around.driven, around.seed),
            world=world_of(around.light, air, float(radiance(table, np.array(air.kelvin))), camera.wind_m_s),
            band=table,
            coldest=COLDEST_K,
            step=STEP_K,
            sky=air.sky,
        )
        self.rays, self.ground = _rays(self.count), _ground(self.count)
        self.volumes = infrared_volumes(around.volumes, camera.band_um, shot.view.motion.origin)

    def radiance(self) -> F8:
        """Mean band radiance of every pixel over its area and the detector's memory, (H, W), W/(m2 sr)."""
        total, samples = np.zeros(self.count), self.camera.samples
        shifts = sub_pixel(samples)
        for k in range(samples):
            # the middles of equal shares of an exponential memory
            age = -self.camera.time_constant_s * math.log1p(-(k + 0.5) / samples)
            time_ns = self.shot.time_ns - round(age * 1e9)
            self._cast(time_ns, shifts[k].astype(np.float64), mirror=True)
            if self.volumes is None:
                self._send(1.0 / samples, total)
            else:
                total += self._sent_through(self.volumes, time_ns) / samples
        return total.reshape(self.camera.height, self.camera.width)

    def labels(self) -> Labels:
        """Of the pixels' centres, at the frame's instant."""
        shape, ground = (self.camera.height, self.camera.width), self.ground
        axis = self._cast(self.shot.time_ns, np.array([0.5, 0.5]), mirror=False)
        depth, semantic = np.empty(self.count, np.float32), np.empty(self.count, np.uint16)
        instance = np.empty(self.count, np.uint32)
        sky = class_id("sky")
        self._tiles(
            lambda a, b: kernels.label(a, b, self.shapes, ground, axis, sky, depth, semantic, instance),
        )
        kelvin = ground.kelvin.astype(np.float64)
        missed = ground.surface < 0
        kelvin[missed] = self._sky_kelvin(ground.direction[missed, 2])
        return Labels(
            depth=depth.reshape(shape),
            semantic=semantic.reshape(shape),
            instance=instance.reshape(shape),
            surface_temperature=(kelvin - ZERO_C).astype(np.float32).reshape(shape),
            emissivity=ground.emissivity.copy().reshape(shape),
        )

    def _sky_kelvin(self, sine: F4) -> F8:
        """Brightness temperature where nothing is; below the horizon the air's."""
        rows = len(self.air.sky)
        place = np.clip(sine.astype(np.float64) * rows - 0.5, 0.0, rows - 1.001)
        value = np.interp(place, np.arange(rows), self.air.sky)
        return np.where(sine > 0.0, brightness(self.camera.band_table, value), self.air.kelvin)

    def _cast(self, time_ns: int, shift: F8, *, mirror: bool) -> F8:
        """Rays to the scene and to the sun; temperatures are known after. Returns the optical axis."""
        camera, motion = self.camera, self.view.motion
        position, quaternion = self.shot.track.at(time_ns)
        turn = matrix_from_quat(quaternion)
        pose = np.concatenate([position - motion.origin, turn.ravel()])
        when = min(max(motion.ray_time(time_ns), 0.0), 1.0)
        optics = camera.projection
        lens = np.array([optics.fx, optics.fy, optics.cx, optics.cy, camera.near_m])
        self._tiles(lambda a, b: kernels.aim(a, b, camera.width, lens, pose, when, shift, self.rays))
        hits = self._trace()
        lying = None
        if self.cover is not None:
            rays = Rays(**{name: getattr(self.rays, name) for name in self.rays._fields})
            lying = lying_at(self.shot, self.cover, self.shapes, self.bodies, rays, hits, 1.0 / optics.fx)
        self._tiles(
            lambda a, b: kernels.meet(a, b, self.shapes, self.bodies, self.matter, self.rays, *hits, self.ground)
        )
        shade = self._trace()[1] if bool((self.rays.far > 0.0).any()) else hits[1]
        self._tiles(
            lambda a, b: kernels.warm(
                a, b, self.shapes, self.bodies, self.matter, self.rays, shade, self.ground, mirror
            )
        )
        if lying is not None:
            self._cool(lying)
        return np.ascontiguousarray(turn[:, 2])

    def _cool(self, lying: F4) -> None:
        """What lies on surfaces has temperatures and emissivities of its own; skin stays warm."""
        ground, air = self.ground, self.air.kelvin
        free = np.isnan(self.matter.surfaces[np.maximum(ground.surface, 0), heat.FIXED]) & (ground.surface >= 0)
        film, pool, snow, ice = (lying[:, k].astype(np.float64) * free for k in range(4))
        kelvin, emissivity = ground.kelvin.astype(np.float64), ground.emissivity.astype(np.float64)
        wet = kelvin + EVAPORATED * (air - kelvin)
        frozen, snowy = np.minimum(kelvin, ZERO_C), np.full(len(kelvin), min(air, ZERO_C))
        for share, warm, radiates in (
            (np.maximum(film, pool), wet, WATER_EMISSIVITY),
            (ice, frozen, ICE_EMISSIVITY),
            (snow, snowy, SNOW_EMISSIVITY),
        ):
            kelvin += share * (warm - kelvin)
            emissivity += share * (radiates - emissivity)
        ground.kelvin[:], ground.emissivity[:] = kelvin, emissivity

    def _send(self, weight: float, total: F8) -> None:
        """Look along the mirrored directions and add what arrives."""
        hits = self._trace()
        self._tiles(
            lambda a, b: kernels.send(
                a, b, self.shapes, self.bodies, self.matter, self.rays, *hits, self.ground, weight, total
            )
        )

    def _sent_through(self, volumes: Volumes, time_ns: int) -> F8:
        """What arrives through parts of the air that differ, which are as warm as the rest of it."""
        from simgen.kernels.volume_depth import veil

        value, ground = np.zeros(self.count), self.ground
        self._send(1.0, value)
        eye = self.shot.track.at(time_ns)[0] - self.view.motion.origin
        given = volumes.row, volumes.lattice, volumes.extinction, eye, ground.direction, ground.distance
        since, glow = (time_ns - self.shot.time_ns) / NS_PER_S, float(self.matter.world[heat.AIR_RADIANCE])
        self._tiles(lambda a, b: veil(a, b, *given, since, glow, value))
        return value

    def _trace(self) -> tuple[F4, U4, U4, F4]:
        rays = self.rays
        hits: Hits = self.view.cast(
            Rays(origin=rays.origin, direction=rays.direction, time=rays.time, near=rays.near, far=rays.far)
        )
        return hits.distance, hits.instance, hits.triangle, hits.barycentric

    def _tiles(self, function: Tile) -> None:
        run_tiles(function, self.count, _TILE, self.threads)


def world_of(light: LightField, air: Air, air_radiance: float, wind_m_s: float) -> F8:
    """What surfaces are in, for the kernels: air, sky, sun and wind."""
    weights = np.array(LUMINANCE_RGB)
    rows = light.sky.shape[0]
    edges = np.cos(np.arange(rows + 1) * (math.pi / rows))
    # cosine-weighted solid angle of each row of the upper half
    flat = np.maximum(edges, 0.0)
    share = math.pi * (flat[:-1] ** 2 - flat[1:] ** 2)
    sky_lux = float((((light.sky.astype(np.float64) * weights).sum(-1)).mean(-1) * share).sum())
    sun_lux = float((light.sun_illuminance.astype(np.float64) * weights).sum())
    world = np.zeros(heat.WORLD_ENTRIES)
    world[heat.AIR], world[heat.EXTINCTION], world[heat.AIR_RADIANCE] = (
        air.kelvin,
        air.extinction,
        air_radiance,
    )
    world[heat.SKY_MEAN], world[heat.SKY_DOWN] = air.sky_mean, air.down_w_m2
    world[heat.SUN_W], world[heat.SKY_W] = sun_lux / EFFICACY_LM_W, sky_lux / EFFICACY_LM_W
    world[heat.CONVECTION] = 5.7 + 3.8 * wind_m_s
    world[heat.SUN :] = light.sun_direction
    return world


def _rays(count: int) -> kernels.Rays:
    f = np.float32
    return kernels.Rays(
        np.empty((count, 3), f), np.empty((count, 3), f), np.empty(count, f), np.empty(count, f), np.empty(count, f)
    )


def _ground(count: int) -> kernels.Ground:
    f = np.float32
    return kernels.Ground(
        np.empty(count, np.int32),
        np.empty(count, np.uint32),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty((count, kernels.STATE_COLUMNS), f),
        np.empty(count, f),
        np.empty(count, f),
    )


__all__ = ["Labels", "Scan", "world_of"]
