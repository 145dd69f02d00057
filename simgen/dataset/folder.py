"""A dataset as a folder: ``shards/*.h5``, an ``index.h5`` that links them, and a manifest; and shards made one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import simgen
from simgen.dataset.handle import open_file
from simgen.dataset.schema import FORMAT, FORMAT_VERSION, PART
from simgen.dataset.writer import put_header, settle
from simgen.errors import DataError
from simgen.records.base import Array

MANIFEST = "manifest.json"
INDEX = "index.h5"


def write_index(folder: str | Path) -> Path:
    """Write ``index.h5`` (external links to every sequence of ``shards/*.h5``) and ``manifest.json``; gives the index.

    Both appear whole or not at all. Shards that are still ``.part`` are left out.

    Raises:
        DataError: there are no shards, one is damaged, they differ in seed, or two hold the same sequence.
    """
    import h5py

    root = Path(folder)
    shards = sorted((root / "shards").glob("*.h5"))
    if not shards:
        raise DataError(f"{root}/shards holds no finished shard")
    index, part = root / INDEX, root / (INDEX + PART)
    rows: list[dict[str, Any]] = []
    with h5py.File(part, "w", libver=("earliest", "v110")) as out:
        _copy_root(shards[0], out)
        for shard in shards:
            sequences = _sequences(shard, int(out.attrs["seed"]))
            for row in sequences:
                name = f"{row['index']:06d}"
                if name in out["sequences"]:
                    raise DataError(f"{shard} holds sequence {name}, which another shard has too")
                target = f"shards/{shard.name}"
                out["sequences"][name] = h5py.ExternalLink(target, f"/sequences/{name}")
            size, digest = shard.stat().st_size, sha256_of(shard)
            rows.append({"path": f"shards/{shard.name}", "bytes": size, "sha256": digest, "sequences": sequences})
        seed = int(out.attrs["seed"])
    settle(part, index)
    _write_manifest(root / MANIFEST, seed, rows)
    return index


def merge(shards: Sequence[str | Path], path: str | Path) -> Path:
    """Copy the sequences of several files into one self-contained file, chunks as they are.

    The result depends on the sequences only, not on how they were spread over the files.

    Raises:
        DataError: there are none, one is damaged, they differ in seed, or two hold the same sequence.
    """
    import h5py

    final = Path(path)
    part = final.with_name(final.name + PART)
    where: dict[int, Path] = {}
    for shard in sorted(map(Path, shards)):
        for row in _sequences(shard, None):
            if row["index"] in where:
                raise DataError(f"{shard} holds sequence {row['index']:06d}, which {where[row['index']]} has too")
            where[row["index"]] = shard
    if not where:
        raise DataError("no finished sequence to merge")
    with h5py.File(part, "w", libver=("earliest", "v110")) as out:
        _copy_root(where[min(where)], out)
        for index in sorted(where):
            with open_file(where[index]) as source:
                if int(source.attrs["seed"]) != int(out.attrs["seed"]):
                    raise DataError(f"{where[index]} belongs to another dataset: its seed differs")
                source.copy(source[f"sequences/{index:06d}"], out["sequences"])
    settle(part, final)
    return final


def finished_sequences(path: str | Path) -> dict[int, str]:
    """Index and content hash of every sequence of a finished file; empty if there is no such file.

    Raises:
        DataError: the file is damaged.
    """
    found = Path(path)
    return {row["index"]: row["content_hash"] for row in _sequences(found, None)} if found.exists() else {}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sequences(shard: Path, seed: int | None) -> list[dict[str, Any]]:
    with open_file(shard) as file:
        if seed is not None and int(file.attrs["seed"]) != seed:
            raise DataError(f"{shard} belongs to another dataset: its seed differs")
        return [_row(name, group) for name, group in sorted(file["sequences"].items())]


def _row(name: str, group: Any) -> dict[str, Any]:
    attrs = group.attrs
    texts = {key: str(attrs[key]) for key in ("name", "split", "content_hash")}
    return {"index": int(name), "seed": int(attrs["seed"]), "tags": json.loads(attrs["tags"]), **texts}


def _copy_root(shard: Path, out: Any) -> None:
    with open_file(shard) as source:
        put_header(out, str(source["scenario"].asstr()[()]), int(source.attrs["seed"]))
        for name in sorted(source.attrs):
            value: Array | str = source.attrs[name]
            if name not in out.attrs or name == "generator_version":
                out.attrs[name] = value
        source.copy(source["classes"], out)
    out.create_group("sequences")


def _write_manifest(path: Path, seed: int, rows: list[dict[str, Any]]) -> None:
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "generator_version": simgen.__version__,
        "seed": seed,
        "index": INDEX,
        "files": rows,
    }
    part = path.with_name(path.name + PART)
    part.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    settle(part, path)
