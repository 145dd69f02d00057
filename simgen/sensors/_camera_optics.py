"""What a lens does to the picture besides where it puts it: settings, all off by default."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.registry import param


@dataclass(frozen=True, kw_only=True)
class Optics:
    """Aperture, focus, and what happens to light on its way through the glass. Labels never follow any of it."""

    f_number: float = param(2.0, ge=0.5, le=64.0, doc="focal length over the aperture's diameter")
    focus_m: float | None = param(None, gt=0.0, le=1e6, doc="distance that is sharp; none = everything is")
    transmission: float = param(0.9, gt=0.0, le=1.0, doc="share of the light that gets through the glass")
    vignetting: float = param(0.0, ge=0.0, le=1.0, doc="share of the cos^4 law: 0 = even, 1 = the law")
    corner_loss: float = param(0.0, ge=0.0, lt=1.0, doc="light that the barrel takes away at the corner, besides")
    chromatic_red_px: float = param(0.0, ge=-20.0, le=20.0, doc="red lands so much farther out at the corner")
    chromatic_blue_px: float = param(0.0, ge=-20.0, le=20.0, doc="blue lands so much farther out at the corner")
    blur_px: float | None = param(
        None, ge=0.0, le=10.0, doc="sigma of the core of a point's image; none = 0, before a colour mosaic 0.5"
    )
    glare: float = param(0.0, ge=0.0, le=0.5, doc="share of the light that scatters: a halo about lamps, a veil")
    glare_deg: float = param(0.3, gt=0.0, le=10.0, doc="angle from a lamp within which half of that light lies")
    flare: float = param(0.0, ge=0.0, le=0.1, doc="share of a bright light's that the glass mirrors into ghosts")
    starburst: float = param(0.0, ge=0.0, le=0.1, doc="share of a bright light's that the aperture bends into rays")
    blades: int = param(6, ge=3, le=20, doc="blades of the aperture: sides of ghosts, rays of the starburst")

    @property
    def is_clear(self) -> bool:
        """Whether the picture stays as it is."""
        return not any(
            (
                self.vignetting,
                self.corner_loss,
                self.chromatic_red_px,
                self.chromatic_blue_px,
                self.blur_px,
                self.glare,
                self.flare,
                self.starburst,
            )
        )


__all__ = ["Optics"]
