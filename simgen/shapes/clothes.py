"""What people wear: garments as sheets over the body, shoes, hair and hats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.geometry import quat_conjugate, quat_from_yaw, quat_rotate
from simgen.records.base import F8
from simgen.shapes.body import Body, baked
from simgen.shapes.face import face_uv
from simgen.shapes.lattice import curve, loft
from simgen.shapes.pieces import Piece, layer_piece, rigid_piece
from simgen.shapes.soup import Soup

#: tags of a person's triangles, in the order of the surfaces
TOP, TROUSERS, SKIN, HAIR, SHOES, EXTRA, EYES, SOLES, TRIM, RETRO, UNDER, HAT = range(12)

#: sleeve's end in joints along the arm, hem's height over the hips in trunks, thickness and slack at the hem, metres
TOPS: Final = {
    "t_shirt": (0.62, -0.06, 0.007, 0.012),
    "shirt": (1.88, -0.08, 0.008, 0.010),
    "sweater": (1.9, -0.03, 0.013, 0.008),
    "hoodie": (1.92, -0.06, 0.017, 0.012),
    "jacket": (1.94, -0.10, 0.022, 0.012),
    "coat": (1.95, -0.14, 0.026, 0.02),
    "suit": (1.93, -0.14, 0.016, 0.018),
}
#: hem in joints along the leg, slack at the thigh and at the hem, metres
TROUSERS_KINDS: Final = {
    "trousers": (1.99, 0.012, 0.022),
    "jeans": (1.98, 0.008, 0.014),
    "leggings": (1.95, 0.003, 0.002),
    "shorts": (0.82, 0.014, 0.022),
}


def _smooth(value: F8, low: float, high: float) -> F8:
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def trousers(body: Body, kind: str, waist: float = 0.34) -> list[Piece]:
    """Trousers or shorts up to a height in trunks over the hips."""
    hem, slack, wide = TROUSERS_KINDS[kind]
    piece = layer_piece(body, "cloth").below("on_arm", 0.45).below("up", waist).below("leg", hem)
    leg = piece.fields["leg"]
    ease = 0.004 + slack * _smooth(leg, 0.0, 0.4) * _smooth(2.4 - leg, 0.0, 1.4) + wide * _smooth(leg, 0.5, hem)
    # seat and crotch hang free of the body
    return [piece.raised(ease * _scale(body)).tagged(TROUSERS)]


def top(body: Body, kind: str, sleeve: float | None = None) -> list[Piece]:
    """A garment of the upper body, its collar cut lower in front."""
    end, hem, thick, slack = TOPS[kind]
    end = end if sleeve is None else sleeve
    piece = layer_piece(body, "cloth").below("leg", 0.6).above("up", hem).below("arm", end)
    collar = piece.fields["up"] + 1.1 * piece.fields["ahead"]
    piece = _with(piece, "collar", collar).below(
        "collar", 1.04 if kind in ("shirt", "hoodie", "jacket", "coat") else 0.99
    )
    up, arm = piece.fields["up"], piece.fields["arm"]
    ease = thick + slack * _smooth(-up, -0.35, 0.0) + 0.4 * slack * _smooth(arm, 0.1, 0.6)
    return [piece.raised(ease * _scale(body)).tagged(TOP)]


def _with(piece: Piece, name: str, values: F8) -> Piece:
    return replace(piece, fields={**piece.fields, name: values})


def _scale(body: Body) -> float:
    """Slack goes with the size of the body; grown: 1."""
    return float(np.clip(body.length("left_thigh") / 0.42, 0.45, 1.15))


@dataclass(frozen=True, kw_only=True)
class Bare:
    """Where skin shows: beyond the sleeves and hems (joints along the limbs)."""

    sleeve: float
    hem: float


def skin(body: Body, bare: Bare) -> list[Piece]:
    """Head, neck, hands, and whatever the clothes leave; eyeballs apart."""
    whole = layer_piece(body, "skin")
    f = {name: whole.field(name) for name in ("up", "ahead", "on_arm", "arm", "leg", "on_foot", "on_leg", "on_hand")}
    neck = (f["up"] + 1.1 * f["ahead"] > 0.88) & (f["on_arm"] < 0.4) & (f["on_leg"] < 0.1)
    arms = (f["on_arm"] > 0.5) & (f["arm"] > bare.sleeve - 0.25)
    legs = (f["on_leg"] > 0.5) & (f["leg"] > bare.hem - 0.3) & (f["on_foot"] < 0.75)
    eye = (whole.triangles >= baked().eyes).any(1)
    shown = whole.only(neck | arms | legs | eye)
    balls = (shown.triangles >= len(shown.points) - (len(whole.points) - baked().eyes)).any(1)
    uv = face_uv(shown.points, body.points["key:left_eye"], body.points["key:right_eye"])
    return [_with_uv(shown, uv, np.where(balls, EYES, SKIN))]


def _with_uv(piece: Piece, uv: F8, tags: np.ndarray) -> Piece:
    return replace(piece, uv=uv, tags=tags)


#: the hairline over the eyes by the angle from straight ahead (degrees), in distances between the eyes
_HAIRLINE: Final = (
    (0.0, 1.22), (35.0, 1.2), (55.0, 0.95), (66.0, 0.35), (74.0, -0.3), (80.0, -0.25), (86.0, 0.42), (112.0, 0.42),
    (122.0, -0.5), (140.0, -1.0), (180.0, -1.3),
)  # fmt: skip
#: thickness of the hair, metres
HAIR_STYLES: Final = {
    "buzz": 0.004,
    "short": 0.014,
    "fringe": 0.02,
    "long": 0.018,
    "bob": 0.022,
    "bun": 0.01,
    "ponytail": 0.01,
}


def hair(body: Body, style: str) -> list[Piece]:
    """Hair as a sheet over the scalp, and what hangs or is tied behind."""
    if style == "none":
        return []
    whole = layer_piece(body, "skin")
    scalp = _scalp(body, whole.points)
    piece = _with(whole, "scalp", scalp).above("on_head", 0.3)
    piece = piece.above("scalp", 0.0)
    thick = HAIR_STYLES[style] * _smooth(piece.fields["scalp"], 0.0, 0.5)
    return [piece.raised(thick * _scale(body) ** 0.5).tagged(HAIR)]


def _scalp(body: Body, points: F8) -> F8:
    """How far above the hairline, in distances between the eyes (V,)."""
    left, right = body.points["key:left_eye"], body.points["key:right_eye"]
    ear = 0.5 * (body.points["key:left_ear"] + body.points["key:right_ear"])
    gap = float(left[1] - right[1])
    angle = np.degrees(np.arctan2(np.abs(points[:, 1]), points[:, 0] - ear[0] + 0.1 * gap))
    line = np.array(_HAIRLINE)
    return np.asarray((points[:, 2] - 0.5 * (left[2] + right[2])) / gap - np.interp(angle, line[:, 0], line[:, 1]))


#: half width of a shoe's sole along its length, shares
_OUTLINE: Final = (
    (-0.5, 0.0), (-0.47, 0.2), (-0.4, 0.31), (-0.25, 0.36), (-0.05, 0.35), (0.15, 0.46), (0.28, 0.5), (0.4, 0.4),
    (0.47, 0.22), (0.5, 0.0),
)  # fmt: skip
#: rows of a shoe: height in heights of the ankle, where the front is, the back, and the width
_ROWS: Final = (
    (0.0, 0.485, -0.48, 0.93), (0.07, 0.5, -0.5, 1.0), (0.28, 0.5, -0.5, 1.0), (0.31, 0.485, -0.485, 0.94),
    (0.52, 0.45, -0.48, 0.92), (0.74, 0.25, -0.465, 0.82), (1.0, 0.07, -0.44, 0.7), (1.16, 0.03, -0.43, 0.66),
)  # fmt: skip


def shoes(body: Body) -> list[Piece]:
    """A pair of shoes around the feet."""
    return [rigid_piece(body, f"{side}_foot", shoe(body, side)) for side in ("left", "right")]


def shoe(body: Body, side: str) -> Soup:
    """A shoe in the foot's frame, its sole level when the foot is."""
    data = baked()
    share = data.skin.weights[:, [data.groups.index(f"{side}_{g}") for g in ("foot", "toes")]].sum(1)
    foot = body.skin[share > 0.8] - body.joint(f"{side}_foot")
    toes = body.joint(f"{side}_toes") - body.joint(f"{side}_foot")
    yaw = quat_from_yaw(np.arctan2(toes[1], toes[0]))
    foot = quat_rotate(quat_conjugate(yaw), foot)
    low, high = foot.min(0), foot.max(0)
    scale = (high[0] - low[0]) / 0.25
    length, width = high[0] - low[0] + 0.022 * scale, high[1] - low[1] + 0.012 * scale
    tall = -low[2] + 0.02 * scale
    outline = np.array(_OUTLINE)
    s = np.linspace(0.0, np.pi, 7)
    along = -0.5 * np.cos(s)
    half = curve(along, outline[:, 0], outline[:, 1])
    x = np.concatenate([along, along[-2:0:-1]])
    y = np.concatenate([-half, half[-2:0:-1]])
    rings = []
    for z, front, back, wide in _ROWS:
        at = back + (x + 0.5) * (front - back)
        rings.append(np.stack([length * at, width * wide * y, np.full(len(x), z * tall - tall)], -1))
    middle = np.array([0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), 0.0])
    tags = np.full((len(_ROWS) - 1, len(x)), SHOES)
    tags[:3] = SOLES
    return loft(np.stack(rings) + middle, tags=tags).moved(quaternion=yaw)


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
    piece = _with(_with(whole, "over", up - line), "height", up).above("on_head", 0.3).above("over", 0.0)
    size = _scale(body) ** 0.5
    piece = piece.raised((thick + crown * _smooth(piece.fields["height"], 1.0, 2.0)) * size)
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
