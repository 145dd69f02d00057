"""Pictograms of traffic signs in a box of -1..1: people, animals, vehicles and things, drawn after the Vienna
Convention's annex 1 and the Standard Highway Signs of 23 CFR 655. Ink 1 is the colour behind the symbol.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assets._canvas import Drawing, Mark, arc, band, disc, fill, merged, placed, rect, ring, stroke


def _person() -> Drawing:
    """Walking to the left."""
    return (
        disc(-0.08, 0.82, 0.17),
        stroke(0.34, (-0.05, 0.42), (0.04, -0.05)),
        stroke(0.15, (-0.08, 0.5), (-0.36, 0.22), (-0.55, 0.02)),
        stroke(0.15, (0.02, 0.5), (0.32, 0.22), (0.4, -0.08)),
        stroke(0.22, (0.0, -0.12), (-0.2, -0.5), (-0.42, -0.86)),
        stroke(0.22, (0.06, -0.12), (0.24, -0.5), (0.6, -0.84)),
        stroke(0.14, (-0.42, -0.9), (-0.58, -0.9)),
        stroke(0.14, (0.6, -0.88), (0.5, -0.94)),
    )


def _children() -> Drawing:
    return merged(placed(_person(), -0.42, 0.08, 0.88), placed(_person(), 0.5, -0.17, 0.66))


def _adult_and_child() -> Drawing:
    skirt = (fill((-0.36, 0.1), (0.3, 0.1), (0.42, -0.35), (-0.42, -0.35)),)
    return merged(
        placed((*_person(), *skirt), -0.32, 0.08, 0.9),
        placed(_person(), 0.55, -0.3, 0.54),
        (stroke(0.1, (0.0, 0.2), (0.38, 0.0)),),
    )


def _crossing() -> Drawing:
    stripes = [
        fill((x, -0.98), (x + 0.24, -0.98), (x * 0.8 + 0.19, -0.62), (x * 0.8, -0.62))
        for x in (-1.0, -0.56, -0.12, 0.32, 0.76)
    ]
    return merged(placed(_person(), 0.0, 0.2, 0.82), stripes)


def _workman() -> Drawing:
    """Digging, with a heap."""
    return (
        disc(0.22, 0.72, 0.17),
        stroke(0.32, (0.14, 0.42), (0.42, -0.02)),
        stroke(0.14, (0.08, 0.46), (-0.12, 0.1), (-0.3, 0.08)),
        stroke(0.14, (0.1, 0.4), (0.06, -0.02), (0.0, -0.16)),
        stroke(0.2, (0.4, -0.1), (0.14, -0.46), (0.16, -0.86)),
        stroke(0.2, (0.46, -0.1), (0.62, -0.46), (0.78, -0.86)),
        stroke(0.08, (0.14, -0.24), (-0.62, 0.3)),
        fill((-0.98, -0.94), (-0.62, -0.42), (-0.42, -0.52), (-0.1, -0.94)),
        stroke(0.12, (0.08, -0.9), (0.24, -0.9)),
    )


def _bicycle() -> Drawing:
    frame = 0.09
    return (
        ring(-0.56, -0.3, 0.36, 0.1),
        ring(0.56, -0.3, 0.36, 0.1),
        stroke(frame, (-0.56, -0.3), (-0.34, 0.28), (0.26, 0.28), (0.56, -0.3)),
        stroke(frame, (-0.34, 0.28), (0.0, -0.32), (0.34, 0.44)),
        stroke(frame, (0.0, -0.32), (0.56, -0.3)),
        stroke(0.1, (-0.34, 0.28), (-0.4, 0.5), (-0.6, 0.5)),
        stroke(0.12, (0.18, 0.46), (0.48, 0.46)),
    )


def _cyclist() -> Drawing:
    rider = (
        disc(-0.2, 0.84, 0.14),
        stroke(0.22, (-0.1, 0.56), (0.28, 0.2)),
        stroke(0.11, (-0.14, 0.56), (-0.34, 0.26), (-0.44, 0.2)),
        stroke(0.14, (0.26, 0.18), (-0.04, -0.02), (0.0, -0.42)),
    )
    return merged(placed(_bicycle(), 0.0, -0.28, 0.86), rider)


def _motorcycle() -> Drawing:
    return (
        ring(-0.58, -0.5, 0.3, 0.14),
        ring(0.58, -0.5, 0.3, 0.14),
        fill((-0.36, -0.1), (0.5, -0.06), (0.34, -0.5), (-0.22, -0.5)),
        stroke(0.1, (-0.58, -0.5), (-0.36, 0.16), (-0.26, 0.22)),
        stroke(0.14, (0.0, 0.02), (0.66, -0.06)),
        disc(-0.08, 0.78, 0.18),
        stroke(0.28, (0.0, 0.48), (0.24, 0.14)),
        stroke(0.12, (0.0, 0.46), (-0.28, 0.22)),
        stroke(0.16, (0.2, 0.08), (-0.08, -0.08), (0.06, -0.42)),
    )


def _car() -> Drawing:
    """From behind."""
    return (
        fill((-0.58, 0.1), (-0.4, 0.58), (0.4, 0.58), (0.58, 0.1)),
        fill((-0.78, 0.14), (0.78, 0.14), (0.86, -0.02), (0.86, -0.42), (-0.86, -0.42), (-0.86, -0.02)),
        rect(-0.78, -0.66, -0.46, -0.4),
        rect(0.46, -0.66, 0.78, -0.4),
        fill((-0.44, 0.16), (-0.32, 0.46), (0.32, 0.46), (0.44, 0.16), ink=1),
        rect(-0.72, -0.18, -0.46, -0.04, ink=1),
        rect(0.46, -0.18, 0.72, -0.04, ink=1),
    )


def _lorry() -> Drawing:
    """From the side, to the left."""
    return (
        rect(-0.28, -0.42, 0.98, 0.6),
        fill((-0.96, -0.42), (-0.96, 0.04), (-0.74, 0.34), (-0.36, 0.34), (-0.36, -0.42)),
        fill((-0.86, 0.04), (-0.7, 0.26), (-0.52, 0.26), (-0.52, 0.04), ink=1),
        disc(-0.64, -0.46, 0.24, ink=1),
        disc(0.58, -0.46, 0.24, ink=1),
        disc(-0.64, -0.46, 0.18),
        disc(0.58, -0.46, 0.18),
    )


def _bus() -> Drawing:
    windows = [rect(x, 0.06, x + 0.32, 0.4, ink=1) for x in (-0.84, -0.42, 0.0, 0.42)]
    return (
        rect(-0.98, -0.44, 0.98, 0.56),
        *windows,
        disc(-0.56, -0.46, 0.23, ink=1),
        disc(0.56, -0.46, 0.23, ink=1),
        disc(-0.56, -0.46, 0.17),
        disc(0.56, -0.46, 0.17),
    )


def _tram() -> Drawing:
    return (
        fill((-0.52, -0.5), (-0.6, 0.0), (-0.44, 0.5), (0.44, 0.5), (0.6, 0.0), (0.52, -0.5)),
        fill((-0.46, 0.02), (-0.34, 0.38), (0.34, 0.38), (0.46, 0.02), ink=1),
        disc(-0.32, -0.24, 0.09, ink=1),
        disc(0.32, -0.24, 0.09, ink=1),
        stroke(0.08, (-0.3, 0.9), (0.3, 0.9)),
        stroke(0.07, (0.0, 0.9), (-0.16, 0.7), (0.0, 0.5)),
        stroke(0.12, (-0.8, -0.76), (0.8, -0.76)),
        rect(-0.42, -0.72, -0.2, -0.48),
        rect(0.2, -0.72, 0.42, -0.48),
    )


def _locomotive() -> Drawing:
    wheels = [disc(x, -0.5, 0.18) for x in (-0.6, -0.14, 0.32)]
    smoke = [disc(-0.36, 0.86, 0.13), disc(-0.1, 0.94, 0.15), disc(0.24, 0.92, 0.13)]
    return (
        rect(-0.86, -0.36, 0.3, 0.16),
        rect(0.26, -0.5, 0.8, 0.5),
        rect(0.16, 0.46, 0.92, 0.6),
        rect(0.4, 0.08, 0.66, 0.36, ink=1),
        fill((-0.72, 0.16), (-0.78, 0.62), (-0.42, 0.62), (-0.48, 0.16)),
        disc(-0.06, 0.18, 0.14),
        fill((-1.0, -0.56), (-0.84, -0.16), (-0.76, -0.56)),
        *wheels,
        disc(0.64, -0.48, 0.2),
        *smoke,
    )


def _gate() -> Drawing:
    posts = [
        fill((x - 0.11, -0.6), (x - 0.11, 0.42), (x, 0.6), (x + 0.11, 0.42), (x + 0.11, -0.6))
        for x in (-0.78, -0.26, 0.26, 0.78)
    ]
    return (*posts, rect(-1.0, 0.12, 1.0, 0.3), rect(-1.0, -0.36, 1.0, -0.18))


def _deer() -> Drawing:
    """Leaping to the left."""
    return (
        fill(
            (-0.42, 0.36),
            (-0.28, 0.42),
            (0.1, 0.14),
            (0.6, 0.02),
            (0.72, -0.12),
            (0.62, -0.34),
            (0.3, -0.26),
            (-0.1, -0.22),
            (-0.34, -0.06),
            (-0.44, 0.14),
        ),
        fill((-0.44, 0.16), (-0.6, 0.62), (-0.46, 0.7), (-0.22, 0.36)),
        fill((-0.88, 0.5), (-0.6, 0.76), (-0.42, 0.72), (-0.48, 0.54), (-0.82, 0.42)),
        stroke(0.06, (-0.5, 0.72), (-0.44, 0.98)),
        stroke(0.06, (-0.46, 0.84), (-0.3, 0.98)),
        stroke(0.06, (-0.56, 0.72), (-0.62, 0.98)),
        stroke(0.06, (-0.6, 0.86), (-0.76, 0.96)),
        stroke(0.12, (-0.28, -0.06), (-0.58, -0.12), (-0.8, -0.34)),
        stroke(0.1, (-0.2, -0.14), (-0.5, -0.34), (-0.62, -0.56)),
        stroke(0.17, (0.58, -0.16), (0.5, -0.46), (0.76, -0.62)),
        stroke(0.09, (0.76, -0.62), (0.72, -0.92)),
        stroke(0.13, (0.48, -0.2), (0.26, -0.5), (0.46, -0.68)),
        stroke(0.08, (0.46, -0.68), (0.4, -0.94)),
        stroke(0.1, (0.68, 0.0), (0.84, -0.06)),
    )


def _cow() -> Drawing:
    legs = [fill((x, 0.0), (x + 0.2, 0.0), (x + 0.14, -0.72), (x, -0.72)) for x in (-0.46, -0.24, 0.38, 0.6)]
    return (
        fill((-0.52, 0.38), (0.76, 0.4), (0.84, 0.24), (0.8, -0.1), (0.3, -0.2), (-0.36, -0.18), (-0.54, 0.02)),
        fill((-0.4, 0.4), (-0.62, 0.52), (-0.98, 0.2), (-0.94, 0.04), (-0.78, 0.04), (-0.6, 0.2), (-0.42, 0.0)),
        stroke(0.07, (-0.62, 0.48), (-0.66, 0.68), (-0.78, 0.72)),
        stroke(0.09, (-0.54, 0.46), (-0.4, 0.56)),
        *legs,
        fill((0.2, -0.14), (0.44, -0.14), (0.38, -0.3), (0.26, -0.3)),
        stroke(0.07, (0.82, 0.34), (0.94, 0.1), (0.92, -0.28)),
    )


def _rocks() -> Drawing:
    stones = [
        (0.18, 0.3, 0.12),
        (0.42, -0.02, 0.15),
        (0.2, -0.3, 0.1),
        (0.62, -0.42, 0.13),
        (0.34, -0.68, 0.13),
        (0.78, -0.74, 0.11),
    ]
    cliff = fill(
        (-0.98, -0.9),
        (-0.98, 0.9),
        (-0.3, 0.76),
        (-0.1, 0.46),
        (-0.2, 0.2),
        (-0.02, -0.06),
        (-0.2, -0.34),
        (-0.04, -0.6),
        (-0.14, -0.9),
    )
    return (cliff, *(Mark(points=arc(x, y, r, 15.0, 315.0, 6)) for x, y, r in stones))


def _wind() -> Drawing:
    sock = fill((-0.6, 0.86), (-0.6, 0.3), (0.9, 0.2), (0.9, 0.44))
    gaps = [
        fill((x, 0.86 - 0.28 * (x + 0.6)), (x + 0.22, 0.86 - 0.28 * (x + 0.82)), (x + 0.22, 0.29), (x, 0.3), ink=1)
        for x in (-0.32, 0.14, 0.56)
    ]
    return (sock, *gaps, stroke(0.1, (-0.68, 0.9), (-0.68, -0.9)), stroke(0.12, (-0.9, -0.9), (-0.46, -0.9)))


def _flake() -> Drawing:
    arm = []
    for a in np.radians(np.arange(0.0, 360.0, 60.0) + 90.0):
        c, s = float(np.cos(a)), float(np.sin(a))
        arm.append(stroke(0.1, (0.0, 0.0), (0.9 * c, 0.9 * s)))
        for turn in (0.7, -0.7):
            x, y = 0.5 * c, 0.5 * s
            arm.append(stroke(0.08, (x, y), (x + 0.32 * float(np.cos(a + turn)), y + 0.32 * float(np.sin(a + turn)))))
    return tuple(arm)


def _signal() -> Drawing:
    """Inks 2, 3 and 4 are the lamps' colours."""
    return rect(-0.34, -0.95, 0.34, 0.95), disc(0.0, 0.6, 0.24, 2), disc(0.0, 0.0, 0.24, 3), disc(0.0, -0.6, 0.24, 4)


def _slippery() -> Drawing:
    x = np.linspace(0.0, 1.0, 15)
    tracks = [
        Mark(points=np.stack([s + 0.26 * np.sin(2.0 * np.pi * x), -0.95 + 0.85 * x], -1), width=0.13)
        for s in (-0.34, 0.3)
    ]
    tilted = placed(_car(), 0.0, 0.4, 0.62)
    return merged(tilted, tracks)


def _narrow() -> Drawing:
    side = ((-0.5, -0.95), (-0.5, -0.35), (-0.26, 0.15), (-0.26, 0.95))
    return merged(band(0.17, side), placed(band(0.17, side), flip=True))


def _narrow_right() -> Drawing:
    return merged(
        band(0.17, ((-0.4, -0.95), (-0.4, 0.95))),
        band(0.17, ((0.46, -0.95), (0.46, -0.35), (0.12, 0.15), (0.12, 0.95))),
    )


def _bumps() -> Drawing:
    hump = [arc(x, -0.5, 0.44, 180.0, 0.0, 17) for x in (-0.48, 0.48)]
    return (rect(-1.0, -0.72, 1.0, -0.48), *(Mark(points=h * [1.0, 1.0]) for h in hump))


def _hump() -> Drawing:
    x = np.linspace(-1.0, 1.0, 25)
    return (rect(-1.0, -0.6, 1.0, -0.42), Mark(points=np.stack([x, -0.44 + 0.5 * np.cos(0.5 * np.pi * x) ** 2], -1)))


def _queue() -> Drawing:
    return merged(placed(_car(), -0.5, 0.62, 0.34), placed(_car(), 0.0, 0.1, 0.46), placed(_car(), 0.4, -0.6, 0.58))


def _plane() -> Drawing:
    return (
        stroke(0.2, (-0.85, -0.1), (0.8, -0.1)),
        fill((0.2, 0.0), (-0.34, 0.85), (-0.1, 0.85), (0.55, 0.0)),
        fill((0.2, -0.2), (-0.34, -0.85), (-0.1, -0.85), (0.55, -0.2)),
        fill((-0.7, -0.1), (-0.98, 0.28), (-0.82, 0.28), (-0.4, -0.1)),
        fill((-0.7, -0.1), (-0.98, -0.46), (-0.82, -0.46), (-0.4, -0.1)),
    )


def _quay() -> Drawing:
    x = np.linspace(-0.1, 1.0, 23)
    waves = [Mark(points=np.stack([x, y + 0.06 * np.sin(9.0 * x)], -1), width=0.1) for y in (-0.5, -0.78)]
    car = (
        fill((-0.7, 0.0), (-0.6, 0.3), (-0.3, 0.3), (-0.12, 0.56), (0.36, 0.56), (0.5, 0.28), (0.8, 0.2), (0.8, 0.0)),
        disc(-0.4, 0.0, 0.16),
        disc(0.46, 0.0, 0.16),
    )
    angle = np.radians(-32.0)
    c, s = float(np.cos(angle)), float(np.sin(angle))
    tipped = [
        Mark(
            points=np.stack([c * m.points[:, 0] - s * m.points[:, 1], s * m.points[:, 0] + c * m.points[:, 1]], -1)
            * 0.72
            + [0.18, 0.22]
        )
        for m in car
    ]
    return (rect(-1.0, -0.95, -0.3, -0.14), *tipped, *waves)


def _exclamation() -> Drawing:
    return fill((-0.17, 0.9), (0.17, 0.9), (0.09, -0.3), (-0.09, -0.3)), disc(0.0, -0.68, 0.18)


def _tunnel() -> Drawing:
    arch = np.concatenate([[[-0.8, -0.7]], arc(0.0, 0.0, 0.8, 180.0, 0.0, 21), [[0.8, -0.7]]])
    return (
        Mark(points=arch),
        fill((-0.44, -0.7), (-0.16, 0.1), (0.16, 0.1), (0.44, -0.7), ink=1),
        stroke(0.06, (0.0, -0.66), (0.0, -0.4)),
        stroke(0.05, (0.0, -0.26), (0.0, -0.06)),
    )


def _motorway() -> Drawing:
    return (
        fill((-0.64, -0.95), (-0.2, 0.95), (-0.07, 0.95), (-0.07, -0.95)),
        fill((0.64, -0.95), (0.2, 0.95), (0.07, 0.95), (0.07, -0.95)),
        rect(-0.95, 0.12, 0.95, 0.42, ink=1),
        rect(-0.95, 0.18, 0.95, 0.36),
        rect(-0.95, -0.04, -0.8, 0.36),
        rect(0.8, -0.04, 0.95, 0.36),
    )


def _bed() -> Drawing:
    return (
        rect(-0.95, -0.8, -0.8, 0.5),
        rect(-0.95, -0.36, 0.95, -0.14),
        rect(0.8, -0.8, 0.95, 0.0),
        disc(-0.56, 0.06, 0.16),
        fill((-0.34, -0.1), (-0.34, 0.12), (0.6, 0.08), (0.78, -0.1)),
    )


def _pump() -> Drawing:
    return (
        rect(-0.6, -0.9, 0.28, 0.9),
        rect(-0.42, 0.22, 0.1, 0.7, ink=1),
        rect(-0.75, -0.95, 0.43, -0.78),
        stroke(0.1, (0.3, 0.0), (0.52, 0.0), (0.52, -0.5), (0.72, -0.5), (0.72, 0.4), (0.5, 0.66)),
    )


def _home_zone() -> Drawing:
    house = (fill((0.1, 0.3), (0.1, 0.78), (0.5, 1.0), (0.9, 0.78), (0.9, 0.3)), rect(0.4, 0.3, 0.6, 0.62, ink=1))
    return merged(
        placed(_person(), -0.62, 0.28, 0.62),
        placed(_person(), -0.06, -0.52, 0.44),
        (disc(-0.66, -0.72, 0.12),),
        placed(house, 0.05, -0.1, 0.95),
        placed(_car(), 0.58, -0.5, 0.36),
    )


def _horse() -> Drawing:
    """A rider on a horse, to the left."""
    legs = [stroke(0.12, (x, -0.1), (x - 0.08, -0.5), (x, -0.9)) for x in (-0.32, -0.16, 0.48, 0.62)]
    return (
        fill((-0.4, 0.2), (0.6, 0.22), (0.74, 0.04), (0.66, -0.24), (-0.3, -0.2), (-0.46, 0.0)),
        fill(
            (-0.42, 0.1),
            (-0.7, 0.56),
            (-0.98, 0.3),
            (-0.9, 0.18),
            (-0.7, 0.26),
            (-0.6, 0.56),
            (-0.5, 0.62),
            (-0.2, 0.2),
        ),
        *legs,
        stroke(0.1, (0.7, 0.14), (0.88, -0.06), (0.86, -0.4)),
        disc(0.02, 0.86, 0.13),
        stroke(0.22, (0.04, 0.58), (0.12, 0.22)),
        stroke(0.1, (0.0, 0.56), (-0.24, 0.32)),
        stroke(0.12, (0.1, 0.2), (-0.06, -0.06), (0.0, -0.34)),
    )


SYMBOLS: Final[dict[str, Drawing]] = {
    "person": _person(),
    "children": _children(),
    "adult_and_child": _adult_and_child(),
    "crossing": _crossing(),
    "workman": _workman(),
    "bicycle": _bicycle(),
    "cyclist": _cyclist(),
    "motorcycle": _motorcycle(),
    "car": _car(),
    "lorry": _lorry(),
    "bus": _bus(),
    "tram": _tram(),
    "locomotive": _locomotive(),
    "gate": _gate(),
    "deer": _deer(),
    "cow": _cow(),
    "horse": _horse(),
    "rocks": _rocks(),
    "wind": _wind(),
    "flake": _flake(),
    "signal": _signal(),
    "slippery": _slippery(),
    "narrow": _narrow(),
    "narrow_right": _narrow_right(),
    "bumps": _bumps(),
    "hump": _hump(),
    "queue": _queue(),
    "plane": _plane(),
    "quay": _quay(),
    "exclamation": _exclamation(),
    "tunnel": _tunnel(),
    "motorway": _motorway(),
    "bed": _bed(),
    "pump": _pump(),
    "home_zone": _home_zone(),
}
