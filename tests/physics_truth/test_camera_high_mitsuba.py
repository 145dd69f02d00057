"""A scene of boxes and balls under sun, sky and a lamp, against Mitsuba 3 on the same triangles and materials."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers_high import capture, finish, relative
from helpers_mitsuba import render
from helpers_stage import Part, box, dome, mesh_of, plane, sphere

from simgen.records.lights import Lamp, LampTable

pytest.importorskip("mitsuba")

SIZE: dict[str, Any] = {"width": 96, "height": 72, "hfov_deg": 55.0}
EYE, TARGET = (-5.5, -1.2, 2.6), (0.3, 0.2, 0.6)
#: an area lamp that hangs over the right, 0.8 m wide
LAMP = Lamp(
    position=(-0.4, -1.9, 2.2),
    axis=(0.0, 0.6, -0.8),
    intensity=(5200.0, 4600.0, 3600.0),
    beam="area",
    radius_m=0.0,
    half_u=(0.4, 0.0, 0.0),
    half_v=(0.0, 0.24, 0.18),
)
SUN = (-0.2, 0.75, 0.62)
LIGHT = dome(1500.0, 12_000.0, SUN)


def lamp_quad() -> Part:
    """What shines where the lamp is."""
    u, v, p = np.array(LAMP.half_u), np.array(LAMP.half_v), np.array(LAMP.position)
    corners = [p - u - v, p + u - v, p + u + v, p - u + v]
    glow = tuple(i / (4.0 * 0.4 * 0.3) for i in LAMP.intensity)
    return Part(
        mesh=mesh_of(corners, np.tile(LAMP.axis, (4, 1)), [(0, 1, 2), (0, 2, 3)]),
        surface=finish(0.0, emission=glow, has_lamp=True),
    )


def parts() -> list[Part]:
    """Ground, a red wall that throws light back, a shelf with a dark place below, balls of metal and gloss.

    The metal and the coloured gloss are smooth enough that Mitsuba keeps their light: its ``roughconductor`` and
    ``roughplastic`` lose what facets pass to one another (head-on 5 % and 20 % at alpha 0.2), ours do not.
    """
    return [
        Part(mesh=plane(16.0), surface=finish((0.45, 0.42, 0.38))),
        Part(mesh=box((0.2, 3.2, 2.0), (1.6, 0.4, 1.0)), surface=finish((0.7, 0.25, 0.2))),
        Part(mesh=box((1.2, 2.2, 0.1), (0.9, 0.6, 1.1)), surface=finish((0.6, 0.6, 0.55))),
        Part(mesh=box((1.2, 0.1, 1.05), (0.9, 1.7, 0.525)), surface=finish((0.3, 0.5, 0.3))),
        Part(mesh=sphere(0.5, (-0.6, -0.9, 0.5), 40), surface=finish((0.9, 0.75, 0.5), roughness=0.3, metallic=1.0)),
        Part(mesh=sphere(0.4, (-1.4, 0.7, 0.4), 40), surface=finish((0.15, 0.3, 0.6), roughness=0.17)),
        Part(mesh=sphere(0.3, (-2.2, 0.0, 0.3), 40), surface=finish(0.0, roughness=0.4)),
        lamp_quad(),
    ]


def coarse(picture: np.ndarray) -> np.ndarray:
    """Means of 3 x 3 pixels: a third of the noise of either renderer."""
    height, width = picture.shape[0] // 3, picture.shape[1] // 3
    return picture.reshape(height, 3, width, 3, 3).mean((1, 3))


def ours(samples: int, bounces: int, light: Any = LIGHT, lamps: Any = (LAMP,)) -> np.ndarray:
    frame = capture(
        parts(),
        light,
        EYE,
        TARGET,
        lamps=LampTable.of(lamps, [0] * len(lamps)),
        samples=samples,
        bounces=bounces,
        **SIZE,
    )
    assert frame.linear is not None
    # sky and lamp in view are no matter of bounces
    return np.where(np.isfinite(frame.depth)[..., None], frame.linear, np.nan)


def test_agrees_with_mitsuba_where_lit_shadowed_and_lit_indirectly(tmp_path: Path) -> None:
    truth = coarse(render(tmp_path, parts(), LIGHT, [LAMP], EYE, TARGET, bounces=2, samples=576, **SIZE))
    mine = coarse(ours(576, 2))
    direct, sunny = coarse(ours(64, 0)), coarse(ours(16, 0, dome(0.0, 12_000.0, SUN), ()))
    bright, total = direct.mean(-1), mine.mean(-1)
    # comparisons with NaN are false: blocks with sky in them belong to no region
    regions = {
        "unshadowed": sunny.mean(-1) > 1.0,
        "shadowed": (sunny.mean(-1) <= 0.0) & (bright > 0.5 * total),
        "indirect": bright < 0.5 * total,
    }
    for name, mask in regions.items():
        assert mask.sum() > 30, name
        error, shift = relative(mine[mask], truth[mask]), mine[mask].mean() / truth[mask].mean() - 1.0
        print(f"{name}: {mask.sum()} blocks, mean relative error {error:.4f}, of the mean {shift:+.4f}")
        assert error < 0.05, name
        assert abs(shift) < 0.03, name
