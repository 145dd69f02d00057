"""A bicycle's measures, its parts, and the seat and pedals that a rider needs to fit."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.base import F8
from simgen.shapes.lattice import revolve, tube
from simgen.shapes.primitives import bar, box, cylinder, ellipsoid
from simgen.shapes.soup import Soup, join

#: a 28 inch trekking bicycle (ISO 622 rims with 37 mm tyres), metres, from the rear axle on the ground
WHEEL_RADIUS: Final = 0.345
TYRE_RADIUS: Final = 0.0185
WHEELBASE: Final = 1.06
BOTTOM_BRACKET: Final = (0.44, 0.285)
SADDLE: Final = (0.235, 0.93)
HEAD_TOP: Final = (0.86, 0.90)
HEAD_LOW: Final = (0.905, 0.72)
GRIP: Final = (0.76, 0.27, 1.06)
CRANK: Final = 0.17
PEDAL_Y: Final = 0.115
#: metres travelled per turn of the crank (46 x 17 teeth)
DEVELOPMENT: Final = 2.0 * np.pi * WHEEL_RADIUS * 46.0 / 17.0

#: tags of the frame's triangles
PAINT, METAL, RUBBER, LAMP, REFLECTOR = range(5)

_SIDEWAYS: Final = quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)


def wheel() -> Soup:
    """Tyre, rim, hub and crossed spokes about the y axis; a vertex lies straight below."""
    mid = WHEEL_RADIUS - TYRE_RADIUS
    angle = np.linspace(0.0, 2.0 * np.pi, 7)
    tyre = np.stack([mid + TYRE_RADIUS * np.cos(angle), TYRE_RADIUS * np.sin(angle)], -1)
    rim = np.array(
        [[mid - 0.03, -0.01], [mid - 0.012, -0.012], [mid - 0.012, 0.012], [mid - 0.03, 0.01], [mid - 0.03, -0.01]]
    )
    hoops = [
        revolve(tyre, 32, tags=RUBBER, phase_rad=0.5 * np.pi),
        revolve(rim, 32, tags=METAL, phase_rad=0.5 * np.pi),
    ]
    hub = cylinder(0.022, 0.09, 8).tagged(METAL)
    turn = 2.0 * np.pi * np.arange(16) / 16
    lean = np.where(np.arange(16) % 2 == 0, 0.35, -0.35)
    spokes = [
        bar(
            [0.02 * np.cos(t + d), 0.02 * np.sin(t + d), 0.03 * np.sign(d)],
            [(mid - 0.02) * np.cos(t), (mid - 0.02) * np.sin(t), 0.0],
            0.0035,
            0.0035,
        ).tagged(METAL)
        for t, d in zip(turn, lean, strict=True)
    ]
    return join([*hoops, hub, *spokes]).moved(quaternion=_SIDEWAYS)


def _point(x: float, z: float, y: float = 0.0) -> F8:
    return np.array([x, y, z])


def frame() -> Soup:
    """The main and rear triangles, saddle, mudguards, carrier and rear reflector."""
    bracket, low, top = _point(*BOTTOM_BRACKET), _point(*HEAD_LOW), _point(*HEAD_TOP)
    seat = _point(SADDLE[0] + 0.02, SADDLE[1] - 0.16)
    tubes = [
        tube([bracket, low], 0.02, 8),
        tube([_point(seat[0] + 0.015, seat[2] - 0.04), _point(top[0] + 0.01, top[2] - 0.06)], 0.017, 8),
        tube([bracket, seat], 0.017, 8),
        tube([_point(low[0] + 0.008, low[2] - 0.03), top], 0.021, 8),
    ]
    for y in (0.055, -0.055):
        tubes.append(tube([bracket, _point(0.25, 0.32, y), _point(0.0, WHEEL_RADIUS, y)], 0.01, 6))
        tubes.append(tube([_point(seat[0], seat[2] - 0.03), _point(0.0, WHEEL_RADIUS, y)], 0.009, 6))
    post = tube([seat, _point(SADDLE[0], SADDLE[1] - 0.03)], 0.013, 8).tagged(METAL)
    carrier = [bar(_point(-0.25, 0.77, y), _point(0.2, 0.77, y), 0.012, 0.012) for y in (0.05, -0.05)]
    carrier += [bar(_point(0.0, WHEEL_RADIUS + 0.01, y), _point(-0.12, 0.77, y), 0.01, 0.01) for y in (0.06, -0.06)]
    carrier += [bar(_point(x, 0.77, -0.05), _point(x, 0.77, 0.05), 0.01, 0.01) for x in (-0.24, -0.05, 0.15)]
    reflector = box((0.02, 0.07, 0.045)).moved((-0.262, 0.0, 0.765)).tagged(REFLECTOR)
    parts = [t.tagged(PAINT) for t in tubes] + [c.tagged(METAL) for c in carrier]
    return join([*parts, post, reflector, _saddle(), _guard(-20.0, 195.0)])


def _saddle() -> Soup:
    back = ellipsoid((0.11, 0.078, 0.03), 10, 6).moved((SADDLE[0] - 0.05, 0.0, SADDLE[1] - 0.02))
    nose = ellipsoid((0.15, 0.03, 0.026), 10, 6).moved((SADDLE[0] + 0.06, 0.0, SADDLE[1] - 0.02))
    return join([back, nose]).tagged(RUBBER)


def _guard(start_deg: float, stop_deg: float) -> Soup:
    """A mudguard over a wheel at the origin's axle, from behind (180) over the top (90) to the front (0)."""
    angle = np.radians(np.linspace(max(start_deg, 20.0), stop_deg, 12))
    r = WHEEL_RADIUS + 0.015
    path = np.stack([r * np.cos(angle), np.zeros(12), WHEEL_RADIUS + r * np.sin(angle)], -1)
    return tube(path, 0.026, 6).tagged(PAINT)


def steering() -> Soup:
    """Fork, stem, handlebar, grips, lamp and mudguard, about the front axle on the ground below."""
    shift = np.array([WHEELBASE, 0.0, 0.0])
    crown = np.array(_point(HEAD_LOW[0] + 0.012, HEAD_LOW[1] - 0.04))
    parts = [
        tube([np.add(crown, [0, y, 0]), _point(0.97, 0.5, y), _point(WHEELBASE, WHEEL_RADIUS, y)], 0.011, 6).tagged(
            PAINT
        )
        for y in (0.052, -0.052)
    ]
    parts.append(bar(np.add(crown, [0, -0.055, 0]), np.add(crown, [0, 0.055, 0]), 0.03, 0.03).tagged(PAINT))
    stem_top = np.array(_point(HEAD_TOP[0] - 0.03, GRIP[2] - 0.02))
    parts.append(tube([_point(*HEAD_TOP), stem_top, _point(HEAD_TOP[0] + 0.03, GRIP[2])], 0.014, 6).tagged(METAL))
    x = HEAD_TOP[0] + 0.03
    handle = [
        [GRIP[0] - 0.03, 0.31, GRIP[2]],
        [GRIP[0] + 0.02, 0.24, GRIP[2] + 0.005],
        [x, 0.1, GRIP[2]],
        [x, -0.1, GRIP[2]],
        [GRIP[0] + 0.02, -0.24, GRIP[2] + 0.005],
        [GRIP[0] - 0.03, -0.31, GRIP[2]],
    ]
    parts.append(tube(handle, 0.012, 6).tagged(METAL))
    for s in (1.0, -1.0):
        parts.append(
            tube(
                [[GRIP[0] - 0.035, s * 0.318, GRIP[2]], [GRIP[0] + 0.015, s * 0.23, GRIP[2] + 0.004]], 0.017, 6
            ).tagged(RUBBER)
        )
    parts.append(ellipsoid((0.035, 0.035, 0.035), 10, 6).moved((0.945, 0.0, 0.86)).tagged(LAMP))
    parts.append(_guard(20.0, 175.0).moved(shift))
    return join(parts).moved(-shift)


def crank() -> Soup:
    """Chain ring, both cranks and pedals about the bottom bracket, the left crank forward."""
    ring = cylinder(0.095, 0.006, 20).moved(quaternion=_SIDEWAYS).moved((0.0, -0.06, 0.0)).tagged(METAL)
    axle = cylinder(0.02, 0.15, 8).moved(quaternion=_SIDEWAYS).tagged(METAL)
    arms = [bar([0.0, s * 0.075, 0.0], [s * CRANK, s * 0.08, 0.0], 0.014, 0.024).tagged(METAL) for s in (1.0, -1.0)]
    pedals = [
        cylinder(0.02, 0.09, 8)
        .moved(quaternion=_SIDEWAYS)
        .moved((s * CRANK, s * (PEDAL_Y + 0.012), 0.0))
        .tagged(RUBBER)
        for s in (1.0, -1.0)
    ]
    return join([ring, axle, *arms, *pedals])
