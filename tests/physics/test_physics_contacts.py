"""Contacts of kinematic and of free actors."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from helpers_physics import Straight, Yard, ball, box, box_mesh, entity, model, simulate, yard

from simgen.errors import EngineError
from simgen.physics.client import Client
from simgen.records.mesh import Mesh
from simgen.records.model import Link


def run_over(**pedestrian):
    car = entity("car", box((4.0, 2.0, 1.5)), (-10.0, 0.0, 0.0), behaviour=Straight(speed_m_s=10.0))
    return simulate(yard(car, entity("walker", box((0.5, 0.5, 1.7), mass_kg=70.0), **pedestrian), duration_s=1.5))


def test_a_car_that_runs_into_a_walker_touches_when_and_how_fast_it_should():
    t = run_over()
    c = t.contacts
    first = (10.0 - 2.0 - 0.25) / 10.0
    assert c.time_ns[0] * 1e-9 == pytest.approx(first, abs=t.step_ns * 1e-9)
    assert set(zip(c.actor_a.tolist(), c.actor_b.tolist(), strict=True)) == {(1, 2)}
    np.testing.assert_allclose(c.closing_speed[:5], 10.0, rtol=1e-5)
    np.testing.assert_allclose(c.normal[0], [-1.0, 0.0, 0.0], atol=1e-5)
    deepening = 10.0 * (c.time_ns[:5] * 1e-9 - first)
    np.testing.assert_allclose(c.overlap[:5], deepening, atol=1e-4)
    assert (c.normal_force == 0.0).all()
    assert np.diff(c.time_ns).max() == t.step_ns


def test_a_free_walker_is_thrown_and_the_impulse_fits():
    t = run_over(physics="dynamic")
    c = t.contacts
    hit = c.actor_b == 2
    assert c.time_ns[hit][0] * 1e-9 == pytest.approx(0.775, abs=2 * t.step_ns * 1e-9)
    assert c.closing_speed[hit][0] == pytest.approx(10.0, rel=1e-3)
    assert t.linear_velocity[-1, 1, 0] == pytest.approx(10.0, rel=0.05)
    assert c.normal_force[hit].max() > 0.0
    assert t.position[:, 0, 0].max() == pytest.approx(-10.0 + 10.0 * t.end_ns * 1e-9)


def test_still_pairs_and_absent_actors_touch_nobody():
    overlapping = (entity("a", box()), entity("b", box(), (0.5, 0.0, 0.0)))
    assert len(simulate(yard(*overlapping)).contacts.time_ns) == 0
    assert len(run_over(vanish_s=0.5).contacts.time_ns) == 0


def test_fallback_hulls_touch_where_the_mesh_is():
    """A model without shapes collides as the hull of what is seen."""
    made = box((1.0, 1.0, 1.0), shape=False)
    t = simulate(
        yard(entity("a", made, (-3.0, 0, 0), behaviour=Straight(speed_m_s=2.0)), entity("b", made), duration_s=1.3)
    )
    assert t.contacts.time_ns[0] * 1e-9 == pytest.approx(1.0, abs=2 * t.step_ns * 1e-9)


def test_links_are_told_apart_from_the_air_between_them():
    """Two boxes far apart are one actor; what passes between them touches neither."""
    parts = (
        Link(name="a", mesh=box_mesh((0.2, 0.2, 0.2), (0, 2, 0.5))),
        Link(name="b", parent=0, mesh=box_mesh((0.2, 0.2, 0.2), (0, -2, 0.5))),
    )
    gate = model(parts, (0.2, 4.2, 1.0), (0, 0, 0.5))
    through = entity("through", box((0.5, 0.5, 0.5)), (-2, 0, 0), behaviour=Straight(speed_m_s=4.0))
    into = entity("into", box((0.5, 0.5, 0.5)), (-2, 2, 0.2), behaviour=Straight(speed_m_s=4.0))
    t = simulate(yard(entity("gate", gate), through, into))
    assert set(t.contacts.actor_b.tolist()) == {3}


def test_free_bodies_land_on_meshes_of_any_size():
    """Ground given as triangles, more than PyBullet takes at once."""
    n = 370
    x, y = np.meshgrid(np.linspace(-5, 5, n), np.linspace(-5, 5, n), indexing="ij")
    vertices = np.stack([x, y, 0 * x], -1).reshape(-1, 3).astype(np.float32)
    i = np.arange(n * n).reshape(n, n)
    a, b, c, d = i[:-1, :-1].ravel(), i[1:, :-1].ravel(), i[1:, 1:].ravel(), i[:-1, 1:].ravel()
    triangles = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).astype(np.uint32)
    up = np.tile(np.array([0, 0, 1], np.float32), (n * n, 1))
    ground = Mesh(vertices=vertices, normals=up, triangles=triangles, surface=np.zeros(len(triangles), np.uint16))
    balls = [entity(f"ball{k}", ball(0.2), (-4.0 + 2 * k, 4.0 - 2 * k, 0.5), physics="dynamic") for k in range(5)]
    t = simulate(yard(*balls, world=Yard(shapes=(), ground=ground), duration_s=0.6))
    np.testing.assert_allclose(t.position[-1, :, 2], 0.2, atol=0.01)


def test_a_free_body_meets_only_those_who_are_there():
    wall = entity("wall", box((0.2, 4.0, 4.0)), (2.0, 0, 0), vanish_s=0.01)
    t = simulate(
        yard(wall, entity("ball", ball(0.2), (0, 0, 2.0), physics="dynamic", velocity_m_s=(9, 0, 0)), duration_s=0.5)
    )
    assert t.position[-1, 1, 0] > 4.0


def test_late_free_bodies_hang_until_they_appear():
    t = simulate(yard(entity("ball", ball(0.2), (0, 0, 3.0), physics="dynamic", appear_s=0.5, velocity_m_s=(1, 0, 0))))
    k = int(np.argmax(t.exists[:, 0]))
    np.testing.assert_array_equal(t.position[: k + 1, 0], np.tile([0, 0, 3.0], (k + 1, 1)))
    assert t.position[k + 1, 0, 0] > 0.0
    np.testing.assert_allclose(t.linear_velocity[k, 0], [1, 0, 0])


def test_riders_of_free_bodies_fall_with_them():
    cart = entity("cart", box((1.0, 1.0, 0.5), mass_kg=10.0), (0, 0, 1.0), physics="dynamic")
    t = simulate(
        yard(cart, entity("sack", box((0.3, 0.3, 0.3), mass_kg=5.0), (0.0, 0.0, 0.5), parent="cart"), duration_s=1.0)
    )
    np.testing.assert_allclose(t.position[-1, 1], t.position[-1, 0] + [0, 0, 0.5], atol=1e-4)
    assert t.position[-1, 0, 2] == pytest.approx(0.0, abs=0.01)


PROGRAM = """
import hashlib, sys
sys.path.insert(0, {tests!r})
from helpers_physics import *
t = simulate(yard(entity("car", box((4, 2, 1)), (-4, 0, 0), behaviour=Straight(speed_m_s=8)),
                  *[entity(f"b{{k}}", box((.4, .4, .4), shape=k % 2 == 0), (0, .1 * k, .5 * k), physics="dynamic")
                    for k in range(4)], duration_s=1.0))
print(hashlib.sha256(b"".join(a.tobytes() for _, _, a in (*t.arrays(), *t.contacts.arrays()))).hexdigest())
"""


def test_the_same_bits_twice_and_in_another_process():
    program = PROGRAM.format(tests=str(next(p for p in sys.path if p.endswith("tests"))))
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    import contextlib
    import io

    here = io.StringIO()
    with contextlib.redirect_stdout(here):
        exec(compile(program, "program", "exec"), {})
        exec(compile(program, "program", "exec"), {})
    assert runs[0] == runs[1]
    assert here.getvalue() == runs[0] * 2


def clients_left() -> int:
    import pybullet

    return sum(pybullet.isConnected(k) for k in range(64))


def test_no_world_is_left_open_when_things_go_wrong():
    before = clients_left()
    bad = dataclasses.replace(box(), description_file=__file__)
    with pytest.raises(EngineError, match="PyBullet cannot take 'broken'"):
        simulate(yard(entity("broken", bad, physics="dynamic")))
    assert clients_left() == before
    with Client(1 / 240) as client:
        assert clients_left() == before + 1
        client.close()
    assert clients_left() == before
