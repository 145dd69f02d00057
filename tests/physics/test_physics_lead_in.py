"""Before time 0 actors move on as in their first step: no jump at the first frame, none stored as a contact."""

import math

import numpy as np
from helpers_physics import Straight, ball, entity, yard

from simgen.physics import simulate


def test_a_driven_actor_comes_from_where_it_would_have_been() -> None:
    t = simulate(yard(entity("car", ball(), (1.0, 2.0, 0.5), behaviour=Straight(speed_m_s=8.0))))
    assert int(t.time_ns[0]) <= -200_000_000
    assert 0 in t.time_ns
    seconds = t.time_ns * 1e-9
    np.testing.assert_allclose(t.position[:, 0, 0], 1.0 + 8.0 * seconds, atol=1e-9)
    np.testing.assert_allclose(t.linear_velocity[:, 0, 0], 8.0, rtol=1e-5)


def test_a_thrown_body_flies_straight_before_it_is_let_go() -> None:
    t = simulate(yard(entity("ball", ball(), (0.0, 0.0, 5.0), physics="dynamic", velocity_m_s=(3.0, 0.0, 0.0))))
    before = t.time_ns < 0
    np.testing.assert_allclose(t.position[before, 0, 0], 3.0 * t.time_ns[before] * 1e-9, atol=1e-9)
    np.testing.assert_allclose(t.position[before, 0, 2], 5.0, atol=1e-12)


def test_what_is_still_stays_and_no_contact_lies_before_zero() -> None:
    t = simulate(yard(entity("a", ball(), (0.0, 0.0, 0.3)), entity("b", ball(), (0.05, 0.0, 0.3))))
    np.testing.assert_array_equal(t.position, np.broadcast_to(t.position[-1], t.position.shape))
    assert len(t.contacts.time_ns) == 0 or int(t.contacts.time_ns.min()) >= 0


def test_from_zero_drops_the_lead_in_alone() -> None:
    t = simulate(yard(entity("car", ball(), (0.0, 0.0, 0.5), behaviour=Straight(speed_m_s=math.pi))))
    z = t.from_zero()
    assert int(z.time_ns[0]) == 0
    np.testing.assert_array_equal(z.position, t.position[t.time_ns >= 0])
    assert len(z.exists) == len(z.time_ns)
