"""Traffic signs on posts: the Vienna Convention's and those of the United States."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.assets._canvas import check_words, skin_of
from simgen.assets._faces import SUPPLEMENT, Face
from simgen.assets._signs_us import UNITED_STATES
from simgen.assets._signs_vienna import VIENNA
from simgen.assets._wear import worn
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.records.picture import Skin
from simgen.registry import param, register, suggest
from simgen.shapes.builder import MeshBuilder, corner_normals
from simgen.shapes.colors import Color
from simgen.shapes.finish import hull, rigid
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.signs import BACK, FACE, board
from simgen.shapes.soup import Soup, join, without_slivers

#: all signs of each set; most kinds of the two go by the same name
SETS: Final[dict[str, dict[str, Face]]] = {"vienna": VIENNA, "us": UNITED_STATES}
KINDS: Final = tuple(sorted({*VIENNA, *UNITED_STATES}))
_SIZES: Final = {"small": 0.7, "normal": 1.0, "large": 1.4}
#: where the front of a plate is before the post's middle, and its thickness with the folded rim
_FRONT_M, _THICK_M = 0.042, 0.006


@register("asset", "traffic_sign")
@dataclass(frozen=True, kw_only=True)
class TrafficSign(Asset):
    """A retro-reflective sign that faces +x (class traffic_sign) on a grey post (class pole).

    Shapes, colours and sizes of the Vienna Convention on Road Signs and Signals (1968) as its parties apply it (discs
    of 0.6 m, triangles of 0.9 m), or of the Manual on Uniform Traffic Control Devices (23 CFR 655: stop signs of 30 in,
    warnings of 30 in). Prismatic sheeting, RA2 of EN 12899-1 or better.
    """

    kind: str = param("stop", doc="which sign", choices=KINDS)
    set: str = param("vienna", doc="whose signs: the Vienna Convention's or those of the US", choices=tuple(SETS))
    height_m: float = param(2.3, ge=1.2, le=8.0, doc="ground to the plate's middle")
    size: str = param("normal", doc="small for towns, large for motorways", choices=tuple(_SIZES))
    text: str = param("", doc="what is written on kinds that carry words or a number; lines end with |; empty = usual")
    plate: str = param("", doc='words on a plate below it: "100 m", "8-18 h"')
    second: str = param("", doc="kind of a second sign below, of the same set", choices=("", *KINDS))
    faded_share: float = param(0.0, ge=0.0, le=1.0, doc="how far the sun has bleached it")
    defaced_share: float = param(0.0, ge=0.0, le=1.0, doc="stickers and paint on it: share of the worst")
    dirty_share: float = param(0.0, ge=0.0, le=1.0, doc="mud and algae on it: share of the worst")
    sprayed_share: float = param(0.0, ge=0.0, le=1.0, doc="a tag of spray paint across it: share of the worst")
    shots: int = param(0, ge=0, le=60, doc="bullet holes in it")
    bent_share: float = param(
        0.0, ge=0.0, le=1.0, doc="one side of the plate bent back, as after a crash: of 60 degrees"
    )
    variant: int = param(
        0, ge=0, le=100000, doc="where dirt, stickers and paint are; a slight lean of the post's plates"
    )

    def __post_init__(self) -> None:
        known = SETS.get(self.set, VIENNA)
        for kind in (self.kind, self.second):
            if kind and kind not in known:
                others = [name for name in SETS if kind in SETS[name]]
                advice = f"; {others[0]!r} has it: write set: {others[0]}" if others else suggest(kind, tuple(known))
                raise UserError(f"traffic_sign: the set {self.set!r} has no sign {kind!r}{advice}")
        check_words(self.text)
        check_words(self.plate)

    def build(self) -> Model:
        """Post, plates with clamps behind them, and what is drawn on them."""
        grey = Surface(class_name="pole", base_color=(0.33, 0.34, 0.35), roughness=0.45, metallic=0.6)
        metal = Surface(class_name="traffic_sign", base_color=(0.36, 0.37, 0.38), roughness=0.5, metallic=0.5)
        plates = self._plates()
        # its upper end hides behind the plate
        top = plates[0][2] + 0.6 * (plates[0][3] - plates[0][2])
        post = cylinder(0.03, top, 14, 0.004).moved((0.0, 0.0, 0.5 * top))
        builder = MeshBuilder().add(post, grey, smooth_deg=50.0)
        shapes = [Shape(kind="cylinder", size=(0.03, top, 0.0), center=(0.0, 0.0, 0.5 * top))]
        for face, words, middle, high in plates:
            for k, turn in enumerate(face.turns):
                text = words.split("|")[k] if len(face.turns) > 1 and "|" in words else words
                soup = self._mounted(builder, face, text, middle, turn, _FRONT_M + 0.007 * k, metal)
                shapes.append(hull(soup.vertices))
            reach = max(0.55 * (high - middle), 0.03)
            clamps = [box((0.012, 0.09, 0.03)).moved((0.033, 0.0, middle + s * reach)) for s in (-1.0, 1.0)]
            builder.add(join(clamps), metal)
        fields = {"kind": self.kind, "set": self.set, "text": self.text or SETS[self.set][self.kind].words}
        return rigid("traffic_sign", "traffic_sign", builder, shapes, mass_kg=25.0, attributes=tuple(fields.items()))

    def _plates(self) -> list[tuple[Face, str, float, float]]:
        """Face, words, height of the middle of the drawing and of the upper edge; from the top down."""
        known, share = SETS[self.set], _SIZES[self.size]
        wanted = [(known[self.kind], self.text or known[self.kind].words)]
        if self.second:
            wanted.append((known[self.second], known[self.second].words))
        if self.plate:
            wanted.append((SUPPLEMENT, self.plate))
        plates, edge = [], 0.0
        for k, (face, words) in enumerate(wanted):
            low, high = (float(v) * 0.5 * face.width_m * share for v in _span(face))
            middle = self.height_m if k == 0 else edge - 0.03 - high
            edge = middle + low
            plates.append((face, words, middle, middle + high))
        if edge < 0.2:
            raise UserError("traffic_sign: the plates reach the ground; raise height_m or leave some out")
        return plates

    def _mounted(
        self, builder: MeshBuilder, face: Face, words: str, middle: float, turn_deg: float, front: float, metal: Surface
    ) -> Soup:
        """Add one board and return it."""
        half = 0.5 * face.width_m * _SIZES[self.size]
        lean = np.radians(turn_deg + self._lean_deg())
        c, s = float(np.cos(lean)), float(np.sin(lean))
        flat = face.points * half
        outline = np.stack([c * flat[:, 0] - s * flat[:, 1], s * flat[:, 0] + c * flat[:, 1] + middle], -1)
        soup = self._bent(without_slivers(board(outline, front, _THICK_M)), middle, half)
        wear = (self.faded_share, self.defaced_share, self.dirty_share)
        skin, mean, low, span = _printed(self.set, face, words, *wear, self.variant, self.sprayed_share, self.shots)
        sheet = Surface(
            class_name="traffic_sign",
            base_color=mean,
            roughness=0.45,
            retro=0.3 * (1.0 - 0.7 * self.faded_share) * (1.0 - 0.6 * self.dirty_share),
            skin=skin,
        )
        p = soup.vertices[soup.triangles][..., 1:] - [0.0, middle]
        drawing = np.stack([c * p[..., 0] + s * p[..., 1], c * p[..., 1] - s * p[..., 0]], -1) / half
        normals = corner_normals(soup, 20.0)
        for tag, surface in ((FACE, sheet), (BACK, metal)):
            mine = soup.tags == tag
            part = Soup.of(soup.vertices, soup.triangles[mine])
            uv = (drawing[mine] - low) / span if tag == FACE else None
            builder.add_corners(part, normals[mine], surface, uv=uv)
        return soup

    def _bent(self, soup: Soup, middle: float, half: float) -> Soup:
        """The board with what lies beyond its middle on one side bent back."""
        if self.bent_share == 0.0:
            return soup
        turn, angle = 2.399963 * (self.variant + 1), self.bent_share * np.pi / 3.0
        across = soup.vertices[:, 1:] - [0.0, middle]
        beyond = np.maximum(across[:, 0] * np.cos(turn) + across[:, 1] * np.sin(turn) - 0.05 * half, 0.0)
        moved = soup.vertices.copy()
        moved[:, 0] -= beyond * np.sin(angle)
        moved[:, 1] -= beyond * (1.0 - np.cos(angle)) * np.cos(turn)
        moved[:, 2] -= beyond * (1.0 - np.cos(angle)) * np.sin(turn)
        return Soup(moved, soup.triangles, soup.tags)

    def _lean_deg(self) -> float:
        """Plates of variant 0 hang straight; others turn on their post by a degree or two."""
        return 0.0 if self.variant == 0 else 2.0 * float(np.sin(12.9898 * self.variant))


def _span(face: Face) -> tuple[float, float]:
    """Lowest and highest drawing unit, boards turned."""
    c, s = np.cos(np.radians(face.turns)), np.sin(np.radians(face.turns))
    heights = s[:, None] * face.points[None, :, 0] + c[:, None] * face.points[None, :, 1]
    return float(heights.min()), float(heights.max())


@lru_cache(maxsize=128)
def _printed(
    _: str, face: Face, words: str, faded: float, defaced: float, dirty: float, variant: int, paint: float, shots: int
) -> tuple[Skin, Color, F8, F8]:
    """The skin of a face, its mean colour, and the drawing's lower corner and span; signs that look alike share it."""
    canvas = face.canvas(words)
    seed = variant if max(defaced, dirty, paint, shots) > 0.0 else 0
    rgba = worn(canvas.rgba(), faded, defaced, dirty, seed, paint, shots)
    return *skin_of(f"sign {words}", rgba), canvas.low, canvas.high - canvas.low
