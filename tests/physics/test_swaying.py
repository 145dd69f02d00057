"""Plants in the wind: rest angle, frequency, damping, what moves and what does not."""

from __future__ import annotations

import math

import numpy as np
import pytest

import simgen as sg
from simgen.assembly import assemble, rest_mesh
from simgen.physics.swaying import _STEP_S, _oscillated, angles, leaning
from simgen.records.model import Sway
from simgen.records.wind import Wind
from simgen.shapes.sway import sway_of, swaying

SCENE = """
simgen: 1
world: empty
clock: {duration_s: 4}
WEATHER
objects:
  - {name: lime, asset: {type: tree, height_m: 9}, place: {at_m: [12, 3]}, physics: static}
  - {name: shrub, asset: bush, place: {at_m: [6, -4]}}
  - {name: rock, asset: box, place: {at_m: [3, 0]}}
sensors:
  - {name: eye, type: camera, width: 96, height: 72, mount: {on: world, position_m: [0, 0, 2]}, outputs: [flow]}
"""


def made(weather: str = "", seed: int = 0):
    scene = sg.loads(SCENE.replace("WEATHER", weather), "s").sample(seed)
    assembly = assemble(scene)
    return assembly, sg.simulate(scene)


def test_a_steady_wind_bends_by_the_square_of_its_speed():
    sway = Sway(pivot=(0.0, 0.0, 1.0), frequency_hz=0.4)
    lean = leaning(sway, np.array([[5.0, 0.0, 0.0], [10.0, 0.0, 0.0], [0.0, -10.0, 3.0], [60.0, 0.0, 0.0]]))
    assert lean[1, 0] == pytest.approx(0.02, rel=0.02)
    assert lean[0, 0] / lean[1, 0] == pytest.approx(0.25, rel=0.02)
    np.testing.assert_allclose(lean[2], [0.0, -lean[1, 0]])
    assert lean[3, 0] == pytest.approx(sway.most_rad, rel=1e-3)
    still_air = Wind(seed=1, speed_m_s=10.0, turbulence=0.0)
    found = angles(sway, still_air, np.array([[3.0, 1.0, 0.0]]), np.arange(0, 10**9, 10**7))
    np.testing.assert_allclose(found, np.broadcast_to(lean[1], found.shape), atol=1e-9)


def test_let_go_it_swings_with_its_frequency_and_damping():
    sway = Sway(pivot=(0.0, 0.0, 1.0), frequency_hz=0.4, damping=0.05)
    pushed = np.zeros((int(60.0 / _STEP_S), 1))
    pushed[0] = 0.1
    swing = _oscillated(sway, pushed)[:, 0]
    w, z = 2.0 * math.pi * 0.4, 0.05
    own = w * math.sqrt(1.0 - z * z)
    time = _STEP_S * (np.arange(len(swing)) - 1.0)
    exact = 0.1 * np.exp(-z * w * time) * (np.cos(own * time) + z * w / own * np.sin(own * time))
    np.testing.assert_allclose(swing[1:], exact[1:], atol=1e-9)


def test_natural_frequencies_are_moores():
    """A Douglas fir of 20 m and 30 cm: 0.35 Hz (Moore and Maguire 2004)."""
    assert sway_of(20.0, 0.3, (0.0, 0.0, 0.0)).frequency_hz == pytest.approx(0.352, abs=1e-3)
    assert sway_of(3.0, 0.1, (0.0, 0.0, 0.0)).frequency_hz == 0.8


def test_gusts_shake_at_the_natural_frequency_and_more_in_stronger_wind():
    sway, times = Sway(pivot=(0.0, 0.0, 1.0), frequency_hz=0.4), np.arange(0, 300 * 10**9, 25 * 10**6)
    spread = []
    for speed in (5.0, 10.0, 14.0):
        across = angles(sway, Wind(seed=2, speed_m_s=speed, length_m=60.0), np.zeros((1, 3)), times)[:, 0, 1]
        spread.append(across.std())
    assert spread[0] < 0.4 * spread[1] < 0.4 * spread[2]
    power = np.abs(np.fft.rfft((across - across.mean()) * np.hanning(len(across)))) ** 2
    frequency = np.fft.rfftfreq(len(across), 0.025)
    near, beyond = (power[(frequency > a) & (frequency < b)].mean() for a, b in ((0.33, 0.47), (0.8, 1.5)))
    assert near > 20.0 * beyond


def test_a_gust_reaches_a_tree_downwind_later():
    wind, sway = Wind(seed=2, speed_m_s=8.0), Sway(pivot=(0.0, 0.0, 1.0), frequency_hz=0.4)
    times = np.arange(0, 20 * 10**9, 50 * 10**6)
    found = angles(sway, wind, np.array([[0.0, 0.0, 0.0], [16.0, 5.0, 0.0]]), times)
    np.testing.assert_allclose(found[40:, 1], found[:-40, 0], atol=5e-4)


def test_without_wind_everything_is_as_it_was():
    calm, trajectory = made()
    foggy, _ = made("weather: [fog]")
    assert calm.body_names == foggy.body_names == ("lime", "shrub", "rock")
    assert [len(m.links) for m in calm.models] == [1, 1, 1]
    assert not np.ptp(trajectory.position, axis=0).any()
    assert made("weather: [{type: wind, speed_m_s: 0}]")[0].body_names == calm.body_names


def test_the_crown_moves_and_the_stem_and_the_rock_stand():
    assembly, trajectory = made("weather: [{type: wind, speed_m_s: 12, from_deg: 180}]")
    assert assembly.body_names == ("lime", "lime/crown", "shrub", "shrub/crown", "rock")
    turn = {name: trajectory.quaternion[:, k] for k, name in enumerate(assembly.body_names)}
    for name in ("lime", "shrub", "rock"):
        assert not np.ptp(turn[name], axis=0).any()
    crown = turn["lime/crown"]
    assert np.ptp(crown, axis=0).max() > 1e-3
    # wind from the south leans it north: about -x, by 0.02 rad at 10 m/s
    assert crown[:, 1].mean() < -0.005
    assert np.abs(2.0 * crown[:, 1:]).max() < 0.13
    assert not trajectory.linear_velocity[:, assembly.body("lime/crown")].any()
    spin = trajectory.angular_velocity[:, assembly.body("lime/crown")]
    step = 1e-9 * trajectory.step_ns
    moved = 2.0 * np.diff(crown[:, 1]) / step
    np.testing.assert_allclose(spin[:-1, 0], moved, atol=0.02)
    again = made("weather: [{type: wind, speed_m_s: 12, from_deg: 180}]")[1]
    np.testing.assert_array_equal(again.quaternion, trajectory.quaternion)


def test_it_is_the_same_tree_at_rest():
    model = assemble(sg.loads(SCENE.replace("WEATHER", ""), "s").sample(0)).model("lime")
    parted = swaying(model)
    assert parted.size == model.size
    assert parted.box_center == model.box_center
    whole, split = rest_mesh(model), rest_mesh(parted)
    assert len(split.triangles) == len(whole.triangles)
    corners = {tuple(np.round(v, 4)) for v in whole.vertices[whole.triangles].reshape(-1, 9)}
    assert len(corners ^ {tuple(np.round(v, 4)) for v in split.vertices[split.triangles].reshape(-1, 9)}) < 0.02 * len(
        corners
    )


def test_pictures_show_it_moving_in_flow():
    assembly, trajectory = made("weather: [{type: wind, speed_m_s: 14, from_deg: 200}]")
    frames = [s.frames["eye"] for s in sg.render(assembly.scene, trajectory, assembly=assembly)][:2]
    tree = frames[0].instance == assembly.scene.entity("lime").instance
    flow = np.abs(frames[0].flow[tree]).max(-1)
    assert np.nanmax(flow) > 0.05
    rock = frames[0].instance == assembly.scene.entity("rock").instance
    assert np.nanmax(np.abs(frames[0].flow[rock]), initial=0.0) < 1e-3
