"""Small stages for radar tests: things of helpers_lidar, looked at by a radar at the origin or on a carrier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from helpers_lidar import MS, Thing, motion_between, open_named, stage_of, track_of, wall
from helpers_stage import dome

from simgen.records.air import Medium
from simgen.records.mesh import Surface
from simgen.records.radar import RadarFrame
from simgen.records.surroundings import Shot, Surroundings
from simgen.sensors._radar_device import Scan
from simgen.sensors._radar_scan import take_echoes
from simgen.sensors.radar import Radar

METAL = Surface(class_name="object", roughness=0.3, metallic=1.0)
NARROW = Scan(
    name="narrow",
    azimuth_deg=6.0,
    elevation_deg=6.0,
    max_range_m=200.0,
    bandwidth_hz=1e9,
    frame_s=0.02,
    chirp_s=50e-6,
    azimuth_resolution_deg=1.0,
    elevation_resolution_deg=1.0,
    gain_dbi=20.0,
    azimuth_beam_deg=360.0,
    elevation_beam_deg=360.0,
    range_accuracy_m=0.0,
    azimuth_accuracy_deg=0.0,
    elevation_accuracy_deg=0.0,
    velocity_accuracy_m_s=0.0,
    azimuth_step_deg=0.1,
    elevation_step_deg=0.1,
)


def radar_of(*scans: Scan, **fields) -> Radar:
    """A radar of given scans at 77 GHz, without bounces unless asked for."""
    values = {"name": "radar", "frequency_hz": 77e9, "scans": scans or (NARROW,), "bounces": False} | fields
    return Radar(**values)


def scan(**changes) -> Scan:
    """The narrow scan with changes."""
    return replace(NARROW, **changes)


class Site:
    """Things around a radar; ``shot`` and ``take`` as often as wanted. Use as a context."""

    def __init__(self, things, *, carrier=None, ego=(), particles=(), medium=None, seed=1, engine="embree", threads=1):
        self.things, self.carrier = things, carrier or Thing(wall(1.0))
        self.stage = stage_of(things)
        self.around = Surroundings(
            stage=self.stage,
            light=dome(0.0),
            medium=medium or Medium.clear(),
            particles=particles,
            seed=seed,
            ego_instances=ego,
            threads=threads,
        )
        self.engine = open_named(engine, self.stage, threads)
        self.views = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for view in self.views:
            view.close()
        self.engine.close()

    def shot(self, index: int = 0, time_ns: int = 0, half_ns: int = 12 * MS) -> Shot:
        window = time_ns - half_ns, time_ns + half_ns
        view = self.engine.place(motion_between(self.things, *window))
        self.views.append(view)
        return Shot(
            index=index, time_ns=time_ns, view=view, track=track_of(self.carrier, *window), surroundings=self.around
        )

    def take(self, radar: Radar, **where) -> RadarFrame:
        return radar.capture(self.shot(**where))


def cross_section(things, label: int = 0, *, frames: int = 4, **changes) -> float:
    """Summed cross-section of what carries a label, m2: the mean of some frames (the grid moves)."""
    radar = radar_of(scan(**changes))
    found = []
    with Site(things) as site:
        for index in range(frames):
            echoes = take_echoes(radar.device, radar.scans[0], site.shot(index), "radar", bounces=False)
            seen = (echoes.power > 0.0) & (echoes.source == label)
            found.append(float(np.sum(echoes.rcs[seen])))
    return float(np.mean(found))


def asset_cross_sections(
    asset, azimuths_deg, *, distance: float = 25.0, height: float = 0.6, frames: int = 3
) -> np.ndarray:
    """Cross-sections of an asset seen from around, m2: 0 degrees is its front. It stands on absorbing ground."""
    from simgen.assembly import assemble
    from simgen.engine import Renderer, Tick
    from simgen.light.constant import Constant
    from simgen.physics import simulate
    from simgen.scene import Clock, Entity, Scene
    from simgen.sensors.base import Mount
    from simgen.worlds.empty import Empty

    wide = scan(azimuth_deg=14.0, elevation_deg=9.0, azimuth_step_deg=0.15, elevation_step_deg=0.15)
    sensors = []
    for k, angle in enumerate(np.radians(azimuths_deg)):
        eye = (distance * np.cos(angle), distance * np.sin(angle), height)
        sensors.append(radar_of(wide, name=f"r{k}", mount=Mount(position_m=eye, look_at_m=(0.0, 0.0, height))))
    scene = Scene(
        name="one",
        seed=3,
        clock=Clock(duration_s=0.1),
        world=Empty(size_m=80.0),
        light=Constant(),
        entities=(Entity(name="it", instance=1, asset=asset, position=(0.0, 0.0, 0.0), physics="static"),),
        sensors=tuple(sensors),
    )
    assembly = assemble(scene)
    out = np.zeros(len(sensors))
    with Renderer(assembly, simulate(assembly), threads=1) as renderer:
        for k, sensor in enumerate(sensors):
            for index in range(frames):
                tick = Tick(time_ns=0, order=k, sensor=sensor, index=index, count=frames, next_ns=None)
                echoes = take_echoes(sensor.device, wide, renderer.shot(tick), sensor.name, bounces=False)
                out[k] += float(np.sum(echoes.rcs[(echoes.power > 0.0) & (echoes.source == 1)])) / frames
    return out
