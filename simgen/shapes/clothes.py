"""What people wear: garments as sheets over the body, shoes, hair and hats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.geometry import quat_conjugate, quat_from_yaw, quat_rotate
from simgen.records.base import F8, Bool
from simgen.shapes.body import Body, baked
from simgen.shapes.face import face_uv
from simgen.shapes.lattice import curve, loft
from simgen.shapes.pieces import Piece, layer_piece, rigid_piece
from simgen.shapes.primitives import sphere
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
    "blouse": (1.2, -0.05, 0.008, 0.014),
    "tank": (0.06, -0.05, 0.006, 0.008),
    "dress": (0.45, -0.06, 0.008, 0.008),
    "vest": (0.06, -0.08, 0.03, 0.014),
}
#: hem in joints along the leg, slack at the thigh and at the hem, metres
TROUSERS_KINDS: Final = {
    "trousers": (1.99, 0.012, 0.022),
    "jeans": (1.98, 0.008, 0.014),
    "leggings": (1.95, 0.003, 0.002),
    "shorts": (0.82, 0.014, 0.022),
}


def smooth(value: F8, low: float, high: float) -> F8:
    """0 below, 1 above, smooth between."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def trousers(body: Body, kind: str, waist: float = 0.34) -> list[Piece]:
    """Trousers or shorts up to a height in trunks over the hips; of a skirt what lies on the hips."""
    if kind == "skirt":
        hips = layer_piece(body, "cloth").below("on_arm", 0.45).below("up", waist).below("leg", 0.12)
        return [hips.raised(0.012 * scale_of(body)).tagged(TROUSERS)]
    hem, slack, wide = TROUSERS_KINDS[kind]
    piece = layer_piece(body, "cloth").below("on_arm", 0.45).below("up", waist).below("leg", hem)
    leg = piece.fields["leg"]
    ease = 0.004 + slack * smooth(leg, 0.0, 0.4) * smooth(2.4 - leg, 0.0, 1.4) + wide * smooth(leg, 0.5, hem)
    # seat and crotch hang free of the body
    return [piece.raised(ease * scale_of(body)).tagged(TROUSERS)]


def top(body: Body, kind: str, sleeve: float | None = None, *, under_vest: bool = False) -> list[Piece]:
    """A garment of the upper body, its collar cut lower in front, with what makes its kind: zip, lapels, tie, bands."""
    end, hem, thick, slack = TOPS[kind]
    end = end if sleeve is None else sleeve
    piece = layer_piece(body, "cloth").below("leg", 0.6).above("up", hem).below("arm", end)
    collar = piece.fields["up"] + 1.1 * piece.fields["ahead"]
    high = kind in ("shirt", "hoodie", "jacket", "coat", "suit")
    piece = with_field(piece, "collar", collar).below("collar", 1.04 if high else 0.99)
    up, arm = piece.fields["up"], piece.fields["arm"]
    ease = thick + slack * smooth(-up, -0.35, 0.0) + 0.4 * slack * smooth(arm, 0.1, 0.6)
    uv = np.stack([np.abs(piece.fields["around"]) / np.pi, np.where(arm > 0.0, 0.98 - 0.5 * arm, up)], -1)
    piece = replace(piece.tagged(TOP), uv=uv).raised(ease * scale_of(body))
    if under_vest:
        bare = (piece.field("arm") > 0.0) | (piece.field("up") < 0.0) | (piece.field("collar") > 0.86)
        return [piece.only(bare)]
    return [_detailed(piece, kind)]


def _detailed(piece: Piece, kind: str) -> Piece:
    """Zips, lapels with shirt and tie, bands that shine back."""
    # the distance from the middle bends there: no triangle may reach across
    if kind in ("vest", "jacket", "coat", "hoodie", "suit"):
        piece = piece.split("left", 0.0, _in_front(piece, -0.5))
    piece = with_field(piece, "side", np.abs(piece.fields["left"]))
    if kind == "vest":
        for low, high in ((0.08, 0.17), (0.36, 0.45)):
            piece = piece.banded("up", low, high, RETRO)
        return _fronted(piece, "side", 0.05, 0.085, RETRO, 0.45)
    if kind in ("jacket", "coat", "hoodie"):
        return _fronted(piece, "side", -1.0, 0.008, TRIM, -9.0)
    if kind == "suit":
        lapel = piece.fields["side"] - 0.13 * (piece.fields["up"] - 0.42)
        piece = _fronted(with_field(piece, "lapel", lapel), "lapel", -9.0, 0.0, UNDER, 0.42)
        return _fronted(piece, "side", -1.0, 0.017, TRIM, 0.42)
    return piece


def _in_front(piece: Piece, over: float) -> Bool:
    """Triangles of the trunk's front above a height."""
    front = (piece.field("ahead") > 0.0) & (piece.field("on_arm") < 0.3)
    return np.asarray(front & (piece.field("up") > over))


def _fronted(piece: Piece, name: str, low: float, high: float, tag: int, over: float) -> Piece:
    """A band between two levels, in front and above a height only."""
    part = piece.split(name, low, _in_front(piece, over))
    whole = part.split(name, high, _in_front(part, over))
    value = whole.field(name)
    chosen = (value > low) & (value < high) & _in_front(whole, over)
    return replace(whole, tags=np.where(chosen, tag, whole.tags))


def with_field(piece: Piece, name: str, values: F8) -> Piece:
    """With one more field on its vertices."""
    return replace(piece, fields={**piece.fields, name: values})


def scale_of(body: Body) -> float:
    """Slack goes with the size of the body; grown: 1."""
    return float(np.clip(body.length("left_thigh") / 0.42, 0.45, 1.15))


@dataclass(frozen=True, kw_only=True)
class Bare:
    """Where skin shows: beyond the sleeves and hems (joints along the limbs)."""

    sleeve: float
    hem: float


def skin(body: Body, bare: Bare, hidden: Bool | None = None) -> list[Piece]:
    """Head, neck, hands, and whatever the clothes leave; eyeballs apart. ``hidden`` (T,) lies under hair."""
    whole = layer_piece(body, "skin")
    f = {name: whole.field(name) for name in ("up", "ahead", "on_arm", "arm", "leg", "on_foot", "on_leg", "on_hand")}
    neck = (f["up"] + 1.1 * f["ahead"] > 0.88) & (f["on_arm"] < 0.4) & (f["on_leg"] < 0.1)
    arms = (f["on_arm"] > 0.5) & (f["arm"] > bare.sleeve - 0.25)
    legs = (f["on_leg"] > 0.5) & (f["leg"] > bare.hem - 0.3) & (f["on_foot"] < 0.75)
    eye = (whole.triangles >= baked().eyes).any(1)
    seen = neck | arms | legs | eye
    shown = whole.only(seen if hidden is None else seen & ~hidden)
    balls = (shown.triangles >= len(shown.points) - (len(whole.points) - baked().eyes)).any(1)
    uv = face_uv(shown.points, body.points["key:left_eye"], body.points["key:right_eye"])
    return [_with_uv(shown, uv, np.where(balls, EYES, SKIN))]


def _with_uv(piece: Piece, uv: F8, tags: np.ndarray) -> Piece:
    return replace(piece, uv=uv, tags=tags)


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


def joint_balls(body: Body, sleeve: float, hem: float) -> list[Piece]:
    """Balls inside elbows, hips and knees, in the colour of what covers them: they close what bends open."""
    chosen = (
        ("forearm", "arm", 1.0, TOP if sleeve > 1.05 else SKIN),
        ("thigh", "leg", 0.25, TROUSERS), ("shank", "leg", 1.0, TROUSERS if hem > 1.05 else SKIN),
    )  # fmt: skip
    out = []
    for name, field, level, tag in chosen:
        radius = _limb_radius(body, name, field, level) + (0.006 if tag != SKIN else 0.0)
        ball = sphere(radius, 8, 5).tagged(tag)
        out += [rigid_piece(body, f"{side}_{name}", ball) for side in ("left", "right")]
    return out


def _limb_radius(body: Body, name: str, field: str, level: float) -> float:
    """How thick the left limb is about its joint: what is nearest to the bone's axis."""
    piece = layer_piece(body, "cloth")
    near = (np.abs(piece.fields[field] - level) < 0.13) & (piece.points[:, 1] > 0.0)
    after = {"forearm": "hand", "thigh": "shank", "shank": "foot"}[name]
    at = body.joint(f"left_{name}")
    along = body.joint(f"left_{after}") - at
    along = along / np.sqrt((along * along).sum())
    offset = piece.points[near] - at
    offset = offset - (offset * along).sum(-1, keepdims=True) * along
    return float(np.quantile(np.sqrt((offset * offset).sum(-1)), 0.2))
