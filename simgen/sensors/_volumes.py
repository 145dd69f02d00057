"""Parts of the air that differ, packed for the kernels that cast rays through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.kernels import volume_tables as tables
from simgen.kernels.volume_tables import Volumes
from simgen.records.base import F4, F8
from simgen.records.volume import LATTICE_NODES, Volume, lattice
from simgen.taxonomy import class_id

_SHAPES: Final = {"puff": tables.PUFF, "box": tables.BOX, "layer": tables.LAYER}


def volumes_of(volumes: Sequence[Volume], wavelengths_nm: Sequence[float], origin: F8) -> Volumes:
    """Those that do something at one of the wavelengths of light, less the motion's ``origin`` (3,)."""
    extinction = [[volume.medium.extinction_at(nm) for nm in wavelengths_nm] for volume in volumes]
    backscatter = [[volume.medium.backscatter_at(nm) for nm in wavelengths_nm] for volume in volumes]
    size = (len(volumes), len(wavelengths_nm))
    return packed(volumes, np.reshape(extinction, size), np.reshape(backscatter, size), origin)


def light_volumes(volumes: Sequence[Volume], wavelength_nm: float, origin: F8) -> Volumes | None:
    """Those that do something at one wavelength of light; None where none does."""
    return _some(volumes_of(volumes, (wavelength_nm,), origin)) if volumes else None


def infrared_volumes(volumes: Sequence[Volume], band_um: tuple[float, float], origin: F8) -> Volumes | None:
    """Those that dim a band of the long-wave infrared; None where none does."""
    if not volumes:
        return None
    dims = np.array([[volume.medium.infrared_at(*band_um)] for volume in volumes])
    return _some(packed(volumes, dims, np.zeros_like(dims), origin))


def _some(volumes: Volumes) -> Volumes | None:
    return volumes if len(volumes.row) else None


def packed(volumes: Sequence[Volume], extinction: F8, backscatter: F8, origin: F8) -> Volumes:
    """Those that do something, by the extinction and backscatter (V, W) of each at whatever wavelengths."""
    most = np.maximum(extinction, backscatter).max(-1, initial=0.0)
    kept = np.flatnonzero(most > [tables.FAINTEST if volume.shape == "puff" else 0.0 for volume in volumes])
    some = [volumes[int(k)] for k in kept]
    seeds = sorted({volume.patches.seed for volume in some if volume.patches is not None})
    rows = np.array([_row(volume, seeds, np.asarray(origin, np.float64)) for volume in some], np.float64)
    rows = rows.reshape(-1, tables.ROW_COLUMNS)
    puffs = rows[:, tables.SHAPE] == tables.PUFF
    reach = np.sqrt(2.0 * np.log(np.maximum(most[kept] / tables.FAINTEST, 1.0)))
    rows[:, tables.REACH] = np.where(puffs, np.minimum(reach, tables.PUFF_REACH), 0.0)
    return Volumes(
        row=rows,
        lattice=_lattices(seeds),
        extinction=np.ascontiguousarray(extinction[kept]),
        backscatter=np.ascontiguousarray(backscatter[kept]),
        class_id=np.array([class_id(volume.medium.class_name) for volume in some], np.int64),
    )


def _lattices(seeds: list[int]) -> F4:
    values = [lattice(seed) for seed in seeds]
    return np.array(values, np.float32).reshape(-1, *(LATTICE_NODES,) * 3)


def _row(volume: Volume, seeds: list[int], origin: F8) -> F8:
    row = np.zeros(tables.ROW_COLUMNS)
    row[tables.SHAPE] = _SHAPES[volume.shape]
    row[tables.CENTER : tables.CENTER + 3] = np.array(volume.center_m) - origin
    row[tables.SIZE : tables.SIZE + 3] = volume.size_m
    row[tables.VELOCITY : tables.VELOCITY + 3] = volume.velocity_m_s
    row[tables.GROWTH] = volume.growth_m_s
    row[tables.LATTICE] = -1.0
    if volume.patches is not None and volume.patches.contrast > 0.0:
        row[tables.LATTICE] = seeds.index(volume.patches.seed)
        row[tables.FINENESS] = 1.0 / volume.patches.scale_m
        row[tables.CONTRAST] = volume.patches.contrast
        row[tables.SHIFT : tables.SHIFT + 3] = origin - np.array(volume.patches.offset_m)
    return row
