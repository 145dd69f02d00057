"""Signs of the Vienna Convention on Road Signs and Signals (1968, consolidated 2006), annex 1: model A warns, B gives
priority, C forbids, D commands, E and G inform. Normal sizes as most parties have them for roads outside towns: discs
of 0.6 m, triangles of 0.9 m side, squares of 0.6 m, stop signs of 0.9 m.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assets._canvas import (
    BLACK,
    BLUE,
    BROWN,
    GREEN,
    GREY,
    RED,
    WHITE,
    YELLOW,
    Canvas,
    Ink,
    Mark,
    arrow,
    band,
    disc,
    fill,
    placed,
    rect,
)
from simgen.assets._faces import Face, Painter, framed, inks, inset, lines, plain_text, slash, symbol
from simgen.shapes.signs import OUTLINES

_TRIANGLE, _DISC, _SQUARE, _STOP = 0.9, 0.6, 0.6, 0.9


def _warning(name: str, size: float = 0.4, y: float = -0.06, words: str = "") -> Face:
    """A: black on white in a red triangle."""

    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([inset(OUTLINES["triangle"], 0.965)], RED)
        canvas.draw([inset(OUTLINES["triangle"], 0.71)], WHITE)
        canvas.draw(symbol(name, 0.0, y, size), *inks(BLACK, WHITE)) if name else None
        canvas.write(text, BLACK, 0.0, -0.14, 0.3, 0.8)

    return Face(outline="triangle", width_m=_TRIANGLE, ground=WHITE, paint=paint, words=words)


def _steep(*, up: bool) -> Face:
    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([inset(OUTLINES["triangle"], 0.965)], RED)
        canvas.draw([inset(OUTLINES["triangle"], 0.71)], WHITE)
        s = 1.0 if up else -1.0
        canvas.draw([fill((-0.56 * s, -0.34), (0.56 * s, -0.34), (0.56 * s * 0.62, 0.12))], BLACK)
        canvas.write(text, BLACK, -0.14 * s, 0.12, 0.2, 0.5)

    return Face(outline="triangle", width_m=_TRIANGLE, ground=WHITE, paint=paint, words="10%")


def _ring(canvas: Canvas, ground: Ink = WHITE, ink: Ink = RED, width: float = 0.2) -> None:
    canvas.draw([disc(0.0, 0.0, 0.975)], ink)
    canvas.draw([disc(0.0, 0.0, 0.975 - width)], ground)


def _forbidden(name: str, size: float = 0.48, *, barred: bool = False, words: str = "") -> Face:
    """C 3: black on white in a red ring, a red bar over it where a manoeuvre is forbidden."""

    def paint(canvas: Canvas, text: str) -> None:
        _ring(canvas)
        if name:
            canvas.draw(symbol(name, 0.0, 0.0, size), *inks(BLACK, WHITE))
        canvas.write(text, BLACK, 0.0, 0.0, 0.62 if len(text) < 3 else 0.56, 1.25)
        if barred:
            canvas.draw(slash(0.15, 0.85), RED)

    return Face(outline="disc", width_m=_DISC, ground=WHITE, paint=paint, words=words)


def _overtaking(left: str) -> Face:
    def paint(canvas: Canvas, text: str) -> None:
        _ring(canvas)
        canvas.draw(symbol(left, -0.34, -0.02, 0.33), *inks(RED, WHITE))
        canvas.draw(symbol("car", 0.36, -0.02, 0.33), *inks(BLACK, WHITE))

    return Face(outline="disc", width_m=_DISC, ground=WHITE, paint=paint)


def _measure(arrows: str, words: str) -> Face:
    """C 5 to C 7: a width, a height, a length or a weight."""
    heads = {
        "height": [[(0.0, 0.72), (0.2, 0.44), (-0.2, 0.44)], [(0.0, -0.72), (-0.2, -0.44), (0.2, -0.44)]],
        "width": [[(-0.5, 0.0), (-0.76, 0.2), (-0.76, -0.2)], [(0.5, 0.0), (0.76, -0.2), (0.76, 0.2)]],
    }

    def paint(canvas: Canvas, text: str) -> None:
        _ring(canvas)
        canvas.draw([fill(*points) for points in heads.get(arrows, [])], BLACK)
        canvas.write(text, BLACK, 0.0, 0.0, 0.42, {"width": 0.86}.get(arrows, 1.25))
        if arrows == "axle":
            canvas.draw(
                [rect(-0.5, -0.58, -0.3, -0.3), rect(0.3, -0.58, 0.5, -0.3), rect(-0.5, -0.48, 0.5, -0.4)], BLACK
            )

    return Face(outline="disc", width_m=_DISC, ground=WHITE, paint=paint, words=words)


def _end(name: str = "", words: str = "") -> Face:
    """C 17: grey on white under black stripes."""

    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([disc(0.0, 0.0, 0.975)], BLACK)
        canvas.draw([disc(0.0, 0.0, 0.94)], WHITE)
        if name:
            canvas.draw(symbol(name, -0.34, 0.0, 0.33), *inks(GREY, WHITE))
            canvas.draw(symbol("car", 0.36, 0.0, 0.33), *inks(GREY, WHITE))
        canvas.write(text, GREY, 0.0, 0.0, 0.6, 1.25)
        for shift in (-0.24, -0.12, 0.0, 0.12, 0.24):
            ends = [[-0.62 + shift, -0.62 - shift], [0.62 + shift, 0.62 - shift]]
            canvas.draw(band(0.05, ends), BLACK)

    return Face(outline="disc", width_m=_DISC, ground=WHITE, paint=paint, words=words)


def _no_entry(canvas: Canvas, text: str) -> None:
    canvas.draw([disc(0.0, 0.0, 0.96)], RED)
    canvas.draw([rect(-0.72, -0.17, 0.72, 0.17)], WHITE)


def _no_vehicles(canvas: Canvas, text: str) -> None:
    _ring(canvas)


def _no_stopping(both: bool) -> Painter:
    def paint(canvas: Canvas, text: str) -> None:
        _ring(canvas, BLUE)
        canvas.draw(slash(0.16, 0.86), RED)
        if both:
            canvas.draw(slash(0.16, 0.86, rising=True), RED)

    return paint


def _must(*names: str, size: float = 0.58) -> Face:
    """D: white on a blue disc."""
    spots = {1: ((0.0, 0.0, size),), 2: ((0.0, 0.42, 0.42), (0.0, -0.4, 0.42))}[len(names)]

    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([disc(0.0, 0.0, 0.96)], BLUE)
        for name, (x, y, s) in zip(names, spots, strict=True):
            canvas.draw(symbol(name, x, y, s), *inks(WHITE, BLUE))
        if len(names) > 1:
            canvas.draw([rect(-0.9, -0.02, 0.9, 0.02)], WHITE)
        canvas.write(text, WHITE, 0.0, 0.0, 0.62, 1.3)

    return Face(outline="disc", width_m=_DISC, ground=WHITE, paint=paint)


def _info(name: str, size: float = 0.68, ground: Ink = BLUE, outline: str = "square", words: str = "") -> Face:
    """E and F: white on blue."""

    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, outline, ground, ground, 0.0, 0.045)
        if name:
            canvas.draw(symbol(name, 0.0, 0.0, size), *inks(WHITE, ground))
        canvas.write(text, WHITE, 0.0, 0.0, 1.15, 1.5)

    return Face(outline=outline, width_m=_SQUARE, ground=WHITE, paint=paint, words=words)


def _crossing(canvas: Canvas, text: str) -> None:
    framed(canvas, "square", BLUE, BLUE, 0.0, 0.045)
    canvas.draw([fill((-0.82, -0.66), (0.82, -0.66), (0.0, 0.84))], WHITE)
    canvas.draw(symbol("crossing", 0.0, -0.18, 0.46), *inks(BLACK, WHITE))


def _service(name: str, words: str = "") -> Face:
    """F: a symbol in a white field on blue."""

    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, "tall_2_3", BLUE, BLUE, 0.0, 0.045)
        canvas.draw([rect(-0.7, -0.42, 0.7, 1.1)], WHITE)
        if name:
            canvas.draw(symbol(name, 0.0, 0.34, 0.58), *inks(BLACK, WHITE))
        canvas.write(text, BLACK, 0.0, 0.34, 0.9, 1.0)

    return Face(outline="tall_2_3", width_m=_SQUARE, ground=WHITE, paint=paint, words=words)


def _bus_stop(canvas: Canvas, text: str) -> None:
    canvas.draw([disc(0.0, 0.0, 0.97)], GREEN)
    canvas.draw([disc(0.0, 0.0, 0.78)], YELLOW)
    canvas.write(text, GREEN, 0.0, 0.0, 0.95, 1.2)


def _dead_end(canvas: Canvas, text: str) -> None:
    framed(canvas, "square", BLUE, BLUE, 0.0, 0.045)
    canvas.draw([rect(-0.15, -0.85, 0.15, 0.4)], WHITE)
    canvas.draw([rect(-0.55, 0.34, 0.55, 0.66)], RED)


def _crossed(inner: Face) -> Face:
    """The end of what a sign began: a red bar over it."""

    def paint(canvas: Canvas, text: str) -> None:
        inner.paint(canvas, text)
        half = float(OUTLINES[inner.outline][:, 1].max()) - 0.1
        canvas.draw(band(0.12, [[-0.9, -half], [0.9, half]]), RED)

    return Face(outline=inner.outline, width_m=inner.width_m, ground=inner.ground, paint=paint, words=inner.words)


def _zone(*, end: bool) -> Face:
    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, "tall", BLACK, WHITE, 0.03, 0.03)
        ink = GREY if end else RED
        canvas.draw([disc(0.0, 0.25, 0.8)], ink)
        canvas.draw([disc(0.0, 0.25, 0.63)], WHITE)
        canvas.write(text, GREY if end else BLACK, 0.0, 0.25, 0.5, 1.0)
        canvas.write("ZONE", GREY if end else BLACK, 0.0, -0.85, 0.34, 1.3)
        if end:
            for s in (-0.2, -0.1, 0.0, 0.1, 0.2):
                canvas.draw(band(0.045, [[-0.85 + s, -1.1 - s], [0.85 + s, 1.1 - s]]), BLACK)

    return Face(outline="tall", width_m=0.6, ground=WHITE, paint=paint, words="30")


def _priority(*, end: bool) -> Painter:
    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([inset(OUTLINES["diamond"], 0.97)], BLACK)
        canvas.draw([inset(OUTLINES["diamond"], 0.945)], WHITE)
        canvas.draw([inset(OUTLINES["diamond"], 0.7)], BLACK)
        canvas.draw([inset(OUTLINES["diamond"], 0.68)], YELLOW)
        if end:
            for s in (-0.15, -0.05, 0.05, 0.15):
                canvas.draw(band(0.05, [[-0.47 + s, -0.47 - s], [0.47 + s, 0.47 - s]]), BLACK)

    return paint


def _yield(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["inverted"], 0.965)], RED)
    canvas.draw([inset(OUTLINES["inverted"], 0.68)], WHITE)


def _stop(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["octagon"], 0.945)], RED)
    canvas.write(text, WHITE, 0.0, 0.0, 0.66, 1.6, 0.17)


def _yield_to_oncoming(canvas: Canvas, text: str) -> None:
    _ring(canvas)
    canvas.draw(arrow(0.2, [[-0.3, -0.55], [-0.3, 0.55]]), RED)
    canvas.draw(arrow(0.2, [[0.3, 0.55], [0.3, -0.55]]), BLACK)


def _over_oncoming(canvas: Canvas, text: str) -> None:
    framed(canvas, "square", BLUE, BLUE, 0.0, 0.045)
    canvas.draw(arrow(0.26, [[0.38, -0.75], [0.38, 0.75]]), WHITE)
    canvas.draw(arrow(0.18, [[-0.4, 0.7], [-0.4, -0.7]]), RED)


def _one_way(canvas: Canvas, text: str) -> None:
    framed(canvas, "wide_1_3", BLUE, BLUE, 0.0, 0.03)
    canvas.draw(arrow(0.2, [[-0.85, 0.0], [0.85, 0.0]], 2.2), WHITE)


def _crossbuck(canvas: Canvas, text: str) -> None:
    canvas.draw([rect(-1.0, -0.2, -0.6, 0.2), rect(0.6, -0.2, 1.0, 0.2)], RED)


def _chevrons(canvas: Canvas, text: str) -> None:
    for x in (-0.62, 0.0, 0.62):
        points = np.array([[-0.34, 0.33], [0.0, 0.33], [0.34, 0.0], [0.0, -0.33], [-0.34, -0.33], [0.0, 0.0]])
        canvas.draw(placed([Mark(points=points)], x), RED)


def _town(canvas: Canvas, text: str) -> None:
    framed(canvas, "wide_1_2", BLACK, YELLOW, 0.03, 0.03)
    lines(canvas, text, BLACK, 0.3, 1.6)


def _direction(ground: Ink, ink: Ink) -> Painter:
    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, "wide_1_3", ink, ground, 0.025, 0.025)
        canvas.write(text, ink, 0.12, 0.0, 0.3, 1.4)
        canvas.draw([fill((-0.92, 0.0), (-0.72, 0.2), (-0.72, -0.2))], ink)

    return paint


def _no_motor(canvas: Canvas, text: str) -> None:
    _ring(canvas)
    canvas.draw(symbol("motorcycle", 0.0, 0.36, 0.32), *inks(BLACK, WHITE))
    canvas.draw(symbol("car", 0.0, -0.3, 0.38), *inks(BLACK, WHITE))


def _footway(canvas: Canvas, text: str) -> None:
    canvas.draw([disc(0.0, 0.0, 0.96)], BLUE)
    canvas.draw(symbol("bicycle", -0.44, 0.0, 0.38), *inks(WHITE, BLUE))
    canvas.draw(symbol("adult_and_child", 0.44, 0.0, 0.4), *inks(WHITE, BLUE))
    canvas.draw([rect(-0.025, -0.9, 0.025, 0.9)], WHITE)


def _no_u_turn_arc(canvas: Canvas, text: str) -> None:
    _ring(canvas)
    canvas.draw(symbol("u_turn", 0.0, 0.0, 0.6), *inks(BLACK, WHITE))
    canvas.draw(slash(0.14, 0.85), RED)


_WARNINGS: Final = {
    "danger": _warning("exclamation", 0.46, -0.04),
    "curve_right": _warning("curve_right", 0.44),
    "curve_left": _warning("curve_left", 0.44),
    "double_curve_right": _warning("double_right", 0.46),
    "double_curve_left": _warning("double_left", 0.46),
    "steep_down": _steep(up=False),
    "steep_up": _steep(up=True),
    "narrow_road": _warning("narrow", 0.44),
    "narrow_right": _warning("narrow_right", 0.44),
    "uneven_road": _warning("bumps", 0.46, -0.1),
    "hump": _warning("hump", 0.46, -0.1),
    "slippery": _warning("slippery", 0.44, -0.02),
    "falling_rocks": _warning("rocks", 0.42, -0.08),
    "side_wind": _warning("wind", 0.42, -0.1),
    "ice": _warning("flake", 0.42),
    "pedestrians": _warning("person", 0.46, -0.02),
    "pedestrian_crossing": _warning("crossing", 0.46, -0.02),
    "children": _warning("children", 0.44, -0.06),
    "cyclists": _warning("cyclist", 0.42, -0.06),
    "wild_animals": _warning("deer", 0.46, -0.04),
    "cattle": _warning("cow", 0.48, -0.08),
    "road_works": _warning("workman", 0.46, -0.04),
    "signals": _warning("signal", 0.48, 0.02),
    "level_crossing_gate": _warning("gate", 0.44, -0.1),
    "level_crossing_open": _warning("locomotive", 0.42, -0.08),
    "tram": _warning("tram", 0.44, -0.06),
    "crossroads": _warning("crossroads", 0.42),
    "right_of_way": _warning("priority_next", 0.48, 0.0),
    "side_road": _warning("side_road_right", 0.44),
    "two_way": _warning("two_way", 0.44),
    "queue": _warning("queue", 0.46, -0.04),
    "low_aircraft": _warning("plane", 0.44, -0.06),
    "quay": _warning("quay", 0.44, -0.08),
    "roundabout_ahead": _warning("roundabout", 0.44, -0.06),
    "tunnel_ahead": _warning("tunnel", 0.42, -0.06),
}

_PRIORITY: Final = {
    "yield": Face(outline="inverted", width_m=_TRIANGLE, ground=WHITE, paint=_yield),
    "stop": Face(outline="octagon", width_m=_STOP, ground=WHITE, paint=_stop, words="STOP"),
    "priority": Face(outline="diamond", width_m=0.6 * 2.0**0.5, ground=WHITE, paint=_priority(end=False)),
    "end_priority": Face(outline="diamond", width_m=0.6 * 2.0**0.5, ground=WHITE, paint=_priority(end=True)),
    "yield_to_oncoming": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_yield_to_oncoming),
    "priority_over_oncoming": Face(outline="square", width_m=_SQUARE, ground=WHITE, paint=_over_oncoming),
    "crossbuck": Face(outline="slat", width_m=1.2, ground=WHITE, paint=_crossbuck, turns=(45.0, -45.0)),
    "chevrons": Face(outline="wide_1_3", width_m=1.5, ground=WHITE, paint=_chevrons),
}

_FORBIDDING: Final = {
    "no_entry": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_no_entry),
    "no_vehicles": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_no_vehicles),
    "no_motor_vehicles": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_no_motor),
    "no_cars": _forbidden("car", 0.56),
    "no_trucks": _forbidden("lorry", 0.56),
    "no_bicycles": _forbidden("bicycle", 0.52),
    "no_motorcycles": _forbidden("motorcycle", 0.52),
    "no_pedestrians": _forbidden("person", 0.56),
    "no_riders": _forbidden("horse", 0.54),
    "max_weight": _measure("", "5,5t"),
    "max_axle_load": _measure("axle", "8t"),
    "max_height": _measure("height", "3,8m"),
    "max_width": _measure("width", "2,3m"),
    "no_right_turn": _forbidden("turn_right", 0.52, barred=True),
    "no_left_turn": _forbidden("turn_left", 0.52, barred=True),
    "no_u_turn": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_no_u_turn_arc),
    "no_overtaking": _overtaking("car"),
    "no_overtaking_trucks": _overtaking("lorry"),
    **{f"speed_{v}": _forbidden("", words=str(v)) for v in range(10, 131, 10)},
    "speed_limit": _forbidden("", words="70"),
    "no_stopping": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_no_stopping(both=True)),
    "no_parking": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_no_stopping(both=False)),
    "end_all": _end(),
    "end_speed_limit": _end(words="60"),
    "end_no_overtaking": _end("car"),
    "zone_30": _zone(end=False),
    "end_zone_30": _zone(end=True),
}

_COMMANDING: Final = {
    "ahead_only": _must("straight"),
    "turn_right_ahead": _must("turn_right"),
    "turn_left_ahead": _must("turn_left"),
    "turn_right_here": _must("right"),
    "turn_left_here": _must("left"),
    "ahead_or_right": _must("ahead_right"),
    "ahead_or_left": _must("ahead_left"),
    "pass_right": _must("pass_right"),
    "pass_left": _must("pass_left"),
    "roundabout": _must("roundabout", size=0.66),
    "cycle_path": _must("bicycle", size=0.64),
    "footpath": _must("adult_and_child", size=0.64),
    "cycle_and_footpath": Face(outline="disc", width_m=_DISC, ground=WHITE, paint=_footway),
    "cycle_over_footpath": _must("adult_and_child", "bicycle"),
}

_INFORMING: Final = {
    "crosswalk": Face(outline="square", width_m=_SQUARE, ground=WHITE, paint=_crossing),
    "parking": _info("", words="P"),
    "hospital": _info("", words="H"),
    "motorway": _info("motorway", 0.8),
    "end_motorway": _crossed(_info("motorway", 0.8)),
    "expressway": _info("car", 0.74),
    "one_way": Face(outline="wide_1_3", width_m=0.9, ground=WHITE, paint=_one_way),
    "one_way_ahead": _info("straight", 0.78),
    "dead_end": Face(outline="square", width_m=_SQUARE, ground=WHITE, paint=_dead_end),
    "bus_stop": Face(outline="disc", width_m=0.45, ground=WHITE, paint=_bus_stop, words="H"),
    "bus_lane": _info("bus", 0.74),
    "tunnel": _info("tunnel", 0.78),
    "home_zone": _info("home_zone", 0.6, outline="wide_2_3"),
    "first_aid": _service("bed"),
    "fuel": _service("pump"),
    "information": _service("", "i"),
    "town": Face(outline="wide_1_2", width_m=1.2, ground=YELLOW, paint=_town, words="Neustadt"),
    "end_town": _crossed(Face(outline="wide_1_2", width_m=1.2, ground=YELLOW, paint=_town, words="Neustadt")),
    "direction": Face(
        outline="wide_1_3", width_m=1.4, ground=YELLOW, paint=_direction(YELLOW, BLACK), words="Altdorf 12"
    ),
    "direction_motorway": Face(
        outline="wide_1_3", width_m=1.6, ground=BLUE, paint=_direction(BLUE, WHITE), words="A 9"
    ),
    "sights": Face(
        outline="wide_1_2", width_m=1.6, ground=BROWN, paint=plain_text(WHITE, BROWN, "wide_1_2", 0.3), words="Old Town"
    ),
}

VIENNA: Final[dict[str, Face]] = {**_WARNINGS, **_PRIORITY, **_FORBIDDING, **_COMMANDING, **_INFORMING}
