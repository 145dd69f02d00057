"""The gallery: every registered asset and world on one contact sheet, with names and triangle counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from simgen import registry
from simgen.assembly import Assembly, assemble, model_of, prop_asset
from simgen.engine import Renderer, available_threads, nearest_ticks
from simgen.generate.warm import warming
from simgen.geometry import quat_from_yaw
from simgen.physics import simulate
from simgen.preview.viewpoints import Viewpoint, around, world_views
from simgen.records.base import U1
from simgen.records.frames import CameraFrame
from simgen.records.layout import WorldLayout
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Mount
from simgen.taxonomy import classes

#: what stands for plugins that cannot be without a file: their own examples
_SPECIMENS: Final[dict[str, dict[str, Any]]] = {
    "mesh_file": {"path": "duck.obj", "up_axis": "y", "scale": 0.1},
    "urdf": {"path": "r2d2.urdf"},
    "sdf": {"path": "kiva_shelf/model.sdf"},
    "mjcf": {"path": "mjcf/ant.xml"},
}
#: groups of the sheet, by the taxonomy's parents, in this order
_GROUPS: Final = ("vehicle", "human", "animal", "furniture", "nature", "structure", "indoor", "object", "robot")
_ANTIALIAS: Final = 8
#: of a sunny day, for the light that assets are drawn in
_DAYLIGHT_EV: Final = 13.6
_PAPER, _INK, _GRAY = (250, 250, 248), (28, 30, 34), (110, 114, 120)
_GAP: Final = 12
_WORDS, _GROUP = 46, 34


@dataclass(frozen=True, kw_only=True)
class Card:
    """One picture of the sheet with what is written under it."""

    group: str
    title: str
    note: str
    picture: U1


def gallery_sheet(
    kinds: Sequence[str], names: Sequence[str] = (), *, variants: int = 1, width: int = 2400, columns: int = 6
) -> U1:
    """Draw the plugins of some kinds (``asset``, ``world``), or those of some names alone.

    Assets with a ``variant`` are drawn ``variants`` times. Returns the sheet, (H, W, 3) u1 RGB.
    """
    cell = (width - _GAP * (columns + 1)) // columns
    with warming():
        cards = [*_asset_cards(kinds, names, variants, cell), *_world_cards(kinds, names, cell)]
    order = [*_GROUPS, *sorted({c.group for c in cards} - {*_GROUPS, "world"}), "world"]
    blocks = [(group, [c for c in cards if c.group == group]) for group in order]
    said = f"{len(cards)} pictures" if names else f"{len(cards)} pictures of every asset and world"
    rows = [_row(row, columns, width) for row in _rows([b for b in blocks if b[1]], columns)]
    return np.concatenate([_heading("simgen gallery", said, width), *rows])


def _asset_cards(kinds: Sequence[str], names: Sequence[str], variants: int, cell: int) -> Iterator[Card]:
    if "asset" not in kinds:
        return
    for name in registry.names("asset"):
        if names and name not in names:
            continue
        cls = registry.get("asset", name)
        varied = any(f.name == "variant" for f in fields(cls))
        for variant in range(variants if varied else 1):
            given = {**_specimen(name), **({"variant": variant} if varied and variants > 1 else {})}
            if any(_required(f) and f.name not in given for f in fields(cls)):
                continue
            yield _asset_card(name, cls(**given), cell)


def _specimen(name: str) -> dict[str, Any]:
    """Parameters of an example, its file found among PyBullet's data."""
    given = dict(_SPECIMENS.get(name, {}))
    spec = find_spec("pybullet_data")
    if "path" in given and spec is not None and spec.origin is not None:
        given["path"] = str(Path(spec.origin).parent / given["path"])
    return given


def _required(field: Any) -> bool:
    return bool(field.init and field.default is MISSING and field.default_factory is MISSING)


def _asset_card(name: str, asset: Any, cell: int) -> Card:
    """An asset on the ground before an empty horizon, seen from ahead and a little to its left."""
    model = model_of(asset)
    world = registry.get("world", "empty")(size_m=400.0, material="concrete")
    entity = Entity(name="specimen", instance=1, asset=asset, position=(0.0, 0.0, 0.0), physics="static")
    count = sum(len(link.mesh.triangles) for link in model.links if link.mesh is not None)
    variant = getattr(asset, "variant", None)
    size = " x ".join(f"{s:.2f}" for s in model.size)
    view = around(model)
    picture = _picture(assemble(_scene(world, (entity,), (view,), cell, _DAYLIGHT_EV)))[0]
    group = classes()[model.class_name].parent
    title = name if variant in (None, 0) else f"{name} {variant}"
    return Card(group=group, title=title, note=f"{count:,} triangles   {size} m", picture=picture)


def _world_cards(kinds: Sequence[str], names: Sequence[str], cell: int) -> Iterator[Card]:
    if "world" not in kinds:
        return
    for name in registry.names("world"):
        cls = registry.get("world", name)
        if (names and name not in names) or any(_required(f) for f in fields(cls)):
            continue
        world = cls()
        plain = assemble(_scene(world, (), (), cell))
        views = world_views(plain.layout)
        assembly = assemble(_scene(world, tuple(_tracked(plain.layout)), views, cell))
        count = f"{_triangles(assembly):,} triangles   {len(assembly.layout.props)} props"
        for view, picture in zip(views, _picture(assembly), strict=True):
            yield Card(group="world", title=f"{name}: {view.name}", note=count, picture=picture)


def _tracked(layout: WorldLayout) -> Iterator[Entity]:
    """What the world brings along as entities: lights, furniture, goods."""
    for k, prop in enumerate(p for p in layout.props if p.tracked):
        w, x, y, z = (float(c) for c in quat_from_yaw(prop.yaw_rad))
        yield Entity(
            name=prop.name,
            instance=k + 1,
            asset=prop_asset(prop),
            position=prop.position,
            quaternion=(w, x, y, z),
            physics="static",
            signal=prop.signal,
        )


def _triangles(assembly: Assembly) -> int:
    """Of the whole world, as often as they are seen."""
    counts = np.diff(assembly.stage.triangle_start)
    return int(counts[assembly.stage.instance_mesh].sum())


def _scene(
    world: Any, entities: tuple[Entity, ...], views: Sequence[Viewpoint], cell: int, ev: float | None = None
) -> Scene:
    camera, light = registry.get("sensor", "camera"), registry.get("light", "sun_sky")
    sensors = tuple(
        camera(
            name=f"view_{k}",
            width=cell,
            height=round(0.75 * cell),
            hfov_deg=view.hfov_deg,
            antialias=_ANTIALIAS,
            near_m=0.01,
            exposure_ev=ev,
            mount=Mount(on="world", position_m=view.eye_m, look_at_m=view.target_m),
        )
        for k, view in enumerate(views)
    )
    sky = light(time="2024-06-21T11:00:00+02:00", latitude_deg=48.1, longitude_deg=11.6, cloud_cover=0.2)
    clock = Clock(duration_s=0.1, rate_hz=10.0)
    return Scene(name="gallery", seed=0, clock=clock, world=world, light=sky, entities=entities, sensors=sensors)


def _picture(assembly: Assembly) -> list[U1]:
    """The colour of every camera at the first instant."""
    with Renderer(assembly, simulate(assembly), threads=available_threads()) as renderer:
        frames = [renderer.frame(tick) for tick in nearest_ticks(assembly.scene, 0)]
    return [frame.rgb for frame in frames if isinstance(frame, CameraFrame) and frame.rgb is not None]


def _rows(blocks: Sequence[tuple[str, list[Card]]], columns: int) -> list[list[tuple[str, Card]]]:
    """Cards by row, the first of each group with the group's name; small groups share a row."""
    rows: list[list[tuple[str, Card]]] = []
    for group, cards in blocks:
        if not rows or len(rows[-1]) + len(cards) > columns:
            rows.append([])
        for k, card in enumerate(cards):
            if len(rows[-1]) == columns:
                rows.append([])
            rows[-1].append((group.replace("_", " ") if k == 0 else "", card))
    return rows


def _row(row: list[tuple[str, Card]], columns: int, width: int) -> U1:
    cell = (width - _GAP * (columns + 1)) // columns
    top = _GROUP if any(group for group, _ in row) else 0
    height = max(card.picture.shape[0] for _, card in row)
    strip = np.full((top + height + _WORDS + _GAP, width, 3), _PAPER, np.uint8)
    for k, (group, card) in enumerate(row):
        x = _GAP + k * (cell + _GAP)
        _write(strip, group, (x, 24), 0.6, _INK)
        strip[top : top + card.picture.shape[0], x : x + cell] = card.picture
        _write(strip, card.title, (x, top + height + 18), 0.5, _INK)
        _write(strip, card.note, (x, top + height + 36), 0.4, _GRAY)
    return strip


def _heading(title: str, words: str, width: int) -> U1:
    strip = np.full((76, width, 3), _PAPER, np.uint8)
    cv2.putText(strip, title, (_GAP, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.0, _INK, 2, cv2.LINE_AA)
    _write(strip, words, (_GAP, 62), 0.5, _GRAY)
    return strip


def _write(strip: U1, words: str, at: tuple[int, int], scale: float, color: tuple[int, int, int]) -> None:
    cv2.putText(strip, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, color, 1, cv2.LINE_AA)
