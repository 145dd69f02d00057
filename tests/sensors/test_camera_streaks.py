"""Drops and flakes in pictures: as long, dark and bright as geometry and optics have them, and hidden like things."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, track

import simgen.sensors._camera_streaks as drawing
from simgen.records.air import Medium, Near, Particles
from simgen.records.lights import Lamp, LampTable, LightField
from simgen.records.mesh import Surface
from simgen.records.surroundings import Shot
from simgen.records.volume import Volume
from simgen.sensors import _drop_scatter as scatter
from simgen.sensors import _streak_reach as reaching
from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_lens import Lens
from simgen.sensors._camera_optics import Optics
from simgen.sensors.camera import Camera

LUMINANCE = 1000.0
BEHIND = Part(mesh=box((0.1, 0.1, 0.1), (-50.0, 0.0, 0.0)))
#: half of the longest exposure
HALF_NS = 50_000_000


def rain(looks: Any = "water", reflectivity: float = 0.02, density: float = 1.0) -> Particles:
    return Particles(
        diameter=np.array([2e-3]),
        density=np.array([density]),
        fall_speed=np.array([6.5]),
        looks=looks,
        reflectivity=reflectivity,
    )


BLACK = rain("flake", 0.0)


def camera(time_s: float = 0.0, **fields: Any) -> Camera:
    """A focal length of 1000 px unless told otherwise."""
    base: dict[str, Any] = {"name": "eye", "width": 96, "height": 80, "outputs": ("linear",), "antialias": 0}
    if "hfov_deg" not in fields:
        base["focal_px"] = 1000.0
    if time_s:
        base["exposure"] = Exposure(mode="manual", time_s=time_s, iso=100.0)
    return Camera(**(base | fields))


def drops(*rows: Sequence[float]) -> Near:
    """Particles by hand: x, y, z, velocity, diameter."""
    table = np.array(rows, float).reshape(-1, 7)
    return Near(
        position=np.ascontiguousarray(table[:, :3]),
        velocity=np.ascontiguousarray(table[:, 3:6]),
        diameter=np.ascontiguousarray(table[:, 6]),
        kind=np.zeros(len(table), np.uint8),
        size=np.zeros(len(table), np.uint16),
        key=np.arange(len(table), dtype=np.uint64) << np.uint64(41),
    )


class Scene:
    """A bench whose drops are those given, or with ``None`` those of the field."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, bench: Bench) -> None:
        self.patch, self.bench = monkeypatch, bench

    def shot(self, kind: Particles | None, threads: int = 1, where: Any = None, **more: Any) -> Shot:
        shot = self.bench.shot(where or track(), threads=threads)
        kinds = () if kind is None else (kind,)
        return replace(shot, surroundings=replace(shot.surroundings, particles=kinds, **more))

    def linear(self, eye: Camera, kind: Particles | None, found: Near | None = None, **more: Any) -> np.ndarray:
        if found is not None:
            self.patch.setattr(drawing, "near", lambda *_: found)
        picture = eye.capture(self.shot(kind, **more)).linear
        assert picture is not None
        return picture.astype(np.float64)


@pytest.fixture
def open_air(monkeypatch: pytest.MonkeyPatch):
    with Bench([BEHIND], dome(LUMINANCE)) as bench:
        yield Scene(monkeypatch, bench)


def lost(picture: np.ndarray) -> np.ndarray:
    """Share of every pixel that is gone, green."""
    return np.asarray(1.0 - picture[..., 1] / LUMINANCE)


def middle_of(share: np.ndarray) -> np.ndarray:
    v, u = np.mgrid[0 : share.shape[0], 0 : share.shape[1]] + 0.5
    return np.array([(share * u).sum(), (share * v).sum()]) / share.sum()


def test_a_streak_is_as_long_as_the_drop_falls(open_air: Scene) -> None:
    """8 m/s for 1/125 s at 5 m with f = 1000 px: 12.8 px."""
    share = lost(open_air.linear(camera(1.0 / 125.0), BLACK, drops((5.0, 0.0, 0.0, 0.0, 0.0, -8.0, 2e-3))))
    along = share.sum(1)
    assert along.sum() / along.max() == pytest.approx(12.8, abs=0.02)
    assert (along > 0.5 * along.max()).sum() == pytest.approx(12.8, abs=1.0)
    assert middle_of(share) == pytest.approx([48.0, 40.0], abs=1e-3)


@pytest.mark.parametrize(
    "way", [(0.0, 0.0, 0.0), (0.0, 0.0, -2.0), (0.0, 1.0, -8.0), (0.0, -9.0, -4.0), (3.0, 5.0, -5.1)]
)
@pytest.mark.parametrize("diameter", [0.5e-3, 2e-3, 9e-3])
def test_what_a_drop_hides_is_its_area_whatever_its_speed(open_air: Scene, way: Any, diameter: float) -> None:
    place = (3.0, 0.011, 0.007)
    share = lost(open_air.linear(camera(0.004), BLACK, drops((*place, *way, diameter))))
    # seen aside, a sphere is a little larger: 1 / cos^3
    area = 0.25 * math.pi * (1000.0 * diameter / 3.0) ** 2
    # single precision over thousands of pixels; a disc of a few pixels at a dozen instants
    assert share.sum() == pytest.approx(area, rel=2e-3 if diameter < 5e-3 else 0.03, abs=2e-3)
    assert share.min() > -1e-5


def test_a_clear_drop_in_even_light_is_not_seen(open_air: Scene) -> None:
    found = drops((1.0, 0.0, 0.01, 0.0, 0.0, 0.0, 5e-3), (4.0, 0.05, 0.0, 0.0, 0.0, -6.0, 2e-3))
    picture = open_air.linear(camera(0.002), rain(), found)
    assert np.abs(lost(picture)).max() < 2e-3
    white = open_air.linear(camera(0.002), rain("flake", 0.9), found)
    assert white.min() == pytest.approx(0.9 * LUMINANCE, rel=5e-3)


def test_a_large_drop_shows_the_scene_upside_down(monkeypatch: pytest.MonkeyPatch) -> None:
    sky = np.full((32, 64, 3), 1000.0, np.float32)
    sky[16:] = 10.0
    light = LightField(sun_direction=np.array([0.0, 0.0, 1.0]), sun_illuminance=np.zeros(3, np.float32), sky=sky)
    with Bench([BEHIND], light) as bench:
        scene = Scene(monkeypatch, bench)
        clear = scene.linear(camera(), rain(), drops())
        picture = scene.linear(camera(), rain(), drops((0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 6e-3)))
    assert clear[30, 48, 1] > 900.0 > 20.0 > clear[50, 48, 1]
    # 12 px wide, about row 40
    assert picture[36, 48, 1] < 0.1 * picture[44, 48, 1]
    assert picture[44, 48, 1] > 500.0
    # its rim shows what lies beside it, for the light is bent back there
    assert np.array_equal(picture[:32], clear[:32])


def test_nearer_things_hide_drops(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = Part(mesh=box((0.1, 20.0, 20.0), (3.0, 0.0, 0.0)))
    with Bench([wall], dome(LUMINANCE)) as bench:
        scene, eye = Scene(monkeypatch, bench), camera(0.004)
        bare = scene.linear(eye, BLACK, drops())
        behind = scene.linear(eye, BLACK, drops((4.0, 0.0, 0.0, 0.0, 0.0, -5.0, 2e-3)))
        before = scene.linear(eye, BLACK, drops((2.0, 0.0, 0.0, 0.0, 0.0, -5.0, 2e-3)))
    assert np.array_equal(bare, behind)
    assert (before < bare).any()


def test_the_drops_that_are_drawn_dim_as_their_number_has_it(open_air: Scene) -> None:
    """Black ones in clear air: what is left of even light on average is exp(-number * disc * way)."""
    kind = rain("flake", 0.0, density=100.0).replace(diameter=np.array([8e-3]))
    kind = kind.replace(extinction=np.full((6, 1), 0.5 * math.pi * 8e-3**2))
    eye = camera(0.002, focal_px=120.0)
    reach = reaching.reach_of(eye, open_air.shot(kind), 0.002)
    assert reach is not None
    left = [1.0 - lost(open_air.linear(eye, kind, seed=seed)).mean() for seed in range(12)]
    way = float(reach.far[0][0]) - reaching.NEAREST_M
    depth = 100.0 * 0.25 * math.pi * 8e-3**2 * way
    # the medium holds twice that: what diffraction bends stays in the pixel
    assert reach.depth[1] == pytest.approx(2.0 * depth * (way + reaching.NEAREST_M) / way)
    assert depth > 0.01
    error = float(np.std(left, ddof=1)) / math.sqrt(len(left))
    assert abs(-math.log(np.mean(left)) - depth) < 4.0 * error + 0.01 * depth


@pytest.mark.parametrize("quality", ["fast", "high"])
def test_what_is_drawn_leaves_the_medium(monkeypatch: pytest.MonkeyPatch, quality: str) -> None:
    walls = [
        Part(
            mesh=box((0.1, 40.0, 90.0), (80.0, side * 20.0, 0.0)),
            surface=Surface(class_name="object", roughness=1.0, base_color=(color,) * 3),
        )
        for side, color in ((1.0, 0.9), (-1.0, 0.1))
    ]
    kind = rain(density=2000.0)
    medium = Medium.gray(float(kind.lost(550.0)[0]) + 0.01, 0.0, "rain")
    with Bench(walls, dome(LUMINANCE), medium) as bench:
        scene, eye = Scene(monkeypatch, bench), camera(0.002, quality=quality, samples=4)
        whole = scene.linear(replace(eye, particles=False), kind, drops())
        less = scene.linear(eye, kind, drops())
        shot = scene.shot(kind)
        reach = reaching.reach_of(eye, shot, 0.002)
    assert reach is not None
    assert reach.rest[1] == pytest.approx(0.01)
    contrast = [picture[:, :40, 1].mean() - picture[:, 56:, 1].mean() for picture in (less, whole)]
    assert contrast[0] / contrast[1] == pytest.approx(math.exp(reach.depth[1]), rel=0.01)


def test_one_drop_in_two_cameras_is_one_point(open_air: Scene) -> None:
    place, rays, eyes = np.array([4.0, 0.06, 0.05]), [], []
    for y in (0.0, 0.25):
        share = lost(open_air.linear(camera(), BLACK, drops((*place, 0.0, 0.0, 0.0, 2e-3)), where=track((0.0, y, 0.0))))
        u, v = middle_of(share)
        rays.append(np.array([1.0, -(u - 48.0) / 1000.0, -(v - 40.0) / 1000.0]))
        eyes.append(np.array([0.0, y, 0.0]))
    way = np.linalg.lstsq(np.stack([rays[0], -rays[1]], -1), eyes[1] - eyes[0], rcond=None)[0]
    assert np.allclose(eyes[0] + way[0] * rays[0], place, atol=[0.02, 1e-3, 1e-3])


def test_a_camera_that_moves_sees_drops_rush_by(open_air: Scene) -> None:
    """A hundred metres a second forward for 5 ms: a drop that stands 10 cm aside at 2 m gets farther out."""
    moving = track([(-5.0, 0.0, 0.0), (5.0, 0.0, 0.0)], time_ns=(-HALF_NS, HALF_NS))
    found = drops((2.0, -0.04, 0.0, 0.0, 0.0, 0.0, 1e-3))
    from helpers_stage import motion

    shot = open_air.bench.shot(moving, motion(start_ns=-HALF_NS, end_ns=HALF_NS, position=np.zeros((2, 0, 3))))
    shot = replace(shot, surroundings=replace(shot.surroundings, particles=(BLACK,)))
    open_air.patch.setattr(drawing, "near", lambda *_: found)
    picture = camera(0.005, width=128).capture(shot).linear
    assert picture is not None
    across = lost(picture.astype(float)).sum(0)
    ends = [64.0 + 1000.0 * 0.04 / (2.0 + 0.25 * s) for s in (1.0, -1.0)]
    assert across.sum() / across.max() == pytest.approx(ends[1] - ends[0], abs=0.15)
    assert middle_of(lost(picture.astype(float)))[0] == pytest.approx(sum(ends) / 2.0, abs=0.1)


def test_rows_see_drops_at_their_own_time(open_air: Scene) -> None:
    """A row that is read 10 ms later finds a drop 8 cm lower."""
    eye = camera(readout_s=0.04, height=320)
    from helpers_stage import motion

    still = track([(0.0, 0.0, 0.0)] * 2, time_ns=(-HALF_NS, HALF_NS))
    shot = open_air.bench.shot(still, motion(start_ns=-HALF_NS, end_ns=HALF_NS, position=np.zeros((2, 0, 3))))
    shot = replace(shot, surroundings=replace(shot.surroundings, particles=(BLACK,)))
    open_air.patch.setattr(drawing, "near", lambda *_: drops((8.0, 0.0, -0.3, 0.0, 0.0, -8.0, 4e-3)))
    picture = eye.capture(shot).linear
    assert picture is not None
    row = middle_of(lost(picture.astype(float)))[1]
    time_s = (row / 320.0 - 0.5) * 0.04
    assert row == pytest.approx(160.0 + 1000.0 * (0.3 + 8.0 * time_s) / 8.0, abs=0.1)


@pytest.mark.parametrize("model", ["kannala_brandt", "equirectangular", "brown_conrady"])
def test_other_lenses_show_drops_where_they_project(open_air: Scene, model: Any) -> None:
    lens = Lens(model=model)
    eye = camera(lens=lens, width=320, height=240, hfov_deg={"brown_conrady": 80.0}.get(model, 180.0))
    place = np.array([2.0, 0.9, 0.7])
    share = lost(open_air.linear(eye, BLACK, drops((*place, 0.0, 0.0, 0.0, 0.02))))
    expected = eye.project(np.array([-0.9, -0.7, 2.0]))
    assert middle_of(share) == pytest.approx(expected, abs=0.05)
    # and as large as the lens magnifies there
    step = np.array([[1e-4, 0.0, 0.0], [0.0, 1e-4, 0.0], [0.0, 0.0, 1e-4]])
    around = (eye.project(np.array([-0.9, -0.7, 2.0]) + step) - expected) / 1e-4
    ray = np.array([-0.9, -0.7, 2.0]) / np.linalg.norm(place)
    a = np.cross(ray, [0.0, 1.0, 0.0])
    a /= np.linalg.norm(a)
    scale = abs(np.linalg.det(np.stack([a @ around, np.cross(ray, a) @ around])))
    assert share.sum() == pytest.approx(0.25 * math.pi * 0.02**2 * scale, rel=0.02)


def test_out_of_focus_a_drop_is_wider_and_fainter(open_air: Scene) -> None:
    found = drops((0.8, 0.0, 0.0, 0.0, 0.0, 0.0, 2e-3))
    sharp = lost(open_air.linear(camera(), BLACK, found))
    eye = camera(optics=Optics(f_number=2.0, focus_m=20.0))
    soft = lost(open_air.linear(eye, BLACK, found))
    assert soft.sum() == pytest.approx(sharp.sum(), rel=0.02)
    circle = eye.aperture_m * 1000.0 * (1.0 / 0.8 - 1.0 / 20.0)
    assert (soft > 0.5 * soft.max()).sum() == pytest.approx(0.25 * math.pi * (circle**2 + 2.5**2), rel=0.1, abs=2.0)


def test_sun_lights_flakes_and_shade_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    roof = Part(mesh=box((1.0, 8.0, 0.1), (4.0, 0.0, 3.0)))
    with Bench([roof], dome(0.0, 80_000.0)) as bench:
        scene, kind = Scene(monkeypatch, bench), rain("flake", 0.9)
        # one beneath the roof, one before it
        found = drops((4.0, 0.08, 0.0, 0.0, 0.0, 0.0, 2e-3), (3.0, -0.06, 0.0, 0.0, 0.0, 0.0, 2e-3))
        picture = scene.linear(camera(), kind, found)[..., 1]
    area = 0.25 * math.pi * (2.0 / 3.0) ** 2
    sideways = float(np.interp(0.0, np.linspace(-1.0, 1.0, scatter.phases().shape[1]), scatter.phases()[1]))
    assert picture[:, 48:].sum() == pytest.approx(area * 80_000.0 * 0.9 * sideways, rel=0.01)
    assert picture[:, :48].sum() == 0.0


@pytest.mark.parametrize("looks", ["water", "flake"])
def test_lamps_light_drops(monkeypatch: pytest.MonkeyPatch, looks: Any) -> None:
    """Illuminance times phase function, by distance and angle: 500 cd two metres beside, and behind."""
    kind, row = rain(looks, 0.9), 0 if looks == "water" else 1
    table, albedo = scatter.phases()[row], 1.0 if looks == "water" else 0.9
    for lamp, cosine, far in (((4.0, 2.0, 0.0), 0.0, 2.0), ((0.0, 2.0, 0.0), -4.0 / math.sqrt(20.0), math.sqrt(20.0))):
        with Bench([BEHIND], dome(0.0)) as bench:
            scene = Scene(monkeypatch, bench)
            lamps = LampTable.of([Lamp(position=lamp, intensity=(500.0,) * 3, beam="isotropic")], [0])
            stage = bench.stage.replace(lamps=lamps)
            found = drops((4.0, 0.0, 0.0, 0.0, 0.0, -4.0, 2e-3))
            picture = scene.linear(camera(0.004), kind, found, stage=stage)[..., 1]
        scattered = float(np.interp(cosine, np.linspace(-1.0, 1.0, len(table)), table))
        area = 0.25 * math.pi * 0.5**2
        assert picture.sum() == pytest.approx(area * albedo * scattered * 500.0 / far**2, rel=0.01)


def test_the_field_is_drawn_alike_whatever_the_threads(open_air: Scene) -> None:
    eye, kind = camera(0.004, width=320, height=240, focal_px=300.0), rain(density=300.0)
    one, again, three = (open_air.linear(eye, kind, threads=n, seed=3) for n in (1, 1, 3))
    assert np.array_equal(one, again)
    assert np.array_equal(one, three)
    other = open_air.linear(eye, BLACK, seed=4)
    assert not np.array_equal(other, open_air.linear(eye, BLACK, seed=5))


def test_labels_stay_those_of_the_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = Part(mesh=box((0.1, 20.0, 20.0), (9.0, 0.0, 0.0)), label=4)
    with Bench([wall], dome(LUMINANCE)) as bench:
        scene, eye = Scene(monkeypatch, bench), camera(0.004)
        clear, wet = eye.capture(scene.shot(None)), eye.capture(scene.shot(rain("flake", 0.0, density=3000.0)))
    for name in ("depth", "semantic", "instance"):
        assert np.array_equal(getattr(clear, name), getattr(wet, name))
    assert not np.array_equal(clear.rgb, wet.rgb)


def test_transmittance_counts_what_drops_cover(open_air: Scene) -> None:
    open_air.patch.setattr(drawing, "near", lambda *_: drops((2.0, 0.01, 0.0, 0.0, 0.0, -5.0, 2e-3)))
    frame = camera(0.004, outputs=("linear", "transmittance")).capture(open_air.shot(BLACK))
    assert frame.transmittance is not None
    assert frame.linear is not None
    assert frame.transmittance.min() < 0.97
    assert np.allclose(frame.transmittance, frame.linear[..., 1] / LUMINANCE, atol=1e-3)


def test_none_are_drawn_under_a_roof_or_if_not_wanted(open_air: Scene) -> None:
    kind, eye = rain("flake", 0.0, density=3000.0), camera(0.004)
    clear = open_air.linear(eye, None)
    assert np.array_equal(open_air.linear(replace(eye, particles=False), kind), clear)
    shot = open_air.shot(kind)
    hall = replace(shot, surroundings=replace(shot.surroundings, stage=shot.surroundings.stage.replace(indoor=True)))
    assert np.array_equal(eye.capture(hall).linear, clear)
    # in a room that ends 3 m ahead
    rooms = ((-9.0, -9.0, -9.0, 3.0, 9.0, 9.0),)
    stage = shot.surroundings.stage.replace(indoor=True, rooms=rooms)
    inside = replace(shot, surroundings=replace(shot.surroundings, stage=stage))
    open_air.patch.setattr(drawing, "near", lambda *_: drops((2.0, 0.02, 0.0, 0.0, 0.0, 0.0, 3e-3)))
    near_by = eye.capture(inside).linear
    open_air.patch.setattr(drawing, "near", lambda *_: drops((4.0, 0.02, 0.0, 0.0, 0.0, 0.0, 3e-3)))
    beyond = eye.capture(inside).linear
    assert np.array_equal(near_by, open_air.linear(eye, None, stage=stage))
    assert not np.array_equal(near_by, beyond)


def test_reach_ends_where_the_share_gets_too_small(open_air: Scene) -> None:
    kind = Particles(
        diameter=1e-3 * np.array([0.2, 1.0, 3.0]), density=np.full(3, 0.01), fall_speed=np.array([0.7, 4.0, 8.0])
    )
    for time_s in (0.0, 0.001, 0.02):
        eye = camera(time_s)
        reach = reaching.reach_of(eye, open_air.shot(kind), time_s)
        assert reach is not None
        assert reach.least == reaching.LEAST_SHARE
        far = reach.far[0]
        assert (np.diff(far) > 0.0).all()
        optics = {"focal_px": 1000.0, "exposure_s": time_s, "aperture_m": 0.0, "focus_m": 1.0}
        at = np.diagonal(reaching.peak_share(kind.diameter, kind.fall_speed, np.maximum(far, 0.3), **optics))
        beyond = np.diagonal(reaching.peak_share(kind.diameter, kind.fall_speed, np.maximum(far, 0.3) * 1.05, **optics))
        drawn = (far > 0.0) & (far < 0.9 * reaching.FARTHEST_M)
        assert (at[drawn] >= reach.least).all()
        assert (beyond[drawn] < reach.least).all()


def test_too_many_raise_the_least_share(open_air: Scene) -> None:
    eye, kind = camera(0.0), rain("flake", 0.9, density=2000.0)
    reach = reaching.reach_of(eye, open_air.shot(kind), 0.0)
    assert reach is not None
    assert reach.least > reaching.LEAST_SHARE
    number = 2000.0 * float(reach.far[0][0]) ** 3 / 3.0 * reaching.solid_angle(eye)
    assert number <= reaching.MOST_A_PIXEL * 96 * 80


def test_water_scatters_as_geometrical_optics_has_it() -> None:
    water, white = scatter.phases()
    cosine = np.linspace(-1.0, 1.0, len(water))
    for row in (water, white):
        assert 2.0 * math.pi * np.trapezoid(row, cosine) == pytest.approx(1.0)
    # straight on: two boundaries at normal incidence, magnified by 1 / (4 (1 - 1/n)^2); and what grazes it
    n = scatter.WATER
    ahead = (1.0 - ((n - 1.0) / (n + 1.0)) ** 2) ** 2 / (4.0 * math.pi * (1.0 - 1.0 / n) ** 2)
    assert water[-1] == pytest.approx(ahead + 1.0 / (4.0 * math.pi), rel=0.02)
    # the rainbow lies 42 degrees from where the light goes back to (Descartes), with Alexander's dark band beside it
    angle = np.degrees(np.arccos(cosine))
    bow = (angle > 125.0) & (angle < 160.0)
    assert angle[bow][water[bow].argmax()] == pytest.approx(137.9, abs=0.5)
    assert np.interp(math.cos(math.radians(134.0)), cosine, water) < 0.3 * water[bow].max()
    # a matt ball sends most of its light back
    assert white[0] > white[-1] > 0.0


def test_clear_air_draws_nothing(open_air: Scene) -> None:
    from simgen.sensors._camera_render import Picture

    assert Picture(camera(0.004), open_air.shot(None)).reach is None


def test_drops_of_a_volume_are_drawn_where_it_is(open_air: Scene) -> None:
    """Spray as dense as can be beside the axis; it must not keep what fills the air from being drawn."""
    eye, medium = camera(0.001, width=160, height=120), Medium.gray(1e-3, 0.0, "spray")
    spray = replace(BLACK, class_name="spray").replace(density=np.array([1e5]))
    puff = Volume(medium=medium, particles=(spray,), center_m=(4.0, 0.1, 0.0), size_m=(0.05, 0.05, 0.05))
    bare = open_air.linear(replace(eye, particles=False), None, volumes=(puff,))
    share = 1.0 - (open_air.linear(eye, None, volumes=(puff,)) / bare)[..., 1]
    assert middle_of(share) == pytest.approx([80.0 - 25.0, 60.0], abs=3.0)
    number = 1e5 * (2.0 * math.pi) ** 1.5 * 0.05**3
    assert share.sum() == pytest.approx(number * 0.25 * math.pi * 0.5**2, rel=0.25)
    shots = [open_air.shot(rain(), volumes=volumes) for volumes in ((), (puff,))]
    alone, both = (reaching.reach_of(eye, shot, 0.001) for shot in shots)
    assert alone is not None
    assert both is not None
    assert np.array_equal(alone.far[0], both.far[0])
    assert np.array_equal(alone.depth, both.depth)
