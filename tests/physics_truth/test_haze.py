"""Volumes and lit air in pictures, against quadrature along rays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, plane, track

from simgen.geometry import look_at
from simgen.records.air import RGB_NM, Medium
from simgen.records.lights import Lamp, LampTable
from simgen.records.mesh import Surface
from simgen.records.volume import Patches, Volume
from simgen.sensors._camera_lens import Lens
from simgen.sensors.camera import Camera
from simgen.weather.fog import Fog
from simgen.weather.smoke import Smoke

BLACK = Surface(class_name="object", base_color=(0.0,) * 3, roughness=1.0)
FAR_WALL = Part(mesh=box((1.0, 400.0, 400.0), (80.5, 0.0, 0.0)), surface=BLACK)
NIGHT = dome(0.0)
FOG = Fog(visibility_m=60.0).medium()


def isotropic(extinction: float, albedo: float = 1.0) -> Medium:
    lobes = np.zeros((6, 6))
    lobes[1] = extinction * albedo
    return Medium(extinction=np.full(6, extinction), backscatter=np.full(6, 1e-3), lobes=lobes)


def shot_of(parts, light, medium=None, lamps=(), volumes=(), eye=(0.0, 0.0, 0.0), target=(1.0, 0.0, 0.0), **fields):
    """A camera and the frame that it takes; its axes are the world's when it looks along x."""
    wanted = {"name": "c", "width": 160, "height": 96, "hfov_deg": 60.0, "outputs": ("linear", "transmittance")}
    cam = Camera(**{**wanted, **fields})
    with Bench(parts, light, medium) as bench:
        shot = bench.shot(track(eye, look_at(eye, target)))
        around, stage = shot.surroundings, shot.surroundings.stage
        if lamps:
            stage = stage.replace(lamps=LampTable.of(lamps, [0] * len(lamps)))
        from dataclasses import replace

        return cam, cam.capture(replace(shot, surroundings=replace(around, stage=stage, volumes=tuple(volumes))))


def ray_of(cam, row, column):
    """Unit direction of a pixel's centre in the world, of a camera that looks along x."""
    d = cam.projection.unproject(np.array([[column + 0.5, row + 0.5]]), np.ones(1))[0]
    d = np.array([d[2], -d[0], -d[1]])
    return d / np.linalg.norm(d)


def lit_air(medium, nm, lamp_at, candela, d, far, passes, steps=200_000):
    """Light that a lamp of even intensity sends to the eye by one scattering on a ray: quadrature, cd/m2.

    Steps are even in the angle under which the lamp sees the ray, so that its surroundings are not missed.
    """
    along = float(lamp_at @ d)
    away = max(float(np.linalg.norm(lamp_at - along * d)), 0.05)
    start, stop = math.atan2(-along, away), math.atan2(far - along, away)
    angle = start + (np.arange(steps) + 0.5) * (stop - start) / steps
    t = along + away * np.tan(angle)
    to_lamp = np.sqrt((t - along) ** 2 + away**2)
    cosine = -(t - along) / to_lamp
    lux = candela / to_lamp**2 * np.exp(-passes * to_lamp)
    light = lux * float(medium.lobes_at(nm).sum()) * medium.phase(nm, cosine) * np.exp(-medium.extinction_at(nm) * t)
    # dt by the angle
    return float((light * away / np.cos(angle) ** 2).sum() * (stop - start) / steps)


@pytest.mark.parametrize(
    ("medium", "quality"),
    [(isotropic(0.02), "fast"), (isotropic(0.1, 0.7), "fast"), (FOG, "fast"), (FOG, "high")],
    ids=["thin", "absorbing", "fog", "high"],
)
def test_a_lamp_in_fog_against_quadrature(medium, quality):
    """In the picture of a point lamp, from pixels at the lamp to far beside it: before a black wall."""
    place, candela = np.array([25.0, 2.0, 1.0]), 3000.0
    lamp = Lamp(position=tuple(place), intensity=(candela,) * 3, radius_m=0.02)
    cam, frame = shot_of([FAR_WALL], NIGHT, medium, [lamp], quality=quality, samples=4, bounces=0)
    nm = RGB_NM[1]
    passes = medium.extinction_at(nm) - float(
        (medium.lobes_at(nm) * np.array([-0.6, 0, 0.5, 0.8, 0.95, 0.995]) ** 2).sum()
    )
    middle = cam.projection.project(np.array([[-2.0, -1.0, 25.0]]))[0]
    for right, down in ((3, 0), (0, 6), (12, 5), (-25, 10), (40, -25), (-60, 40)):
        column, row = int(middle[0]) + right, int(middle[1]) + down
        d = ray_of(cam, row, column)
        expected = lit_air(medium, nm, place, candela, d, 80.0 / d[0], passes)
        assert frame.linear[row, column, 1] == pytest.approx(expected, rel=0.04)


def test_a_wall_cuts_the_glow_off():
    """What is seen of a lamp's light ends at a wall in front of it, and a wall beside it throws a shadow in the air."""
    lamp = Lamp(position=(40.0, 0.0, 0.0), intensity=(5000.0,) * 3)
    near = Part(mesh=box((1.0, 6.0, 60.0), (30.5, 0.0, 0.0)), surface=BLACK)
    _, free = shot_of([FAR_WALL], NIGHT, FOG, [lamp])
    _, hidden = shot_of([FAR_WALL, near], NIGHT, FOG, [lamp])
    assert free.linear[48, 80, 1] > 30.0 * hidden.linear[48, 80, 1]
    # before the wall the lamp lights nothing: its rays would have to pass the wall
    assert hidden.linear[48, 80, 1] < 0.05 * free.linear[48, 110, 1]


def test_a_spot_shines_where_it_points():
    lamp = Lamp(
        position=(20.0, -8.0, 5.0), axis=(0.0, 1.0, -0.6), intensity=(5000.0,) * 3, beam="spot", cone_deg=(10.0, 14.0)
    )
    cam, frame = shot_of([FAR_WALL], NIGHT, FOG, [lamp])
    inside, above = ((20.0, 0.0, 0.2), (20.0, 0.0, 8.0))
    seen = []
    for x, y, z in (inside, above):
        u, v = cam.projection.project(np.array([[-y, -z, x]]))[0]
        seen.append(float(frame.linear[int(v), int(u), 1]))
    assert seen[0] > 50.0 * seen[1]


VOLUMES = {
    "puff": Volume(medium=Smoke(visibility_m=8.0).medium(), center_m=(15.0, 2.0, 1.0), size_m=(2.0, 3.0, 1.5)),
    "box": Volume(medium=FOG, shape="box", center_m=(30.0, -3.0, 0.0), size_m=(6.0, 8.0, 4.0)),
    "layer": Volume(medium=FOG, shape="layer", center_m=(0.0, 0.0, 2.0), size_m=(1.0, 1.0, 1.5)),
    "patches": Volume(
        medium=FOG,
        shape="layer",
        center_m=(0.0, 0.0, 3.0),
        size_m=(1.0, 1.0, 2.0),
        patches=Patches(seed=3, scale_m=30.0),
    ),
}


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.parametrize("model", ["pinhole", "fisheye"])
def test_transmittance_is_the_volumes_column(name, model):
    """Against ``Volume.column`` over each pixel's own way, through two lenses."""
    volume = VOLUMES[name]
    size = {"width": 320, "height": 192}
    if model == "fisheye":
        size |= {"lens": Lens(model="kannala_brandt"), "hfov_deg": 150.0}
    cam, frame = shot_of(
        [FAR_WALL], dome(1000.0), None, (), [volume], eye=(0.0, 0.0, 1.5), target=(1.0, 0.0, 1.5), **size
    )
    alpha, worst = volume.medium.extinction_at(RGB_NM[1]), 0.0
    height, width = frame.linear.shape[:2]
    for row in range(6, height, 21):
        for column in range(8, width, 33):
            d = ray_of(cam, row, column)
            depth = frame.depth[row, column] / d[0] if frame.range is None else frame.range[row, column]
            far = min(float(depth), 2000.0)
            expected = math.exp(-alpha * volume.column(np.array([0.0, 0.0, 1.5]), d, far, steps=4000))
            worst = max(worst, abs(float(frame.transmittance[row, column]) - expected))
    # blocks are some pixels wide: a box has edges, patches are smaller, and a layer's horizon is steep in a fisheye
    assert worst < {"puff": 0.003, "box": 0.03, "layer": 0.012, "patches": 0.012}[name]


@pytest.mark.parametrize("volume", VOLUMES.values(), ids=VOLUMES)
def test_furnace_with_volumes(volume):
    """In an even light from everywhere a white volume cannot be seen, before a wall that is as bright."""
    share = volume.medium.extinction / volume.medium.lobes.sum(0)
    from dataclasses import replace

    white = replace(volume, medium=volume.medium.replace(lobes=volume.medium.lobes * share))
    wall = Part(
        mesh=box((1.0, 40.0, 40.0), (60.5, 0.0, 0.0)),
        surface=Surface(class_name="object", base_color=(0.0,) * 3, roughness=1.0, emission=(500.0,) * 3),
    )
    for medium in (None, isotropic(0.01)):
        _, frame = shot_of([wall], dome(500.0), medium, (), [white])
        np.testing.assert_allclose(frame.linear, 500.0, rtol=5e-3)


def test_a_volume_of_nothing_is_not_seen():
    """A change that has not begun has such volumes."""
    nothing = [volume.thinned(0.0) for volume in VOLUMES.values()]
    for medium, lamps in ((None, ()), (FOG, ())):
        _, clear = shot_of([FAR_WALL], dome(500.0), medium, lamps)
        _, frame = shot_of([FAR_WALL], dome(500.0), medium, lamps, nothing)
        np.testing.assert_array_equal(frame.linear, clear.linear)
        np.testing.assert_array_equal(frame.transmittance, clear.transmittance)


def test_smoke_in_fog_is_behind_the_fog():
    """Black smoke far off is veiled by the fog before it, and the fog behind it is dimmed: by quadrature."""
    fog, light = isotropic(0.02), dome(800.0)
    puff = Volume(medium=isotropic(2.0, 0.0), shape="box", center_m=(40.0, 0.0, 0.0), size_m=(1.0, 300.0, 300.0))
    _, frame = shot_of([FAR_WALL], light, fog, (), [puff])
    expected = 800.0 * (1.0 - math.exp(-0.02 * 39.0))
    assert frame.linear[48, 80, 1] == pytest.approx(expected, rel=0.03)


def test_even_layer_is_like_fog():
    """A layer as deep as the fog of the whole air looks like it, at the ground, on a wall and in the sky."""
    light = dome(3000.0, 60_000.0, (0.5, 0.3, 0.6))
    half = light.sky.shape[0] // 2
    sky = light.sky.copy()
    sky[half:] *= 0.2
    light = light.replace(sky=sky)
    medium = Fog(visibility_m=150.0).medium()
    layer = Volume(medium=medium, shape="layer", center_m=(0.0, 0.0, 99.9), size_m=(1.0, 1.0, 0.1))
    parts = [
        Part(mesh=plane(600.0)),
        Part(mesh=box((1.0, 20.0, 20.0), (60.5, 0.0, 5.0)), surface=BLACK),
    ]
    eye = {"eye": (0.0, 0.0, 1.7), "target": (1.0, 0.0, 1.9)}
    _, everywhere = shot_of(parts, light, medium, **eye)
    _, covered = shot_of(parts, light, None, (), [layer], **eye)
    assert np.median(np.abs(covered.linear / everywhere.linear - 1.0)) < 0.01
    assert np.quantile(np.abs(covered.linear / everywhere.linear - 1.0), 0.97) < 0.06


def test_thin_smoke_scatters_once():
    """A thin puff in the sun before a black sky: albedo times phase function times column."""
    medium = Smoke(visibility_m=300.0).medium()
    puff = Volume(medium=medium, center_m=(20.0, 0.0, 0.0), size_m=(1.0, 1.0, 1.0))
    sun = np.array([0.6, 0.0, 0.8])
    _, frame = shot_of([Part(mesh=plane(1.0, z=-50.0))], dome(0.0, 80_000.0, tuple(sun)), None, (), [puff])
    for c, nm in enumerate(RGB_NM):
        depth = medium.extinction_at(nm) * math.sqrt(2.0 * math.pi)
        expected = 80_000.0 * medium.albedo_at(nm) * float(medium.phase(nm, np.array(-sun[0] * -1.0))) * depth
        # it dims the sun a little, and its own light
        assert frame.linear[48, 80, c] == pytest.approx(expected * math.exp(-depth), rel=0.05)


@pytest.mark.parametrize("toward", [(-0.6, 0.0, 0.8), (0.6, 0.0, 0.8)])
def test_thick_white_smoke_saturates(toward):
    """All that falls on it goes on evenly: the sky's mean and ``E / 4 pi``, lit from before or behind."""
    puff = Volume(medium=isotropic(4.0), center_m=(20.0, 0.0, 0.0), size_m=(2.0, 2.0, 2.0))
    _, frame = shot_of([Part(mesh=plane(1.0, z=-50.0))], dome(500.0, 80_000.0, toward), None, (), [puff])
    assert float(frame.linear[48, 80, 1]) == pytest.approx(500.0 + 80_000.0 / (4.0 * math.pi), rel=0.01)


def test_koschmieder_in_fog_by_the_label():
    """At the visual range 5 % are left, in the picture and in its label; the label follows the depth."""
    mor = 60.0
    medium = Medium.gray(math.log(20.0) / mor, 0.0, "fog")
    wall = Part(mesh=box((1.0, 30.0, 30.0), (mor + 0.5, 0.0, 0.0)), surface=BLACK)
    cam, frame = shot_of([wall], dome(1000.0), medium)
    hit = frame.depth < np.inf
    assert float(frame.transmittance[48, 80]) == pytest.approx(0.05, rel=2e-3)
    rays = cam.projection.unproject(cam.projection.pixel_centres(), np.ones(96 * 160)).reshape(96, 160, 3)
    far = frame.depth * np.sqrt((rays**2).sum(-1))
    np.testing.assert_allclose(
        frame.transmittance[hit].astype(float), np.exp(-math.log(20.0) / mor * far[hit]), rtol=2e-3
    )
    contrast = 1.0 - frame.linear[48, 80, 1] / 1000.0
    assert contrast == pytest.approx(0.05, rel=2e-3)
    # straight up there are a hundred metres of it
    _, up = shot_of([wall], dome(1000.0), medium, target=(0.02, 0.0, 1.0))
    assert float(up.transmittance.max()) == pytest.approx(math.exp(-math.log(20.0) / mor * 100.0), rel=0.02)


def test_clear_air_passes_all():
    _, frame = shot_of([FAR_WALL], dome(1000.0))
    assert (frame.transmittance == 1.0).all()


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_do_not_matter(threads):
    from dataclasses import replace

    lamp = Lamp(position=(20.0, 2.0, 1.0), intensity=(3000.0,) * 3)
    cam = Camera(name="c", width=160, height=96, hfov_deg=60.0, outputs=("linear",))
    with Bench([FAR_WALL], dome(500.0, 10_000.0), FOG) as bench:
        shot = bench.shot(track((0, 0, 1.0), look_at((0, 0, 1), (1, 0, 1))))
        stage = shot.surroundings.stage.replace(lamps=LampTable.of([lamp], [0]))
        around = replace(shot.surroundings, stage=stage, volumes=tuple(VOLUMES.values()))
        one, some = (cam.capture(replace(shot, surroundings=replace(around, threads=n))) for n in (2, threads))
    assert (one.linear == some.linear).all()
