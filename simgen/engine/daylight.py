"""Sun and sky of a scene, as bright and as coloured as domain randomisation has them."""

from __future__ import annotations

import numpy as np

from simgen.records.lights import LightField
from simgen.scene import Scene
from simgen.shapes.repaint import gains


def daylight_of(scene: Scene) -> LightField:
    """The light's field; where ``lights`` vary, sun and sky have factors of their own."""
    field = scene.light.field()
    if scene.appearance.lights == "off":
        return field
    sun, sky = (np.array(gains(scene.appearance, scene.seed, what), np.float32) for what in ("sun", "sky"))
    return field.replace(sun_illuminance=field.sun_illuminance * sun, sky=np.ascontiguousarray(field.sky * sky))
