"""Hair, hats and helmets."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F8, Bool
from simgen.shapes.body import Body
from simgen.shapes.clothes import HAIR, HAT, scale_of, smooth, with_field
from simgen.shapes.lattice import loft, tube
from simgen.shapes.pieces import Piece, layer_piece, rigid_piece
from simgen.shapes.primitives import ellipsoid
from simgen.shapes.soup import Soup

#: the hairline over the eyes by the angle from straight ahead (degrees), in distances between the eyes
_HAIRLINE: Final = (
    (0.0, 1.22), (35.0, 1.2), (55.0, 0.95), (66.0, 0.35), (74.0, -0.3), (80.0, -0.25), (86.0, 0.42), (112.0, 0.42),
    (122.0, -0.5), (140.0, -1.0), (180.0, -1.3),
)  # fmt: skip
#: thickness of the hair, metres
HAIR_STYLES: Final = {
    "buzz": 0.005,
    "short": 0.019,
    "fringe": 0.026,
    "long": 0.024,
    "bob": 0.028,
    "bun": 0.015,
    "ponytail": 0.015,
}


def hair(body: Body, style: str, *, covered: bool = False) -> list[Piece]:
    """Hair as a sheet over the scalp, and what hangs or is tied behind; under a hat it lies flat."""
    if style == "none":
        return []
    whole = layer_piece(body, "skin")
    piece = with_field(whole, "scalp", _scalp(body, whole.points)).above("on_head", 0.3).above("scalp", 0.0)
    thick = (0.006 if covered else HAIR_STYLES[style]) * smooth(piece.fields["scalp"], 0.0, 0.5)
    sheet = piece.raised(thick * scale_of(body) ** 0.5).tagged(HAIR)
    extra = _HANGING.get(style)
    return [sheet, *([rigid_piece(body, "head", extra(body)).tagged(HAIR)] if extra else [])]


def under_hair(body: Body, style: str) -> Bool | None:
    """Which of the skin's triangles hair hides (T,); None = no hair."""
    if style == "none":
        return None
    whole = layer_piece(body, "skin")
    deep = _scalp(body, whole.points)[whole.triangles].min(1) > 0.3
    return np.asarray(deep & (whole.field("on_head") > 0.6))


def _measures(body: Body) -> tuple[F8, float]:
    """Between the eyes from the head's joint, and the distance between them."""
    left, right = body.points["key:left_eye"], body.points["key:right_eye"]
    return 0.5 * (left + right) - body.joint("head"), float(left[1] - right[1])


def _curtain(body: Body, low: float, spread: float) -> Soup:
    """Hair that falls around the back of the head down to a height (in distances between the eyes under them)."""
    at, gap = _measures(body)
    rows = np.array([1.2, 0.8, 0.3, 0.3 + 0.35 * (low - 0.3), 0.3 + 0.75 * (low - 0.3), low])
    angle = np.radians(np.linspace(82.0, 278.0, 12))
    middle_x = at[0] - 1.45 * gap
    rings = []
    for k, z in enumerate(rows):
        share = k / (len(rows) - 1.0)
        round_ = min(1.0, 0.78 + 0.11 * k)
        wide, deep = (1.48 + spread * share) * round_ * gap, (1.72 - 0.35 * share) * round_ * gap
        shift = middle_x - 0.1 * gap * share
        outer = np.stack([shift + deep * np.cos(angle), wide * np.sin(angle)], -1)
        inner = np.stack([shift + 0.8 * deep * np.cos(angle), 0.86 * wide * np.sin(angle)], -1)[::-1]
        ring = np.concatenate([outer, inner])
        rings.append(np.concatenate([ring, np.full((len(ring), 1), at[2] + z * gap)], -1))
    return loft(np.stack(rings[::-1]))


def _bun(body: Body) -> Soup:
    at, gap = _measures(body)
    return ellipsoid((0.6 * gap, 0.65 * gap, 0.6 * gap), 12, 7).moved((at[0] - 3.2 * gap, 0.0, at[2] + 0.8 * gap))


def _ponytail(body: Body) -> Soup:
    at, gap = _measures(body)
    path = np.array([[-2.7, 0.7], [-3.3, 0.7], [-3.55, 0.1], [-3.5, -1.2], [-3.3, -2.6], [-3.25, -3.2]]) * gap
    line = np.stack([at[0] + path[:, 0], np.zeros(len(path)), at[2] + path[:, 1]], -1)
    return tube(line, np.array([0.25, 0.34, 0.4, 0.38, 0.28, 0.08]) * gap, 9)


_HANGING: Final = {
    "long": lambda body: _curtain(body, -3.4, 0.25),
    "bob": lambda body: _curtain(body, -1.6, 0.15),
    "bun": _bun,
    "ponytail": _ponytail,
}


def _scalp(body: Body, points: F8) -> F8:
    """How far above the hairline, in distances between the eyes (V,)."""
    left, right = body.points["key:left_eye"], body.points["key:right_eye"]
    ear = 0.5 * (body.points["key:left_ear"] + body.points["key:right_ear"])
    gap = float(left[1] - right[1])
    angle = np.degrees(np.arctan2(np.abs(points[:, 1]), points[:, 0] - ear[0] + 0.1 * gap))
    line = np.array(_HAIRLINE)
    return np.asarray((points[:, 2] - 0.5 * (left[2] + right[2])) / gap - np.interp(angle, line[:, 0], line[:, 1]))


#: headwear: how far down it reaches over the eyes in front and behind, and above the ears, in distances between the
#: eyes; thickness over the scalp and of the crown, metres
HATS: Final = {
    "helmet": (0.85, 0.2, 0.4, 0.028, 0.022),
    "hard_hat": (0.75, 0.45, 0.55, 0.03, 0.02),
    "cap": (0.85, 0.5, 0.45, 0.016, 0.012),
    "police_cap": (0.8, 0.5, 0.5, 0.018, 0.03),
    "beanie": (0.75, -0.2, 0.1, 0.014, 0.02),
    "hat": (0.8, 0.45, 0.5, 0.018, 0.05),
}
_BRIMS: Final = {"cap": (0.075, 0.0), "police_cap": (0.05, 0.0), "hard_hat": (0.045, 0.012), "hat": (0.06, 0.055)}


def headwear(body: Body, kind: str) -> list[Piece]:
    """A hat, cap or helmet over the scalp, with its brim or peak."""
    if kind == "none":
        return []
    front, rear, ears, thick, crown = HATS[kind]
    whole = layer_piece(body, "skin")
    up, angle = _over_eyes(body, whole.points)
    line = np.interp(angle, [0.0, 50.0, 95.0, 180.0], [front, front, ears, rear])
    piece = with_field(with_field(whole, "over", up - line), "height", up).above("on_head", 0.3).above("over", 0.0)
    size = scale_of(body) ** 0.5
    piece = piece.raised((thick + crown * smooth(piece.fields["height"], 1.0, 2.0)) * size)
    return [piece.tagged(HAT), *([_brim(body, piece, *_BRIMS[kind])] if kind in _BRIMS else [])]


def _over_eyes(body: Body, points: F8) -> tuple[F8, F8]:
    """Height over the eyes in distances between them, and the angle from straight ahead in degrees (V,)."""
    left, right = body.points["key:left_eye"], body.points["key:right_eye"]
    ear = 0.5 * (body.points["key:left_ear"] + body.points["key:right_ear"])
    gap = float(left[1] - right[1])
    angle = np.degrees(np.arctan2(np.abs(points[:, 1]), points[:, 0] - ear[0]))
    return np.asarray((points[:, 2] - 0.5 * (left[2] + right[2])) / gap), np.asarray(angle)


def _brim(body: Body, piece: Piece, front_m: float, rear_m: float) -> Piece:
    """A brim around a hat's rim: as wide as said in front and behind."""
    rim = piece.points[np.abs(piece.fields["over"]) < 0.02]
    middle = 0.5 * (rim.max(0) + rim.min(0))
    half = 0.5 * (rim.max(0) - rim.min(0))
    angle = np.arange(20) * (2.0 * np.pi / 20)
    ahead = np.clip(np.cos(angle), 0.0, 1.0) ** 0.6
    wide = rear_m + (front_m - rear_m) * ahead if rear_m else front_m * ahead
    # the rim's height all around
    around = np.arctan2(rim[:, 1] - middle[1], rim[:, 0] - middle[0])
    order = np.argsort(around)
    z = np.interp(angle, around[order] % (2.0 * np.pi), rim[order, 2], period=2.0 * np.pi)
    inner = np.stack([middle[0] + 0.97 * half[0] * np.cos(angle), middle[1] + 0.97 * half[1] * np.sin(angle), z], -1)
    reach = np.stack([wide * np.cos(angle), wide * np.sin(angle), -0.25 * wide], -1)
    lift = np.array([0.0, 0.0, 0.003])
    soup = loft(np.stack([inner - lift, inner + reach - lift, inner + reach + lift, inner + lift]), caps=False)
    soup = Soup(soup.vertices - body.joint("head"), soup.triangles, soup.tags)
    return rigid_piece(body, "head", soup).tagged(HAT)
