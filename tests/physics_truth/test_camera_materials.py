"""Materials against closed forms: the furnace for every kind, mirrors, panes, coats."""

import math

import numba
import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, plane, sphere, track

from simgen.geometry import look_at
from simgen.kernels import brdf
from simgen.records.frames import CameraFrame
from simgen.records.lights import LightField
from simgen.records.mesh import Surface
from simgen.sensors.camera import Camera

FINISHES = {
    "matt": {"roughness": 1.0},
    "satin": {"roughness": 0.6},
    "smooth": {"roughness": 0.05},
    "polished": {"roughness": 0.25},
    "rough metal": {"roughness": 0.9, "metallic": 1.0},
    "brushed metal": {"roughness": 0.5, "metallic": 1.0},
    "glossy metal": {"roughness": 0.2, "metallic": 1.0},
    "mirror": {"roughness": 0.02, "metallic": 1.0},
    "half metal": {"roughness": 0.5, "metallic": 0.5},
    "half metal, rough": {"roughness": 0.95, "metallic": 0.5},
    "paint": {"roughness": 0.5, "metallic": 0.2, "clearcoat": 1.0},
    "coated matt": {"roughness": 1.0, "clearcoat": 0.6, "clearcoat_roughness": 0.5},
    "pane": {"roughness": 0.02, "transmission": 1.0},
    "sheeting": {"roughness": 0.5, "retro": 0.0},
}


def white(**fields: object) -> Surface:
    return Surface(**{"class_name": "object", "base_color": (1.0, 1.0, 1.0), **fields})


def capture(parts: list[Part], light: LightField, eye: tuple, target: tuple, **fields: object) -> CameraFrame:
    cam = Camera(
        **{"name": "c", "width": 64, "height": 48, "hfov_deg": 40.0, "outputs": ("linear", "normal"), **fields}
    )
    with Bench(parts, light) as bench:
        return cam.capture(bench.shot(track(eye, look_at(eye, target))))


@pytest.mark.parametrize("reflections", [0, 1, 2])
@pytest.mark.parametrize("finish", FINISHES)
def test_white_bodies_disappear_in_the_furnace(finish: str, reflections: int) -> None:
    ball = Part(mesh=sphere(1.0, (5, 0, 0), 48), surface=white(**FINISHES[finish]))
    frame = capture([ball], dome(800.0), (0, 0, 0), (5, 0, 0), sky_rays=0, reflections=reflections)
    assert (frame.depth < np.inf).sum() > 300
    np.testing.assert_allclose(frame.linear, 800.0, rtol=0.01)


@numba.njit
def _pane(transmission: float, cosine: float) -> tuple[float, float]:
    return brdf.pane(transmission, cosine)


@pytest.mark.parametrize("degrees", [0.0, 30.0, 56.31, 70.0, 85.0])
def test_panes_follow_fresnel(degrees: float) -> None:
    """Two faces of index 1.5: R = 2 r / (1 + r) for each polarisation's mean r; nothing is lost in clear glass."""
    a = math.radians(degrees)
    b = math.asin(math.sin(a) / 1.5)
    rs = ((math.cos(a) - 1.5 * math.cos(b)) / (math.cos(a) + 1.5 * math.cos(b))) ** 2
    rp = ((1.5 * math.cos(a) - math.cos(b)) / (1.5 * math.cos(a) + math.cos(b))) ** 2
    r = 0.5 * (rs + rp)
    reflected, passed = _pane(1.0, math.cos(a))
    assert reflected == pytest.approx(2.0 * r / (1.0 + r), rel=1e-6)
    assert reflected + passed == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("transmission", [0.1, 0.65, 0.85])
def test_tinted_panes_pass_what_is_stated(transmission: float) -> None:
    reflected, passed = _pane(transmission, 1.0)
    assert passed == pytest.approx(transmission, rel=1e-9)
    assert 0.04 <= reflected < 2 * 0.04 / 1.04
    assert _pane(transmission, 0.5)[1] < passed


def wall(at: float, color: tuple, **fields: object) -> Part:
    """A wide, self-lit wall across the x axis, so that no light but its own counts."""
    surface = Surface(class_name="object", base_color=(0.0, 0.0, 0.0), roughness=1.0, emission=color, **fields)
    return Part(mesh=box((0.2, 60.0, 60.0), (at, 0, 0)), surface=surface, label=7)


def test_what_is_behind_a_pane_is_dimmed_by_it() -> None:
    pane = Part(
        mesh=box((0.001, 8.0, 8.0), (3.0, 0, 0)),
        surface=white(roughness=0.02, transmission=0.8, base_color=(0.5, 1.0, 0.5)),
        label=3,
    )
    frame = capture([pane, wall(6.0, (100.0, 100.0, 100.0))], dome(0.0), (0, 0, 0), (5, 0, 0), antialias=0)
    middle = frame.linear[24, 32]
    # a thin box has two faces: each is a pane
    assert middle[1] == pytest.approx(100.0 * 0.8 * 0.8, rel=0.01)
    assert middle[0] == pytest.approx(0.25 * middle[1], rel=0.01)
    # the label stays that of the first surface met
    assert (frame.instance == 3).all()


@pytest.mark.parametrize("metallic", [1.0, 0.0])
def test_a_mirror_shows_what_geometry_says(metallic: float) -> None:
    """A floor of polished metal or black glass shows a far wall's lower part where its mirror image is."""
    color = (metallic,) * 3
    floor = Part(mesh=plane(200.0), surface=white(base_color=color, roughness=0.02, metallic=metallic))
    dark = {"base_color": (0.0,) * 3, "roughness": 1.0}
    low = Part(mesh=box((0.2, 200.0, 2.0), (20.1, 0, 1.0)), surface=white(**dark, emission=(50.0, 0.0, 0.0)))
    high = Part(mesh=box((0.2, 200.0, 30.0), (20.1, 0, 17.0)), surface=white(**dark, emission=(0.0, 50.0, 0.0)))
    frame = capture([floor, low, high], dome(0.0), (0, 0, 2.0), (20.0, 0, 2.0), height=200, width=20, hfov_deg=6.0)
    f = Camera(name="c", width=20, height=200, hfov_deg=6.0).K[1, 1]
    column, rows = frame.linear[:, 10], np.arange(200) + 0.5
    # seen from 2 m, the foot of the wall is 2 m lower and the image of its edge (2 m up) 4 m lower, 20 m away
    foot, edge = 100.0 + f * 2.0 / 20.0, 100.0 + f * 4.0 / 20.0
    assert foot < edge < 190.0
    red, green = (rows > foot + 1) & (rows < edge - 1), rows > edge + 1
    assert (column[red, 0] > 1.0).all()
    assert (column[red, 1] == 0.0).all()
    assert (column[green, 1] > 1.0).all()
    assert (column[green, 0] == 0.0).all()
    if metallic == 1.0:
        np.testing.assert_allclose(column[red, 0], 50.0, rtol=0.01)


def test_a_mirror_in_a_mirror_is_followed_twice() -> None:
    """A periscope: two mirrors at 45 degrees show what lies beyond, and no label of it."""
    c = math.sqrt(0.5)
    silver = white(roughness=0.02, metallic=1.0)

    def tilted(x: float, z: float) -> Part:
        flat = plane(2.0)
        v = np.array(flat.vertices, float)
        turned = np.stack([c * v[:, 0] - c * v[:, 2], v[:, 1], c * v[:, 0] + c * v[:, 2]], -1)
        turned += (x, 0.0, z)
        n = np.tile([-c, 0.0, c], (len(v), 1))
        return Part(mesh=flat.replace(vertices=turned.astype(np.float32), normals=n.astype(np.float32)), surface=silver)

    above = tilted(5.0, 10.0)
    down = above.mesh.normals * np.float32(-1.0)
    parts = [
        tilted(5.0, 0.0),
        Part(mesh=above.mesh.replace(normals=down), surface=silver),
        wall(20.0, (70.0, 0.0, 0.0)),
    ]
    frame = capture(parts, dome(1.0), (0, 0, 0), (5, 0, 0), hfov_deg=4.0, antialias=0, sky_rays=0)
    np.testing.assert_allclose(frame.linear[24, 32], (70.0, 0.0, 0.0), atol=1.0)
    once = capture(parts, dome(1.0), (0, 0, 0), (5, 0, 0), hfov_deg=4.0, antialias=0, sky_rays=0, reflections=1)
    np.testing.assert_allclose(once.linear[24, 32], 1.0, rtol=0.01)


def test_coats_mirror_as_fresnel_says_and_dim_what_is_below() -> None:
    """Seen head-on, a clear coat over a self-lit... nothing but 4 % of what faces it, and dims the base by as much."""
    panel = box((0.2, 8.0, 8.0), (4.0, 0, 0))
    base = {"base_color": (0.5,) * 3, "roughness": 1.0}
    light = dome(0.0, 1000.0, (-1.0, 0.0, 0.001))
    plain = capture([Part(mesh=panel, surface=white(**base))], light, (0, 0, 0), (5, 0, 0), hfov_deg=60.0)
    coated = white(**base, clearcoat=1.0, clearcoat_roughness=0.02)
    shiny = capture([Part(mesh=panel, surface=coated)], light, (0, 0, 0), (5, 0, 0), hfov_deg=60.0)
    # away from the highlight
    assert shiny.linear[24, 60, 0] / plain.linear[24, 60, 0] == pytest.approx(0.96, abs=0.01)
    assert shiny.linear[24, 32, 0] > 5.0 * plain.linear[24, 32, 0]
