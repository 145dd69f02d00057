"""The light under a layer of weather: how much comes through, and from where.

The layer scatters what sun and sky send, so that the sun fades into a glow and the sky gets even. How much arrives is
an energy balance of two streams (delta-scaled: Joseph, Wiscombe and Weinman 1976) between a layer and a ground that
sends light back; where it comes from is single scattering by the real phase function
(:mod:`simgen.sensors._camera_aureole`) and Eddington's field of the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from simgen.records.air import RGB_NM, Medium
from simgen.records.base import F8
from simgen.records.lights import LightField
from simgen.records.volume import Volume
from simgen.sensors._camera_aureole import Glow
from simgen.sensors._camera_sky import directions, row_angles

#: thickness of the layer that a medium fills over the ground, m
LAYER_M: Final = 100.0
#: a diffuse flux passes an optical depth as a beam passes 1.66 of it (Elsasser 1942)
DIFFUSIVITY: Final = 1.66
#: elevation (sine) below which a path through the layer gets no longer, and the sun's
FLATTEST: Final = 0.002
LOWEST: Final = 0.02
#: height of the eyes that see the ground through the air, m
EYES_M: Final = 1.7


def covering(volumes: Sequence[Volume]) -> Medium | None:
    """What layers among volumes hold over level ground, as a medium that is spread over ``LAYER_M``; None = nothing."""
    whole = [v.medium.scaled((v.center_m[2] + v.size_m[2]) / LAYER_M) for v in volumes if v.shape == "layer" and v.dims]
    return sum(whole[1:], whole[0]) if whole else None


class Layer:
    """Sun, sky and air under the layer that a medium fills.

    ``sun`` (3,) is what falls on a plane that faces it, lx, with what peaks of the phase function send forward;
    ``unscattered`` (3,) the share of the disc's luminance that is left; ``sky`` (R, C, 3) what lights surfaces besides.
    A camera sees :meth:`look`: with the glow around the sun, but for its summit.

    Where nothing is absorbed, of light from a height (sine) m over a black ground there arrives
    ``(2/3 + m + (2/3 - m) exp(-tau / m)) / (4/3 + (1 - g) tau)`` (Shettle and Weinman 1970); from m = 2/3 that is
    Bohren's ``1 / (1 + 0.75 (1 - g) tau)``. Ground that sends the share r back gets ``1 / (1 - r R)`` as much, R what
    the layer reflects: in an even light all around fog therefore changes nothing. Where the air absorbs, what is
    scattered loses the share of one scattering and what diffuse light loses on half the way (an estimate).
    """

    def __init__(self, field: LightField, medium: Medium) -> None:
        extinction = np.array([medium.extinction_at(nm) for nm in RGB_NM])
        albedo = np.array([medium.albedo_at(nm) for nm in RGB_NM])
        cosine, peak = (np.array([medium.moment_at(nm, order) for nm in RGB_NM]) for order in (1, 2))
        self.toward, self.depth = np.asarray(field.sun_direction, np.float64), extinction * LAYER_M
        lux = np.asarray(field.sun_illuminance, np.float64)
        above = np.asarray(field.sky, np.float64)
        # depth, albedo and mean cosine once the forward peak counts as not scattered
        self.scaled = self.depth * (1.0 - albedo * peak)
        albedo, self.cosine = albedo * (1.0 - peak) / (1.0 - albedo * peak), (cosine - peak) / (1.0 - peak)
        height, level = max(float(self.toward[2]), LOWEST), max(float(self.toward[2]), 0.0)
        self.sun = lux * np.exp(-self.scaled / height)
        self.unscattered = np.exp(-self.depth / height)
        self.lux = lux if level > 0.0 else np.zeros(3)
        self.glow = Glow(medium, self.depth, height)
        rows, columns = above.shape[:2]
        up = np.cos((np.arange(rows) + 0.5) * (math.pi / rows))
        weight = row_angles(above) * up

        def fall(by_row: F8) -> F8:
            """What a sky (R, 3), summed along its rows, gives on level ground."""
            return np.asarray((by_row * np.maximum(weight, 0.0)[:, None]).sum(0))

        total = fall(above.sum(1)) + lux * level
        back = -(above.sum(1) * np.minimum(weight, 0.0)[:, None]).sum(0)
        ground = np.clip(back / np.maximum(total, 1e-30), 0.0, 1.0)
        self.lean = 1.5 * (1.0 - ground) / (1.0 + ground)
        kept, loss = (
            fall(above.sum(1) * self._passed(up, self.scaled)),
            albedo * np.exp(-0.5 * DIFFUSIVITY * (1.0 - albedo) * self.scaled),
        )
        through = fall(above.sum(1) * self._through(up)) + lux * level * self._through(np.array(height))
        even = self._through(up)
        turned = 1.0 - fall(even) / fall(np.ones_like(even))
        direct = kept + self.sun * level
        arrives = (direct + loss * np.maximum(through - direct, 0.0)) / (1.0 - ground * loss * turned)
        self.brighter = arrives / np.maximum(total, 1e-30)
        even = np.maximum(fall(self._rest(up) * columns), 1e-30)
        # on surfaces the forward peak is the sun's; in sight it is a glow around what is left of the disc
        lit, seen = (self.lux * self.glow.flux(table) for table in (self.glow.wide, self.glow.whole))
        self.even_lit = np.maximum(arrives - direct - lit, 0.0) / even
        self.even_seen = np.maximum(arrives - kept - lux * level * self.unscattered - seen, 0.0) / even
        self.sky = self._lights(above, fall, lit)

    def _lights(self, above: F8, fall: Callable[[F8], F8], lit: F8) -> F8:
        """The sky that lights surfaces; its cells give as much of the sun's scattered light as it is."""
        d = directions(*above.shape[:2])
        found = fall(self._scattered(self.glow.wide, d, True).sum(1))
        share = lit / np.maximum(found, 1e-30)
        return self._sky(d, above, self.glow.wide, self.even_lit, np.where(found > 0.0, share, 1.0))[0]

    def _passed(self, up: F8, depth: F8) -> F8:
        """What is left on the way through the layer by height of the direction (...,): (..., 3)."""
        return np.exp(-depth / np.maximum(np.abs(up), FLATTEST)[..., None])

    def _through(self, up: F8) -> F8:
        """Share of the light from a height that arrives where nothing is absorbed, scattered or not, (..., 3)."""
        m = np.maximum(np.abs(up), FLATTEST)[..., None]
        arrives = 2.0 / 3.0 + m + (2.0 / 3.0 - m) * np.exp(-self.scaled / m)
        return np.asarray(arrives / (4.0 / 3.0 + (1.0 - self.cosine) * self.scaled))

    def _rest(self, up: F8) -> F8:
        """Luminance of what is scattered many times, by height of the direction: its shape, (..., 3).

        Eddington's field ``1 + lean m`` in a source that rises with height, integrated over the line of sight.
        """
        path = self.scaled / np.maximum(up, FLATTEST)[..., None]
        gone, rise = np.exp(-path), self.lean * np.maximum(up, FLATTEST)[..., None]
        shown = (1.0 + self.cosine * rise) * (1.0 - gone) + (1.0 - self.cosine) * rise * (1.0 - gone * (1.0 + path))
        return np.asarray(shown)

    def _scattered(self, table: F8, d: F8, sight: bool) -> F8:
        """Sunlight scattered towards the ground from directions (..., 3), as a source or (``sight``) as it is seen."""
        chord = np.sqrt(((d - self.toward) ** 2).sum(-1))
        source = self.lux * self.glow.at(table, d[..., 2], 2.0 * np.arcsin(np.clip(0.5 * chord, 0.0, 1.0)))
        return source * (1.0 - self._passed(d[..., 2], self.depth)) if sight else source

    def _sky(self, d: F8, above: F8, table: F8, even: F8, share: F8) -> tuple[F8, F8]:
        """Luminance of directions (..., 3), and of the air there, where there is ``above`` in clear air."""
        up = d[..., 2]
        whole, scattered = self._passed(up, self.depth), share * self._scattered(table, d, False)
        seen = above * self._passed(up, self.scaled) + scattered * (1.0 - whole) + even * self._rest(up)
        # the airlight with which a line of sight through all of the layer shows just that
        high = (seen - above * whole) / np.maximum(1.0 - whole, 1e-12)
        low = scattered + even * np.maximum(1.0 + self.cosine * self.lean * np.minimum(up, 0.0)[..., None], 0.0)
        air = np.where(up[..., None] > 0.0, high, low)
        near = np.exp(-self.depth * (EYES_M / LAYER_M) / np.maximum(np.abs(up), FLATTEST)[..., None])
        ground = above * self.brighter * near + air * (1.0 - near)
        return np.where(up[..., None] > 0.0, seen, ground), air

    def look(self, d: F8, above: F8) -> tuple[F8, F8]:
        """What cameras see in directions (..., 3) without the summit of the sun's glow: (..., 3) sky, and airlight.

        An endless path shows the airlight. ``above`` (..., 3) is the sky in clear air.
        """
        return self._sky(d, above, self.glow.smooth, self.even_seen, np.ones(3))

    def summit(self) -> F8:
        """Airlight about the sun beyond that of :meth:`look`, (GLOW_NODES, 3); of the sky, as much as is scattered."""
        return np.asarray((self.lux[:, None] * self.glow.summit).T)

    def horizon(self) -> F8:
        """Mean airlight along the horizon, (3,)."""
        turn = (np.arange(64) + 0.5) * (math.pi / 32.0)
        d = np.stack([np.cos(turn), np.sin(turn), np.zeros(64)], -1)
        return np.asarray(self._sky(d, np.zeros((64, 3)), self.glow.whole, self.even_seen, np.ones(3))[1].mean(0))
