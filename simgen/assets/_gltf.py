"""Materials of glTF 2.0 files, binary or not."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from simgen.assets._paints import Paint, Paints
from simgen.assets._pictures import beside, decoded
from simgen.errors import UserError
from simgen.records.base import U1

_JSON_CHUNK: Final = 0x4E4F534A


class Gltf:
    """The materials of a glTF 2.0 file, binary or not."""

    def __init__(self, path: Path, who: str) -> None:
        self.path, self.who = path, who
        self.files: list[Path] = []
        self._binary = b""
        self._layout = self._read()
        self._pictures: dict[int, U1] = {}

    def paints(self) -> Paints:
        """Every material; of a damaged file none: reading its mesh will say so."""
        try:
            found = [self._paint(material) for material in self._layout.get("materials", [])]
            for buffer in self._layout.get("buffers", []):
                self._file(buffer.get("uri", ""))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as fault:
            raise UserError(f"{self.who}: {self.path.name!r} is damaged: its materials contradict its lists") from fault
        return Paints(paints=tuple(found), files=tuple(dict.fromkeys(self.files)))

    def _read(self) -> dict[str, Any]:
        data = self.path.read_bytes()
        text = data
        if data.startswith(b"glTF"):
            text, at = b"", 12
            while at + 8 <= len(data):
                length, kind = struct.unpack_from("<II", data, at)
                chunk = data[at + 8 : at + 8 + length]
                text, self._binary = (chunk, self._binary) if kind == _JSON_CHUNK else (text, self._binary or chunk)
                at += 8 + length
        try:
            layout = json.loads(text)
        except (json.JSONDecodeError, UnicodeDecodeError):
            return {}
        return layout if isinstance(layout, dict) else {}

    def _paint(self, material: dict[str, Any]) -> Paint:
        pbr = material.get("pbrMetallicRoughness", {})
        r, g, b = (float(v) for v in pbr.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0))[:3])
        strength = float(
            material.get("extensions", {}).get("KHR_materials_emissive_strength", {}).get("emissiveStrength", 1.0)
        )
        er, eg, eb = (strength * float(v) for v in material.get("emissiveFactor", (0.0, 0.0, 0.0)))
        masked = material.get("alphaMode", "OPAQUE") == "MASK"
        return Paint(
            base=(r, g, b),
            glow=(er, eg, eb),
            color=self._picture(pbr.get("baseColorTexture")),
            finish=self._picture(pbr.get("metallicRoughnessTexture")),
            shine=self._picture(material.get("emissiveTexture")),
            cutoff=float(material.get("alphaCutoff", 0.5)) if masked else 0.0,
        )

    def _picture(self, use: dict[str, Any] | None) -> U1 | None:
        if use is None:
            return None
        moved = use.get("extensions", {}).get("KHR_texture_transform", {})
        if use.get("texCoord", 0) != 0 or moved.get("texCoord", 0) != 0 or _moves(moved):
            raise UserError(
                f"{self.who}: {self.path.name!r} lays a picture on by a second set of texture coordinates, or moves "
                "it, which is not supported; bake it into the first set"
            )
        source = self._layout["textures"][int(use["index"])].get("source")
        if source is None:
            return None
        if source not in self._pictures:
            image = self._layout["images"][source]
            name = str(image.get("name") or image.get("uri", ""))[:80] or f"images/{source}"
            self._pictures[source] = decoded(self._bytes(image), name, self.who)
        return self._pictures[source]

    def _bytes(self, image: dict[str, Any]) -> bytes:
        if "uri" in image:
            return self._file(image["uri"])
        view = self._layout["bufferViews"][int(image["bufferView"])]
        buffer = self._layout["buffers"][int(view["buffer"])]
        data = self._file(buffer["uri"]) if "uri" in buffer else self._binary
        start = int(view.get("byteOffset", 0))
        return data[start : start + int(view["byteLength"])]

    def _file(self, uri: str) -> bytes:
        """What a reference holds: a file beside, or the data that it is itself."""
        if not uri:
            return b""
        if uri.startswith("data:"):
            try:
                return base64.b64decode(uri.partition(",")[2], validate=True)
            except binascii.Error:
                return b""
        file = beside(self.path.parent, unquote(uri), self.who, self.path.name)
        self.files.append(file)
        return file.read_bytes()


def _moves(transform: dict[str, Any]) -> bool:
    given = (*transform.get("offset", (0, 0)), *transform.get("scale", (1, 1)), transform.get("rotation", 0))
    return tuple(float(v) for v in given) != (0.0, 0.0, 1.0, 1.0, 0.0)


__all__ = ["Gltf"]
