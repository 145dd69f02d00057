"""Materials of OBJ files: the .mtl libraries, with the extensions for roughness (Pr), metalness (Pm) and their maps."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from simgen.assets._paints import Paint, Paints
from simgen.assets._pictures import beside, decoded
from simgen.errors import UserError
from simgen.records.base import U1

#: options of .mtl maps and how many words follow each; those that move a picture about are refused
_OPTIONS: Final = {"-blendu": 1, "-blendv": 1, "-cc": 1, "-clamp": 1, "-imfchan": 1, "-mm": 2, "-texres": 1, "-type": 1}
_MOVING: Final = frozenset({"-o", "-s", "-t"})


class Mtl:
    """The material libraries of an OBJ file."""

    def __init__(self, path: Path, who: str) -> None:
        self.path, self.who = path, who
        self.files: list[Path] = []
        self._pictures: dict[Path, U1] = {}

    def paints(self) -> Paints:
        """Every material of every library that is there."""
        found: list[Paint] = []
        for name in self._libraries():
            # a library that is missing leaves the mesh grey, as everywhere
            if (self.path.parent / name).is_file():
                library = beside(self.path.parent, name, self.who, self.path.name)
                self.files.append(library)
                found += [self._paint(rows, library.name) for rows in _materials(library)]
        return Paints(paints=tuple(found), files=tuple(dict.fromkeys(self.files)))

    def _libraries(self) -> list[str]:
        with self.path.open(encoding="utf-8", errors="replace") as lines:
            found = [line[6:].strip().replace("\\", "/") for line in lines if line.startswith("mtllib")]
        return list(dict.fromkeys(found))

    def _paint(self, rows: dict[str, list[str]], library: str) -> Paint:
        rough, metal = self._picture(rows, library, "map_pr"), self._picture(rows, library, "map_pm")
        base, glow = _numbers(rows.get("kd", []), 3), _numbers(rows.get("ke", []), 3) or (0.0, 0.0, 0.0)
        shine = self._picture(rows, library, "map_ke")
        if shine is not None and not any(glow):
            glow = (1.0, 1.0, 1.0)
        return Paint(
            base=None if base is None else (base[0], base[1], base[2]),
            glow=(glow[0], glow[1], glow[2]),
            color=self._picture(rows, library, "map_kd"),
            finish=_packed(rough, metal),
            shine=shine,
            cutoff=0.5 if "map_d" in rows else 0.0,
        )

    def _picture(self, rows: dict[str, list[str]], library: str, key: str) -> U1 | None:
        words = list(rows.get(key, []))
        while words and words[0] in _OPTIONS:
            del words[: 1 + _OPTIONS[words[0]]]
        if words and words[0] in _MOVING:
            raise UserError(
                f"{self.who}: {library!r} moves a picture by the option {words[0]} of {key}, which is not supported; "
                "bake it into the texture coordinates"
            )
        if not words:
            return None
        file = beside(self.path.parent, " ".join(words), self.who, library)
        self.files.append(file)
        if file not in self._pictures:
            self._pictures[file] = decoded(file.read_bytes(), file.name, self.who)
        return self._pictures[file]


def _materials(library: Path) -> list[dict[str, list[str]]]:
    """Lines of each material by their first word, in small letters."""
    found: list[dict[str, list[str]]] = []
    for line in library.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if words and words[0].lower() == "newmtl":
            found.append({})
        elif words and found and not words[0].startswith("#"):
            found[-1][words[0].lower()] = words[1:]
    return found


def _packed(rough: U1 | None, metal: U1 | None) -> U1 | None:
    """Roughness and metalness in one picture, as glTF packs them; what is missing is white."""
    given = [p for p in (rough, metal) if p is not None]
    if not given:
        return None
    import cv2

    height, width = max(p.shape[0] for p in given), max(p.shape[1] for p in given)
    out = np.full((height, width, 4), 255, np.uint8)
    for channel, part in ((1, rough), (2, metal)):
        if part is not None:
            out[..., channel] = cv2.resize(part[..., 0], (width, height), interpolation=cv2.INTER_AREA)
    return out


def _numbers(words: list[str], count: int) -> tuple[float, ...] | None:
    try:
        values = tuple(float(w) for w in words[:count])
    except ValueError:
        return None
    return values if len(values) == count else None


__all__ = ["Mtl"]
