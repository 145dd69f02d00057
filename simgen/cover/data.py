"""What a dataset covers: the draws of its sequences, as levels."""

from __future__ import annotations

import numpy as np

from simgen.cover.design import levels_of
from simgen.cover.spec import Spec
from simgen.dataset.reader import Dataset
from simgen.errors import UserError
from simgen.records.base import I8


def levels_in(spec: Spec, data: Dataset) -> I8:
    """The level of every axis in every sequence, (sequences, axes); -1 where a sequence has none.

    A value that a scene file pins counts as well as one that was drawn: both are found in the sequence's draws, or in
    the plan that the dataset's scenes were made by.

    Raises:
        UserError: no sequence has any of the parameters.
    """
    rows = []
    for sequence in data.sequences:
        draws = dict(sequence.draws)
        values = {axis.path: axis.dimension.drawn(draws) for axis in spec.axes}
        rows.append(levels_of(spec, values) if any(v is not None for v in values.values()) else [-1] * len(spec.axes))
    levels = np.array(rows, np.int64).reshape(-1, len(spec.axes))
    if not (levels >= 0).any():
        raise UserError(f"no sequence of {data.path} has draws of {spec.scenario.source}: was it made from this scene?")
    return levels
