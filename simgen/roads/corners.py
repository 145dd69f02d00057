"""The ground between the arms of a junction: rounded corners, and heights that join those of the arms."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np

from simgen.records.base import F8
from simgen.roads.network import ArmFrame, Junction, Network
from simgen.roads.planar import is_simple
from simgen.roads.ring_shape import ring_lines
from simgen.roads.road import Strip

_ARC_POINTS = 13
_LEAST_RADIUS_M = 0.5


def fillet(a: F8, into: F8, b: F8, out: F8, radius: float | None) -> F8:
    """From ``a`` along ``into`` to ``b`` along ``out`` with one rounded corner: (15, 2) points.

    The radius is as asked for, or the largest that there is room for. Where the two lines do not meet ahead, a cubic
    joins them.
    """
    cross = into[0] * out[1] - into[1] * out[0]
    turn = float(np.arctan2(cross, into @ out))
    share = np.linspace(0.0, 1.0, _ARC_POINTS + 2)
    if abs(turn) > np.radians(3.0):
        gap = b - a
        ta = float((gap[0] * out[1] - gap[1] * out[0]) / cross)
        tb = float((into[0] * gap[1] - into[1] * gap[0]) / cross)
        if ta > 1e-3 and tb > 1e-3:
            half = np.tan(0.5 * abs(turn))
            tangent = min(ta, tb) if radius is None else min(ta, tb, radius * half)
            r = tangent / half
            start = a + (ta - tangent) * into
            angle = np.linspace(0.0, turn, _ARC_POINTS)
            along, aside = r * np.sin(np.abs(angle)), np.sign(turn) * r * (1.0 - np.cos(angle))
            side = np.array([-into[1], into[0]])
            arc = start + along[:, None] * into + aside[:, None] * side
            return np.concatenate([a[None], arc, b[None]])
    reach = float(np.hypot(*(b - a)))
    return hermite(a, into * reach, b, out * reach, share)


def hermite(a: F8, da: F8, b: F8, db: F8, share: F8) -> F8:
    """A cubic between two points with given derivatives."""
    t = share[:, None]
    h = (2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, -2 * t**3 + 3 * t**2, t**3 - t**2)
    return np.asarray(h[0] * a + h[1] * da + h[2] * b + h[3] * db)


@dataclass(frozen=True, kw_only=True)
class Corner:
    """The roadside from one arm to the next, its strips from the carriageway outwards.

    ``lines`` are their borders, from the right side of ``first`` to the left side of ``second`` as those who come in
    see them; the carriageway lies to their left. Heights are those of the carriageway beside them.
    """

    first: ArmFrame
    second: ArmFrame
    strips: tuple[Strip, ...]
    lines: tuple[F8, ...]

    def between(self, share: float, index: int) -> F8:
        """A line within strip ``index``, at a share of its width."""
        return (1.0 - share) * self.lines[index] + share * self.lines[index + 1]


def corners(network: Network, junction: Junction) -> list[Corner]:
    """One between each arm and the next, counter-clockwise."""
    frames = network.frames(junction)
    if len(frames) == 1:
        return []
    found = [_corner(a, b, junction) for a, b in zip(frames, frames[1:] + frames[:1], strict=True)]
    # arms that run beside each other (ramps) have no corners between them
    return found if junction.corner_radius_m is not None or is_simple(outline(found, outermost=True)) else []


def _corner(first: ArmFrame, second: ArmFrame, junction: Junction) -> Corner:
    pairs = _paired(_outside(first, "right"), _outside(second, "left"))
    foot_a = first.edges("right")[first.carriage("right")]
    foot_b = second.edges("left")[second.carriage("left")]
    into, out = first.forward, -second.forward
    right_a, right_b = np.array([into[1], -into[0]]), np.array([out[1], -out[0]])
    bends_right = into[0] * out[1] - into[1] * out[0] < 0.0
    lines, da, db = [], 0.0, 0.0
    if junction.ring is not None:
        widths = np.cumsum([(0.0, 0.0), *((wa, wb) for wa, wb, _ in pairs)], axis=0)
        lines = ring_lines(first, second, junction.ring, [(float(a), float(b)) for a, b in widths])
        return _solid(first, second, pairs, lines, foot_a, foot_b)
    for wa, wb, _ in [(0.0, 0.0, None), *pairs]:
        da, db = da + wa, db + wb
        radius = junction.corner_radius_m
        if radius is not None:
            radius = max(radius + (-0.5 if bends_right else 0.5) * (da + db), _LEAST_RADIUS_M)
        flat = fillet(foot_a[:2] + da * right_a, into, foot_b[:2] + db * right_b, out, radius)
        lines.append(flat)
    return _solid(first, second, pairs, lines, foot_a, foot_b)


def _solid(
    first: ArmFrame,
    second: ArmFrame,
    pairs: list[tuple[float, float, Strip]],
    lines: list[F8],
    foot_a: F8,
    foot_b: F8,
) -> Corner:
    """With heights."""
    heights = _heights(lines[0], foot_a[2], first.slope, foot_b[2], -second.slope)
    strips = tuple(strip for _, _, strip in pairs)
    solid = tuple(np.concatenate([flat, heights[:, None]], 1) for flat in lines)
    return Corner(first=first, second=second, strips=strips, lines=solid)


def _outside(frame: ArmFrame, side: str) -> list[tuple[float, Strip]]:
    """Widths and strips of the roadside at the mouth."""
    strips = frame.strips(side)  # type: ignore[arg-type]
    lateral = frame.road.edges(frame.section, frame.road_side(side), np.array([frame.s]))[:, 0]  # type: ignore[arg-type]
    widths = np.abs(np.diff(lateral))
    start = frame.carriage(side)  # type: ignore[arg-type]
    return [(float(w), s) for w, s in zip(widths[start:], strips[start:], strict=True)]


def _paired(a: list[tuple[float, Strip]], b: list[tuple[float, Strip]]) -> list[tuple[float, float, Strip]]:
    """Strips of the same kind run on into each other; the others taper to nothing."""
    match = difflib.SequenceMatcher(None, [s.kind for _, s in a], [s.kind for _, s in b], autojunk=False)
    found: list[tuple[float, float, Strip]] = []
    for tag, a0, a1, b0, b1 in match.get_opcodes():
        if tag == "equal":
            found += [(wa, wb, s) for (wa, s), (wb, _) in zip(a[a0:a1], b[b0:b1], strict=True)]
        else:
            found += [(w, 0.0, s) for w, s in a[a0:a1]]
            found += [(0.0, w, s) for w, s in b[b0:b1]]
    return found


def _heights(line: F8, za: float, slope_a: float, zb: float, slope_b: float) -> F8:
    """Along the corner, with the slopes of both arms at its ends."""
    step = np.hypot(*np.diff(line, axis=0).T)
    s = np.concatenate([[0.0], np.cumsum(step)])
    length = max(float(s[-1]), 1e-9)
    ends = np.array([[za], [zb]])
    return hermite(ends[0], np.array([slope_a * length]), ends[1], np.array([slope_b * length]), s / length)[:, 0]


def outline(found: list[Corner], outermost: bool = False) -> F8:
    """The junction's rim (N, 3), counter-clockwise: its carriageway, or (``outermost``) all that belongs to it."""
    pieces: list[F8] = []
    for corner in found:
        frame = corner.first
        pieces.append(_mouth(frame, outermost))
        pieces.append(corner.lines[-1 if outermost else 0])
    rim = np.concatenate(pieces)
    keep = np.abs(np.diff(rim, axis=0, append=rim[:1])[:, :2]).max(-1) > 1e-6
    return np.ascontiguousarray(rim[keep])


def _mouth(frame: ArmFrame, outermost: bool) -> F8:
    """From left to right across the mouth, as seen by those who come in."""
    left, right = frame.edges("left"), frame.edges("right")
    if not outermost:
        left, right = left[: frame.carriage("left") + 1], right[: frame.carriage("right") + 1]
    return np.concatenate([left[::-1], right[1:]])


def mean_value_heights(rim: F8, xy: F8) -> F8:
    """Heights (N,) inside a polygon (M, 3) from those of its corners: mean value coordinates.

    They reproduce planes exactly and run linearly along the edges. Floater 2003, Computer Aided Geometric Design 20,
    19-27; the tangents as in Hormann and Floater 2006.
    """
    out = np.empty(len(xy))
    for start in range(0, len(xy), 4096):
        out[start : start + 4096] = _mean_value(rim, xy[start : start + 4096])
    return out


def _mean_value(rim: F8, xy: F8) -> F8:
    d = rim[None, :, :2] - xy[:, None]
    e = np.roll(d, -1, axis=1)
    r, q = np.hypot(d[..., 0], d[..., 1]), np.hypot(e[..., 0], e[..., 1])
    cross = d[..., 0] * e[..., 1] - d[..., 1] * e[..., 0]
    dot = (d * e).sum(-1)
    flat = np.abs(cross) < 1e-9
    tangent = np.where(flat, 0.0, (r * q - dot) / np.where(flat, 1.0, cross))
    weight = (tangent + np.roll(tangent, 1, axis=1)) / np.maximum(r, 1e-12)
    total = weight.sum(-1)
    z = (weight * rim[:, 2]).sum(-1) / np.where(np.abs(total) < 1e-12, 1.0, total)
    # on an edge, or at a corner
    on = flat & (dot <= 1e-12)
    share = r / np.maximum(r + q, 1e-12)
    along = rim[:, 2] * (1.0 - share) + np.roll(rim[:, 2], -1) * share
    hit = on.any(-1)
    first = np.argmax(on, axis=-1)
    return np.asarray(np.where(hit, along[np.arange(len(xy)), first], z))
