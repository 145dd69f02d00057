"""What an exposure that lags looks at: a coarse picture, as the statistics unit of a real camera does.

So the exposure of any frame can be found without taking the pictures before it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from simgen.sensors._camera_exposure import Exposure
from simgen.sensors._camera_faults import Faults
from simgen.sensors._camera_optics import Optics
from simgen.sensors._camera_render import Picture

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors.camera import Camera

#: the coarse picture has so many times fewer columns and rows, but no fewer columns than that
_COARSE: Final = 8
_FEWEST: Final = 64


def metered_ev(camera: Camera, shot: Shot) -> float:
    """The EV that the camera would like best for what it sees now."""
    picture = Picture(_coarse(camera), shot)
    picture.frame()
    return picture.metered


def _coarse(camera: Camera) -> Camera:
    """The same view in few pixels, with nothing that costs more than it tells."""
    lens, step = camera.projection, max(1, min(_COARSE, camera.width // _FEWEST))
    return dataclasses.replace(
        camera,
        width=max(lens.width // step, 1),
        height=max(lens.height // step, 1),
        hfov_deg=None,
        focal_px=lens.fx / step,
        cx_px=lens.cx / step,
        cy_px=lens.cy / step,
        # what dims the picture dims what the meter sees
        optics=Optics(vignetting=camera.optics.vignetting, corner_loss=camera.optics.corner_loss),
        exposure=Exposure(metering=camera.exposure.metering),
        imager=None,
        glass=None,
        faults=Faults(),
        antialias=0,
        particles=False,
        quality="fast",
        outputs=(),
    )


__all__ = ["metered_ev"]
