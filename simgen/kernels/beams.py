"""How lamps spread their light: relative luminous intensity by direction, for rows of ``Lighting.lamps``."""

from __future__ import annotations

from simgen.kernels.inner import inner
from simgen.kernels.wave import LAMP_AXIS, LAMP_BEAM
from simgen.records.base import F4
from simgen.records.lights import BEAMS

_ISOTROPIC = BEAMS.index("isotropic")


@inner
def beam(lamps: F4, row: int, x: float, y: float, z: float) -> float:
    """Intensity towards a unit direction (world frame, away from the lamp) as a share of ``LAMP_CD``."""
    if int(lamps[row, LAMP_BEAM]) == _ISOTROPIC:
        return 1.0
    along = lamps[row, LAMP_AXIS] * x + lamps[row, LAMP_AXIS + 1] * y + lamps[row, LAMP_AXIS + 2] * z
    return max(float(along), 0.0)
