"""Signs of the Manual on Uniform Traffic Control Devices (23 CFR 655, 2009 edition), sizes for conventional roads with
one lane a way (tables 2B-1, 2C-2, 2D-1, 7B-1, 8B-1): stop 30 in, yield 36 in, speed limit 24 x 30 in, warnings 30 in.
"""

from __future__ import annotations

from typing import Final

from simgen.assets._arrows import chevron
from simgen.assets._canvas import (
    BLACK,
    BLUE,
    GREEN,
    LIME,
    ORANGE,
    RED,
    WHITE,
    YELLOW,
    Canvas,
    Ink,
    Mark,
    arrow,
    band,
    disc,
    placed,
    rect,
    ring,
)
from simgen.assets._faces import Face, Painter, framed, inks, inset, lines, plain_text, slash, symbol
from simgen.shapes.signs import OUTLINES

_INCH: Final = 0.0254


def _diamond(name: str, size: float = 0.46, ground: Ink = YELLOW, words: str = "", inches: float = 30.0) -> Face:
    """W: black on a yellow (or orange, or lime) square that stands on its corner."""

    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([inset(OUTLINES["diamond"], 0.965)], BLACK)
        canvas.draw([inset(OUTLINES["diamond"], 0.925)], ground)
        if name:
            canvas.draw(symbol(name, 0.0, 0.0, size), *inks(BLACK, ground))
        if text:
            rows = text.count("|") + 1
            lines(canvas, text, BLACK, 0.24 if rows > 1 else 0.28, 1.12)

    return Face(outline="diamond", width_m=inches * _INCH * 2.0**0.5, ground=ground, paint=paint, words=words)


def _ahead(name: str) -> Face:
    """W3: a small sign below an arrow."""

    def paint(canvas: Canvas, text: str) -> None:
        canvas.draw([inset(OUTLINES["diamond"], 0.965)], BLACK)
        canvas.draw([inset(OUTLINES["diamond"], 0.925)], YELLOW)
        canvas.draw(arrow(0.13, [[0.0, 0.18], [0.0, 0.72]]), BLACK)
        if name == "stop":
            canvas.draw([Mark(points=OUTLINES["octagon"] * 0.34 + [0.0, -0.24])], RED)
        elif name == "yield":
            canvas.draw([Mark(points=OUTLINES["inverted"] * 0.36 + [0.0, -0.16])], RED)
            canvas.draw([Mark(points=OUTLINES["inverted"] * 0.2 + [0.0, -0.16])], WHITE)

    return Face(outline="diamond", width_m=30.0 * _INCH * 2.0**0.5, ground=YELLOW, paint=paint)


def _stop(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["octagon"], 0.945)], RED)
    canvas.write(text, WHITE, 0.0, 0.0, 0.66, 1.6, 0.17)


def _yield(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["inverted"], 0.965)], RED)
    canvas.draw([inset(OUTLINES["inverted"], 0.6)], WHITE)
    canvas.write(text, RED, 0.0, 0.22, 0.14, 0.66)


def _speed(canvas: Canvas, text: str) -> None:
    framed(canvas, "tall", BLACK, WHITE, 0.03, 0.04)
    canvas.write("SPEED", BLACK, 0.0, 0.93, 0.26, 1.3)
    canvas.write("LIMIT", BLACK, 0.0, 0.53, 0.26, 1.3)
    canvas.write(text, BLACK, 0.0, -0.4, 1.05, 1.5, 0.17)


def _advisory(canvas: Canvas, text: str) -> None:
    framed(canvas, "square", BLACK, YELLOW, 0.035, 0.05)
    canvas.write(text, BLACK, 0.0, 0.25, 0.85, 1.4, 0.17)
    canvas.write("MPH", BLACK, 0.0, -0.6, 0.32, 1.2)


def _do_not_enter(canvas: Canvas, text: str) -> None:
    canvas.draw([disc(0.0, 0.0, 0.97)], RED)
    canvas.draw([rect(-0.74, -0.14, 0.74, 0.14)], WHITE)
    canvas.write("DO NOT", WHITE, 0.0, 0.46, 0.24, 1.1)
    canvas.write("ENTER", WHITE, 0.0, -0.46, 0.24, 1.0)


def _red_text(outline: str, height: float) -> Painter:
    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, outline, RED, RED, 0.0, 0.05)
        lines(canvas, text, WHITE, height, 1.7)

    return paint


def _one_way(canvas: Canvas, text: str) -> None:
    canvas.draw([Mark(points=OUTLINES["wide_1_3"] * [0.96, 0.9])], BLACK)
    canvas.draw(arrow(0.3, [[-0.88, 0.0], [0.92, 0.0]], 1.7), WHITE)
    canvas.write(text, BLACK, -0.12, 0.0, 0.18, 1.2)


def _no(name: str, size: float = 0.5, outline: str = "square", inches: float = 24.0) -> Face:
    """R3: a black symbol under a red circle and slash."""

    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, outline, BLACK, WHITE, 0.025, 0.03)
        canvas.draw(symbol(name, 0.0, 0.0, size), *inks(BLACK, WHITE))
        canvas.draw([ring(0.0, 0.0, 0.76, 0.14)], RED)
        canvas.draw(slash(0.14, 0.76), RED)

    return Face(outline=outline, width_m=inches * _INCH, ground=WHITE, paint=paint)


def _no_parking(canvas: Canvas, text: str) -> None:
    framed(canvas, "tall_2_3", RED, WHITE, 0.03, 0.04)
    canvas.write("P", BLACK, 0.0, 0.55, 0.85, 0.8)
    canvas.draw([ring(0.0, 0.55, 0.66, 0.14)], RED)
    canvas.draw(placed(slash(0.14, 0.66), 0.0, 0.55), RED)
    lines(canvas, "ANY|TIME", RED, 0.28, 1.4, -0.65)
    canvas.draw(arrow(0.08, [[-0.2, -1.25], [-0.75, -1.25]]), RED)
    canvas.draw(arrow(0.08, [[0.2, -1.25], [0.75, -1.25]]), RED)


def _keep_right(canvas: Canvas, text: str) -> None:
    framed(canvas, "tall", BLACK, WHITE, 0.03, 0.04)
    canvas.draw(arrow(0.26, [[-0.3, -0.95], [-0.3, -0.5], [0.35, 0.1], [0.35, 0.95]], 2.2), BLACK)
    canvas.draw([Mark(points=OUTLINES["disc"] * [0.17, 0.3] + [-0.42, 0.45])], BLACK)


def _school(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["pentagon"], 0.96)], BLACK)
    canvas.draw([inset(OUTLINES["pentagon"], 0.915)], LIME)
    canvas.draw(symbol("children", 0.0, -0.28, 0.58), *inks(BLACK, LIME))


def _crossbuck(canvas: Canvas, text: str) -> None:
    # the boards cross in the middle, so each word is parted there
    half = len(text) // 2
    canvas.write(text[:half], BLACK, -0.58, 0.0, 0.2, 0.7)
    canvas.write(text[half:], BLACK, 0.58, 0.0, 0.2, 0.7)


def _railroad(canvas: Canvas, text: str) -> None:
    canvas.draw([disc(0.0, 0.0, 0.96)], BLACK)
    canvas.draw([disc(0.0, 0.0, 0.9)], YELLOW)
    canvas.draw([*band(0.17, [[-0.64, -0.64], [0.64, 0.64]]), *band(0.17, [[-0.64, 0.64], [0.64, -0.64]])], BLACK)
    canvas.write("R", BLACK, -0.58, 0.0, 0.4)
    canvas.write("R", BLACK, 0.58, 0.0, 0.4)


def _interstate(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["shield"], 0.94)], BLUE)
    canvas.draw([Mark(points=OUTLINES["shield"][[5, 6, 7, 8, 9, 10, 11, 12, 13]] * 0.94)], RED)
    canvas.draw([rect(-0.95, 0.46, 0.95, 0.53)], WHITE)
    canvas.write("INTERSTATE", WHITE, 0.0, 0.68, 0.17, 1.35)
    canvas.write(text, WHITE, 0.0, -0.1, 0.72, 1.3, 0.17)


def _route(canvas: Canvas, text: str) -> None:
    canvas.draw([inset(OUTLINES["shield"], 0.9)], WHITE)
    canvas.write(text, BLACK, 0.0, 0.05, 0.75, 1.25, 0.17)


def _chevron(canvas: Canvas, text: str) -> None:
    framed(canvas, "tall", YELLOW, YELLOW)
    canvas.draw([Mark(points=chevron() * 1.2)], BLACK)


def _big_arrow(canvas: Canvas, text: str) -> None:
    framed(canvas, "wide_1_2", BLACK, YELLOW, 0.025, 0.03)
    canvas.draw(arrow(0.24, [[-0.8, 0.0], [0.8, 0.0]], 2.6), BLACK)


def _pennant(canvas: Canvas, text: str) -> None:
    canvas.draw([Mark(points=(OUTLINES["pennant"] - [-0.33, 0.0]) * 0.94 + [-0.33, 0.0])], BLACK)
    canvas.draw([Mark(points=(OUTLINES["pennant"] - [-0.33, 0.0]) * 0.89 + [-0.33, 0.0])], YELLOW)
    for k, row in enumerate(text.split("|")):
        canvas.write(row, BLACK, -0.5, 0.27 - 0.27 * k, 0.17, 0.75)


def _blue(name: str, words: str = "") -> Face:
    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, "square", WHITE, BLUE, 0.03, 0.035)
        if name:
            canvas.draw(symbol(name, 0.0, 0.0, 0.66), *inks(WHITE, BLUE))
        canvas.write(text, WHITE, 0.0, 0.0, 1.2, 1.4)

    return Face(outline="square", width_m=24.0 * _INCH, ground=BLUE, paint=paint, words=words)


def _lane_use(name: str, words: str) -> Face:
    def paint(canvas: Canvas, text: str) -> None:
        framed(canvas, "square", BLACK, WHITE, 0.025, 0.03)
        canvas.draw(symbol(name, 0.0, 0.32, 0.5), BLACK)
        canvas.write(text, BLACK, 0.0, -0.6, 0.3, 1.3)

    return Face(outline="square", width_m=30.0 * _INCH, ground=WHITE, paint=paint, words=words)


def _text(words: str, outline: str, inches: float, ink: Ink, ground: Ink, height: float) -> Face:
    paint = plain_text(ink, ground, outline, height)
    return Face(outline=outline, width_m=inches * _INCH, ground=ground, paint=paint, words=words)


_REGULATORY: Final = {
    "stop": Face(outline="octagon", width_m=30.0 * _INCH, ground=WHITE, paint=_stop, words="STOP"),
    "yield": Face(outline="inverted", width_m=36.0 * _INCH, ground=WHITE, paint=_yield, words="YIELD"),
    "all_way": Face(
        outline="wide_1_3", width_m=18.0 * _INCH, ground=RED, paint=_red_text("wide_1_3", 0.3), words="ALL WAY"
    ),
    "speed_limit": Face(outline="tall", width_m=24.0 * _INCH, ground=WHITE, paint=_speed, words="35"),
    **{
        f"speed_{v}": Face(outline="tall", width_m=24.0 * _INCH, ground=WHITE, paint=_speed, words=str(v))
        for v in range(10, 81, 5)
    },
    "no_entry": Face(outline="square", width_m=30.0 * _INCH, ground=WHITE, paint=_do_not_enter),
    "wrong_way": Face(
        outline="wide_2_3", width_m=36.0 * _INCH, ground=WHITE, paint=_red_text("wide_2_3", 0.4), words="WRONG|WAY"
    ),
    "one_way": Face(outline="wide_1_3", width_m=36.0 * _INCH, ground=WHITE, paint=_one_way, words="ONE WAY"),
    "no_left_turn": _no("turn_left"),
    "no_right_turn": _no("turn_right"),
    "no_u_turn": _no("u_turn"),
    "no_trucks": _no("lorry", 0.56),
    "no_bicycles": _no("bicycle", 0.54),
    "no_pedestrians": _no("person", 0.56),
    "no_parking": Face(outline="tall_2_3", width_m=12.0 * _INCH, ground=WHITE, paint=_no_parking),
    "keep_right": Face(outline="tall", width_m=24.0 * _INCH, ground=WHITE, paint=_keep_right),
    "left_only": _lane_use("turn_left", "ONLY"),
    "right_only": _lane_use("turn_right", "ONLY"),
    "ahead_only": _lane_use("straight", "ONLY"),
    "no_turn_on_red": _text("NO|TURN|ON RED", "tall", 24.0, BLACK, WHITE, 0.4),
    "do_not_pass": _text("DO|NOT|PASS", "tall", 24.0, BLACK, WHITE, 0.48),
    "road_closed": _text("ROAD|CLOSED", "wide_1_2", 48.0, BLACK, WHITE, 0.3),
}

_WARNING: Final = {
    "sharp_turn_right": _diamond("sharp_right"),
    "sharp_turn_left": _diamond("sharp_left"),
    "curve_right": _diamond("curve_right"),
    "curve_left": _diamond("curve_left"),
    "reverse_curve_right": _diamond("double_right"),
    "reverse_curve_left": _diamond("double_left"),
    "winding_road": _diamond("winding", 0.5),
    "chevrons": Face(outline="tall", width_m=18.0 * _INCH, ground=YELLOW, paint=_chevron),
    "large_arrow": Face(outline="wide_1_2", width_m=48.0 * _INCH, ground=YELLOW, paint=_big_arrow),
    "crossroads": _diamond("crossroads"),
    "side_road": _diamond("side_road_right"),
    "t_junction": _diamond("tee"),
    "stop_ahead": _ahead("stop"),
    "yield_ahead": _ahead("yield"),
    "signals": _diamond("signal", 0.56),
    "merge": _diamond("merge"),
    "lane_ends": _diamond("lane_ends"),
    "divided_road": _diamond("divided"),
    "two_way": _diamond("two_way"),
    "roundabout_ahead": _diamond("roundabout", 0.5),
    "slippery": _diamond("slippery"),
    "bump": _diamond("", words="BUMP"),
    "narrow_bridge": _diamond("", words="NARROW|BRIDGE"),
    "pedestrian_crossing": _diamond("person", 0.54),
    "cyclists": _diamond("bicycle", 0.5),
    "wild_animals": _diamond("deer", 0.52),
    "cattle": _diamond("cow", 0.52),
    "dead_end": _diamond("", words="DEAD|END"),
    "road_works": _diamond("workman", 0.54, ORANGE, inches=36.0),
    "road_work_ahead": _diamond("", 0.5, ORANGE, "ROAD|WORK|AHEAD", 36.0),
    "school": Face(outline="pentagon", width_m=36.0 * _INCH, ground=LIME, paint=_school),
    "no_passing_zone": Face(
        outline="pennant", width_m=48.0 * _INCH, ground=YELLOW, paint=_pennant, words="NO|PASSING|ZONE"
    ),
    "advisory_speed": Face(outline="square", width_m=18.0 * _INCH, ground=YELLOW, paint=_advisory, words="25"),
    "railroad_ahead": Face(outline="disc", width_m=36.0 * _INCH, ground=YELLOW, paint=_railroad),
    "crossbuck": Face(
        outline="slat",
        width_m=48.0 * _INCH,
        ground=WHITE,
        paint=_crossbuck,
        words="RAILROAD|CROSSING",
        turns=(45.0, -45.0),
    ),
}

_GUIDE: Final = {
    "interstate": Face(outline="shield", width_m=24.0 * _INCH, ground=WHITE, paint=_interstate, words="95"),
    "us_route": Face(outline="shield", width_m=24.0 * _INCH, ground=BLACK, paint=_route, words="66"),
    "street_name": _text("Main St", "wide_1_4", 36.0, WHITE, GREEN, 0.26),
    "direction": _text("Springfield", "wide_1_3", 72.0, WHITE, GREEN, 0.3),
    "exit": _text("EXIT 12", "wide_1_3", 60.0, WHITE, GREEN, 0.34),
    "hospital": _blue("", "H"),
    "parking": _blue("", "P"),
    "fuel": _blue("pump"),
    "bus_stop": _text("BUS|STOP", "tall_2_3", 12.0, BLUE, WHITE, 0.5),
    "bike_route": _text("BIKE|ROUTE", "wide_2_3", 24.0, WHITE, GREEN, 0.36),
}

UNITED_STATES: Final[dict[str, Face]] = {**_REGULATORY, **_WARNING, **_GUIDE}
