"""Traffic lights of both sets: lenses in order, housings in their colours, figures for pedestrians."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.records.model import Model
from simgen.registry import get


def light(**parameters: Any) -> Model:
    model = get("asset", "traffic_light")(**parameters).build()
    assert isinstance(model, Model)
    return model


def lens(model: Model, state: str) -> np.ndarray:
    """Middle of a lens."""
    mesh = model.links[0].mesh
    assert mesh is not None
    row = next(k for k, s in enumerate(model.surfaces) if s.lamp == state)
    return np.asarray(mesh.vertices[mesh.triangles[mesh.surface == row].reshape(-1)].mean(0))


@pytest.mark.parametrize("parameters", [{}, {"set": "us"}])
def test_red_is_above_green(parameters: dict[str, Any]) -> None:
    model = light(**parameters)
    heights = [lens(model, s)[2] for s in ("red", "yellow", "green")]
    assert heights[0] > heights[1] > heights[2]
    top = model.box_center[2] + 0.5 * model.size[2]
    assert top == pytest.approx(3.3, abs=0.01)


def test_lying_heads_have_red_on_the_left() -> None:
    model = light(set="us", horizontal=True)
    # who faces it looks along -x and has -y on the left
    assert lens(model, "red")[1] < lens(model, "yellow")[1] < lens(model, "green")[1]
    assert model.size[1] > model.size[2]


def test_us_lenses_are_of_12_inches_in_a_yellow_housing() -> None:
    model = light(set="us", backboard=False)
    mesh = model.links[0].mesh
    assert mesh is not None
    row = next(k for k, s in enumerate(model.surfaces) if s.lamp == "red")
    points = mesh.vertices[mesh.triangles[mesh.surface == row].reshape(-1)]
    assert np.ptp(points[:, 2]) == pytest.approx(0.3, abs=0.01)
    housing = model.surfaces[0].base_color
    assert housing[0] > 0.5 > housing[2]


@pytest.mark.parametrize("which", ["vienna", "us"])
def test_pedestrians_have_two_figures(which: str) -> None:
    model = light(kind="pedestrian", set=which)
    lamps = {s.lamp: s for s in model.surfaces if s.lamp}
    assert set(lamps) == {"red", "green"}
    assert {lamp.state for lamp in model.lamps} == {"red", "green"}
    assert lens(model, "red")[2] > lens(model, "green")[2] + 0.2
    for surface in lamps.values():
        assert surface.skin is not None
        glow = surface.skin.glow
        assert glow is not None
        width, height = glow.sizes[0]
        share = glow.texels[: width * height, 0].mean() / 255.0
        # a figure, not the whole lens
        assert 0.08 < share < 0.5
