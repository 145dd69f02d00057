"""The rays of a tile of beams, and what each of them sends back."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simgen.kernels.cover_tables import Cover
from simgen.kernels.lidar_tables import MOST_LAYERS, Columns, Cone, Found, Place, Pulses, Rows, Surfaces, Wide
from simgen.records.base import F8
from simgen.records.rays import Rays, RayView

#: rows of the rays and pulses that a tile may have beyond its own, as a share of them, before room is made anew
_SPARE: Final = 0.5
_TYPES: Final[dict[str, Any]] = {
    "instance": np.uint32,
    "triangle": np.uint32,
    "surface": np.int32,
    "following": np.int32,
    "ray": np.int32,
    "row": np.int32,
    "flag": np.uint16,
    "name": np.uint16,
    "plane": np.uint8,
}
_WIDTHS: Final = {"origin": 3, "direction": 3, "start": 3, "beam": 3, "barycentric": 2}
_local = threading.local()


def _empty(kind: Any, count: int) -> Any:
    """A bundle of rows, not initialised."""
    columns = []
    for name in kind._fields:
        width = _WIDTHS.get(name)
        columns.append(np.empty(count if width is None else (count, width), _TYPES.get(name, np.float32)))
    return kind(*columns)


def scratch(kind: Any, count: int, use: str = "") -> Any:
    """A bundle of so many rows that this thread uses again for its next tile: fresh memory costs page faults."""
    kept: dict[tuple[Any, str], Any] = _local.__dict__.setdefault("kept", {})
    bundle = kept.get((kind, use))
    if bundle is None or len(bundle[0]) != count:
        bundle = kept[kind, use] = _empty(kind, count)
    return bundle


@lru_cache(maxsize=8)
def _fresh_paths(count: int) -> dict[str, Any]:
    """Columns of rays that have met nothing yet; never written to."""
    return {
        "ray": np.arange(count, dtype=np.int32),
        "before": np.zeros(count, np.float32),
        "gain": np.ones(count, np.float32),
        "flag": np.zeros(count, np.uint16),
    }


def rays_of(first: int, tile: int, columns: Columns, cone: Cone, rows: Rows) -> Wide:
    """The rays of a tile's beams; where a beam is one ray, the beams themselves."""
    from simgen.kernels.lidar_aim import spread

    per_beam = len(cone.share)
    if per_beam == 1:
        shared = {name: getattr(rows, name) for name in ("origin", "direction", "time", "near", "far")}
        return Wide(**shared, **_fresh_paths(len(rows.time)))
    wide: Wide = scratch(Wide, per_beam * len(rows.time))
    spread(first, tile, columns, cone, rows, wide)
    return wide


def _cast(view: RayView, rays: Wide, found: Found) -> Found:
    """Cast rays: natively from the kernel where the engine can, else through the view."""
    if view.native is None:
        hits = view.cast(Rays(**{name: getattr(rays, name) for name in ("origin", "direction", "time", "near", "far")}))
        return Found(hits.distance, hits.instance, hits.triangle, hits.barycentric)
    from simgen.kernels.lidar_meet import cast

    cast(view.native.intersect16, view.native.intersect8, view.native.scene, rays, found)
    return found


def echo_pulses(
    view: RayView, world: Surfaces, rays: Wide, place: Place, lying: tuple[Cover, F8] | None = None
) -> Pulses:
    """What every ray sends back; panes, mirrors and gaps between leaves are followed.

    ``lying``: what weather has left on surfaces, if anything, and what the wavelength makes of it.

    The first rows are those of the rays; what their paths meet next comes behind, then room to spare.
    """
    from simgen.kernels.lidar_meet import go_on, meet

    if lying is not None:
        return _covered_pulses(view, world, rays, place, *lying)
    count = len(rays.time)
    pulses: Pulses = scratch(Pulses, count + int(_SPARE * count))
    found, first, end = _cast(view, rays, scratch(Found, count)), 0, count
    more = meet(world, place, 0, 0, rays, found, pulses)
    for layer in range(1, MOST_LAYERS):
        if more == 0:
            break
        beyond: Wide = _empty(Wide, more)
        if end + more > len(pulses.range):
            pulses = _longer(pulses, end + more)
        go_on(world, rays, found, first, pulses, beyond, end)
        rays, first, end = beyond, end, end + more
        found = _cast(view, beyond, _empty(Found, more))
        more = meet(world, place, layer, first, rays, found, pulses)
    return pulses


def _covered_pulses(view: RayView, world: Surfaces, rays: Wide, place: Place, cover: Cover, wave: F8) -> Pulses:
    """The same where weather has left something: standing water and ice mirror, too."""
    from simgen.kernels.lidar_cover import go_on, lay
    from simgen.kernels.lidar_meet import meet

    count = len(rays.time)
    pulses: Pulses = scratch(Pulses, count + int(_SPARE * count))
    found, first, end = _cast(view, rays, scratch(Found, count)), 0, count
    for layer in range(MOST_LAYERS):
        meet(world, place, layer, first, rays, found, pulses)
        goes = np.empty((len(rays.time), 2), np.float32)
        more = lay(world, cover, wave, first, rays, found, pulses, goes)
        if more == 0 or layer == MOST_LAYERS - 1:
            break
        beyond: Wide = _empty(Wide, more)
        if end + more > len(pulses.range):
            pulses = _longer(pulses, end + more)
        go_on(world, rays, found, first, goes, pulses, beyond, end)
        rays, first, end = beyond, end, end + more
        found = _cast(view, beyond, _empty(Found, more))
    return pulses


def _longer(pulses: Pulses, count: int) -> Pulses:
    """The same pulses with more room behind them."""
    longer: Pulses = _empty(Pulses, count)
    for name in pulses._fields:
        old = getattr(pulses, name)
        getattr(longer, name)[: len(old)] = old
    return longer
