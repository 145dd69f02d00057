"""Dirt that gathers on a lens: by time and by the way, until it is washed off; and what it takes away."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers_camera import even, eye
from helpers_stage import Bench, Part, box, dome, track

from simgen.records.air import Fallen
from simgen.records.base import F4
from simgen.sensors._camera_faults import Dirt, Faults
from simgen.sensors._camera_glass import Glass, left_clear
from simgen.sensors._camera_grime import dirt_map, grown_dirt
from simgen.sensors._pane import dirt_at

_BEHIND = Part(mesh=box((0.1, 0.1, 0.1), (-50.0, 0.0, 0.0)))
MINUTE_NS = 60_000_000_000


def grown(cover: float) -> F4:
    return grown_dirt(Dirt(cover=0.4, per_min=0.1), cover, 320, 200, 1, "eye")


def test_dirt_grows_speck_by_speck_and_ends_as_what_does_not_grow() -> None:
    fields = [grown(c) for c in np.linspace(0.0, 0.4, 60)]
    assert (fields[0] == 0.0).all()
    np.testing.assert_allclose(fields[-1], dirt_map(Dirt(cover=0.4), 320, 200, 1, "eye"), atol=1e-6)
    steps = np.diff(np.stack(fields), axis=0)
    assert steps.min() >= -1e-6
    # evenly: no frame brings much more than its share
    assert steps.mean((1, 2)).max() < 4.0 * steps.mean()


def test_it_covers_what_time_and_way_have_brought() -> None:
    assert dirt_at(Dirt(cover=0.5, per_min=0.05), 2 * MINUTE_NS, None) == pytest.approx(0.1)
    assert dirt_at(Dirt(cover=0.5, per_min=0.05, from_s=30.0), 2 * MINUTE_NS, None) == pytest.approx(0.075)
    assert dirt_at(Dirt(cover=0.5, per_min=1.0), 2 * MINUTE_NS, None) == 0.5
    assert dirt_at(Dirt(cover=0.5, per_min=0.05, wash_s=90.0), 2 * MINUTE_NS, None) == pytest.approx(0.025)


def test_a_wet_road_throws_up_more() -> None:
    """20 m/s for a minute, the second half of it in 5 mm/h of rain."""
    way = track(((0.0, 0.0, 0.0), (1200.0, 0.0, 0.0)), (1.0, 0.0, 0.0, 0.0), (0, MINUTE_NS))
    half = MINUTE_NS // 2
    fallen = Fallen(
        time_ns=np.array([0, half, MINUTE_NS]), rain_mm=np.array([0.0, 0.0, 5.0 / 120.0]), snow_mm=np.zeros(3)
    )
    with Bench([_BEHIND], dome()) as bench:
        shot = bench.shot(way)
        shot = replace(shot, surroundings=replace(shot.surroundings, fallen=fallen), course=way)
        found = dirt_at(Dirt(cover=0.9, per_km=0.02, per_wet_km=0.3), MINUTE_NS, shot)
    assert found == pytest.approx(0.02 * 1.2 + 0.3 * 0.6 * (1.0 - math.exp(-5.0 / 2.5)), rel=1e-6)


def test_the_loss_is_what_the_dirt_covers_times_its_density() -> None:
    """Of what specks take, 35 % goes on, scattered forward; on an even field that is all that happens."""
    camera = eye(width=320, height=200, faults=Faults(dirt=Dirt(cover=0.3, density=0.7)))
    share = dirt_map(Dirt(cover=0.3, density=0.7), 320, 200, 3, "eye")
    seen = Glass(camera, 0, 1e3, 3, 1).through(np.full((200, 320, 3), 40.0, np.float32))
    np.testing.assert_allclose(seen[..., 1], 40.0 * (1.0 - 0.65 * share), rtol=1e-4)
    inside = share > 0.12 * 0.7
    assert 1.0 - seen.mean() / 40.0 == pytest.approx(0.65 * share.mean(), rel=1e-3)
    assert inside.mean() * share[inside].mean() == pytest.approx(share.mean(), rel=0.1)


def test_soiled_pixels_are_told() -> None:
    with Bench([_BEHIND], dome()) as bench:
        shot = bench.shot(track())
        camera = eye(width=320, height=200, faults=Faults(dirt=Dirt(cover=0.3, density=1.0)))
        clear = left_clear(camera, shot)
    share = dirt_map(Dirt(cover=0.3, density=1.0), 320, 200, shot.surroundings.seed, "eye")
    np.testing.assert_allclose(clear, 1.0 - share, atol=1e-3)
    frame = even(eye(outputs=("glass",)))
    assert frame.glass is not None
    assert (frame.glass == 1.0).all()


@pytest.mark.parametrize("fault", ["drops", "condensation", "scratches"])
def test_every_fault_of_the_glass_is_told(fault: str) -> None:
    from simgen.sensors import _camera_faults as faults

    one = {"drops": faults.Drops(), "condensation": faults.Condensation(), "scratches": faults.Scratches()}[fault]
    with Bench([_BEHIND], dome()) as bench:
        shot = bench.shot(track())
        camera = eye(width=160, height=100, faults=Faults(**{fault: one}))
        clear = left_clear(camera, shot).astype(np.float64)
        image = np.zeros((100, 160, 3), np.float32)
        image[::2, ::2] = 1.0
        seen = Glass(camera, 0, 1e3, shot.surroundings.seed, 1).through(image)
    assert clear.min() < 0.9
    # what is clear is as it was
    np.testing.assert_allclose(seen[clear == 1.0], image[clear == 1.0], atol=1e-3)


def test_a_wash_needs_dirt_that_comes_back() -> None:
    with pytest.raises(ValueError, match="wash_s: dirt that does not come back"):
        Dirt(wash_s=10.0)
