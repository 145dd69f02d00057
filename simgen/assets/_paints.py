"""What a mesh file says of a material beyond a colour: pictures, glow, cut-outs; and whose material is whose."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from simgen.assets._pictures import picture_of
from simgen.records.base import U1
from simgen.records.picture import Picture


@dataclass(frozen=True, kw_only=True)
class Paint:
    """One material of a file. Factors as the file writes them; pictures (H, W, 4)."""

    base: tuple[float, float, float] | None = None
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    color: U1 | None = None
    finish: U1 | None = None
    shine: U1 | None = None
    #: parts of the colour's picture less opaque than this are not there
    cutoff: float = 0.0
    #: made of the pictures, once
    kept: dict[str, Picture] = field(default_factory=dict, compare=False)

    @property
    def pictured(self) -> bool:
        """Whether it has any picture."""
        return not (self.color is None and self.finish is None and self.shine is None)

    def picture(self, kind: str) -> Picture | None:
        """The picture of ``color``, ``finish`` or ``shine``, ready for filtering."""
        rgba = getattr(self, kind)
        if rgba is not None and kind not in self.kept:
            self.kept[kind] = picture_of(kind, rgba, srgb=kind != "finish")
        return self.kept.get(kind)


@dataclass(frozen=True, kw_only=True)
class Paints:
    """A file's materials in its order, and the other files that they come from."""

    paints: tuple[Paint, ...] = ()
    files: tuple[Path, ...] = ()

    def matched(self, materials: list[Any]) -> list[Paint | None]:
        """The paint of each of Open3D's materials: the next one with that colour and picture, for it drops some."""
        found: list[Paint | None] = []
        start = 0
        for material in materials:
            k = next((k for k in range(start, len(self.paints)) if _same(self.paints[k], material)), None)
            found.append(None if k is None else self.paints[k])
            start = start if k is None else k + 1
        return found


def _same(paint: Paint, material: Any) -> bool:
    base = np.asarray(material.base_color, np.float64)[:3]
    if paint.base is not None and not np.allclose(paint.base, base, atol=2e-3):
        return False
    seen = None if material.albedo_img is None else np.asarray(material.albedo_img)
    if seen is None or seen.size == 0 or paint.color is None:
        return (seen is None or seen.size == 0) == (paint.color is None)
    return seen.shape[:2] == paint.color.shape[:2] and _alike(seen, paint.color)


def _alike(seen: Any, own: U1) -> bool:
    """Two decoders' views of a file: JPEG leaves them a little freedom."""
    flat = seen.reshape(*seen.shape[:2], -1)
    color = flat[..., :3] if flat.shape[-1] >= 3 else np.repeat(flat[..., :1], 3, -1)
    step = max(seen.shape[0] // 64, 1)
    return float(np.abs(color[::step].astype(np.float64) - own[::step, :, :3]).mean()) < 4.0


__all__ = ["Paint", "Paints"]
